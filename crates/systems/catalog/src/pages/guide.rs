//! The public guide (办事指南): the same text online and at the window, from one source (M-ITEM-03.03).
//!
//! Pure: the caller has loaded the version and wraps the result in its page.

use web::components::*;
use web::{Markup, html};

use crate::model::{Guide, HandlingChannel, ItemSpec, Material, MaterialForm, Necessity, Situation, situation};
use crate::service::ItemVersion;

/// The guide of a version from its heading on: the six answers, then everything in the order in which people need it.
/// `apply` is where the application begins; without it (the item is not handled online here) no button is drawn.
pub fn guide(item: &ItemVersion, apply: Option<&str>) -> Markup {
    guide_for(item, apply, None)
}

/// The questions of a guide and what was answered so far.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    /// The table that asks.
    pub guide: &'a Guide,
    /// The answers sent, by the names of [`situation::field`].
    pub given: &'a [(String, String)],
    /// The situation they lead to.
    pub found: Option<&'a Situation>,
    /// What is wrong with them: field and sentence.
    pub errors: &'a [(String, String)],
}

impl Asking<'_> {
    /// The questions as radio buttons, with what was answered.
    pub fn questions(&self) -> Markup {
        html! {
            @for (at, question) in self.guide.questions.iter().enumerate() {
                @let name = situation::field(at);
                @let given = self.given.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value.as_str());
                @let error = self.errors.iter().find(|(key, _)| *key == name).map(|(_, message)| message.as_str());
                @let choices: Vec<Choice> = Guide::choices(question).into_iter().map(|(value, said)| { let chosen = value == given; Choice::new(value, said).chosen(chosen) }).collect();
                (radios(&Field::new(name, question.label.as_str()).error(error), &choices))
            }
        }
    }
}

/// The guide for whoever answered the questions about their situation, or has them still before them.
pub fn guide_for(item: &ItemVersion, apply: Option<&str>, asking: Option<Asking<'_>>) -> Markup {
    let found = asking.and_then(|asking| asking.found);
    let spec = &item.spec;
    let mut heading = PageHeading::new(spec.name.clone()).caption(format!("办事指南 · {}", item.body_name)).lede(spec.summary.as_str());
    if let Some(href) = apply {
        heading = heading.action(Button::primary("在线办理").href(href).icon(Icon::Send));
    }
    heading = heading.action(Button::print("打印指南"));
    html! {
        (heading)
        (answers(&six_answers(item, found)))
        @if let Some(asking) = asking { (situation_section(item, &asking)) }
        (two_columns(main_column(item, found), side_column(item, apply)))
    }
}

/// The questions, or the situation with a way back to them. A plain form that sends its answers in the address: nothing is
/// kept of whoever only looks.
fn situation_section(item: &ItemVersion, asking: &Asking<'_>) -> Markup {
    let here = format!("/items/{}", item.item_id);
    html! {
        (section("您属于哪种情形", None, html! {
            div id="situation" {
                @if let Some(found) = asking.found {
                    (inset(html! { p { "您的情形：" strong { (found.name) } "。下面的材料清单只列出您要交的。" } p { a href={ (here) "#situation" } { "重新选择" } } }))
                } @else {
                    p { "先回答几个问题，就知道要交哪些材料。" }
                    @if !asking.errors.is_empty() { (error_summary(asking.errors.iter().map(|(field, message)| (field.as_str(), message.as_str())))) }
                    form method="get" action=(here) {
                        (asking.questions())
                        (Button::secondary("看看要交什么").icon(Icon::ClipboardCheck))
                    }
                }
            }
        }))
    }
}

/// 能不能办、要什么、多久、多少钱、去哪办、出什么.
fn six_answers(item: &ItemVersion, found: Option<&Situation>) -> Vec<(Icon, Fact)> {
    let spec = &item.spec;
    let asked = || spec.materials.iter().filter(|m| situation::asked_for(m, found));
    let to_hand_in = asked().filter(|m| m.to_hand_in()).count();
    let exempt = asked().count() - to_hand_in;
    let mut needs = if to_hand_in == 0 { "不用交材料".to_owned() } else { format!("{to_hand_in} 份材料") };
    if exempt > 0 {
        needs += &format!("，另有 {exempt} 份免交");
    }
    let visits = if spec.visits == 0 { "不用跑现场".to_owned() } else { format!("最多跑 {} 次", spec.visits) };
    let place = if spec.online() { format!("网上可办，{visits}") } else { format!("到窗口办，{visits}") };
    let results: Vec<&str> = spec.results.iter().map(|r| r.name.as_str()).collect();
    vec![
        (Icon::CircleCheck, Fact::new("能不能办", objects(spec))),
        (Icon::FileText, Fact::new("要什么", needs)),
        (Icon::Clock, Fact::new("多久", spec.promised.to_string())),
        (Icon::Banknote, Fact::new("多少钱", if spec.fees.is_empty() { "不收费" } else { "收费，见下方标准" })),
        (Icon::MapPin, Fact::new("去哪办", place)),
        (Icon::BadgeCheck, Fact::new("出什么", results.join("、"))),
    ]
}

