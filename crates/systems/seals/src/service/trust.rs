//! The installation's own trust: a root, an issuing authority, the maker of seals (制章机构), a time stamping authority. Made
//! when first needed, the private keys only in the [`KeyStore`]. Certificates and revocation lists are public.

use std::time::SystemTime;

use base::{Error, Result};
use chrono::{DateTime, Datelike, Duration, Utc};
use db::Tx;
use gm::tsp::{Authority, DEMO_POLICY, fetch};
use gm::x509::{Certificate, Reason, RevocationList, Revoked, Role, Template};
use gm::{Signer, Spki};
use platform::Platform;
use uuid::Uuid;

use crate::service::keys::{KeyStore, VaultKeys};
use crate::store::{self, KeyRow, ListRow};

/// A certificate authority may have been asked a moment before its clock was set.
const BEFORE: Duration = Duration::days(1);
/// How long a revocation list is good for.
const LIST_DAYS: i64 = 7;

/// The authorities, by the names of their keys: years of validity and what they are called.
const ROOT: (&str, i32, &str) = ("root", 30, "电子印章根证书");
const ISSUING: (&str, i32, &str) = ("issuing", 20, "电子印章签发机构");
const MAKER: (&str, i32, &str) = ("maker", 15, "电子印章制章机构");
const TSA: (&str, i32, &str) = ("tsa", 15, "电子印章时间戳机构");

/// A key that signs, with its certificate.
pub(crate) struct Identity {
    pub certificate: Certificate,
    pub signer: Box<dyn Signer + Send + Sync>,
}

/// Everything the installation signs with.
pub(crate) struct Trust {
    pub root: Certificate,
    pub issuing: Identity,
    pub maker: Identity,
    pub tsa: Identity,
}

impl Trust {
    /// A time stamp over `message` from the installation's own authority.
    pub fn stamp(&self, message: &[u8], at: SystemTime) -> gm::Result<Vec<u8>> {
        fetch(message, |request| self.answer(request, at))
    }

    /// The authority's answer to a request (RFC 3161).
    pub fn answer(&self, request: &[u8], at: SystemTime) -> gm::Result<Vec<u8>> {
        let chain = [self.issuing.certificate.clone()];
        Authority { certificate: &self.tsa.certificate, chain: &chain, signer: &*self.tsa.signer, policy: DEMO_POLICY }.answer(request, at)
    }
}

/// What anybody needs to verify: the root to trust, what stands between, what was revoked.
pub struct Anchors {
    /// The roots.
    pub roots: Vec<Certificate>,
    /// Authorities below them.
    pub intermediates: Vec<Certificate>,
    /// Current revocation lists.
    pub lists: Vec<RevocationList>,
}

fn keys(platform: &Platform) -> VaultKeys {
    VaultKeys(platform.vault.clone())
}

fn identity(platform: &Platform, row: &KeyRow) -> Result<Identity> {
    Ok(Identity { certificate: Certificate::from_der(&row.certificate)?, signer: keys(platform).signer(&row.handle)? })
}

/// The trust, made now if there is none yet. Two copies of the program that start together agree on one.
///
/// # Errors
/// When the database or the key store fails.
pub(crate) async fn trust(platform: &Platform) -> Result<Trust> {
    if let Some(trust) = read(platform).await? {
        return Ok(trust);
    }
    found(platform).await?;
    read(platform).await?.ok_or_else(|| Error::internal("the trust was made and is not there"))
}

async fn read(platform: &Platform) -> Result<Option<Trust>> {
    let conn = platform.db.read();
    let mut rows = store::keys(conn, &[ROOT.0, ISSUING.0, MAKER.0, TSA.0]).await?;
    let mut take = |name: &str| rows.remove(name);
    let (Some(root), Some(issuing), Some(maker), Some(tsa)) = (take(ROOT.0), take(ISSUING.0), take(MAKER.0), take(TSA.0)) else { return Ok(None) };
    Ok(Some(Trust {
        root: Certificate::from_der(&root.certificate)?,
        issuing: identity(platform, &issuing)?,
        maker: identity(platform, &maker)?,
        tsa: identity(platform, &tsa)?,
    }))
}

