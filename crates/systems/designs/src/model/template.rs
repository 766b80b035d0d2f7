//! 环节模板: what departments need again and again. The drawing board puts a whole step with one press; what a step says to
//! the case system stands here once, for the board and for the tests that run it.

use serde::Serialize;

/// What kind of task a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Task {
    /// A person does it.
    #[serde(rename = "bpmn:UserTask")]
    User,
    /// The system does it.
    #[serde(rename = "bpmn:ServiceTask")]
    Service,
    /// A table decides.
    #[serde(rename = "bpmn:BusinessRuleTask")]
    Rule,
}

/// One task of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Part {
    /// What people call it.
    pub name: &'static str,
    /// Who does it.
    pub task: Task,
    /// What it says to the case system (attributes of our namespace).
    pub attributes: &'static [(&'static str, &'static str)],
    /// Once for each entry of this variable, known under the second name.
    pub each: Option<(&'static str, &'static str)>,
}

/// Where a way out of a template leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum To {
    /// To the applicant and back.
    Correction,
    /// To an end of its own.
    End,
    /// Past a further task, and then on with the others.
    Aside,
}

/// A way out other than the usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Way {
    /// When it is taken; without one whenever no other is.
    pub condition: Option<&'static str>,
    /// What people call it.
    pub name: &'static str,
    /// Where it leads.
    pub to: To,
}

/// The gateway after a template that decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Decides {
    /// What people call it.
    pub gateway: &'static str,
    /// Its ways out besides the one that goes on.
    pub ways: &'static [Way],
}

/// A step to put into a drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Template {
    /// On its button.
    pub label: &'static str,
    /// What it does, in a sentence.
    pub hint: &'static str,
    /// Its tasks, one after the other.
    pub parts: &'static [Part],
    /// What is decided at its end.
    pub decides: Option<Decides>,
}

const fn user(name: &'static str, attributes: &'static [(&'static str, &'static str)]) -> Part {
    Part { name, task: Task::User, attributes, each: None }
}

const fn service(name: &'static str, attributes: &'static [(&'static str, &'static str)]) -> Part {
    Part { name, task: Task::Service, attributes, each: None }
}

/// The task of the applicant to which [`To::Correction`] leads.
pub const CORRECTION: Part = user("补正材料", &[("permission", "applicant"), ("step", "correction"), ("limit", "15")]);

/// The task past which [`To::Aside`] leads.
pub const ASIDE: Part =
    user("现场核查", &[("permission", "cases.handle"), ("step", "inspection"), ("limit", "5"), ("outcomes", "pass=符合;fail=不符合")]);

/// In the order in which a case meets them.
pub const TEMPLATES: &[Template] = &[
    Template {
        label: "受理",
        hint: "窗口受理，可以一次告知补正或者不予受理",
        parts: &[user("受理", &[("permission", "cases.accept"), ("step", "acceptance"), ("limit", "5")])],
        decides: Some(Decides {
            gateway: "受理结论",
            ways: &[
                Way { condition: Some("outcome = \"correct\""), name: "一次告知补正", to: To::Correction },
                Way { condition: None, name: "不予受理", to: To::End },
            ],
        }),
    },
    Template {
        label: "承办",
        hint: "承办人办理，报下一环节",
        parts: &[user("承办", &[("permission", "cases.handle"), ("step", "handling"), ("layer", "handler"), ("limit", "5")])],
        decides: None,
    },
    Template {
        label: "审查",
        hint: "审查人审查，报审批",
        parts: &[user("审查", &[("permission", "cases.examine"), ("step", "examination"), ("layer", "examiner"), ("limit", "3")])],
        decides: None,
    },
    Template {
        label: "按表分流",
        hint: "由决策表判定：需要的先现场核查，其他的直接往下走",
        parts: &[Part { name: "按决策表判定", task: Task::Rule, attributes: &[], each: None }],
        decides: Some(Decides { gateway: "判定结果", ways: &[Way { condition: Some("result = \"现场核查\""), name: "现场核查", to: To::Aside }] }),
    },
    Template {
        label: "联合审批",
        hint: "几个部门同时审查，全部审完再往下走；部门在右边选，也可以由决策表定",
        parts: &[
            service("确定联办部门", &[("topic", "cases.departments")]),
            Part {
                name: "部门审查",
                task: Task::User,
                attributes: &[("permission", "cases.examine"), ("step", "joint"), ("limit", "5"), ("outcomes", "agree=同意;refuse=不同意")],
                each: Some(("departments", "department")),
            },
        ],
        decides: None,
    },
    Template {
        label: "特别程序",
        hint: "检验、鉴定、听证、专家评审等：启动时停止计时并告知申请人，写出结论后恢复计时",
        parts: &[
            service("启动特别程序", &[("topic", "cases.start_special")]),
            user("特别程序结论", &[("permission", "cases.handle"), ("step", "special"), ("limit", "30"), ("outcomes", "done=已经完成")]),
        ],
        decides: None,
    },
    Template {
        label: "审批",
        hint: "审批人作出准予或者不予的决定",
        parts: &[user("审批", &[("permission", "cases.approve"), ("step", "approval"), ("layer", "approver"), ("limit", "2")])],
        decides: Some(Decides { gateway: "审批决定", ways: &[Way { condition: None, name: "不予", to: To::End }] }),
    },
    Template { label: "制证", hint: "自动制作电子证照或者决定书", parts: &[service("制证", &[("topic", "licences.issue")])], decides: None },
    Template { label: "送达", hint: "把结果送达申请人，自动写送达回证", parts: &[service("送达", &[("topic", "cases.deliver"), ("method", "电子送达")])], decides: None },
    Template {
        label: "发通知",
        hint: "给申请人发一条通知",
        parts: &[service("发通知", &[("topic", "cases.notify"), ("message", "您申请的“{事项名称}”有新的进展，请到“我的事务”查看。")])],
        decides: None,
    },
];
