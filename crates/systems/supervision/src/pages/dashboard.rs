//! The supervisor's dashboard.

use std::collections::HashMap;

use axum::extract::Query;
use db::Cursor;
use maud::{Markup, html};
use serde::Deserialize;
use web::components::*;
use web::{Ctx, PageResult};

use crate::events::Happened;
use crate::model::{Watch, light as light_on};
use crate::pages::shown;
use crate::service::{self, Dashboard};
use crate::store::{BoardRow, CaseFilter, LightFilter};

const PER_PAGE: usize = 50;
const LIGHTS: [(&str, &str); 6] = [("green", "正常"), ("yellow", "临期"), ("red", "超承诺期限"), ("purple", "超法定期限"), ("paused", "暂停计时"), ("waiting", "待受理")];
const STATES: [Happened; 6] = [Happened::Submitted, Happened::CorrectionRequested, Happened::Corrected, Happened::Accepted, Happened::Suspended, Happened::Extended];

/// The page.
pub async fn page(ctx: Ctx, Query(query): Query<HashMap<String, String>>) -> PageResult {
    let text = |name: &str| query.get(name).map_or("", |value| value.as_str());
    let filter = CaseFilter {
        light: LightFilter::from_code(text("light")),
        body: text("body").parse().ok(),
        last: Happened::deserialize(serde_json::Value::String(text("state").to_owned())).ok(),
        after: query.get("after").map(|cursor| Cursor::from_param(cursor)),
        size: PER_PAGE,
    };
    let found = service::dashboard(ctx.platform(), ctx.actor(), &filter).await?;
    Ok(ctx
        .workbench("效能监察")
        .body(html! {
            (PageHeading::new("效能监察").lede("您监察范围内正在办理的办件。").action(Button::secondary("督办单").href("/work/notices").icon(Icon::Megaphone)))
            (overview(&found.board))
            (filters(&found.board, text("light"), text("body"), text("state")))
            (cases(&found, text("light"), text("body"), text("state")))
        })
        .document())
}

fn sum(board: &[BoardRow], of: impl Fn(&BoardRow) -> i64) -> i64 {
    board.iter().map(of).sum()
}

fn overview(board: &[BoardRow]) -> Markup {
    let (green, yellow, red, purple) = (sum(board, |b| b.green), sum(board, |b| b.yellow), sum(board, |b| b.red), sum(board, |b| b.purple));
    let (paused, waiting) = (sum(board, |b| b.paused), sum(board, |b| b.waiting));
    let shares = [
        Bar::new("正常", green).tone(Tone::Good),
        Bar::new("临期", yellow).tone(Tone::Caution),
        Bar::new("超承诺期限", red).tone(Tone::Alert),
        Bar::new("超法定期限", purple).tone(Tone::Grave),
        Bar::new("暂停计时", paused).tone(Tone::Neutral),
        Bar::new("待受理", waiting).tone(Tone::Info),
    ];
    let mut late: Vec<Bar> = board.iter().map(|b| Bar::new(&b.body_name, b.red + b.purple).tone(Tone::Alert)).filter(|bar| bar.value > 0).collect();
    late.sort_by_key(|bar| std::cmp::Reverse(bar.value));
    late.truncate(10);
    let counted = board.first().map(|b| format::date_time(&b.refreshed_at));
    html! {
        (stat_tiles(&[
            Stat::new("在办", format::number(green + yellow + red + purple + paused + waiting), "件"),
            Stat::new("临期", format::number(yellow), "件").href("/work/supervision?light=yellow"),
            Stat::new("超承诺期限", format::number(red), "件").href("/work/supervision?light=red"),
            Stat::new("超法定期限", format::number(purple), "件").href("/work/supervision?light=purple"),
        ]))
        (side_by_side(
            section("按监察灯", None, donut("lights", "在办办件", "件", &shares)),
            section("超期的单位", None, bar_chart("各单位超期办件", "件", &late)),
        ))
        p class="muted" { @match counted { Some(at) => { "统计时间 " (at) "，每十分钟更新一次。" } None => "还没有统计数据，稍后自动更新。" } }
    }
}

fn filters(board: &[BoardRow], light: &str, body: &str, state: &str) -> Markup {
    let mut lights = vec![Choice::new("", "全部")];
    lights.extend(LIGHTS.map(|(code, name)| Choice::new(code, name)));
    let mut bodies = vec![Choice::new("", "全部")];
    bodies.extend(board.iter().map(|b| Choice::new(b.body_id.to_string(), &b.body_name)));
    let mut states = vec![Choice::new("", "全部")];
    states.extend(STATES.map(|s| Choice::new(code(s), s.name())));
    let fields = html! {
        (select(&Field::new("light", "监察灯").value(light).required(false), &lights))
        (select(&Field::new("body", "单位").value(body).required(false), &bodies))
        (select(&Field::new("state", "状态").value(state).required(false), &states))
    };
    filter_panel("/work/supervision", fields, &[], "/work/supervision")
}

fn code(state: Happened) -> String {
    serde_json::to_value(state).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn cases(found: &Dashboard, light: &str, body: &str, state: &str) -> Markup {
    let here = format!("/work/supervision?light={light}&body={body}&state={state}");
    let here = if light.chars().chain(body.chars()).chain(state.chars()).all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') { here } else { "/work/supervision".into() };
    let columns = ["办件", "事项", "单位", "状态", "承诺期限", "监察灯"].map(Column::new);
    section("在办办件", None, html! {
        @if found.cases.items.is_empty() {
            (empty_state(Icon::CircleCheck, "没有符合条件的办件", "换一个筛选条件试试；不在您监察范围内的办件不会显示。", Some(Button::secondary("清除筛选").href("/work/supervision"))))
        } @else {
            (Table::new("在办办件", columns).hide_caption().compact(true).keyboard().rows(found.cases.items.iter().map(|w| row(w, found))).render())
            (paging(&here, &found.cases, "按承诺期限从近到远"))
            (keyboard_help())
        }
    })
}

fn row(w: &Watch, found: &Dashboard) -> TableRow {
    let href = format!("/work/supervision/cases/{}", w.case_id);
    let lit = light_on(found.today, &w.dates);
    TableRow::new()
        .cell(html! { a href=(href) { (w.case_no) } })
        .cell(&w.item_name)
        .cell(&w.body_name)
        .cell(html! { span class="nowrap" { (w.last.name()) } })
        .cell(html! { span class="nowrap" { (w.dates.promised_due.map_or_else(|| "—".to_owned(), format::date_short)) } })
        .cell(match lit {
            Some(lit) => light(shown(lit), None),
            None => tag(Tone::Neutral, if w.accepted_at.is_some() { "暂停计时" } else { "待受理" }),
        })
        .marked(lit.is_some_and(|l| l >= workdays::Light::Red))
        .open(&href)
}
