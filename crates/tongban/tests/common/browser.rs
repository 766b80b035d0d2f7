//! Somebody's browser over the router of the program.

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use tongban::{demo, serve};
use tower::ServiceExt;

use super::World;

const FORM: &str = "application/x-www-form-urlencoded";

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub location: String,
    pub body: String,
    pub bytes: bytes::Bytes,
}

/// Somebody's browser at the served program: keeps cookies, sends forms with the token of the page they stand on.
pub struct Browser {
    router: Router,
    cookies: Vec<(String, String)>,
    /// What answers are asked for: pages, or data for a script.
    pub accept: &'static str,
    /// Headers of every request, as a proxy would add them.
    pub extra: Vec<(&'static str, String)>,
    /// Address of the connection.
    pub peer: std::net::SocketAddr,
}

impl Browser {
    /// Nobody is signed in yet.
    pub fn at(world: &World) -> Self {
        let router = serve::router(world.program.router.clone(), world.platform().clone());
        Self { router, cookies: Vec::new(), accept: "text/html", extra: Vec::new(), peer: ([127, 0, 0, 1], 40_000).into() }
    }

    /// A colleague's, signed in.
    pub async fn of(world: &World, login: &str) -> Self {
        let mut browser = Self::at(world);
        let answer = browser.sign_in(login, demo::PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{login}");
        browser
    }

    pub async fn sign_in(&mut self, login: &str, password: &str) -> Answer {
        self.post("/login", "/login", &[("login", login), ("password", password)]).await
    }

    /// Sends a body as a form does, without a token of its own.
    pub async fn send(&mut self, method: &str, path: &str, body: String) -> Answer {
        self.send_as(method, path, FORM, body).await
    }

    async fn send_as(&mut self, method: &str, path: &str, content_type: &str, body: impl Into<Body>) -> Answer {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, cookies.join("; "))
            .header(header::CONTENT_TYPE, content_type)
            .header(header::ACCEPT, self.accept);
        for (name, value) in &self.extra {
            request = request.header(*name, value);
        }
        let request = request.extension(ConnectInfo(self.peer)).body(body.into()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        for set in headers.get_all(header::SET_COOKIE) {
            let (name, value) = set.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
        let location = headers.get(header::LOCATION).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Answer { status, headers, location, body: String::from_utf8_lossy(&bytes).into_owned(), bytes }
    }

    /// Sends bytes as a program does.
    pub async fn send_bytes(&mut self, path: &str, bytes: Vec<u8>) -> Answer {
        self.send_as("POST", path, "application/octet-stream", bytes).await
    }

    /// Uploads one file of any bytes with this token and these fields.
    pub async fn upload_bytes(&mut self, path: &str, token: &str, fields: &[(&str, &str)], name: &str, content: &[u8]) -> Answer {
        let mut body: Vec<u8> = std::iter::once(&("_token", token)).chain(fields).map(|(name, value)| part(name, "", value)).collect::<String>().into_bytes();
        body.extend_from_slice(format!("--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n--edge--\r\n");
        self.send_as("POST", path, "multipart/form-data; boundary=edge", body).await
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, String::new()).await
    }

    /// The token of the forms on the page `from`.
    pub async fn token(&mut self, from: &str) -> String {
        token(&self.get(from).await.body)
    }

    /// Sends a form with the token of the page `from`.
    pub async fn post(&mut self, from: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.token(from).await;
        self.post_with(&token, path, fields).await
    }

    /// Sends a form with this token.
    pub async fn post_with(&mut self, token: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let encoded = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
        let form: Vec<String> = std::iter::once(&("_token", token)).chain(fields).map(|(k, v)| format!("{}={}", encoded(k), encoded(v))).collect();
        self.send("POST", path, form.join("&")).await
    }

    /// Sends a form in parts as a script does, with this token.
    pub async fn post_parts(&mut self, path: &str, token: &str, fields: &[(&str, &str)]) -> Answer {
        let parts = std::iter::once(&("_token", token)).chain(fields).map(|(name, value)| part(name, "", value)).collect();
        self.send_parts(path, parts).await
    }

    /// Uploads one file to a material's page with this token.
    pub async fn upload(&mut self, path: &str, token: &str, field: &str, name: &str, content: &str) -> Answer {
        let file = part(field, &format!("; filename=\"{name}\""), content);
        self.send_parts(path, format!("{}{file}", part("_token", "", token))).await
    }

    /// Uploads one file beside other fields, with this token.
    pub async fn upload_with(&mut self, path: &str, token: &str, fields: &[(&str, &str)], field: &str, name: &str, content: &str) -> Answer {
        let others: String = std::iter::once(&("_token", token)).chain(fields).map(|(name, value)| part(name, "", value)).collect();
        self.send_parts(path, format!("{others}{}", part(field, &format!("; filename=\"{name}\""), content))).await
    }

    /// Sends JSON as a program does.
    pub async fn post_json(&mut self, path: &str, body: &serde_json::Value) -> Answer {
        self.send_as("POST", path, "application/json", body.to_string()).await
    }

    async fn send_parts(&mut self, path: &str, parts: String) -> Answer {
        self.send_as("POST", path, "multipart/form-data; boundary=edge", format!("{parts}--edge--\r\n")).await
    }
}

fn part(name: &str, more: &str, value: &str) -> String {
    format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{value}\r\n")
}

/// The token of the first form of a page.
pub fn token(page: &str) -> String {
    page.split("name=\"_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a form").to_owned()
}
