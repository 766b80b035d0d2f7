//! A drawing with what happened on it, for pages of any system: shown where scripts run, always beside a list that says the same.

use serde_json::json;
use web::components::*;
use web::{Markup, PreEscaped, html};

use crate::model::course::Course;

/// The page with the script and look of [`diagram`].
#[must_use]
pub fn dress(page: Page) -> Page {
    page.script("diagram.js").style("look-process.css")
}

/// The drawing of a running process, coloured by what happened, with times and people. The page lists the same in words.
#[must_use]
pub fn diagram(label: &str, course: &Course) -> Markup {
    html! {
        (canvas(label, &json!({ "xml": course.xml, "marks": course.marks }), Key::States))
        @if course.suspended_at.is_some() { (warning_text("流程已挂起，恢复后才能继续办理。")) }
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
