//! The database handle on both engines: migrations, idempotency, optimistic versions, transactions.

use base::Kind;
use chrono::{DateTime, Utc};
use db::{Db, First, Idempotency, Migration, SystemMigrations, Write, expect_one, idempotent, migrate, pending};
use futures::future::join_all;
use sea_orm::{ConnectionTrait, Statement};

const ROOM: SystemMigrations = SystemMigrations {
    system: "room",
    migrations: &[
        Migration { name: "0001_thing", sql: "CREATE TABLE thing (id INTEGER NOT NULL PRIMARY KEY, version BIGINT NOT NULL, at {time})" },
        Migration { name: "0002_more", sql: "ALTER TABLE thing ADD COLUMN note TEXT; INSERT INTO thing (id, version) VALUES (1, 0);" },
    ],
};

fn now() -> DateTime<Utc> {
    "2026-11-24T02:00:00Z".parse().unwrap()
}

async fn run(db: &Db, sql: &str) -> base::Result<u64> {
    let tx = db.begin().await?;
    let done = tx.execute_raw(Statement::from_string(tx.get_database_backend(), sql)).await?;
    tx.commit().await?;
    Ok(done.rows_affected())
}

async fn count(db: &Db, table: &str) -> i64 {
    let conn = db.read();
    let sql = format!("SELECT COUNT(*) AS n FROM {table}");
    conn.query_one_raw(Statement::from_string(conn.get_database_backend(), sql)).await.unwrap().unwrap().try_get("", "n").unwrap()
}

#[tokio::test]
async fn migrations_run_once() {
    for d in testing::databases().await {
        let db = Db::connect(&d.url).await.unwrap();
        let rooms = [db::migrations(), ROOM];
        assert_eq!(pending(&db, &rooms).await.unwrap().len(), 3);
        assert_eq!(migrate(&db, &rooms).await.unwrap(), ["db/0001_idempotency", "room/0001_thing", "room/0002_more"]);
        assert!(migrate(&db, &rooms).await.unwrap().is_empty(), "{}: again, nothing", d.engine);
        assert!(pending(&db, &rooms).await.unwrap().is_empty());
        assert_eq!(count(&db, "thing").await, 1);
    }
}

#[tokio::test]
async fn copies_that_start_together_migrate_once() {
    for d in testing::databases().await {
        let first = Db::connect(&d.url).await.unwrap();
        let rooms = [db::migrations(), ROOM];
        let copies = join_all((0..4).map(|_| async { migrate(&Db::connect(&d.url).await?, &rooms).await })).await;
        let applied: usize = copies.into_iter().map(|names| names.unwrap().len()).sum();
        assert_eq!((applied, count(&first, "thing").await), (3, 1), "{}", d.engine);
    }
}

#[tokio::test]
async fn a_migration_that_fails_leaves_nothing() {
    for d in testing::databases().await {
        let db = Db::connect(&d.url).await.unwrap();
        let broken = SystemMigrations { system: "broken", migrations: &[Migration { name: "0001", sql: "CREATE TABLE half (id INTEGER); CREATE TABLE (oops)" }] };
        assert!(migrate(&db, &[ROOM, broken]).await.is_err());
        assert_eq!(pending(&db, &[ROOM, broken]).await.unwrap(), ["broken/0001"], "{}: what came before stays", d.engine);
        run(&db, "CREATE TABLE half (id INTEGER)").await.unwrap(); // was not left behind
    }
}

#[tokio::test]
async fn one_key_is_one_act_also_at_the_same_moment() {
    for d in testing::databases().await {
        let db = Db::connect(&d.url).await.unwrap();
        migrate(&db, &[db::migrations()]).await.unwrap();
        let attempts = join_all((0..8).map(|n| {
            let db = &db;
            async move {
                let tx = db.begin().await.unwrap();
                let found = idempotent(&tx, "scope", "key", &format!("result {n}"), now()).await.unwrap();
                tx.commit().await.unwrap();
                (n, found)
            }
        }))
        .await;
        let firsts: Vec<i32> = attempts.iter().filter(|(_, found)| *found == Idempotency::First).map(|(n, _)| *n).collect();
        assert_eq!(firsts.len(), 1, "{}: {attempts:?}", d.engine);
        let repeated = Idempotency::Repeated(format!("result {}", firsts[0]));
        assert_eq!(attempts.iter().filter(|(_, found)| *found == repeated).count(), 7, "all others get the first result");
        // another scope or key is another act; what was rolled back did not happen
        let tx = db.begin().await.unwrap();
        assert_eq!(idempotent(&tx, "other", "key", "x", now()).await.unwrap(), Idempotency::First);
        drop(tx);
        let tx = db.begin().await.unwrap();
        assert_eq!(idempotent(&tx, "other", "key", "x", now()).await.unwrap(), Idempotency::First);
        assert_eq!(idempotent(&tx, "other", "key", "y", now()).await.unwrap(), Idempotency::Repeated("x".into()));
    }
}

