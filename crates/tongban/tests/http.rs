//! The served program as a browser meets it: signing in, guides, uploads, and the answers when something is wrong.

mod common;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use common::{Browser, World, token};
use metrics_exporter_prometheus::PrometheusBuilder;
use tongban::{demo, serve};
use tower::ServiceExt;

const FOOD: &str = "食品经营许可（首次申请）";

#[tokio::test]
async fn operators_are_answered_and_unknown_addresses_get_the_pages_own_answers() {
    let world = World::on(testing::sqlite()).await;
    let mut browser = Browser::at(&world);
    for (path, words) in [("/healthz", "ok"), ("/readyz", "ready")] {
        let answer = browser.get(path).await;
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, words));
    }
    // metrics are not for everybody: they have an address of their own
    assert_eq!(browser.get("/metrics").await.status, StatusCode::NOT_FOUND);
    let recorder = PrometheusBuilder::new().build_recorder();
    let request = Request::get("/metrics").body(Body::empty()).unwrap();
    let metrics = serve::metrics_router(recorder.handle()).oneshot(request).await.unwrap();
    assert_eq!(metrics.status(), StatusCode::OK);
    let other = serve::metrics_router(recorder.handle()).oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(other.status(), StatusCode::NOT_FOUND, "and nothing else is there");
    // in the served program, not only in the router of the pages
    let lost = browser.get("/no/such/page").await;
    assert_eq!(lost.status, StatusCode::NOT_FOUND);
    assert!(lost.body.contains("没有找到") && lost.headers.contains_key(header::CONTENT_SECURITY_POLICY), "{}", lost.body);
    let program = browser.get("/api/no/such").await;
    assert_eq!((program.status, program.headers[header::CONTENT_TYPE].to_str().unwrap()), (StatusCode::NOT_FOUND, "application/problem+json"));
}

#[tokio::test]
async fn everybody_signs_in_to_their_own_side() {
    for world in World::both().await {
        let mut stranger = Browser::at(&world);
        let wrong = stranger.sign_in("window01", "Guilin@2025").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", world.engine);
        assert_eq!(stranger.get("/work").await.location, "/login?next=%2Fwork");

        let mut staff = Browser::at(&world);
        let welcome = staff.sign_in("window01", demo::PASSWORD).await;
        assert_eq!((welcome.status, welcome.location.as_str()), (StatusCode::SEE_OTHER, "/work"), "{}", world.engine);
        assert_eq!(staff.get("/work").await.status, StatusCode::OK);
        assert_eq!(staff.get("/my").await.status, StatusCode::FORBIDDEN, "staff have no affairs of a party");
        assert_eq!(staff.get("/supervision/").await.status, StatusCode::NOT_FOUND);
        assert_eq!(staff.get("/work/supervision").await.status, StatusCode::FORBIDDEN, "a window does not supervise");

        let (number, _) = demo::accounts().remove(0);
        let mut citizen = Browser::at(&world);
        let welcome = citizen.sign_in(&number, demo::PASSWORD).await;
        assert_eq!((welcome.status, welcome.location.as_str()), (StatusCode::SEE_OTHER, "/my"), "{}", world.engine);
        assert_eq!(citizen.get("/my").await.status, StatusCode::OK);
        assert_eq!(citizen.get("/work").await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn every_demonstration_account_opens() {
    let world = World::on(testing::sqlite()).await;
    for (login, label) in demo::accounts() {
        let answer = Browser::at(&world).sign_in(&login, demo::PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{login} {label}");
    }
}

#[tokio::test]
async fn a_guide_leads_to_an_application_that_takes_only_readable_files() {
    for world in World::both().await {
        let engine = world.engine;
        let item = world.item(FOOD);
        let mut firm = Browser::at(&world);
        let guide = firm.get(&format!("/items/{item}")).await;
        assert_eq!(guide.status, StatusCode::OK);
        assert!(guide.body.contains(FOOD) && guide.body.contains(&format!("/apply/{item}")), "{engine}");

        let (code, _) = demo::accounts().into_iter().find(|(_, label)| label.starts_with("法人")).unwrap();
        assert_eq!(firm.sign_in(&code, demo::PASSWORD).await.status, StatusCode::SEE_OTHER);
        let questions = firm.get(&format!("/apply/{item}")).await.location;
        let draft = questions.trim_end_matches("/situation").to_owned();
        assert!(draft.starts_with("/apply/drafts/") && draft != questions, "{engine}: {questions}: the situation is asked first");
        let published = catalog::published(world.platform(), item).await.unwrap();
        let n = published.spec.materials.iter().position(|m| m.exempt.is_empty()).expect("a material to hand in");
        let (page, field) = (format!("{draft}/materials/{n}"), format!("material_{n}"));

        let token = token(&firm.get(&page).await.body);
        let refused = firm.upload(&page, &token, &field, "a.pdf", "<html><script>alert(1)</script></html>").await;
        assert!(refused.body.contains("不是可以接收的类型"), "{engine}: {}", refused.body);
        assert!(!firm.get(&page).await.body.contains("a.pdf"), "{engine}: nothing was kept");
        let foreign = firm.upload(&page, "forged", &field, "b.pdf", "%PDF-1.4\n").await;
        assert_eq!(foreign.status, StatusCode::FORBIDDEN, "{engine}");
        let taken = firm.upload(&page, &token, &field, "c.pdf", "%PDF-1.4\n%%EOF\n").await;
        assert_eq!((taken.status, taken.location.as_str()), (StatusCode::SEE_OTHER, page.as_str()), "{engine}");
        assert!(firm.get(&page).await.body.contains("c.pdf"), "{engine}");

        // another party does not even learn that it is there
        let (other, _) = demo::accounts().into_iter().filter(|(_, label)| label.starts_with("法人")).nth(1).unwrap();
        let mut stranger = Browser::at(&world);
        stranger.sign_in(&other, demo::PASSWORD).await;
        assert_eq!(stranger.get(&draft).await.status, StatusCode::NOT_FOUND, "{engine}");
    }
}

#[tokio::test]
async fn only_a_trusted_proxy_says_who_calls_and_whether_over_tls() {
    let world = World::on(testing::sqlite()).await;
    let proxied = |peer: [u8; 4]| {
        let mut browser = Browser::at(&world);
        browser.peer = (peer, 40_000).into();
        browser.extra = vec![("x-forwarded-for", "192.0.2.66, 203.0.113.9".into()), ("x-forwarded-proto", "https".into())];
        browser
    };
    let mut behind = proxied([127, 0, 0, 1]);
    let welcome = behind.sign_in("window01", demo::PASSWORD).await;
    assert!(welcome.headers.get_all(header::SET_COOKIE).iter().all(|c| c.to_str().unwrap().contains("; Secure")));
    let account = behind.get("/work/account").await.body;
    assert!(account.contains("203.0.113.9") && !account.contains("192.0.2.66"), "what the caller wrote is not believed");

    let mut direct = proxied([198, 51, 100, 7]);
    let welcome = direct.sign_in("handler01", demo::PASSWORD).await;
    assert!(welcome.headers.get_all(header::SET_COOKIE).iter().all(|c| !c.to_str().unwrap().contains("; Secure")));
    let account = direct.get("/work/account").await.body;
    assert!(account.contains("198.51.100.7") && !account.contains("203.0.113.9"), "nobody in particular is believed");
}
