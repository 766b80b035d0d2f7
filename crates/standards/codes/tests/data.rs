//! The parsers against whole data sets: our own region table and departments, and published item lists where present.

use codes::{
    ItemCode, Level, RegionCode, Uscc,
    lists::{ExerciseLevel, ItemKind},
    region::{CountyKind, TownshipKind, VillageKind},
};
use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
};

fn workspace() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

fn own(path: &str) -> String {
    std::fs::read_to_string(workspace().join("data").join(path)).unwrap()
}

#[test]
fn every_region_of_guangxi() {
    let csv = own("regions/guangxi.csv");
    let regions: Vec<(RegionCode, &str)> = csv
        .lines()
        .skip(1)
        .map(|line| line.split_once(',').unwrap())
        .map(|(code, name)| (RegionCode::parse(code).unwrap(), name))
        .collect();
    let mut levels: HashMap<Level, usize> = HashMap::new();
    let mut seen = HashSet::new();
    for (code, name) in &regions {
        *levels.entry(code.level()).or_default() += 1;
        // Parents come first, so the table can be loaded row by row.
        assert!(
            code.parent().is_none_or(|parent| seen.contains(&parent)),
            "{code} {name}"
        );
        assert!(seen.insert(code.clone()), "{code} twice");
        if code.level() == Level::Township {
            assert!(code.township_kind().is_some(), "{code} {name}");
        }
        if code.level() == Level::Village {
            assert!(code.village_kind().is_some(), "{code} {name}");
        }
    }
    assert_eq!(
        Level::ALL.map(|level| levels[&level]),
        [1, 14, 111, 1284, 16681]
    );
}

#[test]
fn guilin_as_the_city_describes_itself() {
    let csv = own("regions/guangxi.csv");
    let guilin = RegionCode::from_prefix("4503").unwrap();
    let inside: Vec<RegionCode> = csv
        .lines()
        .skip(1)
        .filter_map(|line| RegionCode::parse(line.split(',').next()?).ok())
        .filter(|code| guilin.contains(code))
        .collect();
    let of = |level| inside.iter().filter(move |code| code.level() == level);
    let districts = of(Level::County)
        .filter(|c| c.county_kind() == Some(CountyKind::District))
        .count();
    assert_eq!((districts, of(Level::County).count()), (6, 17));
    let townships = |kind| {
        of(Level::Township)
            .filter(|c| c.township_kind() == Some(kind))
            .count()
    };
    assert_eq!(
        [
            TownshipKind::Subdistrict,
            TownshipKind::Town,
            TownshipKind::RuralTownship,
            TownshipKind::Similar
        ]
        .map(townships),
        [13, 88, 46, 1]
    );
    let villages = |kind| {
        of(Level::Village)
            .filter(|c| c.village_kind() == Some(kind))
            .count()
    };
    assert_eq!(
        (
            villages(VillageKind::Residents),
            villages(VillageKind::Villagers)
        ),
        (290, 1651)
    );
}

#[test]
fn synthetic_departments_have_valid_codes() {
    let csv = own("organization/guilin_departments.csv");
    let mut rows = 0;
    for line in csv.lines().skip(1) {
        let code = Uscc::parse(line.rsplit(',').next().unwrap()).unwrap();
        assert!(
            code.body_code().starts_with("TT")
                && code.body_code_holds()
                && code.region6() == "450300",
            "{line}"
        );
        rows += 1;
    }
    assert_eq!(rows, 42);
}

/// Published lists of other places; not part of this project.
fn published(file: &str) -> Option<String> {
    let text = std::fs::read_to_string(workspace().join("../shared/data").join(file)).ok();
    if text.is_none() {
        println!("skipped: not here");
    }
    text
}

#[test]
fn every_item_of_guangdong_splits() {
    let Some(csv) = published("items_guangdong_2262.csv") else {
        return;
    };
    let (mut implementations, mut handlings, mut good_bodies, mut other_parents) = (0, 0, 0, 0);
    for line in csv.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [code31, code33, base, parent] = cells[..4] else {
            panic!("{line}")
        };
        let implementation =
            match ItemCode::parse(if code33.is_empty() { code31 } else { code33 }).unwrap() {
                ItemCode::Implementation(code) => {
                    implementations += 1;
                    code
                }
                ItemCode::Handling(code) => {
                    handlings += 1;
                    assert_eq!(code.implementation().as_str(), code31);
                    code.implementation()
                }
                other => panic!("{other:?}"),
            };
        assert_eq!(implementation.base().as_str(), base);
        assert!(matches!(
            implementation.level(),
            ExerciseLevel::Province | ExerciseLevel::City
        ));
        let main = implementation
            .base()
            .parent()
            .unwrap_or_else(|| implementation.base());
        other_parents += usize::from(main.as_str() != parent);
        assert_ne!(implementation.base().kind(), Some(ItemKind::AnyPower));
        good_bodies += usize::from(implementation.body().is_ok());
    }
    assert_eq!((implementations, handlings, good_bodies), (1899, 363, 2256));
    // One row names 442111178000 as the parent of 442111178001 instead of 44211117800Y.
    assert_eq!(other_parents, 1);
}

#[test]
fn wrong_body_codes_of_guangan_are_told_apart() {
    let Some(csv) = published("items_guangan_1135.csv") else {
        return;
    };
    let codes: HashSet<&str> = csv
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').rev().nth(1))
        .collect();
    let valid = codes
        .iter()
        .filter(|code| Uscc::parse(code).is_ok())
        .count();
    // One of the ten is written with a small letter.
    assert_eq!((codes.len(), valid), (39, 10));
}
