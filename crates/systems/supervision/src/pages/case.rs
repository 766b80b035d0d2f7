//! The trail of one case.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::{FieldError, Kind};
use chrono::NaiveDate;
use flow::Task;
use journal::{Entry, Fault};
use maud::{Markup, html};
use serde_json::Value;
use web::components::*;
use web::{Ctx, Form as Sent, FormData, PageResult};

use crate::model::{NoticeState, RuleKind};
use crate::pages::{id, shown};
use crate::permissions::NOTICE;
use crate::service::{self, NewNotice, Trail};

/// The page.
pub async fn page(ctx: Ctx, Path(text): Path<String>) -> PageResult {
    let trail = service::trail(ctx.platform(), ctx.actor(), id(&text)?).await?;
    Ok(show(&ctx, &trail, &FormData::default(), &[]))
}

/// Sends a notice.
pub async fn send_notice(ctx: Ctx, Path(text): Path<String>, form: Sent) -> PageResult<Response> {
    let case = id(&text)?;
    let new = NewNotice { text: form.data.text("text").to_owned(), due: day(&form.data) };
    let done = service::send(ctx.platform(), ctx.actor(), case, &new, &form.token.nonce).await.map(|_| ());
    answer(ctx, case, &form, done, "督办已发出，请关注对方的答复。").await
}

/// Records what the supervisor found.
pub async fn record_finding(ctx: Ctx, Path(text): Path<String>, form: Sent) -> PageResult<Response> {
    let case = id(&text)?;
    let done = service::record(ctx.platform(), ctx.actor(), case, form.data.text("rule"), form.data.text("description"), &form.token.nonce).await;
    answer(ctx, case, &form, done, "发现的问题已记录。").await
}

async fn answer(ctx: Ctx, case: uuid::Uuid, form: &Sent, done: base::Result<()>, said: &str) -> PageResult<Response> {
    match done {
        Ok(()) => Ok(ctx.redirect_saying(&format!("/work/supervision/cases/{case}"), said)),
        Err(error) if error.kind() == Kind::Invalid => {
            let trail = service::trail(ctx.platform(), ctx.actor(), case).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&ctx, &trail, &form.data, error.fields())).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn day(data: &FormData) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(data.text("due_year").parse().ok()?, data.text("due_month").parse().ok()?, data.text("due_day").parse().ok()?)
}

fn show(ctx: &Ctx, trail: &Trail, data: &FormData, errors: &[FieldError]) -> Markup {
    let w = &trail.watch;
    let date = |d: Option<NaiveDate>| d.map_or_else(|| "—".to_owned(), format::date);
    let moment = |m: Option<chrono::DateTime<chrono::Utc>>| m.map_or_else(|| "—".to_owned(), |m| format::date_time(&m));
    let lit = match trail.light {
        Some(lit) => light(shown(lit), trail.left.map(format::working_days_left).as_deref()),
        None => tag(if w.open { Tone::Neutral } else { Tone::Good }, w.last.name()),
    };
    let main = html! {
        (section("办理环节", None, html! {
            @if let Some(course) = &trail.course { (designs::view::diagram("流程图，下面的办理环节用文字说明同样的内容", course)) }
            @if trail.tasks.is_empty() { p class="muted" { "还没有办理环节。" } } @else { (timeline(&course(ctx, trail))) }
        }))
        (documents(ctx, trail))
        (alerts(trail))
        (notices(ctx, trail))
        (entries(&trail.entries, trail.fault.as_ref()))
    };
    let side = html! {
        (section("时限", None, summary_list(&[
            Fact::new("提交", moment(w.submitted_at)),
            Fact::new("受理", moment(w.accepted_at)),
            Fact::new("应受理", date(w.dates.accept_due)),
            Fact::new("承诺期限", date(w.dates.promised_due)),
            Fact::new("法定期限", date(w.dates.statutory_due)),
            Fact::new("决定", moment(w.decided_at)),
        ])))
        @if ctx.actor().may(NOTICE, &w.target()) { (acts(ctx, trail, data, errors)) }
    };
    designs::view::dress(ctx.workbench("办件监察"))
        .crumb("效能监察", "/work/supervision")
        .here(&w.case_no)
        .has_errors(!errors.is_empty())
        .body(html! {
            (error_summary(errors.iter().map(|e| (e.field.as_str(), e.message.as_str()))))
            (PageHeading::new(&w.item_name).caption(&w.case_no).mark(lit))
            (fact_strip(&[
                Fact::new("单位", &w.body_name),
                Fact::new("状态", w.last.name()),
                Fact::new("渠道", if w.channel == "window" { "窗口" } else { "网上" }),
                Fact::new("办件", html! { @if ctx.actor().may(cases::permissions::VIEW, &w.target()) { a href={ "/work/cases/" (w.case_id) } { "打开办件" } } @else { (w.case_no) } }),
            ]))
            (two_columns(main, side))
        })
        .document()
}

