//! The forms that come with the program; a version keeps its own copy.

use ::forms::{Context, Form, StandardLists};
use base::{Error, Result};
use formpages::Feel;
use rust_embed::RustEmbed;

/// Demonstration items and the forms they use.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../../data/demo"]
pub(crate) struct Data;

/// The JSON of a form by its identifier.
///
/// # Errors
/// Invalid, naming the field `form`, when there is none.
pub fn form_text(id: &str) -> Result<String> {
    let file = (!id.contains(['/', '\\', '.'])).then(|| Data::get(&format!("forms/{id}.json"))).flatten();
    let file = file.ok_or_else(|| Error::field("form", format!("没有名为“{id}”的表单，请从列表中选择。")))?;
    Ok(String::from_utf8(file.data.into_owned())?)
}

/// Forms to choose from: identifier and title.
pub fn form_choices() -> Vec<(String, String)> {
    let ids = Data::iter().filter_map(|path| path.strip_prefix("forms/")?.strip_suffix(".json").map(str::to_owned));
    ids.filter_map(|id| Some((id.clone(), Form::parse(&form_text(&id).ok()?).ok()?.title))).collect()
}

/// What every form of the catalogue is checked, shown and validated with: the code lists of the house and FEEL.
#[must_use]
pub fn form_context() -> Context<'static> {
    Context::new(&StandardLists, &Feel)
}

pub(crate) fn hash(form: &str) -> String {
    gm::sm3_hex(form.as_bytes())
}
