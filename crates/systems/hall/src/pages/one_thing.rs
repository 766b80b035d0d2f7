//! Joint matters (一件事): several items settled with one application (国办函〔2024〕3号).

use axum::extract::Path;
use base::Error;
use codes::lists::{Audience, themes_for};
use maud::{Markup, html};
use web::components::{Card, Icon, PageHeading, card_grid, empty_state, inset, section};
use web::{Ctx, PageResult};

use super::items::item_list;
use super::place;
use crate::model::theme;
use crate::service::items::{self, Filter, ItemLine};

/// All joint matters.
pub async fn list(ctx: Ctx) -> PageResult {
    let cards: Vec<Card> =
        themes_for(Audience::OneThing).map(|t| Card::new(t.name, theme::href(t)).icon(theme::icon(t)).text(theme::sentence(t))).collect();
    Ok(ctx
        .page("一件事一次办")
        .crumb("首页", "/")
        .here("一件事")
        .body(html! {
            (PageHeading::new("一件事一次办").lede("一件事常常要找几个部门。这里把它们放在一起，告诉您要办哪些、各要什么。"))
            (card_grid(&cards))
        })
        .document())
}

/// The items of a joint matter.
pub async fn page(ctx: Ctx, Path(name): Path<String>) -> PageResult {
    let theme = theme::find(Audience::OneThing, &name).ok_or_else(|| Error::not_found("没有这件“一件事”，请从列表里选择。"))?;
    let filter = Filter::one_thing(place(&ctx), theme);
    let found = items::list(ctx.platform(), &filter, None, 50).await?;
    Ok(ctx
        .page(theme.name)
        .crumb("首页", "/")
        .crumb("一件事", "/one-thing")
        .here(theme.name)
        .body(html! {
            (PageHeading::new(theme.name).caption("一件事一次办").lede(theme::sentence(theme)))
            (body(&found.items))
        })
        .document())
}

/// What has to be settled for a joint matter.
pub fn body(items: &[ItemLine]) -> Markup {
    html! {
        @if items.is_empty() {
            (section("要办的事项", None, empty_state(Icon::ListChecks, "本地还没有开通这件“一件事”", "相关事项可以分别办理。不清楚要办哪些，请拨打 12345，或者到政务服务大厅综合窗口，由工作人员列出清单。", None)))
        } @else {
            (section(&format!("包括 {} 个事项", items.len()), None, item_list(items, "")))
            (inset("目前各事项分别填写申请；标着“免交”的材料不用再交。到综合窗口可以一次收齐材料，由窗口转给各部门。"))
        }
    }
}
