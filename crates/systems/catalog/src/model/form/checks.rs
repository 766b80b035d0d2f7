//! Whether a form that was drawn can be used: everything the subset does not know is named here, not met at run time.

use std::collections::HashSet;

use super::mask::{Mask, Prefill};
use super::{Component, ComponentKind, Condition, Form};

/// One finding about a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormProblem {
    /// Key of the component, or the form's id.
    pub key: String,
    /// Chinese sentence: what is wrong and what to do.
    pub message: String,
}

impl Form {
    /// Everything that keeps the form from being used; empty when it can be.
    #[must_use]
    pub fn problems(&self) -> Vec<FormProblem> {
        let mut checker = Checker::default();
        checker.form(self);
        checker.found
    }
}

#[derive(Default)]
struct Checker<'a> {
    found: Vec<FormProblem>,
    keys: HashSet<&'a str>,
    /// Fields met so far: what a condition may ask.
    before: Vec<&'a Component>,
}

impl<'a> Checker<'a> {
    fn form(&mut self, form: &'a Form) {
        self.require(
            valid_key(&form.id),
            &form.id,
            "表单标识只能用小写字母、数字和短横线，请修改。",
        );
        self.require(
            form.schema_type == "default",
            &form.id,
            "表单类型应为default，请用表单设计器重新导出。",
        );
        self.require(
            !form.title.trim().is_empty(),
            &form.id,
            "表单没有标题，请填写。",
        );
        self.require(
            !form.components.is_empty(),
            &form.id,
            "表单没有页面，请至少添加一个分组。",
        );
        for group in &form.components {
            if group.kind == ComponentKind::Group {
                self.group(group);
            } else {
                self.add(
                    &group.key,
                    "最外层只能是分组（每个分组是一页），请把它放进分组。",
                );
            }
        }
    }

    fn group(&mut self, group: &'a Component) {
        self.key(group);
        self.require(
            !group.label.trim().is_empty(),
            &group.key,
            "分组没有标题，请填写。",
        );
        self.require(
            group.components.iter().any(|c| c.kind.takes_answer()),
            &group.key,
            "分组里没有要填写的项，请添加或删去分组。",
        );
        self.condition(group);
        for component in &group.components {
            match component.kind {
                ComponentKind::Group => {
                    self.add(&component.key, "分组里不能再有分组，请拆成两页。")
                }
                ComponentKind::Unsupported => self.add(
                    &component.key,
                    "这种组件不受支持，请换成文本、数字、选择、日期或勾选。",
                ),
                ComponentKind::Text => self.condition(component),
                _ => self.field(component),
            }
        }
    }

    fn field(&mut self, field: &'a Component) {
        self.key(field);
        let key = &field.key;
        self.require(
            !field.label.trim().is_empty(),
            key,
            "没有标签，填写人不知道要填什么，请补充。",
        );
        self.require(
            field.kind.has_choices() != field.values.is_empty(),
            key,
            "选择项必须有选项，其他组件不能有选项，请修改。",
        );
        let values: HashSet<&str> = field
            .values
            .iter()
            .map(|choice| choice.value.as_str())
            .collect();
        let usable = field
            .values
            .iter()
            .all(|choice| !choice.value.is_empty() && !choice.label.is_empty());
        self.require(
            usable && values.len() == field.values.len(),
            key,
            "选项的值不能为空或重复，请修改。",
        );
        self.require(
            field.kind != ComponentKind::Datetime || field.subtype == "date",
            key,
            "日期组件的subtype应为date，请修改。",
        );
        self.rules(field);
        if let Some(mask) = field.properties.get("mask") {
            self.require(
                Mask::from_code(mask).is_some(),
                key,
                "mask只能是id、phone、address或name，请修改。",
            );
        }
        if let Some(prefill) = field.properties.get("prefill") {
            self.require(
                Prefill::from_code(prefill).is_some(),
                key,
                "prefill不是可用的预填来源，请修改。",
            );
        }
        self.condition(field);
        self.before.push(field);
    }

    fn rules(&mut self, field: &'a Component) {
        let rules = &field.validate;
        let text = matches!(
            field.kind,
            ComponentKind::Textfield | ComponentKind::Textarea
        );
        let lengths = rules.min_length.is_some() || rules.max_length.is_some();
        self.require(
            text || !lengths,
            &field.key,
            "只有文本才能限制长度，请删去长度限制。",
        );
        self.require(
            field.kind == ComponentKind::Textfield || rules.validation_type.is_none(),
            &field.key,
            "只有单行文本才能校验号码格式，请删去validationType。",
        );
        let bounds = rules.min.is_some() || rules.max.is_some() || field.decimal_digits.is_some();
        self.require(
            field.kind == ComponentKind::Number || !bounds,
            &field.key,
            "只有数字才能限制大小，请删去。",
        );
        let ordered = rules.min.zip(rules.max).is_none_or(|(min, max)| min <= max)
            && rules
                .min_length
                .zip(rules.max_length)
                .is_none_or(|(min, max)| min <= max);
        self.require(
            ordered,
            &field.key,
            "最小值大于最大值，任何答案都无法通过，请修改。",
        );
    }

    /// A condition must be readable, ask an earlier field, and ask for an answer that field can have.
    fn condition(&mut self, component: &'a Component) {
        let Some(conditional) = &component.conditional else {
            return;
        };
        let Some(condition) = Condition::parse(&conditional.show) else {
            return self.add(&component.key, "显示条件看不懂，请写成 key = \"value\"。");
        };
        match self.before.iter().find(|field| field.key == condition.key) {
            None => self.add(&component.key, "显示条件只能依据前面已有的项，请修改。"),
            Some(field) => {
                let possible = match field.kind {
                    ComponentKind::Checkbox => condition.value == "true",
                    kind if kind.has_choices() => field
                        .values
                        .iter()
                        .any(|choice| choice.value == condition.value),
                    _ => true,
                };
                self.require(
                    possible,
                    &component.key,
                    "显示条件要求的值不可能出现，请核对选项。",
                );
            }
        }
    }

    fn key(&mut self, component: &'a Component) {
        let key = &component.key;
        let valid = key.starts_with(|c: char| c.is_ascii_lowercase())
            && key
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        self.require(
            valid,
            key,
            "key只能用小写字母、数字和下划线并以字母开头，请修改。",
        );
        let new = self.keys.insert(key);
        self.require(new, key, "key重复，请改成不同的key。");
    }

    fn require(&mut self, holds: bool, key: &str, message: &str) {
        if !holds {
            self.add(key, message);
        }
    }

    fn add(&mut self, key: &str, message: &str) {
        self.found.push(FormProblem {
            key: key.to_owned(),
            message: message.to_owned(),
        });
    }
}

/// Ids stand in file names and addresses.
fn valid_key(id: &str) -> bool {
    !id.is_empty()
        && id
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}
