//! One licence of one's own.

use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use seals::Format;
use web::components::*;
use web::{Ctx, PageResult};

use crate::model::{Act, Standing};
use crate::pages::{id, licence_file, term, tone};
use crate::service::{self, LicenceView, ShowingView};

/// `GET /my/licences/{id}`
pub(in crate::pages) async fn detail(ctx: Ctx, Path(text): Path<String>) -> PageResult {
    let id = id(&text)?;
    let view = service::mine(ctx.platform(), ctx.actor(), id).await?;
    let codes = service::showings(ctx.platform(), ctx.actor(), id).await?;
    let licence = &view.licence;
    let usable = view.standing == Standing::Valid;
    let mut heading = PageHeading::new(&licence.type_name).caption("电子证照").mark(tag(tone(view.standing), view.standing.verdict()));
    if usable {
        heading = heading.action(Button::primary("出示证照").href(format!("/my/licences/{id}/show")).icon(Icon::QrCode));
    }
    heading = heading
        .action(Button::secondary("下载 PDF").href(format!("/my/licences/{id}/pdf")).icon(Icon::Download))
        .action(Button::secondary("下载 OFD").href(format!("/my/licences/{id}/ofd")).icon(Icon::Download));
    Ok(ctx
        .page(&licence.type_name)
        .crumb("我的", "/my")
        .crumb("我的证照", "/my/licences")
        .body(html! {
            (heading)
            (changed(&view))
            (two_columns(
                html! {
                    (section("证照内容", None, summary_list(&facts(&view)?)))
                    @if view.versions.len() > 1 { (section("历次版本", None, versions(&view)?)) }
                },
                html! {
                    (section("出示记录", None, shown_codes(&codes)))
                    (section("谁用过这张证照", None, uses(&view)))
                    (section("核验", None, html! {
                        p { "证照文件上有二维码，任何人扫码都能核验真伪，断网时也能核对签名。" }
                        p { a href=(format!("/v/{}", licence.verify_code)) { "打开核验页面" } }
                    }))
                },
            ))
        })
        .document())
}

fn changed(view: &LicenceView) -> Markup {
    let licence = &view.licence;
    html! {
        @if view.standing == Standing::Changed {
            @if let Some(next) = licence.successor_id {
                (notification_banner(Tone::Neutral, view.standing.verdict(), html! { p { "这是以前的版本，不能再使用。" a href=(format!("/my/licences/{next}")) { "查看新版本" } } }))
            }
        } @else if let Some(reason) = &licence.state_reason {
            (notification_banner(tone(view.standing), view.standing.verdict(), html! {
                p { "理由：" (reason) }
                @if matches!(view.standing, Standing::Suspended | Standing::Revoked | Standing::Cancelled) {
                    p { "如果不服，可以自收到通知之日起六十日内申请行政复议，或者六个月内提起行政诉讼。" }
                }
            }))
        }
    }
}

fn facts(view: &LicenceView) -> base::Result<Vec<Fact>> {
    let licence = &view.licence;
    let mut facts = vec![Fact::new("持证主体", &view.holder_name), Fact::new("证件号码", &licence.holder_id_shown)];
    facts.extend(view.items.iter().map(|item| Fact::new(&item.key, &item.value)));
    facts.extend([
        Fact::new("证照编号", &licence.number),
        Fact::new("证照标识", &licence.identifier),
        Fact::new("颁发机构", &licence.body_name),
        Fact::new("颁发日期", format::date(licence.issued()?)),
        Fact::new("有效期", term(licence.validity()?)),
    ]);
    if let (Some(case), Some(number)) = (licence.case_id, &licence.case_no) {
        facts.push(Fact::new("来自办件", html! { a href={ "/my/cases/" (case) } { (number) } }));
    }
    Ok(facts)
}

fn versions(view: &LicenceView) -> base::Result<Markup> {
    let mut rows = Vec::with_capacity(view.versions.len());
    for (n, version) in view.versions.iter().enumerate() {
        let cause = Act::from_code(&version.cause).map_or("首次颁发", Act::name);
        let here = version.id == view.licence.id;
        rows.push(
            TableRow::new()
                .cell(html! { @if here { "第 " (n + 1) " 版（本版）" } @else { a href=(format!("/my/licences/{}", version.id)) { "第 " (n + 1) " 版" } } })
                .cell(cause)
                .cell(format::date(version.issued()?)),
        );
    }
    Ok(html! { (Table::new("历次版本", ["版本", "原因", "颁发日期"].map(Column::new)).hide_caption().rows(rows)) })
}

fn shown_codes(codes: &[ShowingView]) -> Markup {
    html! {
        @if codes.is_empty() { p class="muted" { "还没有出示过。" } }
        @else {
            ul class="link-list" {
                @for code in codes {
                    li {
                        a href=(format!("/my/showings/{}", code.row.id)) { (code.row.purpose) }
                        span class="link-list__note" { @if code.closed.is_some() { "已失效" } @else { "还可看 " (code.row.looks_left) " 次" } }
                    }
                }
            }
        }
    }
}

fn uses(view: &LicenceView) -> Markup {
    html! {
        @if view.uses.is_empty() { p class="muted" { "还没有使用记录。" } }
        @else { ul class="link-list" { @for usage in &view.uses { li { span { (usage.actor_name) "，" (usage.purpose) } span class="link-list__note" { (format::date_time_short(&usage.at)) } } } } }
    }
}

/// `GET /my/licences/{id}/pdf`
pub(in crate::pages) async fn pdf(ctx: Ctx, Path(text): Path<String>) -> PageResult<Response> {
    file(ctx, &text, Format::Pdf).await
}

/// `GET /my/licences/{id}/ofd`
pub(in crate::pages) async fn ofd(ctx: Ctx, Path(text): Path<String>) -> PageResult<Response> {
    file(ctx, &text, Format::Ofd).await
}

async fn file(ctx: Ctx, text: &str, format: Format) -> PageResult<Response> {
    let (licence, bytes) = service::file_for_holder(ctx.platform(), ctx.actor(), id(text)?, format).await?;
    Ok(licence_file(&licence.number, format, bytes))
}
