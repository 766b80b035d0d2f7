//! A drawing with what happened on it, for pages of any system: the diagram where scripts run, and always a list beside it.

use serde_json::json;
use web::components::*;
use web::{Markup, PreEscaped, html};

use crate::model::engine::{Drawing, NodeKind};
use crate::model::{Mark, MarkState};

/// The page with the script and look of [`diagram`]; without them the list still says everything.
#[must_use]
pub fn dress(page: Page) -> Page {
    page.script("diagram.js").style("look-process.css")
}

/// The diagram of a process for staff: coloured by what happened, with times, people and comments in the list below.
#[must_use]
pub fn diagram(label: &str, xml: &str, marks: &[Mark]) -> Markup {
    html! {
        (canvas(label, &json!({ "xml": xml, "marks": marks }), Key::States))
        (details_open(false, "办理经过（文字）", steps(xml, marks, true)))
    }
}

/// What the colours of a figure say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    /// Nothing is coloured.
    None,
    /// How far a run has come.
    States,
    /// How two versions differ.
    Changes,
}

impl Key {
    fn signs(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::None => &[],
            Self::States => &[("done", "已完成"), ("waiting", "正在办理"), ("cancelled", "已取消"), ("stuck", "无法继续")],
            Self::Changes => &[("added", "新增"), ("removed", "删去"), ("changed", "改动")],
        }
    }
}

/// The figure alone; `data` is read by the island of the page.
pub(crate) fn canvas(label: &str, data: &serde_json::Value, key: Key) -> Markup {
    html! {
        figure class="diagram" data-diagram {
            // Scripts fill the figure; `<` is written so that no text in a drawing can end the data.
            script type="application/json" { (PreEscaped(data.to_string().replace('<', "\\u003c"))) }
            div class="diagram__canvas" role="group" aria-label=(label) {}
            @if key != Key::None {
                figcaption class="diagram__key" { @for (sign, name) in key.signs() { span class={ "diagram__sign diagram__sign--" (sign) } { (name) } } }
            }
        }
    }
}

/// The steps people did or do, in words. `people` adds who did it and what they said: staff see that, applicants do not.
#[must_use]
pub fn steps(xml: &str, marks: &[Mark], people: bool) -> Markup {
    let drawing = Drawing::read(xml).ok();
    let shown = marks.iter().filter_map(|mark| {
        let node = drawing.as_ref()?.node(&mark.element)?;
        // What the program does by itself, and gateways, mean nothing to an applicant.
        let told = node.kind == NodeKind::UserTask || (people && !node.name.is_empty()) || matches!(node.kind, NodeKind::Start | NodeKind::End);
        told.then(|| step(node.label(), mark, people))
    });
    let shown: Vec<TimelineStep> = shown.collect();
    html! { @if shown.is_empty() { p { "还没有开始。" } } @else { (timeline(&shown)) } }
}

fn step(label: &str, mark: &Mark, people: bool) -> TimelineStep {
    let state = match mark.state {
        MarkState::Done => StepState::Done,
        MarkState::Waiting => StepState::Current,
        MarkState::Cancelled => StepState::Paused,
        MarkState::Stuck => StepState::Problem,
    };
    let mut step = TimelineStep::new(label, state);
    if !mark.at.is_empty() {
        step = step.when(mark.at.clone());
    }
    if people && !mark.who.is_empty() {
        step = step.who(mark.who.clone());
    }
    if people && !mark.comment.is_empty() {
        step = step.note(mark.comment.as_str());
    }
    step
}
