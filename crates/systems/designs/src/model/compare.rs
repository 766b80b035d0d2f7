//! What differs between two versions, part by part: elements of a process, rules of a table, fields of a form.

use std::collections::BTreeMap;

use serde::Serialize;

/// A part of a design with what can be said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its id, the same in both versions.
    pub id: String,
    /// What people call it.
    pub label: String,
    /// Facts by their Chinese names.
    pub facts: BTreeMap<String, String>,
}

/// What happened to a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Difference {
    /// Only in the newer version.
    Added,
    /// Only in the older version.
    Removed,
    /// In both, with these facts changed: name, before, after.
    Changed {
        /// Name of the fact, what it was, what it is; empty when there was or is none.
        facts: Vec<(String, String, String)>,
    },
}

/// One changed part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Id of the part.
    pub id: String,
    /// What people call it.
    pub label: String,
    /// What happened.
    #[serde(flatten)]
    pub difference: Difference,
}

/// Everything that differs: removed parts in the order of the older version, then changed and added ones in the order of the newer.
#[must_use]
pub fn compare(before: &[Part], after: &[Part]) -> Vec<Change> {
    let find = |parts: &[Part], id: &str| parts.iter().position(|part| part.id == id);
    let change = |part: &Part, difference| Change { id: part.id.clone(), label: part.label.clone(), difference };
    let mut changes: Vec<Change> =
        before.iter().filter(|part| find(after, &part.id).is_none()).map(|part| change(part, Difference::Removed)).collect();
    for part in after {
        match find(before, &part.id).map(|at| &before[at]) {
            None => changes.push(change(part, Difference::Added)),
            Some(old) => {
                let facts = changed_facts(&old.facts, &part.facts);
                if !facts.is_empty() {
                    changes.push(change(part, Difference::Changed { facts }));
                }
            }
        }
    }
    changes
}

fn changed_facts(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<(String, String, String)> {
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort();
    names.dedup();
    let said = |facts: &BTreeMap<String, String>, name: &String| facts.get(name).cloned().unwrap_or_default();
    names
        .into_iter()
        .map(|name| (name.clone(), said(before, name), said(after, name)))
        .filter(|(_, before, after)| before != after)
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn part(id: &str, facts: &[(&str, &str)]) -> Part {
        Part { id: id.into(), label: format!("“{id}”"), facts: facts.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect() }
    }

    #[test]
    fn additions_removals_and_changed_facts_are_told_apart() {
        let before = [part("a", &[("名称", "受理")]), part("b", &[("名称", "审查"), ("时限", "5")]), part("c", &[])];
        let after = [part("b", &[("名称", "审查"), ("岗位", "审查人")]), part("c", &[]), part("d", &[])];
        let changes = compare(&before, &after);
        assert_eq!(changes.iter().map(|c| c.id.as_str()).collect::<Vec<_>>(), ["a", "b", "d"]);
        assert_eq!(changes[0].difference, Difference::Removed);
        let facts = vec![("岗位".into(), String::new(), "审查人".into()), ("时限".into(), "5".into(), String::new())];
        assert_eq!(changes[1].difference, Difference::Changed { facts });
        assert_eq!(changes[2].difference, Difference::Added);
    }

    fn parts() -> impl Strategy<Value = Vec<Part>> {
        prop::collection::btree_map("[a-d]", prop::collection::btree_map("[x-z]", "[0-2]", 0..3), 0..4)
            .prop_map(|all| all.into_iter().map(|(id, facts)| Part { label: id.clone(), id, facts }).collect())
    }

    proptest! {
        #[test]
        fn nothing_differs_exactly_when_both_are_equal(a in parts(), b in parts()) {
            prop_assert_eq!(compare(&a, &b).is_empty(), a == b);
            prop_assert_eq!(compare(&a, &b).len(), compare(&b, &a).len());
        }
    }
}
