//! Cases over a fresh database on each engine: one body with all posts, a second body, three items, synthetic parties.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::sync::Arc;

use access::{Actor, Party, PartyKind};
use async_trait::async_trait;
use base::{Error, FixedClock, Result};
use cases::ResultRef;
use cases::model::State;
use cases::service::{self, Draft, Submitted};
use cases::store::CaseRow;
use catalog::model::{ItemFile, ItemSpec, ProcessKind, TimeUnit};
use catalog::service::Publication;
use catalog::{Implementer, ItemFilter};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use codes::lists::{CaseType, ServiceObject};
use db::Tx;
use flow::{ServiceCall, Topic, TopicHandler};
use forms::Answers;
use identity::NewParty;
use jobs::Runner;
use organization::service::{Assignment, NewBody, NewStaff};
use testhouse::Setup;
use platform::{Platform, Site};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Map, Value};
use uuid::Uuid;
use web::UploadedFile;

/// A Monday without a holiday near it: working days can be counted on the fingers.
pub const START: &str = "2026-11-02T09:00:00+08:00";
pub use testhouse::CITY;
pub const SEED: Actor = Actor::System("测试");

/// Three layers; for persons and firms; lists one special procedure of at most ten working days.
pub const STANDARD: &str = "测试经营许可";
/// Two layers; for firms only.
pub const TWO_STEP: &str = "测试备案";
/// Decided on the spot.
pub const INSTANT: &str = "测试证明";

const FORM: &str = r#"{"id": "test", "type": "default", "schemaVersion": 19, "title": "测试申请表", "components": [
  {"type": "group", "key": "page_contact", "label": "联系人", "properties": {"page": "true"}, "components": [
    {"type": "textfield", "key": "contact", "label": "联系人姓名", "validate": {"required": true, "maxLength": 20}},
    {"type": "checkbox", "key": "kitchen", "label": "设有厨房"},
    {"type": "checklist", "key": "trades", "label": "经营种类",
      "values": [{"label": "热食", "value": "hot"}, {"label": "冷食", "value": "cold"}]},
    {"type": "number", "key": "area", "label": "面积（平方米）", "validate": {"required": true, "min": 1, "max": 1000}}]},
  {"type": "group", "key": "page_place", "label": "场所", "properties": {"page": "true"}, "components": [
    {"type": "radio", "key": "rented", "label": "是否租用", "validate": {"required": true},
      "values": [{"label": "是", "value": "yes"}, {"label": "否", "value": "no"}]},
    {"type": "textfield", "key": "owner", "label": "出租人", "validate": {"required": true, "maxLength": 20}, "conditional": {"hide": "=not(rented = \"yes\")"}}]}]}"#;

/// Issues nothing but remembers that something was issued, as the licences system would.
struct Issue(Platform);

#[async_trait]
impl TopicHandler for Issue {
    async fn handle(&self, tx: &Tx, call: &ServiceCall) -> Result<Map<String, Value>> {
        let basis = cases::issue_basis(&self.0, tx, call.business).await?;
        let result = ResultRef { kind: "licence".into(), id: base::new_id(), title: basis.item_version.spec.name.clone(), number: basis.case_no };
        cases::record_result(tx, call.business, &result).await?;
        Ok(Map::new())
    }
}

/// One installation.
pub struct World {
    pub platform: Platform,
    pub clock: Arc<FixedClock>,
    pub runner: Runner,
    pub engine: &'static str,
    _database: testing::TestDatabase,
}

impl World {
    /// One world on each engine.
    pub async fn both() -> Vec<Self> {
        let mut worlds = Vec::new();
        for database in testing::databases().await {
            worlds.push(Self::on(database, Vec::new()).await);
        }
        worlds
    }

    pub async fn on(database: testing::TestDatabase, fonts: Vec<Vec<u8>>) -> Self {
        let systems =
            [organization::migrations(), identity::migrations(), designs::store::migrations(), catalog::store::migrations(), seals::migrations(), cases::store::migrations()];
        let site = Site { demonstration: true, ..Site::default() };
        let setup = Setup { at: moment(START), site, fonts, ..Setup::of(&systems) };
        let (platform, clock) = setup.connect(&database.url).await;
        let mut topics = service::topics(&platform);
        topics.push(("licences.issue", Topic::Local(Arc::new(Issue(platform.clone())))));
        platform.flow.register(topics);
        let mut handlers = platform.flow.jobs(&platform.db, &platform.clock);
        handlers.extend(service::jobs(&platform));
        let runner = Runner::new(platform.db.clone(), platform.clock.clone(), handlers, Vec::new(), jobs::Wake::default());
        cases::processes::deploy_supplied(&platform).await.unwrap();
        let world = Self { platform, clock, runner, engine: database.engine, _database: database };
        world.fill().await;
        world
    }

