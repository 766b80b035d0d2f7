use axum::response::{IntoResponse, Response};
use base::{Error, Result};
use serde_json::{Map, Value};
use web::components::*;
use web::{Ctx, FormData, Markup, PageResult, html};

use crate::model::Stage;
use crate::model::decision::{self, Answer, Example, Input, Outline, Table as Drawn};
use crate::permissions::EDIT;
use crate::service;
use crate::store::{DesignRow, VersionRow};

/// A table before anything was asked.
pub(super) fn begin(ctx: &Ctx, design: &DesignRow, version: &VersionRow) -> PageResult {
    show(ctx, design, version, &FormData::default(), None)
}

/// What comes out, and by which rule; or the example table with one more or one less.
pub(super) async fn answer(ctx: &Ctx, design: &DesignRow, version: &VersionRow, form: &FormData) -> PageResult<Response> {
    let outline = decision::outline(&version.content);
    let input = inputs(&outline, form)?;
    let name = form.text("decision");
    let lock: i32 = form.text("lock").parse().map_err(|_| Error::expired("页面内容不完整，请刷新页面后重新操作。"))?;
    let back = format!("/work/designs/{}/try", design.id);
    let mut examples = version.examples()?;
    match form.text("act").split_once(':') {
        Some(("drop", at)) => {
            let at: usize = at.parse().ok().filter(|at| *at < examples.len()).ok_or_else(|| Error::not_found("没有这个样例，可能已经删除。"))?;
            examples.remove(at);
            service::save_examples(ctx, ctx.actor(), design.id, lock, &examples).await?;
            Ok(ctx.redirect_saying(&back, "已删除样例。"))
        }
        Some(("keep", _)) => {
            let expected = decision::answer(&version.content, name, &input).map_err(|text| Error::refused("designs.trial", text))?.value;
            examples.push(Example { decision: name.to_owned(), input, expected });
            service::save_examples(ctx, ctx.actor(), design.id, lock, &examples).await?;
            Ok(ctx.redirect_saying(&back, "已存为样例，以后每次提交审核都要通过它。"))
        }
        _ => Ok(show(ctx, design, version, form, Some(decision::answer(&version.content, name, &input)))?.into_response()),
    }
}

/// Names of form fields: the inputs by their place, as their names may be anything.
fn field(at: usize) -> String {
    format!("input_{at}")
}

fn inputs(outline: &Outline, form: &FormData) -> Result<Map<String, Value>> {
    let mut input = Map::new();
    for (at, asked) in outline.inputs.iter().enumerate() {
        let typed = form.text(&field(at));
        if typed.is_empty() {
            continue;
        }
        decision::put(&mut input, &asked.name, asked.read(typed).map_err(|text| Error::field(field(at), text))?);
    }
    Ok(input)
}

fn show(ctx: &Ctx, design: &DesignRow, version: &VersionRow, form: &FormData, answer: Option<std::result::Result<Answer, String>>) -> PageResult {
    let id = design.id;
    let outline = decision::outline(&version.content);
    let edits = version.stage() == Stage::Draft && ctx.actor().may(EDIT, &design.target());
    let decided = match form.text("decision") {
        "" => outline.decisions.last().map_or("", String::as_str),
        named => named,
    };
    let choices: Vec<Choice> = outline.decisions.iter().map(|name| Choice::new(name.as_str(), name.as_str())).collect();
    let hits = match &answer {
        Some(Ok(answer)) => answer.hits.as_slice(),
        _ => &[],
    };
    let asking = ctx.form(format!("/work/designs/{id}/try")).body(html! {
        (hidden("lock", &version.lock.to_string()))
        @if outline.decisions.len() > 1 { (select(&Field::new("decision", "试哪个决策").value(decided), &choices)) } @else { (hidden("decision", decided)) }
        @for (at, input) in outline.inputs.iter().enumerate() { (one(at, input, form.text(&field(at)))) }
        @if outline.inputs.is_empty() { p { "这张表还没有条件列。请先在表里加一列条件，写上它看的是哪一项。" } }
        (Button::primary("看结果").name("act", "try").icon(Icon::Eye))
        @match &answer {
            Some(Ok(answer)) => {
                (panel("结果", None, html! { p class="result" { (answer.json) } @if !answer.reason.is_empty() { p { (answer.reason) } } }))
                @if edits { (Button::secondary("结果正确，存为样例").name("act", "keep:").icon(Icon::Check)) }
            }
            Some(Err(text)) => (warning_text(text)),
            None => {}
        }
    });
    let main = html! {
        (section("填写输入", None, asking))
        @for drawn in &outline.tables {
            @let hit: Vec<usize> = hits.iter().filter(|(element, _)| *element == drawn.element).map(|(_, number)| *number).collect();
            (section(&drawn.name, None, table(drawn, &hit)))
        }
    };
    let body = html! {
        (PageHeading::new("试运行").caption(format!("{} 第 {} 版", design.name, version.number)).lede("填一种情况，看得出什么结论、命中哪条规则。"))
        (two_columns(main, section("样例", None, examples(ctx, design, version, edits)?)))
    };
    let page = ctx.workbench("试运行").crumb("流程与表单", "/work/designs").crumb(design.name.clone(), format!("/work/designs/{id}"));
    Ok(page.style("look-decision.css").body(body).document())
}

