//! The schema as types. What form-js may add later, and what other tools keep in it, stays in the source text.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::{Mask, Problem, TextKind};

/// Answers by key. A nested object belongs to a key with dots or a group with a path, a list of objects to a
/// repeating group.
pub type Answers = Map<String, Value>;

/// A form as drawn.
///
/// It serialises as exactly the JSON it was read from, unknown members included.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// Id by which others name the form.
    pub id: String,
    /// Title shown above the pages; form-js itself knows none.
    pub title: String,
    /// Components in order.
    pub components: Vec<Component>,
    pub(crate) source: Value,
    /// Members that could not be understood, found while reading.
    pub(crate) malformed: Vec<Problem>,
}

impl Form {
    /// The JSON it was read from.
    #[must_use]
    pub fn source(&self) -> &Value {
        &self.source
    }
}

impl Serialize for Form {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.source.serialize(serializer)
    }
}

/// A field, a group of fields, or something between them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Component {
    /// What it is.
    pub kind: ComponentKind,
    /// Its word for `type` in the schema.
    pub type_name: String,
    /// Id within the schema; designers select by it.
    pub id: String,
    /// Key of the answer; of a group, its name.
    pub key: String,
    /// Where the answer stands, from the form or the row of the nearest repeating group.
    pub binding: Vec<String>,
    /// What people read; may be FEEL or hold `{{…}}`.
    pub label: String,
    /// Help under the label.
    pub description: String,
    /// Text of `text`, content of `html`.
    pub text: String,
    /// Parts of a group or of one row of a repeating group.
    pub components: Vec<Component>,
    /// Where choices come from.
    pub choices: Choices,
    /// What an answer must satisfy.
    pub validate: Rules,
    /// `date`, `time` or `datetime`.
    pub subtype: Moment,
    /// Dates before today are refused.
    pub no_past_dates: bool,
    /// Decimals a number may have; none means any.
    pub decimal_digits: Option<u8>,
    /// A number kept as text, for digits beyond the reach of floating point.
    pub number_as_text: bool,
    /// The unit behind the box.
    pub suffix: String,
    /// The answer before anybody typed one.
    pub default_value: Option<Value>,
    /// Shown but neither sent nor checked.
    pub disabled: Toggle,
    /// Shown and kept, not to be changed.
    pub read_only: Toggle,
    /// Hidden while this is true.
    pub hide: Option<String>,
    /// FEEL of `expression` components and the `dataSource` of tables.
    pub expression: String,
    /// Columns of a table: key and heading.
    pub columns: Vec<(String, String)>,
    /// FEEL that gives the columns of a table.
    pub columns_expression: Option<String>,
    /// Rows of a repeating group shown before anything was typed.
    pub default_rows: usize,
    /// Whether rows may be added and removed.
    pub add_remove: bool,
    /// Whether several files may be chosen.
    pub multiple: bool,
    /// Which row of the layout it stands in, and how many of its 16 columns it takes.
    pub layout: (String, Option<u8>),
    /// Properties of ours, see the crate's documentation.
    pub properties: BTreeMap<String, String>,
}

/// Kinds of components.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ComponentKind {
    /// Fields that belong together; a page, if so marked.
    Group,
    /// A repeating group.
    List,
    /// One line of text.
    Textfield,
    /// Several lines.
    Textarea,
    /// A number.
    Number,
    /// One of a list.
    Select,
    /// Several of a list.
    Taglist,
    /// One of a few.
    Radio,
    /// Several of a few.
    Checklist,
    /// A date, a time or both.
    Datetime,
    /// Yes, or a promise.
    Checkbox,
    /// Files.
    Files,
    /// A value computed from others.
    Expression,
    /// Rows computed from others.
    Table,
    /// Words between fields.
    Text,
    /// Words written as HTML; only their text is shown.
    Html,
    /// A line, or the end of a page.
    Separator,
    /// Drawn by form-js, without meaning for an answer: spacer, button, image, document preview, frame.
    Decoration,
    /// Not a component of form-js.
    #[default]
    Unknown,
}

impl ComponentKind {
    /// True for components that people answer.
    #[must_use]
    pub fn takes_answer(self) -> bool {
        use ComponentKind as K;
        matches!(
            self,
            K::List | K::Textfield | K::Textarea | K::Number | K::Select | K::Taglist | K::Radio | K::Checklist | K::Datetime | K::Checkbox | K::Files
        )
    }

    /// True for components whose value is part of the data, typed or computed.
    #[must_use]
    pub fn has_value(self) -> bool {
        self.takes_answer() || self == Self::Expression
    }

    /// True for components with a list of choices.
    #[must_use]
    pub fn has_choices(self) -> bool {
        matches!(self, Self::Select | Self::Radio | Self::Checklist | Self::Taglist)
    }

