//! One seal: picture, certificate, standing, holders, uses, and what can be done to it.

use std::collections::HashMap;

use axum::extract::{Path, Query};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base::{Error, FieldError, Kind, Result};
use chrono::{DateTime, Utc};
use db::Cursor;
use maud::{Markup, html};
use web::components::*;
use web::{Ctx, Form as Sent, PageResult};

use crate::model::{Act, Purpose, Standing, State};
use crate::pages::{id, tone};
use crate::permissions::{APPROVE, MANAGE};
use crate::service::{self, SealView};
use crate::store::{Seal, Usage};

const PER_PAGE: usize = 50;

/// The seal.
pub(in crate::pages) async fn show(ctx: Ctx, Path(text): Path<String>) -> PageResult {
    let view = service::view(&ctx, ctx.actor(), id(&text)?).await?;
    Ok(page(&ctx, &view, &[])?)
}

/// Its picture.
pub(in crate::pages) async fn picture(ctx: Ctx, Path(text): Path<String>) -> PageResult<Response> {
    let png = service::picture(&ctx, ctx.actor(), id(&text)?).await?;
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static("image/png")), (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=600"))];
    Ok((headers, png).into_response())
}

/// Everything it was used for.
pub(in crate::pages) async fn uses(ctx: Ctx, Path(text): Path<String>, Query(query): Query<HashMap<String, String>>) -> PageResult {
    let after = query.get("after").map(|text| Cursor::from_param(text));
    let (seal, page) = service::uses(&ctx, ctx.actor(), id(&text)?, after.as_ref(), PER_PAGE).await?;
    let here = format!("/work/seals/{}", seal.id);
    Ok(ctx
        .workbench("用印记录")
        .crumb("印章管理", "/work/seals")
        .crumb(&seal.name, &here)
        .body(html! {
            (PageHeading::new("用印记录").caption(&seal.name).lede("何时、何人、用在哪件文书上；被拒绝的用印也在这里。"))
            (card(html! {
                (usage_table(&page.items))
                (paging(&format!("{here}/uses"), &page, "按时间从新到旧"))
            }))
        })
        .document())
}

/// Approves the application and makes the seal.
pub(in crate::pages) async fn make(ctx: Ctx, Path(text): Path<String>, form: Sent) -> PageResult<Response> {
    let id = id(&text)?;
    service::make(&ctx, ctx.actor(), id, form.data.number("version")?, form.data.text("reason"), &form.token.nonce).await?;
    Ok(ctx.redirect_saying(&format!("/work/seals/{id}"), "印章已制好，现在可以使用。"))
}

/// Suspends, resumes, revokes or rejects.
pub(in crate::pages) async fn act(ctx: Ctx, Path(text): Path<String>, form: Sent) -> PageResult<Response> {
    let id = id(&text)?;
    let act = Act::of(form.data.text("act")).ok_or_else(|| Error::field("act", "请选择要办理的事项。"));
    let done = match act {
        Ok(act) => service::act(&ctx, ctx.actor(), id, form.data.number("version")?, act, form.data.text("reason"), &form.token.nonce).await,
        Err(error) => Err(error),
    };
    again_on_error(&ctx, &text, done, "已办理，立即生效。").await
}

/// Lets somebody hold it.
pub(in crate::pages) async fn hold(ctx: Ctx, Path(text): Path<String>, form: Sent) -> PageResult<Response> {
    let done = service::hold(&ctx, ctx.actor(), id(&text)?, form.data.text("work_no"), form.data.text("post")).await;
    again_on_error(&ctx, &text, done, "已授权用印。").await
}

/// Takes it back.
pub(in crate::pages) async fn unhold(ctx: Ctx, Path(text): Path<String>, form: Sent) -> PageResult<Response> {
    let holder = form.data.text("holder").parse().map_err(|_| Error::not_found("没有这项授权。"))?;
    let done = service::end_holder(&ctx, ctx.actor(), id(&text)?, holder).await;
    again_on_error(&ctx, &text, done, "已收回用印授权。").await
}

