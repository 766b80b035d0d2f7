//! The pages and the open interface over HTTP, as a browser and as a program.

mod common;

use std::sync::Arc;

use access::{Actor, Scope};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use catalog::{EDIT, REVIEW, service};
use common::{CITY, Here, body, installations, spec, staff};
use http_body_util::BodyExt;
use tower::ServiceExt;
use uuid::Uuid;
use web::{App, Authenticator, Session};

/// Every session belongs to this actor.
struct Always(Actor);

#[async_trait::async_trait]
impl Authenticator for Always {
    async fn authenticate(&self, _token: &str) -> base::Result<Option<Session>> {
        Ok(Some(Session { id: Uuid::nil(), actor: self.0.clone(), first: None }))
    }
}

fn program(here: &Here, actor: &Actor) -> Router {
    let system = catalog::system(&here.platform);
    let app = App {
        platform: here.platform.clone(),
        authenticator: Arc::new(Always(actor.clone())),
        nav: Arc::new(system.nav),
        regions: Arc::default(),
        version: "test".into(),
    };
    web::router(app, system.routes)
}

async fn send(router: &Router, method: &str, path: &str, content: (&str, String)) -> (StatusCode, String) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::COOKIE, format!("{}={}", web::SESSION_COOKIE, "a".repeat(64)))
        .header(header::CONTENT_TYPE, content.0)
        .body(Body::from(content.1))
        .unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let location = response.headers().get(header::LOCATION).map(|l| l.to_str().unwrap().to_owned());
    let text = String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap();
    (status, location.unwrap_or(text))
}

async fn get(router: &Router, path: &str) -> (StatusCode, String) {
    send(router, "GET", path, ("text/plain", String::new())).await
}

async fn post(router: &Router, page: &str, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
    let mut pairs = vec![("_token", token(page))];
    pairs.extend(fields.iter().map(|(k, v)| (*k, (*v).to_owned())));
    let encoded = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
    let content = pairs.iter().map(|(k, v)| format!("{}={}", encoded(k), encoded(v))).collect::<Vec<_>>().join("&");
    send(router, "POST", path, ("application/x-www-form-urlencoded", content)).await
}

fn token(page: &str) -> String {
    page.split("name=\"_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a form").to_owned()
}

