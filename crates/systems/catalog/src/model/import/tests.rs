use proptest::prelude::*;

use super::*;
use crate::model::codes_of_items::*;
use crate::model::problems;

const GUANGDONG: &str = include_str!("../fixtures/guangdong-like.csv");
const GUANGAN: &str = include_str!("../fixtures/guangan-like.csv");

/// Reason codes by row number; rows that were imported have none.
fn reasons(import: &Import) -> Vec<(usize, Vec<&'static str>)> {
    import
        .quarantined()
        .map(|(row, _, reasons)| (row, reasons.iter().map(Reason::code).collect()))
        .collect()
}

fn import(text: &str) -> Import {
    read(text.as_bytes()).expect("a known header")
}

#[test]
fn a_list_like_guangdongs() {
    let list = import(GUANGDONG);
    assert_eq!(list.shape, Shape::Guangdong);
    assert_eq!(
        reasons(&list),
        [
            (4, vec!["body_code"]),
            (5, vec!["duplicate"]),
            (6, vec!["ex_officio"]),
            (7, vec!["kind"]),
            (8, vec!["codes_disagree"]),
            (9, vec!["code"]),
            (10, vec!["no_name", "value", "value"]),
            (11, vec!["same_name"]),
            (12, vec!["columns"]),
        ]
    );
    assert_eq!(list.rows.len(), 11, "no row is lost");
    let drafts: Vec<_> = list.imported().collect();
    let (row, first) = drafts[0];
    assert_eq!(
        (row, first.name.as_str(), first.kind),
        (2, "测试许可", ItemKind::Permit)
    );
    assert_eq!(first.level, Some(ExerciseLevel::Province));
    assert_eq!(
        first.objects,
        [
            ServiceObject::NaturalPerson,
            ServiceObject::OtherOrganisation
        ]
    );
    assert_eq!(first.materials, ["申请书", "平面图"]);
    assert_eq!(
        first.statutory.as_ref().map(ToString::to_string),
        Some("20个工作日".into())
    );
    let (_, second) = drafts[1];
    assert_eq!(
        (second.kind, second.published_code.len()),
        (ItemKind::PublicService, 33)
    );
    assert_eq!(
        second.notes,
        ["来源类型代码21已按国家标准记为20（公共服务事项）。"]
    );
}

#[test]
fn a_list_like_guangans() {
    let list = import(GUANGAN);
    assert_eq!(list.shape, Shape::Guangan);
    assert_eq!(
        reasons(&list),
        [
            (4, vec!["body_code"]),
            (5, vec!["body_code"]),
            (6, vec!["code"]),
            (7, vec!["ex_officio"]),
            (8, vec!["duplicate"])
        ]
    );
    let drafts: Vec<_> = list
        .imported()
        .map(|(row, draft)| (row, draft.level, draft.notes.len()))
        .collect();
    assert_eq!(
        drafts,
        [
            (2, Some(ExerciseLevel::County), 1),
            (3, Some(ExerciseLevel::County), 2)
        ]
    );
}

#[test]
fn our_template_imports_its_own_example() {
    let list = import(TEMPLATE);
    assert_eq!(list.shape, Shape::Template);
    assert_eq!(reasons(&list), []);
    let (_, draft) = list.imported().next().expect("the example");
    assert_eq!(draft.published_code, "11450300TT0000242D3000131012001");
    let spec = draft.clone().into_spec();
    assert_eq!(
        (spec.person_themes.as_slice(), spec.firm_themes.as_slice()),
        (
            ["准营准办".to_owned()].as_slice(),
            ["准营准办".to_owned()].as_slice()
        )
    );
    let missing: Vec<String> = problems(&spec)
        .into_iter()
        .filter(|p| p.code == "missing")
        .map(|p| p.field)
        .collect();
    assert_eq!(
        missing,
        ["summary", "hours", "conditions", "results", "steps"],
        "the check says what is left to write"
    );

    let twice = format!(
        "{TEMPLATE}{}",
        TEMPLATE.lines().nth(1).expect("the example")
    );
    assert_eq!(reasons(&import(&twice)), [(3, vec!["duplicate"])]);
    for (from, to, code) in [
        ("行政许可", "行政处罚", "ex_officio"),
        ("000131012001", "000731012001", "codes_disagree"),
        ("000131012001", "00013101200Y", "code"),
        ("20个工作日", "二十日", "value"),
        (",3,", ",8,", "value"),
        ("TT0000242D", "TT0000242E", "body_code"),
        ("自然人、", "法师、", "value"),
    ] {
        assert_eq!(
            reasons(&import(&TEMPLATE.replacen(from, to, 1))),
            [(2, vec![code])],
            "{to}"
        );
    }
}