#[tokio::test]
async fn of_two_changes_to_one_version_one_is_told() {
    for d in testing::databases().await {
        let db = Db::connect(&d.url).await.unwrap();
        migrate(&db, &[ROOM]).await.unwrap();
        let change = || async { expect_one(run(&db, "UPDATE thing SET version = version + 1 WHERE id = 1 AND version = 0").await?) };
        let (a, b) = tokio::join!(change(), change());
        assert!(a.is_ok() != b.is_ok(), "{}: {a:?} {b:?}", d.engine);
        assert_eq!(a.and(b).unwrap_err().kind(), Kind::Conflict);
    }
}

#[tokio::test]
async fn what_is_not_committed_did_not_happen() {
    for d in testing::databases().await {
        let db = Db::connect(&d.url).await.unwrap();
        migrate(&db, &[ROOM]).await.unwrap();
        let tx = db.begin().await.unwrap();
        tx.execute_unprepared("INSERT INTO thing (id, version) VALUES (2, 0)").await.unwrap();
        assert_eq!(count(&db, "thing").await, 1, "{}: not seen from outside", d.engine);
        drop(tx);
        assert_eq!(run(&db, "DELETE FROM thing WHERE id = 2").await.unwrap(), 0);
        let double = run(&db, "INSERT INTO thing (id, version) VALUES (1, 0)").await;
        assert!(double.is_err(), "a key stands once");
        assert_eq!(run(&db, "UPDATE thing SET version = 5").await.unwrap(), 1, "and the pool is whole after an error");
    }
}

#[tokio::test]
async fn an_unknown_kind_of_database_is_refused() {
    assert!(Db::connect("mysql://nowhere/x").await.is_err());
}

#[tokio::test]
async fn old_keys_are_forgotten_in_batches() {
    for d in testing::databases().await {
        let db = Db::connect(&d.url).await.unwrap();
        migrate(&db, &[db::migrations()]).await.unwrap();
        for (n, day) in [(1, 0), (2, 0), (3, 0), (4, 100)] {
            let tx = db.begin().await.unwrap();
            idempotent(&tx, "act", &n.to_string(), "", now() + chrono::Duration::days(day)).await.unwrap();
            tx.commit().await.unwrap();
        }
        let before = now() + chrono::Duration::days(10);
        assert_eq!(db::forget_keys(&db, before, 2).await.unwrap(), 2, "{}", d.engine);
        assert_eq!(db::forget_keys(&db, before, 2).await.unwrap(), 1);
        assert_eq!((db::forget_keys(&db, before, 2).await.unwrap(), count(&db, "idempotency_key").await), (0, 1));
        assert_eq!(db::repeated(db.read(), "act", "4").await.unwrap().as_deref(), Some(""), "a young one stays");
    }
}

fn insert(id: i32) -> Write {
    Write::new("INSERT INTO thing (id, version) VALUES ($1, $2) ON CONFLICT DO NOTHING", [id.into(), 0i64.into()])
}

#[tokio::test]
async fn what_was_put_off_is_seen_by_reads_and_written_with_the_commit() {
    for d in testing::databases().await {
        let db = Db::connect(&d.url).await.unwrap();
        migrate(&db, &[db::migrations(), ROOM]).await.unwrap();
        let tx = db.begin().await.unwrap();
        for id in 10..70 {
            tx.later(insert(id).once()).await.unwrap();
        }
        // changes what was only put off before it
        tx.later(Write::new("UPDATE thing SET version = $1 WHERE id = $2", [7i64.into(), 69.into()]).once()).await.unwrap();
        let sql = "SELECT COUNT(*) AS n FROM thing WHERE id >= 10 AND (id < 69 OR version = 7)";
        let seen: i64 = tx.query_one_raw(Statement::from_string(tx.get_database_backend(), sql)).await.unwrap().unwrap().try_get("", "n").unwrap();
        assert_eq!((seen, count(&db, "thing").await), (60, 1), "{}", d.engine);
        tx.later(Write::new("DELETE FROM thing WHERE id < $1", [20.into()])).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(count(&db, "thing").await, 50, "{}", d.engine);
    }
}

