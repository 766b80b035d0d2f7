//! Registration at the window: choose the item, write down the applicant, then the same form with the same rules.

use std::collections::HashMap;

use access::PartyKind;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use base::Kind;
use identity::NewParty;
use maud::html;
use uuid::Uuid;
use web::components::{
    Button, Choice, Column, Field, Form as FormMarkup, Icon, PageHeading, Table, TableRow, Width, back_link, card, empty_state, error_summary, narrow, radios, text_input,
};
use web::{Ctx, Failure, Form, FormData, PageResult, redirect};

use crate::service;

/// GET /work/register
pub(crate) async fn choose(ctx: Ctx, Query(query): Query<HashMap<String, String>>) -> PageResult {
    let text = query.get("q").map_or("", |t| t.trim());
    let region = ctx.actor().staff()?.region.clone();
    let found = if text.is_empty() { catalog::popular(ctx.db.read(), &region, 20).await? } else { catalog::search(&ctx, text, &region, &[], 0, 30)? };
    let rows: Vec<TableRow> = found
        .iter()
        .map(|item| {
            let href = format!("/work/register/{}", item.item_id);
            TableRow::new().cell(html! { a class="govuk-link" href=(href) { (item.name) } }).cell(&item.body_name).cell(item.promised.to_string()).open(href)
        })
        .collect();
    let body = html! {
        (PageHeading::new("窗口登记").lede("不需要预约，也不需要申请人有账号。先找到事项，再登记申请人。"))
        (FormMarkup::get("/work/register").body(html! {
            (text_input(&Field::new("q", "事项名称、常用说法或编码").value(text).required(false).width(Width::TwoThirds)))
            (Button::secondary("查找").icon(Icon::Search))
        }))
        (card(html! {
            @if rows.is_empty() {
                (empty_state(Icon::Search, "没有找到事项", "换一个说法试试，例如“食品”“许可证”。", None))
            } @else {
                (Table::new(if text.is_empty() { "高频事项" } else { "查找结果" }, ["事项", "部门", "承诺时限"].map(Column::new)).keyboard().rows(rows))
            }
        }))
    };
    Ok(ctx.workbench("窗口登记").body(body).document())
}

/// GET /work/register/{item}
pub(crate) async fn applicant(ctx: Ctx, Path(item): Path<Uuid>) -> PageResult {
    form(&ctx, item, &[], &FormData::default()).await
}

/// POST /work/register/{item}
pub(crate) async fn begin(ctx: Ctx, Path(item): Path<Uuid>, posted: Form) -> PageResult<Response> {
    let text = |name: &str| posted.data.text(name).to_owned();
    let firm = text("kind") == "firm";
    let new = NewParty {
        kind: if firm { PartyKind::Firm } else { PartyKind::Person },
        name: text("name"),
        id_type: if firm { "uscc" } else { "111" }.into(),
        id_number: text("id_number"),
        phone: text("phone"),
        address: text("address"),
    };
    match service::start_at_window(&ctx, ctx.actor(), item, new).await {
        Ok(draft) => Ok(redirect(&format!("/apply/drafts/{}", draft.row.id))),
        Err(error) if error.kind() == Kind::Invalid => {
            let errors: Vec<(String, String)> = error.fields().iter().map(|f| (f.field.clone(), f.message.clone())).collect();
            Ok(form(&ctx, item, &errors, &posted.data).await?.into_response())
        }
        Err(error) => Err(Failure(error)),
    }
}

async fn form(ctx: &Ctx, item: Uuid, errors: &[(String, String)], typed: &FormData) -> PageResult {
    let version = catalog::published(ctx, item).await?;
    let error = |name: &str| errors.iter().find(|(key, _)| key == name).map(|(_, m)| m.as_str());
    let field = |name: &str, label: &str| Field::new(name, label).value(typed.text(name)).error(error(name)).autocomplete("off");
    let persons = version.spec.for_persons();
    let firms = version.spec.for_firms();
    let firm = typed.text("kind") == "firm" || !persons;
    let mut choices = Vec::new();
    if persons {
        choices.push(Choice::new("person", "个人").chosen(!firm));
    }
    if firms {
        choices.push(Choice::new("firm", "企业或其他组织").chosen(firm));
    }
    let body = html! {
        (back_link("另选事项", "/work/register"))
        (narrow(html! {
            (error_summary(errors.iter().map(|(key, message)| (key.as_str(), message.as_str()))))
            (PageHeading::new("登记申请人").caption(&version.spec.name))
            (ctx.form(format!("/work/register/{item}")).body(html! {
                (radios(&field("kind", "申请人类型"), &choices))
                (text_input(&field("name", "姓名或名称").width(Width::TwoThirds)))
                (text_input(&field("id_number", "公民身份号码或统一社会信用代码").width(Width::Chars20)))
                (text_input(&field("phone", "联系电话").inputmode("tel").width(Width::Chars20)))
                (text_input(&field("address", "送达地址").required(false)))
                (Button::primary("开始登记"))
            }))
        }))
    };
    Ok(ctx.workbench("登记申请人").crumb("窗口登记", "/work/register").has_errors(!errors.is_empty()).body(body).document())
}
