//! Choices: drop-down lists, radios and checkboxes.

use maud::{Markup, html};

use super::Field;

/// One of several answers.
///
/// ```
/// # use maud::html;
/// # use web::components::*;
/// let post = Choice::new("post", "邮寄到家").hint("中国邮政，一般 3 日送达").reveal(html! {
///     (text_input(&Field::new("address", "收件地址")))
/// });
/// let shown = radios(&Field::new("delivery", "结果怎样给您").value("post"), &[Choice::new("window", "到窗口领取"), post]);
/// assert_eq!(shown.into_string().matches(" checked").count(), 1);
/// ```
#[derive(Clone, Debug)]
pub struct Choice {
    value: String,
    label: String,
    hint: Option<String>,
    chosen: bool,
    disabled: bool,
    reveal: Option<Markup>,
}

impl Choice {
    /// An answer and the value it sends.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Choice {
        Choice {
            value: value.into(),
            label: label.into(),
            hint: None,
            chosen: false,
            disabled: false,
            reveal: None,
        }
    }

    /// One line of help below the answer.
    pub fn hint(self, hint: impl Into<String>) -> Choice {
        Choice {
            hint: Some(hint.into()),
            ..self
        }
    }

    /// Chosen, whatever [`Field::value`] says; needed for checkboxes, where several may be.
    pub fn chosen(self, chosen: bool) -> Choice {
        Choice { chosen, ..self }
    }

    /// Shown, but cannot be chosen; the hint should say why.
    pub fn disabled(self, disabled: bool) -> Choice {
        Choice { disabled, ..self }
    }

    /// What is asked further once this answer is chosen (always shown without scripts).
    pub fn reveal(self, content: Markup) -> Choice {
        Choice {
            reveal: Some(content),
            ..self
        }
    }
}

/// A drop-down list; for up to seven answers prefer [`radios`]. Give it a first choice with an empty value (`请选择`).
pub fn select(field: &Field, choices: &[Choice]) -> Markup {
    field.group(html! {
        select class={ "govuk-select " (field.width.class()) @if field.error.is_some() { " govuk-select--error" } }
            id=(field.element_id()) name=(field.name) autocomplete=[field.autocomplete.as_deref()] disabled[field.disabled]
            aria-describedby=[field.described_by()] aria-invalid=[field.invalid()] {
            @for choice in choices {
                option value=(choice.value) selected[choice.chosen || choice.value == field.value] disabled[choice.disabled] {
                    (choice.label)
                }
            }
        }
    })
}

/// How a group of answers is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Arrangement {
    /// One below the other.
    #[default]
    Stacked,
    /// Beside each other, for 是 / 否.
    Inline,
    /// Smaller boxes, for filters on the workbench.
    Small,
}

/// One answer out of several.
pub fn radios(field: &Field, choices: &[Choice]) -> Markup {
    choice_group("radios", "radio", field, choices, Arrangement::Stacked)
}

/// Like [`radios`], arranged otherwise.
pub fn radios_arranged(field: &Field, choices: &[Choice], arrangement: Arrangement) -> Markup {
    choice_group("radios", "radio", field, choices, arrangement)
}

/// Any number of answers; each sends the same name.
pub fn checkboxes(field: &Field, choices: &[Choice]) -> Markup {
    choice_group("checkboxes", "checkbox", field, choices, Arrangement::Stacked)
}

/// Like [`checkboxes`], arranged otherwise.
pub fn checkboxes_arranged(field: &Field, choices: &[Choice], arrangement: Arrangement) -> Markup {
    choice_group("checkboxes", "checkbox", field, choices, arrangement)
}

fn choice_group(block: &str, input_type: &str, field: &Field, choices: &[Choice], arrangement: Arrangement) -> Markup {
    let arrangement = match arrangement {
        Arrangement::Stacked => String::new(),
        Arrangement::Inline => format!(" govuk-{block}--inline"),
        Arrangement::Small => format!(" govuk-{block}--small"),
    };
    field.fieldset_group(html! {
        div class={ "govuk-" (block) (arrangement) } {
            @for (index, choice) in choices.iter().enumerate() {
                // The first answer bears the field's id, so that the error summary reaches it.
                @let id = if index == 0 { field.element_id().to_owned() } else { format!("{}-{}", field.element_id(), index + 1) };
                (choice_item(block, input_type, field, choice, &id))
            }
        }
    })
}

fn choice_item(block: &str, input_type: &str, field: &Field, choice: &Choice, id: &str) -> Markup {
    let checked = choice.chosen || (!field.value.is_empty() && choice.value == field.value);
    let reveal_id = choice.reveal.as_ref().map(|_| format!("{id}-more"));
    let hint_id = choice.hint.as_ref().map(|_| format!("{id}-item-hint"));
    html! {
        div class={ "govuk-" (block) "__item" } {
            input class={ "govuk-" (block) "__input" } id=(id) name=(field.name) type=(input_type) value=(choice.value)
                checked[checked] disabled[field.disabled || choice.disabled]
                data-reveals=[reveal_id.as_deref()] aria-describedby=[hint_id.as_deref()];
            label class={ "govuk-label govuk-" (block) "__label" } for=(id) { (choice.label) }
            @if let (Some(hint), Some(hint_id)) = (&choice.hint, &hint_id) {
                div class={ "govuk-hint govuk-" (block) "__hint" } id=(hint_id) { (hint) }
            }
        }
        @if let (Some(content), Some(reveal_id)) = (&choice.reveal, &reveal_id) {
            div class={ "govuk-" (block) "__conditional" @if !checked { " govuk-" (block) "__conditional--hidden" } } id=(reveal_id) {
                (content)
            }
        }
    }
}

/// One box to tick, for a promise or a consent; sends `yes`.
pub fn checkbox(field: &Field, checked: bool) -> Markup {
    html! {
        div class={ "govuk-form-group" @if field.error.is_some() { " govuk-form-group--error" } } {
            @if field.error.is_some() { (field.clone().without_hint().hint_and_error()) }
            div class="govuk-checkboxes" {
                div class="govuk-checkboxes__item" {
                    input class="govuk-checkboxes__input" id=(field.element_id()) name=(field.name) type="checkbox" value="yes"
                        checked[checked] disabled[field.disabled]
                        aria-describedby=[field.described_by()] aria-invalid=[field.invalid()];
                    label class="govuk-label govuk-checkboxes__label" for=(field.element_id()) { (field.label_text()) }
                    @if let Some(hint) = &field.hint {
                        div class="govuk-hint govuk-checkboxes__hint" id=(field.hint_id()) { (hint) }
                    }
                }
            }
        }
    }
}
