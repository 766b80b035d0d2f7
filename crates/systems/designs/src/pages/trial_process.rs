use base::Error;
use serde_json::{Map, Value, json};
use web::components::*;
use web::{Ctx, FormData, Markup, PageResult, html};

use super::words::posts;
use crate::model::{Move, Trial, Waiting};
use crate::store::{DesignRow, VersionRow};
use crate::view as drawing;

/// What an applicant's case would bring along.
const SAMPLE: &str = "{\n  \"correction_days\": 15\n}";

/// A process before its first move.
pub(super) fn begin(ctx: &Ctx, design: &DesignRow, version: &VersionRow) -> PageResult {
    show(ctx, design, version, SAMPLE, Vec::new())
}

/// The moves so far and one more. Nothing is kept: the page carries the whole trial.
pub(super) fn play(ctx: &Ctx, design: &DesignRow, version: &VersionRow, form: &FormData) -> PageResult {
    let damaged = || Error::expired("页面内容不完整，请重新开始试运行。");
    let mut moves: Vec<Move> = match form.text("moves") {
        "" => Vec::new(),
        text => serde_json::from_str(text).map_err(|_| damaged())?,
    };
    match form.text("act") {
        "back" => drop(moves.pop()),
        "again" => moves.clear(),
        text => moves.push(serde_json::from_str(text).map_err(|_| damaged())?),
    }
    show(ctx, design, version, form.text("sample"), moves)
}

fn show(ctx: &Ctx, design: &DesignRow, version: &VersionRow, sample: &str, moves: Vec<Move>) -> PageResult {
    let id = design.id;
    let (played, sample_error) = match serde_json::from_str::<Map<String, Value>>(sample) {
        Ok(data) => (Trial::play(&version.content, &data, &moves), None),
        Err(_) => (Trial::play(&version.content, &Map::new(), &[]), Some("示例数据要写成 JSON 对象，例如 {\"amount\": 500}。")),
    };
    let (marks, main) = match &played {
        Ok(trial) => (trial.marks.as_slice(), waiting_part(trial)),
        Err(error) => (&[][..], warning_text(error.message())),
    };
    let form = ctx.form(format!("/work/designs/{id}/try")).body(html! {
        (hidden("moves", &serde_json::to_string(&moves)?))
        (main)
        (button_row([
            html! { (Button::secondary("退一步").name("act", "back").icon(Icon::Undo2).disabled(moves.is_empty())) },
            html! { (Button::secondary("重新开始").name("act", "again").icon(Icon::RefreshCw)) },
        ]))
        (details_open(sample_error.is_some(), "示例数据", textarea(&Field::new("sample", "流程一开始就知道的数据").hint("改了以后点“重新开始”").value(sample).rows(4).error(sample_error))))
    });
    let story = html! {
        @if let Ok(trial) = &played {
            ol class="story" { @for group in &trial.story { li { @for (n, line) in group.iter().enumerate() { @if n > 0 { "；" } (line) } @if group.is_empty() { "没有变化" } } } }
            (details("流程里的数据", html! { pre { (serde_json::to_string_pretty(&trial.variables)?) } }))
        }
    };
    let body = html! {
        (PageHeading::new("试运行").caption(format!("{} 第 {} 版", design.name, version.number)).lede("用示例数据一步一步走一遍。不会产生办件，也不会通知任何人。"))
        (drawing::canvas(&format!("{}流程图", design.name), &json!({ "xml": version.content, "marks": marks }), drawing::Key::States))
        (two_columns(section("现在到了", None, form), section("经过", None, story)))
    };
    let page = ctx.workbench("试运行").crumb("流程与表单", "/work/designs").crumb(design.name.clone(), format!("/work/designs/{id}")).wide();
    Ok(drawing::dress(page).body(body).document())
}

fn waiting_part(trial: &Trial) -> Markup {
    html! {
        @if trial.ended { (notification_banner(Tone::Good, "流程结束", html! { p { "这条路走通了。可以退一步试试别的结论。" } })) }
        @for waiting in &trial.waiting { (card(one(waiting))) }
    }
}

fn one(waiting: &Waiting) -> Markup {
    let act = |next: &Move, label: String, icon: Icon| Button::secondary(label).name("act", serde_json::to_string(next).unwrap_or_default()).icon(icon);
    let token = waiting.token;
    html! {
        (subheading(&waiting.label))
        @if !waiting.permission.is_empty() { p { "由" (posts(&waiting.permission)) "办理。" } }
        @if let Some(topic) = &waiting.topic {
            @if waiting.results.is_empty() {
                p { "系统自动办理" @if !topic.is_empty() { "（" code { (topic) } "）" } "。" }
                (act(&Move::Served { token, result: None }, "自动办理完成".into(), Icon::Zap))
            } @else {
                p { "由决策表判定。假设它得出：" }
                (button_row(waiting.results.iter().map(|result| html! { (act(&Move::Served { token, result: Some(result.clone()) }, format!("得出“{result}”"), Icon::Zap)) })
                    .chain([html! { (act(&Move::Served { token, result: None }, "其他结论".into(), Icon::Zap)) }])))
            }
        }
        (button_row(waiting.answers.iter().map(|(value, name)| {
            let next = Move::Complete { token, outcome: value.clone(), variables: Map::new() };
            html! { (act(&next, name.clone(), Icon::Check)) }
        }).chain(waiting.events.iter().map(|(event, name)| {
            html! { (act(&Move::Happened { token, event: event.clone() }, name.clone(), Icon::Timer)) }
        }))))
        @if waiting.answers.is_empty() && waiting.topic.is_none() && waiting.events.is_empty() { p { "在等其他分支。" } }
    }
}
