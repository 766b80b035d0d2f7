//! Pages of the workbench.

mod bodies;
mod body;
mod deputies;
mod edit;

use web::{Policy, Routes, mendable, said, summary};

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
