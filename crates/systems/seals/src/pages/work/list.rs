//! 印章管理: the seals of the own scope; documents that went out without one.

use std::collections::HashMap;

use axum::extract::Query;
use db::Cursor;
use maud::html;
use web::components::*;
use web::{Ctx, PageResult};

use crate::model::{Purpose, State};
use crate::pages::tone;
use crate::permissions::MANAGE;
use crate::service;

const PER_PAGE: usize = 50;
const STATES: [(State, &str); 5] =
    [(State::Applied, "待审批"), (State::InForce, "使用中"), (State::Suspended, "已停用"), (State::Revoked, "已注销"), (State::Replaced, "已换发")];

/// The seals of the own scope, newest first.
pub(in crate::pages) async fn show(ctx: Ctx, Query(query): Query<HashMap<String, String>>) -> PageResult {
    let body = query.get("body").map_or("", |text| text.trim());
    let state = query.get("state").and_then(|code| State::of(code));
    let after = query.get("after").map(|text| Cursor::from_param(text));
    let page = service::list(&ctx, ctx.actor(), state, body, after.as_ref(), PER_PAGE).await?;
    let now = ctx.now();
    let mut rows = Vec::with_capacity(page.items.len());
    for seal in &page.items {
        let standing = seal.standing(now)?;
        let href = format!("/work/seals/{}", seal.id);
        rows.push(
            TableRow::new()
                .cell(html! { a href=(href) { (seal.body_name) } })
                .cell(seal.seal_kind()?.name())
                .cell(seal.number.as_deref().unwrap_or("—"))
                .cell(seal.valid_until.map_or_else(|| "—".to_owned(), |until| format::date(base::local_date(until))))
                .cell(tag(tone(standing), standing.name()))
                .open(&href),
        );
    }
    let chosen = state.map_or("", State::as_str);
    let choices: Vec<Choice> = std::iter::once(Choice::new("", "全部")).chain(STATES.map(|(state, name)| Choice::new(state.as_str(), name))).collect();
    let here = format!("/work/seals?state={chosen}");
    let mut heading = PageHeading::new("印章管理").lede("单位的电子印章：申请、审批、制作、停用和注销。每一次用印都有记录。");
    if ctx.actor().has(MANAGE) {
        heading = heading.action(Button::primary("申请印章").href("/work/seals/new").icon(Icon::Plus));
    }
    heading = heading.action(Button::secondary("未盖章的文书").href("/work/seals/unsealed").icon(Icon::FileText));
    Ok(ctx
        .workbench("印章管理")
        .body(html! {
            (heading)
            (Form::get("/work/seals").inline().body(html! {
                (text_input(&Field::new("body", "单位名称的开头").value(body).input_type("search").width(Width::TwoThirds)))
                (select(&Field::new("state", "状态").value(chosen), &choices))
                (Button::secondary("查找").icon(Icon::Search))
            }))
            @if rows.is_empty() {
                (card(empty_state(Icon::BadgeCheck, "没有找到印章", "可以换一个状态，或者去掉单位名称再找。", None)))
            } @else {
                (card(html! {
                    (Table::new("印章", ["单位", "种类", "编号", "有效期至", "状态"].map(Column::new)).hide_caption().compact(true).keyboard().rows(rows))
                    (paging(&here, &page, "按申请时间从新到旧"))
                    (keyboard_help())
                }))
            }
        })
        .document())
}

/// Documents that went out without a seal, with the reason.
pub(in crate::pages) async fn unsealed(ctx: Ctx, Query(query): Query<HashMap<String, String>>) -> PageResult {
    let after = query.get("after").map(|text| Cursor::from_param(text));
    let page = service::unsealed_papers(&ctx, ctx.actor(), after.as_ref(), PER_PAGE).await?;
    let rows = page.items.iter().map(|paper| {
        TableRow::new()
            .cell(html! { @match paper.case_id { Some(case) => { a href={ "/work/cases/" (case) } { (paper.title) } }, None => { (paper.title) } } })
            .cell(&paper.number)
            .cell(&paper.body_name)
            .cell(Purpose::of(&paper.purpose).map_or("", Purpose::name))
            .cell(paper.unsealed.as_deref().unwrap_or_default())
            .cell(format::date_time_short(&paper.made_at))
    });
    let rows: Vec<TableRow> = rows.collect();
    Ok(ctx
        .workbench("未盖章的文书")
        .crumb("印章管理", "/work/seals")
        .body(html! {
            (PageHeading::new("未盖章的文书").lede("出具时单位没有可用的印章，文书上注明“未加盖电子印章”。单位的印章制好或恢复使用后，系统会自动补盖。"))
            @if rows.is_empty() {
                (card(empty_state(Icon::CircleCheck, "都盖好了", "您职责范围内的文书都已加盖电子印章。", None)))
            } @else {
                (card(html! {
                    (Table::new("未盖章的文书", ["文书", "文号", "单位", "种类", "原因", "出具时间"].map(Column::new)).hide_caption().compact(true).rows(rows))
                    (paging("/work/seals/unsealed", &page, "按时间从新到旧"))
                }))
            }
        })
        .document())
}
