//! Personal and enterprise services by theme.

use axum::extract::{Path, Query};
use base::Error;
use codes::lists::{Audience, themes_for};
use db::{Cursor, Page};
use maud::{Markup, html};
use serde::Deserialize;
use web::components::{Button, Card, Icon, PageHeading, card, card_grid, empty_state, icon_grid, paging, section};
use web::{Ctx, PageResult};

use super::items::item_list;
use super::place;
use crate::model::theme;
use crate::service::items::{self, Filter, ItemLine, Whom};

/// Where a list goes on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct After {
    /// Position.
    pub after: String,
}

impl After {
    /// The position, if not at the beginning.
    pub fn cursor(&self) -> Option<Cursor> {
        (!self.after.is_empty()).then(|| Cursor::from_param(&self.after))
    }
}

/// 个人服务
pub async fn personal(ctx: Ctx) -> PageResult {
    overview(ctx, Audience::Person).await
}

/// 企业服务
pub async fn enterprise(ctx: Ctx) -> PageResult {
    overview(ctx, Audience::Firm).await
}

fn words(audience: Audience) -> (&'static str, &'static str) {
    match audience {
        Audience::Firm => ("企业服务", "企业、个体工商户、事业单位和社会组织要办的事，按经营的各个阶段找。"),
        _ => ("个人服务", "从出生到退休，生活里要办的事，按主题找。"),
    }
}

fn parent(audience: Audience) -> (&'static str, &'static str) {
    match audience {
        Audience::Firm => ("企业服务", "/enterprise"),
        _ => ("个人服务", "/personal"),
    }
}

async fn overview(ctx: Ctx, audience: Audience) -> PageResult {
    let whom = if audience == Audience::Firm { Whom::Firm } else { Whom::Person };
    let popular = items::popular_for(ctx.platform(), place(&ctx), whom, 8).await?;
    let (title, lede) = words(audience);
    Ok(ctx
        .page(title)
        .crumb("首页", "/")
        .here(title)
        .body(html! { (PageHeading::new(title).lede(lede)) (overview_body(audience, &popular)) })
        .document())
}

/// All themes of an audience, its shortcuts and what is used most.
pub fn overview_body(audience: Audience, popular: &[ItemLine]) -> Markup {
    let themes: Vec<Card> = themes_for(audience).map(|t| Card::new(t.name, theme::href(t)).icon(theme::icon(t))).collect();
    let ways = match audience {
        Audience::Firm => [
            Card::new("开办企业", "/themes/firm/F01").icon(Icon::Store).text("设立、变更、注销"),
            Card::new("项目投资", "/investment").icon(Icon::HardHat).text("立项、用地、规划、施工、验收"),
            Card::new("一件事一次办", "/one-thing").icon(Icon::ListChecks).text("几个部门的事，一次申请"),
            Card::new("按部门找", "/bodies").icon(Icon::Landmark).text("知道归谁管，直接去找"),
        ],
        _ => [
            Card::new("一件事一次办", "/one-thing").icon(Icon::ListChecks).text("几个部门的事，一次申请"),
            Card::new("按部门找", "/bodies").icon(Icon::Landmark).text("知道归谁管，直接去找"),
            Card::new("附近大厅", "/halls").icon(Icon::MapPin).text("想当面办，看地址和电话"),
            Card::new("我的事务", "/my").icon(Icon::ClipboardList).text("办到哪了、有什么等我处理"),
        ],
    };
    html! {
        (section("主题", None, icon_grid(&themes)))
        (section("其他找法", None, card_grid(&ways)))
        @if !popular.is_empty() { (section("最常办的", Some(("全部", whom_href(audience))), item_list(popular, ""))) }
    }
}

fn whom_href(audience: Audience) -> &'static str {
    if audience == Audience::Firm { "/search?object=firm" } else { "/search?object=person" }
}

/// The items of a theme.
pub async fn page(ctx: Ctx, Path((audience, name)): Path<(String, String)>, Query(after): Query<After>) -> PageResult {
    let audience = theme::audience(&audience).ok_or_else(missing)?;
    let theme = theme::find(audience, &name).ok_or_else(missing)?;
    let filter = Filter::theme(place(&ctx), theme);
    let found = items::list(ctx.platform(), &filter, after.cursor(), 30).await?;
    let (label, href) = parent(audience);
    Ok(ctx
        .page(theme.name)
        .crumb("首页", "/")
        .crumb(label, href)
        .here(theme.name)
        .body(html! {
            (PageHeading::new(theme.name).caption(label))
            (theme_body(theme.name, href, &theme::href(theme), &found))
        })
        .document())
}

fn missing() -> Error {
    Error::not_found("没有这个主题，请从“个人服务”或“企业服务”里选择。")
}

/// A list of items with its way on, or why it is empty.
pub fn theme_body(name: &str, back: &str, here: &str, page: &Page<ItemLine>) -> Markup {
    card(html! {
        @if page.items.is_empty() {
            (empty_state(Icon::FolderOpen, "这个主题下还没有事项", &format!("“{name}”方面的事，可以拨打 12345 问清楚归哪里办；也可以切换地区再看看。"), Some(Button::secondary("看其他主题").href(back))))
        } @else {
            (item_list(&page.items, ""))
            (paging(here, page, "每页 30 项"))
        }
    })
}
