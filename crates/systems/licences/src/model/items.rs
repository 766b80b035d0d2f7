//! What of an application stands on the licence.

use forms::{Answers, Component, ComponentKind, Form, Mask};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::kind::MOST_LINES;

/// Pages and fields of an application that are about the procedure, not about what is licensed.
const PROCEDURE: [&str; 6] = ["agent", "delegate", "delivery", "promise", "contact", "account"];

/// One line of a licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LicenceItem {
    /// What it is called.
    pub key: String,
    /// What it says.
    pub value: String,
}

impl LicenceItem {
    /// A line.
    pub fn new(key: impl Into<String>, value: impl Into<String>) -> Self {
        Self { key: key.into(), value: value.into() }
    }
}

/// The lines of a licence from the answers, in the order of the form. Who holds it stands on the licence anyway; how to
/// reach people, who fetched the papers and what was promised has no place there, nor has what the form says so of
/// (property `licence` of the field: `no`). Numbers of people are masked.
pub fn items_of(form: &Form, answers: &Answers) -> Vec<LicenceItem> {
    form.components
        .iter()
        .filter(|group| licensed(group))
        .flat_map(Component::fields)
        .filter(|field| licensed(field))
        .filter(|field| field.kind.takes_answer() && !matches!(field.kind, ComponentKind::Checkbox | ComponentKind::List | ComponentKind::Files) && field.prefill().is_none())
        .filter_map(|field| Some(LicenceItem::new(field.label.clone(), shown(field, field.answer(answers)?)?)))
        .take(MOST_LINES)
        .collect()
}

fn licensed(part: &Component) -> bool {
    part.property("licence") != Some("no") && !PROCEDURE.iter().any(|word| part.key.contains(word))
}

fn shown(field: &Component, answer: &Value) -> Option<String> {
    let text = field.display(answer, catalog::form_context().lists);
    let text = match field.mask() {
        Some(mask @ (Mask::Id | Mask::Phone)) => mask.apply(&text),
        _ => text,
    };
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_licence_shows_what_is_licensed_and_nothing_of_the_procedure() {
        let form = Form::parse(
            &json!({"id": "f", "type": "default", "components": [
                {"type": "group", "key": "page_shop", "label": "", "components": [
                    {"type": "textfield", "key": "name", "label": "名称", "properties": {"prefill": "party.name"}},
                    {"type": "textfield", "key": "place", "label": "经营场所", "properties": {"mask": "address"}},
                    {"type": "textfield", "key": "tel", "label": "电话", "properties": {"mask": "phone"}},
                    {"type": "checklist", "key": "scope", "label": "经营项目", "values": [{"label": "热食", "value": "hot"}, {"label": "冷食", "value": "cold"}]},
                    {"type": "number", "key": "area", "label": "面积"},
                    {"type": "textfield", "key": "contact_name", "label": "联系人"},
                    {"type": "radio", "key": "before", "label": "以前办过吗", "values": [{"label": "是", "value": "yes"}], "properties": {"licence": "no"}},
                    {"type": "checkbox", "key": "yes", "label": "我承诺"}]},
                {"type": "group", "key": "page_agent", "label": "", "components": [{"type": "textfield", "key": "agent", "label": "代办人"}]}
            ]})
            .to_string(),
        )
        .unwrap();
        let answers: Answers = serde_json::from_value(
            json!({"name": "某店", "place": "桂林市示例路1号", "tel": "13800000000", "scope": ["hot", "cold"], "area": 86, "contact_name": "某人", "before": "yes", "yes": true, "agent": "某人"}),
        )
        .unwrap();
        let items = items_of(&form, &answers);
        assert_eq!(
            items,
            [
                LicenceItem::new("经营场所", "桂林市示例路1号"),
                LicenceItem::new("电话", "138****0000"),
                LicenceItem::new("经营项目", "热食、冷食"),
                LicenceItem::new("面积", "86"),
            ]
        );
    }
}
