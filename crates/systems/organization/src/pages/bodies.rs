use axum::extract::Query;
use db::Cursor;
use serde::Deserialize;
use web::components::{Button, Column, Field, Form, Icon, PageHeading, Table, TableRow, Width, card, empty_state, paging, text_input};
use web::{Ctx, PageResult, html};

use crate::store;

const PAGE_SIZE: usize = 30;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    after: Option<String>,
}

/// Bodies the actor manages, with search.
pub(super) async fn list(ctx: Ctx, Query(asked): Query<Asked>) -> PageResult {
    let after = asked.after.as_deref().map(Cursor::from_param);
    let page = store::body_page(ctx.db.read(), ctx.actor(), &asked.q, after.as_ref(), PAGE_SIZE).await?;
    let here = format!("/work/organization?{}", serde_urlencoded::to_string([("q", asked.q.as_str())])?);
    let rows = page.items.iter().map(|body| {
        let href = format!("/work/organization/bodies/{}", body.id);
        TableRow::new().cell(html! { a href=(href) { (body.name) } }).cell(&body.uscc).cell(&body.region).cell(&body.phone).open(&href)
    });
    Ok(ctx
        .workbench("机构与岗位")
        .body(html! {
            (PageHeading::new("机构与岗位").lede("机构、窗口、岗位和工作人员都在这里管理；岗位决定能办什么事。")
                .action(Button::primary("登记机构").href("/work/organization/bodies/new").icon(Icon::Plus)))
            (Form::get("/work/organization").inline().body(html! {
                (text_input(&Field::new("q", "机构名称").value(&asked.q).required(false).width(Width::Chars20).input_type("search")))
                (Button::secondary("查找").icon(Icon::Search))
            }))
            @if page.items.is_empty() {
                (card(empty_state(Icon::Landmark, "没有找到机构", "可以换一个名称查找，或者登记新的机构。",
                    Some(Button::secondary("查看全部机构").href("/work/organization")))))
            } @else {
                (card(html! {
                    (Table::new("机构", [Column::new("名称"), Column::new("统一社会信用代码"), Column::new("行政区划"), Column::new("咨询电话")])
                        .hide_caption().keyboard().rows(rows))
                    (paging(&here, &page, &format!("本页 {} 个机构", page.items.len())))
                }))
            }
        })
        .document())
}
