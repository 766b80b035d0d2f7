//! What a page says when something is missing, forbidden, late or broken: one sentence about what happened, one about
//! what can be done, and a way on. Each function gives the body; put it in a [`super::Page`].

use maud::{Markup, html};

use super::{Button, Icon};

/// One such page.
struct Message<'a> {
    icon: Icon,
    title: &'a str,
    text: &'a str,
    on: Vec<Button>,
    /// Something the help desk can look up: a request number.
    reference: Option<&'a str>,
}

impl Message<'_> {
    fn body(self) -> Markup {
        html! {
            div class="message" {
                div class="message__sign" { (self.icon) }
                h1 class="message__title" { (self.title) }
                p class="message__text" { (self.text) }
                div class="button-row" { @for button in &self.on { (button) } }
                @if let Some(reference) = self.reference {
                    p class="message__reference" { "需要帮助时请告诉我们这个编号：" code { (reference) } }
                }
            }
        }
    }
}

fn home() -> Button {
    Button::secondary("回到首页").href("/").icon(Icon::House)
}

/// 404
pub fn not_found() -> Markup {
    Message {
        icon: Icon::Search,
        title: "没有找到这个页面",
        text: "地址可能有误，或者内容已经下线。您可以搜索要办的事，或者拨打 12345。",
        on: vec![Button::secondary("搜索事项").href("/search").icon(Icon::Search), home()],
        reference: None,
    }
    .body()
}

/// 403; `what` is what was asked for, for instance `这个办件`.
pub fn forbidden(what: &str) -> Markup {
    Message {
        icon: Icon::Lock,
        title: "您没有权限查看",
        text: &format!(
            "您的账号或岗位不能查看{what}。如果工作需要，请向本单位管理员申请；如果登录错了账号，请换一个账号登录。"
        ),
        on: vec![home(), Button::link("换账号登录").href("/login")],
        reference: None,
    }
    .body()
}

/// 409: somebody else was quicker; `reload_href` shows the latest state.
pub fn conflict(reload_href: &str) -> Markup {
    Message {
        icon: Icon::RefreshCw,
        title: "内容已被别人更新",
        text: "您打开页面以后，别人先保存了一次，您这次的修改没有保存。请看最新内容，再决定是否修改。",
        on: vec![Button::primary("查看最新内容").href(reload_href).icon(Icon::RefreshCw)],
        reference: None,
    }
    .body()
}

/// The session or the form's token has run out; `again_href` leads to signing in and back.
pub fn expired(again_href: &str) -> Markup {
    Message {
        icon: Icon::Clock,
        title: "页面已过期",
        text: "为了您的信息安全，长时间没有操作会自动退出。已经保存的内容都在，请重新登录后继续。",
        on: vec![Button::primary("重新登录").href(again_href).icon(Icon::LogIn)],
        reference: None,
    }
    .body()
}

/// 413; `limit` is ready to read, for instance `20 MB`.
pub fn too_large(limit: &str, back_href: &str) -> Markup {
    Message {
        icon: Icon::Upload,
        title: "文件太大",
        text: &format!("每次上传不能超过 {limit}。请压缩文件，或者分几次上传。"),
        on: vec![Button::primary("返回重新上传").href(back_href).icon(Icon::ArrowLeft)],
        reference: None,
    }
    .body()
}

/// 429
pub fn too_many_requests() -> Markup {
    Message {
        icon: Icon::Timer,
        title: "操作太频繁",
        text: "请稍等一分钟再试。如果不是您本人操作，请修改密码。",
        on: vec![home()],
        reference: None,
    }
    .body()
}

/// 500; `reference` is the request number that the log knows.
pub fn server_error(reference: &str) -> Markup {
    Message {
        icon: Icon::TriangleAlert,
        title: "系统出了问题",
        text: "这次没有办成，不是您的原因。请稍后再试；如果着急，请拨打 12345 或到政务服务中心窗口办理。",
        on: vec![home()],
        reference: Some(reference),
    }
    .body()
}

/// No connection, or maintenance.
pub fn offline() -> Markup {
    Message {
        icon: Icon::WifiOff,
        title: "暂时连不上",
        text: "网络断开了，或者系统正在维护。您填写的内容还在这个页面里，连上以后可以继续。",
        on: vec![Button::secondary("再试一次").href("").icon(Icon::RefreshCw)],
        reference: None,
    }
    .body()
}
