//! Pages of the hall, one file each. A page's `body` is a pure function of what it shows, so it can be tested alone.

pub mod about;
pub mod accessibility;
pub mod bodies;
pub mod elder;
pub mod guide;
pub mod halls;
pub mod help;
pub mod home;
pub mod items;
pub mod module;
pub mod my;
pub mod news;
pub mod one_thing;
pub mod places;
pub mod search;
pub mod sitemap;
pub mod suggest;
pub mod themes;
pub mod work_news;

use std::sync::Arc;

use base::{Error, Result};
use uuid::Uuid;
use web::{Area, Ctx, NavEntry, Policy, Routes, components::Icon};

use crate::model::module::{INTERACTION, INVESTMENT, OPENNESS};
use crate::model::place;
use crate::service::cache::Cache;
use crate::service::front::Front;

/// Seconds the front page may lag behind what happens.
const FRONT_SECONDS: i64 = 30;

pub(crate) fn routes() -> Routes {
    let front: Arc<Cache<Front>> = Arc::new(Cache::new(FRONT_SECONDS));
    Routes::new()
        .get("/", Policy::Public, move |ctx: Ctx| home::page(ctx, front.clone()))
        .get("/search", Policy::Public, search::page)
        .get("/search/suggest", Policy::Public, suggest::answer)
        .get("/items/{item_id}", Policy::Public, guide::page)
        .get("/personal", Policy::Public, themes::personal)
        .get("/enterprise", Policy::Public, themes::enterprise)
        .get("/themes/{audience}/{theme}", Policy::Public, themes::page)
        .get("/one-thing", Policy::Public, one_thing::list)
        .get("/one-thing/{name}", Policy::Public, one_thing::page)
        .get("/bodies", Policy::Public, bodies::list)
        .get("/bodies/{id}", Policy::Public, bodies::page)
        .get("/halls", Policy::Public, halls::page)
        .get("/places", Policy::Public, places::page)
        .post("/places", Policy::Public, places::choose)
        .get("/my", Policy::Party, my::page)
        .get("/news", Policy::Public, news::list)
        .get("/news/{id}", Policy::Public, news::page)
        .get("/openness", Policy::Public, |ctx: Ctx| module::page(ctx, &OPENNESS))
        .get("/investment", Policy::Public, |ctx: Ctx| module::page(ctx, &INVESTMENT))
        .get("/interaction", Policy::Public, |ctx: Ctx| module::page(ctx, &INTERACTION))
        .get("/help", Policy::Public, help::page)
        .get("/accessibility", Policy::Public, accessibility::page)
        .get("/about", Policy::Public, about::about)
        .get("/privacy", Policy::Public, about::privacy)
        .get("/feedback", Policy::Public, about::feedback)
        .get("/sitemap", Policy::Public, sitemap::page)
        .get("/work/news", STAFF, work_news::list)
        .get("/work/news/new", STAFF, work_news::form)
        .post("/work/news/new", STAFF, work_news::publish)
        .post("/work/news/{id}/withdraw", STAFF, work_news::withdraw)
}

/// Who edits notices.
const STAFF: Policy = Policy::Permission(&[crate::PUBLISH]);

/// The navigation: the seven top modules, in the order in which the planning documents name them (M-PORT-01.01), and
/// the notices on the workbench.
pub(crate) fn nav() -> Vec<NavEntry> {
    let notices = NavEntry { area: Area::Workbench("管理"), label: "公告", href: "/work/news", icon: Icon::Megaphone, policy: STAFF };
    let mut entries = modules();
    entries.push(notices);
    entries
}

fn modules() -> Vec<NavEntry> {
    [
        ("政务公开", "/openness", Icon::BookOpen),
        ("个人服务", "/personal", Icon::User),
        ("企业服务", "/enterprise", Icon::Building2),
        ("投资服务", "/investment", Icon::HardHat),
        ("政民互动", "/interaction", Icon::MessageSquare),
        ("效能监察", "/supervision", Icon::Gauge),
        ("我的事务", "/my", Icon::ClipboardList),
    ]
    .map(|(label, href, icon)| NavEntry { area: Area::Hall, label, href, icon, policy: Policy::Public })
    .to_vec()
}

/// The place whose services are shown.
fn place(ctx: &Ctx) -> &str {
    place::within(ctx.region(), &ctx.site.region)
}

/// An identifier from an address.
fn id(text: &str) -> Result<Uuid> {
    Uuid::parse_str(text).map_err(|_| Error::not_found("没有找到这个页面，请核对网址，或者从首页查找。"))
}

/// A value for the query of an address.
fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests;
