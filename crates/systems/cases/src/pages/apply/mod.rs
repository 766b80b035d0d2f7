//! The application: task list → one page of questions at a time → materials one by one → check your answers → receipt.

mod check;
mod materials;
mod questions;
mod situation;
mod start;

use maud::{Markup, html};
use web::components::progress_steps;
use web::{Policy, Routes};

use crate::service::Draft;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/apply/{item}", Policy::Party, start::start)
        .get("/apply/drafts/{id}", Policy::SignedIn, start::overview)
        .post("/apply/drafts/{id}/discard", Policy::SignedIn, start::discard)
        .get("/my/drafts/{id}", Policy::Party, start::resume)
        .get("/apply/drafts/{id}/situation", Policy::SignedIn, situation::show)
        .post("/apply/drafts/{id}/situation", Policy::SignedIn, situation::choose)
        .get("/apply/drafts/{id}/questions/{page}", Policy::SignedIn, questions::show)
        .post("/apply/drafts/{id}/questions/{page}", Policy::SignedIn, questions::save)
        .get("/apply/drafts/{id}/materials/{n}", Policy::SignedIn, materials::show)
        .post("/apply/drafts/{id}/materials/{n}", Policy::SignedIn, materials::upload)
        .post("/apply/drafts/{id}/materials/{n}/remove", Policy::SignedIn, materials::remove)
        .post("/apply/drafts/{id}/materials/{n}/received", Policy::SignedIn, materials::received)
        .get("/apply/drafts/{id}/check", Policy::SignedIn, check::show)
        .post("/apply/drafts/{id}/submit", Policy::SignedIn, check::submit)
        .get("/apply/drafts/{id}/done", Policy::SignedIn, check::done)
}

/// Where the applicant is in the whole course.
pub(crate) fn course(current: usize) -> Markup {
    progress_steps("申请步骤", &["填写申请表", "提交材料", "核对并提交", "取得收件凭证"], current)
}

/// Heading above every page of a draft.
pub(crate) fn caption(draft: &Draft) -> String {
    if draft.at_window() { format!("{}（窗口登记：{}）", draft.row.item_name, codes::mask::name(&draft.applicant.name)) } else { draft.row.item_name.clone() }
}

/// The address of a draft.
pub(crate) fn home(draft: &Draft) -> String {
    format!("/apply/drafts/{}", draft.row.id)
}

/// Pages of the form that are shown with the answers so far.
pub(crate) fn visible_pages(draft: &Draft) -> Vec<usize> {
    draft.item.form.visible_pages(&draft.view())
}

/// Where one goes after a page of questions: the next page not done, then the first material to hand in, then the check.
pub(crate) fn next_after(draft: &Draft, page: usize) -> String {
    let base = home(draft);
    match visible_pages(draft).into_iter().find(|p| *p > page) {
        Some(next) => format!("{base}/questions/{next}"),
        None => next_material(draft, None),
    }
}

/// The next material to hand in after this one, or the check page.
pub(crate) fn next_material(draft: &Draft, after: Option<usize>) -> String {
    let base = home(draft);
    let from = after.map_or(0, |n| n + 1);
    let next = draft.item.spec.materials.iter().enumerate().skip(from).find(|(_, m)| m.exempt.is_empty() && draft.asks_for(m));
    match next {
        Some((n, _)) => format!("{base}/materials/{n}"),
        None => format!("{base}/check"),
    }
}

/// Saved at this moment, said quietly.
pub(crate) fn saved(draft: &Draft) -> Markup {
    html! { "已自动保存 " (web::components::format::date_time_short(&draft.row.updated_at)) }
}
