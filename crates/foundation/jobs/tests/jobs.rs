//! The queue and the outbox on both engines: once, retried, given up, taken over, fanned out.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use base::{Clock, Error, FixedClock, Result};
use chrono::Duration;
use db::Db;
use futures::future::join_all;
use jobs::{Event, Handler, Job, NewJob, Runner, Subscription, Wake, cancel, dead, dead_page, drop_dead, emit, enqueue, forget_events, revive};
use sea_orm::{ConnectionTrait, Statement};
use serde::Serialize;
use serde_json::json;
use tokio::sync::Mutex;

/// Remembers what it was given; fails the first so many times.
#[derive(Default)]
struct Worker {
    fail: AtomicUsize,
    seen: Mutex<Vec<Job>>,
}

impl Worker {
    fn failing(times: usize) -> Arc<Self> {
        Arc::new(Self { fail: AtomicUsize::new(times), ..Self::default() })
    }

    async fn attempts(&self) -> Vec<i32> {
        self.seen.lock().await.iter().map(|job| job.attempts).collect()
    }

    async fn topics(&self) -> Vec<String> {
        self.seen.lock().await.iter().map(|job| job.payload["topic"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

#[async_trait]
impl Handler for Worker {
    async fn run(&self, job: &Job) -> Result<()> {
        self.seen.lock().await.push(job.clone());
        match self.fail.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)) {
            Ok(_) => Err(Error::internal("not yet")),
            Err(_) => Ok(()),
        }
    }
}

/// Never comes to an end, like a copy of the program that hangs.
struct Hanging;

#[async_trait]
impl Handler for Hanging {
    async fn run(&self, _: &Job) -> Result<()> {
        std::future::pending().await
    }
}

/// Has a bug: panics for payloads that say so, and remembers the others.
#[derive(Default)]
struct Buggy(Worker);

#[async_trait]
impl Handler for Buggy {
    async fn run(&self, job: &Job) -> Result<()> {
        let kind = job.payload["panic"].as_str();
        assert!(kind != Some("text"), "out of {}", "luck");
        if kind == Some("value") {
            std::panic::panic_any(7);
        }
        self.0.run(job).await
    }
}

struct Here {
    db: Db,
    clock: Arc<FixedClock>,
    engine: &'static str,
    _database: testing::TestDatabase,
}

impl Here {
    async fn both() -> Vec<Self> {
        let mut all = Vec::new();
        for database in testing::databases().await {
            let db = Db::connect(&database.url).await.unwrap();
            db::migrate(&db, &[jobs::migrations()]).await.unwrap();
            let clock = FixedClock::at("2026-11-24T02:00:00Z".parse().unwrap());
            all.push(Self { db, clock, engine: database.engine, _database: database });
        }
        all
    }

    fn runner(&self, handler: Arc<dyn Handler>) -> Runner {
        Runner::new(self.db.clone(), self.clock.clone(), vec![("work", handler)], vec![], Wake::default())
    }

    async fn add(&self, job: NewJob) {
        let tx = self.db.begin().await.unwrap();
        enqueue(&tx, job, self.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
    }

    fn job(&self) -> NewJob {
        NewJob::now("work", json!({ "n": 1 }), self.clock.now())
    }

    async fn waiting(&self) -> i64 {
        let conn = self.db.read();
        let sql = "SELECT COUNT(*) AS n FROM job WHERE state = 'ready'";
        conn.query_one_raw(Statement::from_string(conn.get_database_backend(), sql)).await.unwrap().unwrap().try_get("", "n").unwrap()
    }
}

#[tokio::test]
async fn a_keyed_job_waits_once_and_can_be_called_off() {
    for here in Here::both().await {
        join_all((0..6).map(|_| here.add(here.job().keyed("one")))).await;
        here.add(here.job().keyed("two")).await;
        assert_eq!(here.waiting().await, 2, "{}", here.engine);
        let tx = here.db.begin().await.unwrap();
        cancel(&tx, "work", "two").await.unwrap();
        enqueue(&tx, here.job(), here.clock.now()).await.unwrap();
        drop(tx);
        assert_eq!(here.waiting().await, 2, "rolled back: neither called off nor written");
        let worker = Worker::failing(0);
        here.runner(worker.clone()).drain().await.unwrap();
        assert_eq!((worker.attempts().await.len(), here.waiting().await), (2, 0));
        here.add(here.job().keyed("one")).await;
        assert_eq!(here.waiting().await, 1, "done is done: the key is free again");
    }
}

#[tokio::test]
async fn a_job_runs_when_it_is_due() {
    for here in Here::both().await {
        here.add(here.job().at(here.clock.now() + Duration::minutes(5))).await;
        let worker = Worker::failing(0);
        let runner = here.runner(worker.clone());
        runner.drain().await.unwrap();
        assert!(worker.attempts().await.is_empty(), "{}", here.engine);
        here.clock.advance(Duration::minutes(5));
        runner.drain().await.unwrap();
        assert_eq!(worker.attempts().await, [1]);
    }
}

#[tokio::test]
async fn a_failing_job_is_tried_again_after_growing_pauses_and_then_given_up() {
    for here in Here::both().await {
        here.add(NewJob { max_attempts: 3, ..here.job() }).await;
        let worker = Worker::failing(3);
        let runner = here.runner(worker.clone());
        for pause in [2, 4] {
            runner.drain().await.unwrap();
            here.clock.advance(Duration::seconds(pause - 1));
            let before = worker.attempts().await.len();
            runner.drain().await.unwrap();
            assert_eq!(worker.attempts().await.len(), before, "{}: not before the pause of {pause} s is over", here.engine);
            here.clock.advance(Duration::seconds(1));
        }
        runner.drain().await.unwrap();
        assert_eq!(worker.attempts().await, [1, 2, 3]);
        here.clock.advance(Duration::days(1));
        runner.drain().await.unwrap();
        let given_up = dead(here.db.read(), 10).await.unwrap();
        assert_eq!((worker.attempts().await.len(), given_up.len(), given_up[0].attempts), (3, 1, 3), "dead, and visible");
        assert!(given_up[0].last_error.is_some());
        let tx = here.db.begin().await.unwrap();
        revive(&tx, given_up[0].id, here.clock.now()).await.unwrap();
        assert!(revive(&tx, given_up[0].id, here.clock.now()).await.is_err(), "only what is dead");
        tx.commit().await.unwrap();
        runner.drain().await.unwrap();
        assert_eq!(worker.attempts().await, [1, 2, 3, 1]);
        assert!(dead(here.db.read(), 10).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_job_nobody_knows_stays_with_its_reason() {
    for here in Here::both().await {
        here.add(NewJob { max_attempts: 1, ..NewJob::now("unknown", json!({}), here.clock.now()) }).await;
        here.runner(Worker::failing(0)).drain().await.unwrap();
        assert_eq!(dead(here.db.read(), 10).await.unwrap()[0].kind, "unknown", "{}", here.engine);
    }
}

#[tokio::test]
async fn what_a_dead_copy_had_in_hand_is_taken_over() {
    for here in Here::both().await {
        here.add(here.job()).await;
        let hanging = here.runner(Arc::new(Hanging));
        let turn = tokio::time::timeout(std::time::Duration::from_millis(500), hanging.turn()).await;
        assert!(turn.is_err(), "still at it when it is killed");
        let worker = Worker::failing(0);
        let other = here.runner(worker.clone());
        other.drain().await.unwrap();
        assert!(worker.attempts().await.is_empty(), "{}: the lease holds", here.engine);
        here.clock.advance(Duration::seconds(61));
        other.drain().await.unwrap();
        assert_eq!((worker.attempts().await, here.waiting().await), (vec![2], 0));
    }
}

#[tokio::test]
async fn a_panic_is_a_failed_try_and_the_loop_goes_on() {
    for here in Here::both().await {
        for panic in ["text", "no", "value", "no"] {
            here.add(NewJob { max_attempts: 2, ..NewJob::now("work", json!({ "panic": panic }), here.clock.now()) }).await;
        }
        let buggy = Arc::new(Buggy::default());
        let runner = Arc::new(here.runner(buggy.clone()));
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let running = tokio::spawn({
            let runner = runner.clone();
            async move { runner.run(stopped).await }
        });
        for _ in 0..100 {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            here.clock.advance(Duration::seconds(10));
            if dead(here.db.read(), 10).await.unwrap().len() == 2 {
                break;
            }
        }
        here.add(here.job()).await;
        for _ in 0..100 {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            if here.waiting().await == 0 {
                break;
            }
        }
        stop.send(true).unwrap();
        running.await.expect("the loop was not ended by a panic");
        assert_eq!(buggy.0.attempts().await, [1, 1, 1], "{}: the others ran once, also after the panics", here.engine);
        let given_up = dead(here.db.read(), 10).await.unwrap();
        assert_eq!(given_up.iter().map(|job| job.attempts).collect::<Vec<_>>(), [2, 2]);
        let errors: Vec<String> = given_up.into_iter().map(|job| job.last_error.unwrap()).collect();
        assert!(errors.iter().any(|e| e.contains("out of luck")), "{errors:?}");
    }
}

/// A copy that is killed while it has everything due in hand.
async fn killed(here: &Here) {
    let hanging = here.runner(Arc::new(Hanging));
    assert!(tokio::time::timeout(std::time::Duration::from_millis(500), hanging.turn()).await.is_err());
}

#[tokio::test]
async fn a_job_that_kills_the_program_is_given_up_and_takes_nobody_with_it() {
    for here in Here::both().await {
        here.add(NewJob { max_attempts: 3, ..NewJob::now("work", json!({ "n": 0 }), here.clock.now()) }).await;
        for n in 1..6 {
            here.clock.advance(Duration::milliseconds(1));
            here.add(NewJob { max_attempts: 3, ..NewJob::now("work", json!({ "n": n }), here.clock.now()) }).await;
        }
        killed(&here).await; // all six were in hand
        here.clock.advance(Duration::seconds(61));
        killed(&here).await; // the first again, alone
        let worker = Worker::failing(0);
        let other = here.runner(worker.clone());
        other.drain().await.unwrap();
        let done: Vec<(u64, i32)> = worker.seen.lock().await.iter().map(|job| (job.payload["n"].as_u64().unwrap(), job.attempts)).collect();
        assert_eq!(done, [(1, 2), (2, 2), (3, 2), (4, 2), (5, 2)], "{}: the others go on, each alone", here.engine);
        here.clock.advance(Duration::seconds(61));
        killed(&here).await;
        here.clock.advance(Duration::seconds(61));
        other.drain().await.unwrap();
        assert_eq!(worker.seen.lock().await.len(), 5, "the third try was the last");
        let given_up = dead(here.db.read(), 10).await.unwrap();
        assert_eq!((given_up.len(), given_up[0].attempts), (1, 3), "{}", here.engine);
        assert!(given_up[0].last_error.as_deref().unwrap().contains("ended or hung"));
    }
}

#[tokio::test]
async fn a_copy_that_lost_its_lease_changes_nothing_by_failing() {
    for here in Here::both().await {
        here.add(NewJob { max_attempts: 2, ..here.job() }).await;
        let slow = Worker::failing(1);
        let gate = Arc::new(tokio::sync::Notify::new());
        struct Slow(Arc<Worker>, Arc<tokio::sync::Notify>);
        #[async_trait]
        impl Handler for Slow {
            async fn run(&self, job: &Job) -> Result<()> {
                self.1.notified().await;
                self.0.run(job).await
            }
        }
        let first = here.runner(Arc::new(Slow(slow.clone(), gate.clone())));
        let second = here.runner(Arc::new(Hanging));
        let late = async {
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            here.clock.advance(Duration::seconds(61));
            assert!(tokio::time::timeout(std::time::Duration::from_millis(300), second.turn()).await.is_err(), "taken over");
            gate.notify_one();
        };
        let (turn, ()) = tokio::join!(first.turn(), late);
        turn.unwrap();
        let third = Worker::failing(0);
        here.runner(third.clone()).drain().await.unwrap();
        assert!(third.attempts().await.is_empty() && dead(here.db.read(), 1).await.unwrap().is_empty(), "{}: the second still has it", here.engine);
    }
}

#[tokio::test]
async fn dead_jobs_come_in_pages_and_can_be_dropped() {
    for here in Here::both().await {
        for n in 0..5 {
            here.add(NewJob { max_attempts: 1, ..NewJob::now("work", json!({ "n": n }), here.clock.now()) }).await;
        }
        here.runner(Worker::failing(5)).drain().await.unwrap();
        let seen = testing::there_and_back(async |at: Option<db::Cursor>| {
            let page = dead_page(here.db.read(), at.as_ref(), 2).await.unwrap();
            (page.items.iter().map(|job| job.id).collect::<Vec<_>>(), page.previous, page.next)
        })
        .await;
        assert!(seen.len() == 5 && seen.is_sorted_by(|a, b| a > b), "{}: youngest first, each once", here.engine);
        let tx = here.db.begin().await.unwrap();
        drop_dead(&tx, seen[0]).await.unwrap();
        assert!(drop_dead(&tx, seen[0]).await.is_err(), "once");
        tx.commit().await.unwrap();
        here.add(here.job()).await;
        let waiting = "SELECT id FROM job WHERE state = 'ready'";
        let id = here.db.read().query_one_raw(Statement::from_string(here.db.read().get_database_backend(), waiting)).await.unwrap().unwrap().try_get("", "id").unwrap();
        let tx = here.db.begin().await.unwrap();
        assert!(drop_dead(&tx, id).await.is_err(), "one that waits is not dead");
        tx.commit().await.unwrap();
        assert_eq!((dead(here.db.read(), 10).await.unwrap().len(), here.waiting().await), (4, 1));
    }
}

#[tokio::test]
async fn events_that_are_over_are_forgotten_in_batches_and_others_kept() {
    for here in Here::both().await {
        let runner = Runner::new(here.db.clone(), here.clock.clone(), vec![], vec![], Wake::default());
        let emit_some = async |n: u32| {
            let tx = here.db.begin().await.unwrap();
            for n in 0..n {
                emit(&tx, &Happened { topic: "cases.decided", n }, here.clock.now()).await.unwrap();
            }
            tx.commit().await.unwrap();
        };
        let left = async || -> i64 {
            let conn = here.db.read();
            conn.query_one_raw(Statement::from_string(conn.get_database_backend(), "SELECT COUNT(*) AS n FROM outbox")).await.unwrap().unwrap().try_get("", "n").unwrap()
        };
        emit_some(5).await;
        runner.drain().await.unwrap();
        here.clock.advance(Duration::days(31));
        emit_some(2).await;
        runner.drain().await.unwrap();
        emit_some(1).await; // old enough below, but nobody was told yet
        let before = here.clock.now() - Duration::days(30);
        assert_eq!(forget_events(&here.db, before, 3).await.unwrap(), 3, "{}", here.engine);
        assert_eq!(forget_events(&here.db, before, 3).await.unwrap(), 2);
        assert_eq!((forget_events(&here.db, before, 3).await.unwrap(), left().await), (0, 3));
        let later = here.clock.now() + Duration::days(1);
        assert_eq!((forget_events(&here.db, later, 10).await.unwrap(), left().await), (2, 1), "what waits stays");
    }
}

#[tokio::test]
async fn copies_that_work_at_once_do_every_job_once() {
    for here in Here::both().await {
        for n in 0..60 {
            here.add(NewJob::now("work", json!({ "n": n }), here.clock.now())).await;
        }
        let worker = Worker::failing(0);
        let copies: Vec<Runner> = (0..3).map(|_| here.runner(worker.clone())).collect();
        for result in join_all(copies.iter().map(Runner::drain)).await {
            result.unwrap();
        }
        let mut done: Vec<u64> = worker.seen.lock().await.iter().map(|job| job.payload["n"].as_u64().unwrap()).collect();
        done.sort_unstable();
        assert_eq!(done, (0..60).collect::<Vec<_>>(), "{}", here.engine);
    }
}

#[derive(Serialize)]
struct Happened {
    topic: &'static str,
    n: u32,
}

impl Event for Happened {
    fn topic(&self) -> &'static str {
        self.topic
    }
}

#[tokio::test]
async fn an_event_reaches_every_subscriber_and_a_failing_one_holds_up_nobody() {
    for here in Here::both().await {
        let (all, one, failing) = (Worker::failing(0), Worker::failing(0), Worker::failing(1));
        let subscriptions = vec![
            Subscription { name: "all", topics: &["cases.*"], handler: all.clone() },
            Subscription { name: "one", topics: &["cases.decided"], handler: one.clone() },
            Subscription { name: "failing", topics: &["cases.decided"], handler: failing.clone() },
        ];
        let runner = || Runner::new(here.db.clone(), here.clock.clone(), vec![], subscriptions.clone(), Wake::default());
        let tx = here.db.begin().await.unwrap();
        emit(&tx, &Happened { topic: "cases.decided", n: 0 }, here.clock.now()).await.unwrap();
        drop(tx); // the act was rolled back, so nobody hears of it
        let tx = here.db.begin().await.unwrap();
        for (n, topic) in (1..).zip(["cases.submitted", "cases.decided", "catalog.published"]) {
            emit(&tx, &Happened { topic, n }, here.clock.now()).await.unwrap();
        }
        tx.commit().await.unwrap();
        let (a, b) = (runner(), runner());
        let (a, b) = tokio::join!(a.drain(), b.drain());
        a.and(b).unwrap();
        let mut heard = all.topics().await;
        heard.sort();
        assert_eq!(heard, ["cases.decided", "cases.submitted"], "{}", here.engine);
        assert_eq!(one.topics().await, ["cases.decided"]);
        assert_eq!(one.seen.lock().await[0].payload["event"]["n"], 2, "the event itself comes along");
        assert_eq!(failing.attempts().await, [1]);
        here.clock.advance(Duration::seconds(10));
        runner().drain().await.unwrap();
        assert_eq!((failing.attempts().await, one.attempts().await.len()), (vec![1, 2], 1), "only the failed one again");
    }
}
