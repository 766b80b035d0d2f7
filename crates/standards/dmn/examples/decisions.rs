//! Decisions per second in process: a table of 20 rules over 4 inputs, one thread.
//!
//! `cargo run --release -p dmn --example decisions`

use std::time::{Duration, Instant};

use dmn::{DmnError, Model, NoImports};

/// How long to measure.
const TIME: Duration = Duration::from_secs(2);

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
        r#"<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="测速" namespace="urn:tongban:speed">{data}
        <decision id="d" name="档次"><variable name="档次" typeRef="string"/>{needs}<decisionTable hitPolicy="UNIQUE">{columns}<output/>{rules}</decisionTable></decision></definitions>"#
    )
}

fn main() -> Result<(), DmnError> {
    let model = match Model::parse(&table(), &NoImports) {
        Ok(model) => model,
        Err(problems) => {
            println!("{problems:?}");
            return Ok(());
        }
    };
    let (start, mut count) = (Instant::now(), 0_u64);
    while start.elapsed() < TIME {
        let input = format!(r#"{{"年龄":{},"面积":88.5,"类别":"乙","日期":"@\"2026-11-23\""}}"#, count % 100);
        let evaluation = model.evaluate_json("档次", &input)?;
        debug_assert_eq!(evaluation.json, format!("\"档{}\"", count % 100 / 5));
        count += 1;
    }
    println!("{:.0} decisions/s", count as f64 / start.elapsed().as_secs_f64());
    Ok(())
}
