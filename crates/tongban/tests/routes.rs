//! Every route declares whom it is for, and keeps to it.

mod common;

use std::collections::HashSet;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use common::World;
use http_body_util::BodyExt;
use tower::ServiceExt;
use web::Policy;

/// Routes anybody may use. A new one is added here on purpose, or the test fails.
const PUBLIC: &[&str] = &include!("public_routes.in");

async fn answer(world: &World, request: Request<Body>) -> (StatusCode, String) {
    let response = world.program.router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8_lossy(&bytes).into_owned())
}

fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn every_route_has_a_policy_or_is_on_the_public_list() {
    let world = World::on(testing::sqlite()).await;
    let mut seen = HashSet::new();
    for route in &world.program.routes {
        assert!(seen.insert((route.method, route.path)), "{} {} stands twice", route.method, route.path);
        let listed = PUBLIC.contains(&route.path);
        assert_eq!(route.policy == Policy::Public, listed, "{} {}: the list of public routes disagrees", route.method, route.path);
    }
    for path in PUBLIC {
        assert!(world.program.routes.iter().any(|r| r.path == *path), "{path} is listed but not there");
    }
}

#[tokio::test]
async fn nobody_signed_in_gets_no_page_of_staff_or_parties_and_no_page_breaks() {
    let world = World::on(testing::sqlite()).await;
    for route in world.program.routes.iter().filter(|r| r.method == "GET") {
        let path = route.path.replace("{*path}", "app.css");
        let path = regexless(&path);
        let (status, _) = answer(&world, get(&path)).await;
        assert!(!status.is_server_error(), "{path}: {status}");
        if route.policy != Policy::Public {
            assert_eq!(status, StatusCode::SEE_OTHER, "{path} must ask to sign in");
        }
    }
}

/// Every `{parameter}` replaced by an identifier that does not exist.
fn regexless(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').map(|part| if part.starts_with('{') { "01890000-0000-7000-8000-000000000000" } else { part }).collect();
    parts.join("/")
}

#[tokio::test]
async fn forms_from_elsewhere_or_without_token_are_refused() {
    let world = World::on(testing::sqlite()).await;
    let post = |headers: &[(&str, &str)], body: &'static str| {
        let mut request = Request::post("/login").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").header(header::HOST, "hall.test");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Body::from(body)).unwrap()
    };
    for request in [
        post(&[], "login=a&password=b"),
        post(&[], "_token=forged&login=a&password=b"),
        post(&[("sec-fetch-site", "cross-site")], "login=a"),
        post(&[("origin", "https://evil.test")], "login=a"),
    ] {
        let (status, body) = answer(&world, request).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        assert!(body.contains("返回") || body.contains("拒绝"), "the page says what to do");
    }
}

#[tokio::test]
async fn programs_get_problem_details_and_people_get_pages() {
    let world = World::on(testing::sqlite()).await;
    let response = world.program.router.clone().oneshot(get("/api/items/01890000-0000-7000-8000-000000000000")).await.unwrap();
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
    let (status, body) = answer(&world, get("/no/such/page")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(body.contains("没有找到"), "{body}");
    let (status, body) = answer(&world, get("/")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("您要办什么事") && body.contains("演示数据"));
    let (status, body) = answer(&world, get("/search?q=%E9%A3%9F%E5%93%81%E7%BB%8F%E8%90%A5")).await;
    assert_eq!(status, StatusCode::OK);
    let plain = body.replace("<mark>", "").replace("</mark>", "");
    assert!(plain.contains("食品经营许可（首次申请）"), "{plain}");
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let world = World::on(testing::sqlite()).await;
    let response = world.program.router.clone().oneshot(get("/")).await.unwrap();
    let csp = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(csp.contains("default-src 'self'") && !csp.contains("unsafe"));
    assert_eq!(response.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    let body = String::from_utf8_lossy(&response.into_body().collect().await.unwrap().to_bytes()).into_owned();
    assert!(!body.contains(" style=") && !body.contains("<script>"), "nothing inline");
}
