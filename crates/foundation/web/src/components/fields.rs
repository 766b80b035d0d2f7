//! Fields: a [`Field`] says what is asked, and one function per kind of input draws it with its label, hint and error
//! bound together for screen readers.

use maud::{Markup, Render, html};

use super::Icon;

/// How wide an input looks; a width that fits the answer tells people what is expected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)] // `CharsN` is a box for N characters
pub enum Width {
    #[default]
    Full,
    TwoThirds,
    Half,
    Chars20,
    Chars10,
    Chars5,
    Chars3,
    Chars2,
}

impl Width {
    pub(super) fn class(self) -> &'static str {
        match self {
            Width::Full => "",
            Width::TwoThirds => "govuk-!-width-two-thirds",
            Width::Half => "govuk-!-width-one-half",
            Width::Chars20 => "govuk-input--width-20",
            Width::Chars10 => "govuk-input--width-10",
            Width::Chars5 => "govuk-input--width-5",
            Width::Chars3 => "govuk-input--width-3",
            Width::Chars2 => "govuk-input--width-2",
        }
    }
}

/// What is asked: name, label, hint, value so far and what is wrong with it.
///
/// ```
/// # use web::components::*;
/// let phone = Field::new("phone", "手机号码")
///     .hint("用来接收办理进度短信")
///     .value("138")
///     .error(Some("手机号码是 11 位数字"))
///     .autocomplete("tel")
///     .inputmode("tel")
///     .width(Width::Chars20);
/// assert!(text_input(&phone).into_string().contains("aria-invalid"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Field {
    pub(super) name: String,
    id: Option<String>,
    label: String,
    pub(super) hint: Option<String>,
    pub(super) value: String,
    pub(super) error: Option<String>,
    optional: bool,
    pub(super) width: Width,
    pub(super) autocomplete: Option<String>,
    inputmode: Option<String>,
    input_type: Option<&'static str>,
    max_length: Option<usize>,
    rows: Option<u32>,
    suffix: Option<String>,
    heading: bool,
    pub(super) disabled: bool,
}

impl Field {
    /// A required field. `name` is the form key and, unless [`Field::id`] says otherwise, the element id.
    pub fn new(name: impl Into<String>, label: impl Into<String>) -> Field {
        Field {
            name: name.into(),
            label: label.into(),
            ..Field::default()
        }
    }

    /// Another element id, when the same name appears twice on a page.
    pub fn id(self, id: impl Into<String>) -> Field {
        Field {
            id: Some(id.into()),
            ..self
        }
    }

    /// One line of help below the label.
    pub fn hint(self, hint: impl Into<String>) -> Field {
        Field {
            hint: Some(hint.into()),
            ..self
        }
    }

    /// What has been entered so far; for choices, the value chosen.
    pub fn value(self, value: impl Into<String>) -> Field {
        Field {
            value: value.into(),
            ..self
        }
    }

    /// What is wrong, as a sentence that says how to put it right; `None` when nothing is.
    pub fn error(self, error: Option<&str>) -> Field {
        Field {
            error: error.map(str::to_owned),
            ..self
        }
    }

    /// `required(false)` writes （选填） behind the label. Everything else is required and says nothing.
    pub fn required(self, required: bool) -> Field {
        Field {
            optional: !required,
            ..self
        }
    }

    /// How wide the box looks.
    pub fn width(self, width: Width) -> Field {
        Field { width, ..self }
    }

    /// The `autocomplete` purpose (`name`, `tel`, `street-address` …), WCAG 1.3.5.
    pub fn autocomplete(self, purpose: impl Into<String>) -> Field {
        Field {
            autocomplete: Some(purpose.into()),
            ..self
        }
    }

    /// The keyboard a phone shows: `numeric`, `tel`, `email`, `decimal`.
    pub fn inputmode(self, mode: impl Into<String>) -> Field {
        Field {
            inputmode: Some(mode.into()),
            ..self
        }
    }

    /// The `type` of a text input (`email`, `tel`, `search`, `time`); `text` when not set.
    pub fn input_type(self, input_type: &'static str) -> Field {
        Field {
            input_type: Some(input_type),
            ..self
        }
    }

