use std::collections::HashMap;

use access::PartyKind;
use base::{Error, FieldError, Result, new_id};
use chrono::{DateTime, Utc};
use codes::mask;
use db::{Tx, Vault};
use platform::Platform;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::model::{Assurance, Number, USCC};
use crate::store::{self, PartyRow};

/// A party with its personal data open.
#[derive(Clone, PartialEq, Eq)]
pub struct PartyProfile {
    /// Identifier.
    pub id: Uuid,
    /// Natural or legal person.
    pub kind: PartyKind,
    /// Name.
    pub name: String,
    /// Certificate type: `111`, `uscc`, …
    pub id_type: String,
    /// Number.
    pub id_number: String,
    /// Telephone; may be empty.
    pub phone: String,
    /// Address; may be empty.
    pub address: String,
    /// Name of a firm's legal representative.
    pub legal_representative: Option<String>,
    /// How surely it is known.
    pub assurance: Assurance,
}

/// A party as it may be shown to anybody who works with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaskedParty {
    /// Identifier.
    pub id: Uuid,
    /// Natural or legal person.
    pub kind: PartyKind,
    /// A person's name masked; a firm's in full.
    pub name: String,
    /// A person's number masked; a credit code in full.
    pub id_number: String,
    /// How surely it is known.
    pub assurance: Assurance,
}

/// A party that comes to a window, or registers.
#[derive(Clone)]
pub struct NewParty {
    /// Natural or legal person.
    pub kind: PartyKind,
    /// Name.
    pub name: String,
    /// Certificate type: `111`, `uscc`, …
    pub id_type: String,
    /// Number.
    pub id_number: String,
    /// Telephone; may be empty.
    pub phone: String,
    /// Address; may be empty.
    pub address: String,
}

pub(super) const NAME: &str = "party.name";
const NUMBER: &str = "party.id_number";
const PHONE: &str = "party.phone";
const ADDRESS: &str = "party.address";
const REPRESENTATIVE: &str = "party.representative";

fn kind_of(row: &PartyRow) -> PartyKind {
    if row.kind == "firm" { PartyKind::Firm } else { PartyKind::Person }
}

fn missing() -> Error {
    Error::not_found("没有找到这个办事主体的登记信息。")
}

/// A party with its personal data open, for a stated purpose. The caller journals the purpose with its own act; here it
/// goes to the operational log, so that no opening is without a trace.
///
/// # Errors
/// [`base::Kind::NotFound`], or when the data do not open.
pub async fn party(platform: &Platform, id: Uuid, purpose: &str) -> Result<PartyProfile> {
    let row = store::party_row(platform.db.read(), id).await?.ok_or_else(missing)?;
    tracing::debug!(party = %id, purpose, "identity: personal data opened");
    let vault = &platform.vault;
    Ok(PartyProfile {
        id,
        kind: kind_of(&row),
        name: vault.open(NAME, &row.name_sealed)?,
        id_type: row.id_type,
        id_number: vault.open(NUMBER, &row.id_sealed)?,
        phone: vault.open(PHONE, &row.phone_sealed)?,
        address: vault.open(ADDRESS, &row.address_sealed)?,
        legal_representative: row.representative_sealed.map(|sealed| vault.open(REPRESENTATIVE, &sealed)).transpose()?,
        assurance: Assurance::from_number(row.assurance),
    })
}

/// A party without its personal data.
///
/// # Errors
/// [`base::Kind::NotFound`], or when the database fails.
pub async fn masked_party(conn: &impl ConnectionTrait, id: Uuid) -> Result<MaskedParty> {
    let row = store::party_row(conn, id).await?.ok_or_else(missing)?;
    Ok(MaskedParty { id, kind: kind_of(&row), name: row.name_masked.clone(), id_number: row.id_masked.clone(), assurance: Assurance::from_number(row.assurance) })
}

/// The party with this number, made if there is none: the same number is always the same party (R32).
///
/// # Errors
/// When number or name are wrong, or the number is registered under another name.
pub async fn find_or_create_party(platform: &Platform, tx: &Tx, new: &NewParty) -> Result<Uuid> {
    Ok(obtain(&platform.vault, tx, new, None, platform.now()).await?.id)
}