fn objects(spec: &ItemSpec) -> String {
    let names: Vec<&str> = spec.objects.iter().map(|object| object.name()).collect();
    format!("{}可以申请", names.join("、"))
}

fn main_column(item: &ItemVersion, found: Option<&Situation>) -> Markup {
    let spec = &item.spec;
    html! {
        (section("受理条件", None, if spec.conditions.is_empty() { html! { p { "没有特别条件。" } } } else { lines(&spec.conditions) }))
        (section("申请材料", None, materials(item, found)))
        (section("办理流程", None, flow(spec)))
        (section("收费", None, fees(spec)))
        @if !spec.faq.is_empty() {
            (section("常见问题", None, html! { @for question in &spec.faq { (details(&question.q, prose(html! { p { (question.a) } }))) } }))
        }
        (section("设定依据", None, html! {
            ul class="govuk-list govuk-list--bullet" {
                @for basis in &spec.basis { li { strong { (basis.law) (basis.article) } @if !basis.gist.is_empty() { "：" (basis.gist) } } }
            }
        }))
    }
}

fn lines(lines: &[String]) -> Markup {
    html! { ol class="govuk-list govuk-list--number" { @for line in lines { li { (line) } } } }
}

fn materials(item: &ItemVersion, found: Option<&Situation>) -> Markup {
    let spec = &item.spec;
    if spec.materials.is_empty() {
        return html! { p { "这个事项不需要提交材料。" } };
    }
    let columns = [Column::new("材料"), Column::new("要不要交"), Column::new("形式和份数"), Column::new("来源"), Column::new("表格和样表")];
    let rows = spec.materials.iter().enumerate().filter(|(_, material)| situation::asked_for(material, found)).map(|(n, material)| {
        TableRow::new()
            .cell(material_name(material))
            .cell(material_need(material, found.is_some()))
            .cell(format!("{}，{}份", material.form.name(), material.copies))
            .cell(html! { (material.source.name()) @if !material.source_note.is_empty() { "：" (material.source_note) } })
            .cell(blank_links(item, n, material))
    });
    html! {
        (Table::new("申请材料清单", columns).hide_caption().rows(rows))
        p class="muted" { "窗口和网上都只收这张清单上的材料，不会另外要求。" }
    }
}

fn material_name(material: &Material) -> Markup {
    let more: Vec<(&str, &str)> = [
        ("规格", material.spec.as_str()),
        ("填报须知", material.notes.as_str()),
        ("受理标准", material.criteria.as_str()),
        ("材料依据", material.basis.as_str()),
    ]
    .into_iter()
    .filter(|(_, text)| !text.is_empty())
    .collect();
    html! {
        strong { (material.name) }
        @if !more.is_empty() {
            (details("填写和受理要求", html! { @for (label, text) in more { p { (label) "：" (text) } } }))
        }
    }
}

fn material_need(material: &Material, chosen: bool) -> Markup {
    html! {
        @if material.to_hand_in() {
            @match material.necessity {
                Necessity::Required => (tag(Tone::Info, "必交")),
                Necessity::Conditional if chosen => (tag(Tone::Info, "您的情形要交")),
                Necessity::Conditional => (tag(Tone::Neutral, "特定情形交")),
                Necessity::Deferrable => (tag(Tone::Neutral, "可容缺后补")),
            }
        } @else { (tag(Tone::Good, "免交")) }
        @if !material.exempt.is_empty() { p { (material.exempt) } }
        @if !material.when.is_empty() { p { (material.when) } }
    }
}

fn blank_links(item: &ItemVersion, n: usize, material: &Material) -> Markup {
    let href = format!("/items/{}/forms/{}", item.item_id, n + 1);
    html! {
        @if has_blank(material) { a href=(href) { (if material.blank_form { "空白表格" } else { "示例样表" }) span class="govuk-visually-hidden" { "：" (material.name) } } }
        @else if material.form == MaterialForm::Electronic { "上传电子件" } @else { "自备" }
    }
}

