//! The processes, decision tables and forms that departments drew, as far as items name them.

use base::{Error, Result};
use platform::Platform;
use uuid::Uuid;

use crate::model::{Guide, ItemSpec};

/// The form an item names: one that comes with the program, or one a department drew, as it holds today.
///
/// # Errors
/// Invalid, naming the field `form`, when there is none.
pub(super) async fn form_text(platform: &Platform, key: &str, body: Option<Uuid>) -> Result<String> {
    let drawn = designs::effective(platform.db.read(), designs::Kind::Form, key, platform.today()).await?;
    // A department's own form goes before what comes with the program, but only for its own items: nobody puts a form under
    // another's by drawing one of the same name.
    match (drawn, super::forms::form_text(key)) {
        (Some(drawn), Ok(_)) if Some(drawn.body_id) == body => Ok(drawn.content),
        (_, Ok(supplied)) => Ok(supplied),
        (Some(drawn), Err(_)) => Ok(drawn.content),
        (None, Err(unknown)) => Err(unknown),
    }
}

/// Refuses a list that names a design nobody published, or one that does not hold yet.
///
/// # Errors
/// Invalid, naming the field.
pub(super) async fn check_named(platform: &Platform, spec: &ItemSpec) -> Result<()> {
    let named = [(designs::Kind::Process, "process_key", &spec.process_key), (designs::Kind::Decision, "decision_key", &spec.decision_key),
        (designs::Kind::Decision, "situation_key", &spec.situation_key)];
    for (kind, field, key) in named {
        if !key.is_empty() && designs::effective(platform.db.read(), kind, key, platform.today()).await?.is_none() {
            return Err(Error::field(field, format!("{}“{key}”还没有发布，或者还没到生效日期，请选择现行的。", kind.name())));
        }
    }
    Ok(())
}

/// The questions that lead to the situation of an applicant, as they hold today; none for an item without.
///
/// # Errors
/// Refused when the item names a table that does not hold today.
pub async fn guide(platform: &Platform, spec: &ItemSpec) -> Result<Option<Guide>> {
    let key = spec.situation_key.as_str();
    if key.is_empty() {
        return Ok(None);
    }
    let held = designs::effective(platform.db.read(), designs::Kind::Decision, key, platform.today()).await?;
    let held = held.ok_or_else(|| Error::refused("catalog.no_guide", format!("情形引导暂时不可用，请拨打 {} 咨询。", spec.phone)))?;
    Ok(Some(Guide::new(key, held.number, &held.digest, &held.content)))
}

/// Refuses a list whose table cannot lead everybody to a situation of it.
///
/// # Errors
/// Invalid, naming the field `situation_key`.
pub(super) async fn check_guide(platform: &Platform, spec: &ItemSpec) -> Result<()> {
    let Some(guide) = guide(platform, spec).await? else { return Ok(()) };
    let problems = guide.problems(spec);
    if problems.is_empty() { Ok(()) } else { Err(Error::field("situation_key", problems.join(""))) }
}
