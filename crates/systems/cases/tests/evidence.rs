//! What can be shown afterwards: progress, journal, documents.

mod common;

use base::Kind;
use cases::service::{self, Decision};
use common::{STANDARD, World, date, kind};
use journal::{DayFault, Fault};
use seals::Format;

#[tokio::test]
async fn progress_needs_number_and_code() {
    for world in World::both().await {
        let p = &world.platform;
        let (one, two) = (world.applied(&world.citizen(1).await, STANDARD).await, world.applied(&world.citizen(2).await, STANDARD).await);
        let view = service::progress(p, &format!(" {} ", one.case_no), &one.query_code.to_lowercase()).await.unwrap();
        assert_eq!(view.case.row.id, one.case_id);
        let next = view.next_step().unwrap();
        assert_eq!((next.who.as_str(), next.by), ("测试局", Some(date("2026-11-09"))), "who has it and until when");
        let wrong = [(one.case_no.as_str(), two.query_code.as_str()), (&one.case_no, ""), ("45030020261102020000010", &one.query_code), ("", "")];
        let mut sentences = Vec::new();
        for (number, code) in wrong {
            let error = service::progress(p, number, code).await.unwrap_err();
            assert_eq!(error.kind(), Kind::NotFound, "{}: {number} {code}", world.engine);
            sentences.push(error.to_string());
        }
        sentences.dedup();
        assert_eq!(sentences.len(), 1, "the answer does not tell which part was wrong");
        assert_ne!(world.row(one.case_id).await.query_code, one.query_code.as_bytes(), "kept only as a hash");
    }
}

#[tokio::test]
async fn every_act_is_in_the_chain_and_tampering_shows() {
    for world in World::both().await {
        let p = &world.platform;
        let id = world.at_approval(&world.firm().await).await;
        service::decide(p, &world.staff("approver").await, id, "准予", Decision::Grant).await.unwrap();
        assert_eq!(journal::verify_chain(p.db.read(), id).await.unwrap(), Ok(5));
        let acts: Vec<String> = journal::entries(p.db.read(), id).await.unwrap().into_iter().map(|e| e.act).collect();
        assert_eq!(acts, ["cases.submit", "cases.accept", "cases.forward", "cases.forward", "cases.decide"], "{}", world.engine);
        for lie in ["actor_name = '别人'", "data = '{}'", "act = 'cases.deliver'", "hash = prev"] {
            let first = world.applied(&world.citizen(1).await, STANDARD).await.case_id;
            assert_eq!(world.sql(&format!("UPDATE journal_entry SET {lie} WHERE chain = $1"), first).await, 1);
            assert_eq!(journal::verify_chain(p.db.read(), first).await.unwrap(), Err(Fault::Altered(1)), "{lie}");
        }
        world.sql("UPDATE journal_entry SET label = '改写' WHERE chain = $1 AND seq = 3", id).await;
        assert_eq!(journal::verify_chain(p.db.read(), id).await.unwrap(), Err(Fault::Altered(3)));
        // an entry taken out of the middle
        let other = world.at_approval(&world.citizen(2).await).await;
        world.sql("DELETE FROM journal_entry WHERE chain = $1 AND seq = 2", other).await;
        assert!(matches!(journal::verify_chain(p.db.read(), other).await.unwrap(), Err(Fault::Gap(_) | Fault::BrokenLink(_))));
    }
}

#[tokio::test]
async fn a_chain_that_vanished_shows_in_its_sealed_day() {
    for world in World::both().await {
        let p = &world.platform;
        let (kept, lost) = (world.applied(&world.firm().await, STANDARD).await.case_id, world.applied(&world.citizen(1).await, STANDARD).await.case_id);
        let day = date("2026-11-02");
        world.go_to("2026-11-03").await;
        assert_eq!(journal::verify_day(p.db.read(), day).await.unwrap(), Err(DayFault::Unsealed));
        assert_eq!(journal::seal_past_days(&p.db, p.now()).await.unwrap(), 1);
        assert_eq!(journal::seal_past_days(&p.db, p.now()).await.unwrap(), 0, "sealed once");
        assert!(journal::verify_day(p.db.read(), day).await.unwrap().is_ok());
        // growing on another day changes nothing of this one
        service::accept(p, &world.staff("window").await, kept, "").await.unwrap();
        let chains = journal::verify_day(p.db.read(), day).await.unwrap().unwrap();
        world.sql("DELETE FROM journal_entry WHERE chain = $1", lost).await;
        let fault = journal::verify_day(p.db.read(), day).await.unwrap().unwrap_err();
        assert_eq!(fault, DayFault::WrongRoot { sealed_chains: chains, found_chains: chains - 1 }, "{}", world.engine);
        assert_eq!(journal::verify_all(&p.db).await.unwrap().broken_days.len(), 1);
    }
}

#[tokio::test]
async fn documents_are_typeset_once_and_only_for_who_may_see_them() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../web/dist/fonts/");
    let fonts: Vec<Vec<u8>> = ["NotoSerifSC-Regular.ttf", "NotoSerifSC-Bold.ttf"].iter().filter_map(|f| std::fs::read(format!("{folder}{f}")).ok()).collect();
    if fonts.len() < 2 {
        println!("skipped: the fonts are not here, run `make web`");
        return;
    }
    for database in testing::databases().await {
        let world = World::on(database, fonts.clone()).await;
        let p = &world.platform;
        let firm = world.firm().await;
        let id = world.accepted(&firm, STANDARD).await;
        let documents = cases::store::documents(p.db.read(), id).await.unwrap();
        assert_eq!(documents.len(), 2);
        for document in documents {
            let (name, first) = service::document_file(p, &firm, document.id, Format::Pdf).await.unwrap();
            assert!(first.starts_with(b"%PDF-") && name.ends_with(".pdf"), "{}: {name}", world.engine);
            world.clock.advance(chrono::Duration::days(1));
            assert_eq!(service::document_file(p, &world.staff("handler").await, document.id, Format::Pdf).await.unwrap().1, first, "kept");
            assert_eq!(kind(service::document_file(p, &world.citizen(1).await, document.id, Format::Pdf).await), Kind::NotFound);
            assert_eq!(kind(service::document_file(p, &world.staff("elsewhere-handler").await, document.id, Format::Pdf).await), Kind::NotFound);
            assert_eq!(kind(service::document_file(p, &access::Actor::Anonymous, document.id, Format::Pdf).await), Kind::Unauthenticated);
        }
    }
}
