//! The served program as a browser meets it: signing in, guides, uploads, and the answers when something is wrong.

mod common;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use common::World;
use http_body_util::BodyExt;
use metrics_exporter_prometheus::PrometheusBuilder;
use tongban::{demo, serve};
use tower::ServiceExt;

const FOOD: &str = "食品经营许可（首次申请）";

struct Answer {
    status: StatusCode,
    kind: String,
    location: String,
    protected: bool,
    body: String,
}

/// Somebody's browser: keeps cookies, sends forms with the token of the page they stand on.
struct Browser {
    router: Router,
    cookies: Vec<(String, String)>,
}

impl Browser {
    fn at(world: &World) -> Self {
        let metrics = PrometheusBuilder::new().build_recorder().handle();
        Self { router: serve::router(world.program.router.clone(), world.platform().clone(), metrics), cookies: Vec::new() }
    }

    async fn send(&mut self, method: &str, path: &str, kind: &str, body: Vec<u8>) -> Answer {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, cookies.join("; "))
            .header(header::CONTENT_TYPE, kind)
            .body(Body::from(body))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let text = |name| response.headers().get(name).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default();
        let (kind, location) = (text(header::CONTENT_TYPE), text(header::LOCATION));
        for set in response.headers().get_all(header::SET_COOKIE) {
            let (name, value) = set.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
        Answer {
            status: response.status(),
            kind,
            location,
            protected: response.headers().contains_key(header::CONTENT_SECURITY_POLICY),
            body: String::from_utf8_lossy(&response.into_body().collect().await.unwrap().to_bytes()).into_owned(),
        }
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, "text/plain", Vec::new()).await
    }

    async fn sign_in(&mut self, login: &str, password: &str) -> Answer {
        let token = token(&self.get("/login").await.body);
        let encoded = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
        let form = format!("_token={}&login={}&password={}", encoded(&token), encoded(login), encoded(password));
        self.send("POST", "/login", "application/x-www-form-urlencoded", form.into_bytes()).await
    }

    /// Uploads one file to a material's page with this token.
    async fn upload(&mut self, path: &str, token: &str, field: &str, name: &str, content: &str) -> Answer {
        let part = |name: &str, more: &str, value: &str| format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{value}\r\n");
        let body = format!("{}{}--b--\r\n", part("_token", "", token), part(field, &format!("; filename=\"{name}\""), content));
        self.send("POST", path, "multipart/form-data; boundary=b", body.into_bytes()).await
    }
}

fn token(page: &str) -> String {
    page.split("name=\"_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a form").to_owned()
}

#[tokio::test]
async fn operators_are_answered_and_unknown_addresses_get_the_pages_own_answers() {
    let world = World::on(testing::sqlite()).await;
    let mut browser = Browser::at(&world);
    for (path, words) in [("/healthz", "ok"), ("/readyz", "ready")] {
        let answer = browser.get(path).await;
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, words));
    }
    assert_eq!(browser.get("/metrics").await.status, StatusCode::OK);
    // in the served program, not only in the router of the pages
    let lost = browser.get("/no/such/page").await;
    assert_eq!(lost.status, StatusCode::NOT_FOUND);
    assert!(lost.body.contains("没有找到") && lost.protected, "{}", lost.body);
    let program = browser.get("/api/no/such").await;
    assert_eq!((program.status, program.kind.as_str()), (StatusCode::NOT_FOUND, "application/problem+json"));
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
        let draft = firm.get(&format!("/apply/{item}")).await.location;
        assert!(draft.starts_with("/apply/drafts/"), "{engine}: {draft}");
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
