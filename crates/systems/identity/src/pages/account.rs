use axum::extract::Path;
use axum::response::Response;
use base::{Error, Result};
use chrono::NaiveDate;
use codes::mask;
use uuid::Uuid;
use web::components::{
    Button, Column, DateParts, Fact, Field, Icon, PageHeading, Table, TableRow, Tone, Width, date_input, empty_state, error_summary, hidden, section,
    summary_list, tag, text_input,
};
use web::{Ctx, Form, FormData, Markup, PageResult, html};

use super::parts::{again, password_form, said, session, sessions_table, summary, try_change_password};
use crate::service::{self, Agency, MaskedParty, NewAgent, SessionInfo};

struct View {
    party: MaskedParty,
    phone: String,
    address: String,
    sessions: Vec<SessionInfo>,
    /// Grants this firm gave; `None` for everybody but a firm's own account.
    given: Option<Vec<Agency>>,
    /// Firms this person may act for.
    held: Vec<Agency>,
}

async fn load(ctx: &Ctx) -> Result<View> {
    let actor = ctx.actor();
    let party = actor.party()?;
    let firm = party.kind == access::PartyKind::Firm && party.acting.is_none();
    let profile = service::party(ctx, party.party, "本人查看账号资料").await?;
    Ok(View {
        phone: mask::phone(&profile.phone),
        address: if profile.address.is_empty() { String::new() } else { mask::address(&profile.address) },
        party: service::masked_party(ctx.db.read(), party.party).await?,
        sessions: service::sessions(ctx, actor).await?,
        given: if firm { Some(service::agents(ctx, actor).await?) } else { None },
        held: if firm { Vec::new() } else { service::agencies(ctx, actor).await? },
    })
}

fn render(ctx: &Ctx, view: &View, data: &FormData, error: Option<&Error>) -> Markup {
    let acting = ctx.actor().party().ok().and_then(|p| p.acting.as_ref()).is_some();
    ctx.page("账号与安全")
        .has_errors(error.is_some())
        .crumb("我的", "/my")
        .body(html! {
            (error_summary(summary(error)))
            (PageHeading::new("账号与安全"))
            (section("资料", None, summary_list(&[
                Fact::new("名称", &view.party.name),
                Fact::new("证件号码", &view.party.id_number),
                Fact::new("手机号码", &view.phone),
                Fact::new("联系地址", &view.address),
                Fact::new("实名等级", view.party.assurance.label()),
            ])))
            @if let Some(given) = &view.given { (section("经办人", None, given_grants(ctx, given, data, error))) }
            @else { (section("代办企业", None, held_grants(ctx, &view.held, acting))) }
            (section("修改密码", None, password_form(ctx, "/my/account/password", error)))
            (section("已登录的设备", None, sessions_table(ctx, &view.sessions, "/my/account")))
        })
        .document()
}

fn given_grants(ctx: &Ctx, given: &[Agency], data: &FormData, error: Option<&Error>) -> Markup {
    let field = |name: &str, label: &str| Field::new(name, label).value(data.text(name)).error(said(error, name));
    let rows = given.iter().map(|g| {
        TableRow::new().cell(&g.agent_name).cell(&g.scope).cell(&g.until).cell(html! {
            @if g.holds {
                (tag(Tone::Good, "有效"))
                (ctx.form(format!("/my/account/agents/{}/revoke", g.id)).body(html! { (Button::secondary("解除授权").small()) }))
            } @else { (tag(Tone::Neutral, "已失效")) }
        })
    });
    let until = DateParts { year: data.text("until_year").into(), month: data.text("until_month").into(), day: data.text("until_day").into() };
    html! {
        @if given.is_empty() {
            (empty_state(Icon::Users, "还没有经办人", "授权后，经办人用自己的账号登录，就能代本单位办理。", None))
        } @else {
            (Table::new("经办人", ["姓名", "授权事项", "截止日期", "状态"].map(Column::new)).hide_caption().rows(rows))
        }
        h3 { "授权经办人" }
        (ctx.form("/my/account/agents").body(html! {
            (text_input(&field("name", "经办人姓名").width(Width::Chars20)))
            (text_input(&field("id_number", "经办人身份证号码").hint("对方要先注册个人账号").width(Width::Chars20)))
            (text_input(&field("scope", "授权事项").hint("不填表示全部事项").required(false).max_length(100)))
            (date_input(&field("until", "授权截止日期").hint("最长三年"), &until))
            (Button::secondary("授权"))
        }))
    }
}

