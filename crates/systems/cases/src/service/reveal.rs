//! 查看完整信息: personal data is masked on the workbench; whoever needs it whole says what for, and the case's own
//! chain keeps who looked, when and why (个人信息保护法 6, 51).

use access::Actor;
use base::{Error, Result};
use journal::Draft as Entry;
use platform::Platform;
use uuid::Uuid;

use crate::permissions::WORK;
use crate::service::loaded::{LoadedCase, no_such_case, note};

/// Fewest characters of a purpose that says something.
const SHORTEST_PURPOSE: usize = 4;

/// The case with the applicant and the answers whole, for one look. The entry is stored before anything is shown.
///
/// Only those who work on the case: whoever merely reads cases does without, and whoever may neither is told that there
/// is no such case.
///
/// # Errors
/// [`base::Kind::Invalid`] without a purpose, [`base::Kind::NotFound`] or [`base::Kind::Forbidden`] for anybody else.
pub async fn reveal(platform: &Platform, actor: &Actor, id: Uuid, purpose: &str) -> Result<LoadedCase> {
    actor.staff()?;
    let tx = platform.db.begin().await?;
    let case = LoadedCase::load(platform, &*tx, id).await?;
    if !WORK.iter().any(|permission| actor.may(*permission, &case.target())) {
        return Err(if super::query::may_read(actor, &case.row) {
            Error::forbidden("您的岗位可以查看办件，但不办理这件事，不能查看申请人的完整信息。")
        } else {
            no_such_case()
        });
    }
    let purpose = purpose.trim();
    if purpose.chars().count() < SHORTEST_PURPOSE {
        return Err(Error::field("purpose", "请写明查看完整信息的用途，例如“核对身份证件”。"));
    }
    case.record(platform, &tx, actor, Entry::new("cases.reveal", "查看完整信息", note(&[("purpose", purpose)])), None).await?;
    tx.commit().await?;
    Ok(case)
}
