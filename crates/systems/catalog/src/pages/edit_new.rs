//! A new item: body, name, base code and variant are what makes it; everything else follows in the editor.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::{Error, FieldError, Kind, Result};
use uuid::Uuid;
use web::components::*;
use web::{Ctx, Form as Posted, PageResult, html};

use super::bodies;
use crate::permissions::EDIT;
use crate::service;

/// `GET /work/items/new`
pub(super) async fn new_page(ctx: Ctx) -> PageResult {
    ask_new(&ctx, ["", "", "", ""], &[]).await
}

async fn ask_new(ctx: &Ctx, [body, name, base_code, variant]: [&str; 4], errors: &[FieldError]) -> PageResult {
    let own = ctx.actor().staff().map(|s| s.region.clone()).unwrap_or_default();
    let prefix = own.trim_end_matches('0').to_owned();
    let bodies = bodies::all(ctx.db.read(), &prefix).await?;
    let allowed = bodies.into_iter().filter(|b| ctx.actor().may(EDIT, &b.target()));
    let mut choices = vec![Choice::new("", "请选择")];
    choices.extend(allowed.map(|b| Choice::new(b.id.to_string(), b.name)));
    let error = |name: &str| errors.iter().find(|e| e.field == name).map(|e| e.message.as_str());
    let content = narrow(html! {
        (error_summary(errors.iter().map(|e| (e.field.as_str(), e.message.as_str()))))
        (PageHeading::new("新建事项").lede("先确定是哪个机构的哪个事项，其余要素在下一页填写。"))
        (ctx.form("/work/items/new").body(html! {
            (select(&Field::new("body", "实施主体").value(body).error(error("body")), &choices))
            (text_input(&Field::new("name", "事项名称").value(name).error(error("name"))))
            (text_input(&Field::new("base_code", "基本编码").hint("12 位数字，同一机构内不能重复").value(base_code).width(Width::Chars20).error(error("base_code"))))
            (text_input(&Field::new("variant", "业务办理项序号").hint("拆分成多个办理项时填 01 至 99").value(variant).required(false).width(Width::Chars3).error(error("variant"))))
            (Button::primary("新建并填写"))
        }))
    });
    Ok(ctx.workbench("新建事项").crumb("事项目录", "/work/items").has_errors(!errors.is_empty()).body(content).document())
}

/// `POST /work/items/new`
pub(super) async fn create(ctx: Ctx, form: Posted) -> PageResult<Response> {
    let typed = ["body", "name", "base_code", "variant"].map(|name| form.data.text(name));
    match create_from(&ctx, typed).await {
        Ok(id) => Ok(ctx.redirect_saying(&format!("/work/items/{id}/edit"), "已新建，请填写各项要素。")),
        Err(error) if error.kind() == Kind::Invalid => Ok((StatusCode::UNPROCESSABLE_ENTITY, ask_new(&ctx, typed, error.fields()).await?).into_response()),
        Err(error) => Err(error.into()),
    }
}

async fn create_from(ctx: &Ctx, [body, name, base_code, variant]: [&str; 4]) -> Result<Uuid> {
    let unknown = || Error::field("body", "请选择实施主体。");
    let body = bodies::one(ctx.db.read(), body.parse().map_err(|_| unknown())?).await?.ok_or_else(unknown)?;
    service::create_draft(ctx, ctx.actor(), &body, variant, service::blank_spec(name, base_code)).await
}
