//! Public results: rates by body, latest comments without names, how they are counted.

use std::collections::HashMap;

use axum::extract::Query;
use maud::html;
use web::components::*;
use web::{Ctx, PageResult};

use crate::model::level_name;
use crate::service::{self, Period};

/// Bodies drawn in the bar chart; the table has them all.
const BARS: usize = 10;

/// The page.
pub async fn page(ctx: Ctx, Query(query): Query<HashMap<String, String>>) -> PageResult {
    let period = Period::from_code(query.get("period").map_or("", String::as_str));
    let results = service::results(ctx.platform(), ctx.region(), period).await?;
    let whole = &results.whole;
    let tones = [Tone::Grave, Tone::Alert, Tone::Caution, Tone::Info, Tone::Good];
    let shares: Vec<Bar> = (1..=5u8).rev().map(|s| Bar::new(level_name(s), whole.stars[usize::from(s) - 1]).tone(tones[usize::from(s) - 1])).collect();
    let bars: Vec<Bar> = results.bodies.iter().take(BARS).map(|b| Bar::new(&b.name, b.tally.rated())).collect();
    let columns = [
        Column::new("部门"), Column::new("评价").numeric(), Column::new("好评率").numeric(), Column::new("差评").numeric(),
        Column::new("差评已整改").numeric(), Column::new("办结未评价").numeric(),
    ];
    let table = Table::new("各部门评价结果", columns).hide_caption().rows(results.bodies.iter().map(|b| {
        let t = &b.tally;
        TableRow::new()
            .cell(&b.name)
            .cell(format::number(t.rated()))
            .cell(format::percent(t.good(), t.rated()))
            .cell(format::number(t.bad()))
            .cell(format::percent(t.answered, t.opened))
            .cell(format::number(t.silent()))
    }));
    Ok(ctx
        .page("好差评")
        .crumb("首页", "/")
        .description("政务服务好差评结果公开")
        .body(html! {
            (PageHeading::new("政务服务“好差评”").caption(period.name()).lede("办完事的人怎样评价这些部门。评价由办事人自愿作出，工作人员不能修改。"))
            nav class="views" aria-label="时间范围" { ul {
                @for (code, other) in [("days", Period::Days30), ("year", Period::Year)] {
                    li { a class="views__item" href={ "/reviews?period=" (code) } aria-current=[(other == period).then_some("page")] { (other.name()) } }
                }
            } }
            (stat_tiles(&[
                Stat::new("收到评价", format::number(whole.rated()), "条"),
                Stat::new("好评率", format::percent(whole.good(), whole.rated()), "").note(Tone::Neutral, "基本满意及以上"),
                Stat::new("主动评价率", format::percent(whole.rated(), whole.asked), "").note(Tone::Neutral, format!("办结 {} 件", format::number(whole.asked))),
                Stat::new("差评整改率", format::percent(whole.answered, whole.opened), "").note(Tone::Neutral, format!("按期 {}", format::percent(whole.in_time, whole.answered))),
            ]))
            (side_by_side(
                section("满意程度", None, donut("satisfaction", "满意程度分布", "条", &shares)),
                section("评价最多的部门", None, bar_chart("各部门评价数", "条", &bars)),
            ))
            (section("各部门", None, html! {
                @if results.bodies.is_empty() { (empty_state(Icon::Star, "还没有评价", "有办件办结并被评价后，结果会显示在这里。", None)) } @else { (table) }
            }))
            (section("最新评价", None, html! {
                @if results.comments.is_empty() { p class="muted" { "还没有人留下文字评价。" } }
                @for comment in &results.comments {
                    (inset(html! {
                        p { (stars(comment.stars)) " " (level_name(comment.stars)) }
                        p { (comment.text) }
                        p class="muted" { (comment.body) "，" (comment.item) "，" (format::date(base::local_date(comment.at))) }
                    }))
                }
            }))
            (details("结果是怎样计算的", prose(html! { ul {
                li { "每个办件办结后可以评价一次，另可追加评价一次；追加评价不改变首次评价的统计。" }
                li { "没有评价的办件只计入“办结未评价”，不会默认为好评。" }
                li { "好评率 =（非常满意 + 满意 + 基本满意）÷ 全部首次评价；主动评价率 = 首次评价 ÷ 办结办件。" }
                li { "差评由承办单位在 1 个工作日内联系核实、5 个工作日内整改（复杂事项 15 个工作日）；经监督部门认定为误评的不计入。" }
                li { "文字评价匿名公开，较长的数字会隐去。" }
            } })))
        })
        .document())
}
