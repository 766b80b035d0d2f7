//! 证照审核: what others proposed, decided by a second person.

use std::collections::HashMap;

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::Error;
use db::Cursor;
use maud::{Markup, html};
use web::components::*;
use web::{Ctx, Form as Sent, PageResult};

use crate::model::Act;
use crate::pages::{id, mendable, said, summary, tone};
use crate::permissions::APPROVE;
use crate::service::{self, OrderView};

const PER_PAGE: usize = 50;

pub(super) fn order_state(state: &str) -> Markup {
    match state {
        "open" => tag(Tone::Caution, "待审核"),
        "done" => tag(Tone::Good, "已办理"),
        _ => tag(Tone::Neutral, "未同意"),
    }
}

/// `GET /work/licences/orders`
pub(in crate::pages) async fn list(ctx: Ctx, Query(query): Query<HashMap<String, String>>) -> PageResult {
    let after = query.get("after").map(|text| Cursor::from_param(text));
    let page = service::open_orders(ctx.platform(), ctx.actor(), after.as_ref(), PER_PAGE).await?;
    let mut rows = Vec::with_capacity(page.items.len());
    for order in &page.items {
        let href = format!("/work/licences/orders/{}", order.id);
        rows.push(
            TableRow::new()
                .cell(html! { a href=(href) { (order.title) } })
                .cell(order.act()?.name())
                .cell(&order.reason)
                .cell(&order.proposer_name)
                .cell(format::date_time_short(&order.proposed_at))
                .open(&href),
        );
    }
    Ok(ctx
        .workbench("证照审核")
        .body(html! {
            (PageHeading::new("证照审核").lede("变更、延续、补发、暂扣、恢复、撤销和注销，都要由提请人以外的审核人员决定。"))
            @if rows.is_empty() {
                (card(empty_state(Icon::CircleCheck, "没有等待审核的处理", "提请的处理会出现在这里。类型和存量清单的审核在各自的页面。", None)))
            } @else {
                (card(html! {
                    (Table::new("待审核", ["证照", "处理", "理由", "提请人", "提请时间"].map(Column::new)).hide_caption().compact(true).keyboard().rows(rows))
                    (paging("/work/licences/orders", &page, "先提请的在前"))
                }))
            }
        })
        .document())
}

/// `GET /work/licences/orders/{id}`
pub(in crate::pages) async fn show(ctx: Ctx, Path(text): Path<String>) -> PageResult {
    let view = service::order_view(ctx.platform(), ctx.actor(), id(&text)?).await?;
    Ok(render(&ctx, &view, "", None)?)
}

fn render(ctx: &Ctx, view: &OrderView, note: &str, error: Option<&Error>) -> base::Result<Markup> {
    let (order, licence) = (&view.order, &view.licence);
    let act = order.act()?;
    let mut facts = vec![
        Fact::new("证照", html! { a href=(format!("/work/licences/{}", licence.id)) { (order.title) } }),
        Fact::new("持证主体", &licence.holder_shown),
        Fact::new("现在", tag(tone(view.standing), view.standing.verdict())),
        Fact::new("处理", act.name()),
        Fact::new("理由", &order.reason),
        Fact::new("提请人", format!("{}，{}", order.proposer_name, format::date_time(&order.proposed_at))),
    ];
    if act == Act::Renew {
        facts.push(Fact::new("延续到", order.valid_until.as_deref().unwrap_or("长期")));
    }
    if order.state != "open" {
        facts.push(Fact::new("结果", html! { (order_state(&order.state)) " " (order.decider_name) @if let Some(at) = order.decided_at { "，" (format::date_time(&at)) } }));
        facts.push(Fact::new("审核意见", &order.note));
    }
    let may = order.state == "open" && ctx.actor().may(APPROVE, &order.target());
    let error_of = |name| said(error, name);
    Ok(ctx
        .workbench("审核证照处理")
        .crumb("证照审核", "/work/licences/orders")
        .has_errors(error.is_some())
        .body(html! {
            (error_summary(summary(error)))
            (PageHeading::new(format!("{}证照", act.name())).caption(&order.title).mark(order_state(&order.state)))
            (two_columns(
                html! {
                    (section("提请的处理", None, summary_list(&facts)))
                    @if let Some(content) = &view.content { (section("内容对照", None, compare(view, content))) }
                },
                html! {
                    @if may {
                        (section("审核", None, ctx.form(format!("/work/licences/orders/{}", order.id)).body(html! {
                            (textarea(&Field::new("note", "审核意见").hint("不同意时必须写明理由").required(false).value(note).error(error_of("note")).max_length(300).rows(3)))
                            (button_row([html! { (Button::primary("同意").name("decision", "approve")) }, html! { (Button::warning("不同意").name("decision", "reject")) }]))
                        })))
                    } @else if order.state == "open" {
                        (section("审核", None, html! { p { "等待证照审核员决定。" } }))
                    }
                },
            ))
        })
        .document())
}

fn compare(view: &OrderView, content: &[crate::model::LicenceItem]) -> Markup {
    let mut keys: Vec<&str> = view.items.iter().map(|item| item.key.as_str()).collect();
    keys.extend(content.iter().map(|item| item.key.as_str()).filter(|key| !view.items.iter().any(|old| old.key == *key)));
    let value = |items: &[crate::model::LicenceItem], key: &str| items.iter().find(|item| item.key == key).map(|item| item.value.clone()).unwrap_or_default();
    let rows = keys.into_iter().map(|key| {
        let (old, new) = (value(&view.items, key), value(content, key));
        let changed = old != new;
        TableRow::new().cell(key).cell(&old).cell(html! { @if changed { strong { (new) } " " (tag(Tone::Caution, "有变化")) } @else { (new) } })
    });
    html! { (Table::new("内容对照", ["项目", "现在", "变更后"].map(Column::new)).hide_caption().rows(rows)) }
}

/// `POST /work/licences/orders/{id}`
pub(in crate::pages) async fn decide(ctx: Ctx, Path(text): Path<String>, form: Sent) -> PageResult<Response> {
    let id = id(&text)?;
    let (approve, note) = (form.data.text("decision") == "approve", form.data.text("note"));
    match service::decide(ctx.platform(), ctx.actor(), id, approve, note).await {
        Ok(licence) => Ok(ctx.redirect_saying(&format!("/work/licences/{licence}"), if approve { "已同意，立即生效。" } else { "已退回，证照没有变化。" })),
        Err(error) if mendable(&error) => {
            let view = service::order_view(ctx.platform(), ctx.actor(), id).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&ctx, &view, note, Some(&error))?).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
