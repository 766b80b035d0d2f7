use access::{Actor, Party, PartyKind};
use async_trait::async_trait;
use base::{Error, FieldError, Result, new_id};
use chrono::NaiveDate;
use codes::{CitizenId, Uscc};
use db::Tx;
use journal::Draft;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;

use super::hashing::hash;
use super::parties::{NewParty, complete, obtain};
use super::login_index;
use crate::model::{AccountKind, Assurance, CITIZEN, USCC, is_mobile, password_problem};
use crate::store::{self, AccountRow};

/// Compares name and number with a register of persons. Here a real population register (人口库) is attached.
#[async_trait]
pub trait RealNameCheck: Send + Sync {
    /// The level of assurance reached.
    ///
    /// # Errors
    /// When name and number do not belong together, as a sentence for the person.
    async fn check(&self, name: &str, number: &CitizenId, today: NaiveDate) -> Result<Assurance>;
}

/// The check of the demonstration: no register is asked. It looks only at whether name and number are plausible, and
/// therefore never gives more than L1.
#[derive(Debug, Clone, Copy, Default)]
pub struct Demonstration;

#[async_trait]
impl RealNameCheck for Demonstration {
    async fn check(&self, name: &str, number: &CitizenId, today: NaiveDate) -> Result<Assurance> {
        let length = name.chars().count();
        if !(2..=30).contains(&length) || name.chars().any(|c| c.is_ascii_digit() || c.is_control()) {
            return Err(Error::field("name", "请填写身份证上的姓名，不要包含数字。"));
        }
        let birth = number.birth_date();
        let born = NaiveDate::from_ymd_opt(i32::from(birth.year()), u32::from(birth.month()), u32::from(birth.day()));
        if born.is_none_or(|born| born > today) {
            return Err(Error::field("id_number", "身份证号码中的出生日期晚于今天，请对照证件核对。"));
        }
        Ok(Assurance::L1)
    }
}

/// A person who registers.
#[derive(Clone, Default)]
pub struct NewPerson {
    /// Name as on the card.
    pub name: String,
    /// Citizen number.
    pub id_number: String,
    /// Mobile number.
    pub phone: String,
    /// Address; may be empty.
    pub address: String,
    /// Password wanted.
    pub password: String,
    /// Whether the terms were accepted.
    pub agreed: bool,
}

/// A firm that registers, through its legal representative.
#[derive(Clone, Default)]
pub struct NewFirm {
    /// Name as on the licence.
    pub name: String,
    /// Unified social credit code.
    pub uscc: String,
    /// Name of the legal representative.
    pub representative: String,
    /// Citizen number of the legal representative.
    pub representative_number: String,
    /// Mobile number of a contact.
    pub phone: String,
    /// Address; may be empty.
    pub address: String,
    /// Password wanted.
    pub password: String,
    /// Whether the terms were accepted.
    pub agreed: bool,
}

fn common_errors(phone: &str, password: &str, agreed: bool, logins: &[&str]) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if !is_mobile(phone.trim()) {
        errors.push(FieldError::new("phone", "请填写 11 位手机号码。"));
    }
    if let Some(problem) = password_problem(password, logins) {
        errors.push(FieldError::new("password", problem));
    }
    if !agreed {
        errors.push(FieldError::new("agreed", "请阅读并勾选同意用户协议和隐私说明，否则不能注册。"));
    }
    errors
}

/// Registers a person: the account's key is the citizen number (一号, M-PLAT-01.08). The mobile number becomes a second
/// login if nobody else uses it.
///
/// # Errors
/// When a field is wrong, or the number has an account already.
pub async fn register_person(platform: &Platform, register: &dyn RealNameCheck, new: &NewPerson) -> Result<Uuid> {
    // in the order of the form
    let mut errors = Vec::new();
    if new.name.trim().is_empty() {
        errors.push(FieldError::new("name", "请填写身份证上的姓名。"));
    }
    let number = CitizenId::parse(&new.id_number).map_err(|error| errors.push(FieldError::new("id_number", format!("{error}。")))).ok();
    errors.extend(common_errors(&new.phone, &new.password, new.agreed, &[new.phone.trim(), new.id_number.trim()]));
    let (true, Some(number)) = (errors.is_empty(), number) else { return Err(Error::invalid(errors)) };
    let assurance = register.check(new.name.trim(), &number, platform.today()).await?;
    let party = NewParty {
        kind: PartyKind::Person,
        name: new.name.trim().to_owned(),
        id_type: CITIZEN.into(),
        id_number: number.as_str().to_owned(),
        phone: new.phone.trim().to_owned(),
        address: new.address.clone(),
    };
    let hash = hash(&new.password).await?;
    let tx = platform.db.begin().await?;
    let account = open_account(platform, &tx, &party, None, assurance, hash).await?;
    store::add_login(&tx, account, login_index(&platform.vault, &new.phone)).await?;
    tx.commit().await?;
    Ok(account)
}