    /// The most characters allowed; a text area then counts them down.
    pub fn max_length(self, characters: usize) -> Field {
        Field {
            max_length: Some(characters),
            ..self
        }
    }

    /// Height of a text area in lines (5 when not set).
    pub fn rows(self, rows: u32) -> Field {
        Field {
            rows: Some(rows),
            ..self
        }
    }

    /// A unit behind the box: 元, 平方米, 个工作日.
    pub fn suffix(self, unit: impl Into<String>) -> Field {
        Field {
            suffix: Some(unit.into()),
            ..self
        }
    }

    /// The label is the heading of the page, for pages that ask one thing.
    pub fn as_heading(self) -> Field {
        Field { heading: true, ..self }
    }

    /// Shown, but not to be changed and not sent.
    pub fn disabled(self, disabled: bool) -> Field {
        Field { disabled, ..self }
    }

    pub(super) fn without_hint(self) -> Field {
        Field { hint: None, ..self }
    }

    /// The id an error summary links to.
    pub fn element_id(&self) -> &str {
        self.id.as_deref().unwrap_or(&self.name)
    }

    pub(super) fn hint_id(&self) -> String {
        format!("{}-hint", self.element_id())
    }

    fn error_id(&self) -> String {
        format!("{}-error", self.element_id())
    }

    /// The ids of hint and error, as `aria-describedby` wants them.
    pub(super) fn described_by(&self) -> Option<String> {
        let ids = [
            self.hint.as_ref().map(|_| self.hint_id()),
            self.error.as_ref().map(|_| self.error_id()),
        ];
        let ids: Vec<String> = ids.into_iter().flatten().collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    pub(super) fn invalid(&self) -> Option<&'static str> {
        self.error.as_ref().map(|_| "true")
    }

    pub(super) fn label_text(&self) -> Markup {
        html! { (self.label) @if self.optional { span class="optional" { "（选填）" } } }
    }

    fn label_tag(&self) -> Markup {
        let label = html! {
            label class={ "govuk-label" @if self.heading { " govuk-label--l" } } for=(self.element_id()) {
                (self.label_text())
            }
        };
        html! { @if self.heading { h1 class="govuk-label-wrapper" { (label) } } @else { (label) } }
    }

    pub(super) fn hint_and_error(&self) -> Markup {
        html! {
            @if let Some(hint) = &self.hint { div class="govuk-hint" id=(self.hint_id()) { (hint) } }
            @if let Some(error) = &self.error {
                p class="govuk-error-message" id=(self.error_id()) {
                    (Icon::CircleAlert) span class="govuk-visually-hidden" { "错误：" } (error)
                }
            }
        }
    }

    pub(super) fn group(&self, content: Markup) -> Markup {
        html! {
            div class={ "govuk-form-group" @if self.error.is_some() { " govuk-form-group--error" } } {
                (self.label_tag()) (self.hint_and_error()) (content)
            }
        }
    }

    /// A group of inputs that answer one question, with the label as its legend.
    pub(super) fn fieldset_group(&self, content: Markup) -> Markup {
        html! {
            div class={ "govuk-form-group" @if self.error.is_some() { " govuk-form-group--error" } } {
                fieldset class="govuk-fieldset" aria-describedby=[self.described_by()] {
                    legend class={ "govuk-fieldset__legend" @if self.heading { " govuk-fieldset__legend--l" } } {
                        @if self.heading {
                            h1 class="govuk-fieldset__heading" { (self.label_text()) }
                        } @else {
                            (self.label_text())
                        }
                    }
                    (self.hint_and_error())
                    (content)
                }
            }
        }
    }
}

/// A single line of text.
pub fn text_input(field: &Field) -> Markup {
    let input = html! {
        input class={ "govuk-input " (field.width.class()) @if field.error.is_some() { " govuk-input--error" } }
            id=(field.element_id()) name=(field.name) type=(field.input_type.unwrap_or("text")) value=(field.value)
            autocomplete=[field.autocomplete.as_deref()] inputmode=[field.inputmode.as_deref()] maxlength=[field.max_length]
            spellcheck="false" disabled[field.disabled]
            aria-describedby=[field.described_by()] aria-invalid=[field.invalid()];
    };
    field.group(html! {
        @if let Some(unit) = &field.suffix {
            div class="govuk-input__wrapper" { (input) div class="govuk-input__suffix" { (unit) } }
        } @else { (input) }
    })
}

