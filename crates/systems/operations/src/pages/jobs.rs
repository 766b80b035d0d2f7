//! Jobs that were given up: the list, and one with what can be done about it.

use std::collections::HashMap;

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::{Error, FieldError, Kind, Result};
use db::Cursor;
use maud::html;
use uuid::Uuid;
use web::components::*;
use web::{Ctx, Form as Sent, PageResult};

use crate::service;

const HOME: &str = "/work/operations/jobs";
const PER_PAGE: usize = 50;

fn id(text: &str) -> Result<Uuid> {
    text.parse().map_err(|_| Error::not_found("没有找到这个失败任务。"))
}

/// All of them, the youngest first.
pub async fn list(ctx: Ctx, Query(query): Query<HashMap<String, String>>) -> PageResult {
    let after = query.get("after").map(|text| Cursor::from_param(text));
    let page = service::dead_jobs(&ctx, ctx.actor(), after.as_ref(), PER_PAGE).await?;
    let columns = ["任务", "最后一次出错", "次数", "建立时间"].map(Column::new);
    let table = Table::new("失败任务", columns).hide_caption().compact(true).keyboard().rows(page.items.iter().map(|job| {
        let href = format!("{HOME}/{}", job.id);
        TableRow::new()
            .cell(html! { a href=(href) { (job.kind) } })
            .cell(shortened(job.last_error.as_deref().unwrap_or_default()))
            .cell(job.attempts)
            .cell(format::date_time_short(&job.created_at))
            .open(&href)
    }));
    Ok(ctx
        .workbench("失败任务")
        .body(html! {
            (PageHeading::new("失败任务").lede("后台任务多次执行仍然失败时停在这里。原因排除后重试；确认不需要再办的可以清除。"))
            @if page.items.is_empty() {
                (card(empty_state(Icon::CircleCheck, "没有失败任务", "后台任务都正常。任务多次失败后会出现在这里，“tongban check”也会提示。", None)))
            } @else {
                (card(html! { (table) (paging(HOME, &page, "从新到旧")) (keyboard_help()) }))
            }
        })
        .document())
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(80).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// One of them.
pub async fn detail(ctx: Ctx, Path(text): Path<String>) -> PageResult {
    show(&ctx, id(&text)?, &[], "").await
}

/// Tries it again.
pub async fn retry(ctx: Ctx, Path(text): Path<String>, _form: Sent) -> PageResult<Response> {
    service::retry_job(&ctx, ctx.actor(), id(&text)?).await?;
    Ok(ctx.redirect_saying(HOME, "任务已重新排队，马上执行。再次失败会回到这里。"))
}

/// Drops it for a reason.
pub async fn drop(ctx: Ctx, Path(text): Path<String>, form: Sent) -> PageResult<Response> {
    let (id, reason) = (id(&text)?, form.data.text("reason"));
    match service::drop_job(&ctx, ctx.actor(), id, reason).await {
        Ok(()) => Ok(ctx.redirect_saying(HOME, "任务已清除，原因已记入日志链。")),
        Err(error) if error.kind() == Kind::Invalid => Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&ctx, id, error.fields(), reason).await?).into_response()),
        Err(error) => Err(error.into()),
    }
}

async fn show(ctx: &Ctx, id: Uuid, errors: &[FieldError], reason: &str) -> PageResult {
    let job = service::dead_job(ctx, ctx.actor(), id).await?;
    let error = errors.iter().find(|e| e.field == "reason").map(|e| e.message.as_str());
    Ok(ctx
        .workbench("失败任务")
        .crumb("失败任务", HOME)
        .has_errors(!errors.is_empty())
        .body(html! {
            (error_summary(errors.iter().map(|e| (e.field.as_str(), e.message.as_str()))))
            (PageHeading::new(&job.kind).caption("失败任务"))
            (two_columns(
                html! {
                    (section("最后一次出错", None, inset(job.last_error.as_deref().unwrap_or("没有记录"))))
                    (section("任务内容", None, inset(&job.payload)))
                },
                html! {
                    (section("情况", None, summary_list(&[
                        Fact::new("编号", job.id.to_string()),
                        Fact::new("键", job.key.as_deref().unwrap_or("无")),
                        Fact::new("已执行", format!("{} 次", job.attempts)),
                        Fact::new("建立时间", format::date_time(&job.created_at)),
                    ])))
                    (section("重试", None, html! {
                        p { "先排除出错的原因。重试后次数重新计算。" }
                        (ctx.form(format!("{HOME}/{id}/retry")).body(html! { (Button::primary("重试").icon(Icon::RefreshCw)) }))
                    }))
                    (section("清除", None, html! {
                        p { "清除后这件事不会再自动办理，请先确认已经另行处理。" }
                        (ctx.form(format!("{HOME}/{id}/drop")).body(html! {
                            (textarea(&Field::new("reason", "清除的原因").value(reason).error(error).max_length(500).rows(3)))
                            (Button::warning("清除"))
                        }))
                    }))
                },
            ))
        })
        .document())
}
