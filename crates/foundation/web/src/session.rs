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
    /// What must be done before anything else: every page but those under this address, signing out and the look leads there.
    pub first: Option<&'static str>,
}

impl Session {
    /// Where this session must go instead of `path`, if anywhere.
    pub(crate) fn detour(&self, path: &str) -> Option<&'static str> {
        let first = self.first?;
        let path = path.split('?').next().unwrap_or_default();
        let within = path.strip_prefix(first).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let always = path == "/logout" || path == "/elder";
        (!within && !always).then_some(first)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_must_be_done_first_leaves_only_its_own_pages_open() {
        let session = |first| Session { id: Uuid::nil(), actor: Actor::Anonymous, first };
        let bound = session(Some("/work/second-factor"));
        for open in ["/work/second-factor", "/work/second-factor?x=1", "/work/second-factor/confirm", "/logout", "/elder?back=/"] {
            assert_eq!(bound.detour(open), None, "{open}");
        }
        for shut in ["/", "/work", "/work/second-factors", "/work/account", "/logout/x", "/api/items", "/my?next=/work/second-factor"] {
            assert_eq!(bound.detour(shut), Some("/work/second-factor"), "{shut}");
        }
        assert_eq!(session(None).detour("/work"), None);
    }
}
