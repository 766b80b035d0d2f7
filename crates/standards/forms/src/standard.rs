//! The code lists that come with the house.

use std::collections::HashMap;
use std::sync::LazyLock;

use codes::RegionCode;
use codes::lists::{certificates, ethnic_groups, industries, sexes};

use crate::{Code, CodeLists};

/// Regions of Guangxi (`regions`, five levels), industries of GB/T 4754 (`industries`, four levels), ethnic groups
/// (`ethnic_groups`), sexes (`sexes`) and personal certificates (`certificates`).
#[derive(Debug, Clone, Copy, Default)]
pub struct StandardLists;

/// A list by code, and the codes below each code in order.
#[derive(Default)]
struct Index {
    codes: HashMap<String, Code>,
    below: HashMap<Option<String>, Vec<Code>>,
}

impl Index {
    /// A parent that is not in the list is none.
    fn of(rows: impl Iterator<Item = (String, String, Option<String>)>) -> Self {
        let mut index = Self::default();
        for (code, name, parent) in rows {
            let parent = parent.filter(|parent| index.codes.contains_key(parent));
            let one = Code { code: code.clone(), name, parent: parent.clone() };
            index.below.entry(parent).or_default().push(one.clone());
            index.codes.insert(code, one);
        }
        index
    }

    fn flat<'a>(rows: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        Self::of(rows.map(|(code, name)| (code.to_owned(), name.to_owned(), None)))
    }
}

static REGIONS: LazyLock<Index> = LazyLock::new(|| {
    let csv = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../data/regions/guangxi.csv"));
    Index::of(csv.lines().skip(1).filter_map(|line| line.split_once(',')).map(|(code, name)| {
        let parent = RegionCode::parse(code).ok().and_then(|region| region.parent()).map(|parent| parent.as_str().to_owned());
        (code.to_owned(), name.to_owned(), parent)
    }))
});

static INDUSTRIES: LazyLock<Index> = LazyLock::new(|| {
    let mut section = None;
    let mut groups: Vec<String> = Vec::new();
    Index::of(industries().iter().map(move |entry| {
        let code = entry.code;
        let parent = match code.len() {
            1 => {
                section = Some(code.to_owned());
                None
            }
            2 => section.clone(),
            // a class whose group has no row of its own stands below the division
            4 if !groups.iter().any(|group| code.starts_with(group.as_str())) => code.get(..2).map(str::to_owned),
            length => code.get(..length - 1).map(str::to_owned),
        };
        if code.len() == 3 {
            groups.push(code.to_owned());
        }
        (code.to_owned(), entry.name.to_owned(), parent)
    }))
});

static ETHNIC_GROUPS: LazyLock<Index> = LazyLock::new(|| Index::flat(ethnic_groups().iter().map(|group| (group.code, group.name))));
static SEXES: LazyLock<Index> = LazyLock::new(|| Index::flat(sexes().iter().map(|entry| (entry.code, entry.name))));
static CERTIFICATES: LazyLock<Index> = LazyLock::new(|| Index::flat(certificates().iter().map(|entry| (entry.code, entry.name))));

impl StandardLists {
    /// Names of the lists, with what people call them.
    pub const NAMES: [(&'static str, &'static str); 5] =
        [("regions", "行政区划"), ("industries", "国民经济行业"), ("ethnic_groups", "民族"), ("sexes", "性别"), ("certificates", "证件类型")];

    fn index(list: &str) -> Option<&'static Index> {
        match list {
            "regions" => Some(&REGIONS),
            "industries" => Some(&INDUSTRIES),
            "ethnic_groups" => Some(&ETHNIC_GROUPS),
            "sexes" => Some(&SEXES),
            "certificates" => Some(&CERTIFICATES),
            _ => None,
        }
    }
}

impl CodeLists for StandardLists {
    fn children(&self, list: &str, parent: Option<&str>) -> Option<Vec<Code>> {
        Some(Self::index(list)?.below.get(&parent.map(str::to_owned)).cloned().unwrap_or_default())
    }

    fn code(&self, list: &str, code: &str) -> Option<Code> {
        Self::index(list)?.codes.get(code).cloned()
    }

    fn knows(&self, list: &str) -> bool {
        Self::index(list).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lineage;

    fn line(list: &str, root: Option<&str>, code: &str) -> Vec<String> {
        lineage(&StandardLists, list, root, code).into_iter().map(|code| code.code).collect()
    }

    #[test]
    fn levels_stand_below_each_other() {
        assert_eq!(line("regions", Some("450000000000"), "450302000000"), ["450300000000", "450302000000"]);
        assert_eq!(line("regions", Some("450100000000"), "450302000000"), [""; 0], "not below Nanning");
        assert_eq!(line("industries", None, "0111"), ["A", "01", "011", "0111"]);
        let orphans = industries().iter().filter(|entry| line("industries", None, entry.code).first().is_none_or(|top| top.len() != 1));
        assert_eq!(orphans.count(), 0, "every industry stands in a section");
        assert!(StandardLists.children("regions", Some("450300000000")).is_some_and(|list| list.len() == 17));
        for (name, _) in StandardLists::NAMES {
            assert!(StandardLists.children(name, None).is_some_and(|list| !list.is_empty()), "{name}");
        }
    }
}
