use std::collections::{HashMap, HashSet};
use std::sync::{LazyLock, Mutex, PoisonError};

use access::{Actor, Party, PartyKind, Permission};
use async_trait::async_trait;
use base::{Result, local_date};
use chrono::{DateTime, Duration, Utc};
use db::Vault;
use platform::Platform;
use sea_orm::ConnectionTrait;
use uuid::Uuid;
use web::Session;

use super::parties::NAME;
use crate::model::{AccountKind, is_live};
use crate::store::{self, SessionRow};

/// How long a session found is believed without asking the database: a revocation on another copy of the program takes
/// effect within this time, one on this copy at once.
const BELIEVED: Duration = Duration::seconds(5);
/// How often the use of a session is written down.
const TOUCHED: Duration = Duration::minutes(1);
/// Sessions kept in memory at most.
const MOST: usize = 10_000;

/// Where staff set up their second factor.
pub const SET_UP: &str = "/work/second-factor";

/// A session with what decides how long it lives.
#[derive(Clone)]
pub(super) struct Found {
    pub session: Session,
    pub enrolled: bool,
    account: Uuid,
    kind: AccountKind,
    last_seen: DateTime<Utc>,
    expires: DateTime<Utc>,
}

struct Cached {
    found: Found,
    read_at: DateTime<Utc>,
}

static CACHE: LazyLock<Mutex<HashMap<String, Cached>>> = LazyLock::new(Mutex::default);

fn cached(hash: &str, now: DateTime<Utc>) -> Option<Session> {
    let cache = CACHE.lock().unwrap_or_else(PoisonError::into_inner);
    let entry = cache.get(hash)?;
    let fresh = now >= entry.read_at && now - entry.read_at < BELIEVED;
    (fresh && is_live(entry.found.kind, entry.found.last_seen, entry.found.expires, now)).then(|| entry.found.session.clone())
}

fn remember(hash: String, found: Found, now: DateTime<Utc>) {
    let mut cache = CACHE.lock().unwrap_or_else(PoisonError::into_inner);
    if cache.len() >= MOST {
        cache.retain(|_, entry| now - entry.read_at < BELIEVED);
    }
    if cache.len() < MOST {
        cache.insert(hash, Cached { found, read_at: now });
    }
}

/// Forgets what is remembered of an account's sessions; called after every change that concerns them.
pub(super) fn forget_account(account: Uuid) {
    CACHE.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, entry| entry.found.account != account);
}

/// Forgets everything: a grant ended, and whose sessions act under it is not known here.
pub(super) fn forget_all() {
    CACHE.lock().unwrap_or_else(PoisonError::into_inner).clear();
}

/// What of a token is stored.
pub(super) fn token_hash(token: &str) -> String {
    gm::sm3_hex(token.as_bytes())
}

/// The live session behind a token's hash.
pub(super) async fn read_session(vault: &Vault, conn: &impl ConnectionTrait, hash: &str, now: DateTime<Utc>) -> Result<Option<Found>> {
    let Some(row) = store::session_by_hash(conn, hash).await? else { return Ok(None) };
    let Some(kind) = AccountKind::from_key(&row.kind) else { return Ok(None) };
    if row.stage != store::FULL || row.revoked_at.is_some() || !is_live(kind, row.last_seen, row.expires_at, now) {
        return Ok(None);
    }
    let actor = match row.staff_id {
        Some(staff) => match organization::acting_staff(conn, staff, local_date(now)).await? {
            Some(mut staff) => {
                staff.account = row.account_id;
                Actor::Staff(staff)
            }
            None => return Ok(None),
        },
        None => match party_actor(vault, &row, now)? {
            Some(party) => Actor::Party(party),
            None => return Ok(None),
        },
    };
    let session = Session { id: row.id, actor, first: None };
    Ok(Some(Found { session, enrolled: row.enrolled, account: row.account_id, kind, last_seen: row.last_seen, expires: row.expires_at }))
}

/// The party a session acts as: the firm while the grant holds, else the account's own. A natural person's name is
/// masked, because this name travels into journals and lists.
fn party_actor(vault: &Vault, row: &SessionRow, now: DateTime<Utc>) -> Result<Option<Party>> {
    let (Some(own), Some(masked)) = (row.party_id, row.party_masked.clone()) else { return Ok(None) };
    let today = local_date(now).to_string();
    let holds = row.grant_revoked.is_none()
        && row.grant_from.as_deref().is_some_and(|from| from <= today.as_str())
        && row.grant_until.as_deref().is_some_and(|until| today.as_str() <= until);
    if let (true, Some(firm), Some(name)) = (holds, row.firm_id, &row.firm_name) {
        let name = vault.open(NAME, name)?;
        return Ok(Some(Party { account: row.account_id, party: firm, kind: PartyKind::Firm, name, acting: Some(masked) }));
    }
    let kind = if row.kind == "firm" { PartyKind::Firm } else { PartyKind::Person };
    Ok(Some(Party { account: row.account_id, party: own, kind, name: masked, acting: None }))
}

/// Finds the session behind a cookie.
#[derive(Debug, Clone)]
pub struct Authenticator {
    platform: Platform,
    guarded: HashSet<&'static str>,
}

impl Authenticator {
    /// For this installation; knows no permission that decides or administers.
    pub fn new(platform: Platform) -> Self {
        Self { platform, guarded: HashSet::new() }
    }

    /// The same, knowing which of these permissions are guarded by a second factor.
    pub fn guarding(self, permissions: impl IntoIterator<Item = Permission>) -> Self {
        Self { guarded: permissions.into_iter().filter(|p| p.guarded).map(|p| p.name).collect(), ..self }
    }

    /// What a session must do first: staff whom the installation binds to a second factor set it up before anything else.
    fn first(&self, found: &Found) -> Option<&'static str> {
        let Actor::Staff(staff) = &found.session.actor else { return None };
        let decides = staff.all_grants().any(|grant| self.guarded.contains(grant.permission.as_str()));
        let bound = self.platform.settings().second_factor.binds(self.platform.site.demonstration, decides);
        (bound && !found.enrolled).then_some(SET_UP)
    }
}

#[async_trait]
impl web::Authenticator for Authenticator {
    async fn authenticate(&self, token: &str) -> Result<Option<Session>> {
        let platform = &self.platform;
        let now = platform.now();
        let hash = token_hash(token);
        if let Some(session) = cached(&hash, now) {
            return Ok(Some(session));
        }
        let Some(mut found) = read_session(&platform.vault, platform.db.read(), &hash, now).await? else { return Ok(None) };
        if now - found.last_seen >= TOUCHED {
            let tx = platform.db.begin().await?;
            store::touch(&tx, found.session.id, now).await?;
            tx.commit().await?;
            found.last_seen = now;
        }
        found.session.first = self.first(&found);
        let session = found.session.clone();
        remember(hash, found, now);
        Ok(Some(session))
    }
}
