use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use base::{Error, Result};
use qrcode::QrCode;
use qrcode::render::svg;
use uuid::Uuid;
use web::components::{Button, Fact, Field, PageHeading, Tone, Width, error_summary, narrow, notification_banner, password, section, summary_list, text_input};
use web::{Ctx, Form, Markup, PageResult, PreEscaped, html};

use super::parts::{again, password_form, said, sessions_table, summary, try_change_password};
use crate::service::{self, Enrolment, SessionInfo};

struct View {
    sessions: Vec<SessionInfo>,
    enrolled: bool,
}

async fn load(ctx: &Ctx) -> Result<View> {
    Ok(View { sessions: service::sessions(ctx, ctx.actor()).await?, enrolled: service::totp_enrolled(ctx, ctx.actor()).await? })
}

fn render(ctx: &Ctx, view: &View, error: Option<&Error>) -> Markup {
    let staff = ctx.actor().staff().ok();
    ctx.workbench("账号与安全")
        .has_errors(error.is_some())
        .body(html! {
            (error_summary(summary(error)))
            (PageHeading::new("账号与安全"))
            @if let Some(staff) = staff {
                (section("资料", None, summary_list(&[
                    Fact::new("姓名", &staff.name),
                    Fact::new("单位", &staff.body_name),
                    Fact::new("岗位", staff.posts.join("、")),
                ])))
            }
            (section("登录动态码", None, html! {
                @if view.enrolled { p { "已启用：登录时除密码外还要输入手机应用上的动态码。换手机时请重新设置。" } }
                @else if ctx.site.demonstration { p { "未启用。演示环境可以不启用；正式环境的工作人员都应启用。" } }
                @else { (notification_banner(Tone::Caution, "请启用登录动态码", html! { p { "工作人员账号应当启用动态码，密码泄露时也能保护办件信息。" } })) }
                (ctx.form("/work/account/totp").body(html! {
                    (password(&Field::new("totp_password", "登录密码").hint("设置前请再输一次密码").error(said(error, "totp_password")).width(Width::Chars20)))
                    (Button::secondary(if view.enrolled { "重新设置动态码" } else { "设置动态码" }))
                }))
            }))
            (section("修改密码", None, password_form(ctx, "/work/account/password", error)))
            (section("已登录的设备", None, sessions_table(ctx, &view.sessions, "/work/account")))
        })
        .document()
}

/// The QR code as an SVG drawing; without it the secret can still be typed in.
fn drawing(url: &str) -> Markup {
    let svg = QrCode::new(url.as_bytes()).map(|code| code.render::<svg::Color<'_>>().min_dimensions(220, 220).build()).unwrap_or_default();
    let svg = svg.find("<svg").and_then(|at| svg.get(at..)).unwrap_or_default();
    html! { div role="img" aria-label="动态码二维码，不能扫描时请手工输入下面的密钥" { (PreEscaped(svg)) } }
}

fn render_enrolment(ctx: &Ctx, enrolment: &Enrolment, error: Option<&Error>) -> Markup {
    ctx.workbench("设置登录动态码")
        .has_errors(error.is_some())
        .body(narrow(html! {
            (error_summary(summary(error)))
            (PageHeading::new("设置登录动态码").lede("用手机上的动态码应用扫描二维码，再输入应用显示的 6 位数字。"))
            (drawing(&enrolment.url))
            (summary_list(&[Fact::new("不能扫描时输入的密钥", &enrolment.secret)]))
            (ctx.form("/work/account/totp/confirm").body(html! {
                (text_input(&Field::new("code", "动态码").error(said(error, "code")).inputmode("numeric").autocomplete("one-time-code").width(Width::Chars10)))
                (Button::primary("确认启用"))
                (Button::link("取消").href("/work/account"))
            }))
        }))
        .document()
}

/// The account of a staff member.
pub(super) async fn show(ctx: Ctx) -> PageResult {
    Ok(render(&ctx, &load(&ctx).await?, None))
}

async fn answer(ctx: &Ctx, done: Result<()>, saying: &str) -> PageResult<Response> {
    match done {
        Ok(()) => Ok(ctx.redirect_saying("/work/account", saying)),
        Err(error) => {
            let view = load(ctx).await?;
            again(error, |e| render(ctx, &view, Some(e)))
        }
    }
}

/// Changes the password.
pub(super) async fn change_password(ctx: Ctx, form: Form) -> PageResult<Response> {
    let done = try_change_password(&ctx, &form).await;
    answer(&ctx, done, "密码已修改，其他设备上的登录已结束。").await
}

/// Ends a session.
pub(super) async fn revoke_session(ctx: Ctx, Path(id): Path<Uuid>, _form: Form) -> PageResult<Response> {
    let done = service::revoke_session(&ctx, ctx.actor(), id).await;
    answer(&ctx, done, "已结束那台设备上的登录。").await
}

/// Makes a new secret and shows it.
pub(super) async fn enrol(ctx: Ctx, form: Form) -> PageResult<Response> {
    match service::enrol_totp(&ctx, ctx.actor(), form.data.text("totp_password")).await {
        Ok(enrolment) => Ok(render_enrolment(&ctx, &enrolment, None).into_response()),
        Err(error) => answer(&ctx, Err(error), "").await,
    }
}

/// Confirms the secret with a code.
pub(super) async fn confirm(ctx: Ctx, form: Form) -> PageResult<Response> {
    match service::confirm_totp(&ctx, ctx.actor(), form.data.text("code")).await {
        Ok(()) => Ok(ctx.redirect_saying("/work/account", "登录动态码已启用。")),
        Err(error) if error.fields().is_empty() => answer(&ctx, Err(error), "").await,
        Err(error) => {
            let enrolment = service::pending_enrolment(&ctx, ctx.actor()).await?;
            again(error, |e| render_enrolment(&ctx, &enrolment, Some(e)))
        }
    }
}
