//! 证照管理: search and look.

use std::collections::HashMap;

use axum::extract::Query;
use db::Cursor;
use maud::html;
use web::components::*;
use web::{Ctx, PageResult};

use crate::pages::tone;
use crate::service;

const PER_PAGE: usize = 50;

/// `GET /work/licences?q=`: the licences of the own scope.
pub(in crate::pages) async fn list(ctx: Ctx, Query(query): Query<HashMap<String, String>>) -> PageResult {
    let question = query.get("q").map_or("", |text| text.trim());
    let after = query.get("after").map(|text| Cursor::from_param(text));
    let page = service::search(ctx.platform(), ctx.actor(), question, after.as_ref(), PER_PAGE).await?;
    let today = ctx.today();
    let mut rows = Vec::with_capacity(page.items.len());
    for licence in &page.items {
        let standing = licence.standing(today)?;
        let href = format!("/work/licences/{}", licence.id);
        rows.push(
            TableRow::new()
                .cell(html! { a href=(href) { (licence.number) } })
                .cell(&licence.type_name)
                .cell(&licence.holder_shown)
                .cell(&licence.issued_on)
                .cell(licence.valid_until.as_deref().unwrap_or("长期"))
                .cell(tag(tone(standing), standing.verdict()))
                .open(&href),
        );
    }
    let field = Field::new("q", "证照编号、证照标识，或者持证人的证件号码").value(question).input_type("search").width(Width::TwoThirds);
    Ok(ctx
        .workbench("证照管理")
        .body(html! {
            (PageHeading::new("证照管理").lede("您职责范围内签发的电子证照。"))
            (Form::get("/work/licences").inline().body(html! { (text_input(&field)) (Button::secondary("查找").icon(Icon::Search)) }))
            @if rows.is_empty() {
                (card(empty_state(Icon::BadgeCheck, if question.is_empty() { "还没有证照" } else { "没有找到" },
                    if question.is_empty() { "办件准予许可后自动签发的证照会出现在这里。" } else { "请核对号码；不在您职责范围内的证照不会显示。" }, None)))
            } @else {
                (card(html! {
                    (Table::new("证照", ["编号", "名称", "持证主体", "颁发日期", "有效期至", "状态"].map(Column::new)).hide_caption().compact(true).keyboard().rows(rows))
                    (paging("/work/licences", &page, "按颁发时间从新到旧"))
                    (keyboard_help())
                }))
            }
        })
        .document())
}
