//! The processes that come with the program, and how an item finds its own: the one its department drew, as it holds on the
//! day of submission, or a supplied one. The same engine runs both.

use base::{Error, Result};
use catalog::model::{ItemSpec, ProcessKind};
use chrono::DateTime;
use platform::Platform;
use uuid::Uuid;

/// Key and drawing.
pub const SUPPLIED: [(&str, &str); 3] = [
    ("standard", include_str!("../processes/standard.bpmn")),
    ("two-step", include_str!("../processes/two-step.bpmn")),
    ("instant", include_str!("../processes/instant.bpmn")),
];

/// More approval layers than the three of 承办人→审查人→审批人 are refused (R06, M-APPR-01.14).
const MAX_LAYERS: usize = 3;

/// Checks a drawing as an approval process.
///
/// # Errors
/// [`base::Kind::Refused`] when it cannot run or has a fourth approval layer.
pub fn check(xml: &str) -> Result<()> {
    let process = flow::Engine::check(xml)?;
    let layers = bpmn::approval_layers(&process);
    if layers > MAX_LAYERS {
        return Err(Error::refused(
            "cases.too_many_layers",
            format!("流程有 {layers} 个审批层级，最多只能有承办人、审查人、审批人 {MAX_LAYERS} 个层级，请合并或删去多余的审批环节。"),
        ));
    }
    Ok(())
}

/// Stores the supplied processes; run at start.
///
/// # Errors
/// When one of them cannot run, or the database fails.
pub async fn deploy_supplied(platform: &Platform) -> Result<()> {
    let tx = platform.db.begin().await?;
    for (key, xml) in SUPPLIED {
        check(xml)?;
        // The first version has always held; a later one holds from the start of the release that brings it.
        let now = platform.now();
        let since = if flow::versions(&*tx, key).await?.is_empty() { DateTime::UNIX_EPOCH } else { now };
        platform.flow.deploy_from(&tx, key, xml, since, now).await?;
    }
    tx.commit().await
}

/// The version of a process a new case of this item runs; what is published later changes nothing for it.
pub(crate) async fn of_item(platform: &Platform, spec: &ItemSpec) -> Result<Uuid> {
    let conn = platform.db.read();
    if !spec.process_key.is_empty() {
        let held = designs::effective(conn, designs::Kind::Process, &spec.process_key, platform.today()).await?;
        return held
            .and_then(|process| process.definition)
            .ok_or_else(|| Error::internal(format!("the item names process {}, which does not hold today", spec.process_key)));
    }
    let key = match spec.process {
        ProcessKind::Standard => "standard",
        ProcessKind::TwoStep => "two-step",
        ProcessKind::Instant => "instant",
    };
    let current = flow::current(conn, key, platform.now()).await?;
    current.map(|version| version.id).ok_or_else(|| Error::internal(format!("process {key} is not deployed")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_supplied_processes_can_run() {
        for (key, xml) in SUPPLIED {
            check(xml).unwrap_or_else(|e| panic!("{key}: {e}"));
        }
    }

    #[test]
    fn a_fourth_layer_is_refused() {
        let (_, standard) = SUPPLIED[0];
        let fourth = standard
            .replace(
                r#"sourceRef="approved" targetRef="issue""#,
                r#"sourceRef="approved" targetRef="second""#,
            )
            .replace(
                r#"<serviceTask id="issue""#,
                r#"<userTask id="second" name="再审批" tongban:permission="cases.approve" tongban:step="approval" tongban:layer="second_approver"/>
                   <sequenceFlow id="fx" sourceRef="second" targetRef="issue"/><serviceTask id="issue""#,
            );
        assert_eq!(check(&fourth).unwrap_err().code(), "cases.too_many_layers");
    }
}
