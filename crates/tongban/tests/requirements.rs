//! Documents that name tests must not go stale.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// Pairs of file and test named in a table row, as `` `file` `` followed by `` `test` ``s.
fn named(line: &str) -> Vec<(String, String)> {
    let quoted: Vec<&str> = line.split('`').skip(1).step_by(2).collect();
    let mut file = None;
    let mut pairs = Vec::new();
    for text in quoted {
        if text.ends_with(".rs") {
            file = Some(text.to_owned());
        } else if let Some(file) = &file {
            pairs.push((file.clone(), text.to_owned()));
        }
    }
    pairs
}

/// Whether `source` holds a test of this name that runs: a function right below `#[test]` or
/// `#[tokio::test]`, not one that is commented out or ignored.
fn runs(source: &str, test: &str) -> bool {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let at = |line: &&str| line.starts_with(&format!("fn {test}(")) || line.starts_with(&format!("async fn {test}("));
    let Some(found) = lines.iter().position(at) else { return false };
    let above: Vec<&str> = lines[..found].iter().rev().take_while(|line| line.starts_with("#[") || line.starts_with("//")).copied().collect();
    above.iter().any(|line| line.starts_with("#[test]") || line.starts_with("#[tokio::test")) && !above.iter().any(|line| line.starts_with("#[ignore"))
}

fn rows(document: &str) -> Vec<String> {
    let text = read(document);
    text.lines().filter(|line| line.starts_with("| ")).map(str::to_owned).collect()
}

#[test]
fn every_named_test_is_there_and_runs() {
    let mut checked = 0;
    for document in ["docs/requirements.md", "docs/threat-model.md"] {
        for (file, test) in rows(document).iter().flat_map(|row| named(row)) {
            assert!(runs(&read(&file), &test), "{document} names {test}, which is no test of {file}");
            checked += 1;
        }
    }
    assert!(checked > 60, "only {checked} tests named: the tables were not read");
}

#[test]
fn every_function_stands_once_and_names_its_test() {
    let mut seen = HashSet::new();
    for row in rows("docs/requirements.md").iter().skip(1) {
        let function = row.split('|').nth(1).unwrap_or_default().trim().to_owned();
        assert!(!named(row).is_empty(), "{function} names no test");
        let known = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        if let Some(id) = function.strip_prefix("M-") {
            let shape = id.split_once('-').and_then(|(_, numbers)| numbers.split_once('.')).is_some_and(|(module, number)| known(module) && known(number));
            assert!(shape, "{function} is no number of the catalogue");
        }
        assert!(seen.insert(function.clone()), "{function} stands twice");
    }
}

#[test]
fn what_does_not_run_is_noticed() {
    let source = "#[test]\nfn good() {}\n\n// #[test]\nfn commented() {}\n\n#[test]\n#[ignore]\nfn later() {}\n\nfn helper() {}\n\n#[tokio::test]\nasync fn served() {}\n";
    assert!(runs(source, "good") && runs(source, "served"));
    assert!(!["commented", "later", "helper", "gone", "goo"].iter().any(|name| runs(source, name)));
}
