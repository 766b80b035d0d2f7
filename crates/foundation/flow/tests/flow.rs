//! Processes on both engines: deployed once, completed once, timers, service calls that fail.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use access::{Actor, Grant, Scope, Staff};
use async_trait::async_trait;
use base::{Clock, Error, FixedClock, Kind, Result, SharedClock};
use chrono::Duration;
use db::{Db, Tx};
use flow::{Engine, Outcome, ServiceCall, Subject, Task, Topic, TopicHandler, open_tasks, tasks};
use jobs::{Runner, Wake};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Map, Value};
use uuid::Uuid;

/// One task that gives way to a call after an hour.
const TIMED: &str = r#"<process id="timed" isExecutable="true"><startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="work"/>
  <userTask id="work" name="办理" tongban:permission="test.work" tongban:step="work"/>
  <boundaryEvent id="late" attachedToRef="work"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>
  <sequenceFlow id="f2" sourceRef="late" targetRef="call"/><serviceTask id="call" name="调用" tongban:topic="test.call"/>
  <sequenceFlow id="f3" sourceRef="call" targetRef="e"/><sequenceFlow id="f4" sourceRef="work" targetRef="e"/><endEvent id="e"/></process>"#;

/// One task, then a call.
const CALLING: &str = r#"<process id="calling" isExecutable="true"><startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="work"/>
  <userTask id="work" name="办理" tongban:permission="test.work" tongban:step="work"/><sequenceFlow id="f2" sourceRef="work" targetRef="call"/>
  <serviceTask id="call" name="调用" tongban:topic="test.call"/><sequenceFlow id="f3" sourceRef="call" targetRef="e"/><endEvent id="e"/></process>"#;

/// Two tasks at the same time.
const PARALLEL: &str = r#"<process id="parallel" isExecutable="true"><startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="fork"/>
  <parallelGateway id="fork"/><sequenceFlow id="f2" sourceRef="fork" targetRef="a"/><sequenceFlow id="f3" sourceRef="fork" targetRef="b"/>
  <userTask id="a" name="甲" tongban:permission="test.work" tongban:step="a"/><userTask id="b" name="乙" tongban:permission="test.work" tongban:step="b"/>
  <sequenceFlow id="f4" sourceRef="a" targetRef="join"/><sequenceFlow id="f5" sourceRef="b" targetRef="join"/>
  <parallelGateway id="join"/><sequenceFlow id="f6" sourceRef="join" targetRef="e"/><endEvent id="e"/></process>"#;

fn drawing(process: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:tongban="https://tongban.cn/bpmn" targetNamespace="test" id="d">{process}</definitions>"#
    )
}

/// Writes something, then fails while it is told to: once by a refusal, once by a broken statement.
#[derive(Default)]
struct Call {
    refuse: AtomicBool,
    broken: AtomicBool,
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

struct Here {
    db: Db,
    clock: Arc<FixedClock>,
    flow: Arc<Engine>,
    runner: Runner,
    call: Arc<Call>,
    engine: &'static str,
    _database: testing::TestDatabase,
}

impl Here {
    async fn both(topic: fn(Arc<Call>) -> Topic) -> Vec<Self> {
        let mut all = Vec::new();
        for database in testing::databases().await {
            let db = Db::connect(&database.url).await.unwrap();
            db::migrate(&db, &[jobs::migrations(), flow::migrations()]).await.unwrap();
            let clock = FixedClock::at("2026-11-24T02:00:00Z".parse().unwrap());
            let shared: SharedClock = clock.clone();
            let flow = Arc::new(Engine::new(Arc::new(|_, _| None)));
            let call = Arc::new(Call::default());
            flow.register(vec![("test.call", topic(call.clone()))]);
            let runner = Runner::new(db.clone(), shared.clone(), flow.jobs(&db, &shared), vec![], Wake::default());
            all.push(Self { db, clock, flow, runner, call, engine: database.engine, _database: database });
        }
        all
    }

