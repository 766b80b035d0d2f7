//! Documents come out sealed, verify, and stop verifying when touched.

mod common;

use bytes::Bytes;
use common::{approved, here, order, seal_of};
use seals::model::Act;
use seals::service::{Verdict, verify};
use seals::{Format, Purpose, SealKind, content, issue};

#[tokio::test]
async fn one_layout_two_sealed_files_that_anybody_can_verify() {
    for here in here().await {
        let platform = &here.platform;
        let (body, seal) = approved(&here, SealKind::Approval).await;
        let order = order(&here, &body, Purpose::Decision);
        let paper = issue(platform, order.clone()).await.unwrap();
        assert_eq!((paper.seal_id, &paper.unsealed), (Some(seal), &None), "{}", here.engine);
        assert_eq!(issue(platform, order).await.unwrap(), paper, "asked again, the same paper");
        for format in [Format::Pdf, Format::Ofd] {
            let bytes = content(platform, &paper, format).await.unwrap();
            let found = verify(platform, bytes.clone()).await.unwrap();
            assert_eq!(found.verdict, Verdict::Genuine, "{found:#?}");
            let [finding] = &found.findings[..] else { panic!("one seal") };
            assert!(finding.stamped && finding.number == seal_of(platform, seal).await.number.unwrap(), "{finding:#?}");
            assert_eq!(found.paper.unwrap().id, paper.id);
        }
        let uses = seals::store::uses(platform.db.read(), seal, None, 10).await.unwrap();
        let [usage] = &uses.items[..] else { panic!("one use") };
        assert_eq!((usage.paper_id, &usage.pdf_digest, &usage.ofd_digest), (paper.id, &paper.pdf_digest, &paper.ofd_digest));
        assert!(usage.refused.is_none());
        journal::verify_chain(platform.db.read(), paper.id).await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_touched_file_is_found_out() {
    let here = here().await.remove(0);
    let (body, _) = approved(&here, SealKind::Approval).await;
    let paper = issue(&here.platform, order(&here, &body, Purpose::Decision)).await.unwrap();
    let ofd = content(&here.platform, &paper, Format::Ofd).await.unwrap();
    let forged = common::replace_in_zip(&ofd, "Content.xml", |xml| xml.replacen("</ofd:Page>", "<!-- more --></ofd:Page>", 1));
    let found = verify(&here.platform, forged.into()).await.unwrap();
    assert_eq!(found.verdict, Verdict::Changed, "{found:#?}");
    assert!(found.findings[0].marks.iter().any(|mark| mark.passed == Some(false) && mark.label.contains("Content.xml")), "the part is named");

    let mut longer = ofd.to_vec();
    longer.push(b'x');
    assert_eq!(verify(&here.platform, longer.into()).await.unwrap().verdict, Verdict::Changed, "something behind the archive");

    let pdf = content(&here.platform, &paper, Format::Pdf).await.unwrap();
    let mut touched = pdf.to_vec();
    touched[200] ^= 1;
    // Either it is no PDF any more, or it is one that was changed.
    assert!(verify(&here.platform, touched.into()).await.map_or(true, |found| found.verdict == Verdict::Changed));
    let mut longer = pdf.to_vec();
    longer.extend_from_slice(b"\n% added later\n");
    assert_eq!(verify(&here.platform, longer.into()).await.unwrap().verdict, Verdict::Changed);
}

#[tokio::test]
async fn without_a_fitting_seal_the_document_goes_out_unsealed_and_is_sealed_later() {
    for here in here().await {
        let platform = &here.platform;
        let body = common::body(platform).await;
        common::make_seal(&here, &body, SealKind::Official).await;
        let order = order(&here, &body, Purpose::Decision);
        let paper = issue(platform, order.clone()).await.unwrap();
        assert!(paper.seal_id.is_none() && paper.unsealed.as_deref().is_some_and(|why| why.contains("行政审批专用章")), "{paper:?}");
        let pdf = content(platform, &paper, Format::Pdf).await.unwrap();
        assert_eq!(verify(platform, pdf).await.unwrap().verdict, Verdict::Issued);
        let officer = common::authority();
        assert_eq!(seals::service::unsealed_papers(platform, &officer, None, 10).await.unwrap().items.len(), 1, "an operator sees it");

        let seal = common::make_seal(&here, &body, SealKind::Approval).await;
        let again = issue(platform, order).await.unwrap();
        assert_eq!((again.seal_id, again.unsealed), (Some(seal), None), "{}", here.engine);
        assert!(seals::service::unsealed_papers(platform, &officer, None, 10).await.unwrap().items.is_empty());
    }
}

#[tokio::test]
async fn many_at_once_make_one_paper() {
    for here in here().await {
        let (body, seal) = approved(&here, SealKind::Approval).await;
        let order = order(&here, &body, Purpose::Notice);
        let all = (0..4).map(|_| {
            let (platform, order) = (here.platform.clone(), order.clone());
            tokio::spawn(async move { issue(&platform, order).await })
        });
        let mut papers = Vec::new();
        for one in all.collect::<Vec<_>>() {
            // On PostgreSQL a second writer may learn at its commit that the first was faster; a job tries again.
            if let Ok(paper) = one.await.unwrap() {
                papers.push(paper);
            }
        }
        assert!(!papers.is_empty() && papers.iter().all(|paper| *paper == papers[0]), "{}", here.engine);
        let uses = seals::store::uses(here.platform.db.read(), seal, None, 10).await.unwrap();
        assert_eq!(uses.items.len(), 1, "{}", here.engine);
    }
}

#[tokio::test]
async fn a_revoked_seal_signs_nothing_more_and_what_it_signed_before_stays_genuine() {
    for here in here().await {
        let platform = &here.platform;
        let (body, seal) = approved(&here, SealKind::Approval).await;
        let before = issue(platform, order(&here, &body, Purpose::Decision)).await.unwrap();
        here.clock.advance(chrono::Duration::hours(1));
        common::act(&here, seal, Act::Revoke).await;
        here.clock.advance(chrono::Duration::hours(1));
        let after = issue(platform, order(&here, &body, Purpose::Decision)).await.unwrap();
        assert!(after.seal_id.is_none() && after.unsealed.is_some());
        for format in [Format::Pdf, Format::Ofd] {
            let found = verify(platform, content(platform, &before, format).await.unwrap()).await.unwrap();
            assert_eq!(found.verdict, Verdict::Genuine, "time stamped before: {found:#?}");
        }
        let esl = seals::store::made(platform.db.read(), seal).await.unwrap().unwrap().esl;
        assert_eq!(verify(platform, Bytes::from(esl)).await.unwrap().verdict, Verdict::NotInForce);
    }
}

#[tokio::test]
async fn a_suspended_or_expired_seal_is_not_used() {
    let here = here().await.remove(0);
    let (body, seal) = approved(&here, SealKind::Approval).await;
    common::act(&here, seal, Act::Suspend).await;
    let paper = issue(&here.platform, order(&here, &body, Purpose::Decision)).await.unwrap();
    assert!(paper.unsealed.as_deref().is_some_and(|why| why.contains("已停用")), "{paper:?}");
    common::act(&here, seal, Act::Resume).await;
    here.clock.advance(chrono::Duration::days(366 * 5));
    let paper = issue(&here.platform, order(&here, &body, Purpose::Decision)).await.unwrap();
    assert!(paper.unsealed.as_deref().is_some_and(|why| why.contains("已到期")), "{paper:?}");
}

#[tokio::test]
async fn a_seal_of_another_trust_is_not_ours() {
    let mut both = here().await;
    let (here, other) = (both.remove(0), both.remove(0));
    let (body, _) = approved(&other, SealKind::Approval).await;
    let paper = issue(&other.platform, order(&other, &body, Purpose::Decision)).await.unwrap();
    for format in [Format::Pdf, Format::Ofd] {
        let bytes = content(&other.platform, &paper, format).await.unwrap();
        let found = verify(&here.platform, bytes).await.unwrap();
        assert_eq!(found.verdict, Verdict::Unknown, "{found:#?}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(24))]

    /// A sealed file with a byte changed, or cut short, is never called genuine and never breaks the verifier.
    #[test]
    fn no_touched_file_is_genuine(place in proptest::prelude::any::<proptest::sample::Index>(), bit in 0..8_u8, cut in proptest::prelude::any::<bool>(), pdf in proptest::prelude::any::<bool>()) {
        static SEALED: std::sync::LazyLock<(testhouse::Here, Bytes, Bytes, tokio::runtime::Runtime)> = std::sync::LazyLock::new(|| {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            let (here, pdf, ofd) = runtime.block_on(async {
                let here = here().await.remove(0);
                let (body, _) = approved(&here, SealKind::Approval).await;
                let paper = issue(&here.platform, order(&here, &body, Purpose::Decision)).await.unwrap();
                let (pdf, ofd) = (content(&here.platform, &paper, Format::Pdf).await.unwrap(), content(&here.platform, &paper, Format::Ofd).await.unwrap());
                (here, pdf, ofd)
            });
            (here, pdf, ofd, runtime)
        });
        let (here, sealed_pdf, sealed_ofd, runtime) = &*SEALED;
        let mut bytes = if pdf { sealed_pdf.to_vec() } else { sealed_ofd.to_vec() };
        let place = place.index(bytes.len());
        if cut { bytes.truncate(place) } else { bytes[place] ^= 1 << bit }
        match runtime.block_on(verify(&here.platform, bytes.clone().into())) {
            Err(error) => proptest::prop_assert_eq!(error.kind(), base::Kind::Invalid),
            // The times and attributes an archive keeps of its entries are no part of the document.
            Ok(found) if !pdf && found.verdict == Verdict::Genuine => proptest::prop_assert!(!cut && common::entries(&bytes) == common::entries(sealed_ofd)),
            Ok(found) => proptest::prop_assert!(found.verdict != Verdict::Genuine, "{:#?}", found),
        }
    }
}

#[tokio::test]
async fn what_is_no_document_is_an_error_and_an_unsealed_one_says_so() {
    let here = here().await.remove(0);
    for junk in [&b""[..], b"PK\x03\x04 no archive", b"%PDF-1.7 no document", b"0\x82\xff\xff", b"<html>"] {
        let error = verify(&here.platform, Bytes::from_static(junk)).await.unwrap_err();
        assert_eq!(error.kind(), base::Kind::Invalid, "{junk:?}");
    }
}
