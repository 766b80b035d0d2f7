//! Parts several pages share.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::{Error, Kind};
use uuid::Uuid;
use web::components::{Button, Column, Field, Icon, Table, TableRow, Width, empty_state, format, password};
use web::{Ctx, Failure, Markup, PageResult, html};

pub(super) use web::{said, summary};

use crate::service::{Client, SessionInfo};

/// Shows the form again with what is wrong; other errors have pages of their own.
pub(super) fn again(error: Error, page: impl FnOnce(&Error) -> Markup) -> PageResult<Response> {
    let status = match error.kind() {
        Kind::Invalid | Kind::Refused | Kind::Conflict => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        _ => return Err(Failure(error)),
    };
    Ok((status, page(&error)).into_response())
}

/// The device and the address a request comes from.
pub(super) fn client(ctx: &Ctx, headers: &HeaderMap) -> Client {
    let device = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    Client { address: ctx.address(), device }
}

/// The current session.
pub(super) fn session(ctx: &Ctx) -> base::Result<Uuid> {
    ctx.session().map(|s| s.id).ok_or_else(Error::unauthenticated)
}

/// Open sessions with a way to end each.
pub(super) fn sessions_table(ctx: &Ctx, sessions: &[SessionInfo], base: &str) -> Markup {
    if sessions.is_empty() {
        return empty_state(Icon::Monitor, "没有其他登录", "在别处登录后会显示在这里。", None);
    }
    let current = ctx.session().map(|s| s.id);
    let rows = sessions.iter().map(|s| {
        TableRow::new()
            .cell(device_name(&s.device))
            .cell(if s.address.is_empty() { "未知".to_owned() } else { s.address.clone() })
            .cell(format::date_time_short(&s.created_at))
            .cell(format::date_time_short(&s.last_seen))
            .cell(html! {
                @if Some(s.id) == current { "本次登录" } @else {
                    (ctx.form(format!("{base}/sessions/{}/revoke", s.id)).body(html! { (Button::secondary("结束").small()) }))
                }
            })
    });
    Table::new("已登录的设备", ["设备", "网络地址", "登录时间", "最近使用", "操作"].map(Column::new)).hide_caption().rows(rows).render()
}

/// A browser in words.
fn device_name(agent: &str) -> String {
    let has = |word: &str| agent.contains(word);
    let system = match () {
        () if has("Android") => "安卓手机",
        () if has("iPhone") || has("iPad") => "苹果手机或平板",
        () if has("Windows") => "Windows 电脑",
        () if has("Mac OS") => "苹果电脑",
        () if has("Linux") => "Linux 电脑",
        () => "其他设备",
    };
    let browser = match () {
        () if has("Edg/") => "Edge 浏览器",
        () if has("Firefox/") => "Firefox 浏览器",
        () if has("Chrome/") => "Chrome 浏览器",
        () if has("Safari/") => "Safari 浏览器",
        () => "其他程序",
    };
    format!("{system}，{browser}")
}

/// The form that changes a password.
pub(super) fn password_form(ctx: &Ctx, action: &str, error: Option<&Error>) -> Markup {
    ctx.form(action).body(html! {
        (password(&Field::new("old_password", "原密码").error(said(error, "old_password")).width(Width::Chars20)))
        (password(&Field::new("new_password", "新密码").hint(PASSWORD_HINT).error(said(error, "new_password")).autocomplete("new-password").width(Width::Chars20)))
        (password(&Field::new("repeat", "再输一次新密码").error(said(error, "repeat")).autocomplete("new-password").width(Width::Chars20)))
        (Button::secondary("修改密码"))
    })
}

/// What a password must be like.
pub(super) const PASSWORD_HINT: &str = "至少 8 位，包含大写字母、小写字母、数字、符号中的三种，不含登录账号";

/// The wish to change a password, once both new ones agree.
pub(super) async fn try_change_password(ctx: &Ctx, form: &web::Form) -> base::Result<()> {
    let data = &form.data;
    if data.text("new_password") != data.text("repeat") {
        return Err(Error::field("repeat", "两次输入的新密码不一样，请重新输入。"));
    }
    crate::service::change_password(ctx, ctx.actor(), session(ctx)?, data.text("old_password"), data.text("new_password")).await
}