/// Makes all four and the first lists.
async fn found(platform: &Platform) -> Result<()> {
    let (store, now) = (keys(platform), platform.now());
    let (root_handle, root_key) = store.generate()?;
    let root_signer = store.signer(&root_handle)?;
    let root = template(platform, ROOT, Role::Root, now).root(&*root_signer)?;
    let (issuing_handle, issuing_key) = store.generate()?;
    let issuing_signer = store.signer(&issuing_handle)?;
    let issuing = template(platform, ISSUING, Role::Issuing, now).issue(&issuing_key, &root, &*root_signer)?;
    let below = |what, role| -> Result<(Vec<u8>, Certificate)> {
        let (handle, key) = store.generate()?;
        Ok((handle, template(platform, what, role, now).issue(&key, &issuing, &*issuing_signer)?))
    };
    let (maker, tsa) = (below(MAKER, Role::Signer)?, below(TSA, Role::TimeStamping)?);
    debug_assert!(*root.public_key() == root_key);

    let tx = platform.db.begin().await?;
    // Whoever comes second finds the root taken and writes nothing.
    if store::key(&*tx, ROOT.0).await?.is_none() {
        let rows = [(ROOT.0, root_handle, root.clone()), (ISSUING.0, issuing_handle, issuing.clone()), (MAKER.0, maker.0, maker.1), (TSA.0, tsa.0, tsa.1)];
        let mut first = true;
        for (name, handle, certificate) in rows {
            let row = KeyRow { name: name.into(), handle, certificate: certificate.to_der().to_vec(), made_at: now };
            first &= store::insert_key(&tx, &row).await?;
        }
        if !first {
            return Ok(()); // rolled back: another copy was faster
        }
        publish(&tx, ROOT.0, &root, &*root_signer, &[], now).await?;
        publish(&tx, ISSUING.0, &issuing, &*issuing_signer, &[], now).await?;
        tx.commit().await?;
    }
    Ok(())
}

fn template(platform: &Platform, (_, years, what): (&str, i32, &str), role: Role, now: DateTime<Utc>) -> Template {
    let from = now - BEFORE;
    Template {
        subject: subject(&format!("{}{what}", platform.site.name), &platform.site.name),
        role,
        valid_from: from.into(),
        valid_until: from.with_year(from.year() + years).unwrap_or(from + Duration::days(365 * i64::from(years))).into(),
    }
}

/// A subject as RFC 4514 writes it, whatever the names hold.
fn subject(name: &str, organization: &str) -> String {
    let escaped = |text: &str| {
        text.chars().filter(|c| !c.is_control()).flat_map(|c| [',', '+', '"', '\\', '<', '>', ';', '=', '#'].contains(&c).then_some('\\').into_iter().chain([c])).collect::<String>()
    };
    format!("CN={},O={},C=CN", escaped(name), escaped(organization))
}

/// A new key for a seal with its certificate, valid as long as the seal.
pub(crate) async fn issue_signer(platform: &Platform, tx: &Tx, trust: &Trust, seal: Uuid, name: &str, body: &str, until: DateTime<Utc>) -> Result<Certificate> {
    let (handle, key): (Vec<u8>, Spki) = keys(platform).generate()?;
    let now = platform.now();
    let template = Template { subject: subject(name, body), role: Role::Signer, valid_from: (now - BEFORE).into(), valid_until: until.into() };
    let certificate = template.issue(&key, &trust.issuing.certificate, &*trust.issuing.signer)?;
    store::insert_key(tx, &KeyRow { name: seal.to_string(), handle, certificate: certificate.to_der().to_vec(), made_at: now }).await?;
    Ok(certificate)
}

/// What a seal signs with.
pub(crate) async fn signer(platform: &Platform, seal: Uuid) -> Result<Identity> {
    let row = store::key(platform.db.read(), &seal.to_string()).await?.ok_or_else(|| Error::internal(format!("seal {seal} has no key")))?;
    identity(platform, &row)
}

/// A seal's certificate.
pub(crate) async fn certificate(platform: &Platform, seal: Uuid) -> Result<Option<Certificate>> {
    Ok(store::key(platform.db.read(), &seal.to_string()).await?.map(|row| Certificate::from_der(&row.certificate)).transpose()?)
}

/// Takes a seal's certificate out of force, forgets its key and publishes the list that says so, in the act's transaction.
pub(crate) async fn revoke(platform: &Platform, tx: &Tx, trust: &Trust, seal: Uuid) -> Result<()> {
    let now = platform.now();
    store::end_key(tx, &seal.to_string(), now).await?;
    let revoked = entries(tx).await?;
    publish(tx, ISSUING.0, &trust.issuing.certificate, &*trust.issuing.signer, &revoked, now).await
}

