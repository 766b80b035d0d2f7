//! Regions, bodies, windows, posts, staff, citizens, firms, items.

use std::collections::HashMap;

use access::Actor;
use base::{Error, Result};
use catalog::Implementer;
use identity::{Demonstration, DemonstrationAccount, NewFirm, NewPerson};
use organization::WindowKind;
use organization::service::{Assignment, NewBody, NewStaff, NewWindow, assign_post, create_body, create_post_from, create_staff, create_window};
use platform::Platform;
use serde::Deserialize;
use uuid::Uuid;

use super::accounts::{CITIZENS, FIRMS, PASSWORD, STAFF, accounts, citizen_number, credit_code};
use super::progress;
use crate::compose::MovableClock;

const REGIONS: &str = include_str!("../../../../data/regions/guangxi.csv");
const DEPARTMENTS: &str = include_str!("../../../../data/organization/guilin_departments.csv");
const CITY: &str = "450300000000";
/// Address of the city's centre, as published; windows and numbers are demonstration.
const CENTRE: &str = "临桂区西城中路69号创业大厦西辅楼";

pub(crate) const LOADER: Actor = Actor::System("演示数据");

#[derive(Deserialize)]
struct Department {
    seq: u32,
    name: String,
    uscc: String,
}

/// Loads everything cases need to happen.
///
/// # Errors
/// When a service refuses or the database fails.
pub async fn load_foundation(platform: &Platform, clock: &MovableClock) -> Result<()> {
    let tx = platform.db.begin_alone().await?;
    let regions = organization::load_regions(&tx, REGIONS).await?;
    tx.commit().await?;
    progress(&format!("行政区划 {regions} 个"));
    let mut posts = Posts::new();
    let bodies = load_bodies(platform, &mut posts).await?;
    progress(&format!("部门 {} 个，岗位和工作人员已配置", bodies.len()));
    load_accounts(platform, &mut posts).await?;
    progress(&format!("演示账号 {} 个", CITIZENS.len() + FIRMS.len() + STAFF.len()));
    let seals = super::seals::load(platform, clock, &bodies).await?;
    progress(&format!("电子印章 {seals} 枚"));
    let designs = super::designs::load(platform, clock).await?;
    progress(&format!("部门自己绘制的流程和决策表 {designs} 个"));
    let types = super::licences::load(platform).await?;
    progress(&format!("证照类型 {types} 种"));
    let tx = platform.db.begin_alone().await?;
    let items = catalog::load_demo_items(&tx, &bodies, platform.now()).await?;
    hall::load_demo(&tx, platform.now()).await?;
    tx.commit().await?;
    progress(&format!("政务服务事项 {items} 个"));
    Ok(())
}

/// Posts made so far, by body and template: a post is made once and held by several people.
type Posts = HashMap<(Uuid, String), Uuid>;

async fn load_bodies(platform: &Platform, posts: &mut Posts) -> Result<Vec<Implementer>> {
    let mut bodies = Vec::new();
    let tx = platform.db.begin_alone().await?;
    for row in csv::Reader::from_reader(DEPARTMENTS.as_bytes()).deserialize::<Department>() {
        let row = row?;
        let new = NewBody {
            uscc: row.uscc.clone(),
            name: row.name.clone(),
            region: CITY.into(),
            address: format!("桂林市政务服务中心（{CENTRE}）"),
            phone: format!("0773-57000{:02}", row.seq % 100),
            complaint_phone: format!("0773-57009{:02}", row.seq % 100),
        };
        let id = create_body(platform, &tx, &LOADER, &new).await?;
        let window = NewWindow {
            body: id,
            name: format!("{:02} 号窗口", row.seq),
            place: format!("桂林市政务服务中心 {} 楼 {} 区", 2 + row.seq % 2, ["A", "B", "C", "D"].get((row.seq % 4) as usize).copied().unwrap_or("A")),
            kind: if row.name.contains("行政审批局") { WindowKind::General } else { WindowKind::Body },
        };
        create_window(platform, &tx, &LOADER, &window).await?;
        bodies.push(Implementer { id, name: row.name, uscc: row.uscc, region: CITY.into() });
    }
    // Every body can handle its own cases: four people, one post each.
    for (index, body) in bodies.iter().enumerate() {
        for (key, title) in [("window", "窗口"), ("handler", "承办"), ("examiner", "审查"), ("approver", "审批")] {
            let name = format!("演示{title}{:02}", index + 1);
            add_staff(platform, &tx, body.id, &name, &format!("D{:02}-{key}", index + 1), &[key], posts).await?;
        }
    }
    tx.commit().await?;
    Ok(bodies)
}

async fn add_staff(platform: &Platform, tx: &db::Tx, body: Uuid, name: &str, work_no: &str, keys: &[&str], posts: &mut Posts) -> Result<Uuid> {
    let staff = create_staff(platform, tx, &LOADER, &NewStaff { body, name: name.into(), work_no: work_no.into(), own_party: None }).await?;
    for key in keys {
        let template = organization::template(key).ok_or_else(|| Error::internal(format!("post template {key}")))?;
        let place = (body, (*key).to_owned());
        let post = match posts.get(&place) {
            Some(post) => *post,
            None => create_post_from(platform, tx, &LOADER, body, template).await?,
        };
        posts.insert(place, post);
        assign_post(platform, tx, &LOADER, &Assignment { staff, post, from: platform.today(), on_the_spot: false }).await?;
    }
    Ok(staff)
}

async fn load_accounts(platform: &Platform, posts: &mut Posts) -> Result<()> {
    let tx = platform.db.begin_alone().await?;
    for account in STAFF {
        let body = organization::body_by_name(&*tx, account.body).await?.ok_or_else(|| Error::internal(format!("no body {}", account.body)))?;
        let staff = add_staff(platform, &tx, body.id, account.name, account.login, account.posts, posts).await?;
        identity::create_staff_account(platform, &tx, staff, account.login, PASSWORD, None).await?;
    }
    for (position, (login, label)) in accounts().into_iter().enumerate() {
        let account = DemonstrationAccount { login, password: PASSWORD.into(), label };
        identity::add_demonstration_account(platform, &tx, &account, i32::try_from(position).unwrap_or(i32::MAX)).await?;
    }
    tx.commit().await?;
    for (name, number, phone, address) in CITIZENS {
        let person = NewPerson {
            name: (*name).into(),
            id_number: citizen_number(number),
            phone: (*phone).into(),
            address: (*address).into(),
            password: PASSWORD.into(),
            agreed: true,
        };
        identity::register_person(platform, &Demonstration, &person).await?;
    }
    for (index, (name, code, phone)) in FIRMS.iter().enumerate() {
        let (representative, number, ..) = CITIZENS[index % CITIZENS.len()];
        let firm = NewFirm {
            name: (*name).into(),
            uscc: credit_code(code),
            representative: representative.into(),
            representative_number: citizen_number(number),
            phone: (*phone).into(),
            address: "桂林市示例路".into(),
            password: PASSWORD.into(),
            agreed: true,
        };
        identity::register_firm(platform, &Demonstration, &firm).await?;
    }
    Ok(())
}
