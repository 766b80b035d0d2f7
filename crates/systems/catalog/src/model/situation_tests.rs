use proptest::prelude::*;

use super::*;
use crate::model::ItemFile;

const TABLE: &str = r#"<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="情形" namespace="urn:t">
  <decision id="decision" name="办事情形">
    <decisionTable id="t" hitPolicy="COLLECT">
      <input id="i1" label="经营种类"><inputExpression id="e1" typeRef="string"><text>kind</text></inputExpression><inputValues id="v1"><text>"餐饮","销售"</text></inputValues></input>
      <input id="i2" label="有没有冷库"><inputExpression id="e2" typeRef="boolean"><text>cold</text></inputExpression></input>
      <output id="o1" name="情形" typeRef="string"/><output id="o2" name="材料" typeRef="string"/>
      <rule id="r1"><inputEntry id="a1"><text>"餐饮"</text></inputEntry><inputEntry id="a2"><text>-</text></inputEntry><outputEntry id="a3"><text>"餐饮服务"</text></outputEntry><outputEntry id="a4"><text>"平面图、操作流程"</text></outputEntry></rule>
      <rule id="r2"><inputEntry id="b1"><text>"销售"</text></inputEntry><inputEntry id="b2"><text>-</text></inputEntry><outputEntry id="b3"><text>"食品销售"</text></outputEntry><outputEntry id="b4"><text>""</text></outputEntry></rule>
      <rule id="r3"><inputEntry id="c1"><text>-</text></inputEntry><inputEntry id="c2"><text>true</text></inputEntry><outputEntry id="c3"><text>"有冷库"</text></outputEntry><outputEntry id="c4"><text>"冷库证明、平面图"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"#;

fn guide(xml: &str) -> Guide {
    Guide::new("food", 1, "digest", xml)
}

fn spec(conditional: &[&str]) -> ItemSpec {
    let file = ItemFile::parse(include_str!("../../../../../data/demo/items/market-regulation-full.toml")).unwrap();
    let mut spec = file.items.into_iter().next().unwrap();
    let model = spec.materials[0].clone();
    spec.materials = conditional.iter().map(|name| Material { name: (*name).to_owned(), necessity: Necessity::Conditional, ..model.clone() }).collect();
    spec
}

#[test]
fn questions_come_from_the_columns_and_answers_add_up() {
    let guide = guide(TABLE);
    assert_eq!(guide.questions.iter().map(|q| q.label.as_str()).collect::<Vec<_>>(), ["经营种类", "有没有冷库"]);
    let both = guide.answer(|at, _| ["餐饮", "true"][at]).unwrap();
    assert_eq!((both.name.as_str(), both.materials.as_slice()), ("餐饮服务，有冷库", ["平面图", "操作流程", "冷库证明"].map(str::to_owned).as_slice()));
    let plain = guide.answer(|at, _| ["销售", "false"][at]).unwrap();
    assert_eq!((plain.name.as_str(), plain.materials.len()), ("食品销售", 0));
    assert_eq!(plain.facts()["kind"], "销售");
}

#[test]
fn every_open_question_is_named_and_foreign_answers_count_as_none() {
    let error = guide(TABLE).answer(|at, _| ["<script>", ""][at]).unwrap_err();
    assert_eq!(error.fields().iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), ["s0", "s1"]);
}

#[test]
fn a_table_with_a_gap_or_a_strange_material_does_not_guide() {
    let whole = spec(&["平面图", "操作流程", "冷库证明"]);
    assert!(guide(TABLE).problems(&whole).is_empty(), "{:?}", guide(TABLE).problems(&whole));
    assert!(guide(TABLE).problems(&spec(&["平面图", "操作流程"]))[0].contains("冷库证明"));
    assert!(guide(TABLE).problems(&spec(&["平面图", "操作流程", "冷库证明", "多余的材料"]))[0].contains("多余的材料"));
    let gap = TABLE.replace("\"餐饮\",\"销售\"", "\"餐饮\",\"销售\",\"其他\"");
    assert!(guide(&gap).problems(&whole)[0].contains("其他、否"), "{:?}", guide(&gap).problems(&whole));
    let silent = TABLE.replace(r#"typeRef="boolean""#, r#"typeRef="number""#);
    assert!(guide(&silent).problems(&whole)[0].contains("有没有冷库"));
    for text in ["", "<", "<a/>"] {
        assert!(!guide(text).problems(&whole).is_empty(), "{text}");
    }
}

#[test]
fn only_conditional_materials_depend_on_the_situation() {
    let spec = spec(&["平面图", "冷库证明"]);
    let plain = guide(TABLE).answer(|at, _| ["餐饮", "false"][at]).unwrap();
    assert!(asked_for(&spec.materials[0], Some(&plain)) && !asked_for(&spec.materials[1], Some(&plain)));
    assert!(asked_for(&spec.materials[1], None));
    let always = Material { necessity: Necessity::Required, ..spec.materials[1].clone() };
    assert!(asked_for(&always, Some(&plain)));
}

proptest! {
    #[test]
    fn no_answer_breaks_it(first in ".{0,20}", second in ".{0,20}") {
        let _ = guide(TABLE).answer(|at, _| [first.as_str(), second.as_str()][at]);
    }
}
