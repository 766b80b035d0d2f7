//! `tongban decision eval`: decision models from the command line, for integrators and conformance runs.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use dmn::{DmnError, Imports, Model};
use serde_json::{Value, json};

use super::xml;

/// What to evaluate.
#[derive(Debug, Args)]
pub struct Eval {
    /// The DMN file; models it imports are looked for beside it.
    file: PathBuf,
    /// Name of the decision, decision service or business knowledge model.
    #[arg(long, required_unless_present = "batch", conflicts_with = "batch")]
    decision: Option<String>,
    /// Its input, a JSON object. A text `@"2026-11-23"` is the FEEL literal.
    #[arg(long, default_value = "{}", conflicts_with = "batch")]
    input: String,
    /// A file of lines `{"decision":…,"input":{…}}`; every line is answered by one line.
    #[arg(long)]
    batch: Option<PathBuf>,
}

/// Evaluates and prints one line of JSON per question; errors are lines too. Fails when any of them did.
pub fn eval(eval: &Eval, out: &mut dyn Write) -> ExitCode {
    if answer(eval, out) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Whether all went well.
fn answer(eval: &Eval, out: &mut dyn Write) -> bool {
    let xml = match text_of(&eval.file) {
        Ok(xml) => xml,
        Err(error) => return print(out, &Err(error)),
    };
    let model = match Model::open(&xml, &Beside(&eval.file)) {
        Ok((model, _)) => model,
        Err(problems) => {
            for problem in problems.iter().filter(|problem| problem.fatal) {
                print(out, &Err(json!({ "code": problem.code, "element": problem.element, "message": problem.message })));
            }
            return false;
        }
    };
    match (&eval.decision, &eval.batch) {
        (_, Some(batch)) => match text_of(batch) {
            Ok(lines) => lines.lines().filter(|line| !line.trim().is_empty()).fold(true, |well, line| print(out, &line_answer(&model, line)) && well),
            Err(error) => print(out, &Err(error)),
        },
        (Some(decision), None) => print(out, &one(&model, decision, &eval.input)),
        // Excluded by the arguments.
        (None, None) => false,
    }
}

/// A batch line as it is read: the input stays text, so that decimals stay exact.
#[derive(serde::Deserialize)]
struct Line<'a> {
    decision: String,
    #[serde(borrow)]
    input: Option<&'a serde_json::value::RawValue>,
}

fn line_answer(model: &Model, line: &str) -> Result<String, Value> {
    let line: Line<'_> = serde_json::from_str(line).map_err(|error| failed("line", &format!("这一行不是 {{\"decision\":…,\"input\":{{…}}}}：{error}")))?;
    one(model, &line.decision, line.input.map_or("{}", serde_json::value::RawValue::get))
}

fn one(model: &Model, decision: &str, input: &str) -> Result<String, Value> {
    let evaluation = model.evaluate_json(decision, if input.trim() == "null" { "{}" } else { input }).map_err(|error| match &error {
        DmnError::Broken(problem) => json!({ "code": problem.code, "element": problem.element, "message": error.to_string() }),
        _ => failed(error.code(), &error.to_string()),
    })?;
    Ok(evaluation.json)
}

fn failed(code: &str, message: &str) -> Value {
    json!({ "code": code, "message": message })
}

fn text_of(path: &Path) -> Result<String, Value> {
    xml::text_of(path).map_err(|reason| failed("file", &format!("文件“{}”无法读取：{reason}", path.display())))
}

/// Prints an answer or `{"error":{…}}`; whether it was an answer.
fn print(out: &mut dyn Write, answer: &Result<String, Value>) -> bool {
    let line = match answer {
        Ok(json) => json.clone(),
        Err(error) => json!({ "error": error }).to_string(),
    };
    writeln!(out, "{line}").is_ok() && answer.is_ok()
}

/// Imported models beside the file: at the place the import gives, or any DMN file there of that namespace. Nothing
/// outside of the folder is read.
struct Beside<'a>(&'a Path);

