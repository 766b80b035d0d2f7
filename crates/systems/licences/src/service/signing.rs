//! The keys of the licence library: they sign what QR codes say, and the public list of changes.

use base::{Error, Result};
use chrono::{DateTime, Duration, Utc};
use db::Cursor;
use gm::PrivateKey;
use platform::Platform;
use serde_json::json;

use crate::model::{PublishedKey, Signed, Ticket, key_id};
use crate::store::{self, KeyRow, Licence};

const COLUMN: &str = "licence_key.sealed";
/// Changes on one page of the public list.
pub const CHANGES_PER_PAGE: usize = 500;
/// A change is listed when nothing of its moment can still be on its way into the database.
const SETTLED: Duration = Duration::seconds(10);

/// The key that signs; made when there is none yet. Not to be called within a transaction.
///
/// # Errors
/// When the operating system has no randomness, or the database fails.
async fn signing_key(platform: &Platform) -> Result<PrivateKey> {
    if let Some(row) = store::keys(platform.db.read()).await?.first() {
        return open(platform, row);
    }
    new_key(platform).await
}

fn open(platform: &Platform, row: &KeyRow) -> Result<PrivateKey> {
    let bytes: [u8; 32] = hex(&platform.vault.open(COLUMN, &row.sealed)?).ok_or_else(|| Error::internal("a licence key is damaged"))?;
    Ok(PrivateKey::from_bytes(&bytes)?)
}

fn hex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 {
        return None;
    }
    for (n, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(n * 2..n * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}

/// Makes the next key, which signs from now on; what earlier ones signed stays good.
///
/// # Errors
/// When the operating system has no randomness, or the database fails.
pub async fn new_key(platform: &Platform) -> Result<PrivateKey> {
    let slot = store::keys(platform.db.read()).await?.first().map_or(1, |last| last.slot + 1);
    let key = PrivateKey::generate()?;
    let text: String = key.to_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let public = key.public_key();
    let row = KeyRow { id: key_id(&public), slot, sealed: platform.vault.seal(COLUMN, &text)?, pem: public.to_pem()? };
    let tx = platform.db.begin().await?;
    store::insert_key(&tx, &row, platform.now()).await?;
    tx.commit().await?;
    // Another copy may have filled the place first; then its key is the one.
    let rows = store::keys(platform.db.read()).await?;
    open(platform, rows.first().ok_or_else(|| Error::internal("a licence key vanished"))?)
}

/// The public keys, for whoever checks without a network.
///
/// # Errors
/// When the database fails.
pub async fn published_keys(platform: &Platform) -> Result<Vec<PublishedKey>> {
    signing_key(platform).await?;
    let rows = store::keys(platform.db.read()).await?;
    Ok(rows.into_iter().map(|row| PublishedKey { id: row.id, algorithm: "SM2".into(), pem: row.pem }).collect())
}

/// What the QR code of a licence says.
///
/// # Errors
/// When the stored days are damaged, or the operating system has no randomness.
pub async fn qr_text(platform: &Platform, licence: &Licence) -> Result<String> {
    let validity = licence.validity()?;
    let ticket = Ticket {
        identifier: licence.identifier.clone(),
        type_name: licence.type_name.clone(),
        holder: licence.holder_shown.clone(),
        from: validity.from,
        until: validity.until,
    };
    Ok(ticket.sign(&format!("{}/v/{}", platform.site.base_url, licence.verify_code), &signing_key(platform).await?)?)
}

/// A page of the public list of changes: which licences lost or got back their effect, oldest first. `since` gives those of a
/// moment and later, `after` goes on where a page ended; the last `next` of today is the first `after` of tomorrow.
///
/// # Errors
/// [`base::Kind::NotFound`] for a position that is none of ours.
pub async fn change_list(platform: &Platform, since: Option<DateTime<Utc>>, after: Option<&Cursor>, size: usize) -> Result<Signed> {
    let now = platform.now();
    let page = store::changes(platform.db.read(), since, now - SETTLED, after, size.clamp(1, CHANGES_PER_PAGE)).await?;
    let last = match page.items.last() {
        Some(row) => Some(Cursor::of(&(row.at, row.id))?),
        None => after.cloned(),
    };
    let changes: Vec<_> = page.items.iter().map(|c| json!({ "identifier": c.identifier, "state": c.state, "at": c.at })).collect();
    let text = json!({
        "issuer": platform.site.name, "made_at": now, "since": since, "after": after.map(Cursor::as_str),
        "changes": changes, "next": last.as_ref().map(Cursor::as_str), "more": page.next.is_some(),
    });
    Ok(Signed::sign(&text, &signing_key(platform).await?)?)
}
