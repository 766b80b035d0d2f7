use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::{Error, Result};
use db::Idempotency;
use uuid::Uuid;
use web::components::{Button, Field, PageHeading, Width, back_link, button_row, error_summary, hidden, narrow, text_input};
use web::{Ctx, Failure, Form, FormData, Markup, PageResult, html};

use super::{mendable, said, summary};
use crate::service::{self, BodyContacts, NewBody};
use crate::store::Body;

fn values(body: &Body) -> FormData {
    let pairs = [
        ("name", body.name.clone()),
        ("address", body.address.clone()),
        ("phone", body.phone.clone()),
        ("complaint_phone", body.complaint_phone.clone()),
        ("version", body.version.to_string()),
    ];
    FormData::new(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn render(ctx: &Ctx, existing: Option<Uuid>, data: &FormData, error: Option<&Error>) -> Markup {
    let (title, action, back) = match existing {
        None => ("登记机构", "/work/organization/bodies/new".to_owned(), "/work/organization".to_owned()),
        Some(id) => ("修改机构信息", format!("/work/organization/bodies/{id}/edit"), format!("/work/organization/bodies/{id}")),
    };
    let field = |name: &str, label: &str| Field::new(name, label).value(data.text(name)).error(said(error, name));
    ctx.workbench(title)
        .has_errors(error.is_some())
        .body(html! {
            (back_link("返回", &back))
            (error_summary(summary(error)))
            (PageHeading::new(title))
            (narrow(ctx.form(&action).dirty_check().body(html! {
                (hidden("version", data.text("version")))
                @if existing.is_none() {
                    (text_input(&field("uscc", "统一社会信用代码").hint("18 位，填写后系统核对校验码").width(Width::Chars20)))
                    (text_input(&field("region", "行政区划代码").hint("12 位数字，例如桂林市 450300000000").width(Width::Chars20).inputmode("numeric")))
                }
                (text_input(&field("name", "机构全称").width(Width::TwoThirds)))
                (text_input(&field("address", "办公地址").required(false)))
                (text_input(&field("phone", "咨询电话").required(false).width(Width::Chars20).inputmode("tel")))
                (text_input(&field("complaint_phone", "投诉电话").required(false).width(Width::Chars20).inputmode("tel")))
                (button_row([html! { (Button::primary("保存")) }, html! { (Button::link("取消").href(&back)) }]))
            })))
        })
        .document()
}

fn again(ctx: &Ctx, existing: Option<Uuid>, data: &FormData, error: Error) -> PageResult<Response> {
    if !mendable(&error) {
        return Err(Failure(error));
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render(ctx, existing, data, Some(&error))).into_response())
}

/// The form for a new body.
pub(super) async fn new(ctx: Ctx) -> PageResult {
    Ok(render(&ctx, None, &FormData::default(), None))
}

/// Registers a body.
pub(super) async fn create(ctx: Ctx, form: Form) -> PageResult<Response> {
    match try_create(&ctx, &form).await {
        Ok(()) => Ok(ctx.redirect_saying(&format!("/work/organization?{}", serde_urlencoded::to_string([("q", form.data.text("name"))])?), "机构已登记。")),
        Err(error) => again(&ctx, None, &form.data, error),
    }
}

async fn try_create(ctx: &Ctx, form: &Form) -> Result<()> {
    let text = |name: &str| form.data.text(name).to_owned();
    let new = NewBody {
        uscc: text("uscc"),
        name: text("name"),
        region: text("region"),
        address: text("address"),
        phone: text("phone"),
        complaint_phone: text("complaint_phone"),
    };
    let tx = ctx.db.begin().await?;
    if db::idempotent(&tx, "organization.create_body", &form.token.nonce, "", ctx.now()).await? == Idempotency::First {
        service::create_body(ctx, &tx, ctx.actor(), &new).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The form to change a body.
pub(super) async fn edit(ctx: Ctx, Path(id): Path<Uuid>) -> PageResult {
    let body = service::managed_body(ctx.db.read(), ctx.actor(), id).await?;
    Ok(render(&ctx, Some(id), &values(&body), None))
}

/// Changes a body.
pub(super) async fn save(ctx: Ctx, Path(id): Path<Uuid>, form: Form) -> PageResult<Response> {
    match try_save(&ctx, id, &form.data).await {
        Ok(()) => Ok(ctx.redirect_saying(&format!("/work/organization/bodies/{id}"), "机构信息已修改。")),
        Err(error) => again(&ctx, Some(id), &form.data, error),
    }
}

async fn try_save(ctx: &Ctx, id: Uuid, data: &FormData) -> Result<()> {
    let text = |name: &str| data.text(name).to_owned();
    let contacts = BodyContacts { name: text("name"), address: text("address"), phone: text("phone"), complaint_phone: text("complaint_phone") };
    let version = i32::try_from(data.number("version")?).unwrap_or_default();
    let tx = ctx.db.begin().await?;
    service::update_body(ctx, &tx, ctx.actor(), id, version, &contacts).await?;
    tx.commit().await
}
