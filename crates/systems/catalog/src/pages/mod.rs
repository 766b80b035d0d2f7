//! Pages of those who keep the catalogue, and the public guide.

mod blank_forms;
mod bodies;
mod build;
mod edit;
mod edit_new;
mod edit_read;
mod edit_sections;
mod edit_sheet;
pub mod guide;
mod import;
mod item;
mod items;
mod words;

use web::components::Icon;
use web::{Area, NavEntry, Policy, Routes};

use crate::permissions::{ALL, EDIT, REVIEW};

const KEEPERS: Policy = Policy::Permission(ALL);
const EDITORS: Policy = Policy::Permission(&[EDIT]);
const REVIEWERS: Policy = Policy::Permission(&[REVIEW]);

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/work/items", KEEPERS, items::page)
        .get("/work/items/import", EDITORS, import::page)
        .post("/work/items/import", EDITORS, import::upload)
        .get("/work/items/import/template", EDITORS, import::template)
        .get("/work/items/import/{batch}", EDITORS, import::report)
        .get("/work/items/import/{batch}/quarantine", EDITORS, import::quarantine)
        .get("/work/items/new", EDITORS, edit_new::new_page)
        .post("/work/items/new", EDITORS, edit_new::create)
        .get("/work/items/build", EDITORS, build::begin)
        .get("/work/items/using", Policy::Permission(&[EDIT, REVIEW, designs::EDIT, designs::REVIEW]), build::using)
        .get("/work/items/{id}/build", EDITORS, build::page)
        .post("/work/items/{id}/build", EDITORS, build::bind)
        .get("/work/items/{id}", KEEPERS, item::page)
        .get("/work/items/{id}/edit", EDITORS, edit::overview)
        .get("/work/items/{id}/edit/{section}", EDITORS, edit::page)
        .post("/work/items/{id}/edit/{section}", EDITORS, edit::save)
        .post("/work/items/{id}/bind", EDITORS, item::bind)
        .post("/work/items/{id}/version", EDITORS, item::start_version)
        .post("/work/items/{id}/submit", EDITORS, item::submit)
        .post("/work/items/{id}/publish", REVIEWERS, item::publish)
        .post("/work/items/{id}/reject", REVIEWERS, item::reject)
        .post("/work/items/{id}/state", REVIEWERS, item::change_state)
        .get("/items/{id}/forms/{n}", Policy::Public, blank_forms::page)
}

pub(crate) fn nav() -> Vec<NavEntry> {
    let area = Area::Workbench("事项");
    vec![
        NavEntry { area, label: "事项目录", href: "/work/items", icon: Icon::ListChecks, policy: KEEPERS },
        NavEntry { area, label: "新建一项服务", href: "/work/items/build", icon: Icon::Plus, policy: EDITORS },
        NavEntry { area, label: "导入清单", href: "/work/items/import", icon: Icon::Upload, policy: EDITORS },
    ]
}
