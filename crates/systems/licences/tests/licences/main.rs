//! Licences on both engines, through the public face.

mod acts;
mod issue;
mod showing;
mod signing;
mod stock;
mod types;

use access::{Actor, Grant, Scope};
use base::Kind;
use chrono::Duration;
use codes::Uscc;
use licences::model::{HolderKind, LicenceItem, Standing, TypeField, TypeSpec};
use licences::service::{self, IssueOrder};
use licences::{APPROVE, Licence, MANAGE, store};
use seals::Format;
use testhouse::{Here, Setup, citizen, fonts, staff, with};
use uuid::Uuid;

const NUMBER: &str = "450302199003070017";
const BODY: Uuid = Uuid::from_u128(1);
const BODY_USCC: &str = "11220000013544541J";
const HOLDER: Uuid = Uuid::from_u128(2);

fn order(case: u128, years: u8) -> IssueOrder {
    IssueOrder {
        case_id: Uuid::from_u128(case),
        case_no: format!("示例-{case}"),
        item_id: Uuid::from_u128(9),
        type_serial: "001".into(),
        type_name: "老年人优待证".into(),
        valid_years: years,
        body_id: BODY,
        body_name: "桂林市示例局".into(),
        body_uscc: BODY_USCC.into(),
        region: "450300000000".into(),
        party_id: HOLDER,
        holder_name: "唐秀兰".into(),
        holder_id_type: "111".into(),
        holder_id_number: NUMBER.into(),
        items: vec![LicenceItem::new("户籍地", "桂林市象山区")],
        effect: catalog::model::Effect::New,
        replaces: None,
    }
}

async fn try_issue(here: &Here, order: &IssueOrder) -> base::Result<Licence> {
    let platform = &here.platform;
    let tx = platform.db.begin().await.unwrap();
    let licence = service::issue(platform, &tx, &Actor::System("测试"), order, platform.now()).await?;
    tx.commit().await.unwrap();
    Ok(licence)
}

async fn issue(here: &Here, order: &IssueOrder) -> Licence {
    try_issue(here, order).await.unwrap()
}

async fn standing(here: &Here, code: &str) -> Option<Standing> {
    service::verify(&here.platform, code).await.unwrap().map(|v| v.standing)
}

/// With fonts, because licences are typeset.
async fn installations() -> Vec<Here> {
    Setup { fonts: fonts(), ..Setup::of(&[seals::migrations(), store::migrations()]) }.both().await
}

/// A manager of the body.
fn manager() -> Actor {
    staff(BODY, MANAGE, Scope::body(BODY))
}

/// One who also reviews.
fn reviewer_of(body: Uuid) -> Actor {
    let grant = |permission: access::Permission| Grant { permission: permission.name.into(), scope: Scope::body(body) };
    with(body, vec![grant(MANAGE), grant(APPROVE)], None)
}

fn reviewer() -> Actor {
    reviewer_of(BODY)
}

/// A body that is registered, with its managers: types and stock are described by registered bodies.
async fn registered(here: &Here) -> (Uuid, Actor, Actor) {
    let platform = &here.platform;
    let tx = platform.db.begin().await.unwrap();
    organization::load_regions(&tx, "code,name\n450000000000,广西壮族自治区\n450300000000,桂林市\n").await.unwrap();
    let new = organization::service::NewBody {
        uscc: BODY_USCC.into(),
        name: "桂林市示例局".into(),
        region: testhouse::CITY.into(),
        address: String::new(),
        phone: String::new(),
        complaint_phone: String::new(),
    };
    let body = organization::service::create_body(platform, &tx, &Actor::System("测试"), &new).await.unwrap();
    tx.commit().await.unwrap();
    (body, staff(body, MANAGE, Scope::body(body)), reviewer_of(body))
}

/// With registered bodies and people.
async fn with_bodies() -> Vec<Here> {
    Setup { fonts: fonts(), ..Setup::of(&[organization::migrations(), identity::migrations(), seals::migrations(), store::migrations()]) }.both().await
}

fn spec() -> TypeSpec {
    TypeSpec {
        definition: "证明可以从事食品经营。".into(),
        basis: "《中华人民共和国食品安全法》第三十五条".into(),
        holder: HolderKind::Any,
        fields: vec![TypeField { name: "经营场所".into(), required: true }, TypeField { name: "主体业态".into(), required: false }],
        ..TypeSpec::plain("食品经营许可证", 5)
    }
}

/// A type in force: written by one, reviewed by the other.
async fn in_force(here: &Here, writer: &Actor, reviewer: &Actor, spec: &TypeSpec) -> String {
    let platform = &here.platform;
    let code = service::create_type(platform, writer, "001", spec, "new").await.unwrap();
    service::step_type(platform, writer, &code, service::TypeStep::Submit, 1).await.unwrap();
    service::step_type(platform, reviewer, &code, service::TypeStep::Approve, 2).await.unwrap();
    code
}
