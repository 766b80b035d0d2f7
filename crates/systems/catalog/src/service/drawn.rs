//! The processes, decision tables and forms that departments drew, as far as items name them.

use base::{Error, Result};
use platform::Platform;

use crate::model::ItemSpec;

/// The form an item names: one that comes with the program, or one a department drew, as it holds today.
///
/// # Errors
/// Invalid, naming the field `form`, when there is none.
pub(super) async fn form_text(platform: &Platform, key: &str) -> Result<String> {
    // What comes with the program keeps its name: a department cannot put its own form under another's items.
    match super::forms::form_text(key) {
        Ok(supplied) => Ok(supplied),
        Err(unknown) => designs::effective(platform.db.read(), designs::Kind::Form, key, platform.today()).await?.map(|drawn| drawn.content).ok_or(unknown),
    }
}

/// Refuses a list that names a design nobody published, or one that does not hold yet.
///
/// # Errors
/// Invalid, naming the field.
pub(super) async fn check_named(platform: &Platform, spec: &ItemSpec) -> Result<()> {
    let named = [(designs::Kind::Process, "process_key", &spec.process_key), (designs::Kind::Decision, "decision_key", &spec.decision_key)];
    for (kind, field, key) in named {
        if !key.is_empty() && designs::effective(platform.db.read(), kind, key, platform.today()).await?.is_none() {
            return Err(Error::field(field, format!("{}“{key}”还没有发布，或者还没到生效日期，请选择现行的。", kind.name())));
        }
    }
    Ok(())
}
