//! What a new design begins with: never an empty page.

use super::Kind;

/// Something to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Starter {
    /// As written in the form.
    pub code: &'static str,
    /// For people.
    pub name: &'static str,
    /// What it holds.
    pub hint: &'static str,
    content: &'static str,
}

const PROCESS: &[Starter] = &[
    Starter { code: "empty", name: "空白", hint: "只有开始和结束，从环节模板里自己拖", content: include_str!("starters/empty.bpmn") },
    Starter { code: "approval", name: "受理、审查、审批", hint: "含补正、退回、制证，改名称和岗位就能用", content: include_str!("starters/approval.bpmn") },
];
const DECISION: &[Starter] =
    &[
    Starter { code: "table", name: "一张决策表", hint: "一个输入、一个结论，再添加列和规则", content: include_str!("starters/table.dmn") },
    Starter { code: "situation", name: "情形引导表", hint: "申请前问几个问题，得出情形和这种情形要交的材料", content: include_str!("starters/situation.dmn") },
];
const FORM: &[Starter] = &[
    Starter { code: "empty", name: "空白", hint: "从左边拖字段", content: include_str!("starters/empty.json") },
    Starter { code: "applicant", name: "申请人信息", hint: "名称、证件号码、电话已经放好，自动带入，再添加要填的内容", content: include_str!("starters/applicant.json") },
];

/// What a design of this kind can begin with; the first is usual.
#[must_use]
pub fn starters(kind: Kind) -> &'static [Starter] {
    match kind {
        Kind::Process => PROCESS,
        Kind::Decision => DECISION,
        Kind::Form => FORM,
    }
}

/// The content to begin with, under the name and key of the new design.
#[must_use]
pub fn starter(kind: Kind, code: &str, key: &str, name: &str) -> Option<String> {
    let found = starters(kind).iter().find(|starter| starter.code == code)?;
    let escaped = match kind {
        Kind::Form => name.replace('\\', "\\\\").replace('"', "\\\""),
        _ => name.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;"),
    };
    Some(found.content.replace("__KEY__", key).replace("__NAME__", &escaped))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{check, errors};

    #[test]
    fn every_beginning_can_be_read_under_any_name() {
        for kind in Kind::ALL {
            for found in starters(*kind) {
                let content = starter(*kind, found.code, "some-key", "名称 <\"&\\>").unwrap();
                assert!(!content.contains("__"), "{}", found.code);
                // An empty sheet lacks its first step, and nothing else.
                let wrong: Vec<String> = errors(&check(*kind, &content)).map(|f| f.message.clone()).filter(|m| !m.contains("还没有任何环节")).collect();
                assert!(wrong.is_empty(), "{}: {wrong:?}", found.code);
            }
        }
        assert!(starter(Kind::Process, "nonsense", "k", "n").is_none());
    }
}
