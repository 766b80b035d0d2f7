//! Which cases wait for a rating, on both engines, whatever the order of the news.

use base::new_id;
use chrono::Duration;
use hall::service::ratings;
use hall::store;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;

/// Tells the subscriber as the outbox would.
async fn hear(platform: &Platform, topic: &str, case: Uuid, party: Option<Uuid>) {
    let payload = json!({ "topic": topic, "event": { "case_id": case, "party_id": party, "at": platform.now(), "stars": 5 } });
    let tx = platform.db.begin().await.unwrap();
    jobs::enqueue(&tx, jobs::NewJob::now("event:hall.ratings", payload, platform.now()), platform.now()).await.unwrap();
    tx.commit().await.unwrap();
    let subscriptions = hall::system(platform).subscriptions;
    jobs::Runner::new(platform.db.clone(), platform.clock.clone(), vec![], subscriptions, jobs::Wake::default()).drain().await.unwrap();
}

#[tokio::test]
async fn an_ended_case_asks_until_it_is_rated_or_a_month_has_passed() {
    for here in testhouse::installations(&[store::migrations()]).await {
        let (platform, me) = (&here.platform, new_id());
        let (mine, theirs, refused) = (new_id(), new_id(), new_id());
        hear(platform, "cases.decided", mine, Some(me)).await;
        hear(platform, "cases.decided", mine, Some(me)).await;
        hear(platform, "cases.decided", theirs, Some(new_id())).await;
        hear(platform, "cases.not_accepted", refused, Some(me)).await;
        let mut waiting = ratings::waiting(platform, me).await.unwrap();
        waiting.sort();
        let mut expected = vec![mine, refused];
        expected.sort();
        assert_eq!(waiting, expected);
        hear(platform, "reviews.made", mine, None).await;
        assert_eq!(ratings::waiting(platform, me).await.unwrap(), [refused]);
        here.clock.advance(Duration::days(31));
        assert!(ratings::waiting(platform, me).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_rating_heard_before_the_end_still_counts() {
    for here in testhouse::installations(&[store::migrations()]).await {
        let (platform, me, case) = (&here.platform, new_id(), new_id());
        hear(platform, "reviews.made", case, None).await;
        hear(platform, "cases.decided", case, Some(me)).await;
        assert!(ratings::waiting(platform, me).await.unwrap().is_empty());
    }
}
