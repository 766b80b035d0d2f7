//! Pages.

use web::{NavEntry, Routes};

/// Their routes.
pub fn routes() -> Routes {
    Routes::new()
}

/// Their entries in the navigation.
pub fn nav() -> Vec<NavEntry> {
    Vec::new()
}
