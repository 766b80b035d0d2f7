//! One page of the form: one thing per page.

use axum::extract::Path;
use axum::response::Response;
use base::{Error, Kind};
use catalog::model::form::{Answers, ComponentKind, from_pairs};
use maud::html;
use uuid::Uuid;
use web::components::{Button, PageHeading, back_link, button_row, error_summary, narrow};
use web::{Ctx, Failure, Form, PageResult, redirect};

use super::start::{IntoPage, page};
use super::{caption, course, home, next_after, visible_pages};
use crate::pages::fields::{field, posted};
use crate::service::{self, Draft};

/// GET /apply/drafts/{id}/questions/{page}
pub(crate) async fn show(ctx: Ctx, Path((id, index)): Path<(Uuid, usize)>) -> PageResult<Response> {
    let draft = service::draft(&ctx, ctx.actor(), id).await?;
    render(&ctx, &draft, index, &draft.answers, &[])
}

/// POST /apply/drafts/{id}/questions/{page}
pub(crate) async fn save(ctx: Ctx, Path((id, index)): Path<(Uuid, usize)>, form: Form) -> PageResult<Response> {
    let draft = service::draft(&ctx, ctx.actor(), id).await?;
    let pages = draft.item.form.pages();
    let wanted = pages.get(index).ok_or_else(|| Error::not_found("申请表没有这一页。"))?;
    let pairs = posted(wanted.components, &form.data, "");
    match service::save_page(&ctx, ctx.actor(), id, index, pairs.clone()).await {
        Ok(saved) => Ok(redirect(&next_after(&saved, index))),
        Err(error) if error.kind() == Kind::Invalid => {
            // what was typed stays on the page, with what is wrong beside it
            let mut answers = draft.answers.clone();
            answers.retain(|key, _| !wanted.components.iter().any(|c| c.key == *key)); // a box that was unticked stays unticked
            answers.extend(draft.item.form.normalise(from_pairs(pairs)));
            let said = |key: &str| error.fields().iter().find(|f| f.field == key).map(|f| f.message.clone());
            // in the order in which the fields stand
            let errors: Vec<(String, String)> = wanted.components.iter().filter_map(|c| Some((c.key.clone(), said(&c.key)?))).collect();
            render(&ctx, &draft, index, &answers, &errors)
        }
        Err(error) => Err(Failure(error)),
    }
}

fn render(ctx: &Ctx, draft: &Draft, index: usize, answers: &Answers, errors: &[(String, String)]) -> PageResult<Response> {
    let pages = draft.item.form.pages();
    let wanted = pages.get(index).ok_or_else(|| Error::not_found("申请表没有这一页。"))?;
    let base = home(draft);
    let order = visible_pages(draft);
    let position = order.iter().position(|p| *p == index).unwrap_or(0);
    let back = match position.checked_sub(1).and_then(|p| order.get(p)) {
        Some(before) => format!("{base}/questions/{before}"),
        None => base.clone(),
    };
    let links: Vec<(String, &str)> = errors
        .iter()
        .map(|(key, message)| {
            let date = draft.item.form.field(key).is_some_and(|c| c.kind == ComponentKind::Datetime);
            (if date { format!("{key}_year") } else { key.clone() }, message.as_str())
        })
        .collect();
    // Fields that depend on an answer of this very page are drawn too; the server decides on saving what counts.
    let body = html! {
        (course(0))
        (back_link("上一步", &back))
        (narrow(html! {
            (error_summary(links.iter().map(|(id, message)| (id.as_str(), *message))))
            (PageHeading::new(wanted.title).caption(format!("{} · 第 {} 页，共 {} 页", caption(draft), position + 1, order.len())).lede(wanted.description))
            (ctx.form(format!("{base}/questions/{index}")).dirty_check().body(html! {
                @for component in wanted.components {
                    (field(component, &component.key, answers, errors.iter().find(|(key, _)| *key == component.key).map(|(_, m)| m.as_str())))
                }
                (button_row([html! { (Button::primary("保存并继续")) }, html! { (Button::link("先保存到这里，回到目录").href(&base)) }]))
            }))
        }))
    };
    Ok(page(ctx, draft, wanted.title).has_errors(!errors.is_empty()).body(body).document().into_response_page())
}