/// Registers a firm: the account's key is the credit code.
///
/// # Errors
/// When a field is wrong, or the code has an account already.
pub async fn register_firm(platform: &Platform, register: &dyn RealNameCheck, new: &NewFirm) -> Result<Uuid> {
    let mut errors = Vec::new();
    if new.name.trim().is_empty() {
        errors.push(FieldError::new("name", "请填写营业执照或证书上的名称。"));
    }
    if let Err(error) = Uscc::parse(&new.uscc) {
        errors.push(FieldError::new("uscc", format!("{error}。")));
    }
    if new.representative.trim().is_empty() {
        errors.push(FieldError::new("representative", "请填写法定代表人（负责人）姓名。"));
    }
    let number = CitizenId::parse(&new.representative_number)
        .map_err(|error| errors.push(FieldError::new("representative_number", format!("法定代表人：{error}。"))))
        .ok();
    errors.extend(common_errors(&new.phone, &new.password, new.agreed, &[new.phone.trim(), new.uscc.trim()]));
    let (true, Some(number)) = (errors.is_empty(), number) else { return Err(Error::invalid(errors)) };
    let assurance = register.check(new.representative.trim(), &number, platform.today()).await.map_err(|e| rename(e, &[("name", "representative"), ("id_number", "representative_number")]))?;
    let party = NewParty {
        kind: PartyKind::Firm,
        name: new.name.trim().to_owned(),
        id_type: USCC.into(),
        id_number: new.uscc.clone(),
        phone: new.phone.trim().to_owned(),
        address: new.address.clone(),
    };
    let hash = hash(&new.password).await?;
    let tx = platform.db.begin().await?;
    let account = open_account(platform, &tx, &party, Some(new.representative.trim()), assurance, hash)
        .await
        .map_err(|e| rename(e, &[("id_number", "uscc")]))?;
    tx.commit().await?;
    Ok(account)
}

/// The same error with fields named as in the form that was filled in.
fn rename(error: Error, names: &[(&str, &str)]) -> Error {
    if error.fields().is_empty() {
        return error;
    }
    let renamed = |field: &str| names.iter().find(|(from, _)| *from == field).map_or(field, |(_, to)| to).to_owned();
    Error::invalid(error.fields().iter().map(|f| FieldError::new(renamed(&f.field), f.message.clone())).collect())
}

async fn open_account(platform: &Platform, tx: &Tx, new: &NewParty, representative: Option<&str>, assurance: Assurance, hash: String) -> Result<Uuid> {
    let now = platform.now();
    let vault = &platform.vault;
    let party = obtain(vault, tx, new, representative, now).await?;
    if store::account_of_party(&**tx, party.id).await?.is_some() {
        return Err(store::second_account());
    }
    complete(vault, tx, &party, new, representative, assurance).await?;
    let kind = if new.kind == PartyKind::Firm { AccountKind::Firm } else { AccountKind::Person };
    let account = AccountRow {
        id: new_id(),
        kind: kind.key().to_owned(),
        party_id: Some(party.id),
        staff_id: None,
        login_masked: party.id_masked.clone(),
        password_hash: hash,
        failures: 0,
        locked_until: None,
        totp_sealed: None,
        totp_pending: None,
        totp_step: 0,
        must_change: false,
    };
    store::insert_account(tx, &account, login_index(vault, &new.id_number), now).await?;
    let actor = Actor::Party(Party { account: account.id, party: party.id, kind: new.kind, name: party.name_masked.clone(), acting: None });
    let data = json!({ "party": party.id, "number": party.id_masked, "assurance": assurance.number() });
    journal::append(tx, account.id, &actor, now, Draft::new("identity.register", "注册账号", data)).await?;
    Ok(account.id)
}
