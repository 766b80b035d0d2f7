//! 差评整改: the list and one task.

use std::collections::HashMap;

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base::{Error, FieldError, Kind};
use chrono::{DateTime, NaiveDate, Utc};
use db::Cursor;
use maud::{Markup, html};
use web::components::*;
use web::{Ctx, Form as Sent, PageResult};

use crate::model::{Act, Stage, level_name};
use crate::pages::id;
use crate::service::{self, Step, TaskView};
use crate::store::Rectification;

const PER_PAGE: usize = 50;

/// Open tasks, most urgent first, or with `?show=closed` those that ended.
pub async fn list(ctx: Ctx, Query(query): Query<HashMap<String, String>>) -> PageResult {
    let open = query.get("show").is_none_or(|show| show != "closed");
    let after = query.get("after").map(|text| Cursor::from_param(text));
    let page = service::tasks(ctx.platform(), ctx.actor(), open, after.as_ref(), PER_PAGE).await?;
    let today = ctx.today();
    let here = if open { "/work/reviews" } else { "/work/reviews?show=closed" };
    let columns = ["办件", "事项", "单位", "阶段", "联系期限", "整改期限"].map(Column::new);
    let table = Table::new("差评整改任务", columns).hide_caption().compact(true).keyboard().rows(page.items.iter().map(|task| row(task, today)));
    Ok(ctx
        .workbench("差评整改")
        .body(html! {
            (PageHeading::new("差评整改").lede("不满意和非常不满意的评价：1 个工作日内联系，5 个工作日内整改（复杂的 15 个），反馈后回访。"))
            nav class="views" aria-label="任务范围" { ul {
                li { a class="views__item" href="/work/reviews" aria-current=[open.then_some("page")] { "待处理" } }
                li { a class="views__item" href="/work/reviews?show=closed" aria-current=[(!open).then_some("page")] { "已办结" } }
            } }
            @if page.items.is_empty() {
                (card(empty_state(Icon::CircleCheck, if open { "没有待处理的差评" } else { "还没有办结的任务" }, "您职责范围内的差评会自动出现在这里。", None)))
            } @else {
                (card(html! { (table) (paging(here, &page, "按整改期限从近到远")) (keyboard_help()) }))
            }
        })
        .document())
}

fn row(task: &Rectification, today: NaiveDate) -> TableRow {
    let href = format!("/work/reviews/{}", task.id);
    let contact_late = task.open && task.contacted_at.is_none() && late(&task.contact_due, today);
    let late_now = task.open && task.replied_at.is_none() && late(&task.rectify_due, today);
    TableRow::new()
        .cell(html! { a href=(href) { (task.case_no) } })
        .cell(&task.item_name)
        .cell(&task.body_name)
        .cell(Stage::from_code(&task.stage).map_or("", Stage::name))
        .cell(html! { (task.contact_due) @if contact_late { " " (tag(Tone::Alert, "逾期")) } })
        .cell(html! { (task.rectify_due) @if late_now { " " (tag(Tone::Alert, "逾期")) } })
        .marked(contact_late || late_now)
        .open(&href)
}

fn late(due: &str, today: NaiveDate) -> bool {
    due.parse::<NaiveDate>().is_ok_and(|due| due < today)
}

/// One task.
pub async fn detail(ctx: Ctx, Path(text): Path<String>) -> PageResult {
    let view = service::task(ctx.platform(), ctx.actor(), id(&text)?).await?;
    Ok(show(&ctx, &view, &[], "")?)
}

