//! Search results.

use axum::extract::Query;
use maud::{Markup, Render, html};
use serde::Deserialize;
use web::components::{
    Button, Choice, Field, Icon, PageHeading, SearchPlace, card, empty_state, filter_panel, hidden, pagination_keyset, section, select,
};
use web::{Ctx, PageResult};

use super::items::item_list;
use super::{encode, place};
use crate::service::bodies::{self, BodyLine};
use crate::service::items::{self, ItemLine, Online, Search, Whom};

/// Results per page.
const SIZE: usize = 20;
/// Nobody reads further; asking for more is a mistake or a crawler.
const FURTHEST: usize = 400;

/// What is searched for, as it stands in the address.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Words.
    pub q: String,
    /// `person` or `firm`.
    pub object: String,
    /// Identifier of a department.
    pub body: String,
    /// `whole` or `apply`.
    pub degree: String,
    /// How many results come before.
    pub from: usize,
}

impl Asked {
    fn words(&self) -> String {
        self.q.trim().chars().take(80).collect()
    }

    fn search<'a>(&self, place: &'a str) -> Search<'a> {
        Search {
            text: self.words(),
            place,
            whom: Whom::from_key(&self.object),
            body: super::id(&self.body).ok(),
            online: Online::from_key(&self.degree),
            from: self.from.min(FURTHEST),
            size: SIZE,
        }
    }

    /// The address of the same question with other answers to it.
    fn href(&self, object: &str, body: &str, degree: &str, from: usize) -> String {
        let mut href = format!("/search?q={}", encode(&self.words()));
        for (name, value) in [("object", object), ("body", body), ("degree", degree)] {
            if !value.is_empty() {
                href += &format!("&{name}={}", encode(value));
            }
        }
        if from > 0 {
            href += &format!("&from={from}");
        }
        href
    }

    fn at(&self, from: usize) -> String {
        self.href(&self.object, &self.body, &self.degree, from)
    }
}

/// Results of a search; without words, all items of the place.
pub async fn page(ctx: Ctx, Query(asked): Query<Asked>) -> PageResult {
    let place = place(&ctx);
    let found = items::search(ctx.platform(), &asked.search(place)).await?;
    let bodies = bodies::of_place(ctx.platform(), place).await?;
    let popular = if found.items.is_empty() { items::popular(ctx.platform(), place, 6).await? } else { Vec::new() };
    let title = if asked.words().is_empty() { "全部事项".to_owned() } else { format!("搜索：{}", asked.words()) };
    Ok(ctx
        .page(title.clone())
        .search(SearchPlace::Header)
        .query(asked.words())
        .crumb("首页", "/")
        .here("搜索")
        .body(html! {
            (PageHeading::new(title))
            (body(&asked, &found, &bodies, &popular))
        })
        .document())
}

/// What the page shows below its heading.
pub fn body(asked: &Asked, found: &items::Found, bodies: &[BodyLine], popular: &[ItemLine]) -> Markup {
    let words = asked.words();
    let from = asked.from.min(FURTHEST);
    let previous = (from > 0).then(|| asked.at(from.saturating_sub(SIZE)));
    let next = (found.more && from < FURTHEST).then(|| asked.at(from + SIZE));
    html! {
        (card(html! {
            (filters(asked, bodies))
            @if found.items.is_empty() {
                (nothing(asked))
            } @else {
                (item_list(&found.items, &words))
                @if previous.is_some() || next.is_some() {
                    (pagination_keyset(previous.as_deref(), next.as_deref(), &format!("第 {}–{} 项", from + 1, from + found.items.len())))
                }
            }
        }))
        @if found.items.is_empty() && !popular.is_empty() { (section("大家常办的事", None, item_list(popular, ""))) }
    }
}

fn filters(asked: &Asked, bodies: &[BodyLine]) -> Markup {
    let any = |rest: Vec<Choice>| [vec![Choice::new("", "不限")], rest].concat();
    let departments = any(bodies.iter().map(|b| Choice::new(b.id.to_string(), b.name.clone())).collect());
    let mut set: Vec<(String, String)> = Vec::new();
    if let Some(whom) = Whom::from_key(&asked.object) {
        set.push((whom.name().into(), asked.href("", &asked.body, &asked.degree, 0)));
    }
    if let Some(body) = bodies.iter().find(|b| b.id.to_string() == asked.body) {
        set.push((body.name.clone(), asked.href(&asked.object, "", &asked.degree, 0)));
    }
    if let Some(online) = Online::from_key(&asked.degree) {
        set.push((online.name().into(), asked.href(&asked.object, &asked.body, "", 0)));
    }
    let set: Vec<(&str, &str)> = set.iter().map(|(label, href)| (label.as_str(), href.as_str())).collect();
    let fields = html! {
        (hidden("q", &asked.words()))
        (select(&Field::new("object", "服务对象").value(&asked.object), &any(Whom::ALL.map(|w| Choice::new(w.key(), w.name())).to_vec())))
        (select(&Field::new("degree", "网上办理程度").value(&asked.degree), &any(Online::FILTERS.map(|o| Choice::new(o.key(), o.name())).to_vec())))
        (select(&Field::new("body", "部门").value(&asked.body), &departments))
    };
    filter_panel("/search", fields, &set, &asked.href("", "", "", 0))
}

fn nothing(asked: &Asked) -> Markup {
    let narrowed = !(asked.object.is_empty() && asked.body.is_empty() && asked.degree.is_empty());
    let action = if narrowed {
        Button::secondary("去掉筛选条件").href(asked.href("", "", "", 0))
    } else {
        Button::secondary("按主题找").href("/personal").icon(Icon::LayoutGrid)
    };
    html! {
        (empty_state(Icon::Search, "没有找到相关事项", "换一个说法试试，比如只写“身份证”“社保”；也可以切换地区，或者拨打 12345 问一问。", Some(action)))
        p class="hall-center" { (Button::link("切换地区").href("/places").render()) }
    }
}
