//! 我的证照.

use std::collections::HashMap;

use axum::extract::{Path, Query};
use axum::response::Response;
use db::Cursor;
use maud::html;
use web::components::*;
use web::{Ctx, PageResult};

use crate::pages::{id, pdf_response, term, tone};
use crate::service;

const PER_PAGE: usize = 20;

/// All of them.
pub async fn list(ctx: Ctx, Query(query): Query<HashMap<String, String>>) -> PageResult {
    let after = query.get("after").map(|text| Cursor::from_param(text));
    let page = service::my_licences(ctx.platform(), ctx.actor(), after.as_ref(), PER_PAGE).await?;
    let today = ctx.today();
    let mut rows = Vec::with_capacity(page.items.len());
    for licence in &page.items {
        let standing = licence.standing(today)?;
        let href = format!("/my/licences/{}", licence.id);
        rows.push(
            TableRow::new()
                .cell(html! { a href=(href) { (licence.type_name) } })
                .cell(&licence.number)
                .cell(&licence.body_name)
                .cell(term(licence.validity()?))
                .cell(tag(tone(standing), standing.verdict())),
        );
    }
    let empty = rows.is_empty();
    Ok(ctx
        .page("我的证照")
        .crumb("我的", "/my")
        .body(html! {
            (PageHeading::new("我的证照").lede("办结后签发的电子证照都在这里，与纸质证照有同样效力，可以随时下载和出示。"))
            @if empty {
                (card(empty_state(Icon::IdCard, "还没有电子证照", "您办理的事项签发证照后，会自动出现在这里。", Some(Button::secondary("去办事").href("/")))))
            } @else {
                (card(html! {
                    (Table::new("我的证照", ["名称", "编号", "颁发机构", "有效期", "状态"].map(Column::new)).hide_caption().rows(rows))
                    (paging("/my/licences", &page, "按颁发时间从新到旧"))
                }))
            }
        })
        .document())
}

/// One of them.
pub async fn detail(ctx: Ctx, Path(text): Path<String>) -> PageResult {
    let view = service::mine(ctx.platform(), ctx.actor(), id(&text)?).await?;
    let licence = &view.licence;
    let code = format!("/v/{}", licence.verify_code);
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
    Ok(ctx
        .page(&licence.type_name)
        .crumb("我的", "/my")
        .crumb("我的证照", "/my/licences")
        .body(html! {
            (PageHeading::new(&licence.type_name).caption("电子证照").mark(tag(tone(view.standing), view.standing.verdict()))
                .action(Button::primary("下载证照").href(format!("/my/licences/{}/pdf", licence.id)).icon(Icon::Download)))
            @if let Some(reason) = &licence.state_reason {
                (notification_banner(Tone::Alert, view.standing.verdict(), html! { p { "理由：" (reason) } p { "如果不服，可以自收到通知之日起六十日内申请行政复议，或者六个月内提起行政诉讼。" } }))
            }
            (two_columns(
                section("证照内容", None, summary_list(&facts)),
                html! {
                    (section("出示和核验", None, html! {
                        p { "下载的文件上有二维码，任何人扫码都能核验真伪。" }
                        p { a href=(code) { "打开核验页面" } }
                    }))
                    (section("谁用过这张证照", None, html! {
                        @if view.uses.is_empty() { p class="muted" { "还没有使用记录。" } }
                        @else { ul class="link-list" { @for usage in &view.uses { li { span { (usage.actor_name) "，" (usage.purpose) } span class="link-list__note" { (format::date_time_short(&usage.at)) } } } } }
                    }))
                },
            ))
        })
        .document())
}

/// Its file.
pub async fn pdf(ctx: Ctx, Path(text): Path<String>) -> PageResult<Response> {
    let (licence, bytes) = service::pdf_for_holder(ctx.platform(), ctx.actor(), id(&text)?).await?;
    Ok(pdf_response(&licence.number, bytes))
}