/// One step of it.
pub async fn act(ctx: Ctx, Path(text): Path<String>, form: Sent) -> PageResult<Response> {
    let id = id(&text)?;
    let data = &form.data;
    let act = act_of(data.text("act")).ok_or_else(|| Error::not_found("没有这个操作。"))?;
    let satisfied = match data.text("satisfied") {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let step = Step { act, words: data.text("words").to_owned(), complex: data.is_set("complex"), satisfied };
    match service::perform(ctx.platform(), ctx.actor(), id, data.number("version")?, &step, &form.token.nonce).await {
        Ok(()) => Ok(ctx.redirect_saying(&format!("/work/reviews/{id}"), &format!("{}已记录。", act.name()))),
        Err(error) if error.kind() == Kind::Invalid => {
            let view = service::task(ctx.platform(), ctx.actor(), id).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&ctx, &view, error.fields(), &step.words)?).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn act_of(code: &str) -> Option<Act> {
    Some(match code {
        "contact" => Act::Contact,
        "appeal" => Act::Appeal,
        "uphold" => Act::Uphold,
        "reject" => Act::Reject,
        "reply" => Act::Reply,
        "revisit" => Act::Revisit,
        "close" => Act::Close,
        "reopen" => Act::Reopen,
        _ => return None,
    })
}

fn show(ctx: &Ctx, view: &TaskView, errors: &[FieldError], words: &str) -> base::Result<Markup> {
    let (task, review) = (&view.task, &view.review);
    let stage = task.stage()?;
    let sentences = review.sentences();
    let main = html! {
        (section("评价内容", None, html! {
            p { (stars(review.stars())) " " (level_name(review.stars())) }
            @if !sentences.is_empty() { ul { @for sentence in &sentences { li { (sentence) } } } }
            @if review.text.is_empty() { p class="muted" { "没有留下文字。" } } @else { (inset(&review.text)) }
            p class="muted" { "评价人自愿作出，任何人不能修改。" }
        }))
        (section("处理过程", None, timeline(&steps(task))))
    };
    let side = html! {
        (section("情况", None, summary_list(&[
            Fact::new("办件", html! { a href={ "/work/cases/" (task.case_id) } { (task.case_no) } }),
            Fact::new("事项", &task.item_name),
            Fact::new("单位", &task.body_name),
            Fact::new("联系期限", &task.contact_due),
            Fact::new("整改期限", html! { (task.rectify_due) @if task.complex { "（复杂事项）" } }),
        ])))
        @if task.open { (section("下一步", None, next(ctx, view, stage, errors, words))) }
    };
    Ok(ctx
        .workbench("差评整改任务")
        .crumb("差评整改", "/work/reviews")
        .has_errors(!errors.is_empty())
        .body(html! {
            (error_summary(errors.iter().map(|e| (e.field.as_str(), e.message.as_str()))))
            (PageHeading::new("差评整改任务").caption(&task.case_no).mark(tag(if task.open { Tone::Caution } else { Tone::Good }, stage.name())))
            (two_columns(main, side))
        })
        .document())
}

fn steps(task: &Rectification) -> Vec<TimelineStep> {
    let step = |title: &str, at: Option<DateTime<Utc>>, words: &Option<String>| {
        at.map(|at| TimelineStep::new(title, StepState::Done).when(format::date_time_short(&at)).note(words.clone().unwrap_or_default()))
    };
    let content = task.satisfied.map(|yes| format!("{}：{}", if yes { "评价人满意" } else { "评价人不满意" }, task.revisit.clone().unwrap_or_default()));
    let waiting = task.contacted_at.is_none() && task.open;
    [
        step("收到差评", Some(task.opened_at), &None),
        step("联系核实", task.contacted_at, &task.finding),
        waiting.then(|| TimelineStep::new("联系核实", StepState::Current).due(&task.contact_due)),
        step("申诉误评", task.appealed_at, &task.appeal),
        step("监督部门认定", task.ruled_at, &task.ruling),
        step("反馈整改结果", task.replied_at, &task.reply),
        step("回访", task.revisited_at, &content),
        step("办结", task.closed_at, &task.closing),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn next(ctx: &Ctx, view: &TaskView, stage: Stage, errors: &[FieldError], words: &str) -> Markup {
    let error = |name: &str| errors.iter().find(|e| e.field == name).map(|e| e.message.as_str());
    let (label, extra, buttons): (&str, Markup, Vec<Button>) = match stage {
        Stage::ToVerify => (
            "联系后了解到的情况（申诉时写理由）",
            checkbox(&Field::new("complex", "情况复杂，按 15 个工作日整改"), false),
            vec![Button::primary("已联系，开始整改").name("act", "contact"), Button::secondary("申诉误评").name("act", "appeal")],
        ),
        Stage::Rectifying => (
            "给评价人的答复（申诉时写理由）",
            html! {},
            vec![Button::primary("反馈整改结果").name("act", "reply"), Button::secondary("申诉误评").name("act", "appeal")],
        ),
        Stage::Appealed if view.supervising => (
            "认定意见",
            html! {},
            vec![Button::primary("不是误评，退回整改").name("act", "reject"), Button::secondary("认定误评").name("act", "uphold")],
        ),
        Stage::Answered => (
            "回访记录",
            radios(&Field::new("satisfied", "评价人对整改结果").error(error("satisfied")), &[Choice::new("yes", "满意"), Choice::new("no", "不满意")]),
            vec![Button::primary("记录回访").name("act", "revisit")],
        ),
        Stage::Revisited if view.supervising => (
            "监督意见",
            html! {},
            vec![Button::primary("办结").name("act", "close"), Button::secondary("退回重新整改").name("act", "reopen")],
        ),
        _ => return html! { p { "等效能监督部门处理。被评价的单位不能自己认定误评或者办结。" } },
    };
    ctx.form(format!("/work/reviews/{}", view.task.id)).dirty_check().body(html! {
        (hidden("version", &view.task.version.to_string()))
        (textarea(&Field::new("words", label).value(words).error(error("words")).max_length(1000).rows(5)))
        (extra)
        (button_row(buttons.into_iter().map(|button| html! { (button) })))
    })
}
