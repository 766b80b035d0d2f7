//! Types of a model: what item definitions demand of a value.

use std::collections::BTreeMap;

use feel::engine::{Code, FeelContext, FeelScope, FeelType, Name, Value, shown};

use crate::logic::Field;

/// A built-in type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Simple {
    Any,
    Number,
    Text,
    Boolean,
    Date,
    Time,
    DateTime,
    DaysAndTime,
    YearsAndMonths,
    Context,
    Function,
}

impl Simple {
    /// By the names DMN has used for it.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name.trim_start_matches("feel:") {
            "Any" => Self::Any,
            "number" => Self::Number,
            "string" => Self::Text,
            "boolean" => Self::Boolean,
            "date" => Self::Date,
            "time" => Self::Time,
            "dateTime" | "date and time" => Self::DateTime,
            "dayTimeDuration" | "days and time duration" => Self::DaysAndTime,
            "yearMonthDuration" | "years and months duration" => Self::YearsAndMonths,
            "context" => Self::Context,
            _ => return None,
        })
    }

    fn holds(self, value: &Value) -> bool {
        match self {
            Self::Any => true,
            Self::Number => value.is_number(),
            Self::Text => value.is_string(),
            Self::Boolean => matches!(value, Value::Boolean(_)),
            Self::Date => matches!(value, Value::Date(_)),
            Self::Time => matches!(value, Value::Time(_)),
            Self::DateTime => matches!(value, Value::DateTime(_)),
            Self::DaysAndTime => matches!(value, Value::DaysAndTimeDuration(_)),
            Self::YearsAndMonths => matches!(value, Value::YearsAndMonthsDuration(_)),
            Self::Context => matches!(value, Value::Context(_)),
            Self::Function => matches!(value, Value::FunctionDefinition(..) | Value::BuiltInFunction(_)),
        }
    }

    fn feel_type(self) -> FeelType {
        match self {
            Self::Any | Self::Context | Self::Function => FeelType::Any,
            Self::Number => FeelType::Number,
            Self::Text => FeelType::String,
            Self::Boolean => FeelType::Boolean,
            Self::Date => FeelType::Date,
            Self::Time => FeelType::Time,
            Self::DateTime => FeelType::DateTime,
            Self::DaysAndTime => FeelType::DaysAndTimeDuration,
            Self::YearsAndMonths => FeelType::YearsAndMonthsDuration,
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Any => "任意值",
            Self::Number => "数值",
            Self::Text => "文本",
            Self::Boolean => "真或假",
            Self::Date => "日期",
            Self::Time => "时间",
            Self::DateTime => "日期时间",
            Self::DaysAndTime => "天时分秒时长",
            Self::YearsAndMonths => "年月时长",
            Self::Context => "结构",
            Self::Function => "函数",
        }
    }
}

/// A type, its references still names.
#[derive(Debug)]
pub(crate) struct Type {
    pub list: bool,
    pub base: Base,
    /// What the value, or of a list every item, must pass.
    pub allowed: Option<Code>,
    /// What the value as a whole must pass (DMN 1.5).
    pub constraint: Option<Code>,
    pub allowed_text: String,
    /// Of a function.
    pub function: Option<Signature>,
}

/// What the type of a function says.
#[derive(Debug)]
pub(crate) struct Signature {
    /// Its parameters with their types.
    pub parameters: Vec<Field>,
    /// The type of what it gives back.
    pub result: Option<String>,
}

#[derive(Debug)]
pub(crate) enum Base {
    Simple(Simple),
    /// Another type, by key.
    Named(String),
    Structure(Vec<(Name, Type)>),
}

/// All types of a model and its imports, by `model#name`.
#[derive(Debug, Default)]
pub(crate) struct Types(pub BTreeMap<String, Type>);

/// How many definitions may lead to each other, and how deep values may be checked.
const DEPTH: usize = 64;

impl Types {
    /// A computed value as the type wants it: one value where a list is wanted becomes a list, and the other way round.
    ///
    /// # Errors
    /// Why it does not conform. Null conforms to every type; a structure must have all its components.
    pub fn conform(&self, value: Value, key: Option<&str>) -> Result<Value, String> {
        Check { types: self, lenient: false }.whole(value, key)
    }

    /// An input as the type wants it. Components that were not given are null, as whole inputs are.
    ///
    /// # Errors
    /// Why it does not conform.
    pub fn admit(&self, value: Value, key: Option<&str>) -> Result<Value, String> {
        Check { types: self, lenient: true }.whole(value, key)
    }
}

impl Types {
    /// What a function of the type gives back.
    pub fn result_of(&self, key: &str) -> Option<&str> {
        // Only types of the model can be functions, and their keys bear its number.
        if key.contains('#') { self.0.get(key)?.function.as_ref()?.result.as_deref() } else { None }
    }

