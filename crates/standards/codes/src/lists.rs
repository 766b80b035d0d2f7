//! Code lists (字典), embedded at build time from `data/codelists` of the workspace.
//!
//! Open lists are looked up as [`Entry`]; closed lists are also enums ([`ItemKind`], [`ServiceObject`], …) that
//! serialise as their code. A test holds the enums to the files.

use std::sync::LazyLock;

mod enums;
mod options;
mod themes;

pub use enums::{
    BodyNature, CaseState, CaseType, ExerciseLevel, FinishKind, HandlingChannel, ItemKind,
    Satisfaction, ServiceObject, Sex, SpecialProcedure, UnknownCode,
};
pub use options::{OptionStatus, ReviewOption, review_option, review_options, review_options_for};
pub use themes::{Audience, Theme, theme, themes, themes_for};

/// One value of a code list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Entry {
    /// The code as exchanged.
    pub code: &'static str,
    /// The Chinese name.
    pub name: &'static str,
}

/// Embeds one file of the workspace's `data/codelists`.
macro_rules! embedded {
    ($file:literal) => {
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../../data/codelists/",
            $file
        ))
    };
}
pub(crate) use embedded;

/// Rows of an embedded file without its heading, cut into exactly `N` cells. Our own files have no quoted cells.
fn rows<const N: usize>(csv: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    csv.lines().skip(1).filter_map(|line| {
        let mut cells = line.splitn(N, ',');
        let row: [Option<&'static str>; N] = std::array::from_fn(|_| cells.next());
        row.iter()
            .all(Option::is_some)
            .then(|| row.map(Option::unwrap_or_default))
    })
}

/// Makes a pair of functions for one list: all entries in the order of the source, and the entry of one code.
macro_rules! list {
    ($(#[$doc:meta])* $all:ident, $one:ident, $file:literal) => {
        $(#[$doc])*
        pub fn $all() -> &'static [Entry] {
            static LIST: LazyLock<Vec<Entry>> =
                LazyLock::new(|| rows(embedded!($file)).map(|[code, name]| Entry { code, name }).collect());
            &LIST
        }
        #[doc = concat!("The entry of [`", stringify!($all), "`] with this code.")]
        pub fn $one(code: &str) -> Option<&'static Entry> {
            $all().iter().find(|entry| entry.code == code)
        }
    };
}

list! {
    /// Item types (事项类型), GB/T 39046-2020 A.1.
    item_types, item_type, "item_types.csv"
}
list! {
    /// Levels of exercise (行使层级), GB/T 39046-2020 A.2.
    exercise_levels, exercise_level, "exercise_levels.csv"
}
list! {
    /// Natures of the implementing body (实施主体性质), GB/T 39046-2020 A.3.
    body_natures, body_nature, "body_natures.csv"
}
list! {
    /// Service objects (服务对象), GB/T 39046-2020 A.4.
    service_objects, service_object, "service_objects.csv"
}
list! {
    /// Handling channels (办理形式), GB/T 39046-2020 A.5.
    handling_channels, handling_channel, "handling_channels.csv"
}
list! {
    /// Case types (办件类型), GB/T 39046-2020 A.6.
    case_types, case_type, "case_types.csv"
}
list! {
    /// Special procedures (特别程序), GB/T 39046-2020 A.7.
    special_procedures, special_procedure, "special_procedures.csv"
}
list! {
    /// Satisfaction (满意度), GB/T 39046-2020 A.8; 1 is best.
    satisfactions, satisfaction, "satisfaction.csv"
}
list! {
    /// The fifteen case states of the national construction approval exchange (办件状态).
    case_states, case_state, "case_states.csv"
}
list! {
    /// Kinds of finishing a case in provincial supervision exchange (办结类型).
    finish_kinds, finish_kind, "finish_kinds.csv"
}
list! {
    /// Personal certificates (证件类型), GA/T 2000.156, the ones in daily use.
    certificates, certificate, "certificates.csv"
}
list! {
    /// Sex (性别), GB/T 2261.1.
    sexes, sex, "sex.csv"
}
list! {
    /// Industries (行业), GB/T 4754-2017: sections, divisions, groups, classes. Groups with a single class of the same
    /// name have no row of their own.
    industries, industry, "industries.csv"
}

/// One of the 56 ethnic groups (民族), GB/T 3304.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EthnicGroup {
    /// Two digits.
    pub code: &'static str,
    /// Chinese name.
    pub name: &'static str,
    /// Two letters.
    pub letters: &'static str,
}

/// All ethnic groups in the order of the standard.
pub fn ethnic_groups() -> &'static [EthnicGroup] {
    static LIST: LazyLock<Vec<EthnicGroup>> = LazyLock::new(|| {
        rows(embedded!("ethnic_groups.csv"))
            .map(|[code, name, letters]| EthnicGroup {
                code,
                name,
                letters,
            })
            .collect()
    });
    &LIST
}

/// The ethnic group with this two-digit code.
pub fn ethnic_group(code: &str) -> Option<&'static EthnicGroup> {
    ethnic_groups().iter().find(|group| group.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_list_is_whole_and_its_codes_are_unique() {
        for (list, count) in [
            (item_types(), 12),
            (exercise_levels(), 7),
            (body_natures(), 4),
            (service_objects(), 6),
            (handling_channels(), 5),
            (case_types(), 3),
            (special_procedures(), 2),
            (satisfactions(), 5),
            (case_states(), 15),
            (finish_kinds(), 7),
            (certificates(), 7),
            (sexes(), 4),
            (industries(), 1772),
        ] {
            assert_eq!(list.len(), count, "{list:?}");
            assert_eq!(
                list.iter().map(|e| e.code).collect::<HashSet<_>>().len(),
                count
            );
            assert!(
                list.iter()
                    .all(|e| !e.name.is_empty() && !e.name.contains(','))
            );
        }
        assert_eq!(ethnic_groups().len(), 56);
    }

    #[test]
    fn industry_totals() {
        let of_length = |n| industries().iter().filter(|e| e.code.len() == n).count();
        let sections = industries()
            .iter()
            .filter(|e| e.code.starts_with(|c: char| c.is_ascii_uppercase()))
            .count();
        // The standard is quoted with 20, 97 and 1380; one class more is in the source, see data/README.md.
        assert_eq!((sections, of_length(2), of_length(4)), (20, 97, 1381));
    }

    #[test]
    fn lookups() {
        assert_eq!(item_type("01").map(|e| e.name), Some("行政许可"));
        assert_eq!(case_state("12").map(|e| e.name), Some("办结(容缺通过)"));
        assert_eq!(certificate("111").map(|e| e.name), Some("居民身份证"));
        assert_eq!(
            ethnic_group("08").map(|g| (g.name, g.letters)),
            Some(("壮族", "ZH"))
        );
        assert_eq!(industry("9700").map(|e| e.name), Some("国际组织"));
        assert_eq!(item_type("99"), None);
    }
}
