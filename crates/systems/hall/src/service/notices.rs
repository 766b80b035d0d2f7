//! Publishing and withdrawing notices. What was said is never changed, only withdrawn and said anew.

use access::{Actor, Target};
use base::{Error, FieldError, Result, new_id};
use db::Idempotency;
use journal::Draft;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;

use crate::PUBLISH;
use crate::store::{self, Notice};

/// What somebody wants to publish.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewNotice {
    /// Title, 5 to 60 characters.
    pub title: String,
    /// Who says it.
    pub source: String,
    /// Text, one paragraph per line.
    pub body: String,
}

impl NewNotice {
    /// What keeps it from being published, field by field.
    pub fn problems(&self) -> Vec<FieldError> {
        let length = |text: &str| text.trim().chars().count();
        let mut problems = Vec::new();
        if !(5..=60).contains(&length(&self.title)) {
            problems.push(FieldError::new("title", "标题请写 5 到 60 个字，让人一看就知道是什么事。"));
        }
        if !(2..=40).contains(&length(&self.source)) {
            problems.push(FieldError::new("source", "请写明由哪个单位发布，不超过 40 个字。"));
        }
        if !(10..=5000).contains(&length(&self.body)) {
            problems.push(FieldError::new("body", "正文请写 10 到 5000 个字，每段一行。"));
        }
        problems
    }
}

fn require(platform: &Platform, actor: &Actor) -> Result<()> {
    actor.require(PUBLISH, &Target { region: &platform.site.region, body: None, item: None })
}

/// Publishes a notice at once; the same form sent twice publishes once.
///
/// # Errors
/// Without the permission, or with the fields to mend.
pub async fn publish(platform: &Platform, actor: &Actor, nonce: &str, new: &NewNotice) -> Result<()> {
    require(platform, actor)?;
    let problems = new.problems();
    if !problems.is_empty() {
        return Err(Error::invalid(problems));
    }
    let now = platform.now();
    let notice = Notice {
        id: new_id(),
        title: new.title.trim().into(),
        source: new.source.trim().into(),
        body: new.body.trim().into(),
        published_at: now,
    };
    let tx = platform.db.begin().await?;
    if db::idempotent(&tx, "hall.publish", nonce, "", now).await? == Idempotency::First {
        store::insert_notice(&tx, &notice).await?;
        let data = json!({ "title": notice.title, "source": notice.source, "body": notice.body });
        journal::append(&tx, notice.id, actor, now, Draft::new("hall.publish", "发布公告", data)).await?;
    }
    tx.commit().await
}

/// Takes a notice off the hall.
///
/// # Errors
/// Without the permission, or when it is not public any more.
pub async fn withdraw(platform: &Platform, actor: &Actor, id: Uuid) -> Result<()> {
    require(platform, actor)?;
    let now = platform.now();
    let tx = platform.db.begin().await?;
    store::withdraw_notice(&tx, id, now).await?;
    journal::append(&tx, id, actor, now, Draft::new("hall.withdraw", "撤下公告", json!({}))).await?;
    tx.commit().await
}
