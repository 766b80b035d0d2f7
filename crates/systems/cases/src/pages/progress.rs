//! Progress without signing in: case number and query code.

use std::collections::HashMap;

use axum::extract::Query;
use maud::html;
use web::components::{Button, Field, Icon, PageHeading, Width, error_summary, narrow, section, text_input};
use web::{Ctx, Form, PageResult, Policy, Routes};

use super::case_parts::{Eyes, facts, state_tag, steps};
use crate::service;

pub(crate) fn routes() -> Routes {
    Routes::new().get("/progress", Policy::Public, ask).post("/progress", Policy::Public, answer)
}

/// GET /progress
async fn ask(ctx: Ctx, Query(query): Query<HashMap<String, String>>) -> PageResult {
    Ok(form(&ctx, query.get("number").map_or("", String::as_str), None))
}

/// POST /progress: the code must not stand in an address.
async fn answer(ctx: Ctx, posted: Form) -> PageResult {
    let number = posted.data.text("number").to_owned();
    match service::progress(&ctx, &number, posted.data.text("code")).await {
        Ok(view) => {
            let course = designs::course(&ctx, view.case.row.id, &view.tasks).await?;
            let body = html! {
                (PageHeading::new(&view.case.row.item_name).caption(format!("办件编号 {number}")).mark(state_tag(view.case.state)))
                (section("办理进度", None, steps(&ctx, &view, course.as_ref(), Eyes::Applicant)))
                (section("基本情况", None, facts(&view)))
                (Button::print("打印这一页"))
            };
            Ok(ctx.page("办件进度").crumb("首页", "/").crumb("办件进度查询", "/progress").body(body).document())
        }
        Err(error) if error.kind() == base::Kind::NotFound => Ok(form(&ctx, &number, Some(error.message()))),
        Err(error) => Err(error.into()),
    }
}

fn form(ctx: &Ctx, number: &str, error: Option<&str>) -> web::Markup {
    let body = html! {
        (narrow(html! {
            @if let Some(message) = error { (error_summary([("number", message)])) }
            (PageHeading::new("办件进度查询").lede("凭收件凭证上的办件编号和查询码，不登录也能查。"))
            (ctx.form("/progress").body(html! {
                (text_input(&Field::new("number", "办件编号").value(number).error(error).width(Width::TwoThirds).hint("23 位，例如 45030020261124010000178")))
                (text_input(&Field::new("code", "查询码").width(Width::Chars10).hint("8 位字母和数字，不区分大小写").autocomplete("off")))
                (Button::primary("查询进度").icon(Icon::Search))
            }))
        }))
    };
    ctx.page("办件进度查询").crumb("首页", "/").has_errors(error.is_some()).body(body).document()
}
