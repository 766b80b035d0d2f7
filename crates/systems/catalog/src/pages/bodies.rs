//! Bodies of the organization system as implementers of items.

use base::Result;
use organization::Body;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::service::Implementer;

impl From<Body> for Implementer {
    fn from(body: Body) -> Self {
        Self { id: body.id, name: body.name, uscc: body.uscc, region: body.region }
    }
}

/// Every registered body in the region and under it.
pub(super) async fn all(conn: &impl ConnectionTrait, region_prefix: &str) -> Result<Vec<Implementer>> {
    Ok(organization::bodies(conn, region_prefix).await?.into_iter().map(Implementer::from).collect())
}

/// The body with this identifier.
pub(super) async fn one(conn: &impl ConnectionTrait, id: Uuid) -> Result<Option<Implementer>> {
    Ok(organization::body(conn, id).await?.map(Implementer::from))
}

/// The body with this credit code.
pub(super) async fn by_uscc(conn: &impl ConnectionTrait, uscc: &str) -> Result<Option<Implementer>> {
    Ok(organization::body_by_uscc(conn, uscc).await?.map(Implementer::from))
}
