//! Pages: the supervisor's dashboard and trails, notices, and figures for everybody.

mod case;
mod dashboard;
mod notices;
mod public;

use base::{Error, Result};
use cases::permissions::{HANDLE, HEAD};
use uuid::Uuid;
use web::components::{Icon, Light as Shown};
use web::{Area, NavEntry, Policy, Routes};
use workdays::Light;

use crate::permissions::{NOTICE, VIEW};

const VIEWERS: Policy = Policy::Permission(&[VIEW]);
const SENDERS: Policy = Policy::Permission(&[NOTICE]);
const CONCERNED: Policy = Policy::Permission(&[HEAD, HANDLE, NOTICE]);

/// Their routes.
pub fn routes() -> Routes {
    Routes::new()
        .get("/supervision", Policy::Public, public::page)
        .get("/work/supervision", VIEWERS, dashboard::page)
        .get("/work/supervision/cases/{id}", VIEWERS, case::page)
        .post("/work/supervision/cases/{id}/notice", SENDERS, case::send_notice)
        .post("/work/supervision/cases/{id}/finding", SENDERS, case::record_finding)
        .get("/work/notices", CONCERNED, notices::list)
        .get("/work/notices/{id}", CONCERNED, notices::detail)
        .post("/work/notices/{id}/answer", CONCERNED, notices::answer)
        .post("/work/notices/{id}/review", SENDERS, notices::review)
}

/// Their entries in the navigation.
pub fn nav() -> Vec<NavEntry> {
    vec![
        NavEntry { area: Area::Workbench("监督"), label: "效能监察", href: "/work/supervision", icon: Icon::Gauge, policy: VIEWERS },
        NavEntry { area: Area::Workbench("监督"), label: "督办", href: "/work/notices", icon: Icon::Megaphone, policy: CONCERNED },
    ]
}

fn id(text: &str) -> Result<Uuid> {
    text.parse().map_err(|_| Error::not_found("没有找到这个页面。"))
}

fn shown(light: Light) -> Shown {
    match light {
        Light::Green => Shown::Green,
        Light::Yellow => Shown::Yellow,
        Light::Red => Shown::Red,
        Light::Purple => Shown::Purple,
    }
}
