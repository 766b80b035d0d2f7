//! The main job through the whole program, on both engines: apply, accept, three layers, licence, verify, rate.

mod common;

use base::Kind;
use cases::model::{ResultRef, State};
use cases::service::{self, Decision};
use common::World;
use reviews::service::{RatingInput, rate};
use seals::Format;

const FOOD: &str = "食品经营许可（首次申请）";

#[tokio::test]
async fn a_firm_applies_and_three_layers_issue_a_licence() {
    for world in World::both().await {
        let p = world.platform();
        let firm = world.firm().await;
        let (window, handler, examiner) = (world.staff("window01").await, world.staff("handler01").await, world.staff("examiner01").await);
        let (approver, second) = (world.staff("approver01").await, world.staff("approver02").await);
        let submitted = world.applied(&firm, FOOD).await;
        let id = submitted.case_id;
        assert_eq!(world.state(id).await, State::Submitted);
        assert!(codes::CaseNo::parse(&submitted.case_no).is_ok());

        // the wrong post, another party, nobody
        assert_eq!(service::accept(p, &handler, id, "").await.unwrap_err().kind(), Kind::Forbidden);
        let stranger = world.citizen("45030219910101001").await;
        assert_eq!(service::view(p, &stranger, id).await.unwrap_err().kind(), Kind::NotFound);
        assert_eq!(service::view(p, &access::Actor::Anonymous, id).await.unwrap_err().kind(), Kind::Unauthenticated);
        // staff of another body do not see it either
        let elsewhere = world.staff("handler02").await;
        assert_eq!(service::view(p, &elsewhere, id).await.unwrap_err().kind(), Kind::NotFound);

        // rating before the end is refused
        let five = RatingInput { stars: Some(5), options: vec![], text: String::new(), channel: reviews::model::Channel::Desktop, followup: false };
        assert!(rate(p, &firm, id, &five, "early").await.is_err());

        service::accept(p, &window, id, "予以受理").await.unwrap();
        assert_eq!(world.state(id).await, State::InReview);
        let row = world.row(id).await;
        assert!(row.promised_due.is_some() && row.statutory_due.is_some());
        assert_eq!(service::accept(p, &window, id, "").await.unwrap_err().kind(), Kind::Conflict, "accepted twice");

        // the task is there for the handler in the very transaction; a decision cannot skip the layers
        assert_eq!(service::decide(p, &approver, id, "同意", Decision::Grant).await.unwrap_err().kind(), Kind::Conflict);
        service::forward(p, &handler, id, "符合条件").await.unwrap();
        service::forward(p, &examiner, id, "同意").await.unwrap();
        // send back and come again
        let task = flow::open_tasks(p.db.read(), id).await.unwrap().remove(0);
        service::send_back(p, &approver, task.id, "请补充说明面积", None, false).await.unwrap();
        service::forward(p, &examiner, id, "已补充").await.unwrap();

        // two approvers at the same moment: one wins, the other is told
        let (one, two) = tokio::join!(
            service::decide(p, &approver, id, "准予", Decision::Grant),
            service::decide(p, &second, id, "准予", Decision::Grant)
        );
        assert_eq!([&one, &two].iter().filter(|r| r.is_ok()).count(), 1, "{}: {one:?} {two:?}", world.engine);
        let lost = one.and(two).unwrap_err();
        assert_eq!(lost.kind(), Kind::Conflict, "{}: {lost}", world.engine);
        assert_eq!(service::decide(p, &second, id, "准予", Decision::Grant).await.unwrap_err().kind(), Kind::Conflict, "decided twice");
        assert_eq!(service::withdraw(p, &firm, id, "").await.unwrap_err().kind(), Kind::Conflict, "withdrawn after the decision");

        // exactly one licence, verifiable by anyone
        let result: ResultRef = serde_json::from_str(world.row(id).await.result.as_deref().unwrap()).unwrap();
        assert_eq!(result.kind, "licence");
        let held = licences::my_licences(p, &firm, None, 10).await.unwrap().items;
        assert_eq!(held.len(), 1);
        assert_eq!(held[0].id, result.id);
        assert!(codes::LicenceId::parse(&held[0].identifier).is_ok());

        // every step in one chain that holds
        let entries = journal::verify_chain(p.db.read(), id).await.unwrap().unwrap();
        assert!(entries >= 7, "{entries}");

        // progress without signing in, with the right code only
        assert!(service::progress(p, &submitted.case_no, &submitted.query_code.to_lowercase()).await.is_ok());
        assert_eq!(service::progress(p, &submitted.case_no, "WRONG234").await.unwrap_err().kind(), Kind::NotFound);

        // documents are typeset, in both formats; the second time from the store
        let view = service::view(p, &firm, id).await.unwrap();
        for kind in ["receipt", "acceptance", "grant"] {
            let document = view.documents.iter().find(|d| d.kind == kind).unwrap_or_else(|| panic!("no {kind}"));
            for (format, magic) in [(Format::Pdf, &b"%PDF-"[..]), (Format::Ofd, b"PK")] {
                let (_, first) = service::document_file(p, &firm, document.id, format).await.unwrap();
                assert!(first.starts_with(magic));
                assert_eq!(service::document_file(p, &firm, document.id, format).await.unwrap().1, first);
                assert_eq!(service::document_file(p, &stranger, document.id, format).await.unwrap_err().kind(), Kind::NotFound);
            }
        }

        // rating: once, by the party, with the options of the level
        world.program.runner.drain().await.unwrap();
        rate(p, &firm, id, &five, "rate").await.unwrap();
        assert!(rate(p, &firm, id, &five, "again").await.is_err(), "rated twice");
        assert!(rate(p, &stranger, id, &five, "stranger").await.is_err());
    }
}