#[tokio::test]
async fn a_write_that_misses_its_row_undoes_everything_and_says_why() {
    for d in testing::databases().await {
        let db = Db::connect(&d.url).await.unwrap();
        migrate(&db, &[db::migrations(), ROOM]).await.unwrap();
        let missing = || Write::new("UPDATE thing SET version = $1 WHERE id = $2", [1i64.into(), 99.into()]);
        let own = || missing().or_else(|_| Box::pin(async { base::Error::refused("thing.gone", "没有了。") }));

        let tx = db.begin().await.unwrap();
        tx.later(insert(10)).await.unwrap();
        tx.later(missing().once()).await.unwrap();
        assert_eq!(tx.commit().await.unwrap_err().kind(), Kind::Conflict, "{}", d.engine);

        // also when a read sends it, through the library's own error
        let tx = db.begin().await.unwrap();
        tx.later(insert(11)).await.unwrap();
        tx.later(own()).await.unwrap();
        let error: base::Error = tx.execute_unprepared("DELETE FROM thing").await.unwrap_err().into();
        assert_eq!(error.code(), "thing.gone", "{}", d.engine);
        drop(tx);

        // a row that is there already is a miss too
        let tx = db.begin().await.unwrap();
        tx.later(insert(1).once()).await.unwrap();
        assert_eq!(tx.commit().await.unwrap_err().kind(), Kind::Conflict, "{}", d.engine);
        assert_eq!(count(&db, "thing").await, 1, "{}", d.engine);
    }
}

/// What is told to be written is there, what is not is not, whoever else fails, is rolled back or goes away meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn transactions_that_share_a_commit_stand_alone() {
    for d in testing::databases().await {
        let db = Db::connect(&d.url).await.unwrap();
        migrate(&db, &[ROOM]).await.unwrap();
        let insert = |tx: &db::Tx, id: i64| Statement::from_string(tx.get_database_backend(), format!("INSERT INTO thing (id, version) VALUES ({id}, 0)"));
        let works = (10..410).map(|id| {
            let db = db.clone();
            tokio::spawn(async move {
                let tx = if id % 41 == 0 { db.begin_alone().await? } else { db.begin().await? };
                tx.execute_raw(insert(&tx, id)).await?;
                match id % 5 {
                    0 => drop(tx),
                    1 => {
                        // The same key again fails, and with it this transaction alone.
                        let again = tx.execute_raw(insert(&tx, id)).await;
                        assert!(again.is_err());
                    }
                    2 => {
                        // The one who asked goes away while it is being committed.
                        let committing = tokio::spawn(tx.commit());
                        tokio::task::yield_now().await;
                        committing.abort();
                    }
                    _ => {
                        tx.commit().await?;
                        let seen = format!("SELECT 1 AS n FROM thing WHERE id = {id}");
                        let conn = db.read();
                        assert!(conn.query_one_raw(Statement::from_string(conn.get_database_backend(), seen)).await?.is_some(), "{id} was told to be written");
                    }
                }
                Ok::<_, base::Error>(())
            })
        });
        for done in join_all(works).await {
            done.unwrap().unwrap();
        }
        db.begin_alone().await.unwrap().commit().await.unwrap();
        assert_eq!(count(&db, "thing WHERE id >= 10 AND id % 5 IN (0, 1)").await, 0, "{}", d.engine);
        assert_eq!(count(&db, "thing WHERE id >= 10 AND id % 5 IN (3, 4)").await, 160, "{}", d.engine);
    }
}

