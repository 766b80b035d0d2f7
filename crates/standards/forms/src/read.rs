//! Reads the JSON of a form. A member of the wrong type is named as a problem, never a reason to give up: a designer
//! must be able to open what it has to repair.

use serde_json::{Map, Value};

use crate::schema::{Choice, Choices, Component, ComponentKind, Form, Limit, Moment, Rules, Toggle};
use crate::{Problem, TextKind};

/// Largest schema in bytes.
pub const MAX_SCHEMA_BYTES: usize = 1024 * 1024;
/// Most components of a form.
pub const MAX_COMPONENTS: usize = 2000;
/// Deepest nesting of groups.
pub const MAX_DEPTH: usize = 8;
/// Most choices written in a schema.
const MAX_CHOICES: usize = 5000;

/// Why a text is no form at all.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// Not JSON.
    #[error("表单不是有效的JSON（第{}行第{}列）：{source}，请修正后重新上传。", source.line(), source.column())]
    Json {
        /// What the reader of JSON says.
        #[from]
        source: serde_json::Error,
    },
    /// JSON, but no form.
    #[error("这不是表单：最外层应为对象，其中components是组件的列表，请用表单设计器重新导出。")]
    Shape,
    /// Beyond every limit.
    #[error("表单太大：最多{MAX_COMPONENTS}个组件、嵌套{MAX_DEPTH}层、{}KB，请拆分。", MAX_SCHEMA_BYTES / 1024)]
    TooLarge,
}

impl SchemaError {
    /// The same as a problem of the form.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let code = match self {
            Self::Json { .. } => "json",
            Self::Shape => "shape",
            Self::TooLarge => "too_large",
        };
        Problem { component: String::new(), code, message: self.to_string(), blocking: true }
    }
}

impl Form {
    /// Reads the JSON of a form. Whether the form is usable is told by [`Form::check`].
    ///
    /// # Errors
    /// [`SchemaError`] when it is no form at all.
    pub fn parse(json: &str) -> Result<Self, SchemaError> {
        if json.len() > MAX_SCHEMA_BYTES {
            return Err(SchemaError::TooLarge);
        }
        Self::from_value(serde_json::from_str(json)?)
    }

    /// Like [`Form::parse`], from JSON already read.
    ///
    /// # Errors
    /// As there.
    pub fn from_value(source: Value) -> Result<Self, SchemaError> {
        let Value::Object(members) = &source else { return Err(SchemaError::Shape) };
        let mut reader = Reader::default();
        let components = match members.get("components") {
            Some(Value::Array(list)) => reader.components(list, &[], 0)?,
            _ => return Err(SchemaError::Shape),
        };
        let id = reader.text(members, "id", "");
        let title = reader.text(members, "title", "");
        let kind = reader.text(members, "type", "");
        if kind != "default" {
            reader.problem("", "form_type", "表单的type应为default，请用表单设计器重新导出。".to_owned(), false);
        }
        Ok(Self { id, title, components, malformed: reader.problems, source })
    }
}

#[derive(Default)]
struct Reader {
    problems: Vec<Problem>,
    count: usize,
}

impl Reader {
    fn problem(&mut self, component: &str, code: &'static str, message: String, blocking: bool) {
        self.problems.push(Problem { component: component.to_owned(), code, message, blocking });
    }

    fn wrong_type(&mut self, owner: &str, member: &str, wanted: &str) {
        self.problem(owner, "member_type", format!("{member}应为{wanted}，请在设计器中重新设置。"), true);
    }

