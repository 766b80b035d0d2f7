//! A party's own affairs, asked of `cases` and `licences`.

use access::Actor;
use base::Result;
use cases::model::{ResultRef, State};
use cases::store::{CaseRow, GovCase, ListFilter};
use chrono::{DateTime, NaiveDate, Utc};
use db::{Cursor, Page};
use licences::Licence;
use licences::model::Standing;
use platform::Platform;
use sea_orm::sea_query::{Condition, Expr, ExprTrait};
use serde::Deserialize;
use uuid::Uuid;

use super::ratings;
use crate::model::affair::{Affair, Board};

/// Closed cases on a page.
const PAGE: usize = 20;
/// Open cases shown; nobody has more at once but an agent by trade, who works from their own list.
const MOST_OPEN: usize = 100;

/// Messages shown; all of them stand with their cases.
const MOST_MESSAGES: u64 = 3;

/// An application that was begun and not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The draft.
    pub id: Uuid,
    /// The item.
    pub item: String,
    /// When it was last saved.
    pub saved_at: DateTime<Utc>,
}

/// A licence in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenceLine {
    /// The licence.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its number.
    pub number: String,
    /// Whether it is in force.
    pub valid: bool,
    /// Its state in words.
    pub status: String,
}

/// What a process wrote to the party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The case it is about.
    pub case: Uuid,
    /// Name of the item.
    pub item: String,
    /// What it says.
    pub text: String,
    /// When.
    pub sent_at: DateTime<Utc>,
}

/// Everything on the page of a party.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MyAffairs {
    /// Cases by who has to act.
    pub board: Board,
    /// Whether this is a later page, which holds closed cases only.
    pub later: bool,
    /// Where newer closed cases are.
    pub previous: Option<Cursor>,
    /// Where older ones are.
    pub next: Option<Cursor>,
    /// Applications not sent yet.
    pub drafts: Vec<Draft>,
    /// The newest licences.
    pub licences: Vec<LicenceLine>,
    /// The newest messages.
    pub messages: Vec<Message>,
}

/// Everything on the page of the party that is signed in: all that is open on the first page, what is closed by pages.
///
/// # Errors
/// When nobody is signed in as a party.
pub async fn mine(platform: &Platform, actor: &Actor, after: Option<Cursor>) -> Result<MyAffairs> {
    let party = actor.party()?.party;
    let found = of_party(platform, party, false, after, PAGE).await?;
    let later = found.previous.is_some();
    let open = if later { Vec::new() } else { of_party(platform, party, true, None, MOST_OPEN).await?.items };
    let to_rate = ratings::waiting(platform, party).await?;
    let affairs = open.into_iter().chain(found.items).map(|row| affair(row, &to_rate)).collect::<Result<Vec<_>>>()?;
    let drafts = cases::service::drafts(platform, actor).await?;
    let licences = licences::my_licences(platform, actor, None, 5).await?;
    let messages = cases::store::messages_to(platform.db.read(), party, MOST_MESSAGES).await?;
    Ok(MyAffairs {
        messages: messages.into_iter().map(|m| Message { case: m.case_id, item: m.item_name, text: m.text, sent_at: m.sent_at }).collect(),
        board: Board::of(affairs),
        later,
        previous: found.previous,
        next: found.next,
        drafts: drafts.into_iter().map(|d| Draft { id: d.id, item: d.item_name, saved_at: d.updated_at }).collect(),
        licences: licences.items.into_iter().map(|l| licence(l, platform)).collect::<Result<Vec<_>>>()?,
    })
}

async fn of_party(platform: &Platform, party: Uuid, open: bool, after: Option<Cursor>, size: usize) -> Result<Page<CaseRow>> {
    let closed_at = Expr::col(GovCase::ClosedAt);
    let state = if open { closed_at.is_null() } else { closed_at.is_not_null() };
    let condition = Condition::all().add(Expr::col(GovCase::PartyId).eq(party)).add(state);
    cases::store::list(platform.db.read(), ListFilter { condition: Some(condition), after, size }).await
}

/// What the hall reads of a correction notice.
#[derive(Deserialize)]
struct Correction {
    due: NaiveDate,
}

fn affair(row: CaseRow, to_rate: &[Uuid]) -> Result<Affair> {
    let correction: Option<Correction> = row.correction.as_deref().map(serde_json::from_str).transpose()?;
    let result: Option<ResultRef> = row.result.as_deref().map(serde_json::from_str).transpose()?;
    Ok(Affair {
        state: State::parse(&row.state)?,
        id: row.id,
        number: row.case_no,
        item: row.item_name,
        body: row.body_name,
        submitted_at: row.submitted_at,
        due: row.promised_due.and_then(|day| day.parse().ok()),
        correct_by: correction.map(|c| c.due),
        finished_at: row.closed_at.or(row.decided_at),
        result: result.map(|r| r.title),
        to_rate: to_rate.contains(&row.id),
    })
}

fn licence(licence: Licence, platform: &Platform) -> Result<LicenceLine> {
    let standing = licence.standing(platform.today())?;
    Ok(LicenceLine {
        id: licence.id,
        name: licence.type_name,
        number: licence.number,
        valid: standing == Standing::Valid,
        status: standing.verdict().into(),
    })
}