#[tokio::test]
async fn an_item_goes_through_the_workbench_to_the_public() {
    for here in installations().await {
        let own = body("测试市测试局", CITY, 1);
        let (editor, reviewer) = (staff("编制员", &[EDIT], Scope::body(own.id)), staff("审核员", &[REVIEW], Scope::region("4503")));
        let (desk, review, anyone) = (program(&here, &editor), program(&here, &reviewer), program(&here, &Actor::Anonymous));
        assert!(get(&desk, "/work/items").await.1.contains("没有符合条件的事项"), "the empty state");
        assert_eq!(get(&anyone, "/work/items").await.0, StatusCode::SEE_OTHER, "to the sign-in page");

        let id = service::create_draft(&here.platform, &editor, &own, "", service::blank_spec("测试经营许可", "000131012001")).await.unwrap();
        let path = format!("/work/items/{id}");
        let (status, overview) = get(&desk, &format!("{path}/edit")).await;
        assert!(status == StatusCode::OK && overview.contains("处须补充或改正"), "{overview}");
        assert!(overview.contains(&format!("{path}/edit/place#phone")), "what is missing leads to its field");
        assert_eq!(get(&desk, &format!("{path}/edit/nowhere")).await.0, StatusCode::NOT_FOUND);
        let (status, edit) = get(&desk, &format!("{path}/edit/materials")).await;
        assert_eq!(status, StatusCode::OK);
        let (_, more) = post(&desk, &edit, &format!("{path}/edit/materials"), &[("lock", "0"), ("act", "add_material"), ("materials", "0")]).await;
        assert!(more.contains("name=\"m0_name\""), "a row more, without scripts");
        let (status, wrong) = post(&desk, &edit, &format!("{path}/edit/handling"), &[("lock", "0"), ("visits", "很多")]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.contains("处需要修改") && wrong.contains("href=\"#visits\""));
        let (_, shown) = get(&desk, &path).await;
        assert!(shown.contains("须改正"), "what is missing is listed");
        let (status, refused) = post(&desk, &shown, &format!("{path}/submit"), &[("lock", "0")]).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && refused.contains("不能提交审核"));

        // one section saved leaves the others alone and leads to the next, or back to the list
        let place = [("lock", "0"), ("place", "测试市政务服务中心一楼"), ("hours", "工作日 9:00-12:00"), ("phone", "0773-2812345")];
        let saved = post(&desk, &edit, &format!("{path}/edit/place"), &place).await;
        assert_eq!(saved, (StatusCode::SEE_OTHER, format!("{path}/edit")), "the last one leads back");
        let (_, kept) = get(&desk, &format!("{path}/edit/identity")).await;
        assert!(kept.contains("测试经营许可") && kept.contains("value=\"1\""), "the name is still there");
        let stale = post(&desk, &edit, &format!("{path}/edit/place"), &place).await;
        assert_eq!(stale.0, StatusCode::CONFLICT, "somebody saved meanwhile");
        let identity = [("lock", "1"), ("name", "测试经营许可"), ("base_code", "000131012001"), ("kind", "01"), ("level", "3"), ("authority_source", "法定本级行使")];
        let saved = post(&desk, &edit, &format!("{path}/edit/identity"), &identity).await;
        assert!(saved.0 == StatusCode::SEE_OTHER && saved.1 == format!("{path}/edit/handling"), "{saved:?}");

        service::save_draft(&here.platform, &editor, id, 2, spec()).await.unwrap();
        let (_, shown) = get(&desk, &path).await;
        assert_eq!(post(&desk, &shown, &format!("{path}/submit"), &[("lock", "3")]).await, (StatusCode::SEE_OTHER, path.clone()));
        let (_, shown) = get(&review, &path).await;
        assert!(shown.contains("审核通过并发布"));
        let (status, again) = post(&review, &shown, &format!("{path}/reject"), &[("lock", "4"), ("reasons", " ")]).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && again.contains("href=\"#reasons\""));
        assert_eq!(post(&review, &shown, &format!("{path}/publish"), &[("lock", "4")]).await.0, StatusCode::SEE_OTHER);

        let (status, json) = get(&anyone, &format!("/api/items/{id}")).await;
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!((status, json["spec"]["name"].as_str()), (StatusCode::OK, Some("测试经营许可")));
        let (_, list) = get(&anyone, "/api/items?size=1").await;
        assert!(list.contains(&id.to_string()) && list.contains("\"next\":null"), "{list}");
        assert_eq!(get(&anyone, &format!("/api/items/{}", Uuid::nil())).await.0, StatusCode::NOT_FOUND);
        let (status, problem) = get(&anyone, "/api/items/x").await;
        assert!(status == StatusCode::NOT_FOUND && problem.contains("\"code\":\"not_found\""), "{problem}");
        let (status, problem) = get(&anyone, "/api/items?body=x").await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && problem.contains("form.invalid"), "{problem}");
        let (status, blank) = get(&anyone, &format!("/items/{id}/forms/1")).await;
        assert!(status == StatusCode::OK && blank.contains("签名或盖章"), "{blank}");
        assert_eq!(get(&anyone, &format!("/items/{id}/forms/0")).await.0, StatusCode::NOT_FOUND);
        assert!(get(&desk, "/work/items?status=published").await.1.contains("测试经营许可"));

        let (_, shown) = get(&review, &path).await;
        assert_eq!(post(&review, &shown, &format!("{path}/state"), &[("to", "cancelled"), ("reason", "取消")]).await.0, StatusCode::SEE_OTHER);
        let (status, problem) = get(&anyone, &format!("/api/items/{id}")).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && problem.contains("catalog.cancelled"), "{problem}");
    }
}

#[tokio::test]
async fn a_list_is_uploaded_and_what_was_kept_aside_downloaded() {
    for here in installations().await {
        let editor = staff("编制员", &[EDIT], Scope::default());
        let desk = program(&here, &editor);
        let (_, page) = get(&desk, "/work/items/import").await;
        let (_, template) = get(&desk, "/work/items/import/template").await;
        let mut list = template.clone();
        list.push_str("坏行,12,行政许可,3,=cmd(),11450300TT0000242D,企业法人,,,,,,,,,,,\n");
        let upload = |file: &str| {
            let part = |name: &str, more: &str, value: &str| format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{value}\r\n");
            (
                "multipart/form-data; boundary=b",
                format!("{}{}--b--\r\n", part("_token", "", &token(&page)), part("file", "; filename=\"list.csv\"", file)),
            )
        };
        let (status, report) = send(&desk, "POST", "/work/items/import", upload(&list)).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let (_, shown) = get(&desk, &report).await;
        assert!(shown.contains("坏行") && shown.contains("基本编码"), "{shown}");
        let (_, csv) = get(&desk, &format!("{report}/quarantine")).await;
        assert!(csv.contains("坏行") && csv.contains(",'=cmd()"), "no cell runs as a formula: {csv}");
        let (status, wrong) = send(&desk, "POST", "/work/items/import", upload("a,b\n1,2\n")).await;
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && wrong.contains("表头无法识别"));
        assert!(get(&desk, "/work/items?status=draft").await.1.contains("测试经营许可"));
    }
}
