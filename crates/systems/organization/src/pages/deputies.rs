//! Deputies during absence: who stands in for whom, and naming one.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::{Error, Result};
use chrono::NaiveDate;
use db::Idempotency;
use uuid::Uuid;
use web::components::{
    Button, Choice, Column, DateParts, Field, Icon, PageHeading, Table, TableRow, Tone, Width, checkboxes, date_input, empty_state, error_summary, format, hidden, inset,
    section, select, tag, text_input,
};
use web::{Ctx, Failure, Form, FormData, Markup, PageResult, html};

use super::{mendable, said, summary};
use crate::model::DEPUTY_KINDS;
use crate::service::{self, Deputies, NewDeputy};
use crate::store::DeputyRow;

/// GET /work/deputies
pub(super) async fn list(ctx: Ctx) -> PageResult {
    let view = service::deputies(&ctx, ctx.actor()).await?;
    Ok(render(&ctx, &view, &FormData::default(), None)?)
}

fn render(ctx: &Ctx, view: &Deputies, data: &FormData, error: Option<&Error>) -> Result<Markup> {
    let me = ctx.actor().staff()?;
    let for_me: Vec<&str> = me.deputy.of.iter().map(|principal| principal.name.as_str()).collect();
    Ok(ctx
        .workbench("外出代理")
        .has_errors(error.is_some())
        .body(html! {
            (error_summary(summary(error)))
            (PageHeading::new("外出代理").lede("外出期间请同单位的同事代办。代理人看得到、办得了交出的工作，记录写明“乙（代甲）”；到期自动结束。"))
            @if !for_me.is_empty() { (inset(html! { "您今天代理：" (for_me.join("、")) "。他们的工作在您的待办里。" })) }
            (section("代理安排", None, arrangements(ctx, view)))
            @if view.kinds.is_empty() {
                (inset("您的岗位没有可以请人代理的工作。"))
            } @else {
                (section("安排代理人", None, new(ctx, view, data, error)))
            }
        })
        .document())
}

fn arrangements(ctx: &Ctx, view: &Deputies) -> Markup {
    let today = ctx.today();
    let rows = view.rows.iter().map(|row| {
        let end = html! {
            @if row.stands(today) {
                (ctx.form(format!("/work/deputies/{}/end", row.id)).inline().body(html! {
                    (Button::secondary("结束").about(format!("{}由{}代理", row.principal_name, row.deputy_name)).small())
                }))
            }
        };
        TableRow::new()
            .cell(&row.principal_name)
            .cell(&row.deputy_name)
            .cell(span(row))
            .cell(kinds(row))
            .cell(state(row, today))
            .cell(end)
    });
    html! {
        @if view.rows.is_empty() {
            (empty_state(Icon::Users, "没有代理安排", "外出、休假前安排好代理人，办件不会停下来。", None))
        } @else {
            (Table::new("代理安排", ["外出人", "代理人", "时间", "工作", "状态", "操作"].map(Column::new)).hide_caption().rows(rows))
        }
    }
}

fn span(row: &DeputyRow) -> String {
    let day = |text: &str| text.parse::<NaiveDate>().map_or_else(|_| text.to_owned(), format::date_short);
    format!("{} 至 {}", day(&row.from_day), day(row.ended_on.as_deref().unwrap_or(&row.to_day)))
}

fn kinds(row: &DeputyRow) -> String {
    let chosen = row.kinds();
    let names: Vec<&str> = DEPUTY_KINDS.iter().filter(|(kind, _)| chosen.contains(*kind)).map(|(_, name)| *name).collect();
    names.join("、")
}

fn state(row: &DeputyRow, today: NaiveDate) -> Markup {
    if row.holds(today) {
        tag(Tone::Good, "代理中")
    } else if row.stands(today) {
        tag(Tone::Info, "未开始")
    } else {
        tag(Tone::Neutral, if row.ended_on.is_some() { "提前结束" } else { "已结束" })
    }
}