impl Imports for Beside<'_> {
    fn load(&self, namespace: &str, location: Option<&str>) -> Option<String> {
        let folder = match self.0.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let is_it = |xml: &String| dmn::namespace_of(xml).as_deref() == Some(namespace);
        let named = location.and_then(|location| Path::new(location).file_name()).map(|name| folder.join(name));
        if let Some(xml) = named.and_then(|path| text_of(&path).ok()).filter(is_it) {
            return Some(xml);
        }
        let mut files: Vec<PathBuf> = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).collect();
        files.retain(|path| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("dmn") || extension.eq_ignore_ascii_case("xml")));
        files.sort();
        files.iter().filter_map(|path| text_of(path).ok()).find(is_it)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const MODEL: &str = r##"<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="m" namespace="urn:m">
      <import name="公共" namespace="urn:c" importType="https://www.omg.org/spec/DMN/20191111/MODEL/" locationURI="./c.dmn"/>
      <inputData id="x" name="x"><variable name="x" typeRef="number"/></inputData>
      <inputData id="y" name="y"><variable name="y"/></inputData>
      <decision id="sum" name="和"><variable name="和"/><informationRequirement><requiredInput href="#x"/></informationRequirement><literalExpression><text>x + 0.2</text></literalExpression></decision>
      <decision id="day" name="次日"><variable name="次日"/><informationRequirement><requiredInput href="#y"/></informationRequirement><literalExpression><text>{d: y.日[1] + duration("P1D"), t: @"08:00:00", p: @"PT1H"}</text></literalExpression></decision>
      <decision id="bad" name="坏"><variable name="坏"/><literalExpression><text>1 +</text></literalExpression></decision>
      <decision id="run" name="跑"><variable name="跑"/><literalExpression><text>for i in 1..1000000000 return i</text></literalExpression></decision>
      <decision id="imp" name="引"><variable name="引"/><knowledgeRequirement><requiredKnowledge href="urn:c#k"/></knowledgeRequirement><literalExpression><text>公共.倍(21)</text></literalExpression></decision>
      <businessKnowledgeModel id="k" name="乘"><variable name="乘"/><encapsulatedLogic><formalParameter name="a"/><formalParameter name="b"/><literalExpression><text>a * b</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
      <decisionService id="s" name="服务"><outputDecision href="#sum"/><inputData href="#x"/></decisionService>
    </definitions>"##;
    const COMMON: &str = r#"<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="c" namespace="urn:c">
      <businessKnowledgeModel id="k" name="倍"><variable name="倍"/><encapsulatedLogic><formalParameter name="n"/><literalExpression><text>n * 2</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
    </definitions>"#;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("m.dmn"), MODEL).unwrap();
        fs::write(folder.path().join("c.dmn"), COMMON).unwrap();
        folder
    }

    fn run(folder: &Path, file: &str, decision: Option<&str>, input: &str, batch: Option<&str>) -> (bool, String) {
        let eval = Eval { file: folder.join(file), decision: decision.map(Into::into), input: input.into(), batch: batch.map(|name| folder.join(name)) };
        let mut out = Vec::new();
        let well = answer(&eval, &mut out);
        (well, String::from_utf8(out).unwrap())
    }

    #[test]
    fn answers_are_exact_json() {
        let folder = folder();
        for (decision, input, expected) in [
            ("和", r#"{"x": 0.1}"#, "0.3"),
            ("和", r#"{"x": 12345678901234567890.1234}"#, "12345678901234567890.3234"),
            ("次日", r#"{"y": {"日": ["@\"2026-11-23\""]}}"#, r#"{"d":"2026-11-24","p":"PT1H","t":"08:00:00"}"#),
            ("引", "{}", "42"),
            ("乘", r#"{"a": 6, "b": 7}"#, "42"),
            ("服务", r#"{"x": 1}"#, "1.2"),
            ("和", "{}", "null"),
        ] {
            assert_eq!(run(folder.path(), "m.dmn", Some(decision), input, None), (true, format!("{expected}\n")), "{decision} {input}");
        }
    }

    #[test]
    fn errors_are_json_lines_with_codes() {
        let folder = folder();
        fs::write(folder.path().join("broken.dmn"), "<a/>").unwrap();
        fs::write(folder.path().join("dangling.dmn"), MODEL.replace("#x\"", "#nope\"")).unwrap();
        for (file, decision, input, code) in [
            ("m.dmn", "没有", "{}", "unknown-decision"),
            ("m.dmn", "坏", "{}", "expression"),
            ("m.dmn", "跑", "{}", "steps"),
            ("m.dmn", "和", r#"{"x": "文"}"#, "invalid-input"),
            ("m.dmn", "和", "[]", "variable"),
            ("m.dmn", "和", "{", "variable"),
            ("m.dmn", "次日", r#"{"y": "@\"x\""}"#, "variable"),
            ("broken.dmn", "和", "{}", "xml"),
            ("dangling.dmn", "和", "{}", "dangling-reference"),
            ("absent.dmn", "和", "{}", "file"),
        ] {
            let (well, line) = run(folder.path(), file, Some(decision), input, None);
            assert!(!well);
            let error: Value = serde_json::from_str(line.lines().next().unwrap()).unwrap();
            // On a machine under load an expression runs out of time before it runs out of steps.
            let ran_away = code == "steps" && error["error"]["code"] == "time";
            assert!(ran_away || error["error"]["code"] == code, "{line}");
            assert!(error["error"]["message"].as_str().is_some_and(|message| !message.is_empty()));
        }
    }

    #[test]
    fn a_batch_goes_on_after_an_error() {
        let folder = folder();
        let lines = "{\"decision\":\"和\",\"input\":{\"x\":1}}\nunsinn\n{\"decision\":\"跑\"}\n\n{\"decision\":\"乘\",\"input\":{\"a\":2,\"b\":0.5}}\n";
        fs::write(folder.path().join("lines.jsonl"), lines).unwrap();
        let (well, out) = run(folder.path(), "m.dmn", None, "{}", Some("lines.jsonl"));
        let lines: Vec<&str> = out.lines().collect();
        assert!(!well);
        assert_eq!((lines.len(), lines[0], lines[3]), (4, "1.2", "1"));
        assert!(lines[1].contains("\"line\"") && lines[2].contains("\"error\""), "{out}");
        fs::write(folder.path().join("lines.jsonl"), "{\"decision\":\"和\",\"input\":{\"x\":1}}").unwrap();
        assert_eq!(run(folder.path(), "m.dmn", None, "{}", Some("lines.jsonl")), (true, "1.2\n".into()));
    }

    #[test]
    fn nothing_outside_of_the_folder_is_imported() {
        let folder = folder();
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).unwrap();
        fs::write(inner.join("m.dmn"), MODEL.replace("./c.dmn", "../c.dmn")).unwrap();
        let (well, line) = run(&inner, "m.dmn", Some("引"), "{}", None);
        assert!(!well && line.contains("\"import\""), "{line}");
    }
}
