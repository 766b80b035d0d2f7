//! Pages: verification, the directory and codes for anybody; a party's own licences; the work of those who manage them.

mod directory;
mod my;
mod show;
mod verify;
mod work;

pub(crate) use show::SHOW_BRAKE;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base::{Error, Result};
use bytes::Bytes;
use seals::Format;
use uuid::Uuid;
use web::components::{Icon, Tone, format};
use web::{Area, NavEntry, Policy, Routes, mendable, said, summary};

use crate::model::{Standing, Validity};
use crate::permissions::{APPROVE, MANAGE};

const MANAGERS: Policy = Policy::Permission(&[MANAGE]);
const REVIEWERS: Policy = Policy::Permission(&[APPROVE]);

/// Their routes.
pub fn routes() -> Routes {
    public_routes().merge(holders_routes()).merge(staff_routes())
}

fn public_routes() -> Routes {
    Routes::new()
        .get("/licences/verify", Policy::Public, verify::form)
        .get("/v/{code}", Policy::Public, verify::result)
        .get("/licences/types", Policy::Public, directory::list)
        .get("/licences/types.csv", Policy::Public, directory::csv)
        .get("/licences/types/{code}", Policy::Public, directory::entry)
        .get("/licences/show", Policy::Public, show::form)
        .get("/s/{code}", Policy::Public, show::offer)
        .post("/licences/show", Policy::Public, show::look)
        .post("/licences/show/copy", Policy::Public, show::copy)
}

fn holders_routes() -> Routes {
    Routes::new()
        .get("/my/licences", Policy::Party, my::wallet::list)
        .get("/my/licences/use", Policy::Party, my::hand_in::choose)
        .post("/my/licences/use", Policy::Party, my::hand_in::hand_in)
        .get("/my/licences/{id}", Policy::Party, my::licence::detail)
        .get("/my/licences/{id}/pdf", Policy::Party, my::licence::pdf)
        .get("/my/licences/{id}/ofd", Policy::Party, my::licence::ofd)
        .get("/my/licences/{id}/show", Policy::Party, my::showing::ask)
        .post("/my/licences/{id}/show", Policy::Party, my::showing::allow)
        .get("/my/showings/{id}", Policy::Party, my::showing::code)
        .post("/my/showings/{id}/take-back", Policy::Party, my::showing::take_back)
}

fn staff_routes() -> Routes {
    Routes::new()
        .get("/work/licences", MANAGERS, work::list::list)
        .get("/work/licences/types", MANAGERS, work::types::list)
        .get("/work/licences/types/new", MANAGERS, work::type_edit::new)
        .post("/work/licences/types/new", MANAGERS, work::type_edit::create)
        .get("/work/licences/types/{code}", MANAGERS, work::types::show)
        .get("/work/licences/types/{code}/edit", MANAGERS, work::type_edit::edit)
        .post("/work/licences/types/{code}/edit", MANAGERS, work::type_edit::save)
        .post("/work/licences/types/{code}/submit", MANAGERS, work::types::submit)
        .post("/work/licences/types/{code}/review", REVIEWERS, work::types::review)
        .get("/work/licences/types/{code}/sample", MANAGERS, work::types::sample)
        .get("/work/licences/types/{code}/stock.csv", MANAGERS, work::stock::template)
        .get("/work/licences/stock", MANAGERS, work::stock::list)
        .get("/work/licences/stock/new", MANAGERS, work::stock::ask)
        .post("/work/licences/stock/new", MANAGERS, work::stock::upload)
        .get("/work/licences/stock/{id}", MANAGERS, work::stock::show)
        .post("/work/licences/stock/{id}/decide", REVIEWERS, work::stock::decide)
        .get("/work/licences/stock/{id}/kept-aside", MANAGERS, work::stock::kept_aside)
        .get("/work/licences/orders", MANAGERS, work::orders::list)
        .get("/work/licences/orders/{id}", MANAGERS, work::orders::show)
        .post("/work/licences/orders/{id}", REVIEWERS, work::orders::decide)
        .get("/work/licences/watch", MANAGERS, work::watch::list)
        .get("/work/licences/{id}", MANAGERS, work::licence::detail)
        .get("/work/licences/{id}/pdf", MANAGERS, work::licence::pdf)
        .get("/work/licences/{id}/ofd", MANAGERS, work::licence::ofd)
        .get("/work/licences/{id}/act", MANAGERS, work::act::ask)
        .post("/work/licences/{id}/act", MANAGERS, work::act::propose)
}

/// Their entries in the navigation.
pub fn nav() -> Vec<NavEntry> {
    let area = Area::Workbench("证照");
    vec![
        NavEntry { area, label: "证照管理", href: "/work/licences", icon: Icon::BadgeCheck, policy: MANAGERS },
        NavEntry { area, label: "证照审核", href: "/work/licences/orders", icon: Icon::Stamp, policy: MANAGERS },
        NavEntry { area, label: "证照类型", href: "/work/licences/types", icon: Icon::BookMarked, policy: MANAGERS },
        NavEntry { area, label: "存量导入", href: "/work/licences/stock", icon: Icon::Upload, policy: MANAGERS },
        NavEntry { area, label: "使用监测", href: "/work/licences/watch", icon: Icon::ShieldCheck, policy: MANAGERS },
        NavEntry { area, label: "扫码用证", href: "/licences/show", icon: Icon::QrCode, policy: Policy::Staff },
    ]
}

/// An identifier out of an address; anything else is not found.
fn id(text: &str) -> Result<Uuid> {
    text.parse().map_err(|_| Error::not_found("没有找到这张证照。"))
}

fn tone(standing: Standing) -> Tone {
    match standing {
        Standing::Valid => Tone::Good,
        Standing::NotYet | Standing::Expired | Standing::Suspended => Tone::Caution,
        Standing::Changed => Tone::Neutral,
        Standing::Revoked | Standing::Cancelled => Tone::Alert,
    }
}

fn term(validity: Validity) -> String {
    match validity.until {
        Some(until) => format!("{} 至 {}", format::date(validity.from), format::date(until)),
        None => format!("{} 起长期有效", format::date(validity.from)),
    }
}

fn licence_file(number: &str, format: Format, bytes: Bytes) -> Response {
    let how = if format == Format::Pdf { "inline" } else { "attachment" };
    file_response(format.mime(), &format!("{how}; filename=\"licence-{number}.{}\"", format.ending()), bytes)
}

fn pdf_response(number: &str, bytes: Bytes) -> Response {
    file_response("application/pdf", &format!("inline; filename=\"licence-{number}.pdf\""), bytes)
}

fn csv_response(name: &str, text: String) -> Response {
    file_response("text/csv; charset=utf-8", &format!("attachment; filename=\"{name}\""), Bytes::from(text))
}

/// A file; a number that cannot stand in a header goes without its name.
fn file_response(media_type: &'static str, disposition: &str, bytes: Bytes) -> Response {
    let disposition = HeaderValue::from_str(disposition).unwrap_or(HeaderValue::from_static("inline"));
    ([(header::CONTENT_TYPE, HeaderValue::from_static(media_type)), (header::CONTENT_DISPOSITION, disposition)], bytes).into_response()
}
