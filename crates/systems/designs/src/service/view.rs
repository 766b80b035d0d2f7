use access::Actor;
use base::{Error, Result};
use platform::Platform;
use uuid::Uuid;

use crate::permissions::{EDIT, REVIEW};
use crate::store::{self, DesignRow, VersionRow};

/// A design with its versions.
#[derive(Debug, Clone)]
pub struct DesignView {
    /// The design.
    pub design: DesignRow,
    /// Its versions, newest first.
    pub versions: Vec<VersionRow>,
    /// Whether the actor may draw here.
    pub edits: bool,
    /// Whether the actor may review here.
    pub reviews: bool,
}

impl DesignView {
    /// The version being written or reviewed.
    pub fn working(&self) -> Option<&VersionRow> {
        self.versions.iter().find(|version| Some(version.id) == self.design.working_id)
    }
}

/// A design the actor may see.
///
/// # Errors
/// [`base::Kind::NotFound`], also out of scope.
pub async fn design(platform: &Platform, actor: &Actor, id: Uuid) -> Result<DesignView> {
    let conn = platform.db.read();
    let design = store::get(conn, id).await?;
    let (edits, reviews) = (actor.may(EDIT, &design.target()), actor.may(REVIEW, &design.target()));
    if !edits && !reviews {
        return Err(Error::not_found("没有找到这个设计，可能不在您的职责范围内。"));
    }
    Ok(DesignView { versions: store::of_design(conn, id).await?, design, edits, reviews })
}

/// One version of a design the actor may see.
///
/// # Errors
/// [`base::Kind::NotFound`], also out of scope or of another design.
pub async fn version_of(platform: &Platform, actor: &Actor, design_id: Uuid, version: Uuid) -> Result<(DesignRow, VersionRow)> {
    let view = design(platform, actor, design_id).await?;
    let found = store::version(platform.db.read(), version).await?;
    if found.design_id != design_id {
        return Err(Error::not_found("没有找到这个版本。"));
    }
    Ok((view.design, found))
}