async fn again_on_error(ctx: &Ctx, text: &str, done: Result<()>, said: &str) -> PageResult<Response> {
    match done {
        Ok(()) => Ok(ctx.redirect_saying(&format!("/work/seals/{text}"), said)),
        Err(error) if error.kind() == Kind::Invalid => {
            let view = service::view(ctx, ctx.actor(), id(text)?).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page(ctx, &view, error.fields())?).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn page(ctx: &Ctx, view: &SealView, errors: &[FieldError]) -> Result<Markup> {
    let seal = &view.seal;
    let purposes: Vec<&str> = seal.purposes()?.into_iter().map(Purpose::name).collect();
    let moment = |at: Option<DateTime<Utc>>| at.map_or_else(|| "—".to_owned(), |at| format::date_time(&at));
    let mut facts = vec![
        Fact::new("单位", &seal.body_name),
        Fact::new("种类", seal.seal_kind()?.name()),
        Fact::new("印章编号", seal.number.as_deref().unwrap_or("制好后生成")),
        Fact::new("实物印章备案编号", if seal.physical_no.is_empty() { "没有实物印章" } else { &seal.physical_no }),
        Fact::new("可用于", purposes.join("、")),
        Fact::new("平台自动用印", if seal.automatic { "已授权：办件文书作出后自动加盖" } else { "未授权：只能手工加盖" }),
        Fact::new("有效期", format!("{} 至 {}", moment(seal.valid_from), moment(seal.valid_until))),
        Fact::new("申请", format!("{}，{}", seal.applied_by_name, format::date_time(&seal.applied_at))),
        Fact::new("申请理由", &seal.grounds),
    ];
    if seal.seal_state()? != State::Applied {
        facts.push(Fact::new("最近一次办理", format!("{}，{}，{}：{}", view.standing.name(), seal.state_by, format::date_time(&seal.state_at), seal.state_reason)));
    }
    if let Some(old) = seal.replaces {
        facts.push(Fact::new("接替", html! { a href={ "/work/seals/" (old) } { "旧印章" } }));
    }
    let mut heading = PageHeading::new(&seal.name).mark(tag(tone(view.standing), view.standing.name()));
    if let Some(number) = &seal.number {
        heading = heading.caption(format!("印章编号 {number}"));
    }
    let may_manage = ctx.actor().may(MANAGE, &seal.target());
    if may_manage && matches!(seal.seal_state()?, State::InForce | State::Suspended) {
        heading = heading.action(Button::secondary("换发").href(format!("/work/seals/{}/replace", seal.id)));
    }
    Ok(ctx
        .workbench(&seal.name)
        .crumb("印章管理", "/work/seals")
        .has_errors(!errors.is_empty())
        .body(html! {
            (error_summary(errors.iter().map(|e| (e.field.as_str(), e.message.as_str()))))
            (heading)
            (two_columns(
                html! {
                    (section("印章资料", None, summary_list(&facts)))
                    @if let Some(certificate) = &view.certificate { (section("数字证书", None, certificate_facts(certificate))) }
                    (section("最近用印", Some(("全部用印记录", &format!("/work/seals/{}/uses", seal.id))), usage_table(&view.uses.items)))
                },
                html! {
                    @if seal.number.is_some() {
                        (section("印模", None, html! { img class="seal-picture" src={ "/work/seals/" (seal.id) "/picture.png" } width="210" height="210" alt={ (seal.name) "印模" }; }))
                    }
                    (section("办理", None, acts(ctx, view, errors)?))
                    (section("用印人", None, holders(ctx, view, may_manage, errors)))
                },
            ))
        })
        .document())
}

fn certificate_facts(certificate: &gm::x509::Certificate) -> Markup {
    let (from, until) = certificate.validity();
    let time = |at| format::date_time(&DateTime::<Utc>::from(at));
    summary_list(&[
        Fact::new("持有者", certificate.subject()),
        Fact::new("签发者", certificate.issuer()),
        Fact::new("序列号", certificate.serial()),
        Fact::new("有效期", format!("{} 至 {}", time(from), time(until))),
        Fact::new("算法", "SM2 签名，SM3 摘要；私钥只在系统密钥库内，不能导出"),
    ])
}

fn usage_table(uses: &[Usage]) -> Markup {
    if uses.is_empty() {
        return html! { p class="muted" { "还没有用过。" } };
    }
    let rows = uses.iter().map(|usage| {
        TableRow::new()
            .cell(format::date_time_short(&usage.at))
            .cell(&usage.actor_name)
            .cell(html! { @match usage.case_id { Some(case) => { a href={ "/work/cases/" (case) } { (usage.title) } }, None => { (usage.title) } } })
            .cell(&usage.number)
            .cell(match &usage.refused {
                None => tag(Tone::Good, "已盖章"),
                Some(why) => html! { (tag(Tone::Alert, "已拒绝")) " " (why) },
            })
    });
    Table::new("用印记录", ["时间", "人员", "文书", "文号", "结果"].map(Column::new)).hide_caption().compact(true).rows(rows).render()
}

/// What this person can do to the seal now.
fn acts(ctx: &Ctx, view: &SealView, errors: &[FieldError]) -> Result<Markup> {
    let seal = &view.seal;
    let state = seal.seal_state()?;
    let (approves, manages) = (ctx.actor().may(APPROVE, &seal.target()), ctx.actor().may(MANAGE, &seal.target()));
    let own = seal.applied_by.is_some() && seal.applied_by == ctx.actor().id();
    let error = |name: &str| errors.iter().find(|e| e.field == name).map(|e| e.message.as_str());
    let possible = |act: Act| state.after(act).is_some() && (approves || (manages && matches!(act, Act::Suspend | Act::Resume)));
    let choices: Vec<Choice> = [
        (Act::Suspend, "暂时不能用印，可以恢复"),
        (Act::Resume, "重新可以用印"),
        (Act::Revoke, "永久停止使用，证书列入吊销列表，不能恢复"),
        (Act::Reject, "不制作这枚印章，申请人会看到理由"),
    ]
    .into_iter()
    .filter(|(act, _)| possible(*act))
    .map(|(act, hint)| Choice::new(act.code(), act.name()).hint(hint))
    .collect();
    let base = format!("/work/seals/{}", seal.id);
    Ok(html! {
        @if state == State::Applied && approves && !own {
            (ctx.form(format!("{base}/make")).body(html! {
                (hidden("version", &seal.version.to_string()))
                (text_input(&Field::new("reason", "审批意见").id("remark").required(false).max_length(200).value("同意")))
                (Button::primary("同意并制作印章").icon(Icon::BadgeCheck))
            }))
        }
        @if state == State::Applied && own { p { "这是您自己的申请，由另一位印章主管审批和制作。" } }
        @if choices.is_empty() {
            @if state != State::Applied { p class="muted" { "没有可以办理的事项。" } }
        } @else {
            (ctx.form(format!("{base}/act")).dirty_check().body(html! {
                (hidden("version", &seal.version.to_string()))
                (radios(&Field::new("act", "办理事项").error(error("act")), &choices))
                (textarea(&Field::new("reason", "理由").error(error("reason")).max_length(500).rows(3)))
                (Button::warning("办理"))
            }))
        }
    })
}

fn holders(ctx: &Ctx, view: &SealView, manages: bool, errors: &[FieldError]) -> Markup {
    let error = |name: &str| errors.iter().find(|e| e.field == name).map(|e| e.message.as_str());
    let seal: &Seal = &view.seal;
    let base = format!("/work/seals/{}", seal.id);
    html! {
        @let now: Vec<_> = view.holders.iter().filter(|holder| holder.ended_at.is_none()).collect();
        @if now.is_empty() { p class="muted" { "没有人可以手工用印。" } }
        ul class="files" {
            @for holder in now {
                li class="files__item" {
                    (Icon::User)
                    div class="files__words" {
                        p class="files__name" { (holder.holder) }
                        p class="files__note" { (holder.granted_by) "授权，" (format::date_time_short(&holder.granted_at)) }
                    }
                    @if manages {
                        div class="files__actions" {
                            (ctx.form(format!("{base}/unhold")).inline().body(html! { (hidden("holder", &holder.id.to_string())) (Button::link("收回")) }))
                        }
                    }
                }
            }
        }
        @if manages && matches!(view.standing, Standing::Usable | Standing::Is(State::Suspended)) {
            (details_open(!errors.is_empty(), "授权用印人", ctx.form(format!("{base}/hold")).body(html! {
                (text_input(&Field::new("work_no", "工号").required(false).hint("本单位在职人员").error(error("work_no")).width(Width::TwoThirds)))
                (text_input(&Field::new("post", "或者岗位名称").required(false).hint("任这个岗位的人都可以用印").error(error("post")).width(Width::TwoThirds)))
                (Button::secondary("授权"))
            })))
        }
    }
}
