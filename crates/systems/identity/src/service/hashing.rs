//! Password hashes: Argon2id (RFC 9106) with the parameters OWASP recommends, off the threads that serve pages.

use std::sync::OnceLock;

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use base::{Error, Result};
use tokio::sync::Semaphore;

/// Memory in KiB, passes and lanes.
const COST: (u32, u32, u32) = (19_456, 2, 1);

/// Hashes at a time: each takes 19 MiB and a whole core, and a flood of sign-ins must not take them all.
static AT_A_TIME: Semaphore = Semaphore::const_new(4);

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(COST.0, COST.1, COST.2, None).map_err(|e| Error::internal(format!("argon2 parameters: {e}")))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash_now(password: &str) -> Result<String> {
    Ok(argon2()?.hash_password(password.as_bytes()).map_err(|e| Error::internal(format!("argon2: {e}")))?.to_string())
}

/// The hash (PHC text) of a password.
pub(super) async fn hash(password: &str) -> Result<String> {
    let password = password.to_owned();
    let _place = AT_A_TIME.acquire().await?;
    tokio::task::spawn_blocking(move || hash_now(&password)).await?
}

/// Whether the password fits the hash. Without a hash (there is no such account) the same work is done for nothing.
pub(super) async fn fits(password: &str, hash: Option<&str>) -> Result<bool> {
    static NOBODY: OnceLock<String> = OnceLock::new();
    let (password, hash) = (password.to_owned(), hash.map(str::to_owned));
    let _place = AT_A_TIME.acquire().await?;
    tokio::task::spawn_blocking(move || {
        let known = hash.is_some();
        let hash = match (hash, NOBODY.get()) {
            (Some(hash), _) => hash,
            (None, Some(hash)) => hash.clone(),
            (None, None) => {
                let fresh = hash_now(&base::random_token()?)?;
                NOBODY.get_or_init(|| fresh).clone()
            }
        };
        let fits = argon2()?.verify_password(password.as_bytes(), hash.as_str()).is_ok();
        Ok(fits && known)
    })
    .await?
}
