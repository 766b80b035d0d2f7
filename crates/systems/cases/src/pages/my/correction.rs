//! Sending corrections: exactly what the notice lists, on one page.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use base::{Error, Kind};
use catalog::model::form::{Answers, ComponentKind, from_pairs};
use maud::html;
use uuid::Uuid;
use web::components::{Button, Field, FileRules, PageHeading, SearchPlace, button_row, error_summary, file_upload, format, narrow, warning_text};
use web::{Ctx, Failure, PageResult, Upload};

use crate::pages::fields::{field, posted};
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
    let asked = asked_fields(&view);
    let components: Vec<_> = view.case.item.form.fields().filter(|c| asked.contains(&c.key)).collect();
    let mut answers = posted(components.iter().copied(), &upload.data, "field_");
    // Browsers send nothing for boxes that are not ticked; on this page nothing means: not ticked.
    for component in components.iter().filter(|c| matches!(c.kind, ComponentKind::Checkbox | ComponentKind::Checklist)) {
        if !answers.iter().any(|(key, _)| *key == component.key) {
            answers.push((component.key.clone(), String::new()));
        }
    }
    match service::submit_correction(&ctx, ctx.actor(), id, Replacement { answers: answers.clone(), files: upload.files }).await {
        Ok(()) => Ok(ctx.redirect_saying(&format!("/my/cases/{id}"), "补正已提交，办理机关会继续办理。")),
        Err(error) if error.kind() == Kind::Invalid => {
            let mut shown = view.case.answers.clone();
            shown.retain(|key, _| !asked.contains(key));
            shown.extend(view.case.item.form.normalise(from_pairs(answers)));
            let errors: Vec<(String, String)> = error.fields().iter().map(|f| (f.field.clone(), f.message.clone())).collect();
            render(&ctx, &view, &shown, &errors)
        }
        Err(error) => Err(Failure(error)),
    }
}

fn asked_fields(view: &CaseView) -> Vec<String> {
    view.correction.iter().flat_map(|r| &r.items).filter_map(|i| i.target.strip_prefix("field_")).map(str::to_owned).collect()
}

fn render(ctx: &Ctx, view: &CaseView, answers: &Answers, errors: &[(String, String)]) -> PageResult<Response> {
    let case = &view.case;
    let round = match &view.correction {
        Some(round) if case.state == crate::model::State::CorrectionOpen => round,
        _ => return Err(Failure(Error::conflict("cases.no_correction", "这件事现在没有需要补正的内容，请回到办件页面查看最新进度。"))),
    };
    let error_of = |target: &str| errors.iter().find(|(key, _)| key == target).map(|(_, m)| m.as_str());
    let rules = || FileRules { accept: [".pdf", ".ofd", ".jpg", ".jpeg", ".png", ".docx", ".xlsx"].map(str::to_owned).to_vec(), max_bytes: files::MAX_FILE_BYTES as u64, multiple: true };
    // A date has three boxes; its error leads to the first.
    let is_date = |target: &str| target.strip_prefix("field_").and_then(|key| case.item.form.field(key)).is_some_and(|c| c.kind == ComponentKind::Datetime);
    let links: Vec<(String, &str)> =
        errors.iter().map(|(target, message)| (if is_date(target) { format!("{target}_year") } else { target.clone() }, message.as_str())).collect();
    let body = html! {
        (narrow(html! {
            (error_summary(links.iter().map(|(id, message)| (id.as_str(), *message))))
            (PageHeading::new("补正材料").caption(format!("{} · {}", case.row.item_name, case.row.case_no)))
            (warning_text(html! { "请在 " (format::date(round.due)) " 前提交。逾期没有补正的视为撤回申请，可以重新申请。" }))
            (ctx.form(format!("/my/cases/{}/correction", case.row.id)).upload().body(html! {
                @for item in &round.items {
                    @match item.target.strip_prefix("field_").and_then(|key| case.item.form.field(key)) {
                        Some(component) => {
                            p class="govuk-body" { strong { (item.name) } "：" (item.what) }
                            (field(component, &item.target, answers, error_of(&item.target)))
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
