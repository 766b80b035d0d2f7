//! 证照核验, for anybody.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::extract::{Path, Query};
use cases::model::Trust;
use chrono::Duration;
use maud::{Markup, html};
use web::components::*;
use web::{Brake, Ctx, PageResult};

use crate::model::{Standing, Validity};
use crate::pages::{term, tone};
use crate::service::{self, Verified};

/// Questions from one address: a counter with a queue still gets through, a harvester does not.
static BRAKE: LazyLock<Brake> = LazyLock::new(|| Brake::new(600, Duration::minutes(10)));

/// The form; with `?code=` its answer.
pub async fn form(ctx: Ctx, Query(query): Query<HashMap<String, String>>) -> PageResult {
    let Some(question) = query.get("code") else {
        return Ok(ask(&ctx, "", None));
    };
    if let Some(problem) = service::identifier_problem(question) {
        return Ok(ask(&ctx, question, Some(&problem)));
    }
    BRAKE.check(&ctx.address(), ctx.now())?;
    Ok(answer(&ctx, question, service::verify(ctx.platform(), question).await?))
}

/// Where the QR code leads.
pub async fn result(ctx: Ctx, Path(code): Path<String>) -> PageResult {
    BRAKE.check(&ctx.address(), ctx.now())?;
    let found = if service::identifier_problem(&code).is_some() { None } else { service::verify(ctx.platform(), &code).await? };
    Ok(answer(&ctx, &code, found))
}

fn ask(ctx: &Ctx, question: &str, problem: Option<&str>) -> Markup {
    let field = Field::new("code", "证照标识或核验码")
        .hint("证照标识以 1.2.156.3005.2 开头，印在证照编号下面；核验码在二维码的网址末尾。")
        .value(question)
        .error(problem)
        .width(Width::Full);
    ctx.page("证照核验")
        .crumb("首页", "/")
        .has_errors(problem.is_some())
        .body(narrow(html! {
            (error_summary(problem.map(|text| ("code", text))))
            (PageHeading::new("证照核验").lede("核对一张电子证照是不是真的、现在还有没有效。不用登录，也可以用手机直接扫证照上的二维码。"))
            (Form::get("/licences/verify").body(html! { (text_input(&field)) (button_row([html! { (Button::primary("核验").icon(Icon::BadgeCheck)) }])) }))
            p { "要核验盖了章的电子文件有没有被改动，请用" a class="govuk-link" href="/verify" { "文件验章" } "。" }
            p { "别人给您看的是 16 位出示码？请到" a href="/licences/show" { "扫码用证" } "。想知道有哪些电子证照？请看" a href="/licences/types" { "证照目录" } "。" }
            (details("核验结果是什么意思", prose(html! { ul {
                li { "真实有效：证照由本平台签发，今天在有效期内。" }
                li { "已换发新版本：证照是真的，但已经变更、延续或者补发，请查看新版本。" }
                li { "已暂扣：证照被依法暂扣，恢复以前没有效力。" }
                li { "已过期：证照是真的，有效期已经过了。" }
                li { "已撤销、已注销：证照曾经签发，现在没有效力。" }
                li { "查无此证：本平台没有签发过这张证照，请提高警惕。" }
            } })))
            (details("没有网络时怎样核验", prose(html! {
                p { "二维码里带有签名的证照内容。事先下载" a href="/.well-known/licence-keys.json" { "公钥清单" } "，核验程序不联网也能辨别二维码的真伪；有效期写在码里，撤销等情况以最近一次下载的" a href="/api/licences/changes" { "证照状态变更清单" } "为准。" }
            })))
        }))
        .document()
}

fn answer(ctx: &Ctx, question: &str, found: Option<Verified>) -> Markup {
    let body = match &found {
        Some(verified) => known(verified),
        None => html! {
            (notification_banner(Tone::Alert, "查无此证", html! { p { "本平台没有签发过标识或核验码为“" (question) "”的证照。请核对后再查；如果是别人出示的，请提高警惕，并可拨打 " (telephone(&ctx.site.hotline)) " 核实。" } }))
        },
    };
    ctx.page("证照核验结果")
        .crumb("首页", "/")
        .crumb("证照核验", "/licences/verify")
        .body(narrow(html! {
            (PageHeading::new("证照核验结果").caption(format!("核验时间 {}", format::date_time(&ctx.now()))))
            (body)
            (button_row([html! { (Button::secondary("核验另一张").href("/licences/verify")) }, html! { (Button::print("打印结果")) }]))
        }))
        .document()
}

fn known(verified: &Verified) -> Markup {
    let ended = verified.ended_on.map(format::date).unwrap_or_default();
    let meaning = match verified.standing {
        Standing::Valid => "证照由本平台签发，现在有效。".to_owned(),
        Standing::NotYet => format!("证照是真的，从 {} 起生效。", format::date(verified.valid_from)),
        Standing::Expired => format!("证照是真的，有效期到 {} 为止，现在没有效力。", verified.valid_until.map(format::date).unwrap_or_default()),
        Standing::Suspended => format!("证照已于 {ended} 依法暂扣，恢复以前没有效力。"),
        Standing::Changed => format!("证照是真的，已于 {ended} 换发新版本，请以新版本为准。"),
        Standing::Revoked => format!("证照已于 {ended} 撤销，没有效力。"),
        Standing::Cancelled => format!("证照已于 {ended} 注销，没有效力。"),
    };
    let trust = Trust::from_code(&verified.trust).unwrap_or(Trust::B);
    let mut facts = vec![
        Fact::new("核验结论", tag(tone(verified.standing), verified.standing.verdict())),
        Fact::new("证照名称", &verified.type_name),
        Fact::new("证照编号", &verified.number),
        Fact::new("证照标识", &verified.identifier),
        Fact::new("持证主体", &verified.holder),
        Fact::new("颁发机构", &verified.issuer),
        Fact::new("颁发日期", format::date(verified.issued_on)),
        Fact::new("有效期", term(Validity { from: verified.valid_from, until: verified.valid_until })),
        Fact::new("可信等级", format!("{} 级，{}{}", trust.code(), trust.meaning(), if verified.from_stock { "；由存量证照导入" } else { "" })),
    ];
    if let Some(next) = &verified.successor {
        facts.insert(1, Fact::new("新版本", html! { a href=(format!("/licences/verify?code={next}")) { (next) } }));
    }
    html! {
        (notification_banner(tone(verified.standing), verified.standing.verdict(), html! { p { (meaning) } }))
        (section("证照信息", None, summary_list(&facts)))
        p class="muted" { "为保护个人信息，个人的姓名只显示一部分，不显示证件号码。请把结果与出示的证照逐项对照。" }
    }
}
