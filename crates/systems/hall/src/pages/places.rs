//! Choosing a place: city, county, township, village, or by name (M-PORT-01.20).

use axum::extract::Query;
use axum::http::header;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use web::components::{Button, Field, Icon, PageHeading, Width, empty_state, hidden, section, subheading, text_input};
use web::{Ctx, Form, PageResult, REGION_COOKIE, cookie};

use super::place;
use crate::service::places::{self, Here, PlaceLine};

/// Seconds a browser remembers the place: a year.
const REMEMBER: i64 = 31_536_000;

/// Where in the tree, or which name.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// 12-digit code of the place looked at.
    pub at: String,
    /// A name.
    pub q: String,
}

/// The tree of places, or those of a name.
pub async fn page(ctx: Ctx, Query(asked): Query<Asked>) -> PageResult {
    let own = ctx.site.region.clone();
    let name: String = asked.q.trim().chars().take(20).collect();
    let here = places::here(ctx.platform(), if asked.at.is_empty() { place(&ctx) } else { &asked.at }).await?;
    let found = if name.is_empty() { None } else { Some(places::search(ctx.platform(), &own, &name).await?) };
    Ok(ctx
        .page("选择地区")
        .crumb("首页", "/")
        .here("选择地区")
        .body(html! {
            (PageHeading::new("选择地区").lede("选您要办事的地方。选到乡镇、街道或村、社区，县里和市里的事项也会一起显示。"))
            (by_name(&name))
            @if let Some(found) = &found { (results(&ctx, &name, found)) } @else { (tree(&ctx, &here)) }
        })
        .document())
}

fn by_name(name: &str) -> Markup {
    section(
        "按名称找",
        None,
        web::components::Form::get("/places").inline().body(html! {
            (text_input(&Field::new("q", "地名").hint("如：阳朔、甲山街道").value(name).width(Width::Chars20)))
            (Button::secondary("查找").icon(Icon::Search))
        }),
    )
}

fn choose_button(ctx: &Ctx, place: &PlaceLine, label: Button) -> Markup {
    ctx.form("/places").inline().body(html! { (hidden("region", &place.code)) (label) })
}

fn tree(ctx: &Ctx, here: &Here) -> Markup {
    section(
        "逐级选择",
        None,
        html! {
            (path(here))
            (choose_button(ctx, &here.place, Button::primary(format!("选定{}", here.place.name)).icon(Icon::Check)))
            @if here.children.is_empty() { p class="muted" { "没有更小的地区了。" } }
            @else { (children(here)) }
        },
    )
}

/// The places above the one looked at, widest first.
pub fn path(here: &Here) -> Markup {
    html! {
        nav aria-label="上级地区" { ol class="crumbs place-path" {
            @for above in &here.above { li { a href={ "/places?at=" (above.code) } { (above.name) } } }
            li { span aria-current="page" { (here.place.name) } }
        } }
    }
}

/// The places inside the one looked at.
pub fn children(here: &Here) -> Markup {
    html! {
        (subheading("或者再选小一点"))
        ul class="place-grid" { @for child in &here.children { li { a href={ "/places?at=" (child.code) } { (child.name) } } } }
    }
}

fn results(ctx: &Ctx, name: &str, found: &[PlaceLine]) -> Markup {
    section(
        &format!("名称里有“{name}”的地方"),
        Some(("逐级选择", "/places")),
        html! {
            @if found.is_empty() {
                (empty_state(Icon::MapPin, "没有找到这个地方", "请核对地名，或者逐级选择。", Some(Button::secondary("逐级选择").href("/places"))))
            } @else {
                ul class="place-results" {
                    @for place in found {
                        li {
                            div { p class="place-results__name" { (place.name) } p class="muted" { (place.within) } }
                            (choose_button(ctx, place, Button::secondary("选定").small()))
                        }
                    }
                }
            }
        },
    )
}

/// Remembers the chosen place and goes to the front page.
pub async fn choose(ctx: Ctx, form: Form) -> PageResult<Response> {
    let chosen = places::choose(ctx.platform(), form.data.text("region")).await?;
    let mut response = ctx.redirect_saying("/", &format!("已切换到{}。", chosen.name));
    response.headers_mut().append(header::SET_COOKIE, cookie(REGION_COOKIE, &chosen.code, Some(REMEMBER), ctx.secure()));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_leads_back_up() {
        let line = |code: &str, name: &str| PlaceLine { code: code.into(), name: name.into(), within: String::new() };
        let here = Here {
            place: line("450302000000", "秀峰区"),
            above: vec![line("450300000000", "桂林市")],
            children: vec![line("450302001000", "秀峰街道")],
        };
        let shown = path(&here).into_string();
        assert!(shown.contains("/places?at=450300000000") && shown.contains(r#"aria-current="page">秀峰区"#));
        assert!(children(&here).into_string().contains("/places?at=450302001000"));
    }
}
