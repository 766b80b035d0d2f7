//! The efficacy module of the hall: what was done today and this month.

use maud::html;
use web::components::*;
use web::{Ctx, PageResult};

use crate::service;

/// Bodies drawn in the bar chart; the table has them all.
const BARS: usize = 10;

/// The page.
pub async fn page(ctx: Ctx) -> PageResult {
    let figures = service::figures(ctx.platform(), ctx.region()).await?;
    let (today, month) = (&figures.today, &figures.month);
    let shares = [Bar::new("按时办结", month.on_time).tone(Tone::Good), Bar::new("超时办结", month.decided - month.on_time).tone(Tone::Alert)];
    let bars: Vec<Bar> = figures.bodies.iter().take(BARS).map(|b| Bar::new(&b.name, b.figures.decided)).collect();
    let columns = [Column::new("部门"), Column::new("收到申请").numeric(), Column::new("受理").numeric(), Column::new("办结").numeric(), Column::new("按时办结率").numeric()];
    let table = Table::new("本月各部门办理情况", columns).hide_caption().rows(figures.bodies.iter().map(|b| {
        let f = &b.figures;
        TableRow::new()
            .cell(&b.name)
            .cell(format::number(f.submitted))
            .cell(format::number(f.accepted))
            .cell(format::number(f.decided))
            .cell(format::percent(f.on_time, f.decided))
    }));
    Ok(ctx
        .page("效能监察")
        .crumb("首页", "/")
        .description("政务服务办理时效公开")
        .body(html! {
            (PageHeading::new("效能监察").lede("今天和本月收了多少、办了多少、是不是按承诺的时间办结。数字随办件实时更新。"))
            (section("今天", None, stat_tiles(&[
                Stat::new("收到申请", format::number(today.submitted), "件"),
                Stat::new("受理", format::number(today.accepted), "件"),
                Stat::new("办结", format::number(today.decided), "件"),
                Stat::new("按时办结率", format::percent(today.on_time, today.decided), ""),
            ])))
            (section("本月", None, stat_tiles(&[
                Stat::new("收到申请", format::number(month.submitted), "件"),
                Stat::new("受理", format::number(month.accepted), "件"),
                Stat::new("办结", format::number(month.decided), "件"),
                Stat::new("按时办结率", format::percent(month.on_time, month.decided), ""),
            ])))
            (side_by_side(
                section("是否按时", None, donut("on-time", "本月办结", "件", &shares)),
                section("办结最多的部门", None, bar_chart("本月各部门办结", "件", &bars)),
            ))
            (section("各部门", None, html! {
                @if figures.bodies.is_empty() { (empty_state(Icon::Gauge, "本月还没有办件", "有办件提交后，数字会显示在这里。", None)) } @else { (table) }
            }))
            (details("四种监察灯是什么意思", prose(html! { ul {
                li { (light(Light::Green, None)) "：在承诺期限内。" }
                li { (light(Light::Yellow, None)) "：离承诺期限不到 1 个工作日，或者不到承诺时间的五分之一。" }
                li { (light(Light::Red, None)) "：超过了部门承诺的期限。" }
                li { (light(Light::Purple, None)) "：超过了法律规定的期限。" }
            } p { "时限按广西的工作日计算；补正和特别程序的时间不计入。对办理时效有意见，可以拨打 " (telephone(&ctx.site.hotline)) "。" } })))
        })
        .document())
}
