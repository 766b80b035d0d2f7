//! Rating a case: freely, once, by its own party, after its end.

use access::Actor;
use base::{Error, Result, local_date, new_id};
use chrono::{DateTime, Utc};
use db::{Idempotency, Tx};
use journal::Draft;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;

use crate::events::{ReviewEvent, ReviewEventKind};
use crate::model::{Channel, Dues, Stage, Tally, check_rating, is_bad, level_name};
use crate::store::{self, Rectification, Review, Reviewable};

/// A rating as it came.
#[derive(Debug, Clone)]
pub struct RatingInput {
    /// Stars, if any were chosen.
    pub stars: Option<u8>,
    /// Codes of the sentences ticked.
    pub options: Vec<String>,
    /// The comment.
    pub text: String,
    /// Where it was given.
    pub channel: Channel,
    /// Whether it is a further rating (追评) of a case rated already.
    pub followup: bool,
}

/// What the page of a case's rating shows.
#[derive(Debug, Clone)]
pub struct RatingPage {
    /// The case.
    pub case: Reviewable,
    /// Ratings given so far.
    pub reviews: Vec<Review>,
    /// What became of a bad one.
    pub task: Option<Rectification>,
}

/// The rating of the party's own case.
///
/// # Errors
/// [`base::Kind::NotFound`] for anybody else's case.
pub async fn rating_page(platform: &Platform, actor: &Actor, case: Uuid) -> Result<RatingPage> {
    let conn = platform.db.read();
    let case = own(actor, store::reviewable(conn, case).await?)?;
    Ok(RatingPage { reviews: store::reviews_of(conn, case.case_id).await?, task: store::rectification_of_case(conn, case.case_id).await?, case })
}

fn own(actor: &Actor, case: Option<Reviewable>) -> Result<Reviewable> {
    let party = actor.party()?.party;
    case.filter(|case| case.party_id == party).ok_or_else(|| Error::not_found("没有找到这个办件，请到“我的办件”里查看。"))
}

/// Rates a case. `nonce` makes the same form sent twice one rating.
///
/// # Errors
/// [`base::Kind::Forbidden`] to staff, [`base::Kind::NotFound`] for anybody else's case, [`base::Kind::Refused`] before its
/// end, [`base::Kind::Invalid`] for sentences of another level, [`base::Kind::Conflict`] when it was rated already.
pub async fn rate(platform: &Platform, actor: &Actor, case: Uuid, input: &RatingInput, nonce: &str) -> Result<()> {
    actor.party()?;
    let now = platform.now();
    let tx = platform.db.begin().await?;
    let case = own(actor, store::reviewable(&*tx, case).await?)?;
    if case.ended_at.is_none() {
        return Err(Error::refused("reviews.not_ended", "办件还没有办结，办结后才能评价。"));
    }
    let rating = check_rating(input.stars, &input.options, &input.text).map_err(Error::invalid)?;
    if db::idempotent(&tx, "reviews.rate", nonce, &case.case_id.to_string(), now).await? != Idempotency::First {
        return Ok(());
    }
    let given = store::reviews_of(&*tx, case.case_id).await?.len();
    let seq = match (given, input.followup) {
        (0, false) => 1,
        (1, true) => 2,
        (0, true) => return Err(Error::refused("reviews.nothing_to_follow", "请先评价，再追加评价。")),
        (1, false) => return Err(Error::conflict("reviews.given", "您已经评价过这个办件。如有补充，可以追加评价一次。")),
        _ => return Err(Error::conflict("reviews.given_twice", "您已经评价并追加评价过这个办件，不能再次评价。")),
    };
    let review = Review {
        id: new_id(),
        case_id: case.case_id,
        seq,
        event: if seq == 1 { "case" } else { "followup" }.to_owned(),
        stars: i32::from(rating.stars),
        options: rating.options.join(","),
        text: rating.text,
        channel: input.channel.as_str().to_owned(),
        party_id: case.party_id,
        item_id: case.item_id,
        item_name: case.item_name.clone(),
        body_id: case.body_id,
        body_name: case.body_name.clone(),
        region: case.region.clone(),
        wrong: false,
        made_at: now,
    };
    store::insert_review(&tx, &review).await?;
    let mut tally = if seq == 1 { Tally::first(rating.stars) } else { Tally { followups: 1, ..Tally::default() } };
    let label = format!("{}：{}", if seq == 1 { "评价" } else { "追加评价" }, level_name(rating.stars));
    let entry = Draft::new("reviews.rate", label, json!({ "stars": rating.stars, "options": rating.options, "commented": !review.text.is_empty() }));
    journal::append(&tx, case.case_id, actor, now, entry).await?;
    tell(&tx, ReviewEventKind::Made, &review, None, now).await?;
    if is_bad(rating.stars) {
        tally.opened = 1;
        open_task(platform, &tx, &case, &review, now).await?;
    }
    store::add(&tx, (case.body_id, &case.body_name), case.item_id, &case.region, local_date(now), &tally).await?;
    tx.commit().await?;
    platform.wake.notify();
    Ok(())
}

async fn open_task(platform: &Platform, tx: &Tx, case: &Reviewable, review: &Review, now: DateTime<Utc>) -> Result<()> {
    let dues = Dues::from(local_date(now), false, platform.calendar)?;
    let task = Rectification {
        id: new_id(),
        review_id: review.id,
        case_id: case.case_id,
        case_no: case.case_no.clone(),
        party_id: case.party_id,
        item_id: case.item_id,
        item_name: case.item_name.clone(),
        body_id: case.body_id,
        body_name: case.body_name.clone(),
        region: case.region.clone(),
        stage: Stage::ToVerify.as_str().to_owned(),
        open: true,
        complex: false,
        contact_due: dues.contact.to_string(),
        rectify_due: dues.rectify.to_string(),
        opened_at: now,
        finding: None,
        contacted_at: None,
        appeal: None,
        appealed_at: None,
        ruling: None,
        ruled_at: None,
        reply: None,
        replied_at: None,
        revisit: None,
        satisfied: None,
        revisited_at: None,
        closing: None,
        closed_at: None,
        version: 1,
    };
    store::insert_rectification(tx, &task).await?;
    tell(tx, ReviewEventKind::Opened, review, Some(dues.rectify), now).await
}

pub(crate) async fn tell(tx: &Tx, kind: ReviewEventKind, review: &Review, due: Option<chrono::NaiveDate>, at: DateTime<Utc>) -> Result<()> {
    let event = ReviewEvent { kind, case_id: review.case_id, body_id: review.body_id, region: review.region.clone(), stars: review.stars(), due, at };
    jobs::emit(tx, &event, at).await
}
