//! A host on each engine, with a clock that is moved by hand.
#![allow(dead_code)] // each test file uses its part

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use access::{Actor, Grant, Scope, Staff};
use async_trait::async_trait;
use base::{Clock, Error, FixedClock, Result, SharedClock};
use chrono::{Datelike, Duration, NaiveDate, Weekday};
use db::{Db, Tx};
use flow::{Engine, Outcome, ServiceCall, Subject, Task, Topic, TopicHandler, open_tasks};
use jobs::{Runner, Wake};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Map, Value};
use uuid::Uuid;

pub fn drawing(process: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:tongban="https://tongban.cn/bpmn" targetNamespace="test" id="d">{process}</definitions>"#
    )
}

/// Writes something, then fails while it is told to: once by a refusal, once by a broken statement.
#[derive(Default)]
pub struct Call {
    pub refuse: AtomicBool,
    pub broken: AtomicBool,
}

#[async_trait]
impl TopicHandler for Call {
    async fn handle(&self, tx: &Tx, _: &ServiceCall) -> Result<Map<String, Value>> {
        tx.execute_unprepared("INSERT INTO outbox (topic, payload, at) VALUES ('test.called', '{}', CURRENT_TIMESTAMP)").await?;
        if self.broken.load(Ordering::SeqCst) {
            tx.execute_unprepared("INSERT INTO no_such_table VALUES (1)").await?;
        }
        if self.refuse.load(Ordering::SeqCst) {
            return Err(Error::refused("test.refused", "对方没有答复。"));
        }
        Ok(Map::new())
    }
}

/// Remembers whom a notice was for.
struct Told;

#[async_trait]
impl TopicHandler for Told {
    async fn handle(&self, tx: &Tx, call: &ServiceCall) -> Result<Map<String, Value>> {
        let tasks = open_tasks(&**tx, call.business).await?;
        assert!(tasks.iter().any(|t| t.element == call.element), "the task is there when people are told of it");
        let sql = "INSERT INTO outbox (topic, payload, at) VALUES ('test.told', '{}', CURRENT_TIMESTAMP)";
        tx.execute_unprepared(sql).await?;
        Ok(Map::new())
    }
}

/// Monday to Friday are working days.
fn weekdays(from: NaiveDate, days: u16) -> Option<NaiveDate> {
    let mut day = from;
    for _ in 0..days {
        day = day.succ_opt()?;
        while matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
            day = day.succ_opt()?;
        }
    }
    Some(day)
}

pub struct Here {
    pub db: Db,
    pub clock: Arc<FixedClock>,
    pub flow: Arc<Engine>,
    pub runner: Runner,
    pub call: Arc<Call>,
    pub engine: &'static str,
    _database: testing::TestDatabase,
}

impl Here {
    pub async fn both(topic: fn(Arc<Call>) -> Topic) -> Vec<Self> {
        let mut all = Vec::new();
        for database in testing::databases().await {
            let db = Db::connect(&database.url).await.unwrap();
            db::migrate(&db, &[jobs::migrations(), flow::migrations()]).await.unwrap();
            let clock = FixedClock::at("2026-11-24T02:00:00Z".parse().unwrap());
            let shared: SharedClock = clock.clone();
            let flow = Arc::new(Engine::new(Arc::new(weekdays)));
            let call = Arc::new(Call::default());
            let told = Arc::new(Told);
            flow.register(vec![("test.call", topic(call.clone())), (flow::NOTICE_TOPIC, Topic::Local(told))]);
            let runner = Runner::new(db.clone(), shared.clone(), flow.jobs(&db, &shared), vec![], Wake::default());
            all.push(Self { db, clock, flow, runner, call, engine: database.engine, _database: database });
        }
        all
    }

    pub async fn deploy(&self, key: &str, process: &str) -> Result<Uuid> {
        let tx = self.db.begin().await?;
        let id = self.flow.deploy(&tx, key, &drawing(process), self.clock.now()).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Starts a process about a new record.
    pub async fn start(&self, process: &str) -> Uuid {
        let definition = self.deploy("test", process).await.unwrap();
        let business = Uuid::now_v7();
        let due_at = self.clock.now() + Duration::days(5);
        let subject = Subject { business, title: "测试".into(), region: "450300000000".into(), body: None, item: None, party: None, due_at };
        let tx = self.db.begin().await.unwrap();
        self.flow.start(&tx, definition, subject, Map::new(), &Actor::System("测试"), self.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        business
    }

    pub async fn complete(&self, actor: &Actor, task: &Task) -> Result<()> {
        let tx = self.db.begin().await?;
        self.flow.complete(&tx, actor, task, Outcome::of("done"), self.clock.now()).await?;
        tx.commit().await
    }

    pub async fn open(&self, business: Uuid) -> Vec<Task> {
        open_tasks(self.db.read(), business).await.unwrap()
    }

    pub async fn number(&self, sql: &str) -> i64 {
        let conn = self.db.read();
        conn.query_one_raw(Statement::from_string(conn.get_database_backend(), sql)).await.unwrap().unwrap().try_get("", "n").unwrap()
    }

    pub async fn ended(&self) -> i64 {
        self.number("SELECT COUNT(*) AS n FROM flow_instance WHERE ended").await
    }

    pub async fn calls(&self) -> i64 {
        self.number("SELECT COUNT(*) AS n FROM outbox WHERE topic = 'test.called'").await
    }

    pub async fn told(&self) -> i64 {
        self.number("SELECT COUNT(*) AS n FROM outbox WHERE topic = 'test.told'").await
    }

    pub async fn jobs(&self) -> i64 {
        self.number("SELECT COUNT(*) AS n FROM job").await
    }
}

pub fn staff(name: &str, permission: &str) -> Actor {
    let id = Uuid::now_v7();
    Actor::Staff(Staff {
        account: id,
        staff: id,
        name: name.into(),
        body: Uuid::nil(),
        body_name: "测试局".into(),
        region: "450300000000".into(),
        posts: vec![],
        own_party: None,
        grants: vec![Grant { permission: permission.into(), scope: Scope::region("4503") }],
        deputy: access::Deputy::default(),
    })
}

