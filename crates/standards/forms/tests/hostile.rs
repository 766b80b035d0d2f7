//! No schema, no data and no pairs make it panic or run on.

use forms::{Answers, Basic, Context, Expressions, Form, NoLists, decode, encode};
use proptest::prelude::*;
use serde_json::{Value, json};

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        prop::sample::select(vec!["a", "b", "=a + b", "=b", "2026-05-01", "a.b", "110101199003078515", "{{a", "{{a}}", "(", "yes"]).prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(prop::sample::select(vec!["a", "b", "c", "value", "label"]), inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())),
        ]
    })
}

const TYPES: [&str; 20] = [
    "textfield", "textarea", "number", "datetime", "select", "taglist", "radio", "checkbox", "checklist", "filepicker", "group", "dynamiclist", "table", "text", "html",
    "separator", "button", "expression", "documentPreview", "odd",
];
const MEMBERS: [&str; 24] = [
    "key", "label", "path", "validate", "conditional", "values", "valuesKey", "valuesExpression", "defaultValue", "disabled", "readonly", "properties", "expression", "dataSource",
    "columns", "columnsExpression", "decimalDigits", "serializeToString", "subtype", "text", "content", "defaultRepetitions", "layout", "appearance",
];

fn component() -> impl Strategy<Value = Value> {
    let flat = (prop::sample::select(TYPES.to_vec()), prop::collection::btree_map(prop::sample::select(MEMBERS.to_vec()), json_value(), 0..6), prop::sample::select(vec!["a", "b", "c"]), any::<bool>())
        .prop_map(|(kind, members, key, sound)| {
            let mut component: serde_json::Map<String, Value> = members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            component.insert("type".into(), kind.into());
            if sound {
                component.insert("key".into(), key.into());
                component.insert("validate".into(), json!({"required": true, "max": "=a", "pattern": "a+"}));
                component.insert("conditional".into(), json!({"hide": "=b = a"}));
                component.insert("expression".into(), "=a + 1".into());
            }
            Value::Object(component)
        });
    flat.prop_recursive(3, 20, 4, |inner| {
        (prop::sample::select(vec!["group", "dynamiclist"]), prop::collection::vec(inner, 0..4), prop::sample::select(vec!["", "a", "b.c"]))
            .prop_map(|(kind, components, path)| json!({"type": kind, "path": path, "components": components, "properties": {"page": "true"}}))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_schema_with_any_data(components in prop::collection::vec(component(), 0..5), data in json_value()) {
        let source = json!({"type": "default", "components": components});
        if let Ok(form) = Form::from_value(source.clone()) {
            prop_assert_eq!(serde_json::to_value(&form).unwrap(), source);
            let _ = form.check(&NoLists, &Basic);
            let context = Context::new(&NoLists, &Basic).at("apply");
            let answers: Answers = data.as_object().cloned().unwrap_or_default();
            let view = form.evaluate(&answers, &context);
            let _ = form.visible_pages(&view);
            let read = form.read(&answers, &NoLists);
            prop_assert_eq!(&form.read(&read, &NoLists), &read, "what was read is read the same again");
            for field in form.fields() {
                if let Some(answer) = field.answer(&answers) {
                    let _ = field.display_masked(answer, &NoLists);
                }
            }
            for page in form.pages() {
                let _ = page.lay(&mut answers.clone(), read.clone());
            }
            if let Ok(clean) = form.validate(&Value::Object(read), &context) {
                let again = form.validate(&Value::Object(clean.answers().clone()), &context);
                prop_assert!(again.is_ok() || again.unwrap_err().iter().all(|e| e.code != "unknown"), "what was accepted has no strange key");
            }
            let _ = form.validate(&data, &context);
        }
    }

    #[test]
    fn any_text_as_a_schema(text in "\\PC{0,200}") {
        let _ = Form::parse(&text);
    }

    #[test]
    fn any_pairs(pairs in prop::collection::vec(("[ab.\\[\\]0-9_]{0,12}", "\\PC{0,6}"), 0..12)) {
        if let Ok(answers) = decode(pairs) {
            decode(encode(&answers)).unwrap();
        }
    }

    #[test]
    fn any_expression(text in "[ab1\" +*()=.,\\[\\]ifthenels]{0,60}") {
        let scope = json!({"a": [1, {"b": 2}], "b": "x"});
        let evaluated = Basic.evaluate(&text, &scope);
        if Basic.check(&text).is_ok() {
            prop_assert!(evaluated.is_ok());
        }
    }

    #[test]
    fn any_pattern(pattern in "[ab\\\\\\[\\]()|*+?{}^$.0-9dwu/-]{0,20}", text in "[ab0-9]{0,40}") {
        let form = Form::from_value(json!({"type": "default", "components": [{"type": "textfield", "key": "a", "validate": {"pattern": pattern}}]})).unwrap();
        let _ = form.validate(&json!({ "a": text }), &Context::new(&NoLists, &Basic));
    }
}
