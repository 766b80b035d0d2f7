//! 扫码用证: whoever was shown a code looks at what the holder allowed.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use access::Actor;
use base::{Error, Kind};
use chrono::Duration;
use maud::{Markup, html};
use web::components::*;
use web::{Brake, Ctx, Form as Sent, PageResult};

use crate::model::Extent;
use crate::pages::{id, pdf_response, said, summary, term, tone};
use crate::service::{self, Offered, Shown, readable};

/// Codes tried from one address, right or wrong: sixteen digits are not to be guessed.
pub(crate) static SHOW_BRAKE: LazyLock<Brake> = LazyLock::new(|| Brake::new(60, Duration::minutes(10)));

/// `GET /licences/show?code=`
pub(super) async fn form(ctx: Ctx, Query(query): Query<HashMap<String, String>>) -> PageResult<Response> {
    match query.get("code") {
        None => Ok(ask(&ctx, "", None).into_response()),
        Some(code) => answer(&ctx, code).await,
    }
}

/// Where the QR code of a code leads.
pub(super) async fn offer(ctx: Ctx, Path(code): Path<String>) -> PageResult<Response> {
    answer(&ctx, &code).await
}

async fn answer(ctx: &Ctx, code: &str) -> PageResult<Response> {
    SHOW_BRAKE.check(&ctx.address(), ctx.now())?;
    match service::offered(ctx.platform(), ctx.actor(), code).await {
        Ok(offered) => Ok(confirm(ctx, &offered, "", None).into_response()),
        Err(error) => refused(ctx, code, error),
    }
}

/// A code that opens nothing is asked for again, with the reason.
fn refused(ctx: &Ctx, code: &str, error: Error) -> PageResult<Response> {
    if !matches!(error.kind(), Kind::NotFound | Kind::Refused) {
        return Err(error.into());
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, ask(ctx, code, Some(error.message()))).into_response())
}

fn ask(ctx: &Ctx, code: &str, problem: Option<&str>) -> Markup {
    let field = Field::new("code", "出示码").hint("16 位数字，可以带空格").value(code).error(problem).width(Width::Chars20).inputmode("numeric").autocomplete("off");
    ctx.own_page("扫码用证")
        .has_errors(problem.is_some())
        .body(narrow(html! {
            (error_summary(problem.map(|text| ("code", text))))
            (PageHeading::new("扫码用证").lede("持证人出示二维码时，用手机扫一扫；也可以在这里输入持证人给您的 16 位数字。"))
            (Form::get("/licences/show").body(html! { (text_input(&field)) (Button::primary("下一步").icon(Icon::ArrowRight)) }))
            @if problem.is_some() && !matches!(ctx.actor(), Actor::Staff(_)) { p { "只授权给某个单位的出示码，要由这个单位的工作人员" a href="/login" { "登录" } "后使用。" } }
        }))
        .document()
}

fn confirm(ctx: &Ctx, offered: &Offered, who: &str, error: Option<&Error>) -> Markup {
    let staff = matches!(ctx.actor(), Actor::Staff(_));
    ctx.own_page("查看证照")
        .has_errors(error.is_some())
        .body(narrow(html! {
            (error_summary(summary(error)))
            (PageHeading::new("查看证照").caption(format!("出示码 {}", readable(&offered.code))).lede("持证人授权您查看一张证照。点“查看”会用掉一次次数，并且记录给持证人。"))
            (section("持证人的授权", None, summary_list(&[
                Fact::new("证照", &offered.type_name),
                Fact::new("用途", &offered.purpose),
                Fact::new("可以看到", offered.extent.name()),
                Fact::new("授权对象", if offered.body_name.is_empty() { "任何拿到出示码的人" } else { &offered.body_name }),
            ])))
            (ctx.form("/licences/show").body(html! {
                (hidden("code", &offered.code))
                @if !staff { (text_input(&Field::new("who", "您的单位和姓名").hint("持证人会看到是谁查看的").value(who).error(said(error, "who")).width(Width::TwoThirds).max_length(40))) }
                (inset("只能用于上面写明的用途，不得保存、转给别人。"))
                (Button::primary("查看").icon(Icon::Eye))
            }))
        }))
        .document()
}

/// `POST /licences/show`: the look. The same form sent again is the same look.
pub(super) async fn look(ctx: Ctx, form: Sent) -> PageResult<Response> {
    SHOW_BRAKE.check(&ctx.address(), ctx.now())?;
    let (code, who) = (form.data.text("code"), form.data.text("who"));
    match service::look(ctx.platform(), ctx.actor(), code, who, &form.token.nonce).await {
        Ok(shown) => Ok(result(&ctx, &shown, code)?.into_response()),
        Err(error) if error.kind() == Kind::Invalid => match service::offered(ctx.platform(), ctx.actor(), code).await {
            Ok(offered) => Ok((StatusCode::UNPROCESSABLE_ENTITY, confirm(&ctx, &offered, who, Some(&error))).into_response()),
            Err(closed) => refused(&ctx, code, closed),
        },
        Err(error) => refused(&ctx, code, error),
    }
}

fn result(ctx: &Ctx, shown: &Shown, code: &str) -> base::Result<Markup> {
    let licence = &shown.licence;
    let mut facts = vec![Fact::new("持证主体", &shown.holder)];
    if shown.extent > Extent::Facts {
        facts.push(Fact::new("证件号码", &licence.holder_id_shown));
    }
    facts.extend(shown.items.iter().map(|item| Fact::new(&item.key, &item.value)));
    facts.extend([
        Fact::new("证照编号", &licence.number),
        Fact::new("颁发机构", &licence.body_name),
        Fact::new("颁发日期", format::date(licence.issued()?)),
        Fact::new("有效期", term(licence.validity()?)),
    ]);
    Ok(ctx
        .own_page(&licence.type_name)
        .body(narrow(html! {
            (PageHeading::new(&licence.type_name).caption(format!("查看时间 {}", format::date_time(&ctx.now()))).mark(tag(tone(shown.standing), shown.standing.verdict())))
            (inset(html! { "用途：" (shown.purpose) "。这次查看已经记录，持证人可以看到。" }))
            (section("证照内容", None, summary_list(&facts)))
            @if shown.extent == Extent::Copy {
                (ctx.form("/licences/show/copy").body(html! {
                    (hidden("look", &shown.look.to_string()))
                    (hidden("code", code))
                    (Button::primary("下载带水印的副本").icon(Icon::Download))
                }))
            }
            p class="muted" { "这个出示码还可以查看 " (shown.looks_left) " 次。" }
            (button_row([html! { (Button::secondary("查看另一张").href("/licences/show")) }]))
        }))
        .document())
}

/// `POST /licences/show/copy`
pub(super) async fn copy(ctx: Ctx, form: Sent) -> PageResult<Response> {
    SHOW_BRAKE.check(&ctx.address(), ctx.now())?;
    let (licence, bytes) = service::copy(ctx.platform(), ctx.actor(), id(form.data.text("look"))?, form.data.text("code")).await?;
    Ok(pdf_response(&licence.number, bytes))
}
