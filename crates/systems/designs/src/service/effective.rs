use base::Result;
use chrono::NaiveDate;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::model::Kind;
use crate::store::{self, DesignRow};

/// What holds on a day under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective {
    /// The design.
    pub design_id: Uuid,
    /// The version.
    pub version_id: Uuid,
    /// Its number.
    pub number: i32,
    /// Name of the design.
    pub name: String,
    /// The body it belongs to.
    pub body_id: Uuid,
    /// The drawing, table or form.
    pub content: String,
    /// SM3 of the content, hex: what an automatic decision records as its rule (M-APPR-10.02).
    pub digest: String,
    /// The deployed definition, for processes.
    pub definition: Option<Uuid>,
}

/// The version of a design that holds on a day; whatever began before stays with what held then.
///
/// # Errors
/// When the database fails.
pub async fn effective(conn: &impl ConnectionTrait, kind: Kind, key: &str, day: NaiveDate) -> Result<Option<Effective>> {
    match store::by_key(conn, kind, key).await? {
        Some(design) => in_force(conn, design, day).await,
        None => Ok(None),
    }
}

/// The version of this design that holds on a day.
pub(super) async fn in_force(conn: &impl ConnectionTrait, design: DesignRow, day: NaiveDate) -> Result<Option<Effective>> {
    let version = store::current(conn, design.id, day).await?;
    Ok(version.map(|version| Effective {
        design_id: design.id,
        version_id: version.id,
        number: version.number,
        name: design.name,
        body_id: design.body_id,
        content: version.content,
        digest: version.digest,
        definition: version.definition_id,
    }))
}

/// A published design an item can name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Its key.
    pub key: String,
    /// Its name and the body it belongs to.
    pub label: String,
}

/// Every published design of a kind.
///
/// # Errors
/// When the database fails.
pub async fn choices(conn: &impl ConnectionTrait, kind: Kind) -> Result<Vec<Choice>> {
    let found = store::published_choices(conn, kind).await?;
    Ok(found.into_iter().map(|(key, name, body)| Choice { key, label: format!("{name}（{body}）") }).collect())
}
