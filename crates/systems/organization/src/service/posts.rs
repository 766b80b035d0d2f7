use access::{Actor, Grant};
use base::{Error, Result, new_id};
use db::Tx;
use journal::Draft;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;

use super::{managed_body, required};
use crate::model::{PostTemplate, may_grant};
use crate::store::{self, PostRow};

/// Makes a post of a body with these grants.
///
/// # Errors
/// When the actor does not manage the body or hands on more than they administer, or the name is taken.
pub async fn create_post(platform: &Platform, tx: &Tx, actor: &Actor, body: Uuid, name: &str, grants: Vec<Grant>) -> Result<Uuid> {
    let body = managed_body(&**tx, actor, body).await?;
    let mut errors = Vec::new();
    let name = required(&mut errors, "name", name, "请填写岗位名称。", 40);
    if !errors.is_empty() {
        return Err(Error::invalid(errors));
    }
    if let Some(grant) = grants.iter().find(|g| !may_grant(actor, g, body.id, &body.region)) {
        return Err(Error::forbidden(format!(
            "“{}”这项授权超出了您的管理范围，不能放进岗位。请缩小范围，或请上级管理员设置。",
            grant.permission
        )));
    }
    let now = platform.now();
    let post = PostRow { id: new_id(), body_id: body.id, name };
    store::insert_post(tx, &post, &grants, now).await?;
    let data = json!({ "post": post.id, "name": post.name, "grants": grants });
    journal::append(tx, body.id, actor, now, Draft::new("organization.create_post", format!("设置岗位“{}”", post.name), data)).await?;
    Ok(post.id)
}

/// Makes one of the usual posts in a body.
///
/// # Errors
/// As [`create_post`].
pub async fn create_post_from(platform: &Platform, tx: &Tx, actor: &Actor, body: Uuid, template: &PostTemplate) -> Result<Uuid> {
    let region = managed_body(&**tx, actor, body).await?.region;
    create_post(platform, tx, actor, body, template.name, template.grants(body, &region)).await
}
