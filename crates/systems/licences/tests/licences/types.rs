//! Types: written, reviewed, in force; the directory; what licences take from them.

use licences::model::ValidityRule;
use licences::service::TypeStep;

use super::*;

#[tokio::test]
async fn a_type_is_in_force_when_a_second_person_says_so() {
    for here in with_bodies().await {
        let platform = &here.platform;
        let (_, writer, reviewer) = registered(&here).await;
        let wrong = service::create_type(platform, &writer, "1", &TypeSpec::plain("", 0), "x").await.unwrap_err();
        let fields: Vec<&str> = wrong.fields().iter().map(|f| f.field.as_str()).collect();
        assert!(wrong.kind() == Kind::Invalid && fields.contains(&"serial") && fields.contains(&"name"), "{fields:?}");

        let code = service::create_type(platform, &writer, "001", &spec(), "a").await.unwrap();
        assert_eq!(code, format!("{BODY_USCC}001"));
        assert_eq!(service::create_type(platform, &writer, "001", &spec(), "a").await.unwrap(), code, "the same form is the same type");
        assert_eq!(service::create_type(platform, &writer, "001", &spec(), "b").await.unwrap_err().kind(), Kind::Conflict, "the serial is taken");
        assert_eq!(service::entry(platform, &code).await.unwrap_err().kind(), Kind::NotFound, "a draft is not published");
        let early = service::step_type(platform, &reviewer, &code, TypeStep::Approve, 1).await.unwrap_err();
        assert_eq!(early.kind(), Kind::Conflict, "nobody submitted it");

        service::step_type(platform, &writer, &code, TypeStep::Submit, 1).await.unwrap();
        assert_eq!(service::save_type(platform, &writer, &code, &spec(), 2).await.unwrap_err().code(), "licences.type_in_review");
        assert_eq!(service::step_type(platform, &writer, &code, TypeStep::Approve, 2).await.unwrap_err().kind(), Kind::Forbidden, "no permission");
        assert_eq!(service::step_type(platform, &reviewer, &code, TypeStep::Reject(" "), 2).await.unwrap_err().kind(), Kind::Invalid);
        service::step_type(platform, &reviewer, &code, TypeStep::Reject("依据不完整"), 2).await.unwrap();
        // A reviewer who writes in it cannot review it any more.
        service::save_type(platform, &reviewer, &code, &spec(), 3).await.unwrap();
        assert_eq!(service::save_type(platform, &writer, &code, &spec(), 3).await.unwrap_err().kind(), Kind::Conflict, "saved meanwhile");
        service::step_type(platform, &writer, &code, TypeStep::Submit, 4).await.unwrap();
        assert_eq!(service::step_type(platform, &reviewer, &code, TypeStep::Approve, 5).await.unwrap_err().kind(), Kind::Forbidden, "an editor");
        let second = reviewer_of(match &writer { Actor::Staff(staff) => staff.body, _ => BODY });
        service::step_type(platform, &second, &code, TypeStep::Approve, 5).await.unwrap();
        assert_eq!(service::entry(platform, &code).await.unwrap().version.number, 1);
        assert!(journal::verify_chain(platform.db.read(), service::type_chain(&code)).await.unwrap().is_ok_and(|n| n >= 5), "{}", here.engine);
    }
}

#[tokio::test]
async fn another_body_neither_sees_nor_changes_a_type() {
    for here in with_bodies().await {
        let platform = &here.platform;
        let (_, writer, reviewer) = registered(&here).await;
        let code = in_force(&here, &writer, &reviewer, &spec()).await;
        let elsewhere = reviewer_of(Uuid::from_u128(77));
        assert!(service::types(platform, &elsewhere, None, 10).await.unwrap().items.is_empty());
        assert_eq!(service::type_view(platform, &elsewhere, &code).await.unwrap_err().kind(), Kind::Forbidden);
        assert_eq!(service::save_type(platform, &elsewhere, &code, &spec(), 0).await.unwrap_err().kind(), Kind::Forbidden);
        assert_eq!(service::types(platform, &writer, None, 10).await.unwrap().items.len(), 1);
        assert_eq!(service::types(platform, &citizen(HOLDER), None, 10).await.unwrap_err().kind(), Kind::Forbidden);
    }
}

