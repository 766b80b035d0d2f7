//! The fields of the editor, section by section.

use base::{FieldError, Result};
use codes::lists::{Audience, themes_for};
use web::components::*;
use web::{Ctx, Markup, html};

use super::edit_read::lines;
use super::edit_sections::Section;
use crate::model::*;
use crate::service;

/// What departments drew and published, to choose from: key and name.
#[derive(Default)]
pub(super) struct Drawn {
    processes: Vec<designs::Choice>,
    forms: Vec<designs::Choice>,
    decisions: Vec<designs::Choice>,
}

impl Drawn {
    pub(super) async fn published(ctx: &Ctx) -> Result<Self> {
        let conn = ctx.db.read();
        Ok(Self {
            processes: designs::choices(conn, designs::Kind::Process).await?,
            forms: designs::choices(conn, designs::Kind::Form).await?,
            decisions: designs::choices(conn, designs::Kind::Decision).await?,
        })
    }
}

/// The form over one list.
pub(super) struct Sheet<'a> {
    pub spec: &'a ItemSpec,
    pub errors: &'a [FieldError],
    pub drawn: &'a Drawn,
}

impl Sheet<'_> {
    fn field(&self, name: &str, label: &str) -> Field {
        Field::new(name, label).error(self.errors.iter().find(|e| e.field == name).map(|e| e.message.as_str()))
    }

    fn text(&self, name: &str, label: &str, value: &str) -> Markup {
        text_input(&self.field(name, label).value(value))
    }

    fn area(&self, name: &str, label: &str, hint: &str, value: String) -> Markup {
        textarea(&self.field(name, label).hint(hint).value(value).rows(5))
    }

    fn choose<T: Copy>(&self, name: &str, label: &str, all: &[T], say: impl Fn(T) -> (&'static str, &'static str), value: &str) -> Markup {
        let choices: Vec<Choice> = all.iter().map(|v| say(*v)).map(|(code, name)| Choice::new(code, name)).collect();
        select(&self.field(name, label).value(value), &choices)
    }

    fn design(&self, name: &str, label: &str, hint: &str, value: &str, published: &[designs::Choice]) -> Markup {
        let mut choices = vec![Choice::new("", "不选")];
        choices.extend(published.iter().map(|design| Choice::new(design.key.as_str(), design.label.as_str())));
        // What the list names stays visible, even when it is not offered here.
        if !value.is_empty() && !published.iter().any(|design| design.key == value) {
            choices.push(Choice::new(value, value));
        }
        select(&self.field(name, label).hint(hint).value(value).required(false), &choices)
    }

    fn tick(&self, name: &str, label: &str, value: bool) -> Markup {
        checkbox(&self.field(name, label), value)
    }

    fn themes(&self, name: &str, label: &str, audience: Audience, chosen: &[String]) -> Markup {
        let choices: Vec<Choice> = themes_for(audience).map(|t| Choice::new(t.name, t.name).chosen(chosen.iter().any(|c| c == t.name))).collect();
        details(label, checkboxes_arranged(&self.field(name, label).required(false), &choices, Arrangement::Small))
    }

    fn limit(&self, name: &str, label: &str, limit: &TimeLimit) -> Markup {
        html! {
            (text_input(&self.field(name, label).value(limit.days.to_string()).inputmode("numeric").width(Width::Chars5)))
            (self.choose(&format!("{name}_unit"), &format!("{label}单位"), TimeUnit::ALL, |u| (u.code(), u.name()), limit.unit.code()))
            (text_input(&self.field(&format!("{name}_note"), &format!("{label}说明")).value(limit.note.as_str()).required(false)))
        }
    }

    /// The fields of one section.
    pub(super) fn section(&self, section: Section) -> Markup {
        match section {
            Section::Identity => self.identity(),
            Section::Handling => self.handling(),
            Section::Materials => self.materials(),
            Section::Facts => self.facts(),
            Section::Place => self.place(),
        }
    }

    fn identity(&self) -> Markup {
        let s = self.spec;
        let objects: Vec<Choice> = ServiceObject::ALL.iter().map(|o| Choice::new(o.code(), o.name()).chosen(s.objects.contains(o))).collect();
        html! {
            (self.text("name", "事项名称", &s.name))
            (text_input(&self.field("base_code", "基本编码").hint("12 位数字").value(s.base_code.as_str()).width(Width::Chars20)))
            (self.choose("kind", "事项类型", ItemKind::ALL, |v| (v.code(), v.name()), s.kind.code()))
            (self.choose("level", "行使层级", ExerciseLevel::ALL, |v| (v.code(), v.name()), s.level.code()))
            (self.choose("authority_source", "权力来源", AuthoritySource::ALL, |v| (v.code(), v.name()), s.authority_source.code()))
            (checkboxes_arranged(&self.field("objects", "服务对象"), &objects, Arrangement::Small))
            (self.themes("person_themes", "自然人主题", Audience::Person, &s.person_themes))
            (self.themes("firm_themes", "法人主题", Audience::Firm, &s.firm_themes))
            (self.text("summary", "一句话说明", &s.summary))
            (text_input(&self.field("keywords", "关键词").hint("群众会怎么搜，用顿号隔开").value(s.keywords.join("、"))))
            (self.tick("popular", "列入高频事项", s.popular))
            (self.tick("secret", "涉密（涉密事项不得发布到公开目录）", s.secret))
        }
    }

    fn handling(&self) -> Markup {
        let s = self.spec;
        let channels: Vec<Choice> = HandlingChannel::ALL.iter().map(|c| Choice::new(c.code(), c.name()).chosen(s.channels.contains(c))).collect();
        let drawn = self.drawn.forms.iter().map(|form| Choice::new(form.key.as_str(), form.label.as_str()));
        let forms: Vec<Choice> = drawn.chain(service::form_choices().into_iter().map(|(id, title)| Choice::new(id, title))).collect();
        html! {
            (self.choose("case_type", "办件类型", CaseType::ALL, |v| (v.code(), v.name()), s.case_type.code()))
            (checkboxes_arranged(&self.field("channels", "办理形式"), &channels, Arrangement::Small))
            (self.choose("online_depth", "网办深度", OnlineDepth::ALL, |v| (v.code(), v.name()), s.online_depth.code()))
            (text_input(&self.field("visits", "到办事现场次数").value(s.visits.to_string()).inputmode("numeric").width(Width::Chars3)))
            (text_input(&self.field("visit_reason", "必须现场办理原因").value(s.visit_reason.as_str()).required(false)))
            (self.limit("statutory", "法定办结时限", &s.statutory))
            (self.limit("promised", "承诺办结时限", &s.promised))
            (self.area("conditions", "受理条件", "一行一条", s.conditions.join("\n")))
            (self.choose("process", "审批流程", ProcessKind::ALL, |v| (v.code(), v.name()), s.process.code()))
            (self.design("process_key", "自己设计的流程", "不选就用上面的审批流程", &s.process_key, &self.drawn.processes))
            (self.design("decision_key", "决策表", "不用决策表的不选", &s.decision_key, &self.drawn.decisions))
            (self.design("situation_key", "情形引导用的决策表", "申请前先问几个问题，按情形收材料；人人要交的材料都一样的不选", &s.situation_key, &self.drawn.decisions))
            (select(&self.field("form", "申请表单").value(s.form.as_str()), &forms))
            (self.tick("commitment", "可以告知承诺", s.commitment))
            (self.tick("tolerant", "可以容缺受理", s.tolerant))
            (self.tick("courier", "支持物流快递", s.courier))
            (self.tick("booking", "支持预约", s.booking))
            (self.tick("online_payment", "支持网上支付", s.online_payment))
        }
    }

    fn materials(&self) -> Markup {
        html! {
            (hidden("materials", &self.spec.materials.len().to_string()))
            @for (n, material) in self.spec.materials.iter().enumerate() {
                (fieldset(format!("材料 {}", n + 1), self.material(n, material)))
            }
            (Button::secondary("增加一份材料").name("act", "add_material").icon(Icon::Plus))
        }
    }

    fn material(&self, n: usize, m: &Material) -> Markup {
        let key = |part: &str| format!("m{n}_{part}");
        let optional = |part: &str, label: &str, value: &str| text_input(&self.field(&key(part), label).value(value).required(false));
        html! {
            (self.text(&key("name"), "材料名称", &m.name))
            (self.choose(&key("necessity"), "必要性", Necessity::ALL, |v| (v.code(), v.name()), m.necessity.code()))
            (self.choose(&key("form"), "形式", MaterialForm::ALL, |v| (v.code(), v.name()), m.form.code()))
            (self.choose(&key("source"), "来源渠道", MaterialSource::ALL, |v| (v.code(), v.name()), m.source.code()))
            (text_input(&self.field(&key("copies"), "份数").value(m.copies.to_string()).inputmode("numeric").width(Width::Chars3)))
            (optional("exempt", "免交理由（填写后申请人不用交）", &m.exempt))
            (details("更多", html! {
                (optional("source_note", "来源渠道说明", &m.source_note))
                (optional("when", "什么情形要交", &m.when))
                (optional("spec", "材料规格", &m.spec))
                (optional("notes", "填报须知", &m.notes))
                (optional("criteria", "受理标准", &m.criteria))
                (optional("basis", "材料依据", &m.basis))
                (optional("sample_text", "示例内容", &m.sample_text))
                (self.tick(&key("blank_form"), "提供空白表格", m.blank_form))
                (self.tick(&key("sample"), "提供示例样表", m.sample))
            }))
            (self.tick(&key("delete"), "删除这份材料", false))
        }
    }

    fn facts(&self) -> Markup {
        let s = self.spec;
        let days = |days: u16| days.to_string();
        html! {
            (self.area("steps", "办理环节", "一行一个：环节名称 | 天数", lines(&s.steps, |t| vec![t.name.clone(), days(t.days)])))
            (self.area("basis", "设定依据", "一行一条：《法律法规》 | 条款 | 要旨", lines(&s.basis, |b| vec![b.law.clone(), b.article.clone(), b.gist.clone()])))
            (self.area("results", "办理结果", "一行一个：名称 | 证照、批文或其他 | 证照类型序号 | 有效年数 | 新办、变更、延续或补发",
                lines(&s.results, |r| vec![r.name.clone(), r.kind.name().into(), r.licence_type.clone(), if r.valid_years == 0 { String::new() } else { r.valid_years.to_string() }, if r.effect == Effect::New { String::new() } else { r.effect.name().into() }])))
            (self.area("fees", "收费项目", "不收费的留空；一行一项：名称 | 标准 | 依据 | 减免依据", lines(&s.fees, |f| vec![f.name.clone(), f.standard.clone(), f.basis.clone(), f.reduction_basis.clone()])))
            (self.area("special_procedures", "特别程序", "一行一个：名称 | 工作日 | 依据", lines(&s.special_procedures, |p| vec![p.name.clone(), days(p.days), p.basis.clone()])))
            (self.area("faq", "常见问题", "一行一个：问题 | 回答", lines(&s.faq, |f| vec![f.q.clone(), f.a.clone()])))
            (self.area("one_thing", "所属的“一件事”", "一行一个", s.one_thing.join("\n")))
        }
    }

    fn place(&self) -> Markup {
        let s = self.spec;
        html! {
            (self.text("place", "办理地点", &s.place))
            (self.text("hours", "办理时间", &s.hours))
            (self.text("phone", "咨询电话", &s.phone))
            (self.text("complaint_phone", "监督投诉电话", &s.complaint_phone))
            (text_input(&self.field("scope", "通办范围").value(s.scope.as_str()).required(false)))
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// What a browser would post from the untouched form of a section, read from the form itself.
    pub(in crate::pages) fn posted(spec: &ItemSpec, section: Section) -> Vec<(String, String)> {
        let page = Sheet { spec, errors: &[], drawn: &Drawn::default() }.section(section).into_string();
        let page = page.replace("&amp;", "&").replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">");
        let attribute = |tag: &str, name: &str| tag.split_once(&format!(" {name}=\"")).and_then(|(_, rest)| rest.split_once('"')).map(|(v, _)| v.to_owned());
        let mut pairs = Vec::new();
        let mut rest = page.as_str();
        while let Some(start) = rest.find('<') {
            rest = &rest[start..];
            let end = rest.find('>').expect("a whole tag");
            let (tag, after) = rest.split_at(end);
            if tag.starts_with("<input") {
                let ticked = matches!(attribute(tag, "type").as_deref(), Some("checkbox" | "radio"));
                if !ticked || tag.contains(" checked") {
                    pairs.push((attribute(tag, "name").expect("a name"), attribute(tag, "value").unwrap_or_default()));
                }
            } else if tag.starts_with("<textarea") {
                let text = after[1..].split("</textarea>").next().expect("its text");
                pairs.push((attribute(tag, "name").expect("a name"), text.to_owned()));
            } else if tag.starts_with("<select") {
                let options = after.split("</select>").next().expect("its options");
                let chosen = options.split("<option").find(|o| o.split('>').next().is_some_and(|tag| tag.contains(" selected")));
                pairs.push((attribute(tag, "name").expect("a name"), chosen.and_then(|o| attribute(o, "value")).unwrap_or_default()));
            }
            rest = &after[1..];
        }
        pairs
    }
}
