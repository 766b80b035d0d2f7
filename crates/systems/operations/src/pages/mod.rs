//! Pages of operators.

mod jobs;

use web::components::Icon;
use web::{Area, NavEntry, Policy, Routes};

use crate::permissions::OPERATE;

const OPERATORS: Policy = Policy::Permission(&[OPERATE]);

/// Their routes.
pub fn routes() -> Routes {
    Routes::new()
        .get("/work/operations/jobs", OPERATORS, jobs::list)
        .get("/work/operations/jobs/{id}", OPERATORS, jobs::detail)
        .post("/work/operations/jobs/{id}/retry", OPERATORS, jobs::retry)
        .post("/work/operations/jobs/{id}/drop", OPERATORS, jobs::drop)
}

/// Their entries in the navigation.
pub fn nav() -> Vec<NavEntry> {
    vec![NavEntry { area: Area::Workbench("管理"), label: "失败任务", href: "/work/operations/jobs", icon: Icon::RefreshCw, policy: OPERATORS }]
}