    fn text(&mut self, members: &Map<String, Value>, name: &str, owner: &str) -> String {
        match members.get(name) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(_) => {
                self.wrong_type(owner, name, "文字");
                String::new()
            }
        }
    }

    fn flag(&mut self, members: &Map<String, Value>, name: &str, owner: &str) -> Option<bool> {
        match members.get(name) {
            None | Some(Value::Null) => None,
            Some(Value::Bool(flag)) => Some(*flag),
            Some(_) => {
                self.wrong_type(owner, name, "true或false");
                None
            }
        }
    }

    fn small(&mut self, members: &Map<String, Value>, name: &str, owner: &str) -> Option<u64> {
        match members.get(name) {
            None | Some(Value::Null) => None,
            Some(value) => {
                let number = value.as_u64().or_else(|| value.as_str()?.parse().ok());
                if number.is_none() {
                    self.wrong_type(owner, name, "不小于0的整数");
                }
                number
            }
        }
    }

    fn toggle(&mut self, members: &Map<String, Value>, name: &str, owner: &str) -> Toggle {
        match members.get(name) {
            None | Some(Value::Null | Value::Bool(false)) => Toggle::Off,
            Some(Value::Bool(true)) => Toggle::On,
            Some(Value::String(text)) if text.trim().is_empty() => Toggle::Off,
            Some(Value::String(text)) => Toggle::When(text.clone()),
            Some(_) => {
                self.wrong_type(owner, name, "true、false或表达式");
                Toggle::Off
            }
        }
    }

    fn limit(&mut self, members: &Map<String, Value>, name: &str, owner: &str) -> Option<Limit> {
        let limit = match members.get(name)? {
            Value::Null => return None,
            Value::Number(number) => number.as_f64().map(Limit::Fixed),
            Value::String(text) if text.trim().is_empty() => return None,
            Value::String(text) if text.trim_start().starts_with('=') => Some(Limit::Computed(text.clone())),
            Value::String(text) => text.trim().parse().ok().filter(|n: &f64| n.is_finite()).map(Limit::Fixed),
            _ => None,
        };
        if limit.is_none() {
            self.wrong_type(owner, name, "数字或表达式");
        }
        limit
    }

    fn components(&mut self, list: &[Value], base: &[String], depth: usize) -> Result<Vec<Component>, SchemaError> {
        if depth > MAX_DEPTH {
            return Err(SchemaError::TooLarge);
        }
        let mut read = Vec::with_capacity(list.len().min(MAX_COMPONENTS));
        for value in list {
            self.count += 1;
            if self.count > MAX_COMPONENTS {
                return Err(SchemaError::TooLarge);
            }
            match value {
                Value::Object(members) => read.push(self.component(members, base, depth)?),
                _ => self.problem("", "shape", "组件应为对象，请在设计器中删去后重新添加。".to_owned(), true),
            }
        }
        Ok(read)
    }

    fn component(&mut self, members: &Map<String, Value>, base: &[String], depth: usize) -> Result<Component, SchemaError> {
        let mut id = self.text(members, "id", "");
        id.truncate(id.char_indices().nth(100).map_or(id.len(), |(at, _)| at));
        let key = self.text(members, "key", &id);
        let owner = if key.is_empty() { id.clone() } else { key.clone() };
        let type_name = self.text(members, "type", &owner);
        let kind = kind_of(&type_name);
        let path = self.text(members, "path", &owner);
        let own = if matches!(kind, ComponentKind::Group | ComponentKind::List) && !path.is_empty() { &path } else { &key };
        let own = if kind == ComponentKind::Group && path.is_empty() { "" } else { own.as_str() };
        let mut binding = base.to_vec();
        binding.extend(own.split('.').filter(|part| !part.is_empty()).map(str::to_owned));
        let components = match members.get("components") {
            Some(Value::Array(list)) => {
                let inner = if kind == ComponentKind::List { &[][..] } else { &binding };
                self.components(list, inner, depth + 1)?
            }
            None | Some(Value::Null) => Vec::new(),
            Some(_) => {
                self.wrong_type(&owner, "components", "组件的列表");
                Vec::new()
            }
        };
        let text = self.text(members, if kind == ComponentKind::Html { "content" } else { "text" }, &owner);
        let decimal_digits = self.small(members, "decimalDigits", &owner).map(|digits| u8::try_from(digits).unwrap_or(u8::MAX));
        Ok(Component {
            kind,
            label: self.label(members, kind, &owner),
            description: self.text(members, "description", &owner),
            text,
            components,
            choices: self.choices(members, &owner),
            validate: self.rules(members, &owner),
            subtype: self.moment(members, kind, &owner),
            no_past_dates: self.flag(members, "disallowPassedDates", &owner).unwrap_or(false),
            decimal_digits,
            number_as_text: self.flag(members, "serializeToString", &owner).unwrap_or(false),
            suffix: self.suffix(members, &owner),
            default_value: members.get("defaultValue").filter(|value| !value.is_null()).cloned(),
            disabled: self.toggle(members, "disabled", &owner),
            read_only: self.toggle(members, "readonly", &owner),
            hide: self.hide(members, &owner),
            expression: self.text(members, if kind == ComponentKind::Table { "dataSource" } else { "expression" }, &owner),
            columns: self.columns(members, &owner),
            columns_expression: Some(self.text(members, "columnsExpression", &owner)).filter(|text| !text.is_empty()),
            default_rows: self.small(members, "defaultRepetitions", &owner).map_or(1, |rows| usize::try_from(rows).unwrap_or(1)).min(crate::MAX_ROWS),
            add_remove: self.flag(members, "allowAddRemove", &owner).unwrap_or(true),
            multiple: matches!(members.get("multiple"), Some(Value::Bool(true) | Value::String(_))),
            layout: self.layout(members, &owner),
            properties: self.properties(members, &owner),
            type_name,
            id,
            key,
            binding,
        })
    }

    fn label(&mut self, members: &Map<String, Value>, kind: ComponentKind, owner: &str) -> String {
        let name = if kind == ComponentKind::Datetime && !members.contains_key("label") {
            // form-js has a label for each half of a moment
            if members.contains_key("dateLabel") { "dateLabel" } else { "timeLabel" }
        } else {
            "label"
        };
        self.text(members, name, owner)
    }

    fn moment(&mut self, members: &Map<String, Value>, kind: ComponentKind, owner: &str) -> Moment {
        match self.text(members, "subtype", owner).as_str() {
            "time" => Moment::Time,
            "datetime" => Moment::DateTime,
            "" | "date" => Moment::Date,
            _ => {
                if kind == ComponentKind::Datetime {
                    self.problem(owner, "subtype", "subtype只能是date、time或datetime，请重新选择。".to_owned(), true);
                }
                Moment::Date
            }
        }
    }

    fn hide(&mut self, members: &Map<String, Value>, owner: &str) -> Option<String> {
        match members.get("conditional") {
            None | Some(Value::Null) => None,
            Some(Value::Object(conditional)) => Some(self.text(conditional, "hide", owner)).filter(|text| !text.trim().is_empty()),
            Some(_) => {
                self.wrong_type(owner, "conditional", "对象");
                None
            }
        }
    }

    fn suffix(&mut self, members: &Map<String, Value>, owner: &str) -> String {
        match members.get("appearance") {
            Some(Value::Object(appearance)) => self.text(appearance, "suffixAdorner", owner),
            _ => String::new(),
        }
    }

    fn layout(&mut self, members: &Map<String, Value>, owner: &str) -> (String, Option<u8>) {
        match members.get("layout") {
            Some(Value::Object(layout)) => {
                let columns = self.small(layout, "columns", owner).and_then(|columns| u8::try_from(columns).ok());
                (self.text(layout, "row", owner), columns)
            }
            _ => (String::new(), None),
        }
    }

    /// form-js keeps them as text; numbers and switches written by hand are read as such.
    fn properties(&mut self, members: &Map<String, Value>, owner: &str) -> std::collections::BTreeMap<String, String> {
        let Some(value) = members.get("properties").filter(|value| !value.is_null()) else { return Default::default() };
        let Value::Object(properties) = value else {
            self.wrong_type(owner, "properties", "对象");
            return Default::default();
        };
        let mut read = std::collections::BTreeMap::new();
        for (name, value) in properties {
            match value {
                Value::String(text) => {
                    read.insert(name.clone(), text.clone());
                }
                Value::Bool(_) | Value::Number(_) => {
                    read.insert(name.clone(), value.to_string());
                }
                Value::Null => {}
                _ => self.wrong_type(owner, name, "文字"),
            }
        }
        read
    }

    fn columns(&mut self, members: &Map<String, Value>, owner: &str) -> Vec<(String, String)> {
        match members.get("columns") {
            Some(Value::Array(list)) => list
                .iter()
                .filter_map(Value::as_object)
                .map(|column| (self.text(column, "key", owner), self.text(column, "label", owner)))
                .collect(),
            _ => Vec::new(),
        }
    }

    fn choices(&mut self, members: &Map<String, Value>, owner: &str) -> Choices {
        if let Some(Value::String(text)) = members.get("valuesExpression").filter(|v| v.as_str().is_some_and(|t| !t.trim().is_empty())) {
            return Choices::Expression(text.clone());
        }
        if let Some(Value::String(key)) = members.get("valuesKey").filter(|v| v.as_str().is_some_and(|t| !t.trim().is_empty())) {
            return Choices::Key(key.clone());
        }
        match members.get("values") {
            None | Some(Value::Null) => Choices::None,
            Some(value) => match choices_of(value) {
                Some(list) if list.len() <= MAX_CHOICES => Choices::Listed(list),
                _ => {
                    self.wrong_type(owner, "values", "选项（label和value）的列表");
                    Choices::Listed(Vec::new())
                }
            },
        }
    }

    fn rules(&mut self, members: &Map<String, Value>, owner: &str) -> Rules {
        let rules = match members.get("validate") {
            None | Some(Value::Null) => return Rules::default(),
            Some(Value::Object(rules)) => rules,
            Some(_) => {
                self.wrong_type(owner, "validate", "对象");
                return Rules::default();
            }
        };
        let kind = self.text(rules, "validationType", owner);
        let text_kind = TextKind::from_code(&kind);
        if text_kind.is_none() && !matches!(kind.as_str(), "" | "custom") {
            self.problem(owner, "validation_type", format!("没有“{kind}”这种校验，请从email、phone、citizenId、uscc中选择。"), true);
        }
        Rules {
            required: self.flag(rules, "required", owner).unwrap_or(false),
            min_length: self.limit(rules, "minLength", owner),
            max_length: self.limit(rules, "maxLength", owner),
            min: self.limit(rules, "min", owner),
            max: self.limit(rules, "max", owner),
            pattern: Some(self.text(rules, "pattern", owner)).filter(|pattern| !pattern.is_empty()),
            text_kind,
        }
    }
}

