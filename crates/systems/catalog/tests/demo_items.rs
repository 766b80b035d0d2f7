//! The demonstration catalogue: every list parses, breaks no rule, and names a form that works.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;

use forms::Form;
use catalog::model::{ItemFile, ItemSpec, Severity, problems};

/// The whole demonstration holds at least this many items.
const ITEMS_MIN: usize = 150;

fn demo(folder: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../data/demo")
        .join(folder)
}

/// Files of a folder with this extension, by name.
fn files(folder: &str, extension: &str) -> BTreeMap<String, String> {
    std::fs::read_dir(demo(folder))
        .expect("the folder is part of the project")
        .map(|entry| entry.expect("entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == extension))
        .map(|path| {
            let name = path
                .file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            (name, std::fs::read_to_string(&path).expect("UTF-8"))
        })
        .collect()
}

/// Every item with its file and body.
fn items() -> Vec<(String, String, ItemSpec)> {
    let mut all = Vec::new();
    for (file, text) in files("items", "toml") {
        let list = ItemFile::parse(&text).unwrap_or_else(|error| panic!("{file}.toml: {error}"));
        all.extend(
            list.items
                .into_iter()
                .map(|item| (file.clone(), list.body.clone(), item)),
        );
    }
    all
}

#[test]
fn no_item_breaks_a_rule() {
    let mut broken = Vec::new();
    for (file, _, item) in items() {
        for problem in problems(&item) {
            if problem.severity == Severity::Error {
                broken.push(format!(
                    "{file}.toml {}: {} {} {}",
                    item.name, problem.field, problem.code, problem.message
                ));
            }
        }
    }
    assert!(
        broken.is_empty(),
        "{} problems\n{}",
        broken.len(),
        broken.join("\n")
    );
}

#[test]
fn every_item_has_its_own_code() {
    let mut owners = HashMap::new();
    for (_, body, item) in items() {
        let name = item.name.clone();
        if let Some(other) = owners.insert((item.base_code, body.clone()), item.name) {
            panic!("{body}: {other} and {name} share a code");
        }
    }
}

/// M-ITEM-01.09: where two bodies use one code, they mean the same thing.
#[test]
fn the_same_code_means_the_same_standard() {
    let mut first: HashMap<String, ItemSpec> = HashMap::new();
    for (file, _, item) in items() {
        let known = first
            .entry(item.base_code.clone())
            .or_insert_with(|| item.clone());
        assert_eq!(
            known.standard_differences(&item),
            Vec::<&str>::new(),
            "{file}.toml {}",
            item.name
        );
    }
}

#[test]
fn every_form_works_and_is_there() {
    let forms = files("forms", "json");
    for (id, text) in &forms {
        let form = Form::parse(text).unwrap_or_else(|error| panic!("{id}.json: {error}"));
        let context = catalog::form_context();
        assert_eq!(form.check(context.lists, context.expressions), [], "{id}.json");
        assert_eq!(&form.id, id, "the file is named after the form");
        assert!(form.pages().len() >= 3, "{id}.json: one thing per page");
    }
    let named: BTreeSet<String> = items().into_iter().map(|(_, _, item)| item.form).collect();
    for id in &named {
        assert!(forms.contains_key(id), "no form {id}");
    }
    for id in forms.keys() {
        assert!(named.contains(id), "form {id} belongs to no item");
    }
}

/// Everything about a person that a form asks is masked.
#[test]
fn personal_answers_are_masked() {
    for (id, text) in files("forms", "json") {
        let form = Form::parse(&text).expect("tested above");
        let rows = form.fields().into_iter().flat_map(|field| field.fields());
        for field in form.fields().into_iter().chain(rows) {
            let personal = ["身份证号", "手机号", "联系电话", "人姓名"]
                .iter()
                .any(|word| field.label.contains(word));
            assert!(
                !personal || field.mask().is_some(),
                "{id}.json: {} is personal and not masked",
                field.key
            );
        }
    }
}

/// The items worked out in full: an own form, three questions, instructions and criteria for every material.
#[test]
fn full_items_leave_nothing_out() {
    let full: Vec<_> = items()
        .into_iter()
        .filter(|(file, _, _)| file.ends_with("-full"))
        .collect();
    assert_eq!(full.len(), 14);
    for (_, _, item) in &full {
        assert!(!item.form.starts_with("generic"), "{}", item.name);
        assert!(item.faq.len() >= 3, "{}", item.name);
        assert_eq!(
            problems(item)
                .iter()
                .filter(|p| p.code.ends_with("_missing"))
                .count(),
            0,
            "{}",
            item.name
        );
        for material in &item.materials {
            assert!(
                !material.sample || !material.sample_text.is_empty(),
                "{}: {}",
                item.name,
                material.name
            );
        }
    }
}

#[test]
fn the_catalogue_is_large_enough() {
    let count = items().len();
    assert!(count >= ITEMS_MIN, "{count} items");
}