/// What was done, is being done and is still to come.
fn course(ctx: &Ctx, trail: &Trail) -> Vec<TimelineStep> {
    let ahead = trail.course.iter().filter(|_| trail.watch.open).flat_map(|course| &course.ahead);
    trail.tasks.iter().map(|task| step(ctx, task)).chain(ahead.map(|ahead| TimelineStep::new(&ahead.name, StepState::Waiting))).collect()
}

fn step(ctx: &Ctx, task: &Task) -> TimelineStep {
    let state = match task.state.as_str() {
        "done" => StepState::Done,
        "cancelled" | "removed" => StepState::Outline,
        "waiting" => StepState::Waiting,
        _ => StepState::Current,
    };
    let who = task.done_by_name.as_ref().or(task.assignee_name.as_ref());
    let mut step = TimelineStep::new(&task.name, state).when(match task.done_at {
        Some(done) => format!("{} 至 {}", format::date_time_short(&task.created_at), format::date_time_short(&done)),
        None => format!("{} 起", format::date_time_short(&task.created_at)),
    });
    if let Some(who) = who {
        step = step.who(who);
    }
    let limit = task.limit().filter(|_| task.is_open() && task.held_on.is_none());
    let said = task.comment.as_deref().filter(|words| !words.is_empty());
    if task.outcome.is_none() && limit.is_none() && said.is_none() {
        return step;
    }
    step.note(html! {
        @if let Some(limit) = limit {
            p { "环节时限 " (format::date(limit.last_day)) " " (light(shown(limit.light(ctx.today())), ctx.calendar.between(ctx.today(), limit.last_day).ok().map(format::working_days_left).as_deref())) }
        }
        @if let Some(outcome) = &task.outcome { p { "结果：" (outcome_name(outcome)) } }
        @if let Some(said) = said { p { (said) } }
    })
}

fn outcome_name(outcome: &str) -> &str {
    match outcome {
        "accept" => "受理",
        "correct" => "告知补正",
        "refuse" => "不予",
        "grant" => "准予",
        "corrected" => "已补正",
        "forward" => "报下一环节",
        "return" => "退回上一环节",
        "return_handling" => "退回承办",
        other => other,
    }
}

/// The documents; opened by whoever may read the case itself.
fn documents(ctx: &Ctx, trail: &Trail) -> Markup {
    let reads = ctx.actor().may(cases::permissions::VIEW, &trail.watch.target());
    let files: Vec<FileEntry> = trail
        .documents
        .iter()
        .map(|d| {
            let entry = FileEntry::new(&d.title).note(format!("{}，{}", d.number, format::date_time(&d.made_at)));
            if reads { entry.href(format!("/documents/{}/pdf", d.id)) } else { entry }
        })
        .collect();
    section("文书", None, html! { @if files.is_empty() { p class="muted" { "还没有文书。" } } @else { (file_list(&files)) } })
}

fn alerts(trail: &Trail) -> Markup {
    let name = |code: &str| trail.rules.0.iter().find(|rule| rule.kind.code() == code).map_or_else(|| code.to_owned(), |rule| rule.name.clone());
    let columns = ["时间", "规则", "情况", "发现人", "状态"].map(Column::new);
    section("预警", None, html! {
        @if trail.alerts.is_empty() { p class="muted" { "没有预警。" } } @else {
            (Table::new("预警", columns).hide_caption().compact(true).rows(trail.alerts.iter().map(|a| {
                let tone = match a.level.as_str() { "purple" => Tone::Grave, "red" => Tone::Alert, _ => Tone::Caution };
                TableRow::new()
                    .cell(format::date_time_short(&a.detected_at))
                    .cell(tag(tone, &name(&a.rule)))
                    .cell(&a.description)
                    .cell(&a.found_by)
                    .cell(if a.cleared_at.is_some() { "已解除" } else { "未解除" })
            })).render())
        }
    })
}

