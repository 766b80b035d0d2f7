//! Codes that show a licence.

use licences::service::NewShowing;

use super::*;

fn allowed<'a>(extent: &'a str, looks: i64, nonce: &'a str) -> NewShowing<'a> {
    NewShowing { body: None, purpose: "入职资格审查", extent, hours: 1, looks, nonce }
}

async fn code(here: &Here, licence: Uuid, new: NewShowing<'_>) -> (Uuid, String) {
    let me = citizen(HOLDER);
    let id = service::allow(&here.platform, &me, licence, new).await.unwrap();
    (id, service::my_showing(&here.platform, &me, id).await.unwrap().0.code)
}

#[tokio::test]
async fn a_code_shows_what_the_holder_allowed_as_often_as_allowed() {
    for here in installations().await {
        let platform = &here.platform;
        let licence = issue(&here, &order(10, 1)).await;
        let (_, facts) = code(&here, licence.id, allowed("facts", 1, "a")).await;
        let (_, full) = code(&here, licence.id, allowed("full", 2, "b")).await;
        let anybody = Actor::Anonymous;
        assert_eq!(service::offered(platform, &anybody, &full).await.unwrap().purpose, "入职资格审查");
        assert_eq!(service::look(platform, &anybody, &full, " ", "n0").await.unwrap_err().kind(), Kind::Invalid, "who looks says so");

        let shown = service::look(platform, &anybody, &facts, "示例公司 李某", "n1").await.unwrap();
        assert_eq!((shown.holder.as_str(), shown.items.len(), shown.looks_left), ("唐*兰", 0, 0), "facts only");
        let again = service::look(platform, &anybody, &facts, "示例公司 李某", "n1").await.unwrap();
        assert_eq!(again.look, shown.look, "the page loaded again is the same look");
        assert_eq!(service::look(platform, &anybody, &facts, "示例公司 李某", "n2").await.unwrap_err().code(), "licences.code_used_up");

        let shown = service::look(platform, &anybody, &full, "示例公司 李某", "n3").await.unwrap();
        assert_eq!((shown.holder.as_str(), shown.items.len(), shown.looks_left), ("唐秀兰", 1, 1));
        let spaced = service::look(platform, &anybody, &format!("{} {}", &full[..8], &full[8..]), "示例公司 李某", "n4").await.unwrap();
        assert_eq!(spaced.looks_left, 0, "digits are read as people type them");
        assert_eq!(service::copy(platform, &anybody, spaced.look, &full).await.unwrap_err().code(), "licences.no_copy");

        let uses = service::mine(platform, &citizen(HOLDER), licence.id).await.unwrap().uses;
        assert_eq!(uses.len(), 3, "the holder sees every use");
        assert_eq!(uses[0].actor_name, "示例公司 李某（自述）");
        assert_eq!(service::look(platform, &anybody, "1234567890123456", "示例公司 李某", "n5").await.unwrap_err().kind(), Kind::NotFound);
        assert_eq!(service::look(platform, &anybody, "abc", "示例公司 李某", "n6").await.unwrap_err().kind(), Kind::NotFound);
    }
}

#[tokio::test]
async fn two_at_the_same_moment_do_not_share_one_look() {
    for here in installations().await {
        let platform = &here.platform;
        let licence = issue(&here, &order(10, 1)).await;
        let (_, code) = code(&here, licence.id, allowed("full", 1, "a")).await;
        let (one, two) = tokio::join!(
            service::look(platform, &Actor::Anonymous, &code, "示例公司 李某", "n1"),
            service::look(platform, &Actor::Anonymous, &code, "示例公司 王某", "n2")
        );
        assert_eq!([one.is_ok(), two.is_ok()].iter().filter(|ok| **ok).count(), 1, "{}", here.engine);
    }
}

#[tokio::test]
async fn a_code_ends_by_time_by_word_and_with_the_licence() {
    for here in installations().await {
        let platform = &here.platform;
        let me = citizen(HOLDER);
        let licence = issue(&here, &order(10, 1)).await;
        let (id, taken) = code(&here, licence.id, allowed("full", 5, "a")).await;
        let stranger = citizen(Uuid::from_u128(77));
        assert_eq!(service::take_back(platform, &stranger, id).await.unwrap_err().kind(), Kind::NotFound);
        assert_eq!(service::my_showing(platform, &stranger, id).await.unwrap_err().kind(), Kind::NotFound);
        service::take_back(platform, &me, id).await.unwrap();
        service::take_back(platform, &me, id).await.unwrap(); // twice is once
        assert_eq!(service::look(platform, &Actor::Anonymous, &taken, "示例公司 李某", "n1").await.unwrap_err().code(), "licences.code_taken_back");

        let (_, late) = code(&here, licence.id, allowed("full", 5, "b")).await;
        here.clock.advance(Duration::hours(1));
        assert_eq!(service::look(platform, &Actor::Anonymous, &late, "示例公司 李某", "n2").await.unwrap_err().code(), "licences.code_over");

        here.clock.advance(Duration::days(400));
        assert_eq!(service::allow(platform, &me, licence.id, allowed("full", 1, "c")).await.unwrap_err().code(), "licences.not_in_force");
        assert_eq!(service::allow(platform, &stranger, licence.id, allowed("full", 1, "d")).await.unwrap_err().kind(), Kind::NotFound);
        let nothing = NewShowing { purpose: " ", extent: "all", hours: 0, looks: 99, ..allowed("full", 1, "e") };
        assert_eq!(service::allow(platform, &me, licence.id, nothing).await.unwrap_err().fields().len(), 4);
    }
}

