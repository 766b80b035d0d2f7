//! Endpoints for programs.

mod pki;
mod verify;

use web::{Policy, Routes};

/// Their routes.
pub fn routes() -> Routes {
    Routes::new()
        .post("/api/verify", Policy::Public, verify::verify)
        .get("/pki/{file}", Policy::Public, pki::file)
        .post("/tsa", Policy::Public, pki::time_stamp)
}
