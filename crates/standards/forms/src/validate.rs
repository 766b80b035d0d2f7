//! Whether answers may be kept. Every message is a sentence that says what is wrong and what to do.

mod rules;

use serde::Serialize;
use serde_json::Value;

use crate::evaluate::{Context, Node, View};
use crate::schema::{Answers, Component, ComponentKind, Form};
use crate::{MAX_DEPTH, MAX_ROWS, MAX_TEXT, MAX_VALUES};

/// One thing to correct.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// Where: `area`, `shareholders[1].name`; empty for the form as a whole.
    pub path: String,
    /// What kind of fault, for programs: `required`, `min_length`, `max_length`, `pattern`, `min`, `max`, `type`, `integer`,
    /// `decimals`, `option`, `incomplete`, `date`, `time`, `past_date`, `phone`, `email`, `citizen_id`, `uscc`, `same_as`,
    /// `characters`, `min_rows`, `max_rows`, `too_large`, `too_deep`, `unknown`.
    pub code: &'static str,
    /// Chinese sentence for people.
    pub message: String,
}

impl FieldError {
    pub(crate) fn new(path: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self { path: path.into(), code, message: message.into() }
    }
}

/// Answers that satisfy their form: only keys of the schema, nothing hidden, computed values computed here.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Clean(Answers);

impl Clean {
    /// The answers.
    #[must_use]
    pub fn answers(&self) -> &Answers {
        &self.0
    }

    /// The answers, to keep.
    #[must_use]
    pub fn into_answers(self) -> Answers {
        self.0
    }
}

impl Form {
    /// Validates typed answers and gives back what may be kept. With a page in the context only that page is judged.
    ///
    /// # Errors
    /// Everything to correct at once, in the order of the form.
    pub fn validate(&self, data: &Value, context: &Context<'_>) -> Result<Clean, Vec<FieldError>> {
        let answers = match data {
            Value::Object(answers) => answers,
            _ => return Err(vec![FieldError::new("", "type", "填写的内容应为对象，请刷新页面后重新填写。")]),
        };
        let mut size = Size::default();
        size.measure(data, 0);
        if let Some(error) = size.error() {
            return Err(vec![error]);
        }
        let mut errors = Vec::new();
        unknown(&Value::Object(answers.clone()), &self.components, "", &mut errors);
        let view = self.view(answers, context, false);
        if view.overflow {
            errors.push(FieldError::new("", "too_large", format!("填写的内容太多，每组最多{MAX_ROWS}行，请精简后重新提交。")));
        }
        match context.page {
            None => view.nodes.iter().for_each(|node| judge(node, "", &view.answers, context, &mut errors)),
            Some(index) => match self.pages().get(index) {
                None => errors.push(FieldError::new("", "unknown", "没有这一页，请返回重新填写。")),
                Some(page) => view.page(page).into_iter().for_each(|node| judge(node, "", &view.answers, context, &mut errors)),
            },
        }
        if errors.is_empty() { Ok(Clean(self.kept(view))) } else { Err(errors) }
    }

    fn kept(&self, view: View<'_>) -> Answers {
        view.answers
    }
}

/// Limits that hold before anything is looked at.
#[derive(Default)]
struct Size {
    values: usize,
    text: usize,
    deep: bool,
}

impl Size {
    fn measure(&mut self, value: &Value, depth: usize) {
        self.values += 1;
        if depth > MAX_DEPTH * 4 {
            self.deep = true;
        }
        if self.deep || self.values > MAX_VALUES {
            return;
        }
        match value {
            Value::String(text) => self.text += text.len(),
            Value::Array(list) => list.iter().for_each(|item| self.measure(item, depth + 1)),
            Value::Object(members) => {
                for (key, value) in members {
                    self.text += key.len();
                    self.measure(value, depth + 1);
                }
            }
            _ => {}
        }
    }

    fn error(&self) -> Option<FieldError> {
        if self.deep {
            Some(FieldError::new("", "too_deep", "填写的内容嵌套太深，请刷新页面后重新填写。"))
        } else if self.values > MAX_VALUES || self.text > MAX_TEXT {
            Some(FieldError::new("", "too_large", "填写的内容太多，请精简后重新提交。"))
        } else {
            None
        }
    }
}