#[tokio::test]
async fn the_same_submission_twice_is_one_case() {
    for world in World::both().await {
        let p = world.platform();
        let firm = world.firm().await;
        let draft = tongban::demo::fill_in(p, &firm, world.item(FOOD)).await.unwrap().row.id;
        let (a, b) = tokio::join!(service::submit(p, &firm, draft, "k", true), service::submit(p, &firm, draft, "k", true));
        let again = service::submit(p, &firm, draft, "k", true).await.unwrap();
        for result in [a, b] {
            match result {
                Ok(submitted) => assert_eq!(submitted, again),
                // the slower of two at the same moment may find the draft gone; it must not have made a second case
                Err(error) => assert!(matches!(error.kind(), Kind::NotFound | Kind::Conflict), "{error}"),
            }
        }
        let mine = service::my_cases(p, &firm, None, 10).await.unwrap();
        assert_eq!(mine.items.len(), 1, "{}", world.engine);
    }
}

#[tokio::test]
async fn an_application_is_refused_until_it_is_complete() {
    let world = World::on(testing::sqlite()).await;
    let p = world.platform();
    let firm = world.firm().await;
    let draft = service::start(p, &firm, world.item(FOOD)).await.unwrap();
    let error = service::submit(p, &firm, draft.row.id, "k", false).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid);
    assert!(error.fields().iter().any(|f| f.field.starts_with("material_")), "missing materials are named: {error}");
    assert!(error.fields().iter().any(|f| f.field == "promise"));
    let error = service::save_page(p, &firm, draft.row.id, 0, forms::decode([("no_such_field", "x")]).unwrap()).await.unwrap_err();
    assert_eq!(error.code(), "cases.unknown_field");
    // files: empty, disguised, named like a path; a material the item does not list
    let upload = |name: &str, bytes: &'static [u8]| web::UploadedFile { field: "material_0".into(), name: name.into(), bytes: bytes.into() };
    for wrong in [upload("a.pdf", b""), upload("a.pdf", b"<html>"), upload("../a.pdf", b"%PDF-1.4")] {
        assert_eq!(service::add_file(p, &firm, draft.row.id, 0, &[wrong]).await.unwrap_err().kind(), Kind::Invalid);
    }
    assert_eq!(service::add_file(p, &firm, draft.row.id, 99, &[upload("a.pdf", b"%PDF-1.4")]).await.unwrap_err().code(), "cases.not_listed");
    // another party's draft
    let stranger = world.citizen("45030219910101001").await;
    assert_eq!(service::draft(p, &stranger, draft.row.id).await.unwrap_err().kind(), Kind::NotFound);
    // an item that is not for persons
    assert_eq!(service::start(p, &stranger, world.item("劳务派遣经营许可")).await.unwrap_err().code(), "cases.wrong_object");
}

#[tokio::test]
async fn nobody_acts_in_two_layers_or_on_their_own_case() {
    let world = World::on(testing::sqlite()).await;
    let p = world.platform();
    let firm = world.firm().await;
    let id = world.applied(&firm, FOOD).await.case_id;
    service::accept(p, &world.staff("window01").await, id, "").await.unwrap();
    // somebody who was given two posts still cannot use both on one case
    let mut both = world.staff("handler01").await;
    let examiner = world.staff("examiner01").await;
    if let (access::Actor::Staff(both), access::Actor::Staff(examiner)) = (&mut both, &examiner) {
        both.grants.extend(examiner.grants.clone());
    }
    service::forward(p, &both, id, "符合条件").await.unwrap();
    assert_eq!(service::forward(p, &both, id, "同意").await.unwrap_err().code(), "cases.same_person");
    // one's own case
    let mut own = world.staff("examiner01").await;
    if let (access::Actor::Staff(own), access::Actor::Party(party)) = (&mut own, &firm) {
        own.own_party = Some(party.party);
    }
    assert_eq!(service::forward(p, &own, id, "同意").await.unwrap_err().kind(), Kind::Forbidden);
}

#[tokio::test]
async fn a_walk_in_needs_no_account_and_no_appointment() {
    let world = World::on(testing::sqlite()).await;
    let p = world.platform();
    let window = world.staff("window01").await;
    let number = format!("45030219910303001{}", codes::CitizenId::check_digit("45030219910303001").unwrap());
    let applicant = |id_number: &str| identity::NewParty {
        kind: access::PartyKind::Person,
        name: "测试来访人".into(),
        id_type: "111".into(),
        id_number: id_number.into(),
        phone: "19900005678".into(),
        address: "桂林市".into(),
    };
    let item = world.item("老年人优待证办理");
    let wrong = format!("{}{}", &number[..17], if number.ends_with('1') { '2' } else { '1' });
    assert_eq!(service::start_at_window(p, &window, item, applicant(&wrong)).await.unwrap_err().kind(), Kind::Invalid, "wrong check digit");
    assert!(service::start_at_window(p, &world.staff("handler01").await, item, applicant(&number)).await.is_err(), "not a window post");
    let draft = service::start_at_window(p, &window, item, applicant(&number)).await.unwrap();
    let draft = tongban::demo::fill_in_draft(p, &window, draft).await.unwrap();
    let submitted = service::submit(p, &window, draft.row.id, "k", true).await.unwrap();
    assert_eq!(world.row(submitted.case_id).await.channel, "window");
    service::accept(p, &window, submitted.case_id, "").await.unwrap();
    // 即办: decided at once by whoever may decide there
    service::decide(p, &world.staff("approver03").await, submitted.case_id, "符合条件", Decision::Grant).await.unwrap();
    assert_eq!(world.state(submitted.case_id).await, State::Granted);
}