/// A list of choices as form-js understands it: objects with label and value, or bare values.
pub(crate) fn choices_of(value: &Value) -> Option<Vec<Choice>> {
    let scalar = |value: &Value| matches!(value, Value::String(_) | Value::Number(_) | Value::Bool(_));
    let words = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let one = |value: &Value| match value {
        Value::Object(members) => {
            let stored = members.get("value").filter(|value| scalar(value))?;
            let label = members.get("label").filter(|label| scalar(label)).unwrap_or(stored);
            Some(Choice { label: words(label), value: stored.clone() })
        }
        other if scalar(other) => Some(Choice { label: words(other), value: other.clone() }),
        _ => None,
    };
    value.as_array()?.iter().map(one).collect()
}

fn kind_of(name: &str) -> ComponentKind {
    use ComponentKind as K;
    match name {
        "group" => K::Group,
        "dynamiclist" => K::List,
        "textfield" => K::Textfield,
        "textarea" => K::Textarea,
        "number" => K::Number,
        "select" => K::Select,
        "taglist" => K::Taglist,
        "radio" => K::Radio,
        "checklist" => K::Checklist,
        "datetime" => K::Datetime,
        "checkbox" => K::Checkbox,
        "filepicker" => K::Files,
        "expression" => K::Expression,
        "table" => K::Table,
        "text" => K::Text,
        "html" => K::Html,
        "separator" => K::Separator,
        "spacer" | "button" | "image" | "documentPreview" | "iframe" => K::Decoration,
        _ => K::Unknown,
    }
}