/// Names every key the schema does not know: nothing outside the published form may be collected (M-ITEM-02.06).
fn unknown(value: &Value, components: &[Component], prefix: &str, errors: &mut Vec<FieldError>) {
    let mut known: Vec<(&[String], &Component)> = Vec::new();
    bindings(components, &mut known);
    unknown_members(value, &known, prefix, errors);
}

fn bindings<'a>(components: &'a [Component], known: &mut Vec<(&'a [String], &'a Component)>) {
    for component in components {
        match component.kind {
            ComponentKind::Group => bindings(&component.components, known),
            kind if kind.has_value() => known.push((&component.binding, component)),
            _ => {}
        }
    }
}

fn unknown_members(value: &Value, known: &[(&[String], &Component)], prefix: &str, errors: &mut Vec<FieldError>) {
    let Value::Object(members) = value else {
        errors.push(FieldError::new(prefix, "type", "这一部分应由若干项组成，请刷新页面后重新填写。"));
        return;
    };
    for (key, value) in members {
        let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        let mut inner: Vec<(&[String], &Component)> = Vec::new();
        let mut here: Option<&Component> = None;
        for (binding, component) in known {
            match binding.split_first() {
                Some((first, [])) if first == key => here = Some(component),
                Some((first, rest)) if first == key => inner.push((rest, component)),
                _ => {}
            }
        }
        match here {
            Some(component) if component.kind == ComponentKind::List => {
                for (index, row) in value.as_array().into_iter().flatten().enumerate() {
                    unknown(row, &component.components, &format!("{path}[{index}]"), errors);
                }
            }
            Some(_) => {}
            None if !inner.is_empty() => unknown_members(value, &inner, &path, errors),
            None => errors.push(FieldError::new(path, "unknown", "表单里没有这一项，请刷新页面后重新填写。")),
        }
    }
}

/// `level` are the answers among which the node's binding stands; `of` names the row in messages.
fn judge(node: &Node<'_>, of: &str, level: &Answers, context: &Context<'_>, errors: &mut Vec<FieldError>) {
    if node.disabled {
        return;
    }
    let component = node.component;
    match component.kind {
        ComponentKind::Group => node.children.iter().for_each(|child| judge(child, of, level, context, errors)),
        ComponentKind::List => judge_rows(node, of, context, errors),
        kind if kind.takes_answer() => {
            if let Err((code, message)) = rules::check(node, context) {
                errors.push(FieldError::new(&node.path, code, format!("{of}{message}")));
                return;
            }
            if let Some(other) = component.property("sameAs") {
                let binding: Vec<String> = other.split('.').map(str::to_owned).collect();
                if crate::path::get(level, &binding) != node.value.as_ref() {
                    errors.push(FieldError::new(&node.path, "same_as", format!("{of}{}与前面填写的不一致，请核对。", rules::called(node))));
                }
            }
        }
        _ => {}
    }
}

fn judge_rows(node: &Node<'_>, of: &str, context: &Context<'_>, errors: &mut Vec<FieldError>) {
    let component = node.component;
    let label = rules::called(node);
    let rows = match &node.value {
        None => &[][..],
        Some(Value::Array(rows)) => rows,
        Some(_) => {
            errors.push(FieldError::new(&node.path, "type", format!("{of}{label}应为若干行，请刷新页面后重新填写。")));
            return;
        }
    };
    let number = |name: &str| component.property(name).and_then(|text| text.parse::<usize>().ok());
    let least = number("minRows").unwrap_or(0).max(usize::from(component.validate.required));
    if rows.len() < least {
        errors.push(FieldError::new(&node.path, "min_rows", format!("{of}{label}至少填写{least}项，请添加。")));
    }
    let most = number("maxRows").unwrap_or(MAX_ROWS).min(MAX_ROWS);
    if rows.len() > most {
        errors.push(FieldError::new(&node.path, "max_rows", format!("{of}{label}最多填写{most}项，请删减。")));
    }
    let row_label = component.property("rowLabel").unwrap_or(node.label.trim());
    let empty = Answers::new();
    for (index, (parts, row)) in node.rows.iter().zip(rows).enumerate() {
        let of = format!("{of}第{}项{row_label}：", index + 1);
        let level = row.as_object().unwrap_or(&empty);
        parts.iter().for_each(|part| judge(part, &of, level, context, errors));
    }
}
