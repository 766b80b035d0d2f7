//! Files to upload.

use maud::{Markup, html};

use super::{Field, Icon, format::file_size};

/// What may be uploaded.
#[derive(Clone, Debug)]
pub struct FileRules {
    /// Endings or types as the `accept` attribute takes them: `.pdf`, `image/*`.
    pub accept: Vec<String>,
    /// Largest size of one file in bytes.
    pub max_bytes: u64,
    /// More than one file at once.
    pub multiple: bool,
}

/// A file to upload; put it in a [`super::Form`] with `.upload()`, which adds a progress bar where scripts run.
pub fn file_upload(field: &Field, rules: &FileRules) -> Markup {
    let endings: Vec<String> = rules
        .accept
        .iter()
        .map(|ending| ending.trim_start_matches('.').to_uppercase())
        .collect();
    let limits_id = format!("{}-limits", field.element_id());
    let described = match field.described_by() {
        Some(ids) => format!("{ids} {limits_id}"),
        None => limits_id.clone(),
    };
    field.group(html! {
        div class="upload" data-upload {
            (Icon::Upload)
            // Where scripts run this label stands for the browser's own button, whose words follow the browser's language.
            label class="button button--secondary upload__pick" for=(field.element_id()) { "选择文件" }
            input class="govuk-file-upload upload__input" id=(field.element_id()) name=(field.name) type="file"
                accept=(rules.accept.join(",")) multiple[rules.multiple] disabled[field.disabled] data-max-bytes=(rules.max_bytes)
                aria-describedby=(described) aria-invalid=[field.invalid()];
            p class="upload__limits" id=(limits_id) {
                "可用格式：" (endings.join("、")) "；每个文件不超过 " (file_size(rules.max_bytes)) @if rules.multiple { "；可一次选多个" } "。"
            }
            p class="upload__chosen" data-upload-chosen aria-live="polite" {}
        }
    })
}