    /// True for components whose answer is a list of choices.
    #[must_use]
    pub fn chooses_many(self) -> bool {
        matches!(self, Self::Checklist | Self::Taglist)
    }
}

/// What a datetime component asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Moment {
    /// `2026-05-01`
    #[default]
    Date,
    /// `09:30`
    Time,
    /// `2026-05-01T09:30`
    DateTime,
}

/// One choice.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Choice {
    /// What is shown.
    pub label: String,
    /// What is stored: text, number or true/false.
    pub value: Value,
}

impl Choice {
    /// The value as an HTML form sends it.
    #[must_use]
    pub fn wire(&self) -> String {
        self.value.as_str().map_or_else(|| self.value.to_string(), str::to_owned)
    }
}

/// Where the choices of a select, radio, checklist or tag list come from.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Choices {
    /// Nowhere.
    #[default]
    None,
    /// Written in the schema.
    Listed(Vec<Choice>),
    /// A list in the data under this key.
    Key(String),
    /// A list computed by FEEL.
    Expression(String),
}

/// A switch: fixed, or FEEL.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Toggle {
    /// Never.
    #[default]
    Off,
    /// Always.
    On,
    /// While the expression is true.
    When(String),
}

/// A limit: fixed, or FEEL.
#[derive(Debug, Clone, PartialEq)]
pub enum Limit {
    /// This number.
    Fixed(f64),
    /// What the expression gives.
    Computed(String),
}

/// Rules of `validate`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rules {
    /// Must be answered.
    pub required: bool,
    /// Least number of characters.
    pub min_length: Option<Limit>,
    /// Most characters.
    pub max_length: Option<Limit>,
    /// Least number.
    pub min: Option<Limit>,
    /// Greatest number.
    pub max: Option<Limit>,
    /// A regular expression of JavaScript that must be found in the text.
    pub pattern: Option<String>,
    /// A known kind of text.
    pub text_kind: Option<TextKind>,
}

impl Rules {
    /// The greatest length, when it is a fixed number.
    #[must_use]
    pub fn fixed_max_length(&self) -> Option<usize> {
        fixed(self.max_length.as_ref()).map(|most| most.clamp(0.0, 1e9) as usize)
    }

    /// The least length, when it is a fixed number.
    #[must_use]
    pub fn fixed_min_length(&self) -> Option<usize> {
        fixed(self.min_length.as_ref()).map(|least| least.clamp(0.0, 1e9) as usize)
    }

    /// The least number, when fixed.
    #[must_use]
    pub fn fixed_min(&self) -> Option<f64> {
        fixed(self.min.as_ref())
    }

    /// The greatest number, when fixed.
    #[must_use]
    pub fn fixed_max(&self) -> Option<f64> {
        fixed(self.max.as_ref())
    }
}

fn fixed(limit: Option<&Limit>) -> Option<f64> {
    match limit {
        Some(Limit::Fixed(number)) => Some(*number),
        _ => None,
    }
}

impl Component {
    /// One of our properties; empty text counts as absent.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&str> {
        self.properties.get(name).map(|text| text.trim()).filter(|text| !text.is_empty())
    }

    /// How its answer is masked; `None` for answers that are no personal data.
    #[must_use]
    pub fn mask(&self) -> Option<Mask> {
        Mask::from_code(self.property("mask")?)
    }

    /// What is filled in from the account of the party, e.g. `party.name`.
    #[must_use]
    pub fn prefill(&self) -> Option<&str> {
        self.property("prefill")
    }

    /// The code list its choices come from.
    #[must_use]
    pub fn code_list(&self) -> Option<&str> {
        self.property("codeList")
    }

    /// Whether its code list is chosen level by level.
    #[must_use]
    pub fn cascades(&self) -> bool {
        self.code_list().is_some() && self.property("levels").is_some()
    }

    /// Names of the levels of a cascading list, e.g. 设区市, 县（市、区）.
    #[must_use]
    pub fn levels(&self) -> Vec<&str> {
        let text = self.property("levels").unwrap_or_default();
        text.split([',', '，']).map(str::trim).filter(|level| !level.is_empty()).collect()
    }

    /// The material whose files a file picker holds.
    #[must_use]
    pub fn material(&self) -> Option<&str> {
        self.property("material")
    }

    /// Key of its answer as a path: `person.name`.
    #[must_use]
    pub fn path(&self) -> String {
        self.binding.join(".")
    }

    /// Its answer among the answers of the form, or of its row.
    #[must_use]
    pub fn answer<'a>(&self, answers: &'a Answers) -> Option<&'a Value> {
        crate::path::get(answers, &self.binding)
    }

    /// What names it in a list of problems.
    pub(crate) fn name(&self) -> &str {
        [&self.key, &self.id, &self.type_name].into_iter().find(|text| !text.is_empty()).map_or("", String::as_str)
    }
}
