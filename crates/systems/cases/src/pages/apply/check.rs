//! Check your answers, submit, receipt.

use axum::extract::Path;
use axum::response::Response;
use base::{Error, Kind};
use formpages::{Summary, links};
use maud::html;
use uuid::Uuid;
use web::components::{Button, Fact, Field, Icon, PageHeading, button_row, checkbox, error_summary, inset, narrow, panel, section, summary_list};
use web::{Ctx, Failure, Form, PageResult, redirect};

use super::start::{IntoPage, page};
use super::{caption, course, home, visible_pages};
use crate::pages::case_parts::received_tag;
use crate::service::{self, Draft};

/// GET /apply/drafts/{id}/check
pub(crate) async fn show(ctx: Ctx, Path(id): Path<Uuid>) -> PageResult<Response> {
    let draft = service::draft(&ctx, ctx.actor(), id).await?;
    Ok(render(&ctx, &draft, &[]))
}

/// POST /apply/drafts/{id}/submit
pub(crate) async fn submit(ctx: Ctx, Path(id): Path<Uuid>, form: Form) -> PageResult<Response> {
    match service::submit(&ctx, ctx.actor(), id, &form.token.nonce, form.data.is_set("promise")).await {
        Ok(_) => Ok(redirect(&format!("/apply/drafts/{id}/done"))),
        Err(error) if error.kind() == Kind::Invalid => {
            let draft = service::draft(&ctx, ctx.actor(), id).await?;
            let errors: Vec<(String, String)> = error.fields().iter().map(|f| (f.field.clone(), f.message.clone())).collect();
            Ok(render(&ctx, &draft, &errors))
        }
        Err(error) => Err(Failure(error)),
    }
}

fn render(ctx: &Ctx, draft: &Draft, errors: &[(String, String)]) -> Response {
    let base = home(draft);
    let pages = draft.item.form.pages();
    let view = draft.view();
    let links = links(&draft.item.form, &view, "", errors);
    let promise_error = errors.iter().find(|(key, _)| key == "promise").map(|(_, m)| m.as_str());
    let body = html! {
        (course(2))
        (error_summary(links.iter().map(|(id, message)| (id.as_str(), message.as_str()))))
        (PageHeading::new("核对申请内容").caption(caption(draft)).lede("请逐项核对，需要改的点“修改”。提交后办理机关会收到以下内容。").action(Button::secondary("打印申请表").icon(Icon::Printer).href(format!("{base}/form.pdf"))))
        @if !draft.item.spec.situation_key.is_empty() {
            @let said = draft.situation.as_ref().map_or("还没有选择", |situation| situation.name.as_str());
            div id="situation" { (section("情形", None, summary_list(&[Fact::new("您的情形", said).change(format!("{base}/situation"))]))) }
        }
        @for index in visible_pages(draft) {
            @if let Some(page) = pages.get(index) {
                @let change = format!("{base}/questions/{index}");
                @let facts = Summary { lists: draft.context().lists, masked: false, open: true, change: Some(&change) }.facts(&view.page(page));
                (section(page.title, None, summary_list(&facts)))
            }
        }
        @let materials: Vec<Fact> = draft
            .item
            .spec
            .materials
            .iter()
            .zip(&draft.materials)
            .enumerate()
            .filter(|(_, (wanted, _))| draft.asks_for(wanted))
            .map(|(n, (wanted, had))| {
                let value = html! { span id=(format!("material_{n}")) { (received_tag(had.received)) @if !had.files.is_empty() { " " (had.files.len()) " 个文件" } } };
                let fact = Fact::new(&wanted.name, value);
                if wanted.exempt.is_empty() { fact.change(format!("{base}/materials/{n}")) } else { fact }
            })
            .collect();
        (section("申请材料", None, summary_list(&materials)))
        (narrow(ctx.form(format!("{base}/submit")).body(html! {
            (checkbox(&Field::new("promise", "我承诺所填内容和所交材料真实有效，并愿意承担相应的法律责任").error(promise_error), false))
            (button_row([html! { (Button::primary("提交申请")) }, html! { (Button::link("回到目录").href(&base)) }]))
        })))
    };
    page(ctx, draft, "核对申请内容").has_errors(!errors.is_empty()).body(body).document().into_response_page()
}

/// GET /apply/drafts/{id}/done
pub(crate) async fn done(ctx: Ctx, Path(id): Path<Uuid>) -> PageResult<Response> {
    let submitted = service::submitted(&ctx, ctx.actor(), id).await?.ok_or_else(|| Failure(Error::not_found("这份申请还没有提交。")))?;
    let staff = matches!(ctx.actor(), access::Actor::Staff(_));
    let view = if staff { service::progress(&ctx, &submitted.case_no, &submitted.query_code).await? } else { service::view(&ctx, ctx.actor(), submitted.case_id).await? };
    let row = &view.case.row;
    let receipt = view.documents.iter().find(|d| d.kind == "receipt").map(|d| format!("/documents/{}/pdf", d.id));
    let case_href = if staff { format!("/work/cases/{}", row.id) } else { format!("/my/cases/{}", row.id) };
    let body = html! {
        (course(4))
        (narrow(html! {
            (panel("申请已提交", Some(("办件编号", &submitted.case_no)), html! { "查询码：" strong { (submitted.query_code) } }))
            p class="govuk-body" { "请记下办件编号和查询码。不登录也可以凭这两个号码在“办件进度查询”查看进度。" }
            (button_row([
                html! { @if let Some(href) = &receipt { (Button::primary("打印收件凭证").href(href)) } },
                html! { (Button::secondary("查看办件进度").href(&case_href)) },
            ]))
            (section("接下来", None, html! {
                ol class="govuk-list govuk-list--number" {
                    li { (row.body_name) "在 5 个工作日内决定是否受理；材料需要补正的，会一次告知全部内容。" }
                    li { "受理后，承诺 " (view.case.item.spec.promised) " 办结。" }
                    li { "每一步都能在“我的办件”看到，由谁办理、何时办结。" }
                }
            }))
            (inset(html! { "咨询电话：" (view.case.item.spec.phone) "；监督投诉：" (view.case.item.spec.complaint_phone) }))
        }))
    };
    Ok(ctx.own_page("申请已提交").search(web::components::SearchPlace::None).body(body).document().into_response_page())
}
