use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::{Error, FieldError, Kind, Result};
use codes::lists::{Audience, themes_for};
use uuid::Uuid;
use web::components::*;
use web::{Ctx, Form as Posted, Markup, PageResult, html};

use super::bodies;
use super::edit_read::{lines, new_material, read};
use crate::model::*;
use crate::permissions::EDIT;
use crate::service;
use crate::store::{item, version};

/// `GET /work/items/{id}/edit`
pub(super) async fn page(ctx: Ctx, Path(id): Path<Uuid>) -> PageResult {
    let row = item::get(ctx.db.read(), id).await?;
    ctx.actor().require(EDIT, &row.target())?;
    let draft = row.working_version_id.ok_or_else(|| Error::refused("catalog.no_draft", "已发布的版本不能修改，请先“编制新版本”。"))?;
    let spec = version::get(ctx.db.read(), draft).await?.spec()?;
    show(&ctx, id, row.version, &spec, &[]).await
}

/// `POST /work/items/{id}/edit`: saves, or adds a row to the materials without saving.
pub(super) async fn save(ctx: Ctx, Path(id): Path<Uuid>, form: Posted) -> PageResult<Response> {
    let row = item::get(ctx.db.read(), id).await?;
    ctx.actor().require(EDIT, &row.target())?;
    let draft = row.working_version_id.ok_or_else(|| Error::refused("catalog.no_draft", "这个事项没有正在编制的版本。"))?;
    let old = version::get(ctx.db.read(), draft).await?.spec()?;
    let lock: i32 = form.data.text("lock").parse().map_err(|_| Error::expired("页面内容不完整，请刷新页面后重新操作。"))?;
    let (mut spec, errors) = read(&form.data, &old);
    if form.data.text("act") == "add_material" {
        spec.materials.push(new_material());
        return Ok(show(&ctx, id, lock, &spec, &[]).await?.into_response());
    }
    if !errors.is_empty() {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&ctx, id, lock, &spec, &errors).await?).into_response());
    }
    match service::save_draft(&ctx, ctx.actor(), id, lock, spec.clone()).await {
        Ok(()) => Ok(ctx.redirect_saying(&format!("/work/items/{id}"), "草稿已保存。")),
        Err(error) if error.kind() == Kind::Invalid => Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&ctx, id, lock, &spec, error.fields()).await?).into_response()),
        Err(error) => Err(error.into()),
    }
}

async fn show(ctx: &Ctx, id: Uuid, lock: i32, spec: &ItemSpec, errors: &[FieldError]) -> PageResult {
    let designs = Drawn::published(ctx).await?;
    let body = html! {
        (error_summary(errors.iter().map(|e| (e.field.as_str(), e.message.as_str()))))
        (PageHeading::new("修改草稿").caption(spec.name.clone()).lede("保存后可以再检查、再修改；提交审核之前随时可改。"))
        (ctx.form(format!("/work/items/{id}/edit")).dirty_check().body(html! {
            (hidden("lock", &lock.to_string()))
            (Sheet { spec, errors, drawn: &designs }.body())
            (button_row([
                html! { (Button::primary("保存草稿").name("act", "save").icon(Icon::Check)) },
                html! { (Button::link("不保存，返回").href(format!("/work/items/{id}"))) },
            ]))
        }))
    };
    Ok(ctx.workbench("修改草稿").crumb("事项目录", "/work/items").crumb(spec.name.clone(), format!("/work/items/{id}")).has_errors(!errors.is_empty()).body(body).document())
}

/// What departments drew and published, to choose from: key and name.
#[derive(Default)]
struct Drawn {
    processes: Vec<designs::Choice>,
    decisions: Vec<designs::Choice>,
}

impl Drawn {
    async fn published(ctx: &Ctx) -> Result<Self> {
        let conn = ctx.db.read();
        Ok(Self { processes: designs::choices(conn, designs::Kind::Process).await?, decisions: designs::choices(conn, designs::Kind::Decision).await? })
    }
}

