//! Sending corrections: exactly what the notice lists, on one page.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use base::{Error, Kind};
use formpages::{Act, Draw, links, posted};
use forms::Answers;
use maud::html;
use uuid::Uuid;
use web::components::{Button, Field, FileRules, PageHeading, SearchPlace, button_row, error_summary, file_upload, format, narrow, warning_text};
use web::{Ctx, Failure, PageResult, Upload};

use crate::pages::case_parts::prefill_source;
use crate::service::{self, CaseView, Replacement};

/// GET /my/cases/{id}/correction
pub(crate) async fn show(ctx: Ctx, Path(id): Path<Uuid>) -> PageResult<Response> {
    let view = service::view(&ctx, ctx.actor(), id).await?;
    let answers = view.case.answers.clone();
    render(&ctx, &view, &answers, &[])
}

/// POST /my/cases/{id}/correction
pub(crate) async fn send(ctx: Ctx, Path(id): Path<Uuid>, upload: Upload) -> PageResult<Response> {
    let view = service::view(&ctx, ctx.actor(), id).await?;
    let posted = posted(&upload.data, "field_").map_err(|error| Failure(Error::refused("cases.form", error.to_string())))?;
    if posted.act != Act::Next {
        // another row, one row less, the next level: the page again with all that was typed; files are chosen again
        let mut answers = laid(&view, posted.answers.clone());
        posted.turn(&view.case.item.form.fields(), &mut answers).map_err(|error| Failure(Error::refused("cases.rows", error.to_string())))?;
        return render(&ctx, &view, &answers, &[]);
    }
    let answers = posted.answers;
    match service::submit_correction(&ctx, ctx.actor(), id, Replacement { answers: answers.clone(), files: upload.files }).await {
        Ok(()) => Ok(ctx.redirect_saying(&format!("/my/cases/{id}"), "补正已提交，办理机关会继续办理。")),
        Err(error) if error.kind() == Kind::Invalid => {
            let errors: Vec<(String, String)> = error.fields().iter().map(|f| (f.field.clone(), f.message.clone())).collect();
            render(&ctx, &view, &laid(&view, answers), &errors)
        }
        Err(error) => Err(Failure(error)),
    }
}

/// The case's answers with what was typed laid over them.
fn laid(view: &CaseView, typed: Answers) -> Answers {
    let asked: Vec<&str> = view.correction.iter().flat_map(|r| &r.items).filter_map(|i| i.target.strip_prefix("field_")).collect();
    let fields: Vec<_> = view.case.item.form.fields().into_iter().filter(|field| asked.contains(&field.path().as_str())).collect();
    let mut answers = view.case.answers.clone();
    let _ = forms::lay(&fields, &mut answers, typed); // what was not asked for is refused when it is sent
    answers
}

fn render(ctx: &Ctx, view: &CaseView, answers: &Answers, errors: &[(String, String)]) -> PageResult<Response> {
    let case = &view.case;
    let round = match &view.correction {
        Some(round) if case.state == crate::model::State::CorrectionOpen => round,
        _ => return Err(Failure(Error::conflict("cases.no_correction", "这件事现在没有需要补正的内容，请回到办件页面查看最新进度。"))),
    };
    let context = catalog::form_context().at("correction");
    let form = &case.item.form;
    let shown = form.evaluate(&form.read(answers, context.lists), &context);
    let own: Vec<(String, String)> = errors.iter().filter_map(|(target, message)| Some((target.strip_prefix("field_")?.to_owned(), message.clone()))).collect();
    let draw = Draw { typed: answers, errors: &own, prefix: "field_", lists: context.lists, source: &prefill_source, materials: &|_| None };
    let fields = links(form, &shown, "field_", &own);
    let files = errors.iter().filter(|(target, _)| !target.starts_with("field_")).cloned();
    let summary: Vec<(String, String)> = fields.into_iter().chain(files).collect();
    let error_of = |target: &str| errors.iter().find(|(key, _)| key == target).map(|(_, m)| m.as_str());
    let rules = || FileRules { accept: [".pdf", ".ofd", ".jpg", ".jpeg", ".png", ".docx", ".xlsx"].map(str::to_owned).to_vec(), max_bytes: files::MAX_FILE_BYTES as u64, multiple: true };
    let body = html! {
        (narrow(html! {
            (error_summary(summary.iter().map(|(id, message)| (id.as_str(), message.as_str()))))
            (PageHeading::new("补正材料").caption(format!("{} · {}", case.row.item_name, case.row.case_no)))
            (warning_text(html! { "请在 " (format::date(round.due)) " 前提交。逾期没有补正的视为撤回申请，可以重新申请。" }))
            (ctx.form(format!("/my/cases/{}/correction", case.row.id)).upload().body(html! {
                @for item in &round.items {
                    @match item.target.strip_prefix("field_") {
                        Some(path) => {
                            p class="govuk-body" { strong { (item.name) } "：" (item.what) }
                            @if let Some(node) = shown.node(path) { (draw.node(node)) }
                        },
                        None => (file_upload(&Field::new(&item.target, &item.name).hint(&item.what).error(error_of(&item.target)), &rules())),
                    }
                }
                (button_row([html! { (Button::primary("提交补正")) }, html! { (Button::link("暂不提交").href(format!("/my/cases/{}", case.row.id))) }]))
            }))
        }))
    };
    let page = ctx.page("补正材料").search(SearchPlace::None).crumb("我的事务", "/my").crumb(&case.row.item_name, format!("/my/cases/{}", case.row.id));
    Ok(page.has_errors(!errors.is_empty()).body(body).document().into_response())
}
