use axum::response::Response;
use base::{Error, Result};
use uuid::Uuid;
use web::components::{Button, Field, PageHeading, Width, error_summary, narrow, password, section, text_input};
use web::{Ctx, Form, FormData, Markup, PageResult, html};

use super::parts::{PASSWORD_HINT, again, said, summary};
use crate::service;

fn render(ctx: &Ctx, data: &FormData, error: Option<&Error>) -> Markup {
    let field = |name: &str, label: &str| Field::new(name, label).value(data.text(name)).error(said(error, name));
    let secret = || {
        password(&Field::new("password", "初始密码").hint(PASSWORD_HINT).error(said(error, "password")).autocomplete("new-password").width(Width::Chars20))
    };
    let work_no = field("work_no", "工号").hint("机构与岗位中登记的工号").width(Width::Chars10);
    ctx.workbench("工作人员账号")
        .has_errors(error.is_some())
        .body(narrow(html! {
            (error_summary(summary(error)))
            (PageHeading::new("工作人员账号").lede("先在“机构与岗位”登记人员，再在这里开设账号；初始密码在首次登录后由本人修改。"))
            (section("开设账号", None, ctx.form("/work/accounts/open").body(html! {
                (text_input(&work_no))
                (text_input(&field("login", "登录名").hint("一般与工号相同").width(Width::Chars20)))
                (secret())
                (Button::primary("开设账号"))
            })))
            (section("重置密码", None, ctx.form("/work/accounts/reset").body(html! {
                (text_input(&work_no.clone().id("reset_work_no")))
                (password(&Field::new("password", "新的初始密码").id("reset_password").hint(PASSWORD_HINT).autocomplete("new-password").width(Width::Chars20)))
                (Button::secondary("重置密码并解除锁定"))
            })))
            (section("重置登录动态码", None, ctx.form("/work/accounts/second-factor").body(html! {
                p { "工作人员的手机和恢复码都丢失时使用，请先当面核实本人身份。重置后其所有登录结束，下次登录时重新设置。" }
                (text_input(&work_no.clone().id("factor_work_no")))
                (text_input(&field("reason", "原因和核实方式").width(Width::TwoThirds)))
                (Button::secondary("重置动态码"))
            })))
        }))
        .document()
}

async fn staff(ctx: &Ctx, form: &Form) -> Result<Uuid> {
    let found = organization::staff_by_work_no(ctx.db.read(), form.data.text("work_no")).await?;
    found.ok_or_else(|| Error::field("work_no", "没有这个工号，请先在“机构与岗位”登记人员。"))
}

fn answer(ctx: &Ctx, form: &Form, done: Result<()>, saying: &str) -> PageResult<Response> {
    match done {
        Ok(()) => Ok(ctx.redirect_saying("/work/accounts", saying)),
        Err(error) => again(error, |e| render(ctx, &form.data, Some(e))),
    }
}

/// Accounts of staff.
pub(super) async fn show(ctx: Ctx) -> PageResult {
    Ok(render(&ctx, &FormData::default(), None))
}

/// Opens an account.
pub(super) async fn open(ctx: Ctx, form: Form) -> PageResult<Response> {
    let done = async {
        let staff = staff(&ctx, &form).await?;
        service::open_staff_account(&ctx, ctx.actor(), staff, form.data.text("login"), form.data.text("password")).await.map(|_| ())
    }
    .await;
    answer(&ctx, &form, done, "账号已开设，请把登录名和初始密码当面告诉本人。")
}

/// Resets a password.
pub(super) async fn reset(ctx: Ctx, form: Form) -> PageResult<Response> {
    let done = async {
        let staff = staff(&ctx, &form).await?;
        service::reset_staff_password(&ctx, ctx.actor(), staff, form.data.text("password")).await
    }
    .await;
    answer(&ctx, &form, done, "密码已重置，该账号的所有登录已结束。")
}

/// Resets a second factor.
pub(super) async fn reset_second_factor(ctx: Ctx, form: Form) -> PageResult<Response> {
    let done = async {
        let staff = staff(&ctx, &form).await?;
        service::reset_second_factor(&ctx, ctx.actor(), staff, form.data.text("reason")).await
    }
    .await;
    answer(&ctx, &form, done, "登录动态码已重置，该账号的所有登录已结束。")
}
