use axum::extract::Path;
use axum::response::Response;
use base::{Error, Result};
use uuid::Uuid;
use web::components::{Button, Fact, Field, PageHeading, Tone, Width, error_summary, notification_banner, password, section, summary_list};
use web::{Ctx, Form, Markup, PageResult, html};

use super::parts::{again, password_form, said, sessions_table, summary, try_change_password};
use crate::service::{self, SessionInfo};

struct View {
    sessions: Vec<SessionInfo>,
    enrolled: bool,
    codes_left: i64,
}

async fn load(ctx: &Ctx) -> Result<View> {
    Ok(View {
        sessions: service::sessions(ctx, ctx.actor()).await?,
        enrolled: service::totp_enrolled(ctx, ctx.actor()).await?,
        codes_left: service::recovery_codes_left(ctx, ctx.actor()).await?,
    })
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
                (ctx.form("/work/second-factor/start").body(html! {
                    (password(&Field::new("totp_password", "登录密码").hint("设置前请再输一次密码").error(said(error, "totp_password")).width(Width::Chars20)))
                    (Button::secondary(if view.enrolled { "重新设置动态码" } else { "设置动态码" }))
                }))
            }))
            @if view.enrolled {
                (section("恢复码", None, html! {
                    p { "手机丢失时，用恢复码代替动态码登录，每个只能用一次。还剩 " strong { (view.codes_left) } " 个。" }
                    @if view.codes_left < 3 { (notification_banner(Tone::Caution, "恢复码快用完了", html! { p { "请重新生成一组，旧的恢复码随即作废。" } })) }
                    (ctx.form("/work/second-factor/codes").body(html! {
                        (password(&Field::new("codes_password", "登录密码").hint("重新生成前请再输一次密码").error(said(error, "codes_password")).width(Width::Chars20)))
                        (Button::secondary("重新生成恢复码"))
                    }))
                }))
            }
            (section("修改密码", None, password_form(ctx, "/work/account/password", error)))
            (section("已登录的设备", None, sessions_table(ctx, &view.sessions, "/work/account")))
        })
        .document()
}

/// The account of a staff member.
pub(super) async fn show(ctx: Ctx) -> PageResult {
    Ok(render(&ctx, &load(&ctx).await?, None))
}

/// Back to the account with a word, or the account again with what is wrong.
pub(super) async fn answer(ctx: &Ctx, done: Result<()>, saying: &str) -> PageResult<Response> {
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
