//! Notices on both engines.

use access::{Actor, Grant, Scope, Staff};
use base::Kind;
use chrono::Duration;
use db::Cursor;
use hall::service::notices::{self, NewNotice};
use hall::store::{self, Notice};

#[tokio::test]
async fn demonstration_notices_come_newest_first() {
    for here in testhouse::installations(&[store::migrations()]).await {
        let platform = &here.platform;
        let tx = platform.db.begin().await.unwrap();
        hall::load_demo(&tx, platform.now()).await.unwrap();
        tx.commit().await.unwrap();
        let found = store::notices(platform.db.read(), None, 20).await.unwrap();
        assert_eq!(found.items.len(), 3);
        assert!(found.next.is_none());
        assert!(found.items.windows(2).all(|w| w[0].published_at > w[1].published_at));
        assert!(found.items.iter().all(|n| n.title.contains("演示") && n.body.lines().count() >= 3), "synthetic, and said to be so");
        let first = &found.items[0];
        assert_eq!(store::notice(platform.db.read(), first.id).await.unwrap().as_ref(), Some(first));
    }
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repeat() {
    for here in testhouse::installations(&[store::migrations()]).await {
        let platform = &here.platform;
        let tx = platform.db.begin().await.unwrap();
        for n in 0..7 {
            // Pairs share a moment, so that the position needs the identifier too.
            let published_at = platform.now() - Duration::days(n / 2);
            let notice = Notice { id: base::new_id(), title: n.to_string(), source: "演示".into(), body: "正文".into(), published_at };
            store::insert_notice(&tx, &notice).await.unwrap();
        }
        tx.commit().await.unwrap();
        let mut seen = testing::there_and_back(async |at: Option<Cursor>| {
            let page = store::notices(platform.db.read(), at.as_ref(), 3).await.unwrap();
            (page.items.into_iter().map(|n| n.title).collect::<Vec<_>>(), page.previous, page.next)
        })
        .await;
        assert_eq!(seen.len(), 7);
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 7);
        let forged = store::notices(platform.db.read(), Some(&Cursor::from_param("zz")), 3).await.unwrap_err();
        assert_eq!(forged.kind(), Kind::NotFound);
    }
}

fn editor(prefix: &str) -> Actor {
    Actor::Staff(Staff {
        account: base::new_id(),
        staff: base::new_id(),
        name: "演示人员".into(),
        body: base::new_id(),
        body_name: "桂林市政务服务中心（演示）".into(),
        region: "450300000000".into(),
        posts: vec!["公告编辑".into()],
        own_party: None,
        grants: vec![Grant { permission: hall::PUBLISH.name.into(), scope: Scope::region(prefix) }],
        deputy: access::Deputy::default(),
    })
}

fn written() -> NewNotice {
    NewNotice { title: "窗口搬迁通知（演示）".into(), source: "演示单位".into(), body: "不动产登记窗口搬到二楼东区。".into() }
}

#[tokio::test]
async fn a_notice_is_published_once_journalled_and_withdrawn() {
    for here in testhouse::installations(&[store::migrations()]).await {
        let (platform, actor) = (&here.platform, editor("4503"));
        for _ in 0..2 {
            notices::publish(platform, &actor, "the same form", &written()).await.unwrap();
        }
        let public = || async { store::notices(platform.db.read(), None, 20).await.unwrap().items };
        let found = public().await;
        assert_eq!(found.len(), 1, "sent twice, published once");
        notices::withdraw(platform, &actor, found[0].id).await.unwrap();
        assert!(public().await.is_empty());
        assert!(store::notice(platform.db.read(), found[0].id).await.unwrap().is_none());
        let again = notices::withdraw(platform, &actor, found[0].id).await.unwrap_err();
        assert_eq!(again.kind(), Kind::Conflict);
        let acts: Vec<String> = journal::entries(platform.db.read(), found[0].id).await.unwrap().into_iter().map(|e| e.act).collect();
        assert_eq!(acts, ["hall.publish", "hall.withdraw"]);
    }
}

#[tokio::test]
async fn only_editors_of_this_place_publish_and_only_whole_notices() {
    for here in testhouse::installations(&[store::migrations()]).await {
        let platform = &here.platform;
        for (actor, kind) in [(Actor::Anonymous, Kind::Unauthenticated), (editor("4504"), Kind::Forbidden), (editor("450302"), Kind::Forbidden)] {
            let error = notices::publish(platform, &actor, "n", &written()).await.unwrap_err();
            assert_eq!(error.kind(), kind);
        }
        let error = notices::publish(platform, &editor("4503"), "n", &NewNotice::default()).await.unwrap_err();
        let fields: Vec<&str> = error.fields().iter().map(|f| f.field.as_str()).collect();
        assert_eq!(fields, ["title", "source", "body"]);
        assert!(store::notices(platform.db.read(), None, 20).await.unwrap().items.is_empty());
    }
}
