//! Which situation the applicant is in (情形): a few questions before the form, and only what it needs is asked for.

use axum::extract::Path;
use axum::response::Response;
use base::{Error, Kind};
use catalog::pages::guide::Asking;
use maud::html;
use uuid::Uuid;
use web::components::{Button, PageHeading, back_link, button_row, error_summary, narrow};
use web::{Ctx, Failure, Form, PageResult, redirect};

use super::start::{IntoPage, page};
use super::{caption, course, home};
use crate::service::{self, Draft};

/// GET /apply/drafts/{id}/situation
pub(crate) async fn show(ctx: Ctx, Path(id): Path<Uuid>) -> PageResult<Response> {
    let draft = service::draft(&ctx, ctx.actor(), id).await?;
    let given = draft.situation.iter().flat_map(|s| &s.answers).map(|answer| (answer.key.clone(), answer.value.clone())).collect();
    render(&ctx, &draft, given, &[]).await
}

/// POST /apply/drafts/{id}/situation
pub(crate) async fn choose(ctx: Ctx, Path(id): Path<Uuid>, form: Form) -> PageResult<Response> {
    match service::choose_situation(&ctx, ctx.actor(), id, |name| form.data.text(name).to_owned()).await {
        Ok(draft) => Ok(redirect(&home(&draft))),
        Err(error) if matches!(error.kind(), Kind::Invalid | Kind::Refused) => {
            let draft = service::draft(&ctx, ctx.actor(), id).await?;
            let mut errors: Vec<(String, String)> = error.fields().iter().map(|f| (f.field.clone(), f.message.clone())).collect();
            if errors.is_empty() {
                errors.push(("s0".into(), error.message().to_owned()));
            }
            let given = form.data.pairs().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            render(&ctx, &draft, given, &errors).await
        }
        Err(error) => Err(Failure(error)),
    }
}

/// `given` holds what was sent, or the answers of before by the names of their questions.
async fn render(ctx: &Ctx, draft: &Draft, given: Vec<(String, String)>, errors: &[(String, String)]) -> PageResult<Response> {
    let guide = catalog::guide(ctx, &draft.item.spec).await?.ok_or_else(|| Failure(Error::not_found("这个事项不用选择情形。")))?;
    let named = |(name, value): (String, String)| match guide.questions.iter().position(|question| question.name == name) {
        Some(at) => (catalog::model::situation::field(at), value),
        None => (name, value),
    };
    let given: Vec<(String, String)> = given.into_iter().map(named).collect();
    let asking = Asking { guide: &guide, given: &given, found: None, errors };
    let base = home(draft);
    let body = html! {
        (course(0))
        (back_link("回到目录", &base))
        (narrow(html! {
            (error_summary(errors.iter().map(|(field, message)| (field.as_str(), message.as_str()))))
            (PageHeading::new("您属于哪种情形").caption(caption(draft)).lede("回答这几个问题，后面只请您提供这种情形需要的材料。"))
            (ctx.form(format!("{base}/situation")).body(html! {
                (asking.questions())
                (button_row([html! { (Button::primary("保存并继续")) }]))
            }))
        }))
    };
    Ok(page(ctx, draft, "选择情形").has_errors(!errors.is_empty()).body(body).document().into_response_page())
}
