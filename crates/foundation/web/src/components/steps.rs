//! Courses of steps: timelines, task lists, progress.

use std::cmp::Ordering;

use maud::{Markup, Render, html};

use super::{Icon, Tone, tag};

/// How far a step or task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Done.
    Done,
    /// Being worked on.
    Current,
    /// Still to come.
    Waiting,
    /// The clock stands still (special procedure, correction).
    Paused,
    /// Refused, late or failed.
    Problem,
    /// Only described, as in a guide: numbered, without a state.
    Outline,
}

impl StepState {
    fn class(self) -> &'static str {
        match self {
            StepState::Done => "done",
            StepState::Current => "current",
            StepState::Waiting => "waiting",
            StepState::Paused => "paused",
            StepState::Problem => "problem",
            StepState::Outline => "outline",
        }
    }

    fn word(self) -> Option<&'static str> {
        match self {
            StepState::Done => Some("已完成"),
            StepState::Current => Some("进行中"),
            StepState::Waiting => Some("未开始"),
            StepState::Paused => Some("暂停计时"),
            StepState::Problem => Some("有问题"),
            StepState::Outline => None,
        }
    }

    fn icon(self) -> Option<Icon> {
        match self {
            StepState::Done => Some(Icon::Check),
            StepState::Current => Some(Icon::Clock),
            StepState::Waiting | StepState::Outline => None,
            StepState::Paused => Some(Icon::Timer),
            StepState::Problem => Some(Icon::X),
        }
    }
}

/// A step of a [`timeline`]: what, by whom, when, until when.
#[derive(Clone, Debug)]
pub struct TimelineStep {
    title: String,
    state: StepState,
    who: Option<String>,
    when: Option<String>,
    due: Option<String>,
    note: Option<Markup>,
}

impl TimelineStep {
    /// A step and how far it is.
    pub fn new(title: impl Into<String>, state: StepState) -> TimelineStep {
        TimelineStep {
            title: title.into(),
            state,
            who: None,
            when: None,
            due: None,
            note: None,
        }
    }

    /// Who did it or has it now.
    pub fn who(self, who: impl Into<String>) -> TimelineStep {
        TimelineStep {
            who: Some(who.into()),
            ..self
        }
    }

    /// When it was done or began.
    pub fn when(self, when: impl Into<String>) -> TimelineStep {
        TimelineStep {
            when: Some(when.into()),
            ..self
        }
    }

    /// Until when it must be done.
    pub fn due(self, due: impl Into<String>) -> TimelineStep {
        TimelineStep {
            due: Some(due.into()),
            ..self
        }
    }

    /// An opinion, a reason, a document.
    pub fn note(self, note: impl Render) -> TimelineStep {
        TimelineStep {
            note: Some(note.render()),
            ..self
        }
    }
}

/// The course of a case.
pub fn timeline(steps: &[TimelineStep]) -> Markup {
    html! {
        ol class="timeline" {
            @for (index, step) in steps.iter().enumerate() {
                li class={ "timeline__step timeline__step--" (step.state.class()) } {
                    span class="timeline__mark" aria-hidden="true" {
                        @if let Some(icon) = step.state.icon() {
                            (icon)
                        } @else if step.state == StepState::Outline {
                            (index + 1)
                        }
                    }
                    p class="timeline__title" {
                        (step.title) @if let Some(word) = step.state.word() { span class="timeline__state" { (word) } }
                    }
                    @if step.who.is_some() || step.when.is_some() || step.due.is_some() {
                        p class="timeline__meta" {
                            @if let Some(who) = &step.who { span { (who) } }
                            @if let Some(when) = &step.when { span { (when) } }
                            @if let Some(due) = &step.due {
                                span class="timeline__due" { @if step.state != StepState::Outline { "期限 " } (due) }
                            }
                        }
                    }
                    @if let Some(note) = &step.note { div class="timeline__note" { (note) } }
                }
            }
        }
    }
}

/// A task of a long form.
#[derive(Clone, Debug)]
pub struct Task {
    title: String,
    href: Option<String>,
    hint: Option<String>,
    word: Option<&'static str>,
    state: StepState,
}

impl Task {
    /// A task and how far it is; without [`Task::href`] it cannot be begun yet.
    pub fn new(title: impl Into<String>, state: StepState) -> Task {
        Task {
            title: title.into(),
            href: None,
            hint: None,
            word: None,
            state,
        }
    }

    /// Says in other words how far it is, where nothing is filled in.
    pub fn word(self, word: &'static str) -> Task {
        Task { word: Some(word), ..self }
    }

    /// Where it is done.
    pub fn href(self, href: impl Into<String>) -> Task {
        Task {
            href: Some(href.into()),
            ..self
        }
    }

    /// One line of help.
    pub fn hint(self, hint: impl Into<String>) -> Task {
        Task {
            hint: Some(hint.into()),
            ..self
        }
    }
}

/// The tasks of a long form, in any order, each with its state.
pub fn task_list(tasks: &[Task]) -> Markup {
    html! {
        ul class="tasks" {
            @for task in tasks {
                @let (tone, word) = match (task.state, &task.href) {
                    (StepState::Done, _) => (Tone::Good, "已完成"),
                    (StepState::Current, _) => (Tone::Info, "填写中"),
                    (StepState::Problem, _) => (Tone::Alert, "需修改"),
                    (StepState::Waiting | StepState::Paused | StepState::Outline, Some(_)) => (Tone::Neutral, "未填写"),
                    (StepState::Waiting | StepState::Paused | StepState::Outline, None) => (Tone::Neutral, "暂不能填写"),
                };
                li class="tasks__item" {
                    div class="tasks__name" {
                        @if let Some(href) = &task.href { a href=(href) { (task.title) } } @else { span { (task.title) } }
                        @if let Some(hint) = &task.hint { p class="tasks__hint" { (hint) } }
                    }
                    (tag(tone, task.word.unwrap_or(word)))
                }
            }
        }
    }
}

/// Where somebody is in a course of named steps; `current` counts from 0, and equals the number of steps when all are done.
pub fn progress_steps(label: &str, steps: &[&str], current: usize) -> Markup {
    html! {
        nav class="steps" aria-label=(label) {
            p class="steps__short" {
                "第 " (steps.len().min(current + 1)) " 步，共 " (steps.len()) " 步" @if let Some(name) = steps.get(current) {
                    "：" (name)
                }
            }
            ol class="steps__list" {
                @for (index, step) in steps.iter().enumerate() {
                    @let (class, word) = match index.cmp(&current) {
                        Ordering::Less => ("done", "已完成"),
                        Ordering::Equal => ("current", "当前"),
                        Ordering::Greater => ("ahead", "未开始"),
                    };
                    li class={ "steps__item steps__item--" (class) } aria-current=[(index == current).then_some("step")] {
                        span class="steps__mark" aria-hidden="true" {
                            @if index < current { (Icon::Check) } @else { (index + 1) }
                        }
                        span class="steps__name" { (step) span class="govuk-visually-hidden" { "（" (word) "）" } }
                    }
                }
            }
        }
    }
}

/// How far something has come, with its words beside it (`value` of `max`).
pub fn progress_bar(label: &str, value: u64, max: u64) -> Markup {
    html! {
        div class="progress" {
            span class="progress__label" { (label) }
            progress aria-label=(label) value=(value) max=(max.max(1)) {}
            span class="progress__value" { (value) " / " (max) }
        }
    }
}