fn one(at: usize, input: &Input, value: &str) -> Markup {
    let boxed = Field::new(field(at), input.label.as_str()).value(value).required(false);
    if !input.choices.is_empty() {
        let mut choices = vec![Choice::new("", "不填")];
        choices.extend(input.choices.iter().map(|choice| Choice::new(choice.as_str(), choice.as_str())));
        return select(&boxed, &choices);
    }
    match input.kind.as_str() {
        "boolean" => select(&boxed, &[Choice::new("", "不填"), Choice::new("true", "是"), Choice::new("false", "否")]),
        "number" => text_input(&boxed.inputmode("decimal").width(Width::Chars10)),
        "date" => text_input(&boxed.hint("例如 2026-11-24").width(Width::Chars10)),
        _ => text_input(&boxed),
    }
}

/// A decision table to read, with the rules that matched.
pub(super) fn table(drawn: &Drawn, hits: &[usize]) -> Markup {
    let mut columns = vec![Column::new("规则")];
    columns.extend(drawn.columns.iter().enumerate().map(|(n, name)| Column::new(format!("{}{name}", if n < drawn.conditions { "" } else { "→ " }))));
    let rows = drawn.rules.iter().enumerate().map(|(n, rule)| {
        let hit = hits.contains(&(n + 1));
        let first = TableRow::new().marked(hit).cell(html! { (n + 1) @if hit { " " (tag(Tone::Good, "命中")) } });
        rule.cells.iter().fold(first, |row, cell| row.cell(if cell.is_empty() { "—" } else { cell.as_str() }))
    });
    Table::new(drawn.name.as_str(), columns).hide_caption().compact(true).rows(rows).render()
}

fn examples(ctx: &Ctx, design: &DesignRow, version: &VersionRow, edits: bool) -> Result<Markup> {
    let kept = version.examples()?;
    let said = |input: &Map<String, Value>| input.iter().map(|(name, value)| format!("{name} = {value}")).collect::<Vec<_>>().join("，");
    let passes = |example: &Example| decision::answer(&version.content, &example.decision, &example.input).is_ok_and(|answer| decision::same(&answer.value, &example.expected));
    Ok(html! {
        @if kept.is_empty() { p { "还没有样例。结果正确的情况请存为样例：提交审核前全部样例都要通过，以后改表时也靠它们发现改坏了什么。" } }
        @for (at, example) in kept.iter().enumerate() {
            (card(html! {
                p { @if passes(example) { (tag(Tone::Good, "通过")) } @else { (tag(Tone::Alert, "没有通过")) } " " (said(&example.input)) }
                p { "应为 " (example.expected) }
                @if edits {
                    (ctx.form(format!("/work/designs/{}/try", design.id)).inline().body(html! {
                        (hidden("lock", &version.lock.to_string()))
                        (hidden("decision", &example.decision))
                        (Button::link("删除").name("act", format!("drop:{at}")))
                    }))
                }
            }))
        }
    })
}
