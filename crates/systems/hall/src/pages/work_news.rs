//! Notices on the workbench: what is public, publishing, withdrawing.

use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use base::{Error, Kind};
use maud::{Markup, Render, html};
use web::components::{
    Button, Column, Field, Icon, PageHeading, Table, TableRow, Width, card, empty_state, error_summary, format, paging, text_input, textarea,
    warning_text,
};
use web::{Ctx, Form, PageResult};

use super::id;
use super::themes::After;
use crate::service::notices::{self, NewNotice};
use crate::store::{self, Notice};

/// Public notices.
pub async fn list(ctx: Ctx, Query(after): Query<After>) -> PageResult {
    let found = store::notices(ctx.db.read(), after.cursor().as_ref(), 30).await?;
    Ok(ctx
        .workbench("公告")
        .body(html! {
            (PageHeading::new("公告").action(Button::primary("写公告").href("/work/news/new").icon(Icon::Pencil)))
            (card(html! {
                @if found.items.is_empty() { (empty_state(Icon::Megaphone, "还没有公告", "发布的公告会出现在网上大厅的首页。", None)) }
                @else { (table(&ctx, &found.items)) }
                (paging("/work/news", &found, "每页 30 条"))
            }))
        })
        .document())
}

fn table(ctx: &Ctx, notices: &[Notice]) -> Markup {
    let withdraw = |notice: &Notice| ctx.form(format!("/work/news/{}/withdraw", notice.id)).inline().body(Button::warning("撤下").small().render());
    Table::new("公告", [Column::new("标题"), Column::new("发布单位"), Column::new("发布时间"), Column::new("操作")])
        .hide_caption()
        .rows(notices.iter().map(|notice| {
            TableRow::new()
                .cell(html! { a href={ "/news/" (notice.id) } { (notice.title) } })
                .cell(notice.source.as_str())
                .cell(format::date_time_short(&notice.published_at))
                .cell(withdraw(notice))
        }))
        .render()
}

/// An empty form.
pub async fn form(ctx: Ctx) -> PageResult {
    let source = ctx.actor().staff()?.body_name.clone();
    Ok(show(&ctx, &NewNotice { source, ..NewNotice::default() }, None))
}

fn show(ctx: &Ctx, new: &NewNotice, error: Option<&Error>) -> Markup {
    let fields = error.map(Error::fields).unwrap_or_default();
    let wrong = |name: &str| fields.iter().find(|f| f.field == name).map(|f| f.message.as_str());
    ctx.workbench("写公告")
        .crumb("公告", "/work/news")
        .here("写公告")
        .has_errors(error.is_some())
        .body(html! {
            (error_summary(fields.iter().map(|f| (f.field.as_str(), f.message.as_str()))))
            (PageHeading::new("写公告"))
            (card(ctx.form("/work/news/new").dirty_check().body(html! {
                (text_input(&Field::new("title", "标题").value(&new.title).error(wrong("title"))))
                (text_input(&Field::new("source", "发布单位").value(&new.source).error(wrong("source")).width(Width::TwoThirds)))
                (textarea(&Field::new("body", "正文").hint("每段一行").value(&new.body).error(wrong("body")).rows(12).max_length(5000)))
                (warning_text("发布后立即公开，内容不能再改；写错了请撤下重发。"))
                (Button::primary("发布").icon(Icon::Send))
            })))
        })
        .document()
}

/// Publishes what was written.
pub async fn publish(ctx: Ctx, form: Form) -> PageResult<Response> {
    let text = |name: &str| form.data.text(name).to_owned();
    let new = NewNotice { title: text("title"), source: text("source"), body: text("body") };
    match notices::publish(ctx.platform(), ctx.actor(), &form.token.nonce, &new).await {
        Ok(()) => Ok(ctx.redirect_saying("/work/news", "已发布。")),
        Err(error) if error.kind() == Kind::Invalid => Ok(show(&ctx, &new, Some(&error)).into_response()),
        Err(error) => Err(error.into()),
    }
}

/// Takes a notice off the hall.
pub async fn withdraw(ctx: Ctx, Path(notice): Path<String>, _form: Form) -> PageResult<Response> {
    notices::withdraw(ctx.platform(), ctx.actor(), id(&notice)?).await?;
    Ok(ctx.redirect_saying("/work/news", "已撤下。"))
}
