//! Forms: checked before they are used, compared field by field.

use std::collections::BTreeMap;

use forms::{Form, StandardLists};
use serde_json::Value;

use super::compare::Part;
use super::finding::Finding;

/// Everything wrong with a form.
#[must_use]
pub fn check(json: &str) -> Vec<Finding> {
    let form = match Form::parse(json) {
        Ok(form) => form,
        Err(error) => return vec![Finding::error(None, error.problem().message)],
    };
    let found = form.check(&StandardLists, &formpages::Feel).into_iter().map(|problem| {
        let component = Some(problem.component.as_str()).filter(|id| !id.is_empty());
        if problem.blocking { Finding::error(component, problem.message) } else { Finding::advice(component, problem.message) }
    });
    found.collect()
}

/// The fields of a form as parts to compare.
///
/// # Errors
/// When the form cannot be read.
pub fn parts(json: &str) -> Result<Vec<Part>, String> {
    let form = Form::parse(json).map_err(|error| error.problem().message)?;
    let mut all = Vec::new();
    collect(form.source(), &mut all);
    Ok(all)
}

/// Components are compared as they are written: the file says more than what is understood of it.
fn collect(holder: &Value, all: &mut Vec<Part>) {
    for component in holder["components"].as_array().into_iter().flatten() {
        let text = |name: &str| component[name].as_str().unwrap_or_default();
        let label = ["label", "key", "text", "id"].map(text).into_iter().find(|said| !said.is_empty()).unwrap_or_default();
        let id = [text("id"), text("key")].into_iter().find(|id| !id.is_empty()).map_or_else(|| format!("#{}", all.len()), str::to_owned);
        all.push(Part { id, label: format!("字段“{label}”"), facts: flat(component) });
        collect(component, all);
    }
}

/// Members of a component, one level of objects laid flat; what it holds is compared by itself.
fn flat(component: &Value) -> BTreeMap<String, String> {
    let mut facts = BTreeMap::new();
    for (name, value) in component.as_object().into_iter().flatten().filter(|(name, _)| !matches!(name.as_str(), "components" | "id" | "layout")) {
        match value {
            Value::Object(inner) => facts.extend(inner.iter().map(|(key, value)| (fact_name(key), said(value)))),
            other => drop(facts.insert(fact_name(name), said(other))),
        }
    }
    facts
}

fn said(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn fact_name(name: &str) -> String {
    match name {
        "label" => "名称",
        "key" => "数据名",
        "type" => "类型",
        "description" => "说明",
        "required" => "必填",
        "minLength" => "最少字数",
        "maxLength" => "最多字数",
        "min" => "最小值",
        "max" => "最大值",
        "values" => "选项",
        "defaultValue" => "默认值",
        "hide" => "什么情况下隐藏",
        "text" => "文字",
        "expression" => "计算",
        other => other,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Difference, compare, errors};

    const FORM: &str = r#"{"type": "default", "components": [
        {"type": "textfield", "id": "f1", "key": "name", "label": "字号", "validate": {"required": true}},
        {"type": "group", "id": "g", "label": "场所", "components": [{"type": "number", "id": "f2", "key": "area", "label": "面积"}]}]}"#;

    #[test]
    fn fields_are_compared_wherever_they_stand() {
        let after = FORM.replace("面积", "经营面积").replace("true", "false");
        let changes = compare(&parts(FORM).unwrap(), &parts(&after).unwrap());
        assert_eq!(changes.iter().map(|c| c.id.as_str()).collect::<Vec<_>>(), ["f1", "f2"]);
        assert_eq!(changes[0].difference, Difference::Changed { facts: vec![("必填".into(), "true".into(), "false".into())] });
    }

    #[test]
    fn what_is_no_form_and_what_cannot_be_filled_in_is_found() {
        assert_eq!(errors(&check(FORM)).count(), 0, "{:?}", check(FORM));
        for text in ["", "[]", "null", "{\"components\": 3}", "{\"type\": \"default\", \"components\": []}"] {
            assert!(errors(&check(text)).count() > 0, "{text}");
        }
        let twice = FORM.replace("\"area\"", "\"name\"");
        assert!(errors(&check(&twice)).any(|f| f.element.is_some()), "{:?}", check(&twice));
    }
}
