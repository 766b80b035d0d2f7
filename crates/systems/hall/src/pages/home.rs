//! The front page.

use std::sync::Arc;

use codes::lists::Audience;
use maud::{Markup, Render, html};
use web::components::{
    Button, Card, Field, Form, Icon, SearchPlace, Stat, Tone, Width, card_grid, format, icon_grid, link_list, section, stat_tiles, tabs,
    text_input,
};
use web::{Ctx, PageResult};

use super::{elder, place};
use crate::model::theme;
use crate::service::cache::Cache;
use crate::service::front::{self, Front, Ratings};

/// The front page of the chosen place.
pub async fn page(ctx: Ctx, cache: Arc<Cache<Front>>) -> PageResult {
    let place = place(&ctx);
    let front = cache.get(place, ctx.now(), front::load(ctx.platform(), place)).await?;
    let name = ctx.site.name.clone();
    let page = ctx.page(name.clone()).description(format!("{name}：找事项、看指南、网上申请、查进度。"));
    if ctx.elder() {
        return Ok(page.search(SearchPlace::None).body(elder::body(&name)).document());
    }
    let page = front.popular.iter().take(4).fold(page.search(SearchPlace::Hero), |page, item| page.popular(&item.name, format!("/items/{}", item.id)));
    let ask = ctx.form("/progress");
    Ok(page.body(body(&name, &front, ask)).document())
}

/// What the front page shows; `ask` is the form of the progress query. It is posted, because the query code must not
/// stand in an address.
pub fn body(name: &str, front: &Front, ask: Form) -> Markup {
    html! {
        h1 class="govuk-visually-hidden" { (name) }
        div class="columns columns--side hall-top" {
            div class="columns__main" { (section("按主题找事项", None, themes())) }
            div class="columns__side" { (progress(ask)) (shortcuts()) }
        }
        div class="columns columns--even" {
            div { (section("高频事项", Some(("全部事项", "/search")), popular(front))) }
            div { (section("公告", Some(("更多", "/news")), notices(front))) }
        }
        div class="front-some" { (section("一件事一次办", Some(("全部", "/one-thing")), card_grid(&one_things()))) }
        (section("今天", Some(("效能监察", "/supervision")), today(front)))
        div class="front-some" { (section("部门", Some(("全部部门", "/bodies")), bodies(front))) }
        (ratings(front.ratings))
    }
}

fn themes() -> Markup {
    let cards = |audience, all: &str| {
        let themes = theme::front(audience).map(|t| Card::new(t.name, theme::href(t)).icon(theme::icon(t)));
        themes.chain([Card::new("全部主题", all).icon(Icon::LayoutGrid)]).collect::<Vec<_>>()
    };
    tabs(
        "按主题找事项",
        &[
            ("themes-person", "个人服务", icon_grid(&cards(Audience::Person, "/personal"))),
            ("themes-firm", "法人服务", icon_grid(&cards(Audience::Firm, "/enterprise"))),
        ],
    )
}

fn progress(ask: Form) -> Markup {
    section(
        "办件进度查询",
        None,
        ask.body(html! {
            (text_input(&Field::new("number", "办件编号").width(Width::Full).autocomplete("off")))
            (text_input(&Field::new("code", "查询码").hint("在回执上").width(Width::Chars10).autocomplete("off")))
            (Button::secondary("查询进度").icon(Icon::Search))
        }),
    )
}

fn shortcuts() -> Markup {
    let links = [
        ("我的事务", "/my", Icon::ClipboardList),
        ("我的证照", "/my/licences", Icon::IdCard),
        ("核验证照", "/licences/verify", Icon::BadgeCheck),
        ("附近大厅", "/halls", Icon::MapPin),
    ];
    html! {
        nav class="section shortcuts" aria-label="常用" {
            ul { @for (label, href, icon) in links { li { a class="shortcuts__item" href=(href) { (icon) (label) } } } }
        }
    }
}

fn popular(front: &Front) -> Markup {
    let hrefs: Vec<String> = front.popular.iter().map(|item| format!("/items/{}", item.id)).collect();
    let links: Vec<_> = front.popular.iter().zip(&hrefs).map(|(item, href)| (item.name.as_str(), href.as_str(), item.body_short())).collect();
    html! {
        @if links.is_empty() { p class="muted" { "这里还没有发布事项。请在上方切换地区，或者拨打 12345。" } }
        @else { (link_list(&links)) }
    }
}

fn notices(front: &Front) -> Markup {
    let rows: Vec<(String, String)> = front
        .notices
        .iter()
        .map(|n| (format!("/news/{}", n.id), format::shanghai(&n.published_at).format("%m-%d").to_string()))
        .collect();
    let links: Vec<_> = front.notices.iter().zip(&rows).map(|(n, (href, day))| (n.title.as_str(), href.as_str(), day.as_str())).collect();
    html! {
        @if links.is_empty() { p class="muted" { "目前没有公告。" } }
        @else { (link_list(&links)) }
    }
}

fn one_things() -> Vec<Card> {
    theme::front(Audience::OneThing).map(|t| Card::new(t.name, theme::href(t)).icon(theme::icon(t)).text(theme::sentence(t))).collect()
}

fn today(front: &Front) -> Markup {
    let f = front.today;
    let on_time = if f.decided == 0 {
        ("—".to_owned(), Tone::Neutral, "今天还没有办结的件")
    } else {
        let tone = if f.on_time == f.decided { Tone::Good } else { Tone::Neutral };
        (format::percent(f.on_time, f.decided), tone, "办结日期不晚于承诺日期")
    };
    html! {
        (stat_tiles(&[
            Stat::new("收到申请", format::number(f.applied), "件"),
            Stat::new("办结", format::number(f.decided), "件"),
            Stat::new("按时办结", on_time.0, "").note(on_time.1, on_time.2),
        ]))
        p class="muted hall-note" { (format::date_weekday(front.day)) "，含所辖县（市、区）、乡镇和街道，每半分钟更新。" }
    }
}

fn bodies(front: &Front) -> Markup {
    html! {
        @if front.bodies.is_empty() { p class="muted" { "这里还没有登记部门。" } }
        @else { ul class="body-links" { @for body in front.bodies.iter().take(16) { li { a href={ "/bodies/" (body.id) } { (body.name) } } } } }
    }
}

fn ratings(ratings: Ratings) -> Markup {
    html! {
        div class="section rating-strip" {
            span class="rating-strip__sign" { (Icon::Star) }
            div class="rating-strip__words" {
                h2 class="section__title" { "好差评" }
                @if ratings.all > 0 {
                    p { "近 30 天有 " strong { (format::number(ratings.all)) } " 件事得到评价，好评 " strong { (format::percent(ratings.good, ratings.all)) } "。" }
                }
                p { "每办完一件事，都请您打分。差评一个工作日内联系您，整改结果向您答复。" }
            }
            div class="button-row" {
                (Button::secondary("去评价").href("/my").render())
                (Button::link("看大家的评价").href("/reviews").render())
            }
        }
    }
}
