//! The pages of the footer: about the site, protection of personal information, suggestions.

use maud::{Markup, html};
use web::components::{Button, Icon, PageHeading, card, prose, section, telephone};
use web::{Ctx, PageResult};

fn frame(ctx: &Ctx, title: &str, lede: &str, body: Markup) -> Markup {
    ctx.page(title).crumb("首页", "/").here(title).body(html! { (PageHeading::new(title).lede(lede)) (body) }).document()
}

/// 网站声明
pub async fn about(ctx: Ctx) -> PageResult {
    Ok(frame(&ctx, "网站声明", "这个网站是什么，哪些内容算数。", about_body(&ctx.site.name, ctx.site.demonstration)))
}

/// What the site is.
pub fn about_body(name: &str, demonstration: bool) -> Markup {
    card(prose(html! {
        p { (name) "是办理政务服务事项的网上平台，与各级政务服务大厅、窗口使用同一份事项清单、同一套办件记录。" }
        p { "办事指南以各实施部门公布的实施清单为准；法律、法规和规章有不同规定的，从其规定。发现指南和窗口要求不一致，请拨打 12345，我们会核对并改正。" }
        p { "电子证照和电子文书盖有电子印章，可以在“" a href="/licences/verify" { "证照核验" } "”和“" a href="/verify" { "文件验章" } "”查验真伪。" }
        @if demonstration { p { strong { "您看到的是演示系统：事项、部门、电话和证照都是演示数据，不具有法律效力，请不要填写真实的个人信息。" } } }
    }))
}

/// 个人信息保护
pub async fn privacy(ctx: Ctx) -> PageResult {
    Ok(frame(&ctx, "个人信息保护", "我们要什么、为什么要、怎样保管、您有什么权利。", privacy_body()))
}

/// What happens to personal information.
pub fn privacy_body() -> Markup {
    html! {
        (section("我们收集什么", None, prose(html! { p { "只收集办您申请的事项所必需的信息：身份信息、联系方式、申请表和材料。事项指南没有列出的，我们不要；已经有的电子证照，不再让您重复提交。" } })))
        (section("怎样使用", None, prose(html! { p { "只用于办理您申请的事项、通知您进度、依法监督和统计。统计只用数量，不含能认出您的内容。法律、行政法规另有规定的除外。" } })))
        (section("怎样保管", None, prose(html! { ul {
            li { "证件号码、电话、住址和申请内容加密保存" }
            li { "页面上只显示一部分，工作人员只能看到职责范围内的办件" }
            li { "查看完整信息和每一次操作都有不能修改的记录" }
            li { "网站只使用维持登录、记住地区和版式所必需的 Cookie" }
        } })))
        (section("您的权利", None, prose(html! {
            p { "依据《个人信息保护法》，您可以查阅、复制、更正自己的信息，可以要求说明处理规则。登录后在“我的事务”里查看；需要更正或者有疑问，请拨打 " (telephone("12345")) "，也可以到政务服务大厅综合窗口办理。" }
        })))
    }
}

/// 意见建议
pub async fn feedback(ctx: Ctx) -> PageResult {
    Ok(frame(&ctx, "意见建议", "哪里不好用、哪里写得不清楚，都请告诉我们。", feedback_body()))
}

/// How a suggestion is made today.
pub fn feedback_body() -> Markup {
    html! {
        (section("打电话", None, html! { p { (telephone("12345")) } p class="muted" { "请说明是哪个页面、哪个事项。每个来电都登记编号，按时答复。" } }))
        (section("办完事打分", None, html! {
            p { "对某一次办事有意见，请在“我的事务”里给那件事打分并写下原因。差评一个工作日内联系您。" }
            div class="button-row" { (Button::secondary("去我的事务").href("/my").icon(Icon::ClipboardList)) }
        }))
        (section("到窗口说", None, html! {
            p { "政务服务大厅设有“办不成事”反映窗口。" }
            div class="button-row" { (Button::secondary("看附近大厅").href("/halls").icon(Icon::MapPin)) }
        }))
    }
}
