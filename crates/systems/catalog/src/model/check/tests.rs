//! Each rule has an item that breaks exactly it; the fixture breaks none.

use super::super::codes_of_items::*;
use super::super::item::*;
use super::*;

/// Breaks one rule.
type Change = fn(&mut ItemSpec);

/// A list that breaks no rule, not even a warning. Synthetic.
fn valid() -> ItemSpec {
    let text = include_str!("../fixtures/valid-item.toml");
    let mut file = ItemFile::parse(text).expect("the fixture parses");
    file.items.remove(0)
}

fn codes(item: &ItemSpec) -> Vec<(&'static str, Severity)> {
    problems(item)
        .into_iter()
        .map(|p| (p.code, p.severity))
        .collect()
}

/// The change must give an error with this code; without the change there is none.
#[track_caller]
fn refused(code: &str, change: impl FnOnce(&mut ItemSpec)) {
    let mut item = valid();
    change(&mut item);
    let found = problems(&item);
    assert!(
        found
            .iter()
            .any(|p| p.code == code && p.severity == Severity::Error && p.message.ends_with('。')),
        "expected {code}, found {found:?}"
    );
    assert!(!publishable(&item));
}

#[track_caller]
fn warned(code: &str, change: impl FnOnce(&mut ItemSpec)) {
    let mut item = valid();
    change(&mut item);
    let found = problems(&item);
    assert!(
        found
            .iter()
            .any(|p| p.code == code && p.severity == Severity::Warning),
        "expected {code}, found {found:?}"
    );
    assert!(
        publishable(&item),
        "a warning must not stop publication: {found:?}"
    );
}

#[test]
fn the_valid_item_has_no_problem_at_all() {
    assert_eq!(problems(&valid()), []);
    assert!(publishable(&valid()));
}

#[test]
fn mandatory_texts() {
    let clear: [(&str, Change); 7] = [
        ("name", |i| i.name.clear()),
        ("summary", |i| i.summary.clear()),
        ("place", |i| i.place.clear()),
        ("hours", |i| i.hours.clear()),
        ("phone", |i| i.phone = "  ".into()),
        ("complaint_phone", |i| i.complaint_phone.clear()),
        ("form", |i| i.form.clear()),
    ];
    for (field, change) in clear {
        let mut item = valid();
        change(&mut item);
        let found = problems(&item);
        assert!(
            found
                .iter()
                .any(|p| p.code == "missing" && p.field == field),
            "{field}: {found:?}"
        );
    }
    refused("name_too_long", |i| i.name = "长".repeat(201));
    warned("keywords_missing", |i| i.keywords.clear());
}

#[test]
fn mandatory_lists() {
    let clear: [(&str, Change); 5] = [
        ("objects", |i| i.objects.clear()),
        ("channels", |i| i.channels.clear()),
        ("conditions", |i| i.conditions.clear()),
        ("results", |i| i.results.clear()),
        ("steps", |i| i.steps.clear()),
    ];
    for (field, change) in clear {
        let mut item = valid();
        change(&mut item);
        let found = problems(&item);
        assert!(
            found
                .iter()
                .any(|p| p.code == "missing" && p.field == field),
            "{field}: {found:?}"
        );
    }
    refused("no_legal_basis", |i| i.basis.clear());
    warned("no_materials", |i| {
        i.materials.clear();
        i.tolerant = false;
    });
    refused("doubled", |i| i.channels.push(HandlingChannel::Window));
    refused("doubled", |i| i.materials.push(i.materials[0].clone()));
    refused("missing", |i| i.basis[0].law.clear());
    refused("missing", |i| i.faq[0].a.clear());
    refused("missing", |i| i.results[0].name.clear());
    refused("missing", |i| i.steps[0].name.clear());
    refused("missing", |i| i.materials[0].name.clear());
    warned("gist_missing", |i| i.basis[0].gist.clear());
}

#[test]
fn codes_follow_the_catalogue() {
    refused("base_code_invalid", |i| i.base_code = "00013101200".into());
    refused("base_code_invalid", |i| i.base_code = "0001310120O1".into());
    refused("base_code_kind", |i| i.base_code = "000731012001".into());
    refused("base_code_parent", |i| i.base_code = "00013101200Y".into());
}

