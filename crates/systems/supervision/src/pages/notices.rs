//! 督办单: answered by departments, judged by supervision.

use std::collections::HashMap;

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::{Error, FieldError, Kind};
use db::Cursor;
use maud::{Markup, html};
use web::components::*;
use web::{Ctx, Form as Sent, PageResult};

use crate::model::{NoticeAct, NoticeState};
use crate::pages::id;
use crate::service;
use crate::store::Notice;

const PER_PAGE: usize = 50;

/// All that concern the reader.
pub async fn list(ctx: Ctx, Query(query): Query<HashMap<String, String>>) -> PageResult {
    let after = query.get("after").map(|text| Cursor::from_param(text));
    let page = service::list(ctx.platform(), ctx.actor(), after.as_ref(), PER_PAGE).await?;
    let today = ctx.today();
    let columns = ["督办单", "办件", "单位", "发出时间", "答复期限", "状态"].map(Column::new);
    let table = Table::new("督办单", columns).hide_caption().compact(true).keyboard().rows(page.items.iter().map(|n| {
        let href = format!("/work/notices/{}", n.id);
        TableRow::new()
            .cell(html! { a href=(href) { (n.number) } })
            .cell(&n.case_no)
            .cell(&n.body_name)
            .cell(format::date_time_short(&n.sent_at))
            .cell(html! { (n.due) @if n.overdue(today) { " " (tag(Tone::Alert, "逾期未答复")) } })
            .cell(state_tag(n))
            .marked(n.overdue(today))
            .open(&href)
    }));
    Ok(ctx
        .workbench("督办")
        .body(html! {
            (PageHeading::new("督办").lede("效能监督部门就办件提出的督办。请在答复期限内说明情况和改正措施。"))
            @if page.items.is_empty() {
                (card(empty_state(Icon::CircleCheck, "没有督办", "收到督办后会出现在这里。", None)))
            } @else {
                (card(html! { (table) (paging("/work/notices", &page, "从新到旧")) (keyboard_help()) }))
            }
        })
        .document())
}

fn state_tag(notice: &Notice) -> Markup {
    let state = NoticeState::from_code(&notice.state).unwrap_or(NoticeState::Sent);
    let tone = match state {
        NoticeState::Sent => Tone::Caution,
        NoticeState::Answered => Tone::Info,
        NoticeState::Returned => Tone::Alert,
        NoticeState::Closed => Tone::Good,
    };
    tag(tone, state.name())
}

/// One of them.
pub async fn detail(ctx: Ctx, Path(text): Path<String>) -> PageResult {
    show(&ctx, id(&text)?, &[], "").await
}

/// The department answers.
pub async fn answer(ctx: Ctx, Path(text): Path<String>, form: Sent) -> PageResult<Response> {
    let id = id(&text)?;
    let words = form.data.text("answer");
    let done = service::answer(ctx.platform(), ctx.actor(), id, form.data.number("version")?, words, &form.token.nonce).await;
    finish(&ctx, id, done, words, "答复已提交，等监督部门审核。").await
}

/// Supervision judges the answer.
pub async fn review(ctx: Ctx, Path(text): Path<String>, form: Sent) -> PageResult<Response> {
    let id = id(&text)?;
    let act = match form.data.text("act") {
        "close" => NoticeAct::Close,
        "return" => NoticeAct::Return,
        _ => return Err(Error::not_found("没有这个操作。").into()),
    };
    let words = form.data.text("opinion");
    let done = service::review(ctx.platform(), ctx.actor(), id, form.data.number("version")?, act, words, &form.token.nonce).await;
    finish(&ctx, id, done, words, "审核意见已记录。").await
}

async fn finish(ctx: &Ctx, id: uuid::Uuid, done: base::Result<()>, words: &str, said: &str) -> PageResult<Response> {
    match done {
        Ok(()) => Ok(ctx.redirect_saying(&format!("/work/notices/{id}"), said)),
        Err(error) if error.kind() == Kind::Invalid => {
            let page = show(ctx, id, error.fields(), words).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn show(ctx: &Ctx, id: uuid::Uuid, errors: &[FieldError], words: &str) -> PageResult {
    let (notice, answers, judges) = service::one(ctx.platform(), ctx.actor(), id).await?;
    let state = notice.state()?;
    let error = |name: &str| errors.iter().find(|e| e.field == name).map(|e| e.message.as_str());
    let version = hidden("version", &notice.version.to_string());
    let overdue = notice.overdue(ctx.today());
    let act = html! {
        @if state.waits_for_answer() && answers {
            (ctx.form(format!("/work/notices/{id}/answer")).dirty_check().body(html! {
                (version)
                (textarea(&Field::new("answer", "答复").hint("写明原因、责任和改正措施。").value(words).error(error("answer")).max_length(2000).rows(6)))
                (Button::primary("提交答复").icon(Icon::Send))
            }))
        } @else if state == NoticeState::Answered && judges {
            (ctx.form(format!("/work/notices/{id}/review")).dirty_check().body(html! {
                (version)
                (textarea(&Field::new("opinion", "审核意见").value(words).error(error("opinion")).max_length(1000).rows(4)))
                (button_row([html! { (Button::primary("同意，办结").name("act", "close")) }, html! { (Button::secondary("退回重新答复").name("act", "return")) }]))
            }))
        } @else {
            p { @match state {
                NoticeState::Closed => "这份督办已经办结。",
                NoticeState::Answered => "已经答复，等效能监督部门审核。",
                _ => "等被督办单位的负责人或者承办人答复。",
            } }
        }
    };
    let moment = |m: Option<chrono::DateTime<chrono::Utc>>| m.map(|m| format::date_time(&m)).unwrap_or_default();
    Ok(ctx
        .workbench(&notice.number)
        .crumb("督办", "/work/notices")
        .has_errors(!errors.is_empty())
        .body(html! {
            (error_summary(errors.iter().map(|e| (e.field.as_str(), e.message.as_str()))))
            (PageHeading::new(&notice.number).caption("督办单").mark(state_tag(&notice)))
            @if overdue { (notification_banner(Tone::Alert, "逾期未答复", html! { p { "答复期限是 " (notice.due) "，请尽快答复。" } })) }
            (two_columns(
                html! {
                    (section("督办内容", None, html! { (inset(&notice.text)) p class="muted" { (notice.sent_by) "，" (format::date_time(&notice.sent_at)) } }))
                    @if let Some(answer) = &notice.answer {
                        (section("答复", None, html! { (inset(answer)) p class="muted" { (notice.answered_by_name.as_deref().unwrap_or_default()) "，" (moment(notice.answered_at)) } }))
                    }
                    @if let Some(opinion) = &notice.opinion {
                        (section("审核意见", None, html! { (inset(opinion)) p class="muted" { (notice.reviewed_by.as_deref().unwrap_or_default()) "，" (moment(notice.reviewed_at)) } }))
                    }
                },
                html! {
                    (section("办件", None, summary_list(&[
                        Fact::new("办件编号", html! { a href={ "/work/cases/" (notice.case_id) } { (notice.case_no) } }),
                        Fact::new("事项", &notice.item_name),
                        Fact::new("被督办单位", &notice.body_name),
                        Fact::new("答复期限", &notice.due),
                    ])))
                    (section("下一步", None, act))
                },
            ))
        })
        .document())
}
