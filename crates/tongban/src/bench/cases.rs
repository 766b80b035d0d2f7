//! The main job beside the raw limit of the same engine.
//!
//! A case here is its whole life through the services, durable at every step: submit, accept, two opinions, a decision that
//! issues the licence: five transactions. Beside it stand as many bare commits of one small row by as many writers,
//! each with a commit of its own; the program's transactions may share theirs, as they do when they work.

use std::sync::Arc;
use std::time::Instant;

use access::{Actor, Party, PartyKind};
use base::{Error, Result};
use cases::service::{self, Decision};
use futures::future::try_join_all;
use identity::NewParty;
use platform::Platform;
use sea_orm::{ConnectionTrait, Statement};
use uuid::Uuid;

use crate::compose::{self, Program};
use crate::config::Config;
use crate::demo;

/// Transactions in the life of a case.
const STEPS: usize = 5;
/// Writers at the same time.
const WRITERS: usize = 8;
const ITEM: &str = "食品经营许可（首次申请）";

/// The program on an empty database with the foundation of the demonstration.
async fn foundation(config: &Config) -> Result<Arc<Program>> {
    let (platform, clock) = compose::open(config).await?;
    db::migrate(&platform.db, &compose::migrations(&platform)).await?;
    if !demo::is_empty(&platform).await? {
        return Err(Error::internal("the bench needs an empty database; it fills it with synthetic cases"));
    }
    demo::load_foundation(&platform, &clock).await?;
    let program = Arc::new(compose::compose(platform, clock).await?);
    program.start().await?;
    Ok(program)
}

/// As many decided cases, and the program they are in. Jobs do not run, so that nothing is done beforehand.
pub(super) async fn decided(config: &Config, count: usize) -> Result<(Arc<Program>, Vec<Uuid>)> {
    let program = foundation(config).await?;
    let staff = people(&program.platform).await?;
    let item = item(&program.platform)?;
    let mut cases = Vec::with_capacity(count);
    for number in 0..count {
        let (firm, draft) = draft(&program, number, item).await?;
        cases.push(life(program.clone(), firm, staff.clone(), draft).await?);
    }
    Ok((program, cases))
}

/// Measures the engine behind `config` and prints one row of the table. The database must be empty.
///
/// # Errors
/// When the database is not empty or a step fails.
pub async fn cases(config: &Config, count: usize) -> Result<()> {
    let program = foundation(config).await?;
    let staff = people(&program.platform).await?;
    let item = item(&program.platform)?;
    // Filling in is the applicant's time, not the platform's; it is not measured.
    let mut drafts = Vec::with_capacity(count);
    for number in 0..count {
        drafts.push(draft(&program, number, item).await?);
    }
    let started = Instant::now();
    in_parallel(drafts, |(firm, draft)| {
        let life = life(program.clone(), firm, staff.clone(), draft);
        async move { life.await.map(drop) }
    })
    .await?;
    let cases = count as f64 / started.elapsed().as_secs_f64();

    let tx = program.platform.db.begin().await?;
    tx.execute_unprepared("CREATE TABLE bench_commit (id INTEGER NOT NULL PRIMARY KEY, text TEXT NOT NULL)").await?;
    tx.commit().await?;
    let bare = bare_commits(&program.platform, count * STEPS).await?;
    println!("| {:?} | {count} | {cases:.0} | {:.0} | {bare:.0} | {:.2} |", program.platform.db.engine(), cases * STEPS as f64, cases * STEPS as f64 / bare);
    Ok(())
}

/// Works without end and says on standard output what was acknowledged: `submitted ID`, `accepted ID`. The fault test kills
/// it at any moment and then looks for everything it said.
///
/// # Errors
/// When a step fails.
pub async fn soak(config: &Config) -> Result<()> {
    let (platform, clock) = compose::open(config).await?;
    db::migrate(&platform.db, &compose::migrations(&platform)).await?;
    if demo::is_empty(&platform).await? {
        demo::load_foundation(&platform, &clock).await?;
    }
    let program = Arc::new(compose::compose(platform, clock).await?);
    program.start().await?;
    let staff = people(&program.platform).await?;
    let item = item(&program.platform)?;
    let (_keep, stop) = tokio::sync::watch::channel(false);
    let runner = program.runner.clone();
    tokio::spawn(async move { runner.run(stop).await });
    // Numbers of an earlier run are not used again; a draft of a killed run would otherwise be found half filled in.
    let first = usize::try_from(program.platform.now().timestamp() % 90_000).unwrap_or(0) * 10;
    let lanes = (0..4).map(|lane| {
        let (program, staff) = (program.clone(), staff.clone());
        tokio::spawn(async move {
            for number in (first + lane..).step_by(4) {
                let (firm, draft) = draft(&program, number, item).await?;
                let id = service::submit(&program.platform, &firm, draft, "soak", true).await?.case_id;
                println!("submitted {id}");
                service::accept(&program.platform, &staff.window, id, "受理").await?;
                println!("accepted {id}");
            }
            Ok::<(), Error>(())
        })
    });
    for done in try_join_all(lanes).await? {
        done?;
    }
    Ok(())
}

