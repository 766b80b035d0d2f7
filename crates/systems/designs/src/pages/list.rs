use axum::extract::Query;
use db::Cursor;
use serde::Deserialize;
use web::components::*;
use web::{Ctx, Markup, PageResult, html};

use super::words::icon;
use crate::model::{Kind, Stage};
use crate::permissions::EDIT;
use crate::store::{self, DesignRow, Filter};

/// Rows per page.
const SIZE: usize = 30;

#[derive(Deserialize, Default)]
pub(super) struct Asked {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    stage: String,
    after: Option<String>,
}

/// `GET /work/designs`
pub(super) async fn page(ctx: Ctx, Query(asked): Query<Asked>) -> PageResult {
    let filter = Filter { kind: Kind::from_code(&asked.kind), stage: (!asked.stage.is_empty()).then(|| Stage::from_code(&asked.stage)) };
    let after = asked.after.as_deref().map(Cursor::from_param);
    let list = store::list(ctx.db.read(), ctx.actor(), filter, after.as_ref(), SIZE).await?;
    let here = format!("/work/designs?kind={}&stage={}", filter.kind.map_or("", Kind::code), filter.stage.map_or("", Stage::code));
    let mut heading = PageHeading::new("流程与表单").lede("自己画流程、填规则、搭表单：先试运行，再交另一位同事审核发布。已发布的版本不会再变。");
    if ctx.actor().has(EDIT) {
        heading = heading.action(Button::secondary("新建").href("/work/designs/new").icon(Icon::Plus));
    }
    let body = html! {
        (heading)
        (filters(&asked))
        @if list.items.is_empty() {
            (empty_state(Icon::Workflow, "这里还没有设计", "您职责范围内的流程、决策表和表单会列在这里。", ctx.actor().has(EDIT).then(|| Button::secondary("新建一个").href("/work/designs/new"))))
        } @else {
            (card(html! {
                (table(&list.items))
                (paging(&here, &list, &format!("本页 {} 个", list.items.len())))
            }))
            (keyboard_help())
        }
    };
    Ok(ctx.workbench("流程与表单").body(body).document())
}

fn filters(asked: &Asked) -> Markup {
    let mut kinds = vec![Choice::new("", "全部种类")];
    kinds.extend(Kind::ALL.iter().map(|kind| Choice::new(kind.code(), kind.name())));
    let stages = [("", "全部状态"), ("draft", "有草稿"), ("in-review", "待审核"), ("published", "已发布")].map(|(code, name)| Choice::new(code, name));
    let fields = html! {
        (select(&Field::new("kind", "种类").value(asked.kind.as_str()), &kinds))
        (select(&Field::new("stage", "状态").value(asked.stage.as_str()), &stages))
    };
    filter_panel("/work/designs", fields, &[], "/work/designs")
}

fn table(designs: &[DesignRow]) -> Markup {
    let rows = designs.iter().map(|design| {
        let href = format!("/work/designs/{}", design.id);
        let kind = Kind::from_code(&design.kind);
        TableRow::new()
            .cell(html! { a href=(href) { (design.name) } })
            .cell(html! { @if let Some(kind) = kind { (icon(kind)) " " (kind.name()) } })
            .cell(html! { code { (design.key) } })
            .cell(&design.body_name)
            .cell(match design.stage() {
                Stage::Draft => tag(Tone::Neutral, "草稿"),
                Stage::InReview => tag(Tone::Info, "待审核"),
                Stage::Published => tag(Tone::Good, "已发布"),
            })
            .cell(format::date_time_short(&design.changed_at))
            .open(href)
    });
    let columns = ["名称", "种类", "标识", "所属机构", "状态", "最近修改"].map(Column::new);
    Table::new("设计列表", columns).hide_caption().keyboard().rows(rows).render()
}
