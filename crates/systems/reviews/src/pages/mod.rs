//! Pages: rating, public results, putting bad ratings right.

mod faces;
mod rate;
mod results;
mod work;

use base::{Error, Result};
use uuid::Uuid;
use web::components::Icon;
use web::{Area, NavEntry, Policy, Routes};

use crate::permissions::HANDLE;

const HANDLERS: Policy = Policy::Permission(&[HANDLE]);

/// Their routes.
pub fn routes() -> Routes {
    Routes::new()
        .get("/my/cases/{id}/review", Policy::Party, rate::page)
        .post("/my/cases/{id}/review", Policy::Party, rate::submit)
        .get("/my/cases/{id}/review/thanks", Policy::Party, rate::thanks)
        .get("/reviews", Policy::Public, results::page)
        .get("/work/reviews", HANDLERS, work::list)
        .get("/work/reviews/{id}", HANDLERS, work::detail)
        .post("/work/reviews/{id}", HANDLERS, work::act)
}

/// Their entries in the navigation.
pub fn nav() -> Vec<NavEntry> {
    vec![NavEntry { area: Area::Workbench("监督"), label: "差评整改", href: "/work/reviews", icon: Icon::MessageSquare, policy: HANDLERS }]
}

fn id(text: &str) -> Result<Uuid> {
    text.parse().map_err(|_| Error::not_found("没有找到这个页面。"))
}