/// On SQLite a transaction that is done does not wait for a disk of its own when others are in line.
#[tokio::test]
async fn a_transaction_in_line_sees_the_one_before_it() {
    for d in testing::databases().await {
        let db = Db::connect(&d.url).await.unwrap();
        migrate(&db, &[ROOM]).await.unwrap();
        let first = db.begin().await.unwrap();
        let add = |tx: &db::Tx| Statement::from_string(tx.get_database_backend(), "UPDATE thing SET version = version + 1 WHERE id = 1");
        first.execute_raw(add(&first)).await.unwrap();
        let (_, second) = tokio::join!(async { first.commit().await.unwrap() }, async {
            let tx = db.begin().await.unwrap();
            tx.execute_raw(add(&tx)).await.unwrap();
            tx.commit().await
        });
        second.unwrap();
        assert_eq!(count(&db, "thing WHERE id = 1 AND version = 2").await, 1, "{}", d.engine);
    }
}

/// Whoever goes away while their turn begins takes nothing of the others' with them.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_beginning_that_is_given_up_undoes_nobody_else() {
    for d in testing::databases().await {
        let db = Db::connect(&d.url).await.unwrap();
        migrate(&db, &[ROOM]).await.unwrap();
        let works = (10..610_i64).map(|id| {
            let db = db.clone();
            tokio::spawn(async move {
                if id % 2 == 0 {
                    let beginning = tokio::spawn(async move { db.begin().await.map(drop) });
                    for _ in 0..id % 13 {
                        tokio::task::yield_now().await;
                    }
                    beginning.abort();
                    return;
                }
                let tx = db.begin().await.unwrap();
                let sql = format!("INSERT INTO thing (id, version) VALUES ({id}, 0)");
                tx.execute_raw(Statement::from_string(tx.get_database_backend(), sql)).await.unwrap();
                tx.commit().await.unwrap();
                let seen = format!("SELECT 1 AS n FROM thing WHERE id = {id}");
                let conn = db.read();
                assert!(conn.query_one_raw(Statement::from_string(conn.get_database_backend(), seen)).await.unwrap().is_some(), "{id} was told to be written");
            })
        });
        for done in join_all(works).await {
            done.unwrap();
        }
        assert_eq!(count(&db, "thing WHERE id >= 10").await, 300, "{}", d.engine);
    }
}

/// A full disk: what was told to be written is there, what was not is not, and afterwards the database works on.
#[tokio::test]
async fn a_full_disk_lies_to_nobody() {
    let d = testing::sqlite();
    let db = Db::connect(&d.url).await.unwrap();
    migrate(&db, &[ROOM]).await.unwrap();
    let insert = |id: i64, note: usize| format!("INSERT INTO thing (id, version, note) VALUES ({id}, 0, '{}')", "x".repeat(note));
    let first = db.begin().await.unwrap();
    first.execute_unprepared(&insert(2, 1)).await.unwrap();
    let (first, second, third) = tokio::join!(
        first.commit(),
        async {
            let tx = db.begin().await.unwrap();
            tx.execute_unprepared("PRAGMA max_page_count = 1").await.unwrap(); // as small as the file is
            let full = tx.execute_unprepared(&insert(3, 1_000_000)).await;
            assert!(full.is_err(), "the disk is full");
        },
        async {
            let tx = db.begin().await?;
            tx.execute_unprepared(&insert(4, 1)).await?;
            tx.commit().await
        }
    );
    let _ = second;
    for (id, told) in [(2, first.is_ok()), (4, third.is_ok())] {
        assert_eq!(count(&db, &format!("thing WHERE id = {id}")).await == 1, told, "{id}");
    }
    assert_eq!(count(&db, "thing WHERE id = 3").await, 0);
    run(&db, &insert(5, 1_000_000)).await.unwrap();
    assert_eq!(count(&db, "thing WHERE id = 5").await, 1);
}

#[tokio::test]
async fn an_act_done_before_is_answered_when_it_is_durable() {
    for d in testing::databases().await {
        let db = Db::connect(&d.url).await.unwrap();
        migrate(&db, &[db::migrations(), ROOM]).await.unwrap();
        let act = async |id: i64| match db::first(&db, "act", "key", &id.to_string(), now()).await.unwrap() {
            First::First(tx) => {
                tx.execute_unprepared(&format!("INSERT INTO thing (id, version) VALUES ({id}, 0)")).await.unwrap();
                tx.commit().await.unwrap();
                id
            }
            First::Repeated(first) => {
                let first: i64 = first.parse().unwrap();
                assert_eq!(count(&db, &format!("thing WHERE id = {first}")).await, 1, "{}: it is there when it is told", d.engine);
                first
            }
        };
        let (one, other) = tokio::join!(act(20), act(21));
        assert_eq!(one, other, "{}", d.engine);
    }
}
