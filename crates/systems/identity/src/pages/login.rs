use std::collections::HashMap;

use axum::extract::Query;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use base::{Error, Result};
use web::components::{
    Button, Column, Field, Icon, PageHeading, SearchPlace, Table, TableRow, Width, details, error_summary, hidden, narrow, password, text_input,
};
use web::{Ctx, Form, Markup, PageResult, SESSION_COOKIE, cookie, expired_cookie, html, redirect};

use super::parts::{again, client, said, summary};
use crate::model::{AccountKind, safe_next};
use crate::service::{self, SignIn, Ticket};
use crate::store::{self, DemonstrationAccount};

async fn demonstration(ctx: &Ctx) -> Result<Vec<DemonstrationAccount>> {
    if ctx.site.demonstration { store::demonstration_accounts(ctx.db.read()).await } else { Ok(Vec::new()) }
}

fn render(ctx: &Ctx, login: &str, next: &str, accounts: &[DemonstrationAccount], error: Option<&Error>) -> Markup {
    ctx.page("登录")
        .search(SearchPlace::None)
        .has_errors(error.is_some())
        .body(narrow(html! {
            (error_summary(summary(error)))
            (PageHeading::new("登录").lede("个人用身份证号码或手机号码，企业和组织用统一社会信用代码，工作人员用登录名。"))
            (ctx.form("/login").body(html! {
                (hidden("next", next))
                (text_input(&Field::new("login", "账号").value(login).error(said(error, "login")).autocomplete("username").width(Width::Chars20)))
                (password(&Field::new("password", "密码").hint("连续输错 5 次将锁定 30 分钟").error(said(error, "password")).width(Width::Chars20)))
                (Button::primary("登录").icon(Icon::LogIn))
            }))
            p { "还没有账号？" a href="/register" { "注册个人或法人账号" } }
            p { "忘记密码请带身份证件到就近的政务服务中心窗口重置，或拨打 " (ctx.site.hotline) "。" }
            @if ctx.site.demonstration {
                (details("演示账号（虚构）", html! {
                    @if accounts.is_empty() { p { "还没有导入演示账号。" } } @else {
                        (Table::new("演示账号", ["身份", "账号", "密码"].map(Column::new)).hide_caption()
                            .rows(accounts.iter().map(|a| TableRow::new().cell(&a.label).cell(&a.login).cell(&a.password))))
                    }
                }))
            }
        }))
        .document()
}

fn render_code(ctx: &Ctx, challenge: &str, next: &str, error: Option<&Error>) -> Markup {
    ctx.page("输入动态码")
        .search(SearchPlace::None)
        .has_errors(error.is_some())
        .body(narrow(html! {
            (error_summary(summary(error)))
            (ctx.form("/login/totp").body(html! {
                (hidden("challenge", challenge))
                (hidden("next", next))
                (text_input(&Field::new("code", "输入动态码").as_heading().hint("打开手机上的动态码应用，输入现在显示的 6 位数字；手机不在身边时可以输入一个恢复码")
                    .error(said(error, "code")).autocomplete("one-time-code").width(Width::Chars20)))
                (Button::primary("确认登录"))
            }))
            p { a href="/login" { "返回登录页" } }
        }))
        .document()
}

/// The sign-in page.
pub(super) async fn show(ctx: Ctx, Query(query): Query<HashMap<String, String>>) -> PageResult<Response> {
    let next = query.get("next").map_or("", String::as_str);
    if ctx.session().is_some() {
        return Ok(redirect(safe_next(next, home_of(&ctx))));
    }
    Ok(render(&ctx, "", safe_next(next, ""), &demonstration(&ctx).await?, None).into_response())
}

fn home_of(ctx: &Ctx) -> &'static str {
    if ctx.actor().staff().is_ok() { "/work" } else { "/my" }
}

/// Checks login and password.
pub(super) async fn enter(ctx: Ctx, headers: HeaderMap, form: Form) -> PageResult<Response> {
    let (login, next) = (form.data.text("login"), safe_next(form.data.text("next"), ""));
    let answer = if login.is_empty() {
        Err(Error::field("login", "请填写账号。"))
    } else {
        service::sign_in(&ctx, login, form.data.text("password"), &client(&ctx, &headers)).await
    };
    match answer {
        Ok(SignIn::Done(ticket)) => Ok(welcome(&ctx, &ticket, next)),
        Ok(SignIn::Code { challenge }) => Ok(render_code(&ctx, &challenge, next, None).into_response()),
        Err(error) => {
            let accounts = demonstration(&ctx).await?;
            again(error, |e| render(&ctx, login, next, &accounts, Some(e)))
        }
    }
}

/// The second page stands only behind the first.
pub(super) async fn back() -> Response {
    redirect("/login")
}

/// Checks the one-time code.
pub(super) async fn enter_code(ctx: Ctx, headers: HeaderMap, form: Form) -> PageResult<Response> {
    let (challenge, next) = (form.data.text("challenge"), safe_next(form.data.text("next"), ""));
    match service::sign_in_with_code(&ctx, challenge, form.data.text("code"), &client(&ctx, &headers)).await {
        Ok(ticket) => Ok(welcome(&ctx, &ticket, next)),
        Err(error) => again(error, |e| render_code(&ctx, challenge, next, Some(e))),
    }
}

fn welcome(ctx: &Ctx, ticket: &Ticket, next: &str) -> Response {
    let (home, account) = match ticket.kind {
        AccountKind::Staff => ("/work", "/work/account"),
        AccountKind::Person | AccountKind::Firm => ("/my", "/my/account"),
    };
    let mut response = if ticket.must_change {
        ctx.redirect_saying(account, "这是初始密码，请先修改密码，再开始办理。")
    } else {
        redirect(safe_next(next, home))
    };
    response.headers_mut().append(header::SET_COOKIE, cookie(SESSION_COOKIE, &ticket.token, None, ctx.secure()));
    response
}

/// Signs out; also when the session ended meanwhile.
pub(super) async fn leave(ctx: Ctx, _form: Form) -> PageResult<Response> {
    if let Some(session) = ctx.session() {
        match service::sign_out(&ctx, ctx.actor(), session.id).await {
            Err(error) if error.kind() != base::Kind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    let mut response = ctx.redirect_saying("/", "您已退出登录。");
    response.headers_mut().append(header::SET_COOKIE, expired_cookie(SESSION_COOKIE));
    Ok(response)
}