/// The form over one list.
struct Sheet<'a> {
    spec: &'a ItemSpec,
    errors: &'a [FieldError],
    drawn: &'a Drawn,
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

    fn body(&self) -> Markup {
        html! {
            (section("基本信息", None, self.identity()))
            (section("怎么办", None, self.handling()))
            (section("申请材料", None, self.materials()))
            (section("环节、依据和结果", None, self.facts()))
            (section("在哪办", None, self.place()))
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
        let forms: Vec<Choice> = service::form_choices().into_iter().map(|(id, title)| Choice::new(id, title)).collect();
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
            (self.area("results", "办理结果", "一行一个：名称 | 证照、批文或其他 | 证照类型序号 | 有效年数",
                lines(&s.results, |r| vec![r.name.clone(), r.kind.name().into(), r.licence_type.clone(), if r.valid_years == 0 { String::new() } else { r.valid_years.to_string() }])))
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

/// `GET /work/items/new`
pub(super) async fn new_page(ctx: Ctx) -> PageResult {
    ask_new(&ctx, ["", "", "", ""], &[]).await
}

/// Body, name, base code and variant: what makes an item. Everything else follows in the editor.
async fn ask_new(ctx: &Ctx, [body, name, base_code, variant]: [&str; 4], errors: &[FieldError]) -> PageResult {
    let own = ctx.actor().staff().map(|s| s.region.clone()).unwrap_or_default();
    let prefix = own.trim_end_matches('0').to_owned();
    let bodies = bodies::all(ctx.db.read(), &prefix).await?;
    let allowed = bodies.into_iter().filter(|b| ctx.actor().may(EDIT, &b.target()));
    let mut choices = vec![Choice::new("", "请选择")];
    choices.extend(allowed.map(|b| Choice::new(b.id.to_string(), b.name)));
    let error = |name: &str| errors.iter().find(|e| e.field == name).map(|e| e.message.as_str());
    let content = narrow(html! {
        (error_summary(errors.iter().map(|e| (e.field.as_str(), e.message.as_str()))))
        (PageHeading::new("新建事项").lede("先确定是哪个机构的哪个事项，其余要素在下一页填写。"))
        (ctx.form("/work/items/new").body(html! {
            (select(&Field::new("body", "实施主体").value(body).error(error("body")), &choices))
            (text_input(&Field::new("name", "事项名称").value(name).error(error("name"))))
            (text_input(&Field::new("base_code", "基本编码").hint("12 位数字，同一机构内不能重复").value(base_code).width(Width::Chars20).error(error("base_code"))))
            (text_input(&Field::new("variant", "业务办理项序号").hint("拆分成多个办理项时填 01 至 99").value(variant).required(false).width(Width::Chars3).error(error("variant"))))
            (Button::primary("新建并填写"))
        }))
    });
    Ok(ctx.workbench("新建事项").crumb("事项目录", "/work/items").has_errors(!errors.is_empty()).body(content).document())
}

/// `POST /work/items/new`
pub(super) async fn create(ctx: Ctx, form: Posted) -> PageResult<Response> {
    let typed = ["body", "name", "base_code", "variant"].map(|name| form.data.text(name));
    match create_from(&ctx, typed).await {
        Ok(id) => Ok(ctx.redirect_saying(&format!("/work/items/{id}/edit"), "已新建，请填写各项要素。")),
        Err(error) if error.kind() == Kind::Invalid => Ok((StatusCode::UNPROCESSABLE_ENTITY, ask_new(&ctx, typed, error.fields()).await?).into_response()),
        Err(error) => Err(error.into()),
    }
}

async fn create_from(ctx: &Ctx, [body, name, base_code, variant]: [&str; 4]) -> Result<Uuid> {
    let unknown = || Error::field("body", "请选择实施主体。");
    let body = bodies::one(ctx.db.read(), body.parse().map_err(|_| unknown())?).await?.ok_or_else(unknown)?;
    service::create_draft(ctx, ctx.actor(), &body, variant, service::blank_spec(name, base_code)).await
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// What a browser would post from the untouched form over this list, read from the form itself.
    pub(in crate::pages) fn posted(spec: &ItemSpec) -> Vec<(String, String)> {
        let page = Sheet { spec, errors: &[], drawn: &Drawn::default() }.body().into_string();
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