fn item(platform: &Platform) -> Result<Uuid> {
    let found = catalog::search(platform, ITEM, &platform.site.region, &[], 0, 5)?;
    found.into_iter().find(|card| card.name == ITEM).map(|card| card.item_id).ok_or_else(|| Error::internal("the bench item is not published"))
}

/// Runs the work of a list with [`WRITERS`] at a time, each a task of its own.
pub(super) async fn in_parallel<T, F, W>(list: Vec<T>, work: F) -> Result<()>
where
    T: Send + 'static,
    F: Fn(T) -> W,
    W: Future<Output = Result<()>> + Send + 'static,
{
    let mut lanes: Vec<Vec<W>> = (0..WRITERS).map(|_| Vec::new()).collect();
    for (index, one) in list.into_iter().enumerate() {
        lanes[index % WRITERS].push(work(one));
    }
    let tasks = lanes.into_iter().map(|lane| {
        tokio::spawn(async move {
            for one in lane {
                one.await?;
            }
            Ok::<(), Error>(())
        })
    });
    for done in try_join_all(tasks).await? {
        done?;
    }
    Ok(())
}

#[derive(Clone)]
struct Staff {
    window: Actor,
    handler: Actor,
    examiner: Actor,
    approver: Actor,
}

async fn people(platform: &Platform) -> Result<Staff> {
    Ok(Staff {
        window: member(platform, "window01").await?,
        handler: member(platform, "handler01").await?,
        examiner: member(platform, "examiner01").await?,
        approver: member(platform, "approver01").await?,
    })
}

/// A colleague of the demonstration.
pub(super) async fn member(platform: &Platform, work_no: &str) -> Result<Actor> {
    let conn = platform.db.read();
    let missing = || Error::internal(format!("no staff {work_no}"));
    let id = organization::staff_by_work_no(conn, work_no).await?.ok_or_else(missing)?;
    Ok(Actor::Staff(organization::staff_actor(conn, id).await?.ok_or_else(missing)?))
}

/// A filled-in draft of a party of its own: a party has one open draft per item.
async fn draft(program: &Program, number: usize, item: Uuid) -> Result<(Actor, Uuid)> {
    let platform = &program.platform;
    let first17 = format!("91450300TT{:07}", 9_000_000 + number);
    let code = format!("{first17}{}", codes::Uscc::check_character(&first17).unwrap_or('0'));
    let new = NewParty { kind: PartyKind::Firm, name: "测速企业".into(), id_type: "uscc".into(), id_number: code, phone: "19900000000".into(), address: "桂林市".into() };
    let tx = platform.db.begin().await?;
    let party = identity::find_or_create_party(platform, &tx, &new).await?;
    tx.commit().await?;
    let firm = Actor::Party(Party { account: party, party, kind: PartyKind::Firm, name: new.name, acting: None });
    let draft = demo::fill_in(platform, &firm, item).await?.row.id;
    Ok((firm, draft))
}

/// One submitted case with a synthetic applicant, to be copied.
pub(super) async fn template(program: &Program) -> Result<Uuid> {
    let (firm, draft) = draft(program, 0, item(&program.platform)?).await?;
    Ok(service::submit(&program.platform, &firm, draft, "bench", true).await?.case_id)
}

async fn life(program: Arc<Program>, firm: Actor, staff: Staff, draft: Uuid) -> Result<Uuid> {
    let p = &program.platform;
    let id = service::submit(p, &firm, draft, "bench", true).await?.case_id;
    service::accept(p, &staff.window, id, "受理").await?;
    service::forward(p, &staff.handler, id, "符合条件").await?;
    service::forward(p, &staff.examiner, id, "同意").await?;
    service::decide(p, &staff.approver, id, "准予", Decision::Grant).await?;
    Ok(id)
}

/// As many bare commits of one small row by as many writers: the raw limit of the engine, per second. The table is there.
pub(super) async fn bare_commits(platform: &Platform, count: usize) -> Result<f64> {
    let commits: Vec<i32> = (0..i32::try_from(count).unwrap_or(i32::MAX)).collect();
    let started = Instant::now();
    in_parallel(commits, |n| commit(platform.clone(), n)).await?;
    Ok(count as f64 / started.elapsed().as_secs_f64())
}

async fn commit(platform: Platform, n: i32) -> Result<()> {
    let tx = platform.db.begin_alone().await?;
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "INSERT INTO bench_commit (id, text) VALUES ($1, $2)",
        [n.into(), "one small row".into()],
    ))
    .await?;
    tx.commit().await
}
