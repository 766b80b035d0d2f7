//! All cases within my scope.

use std::collections::HashMap;

use access::{ScopeColumns, Target};
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use db::{Cursor, Page};
use maud::html;
use sea_orm::sea_query::{Condition, Expr, ExprTrait};
use web::components::{Button, Choice, Column, Field, Icon, PageHeading, Table, TableRow, Width, card, empty_state, filter_panel, format, paging, select, text_input};
use web::{Ctx, PageResult, redirect};

use crate::model::State;
use crate::pages::case_parts::state_tag;
use crate::permissions::VIEW;
use crate::store::{self, CaseRow, GovCase, ListFilter};

/// GET /work/cases
pub(crate) async fn show(ctx: Ctx, Query(query): Query<HashMap<String, String>>) -> PageResult<Response> {
    let text = |name: &str| query.get(name).map_or("", |v| v.trim());
    let number = text("number");
    if !number.is_empty() {
        // A case out of scope and no case at all get the same answer.
        let found = store::case_by_number(ctx.db.read(), number).await?;
        let visible = |row: &CaseRow| ctx.actor().may(VIEW, &Target { region: &row.region, body: Some(row.body_id), item: Some(row.item_id) });
        if let Some(row) = found.filter(visible) {
            return Ok(redirect(&format!("/work/cases/{}", row.id)));
        }
    }
    let columns = ScopeColumns { region: GovCase::Region, body: Some(GovCase::BodyId), item: Some(GovCase::ItemId) };
    let mut condition = Condition::all().add(ctx.actor().filter(VIEW, &columns));
    let state = State::parse(text("state")).ok();
    if let Some(state) = state {
        condition = condition.add(Expr::col(GovCase::State).eq(state.as_str()));
    }
    let after = query.get("after").map(|t| Cursor::from_param(t));
    let page = if number.is_empty() {
        store::list(ctx.db.read(), ListFilter { condition: Some(condition), after, size: 20 }).await?
    } else {
        Page::empty()
    };
    let rows: Vec<TableRow> = page
        .items
        .iter()
        .map(|row| {
            let href = format!("/work/cases/{}", row.id);
            TableRow::new()
                .cell(html! { a class="govuk-link" href=(href) { (row.item_name) } })
                .cell(&row.applicant_masked)
                .cell(&row.case_no)
                .cell(format::date_time_short(&row.submitted_at))
                .cell(row.promised_due.clone().unwrap_or_else(|| "—".into()))
                .cell(State::parse(&row.state).map_or_else(|_| html! { (row.state) }, state_tag))
                .open(href)
        })
        .collect();
    let choices: Vec<Choice> = std::iter::once(Choice::new("", "全部状态"))
        .chain(State::ALL.into_iter().map(|s| Choice::new(s.as_str(), s.label()).chosen(Some(s) == state)))
        .collect();
    let set: Vec<(&str, &str)> = state.map(|s| (s.label(), "/work/cases")).into_iter().collect();
    let here = format!("/work/cases?state={}", state.map_or("", State::as_str));
    let fields = html! {
        (text_input(&Field::new("number", "办件编号").value(number).required(false).width(Width::Chars20)))
        (select(&Field::new("state", "状态").required(false), &choices))
    };
    let body = html! {
        (PageHeading::new("全部办件").lede("您岗位职责范围内的全部办件，最新的在前。"))
        (filter_panel("/work/cases", fields, &set, "/work/cases"))
        (card(html! {
            @if rows.is_empty() {
                (empty_state(Icon::FolderOpen, "没有符合条件的办件", "核对办件编号，换一个状态，或者清除筛选再看。", Some(Button::secondary("清除筛选").href("/work/cases"))))
            } @else {
                (Table::new("办件", ["事项", "申请人", "办件编号", "提交时间", "承诺办结日", "状态"].map(Column::new)).hide_caption().keyboard().rows(rows))
                (paging(&here, &page, "从新到旧"))
            }
        }))
    };
    Ok(ctx.workbench("全部办件").body(body).document().into_response())
}
