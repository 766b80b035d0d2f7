//! Small models for the tests, all our own.
#![allow(dead_code)]

use dmn::{Evaluation, Model, NoImports};

pub const NAMESPACE: &str = "urn:tongban:test";

/// A document around `content`.
pub fn document(content: &str) -> String {
    format!(r#"<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="测试" namespace="{NAMESPACE}">{content}</definitions>"#)
}

pub fn model(content: &str) -> Model {
    Model::parse(&document(content), &NoImports).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

pub fn input(name: &str, kind: &str) -> String {
    format!(r#"<inputData id="i_{name}" name="{name}"><variable name="{name}" typeRef="{kind}"/></inputData>"#)
}

/// A decision needing the elements with these ids.
pub fn decision(name: &str, needs: &[&str], kind: Option<&str>, logic: &str) -> String {
    let kind = kind.map(|kind| format!(r#"typeRef="{kind}""#)).unwrap_or_default();
    let needs: String = needs
        .iter()
        .map(|need| match need.split_at(2) {
            ("i_", _) => format!(r##"<informationRequirement><requiredInput href="#{need}"/></informationRequirement>"##),
            ("d_", _) => format!(r##"<informationRequirement><requiredDecision href="#{need}"/></informationRequirement>"##),
            _ => format!(r##"<knowledgeRequirement><requiredKnowledge href="#{need}"/></knowledgeRequirement>"##),
        })
        .collect();
    format!(r#"<decision id="d_{name}" name="{name}"><variable name="{name}" {kind}/>{needs}{logic}</decision>"#)
}

pub fn literal(text: &str) -> String {
    format!("<literalExpression><text>{}</text></literalExpression>", escaped(text))
}

pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

pub fn knowledge(name: &str, parameters: &[(&str, &str)], kind: Option<&str>, logic: &str) -> String {
    let kind = kind.map(|kind| format!(r#"typeRef="{kind}""#)).unwrap_or_default();
    let parameters: String = parameters.iter().map(|(name, kind)| format!(r#"<formalParameter name="{name}" typeRef="{kind}"/>"#)).collect();
    format!(r#"<businessKnowledgeModel id="k_{name}" name="{name}"><variable name="{name}" {kind}/><encapsulatedLogic>{parameters}{logic}</encapsulatedLogic></businessKnowledgeModel>"#)
}

/// A table: `inputs` and `outputs` are columns, a rule is its cells separated by `|`.
pub fn table(policy: &str, inputs: &[&str], outputs: &str, rules: &[&str]) -> String {
    let columns: String = inputs.iter().map(|text| format!("<input><inputExpression><text>{}</text></inputExpression></input>", escaped(text))).collect();
    let rules: String = rules
        .iter()
        .enumerate()
        .map(|(index, rule)| {
            let cells: String = rule
                .split('|')
                .enumerate()
                .map(|(column, cell)| {
                    let tag = if column < inputs.len() { "inputEntry" } else { "outputEntry" };
                    format!("<{tag}><text>{}</text></{tag}>", escaped(cell.trim()))
                })
                .collect();
            format!(r#"<rule id="rule{}">{cells}</rule>"#, index + 1)
        })
        .collect();
    format!("<decisionTable {policy}>{columns}{outputs}{rules}</decisionTable>")
}

pub fn run(model: &Model, name: &str, input: &str) -> Evaluation {
    model.evaluate_json(name, input).unwrap_or_else(|error| panic!("{name} with {input}: {error}"))
}