#[tokio::test]
async fn a_code_for_one_body_opens_nothing_for_another() {
    for here in with_bodies().await {
        let platform = &here.platform;
        let (body, clerk, _) = registered(&here).await;
        let licence = issue(&here, &order(10, 1)).await;
        let bound = NewShowing { body: Some(body), ..allowed("full", 5, "a") };
        let (_, code) = code(&here, licence.id, bound).await;
        for other in [Actor::Anonymous, citizen(Uuid::from_u128(77)), staff(Uuid::from_u128(3), MANAGE, Scope::default())] {
            assert_eq!(service::offered(platform, &other, &code).await.unwrap_err().code(), "licences.code_elsewhere");
            assert_eq!(service::look(platform, &other, &code, "示例公司 李某", "n1").await.unwrap_err().code(), "licences.code_elsewhere");
        }
        let shown = service::look(platform, &clerk, &code, "", "n2").await.unwrap();
        assert_eq!(shown.holder, "唐秀兰");
        // The nonce of another's look does not open it.
        assert_eq!(service::look(platform, &Actor::Anonymous, &code, "示例公司 李某", "n2").await.unwrap_err().code(), "licences.code_elsewhere");
        let unknown = NewShowing { body: Some(Uuid::from_u128(5)), ..allowed("full", 5, "b") };
        assert_eq!(service::allow(platform, &citizen(HOLDER), licence.id, unknown).await.unwrap_err().fields()[0].field, "body");
    }
}

#[tokio::test]
async fn a_copy_bears_the_mark_of_its_use() {
    if fonts().is_empty() {
        println!("skipped: no fonts in web/dist/fonts");
        return;
    }
    for here in installations().await {
        let platform = &here.platform;
        let licence = issue(&here, &order(10, 1)).await;
        let (id, code) = code(&here, licence.id, allowed("copy", 1, "a")).await;
        let shown = service::look(platform, &Actor::Anonymous, &code, "示例公司 李某", "n1").await.unwrap();
        let (_, bytes) = service::copy(platform, &Actor::Anonymous, shown.look, &code).await.unwrap();
        assert!(bytes.starts_with(b"%PDF"));
        assert_ne!(bytes, service::file(platform, &licence, Format::Pdf).await.unwrap(), "it is not the licence itself");
        assert_eq!(service::copy(platform, &Actor::Anonymous, shown.look, "1234567890123456").await.unwrap_err().kind(), Kind::NotFound, "without the code");
        let uses = service::mine(platform, &citizen(HOLDER), licence.id).await.unwrap().uses;
        assert!(uses.iter().any(|u| u.purpose.contains("带水印的副本")));
        service::take_back(platform, &citizen(HOLDER), id).await.unwrap();
        assert_eq!(service::copy(platform, &Actor::Anonymous, shown.look, &code).await.unwrap_err().code(), "licences.code_taken_back");
    }
}

#[tokio::test]
async fn many_looks_and_looks_at_night_are_listed() {
    for here in installations().await {
        let platform = &here.platform;
        let licence = issue(&here, &order(10, 1)).await;
        let clerk = manager();
        service::view_for_staff(platform, &clerk, licence.id).await.unwrap();
        assert!(service::unusual(platform, &clerk).await.unwrap().is_empty(), "a look in working time");
        for _ in 0..licences::model::watch::MANY {
            service::view_for_staff(platform, &clerk, licence.id).await.unwrap();
        }
        let found = service::unusual(platform, &clerk).await.unwrap();
        assert_eq!((found.len(), found[0].looks, found[0].off_hours), (1, licences::model::watch::MANY + 1, 0), "{}", here.engine);
        here.clock.advance(Duration::hours(13)); // 23:00
        service::view_for_staff(platform, &manager(), licence.id).await.unwrap();
        let found = service::unusual(platform, &clerk).await.unwrap();
        assert_eq!(found.iter().map(|u| u.off_hours).sum::<i64>(), 1);
        assert!(service::unusual(platform, &reviewer_of(Uuid::from_u128(3))).await.unwrap().is_empty(), "of other bodies nothing");
        assert_eq!(service::unusual(platform, &citizen(HOLDER)).await.unwrap_err().kind(), Kind::Forbidden);
    }
}
