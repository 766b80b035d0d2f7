//! Documents that name tests must not go stale.

use std::fs;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
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

#[test]
fn every_named_test_is_there() {
    let mut checked = 0;
    for document in ["docs/requirements.md", "docs/threat-model.md"] {
        let text = fs::read_to_string(root().join(document)).unwrap();
        for (file, test) in text.lines().filter(|l| l.starts_with('|')).flat_map(named) {
            let source = fs::read_to_string(root().join(&file)).unwrap_or_else(|e| panic!("{document} names {file}: {e}"));
            assert!(source.contains(&format!("fn {test}(")), "{document} names {test}, which is not in {file}");
            checked += 1;
        }
    }
    assert!(checked > 40, "only {checked} tests named: the tables were not read");
}
