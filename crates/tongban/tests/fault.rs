//! The program is killed (SIGKILL) under load, again and again; everything it acknowledged is still there and whole.

mod common;

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use cases::model::{State, SubmittedMaterial};
use testing::TestDatabase;
use tongban::compose;
use tongban::config::Config;
use uuid::Uuid;

/// Kills per engine.
const ROUNDS: usize = 4;

#[tokio::test]
async fn what_was_acknowledged_survives_a_kill() {
    for database in testing::databases().await {
        survive(&database).await;
    }
}

async fn survive(database: &TestDatabase) {
    let folder = tempfile::tempdir().unwrap();
    let mut acknowledged: Vec<String> = Vec::new();
    for round in 0..ROUNDS {
        acknowledged.extend(run_and_kill(database, folder.path(), 8 + 5 * round));
    }
    let mut config = Config { database: database.url.clone(), data_dir: folder.path().to_owned(), ..Config::default() };
    config.site.demonstration = true;
    let (platform, _) = compose::open(&config).await.unwrap();
    let engine = database.engine;
    let accepted = acknowledged.iter().filter(|l| l.starts_with("accepted")).count();
    assert!(accepted >= ROUNDS, "{engine}: only {accepted} cases were accepted under load");
    for line in &acknowledged {
        let (act, id) = line.split_once(' ').unwrap();
        let id: Uuid = id.parse().unwrap();
        let row = cases::store::case(platform.db.read(), id).await.unwrap().unwrap_or_else(|| panic!("{engine}: acknowledged, then lost: {line}"));
        if act == "accepted" {
            assert_eq!(State::parse(&row.state).unwrap(), State::InReview, "{engine}: {line}");
            assert!(row.promised_due.is_some());
        }
        let entries = journal::verify_chain(platform.db.read(), id).await.unwrap();
        assert!(entries.is_ok(), "{engine}: chain of {id}: {entries:?}");
        assert_eq!(flow::open_tasks(platform.db.read(), id).await.unwrap().len(), 1, "{engine}: exactly one next step for {id}");
        let materials: Vec<SubmittedMaterial> = serde_json::from_str(&row.materials).unwrap();
        let files: Vec<Uuid> = materials.iter().flat_map(|m| m.files.clone()).collect();
        let records = files::records(platform.db.read(), &files).await.unwrap();
        assert_eq!(records.len(), files.len(), "{engine}: a record is gone");
        for record in records {
            platform.files.get(&record.digest).await.unwrap_or_else(|e| panic!("{engine}: file {}: {e}", record.name));
        }
    }
    assert!(journal::verify_all(&platform.db).await.unwrap().broken_chains.is_empty());
}

/// Starts the program, waits until it acknowledged `enough` acts, kills it in the middle of its work, and gives what it said.
fn run_and_kill(database: &TestDatabase, folder: &std::path::Path, enough: usize) -> Vec<String> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tongban"))
        .args(["--database", &database.url, "--data-dir"])
        .arg(folder)
        .args(["bench", "--soak"])
        .env("TONGBAN_LOG", "error")
        .current_dir(folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = Arc::new(Mutex::new(Vec::new()));
    let output = BufReader::new(child.stdout.take().unwrap());
    let reader = std::thread::spawn({
        let lines = lines.clone();
        move || {
            // a line that the kill cut in half was not acknowledged
            for line in output.lines().map_while(Result::ok) {
                if line.starts_with("submitted ") || line.starts_with("accepted ") {
                    lines.lock().unwrap().push(line);
                }
            }
        }
    });
    let started = Instant::now();
    while lines.lock().unwrap().len() < enough {
        assert!(started.elapsed() < Duration::from_secs(90), "{}: the program did not get to work", database.engine);
        assert!(child.try_wait().unwrap().is_none(), "{}: the program ended by itself", database.engine);
        std::thread::sleep(Duration::from_millis(3));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap();
    let said = lines.lock().unwrap().clone();
    said.into_iter().filter(|l| l.split_once(' ').is_some_and(|(_, id)| id.len() == 36)).collect()
}
