//! Workbench pages.

use web::{NavEntry, Routes};

pub(crate) fn routes() -> Routes {
    Routes::new()
}

pub(crate) fn nav() -> Vec<NavEntry> {
    Vec::new()
}