#[tokio::test]
async fn licences_are_made_by_the_version_in_force() {
    for here in with_bodies().await {
        let platform = &here.platform;
        let (_, writer, reviewer) = registered(&here).await;
        let plain = issue(&here, &order(10, 1)).await;
        assert_eq!((plain.type_version, plain.valid_until.as_deref()), (0, Some("2027-11-23")), "nobody described the type: by the item");
        // The type exists from that first licence; its body describes it afterwards.
        let code = plain.type_code.clone();
        let mut described = TypeSpec { validity: ValidityRule::Until { day: "2030-12-31".parse().unwrap() }, ..spec() };
        described.layout.prefix = "JY".into();
        described.fields.insert(0, TypeField { name: "户籍地".into(), required: true });
        let tx = platform.db.begin().await.unwrap();
        let body = organization::body_by_name(&*tx, "桂林市示例局").await.unwrap().unwrap().id;
        drop(tx);
        let here_body = IssueOrder { body_id: body, ..order(11, 1) };
        assert_eq!(service::save_type(platform, &writer, &code, &described, 0).await.unwrap_err().kind(), Kind::Forbidden, "registered under another body here");
        let other = IssueOrder { type_serial: "002".into(), ..here_body };
        let first = issue(&here, &other).await;
        let code = first.type_code.clone();
        service::save_type(platform, &writer, &code, &described, 0).await.unwrap();
        service::step_type(platform, &writer, &code, TypeStep::Submit, 1).await.unwrap();
        service::step_type(platform, &reviewer, &code, TypeStep::Approve, 2).await.unwrap();
        let licence = issue(&here, &IssueOrder { case_id: Uuid::from_u128(12), items: vec![LicenceItem::new("其他", "乙"), LicenceItem::new("户籍地", "甲")], ..other }).await;
        assert_eq!((licence.type_version, licence.valid_until.as_deref()), (1, Some("2030-12-31")));
        assert!(licence.number.starts_with("JY"), "{}", licence.number);
        let view = service::mine(platform, &citizen(HOLDER), licence.id).await.unwrap();
        assert_eq!(view.items[0].key, "户籍地", "in the order of the type");
        assert_eq!(first.type_version, 0, "what was issued before stays as it was");
    }
}

#[tokio::test]
async fn the_directory_lists_what_is_in_force() {
    for here in with_bodies().await {
        let platform = &here.platform;
        let (_, writer, reviewer) = registered(&here).await;
        assert!(service::directory(platform, None, 10).await.unwrap().items.is_empty());
        let code = in_force(&here, &writer, &reviewer, &spec()).await;
        service::create_type(platform, &writer, "002", &TypeSpec { name: "草稿".into(), ..spec() }, "second").await.unwrap();
        let page = service::directory(platform, None, 10).await.unwrap();
        assert_eq!(page.items.iter().map(|e| e.spec.name.as_str()).collect::<Vec<_>>(), ["食品经营许可证"]);
        // The next version goes the same way; until then the old one holds.
        let renamed = TypeSpec { name: "食品经营许可证（新）".into(), ..spec() };
        service::save_type(platform, &writer, &code, &renamed, 0).await.unwrap();
        assert_eq!(service::entry(platform, &code).await.unwrap().spec.name, "食品经营许可证");
        service::step_type(platform, &writer, &code, TypeStep::Submit, 1).await.unwrap();
        service::step_type(platform, &reviewer, &code, TypeStep::Approve, 2).await.unwrap();
        let entry = service::entry(platform, &code).await.unwrap();
        assert_eq!((entry.version.number, entry.spec.name.as_str()), (2, "食品经营许可证（新）"));
        let stages: Vec<String> = service::type_view(platform, &writer, &code).await.unwrap().versions.into_iter().map(|v| v.stage).collect();
        assert_eq!(stages, ["in_force", "replaced"], "{}", here.engine);
    }
}

#[tokio::test]
async fn a_sample_shows_the_template() {
    if fonts().is_empty() {
        println!("skipped: no fonts in web/dist/fonts");
        return;
    }
    for here in with_bodies().await {
        let (_, writer, reviewer) = registered(&here).await;
        let code = in_force(&here, &writer, &reviewer, &spec()).await;
        assert!(service::sample(&here.platform, &writer, &code).await.unwrap().starts_with(b"%PDF"));
        let elsewhere = reviewer_of(Uuid::from_u128(77));
        assert_eq!(service::sample(&here.platform, &elsewhere, &code).await.unwrap_err().kind(), Kind::Forbidden);
    }
}