/// Several lines of text; counts characters when [`Field::max_length`] is set.
pub fn textarea(field: &Field) -> Markup {
    let counts = field.max_length.is_some();
    let count_id = format!("{}-info", field.element_id());
    let described = match (field.described_by(), counts) {
        (Some(ids), true) => Some(format!("{count_id} {ids}")),
        (None, true) => Some(count_id.clone()),
        (ids, false) => ids,
    };
    let area = field.group(html! {
        textarea
            class={
                "govuk-textarea" @if counts { " govuk-js-character-count" } @if field.error.is_some() { " govuk-textarea--error" }
            }
            id=(field.element_id()) name=(field.name) rows=(field.rows.unwrap_or(5)) disabled[field.disabled]
            aria-describedby=[described] aria-invalid=[field.invalid()] { (field.value) }
    });
    match field.max_length {
        None => area,
        Some(limit) => html! {
            div class="govuk-character-count" data-module="govuk-character-count" data-maxlength=(limit) {
                (area)
                div id=(count_id) class="govuk-hint govuk-character-count__message" { "最多 " (limit) " 个字" }
            }
        },
    }
}

/// A password, with a button to show it where scripts run.
pub fn password(field: &Field) -> Markup {
    html! {
        div class="govuk-password-input" data-module="govuk-password-input" {
            (field.group(html! {
                div class="govuk-input__wrapper govuk-password-input__wrapper" {
                    input class={ "govuk-input govuk-password-input__input govuk-js-password-input-input " (field.width.class())
                            @if field.error.is_some() { " govuk-input--error" } }
                        id=(field.element_id()) name=(field.name) type="password" spellcheck="false" autocapitalize="none"
                        autocomplete=(field.autocomplete.as_deref().unwrap_or("current-password"))
                        aria-describedby=[field.described_by()] aria-invalid=[field.invalid()];
                    button type="button" class="button button--secondary govuk-password-input__toggle govuk-js-password-input-toggle"
                        aria-controls=(field.element_id()) aria-label="显示密码" hidden { "显示" }
                }
            }))
        }
    }
}

/// A value the form carries along without showing it.
pub fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}

/// A date as it was typed, so that a wrong one can be shown again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)] // year, month and day as text
pub struct DateParts {
    pub year: String,
    pub month: String,
    pub day: String,
}

impl From<chrono::NaiveDate> for DateParts {
    fn from(date: chrono::NaiveDate) -> DateParts {
        use chrono::Datelike;
        DateParts {
            year: date.year().to_string(),
            month: date.month().to_string(),
            day: date.day().to_string(),
        }
    }
}

/// A date in three boxes, in Chinese order. The form keys are `{name}_year`, `{name}_month` and `{name}_day`; an error
/// summary links to `{name}_year`.
pub fn date_input(field: &Field, date: &DateParts) -> Markup {
    let boxes = [
        ("year", "年", Width::Chars5, &date.year, "bday-year"),
        ("month", "月", Width::Chars2, &date.month, "bday-month"),
        ("day", "日", Width::Chars2, &date.day, "bday-day"),
    ];
    let birthday = field.autocomplete.as_deref() == Some("bday");
    field.fieldset_group(html! {
        div class="date-input" id=(field.element_id()) {
            @for (part, label, width, value, purpose) in boxes {
                div class="date-input__item" {
                    input class={ "govuk-input " (width.class()) @if field.error.is_some() { " govuk-input--error" } }
                        id={ (field.element_id()) "_" (part) } name={ (field.name) "_" (part) } type="text" inputmode="numeric"
                        value=(value) autocomplete=[birthday.then_some(purpose)] disabled[field.disabled];
                    label class="govuk-label date-input__label" for={ (field.element_id()) "_" (part) } { (label) }
                }
            }
        }
    })
}

/// Fields that belong together under one legend.
pub fn fieldset(legend: impl Render, content: Markup) -> Markup {
    html! {
        fieldset class="govuk-fieldset" {
            legend class="govuk-fieldset__legend govuk-fieldset__legend--m" { (legend) }
            (content)
        }
    }
}
