//! Every step template of the drawing board, deployed in a process of its own and run to its end through the whole program, on
//! both engines. The templates are those the board draws with; only the picture is made here.

mod common;

use std::fmt::Write;

use access::{Actor, Target};
use cases::model::State;
use cases::service::{self, Decision};
use common::World;
use designs::model::template::{ASIDE, CORRECTION, Part, TEMPLATES, Task, Template, To};

const FOOD: &str = "食品经营许可（首次申请）";
const JOINED: &str = "桂林市市场监督管理局;桂林市卫生健康委员会";
const TABLE: &str = "templates-table";

fn template(label: &str) -> &'static Template {
    TEMPLATES.iter().find(|template| template.label == label).unwrap_or_else(|| panic!("no template {label}"))
}

/// What a person sets in the panel, because no template can know it.
fn set(part: &Part, table: bool) -> Vec<(&'static str, &'static str)> {
    let mut attributes = part.attributes.to_vec();
    match part.attributes {
        [("topic", "cases.departments"), ..] => attributes.push(if table { ("decision", "templates-departments") } else { ("departments", JOINED) }),
        _ if part.task == Task::Rule => attributes.push(("decision", TABLE)),
        _ => {}
    }
    attributes
}

fn task(id: &str, part: &Part, table: bool) -> String {
    let kind = match part.task {
        Task::User => "userTask",
        Task::Service => "serviceTask",
        Task::Rule => "businessRuleTask",
    };
    let attributes: String = set(part, table).iter().map(|(name, value)| format!(" tongban:{name}=\"{value}\"")).collect();
    let each = part.each.map_or_else(String::new, |(collection, item)| {
        format!(r#"<multiInstanceLoopCharacteristics tongban:collection="{collection}" tongban:item="{item}" tongban:outputCollection="opinions" tongban:outputItem="outcome"/>"#)
    });
    format!(r#"<{kind} id="{id}" name="{}"{attributes}>{each}</{kind}>"#, part.name)
}

/// One template after the other, as the board connects them.
fn drawing(labels: &[&str], table: bool) -> String {
    let (mut elements, mut flows, mut count) = (String::from(r#"<startEvent id="start"/>"#), String::new(), 0);
    let mut flow = |from: &str, to: &str, condition: Option<&str>| {
        count += 1;
        let condition = condition.map_or_else(String::new, |c| format!("<conditionExpression>{}</conditionExpression>", c.replace('"', "&quot;")));
        let _ = write!(flows, r#"<sequenceFlow id="f{count}" sourceRef="{from}" targetRef="{to}">{condition}</sequenceFlow>"#);
        format!("f{count}")
    };
    let (mut last, mut on): (String, Option<&str>) = ("start".into(), None);
    for (n, label) in labels.iter().enumerate() {
        let template = template(label);
        let mut first = String::new();
        for (m, part) in template.parts.iter().enumerate() {
            let id = format!("t{n}_{m}");
            elements += &task(&id, part, table);
            flow(&last, &id, on.take());
            first = if m == 0 { id.clone() } else { first };
            last = id;
        }
        let Some(decides) = template.decides else { continue };
        let gateway = format!("g{n}");
        flow(&last, &gateway, None);
        let mut default = None;
        last = gateway.clone();
        on = designs::model::process::outcomes_of_step(template.parts[0].attributes.iter().find(|(name, _)| *name == "step").map_or("", |(_, step)| step))
            .first()
            .map(|(value, _)| *value)
            .map(|value| if value == "accept" { "outcome = \"accept\"" } else { "outcome = \"grant\"" });
        for (w, way) in decides.ways.iter().enumerate() {
            let target = format!("w{n}_{w}");
            let out = flow(&gateway, &target, way.condition);
            match way.to {
                To::End => {
                    elements += &format!(r#"<endEvent id="{target}" name="{}"/>"#, way.name);
                    default = Some(out);
                }
                To::Correction => {
                    elements += &task(&target, &CORRECTION, table);
                    flow(&target, &first, None);
                }
                To::Aside => {
                    let join = format!("j{n}");
                    elements += &format!("{}{}", task(&target, &ASIDE, table), format_args!(r#"<exclusiveGateway id="{join}"/>"#));
                    flow(&target, &join, None);
                    default = Some(flow(&gateway, &join, None));
                    last = join;
                }
            }
        }
        elements += &format!(r#"<exclusiveGateway id="{gateway}" name="{}" default="{}"/>"#, decides.gateway, default.unwrap());
    }
    flow(&last, "end", on);
    format!(
        r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:tongban="https://tongban.cn/bpmn" targetNamespace="https://tongban.cn/processes" id="d"><process id="p" name="环节模板" isExecutable="true">{elements}<endEvent id="end"/>{flows}</process></definitions>"#
    )
}

fn decision(results: &[(&str, &str)], hit: &str) -> String {
    let rules: String = results
        .iter()
        .enumerate()
        .map(|(n, (when, then))| format!(r#"<rule id="r{n}"><inputEntry id="i{n}"><text>{when}</text></inputEntry><outputEntry id="o{n}"><text>"{then}"</text></outputEntry></rule>"#))
        .collect();
    format!(
        r#"<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="判定" namespace="urn:t"><decision id="decision" name="判定"><decisionTable id="t" hitPolicy="{hit}"><input id="c" label="申请人"><inputExpression id="e" typeRef="string"><text>applicant.kind</text></inputExpression></input><output id="o" typeRef="string"/>{rules}</decisionTable></decision></definitions>"#
    )
}

struct Author {
    editor: Actor,
    reviewer: Actor,
}

impl Author {
    async fn publish(&self, world: &World, kind: designs::Kind, key: &str, content: &str) {
        let p = world.platform();
        let starter = designs::model::starters(kind)[0].code;
        let body = self.editor.staff().unwrap().body;
        let design = designs::service::create(p, &self.editor, designs::service::NewDesign { kind, key, name: "环节模板", body, starter }).await.unwrap();
        let mut lock = designs::service::save(p, &self.editor, design, 0, content).await.unwrap().lock;
        let wrong: Vec<_> = designs::model::errors(&designs::model::check(kind, content)).cloned().collect();
        assert!(wrong.is_empty(), "{key}: {wrong:?}");
        if kind == designs::Kind::Decision {
            let input: serde_json::Map<_, _> = serde_json::from_str(r#"{"applicant": {"kind": "firm"}}"#).unwrap();
            let expected = designs::model::decision::answer(content, "判定", &input).unwrap().value;
            designs::service::save_examples(p, &self.editor, design, lock, &[designs::model::Example { decision: "判定".into(), input, expected }]).await.unwrap();
            lock += 1;
        }
        designs::service::submit(p, &self.editor, design, lock).await.unwrap();
        designs::service::publish(p, &self.reviewer, design, lock, p.today()).await.unwrap();
    }

    /// The item runs this process from now on.
    async fn bind(&self, world: &World, key: &str) {
        let (p, item) = (world.platform(), world.item(FOOD));
        catalog::service::start_version(p, &self.editor, item).await.unwrap();
        let row = catalog::store::item_row(p.db.read(), item).await.unwrap();
        let spec = catalog::store::item_versions(p.db.read(), item).await.unwrap()[0].spec().unwrap();
        catalog::service::save_draft(p, &self.editor, item, row.version, catalog::model::ItemSpec { process_key: key.into(), ..spec }).await.unwrap();
        catalog::service::submit_for_review(p, &self.editor, item, row.version + 1).await.unwrap();
        catalog::service::publish(p, &self.reviewer, item, row.version + 2, "").await.unwrap();
    }
}

/// Whoever may do this for the body.
async fn holder(world: &World, permission: &str, case: &cases::store::CaseRow, body: uuid::Uuid) -> Actor {
    let conn = world.platform().db.read();
    let target = Target { region: &case.region, body: Some(body), item: Some(case.item_id) };
    let found = organization::staff_for(conn, permission, &target).await.unwrap();
    Actor::Staff(organization::staff_actor(conn, found.first().unwrap_or_else(|| panic!("nobody may {permission}")).id).await.unwrap().unwrap())
}

/// Does whatever waits until nothing does; gives the names of the tasks.
async fn run(world: &World, case: uuid::Uuid) -> Vec<String> {
    let p = world.platform();
    let mut done = Vec::new();
    while let Some(task) = flow::open_tasks(p.db.read(), case).await.unwrap().into_iter().next() {
        let row = world.row(case).await;
        let who = holder(world, &task.permission, &row, task.body_id.unwrap_or(row.body_id)).await;
        match task.step.as_str() {
            "acceptance" => service::accept(p, &who, case, "受理").await,
            "handling" | "examination" => service::forward(p, &who, case, "资料属实").await,
            "approval" => service::decide(p, &who, case, "准予", Decision::Grant).await,
            _ => {
                let answer = service::answers(p, &task).await.unwrap().remove(0).0;
                service::give_opinion(p, &who, task.id, &answer, "已经完成，符合要求").await
            }
        }
        .unwrap_or_else(|e| panic!("{}: {}: {e}", world.engine, task.name));
        done.push(task.name);
        assert!(done.len() < 30, "{done:?}");
    }
    done
}

#[tokio::test]
async fn a_process_of_every_template_runs_to_its_end() {
    for world in World::both().await {
        let (p, engine) = (world.platform(), world.engine);
        let author = Author { editor: world.staff("editor01").await, reviewer: world.staff("reviewer01").await };
        author.publish(&world, designs::Kind::Decision, TABLE, &decision(&[("\"firm\"", "现场核查"), ("-", "直接办理")], "FIRST")).await;
        author.publish(&world, designs::Kind::Decision, "templates-departments", &decision(&[("-", "桂林市公安局"), ("\"firm\"", "桂林市水利局"), ("\"person\"", "桂林市民政局")], "COLLECT")).await;
        let firm = world.firm().await;
        for (n, template) in TEMPLATES.iter().enumerate() {
            let labels: Vec<&str> = match template.label {
                "受理" | "审批" => vec!["受理", "审批", "制证"],
                "制证" | "送达" | "发通知" => vec!["受理", "审批", "制证", "送达", "发通知"],
                label => vec!["受理", label, "审批", "制证"],
            };
            let key = format!("templates-{n}");
            author.publish(&world, designs::Kind::Process, &key, &drawing(&labels, n % 2 == 0)).await;
            author.bind(&world, &key).await;
            let case = world.applied(&firm, FOOD).await.case_id;
            let tasks = run(&world, case).await;
            let view = service::view(p, &firm, case).await.unwrap();
            let said: Vec<&str> = view.journal.iter().map(|e| e.label.as_str()).collect();
            let documents: Vec<&str> = view.documents.iter().map(|d| d.kind.as_str()).collect();
            let delivered = labels.contains(&"送达");
            assert_eq!(view.case.state, if delivered { State::Delivered } else { State::Granted }, "{engine}: {}: {said:?}", template.label);
            assert!(view.case.row.result.is_some() && journal::verify_chain(p.db.read(), case).await.unwrap().is_ok(), "{engine}: {}", template.label);
            match template.label {
                "按表分流" => assert!(tasks.iter().any(|name| name == "现场核查") && said.iter().any(|l| l.contains("按决策表判定")), "{engine}: {tasks:?}"),
                "联合审批" => assert_eq!(tasks.iter().filter(|name| name.starts_with("部门审查")).count(), 2, "{engine}: {tasks:?}"),
                "特别程序" => {
                    assert!(documents.contains(&"special_procedure") && said.iter().any(|l| l.starts_with("结束特别程序")), "{engine}: {said:?}");
                    let special = view.case.specials().unwrap().remove(0);
                    assert!(!special.lacks_conclusion() && special.ended.is_some(), "{engine}");
                }
                "送达" => assert!(documents.contains(&"delivery"), "{engine}: {documents:?}"),
                "发通知" => assert!(view.messages.len() == 1 && view.messages[0].text.contains(FOOD), "{engine}: {:?}", view.messages),
                _ => {}
            }
            assert!(flow::open_incidents(p.db.read(), 10).await.unwrap().is_empty(), "{engine}: {}", template.label);
        }
    }
}

#[tokio::test]
async fn the_departments_may_come_from_the_panel_or_from_a_table() {
    for world in World::both().await {
        let author = Author { editor: world.staff("editor01").await, reviewer: world.staff("reviewer01").await };
        author.publish(&world, designs::Kind::Decision, "templates-departments", &decision(&[("-", "桂林市公安局"), ("\"firm\"", "桂林市水利局"), ("\"person\"", "桂林市民政局")], "COLLECT")).await;
        let firm = world.firm().await;
        for (key, table, names) in [("joint-panel", false, ["卫生健康委员会", "市场监督管理局"]), ("joint-table", true, ["公安局", "水利局"])] {
            author.publish(&world, designs::Kind::Process, key, &drawing(&["受理", "联合审批", "审批", "制证"], table)).await;
            author.bind(&world, key).await;
            let case = world.applied(&firm, FOOD).await.case_id;
            let tasks = run(&world, case).await;
            let joint: Vec<&String> = tasks.iter().filter(|name| name.starts_with("部门审查")).collect();
            assert_eq!(joint.len(), 2, "{}: {tasks:?}", world.engine);
            assert!(names.iter().all(|name| joint.iter().any(|task| task.contains(name))), "{}: {joint:?}", world.engine);
        }
    }
}

#[test]
fn what_nobody_set_in_the_panel_is_said_before_publication() {
    let xml = drawing(&["受理", "按表分流", "联合审批", "发通知", "审批", "制证"], true)
        .replace(" tongban:decision=\"templates-table\"", "")
        .replace(" tongban:decision=\"templates-departments\"", "");
    let said: String = designs::model::errors(&designs::model::check(designs::Kind::Process, &xml)).map(|f| f.message.clone()).collect();
    assert!(said.contains("没有写明决策表") && said.contains("哪些部门"), "{said}");
}