    async fn deploy(&self, key: &str, process: &str) -> Result<Uuid> {
        let tx = self.db.begin().await?;
        let id = self.flow.deploy(&tx, key, &drawing(process), self.clock.now()).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Starts a process about a new record.
    async fn start(&self, process: &str) -> Uuid {
        let definition = self.deploy("test", process).await.unwrap();
        let business = Uuid::now_v7();
        let due_at = self.clock.now() + Duration::days(5);
        let subject = Subject { business, title: "测试".into(), region: "450300000000".into(), body: None, item: None, party: None, due_at };
        let tx = self.db.begin().await.unwrap();
        self.flow.start(&tx, definition, subject, Map::new(), &Actor::System("测试"), self.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        business
    }

    async fn complete(&self, actor: &Actor, task: &Task) -> Result<()> {
        let tx = self.db.begin().await?;
        self.flow.complete(&tx, actor, task, Outcome::of("done"), self.clock.now()).await?;
        tx.commit().await
    }

    async fn open(&self, business: Uuid) -> Vec<Task> {
        open_tasks(self.db.read(), business).await.unwrap()
    }

    async fn number(&self, sql: &str) -> i64 {
        let conn = self.db.read();
        conn.query_one_raw(Statement::from_string(conn.get_database_backend(), sql)).await.unwrap().unwrap().try_get("", "n").unwrap()
    }

    async fn ended(&self) -> i64 {
        self.number("SELECT COUNT(*) AS n FROM flow_instance WHERE ended").await
    }

    async fn calls(&self) -> i64 {
        self.number("SELECT COUNT(*) AS n FROM outbox").await
    }

    async fn jobs(&self) -> i64 {
        self.number("SELECT COUNT(*) AS n FROM job").await
    }
}

fn staff(name: &str, permission: &str) -> Actor {
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
    })
}

#[tokio::test]
async fn the_same_drawing_is_one_version_also_when_copies_start_together() {
    for here in Here::both(|call| Topic::Local(call)).await {
        let (a, b) = tokio::join!(here.deploy("k", CALLING), here.deploy("k", CALLING));
        let (a, b) = (a.unwrap(), b.unwrap());
        assert_eq!(a, b, "{}", here.engine);
        assert_ne!(here.deploy("k", TIMED).await.unwrap(), a, "another drawing is the next version");
        assert_ne!(here.deploy("other", CALLING).await.unwrap(), a);
        assert_eq!(here.number("SELECT COUNT(*) AS n FROM flow_definition WHERE key = 'k'").await, 2);
        assert!(here.deploy("k", r#"<process id="p"><startEvent id="s"/></process>"#).await.is_err(), "cannot run");
    }
}

#[tokio::test]
async fn a_task_is_completed_once() {
    for here in Here::both(|call| Topic::Local(call)).await {
        let (one, two) = (staff("甲", "test.work"), staff("乙", "test.work"));
        let business = here.start(CALLING).await;
        let task = here.open(business).await.remove(0);
        assert_eq!(here.complete(&staff("丙", "test.other"), &task).await.unwrap_err().kind(), Kind::Forbidden);
        assert_eq!(here.complete(&Actor::Anonymous, &task).await.unwrap_err().kind(), Kind::Unauthenticated);
        let (a, b) = tokio::join!(here.complete(&one, &task), here.complete(&two, &task));
        assert!(a.is_ok() != b.is_ok(), "{}: {a:?} {b:?}", here.engine);
        assert_eq!(a.and(b).unwrap_err().code(), "flow.done");
        assert_eq!((here.ended().await, here.calls().await), (1, 1), "the process went on once");
    }
}

#[tokio::test]
async fn two_tasks_of_one_process_at_once_lose_no_step() {
    for here in Here::both(|call| Topic::Local(call)).await {
        let (one, two) = (staff("甲", "test.work"), staff("乙", "test.work"));
        let business = here.start(PARALLEL).await;
        let open = here.open(business).await;
        let (a, b) = tokio::join!(here.complete(&one, &open[0]), here.complete(&two, &open[1]));
        assert!(a.is_ok() || b.is_ok(), "{}: {a:?} {b:?}", here.engine);
        for (result, actor, task) in [(a, &one, &open[0]), (b, &two, &open[1])] {
            if let Err(error) = result {
                assert_eq!(error.kind(), Kind::Conflict, "whoever was second is told and does it again");
                here.complete(actor, task).await.unwrap();
            }
        }
        assert_eq!((here.ended().await, here.open(business).await.len()), (1, 0), "{}: both arrived at the join", here.engine);
    }
}

#[tokio::test]
async fn a_timer_fires_once_when_it_is_time() {
    for here in Here::both(|call| Topic::Local(call)).await {
        let business = here.start(TIMED).await;
        here.clock.advance(Duration::minutes(59));
        here.runner.drain().await.unwrap();
        assert_eq!(here.open(business).await.len(), 1, "{}: not yet", here.engine);
        here.clock.advance(Duration::minutes(1));
        here.runner.drain().await.unwrap();
        assert_eq!((here.ended().await, here.calls().await, here.jobs().await), (1, 1, 0));
        assert_eq!(tasks(here.db.read(), business).await.unwrap()[0].state, "cancelled");

        // done before its time, or ended from outside: the timer is called off
        let done = here.start(TIMED).await;
        here.complete(&staff("甲", "test.work"), &here.open(done).await[0]).await.unwrap();
        let ended = here.start(TIMED).await;
        let tx = here.db.begin().await.unwrap();
        here.flow.terminate(&tx, ended, "撤回", &Actor::System("测试"), here.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!((here.jobs().await, here.open(ended).await.len()), (0, 0));
        here.clock.advance(Duration::days(1));
        here.runner.drain().await.unwrap();
        assert_eq!((here.ended().await, here.calls().await), (3, 1));
    }
}

#[tokio::test]
async fn a_local_call_that_fails_undoes_the_act() {
    for here in Here::both(|call| Topic::Local(call)).await {
        let business = here.start(CALLING).await;
        let task = here.open(business).await.remove(0);
        here.call.refuse.store(true, Ordering::SeqCst);
        let one = staff("甲", "test.work");
        assert_eq!(here.complete(&one, &task).await.unwrap_err().code(), "test.refused");
        assert_eq!((here.open(business).await.len(), here.calls().await, here.ended().await), (1, 0, 0), "{}: as if nothing had happened", here.engine);
        here.call.refuse.store(false, Ordering::SeqCst);
        here.complete(&one, &task).await.unwrap();
        assert_eq!((here.calls().await, here.ended().await), (1, 1));
    }
}

#[tokio::test]
async fn a_queued_call_is_tried_again_and_leaves_nothing_when_it_fails_for_good() {
    for here in Here::both(|call| Topic::Queued(call)).await {
        let one = staff("甲", "test.work");
        for flag in [&here.call.refuse, &here.call.broken] {
            // fails a while, then answers
            flag.store(true, Ordering::SeqCst);
            let (ended, calls) = (here.ended().await, here.calls().await);
            let business = here.start(CALLING).await;
            here.complete(&one, &here.open(business).await[0]).await.unwrap();
            here.runner.drain().await.unwrap();
            assert_eq!((here.ended().await, here.calls().await), (ended, calls), "{}", here.engine);
            flag.store(false, Ordering::SeqCst);
            here.clock.advance(Duration::hours(1));
            here.runner.drain().await.unwrap();
            assert_eq!((here.ended().await, here.calls().await), (ended + 1, calls + 1));
            // fails for good: the process knows, and nothing of the failed call stays
            flag.store(true, Ordering::SeqCst);
            let business = here.start(CALLING).await;
            here.complete(&one, &here.open(business).await[0]).await.unwrap();
            for _ in 0..12 {
                here.runner.drain().await.unwrap();
                here.clock.advance(Duration::hours(1));
            }
            flag.store(false, Ordering::SeqCst);
            assert_eq!((here.ended().await, here.calls().await, here.jobs().await), (ended + 1, calls + 1, 0), "{}", here.engine);
            let incidents = "SELECT COUNT(*) AS n FROM flow_instance WHERE NOT ended AND state LIKE '%incident%reason%'";
            assert!(here.number(incidents).await >= 1, "{}: the incident is kept for the operator", here.engine);
        }
    }
}