    /// Two bodies with staff whose work numbers say their posts; the items belong to the first.
    async fn fill(&self) {
        let p = &self.platform;
        let tx = p.db.begin().await.unwrap();
        organization::load_regions(&tx, "code,name\n450000000000,广西壮族自治区\n450300000000,桂林市\n").await.unwrap();
        let mut first = None;
        for (n, body_name, posts) in [
            (1, "测试局", &["window", "window2", "handler", "handler2", "examiner", "approver", "approver2", "head"][..]),
            (2, "别的局", &["elsewhere-window", "elsewhere-handler"][..]),
        ] {
            let uscc = format!("11450300TT{n:07}");
            let uscc = format!("{uscc}{}", codes::Uscc::check_character(&uscc).unwrap());
            let new = NewBody { uscc: uscc.clone(), name: body_name.into(), region: CITY.into(), ..NewBody::default() };
            let body = organization::service::create_body(p, &tx, &SEED, &new).await.unwrap();
            for work_no in posts {
                let key = work_no.trim_start_matches("elsewhere-").trim_end_matches('2');
                let grants = organization::template(key).unwrap().grants(body, CITY);
                let post = organization::service::create_post(p, &tx, &SEED, body, work_no, grants).await.unwrap();
                let new = NewStaff { body, name: format!("测试{work_no}"), work_no: (*work_no).into(), own_party: None };
                let staff = organization::service::create_staff(p, &tx, &SEED, &new).await.unwrap();
                let holding = Assignment { staff, post, from: p.today(), on_the_spot: false };
                organization::service::assign_post(p, &tx, &SEED, &holding).await.unwrap();
            }
            first.get_or_insert(Implementer { id: body, name: body_name.into(), uscc, region: CITY.into() });
        }
        let body = first.unwrap();
        let publications: Vec<Publication> = items().into_iter().map(|spec| Publication { body: body.clone(), spec, form: FORM.into() }).collect();
        assert_eq!(catalog::publish_bulk(&tx, "测试", &publications, p.now()).await.unwrap(), 3);
        tx.commit().await.unwrap();
    }

    /// Moves to ten o'clock on a day; nothing happens yet.
    pub fn set_day(&self, day: &str) {
        self.clock.set(journal::start_of_day(date(day)) + Duration::hours(10));
    }

    /// Moves to ten o'clock on a day and lets everything due happen.
    pub async fn go_to(&self, day: &str) {
        self.set_day(day);
        self.runner.drain().await.unwrap();
    }

    pub async fn staff(&self, work_no: &str) -> Actor {
        let conn = self.platform.db.read();
        let id = organization::staff_by_work_no(conn, work_no).await.unwrap().expect(work_no);
        Actor::Staff(organization::staff_actor(conn, id).await.unwrap().unwrap())
    }

    /// A synthetic citizen; `n` makes it another one.
    pub async fn citizen(&self, n: u32) -> Actor {
        let first = format!("45030219900307{n:03}");
        let number = format!("{first}{}", codes::CitizenId::check_digit(&first).unwrap());
        self.party(PartyKind::Person, "测试居民", "111", number).await
    }

    pub async fn firm(&self) -> Actor {
        let first = "91450300TT0000009";
        self.party(PartyKind::Firm, "测试企业有限公司", "uscc", format!("{first}{}", codes::Uscc::check_character(first).unwrap())).await
    }

    async fn party(&self, kind: PartyKind, name: &str, id_type: &str, id_number: String) -> Actor {
        let new = NewParty { kind, name: name.into(), id_type: id_type.into(), id_number, phone: "19900001234".into(), address: "桂林市测试路1号".into() };
        let tx = self.platform.db.begin().await.unwrap();
        let party = identity::find_or_create_party(&self.platform, &tx, &new).await.unwrap();
        tx.commit().await.unwrap();
        Actor::Party(Party { account: party, party, kind, name: name.into(), acting: None })
    }

    pub async fn item(&self, name: &str) -> Uuid {
        let page = catalog::list_published(self.platform.db.read(), &ItemFilter::region(CITY), None, 50).await.unwrap();
        page.items.into_iter().find(|card| card.name == name).unwrap_or_else(|| panic!("no item {name}")).item_id
    }

    /// A draft with everything in it.
    pub async fn filled(&self, who: &Actor, item: &str) -> Draft {
        let p = &self.platform;
        let id = service::start(p, who, self.item(item).await).await.unwrap().row.id;
        service::save_page(p, who, id, 0, pairs(&[("contact", "测试甲"), ("area", "80"), ("kitchen", "yes"), ("trades", "hot")])).await.unwrap();
        service::save_page(p, who, id, 1, pairs(&[("rented", "yes"), ("owner", "测试乙")])).await.unwrap();
        service::add_file(p, who, id, 0, &[pdf_file("material_0")]).await.unwrap();
        service::add_file(p, who, id, 1, &[pdf_file("material_1")]).await.unwrap()
    }

