//! Putting a service together: the form, tables and process drawn for an item, found by the key that follows from its code,
//! and taken into its draft when they hold.

use access::Actor;
use base::{Error, Result};
use designs::Kind;
use designs::store::DesignRow;
use platform::Platform;

use uuid::Uuid;

use super::browse::ItemCard;
use crate::model::{ItemSpec, ItemStatus};
use crate::permissions::EDIT;
use crate::store::facet::{self, Wanted};
use crate::store::item::{self, ItemRow, identity};
use crate::store::version;

/// Most items listed as users of a design.
const MOST_USERS: usize = 100;

/// A design of an item, made or still to be made.
#[derive(Debug, Clone)]
pub struct Made {
    /// What it is.
    pub kind: Kind,
    /// By which key it is or will be known; empty while the item has no code.
    pub key: String,
    /// What a new one begins with.
    pub starter: &'static str,
    /// The design, once begun.
    pub design: Option<DesignRow>,
    /// Whether a version of it holds today.
    pub holds: bool,
}

/// How far a service is.
#[derive(Debug, Clone)]
pub struct Build {
    /// The item.
    pub row: ItemRow,
    /// Its newest list.
    pub spec: ItemSpec,
    /// Its body, as text for addresses.
    pub body: String,
    /// Its form.
    pub form: Made,
    /// The table its process asks.
    pub decision: Made,
    /// The table that asks for the situation.
    pub situation: Made,
    /// Its process.
    pub process: Made,
}

impl Build {
    fn parts(&self) -> [(&Made, &str); 4] {
        let spec = &self.spec;
        [(&self.form, &spec.form), (&self.decision, &spec.decision_key), (&self.situation, &spec.situation_key), (&self.process, &spec.process_key)]
    }

    /// Whether something that holds can be taken into the draft.
    #[must_use]
    pub fn ready(&self) -> bool {
        self.parts().iter().any(|(made, named)| made.holds && *named != made.key)
    }

    /// Whether the list names everything that was made for it, and something was.
    #[must_use]
    pub fn bound(&self) -> bool {
        let made: Vec<_> = self.parts().into_iter().filter(|(made, _)| made.design.is_some()).collect();
        !made.is_empty() && made.iter().all(|(made, named)| made.holds && *named == made.key)
    }
}

/// The key of the designs of an item: 36 to 39 characters that nobody has to think of.
fn key_of(prefix: &str, row: &ItemRow) -> String {
    if row.base_code.is_empty() || row.body_uscc.is_empty() {
        return String::new();
    }
    let variant = if row.variant.is_empty() { String::new() } else { format!("-{}", row.variant) };
    format!("{prefix}-{}-{}{variant}", row.base_code, row.body_uscc.to_ascii_lowercase())
}

/// The identity of the item for which a design with this key was begun.
#[must_use]
pub fn identity_of_key(key: &str) -> Option<String> {
    let mut parts = key.split('-');
    matches!(parts.next(), Some("item" | "ask")).then_some(())?;
    let (base_code, uscc) = (parts.next()?, parts.next()?.to_ascii_uppercase());
    identity(&uscc, base_code, parts.next().unwrap_or_default())
}

/// How far the service of an item is.
///
/// # Errors
/// Not found for items outside of the actor's scope.
pub async fn build(platform: &Platform, actor: &Actor, id: Uuid) -> Result<Build> {
    let conn = platform.db.read();
    let row = item::get(conn, id).await?;
    if !actor.may(EDIT, &row.target()) {
        return Err(Error::not_found("没有找到这个事项，可能不在您的职责范围内。"));
    }
    let newest = row.working_version_id.or(row.current_version_id).ok_or_else(|| Error::internal(format!("item {id} without a version")))?;
    let spec = version::get(conn, newest).await?.spec()?;
    let (own, ask) = (key_of("item", &row), key_of("ask", &row));
    // What the list names already goes before what would be made for it.
    let key = |named: &str, own: &str| if named.is_empty() { own.to_owned() } else { named.to_owned() };
    let made = async |kind, key: String, starter| -> Result<Made> {
        let design = designs::store::by_key(conn, kind, &key).await?;
        let holds = design.is_some() && designs::effective(conn, kind, &key, platform.today()).await?.is_some();
        Ok(Made { kind, key, starter, design, holds })
    };
    let form = match designs::store::by_key(conn, Kind::Form, &spec.form).await? {
        Some(_) => spec.form.clone(),
        None => own.clone(),
    };
    Ok(Build {
        form: made(Kind::Form, form, "applicant").await?,
        decision: made(Kind::Decision, key(&spec.decision_key, &own), "table").await?,
        situation: made(Kind::Decision, key(&spec.situation_key, &ask), "situation").await?,
        process: made(Kind::Process, key(&spec.process_key, &own), "empty").await?,
        body: row.body_id.map(|body| body.to_string()).unwrap_or_default(),
        row,
        spec,
    })
}

/// Lets the draft of an item name everything that was made for it and holds.
///
/// # Errors
/// As [`super::save_draft`].
pub async fn bind_designs(platform: &Platform, actor: &Actor, id: Uuid, lock: i32) -> Result<()> {
    let build = build(platform, actor, id).await?;
    if build.row.working_status() != Some(ItemStatus::Draft) {
        return Err(Error::refused("catalog.no_draft", "已发布的版本不能修改，请先“编制新版本”。"));
    }
    let take = |made: &Made, named: &str| if made.holds { made.key.clone() } else { named.to_owned() };
    let spec = ItemSpec {
        form: take(&build.form, &build.spec.form),
        decision_key: take(&build.decision, &build.spec.decision_key),
        situation_key: take(&build.situation, &build.spec.situation_key),
        process_key: take(&build.process, &build.spec.process_key),
        ..build.spec.clone()
    };
    super::save_draft(platform, actor, id, lock, spec).await
}

/// Published items that name a design.
///
/// # Errors
/// When the database fails.
pub async fn items_naming(platform: &Platform, kind: Kind, key: &str) -> Result<Vec<ItemCard>> {
    let wanted = [Wanted { facet: design_facet(kind, key), regional: false }];
    let page = facet::list(platform.db.read(), &wanted, &[], None, MOST_USERS).await?;
    page.items.iter().map(|card| Ok(serde_json::from_str(card)?)).collect()
}

/// Under which a published item is found by a design it names.
pub(super) fn design_facet(kind: Kind, key: &str) -> String {
    format!("design:{}:{key}", kind.code())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_leads_back_to_its_item() {
        assert_eq!(identity_of_key("item-000199031001-11450300tt0000015a"), identity("11450300TT0000015A", "000199031001", ""));
        assert_eq!(identity_of_key("ask-000199031001-11450300tt0000015a-02"), identity("11450300TT0000015A", "000199031001", "02"));
        assert!(identity_of_key("food-licence").is_none() && identity_of_key("item").is_none() && identity_of_key("").is_none());
    }
}