    /// The type as FEEL writes it, for `instance of`; what FEEL cannot write (allowed values) is left out.
    pub fn feel_type(&self, key: &str, depth: usize) -> FeelType {
        match (self.0.get(key), Simple::named(key)) {
            _ if depth > DEPTH => FeelType::Any,
            (Some(kind), _) => self.feel_type_of(kind, depth),
            (None, Some(simple)) => simple.feel_type(),
            (None, None) => FeelType::Any,
        }
    }

    fn feel_type_of(&self, kind: &Type, depth: usize) -> FeelType {
        let base = match &kind.base {
            Base::Simple(simple) => simple.feel_type(),
            Base::Named(key) => self.feel_type(key, depth + 1),
            Base::Structure(fields) => FeelType::Context(fields.iter().map(|(name, kind)| (name.clone(), self.feel_type_of(kind, depth + 1))).collect()),
        };
        if kind.list { FeelType::List(Box::new(base)) } else { base }
    }
}

struct Check<'a> {
    types: &'a Types,
    lenient: bool,
}

impl Check<'_> {
    fn whole(&self, value: Value, key: Option<&str>) -> Result<Value, String> {
        match key {
            None => Ok(value),
            Some(key) => self.by_key(value, key, 0, true),
        }
    }

    /// `inherited` is whether the allowed values of the type itself count: those of one built on it take their place.
    fn by_key(&self, value: Value, key: &str, depth: usize, inherited: bool) -> Result<Value, String> {
        if depth > DEPTH {
            return Err("数据类型嵌套过深".into());
        }
        match (Simple::named(key), self.types.0.get(key)) {
            (_, Some(kind)) => self.by_type(value, kind, depth, inherited),
            (Some(simple), None) => self.item(value, &Base::Simple(simple), depth, true),
            // Unknown types are problems of the model; they do not refuse values.
            (None, None) => Ok(value),
        }
    }

    fn by_type(&self, value: Value, kind: &Type, depth: usize, inherited: bool) -> Result<Value, String> {
        if matches!(value, Value::Null(_)) {
            return Ok(value);
        }
        let tests = kind.allowed.as_ref().filter(|_| inherited);
        let item = |item| self.item(item, &kind.base, depth, inherited && tests.is_none()).and_then(|item| allowed(item, tests, &kind.allowed_text));
        let value = if kind.list {
            let items = match value {
                Value::List(items) => items,
                single => vec![single],
            };
            Value::List(items.into_iter().map(item).collect::<Result<_, _>>()?)
        } else {
            item(value)?
        };
        allowed(value, kind.constraint.as_ref(), &kind.allowed_text)
    }

    fn item(&self, value: Value, base: &Base, depth: usize, inherited: bool) -> Result<Value, String> {
        if matches!(value, Value::Null(_)) {
            return Ok(value);
        }
        match (base, value) {
            (Base::Named(key), value) => self.by_key(value, key, depth + 1, inherited),
            (Base::Simple(simple), value) if simple.holds(&value) => Ok(value),
            (base, Value::List(mut items)) if items.len() == 1 => match items.pop() {
                Some(Value::List(_)) | None => Err("应为单个值，不是列表".into()),
                Some(item) => self.item(item, base, depth, inherited),
            },
            (Base::Simple(simple), value) => Err(format!("应为{}，实际为 {}", simple.label(), shown(&value))),
            (Base::Structure(fields), Value::Context(context)) => {
                let mut result = FeelContext::default();
                for (name, value) in context.iter() {
                    let value = match fields.iter().find(|(field, _)| field == name) {
                        Some((_, kind)) => self.by_type(value.clone(), kind, depth + 1, true).map_err(|reason| format!("{name}：{reason}"))?,
                        None => value.clone(),
                    };
                    result.set_entry(name, value);
                }
                for (name, _) in fields.iter().filter(|(name, _)| !context.contains_entry(name)) {
                    if !self.lenient {
                        return Err(format!("缺少“{name}”"));
                    }
                    result.set_entry(name, Value::Null(None));
                }
                Ok(Value::Context(result))
            }
            (Base::Structure(_), value) => Err(format!("应为结构，实际为 {}", shown(&value))),
        }
    }
}

fn allowed(value: Value, tests: Option<&Code>, text: &str) -> Result<Value, String> {
    let Some(tests) = tests else { return Ok(value) };
    let mut variables = FeelContext::default();
    variables.set_entry(&"?".into(), value.clone());
    if tests.run(&FeelScope::from(variables)).is_true() { Ok(value) } else { Err(format!("{} 不在允许的范围（{text}）内", shown(&value))) }
}
