//! Application forms: a small subset of the form-js schema of bpmn.io, so forms can be drawn in its open-source editor
//! and rendered on the server without JavaScript.
//!
//! Top-level groups are the pages of the application (one thing per page). The browser is never trusted: every answer
//! is normalised and validated here, and keys the schema does not know are refused.

mod answers;
mod checks;
mod condition;
mod mask;
#[cfg(test)]
mod tests;
mod validate;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use answers::{Answers, from_pairs};
pub use checks::FormProblem;
pub use condition::Condition;
pub use mask::{Mask, Prefill};
pub use validate::{FieldErrors, Scope};

/// A form as drawn: identity, title, pages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Form {
    /// Id by which items name the form.
    pub id: String,
    /// Always `default` in form-js.
    #[serde(rename = "type")]
    pub schema_type: String,
    /// Schema version of form-js the form was drawn with.
    #[serde(default)]
    pub schema_version: u16,
    /// Title shown above the pages.
    #[serde(default)]
    pub title: String,
    /// Pages.
    pub components: Vec<Component>,
}

/// A page (group) or a field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Component {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: ComponentKind,
    /// Key of the answer; of a group, its name.
    #[serde(default)]
    pub key: String,
    /// What the citizen reads.
    #[serde(default)]
    pub label: String,
    /// Help under the label.
    #[serde(default)]
    pub description: String,
    /// Text of a `text` component.
    #[serde(default)]
    pub text: String,
    /// Fields of a group.
    #[serde(default)]
    pub components: Vec<Component>,
    /// Choices of select, radio and checklist.
    #[serde(default)]
    pub values: Vec<Choice>,
    /// What an answer must satisfy.
    #[serde(default)]
    pub validate: Rules,
    /// `date` for datetime.
    #[serde(default)]
    pub subtype: String,
    /// Decimals a number may have; none means any.
    #[serde(default)]
    pub decimal_digits: Option<u8>,
    /// Own properties: `prefill`, `mask`.
    #[serde(default)]
    pub properties: BTreeMap<String, String>,
    /// When the component is shown.
    #[serde(default)]
    pub conditional: Option<Conditional>,
}

/// Kinds of components of the subset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ComponentKind {
    /// A page.
    Group,
    /// One line of text.
    Textfield,
    /// Several lines.
    Textarea,
    /// A number.
    Number,
    /// One of a list.
    Select,
    /// One of a few.
    Radio,
    /// Any of a few.
    Checklist,
    /// A date.
    Datetime,
    /// Yes, or a promise.
    Checkbox,
    /// Words between fields; takes no answer.
    Text,
    /// Anything else form-js can draw; reported by [`Form::problems`].
    #[serde(other)]
    Unsupported,
}

impl ComponentKind {
    /// True for components that take an answer.
    #[must_use]
    pub fn takes_answer(self) -> bool {
        !matches!(self, Self::Group | Self::Text | Self::Unsupported)
    }

    /// True for components with a list of choices.
    #[must_use]
    pub fn has_choices(self) -> bool {
        matches!(self, Self::Select | Self::Radio | Self::Checklist)
    }
}

/// One choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What is shown.
    pub label: String,
    /// What is stored.
    pub value: String,
}

/// Rules of `validate`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Rules {
    /// Must be answered.
    pub required: bool,
    /// Least number of characters.
    pub min_length: Option<usize>,
    /// Most characters.
    pub max_length: Option<usize>,
    /// Least number.
    pub min: Option<f64>,
    /// Greatest number.
    pub max: Option<f64>,
    /// A known kind of text.
    pub validation_type: Option<TextType>,
}

/// Kinds of text that are checked as such.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TextType {
    /// Mobile or landline number.
    Phone,
    /// E-mail address.
    Email,
    /// Citizen ID, GB 11643.
    CitizenId,
    /// Unified social credit code, GB 32100.
    Uscc,
}

/// `conditional` of a component. form-js has `hide`; ours says when to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conditional {
    /// `key = "value"`.
    pub show: String,
}

/// One page of the application.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Page<'a> {
    /// Position, from 0.
    pub index: usize,
    /// Key of the group, for addresses.
    pub key: &'a str,
    /// Heading.
    pub title: &'a str,
    /// Help under the heading.
    pub description: &'a str,
    /// Fields and texts in order.
    pub components: &'a [Component],
}

/// Why a text is no form.
#[derive(Debug, thiserror::Error)]
#[error("表单不是有效的表单文件（第{}行第{}列）：{source}，请修正后重新上传。", source.line(), source.column())]
pub struct FormError {
    #[from]
    source: serde_json::Error,
}

impl Form {
    /// Reads the JSON of a form. Whether the form is usable is told by [`Form::problems`].
    pub fn parse(json: &str) -> Result<Self, FormError> {
        Ok(serde_json::from_str(json)?)
    }

    /// The pages in order.
    #[must_use]
    pub fn pages(&self) -> Vec<Page<'_>> {
        let groups = self
            .components
            .iter()
            .filter(|component| component.kind == ComponentKind::Group);
        groups
            .enumerate()
            .map(|(index, group)| Page {
                index,
                key: &group.key,
                title: &group.label,
                description: &group.description,
                components: &group.components,
            })
            .collect()
    }

    /// Every field that takes an answer, in order.
    pub fn fields(&self) -> impl Iterator<Item = &Component> {
        self.components
            .iter()
            .flat_map(|group| &group.components)
            .filter(|c| c.kind.takes_answer())
    }

    /// The field with this key.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&Component> {
        self.fields().find(|field| field.key == key)
    }

    /// Fields whose answers are stored encrypted and shown masked.
    pub fn sensitive_fields(&self) -> impl Iterator<Item = (&Component, Mask)> {
        self.fields()
            .filter_map(|field| Some((field, field.mask()?)))
    }
}

impl Component {
    /// How its answer is masked; `None` for answers that are not sensitive.
    #[must_use]
    pub fn mask(&self) -> Option<Mask> {
        Mask::from_code(self.properties.get("mask")?)
    }

    /// What is filled in from the account of the party.
    #[must_use]
    pub fn prefill(&self) -> Option<Prefill> {
        Prefill::from_code(self.properties.get("prefill")?)
    }
}
