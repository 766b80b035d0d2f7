//! Issuing, verifying, looking up, typesetting.

use super::*;

#[tokio::test]
async fn one_case_gives_one_licence() {
    for here in installations().await {
        let first = issue(&here, &order(10, 5)).await;
        let again = issue(&here, &order(10, 5)).await;
        assert_eq!(first, again);
        let second = issue(&here, &order(11, 5)).await;
        assert_eq!(first.number, "4503000012026000001");
        assert_eq!(second.number, "4503000012026000002");
        codes::LicenceId::parse(&first.identifier).unwrap();
        assert_eq!(first.valid_until.as_deref(), Some("2031-11-23"));
        for chain in [first.id, Uuid::from_u128(10)] {
            let entries = journal::entries(here.platform.db.read(), chain).await.unwrap();
            assert_eq!(entries.len(), 1, "issued once, written down once");
            assert!(!entries[0].data.to_string().contains(NUMBER), "the number is masked in the journal");
        }
        assert!(!String::from_utf8_lossy(&first.holder_id).contains(NUMBER), "sealed at rest");
    }
}

#[tokio::test]
async fn a_body_without_a_right_code_issues_nothing() {
    for here in installations().await {
        let platform = &here.platform;
        let tx = platform.db.begin().await.unwrap();
        let wrong = IssueOrder { body_uscc: "11220000013544541X".into(), ..order(10, 0) };
        let error = service::issue(platform, &tx, &access::Actor::System("测试"), &wrong, platform.now()).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (Kind::Refused, "licences.identifier"));
    }
}

#[tokio::test]
async fn anybody_verifies_and_learns_no_number() {
    for here in installations().await {
        let licence = issue(&here, &order(10, 1)).await;
        for question in [licence.identifier.clone(), licence.verify_code.clone(), licence.verify_code.to_lowercase(), format!(" {} ", licence.identifier)] {
            let found = service::verify(&here.platform, &question).await.unwrap().unwrap();
            assert_eq!(found.standing, Standing::Valid);
            assert_eq!(found.holder, "唐*兰");
            assert!(!format!("{found:?}").contains(&NUMBER[6..14]));
        }
        assert_eq!(standing(&here, "NOSUCHCODE").await, None, "查无此证");
        let other = licence.identifier.replace("2026", "2025");
        assert_eq!(service::verify(&here.platform, &other).await.unwrap_err().kind(), Kind::Invalid, "its check character fails");
        here.clock.advance(Duration::days(365));
        assert_eq!(standing(&here, &licence.verify_code).await, Some(Standing::Expired), "nobody changed a state");
    }
}

#[tokio::test]
async fn a_party_sees_its_own_licences_only() {
    for here in installations().await {
        let platform = &here.platform;
        let licence = issue(&here, &order(10, 1)).await;
        let mine = service::mine(platform, &citizen(HOLDER), licence.id).await.unwrap();
        assert_eq!((mine.holder_name.as_str(), mine.items.len()), ("唐秀兰", 1));
        let foreign = citizen(Uuid::from_u128(77));
        assert_eq!(service::mine(platform, &foreign, licence.id).await.unwrap_err().kind(), Kind::NotFound);
        assert_eq!(service::file_for_holder(platform, &foreign, licence.id, Format::Pdf).await.unwrap_err().kind(), Kind::NotFound);
        assert!(licences::my_licences(platform, &foreign, None, 20).await.unwrap().items.is_empty());
        assert_eq!(licences::my_licences(platform, &access::Actor::Anonymous, None, 20).await.unwrap_err().kind(), Kind::Unauthenticated);
    }
}

#[tokio::test]
async fn a_partys_list_goes_on_page_by_page() {
    for here in installations().await {
        for case in 10..15 {
            issue(&here, &order(case, 0)).await;
        }
        let seen = testing::there_and_back(async |at: Option<db::Cursor>| {
            let page = licences::my_licences(&here.platform, &citizen(HOLDER), at.as_ref(), 2).await.unwrap();
            (page.items.into_iter().map(|l| l.number).collect::<Vec<_>>(), page.previous, page.next)
        })
        .await;
        assert_eq!(seen.len(), 5);
        assert!(seen.windows(2).all(|w| w[0] > w[1]), "newest first, none twice: {seen:?}");
    }
}

#[tokio::test]
async fn staff_find_licences_of_their_scope_by_number_and_holder() {
    for here in installations().await {
        let platform = &here.platform;
        let licence = issue(&here, &order(10, 1)).await;
        let clerk = staff(BODY, MANAGE, Scope::body(BODY));
        for question in ["", licence.number.as_str(), licence.identifier.as_str(), NUMBER, "４５０３０２199003070017"] {
            let found = service::search(platform, &clerk, question, None, 20).await.unwrap();
            assert_eq!(found.items.len(), usize::from(!question.starts_with('４')), "{question}");
        }
        let elsewhere = staff(Uuid::from_u128(3), MANAGE, Scope::region("4504"));
        for question in ["", licence.number.as_str(), licence.identifier.as_str(), NUMBER] {
            assert!(service::search(platform, &elsewhere, question, None, 20).await.unwrap().items.is_empty(), "{question}");
        }
        assert_eq!(service::view_for_staff(platform, &elsewhere, licence.id).await.unwrap_err().kind(), Kind::Forbidden);
        let view = service::view_for_staff(platform, &clerk, licence.id).await.unwrap();
        assert_eq!(view.uses[0].purpose, "工作人员查看", "looking is written down");
        assert_eq!(service::mine(platform, &citizen(HOLDER), licence.id).await.unwrap().uses.len(), 1, "and the holder can see it");
    }
}

