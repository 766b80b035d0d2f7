use axum::extract::{Path, Query};
use base::{Error, Result};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;
use web::components::*;
use web::{Ctx, Markup, PageResult, html};

use crate::model::{self, Change, Difference, Kind};
use crate::service;
use crate::view as drawing;

#[derive(Deserialize)]
pub(super) struct Asked {
    before: Uuid,
    after: Uuid,
}

/// `GET /work/designs/{id}/compare?before=&after=`: two versions side by side, and what differs in words.
pub(super) async fn page(ctx: Ctx, Path(id): Path<Uuid>, Query(asked): Query<Asked>) -> PageResult {
    let (design, before) = service::version_of(&ctx, ctx.actor(), id, asked.before).await?;
    let (_, after) = service::version_of(&ctx, ctx.actor(), id, asked.after).await?;
    let kind = design.kind()?;
    let parts = |content: &str| -> Result<_> {
        model::parts(kind, content).map_err(|text| Error::refused("designs.unreadable", format!("有一个版本的文件不完整，不能比较：{text}")))
    };
    let changes = model::compare(&parts(&before.content)?, &parts(&after.content)?);
    let column = |version: &crate::store::VersionRow, side: &str| {
        section(&format!("第 {} 版", version.number), None, html! {
            @if kind == Kind::Process { (drawing::canvas(&format!("第 {} 版流程图", version.number), &json!({ "xml": version.content, "changes": changes, "side": side }), drawing::Key::Changes)) }
            @else { pre class="source" { (version.content) } }
        })
    };
    let body = html! {
        (PageHeading::new("比较版本").caption(design.name.clone()).lede(format!("第 {} 版与第 {} 版，共 {} 处不同。", before.number, after.number, changes.len())))
        (section("不同之处", None, list(&changes)))
        (side_by_side(column(&before, "before"), column(&after, "after")))
    };
    let page = ctx.workbench("比较版本").crumb("流程与表单", "/work/designs").crumb(design.name.clone(), format!("/work/designs/{id}")).wide();
    Ok(drawing::dress(page).body(body).document())
}

fn list(changes: &[Change]) -> Markup {
    html! {
        @if changes.is_empty() { p { "内容完全一致（位置可能不同）。" } }
        @else {
            ul class="findings" {
                @for change in changes {
                    li {
                        @match &change.difference {
                            Difference::Added => { (tag(Tone::Good, "新增")) " " (change.label) }
                            Difference::Removed => { (tag(Tone::Alert, "删去")) " " (change.label) }
                            Difference::Changed { facts } => {
                                (tag(Tone::Caution, "改动")) " " (change.label) "："
                                @for (n, (name, before, after)) in facts.iter().enumerate() {
                                    @if n > 0 { "；" }
                                    (name) "由“" (said(before)) "”改为“" (said(after)) "”"
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn said(value: &str) -> &str {
    if value.is_empty() { "无" } else { value }
}