/// [`find_or_create_party`] for many at once; each has its own answer, in their order.
///
/// # Errors
/// When the database fails.
pub async fn find_or_create_parties(platform: &Platform, tx: &Tx, new: &[NewParty]) -> Result<Vec<Result<Uuid>>> {
    let vault = &platform.vault;
    let prepared: Vec<Result<(PartyRow, Vec<u8>)>> = new.iter().map(|new| prepare(vault, new, None)).collect();
    let fresh: Vec<(PartyRow, Vec<u8>)> = prepared.iter().flatten().cloned().collect();
    store::insert_parties(tx, &fresh, platform.now()).await?;
    let known: HashMap<Vec<u8>, (Uuid, Vec<u8>)> = store::names_by_number(&**tx, fresh.into_iter().map(|(_, index)| index).collect()).await?;
    let answer = |(_, index): (PartyRow, Vec<u8>), new: &NewParty| {
        let (id, name) = known.get(&index).ok_or_else(|| Error::internal("a party vanished"))?;
        if vault.open(NAME, name)? == new.name.trim() { Ok(*id) } else { Err(another_name()) }
    };
    Ok(prepared.into_iter().zip(new).map(|(prepared, new)| prepared.and_then(|prepared| answer(prepared, new))).collect())
}

/// [`find_or_create_party`] with a firm's representative, giving the row.
pub(super) async fn obtain(vault: &Vault, tx: &Tx, new: &NewParty, representative: Option<&str>, now: DateTime<Utc>) -> Result<PartyRow> {
    let (row, index) = prepare(vault, new, representative)?;
    let name = new.name.trim();
    if let Some(known) = store::party_by_number(&**tx, index.clone()).await? {
        return same_party(vault, known, name);
    }
    if store::insert_party(tx, &row, index.clone(), now).await? {
        return Ok(row);
    }
    // Somebody registered the number between our look and our insert.
    let known = store::party_by_number(&**tx, index).await?.ok_or_else(|| Error::internal("a party vanished"))?;
    same_party(vault, known, name)
}

/// A party as it would be stored when it is new, and the hash of its number.
fn prepare(vault: &Vault, new: &NewParty, representative: Option<&str>) -> Result<(PartyRow, Vec<u8>)> {
    let name = new.name.trim();
    let firm = new.kind == PartyKind::Firm;
    if name.is_empty() || name.chars().count() > 100 {
        return Err(Error::field("name", if firm { "请填写营业执照或证书上的名称。" } else { "请填写证件上的姓名。" }));
    }
    if firm != (new.id_type == USCC) {
        return Err(Error::field("id_type", "个人请用身份证件，企业和组织请用统一社会信用代码。"));
    }
    let number = Number::parse(&new.id_type, &new.id_number)?;
    let index = vault.index(NUMBER, &number.key());
    let row = PartyRow {
        id: new_id(),
        kind: if firm { "firm" } else { "person" }.to_owned(),
        id_type: number.id_type.clone(),
        id_sealed: vault.seal(NUMBER, &number.text)?,
        id_masked: number.masked(),
        name_sealed: vault.seal(NAME, name)?,
        name_masked: if firm { name.to_owned() } else { mask::name(name) },
        phone_sealed: vault.seal(PHONE, new.phone.trim())?,
        address_sealed: vault.seal(ADDRESS, new.address.trim())?,
        representative_sealed: representative.map(|r| vault.seal(REPRESENTATIVE, r)).transpose()?,
        assurance: Assurance::L1.number(),
        version: 1,
    };
    Ok((row, index))
}

fn same_party(vault: &Vault, known: PartyRow, name: &str) -> Result<PartyRow> {
    if vault.open(NAME, &known.name_sealed)? == name {
        return Ok(known);
    }
    Err(another_name())
}

fn another_name() -> Error {
    let errors = vec![FieldError::new("name", "这个号码已用另一个名称登记。请对照证件核对姓名和号码；如已更名，请到政务服务中心窗口办理变更。")];
    Error::invalid(errors)
}

/// Writes what a party says about itself when it registers.
pub(super) async fn complete(vault: &Vault, tx: &Tx, row: &PartyRow, new: &NewParty, representative: Option<&str>, assurance: Assurance) -> Result<()> {
    let mut row = row.clone();
    row.phone_sealed = vault.seal(PHONE, new.phone.trim())?;
    if !new.address.trim().is_empty() {
        row.address_sealed = vault.seal(ADDRESS, new.address.trim())?;
    }
    if let Some(name) = representative {
        row.representative_sealed = Some(vault.seal(REPRESENTATIVE, name)?);
    }
    row.assurance = row.assurance.max(assurance.number());
    store::update_party(tx, &row).await
}
