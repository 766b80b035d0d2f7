//! The filled-in form as PDF, for the applicant to check, sign and keep. Typeset when asked for, never stored.

use access::Actor;
use base::Result;
use bytes::Bytes;
use forms::Answers;
use platform::Platform;
use seals::typesetter;
use serde_json::json;
use typeset::Template;
use uuid::Uuid;

use crate::service::draft::draft;
use crate::service::query::view;

/// The form of a draft as filled in so far.
///
/// # Errors
/// [`base::Kind::NotFound`] when it is another's.
pub async fn draft_form_pdf(platform: &Platform, actor: &Actor, id: Uuid) -> Result<(String, Bytes)> {
    let draft = draft(platform, actor, id).await?;
    let note = "尚未提交，仅供核对";
    typeset_form(platform, &draft.item, &draft.applicant.name, &draft.data(), note).await
}

/// The form of one's own case as it was submitted, with corrections.
///
/// # Errors
/// [`base::Kind::NotFound`] when it is another's.
pub async fn case_form_pdf(platform: &Platform, actor: &Actor, id: Uuid) -> Result<(String, Bytes)> {
    let view = view(platform, actor, id).await?;
    let note = format!("办件编号：{}", view.case.row.case_no);
    typeset_form(platform, &view.case.item, &view.case.applicant.name, &view.case.answers, &note).await
}

async fn typeset_form(platform: &Platform, item: &catalog::ItemVersion, applicant: &str, answers: &Answers, note: &str) -> Result<(String, Bytes)> {
    let context = catalog::form_context().at("print");
    let shown = item.form.evaluate(answers, &context);
    let title = if item.form.title.is_empty() { "申请表" } else { &item.form.title };
    let data = json!({
        "demo": platform.site.demonstration,
        "title": title,
        "item": item.spec.name,
        "applicant": applicant,
        "note": note,
        "sections": item.form.sections(&shown, context.lists),
    });
    let name = format!("{title}.pdf");
    let (engine, now) = (typesetter(platform)?, platform.now());
    let made = tokio::task::spawn_blocking(move || engine.pdf(&Template { main: include_str!("../../templates/form.typ"), files: &[] }, &data, now)).await??;
    Ok((name, Bytes::from(made.bytes)))
}