#[tokio::test]
async fn the_file_is_made_once_and_stays_the_same() {
    if fonts().is_empty() {
        println!("skipped: no fonts in web/dist/fonts");
        return;
    }
    for here in installations().await {
        let platform = &here.platform;
        let licence = issue(&here, &order(10, 1)).await;
        for (format, magic) in [(Format::Pdf, &b"%PDF"[..]), (Format::Ofd, b"PK")] {
            let (_, first) = service::file_for_holder(platform, &citizen(HOLDER), licence.id, format).await.unwrap();
            assert!(first.starts_with(magic));
            here.clock.advance(Duration::days(40));
            let (_, again) = service::file_for_staff(platform, &manager(), licence.id, format).await.unwrap();
            assert_eq!(first, again);
        }
        let elsewhere = reviewer_of(Uuid::from_u128(3));
        assert_eq!(service::file_for_staff(platform, &elsewhere, licence.id, Format::Ofd).await.unwrap_err().kind(), Kind::Forbidden);
        let uses = store::uses(platform.db.read(), licence.id, 20).await.unwrap();
        assert_eq!(uses.iter().map(|u| u.purpose.as_str()).collect::<Vec<_>>(), ["工作人员下载", "持证人下载", "工作人员下载", "持证人下载"]);
    }
}

#[tokio::test]
async fn a_name_no_font_can_draw_is_not_printed_with_holes() {
    if fonts().is_empty() {
        println!("skipped: no fonts in web/dist/fonts");
        return;
    }
    for here in installations().await {
        let rare = IssueOrder { holder_name: "唐\u{2FA1D}".into(), ..order(10, 1) };
        let licence = issue(&here, &rare).await;
        let error = service::file(&here.platform, &licence, Format::Pdf).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (Kind::Refused, "licences.missing_character"));
    }
}

#[tokio::test]
async fn a_licence_is_sealed_as_soon_as_its_body_has_the_seal_for_licences() {
    if fonts().is_empty() {
        println!("skipped: no fonts in web/dist/fonts");
        return;
    }
    for here in with_bodies().await {
        let platform = &here.platform;
        let (body, _, _) = registered(&here).await;
        let licence = issue(&here, &IssueOrder { body_id: body, ..order(10, 1) }).await;
        let bare = service::file(platform, &licence, Format::Pdf).await.unwrap();
        assert!(seals::find(platform, licence.id).await.unwrap().unwrap().unsealed.is_some(), "no seal yet, and it says so");

        let kind = seals::SealKind::Licence;
        let application = seals::service::Application {
            body,
            kind: kind.as_str().into(),
            purposes: kind.purposes().iter().map(|purpose| purpose.as_str().to_owned()).collect(),
            automatic: true,
            physical_no: "4503001234567".into(),
            grounds: "签发电子证照需要".into(),
        };
        let officer = staff(body, seals::MANAGE, Scope::body(body));
        let authority = staff(Uuid::from_u128(8), seals::APPROVE, Scope::region("4503"));
        let seal = seals::service::apply(platform, &officer, &application, "apply").await.unwrap();
        seals::service::make(platform, &authority, seal, 1, "同意", "make").await.unwrap();

        // What the event of the seal does: the licences that wait are put into the queue, and made again.
        let event = seals::events::SealEvent { act: "make".into(), seal_id: seal, body_id: body, region: testhouse::CITY.into(), at: platform.now() };
        let job = |kind: &str, payload| jobs::Job { id: base::new_id(), kind: kind.into(), key: None, payload, attempts: 1, max_attempts: 10, run_at: platform.now() };
        jobs::Handler::run(&service::SealWaiting(platform.clone()), &job("x", serde_json::json!({ "event": event }))).await.unwrap();
        let handlers: Vec<(&'static str, std::sync::Arc<dyn jobs::Handler>)> = vec![(service::PAPER_JOB, std::sync::Arc::new(service::PaperJob(platform.clone())))];
        jobs::Runner::new(platform.db.clone(), platform.clock.clone(), handlers, vec![], platform.wake.clone()).drain().await.unwrap();
        let paper = seals::find(platform, licence.id).await.unwrap().unwrap();
        assert!(paper.unsealed.is_none() && paper.seal_id == Some(seal), "{}", here.engine);
        let sealed = service::file(platform, &licence, Format::Pdf).await.unwrap();
        assert_ne!(sealed, bare);
        let ofd = service::file(platform, &licence, Format::Ofd).await.unwrap();
        assert!(ofd.starts_with(b"PK"));
        assert_eq!(service::file(platform, &licence, Format::Pdf).await.unwrap(), sealed, "from now on the same bytes");
    }
}
