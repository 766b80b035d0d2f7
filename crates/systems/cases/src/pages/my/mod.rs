//! One's own case.

mod case;
mod correction;

use web::{Policy, Routes};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/my/cases/{id}", Policy::Party, case::show)
        .post("/my/cases/{id}/withdraw", Policy::Party, case::withdraw)
        .post("/my/cases/{id}/receive", Policy::Party, case::receive)
        .get("/my/cases/{id}/correction", Policy::Party, correction::show)
        .post("/my/cases/{id}/correction", Policy::Party, correction::send)
}
