//! Form tokens: one hidden field that proves the form is ours, fresh, of this browser, and new.
//!
//! `nonce.expiry.mac`, where the MAC (HMAC-SM3) covers nonce, expiry and the browser's session. A forged or foreign form
//! fails the MAC; an old one its expiry; and the nonce serves as idempotency key, so that a form sent twice acts once.

use base::{Error, Result};
use chrono::{DateTime, Duration, Utc};
use gm::Keys;

/// How long a form may stay open. Long enough to fetch a paper from the next room, and over lunch.
const LIFE: Duration = Duration::hours(12);

/// A token that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormToken {
    /// Unique to the form that was shown; the key for [`db::idempotent`].
    pub nonce: String,
}

impl FormToken {
    /// A new token for a form shown to this browser.
    pub(crate) fn issue(keys: &Keys, browser: &str, now: DateTime<Utc>) -> Result<String> {
        let nonce = &base::random_token()?[..32];
        let expiry = (now + LIFE).timestamp();
        let mac = hex::encode(keys.token("form", message(nonce, expiry, browser).as_bytes()));
        Ok(format!("{nonce}.{expiry}.{mac}"))
    }

    /// Checks a token that came back.
    pub(crate) fn check(keys: &Keys, browser: &str, text: &str, now: DateTime<Utc>) -> Result<Self> {
        let forged = || Error::expired("这张表单不是从本页面提交的，或者登录状态已改变。请返回页面刷新后重新提交，已填内容不会丢失。");
        let mut parts = text.split('.');
        let (Some(nonce), Some(expiry), Some(mac), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            return Err(forged());
        };
        let expiry: i64 = expiry.parse().map_err(|_| forged())?;
        let mac = hex::decode(mac).map_err(|_| forged())?;
        if !keys.verify_token("form", message(nonce, expiry, browser).as_bytes(), &mac) {
            return Err(forged());
        }
        if now.timestamp() > expiry {
            return Err(Error::expired("页面打开的时间太长，表单已过期。请返回页面刷新后重新提交，已保存的内容还在。"));
        }
        Ok(Self { nonce: nonce.to_owned() })
    }
}

fn message(nonce: &str, expiry: i64, browser: &str) -> String {
    format!("{nonce}.{expiry}.{browser}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Kind;

    #[test]
    fn only_our_own_fresh_form_of_this_browser_passes() {
        let keys = Keys::random().unwrap();
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let token = FormToken::issue(&keys, "browser", now).unwrap();
        let first = FormToken::check(&keys, "browser", &token, now).unwrap();
        assert_eq!(first, FormToken::check(&keys, "browser", &token, now + Duration::hours(11)).unwrap(), "same nonce: the service sees a repeat");
        for (browser, text, at) in [
            ("other", token.clone(), now),
            ("browser", token.clone(), now + Duration::hours(13)),
            ("browser", token.replace('.', "x"), now),
            ("browser", format!("0{}", &token[1..]).replacen('0', if token.starts_with('0') { "1" } else { "0" }, 1), now),
            ("browser", String::new(), now),
            ("browser", "a.b.c.d".into(), now),
            ("browser", "中.1.文".into(), now),
        ] {
            assert_eq!(FormToken::check(&keys, browser, &text, at).unwrap_err().kind(), Kind::Expired, "{text}");
        }
    }
}
