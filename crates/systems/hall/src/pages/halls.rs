//! Where to go in person: the windows of the chosen place and of the wider places above it.

use maud::{Markup, html};
use web::components::{Button, Icon, PageHeading, inset, section, telephone};
use web::{Ctx, PageResult};

use super::bodies::window_list;
use super::place;
use crate::service::bodies::{self, Hall};

/// Halls near the chosen place.
pub async fn page(ctx: Ctx) -> PageResult {
    let halls = bodies::halls(ctx.platform(), place(&ctx)).await?;
    Ok(ctx
        .page("附近大厅")
        .crumb("首页", "/")
        .here("附近大厅")
        .body(html! {
            (PageHeading::new("附近大厅").lede("想当面办，可以到这些地方。网上能办的事，窗口也能办，由您选择。").action(Button::secondary("切换地区").href("/places").icon(Icon::MapPin)))
            (body(&halls))
        })
        .document())
}

/// Windows by place, the nearest place first.
pub fn body(halls: &[Hall]) -> Markup {
    html! {
        @for hall in halls { (section(&hall.place, None, window_list(&hall.windows, 60))) }
        @if halls.is_empty() { (section("办事地点", None, window_list(&[], 0))) }
        (inset(html! { "来之前可以先打电话问清要带什么：" (telephone("12345")) "。工作日上午 9:00–12:00、下午 13:00–17:00 办公；各窗口时间以办事指南为准。" }))
    }
}
