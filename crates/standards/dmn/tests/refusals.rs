//! What is wrong with models is named with its element; hostile models and inputs end with an error.

mod common;

use std::time::{Duration, Instant};

use common::{decision, document, input, knowledge, literal, model, table};
use dmn::{DmnError, Imports, Model, NoImports, codes};
use proptest::prelude::*;

fn problems(content: &str) -> Vec<(&'static str, String)> {
    let problems = Model::parse(&document(content), &NoImports).expect_err(content);
    problems.into_iter().map(|problem| (problem.code, problem.element)).collect()
}

fn first(content: &str) -> (&'static str, String) {
    problems(content).remove(0)
}

#[test]
fn every_problem_names_its_element() {
    let external = r#"<encapsulatedLogic kind="Java"><context/></encapsulatedLogic>"#;
    for (content, code, element) in [
        (decision("d", &["i_nope"], None, &literal("1")), codes::DANGLING, "d_d"),
        (decision("d", &["k_nope"], None, &literal("1")), codes::DANGLING, "d_d"),
        (format!("{}{}", decision("a", &["d_b"], None, &literal("b")), decision("b", &["d_a"], None, &literal("a"))), codes::CYCLE, "d_b"),
        (input("x", "没有的类型"), codes::TYPE, "i_x"),
        (decision("d", &[], Some("nope"), &literal("1")), codes::TYPE, "d_d"),
        (decision("d", &[], None, &literal("1 +")), codes::EXPRESSION, "d_d"),
        (decision("d", &[], None, ""), codes::EMPTY, "d_d"),
        (decision("d", &[], None, &literal("function(x) external {java: {class: \"a\", method signature: \"b()\"}}")), codes::EXTERNAL, "d_d"),
        (format!(r#"<businessKnowledgeModel id="k" name="k">{external}</businessKnowledgeModel>"#), codes::EXTERNAL, "encapsulatedLogic"),
        (format!("{}{}", decision("d", &[], None, &literal("1")), decision("d", &[], None, &literal("2"))), codes::DUPLICATE, "d_d"),
        (decision("d", &[], None, &table(r#"hitPolicy="BEST""#, &["1"], "<output/>", &["-|1"])), codes::TABLE, "d_d"),
        (decision("d", &[], None, &table(r#"hitPolicy="FIRST" aggregation="SUM""#, &["1"], "<output/>", &["-|1"])), codes::TABLE, "d_d"),
        (decision("d", &[], None, &table(r#"hitPolicy="PRIORITY""#, &["1"], "<output/>", &["-|1"])), codes::TABLE, "d_d"),
        (decision("d", &[], None, &table("", &["1"], "<output/>", &["-|1|2"])), codes::TABLE, "d_d"),
        (decision("d", &[], None, &table("", &["1"], "<output/><output/>", &["-|1|2"])), codes::TABLE, "d_d"),
        (decision("d", &[], None, &table("", &["1"], "<output/>", &["> 1|1", ">1|2"])), codes::OVERLAP, "d_d"),
        (decision("d", &[], None, &table("", &["1"], "<output/>", &["> >|1"])), codes::EXPRESSION, "rule1"),
        (r#"<import name="x" namespace="urn:nowhere" importType="x"/>"#.to_owned(), codes::IMPORT, "urn:nowhere"),
    ] {
        let (found, place) = first(&content);
        assert_eq!(found, code, "{content}");
        assert!(place == element || element == "encapsulatedLogic", "{content}: {place}");
    }
    let all = problems(&format!("{}{}", decision("a", &["i_x"], None, &literal("1 +")), decision("b", &["i_y"], None, &literal("2"))));
    assert!(all.len() >= 3, "all at once: {all:?}");
}

#[test]
fn a_broken_element_leaves_the_others() {
    let content = format!("{}{}{}", decision("好", &[], None, &literal("1")), decision("坏", &[], None, &literal("1 +")), decision("用坏", &["d_坏"], None, &literal("坏")));
    let (model, problems) = Model::open(&document(&content), &NoImports).unwrap();
    assert_eq!(problems.len(), 1);
    assert_eq!(model.evaluate_json("好", "{}").unwrap().json, "1");
    for name in ["坏", "用坏"] {
        assert!(matches!(model.evaluate_json(name, "{}"), Err(DmnError::Broken(problem)) if problem.element == "d_坏"));
    }
}

#[test]
fn a_decision_without_logic_is_null() {
    let content = format!("{}{}", decision("空", &[], None, ""), decision("用空", &["d_空"], None, &literal("if 空 = null then 1 else 2")));
    let (model, problems) = Model::open(&document(&content), &NoImports).unwrap();
    assert_eq!(problems[0].code, codes::EMPTY);
    assert_eq!(["空", "用空"].map(|name| model.evaluate_json(name, "{}").unwrap().json), ["null", "1"]);
}

#[test]
fn hostile_documents_are_refused() {
    let bomb = r#"<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><definitions>&b;</definitions>"#;
    let file = r#"<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="&x;"/>"#;
    let deep = document(&format!("{}{}", "<context>".repeat(5_000), "</context>".repeat(5_000)));
    let huge = document(&"<x/>".repeat(2_000_000));
    for xml in [bomb, file, &deep, &huge, "", "<a/>", "<definitions/>", "{}", "\u{0}"] {
        let problems = Model::parse(xml, &NoImports).unwrap_err();
        assert_eq!(problems[0].code, codes::XML);
    }
}

struct Endless;

impl Imports for Endless {
    fn load(&self, namespace: &str, _: Option<&str>) -> Option<String> {
        Some(format!(r#"<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="x" namespace="{namespace}"><import name="n" namespace="{namespace}x"/></definitions>"#))
    }
}

#[test]
fn endless_imports_end() {
    let problems = Model::parse(&document(r#"<import name="n" namespace="urn:a"/>"#), &Endless).unwrap_err();
    assert_eq!(problems[0].code, codes::IMPORT);
}

#[test]
fn evaluations_that_run_away_end() {
    let each = |text: &str| format!(r#"<for iteratorVariable="n"><in>{}</in><return>{}</return></for>"#, literal("[1..1000000]"), literal(text));
    let chain: String = (1..4_000).map(|n| decision(&format!("c{n}"), &[&format!("d_c{}", n - 1)], None, &literal(&format!("c{} + 1", n - 1)))).collect();
    let doubling: String = (1..60).map(|n| decision(&format!("g{n}"), &[&format!("d_g{}", n - 1)], None, &literal(&format!("concatenate(g{0}, g{0})", n - 1)))).collect();
    let model = model(&format!(
        "{}{}{}{}{}{chain}{}{doubling}",
        decision("循环", &[], None, &each("n")),
        decision("递归", &["k_f"], None, &literal("f(1)")),
        knowledge("f", &[("n", "number")], None, &literal("f(n + 1)")),
        decision("互相", &["k_f"], None, &literal("for i in 1..100000 return f(i)")),
        decision("c0", &[], None, &literal("1")),
        decision("g0", &[], None, &literal("[1]")),
    ));
    for name in ["循环", "递归", "互相", "c3999", "g59"] {
        let start = Instant::now();
        match model.evaluate_json(name, "{}") {
            Err(DmnError::Feel(_)) => {}
            other => assert_eq!(other.map(|evaluation| evaluation.json), Ok("4000".into()), "{name}"),
        }
        assert!(start.elapsed() < Duration::from_secs(3), "{name}: {:?}", start.elapsed());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Whatever stands in a model, reading and evaluating it is safe.
    #[test]
    fn any_text_in_a_model_is_safe(text in "\\PC{0,40}", cell in "\\PC{0,12}", value in "\\PC{0,12}") {
        let cell = cell.replace('|', "");
        let content = format!("{}{}{}", input("x", "string"), decision("d", &["i_x"], None, &literal(&text)), decision("t", &["i_x"], None, &table("", &["x"], "<output/>", &[&format!("{cell}|1")])));
        if let Ok((model, _)) = Model::open(&document(&content), &NoImports) {
            for name in ["d", "t"] {
                let _ = model.evaluate(name, serde_json::json!({ "x": value }).as_object().unwrap());
            }
        }
    }

    /// Any text at all is no reason to panic.
    #[test]
    fn any_document_is_safe(xml in "\\PC{0,200}", input in "\\PC{0,40}") {
        let _ = Model::parse(&xml, &NoImports);
        let _ = model(&decision("d", &[], None, &literal("1"))).evaluate_json("d", &input);
    }
}
