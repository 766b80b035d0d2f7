//! The figures of the day, counted from events on both engines.

use chrono::{Duration, NaiveDate};
use hall::model::figures::{CaseNews, Figures};
use hall::model::place;
use hall::service::daily;
use hall::store;
use jobs::{Event, Runner, Wake};
use platform::Platform;
use serde::Serialize;
use uuid::Uuid;

/// As `cases` tells it; the hall must not need more than it reads.
#[derive(Serialize)]
struct Told {
    #[serde(skip)]
    topic: &'static str,
    case_id: Uuid,
    case_no: &'static str,
    region: &'static str,
    at: chrono::DateTime<chrono::Utc>,
    promised_due: Option<NaiveDate>,
}

impl Event for Told {
    fn topic(&self) -> &'static str {
        self.topic
    }
}

async fn tell(platform: &Platform, topic: &'static str, region: &'static str, due: Option<&str>) {
    let due = due.map(|d| d.parse().unwrap());
    let told = Told { topic, case_id: base::new_id(), case_no: "450300", region, at: platform.now(), promised_due: due };
    let tx = platform.db.begin().await.unwrap();
    jobs::emit(&tx, &told, platform.now()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn drain(platform: &Platform) {
    let system = hall::system(platform);
    Runner::new(platform.db.clone(), platform.clock.clone(), vec![], system.subscriptions, Wake::default()).drain().await.unwrap();
}

async fn today(platform: &Platform, region: &str) -> Figures {
    store::figures(platform.db.read(), platform.today(), &place::range(region)).await.unwrap()
}

#[tokio::test]
async fn events_are_counted_by_day_and_by_place() {
    for here in testhouse::installations(&[store::migrations()]).await {
        let platform = &here.platform;
        tell(platform, "cases.submitted", "450300000000", None).await;
        tell(platform, "cases.submitted", "450302000000", None).await;
        tell(platform, "cases.accepted", "450302000000", None).await;
        tell(platform, "cases.decided", "450302001000", Some("2026-11-24")).await;
        tell(platform, "cases.decided", "450302001000", Some("2026-11-23")).await;
        tell(platform, "cases.submitted", "450400000000", None).await;
        drain(platform).await;
        assert_eq!(today(platform, "450300000000").await, Figures { applied: 2, decided: 2, on_time: 1 });
        assert_eq!(today(platform, "450302000000").await, Figures { applied: 1, decided: 2, on_time: 1 });
        assert_eq!(today(platform, "450302001000").await, Figures { applied: 0, decided: 2, on_time: 1 });
        assert_eq!(today(platform, "450303000000").await, Figures::default());
        here.clock.advance(Duration::hours(15));
        assert_eq!(today(platform, "450300000000").await, Figures::default(), "a new day begins at midnight in China");
    }
}

#[tokio::test]
async fn an_event_told_twice_counts_once() {
    for here in testhouse::installations(&[store::migrations()]).await {
        let platform = &here.platform;
        let news = CaseNews { case_id: base::new_id(), region: "450300000000".into(), at: platform.now(), promised_due: None };
        for _ in 0..3 {
            daily::count(platform, "cases.submitted", &news).await.unwrap();
        }
        daily::count(platform, "cases.decided", &news).await.unwrap();
        assert_eq!(today(platform, "450300000000").await, Figures { applied: 1, decided: 1, on_time: 1 });
    }
}

#[tokio::test]
async fn events_at_the_same_moment_are_all_counted() {
    for here in testhouse::installations(&[store::migrations()]).await {
        let platform = &here.platform;
        let one = || async {
            let news = CaseNews { case_id: base::new_id(), region: "450300000000".into(), at: platform.now(), promised_due: None };
            daily::count(platform, "cases.submitted", &news).await.unwrap();
        };
        futures::future::join_all((0..20).map(|_| one())).await;
        assert_eq!(today(platform, "450300000000").await.applied, 20);
    }
}
