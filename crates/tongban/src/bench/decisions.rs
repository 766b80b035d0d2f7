//! Decisions per second: a table of 20 rules over four inputs, in process and over HTTP.

use std::time::{Duration, Instant};

use base::{Error, Result};
use designs::model::Example;
use designs::service::NewDesign;
use dmn::{Model, NoImports};
use futures::future::try_join_all;
use serde_json::json;

use super::cases::member;
use super::client::{CONNECTIONS, Client};
use super::server::Server;
use crate::compose;
use crate::config::Config;
use crate::demo;

const NAME: &str = "档次";
const KEY: &str = "bench-table";
/// Questions in one request of a list.
const LIST: usize = 1_000;

/// The table: one rule for each five years.
fn table() -> String {
    let inputs = [("年龄", "number"), ("面积", "number"), ("类别", "string"), ("日期", "date")];
    let data: String = inputs.iter().map(|(name, kind)| format!(r#"<inputData id="{name}" name="{name}"><variable name="{name}" typeRef="{kind}"/></inputData>"#)).collect();
    let needs: String = inputs.iter().map(|(name, _)| format!(r##"<informationRequirement><requiredInput href="#{name}"/></informationRequirement>"##)).collect();
    let columns: String = inputs.iter().map(|(name, kind)| format!(r#"<input><inputExpression typeRef="{kind}"><text>{name}</text></inputExpression></input>"#)).collect();
    let cell = |tag: &str, text: &str| format!("<{tag}><text>{text}</text></{tag}>");
    let rules: String = (0..20)
        .map(|n| {
            let tests = [format!("[{}..{})", n * 5, n * 5 + 5), format!("&lt;= {}", 100 + n), "\"甲\",\"乙\"".to_owned(), "&gt;= date(\"2020-01-01\")".to_owned()];
            let tests: String = tests.iter().map(|text| cell("inputEntry", text)).collect();
            format!("<rule>{tests}{}</rule>", cell("outputEntry", &format!("\"档{n}\"")))
        })
        .collect();
    format!(
        r#"<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="测速" namespace="https://tongban.cn/decisions/bench">{data}
        <decision id="d" name="{NAME}"><variable name="{NAME}" typeRef="string"/>{needs}<decisionTable hitPolicy="UNIQUE">{columns}<output/>{rules}</decisionTable></decision></definitions>"#
    )
}

fn input(n: usize) -> serde_json::Value {
    json!({ "年龄": n % 100, "面积": 88.5, "类别": "乙", "日期": "@\"2026-11-23\"" })
}

fn right(n: usize) -> String {
    format!("\"档{}\"", n % 100 / 5)
}

/// Measures for about `time` each and prints the rows of the table. The database must be empty.
///
/// # Errors
/// When an answer is wrong.
pub async fn decisions(config: &Config, time: Duration) -> Result<()> {
    let model = Model::parse(&table(), &NoImports).map_err(|problems| Error::internal(format!("{problems:?}")))?;
    let alone = in_process(&model, time)?;
    println!("| in process, one thread | {alone:.0} |");
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let model = &model;
    let all: Vec<Result<f64>> = std::thread::scope(|scope| {
        let lanes: Vec<_> = (0..threads).map(|_| scope.spawn(move || in_process(model, time))).collect();
        lanes.into_iter().map(|lane| lane.join().unwrap_or_else(|_| Err(Error::internal("a thread panicked")))).collect()
    });
    let sum: f64 = all.into_iter().collect::<Result<Vec<_>>>()?.iter().sum();
    println!("| in process, {threads} threads | {sum:.0} |");

    publish(config).await?;
    let server = Server::start(config, 54335).await?;
    let cookies = Client::connect(&server.address).await?.sign_in("editor01", demo::PASSWORD).await?;
    let single = |n: usize| json!({ "decision": NAME, "input": input(n) }).to_string();
    let list = |n: usize| json!((n..n + LIST).map(|n| json!({ "decision": NAME, "input": input(n) })).collect::<Vec<_>>()).to_string();
    let one = over_http(&server, &cookies, time, 1, &single).await?;
    println!("| over HTTP, one a request, {CONNECTIONS} connections | {one:.0} |");
    let many = over_http(&server, &cookies, time, LIST, &list).await?;
    println!("| over HTTP, {LIST} a request, {CONNECTIONS} connections | {many:.0} |");
    Ok(())
}

fn in_process(model: &Model, time: Duration) -> Result<f64> {
    let questions: Vec<(String, String)> = (0..100).map(|n| (input(n).to_string(), right(n))).collect();
    let (start, mut count) = (Instant::now(), 0);
    while start.elapsed() < time {
        for (input, right) in &questions {
            let evaluation = model.evaluate_json(NAME, input).map_err(Error::internal)?;
            if evaluation.json != *right {
                return Err(Error::internal(format!("{} instead of {right}", evaluation.json)));
            }
        }
        count += questions.len();
    }
    Ok(count as f64 / start.elapsed().as_secs_f64())
}

/// Draws the table as one colleague and publishes it as another.
async fn publish(config: &Config) -> Result<()> {
    let (platform, clock) = compose::open(config).await?;
    db::migrate(&platform.db, &compose::migrations(&platform)).await?;
    if !demo::is_empty(&platform).await? {
        return Err(Error::internal("the bench needs an empty database; it publishes a table in it"));
    }
    demo::load_foundation(&platform, &clock).await?;
    let (author, reviewer) = (member(&platform, "editor01").await?, member(&platform, "reviewer01").await?);
    let body = author.staff()?.body;
    let starter = designs::model::starters(designs::Kind::Decision).first().map_or("", |s| s.code);
    let new = NewDesign { kind: designs::Kind::Decision, key: KEY, name: "测速", body, starter };
    let design = designs::service::create(&platform, &author, new).await?;
    let draft = designs::store::of_design(platform.db.read(), design).await?.into_iter().next().ok_or_else(|| Error::internal("a design without draft"))?;
    let lock = designs::service::save(&platform, &author, design, draft.lock, &table()).await?.lock;
    let example = Example { decision: NAME.into(), input: input(7).as_object().cloned().unwrap_or_default(), expected: json!("档1") };
    designs::service::save_examples(&platform, &author, design, lock, &[example]).await?;
    designs::service::submit(&platform, &author, design, lock + 1).await?;
    designs::service::publish(&platform, &reviewer, design, lock + 1, platform.today()).await
}

/// Decisions per second over HTTP, `each` in a request.
async fn over_http(server: &Server, cookies: &[String], time: Duration, each: usize, question: &(dyn Fn(usize) -> String + Sync)) -> Result<f64> {
    let path = format!("/api/decisions/{KEY}");
    // Written before the clock starts: the time is the server's.
    let questions: Vec<(usize, String)> = (0..20).map(|n| (n * 5, question(n * 5))).collect();
    let started = Instant::now();
    let lanes = (0..CONNECTIONS).map(|_| {
        let (address, cookies, path, questions) = (server.address.clone(), cookies.to_vec(), path.clone(), questions.clone());
        tokio::spawn(async move {
            let mut client = Client::connect(&address).await?.with(cookies);
            let mut asked = 0;
            while started.elapsed() < time {
                let (n, body) = &questions[asked % questions.len()];
                let answer = client.send("POST", &path, body).await?;
                if answer.status != 200 || !answer.body.contains(&format!("\"result\":{}", right(*n))) {
                    return Err(Error::internal(format!("{}: {}", answer.status, answer.body.chars().take(300).collect::<String>())));
                }
                asked += 1;
            }
            Ok::<_, Error>(asked * each)
        })
    });
    let mut all = 0;
    for lane in try_join_all(lanes).await? {
        all += lane?;
    }
    Ok(all as f64 / started.elapsed().as_secs_f64())
}
