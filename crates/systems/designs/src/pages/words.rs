//! What several pages say alike.

use web::components::*;
use web::{Markup, html};

use crate::model::{Finding, Kind, Severity, Standing};

/// The sign of a kind.
pub(super) fn icon(kind: Kind) -> Icon {
    match kind {
        Kind::Process => Icon::Workflow,
        Kind::Decision => Icon::Table2,
        Kind::Form => Icon::FileText,
    }
}

/// The tag of a standing.
pub(super) fn standing_tag(standing: Standing) -> Markup {
    let tone = match standing {
        Standing::Draft | Standing::Superseded => Tone::Neutral,
        Standing::InReview | Standing::Scheduled => Tone::Info,
        Standing::Current => Tone::Good,
    };
    tag(tone, standing.name())
}

/// The list of problems. Each names its element, so that scripts can select it in the drawing.
pub(super) fn findings(found: &[Finding]) -> Markup {
    html! {
        ul class="findings" data-findings aria-live="polite" {
            @if found.is_empty() { li { (tag(Tone::Good, "通过")) " 没有发现问题，可以试运行、提交审核。" } }
            @for finding in found {
                li {
                    (match finding.severity { Severity::Error => tag(Tone::Alert, "须改正"), Severity::Advice => tag(Tone::Caution, "建议") }) " "
                    @match &finding.element {
                        Some(element) => button type="button" class="findings__go" data-element=(element) { (finding.message) },
                        None => (finding.message),
                    }
                }
            }
        }
    }
}

/// Who holds a permission, in words: the usual posts, or the applicant.
pub(super) fn posts(permission: &str) -> String {
    if permission == flow::APPLICANT {
        return "申请人".to_owned();
    }
    let allowed = organization::TEMPLATES.iter().filter(|post| post.allows.iter().any(|(name, _)| *name == permission));
    let names: Vec<&str> = allowed.map(|post| post.name).collect();
    if names.is_empty() { permission.to_owned() } else { names.join("、") }
}