#[test]
fn every_reason_is_a_sentence_that_names_the_row_it_means() {
    for list in [import(GUANGDONG), import(GUANGAN)] {
        for (row, raw, reasons) in list.quarantined() {
            assert!(!raw.is_empty() && !reasons.is_empty(), "row {row}");
            assert!(
                reasons
                    .iter()
                    .all(|reason| reason.to_string().ends_with('。')),
                "row {row}: {reasons:?}"
            );
        }
    }
    let text = Reason::Duplicate { row: 7 }.to_string();
    assert!(text.contains("第7行"), "{text}");
}

#[test]
fn files_that_are_no_list() {
    for bytes in [
        &b""[..],
        b"a,b,c\n1,2,3\n",
        "姓名,年龄\n张三,9\n".as_bytes(),
        &[0xFF, 0xFE, 0x00],
        b"\xEF\xBB\xBF",
    ] {
        assert!(matches!(read(bytes), Err(ImportError::Header)), "{bytes:?}");
    }
    let with_mark = format!("\u{FEFF}{TEMPLATE}");
    assert_eq!(
        import(&with_mark).imported().count(),
        1,
        "spreadsheets write a byte order mark"
    );
    let mut broken = TEMPLATE.as_bytes().to_vec();
    let last = broken.len() - 2;
    broken[last] = 0xFF;
    assert_eq!(
        reasons(&read(&broken).expect("header is fine")),
        [(2, vec!["encoding"])]
    );
}

proptest! {
    /// Whatever stands in the cells: one outcome for each row, and a row kept aside keeps its cells and has a reason.
    #[test]
    fn no_row_is_lost(cells in proptest::collection::vec(proptest::collection::vec("\\PC{1,8}", 7), 0..8), which in 0..3_usize) {
        let header: Vec<&str> = match which {
            0 => guangdong::COLUMNS.to_vec(),
            1 => [guangan::COLUMNS, &["extra"]].concat(),
            _ => template::COLUMNS.to_vec(),
        };
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&header).expect("memory");
        for row in &cells {
            writer.write_record(row).expect("memory");
        }
        let list = read(&writer.into_inner().expect("memory")).expect("header");
        prop_assert_eq!(list.rows.len(), cells.len());
        for (number, raw, reasons) in list.quarantined() {
            prop_assert_eq!(raw, cells[number - 2].as_slice());
            prop_assert!(!reasons.is_empty());
        }
    }

    /// Any bytes behind a good header are survived.
    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut file = TEMPLATE.as_bytes().to_vec();
        file.extend(bytes);
        prop_assert!(read(&file).is_ok());
    }
}

/// The real lists are not ours to commit; where they lie beside the project they are read whole.
fn real(name: &str) -> Option<Import> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../../shared/data")
        .join(name);
    match std::fs::read(path) {
        Ok(bytes) => Some(read(&bytes).expect("a known header")),
        Err(_) => {
            println!("skipped: not here ({name})");
            None
        }
    }
}

#[test]
fn the_real_guangdong_list() {
    let Some(list) = real("items_guangdong_2262.csv") else {
        return;
    };
    let (imported, quarantined) = (list.imported().count(), list.quarantined().count());
    assert_eq!(imported + quarantined, 2262);
    assert_eq!(
        list.reason_counts().into_iter().collect::<Vec<_>>(),
        [("body_code", 6)]
    );
    assert_eq!(
        imported, 2256,
        "the six rows whose body code fails its check character (standards A2)"
    );
}

#[test]
fn the_real_guangan_list() {
    let Some(list) = real("items_guangan_1135.csv") else {
        return;
    };
    let (imported, quarantined) = (list.imported().count(), list.quarantined().count());
    assert_eq!(imported + quarantined, 1135);
    // 150 body codes that are no credit codes (17 characters, old organisation codes, made-up numbers), 3 codes without
    // region and body, 2 names listed twice by the same body.
    let counts: Vec<_> = list.reason_counts().into_iter().collect();
    assert_eq!(counts, [("body_code", 150), ("code", 3), ("same_name", 2)]);
    assert_eq!(imported, 980);
}
