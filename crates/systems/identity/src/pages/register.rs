use axum::response::{IntoResponse, Response};
use base::Error;
use web::components::{
    Button, Card, Field, Icon, PageHeading, SearchPlace, Tone, Width, back_link, card_grid, checkbox, error_summary, narrow, notification_banner,
    password, text_input,
};
use web::{Ctx, Form, FormData, Markup, PageResult, html};

use super::parts::{PASSWORD_HINT, again, said, summary};
use crate::service::{self, Demonstration, NewFirm, NewPerson};

/// Person or firm.
pub(super) async fn choose(ctx: Ctx) -> PageResult {
    Ok(ctx
        .page("注册账号")
        .search(SearchPlace::None)
        .body(narrow(html! {
            (back_link("返回登录", "/login"))
            (PageHeading::new("注册账号").lede("一个号码一个账号，注册一次，处处可用。"))
            (card_grid(&[
                Card::new("个人", "/register/person").icon(Icon::User).text("用身份证号码注册，办理自己的事，也可以受企业授权代办"),
                Card::new("企业和组织", "/register/firm").icon(Icon::Building2).text("用统一社会信用代码注册，由法定代表人（负责人）登记"),
            ]))
        }))
        .document())
}

struct Filled<'a> {
    data: &'a FormData,
    error: Option<&'a Error>,
}

impl Filled<'_> {
    fn field(&self, name: &str, label: &str) -> Field {
        Field::new(name, label).value(self.data.text(name)).error(said(self.error, name))
    }

    fn end(&self) -> Markup {
        html! {
            (text_input(&self.field("phone", "手机号码").hint("接收办理进度").inputmode("tel").autocomplete("tel").width(Width::Chars20)))
            (text_input(&self.field("address", "联系地址").required(false).autocomplete("street-address")))
            (password(&Field::new("password", "设置密码").hint(PASSWORD_HINT).error(said(self.error, "password")).autocomplete("new-password").width(Width::Chars20)))
            (checkbox(&Field::new("agreed", "我已阅读并同意用户协议和隐私说明").hint("您填写的信息只用于办理政务服务，加密保存")
                .error(said(self.error, "agreed")), self.data.is_set("agreed")))
            (Button::primary("注册"))
        }
    }
}

fn frame(ctx: &Ctx, title: &str, action: &str, filled: &Filled<'_>, fields: Markup) -> Markup {
    ctx.page(title)
        .search(SearchPlace::None)
        .has_errors(filled.error.is_some())
        .body(narrow(html! {
            (back_link("返回", "/register"))
            (error_summary(summary(filled.error)))
            (PageHeading::new(title))
            @if ctx.site.demonstration {
                (notification_banner(Tone::Info, "演示环境说明", "演示环境不接入人口库，只核对号码格式；请不要填写真实的个人信息。"))
            }
            (ctx.form(action).dirty_check().body(html! { (fields) (filled.end()) }))
            p { "已有账号？" a href="/login" { "直接登录" } }
        }))
        .document()
}

fn person_page(ctx: &Ctx, data: &FormData, error: Option<&Error>) -> Markup {
    let filled = Filled { data, error };
    let fields = html! {
        (text_input(&filled.field("name", "姓名").hint("与身份证一致").autocomplete("name").width(Width::Chars20)))
        (text_input(&filled.field("id_number", "身份证号码").hint("18 位，最后一位可以是 X").width(Width::Chars20)))
    };
    frame(ctx, "注册个人账号", "/register/person", &filled, fields)
}

fn firm_page(ctx: &Ctx, data: &FormData, error: Option<&Error>) -> Markup {
    let filled = Filled { data, error };
    let fields = html! {
        (text_input(&filled.field("name", "名称").hint("与营业执照或登记证书一致").autocomplete("organization").width(Width::TwoThirds)))
        (text_input(&filled.field("uscc", "统一社会信用代码").hint("18 位").width(Width::Chars20)))
        (text_input(&filled.field("representative", "法定代表人（负责人）姓名").width(Width::Chars20)))
        (text_input(&filled.field("representative_number", "法定代表人（负责人）身份证号码").width(Width::Chars20)))
    };
    frame(ctx, "注册法人账号", "/register/firm", &filled, fields)
}

/// The form for a person.
pub(super) async fn person(ctx: Ctx) -> PageResult {
    Ok(person_page(&ctx, &FormData::default(), None))
}

/// The form for a firm.
pub(super) async fn firm(ctx: Ctx) -> PageResult {
    Ok(firm_page(&ctx, &FormData::default(), None))
}

/// Registers a person.
pub(super) async fn create_person(ctx: Ctx, form: Form) -> PageResult<Response> {
    let text = |name: &str| form.data.text(name).to_owned();
    let new = NewPerson {
        name: text("name"),
        id_number: text("id_number"),
        phone: text("phone"),
        address: text("address"),
        password: text("password"),
        agreed: form.data.is_set("agreed"),
    };
    match service::register_person(&ctx, &Demonstration, &new).await {
        Ok(_) => Ok(ctx.redirect_saying("/login", "注册成功，请用身份证号码或手机号码登录。").into_response()),
        Err(error) => again(error, |e| person_page(&ctx, &form.data, Some(e))),
    }
}

/// Registers a firm.
pub(super) async fn create_firm(ctx: Ctx, form: Form) -> PageResult<Response> {
    let text = |name: &str| form.data.text(name).to_owned();
    let new = NewFirm {
        name: text("name"),
        uscc: text("uscc"),
        representative: text("representative"),
        representative_number: text("representative_number"),
        phone: text("phone"),
        address: text("address"),
        password: text("password"),
        agreed: form.data.is_set("agreed"),
    };
    match service::register_firm(&ctx, &Demonstration, &new).await {
        Ok(_) => Ok(ctx.redirect_saying("/login", "注册成功，请用统一社会信用代码登录。").into_response()),
        Err(error) => again(error, |e| firm_page(&ctx, &form.data, Some(e))),
    }
}
