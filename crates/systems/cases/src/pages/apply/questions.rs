//! One page of the form: one thing per page.

use axum::extract::Path;
use axum::response::Response;
use base::{Error, Kind};
use formpages::{Act, Draw, links, posted};
use maud::html;
use uuid::Uuid;
use web::components::{Button, PageHeading, back_link, button_row, error_summary, inset, narrow};
use web::{Ctx, Failure, Form, PageResult, redirect};

use super::start::{IntoPage, page};
use super::{caption, course, home, next_after, visible_pages};
use crate::pages::case_parts::prefill_source;
use crate::service::{self, Draft};

/// GET /apply/drafts/{id}/questions/{page}
pub(crate) async fn show(ctx: Ctx, Path((id, index)): Path<(Uuid, usize)>) -> PageResult<Response> {
    let draft = service::draft(&ctx, ctx.actor(), id).await?;
    render(&ctx, &draft, index, &[], false)
}

/// POST /apply/drafts/{id}/questions/{page}: what was typed is kept whatever the button says; only going on is judged. Scripts look
/// without keeping, so that they never race with the button that follows.
pub(crate) async fn save(ctx: Ctx, Path((id, index)): Path<(Uuid, usize)>, form: Form) -> PageResult<Response> {
    let posted = posted(&form.data, "").map_err(|error| Failure(Error::refused("cases.form", error.to_string())))?;
    let actor = ctx.actor();
    let base = format!("/apply/drafts/{id}");
    if posted.act == Act::Look {
        let draft = service::look_at_page(&ctx, actor, id, index, posted.answers).await?;
        return render(&ctx, &draft, index, &[], false);
    }
    if posted.act != Act::Next {
        let place = posted.act.place("");
        let later = posted.act == Act::Later;
        service::keep_page(&ctx, actor, id, index, posted).await?;
        return Ok(redirect(&if later { base } else { format!("{base}/questions/{index}#{place}") }));
    }
    match service::save_page(&ctx, actor, id, index, posted.answers.clone()).await {
        Ok(saved) => Ok(redirect(&next_after(&saved, index))),
        Err(error) if error.kind() == Kind::Invalid => {
            let came = posted.answers.clone();
            let draft = service::keep_page(&ctx, actor, id, index, posted).await?;
            // What this very answer brought to light has not been asked yet, so nothing is wrong with it.
            let asked = |path: &str| forms::lookup(&came, path).is_some() || ["_year", "_time"].iter().any(|part| forms::lookup(&came, &format!("{path}{part}")).is_some());
            let (known, fresh): (Vec<_>, Vec<_>) = error.fields().iter().partition(|f| asked(&f.field) || f.field.is_empty());
            let errors: Vec<(String, String)> = known.into_iter().map(|f| (f.field.clone(), f.message.clone())).collect();
            render(&ctx, &draft, index, &errors, !fresh.is_empty())
        }
        Err(error) => Err(Failure(error)),
    }
}

fn render(ctx: &Ctx, draft: &Draft, index: usize, errors: &[(String, String)], more: bool) -> PageResult<Response> {
    let form = &draft.item.form;
    let pages = form.pages();
    let wanted = pages.get(index).ok_or_else(|| Error::not_found("申请表没有这一页。"))?;
    let base = home(draft);
    let view = draft.view();
    let order = visible_pages(draft);
    let position = order.iter().position(|p| *p == index).unwrap_or(0);
    let back = match position.checked_sub(1).and_then(|p| order.get(p)) {
        Some(before) => format!("{base}/questions/{before}"),
        None => base.clone(),
    };
    let links = links(form, &view, "", errors);
    let materials = |code: &str| Some(format!("{base}/materials/{}", draft.item.spec.materials.iter().position(|m| m.name == code)?));
    let draw = Draw { typed: &draft.answers, errors, prefix: "", lists: draft.context().lists, source: &prefill_source, materials: &materials };
    let body = html! {
        (course(0))
        (back_link("上一步", &back))
        (narrow(html! {
            (error_summary(links.iter().map(|(id, message)| (id.as_str(), message.as_str()))))
            (PageHeading::new(wanted.title).caption(format!("{} · 第 {} 页，共 {} 页", caption(draft), position + 1, order.len())).lede(wanted.description))
            @if more && errors.is_empty() { (inset(html! { span role="status" { "根据您的选择，本页还有要填写的内容，请接着填写。" } })) }
            (ctx.form(format!("{base}/questions/{index}")).dirty_check().body(html! {
                (draw.page(&view, wanted))
                (button_row([html! { (Button::primary("保存并继续")) }, html! { (Button::secondary("先保存，回到目录").name("_act", "later")) }]))
            }))
        }))
    };
    Ok(page(ctx, draft, wanted.title).has_errors(!errors.is_empty()).body(body).document().into_response_page())
}
