//! Pages of the workbench.

mod bodies;
mod body;
mod deputies;
mod edit;

use base::Error;
use web::{Policy, Routes};

use crate::permissions::MANAGE;

const MANAGERS: Policy = Policy::Permission(&[MANAGE]);

/// All routes.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/work/deputies", Policy::Staff, deputies::list)
        .post("/work/deputies", Policy::Staff, deputies::name)
        .post("/work/deputies/{id}/end", Policy::Staff, deputies::end)
        .get("/work/organization", MANAGERS, bodies::list)
        .get("/work/organization/bodies/new", MANAGERS, edit::new)
        .post("/work/organization/bodies/new", MANAGERS, edit::create)
        .get("/work/organization/bodies/{id}", MANAGERS, body::show)
        .get("/work/organization/bodies/{id}/edit", MANAGERS, edit::edit)
        .post("/work/organization/bodies/{id}/edit", MANAGERS, edit::save)
        .post("/work/organization/bodies/{id}/posts", MANAGERS, body::create_post)
        .post("/work/organization/bodies/{id}/staff", MANAGERS, body::create_staff)
        .post("/work/organization/bodies/{id}/windows", MANAGERS, body::create_window)
        .post("/work/organization/bodies/{id}/assignments", MANAGERS, body::assign)
        .post("/work/organization/bodies/{id}/assignments/{holding}/end", MANAGERS, body::end)
        .post("/work/organization/bodies/{id}/staff/{staff}/leave", MANAGERS, body::leave)
}

/// What an error says about a field.
fn said<'a>(error: Option<&'a Error>, field: &str) -> Option<&'a str> {
    error?.fields().iter().find(|f| f.field == field).map(|f| f.message.as_str())
}

/// Lines for the summary at the top of a page: wrong fields, or the refusal itself.
fn summary(error: Option<&Error>) -> Vec<(&str, &str)> {
    match error {
        None => Vec::new(),
        Some(error) if error.fields().is_empty() => vec![("", error.message())],
        Some(error) => error.fields().iter().map(|f| (f.field.as_str(), f.message.as_str())).collect(),
    }
}

/// Whether the page can be shown again with the error on it; other errors have pages of their own.
fn mendable(error: &Error) -> bool {
    matches!(error.kind(), base::Kind::Invalid | base::Kind::Refused | base::Kind::Conflict)
}
