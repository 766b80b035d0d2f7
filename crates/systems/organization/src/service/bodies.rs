use access::{Actor, Target};
use base::{Error, FieldError, Result, new_id};
use codes::Uscc;
use db::Tx;
use journal::Draft;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;

use super::{managed_body, required};
use crate::model::WindowKind;
use crate::permissions::MANAGE;
use crate::store::{self, Body, Window};

/// A body to register.
#[derive(Debug, Clone, Default)]
pub struct NewBody {
    /// Unified social credit code.
    pub uscc: String,
    /// Full name.
    pub name: String,
    /// 12-digit code of its region.
    pub region: String,
    /// Where it receives people; may be empty.
    pub address: String,
    /// Telephone for questions; may be empty.
    pub phone: String,
    /// Telephone for complaints; may be empty.
    pub complaint_phone: String,
}

/// What can change about a body.
#[derive(Debug, Clone, Default)]
pub struct BodyContacts {
    /// Full name.
    pub name: String,
    /// Where it receives people; may be empty.
    pub address: String,
    /// Telephone for questions; may be empty.
    pub phone: String,
    /// Telephone for complaints; may be empty.
    pub complaint_phone: String,
}

/// A window to open.
#[derive(Debug, Clone)]
pub struct NewWindow {
    /// The body that keeps it.
    pub body: Uuid,
    /// What it is called.
    pub name: String,
    /// Where it is; empty for the service site of the body's region.
    pub place: String,
    /// What it is for.
    pub kind: WindowKind,
}

fn phone(errors: &mut Vec<FieldError>, field: &str, value: &str) -> String {
    let value = value.trim();
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let formed = value.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b' ' | b'+')) && (5..=15).contains(&digits);
    if !value.is_empty() && !formed {
        errors.push(FieldError::new(field, "请填写带区号的电话号码，例如 0773-2812345。"));
    }
    value.to_owned()
}

/// Registers a body.
///
/// # Errors
/// When the actor does not manage its region, a field is wrong, or the body is registered already.
pub async fn create_body(platform: &Platform, tx: &Tx, actor: &Actor, new: &NewBody) -> Result<Uuid> {
    let mut errors = Vec::new();
    let uscc = Uscc::parse(&new.uscc).map(|code| code.as_str().to_owned()).unwrap_or_else(|e| {
        errors.push(FieldError::new("uscc", format!("{e}。")));
        String::new()
    });
    let body = Body {
        id: new_id(),
        uscc,
        name: required(&mut errors, "name", &new.name, "请填写机构全称。", 100),
        region: new.region.trim().to_owned(),
        address: new.address.trim().to_owned(),
        phone: phone(&mut errors, "phone", &new.phone),
        complaint_phone: phone(&mut errors, "complaint_phone", &new.complaint_phone),
        version: 1,
    };
    if store::region(&**tx, &body.region).await?.is_none() {
        errors.push(FieldError::new("region", "没有这个行政区划，请填写 12 位代码，例如桂林市 450300000000。"));
    }
    if !errors.is_empty() {
        return Err(Error::invalid(errors));
    }
    actor.require(MANAGE, &Target { region: &body.region, body: Some(body.id), item: None })?;
    let now = platform.now();
    store::insert_body(tx, &body, now).await?;
    let data = json!({ "name": body.name, "uscc": body.uscc, "region": body.region });
    journal::append(tx, body.id, actor, now, Draft::new("organization.create_body", format!("登记机构“{}”", body.name), data)).await?;
    Ok(body.id)
}

/// Changes name, address and telephones of a body.
///
/// # Errors
/// When the actor does not manage it, a field is wrong, or somebody changed it meanwhile.
pub async fn update_body(platform: &Platform, tx: &Tx, actor: &Actor, id: Uuid, version: i32, contacts: &BodyContacts) -> Result<()> {
    let mut body = managed_body(&**tx, actor, id).await?;
    let mut errors = Vec::new();
    body.name = required(&mut errors, "name", &contacts.name, "请填写机构全称。", 100);
    body.address = contacts.address.trim().to_owned();
    body.phone = phone(&mut errors, "phone", &contacts.phone);
    body.complaint_phone = phone(&mut errors, "complaint_phone", &contacts.complaint_phone);
    if !errors.is_empty() {
        return Err(Error::invalid(errors));
    }
    store::update_body(tx, &body, version).await?;
    let data = json!({ "name": body.name, "address": body.address, "phone": body.phone, "complaint_phone": body.complaint_phone });
    journal::append(tx, id, actor, platform.now(), Draft::new("organization.update_body", "修改机构信息", data)).await?;
    Ok(())
}

/// Opens a window.
///
/// # Errors
/// When the actor does not manage the body or a field is wrong.
pub async fn create_window(platform: &Platform, tx: &Tx, actor: &Actor, new: &NewWindow) -> Result<Uuid> {
    let body = managed_body(&**tx, actor, new.body).await?;
    let mut errors = Vec::new();
    let name = required(&mut errors, "window_name", &new.name, "请填写窗口名称，例如“3 号综合窗口”。", 50);
    if !errors.is_empty() {
        return Err(Error::invalid(errors));
    }
    let place = match new.place.trim() {
        "" => store::region(&**tx, &body.region).await?.map_or_else(|| body.address.clone(), |r| r.service_site_name()),
        place => place.to_owned(),
    };
    let window = Window { id: new_id(), name, place, region: body.region, kind: new.kind.key().to_owned() };
    store::insert_window(tx, body.id, &window).await?;
    let data = json!({ "window": window.id, "name": window.name, "place": window.place, "kind": window.kind });
    journal::append(tx, body.id, actor, platform.now(), Draft::new("organization.create_window", format!("设置窗口“{}”", window.name), data)).await?;
    Ok(window.id)
}
