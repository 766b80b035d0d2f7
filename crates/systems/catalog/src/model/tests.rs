use super::*;

const FIXTURE: &str = include_str!("fixtures/valid-item.toml");

fn valid() -> ItemSpec {
    ItemFile::parse(FIXTURE)
        .expect("the fixture parses")
        .items
        .remove(0)
}

#[test]
fn limits_in_different_units_compare_by_their_longest_run() {
    let limit = |days, unit| TimeLimit {
        days,
        unit,
        note: String::new(),
    };
    assert!(limit(5, TimeUnit::Workday).within(&limit(7, TimeUnit::Day)));
    assert!(!limit(5, TimeUnit::Workday).within(&limit(6, TimeUnit::Day)));
    assert!(limit(7, TimeUnit::Day).within(&limit(5, TimeUnit::Workday)));
    assert!(!limit(8, TimeUnit::Day).within(&limit(5, TimeUnit::Workday)));
    assert!(limit(0, TimeUnit::Instant).within(&limit(1, TimeUnit::Day)));
    assert!(!limit(1, TimeUnit::Day).within(&limit(0, TimeUnit::Instant)));
}

#[test]
fn same_code_same_standard() {
    let (a, mut b) = (valid(), valid());
    b.place = "另一个大厅1号窗口".into();
    b.phone = "0771-5700012".into();
    b.promised.days = 9;
    assert_eq!(a.standard_hash(), b.standard_hash());
    assert_ne!(a.content_hash(), b.content_hash());
    assert!(a.standard_differences(&b).is_empty());

    b.materials[0].name.push('表');
    b.statutory.days = 30;
    assert_ne!(a.standard_hash(), b.standard_hash());
    assert_eq!(a.standard_differences(&b), ["申请材料", "法定办结时限"]);

    b.base_code = "000131999000".into();
    assert!(
        a.standard_differences(&b).is_empty(),
        "another code is another item"
    );
}

#[test]
fn a_published_version_is_final() {
    assert!(ItemStatus::Draft.may_become(ItemStatus::InReview));
    assert!(
        !ItemStatus::Draft.may_become(ItemStatus::Published),
        "never without review"
    );
    assert!(!ItemStatus::Published.may_become(ItemStatus::Draft));
    assert!(
        ItemStatus::ALL
            .iter()
            .all(|next| !ItemStatus::Cancelled.may_become(*next)),
        "cancelled means gone (R37)"
    );
    assert_eq!(
        ItemStatus::ALL.iter().filter(|s| s.takes_cases()).count(),
        1
    );
}

#[test]
fn unknown_fields_and_codes_are_refused_on_reading() {
    assert!(ItemFile::parse(&FIXTURE.replace("kind = \"01\"", "kind = \"99\"")).is_err());
    assert!(ItemFile::parse(&FIXTURE.replace("visits = 0", "visits = 0\nvisit = 1")).is_err());
    assert!(ItemFile::parse("body = 1").is_err());
}

#[test]
fn a_file_survives_writing_and_reading() {
    let file = ItemFile::parse(FIXTURE).expect("parses");
    let text = toml::to_string(&file).expect("writes");
    assert_eq!(ItemFile::parse(&text).expect("reads"), file);
}
