//! Pages of cases: the application of a citizen (also filled in by a clerk at the window), one's own cases, progress
//! without signing in, and the workbench.

mod apply;
mod case_parts;
mod document;
mod my;
mod progress;
pub(crate) mod work;

use web::{NavEntry, Routes};

pub(crate) fn routes() -> Routes {
    apply::routes().merge(my::routes()).merge(progress::routes()).merge(document::routes()).merge(work::routes())
}

pub(crate) fn nav() -> Vec<NavEntry> {
    work::nav()
}
