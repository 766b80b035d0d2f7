//! Processes, decision tables and forms that departments of the demonstration drew: drawn by one person, published by another.

use access::{Actor, Grant, Scope, Staff};
use base::{Error, Result};
use chrono::Days;
use designs::model::Example;
use designs::service::NewDesign;
use designs::{Kind, service, store};
use dmn::{Model, NoImports};
use organization::{body_by_name, staff_actor, staff_by_work_no};
use platform::Platform;
use uuid::Uuid;

use crate::compose::MovableClock;

/// Days before today from which they hold: earlier than the first case.
const SINCE: u64 = 400;

/// Kind, key, name, body and content.
const DRAWN: [(Kind, &str, &str, &str, &str); 20] = [
    (Kind::Decision, "water-risk", "取水现场核查判定", "桂林市水利局", include_str!("../../../../data/demo/designs/water-risk.dmn")),
    (Kind::Process, "water-inspection", "取水许可流程", "桂林市水利局", include_str!("../../../../data/demo/designs/water-inspection.bpmn")),
    (Kind::Decision, "hygiene-risk", "公共场所现场核查判定", "桂林市卫生健康委员会", include_str!("../../../../data/demo/designs/hygiene-risk.dmn")),
    (Kind::Process, "hygiene-inspection", "公共场所卫生许可流程", "桂林市卫生健康委员会", include_str!("../../../../data/demo/designs/hygiene-inspection.bpmn")),
    (Kind::Decision, "freight-risk", "货运核查判定", "桂林市交通运输局", include_str!("../../../../data/demo/designs/freight-risk.dmn")),
    (Kind::Process, "freight-inspection", "道路货物运输经营许可流程", "桂林市交通运输局", include_str!("../../../../data/demo/designs/freight-inspection.bpmn")),
    (Kind::Decision, "senior-allowance", "高龄津贴当即决定条件", "桂林市民政局", include_str!("../../../../data/demo/designs/senior-allowance.dmn")),
    (Kind::Process, "senior-allowance", "高龄津贴秒批流程", "桂林市民政局", include_str!("../../../../data/demo/designs/senior-allowance.bpmn")),
    (Kind::Decision, "resident-pension", "城乡居民养老保险参保当即登记条件", "桂林市人力资源和社会保障局", include_str!("../../../../data/demo/designs/resident-pension.dmn")),
    (Kind::Process, "resident-pension", "城乡居民养老保险参保秒批流程", "桂林市人力资源和社会保障局", include_str!("../../../../data/demo/designs/resident-pension.bpmn")),
    (Kind::Decision, "catering-departments", "开办餐饮店联办部门", "桂林市大数据和行政审批局", include_str!("../../../../data/demo/designs/catering-departments.dmn")),
    (Kind::Process, "catering-joint", "开办餐饮店联合办理流程", "桂林市大数据和行政审批局", include_str!("../../../../data/demo/designs/catering-joint.bpmn")),
    (Kind::Decision, "food-situation", "食品经营许可办事情形", "桂林市市场监督管理局", include_str!("../../../../data/demo/designs/food-situation.dmn")),
    (Kind::Decision, "hygiene-situation", "公共场所卫生许可办事情形", "桂林市卫生健康委员会", include_str!("../../../../data/demo/designs/hygiene-situation.dmn")),
    (Kind::Form, "water-intake", "取水许可申请表", "桂林市水利局", include_str!("../../../../data/demo/forms/water-intake.json")),
    (Kind::Form, "public-place-hygiene", "公共场所卫生许可申请表", "桂林市卫生健康委员会", include_str!("../../../../data/demo/forms/public-place-hygiene.json")),
    (Kind::Form, "road-freight", "道路货物运输经营许可申请表", "桂林市交通运输局", include_str!("../../../../data/demo/forms/road-freight.json")),
    (Kind::Form, "senior-allowance", "高龄津贴申请表", "桂林市民政局", include_str!("../../../../data/demo/forms/senior-allowance.json")),
    (Kind::Form, "resident-pension", "城乡居民养老保险参保登记表", "桂林市人力资源和社会保障局", include_str!("../../../../data/demo/forms/resident-pension.json")),
    (Kind::Form, "catering-joint", "开办餐饮店联合申请表", "桂林市大数据和行政审批局", include_str!("../../../../data/demo/forms/catering-joint.json")),
];

/// Draws and publishes them; returns how many.
///
/// # Errors
/// When one of them cannot be published.
pub(super) async fn load(platform: &Platform, clock: &MovableClock) -> Result<usize> {
    let day = platform.today().checked_sub_days(Days::new(SINCE)).ok_or_else(|| Error::internal("no such day"))?;
    let before = clock.standing();
    clock.set(Some(journal::start_of_day(day)));
    let loaded = publish_all(platform).await;
    clock.set(before);
    loaded.map(|()| DRAWN.len())
}

async fn publish_all(platform: &Platform) -> Result<()> {
    let conn = platform.db.read();
    let mut people = Vec::new();
    for work_no in ["editor01", "reviewer01"] {
        let missing = || Error::internal(format!("no demonstration staff {work_no}"));
        let id = staff_by_work_no(conn, work_no).await?.ok_or_else(missing)?;
        people.push(Actor::Staff(staff_actor(conn, id).await?.ok_or_else(missing)?));
    }
    let [author, reviewer] = people.as_slice() else { return Err(Error::internal("two people draw and publish")) };
    for (kind, key, name, body, content) in DRAWN {
        let body = body_by_name(conn, body).await?.ok_or_else(|| Error::internal(format!("no body {body}")))?;
        let starter = designs::model::starters(kind).first().map_or("", |s| s.code);
        let author = of_body(author, body.id);
        let author = &author;
        let design = service::create(platform, author, NewDesign { kind, key, name, body: body.id, starter }).await?;
        let draft = store::of_design(conn, design).await?.into_iter().next().ok_or_else(|| Error::internal("a design without draft"))?;
        let saved = service::save(platform, author, design, draft.lock, content).await?;
        let mut lock = saved.lock;
        if kind == Kind::Decision {
            // The files carry their examples; here they are kept beside the table.
            let model = Model::parse(content, &NoImports).map_err(|problems| Error::internal(format!("{key}: {problems:?}")))?;
            let examples: Vec<Example> =
                model.examples().iter().map(|e| Example { decision: e.decision.clone(), input: e.input.clone(), expected: e.expected.clone() }).collect();
            service::save_examples(platform, author, design, lock, &examples).await?;
            lock += 1;
        }
        service::submit(platform, author, design, lock).await?;
        service::publish(platform, reviewer, design, lock, platform.today()).await?;
    }
    Ok(())
}

/// The author as a colleague of another department.
fn of_body(author: &Actor, body: Uuid) -> Actor {
    match author {
        Actor::Staff(staff) => {
            let grants = vec![Grant { permission: designs::EDIT.name.to_owned(), scope: Scope::body(body) }];
            Actor::Staff(Staff { body, grants, ..staff.clone() })
        }
        other => other.clone(),
    }
}