/// Whether there is a printable page for this material.
pub(super) fn has_blank(material: &Material) -> bool {
    material.blank_form || material.sample
}

fn flow(spec: &ItemSpec) -> Markup {
    let unit = if spec.promised.unit == crate::model::TimeUnit::Day { "日" } else { "个工作日" };
    let steps: Vec<TimelineStep> = spec
        .steps
        .iter()
        .map(|step| {
            let title = TimelineStep::new(step.name.clone(), StepState::Outline);
            if step.days == 0 { title.due("当场") } else { title.due(format!("{}{unit}", step.days)) }
        })
        .collect();
    html! {
        (timeline(&steps))
        (summary_list(&[
            Fact::new("承诺办结时限", with_note(&spec.promised)),
            Fact::new("法定办结时限", with_note(&spec.statutory)),
            Fact::new("办件类型", spec.case_type.name()),
        ]))
        @if !spec.special_procedures.is_empty() {
            p { "下列特别程序的时间不计入办结时限：" }
            ul class="govuk-list govuk-list--bullet" {
                @for procedure in &spec.special_procedures { li { (procedure.name) "，" (procedure.days) " 个工作日（" (procedure.basis) "）" } }
            }
        }
    }
}

fn with_note(limit: &crate::model::TimeLimit) -> String {
    if limit.note.is_empty() { limit.to_string() } else { format!("{limit}（{}）", limit.note) }
}

fn fees(spec: &ItemSpec) -> Markup {
    if spec.fees.is_empty() {
        return html! { p { "不收费。" } };
    }
    let rows = spec.fees.iter().map(|fee| {
        let reduction = if fee.reducible { fee.reduction_basis.as_str() } else { "不减免" };
        TableRow::new().cell(&fee.name).cell(&fee.standard).cell(&fee.basis).cell(reduction)
    });
    Table::new("收费项目", [Column::new("项目"), Column::new("标准"), Column::new("依据"), Column::new("减免")]).hide_caption().rows(rows).render()
}

fn side_column(item: &ItemVersion, apply: Option<&str>) -> Markup {
    let spec = &item.spec;
    let window = spec.channels.contains(&HandlingChannel::Window);
    let offers: Vec<&str> = [
        (spec.courier, "结果可以邮寄"),
        (spec.booking, "可以预约"),
        (spec.online_payment, "可以网上缴费"),
        (spec.commitment, "可以告知承诺"),
        (spec.tolerant, "可以容缺受理"),
    ]
    .into_iter()
    .filter_map(|(yes, words)| yes.then_some(words))
    .collect();
    html! {
        (section("去哪办", None, html! {
            (summary_list(&[
                Fact::new(if window { "窗口" } else { "办理地点" }, spec.place.as_str()),
                Fact::new("办理时间", spec.hours.as_str()),
                Fact::new("咨询电话", telephone(&spec.phone)),
                Fact::new("监督投诉", telephone(&spec.complaint_phone)),
                Fact::new("办理形式", spec.channels.iter().map(|c| c.name()).collect::<Vec<_>>().join("、")),
            ]))
            @if let Some(href) = apply { (Button::secondary("在线办理").href(href)) }
        }))
        @if spec.visits > 0 && !spec.visit_reason.is_empty() { (inset(html! { "需要到现场的原因：" (spec.visit_reason) })) }
        (section("其他信息", None, summary_list(&[
            Fact::new("实施主体", item.body_name.as_str()),
            Fact::new("事项类型", spec.kind.name()),
            Fact::new("基本编码", spec.base_code.as_str()),
            Fact::new("实施编码", item.implementation_code.as_str()),
            Fact::new("网办深度", spec.online_depth.name()),
            Fact::new("通办范围", if spec.scope.is_empty() { "本级" } else { spec.scope.as_str() }),
            Fact::new("便民服务", if offers.is_empty() { "无".to_owned() } else { offers.join("、") }),
            Fact::new("指南版本", version_line(item)),
        ])))
    }
}

/// The same mark online and on paper, so that people can tell whether a printed guide is still the one in force.
pub(super) fn version_line(item: &ItemVersion) -> String {
    match item.published_at {
        Some(at) => format!("第 {} 版，{}发布", item.version, format::date(base::local_date(at))),
        None => format!("第 {} 版", item.version),
    }
}
