//! Endpoints for programs.

mod decide;

use web::{Policy, Routes};

use crate::permissions::ALL;

pub(crate) fn routes() -> Routes {
    Routes::new().post("/api/decisions/{key}", Policy::Permission(ALL), decide::post)
}
