//! Pages: verification for anybody; seals for those who manage, approve and hold them.

mod verify;
mod work;

use base::{Error, Result};
use uuid::Uuid;
use web::components::{Icon, Tone};
use web::{Area, NavEntry, Policy, Routes};

use crate::model::{Standing, State};
use crate::permissions::{APPROVE, MANAGE};
use crate::service::Verdict;

const KEEPERS: Policy = Policy::Permission(&[MANAGE, APPROVE]);
const OFFICERS: Policy = Policy::Permission(&[MANAGE]);
const AUTHORITY: Policy = Policy::Permission(&[APPROVE]);

/// Their routes.
pub fn routes() -> Routes {
    Routes::new()
        .get("/verify", Policy::Public, verify::ask)
        .post("/verify", Policy::Public, verify::answer)
        .get("/verify/{id}", Policy::Public, verify::paper)
        .get("/work/seals", KEEPERS, work::list::show)
        .get("/work/seals/unsealed", KEEPERS, work::list::unsealed)
        .get("/work/seals/mine", Policy::Staff, work::by_hand::mine)
        .get("/work/seals/new", OFFICERS, work::apply::show)
        .post("/work/seals/new", OFFICERS, work::apply::send)
        .get("/work/seals/{id}", KEEPERS, work::seal::show)
        .get("/work/seals/{id}/uses", KEEPERS, work::seal::uses)
        .get("/work/seals/{id}/picture.png", Policy::Staff, work::seal::picture)
        .get("/work/seals/{id}/replace", OFFICERS, work::apply::show_replacement)
        .post("/work/seals/{id}/replace", OFFICERS, work::apply::replace)
        .post("/work/seals/{id}/make", AUTHORITY, work::seal::make)
        .post("/work/seals/{id}/act", KEEPERS, work::seal::act)
        .post("/work/seals/{id}/hold", OFFICERS, work::seal::hold)
        .post("/work/seals/{id}/unhold", OFFICERS, work::seal::unhold)
        .get("/work/seals/{id}/use", Policy::Staff, work::by_hand::show)
        .post("/work/seals/{id}/use", Policy::Staff, work::by_hand::send)
}

/// Their entries in the navigation.
pub fn nav() -> Vec<NavEntry> {
    let area = Area::Workbench("印章");
    vec![
        NavEntry { area, label: "印章管理", href: "/work/seals", icon: Icon::BadgeCheck, policy: KEEPERS },
        NavEntry { area, label: "手工用印", href: "/work/seals/mine", icon: Icon::FileCheck, policy: Policy::Staff },
    ]
}

/// An identifier out of an address; anything else is not found.
fn id(text: &str) -> Result<Uuid> {
    text.parse().map_err(|_| Error::not_found("没有这枚印章。"))
}

fn tone(standing: Standing) -> Tone {
    match standing {
        Standing::Usable => Tone::Good,
        Standing::Is(State::Applied) => Tone::Info,
        Standing::NotYet | Standing::Expired | Standing::Is(State::Suspended | State::InForce) => Tone::Caution,
        Standing::Is(State::Revoked) => Tone::Alert,
        Standing::Is(State::Rejected | State::Replaced) => Tone::Neutral,
    }
}

fn verdict_tone(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Genuine => Tone::Good,
        Verdict::Issued | Verdict::Unsigned => Tone::Info,
        Verdict::Unknown => Tone::Caution,
        Verdict::NotInForce | Verdict::Changed => Tone::Alert,
    }
}