    /// A whole application, submitted.
    pub async fn applied(&self, who: &Actor, item: &str) -> Submitted {
        let draft = self.filled(who, item).await;
        service::submit(&self.platform, who, draft.row.id, "key", true).await.unwrap()
    }

    /// Submitted and accepted today.
    pub async fn accepted(&self, who: &Actor, item: &str) -> Uuid {
        let id = self.applied(who, item).await.case_id;
        service::accept(&self.platform, &self.staff("window").await, id, "予以受理").await.unwrap();
        id
    }

    /// A case of three layers that waits for its approver.
    pub async fn at_approval(&self, who: &Actor) -> Uuid {
        let id = self.accepted(who, STANDARD).await;
        service::forward(&self.platform, &self.staff("handler").await, id, "符合条件").await.unwrap();
        service::forward(&self.platform, &self.staff("examiner").await, id, "同意").await.unwrap();
        id
    }

    /// Sends a case back to the step before.
    pub async fn sent_back(&self, actor: &Actor, case: Uuid, opinion: &str) -> Result<()> {
        let task = flow::open_tasks(self.platform.db.read(), case).await.unwrap().remove(0);
        service::send_back(&self.platform, actor, task.id, opinion, None, false).await
    }

    pub async fn row(&self, case: Uuid) -> CaseRow {
        cases::store::case(self.platform.db.read(), case).await.unwrap().unwrap()
    }

    pub async fn state(&self, case: Uuid) -> State {
        State::parse(&self.row(case).await.state).unwrap()
    }

    /// Last days of promise and law.
    pub async fn dues(&self, case: Uuid) -> (Option<String>, Option<String>) {
        let row = self.row(case).await;
        (row.promised_due, row.statutory_due)
    }

    /// Kinds of the documents of a case, oldest first.
    pub async fn documents(&self, case: Uuid) -> Vec<String> {
        cases::store::documents(self.platform.db.read(), case).await.unwrap().into_iter().map(|d| d.kind).collect()
    }

    /// Topics in the outbox about a case, oldest first.
    pub async fn events(&self, case: Uuid) -> Vec<String> {
        let conn = self.platform.db.read();
        let sql = "SELECT topic, payload FROM outbox WHERE topic LIKE 'cases.%' ORDER BY id";
        let rows = conn.query_all_raw(Statement::from_string(conn.get_database_backend(), sql)).await.unwrap();
        let events = rows.iter().map(|row| {
            let event: cases::CaseEvent = serde_json::from_str(&row.try_get::<String>("", "payload").unwrap()).unwrap();
            (event.case_id, row.try_get::<String>("", "topic").unwrap())
        });
        events.filter(|(id, _)| *id == case).map(|(_, topic)| topic).collect()
    }

    /// One statement past all rules, as somebody with the database in hand would.
    pub async fn sql(&self, text: &str, id: Uuid) -> u64 {
        let tx = self.platform.db.begin().await.unwrap();
        let done = tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), text, [id.into()])).await.unwrap();
        tx.commit().await.unwrap();
        done.rows_affected()
    }
}

fn items() -> [ItemSpec; 3] {
    let valid = ItemFile::parse(include_str!("../../../catalog/src/model/fixtures/valid-item.toml")).unwrap().items.remove(0);
    let standard = ItemSpec { name: STANDARD.into(), base_code: "000131012001".into(), ..valid.clone() };
    let two_step = ItemSpec {
        name: TWO_STEP.into(),
        base_code: "000131012002".into(),
        process: ProcessKind::TwoStep,
        objects: vec![ServiceObject::Enterprise],
        person_themes: vec![],
        ..valid.clone()
    };
    let mut instant = ItemSpec { name: INSTANT.into(), base_code: "000131012003".into(), process: ProcessKind::Instant, case_type: CaseType::Instant, ..valid };
    instant.promised.unit = TimeUnit::Instant;
    instant.promised.days = 0;
    instant.steps.iter_mut().for_each(|step| step.days = 0);
    [standard, two_step, instant]
}

pub fn pairs(given: &[(&str, &str)]) -> Answers {
    forms::decode(given.iter().copied()).unwrap()
}

pub fn pdf_file(field: &str) -> UploadedFile {
    UploadedFile { field: field.into(), name: "材料.pdf".into(), bytes: b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n".as_slice().into() }
}

pub fn moment(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

pub fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The moment a day is over.
pub fn end_of(day: &str) -> DateTime<Utc> {
    journal::start_of_day(date(day).succ_opt().unwrap())
}

/// The refusal's code.
pub fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    result.unwrap_err().code()
}

/// The refusal's kind.
pub fn kind<T: std::fmt::Debug>(result: Result<T, Error>) -> base::Kind {
    result.unwrap_err().kind()
}
