//! Signed QR codes, the published keys, the list of changes, many questions at once.

use licences::model::{Act, Signed, Ticket, TicketError};
use licences::service::Proposal;

use super::*;

async fn end(here: &Here, licence: &Licence, nonce: &str) {
    let proposal = Proposal { reason: "申请材料虚假", nonce, version: 1, ..Proposal::default() };
    let order = service::propose(&here.platform, &manager(), licence.id, Act::Revoke, proposal).await.unwrap();
    service::decide(&here.platform, &reviewer(), order, true, "").await.unwrap();
}

#[tokio::test]
async fn a_qr_code_is_checked_without_a_network_and_old_keys_stay_good() {
    for here in installations().await {
        let platform = &here.platform;
        let licence = issue(&here, &order(10, 1)).await;
        let text = service::qr_text(platform, &licence).await.unwrap();
        assert!(text.contains(&format!("/v/{}#", licence.verify_code)), "a telephone opens the address");
        assert!(!text.contains(NUMBER) && !text.contains("唐秀兰"));
        let keys = service::published_keys(platform).await.unwrap();
        let ticket = Ticket::verify(&text, &keys).unwrap();
        assert_eq!((ticket.identifier.as_str(), ticket.holder.as_str()), (licence.identifier.as_str(), "唐*兰"));
        service::new_key(platform).await.unwrap();
        let both = service::published_keys(platform).await.unwrap();
        assert_eq!(both.len(), 2, "{}", here.engine);
        assert_eq!(Ticket::verify(&text, &both), Ok(ticket), "signed with the key before");
        let fresh = service::qr_text(platform, &licence).await.unwrap();
        assert_eq!(Ticket::verify(&fresh, &keys), Err(TicketError::UnknownKey), "the old list does not know the new key");
        let forged = text.replace("TB1.", "TB1.x");
        assert!(Ticket::verify(&forged, &both).is_err());
    }
}

#[tokio::test]
async fn the_list_of_changes_is_signed_and_read_on_by_position() {
    for here in installations().await {
        let platform = &here.platform;
        let mut ended = Vec::new();
        for case in 10..15 {
            let licence = issue(&here, &order(case, 1)).await;
            end(&here, &licence, &format!("n{case}")).await;
            ended.push(licence.identifier);
        }
        let keys = service::published_keys(platform).await.unwrap();
        let fresh = service::change_list(platform, None, None, 10).await.unwrap().open(&keys).unwrap();
        assert_eq!(fresh["changes"].as_array().unwrap().len(), 0, "what is a moment old may still be on its way");
        here.clock.advance(Duration::minutes(1));
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let signed = service::change_list(platform, None, after.as_ref(), 2).await.unwrap();
            let text = signed.open(&keys).unwrap();
            for change in text["changes"].as_array().unwrap() {
                assert_eq!(change["state"], "revoked");
                seen.push(change["identifier"].as_str().unwrap().to_owned());
            }
            after = text["next"].as_str().map(db::Cursor::from_param);
            if text["more"] == false {
                break;
            }
        }
        seen.sort();
        ended.sort();
        assert_eq!(seen, ended, "{}", here.engine);
        let tomorrow = service::change_list(platform, None, after.as_ref(), 2).await.unwrap();
        assert_eq!(tomorrow.open(&keys).unwrap()["changes"].as_array().unwrap().len(), 0, "nothing twice");
        let since = service::change_list(platform, Some(platform.now()), None, 10).await.unwrap();
        assert_eq!(since.open(&keys).unwrap()["changes"].as_array().unwrap().len(), 0);
        let mut tampered = service::change_list(platform, None, None, 10).await.unwrap();
        tampered.payload.replace_range(3..4, if tampered.payload.as_bytes()[3] == b'A' { "B" } else { "A" });
        assert_eq!(tampered.open(&keys), Err(TicketError::Forged));
        let elsewhere = Signed { key: "anderer".into(), ..tampered };
        assert_eq!(elsewhere.open(&keys), Err(TicketError::UnknownKey));
    }
}

#[tokio::test]
async fn many_questions_are_answered_in_their_order() {
    for here in installations().await {
        let platform = &here.platform;
        let (one, two) = (issue(&here, &order(10, 1)).await, issue(&here, &order(11, 1)).await);
        let asked = [two.verify_code.to_lowercase(), "NOSUCHCODE".into(), one.identifier.clone(), "x".repeat(500), String::new()];
        let found = service::verify_all(platform, &asked).await.unwrap();
        let identifiers: Vec<Option<&str>> = found.iter().map(|v| v.as_ref().map(|v| v.identifier.as_str())).collect();
        assert_eq!(identifiers, [Some(two.identifier.as_str()), None, Some(one.identifier.as_str()), None, None]);
        assert_eq!(service::verify_all(platform, &[]).await.unwrap_err().kind(), Kind::Invalid);
        assert_eq!(service::verify_all(platform, &vec!["A".into(); service::MOST_QUESTIONS + 1]).await.unwrap_err().kind(), Kind::Invalid);
    }
}
