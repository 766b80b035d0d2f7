//! The work list: what I may do, most urgent first.

use std::collections::HashMap;

use axum::extract::Query;
use base::Result;
use db::Cursor;
use flow::{Task, WorkFilter};
use maud::{Markup, html};
use web::components::{Button, Column, Icon, PageHeading, Table, TableRow, card, empty_state, format, inset, keyboard_help, paging, tag, Tone};
use web::{Ctx, PageResult};

use crate::pages::case_parts::{light_shape, step_light};
use crate::service::due_light;

/// Working days ahead that the view of urgent work reaches, today not counted.
const SOON_DAYS: u32 = 2;

/// Views of the list: address, label, step.
const VIEWS: [(&str, &str, Option<&str>); 7] = [
    ("all", "全部待办", None),
    ("mine", "我已领取", None),
    ("soon", "临近到期", None),
    ("acceptance", "受理", Some("acceptance")),
    ("handling", "承办", Some("handling")),
    ("examination", "审查", Some("examination")),
    ("approval", "审批", Some("approval")),
];

/// GET /work
pub(crate) async fn show(ctx: Ctx, Query(query): Query<HashMap<String, String>>) -> PageResult {
    let wanted = query.get("view").map_or("all", String::as_str);
    let (view, title, step) = VIEWS.into_iter().find(|(key, ..)| *key == wanted).unwrap_or(VIEWS[0]);
    let due_before = match view {
        // Due days are stored as the midnight after them.
        "soon" => ctx.calendar.add(ctx.today(), SOON_DAYS)?.succ_opt().map(|next| journal::start_of_day(next) + chrono::Duration::seconds(1)),
        _ => None,
    };
    let filter = WorkFilter {
        mine: view == "mine",
        step: step.map(str::to_owned),
        due_before,
        after: query.get("after").map(|text| Cursor::from_param(text)),
        size: 20,
    };
    let page = flow::worklist(ctx.db.read(), ctx.actor(), &filter).await?;
    let rows = page.items.iter().map(|task| row(&ctx, task)).collect::<Result<Vec<_>>>()?;
    let for_whom: Vec<&str> = ctx.actor().staff()?.deputy.of.iter().map(|principal| principal.name.as_str()).collect();
    let body = html! {
        (PageHeading::new("待办").lede("最急的在最上面。领取后由您办理，其他人不会重复处理。"))
        @if !for_whom.is_empty() { (inset(html! { "您今天代理：" strong { (for_whom.join("、")) } "。他们的待办也列在这里，办理后记录写明“（代……）”。" })) }
        nav class="views" aria-label="待办分类" {
            ul { @for (key, label, _) in VIEWS { li { a class="views__item" href=(format!("/work?view={key}")) aria-current=[(key == view).then_some("page")] { (label) } } } }
        }
        (card(html! {
            @if rows.is_empty() {
                (empty_state(Icon::CircleCheck, "没有待办", "这里现在没有等您办理的事。有新的办件会自动出现。", None))
            } @else {
                (Table::new(title, ["事项（申请人）", "环节", "到达时间", "期限", "办理人"].map(Column::new)).hide_caption().keyboard().rows(rows))
                (paging(&format!("/work?view={view}"), &page, "按期限从近到远"))
            }
        }))
        (keyboard_help())
    };
    Ok(ctx.workbench("待办").body(body).document())
}

fn row(ctx: &Ctx, task: &Task) -> Result<TableRow> {
    let acting = task.done_by_hand_of(ctx.actor());
    let principal = acting.staff()?.principal();
    let taken = match (&task.assignee, &task.assignee_name) {
        (Some(id), _) if Some(*id) == ctx.actor().id() => tag(Tone::Info, "我已领取"),
        (Some(_), Some(name)) => html! { (name) },
        _ => ctx.form(format!("/work/tasks/{}/claim", task.id)).inline().body(html! { (Button::secondary("领取").about(&task.title).small()) }),
    };
    let deputy = principal.map(|p| tag(Tone::Caution, &format!("代{}", p.name)));
    Ok(TableRow::new()
        .cell(html! { a class="govuk-link" href=(format!("/work/cases/{}", task.business)) { (task.title) } })
        .cell(html! { (task.name) @if task.urged_at.is_some() { " " (tag(Tone::Alert, "已催办")) } })
        .cell(format::date_time_short(&task.created_at))
        .cell(due(ctx, task)?)
        .cell(html! { (taken) @if let Some(deputy) = deputy { " " (deputy) } })
        .open(format!("/work/cases/{}", task.business)))
}

/// The limit that comes first, with its light: that of the step as its drawing sets it, or that of the case.
fn due(ctx: &Ctx, task: &Task) -> Result<Markup> {
    let day = base::local_date(task.due_at - chrono::Duration::seconds(1));
    if let (Some(limit), Some(light)) = (task.limit(), step_light(ctx, task))
        && limit.last_day <= day
    {
        return Ok(html! { (format::date_short(limit.last_day)) " " (light) " " span class="muted" { "环节时限" } });
    }
    let (left, light) = due_light(ctx, day)?;
    Ok(html! { (format::date_short(day)) " " (light_shape(light, left)) })
}
