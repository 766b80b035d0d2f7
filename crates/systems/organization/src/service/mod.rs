//! Use cases. Each works in the caller's transaction, so that a staff member with posts and an account is one act.

mod bodies;
mod deputies;
mod posts;
mod staff;

pub use bodies::{BodyContacts, NewBody, NewWindow, create_body, create_window, update_body};
pub use deputies::{Deputies, NewDeputy, deputies, end_deputy, name_deputy};
pub use posts::{create_post, create_post_from};
pub use staff::{Assignment, NewStaff, assign_post, create_staff, end_post, leave};

use access::{Actor, Target};
use base::{Error, Result};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::permissions::MANAGE;
use crate::store::{self, Body};

/// A body this actor manages. Somebody else's body is not found rather than forbidden.
pub(crate) async fn managed_body(conn: &impl ConnectionTrait, actor: &Actor, id: Uuid) -> Result<Body> {
    let missing = || Error::not_found("没有找到这个机构，或者它不在您的管理范围内。请回到机构列表查找。");
    let body = store::body(conn, id).await?.ok_or_else(missing)?;
    if !actor.has(MANAGE) {
        actor.require(MANAGE, &Target { region: &body.region, body: Some(body.id), item: None })?;
    }
    if actor.may(MANAGE, &Target { region: &body.region, body: Some(body.id), item: None }) { Ok(body) } else { Err(missing()) }
}

/// A required text, or what to do about it.
pub(crate) fn required(errors: &mut Vec<base::FieldError>, field: &str, value: &str, sentence: &str, longest: usize) -> String {
    let value = value.trim();
    if value.is_empty() {
        errors.push(base::FieldError::new(field, sentence));
    } else if value.chars().count() > longest {
        errors.push(base::FieldError::new(field, format!("最多 {longest} 个字，请精简。")));
    }
    value.to_owned()
}
