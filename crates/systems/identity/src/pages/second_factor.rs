//! Setting up the second factor: why, the secret with its QR code, the confirmation, and the recovery codes, shown once. Nothing
//! here needs JavaScript.

use axum::response::{IntoResponse, Response};
use base::Error;
use web::components::{Button, Fact, Field, PageHeading, Width, error_summary, narrow, qr_code, section, summary_list, text_input, warning_text};
use web::{Ctx, Form, Markup, PageResult, html, redirect};

use super::parts::{again, said, summary};
use super::staff_account;
use crate::service::{self, Enrolment, SET_UP};

const TITLE: &str = "设置登录动态码";

/// Whether this session may do nothing else.
fn bound(ctx: &Ctx) -> bool {
    ctx.session().is_some_and(|session| session.first.is_some())
}

/// The page that fits how far somebody is.
pub(super) async fn show(ctx: Ctx) -> PageResult<Response> {
    match service::pending_enrolment(&ctx, ctx.actor()).await {
        Ok(enrolment) => Ok(render(&ctx, &enrolment, None).into_response()),
        Err(error) if error.code() != "identity.no_enrolment" => Err(error.into()),
        Err(_) if bound(&ctx) => Ok(why(&ctx).into_response()),
        Err(_) => Ok(redirect("/work/account")),
    }
}

fn why(ctx: &Ctx) -> Markup {
    ctx.workbench(TITLE)
        .body(narrow(html! {
            (PageHeading::new(TITLE).lede("您的岗位可以作决定或者管理平台，登录时除密码外还要输入手机上的动态码。设置好以后才能继续使用工作台，大约需要两分钟。"))
            ol class="govuk-list govuk-list--number" {
                li { "在手机上安装任意一款动态码应用（身份验证器），不需要联网。" }
                li { "用应用扫描下一页的二维码，或者手工输入密钥。" }
                li { "输入应用显示的 6 位数字，并保存好恢复码。" }
            }
            (ctx.form(format!("{SET_UP}/start")).body(html! { (Button::primary("开始设置")) }))
            p { "手机不在身边可以先退出登录；遇到困难请联系本单位管理员。" }
        }))
        .document()
}

fn render(ctx: &Ctx, enrolment: &Enrolment, error: Option<&Error>) -> Markup {
    ctx.workbench(TITLE)
        .has_errors(error.is_some())
        .body(narrow(html! {
            (error_summary(summary(error)))
            (PageHeading::new(TITLE).lede("用手机上的动态码应用扫描二维码，再输入应用显示的 6 位数字。"))
            (qr_code(&enrolment.url, "动态码二维码，不能扫描时请手工输入下面的密钥"))
            (summary_list(&[Fact::new("不能扫描时输入的密钥", &enrolment.secret)]))
            (ctx.form(format!("{SET_UP}/confirm")).body(html! {
                (text_input(&Field::new("code", "动态码").error(said(error, "code")).inputmode("numeric").autocomplete("one-time-code").width(Width::Chars10)))
                (Button::primary("确认启用"))
                @if !bound(ctx) { (Button::link("取消").href("/work/account")) }
            }))
        }))
        .document()
}

/// Makes a new secret. Whoever is not bound gives the password first.
pub(super) async fn start(ctx: Ctx, form: Form) -> PageResult<Response> {
    let made = match ctx.session() {
        Some(session) if session.first.is_some() => service::enrol_totp_first(&ctx, session).await,
        _ => service::enrol_totp(&ctx, ctx.actor(), form.data.text("totp_password")).await,
    };
    match made {
        Ok(_) => Ok(redirect(SET_UP)),
        Err(error) => staff_account::answer(&ctx, Err(error), "").await,
    }
}

/// Confirms the secret with a code and shows the recovery codes.
pub(super) async fn confirm(ctx: Ctx, form: Form) -> PageResult<Response> {
    match service::confirm_totp(&ctx, ctx.actor(), form.data.text("code")).await {
        Ok(codes) => Ok(codes_page(&ctx, "登录动态码已启用", &codes).into_response()),
        Err(error) if error.fields().is_empty() => Err(error.into()),
        Err(error) => {
            let enrolment = service::pending_enrolment(&ctx, ctx.actor()).await?;
            again(error, |e| render(&ctx, &enrolment, Some(e)))
        }
    }
}

/// Makes new recovery codes and shows them.
pub(super) async fn codes(ctx: Ctx, form: Form) -> PageResult<Response> {
    match service::renew_recovery_codes(&ctx, ctx.actor(), form.data.text("codes_password")).await {
        Ok(codes) => Ok(codes_page(&ctx, "恢复码已重新生成", &codes).into_response()),
        Err(error) => staff_account::answer(&ctx, Err(error), "").await,
    }
}

fn codes_page(ctx: &Ctx, title: &str, codes: &[String]) -> Markup {
    ctx.workbench(title)
        .body(narrow(html! {
            (PageHeading::new(title).lede("下次登录时，输入密码后再输入手机应用显示的动态码。"))
            (section("恢复码", None, html! {
                p { "手机丢失或者更换时，用下面任意一个恢复码代替动态码登录。每个只能用一次。" }
                ul class="govuk-list codes" { @for code in codes { li { code { (code) } } } }
                (warning_text("恢复码只显示这一次。请抄写或者打印后妥善保管，不要和手机放在一起，不要发给任何人。"))
            }))
            (Button::primary("已保存，进入工作台").href("/work"))
        }))
        .document()
}