async fn entries(tx: &Tx) -> Result<Vec<Revoked>> {
    let rows = store::revoked(&**tx).await?;
    rows.into_iter()
        .map(|row| Ok(Revoked { serial: Certificate::from_der(&row.certificate)?.serial(), since: row.ended_at.into(), reason: Some(Reason::CessationOfOperation) }))
        .collect()
}

async fn publish(tx: &Tx, name: &str, authority: &Certificate, signer: &(dyn Signer + Send + Sync), revoked: &[Revoked], now: DateTime<Utc>) -> Result<()> {
    let number = store::list(&**tx, name).await?.map_or(1, |row| row.number + 1);
    let next = now + Duration::days(LIST_DAYS);
    let list = RevocationList::issue(authority, signer, u64::try_from(number).unwrap_or_default(), now.into(), next.into(), revoked)?;
    store::put_list(tx, name, &ListRow { number, list: list.to_der().to_vec(), next_at: next }).await
}

/// The answer of the installation's time stamping authority to a request (RFC 3161).
///
/// # Errors
/// When the database or the key store fails.
pub async fn time_stamp(platform: &Platform, request: &[u8]) -> Result<Vec<u8>> {
    Ok(trust(platform).await?.answer(request, platform.now().into())?)
}

/// Publishes both lists anew when they have less than half of their days left: a regular duty.
///
/// # Errors
/// When the database or the key store fails.
pub(crate) async fn renew_lists(platform: &Platform) -> Result<()> {
    let trust = trust(platform).await?;
    let now = platform.now();
    let fresh = |row: Option<ListRow>| row.is_some_and(|row| row.next_at > now + Duration::days(LIST_DAYS) / 2);
    let conn = platform.db.read();
    if fresh(store::list(conn, ROOT.0).await?) && fresh(store::list(conn, ISSUING.0).await?) {
        return Ok(());
    }
    let tx = platform.db.begin().await?;
    let root = store::key(&*tx, ROOT.0).await?.ok_or_else(|| Error::internal("the trust has no root"))?;
    let root_signer = keys(platform).signer(&root.handle)?;
    publish(&tx, ROOT.0, &trust.root, &*root_signer, &[], now).await?;
    let revoked = entries(&tx).await?;
    publish(&tx, ISSUING.0, &trust.issuing.certificate, &*trust.issuing.signer, &revoked, now).await?;
    tx.commit().await
}

/// What verification trusts.
///
/// # Errors
/// When the database fails.
pub async fn anchors(platform: &Platform) -> Result<Anchors> {
    let trust = trust(platform).await?;
    let conn = platform.db.read();
    let mut lists = Vec::new();
    for name in [ROOT.0, ISSUING.0] {
        lists.extend(store::list(conn, name).await?.map(|row| RevocationList::from_der(&row.list)).transpose()?);
    }
    Ok(Anchors { roots: vec![trust.root], intermediates: vec![trust.issuing.certificate, trust.maker.certificate, trust.tsa.certificate], lists })
}

/// A public file of the trust: `root.cer`, `issuing.cer`, `maker.cer`, `tsa.cer` (DER), `root.crl`, `issuing.crl`.
///
/// # Errors
/// [`base::Kind::NotFound`] for any other name.
pub async fn public_file(platform: &Platform, name: &str) -> Result<Vec<u8>> {
    let unknown = || Error::not_found("没有这个文件。这里有根证书、签发机构、制章机构、时间戳机构的证书和两份吊销列表。");
    let conn = platform.db.read();
    trust(platform).await?;
    match name.split_once('.') {
        Some((authority @ ("root" | "issuing" | "maker" | "tsa"), "cer")) => Ok(store::key(conn, authority).await?.ok_or_else(unknown)?.certificate),
        Some((authority @ ("root" | "issuing"), "crl")) => Ok(store::list(conn, authority).await?.ok_or_else(unknown)?.list),
        _ => Err(unknown()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_break_out_of_its_subject() {
        let key = gm::PrivateKey::generate().unwrap();
        let now = SystemTime::now();
        let name = "演示,局+\"甲\"<乙>;O=别的局#";
        let template = Template { subject: subject(name, "示例\\市"), role: Role::Root, valid_from: now, valid_until: now };
        assert_eq!(template.root(&key).unwrap().common_name(), name);
    }
}
