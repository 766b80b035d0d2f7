//! 使用监测: unusual uses, by one rule for everybody (M-DATA-08.08).

use maud::html;
use web::components::*;
use web::{Ctx, PageResult};

use crate::model::watch::MANY;
use crate::service::{self, WATCHED_DAYS};

/// `GET /work/licences/watch`
pub(in crate::pages) async fn list(ctx: Ctx) -> PageResult {
    let found = service::unusual(ctx.platform(), ctx.actor()).await?;
    let rows = found.iter().map(|row| {
        TableRow::new()
            .cell(&row.day)
            .cell(&row.actor_name)
            .cell(row.looks)
            .cell(row.off_hours)
            .cell(html! { @if row.looks > MANY { (tag(Tone::Alert, "次数多")) " " } @if row.off_hours > 0 { (tag(Tone::Caution, "非工作时间")) } })
    });
    let empty = found.is_empty();
    Ok(ctx
        .workbench("使用监测")
        .body(html! {
            (PageHeading::new("使用监测").lede(format!("最近 {WATCHED_DAYS} 天里，工作人员查看和下载证照的异常情况。规则对所有人一样：一天超过 {MANY} 次，或者在 7 时以前、21 时以后和休息日使用。")))
            @if empty {
                (card(empty_state(Icon::ShieldCheck, "没有异常", "没有人超过次数，也没有人在非工作时间使用证照。", None)))
            } @else {
                (card(Table::new("异常使用", [Column::new("日期"), Column::new("人员"), Column::new("次数").numeric(), Column::new("非工作时间").numeric(), Column::new("原因")]).hide_caption().compact(true).rows(rows)))
            }
            (inset("列在这里不等于违规。请向本人了解情况；每一次使用的时间、人员和用途在证照的使用记录里。"))
        })
        .document())
}
