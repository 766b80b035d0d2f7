//! A case as its applicant sees it: what is to be done first, then every step.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use uuid::Uuid;
use web::components::{
    Button, Fact, Field, Icon, PageHeading, Tone, button_row, details, format, notification_banner, section, summary_list, textarea, two_columns,
};
use web::{Ctx, Form, PageResult};

use crate::model::{ResultRef, State};
use crate::pages::case_parts::{Eyes, answers, documents, facts, materials, messages, state_tag, steps};
use crate::service::{self, CaseView};

/// GET /my/cases/{id}
pub(crate) async fn show(ctx: Ctx, Path(id): Path<Uuid>) -> PageResult {
    let view = service::view(&ctx, ctx.actor(), id).await?;
    let case = &view.case;
    let base = format!("/my/cases/{id}");
    let course = designs::course(&ctx, id, &view.tasks).await?;
    let body = html! {
        (PageHeading::new(&case.row.item_name).caption(format!("办件编号 {}", case.row.case_no)).mark(state_tag(case.state)))
        (next_act(&ctx, &view, &base))
        (two_columns(
            html! {
                (section("办理进度", None, steps(&ctx, &view, course.as_ref(), Eyes::Applicant)))
                (messages(&view))
                (section("文书", None, documents(&view)))
                (section("申请材料", None, materials(&view, &base)))
                (section("申请表", Some(("打印申请表", &format!("/my/cases/{}/form.pdf", view.case.row.id))), answers(&view.case, "follow", true)))
            },
            html! {
                (section("基本情况", None, facts(&view)))
                (section("咨询与监督", None, summary_list(&[
                    Fact::new("咨询电话", &case.item.spec.phone), Fact::new("监督投诉", &case.item.spec.complaint_phone), Fact::new("办理地点", &case.item.spec.place),
                ])))
                @if !case.state.is_closed() {
                    (details("撤回申请", html! {
                        p class="govuk-body" { "决定作出前可以随时撤回，不影响以后再次申请。" }
                        (ctx.form(format!("{base}/withdraw")).body(html! {
                            (textarea(&Field::new("reason", "撤回原因").required(false).rows(2)))
                            (Button::warning("撤回申请"))
                        }))
                    }))
                }
            },
        ))
    };
    Ok(ctx.page(&case.row.item_name).crumb("首页", "/").crumb("我的事务", "/my").body(body).document())
}

/// What waits for the applicant, before anything else.
fn next_act(ctx: &Ctx, view: &CaseView, base: &str) -> Markup {
    let case = &view.case;
    match case.state {
        State::CorrectionOpen => notification_banner(
            Tone::Caution,
            "请补正材料",
            html! {
                @if let Some(round) = &view.correction {
                    p class="govuk-body" { "请在 " strong { (format::date(round.due)) } " 前补正以下内容：" }
                    ul class="govuk-list govuk-list--bullet" { @for item in &round.items { li { (item.name) "：" (item.what) } } }
                }
                (Button::primary("去补正").href(format!("{base}/correction")).icon(Icon::Pencil))
            },
        ),
        State::Granted | State::Delivered => {
            let result: Option<ResultRef> = case.row.result.as_deref().and_then(|r| serde_json::from_str(r).ok());
            notification_banner(
                Tone::Good,
                "已准予，办理完成",
                html! {
                    @if let Some(result) = &result {
                        p class="govuk-body" { (result.title) @if !result.number.is_empty() { "（" (result.number) "）" } }
                    }
                    (button_row([
                        html! { @match &result {
                            Some(result) if result.kind == "licence" => (Button::primary("查看和下载证照").href(format!("/my/licences/{}", result.id)).icon(Icon::Download)),
                            _ => { @if let Some(d) = view.documents.iter().find(|d| d.kind == "grant") { (Button::primary("下载决定书").href(format!("/documents/{}/pdf", d.id)).icon(Icon::Download)) } },
                        } },
                        html! { (Button::secondary("评价这次服务").href(format!("{base}/review")).icon(Icon::Star)) },
                    ]))
                    @if case.state == State::Granted {
                        (ctx.form(format!("{base}/receive")).inline().body(html! { (Button::link("我已收到结果")) }))
                    }
                },
            )
        }
        State::Refused => notification_banner(
            Tone::Alert,
            "不予准许",
            html! {
                p class="govuk-body" { (case.row.reasons.clone().unwrap_or_default()) }
                p class="govuk-body" { "对决定不服的，可以自收到决定书之日起 60 日内申请行政复议，或者 6 个月内提起行政诉讼。" }
                (Button::secondary("评价这次服务").href(format!("{base}/review")).icon(Icon::Star))
            },
        ),
        State::NotAccepted | State::NotNeeded | State::Lapsed => notification_banner(
            Tone::Alert,
            case.state.label(),
            html! {
                p class="govuk-body" { (case.row.reasons.clone().unwrap_or_default()) }
                (Button::secondary("重新申请").href(format!("/apply/{}", case.row.item_id)))
            },
        ),
        _ => match view.next_step() {
            Some(next) => notification_banner(
                Tone::Info,
                &format!("现在：{}", next.name),
                html! { p class="govuk-body" { "由" (next.who) "办理" @if let Some(by) = next.by { "，应在 " strong { (format::date(by)) } " 前办理" } "。您不需要做什么，有进展会显示在这里。" } },
            ),
            None => Markup::default(),
        },
    }
}

/// POST /my/cases/{id}/withdraw
pub(crate) async fn withdraw(ctx: Ctx, Path(id): Path<Uuid>, form: Form) -> PageResult<Response> {
    service::withdraw(&ctx, ctx.actor(), id, form.data.text("reason")).await?;
    Ok(ctx.redirect_saying(&format!("/my/cases/{id}"), "申请已撤回。"))
}

/// POST /my/cases/{id}/receive
pub(crate) async fn receive(ctx: Ctx, Path(id): Path<Uuid>, _form: Form) -> PageResult<Response> {
    service::deliver(&ctx, ctx.actor(), id, "网上领取").await?;
    Ok(ctx.redirect_saying(&format!("/my/cases/{id}"), "已登记收到结果。欢迎评价这次服务。"))
}