fn new(ctx: &Ctx, view: &Deputies, data: &FormData, error: Option<&Error>) -> Markup {
    let me = ctx.actor().id().unwrap_or_default();
    let first = data.pairs().next().is_none();
    let field = |name: &str, label: &str| Field::new(name, label).value(data.text(name)).error(said(error, name));
    let people = |without: Option<Uuid>| -> Vec<Choice> {
        let choice = |(id, name): &(Uuid, String)| Choice::new(id.to_string(), name.clone());
        std::iter::once(Choice::new("", "请选择")).chain(view.people.iter().filter(|(id, _)| Some(*id) != without).map(choice)).collect()
    };
    let day = |name: &str| if first { DateParts::from(ctx.today()) } else { typed_day(data, name) };
    let offered: Vec<Choice> = view
        .kinds
        .iter()
        .map(|(kind, name)| Choice::new(*kind, *name).chosen(data.all("kinds").any(|k| k == *kind) || (first && view.kinds.len() == 1)))
        .collect();
    ctx.form("/work/deputies").dirty_check().body(html! {
        @if view.arranges {
            @let away = if first { me.to_string() } else { data.text("principal").to_owned() };
            (select(&field("principal", "外出人").value(&away).width(Width::Chars20), &people(None)))
        } @else {
            (hidden("principal", &me.to_string()))
        }
        (select(&field("deputy", "代理人").width(Width::Chars20), &people((!view.arranges).then_some(me))))
        (date_input(&field("from_day", "开始日期"), &day("from_day")))
        (date_input(&field("to_day", "结束日期").hint("含这一天"), &day("to_day")))
        (checkboxes(&field("kinds", "交出的工作"), &offered))
        (text_input(&field("reason", "事由").required(false).hint("例如：出差、休假、培训").width(Width::TwoThirds)))
        (Button::primary("安排代理人"))
    })
}

fn typed_day(data: &FormData, name: &str) -> DateParts {
    let part = |part: &str| data.text(&format!("{name}_{part}")).to_owned();
    DateParts { year: part("year"), month: part("month"), day: part("day") }
}

fn day(data: &FormData, name: &str) -> Result<NaiveDate> {
    let parts = typed_day(data, name);
    let numbers = || Some((parts.year.trim().parse().ok()?, parts.month.trim().parse().ok()?, parts.day.trim().parse().ok()?));
    let date = numbers().and_then(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d));
    date.ok_or_else(|| Error::field(name, "请填写正确的日期，例如 2026 年 11 月 24 日。"))
}

fn asked(data: &FormData) -> Result<NewDeputy> {
    let chosen = |name: &str| data.text(name).parse().map_err(|_| Error::field(name, "请选择一位同事。"));
    Ok(NewDeputy {
        principal: chosen("principal")?,
        deputy: chosen("deputy")?,
        from: day(data, "from_day")?,
        to: day(data, "to_day")?,
        kinds: data.all("kinds").map(str::to_owned).collect(),
        reason: data.text("reason").to_owned(),
    })
}

/// POST /work/deputies
pub(super) async fn name(ctx: Ctx, form: Form) -> PageResult<Response> {
    let done = async {
        let new = asked(&form.data)?;
        let tx = ctx.db.begin().await?;
        if db::idempotent(&tx, "organization.name_deputy", &form.token.nonce, "", ctx.now()).await? == Idempotency::First {
            service::name_deputy(&ctx, &tx, ctx.actor(), &new).await?;
            tx.commit().await?;
        }
        Ok(())
    }
    .await;
    match done {
        Ok(()) => Ok(ctx.redirect_saying("/work/deputies", "代理人已安排，到期自动结束。")),
        Err(error) if mendable(&error) => {
            let view = service::deputies(&ctx, ctx.actor()).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&ctx, &view, &form.data, Some(&error))?).into_response())
        }
        Err(error) => Err(Failure(error)),
    }
}

/// POST /work/deputies/{id}/end
pub(super) async fn end(ctx: Ctx, Path(id): Path<Uuid>, _form: Form) -> PageResult<Response> {
    let tx = ctx.db.begin().await?;
    service::end_deputy(&ctx, &tx, ctx.actor(), id).await?;
    tx.commit().await?;
    Ok(ctx.redirect_saying("/work/deputies", "代理已结束。"))
}
