//! An implementation list in plain words, element by element, and what two versions say differently.

use crate::model::{Fee, ItemSpec, Material};

/// One element: its name and what it says, one line per fact.
pub(super) type Element = (&'static str, Vec<String>);

/// Every element that says something.
pub(super) fn elements(spec: &ItemSpec) -> Vec<Element> {
    let one = |text: &str| if text.is_empty() { Vec::new() } else { vec![text.to_owned()] };
    let yes = |value: bool| vec![if value { "是" } else { "否" }.to_owned()];
    let limit = |limit: &crate::model::TimeLimit| vec![if limit.note.is_empty() { limit.to_string() } else { format!("{limit}（{}）", limit.note) }];
    vec![
        ("事项名称", one(&spec.name)),
        ("基本编码", one(&spec.base_code)),
        ("事项类型", one(spec.kind.name())),
        ("行使层级", one(spec.level.name())),
        ("权力来源", one(spec.authority_source.name())),
        ("服务对象", spec.objects.iter().map(ToString::to_string).collect()),
        ("自然人主题", spec.person_themes.clone()),
        ("法人主题", spec.firm_themes.clone()),
        ("一句话说明", one(&spec.summary)),
        ("关键词", spec.keywords.clone()),
        ("办件类型", one(spec.case_type.name())),
        ("办理形式", spec.channels.iter().map(ToString::to_string).collect()),
        ("网办深度", one(spec.online_depth.name())),
        ("到办事现场次数", vec![format!("{}次", spec.visits)]),
        ("必须现场办理原因", one(&spec.visit_reason)),
        ("法定办结时限", limit(&spec.statutory)),
        ("承诺办结时限", limit(&spec.promised)),
        ("受理条件", spec.conditions.clone()),
        ("收费", spec.fees.iter().map(fee).collect()),
        ("办理结果", spec.results.iter().map(|r| format!("{}（{}）", r.name, r.kind)).collect()),
        ("申请材料", spec.materials.iter().map(material).collect()),
        ("办理环节", spec.steps.iter().map(|s| format!("{}：{}日", s.name, s.days)).collect()),
        ("设定依据", spec.basis.iter().map(|b| format!("{}{}：{}", b.law, b.article, b.gist)).collect()),
        ("特别程序", spec.special_procedures.iter().map(|p| format!("{}：{}个工作日（{}）", p.name, p.days, p.basis)).collect()),
        ("办理地点", one(&spec.place)),
        ("办理时间", one(&spec.hours)),
        ("咨询电话", one(&spec.phone)),
        ("监督投诉电话", one(&spec.complaint_phone)),
        ("支持物流快递", yes(spec.courier)),
        ("支持预约", yes(spec.booking)),
        ("支持网上支付", yes(spec.online_payment)),
        ("通办范围", one(&spec.scope)),
        ("告知承诺", yes(spec.commitment)),
        ("容缺受理", yes(spec.tolerant)),
        ("涉密", yes(spec.secret)),
        ("审批流程", one(spec.process.name())),
        ("自己设计的流程", one(&spec.process_key)),
        ("情形引导", one(&spec.situation_key)),
        ("决策表", one(&spec.decision_key)),
        ("申请表单", one(&spec.form)),
        ("高频事项", yes(spec.popular)),
        ("一件事", spec.one_thing.clone()),
        ("常见问题", spec.faq.iter().map(|f| format!("{} {}", f.q, f.a)).collect()),
    ]
}

fn fee(fee: &Fee) -> String {
    format!("{}：{}（{}）", fee.name, fee.standard, fee.basis)
}

fn material(m: &Material) -> String {
    let mut parts = vec![m.necessity.to_string(), m.form.to_string(), m.source.to_string(), format!("{}份", m.copies)];
    parts.extend([&m.when, &m.spec, &m.source_note, &m.notes, &m.criteria, &m.basis].into_iter().filter(|t| !t.is_empty()).cloned());
    if !m.exempt.is_empty() {
        parts.push(format!("免交：{}", m.exempt));
    }
    format!("{}（{}）", m.name, parts.join("，"))
}

/// What two versions say differently about one element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    /// Name of the element.
    pub element: &'static str,
    /// Lines that are gone.
    pub removed: Vec<String>,
    /// Lines that are new.
    pub added: Vec<String>,
}

/// The elements in which two versions differ.
pub(super) fn changes(before: &ItemSpec, after: &ItemSpec) -> Vec<Change> {
    let pairs = elements(before).into_iter().zip(elements(after));
    pairs
        .filter(|(old, new)| old.1 != new.1)
        .map(|((element, old), (_, new))| {
            let missing = |from: &[String], other: &[String]| from.iter().filter(|line| !other.contains(line)).cloned().collect::<Vec<_>>();
            let (removed, added) = (missing(&old, &new), missing(&new, &old));
            // The same lines in another order differ too.
            if removed.is_empty() && added.is_empty() { Change { element, removed: old, added: new } } else { Change { element, removed, added } }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ItemFile;

    #[test]
    fn only_what_differs_is_told() {
        let file = ItemFile::parse(include_str!("../model/fixtures/valid-item.toml")).unwrap();
        let (before, mut after) = (file.items[0].clone(), file.items[0].clone());
        assert_eq!(changes(&before, &after), []);
        after.promised.days += 1;
        after.conditions.push("新的条件。".into());
        let told = changes(&before, &after);
        assert_eq!(told.iter().map(|c| c.element).collect::<Vec<_>>(), ["承诺办结时限", "受理条件"]);
        assert_eq!((told[1].removed.len(), told[1].added.as_slice()), (0, ["新的条件。".to_owned()].as_slice()));
    }
}
