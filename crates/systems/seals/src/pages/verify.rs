//! 文件验章, for anybody: upload a file, or follow the QR code of a document.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::{Error, Kind};
use maud::{Markup, html};
use web::components::*;
use web::{Ctx, PageResult, Upload};

use crate::model::Standing;
use crate::pages::{tone, verdict_tone};
use crate::service::{self, Finding, Mark, Verdict, Verification};

/// The form.
pub(in crate::pages) async fn ask(ctx: Ctx) -> PageResult {
    Ok(form(&ctx, None))
}

/// The answer.
pub(in crate::pages) async fn answer(ctx: Ctx, upload: Upload) -> PageResult<Response> {
    let file = upload.files.into_iter().find(|file| file.field == "file");
    let found = match file {
        Some(file) => service::verify(&ctx, file.bytes).await.map(|found| (file.name, found)),
        None => Err(Error::field("file", "请选择要核验的文件。")),
    };
    match found {
        Ok((name, found)) => Ok(report(&ctx, &name, &found).into_response()),
        Err(error) if error.kind() == Kind::Invalid => {
            let problem = error.fields().first().map(|field| field.message.clone());
            Ok((StatusCode::UNPROCESSABLE_ENTITY, form(&ctx, problem.as_deref())).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// What the platform knows of the document a QR code belongs to.
pub(in crate::pages) async fn paper(ctx: Ctx, Path(text): Path<String>) -> PageResult {
    let unknown = || Error::not_found("没有查到这件文书。请核对网址；如果是扫码打开的，文书可能不是本平台出具的，请提高警惕。");
    let (paper, seal) = service::paper_for_anybody(&ctx, text.parse().map_err(|_| unknown())?).await?.ok_or_else(unknown)?;
    let mut facts = vec![
        Fact::new("文书", &paper.title),
        Fact::new("文号", &paper.number),
        Fact::new("出具单位", &paper.body_name),
        Fact::new("出具时间", format::date_time(&paper.made_at)),
    ];
    match &seal {
        Some(seal) => {
            let standing = seal.standing(ctx.now())?;
            facts.push(Fact::new("加盖印章", html! { (seal.name) "，编号 " (seal.number.as_deref().unwrap_or_default()) }));
            facts.push(Fact::new("印章现在", tag(tone(standing), standing.name())));
        }
        None => facts.push(Fact::new("加盖印章", "没有加盖电子印章")),
    }
    let digest = |digest: &Option<String>| html! { code class="digest" { (digest.as_deref().unwrap_or("没有这种格式")) } };
    Ok(ctx
        .page("文书核验")
        .crumb("首页", "/")
        .crumb("文件验章", "/verify")
        .body(narrow(html! {
            (PageHeading::new("文书核验").caption(format!("核验时间 {}", format::date_time(&ctx.now()))))
            (notification_banner(if seal.is_some() { Tone::Good } else { Tone::Info }, "本平台出具过这件文书", html! {
                p { "请把下面的内容与您手里的文书逐项对照。要确认文件有没有被改动，请上传电子文件核验。" }
            }))
            (section("文书信息", None, summary_list(&facts)))
            (button_row([html! { (Button::primary("上传文件核验").href("/verify").icon(Icon::Upload)) }]))
            (details("电子文件的 SM3 摘要", summary_list(&[Fact::new("PDF", digest(&paper.pdf_digest)), Fact::new("OFD", digest(&paper.ofd_digest))])))
            p class="muted" { "为保护个人信息，这里不显示文书的正文和当事人。" }
        }))
        .document())
}

fn form(ctx: &Ctx, problem: Option<&str>) -> Markup {
    let rules = FileRules { accept: vec![".ofd".into(), ".pdf".into(), ".esl".into()], max_bytes: files::MAX_FILE_BYTES as u64, multiple: false };
    ctx.page("文件验章")
        .crumb("首页", "/")
        .has_errors(problem.is_some())
        .body(narrow(html! {
            (error_summary(problem.map(|text| ("file", text))))
            (PageHeading::new("文件验章").lede("核对一份盖有电子印章的文件：章是不是真的，盖章以后文件有没有被改动。不用登录，文件只用来核验，不会保存。"))
            (ctx.form("/verify").upload().body(html! {
                (file_upload(&Field::new("file", "要核验的文件").hint("请用原始电子文件。截图、打印件的照片、另存或转换过的文件验不出来。").error(problem), &rules))
                (button_row([html! { (Button::primary("开始核验").icon(Icon::FileCheck)) }]))
            }))
            (details("核验结果是什么意思", prose(html! { ul {
                li { "真实有效：由本平台登记的印章加盖，盖章后一个字节也没有改动。" }
                li { "文件被改动过：盖章之后有人改了文件，不要采信。" }
                li { "印章无效：盖章的时候，印章已经注销、停用或者过期。" }
                li { "盖章单位无法确认：印章不是本平台制发的，请向盖章单位核实。" }
                li { "没有电子印章：文件上即使看得到红色印章图案，也只是图片。" }
            } })))
            p { "核验电子证照的，请用" a class="govuk-link" href="/licences/verify" { "证照核验" } "。" }
            (details("给技术人员", prose(html! {
                p { "根证书和签发机构证书：" a href="/pki/root.cer" { "root.cer" } "、" a href="/pki/issuing.cer" { "issuing.cer" } "；吊销列表：" a href="/pki/root.crl" { "root.crl" } "、" a href="/pki/issuing.crl" { "issuing.crl" } "。程序可以把文件直接发送到 " code { "POST /api/verify" } "，得到 JSON。" }
            })))
        }))
        .document()
}

fn meaning(found: &Verification) -> &'static str {
    match (found.verdict, found.format) {
        (Verdict::Genuine, "esl") => "这是本平台制发的电子印章，现在可以使用。",
        (Verdict::Genuine, _) => "印章由本平台登记的单位加盖，盖章以后文件没有任何改动。",
        (Verdict::Issued, _) => "这份文件由本平台出具，没有任何改动，但出具时没有加盖电子印章。",
        (Verdict::Unsigned, _) => "文件里没有电子印章。即使看得到红色的印章图案，那也只是图片，不能证明什么。",
        (Verdict::Unknown, _) => "文件本身没有改动，但印章不是本平台制发的，不能确认是谁盖的。请向盖章单位核实。",
        (Verdict::NotInForce, _) => "盖章的时候，印章已经注销、停用或者过期，这个章没有效力。",
        (Verdict::Changed, _) => "盖章以后文件被改动过，或者印章不属于这份文件。请不要采信，并向出具单位核实。",
    }
}

fn report(ctx: &Ctx, name: &str, found: &Verification) -> Markup {
    ctx.page("验章结果")
        .crumb("首页", "/")
        .crumb("文件验章", "/verify")
        .body(narrow(html! {
            (PageHeading::new("验章结果").caption(format!("{name}，核验时间 {}", format::date_time(&ctx.now()))))
            (notification_banner(verdict_tone(found.verdict), found.verdict.name(), html! { p { (meaning(found)) } }))
            @if let Some(paper) = &found.paper {
                (section("平台记录", None, summary_list(&[
                    Fact::new("文书", &paper.title), Fact::new("文号", &paper.number), Fact::new("出具单位", &paper.body_name),
                    Fact::new("出具时间", format::date_time(&paper.made_at)),
                ])))
            }
            @for (n, finding) in found.findings.iter().enumerate() {
                (section(&if found.findings.len() == 1 { "印章".to_owned() } else { format!("第 {} 个印章", n + 1) }, None, one(finding)))
            }
            (details("文件的 SM3 摘要", html! { p { code class="digest" { (found.digest) } } }))
            (button_row([html! { (Button::secondary("核验另一份").href("/verify")) }, html! { (Button::print("打印结果")) }]))
        }))
        .document()
}

fn one(finding: &Finding) -> Markup {
    let mut facts = vec![Fact::new("结论", tag(verdict_tone(finding.verdict), finding.verdict.name()))];
    if !finding.seal.is_empty() {
        facts.push(Fact::new("印章", &finding.seal));
    }
    if !finding.number.is_empty() {
        facts.push(Fact::new("印章编号", &finding.number));
    }
    if let Some(at) = finding.time {
        let proof = if finding.stamped { "（时间戳证明）" } else { "（文件自己的说法，没有时间戳证明）" };
        facts.push(Fact::new("盖章时间", format!("{}{proof}", format::date_time(&at))));
    }
    if let Some(standing) = finding.today {
        let note = if standing == Standing::Usable { "" } else { "，不影响以前盖的章" };
        facts.push(Fact::new("印章现在", html! { (tag(tone(standing), standing.name())) (note) }));
    }
    html! {
        (summary_list(&facts))
        (details_open(finding.verdict != Verdict::Genuine, "每一项检查", checks(&finding.marks)))
        @if !finding.signer.is_empty() { (details("用章证书", html! { p { (finding.signer) } })) }
    }
}

fn checks(marks: &[Mark]) -> Markup {
    let rows = marks.iter().map(|mark| {
        let (tone, word) = match mark.passed {
            Some(true) => (Tone::Good, "通过"),
            Some(false) => (Tone::Alert, "不通过"),
            None => (Tone::Neutral, "未核对"),
        };
        TableRow::new().cell(&mark.label).cell(tag(tone, word)).cell(&mark.reason)
    });
    Table::new("检查", ["检查什么", "结果", "说明"].map(Column::new)).hide_caption().compact(true).rows(rows).render()
}
