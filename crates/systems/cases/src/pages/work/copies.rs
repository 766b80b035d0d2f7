//! 抄送与通知: what colleagues and processes wanted one to know, newest first.

use axum::response::Response;
use maud::html;
use web::components::{Button, Column, Icon, PageHeading, Table, TableRow, Tone, card, empty_state, format, tag};
use web::{Ctx, Form, PageResult};

/// Shown at once; what is older is in the records themselves.
const SHOWN: u64 = 100;

/// GET /work/copies
pub(crate) async fn show(ctx: Ctx) -> PageResult {
    let copies = flow::copies(ctx.db.read(), ctx.actor().staff()?.staff, SHOWN).await?;
    let unread = copies.iter().any(|copy| copy.read_at.is_none());
    let rows = copies.iter().map(|copy| {
        TableRow::new()
            .cell(html! {
                a class="govuk-link" href=(format!("/work/cases/{}", copy.business)) { (copy.title) }
                @if copy.read_at.is_none() { " " (tag(Tone::Info, "新")) }
            })
            .cell(&copy.step)
            .cell(copy.note.as_deref().unwrap_or("—"))
            .cell(&copy.sent_by)
            .cell(format::date_time_short(&copy.sent_at))
            .open(format!("/work/cases/{}", copy.business))
    });
    let body = html! {
        (PageHeading::new("抄送与通知").lede("同事抄送给您的办件，和流程到达时的通知。只需知悉，不用办理。"))
        (card(html! {
            @if copies.is_empty() {
                (empty_state(Icon::Bell, "没有抄送和通知", "同事抄送办件给您，或者流程设了到达通知，会出现在这里。", None))
            } @else {
                (Table::new("抄送与通知", ["事项（申请人）", "环节", "内容", "来自", "时间"].map(Column::new)).hide_caption().keyboard().rows(rows))
            }
        }))
        @if unread { (ctx.form("/work/copies/read").inline().body(html! { (Button::secondary("全部标为已读")) })) }
    };
    Ok(ctx.workbench("抄送与通知").body(body).document())
}

/// POST /work/copies/read
pub(crate) async fn read(ctx: Ctx, _form: Form) -> PageResult<Response> {
    let tx = ctx.db.begin().await?;
    flow::read_copies(&tx, ctx.actor().staff()?.staff, ctx.now()).await?;
    tx.commit().await?;
    Ok(ctx.redirect_saying("/work/copies", "已全部标为已读。"))
}