#[test]
fn ex_officio_and_secret_items_are_refused() {
    for kind in [
        ItemKind::Penalty,
        ItemKind::Coercion,
        ItemKind::Levy,
        ItemKind::Inspection,
        ItemKind::AnyPower,
    ] {
        refused("ex_officio", |i| i.kind = kind);
    }
    refused("secret_item", |i| i.secret = true);
}

#[test]
fn limits() {
    refused("promise_longer", |i| i.promised.days = 21);
    refused("promise_longer", |i| {
        i.statutory = TimeLimit {
            days: 10,
            unit: TimeUnit::Day,
            note: String::new(),
        }
    });
    refused("limit_unit", |i| i.statutory.days = 0);
    refused("limit_unit", |i| i.promised.unit = TimeUnit::Instant);
    refused("instant_promise", |i| i.case_type = CaseType::Instant);
    refused("case_type_other", |i| i.case_type = CaseType::Other);
    refused("instant_process", |i| i.process = ProcessKind::Instant);
    refused("steps_too_long", |i| i.steps[1].days = 9);
    refused("link_missing", |i| i.steps.retain(|s| s.name != "送达"));
}

#[test]
fn result_types_follow_their_names() {
    refused("result_kind", |i| {
        i.results[0].name = "关于同意设立的批复".into()
    });
    refused("result_kind", |i| i.results[0].kind = ResultKind::Other);
    refused("licence_type_missing", |i| {
        i.results[0].licence_type.clear()
    });
    let mut item = valid();
    item.results[0] = ResultSpec {
        name: "缴费凭证".into(),
        kind: ResultKind::Other,
        licence_type: String::new(),
        valid_years: 0,
        effect: Effect::New,
    };
    assert!(publishable(&item), "凭证 is no licence");
}

#[test]
fn visits_and_online_depth() {
    refused("visit_reason", |i| i.visit_reason = "需要本人签字".into());
    refused("forced_attendance", |i| {
        i.visits = 1;
        i.visit_reason = "核对原件".into();
    });
    refused("visit_reason", |i| {
        i.visits = 1;
        i.online_depth = OnlineDepth::Accept;
    });
    refused("forced_attendance", |i| {
        i.conditions.push("申请人须本人到场签字。".into())
    });
    refused("paper_in_online", |i| {
        i.materials[0].form = MaterialForm::Paper
    });
    refused("depth_channel", |i| {
        i.channels = vec![HandlingChannel::Window]
    });
    refused("no_way_in", |i| {
        i.channels = vec![HandlingChannel::Window];
        i.online_depth = OnlineDepth::Consult;
        i.courier = false;
    });
    warned("no_window", |i| {
        i.channels = vec![HandlingChannel::Computer]
    });
}

#[test]
fn fees_need_basis_item_and_standard() {
    let fee = || Fee {
        name: "工本费".into(),
        standard: "10元/证".into(),
        basis: "依据".into(),
        reducible: false,
        reduction_basis: String::new(),
    };
    refused("fee_incomplete", |i| {
        i.fees = vec![Fee {
            basis: String::new(),
            ..fee()
        }]
    });
    refused("fee_incomplete", |i| {
        i.fees = vec![Fee {
            standard: String::new(),
            ..fee()
        }]
    });
    refused("fee_incomplete", |i| {
        i.fees = vec![Fee {
            name: String::new(),
            ..fee()
        }]
    });
    refused("fee_reduction", |i| {
        i.fees = vec![Fee {
            reducible: true,
            ..fee()
        }]
    });
    refused("payment_without_fee", |i| i.online_payment = true);
}

#[test]
fn contact() {
    for number in [
        "5700012",
        "13800000000",
        "0773 5700012",
        "773-5700012",
        "0773-57",
        "0773-5700012、5700013",
    ] {
        refused("phone_area_code", |i| i.phone = number.into());
    }
    for number in [
        "0773-5700012",
        "020-12345678",
        "0773-5700012-801",
        "0773-5700012、0773-5700013",
    ] {
        let mut item = valid();
        item.phone = number.into();
        assert!(publishable(&item), "{number}");
    }
    refused("same_phone", |i| i.complaint_phone = i.phone.clone());
    refused("hours_vague", |i| i.hours = "9:00–17:00".into());
    refused("place_vague", |i| i.place = "桂林市政务服务中心".into());
}

