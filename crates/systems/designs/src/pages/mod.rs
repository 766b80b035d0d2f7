//! Pages of those who draw and those who review.

mod compare;
mod edit;
mod list;
mod new;
mod overview;
mod trial;
mod trial_decision;
mod trial_form;
mod trial_process;
mod words;

use web::components::Icon;
use web::{Area, NavEntry, Policy, Routes};

use crate::permissions::{ALL, EDIT, REVIEW};

const KEEPERS: Policy = Policy::Permission(ALL);
const EDITORS: Policy = Policy::Permission(&[EDIT]);
const REVIEWERS: Policy = Policy::Permission(&[REVIEW]);

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/work/designs", KEEPERS, list::page)
        .get("/work/designs/new", EDITORS, new::page)
        .post("/work/designs/new", EDITORS, new::create)
        .get("/work/designs/{id}", KEEPERS, overview::page)
        .get("/work/designs/{id}/edit", EDITORS, edit::page)
        .post("/work/designs/{id}/save", EDITORS, edit::save)
        .get("/work/designs/{id}/versions/{version}/file", KEEPERS, edit::file)
        .get("/work/designs/{id}/try", KEEPERS, trial::page)
        .post("/work/designs/{id}/try", KEEPERS, trial::play)
        .get("/work/designs/{id}/compare", KEEPERS, compare::page)
        .post("/work/designs/{id}/submit", EDITORS, overview::submit)
        .post("/work/designs/{id}/publish", REVIEWERS, overview::publish)
        .post("/work/designs/{id}/reject", REVIEWERS, overview::reject)
        .post("/work/designs/{id}/version", EDITORS, overview::start_version)
}

pub(crate) fn nav() -> Vec<NavEntry> {
    vec![NavEntry { area: Area::Workbench("事项"), label: "流程与表单", href: "/work/designs", icon: Icon::Workflow, policy: KEEPERS }]
}
