//! 送达: the result reaches the applicant, by download, at the exit window, or as the last step of a drawn process.

use std::borrow::Cow;

use access::Actor;
use base::{Error, Result};
use db::Tx;
use journal::Draft as Entry;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;

use crate::events::CaseEventKind;
use crate::model::{Act, State};
use crate::permissions::ACCEPT;
use crate::service::documents::{DocumentKind, make};
use crate::service::loaded::{LoadedCase, note};

/// Records delivery. The applicant's first download is delivery; a clerk records a hand-over at the window.
/// Delivering again changes nothing.
///
/// # Errors
/// When it is another's case or there is nothing to deliver.
pub async fn deliver(platform: &Platform, actor: &Actor, id: Uuid, method: &str) -> Result<()> {
    let tx = platform.db.begin().await?;
    let mut case = LoadedCase::load(platform, &*tx, id).await?;
    let actor = &*match actor {
        Actor::Staff(_) => case.authorise(actor, ACCEPT, None)?,
        _ => {
            case.authorise_party(actor)?;
            Cow::Borrowed(actor)
        }
    };
    if case.state == State::Delivered {
        return Ok(());
    }
    if case.state == State::Refused {
        return Err(case.state.after(Act::Deliver).err().unwrap_or_else(|| Error::internal("a refusal has no result")));
    }
    let entry = hand_over(platform, &tx, &mut case, actor, method).await?;
    case.finish(platform, &tx, actor, entry, Some(CaseEventKind::Delivered)).await?;
    tx.commit().await?;
    platform.wake.notify();
    Ok(())
}

/// Writes the 送达回证 of a decided case in a step of its process; whoever calls stores the case and journals. A refusal stays a refusal when it has
/// reached the applicant.
///
/// # Errors
/// When nothing was decided.
pub(crate) async fn hand_over(platform: &Platform, tx: &Tx, case: &mut LoadedCase, actor: &Actor, method: &str) -> Result<Entry> {
    let title = match case.state {
        State::Refused => "不予决定书",
        State::Granted => "准予决定书及办理结果",
        _ => return Err(case.state.after(Act::Deliver).err().unwrap_or_else(|| Error::internal("nothing to deliver"))),
    };
    if case.state == State::Granted {
        case.apply(Act::Deliver)?;
    }
    let data = json!({
        "documents": [{ "title": title, "number": case.row.case_no, "copies": 1 }],
        "delivery": { "addressee": case.applicant.name, "method": method, "place": case.item.spec.place, "signed_by": null, "received_at": null,
            "proxy": null, "relation": null, "servers": actor.name(), "witness": null, "note": null },
    });
    make(platform, tx, case, DocumentKind::Delivery, data).await?;
    Ok(Entry::new("cases.deliver", "送达", note(&[("method", method)])))
}