#[test]
fn themes_follow_objects() {
    refused("themes_objects", |i| i.person_themes.clear());
    refused("themes_objects", |i| i.firm_themes.clear());
    refused("themes_objects", |i| {
        i.objects = vec![ServiceObject::NaturalPerson]
    });
    refused("theme_unknown", |i| i.firm_themes.push("吃喝玩乐".into()));
    warned("one_thing_unknown", |i| {
        i.one_thing = vec!["开办米粉店".into()]
    });
}

#[test]
fn permits_answer_a_question() {
    refused("permit_faq", |i| i.faq.clear());
}

#[test]
fn special_procedures_are_bounded() {
    refused("special_too_long", |i| {
        i.special_procedures[0].days = 31;
        i.special_procedures[0].basis = "工作需要".into();
    });
    refused("special_no_limit", |i| i.special_procedures[0].days = 0);
    refused("missing", |i| i.special_procedures[0].name.clear());
    warned("special_no_basis", |i| {
        i.special_procedures[0].basis.clear()
    });
    let mut item = valid();
    item.special_procedures[0] = SpecialProcedure {
        name: "环境影响公示".into(),
        days: 60,
        basis: "《某法》第九条".into(),
    };
    assert!(publishable(&item), "the law may say more than 30");
}

#[test]
fn materials_are_named_one_by_one() {
    for name in ["法律、法规规定的其他材料", "其它材料", "与申请有关材料"] {
        refused("catch_all", |i| i.materials[0].name = name.into());
    }
    warned("vague_material", |i| {
        i.materials[0].name = "住所相关材料".into()
    });
    refused("copies_missing", |i| {
        i.online_depth = OnlineDepth::Accept;
        i.materials[0].form = MaterialForm::Paper;
        i.materials[0].copies = 0;
    });
    refused("situation", |i| {
        i.materials[0].necessity = Necessity::Conditional
    });
    refused("situation", |i| {
        i.materials[0].when = "委托他人办理时".into()
    });
    warned("notes_missing", |i| i.materials[0].notes.clear());
    warned("criteria_missing", |i| i.materials[0].criteria.clear());
}

#[test]
fn what_government_issued_is_not_asked_again() {
    refused("government_source", |i| {
        i.materials[0].source = MaterialSource::Government;
        i.materials[0].source_note.clear();
    });
    warned("government_exempt", |i| {
        i.materials[0].source = MaterialSource::Government;
        i.materials[0].source_note = "公安机关核发".into();
    });
}

#[test]
fn proofs_seals_training_and_reports() {
    refused("proof_without_law", |i| {
        i.materials[0].name = "无违法犯罪记录证明".into();
        i.materials[0].basis.clear();
    });
    refused("proof_without_law", |i| {
        i.materials[0].name = "居委会盖章的申请表".into();
        i.materials[0].basis.clear();
    });
    refused("designated_training", |i| {
        i.materials[0].name = "食品安全培训合格证".into();
        i.materials[0].basis.clear();
    });
    refused("designated_training", |i| {
        i.materials[0].name = "岗前培训结业证书".into();
        i.materials[0].notes = "由指定的培训学校出具".into();
    });
    warned("training_material", |i| {
        i.materials[0].name = "岗前培训合格记录".into()
    });
    warned("intermediary_report", |i| {
        i.materials[0].name = "水质检测报告".into();
        i.materials[0].source = MaterialSource::Other;
        i.materials[0].basis.clear();
    });
}

#[test]
fn modes_only_where_allowed() {
    refused("tolerant_list", |i| i.tolerant = false);
    refused("tolerant_list", |i| {
        i.materials.retain(|m| m.necessity != Necessity::Deferrable)
    });
    refused("tolerant_main", |i| {
        i.materials.retain(|m| m.necessity == Necessity::Deferrable)
    });
    refused("commitment_excluded", |i| {
        i.commitment = true;
        i.name = "烟花爆竹经营许可".into();
    });
}

#[test]
fn errors_come_first() {
    let mut item = valid();
    item.keywords.clear();
    item.secret = true;
    let found = codes(&item);
    assert_eq!(
        found,
        [
            ("secret_item", Severity::Error),
            ("keywords_missing", Severity::Warning)
        ]
    );
}
