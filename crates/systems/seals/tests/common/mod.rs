#![allow(dead_code)]
//! A body with seals, and those who act.

use std::io::{Cursor, Read, Write};

use access::{Actor, Grant, Scope};
use organization::Body;
use organization::service::{NewBody, create_body};
use platform::Platform;
use seals::model::Act;
use seals::service::{Application, act as do_act, apply, make};
use seals::store::{Seal, by_id};
use seals::{APPROVE, MANAGE, Order, Purpose, SealKind};
use serde_json::json;
use testhouse::{CITY, Here, Setup};
use typeset::Template;
use uuid::Uuid;

const LETTER: &str = r##"#import "/official.typ": *
#show: official.with(title: "准予决定书", issuer: field("body"), number: field("number"))
#addressee(field("to"))
经审查，准予许可。
#signature(field("body"), date(field("date")))
"##;

pub async fn here() -> Vec<Here> {
    let fonts = testhouse::fonts();
    assert!(!fonts.is_empty(), "run `make web` first: documents need its fonts");
    let systems = [organization::migrations(), seals::migrations()];
    Setup { fonts, ..Setup::of(&systems) }.both().await
}

pub async fn body(platform: &Platform) -> Body {
    named_body(platform, "示例市市场监督管理局", "11450300MB0000001").await
}

pub async fn named_body(platform: &Platform, name: &str, first17: &str) -> Body {
    let tx = platform.db.begin().await.unwrap();
    if organization::region(&*tx, CITY).await.unwrap().is_none() {
        organization::load_regions(&tx, "code,name\n450000000000,广西壮族自治区\n450300000000,桂林市\n").await.unwrap();
    }
    let uscc = format!("{first17}{}", codes::Uscc::check_character(first17).unwrap());
    let new = NewBody { uscc, name: name.into(), region: CITY.into(), address: String::new(), phone: String::new(), complaint_phone: String::new() };
    let id = create_body(platform, &tx, &Actor::System("试验"), &new).await.unwrap();
    tx.commit().await.unwrap();
    organization::body(platform.db.read(), id).await.unwrap().unwrap()
}

/// Applies for seals of a body.
pub fn officer(body: Uuid) -> Actor {
    testhouse::staff(body, MANAGE, Scope::body(body))
}

/// Decides on them.
pub fn authority() -> Actor {
    testhouse::staff(base::new_id(), APPROVE, Scope::region("4503"))
}

/// May do both.
pub fn almighty(body: Uuid) -> Actor {
    let grant = |name: &str| Grant { permission: name.into(), scope: Scope::region("4503") };
    testhouse::with(body, vec![grant(MANAGE.name), grant(APPROVE.name)], None)
}

pub fn application(body: Uuid, kind: SealKind) -> Application {
    Application {
        body,
        kind: kind.as_str().into(),
        purposes: kind.purposes().iter().map(|purpose| purpose.as_str().to_owned()).collect(),
        automatic: true,
        physical_no: "4503001234567".into(),
        grounds: "开展行政审批业务需要".into(),
    }
}

pub async fn make_seal(here: &Here, body: &Body, kind: SealKind) -> Uuid {
    let id = apply(&here.platform, &officer(body.id), &application(body.id, kind), &nonce()).await.unwrap();
    make(&here.platform, &authority(), id, 1, "同意", &nonce()).await.unwrap();
    id
}

pub async fn approved(here: &Here, kind: SealKind) -> (Body, Uuid) {
    let body = body(&here.platform).await;
    let seal = make_seal(here, &body, kind).await;
    (body, seal)
}

pub async fn seal_of(platform: &Platform, id: Uuid) -> Seal {
    by_id(platform.db.read(), id).await.unwrap().unwrap()
}

pub async fn act(here: &Here, id: Uuid, act: Act) {
    let version = seal_of(&here.platform, id).await.version;
    do_act(&here.platform, &authority(), id, version, act, "工作需要，按规定办理", &nonce()).await.unwrap();
}

pub fn nonce() -> String {
    base::new_id().to_string()
}

pub fn order(here: &Here, body: &Body, purpose: Purpose) -> Order {
    Order {
        id: base::new_id(),
        purpose,
        body: body.id,
        body_name: body.name.clone(),
        region: body.region.clone(),
        case: Some(base::new_id()),
        title: "准予决定书".into(),
        number: "桂政务准〔2026〕1号".into(),
        template: Template { main: LETTER, files: &[] },
        data: json!({ "body": body.name, "to": "覃某（示例）", "number": "桂政务准〔2026〕1号", "date": "2026-11-24" }),
        at: here.platform.now(),
    }
}

/// The archive with the first entry whose name ends so changed.
pub fn replace_in_zip(bytes: &[u8], ending: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut changed = false;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let (name, mut content) = (entry.name().unwrap().into_owned(), Vec::new());
        entry.read_to_end(&mut content).unwrap();
        if name.ends_with(ending) && !changed {
            let before = String::from_utf8(content).unwrap();
            content = change(before.clone()).into_bytes();
            changed = content != before.into_bytes();
        }
        out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(&content).unwrap();
    }
    assert!(changed, "nothing ends with {ending}, or nothing was changed");
    out.finish().unwrap().into_inner()
}

/// What is in an archive.
pub fn entries(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut all = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let (name, mut content) = (entry.name().unwrap().into_owned(), Vec::new());
        entry.read_to_end(&mut content).unwrap();
        all.push((name, content));
    }
    all
}