fn held_grants(ctx: &Ctx, held: &[Agency], acting: bool) -> Markup {
    let rows = held.iter().map(|g| {
        TableRow::new().cell(&g.firm_name).cell(&g.scope).cell(&g.until).cell(
            ctx.form("/my/account/act").body(html! { (hidden("firm", &g.firm.to_string())) (Button::secondary("代其办理").small()) }),
        )
    });
    html! {
        @if acting { (ctx.form("/my/account/act").body(html! { (Button::secondary("切换回个人办理").icon(Icon::Undo2)) })) }
        @if held.is_empty() {
            (empty_state(Icon::Building2, "没有企业授权您代办", "企业用法人账号登录，在“账号与安全”里授权您之后，会显示在这里。", None))
        } @else {
            (Table::new("代办企业", ["企业", "授权事项", "截止日期", "操作"].map(Column::new)).hide_caption().rows(rows))
        }
    }
}

/// The account of a party.
pub(super) async fn show(ctx: Ctx) -> PageResult {
    Ok(render(&ctx, &load(&ctx).await?, &FormData::default(), None))
}

async fn answer(ctx: &Ctx, form: &Form, done: Result<()>, saying: &str) -> PageResult<Response> {
    match done {
        Ok(()) => Ok(ctx.redirect_saying("/my/account", saying)),
        Err(error) => {
            let view = load(ctx).await?;
            again(error, |e| render(ctx, &view, &form.data, Some(e)))
        }
    }
}

/// Changes the password.
pub(super) async fn change_password(ctx: Ctx, form: Form) -> PageResult<Response> {
    let done = try_change_password(&ctx, &form).await;
    answer(&ctx, &form, done, "密码已修改，其他设备上的登录已结束。").await
}

/// Ends a session.
pub(super) async fn revoke_session(ctx: Ctx, Path(id): Path<Uuid>, form: Form) -> PageResult<Response> {
    let done = service::revoke_session(&ctx, ctx.actor(), id).await;
    answer(&ctx, &form, done, "已结束那台设备上的登录。").await
}

/// Grants a person to act for the firm.
pub(super) async fn grant_agent(ctx: Ctx, form: Form) -> PageResult<Response> {
    let done = try_grant(&ctx, &form.data).await;
    answer(&ctx, &form, done, "已授权，经办人登录后就能代本单位办理。").await
}

async fn try_grant(ctx: &Ctx, data: &FormData) -> Result<()> {
    let part = |name: &str| data.text(name).parse::<u32>().ok();
    let until = data.text("until_year").parse::<i32>().ok().zip(part("until_month")).zip(part("until_day"));
    let until = until
        .and_then(|((year, month), day)| NaiveDate::from_ymd_opt(year, month, day))
        .ok_or_else(|| Error::field("until", "请填写有效的截止日期。"))?;
    let text = |name: &str| data.text(name).to_owned();
    let new = NewAgent { name: text("name"), id_number: text("id_number"), scope: text("scope"), until };
    service::grant_agent(ctx, ctx.actor(), &new).await.map(|_| ())
}

/// Ends a grant.
pub(super) async fn revoke_agent(ctx: Ctx, Path(id): Path<Uuid>, form: Form) -> PageResult<Response> {
    let done = service::revoke_agent(&ctx, ctx.actor(), id).await;
    answer(&ctx, &form, done, "授权已解除，立即生效。").await
}

/// Acts for a firm, or for oneself again.
pub(super) async fn act_for(ctx: Ctx, form: Form) -> PageResult<Response> {
    let firm = form.data.get("firm").and_then(|id| id.parse().ok());
    service::act_for(&ctx, ctx.actor(), session(&ctx)?, firm).await?;
    let saying = if firm.is_some() { "现在代企业办理，办理记录会写明是您经办。" } else { "现在为您个人办理。" };
    Ok(ctx.redirect_saying("/my", saying))
}
