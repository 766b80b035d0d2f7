//! Departments: the list, and what one of them does, where and under which telephone.

use axum::extract::{Path, Query};
use maud::{Markup, html};
use db::Page;
use web::components::{
    Button, Fact, Icon, PageHeading, card, empty_state, paging, section, summary_list, telephone, two_columns,
};
use web::{Ctx, PageResult};

use super::items::item_list;
use super::themes::After;
use super::{id, place};
use crate::service::bodies::{self, BodyLine, WindowLine};
use crate::service::items::{self, Filter, ItemLine};

/// The departments of the chosen place.
pub async fn list(ctx: Ctx) -> PageResult {
    let bodies = bodies::of_place(ctx.platform(), place(&ctx)).await?;
    Ok(ctx
        .page("部门")
        .crumb("首页", "/")
        .here("部门")
        .body(html! {
            (PageHeading::new("部门").lede("知道归谁管，直接找到那个部门，看它办哪些事、电话是多少。"))
            (list_body(&bodies))
        })
        .document())
}

/// All departments with their telephones.
pub fn list_body(bodies: &[BodyLine]) -> Markup {
    card(html! {
        @if bodies.is_empty() {
            (empty_state(Icon::Landmark, "这里还没有登记部门", "请切换到上一级地区查看，或者拨打 12345。", Some(Button::secondary("切换地区").href("/places"))))
        } @else {
            ul class="body-list" {
                @for body in bodies {
                    li {
                        a href={ "/bodies/" (body.id) } { (body.name) }
                        @if !body.phone.is_empty() { (telephone(&body.phone)) }
                    }
                }
            }
        }
    })
}

/// One department.
pub async fn page(ctx: Ctx, Path(body_id): Path<String>, Query(after): Query<After>) -> PageResult {
    let body = bodies::body(ctx.platform(), id(&body_id)?).await?;
    let found = items::list(ctx.platform(), &Filter::body(body.id), after.cursor(), 30).await?;
    let windows = bodies::windows(ctx.platform(), &body.region).await?;
    Ok(ctx
        .page(body.name.clone())
        .crumb("首页", "/")
        .crumb("部门", "/bodies")
        .here(body.name.clone())
        .body(html! {
            (PageHeading::new(body.name.clone()).caption("部门"))
            (page_body(&body, &found, &windows))
        })
        .document())
}

/// What a department does, and how it is reached.
pub fn page_body(body: &BodyLine, page: &Page<ItemLine>, windows: &[WindowLine]) -> Markup {
    let main = section(
        "办理的事项",
        None,
        html! {
            @if page.items.is_empty() {
                (empty_state(Icon::FolderOpen, "这个部门还没有公布依申请办理的事项", "它也可能只办理本级机关之间的事务。需要帮助请拨打它的电话，或者 12345。", None))
            } @else {
                (item_list(&page.items, ""))
                (paging(&format!("/bodies/{}", body.id), page, "每页 30 项"))
            }
        },
    );
    two_columns(main, html! { (section("联系", None, contact(body))) (section("办事窗口", Some(("全部", "/halls")), window_list(windows, 5))) })
}

fn contact(body: &BodyLine) -> Markup {
    let phone = |number: &str| html! { @if number.is_empty() { (telephone("12345")) } @else { (telephone(number)) } };
    summary_list(&[
        Fact::new("咨询", phone(&body.phone)),
        Fact::new("投诉", phone(&body.complaint_phone)),
        Fact::new("地址", if body.address.is_empty() { "请拨打电话询问" } else { body.address.as_str() }),
    ])
}

/// Windows below each other, at most `most`.
pub fn window_list(windows: &[WindowLine], most: usize) -> Markup {
    html! {
        @if windows.is_empty() {
            p class="muted" { "这里还没有登记窗口，请拨打 12345 询问最近的办事地点。" }
        } @else {
            ul class="window-list" {
                @for window in windows.iter().take(most) {
                    li { (Icon::MapPin) div { p class="window-list__name" { (window.name) } p class="muted" { (window.place) } } }
                }
            }
        }
    }
}
