use axum::extract::Query;
use db::Cursor;
use serde::Deserialize;
use uuid::Uuid;
use web::components::*;
use web::{Ctx, Markup, PageResult, html};

use crate::model::ItemStatus;
use crate::permissions::EDIT;
use crate::service;
use crate::store::item::{self, ItemRow, WorkFilter};

/// Rows per page.
const SIZE: usize = 30;

#[derive(Deserialize, Default)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    status: String,
    body: Option<Uuid>,
    after: Option<String>,
}

/// `GET /work/items`: the items this post keeps.
pub(super) async fn page(ctx: Ctx, Query(asked): Query<Asked>) -> PageResult {
    let q = asked.q.trim();
    let filter = WorkFilter {
        status: ItemStatus::from_code(&asked.status),
        body: asked.body,
        ids: if q.is_empty() { None } else { Some(service::search_work(&ctx, q)?) },
    };
    let after = asked.after.as_deref().map(Cursor::from_param);
    let list = item::worklist(ctx.db.read(), ctx.actor(), &filter, after.as_ref(), SIZE).await?;
    let mut here = format!("/work/items?status={}", filter.status.map_or("", ItemStatus::code));
    if let Some(body) = asked.body {
        here += &format!("&body={body}");
    }
    if !q.is_empty() {
        here += &format!("&q={}", encode(q));
    }
    let body = html! {
        @let heading = PageHeading::new("事项目录").lede("编制、审核和发布本单位的实施清单。已发布的版本不会再变，修改即编制新版本。");
        @if ctx.actor().has(EDIT) {
            (heading.action(Button::secondary("新建事项").href("/work/items/new").icon(Icon::Plus)).action(Button::secondary("导入清单").href("/work/items/import").icon(Icon::Upload)))
        } @else { (heading) }
        (filters(&asked))
        @if list.items.is_empty() {
            (empty_state(Icon::Inbox, "没有符合条件的事项", "换个条件再找，或者新建、导入事项。", Some(Button::secondary("查看全部").href("/work/items"))))
        } @else {
            (card(html! {
                (table(&list.items))
                (paging(&here, &list, &format!("本页 {} 项", list.items.len())))
            }))
            (keyboard_help())
        }
    };
    Ok(ctx.workbench("事项目录").body(body).document())
}

fn filters(asked: &Asked) -> Markup {
    let mut states = vec![Choice::new("", "全部状态")];
    states.extend(ItemStatus::ALL.iter().map(|status| Choice::new(status.code(), status.name())));
    let fields = html! {
        (text_input(&Field::new("q", "名称或编码").value(asked.q.as_str()).required(false).input_type("search")))
        (select(&Field::new("status", "状态").value(asked.status.as_str()), &states))
        @if let Some(body) = asked.body { (hidden("body", &body.to_string())) }
    };
    filter_panel("/work/items", fields, &[], "/work/items")
}

fn table(items: &[ItemRow]) -> Markup {
    let rows = items.iter().map(|item| {
        let href = format!("/work/items/{}", item.id);
        TableRow::new()
            .cell(html! { a href=(href) { (item.name) } })
            .cell(html! { @match item.body_id { Some(body) => a href={ "/work/items?body=" (body) } { (item.body_name) }, None => (item.body_name) } })
            .cell(if item.base_code.is_empty() { "未定" } else { item.base_code.as_str() })
            .cell(states(item))
            .cell(format::date_time_short(&item.changed_at))
            .open(href)
    });
    let columns = [Column::new("事项"), Column::new("实施主体"), Column::new("基本编码"), Column::new("状态"), Column::new("最近修改")];
    Table::new("事项列表", columns).hide_caption().keyboard().rows(rows).render()
}

/// Tags for what the public sees and what is being written.
pub(super) fn states(item: &ItemRow) -> Markup {
    html! {
        @let status = item.status();
        @if item.current_version_id.is_some() { (tag(tone(status), status.name())) " " }
        @if let Some(working) = item.working_status() {
            (tag(tone(working), &if item.current_version_id.is_some() { format!("新版本{}", working.name()) } else { working.name().to_owned() }))
        }
    }
}

fn tone(status: ItemStatus) -> Tone {
    match status {
        ItemStatus::Draft => Tone::Neutral,
        ItemStatus::InReview => Tone::Info,
        ItemStatus::Published => Tone::Good,
        ItemStatus::Suspended => Tone::Caution,
        ItemStatus::Cancelled => Tone::Alert,
    }
}

/// Percent-encodes a value for an address.
pub(super) fn encode(text: &str) -> String {
    text.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
