//! One-time codes (RFC 6238: SHA-1, 6 digits, 30 seconds), which every authenticator app knows.

use base::{Error, Result};
use chrono::{DateTime, Utc};
use totp_rs::{Builder, Secret, Totp};

/// The secret shared with an authenticator app.
pub struct TotpSecret(Secret);

impl TotpSecret {
    /// A new secret of 160 bits.
    ///
    /// # Errors
    /// When the operating system has no randomness.
    pub fn random() -> Result<Self> {
        Ok(Self(Secret::from(gm::random::<20>()?)))
    }

    /// Reads a secret as apps write it (base 32).
    ///
    /// # Errors
    /// When it is not base 32 of at least 128 bits.
    pub fn from_base32(text: &str) -> Result<Self> {
        let secret = Secret::try_from_base32(text.trim()).map_err(|_| Error::internal("a TOTP secret is not base 32"))?;
        if secret.as_bytes().len() < 16 {
            return Err(Error::internal("a TOTP secret is shorter than 128 bits"));
        }
        Ok(Self(secret))
    }

    /// As apps write it.
    pub fn to_base32(&self) -> String {
        self.0.to_base32()
    }

    /// The address in the QR code.
    ///
    /// # Errors
    /// When the names cannot stand in it.
    pub fn url(&self, issuer: &str, account: &str) -> Result<String> {
        let clean = |text: &str| text.replace(':', " ");
        let totp = Builder::new().with_secret(self.0.clone()).with_issuer(Some(clean(issuer))).with_account_name(clean(account)).build();
        totp.and_then(|t| t.to_url()).map_err(|e| Error::internal(format!("TOTP address: {e}")))
    }

    fn totp(&self) -> Result<Totp> {
        Builder::new().with_secret(self.0.clone()).with_skew(1).build().map_err(|e| Error::internal(format!("TOTP: {e}")))
    }

    /// The code of a moment; for tests and the demonstration.
    ///
    /// # Errors
    /// When the secret is unusable.
    pub fn code_at(&self, at: DateTime<Utc>) -> Result<String> {
        Ok(self.totp()?.generate(u64::try_from(at.timestamp()).unwrap_or_default()).to_string())
    }
}

/// The time step a code belongs to, if it is right now (one step early or late is) and later than the last one used:
/// the same code is never accepted twice (RFC 6238, 5.2).
///
/// # Errors
/// When the secret is unusable.
pub fn accept_code(secret: &TotpSecret, code: &str, now: DateTime<Utc>, last_step: i64) -> Result<Option<i64>> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let step = secret.totp()?.check(&code, u64::try_from(now.timestamp()).unwrap_or_default());
    Ok(step.and_then(|s| i64::try_from(s).ok()).filter(|s| *s > last_step))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;

    #[test]
    fn a_code_holds_one_step_around_and_only_once() {
        let secret = TotpSecret::from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").unwrap();
        // RFC 6238 appendix B, T = 1111111109: the last six digits of 07081804
        let at = DateTime::from_timestamp(1_111_111_109, 0).unwrap();
        assert_eq!(secret.code_at(at).unwrap(), "081804");
        let step = accept_code(&secret, "081 804", at, 0).unwrap().unwrap();
        assert_eq!(step, 1_111_111_109 / 30);
        assert_eq!(accept_code(&secret, "081804", at, step).unwrap(), None, "used already");
        assert!(accept_code(&secret, "081804", at + Duration::seconds(30), 0).unwrap().is_some());
        assert_eq!(accept_code(&secret, "081804", at + Duration::seconds(90), 0).unwrap(), None, "too late");
        for wrong in ["", "000000", "abcdef", "0818040"] {
            assert_eq!(accept_code(&secret, wrong, at, 0).unwrap(), None, "{wrong}");
        }
        assert!(TotpSecret::from_base32("GEZDGNBV").is_err());
        assert!(secret.url("桂林政务服务", "S1001").unwrap().starts_with("otpauth://totp/"));
    }
}
