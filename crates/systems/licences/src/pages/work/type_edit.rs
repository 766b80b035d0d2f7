//! Writing a type of licence.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::{Error, FieldError, Result};
use cases::model::Trust;
use chrono::NaiveDate;
use maud::{Markup, html};
use web::components::*;
use web::{Ctx, Form as Sent, FormData, PageResult};

use crate::model::kind::MOST_LINES;
use crate::model::{Domain, HolderKind, Layout, TypeField, TypeSpec, ValidityRule};
use crate::pages::{mendable, said, summary};
use crate::service;

/// What is being written: a new type, or the next version of one with its optimistic lock.
#[derive(Clone, Copy)]
enum Target<'a> {
    New,
    Version { code: &'a str, lock: i32 },
}

/// A spec as the form shows it.
fn values(spec: &TypeSpec) -> FormData {
    let lines: Vec<String> = spec.fields.iter().map(|field| format!("{}{}", field.name, if field.required { "*" } else { "" })).collect();
    let (mut years, mut until) = (String::new(), DateParts::default());
    match spec.validity {
        ValidityRule::Years { years: n } => years = n.to_string(),
        ValidityRule::Until { day } => until = day.into(),
        ValidityRule::LongTerm | ValidityRule::AnnualCheck => {}
    }
    let pairs = [
        ("name", spec.name.clone()),
        ("definition", spec.definition.clone()),
        ("basis", spec.basis.clone()),
        ("domain", spec.domain.code().to_owned()),
        ("holder", spec.holder.code().to_owned()),
        ("validity", spec.validity.code().to_owned()),
        ("years", years),
        ("until_year", until.year),
        ("until_month", until.month),
        ("until_day", until.day),
        ("trust", spec.trust.code().to_owned()),
        ("fields", lines.join("\n")),
        ("orientation", if spec.layout.portrait { "portrait" } else { "landscape" }.to_owned()),
        ("front", spec.layout.front.join("\n")),
        ("remarks", spec.layout.remarks.clone()),
        ("prefix", spec.layout.prefix.clone()),
    ];
    FormData::new(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// Reads the form; what the rules of a type check is left to them.
fn spec_of(data: &FormData) -> Result<TypeSpec> {
    let text = |name: &str| data.text(name).to_owned();
    let mut wrong = Vec::new();
    let mut say = |field: &str, message: &str| wrong.push(FieldError::new(field, message));
    let domain = Domain::from_code(data.text("domain"));
    let holder = HolderKind::from_code(data.text("holder"));
    let trust = Trust::from_code(data.text("trust"));
    let validity = match data.text("validity") {
        "years" => Some(ValidityRule::Years { years: data.text("years").parse().unwrap_or(0) }),
        "until" => {
            let part = |part: &str| data.text(&format!("until_{part}")).to_owned();
            let day = || NaiveDate::from_ymd_opt(part("year").parse().ok()?, part("month").parse().ok()?, part("day").parse().ok()?);
            match day() {
                Some(day) => Some(ValidityRule::Until { day }),
                None => {
                    say("until", "这个日期不存在，请核对年、月、日。");
                    Some(ValidityRule::LongTerm)
                }
            }
        }
        "long_term" => Some(ValidityRule::LongTerm),
        "annual_check" => Some(ValidityRule::AnnualCheck),
        _ => None,
    };
    if domain.is_none() {
        say("domain", "请选择领域。");
    }
    if holder.is_none() {
        say("holder", "请选择持证主体。");
    }
    if trust.is_none() {
        say("trust", "请选择可信等级。");
    }
    if validity.is_none() {
        say("validity", "请选择有效期的规则。");
    }
    let (Some(domain), Some(holder), Some(trust), Some(validity), true) = (domain, holder, trust, validity, wrong.is_empty()) else {
        return Err(Error::invalid(wrong));
    };
    let field = |line: String| match line.strip_suffix(['*', '＊']) {
        Some(name) => TypeField { name: name.trim().to_owned(), required: true },
        None => TypeField { name: line, required: false },
    };
    Ok(TypeSpec {
        name: text("name"),
        definition: text("definition"),
        basis: text("basis"),
        domain,
        holder,
        validity,
        trust,
        fields: lines(data.text("fields")).into_iter().map(field).collect(),
        layout: Layout { portrait: data.text("orientation") == "portrait", front: lines(data.text("front")), remarks: text("remarks"), prefix: text("prefix").to_uppercase() },
    })
}

fn render(ctx: &Ctx, target: Target<'_>, data: &FormData, error: Option<&Error>) -> Markup {
    let field = |name: &str, label: &str| Field::new(name, label).value(data.text(name)).error(said(error, name));
    let (title, action, back) = match target {
        Target::New => ("编制证照类型", "/work/licences/types/new".to_owned(), "/work/licences/types".to_owned()),
        Target::Version { code, .. } => ("编制证照类型", format!("/work/licences/types/{code}/edit"), format!("/work/licences/types/{code}")),
    };
    let until = DateParts { year: data.text("until_year").into(), month: data.text("until_month").into(), day: data.text("until_day").into() };
    let mut domains = vec![Choice::new("", "请选择")];
    domains.extend(Domain::ALL.map(|domain| Choice::new(domain.code(), domain.name())));
    ctx.workbench(title)
        .crumb("证照类型", "/work/licences/types")
        .has_errors(error.is_some())
        .body(narrow(html! {
            (error_summary(summary(error)))
            (PageHeading::new(title).lede("保存为草稿，提交后由另一人审核；施行以前签发的证照仍按旧版本。"))
            (ctx.form(&action).dirty_check().body(html! {
                @if let Target::Version { lock, .. } = target { (hidden("lock", &lock.to_string())) }
                @if matches!(target, Target::New) {
                    (text_input(&field("serial", "类型序号").hint("三位数字，例如 001；与本机构的信用代码合成类型代码（GB/T 36904）").width(Width::Chars5).inputmode("numeric")))
                }
                (text_input(&field("name", "证照名称").width(Width::TwoThirds)))
                (textarea(&field("definition", "证明什么").hint("一两句话，公布在证照目录里").rows(2)))
                (text_input(&field("basis", "设定依据").hint("法律法规的名称和条款")))
                (select(&field("domain", "领域"), &domains))
                (radios(&field("holder", "持证主体"), &HolderKind::ALL.map(|kind| Choice::new(kind.code(), kind.name()))))
                (radios(&field("validity", "有效期"), &[
                    Choice::new("years", "从颁发起若干年").reveal(text_input(&field("years", "年数").width(Width::Chars3).inputmode("numeric"))),
                    Choice::new("until", "统一到某一天为止").reveal(date_input(&field("until", "截止日期"), &until)),
                    Choice::new("long_term", "长期有效"),
                    Choice::new("annual_check", "每年年检").hint("颁发时有效一年，年检合格后延续一年"),
                ]))
                (radios(&field("trust", "可信等级"), &[Trust::A, Trust::B].map(|trust| Choice::new(trust.code(), format!("{} 级", trust.code())).hint(trust.meaning()))))
                (textarea(&field("fields", "登载内容").hint(format!("一行一项，按证照上的顺序，最多 {MOST_LINES} 项；每张证照都必须有的，在后面加 *")).required(false).rows(6)))
                (fieldset("版式", html! {
                    (radios_arranged(&field("orientation", "方向"), &[Choice::new("landscape", "横版"), Choice::new("portrait", "竖版")], Arrangement::Inline))
                    (textarea(&field("front", "正文前的文字").hint("例如：根据《食品安全法》，经审查，准予从事下列经营活动。最多 4 行").required(false).rows(2)))
                    (textarea(&field("remarks", "备注").hint("印在证照下方，最多 120 个字").required(false).rows(2)))
                    (text_input(&field("prefix", "编号前缀").hint("大写字母和数字，例如 JY").required(false).width(Width::Chars10)))
                }))
                (button_row([html! { (Button::primary("保存草稿")) }, html! { (Button::link("取消").href(&back)) }]))
            }))
        }))
        .document()
}

fn again(ctx: &Ctx, target: Target<'_>, data: &FormData, error: Error) -> PageResult<Response> {
    if !mendable(&error) {
        return Err(error.into());
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render(ctx, target, data, Some(&error))).into_response())
}

/// `GET /work/licences/types/new`
pub(in crate::pages) async fn new(ctx: Ctx) -> PageResult {
    Ok(render(&ctx, Target::New, &values(&TypeSpec::plain("", 5)), None))
}

/// `POST /work/licences/types/new`
pub(in crate::pages) async fn create(ctx: Ctx, form: Sent) -> PageResult<Response> {
    let done = match spec_of(&form.data) {
        Ok(spec) => service::create_type(ctx.platform(), ctx.actor(), form.data.text("serial"), &spec, &form.token.nonce).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(code) => Ok(ctx.redirect_saying(&format!("/work/licences/types/{code}"), "草稿已保存。")),
        Err(error) => again(&ctx, Target::New, &form.data, error),
    }
}

/// `GET /work/licences/types/{code}/edit`
pub(in crate::pages) async fn edit(ctx: Ctx, Path(code): Path<String>) -> PageResult {
    let view = service::type_view(ctx.platform(), ctx.actor(), &code).await?;
    let lock = view.working().map_or(0, |version| version.lock);
    Ok(render(&ctx, Target::Version { code: &code, lock }, &values(&view.spec()?), None))
}

/// `POST /work/licences/types/{code}/edit`
pub(in crate::pages) async fn save(ctx: Ctx, Path(code): Path<String>, form: Sent) -> PageResult<Response> {
    let lock = i32::try_from(form.data.number("lock")?).unwrap_or_default();
    let done = match spec_of(&form.data) {
        Ok(spec) => service::save_type(ctx.platform(), ctx.actor(), &code, &spec, lock).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(ctx.redirect_saying(&format!("/work/licences/types/{code}"), "草稿已保存。")),
        Err(error) => again(&ctx, Target::Version { code: &code, lock }, &form.data, error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_reads_back_from_its_form() {
        for validity in [ValidityRule::Years { years: 5 }, ValidityRule::LongTerm, ValidityRule::AnnualCheck, ValidityRule::Until { day: "2030-12-31".parse().unwrap() }] {
            let spec = TypeSpec {
                definition: "证明可以从事食品经营".into(),
                basis: "《食品安全法》第三十五条".into(),
                domain: Domain::Commerce,
                holder: HolderKind::Firm,
                validity,
                trust: Trust::B,
                fields: vec![TypeField { name: "经营场所".into(), required: true }, TypeField { name: "主体业态".into(), required: false }],
                layout: Layout { portrait: true, front: vec!["经审查准予经营。".into()], remarks: "请悬挂在显著位置。".into(), prefix: "JY".into() },
                ..TypeSpec::plain("食品经营许可证", 5)
            };
            assert_eq!(spec_of(&values(&spec)).unwrap(), spec);
        }
    }

    #[test]
    fn an_empty_form_is_told_what_is_missing() {
        let error = spec_of(&FormData::default()).unwrap_err();
        let fields: Vec<&str> = error.fields().iter().map(|f| f.field.as_str()).collect();
        assert_eq!(fields, ["domain", "holder", "trust", "validity"]);
    }
}
