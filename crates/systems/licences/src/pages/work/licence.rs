//! One licence for those who manage it.

use axum::extract::Path;
use axum::response::Response;
use cases::model::Trust;
use maud::{Markup, html};
use seals::Format;
use web::components::*;
use web::{Ctx, PageResult};

use crate::model::Act;
use crate::pages::work::orders::order_state;
use crate::pages::{id, licence_file, term, tone};
use crate::service::{self, LicenceView};

/// `GET /work/licences/{id}`
pub(in crate::pages) async fn detail(ctx: Ctx, Path(text): Path<String>) -> PageResult {
    let view = service::view_for_staff(ctx.platform(), ctx.actor(), id(&text)?).await?;
    let licence = &view.licence;
    let waiting = view.orders.iter().find(|order| order.state == "open");
    let mut heading = PageHeading::new(&licence.type_name)
        .caption(format!("证照编号 {}", licence.number))
        .mark(tag(tone(view.standing), view.standing.verdict()))
        .action(Button::secondary("查看 PDF").href(format!("/work/licences/{}/pdf", licence.id)).icon(Icon::FileText))
        .action(Button::secondary("下载 OFD").href(format!("/work/licences/{}/ofd", licence.id)).icon(Icon::Download));
    if waiting.is_none() && Act::ALL.into_iter().any(|act| act.fits(view.standing)) {
        heading = heading.action(Button::primary("变更、暂扣或撤销").href(format!("/work/licences/{}/act", licence.id)).icon(Icon::Stamp));
    }
    Ok(ctx
        .workbench(&licence.type_name)
        .crumb("证照管理", "/work/licences")
        .body(html! {
            (heading)
            @if let Some(order) = waiting {
                (notification_banner(Tone::Caution, "有一项处理等待审核", html! { p { (order.proposer_name) " 提请" (order.act()?.name()) "，理由：" (order.reason) "。" a href=(format!("/work/licences/orders/{}", order.id)) { "去审核" } } }))
            }
            (two_columns(
                html! {
                    (section("证照内容", None, summary_list(&facts(&view)?)))
                    (section("使用记录", None, Table::new("使用记录", ["时间", "人员", "用途"].map(Column::new)).hide_caption().compact(true)
                        .rows(view.uses.iter().map(|u| TableRow::new().cell(format::date_time_short(&u.at)).cell(&u.actor_name).cell(&u.purpose)))))
                },
                html! {
                    @if let Some(reason) = &licence.state_reason { (section("状态", None, summary_list(&[
                        Fact::new("结果", view.standing.verdict()),
                        Fact::new("理由", reason),
                        Fact::new("经办人", licence.state_by.as_deref().unwrap_or_default()),
                        Fact::new("时间", licence.state_at.map(|at| format::date_time(&at)).unwrap_or_default()),
                    ]))) }
                    (section("历次版本", None, versions(&view)?))
                    @if !view.orders.is_empty() { (section("处理记录", None, orders(&view)?)) }
                },
            ))
        })
        .document())
}

fn facts(view: &LicenceView) -> base::Result<Vec<Fact>> {
    let licence = &view.licence;
    let mut facts = vec![Fact::new("持证主体", &licence.holder_shown), Fact::new("证件号码", &licence.holder_id_shown)];
    facts.extend(view.items.iter().map(|item| Fact::new(&item.key, &item.value)));
    let trust = Trust::from_code(&licence.trust).unwrap_or(Trust::B);
    facts.extend([
        Fact::new("证照标识", &licence.identifier),
        Fact::new("颁发机构", &licence.body_name),
        Fact::new("颁发日期", format::date(licence.issued()?)),
        Fact::new("有效期", term(licence.validity()?)),
        Fact::new("可信等级", format!("{} 级，{}", trust.code(), trust.meaning())),
    ]);
    if let (Some(case), Some(number)) = (licence.case_id, &licence.case_no) {
        facts.push(Fact::new("来自办件", html! { a href={ "/work/cases/" (case) } { (number) } }));
    }
    if let Some(import) = licence.import_id {
        facts.push(Fact::new("来自存量清单", html! { a href={ "/work/licences/stock/" (import) } { "查看清单" } }));
    }
    Ok(facts)
}

fn versions(view: &LicenceView) -> base::Result<Markup> {
    let mut steps = Vec::with_capacity(view.versions.len());
    for (n, version) in view.versions.iter().enumerate() {
        let cause = match version.cause.as_str() {
            "import" => "存量导入",
            cause => Act::from_code(cause).map_or("首次颁发", Act::name),
        };
        let here = version.id == view.licence.id;
        let state = if here { StepState::Current } else { StepState::Done };
        let step = TimelineStep::new(format!("第 {} 版：{cause}", n + 1), state).when(format::date(version.issued()?));
        steps.push(if here { step } else { step.note(html! { a href=(format!("/work/licences/{}", version.id)) { "查看这一版" } }) });
    }
    Ok(timeline(&steps))
}

fn orders(view: &LicenceView) -> base::Result<Markup> {
    let mut items = Vec::with_capacity(view.orders.len());
    for order in &view.orders {
        items.push(html! { li { a href=(format!("/work/licences/orders/{}", order.id)) { (order.act()?.name()) } " " (order_state(&order.state)) span class="link-list__note" { (format::date_time_short(&order.proposed_at)) } } });
    }
    Ok(html! { ul class="link-list" { @for item in items { (item) } } })
}

/// `GET /work/licences/{id}/pdf`
pub(in crate::pages) async fn pdf(ctx: Ctx, Path(text): Path<String>) -> PageResult<Response> {
    file(ctx, &text, Format::Pdf).await
}

/// `GET /work/licences/{id}/ofd`
pub(in crate::pages) async fn ofd(ctx: Ctx, Path(text): Path<String>) -> PageResult<Response> {
    file(ctx, &text, Format::Ofd).await
}

async fn file(ctx: Ctx, text: &str, format: Format) -> PageResult<Response> {
    let (licence, bytes) = service::file_for_staff(ctx.platform(), ctx.actor(), id(text)?, format).await?;
    Ok(licence_file(&licence.number, format, bytes))
}
