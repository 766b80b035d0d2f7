//! Pages: verification for anybody, a party's own licences, the work of those who manage them.

mod mine;
mod verify;
mod work;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base::{Error, Result};
use bytes::Bytes;
use uuid::Uuid;
use web::components::{Icon, Tone, format};
use web::{Area, NavEntry, Policy, Routes};

use crate::model::{Standing, Validity};
use crate::permissions::MANAGE;

const MANAGERS: Policy = Policy::Permission(&[MANAGE]);

/// Their routes.
pub fn routes() -> Routes {
    Routes::new()
        .get("/licences/verify", Policy::Public, verify::form)
        .get("/v/{code}", Policy::Public, verify::result)
        .get("/my/licences", Policy::Party, mine::list)
        .get("/my/licences/{id}", Policy::Party, mine::detail)
        .get("/my/licences/{id}/pdf", Policy::Party, mine::pdf)
        .get("/work/licences", MANAGERS, work::list)
        .get("/work/licences/{id}", MANAGERS, work::detail)
        .get("/work/licences/{id}/pdf", MANAGERS, work::pdf)
        .post("/work/licences/{id}/withdraw", MANAGERS, work::withdraw)
}

/// Their entries in the navigation.
pub fn nav() -> Vec<NavEntry> {
    vec![NavEntry { area: Area::Workbench("证照"), label: "证照管理", href: "/work/licences", icon: Icon::BadgeCheck, policy: MANAGERS }]
}

/// An identifier out of an address; anything else is not found.
fn id(text: &str) -> Result<Uuid> {
    text.parse().map_err(|_| Error::not_found("没有找到这张证照。"))
}

fn tone(standing: Standing) -> Tone {
    match standing {
        Standing::Valid => Tone::Good,
        Standing::NotYet | Standing::Expired => Tone::Caution,
        Standing::Revoked | Standing::Cancelled => Tone::Alert,
    }
}

fn term(validity: Validity) -> String {
    match validity.until {
        Some(until) => format!("{} 至 {}", format::date(validity.from), format::date(until)),
        None => format!("{} 起长期有效", format::date(validity.from)),
    }
}

fn pdf_response(number: &str, bytes: Bytes) -> Response {
    let name = format!("inline; filename=\"licence-{number}.pdf\"");
    let disposition = HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("inline"));
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/pdf")), (header::CONTENT_DISPOSITION, disposition)], bytes).into_response()
}
