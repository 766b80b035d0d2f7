//! Who is asking: cookies, and the system that knows the sessions behind them.

use access::Actor;
use async_trait::async_trait;
use axum::http::{HeaderMap, HeaderValue, header};
use base::Result;
use uuid::Uuid;

/// Cookie of the signed-in session.
pub const SESSION_COOKIE: &str = "tongban_session";
/// Cookie of a visitor's browser, so that forms of people who are not signed in are protected too.
pub(crate) const VISIT_COOKIE: &str = "tongban_visit";
/// Cookie of elder mode.
pub const ELDER_COOKIE: &str = "tongban_elder";
/// Cookie of the chosen place.
pub const REGION_COOKIE: &str = "tongban_region";
/// Cookie of a message shown once.
pub(crate) const FLASH_COOKIE: &str = "tongban_flash";

/// A session behind a cookie.
#[derive(Debug, Clone)]
pub struct Session {
    /// Identifier, for the list of sessions.
    pub id: Uuid,
    /// Who is signed in.
    pub actor: Actor,
}

/// The system that knows sessions.
#[async_trait]
pub trait Authenticator: Send + Sync {
    /// The live session behind a cookie's token, if there is one.
    async fn authenticate(&self, token: &str) -> Result<Option<Session>>;
}

/// A `Set-Cookie` value: HttpOnly, SameSite=Lax, for the whole site; without `max_age` it ends with the browser.
pub fn cookie(name: &str, value: &str, max_age: Option<i64>, secure: bool) -> HeaderValue {
    let mut text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax");
    if let Some(seconds) = max_age {
        text += &format!("; Max-Age={seconds}");
    }
    if secure {
        text += "; Secure";
    }
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

/// A `Set-Cookie` value that removes a cookie.
pub fn expired_cookie(name: &str) -> HeaderValue {
    cookie(name, "", Some(0), false)
}

/// The value of a cookie in a request.
pub(crate) fn cookie_value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, value)| *key == name && !value.is_empty())
        .map(|(_, value)| value)
}
