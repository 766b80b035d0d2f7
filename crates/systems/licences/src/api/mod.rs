//! Endpoints for programs.

mod verify;

use web::{Policy, Routes};

/// Their routes.
pub fn routes() -> Routes {
    Routes::new().get("/api/licences/verify", Policy::Public, verify::verify)
}
