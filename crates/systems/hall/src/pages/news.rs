//! Notices (公告).

use axum::extract::{Path, Query};
use base::Error;
use maud::{Markup, html};
use db::Page;
use web::components::{Icon, PageHeading, card, empty_state, format, paging, prose, time_of};
use web::{Ctx, PageResult};

use super::id;
use super::themes::After;
use crate::store::{self, Notice};

/// All notices, newest first.
pub async fn list(ctx: Ctx, Query(after): Query<After>) -> PageResult {
    let found = store::notices(ctx.db.read(), after.cursor().as_ref(), 20).await?;
    Ok(ctx
        .page("公告")
        .crumb("首页", "/")
        .here("公告")
        .body(html! { (PageHeading::new("公告")) (list_body(&found)) })
        .document())
}

/// Notices below each other.
pub fn list_body(page: &Page<Notice>) -> Markup {
    card(html! {
        @if page.items.is_empty() {
            (empty_state(Icon::Megaphone, "目前没有公告", "服务时间、地点和办事规则有变化时，会在这里告诉您。", None))
        } @else {
            ul class="news-list" {
                @for notice in &page.items {
                    li {
                        a href={ "/news/" (notice.id) } { (notice.title) }
                        p class="muted" { (notice.source) "　" (day(notice)) }
                    }
                }
            }
            (paging("/news", page, "每页 20 条"))
        }
    })
}

fn day(notice: &Notice) -> Markup {
    time_of(&format::date_time_machine(&notice.published_at), &format::date(format::shanghai(&notice.published_at).date_naive()))
}

/// One notice.
pub async fn page(ctx: Ctx, Path(notice): Path<String>) -> PageResult {
    let notice = store::notice(ctx.db.read(), id(&notice)?).await?.ok_or_else(|| Error::not_found("没有这条公告，它可能已经撤下。"))?;
    Ok(ctx
        .page(notice.title.clone())
        .crumb("首页", "/")
        .crumb("公告", "/news")
        .here("正文")
        .body(html! {
            (PageHeading::new(notice.title.clone()).caption(notice.source.clone()).lede(day(&notice)))
            (card(prose(html! { @for paragraph in notice.body.lines().filter(|l| !l.trim().is_empty()) { p { (paragraph) } } })))
        })
        .document())
}
