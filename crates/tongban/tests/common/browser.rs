//! A browser of a staff member over the router of the program.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use tongban::demo;
use tower::ServiceExt;

use super::World;

pub struct Answer {
    pub status: StatusCode,
    pub location: String,
    pub body: String,
}

/// A colleague's browser: keeps cookies, sends forms with the token of the page they stand on.
pub struct Browser {
    router: Router,
    cookies: Vec<(String, String)>,
    /// What answers are asked for: pages, or data for a script.
    pub accept: &'static str,
}

impl Browser {
    pub async fn of(world: &World, login: &str) -> Self {
        let mut browser = Self { router: world.program.router.clone(), cookies: Vec::new(), accept: "text/html" };
        let answer = browser.post("/login", "/login", &[("login", login), ("password", demo::PASSWORD)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{login}");
        browser
    }

    pub async fn send(&mut self, method: &str, path: &str, body: String) -> Answer {
        self.send_as(method, path, "application/x-www-form-urlencoded", body).await
    }

    async fn send_as(&mut self, method: &str, path: &str, content_type: &str, body: String) -> Answer {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, cookies.join("; "))
            .header(header::CONTENT_TYPE, content_type)
            .header(header::ACCEPT, self.accept)
            .body(Body::from(body))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        for set in response.headers().get_all(header::SET_COOKIE) {
            let (name, value) = set.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
        let location = response.headers().get(header::LOCATION).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default();
        let (status, bytes) = (response.status(), response.into_body().collect().await.unwrap().to_bytes());
        Answer { status, location, body: String::from_utf8_lossy(&bytes).into_owned() }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, String::new()).await
    }

    /// The token of the forms on a page.
    pub async fn token(&mut self, from: &str) -> String {
        let page = self.get(from).await.body;
        page.split("name=\"_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a form").to_owned()
    }

    /// Sends a form with parts as a script does; `token` is one of a page seen before.
    pub async fn post_parts(&mut self, path: &str, token: &str, fields: &[(&str, &str)]) -> Answer {
        let part = |(name, value): &(&str, &str)| format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        let parts: String = std::iter::once(&("_token", token)).chain(fields).map(part).collect();
        self.send_as("POST", path, "multipart/form-data; boundary=edge", format!("{parts}--edge--\r\n")).await
    }

    pub async fn post(&mut self, from: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.token(from).await;
        let token = token.as_str();
        let encoded = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
        let form: Vec<String> = std::iter::once(&("_token", token)).chain(fields).map(|(k, v)| format!("{k}={}", encoded(v))).collect();
        self.send("POST", path, form.join("&")).await
    }
}
