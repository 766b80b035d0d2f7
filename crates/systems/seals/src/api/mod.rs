//! Endpoints for programs.

use web::Routes;

/// Their routes.
pub fn routes() -> Routes {
    Routes::new()
}
