//! The wallet: licences as cards, searched, those that end soon, those of the past.

use std::collections::HashMap;

use axum::extract::Query;
use base::Result;
use chrono::{Duration, NaiveDate};
use db::Cursor;
use maud::{Markup, html};
use web::components::*;
use web::{Ctx, PageResult};

use crate::model::Standing;
use crate::pages::{term, tone};
use crate::service::{self, DAYS_BEFORE};
use crate::store::{Licence, Wanted};

const PER_PAGE: usize = 24;

/// `GET /my/licences?q=&show=soon|all&after=`
pub(in crate::pages) async fn list(ctx: Ctx, Query(query): Query<HashMap<String, String>>) -> PageResult {
    let text = query.get("q").map_or("", |text| text.trim());
    let show = query.get("show").map_or("", String::as_str);
    let after = query.get("after").map(|text| Cursor::from_param(text));
    let today = ctx.today();
    let soon = show == "soon";
    let wanted = Wanted {
        text: text.chars().take(40).collect(),
        current: show != "all",
        ends_from: soon.then_some(today),
        ends_by: soon.then_some(today + Duration::days(DAYS_BEFORE)),
    };
    let page = service::wallet(ctx.platform(), ctx.actor(), &wanted, after.as_ref(), PER_PAGE).await?;
    let mut in_force = Vec::new();
    let mut over = Vec::new();
    for licence in &page.items {
        let standing = licence.standing(today)?;
        let drawn = face(licence, standing, today)?;
        if matches!(standing, Standing::Valid | Standing::NotYet) { in_force.push(drawn) } else { over.push(drawn) }
    }
    let here = format!("/my/licences?{}", serde_urlencoded::to_string([("q", text), ("show", show)])?);
    let tab = |key: &str, label: &str| html! { li { a href=(format!("/my/licences?show={key}")) aria-current=[(show == key).then_some("page")] { (label) } } };
    Ok(ctx
        .page("我的证照")
        .crumb("我的", "/my")
        .body(html! {
            (PageHeading::new("我的证照").lede("办结后签发的电子证照都在这里，与纸质证照有同样效力。出示时生成一次性出示码，对方能看多少、看几次，由您决定。"))
            nav class="wallet-tabs" aria-label="证照分组" { ul { (tab("", "现有证照")) (tab("soon", "快到期")) (tab("all", "全部，含历史版本")) } }
            (Form::get("/my/licences").inline().body(html! {
                @if !show.is_empty() { (hidden("show", show)) }
                (text_input(&Field::new("q", "按名称或编号查找").value(text).input_type("search").required(false).width(Width::Chars20)))
                (Button::secondary("查找").icon(Icon::Search))
            }))
            @if page.items.is_empty() {
                (card(nothing(text, soon)))
            }
            @if !in_force.is_empty() { (part("可以使用", html! { ul class="wallet" { @for drawn in &in_force { li { (drawn) } } } })) }
            @if !over.is_empty() { (part("不能使用", html! { ul class="wallet" { @for drawn in &over { li { (drawn) } } } })) }
            @if page.previous.is_some() || page.next.is_some() { (paging(&here, &page, "按颁发时间从新到旧")) }
        })
        .document())
}

fn nothing(text: &str, soon: bool) -> Markup {
    if !text.is_empty() {
        return empty_state(Icon::Search, "没有找到", "没有名称或编号里有这些字的证照。", Some(Button::secondary("查看全部").href("/my/licences")));
    }
    if soon {
        return empty_state(Icon::CircleCheck, "没有快到期的证照", &format!("{DAYS_BEFORE} 天内没有证照到期。"), Some(Button::secondary("查看全部").href("/my/licences")));
    }
    empty_state(Icon::IdCard, "还没有电子证照", "您办理的事项签发证照后，会自动出现在这里。", Some(Button::secondary("去办事").href("/")))
}

/// A licence as a card.
fn face(licence: &Licence, standing: Standing, today: NaiveDate) -> Result<Markup> {
    let validity = licence.validity()?;
    let usable = matches!(standing, Standing::Valid | Standing::NotYet);
    let left = validity.until.map(|until| (until - today).num_days()).filter(|days| standing == Standing::Valid && *days <= DAYS_BEFORE);
    Ok(html! {
        article class={ "licence-card" @if !usable { " licence-card--over" } } {
            div class="licence-card__head" {
                h3 class="licence-card__name" { a href=(format!("/my/licences/{}", licence.id)) { (licence.type_name) } }
                (tag(tone(standing), standing.verdict()))
            }
            dl class="licence-card__facts" {
                div { dt { "编号" } dd { (licence.number) } }
                div { dt { "持证人" } dd { (licence.holder_shown) } }
                div { dt { "有效期" } dd { (term(validity)) } }
            }
            @if let Some(left) = left { p class="licence-card__soon" { (Icon::CalendarClock) "还有 " (left) " 天到期，需要继续使用请申请延续" } }
            p class="licence-card__issuer" { (licence.body_name) }
        }
    })
}