fn notices(ctx: &Ctx, trail: &Trail) -> Markup {
    let today = ctx.today();
    let columns = ["督办单", "内容", "答复期限", "状态"].map(Column::new);
    section("督办", None, html! {
        @if trail.notices.is_empty() { p class="muted" { "没有督办。" } } @else {
            (Table::new("督办", columns).hide_caption().compact(true).rows(trail.notices.iter().map(|n| {
                TableRow::new()
                    .cell(html! { a href={ "/work/notices/" (n.id) } { (n.number) } })
                    .cell(&n.text)
                    .cell(html! { (n.due) @if n.overdue(today) { " " (tag(Tone::Alert, "逾期未答复")) } })
                    .cell(NoticeState::from_code(&n.state).map_or("", NoticeState::name))
                    .marked(n.overdue(today))
            })).render())
        }
    })
}

/// Whether an entry at this position can be trusted.
fn sound(entry: &Entry, fault: Option<&Fault>) -> bool {
    match fault {
        None => true,
        Some(Fault::Gap(at) | Fault::BrokenLink(at) | Fault::Altered(at)) => entry.seq < *at,
    }
}

fn entries(entries: &[Entry], fault: Option<&Fault>) -> Markup {
    let columns = ["序号", "时间", "人员", "事项", "内容", "校验"].map(Column::new);
    section("全程留痕", None, html! {
        @match fault {
            None => (notification_banner(Tone::Good, "校验通过", html! { p { "共 " (entries.len()) " 条记录，首尾相连，没有缺失或改动。" } })),
            Some(Fault::Gap(at)) => (notification_banner(Tone::Grave, "记录缺失", html! { p { "第 " (at) " 条记录缺失，其后的记录不能采信。" } })),
            Some(Fault::BrokenLink(at) | Fault::Altered(at)) => (notification_banner(Tone::Grave, "被改动", html! { p { "第 " (at) " 条记录与校验值不符，该条及其后的记录不能采信。" } })),
        }
        @if !entries.is_empty() {
            (Table::new("记录", columns).hide_caption().compact(true).rows(entries.iter().map(|e| {
                TableRow::new()
                    .cell(e.seq)
                    .cell(format::date_time_short(&e.at))
                    .cell(&e.actor_name)
                    .cell(&e.label)
                    .cell(words(&e.data))
                    .cell(if sound(e, fault) { tag(Tone::Good, "校验通过") } else { tag(Tone::Grave, "被改动") })
                    .marked(!sound(e, fault))
            })).render())
        }
    })
}

/// The words people wrote, out of the details of an entry.
fn words(data: &Value) -> String {
    ["opinion", "reason", "reasons", "text", "answer", "words", "description"]
        .iter()
        .filter_map(|key| data.get(*key).and_then(Value::as_str))
        .collect::<Vec<_>>()
        .join("；")
}

fn acts(ctx: &Ctx, trail: &Trail, data: &FormData, errors: &[FieldError]) -> Markup {
    let case = trail.watch.case_id;
    let error = |name: &str| errors.iter().find(|e| e.field == name).map(|e| e.message.as_str());
    let due = DateParts { year: data.text("due_year").into(), month: data.text("due_month").into(), day: data.text("due_day").into() };
    let manual: Vec<Choice> = trail.rules.0.iter().filter(|r| r.kind.is_manual() && r.enabled).map(|r| Choice::new(r.kind.code(), &r.name)).collect();
    let rule = RuleKind::from_code(data.text("rule")).map_or("", RuleKind::code);
    html! {
        (section("发出督办", None, ctx.form(format!("/work/supervision/cases/{case}/notice")).dirty_check().body(html! {
            (textarea(&Field::new("text", "督办内容").hint(format!("要{}说明什么、做什么。", trail.watch.body_name)).value(data.text("text")).error(error("text")).max_length(1000).rows(4)))
            (date_input(&Field::new("due", "答复期限").error(error("due_year")), &due))
            (Button::primary("发出督办").icon(Icon::Send))
        })))
        (details("登记发现的问题", ctx.form(format!("/work/supervision/cases/{case}/finding")).dirty_check().body(html! {
            (radios(&Field::new("rule", "问题").value(rule).error(error("rule")), &manual))
            (textarea(&Field::new("description", "情况").value(data.text("description")).error(error("description")).max_length(500).rows(3)))
            (Button::secondary("登记"))
        })))
    }
}
