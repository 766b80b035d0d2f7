//! Published decision tables over HTTP, as business systems ask them, on both engines.

mod common;

use axum::http::{StatusCode, header};
use common::World;
use common::browser::Browser;
use serde_json::{Value, json};

const RISK: &str = "/api/decisions/water-risk";

async fn ask(browser: &mut Browser, path: &str, question: &str) -> (StatusCode, Value, String) {
    let answer = browser.send("POST", path, question.to_owned()).await;
    let kind = answer.headers.get(header::CONTENT_TYPE).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default();
    (answer.status, serde_json::from_str(&answer.body).unwrap_or_else(|e| panic!("{e}: {}", answer.body)), kind)
}

#[tokio::test]
async fn a_published_table_answers_questions_one_by_one_and_in_lists() {
    for world in World::both().await {
        let engine = world.engine;
        let mut reviewer = Browser::of(&world, "reviewer01").await;
        let model = dmn::Model::parse(include_str!("../../../data/demo/designs/water-risk.dmn"), &dmn::NoImports).unwrap();
        let examples = model.examples();
        assert!(examples.len() > 1, "the table is tried with different inputs");

        // one by one
        let first = &examples[0];
        let (status, answer, kind) = ask(&mut reviewer, RISK, &json!({ "decision": first.decision, "input": first.input }).to_string()).await;
        assert_eq!((status, kind.as_str()), (StatusCode::OK, "application/json"), "{engine}: {answer}");
        assert_eq!((answer["result"].clone(), answer["version"].clone()), (first.expected.clone(), json!(1)), "{engine}");
        assert_eq!(answer["digest"].as_str().map(str::len), Some(64), "{engine}");
        assert!(!answer["hits"][0]["rules"].as_array().unwrap().is_empty(), "{engine}: {answer}");

        // many, more than one thread takes at a time, with one that cannot be answered among them
        let mut questions: Vec<Value> = (0..300).map(|n| &examples[n % examples.len()]).map(|e| json!({ "decision": e.decision, "input": e.input })).collect();
        questions[1] = json!({ "decision": "没有这个决策" });
        let (status, answer, _) = ask(&mut reviewer, RISK, &Value::from(questions).to_string()).await;
        assert_eq!(status, StatusCode::OK, "{engine}");
        let answers = answer["answers"].as_array().unwrap();
        assert_eq!(answers.len(), 300, "{engine}");
        assert_eq!(answers[1]["error"]["code"], "unknown-decision", "{engine}");
        for (n, answer) in answers.iter().enumerate().filter(|(n, _)| *n != 1) {
            assert_eq!(answer["result"], examples[n % examples.len()].expected, "{engine}: {n}");
        }
        let (status, answer, _) = ask(&mut reviewer, RISK, "[]").await;
        assert_eq!((status, answer["answers"].clone()), (StatusCode::OK, json!([])), "{engine}");

        // what is wrong is told as problem details
        let many = format!("[{}]", vec!["{}"; 10_001].join(","));
        for (path, question, status, code) in [
            (RISK, "{", StatusCode::UNPROCESSABLE_ENTITY, "form.invalid"),
            (RISK, "7", StatusCode::UNPROCESSABLE_ENTITY, "form.invalid"),
            (RISK, many.as_str(), StatusCode::UNPROCESSABLE_ENTITY, "form.invalid"),
            (RISK, r#"{"decision":"没有这个决策"}"#, StatusCode::UNPROCESSABLE_ENTITY, "unknown-decision"),
            ("/api/decisions/nothing", "{}", StatusCode::NOT_FOUND, "not_found"),
        ] {
            let shown: String = question.chars().take(60).collect();
            let (got, problem, kind) = ask(&mut reviewer, path, question).await;
            assert_eq!((got, problem["code"].as_str(), kind.as_str()), (status, Some(code), "application/problem+json"), "{engine}: {shown}: {problem}");
        }

        // of another department, not a keeper of tables at all, nobody
        let mut editor = Browser::of(&world, "editor01").await;
        assert_eq!(ask(&mut editor, RISK, "{}").await.0, StatusCode::NOT_FOUND, "{engine}: not of this department");
        let mut handler = Browser::of(&world, "handler01").await;
        assert_eq!(ask(&mut handler, RISK, "{}").await.0, StatusCode::FORBIDDEN, "{engine}");
        assert_eq!(ask(&mut Browser::at(&world), RISK, "{}").await.0, StatusCode::UNAUTHORIZED, "{engine}");
        let mut elsewhere = Browser::of(&world, "reviewer01").await;
        elsewhere.extra = vec![("sec-fetch-site", "cross-site".to_owned())];
        assert_eq!(ask(&mut elsewhere, RISK, "{}").await.0, StatusCode::FORBIDDEN, "{engine}: from a page elsewhere");
    }
}
