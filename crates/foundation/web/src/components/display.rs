//! Small pieces of a page: tags, lights, banners, panels, details, tabs, empty states.

use maud::{Markup, Render, html};

use super::{Button, Icon};

/// What a colour means. It never stands alone: a word, and for messages an icon, says the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to note.
    #[default]
    Neutral,
    /// In progress, for information.
    Info,
    /// Done, granted, on time.
    Good,
    /// Needs attention soon.
    Caution,
    /// Wrong, refused, late.
    Alert,
    /// Late by law.
    Grave,
}

impl Tone {
    pub(super) fn class(self) -> &'static str {
        match self {
            Tone::Neutral => "neutral",
            Tone::Info => "info",
            Tone::Good => "good",
            Tone::Caution => "caution",
            Tone::Alert => "alert",
            Tone::Grave => "grave",
        }
    }

    pub(super) fn icon(self) -> Icon {
        match self {
            Tone::Neutral | Tone::Info => Icon::Info,
            Tone::Good => Icon::CircleCheck,
            Tone::Caution => Icon::TriangleAlert,
            Tone::Alert | Tone::Grave => Icon::CircleAlert,
        }
    }
}

/// A state in one word: `tag(Tone::Good, "已办结")`.
pub fn tag(tone: Tone, label: &str) -> Markup {
    html! { strong class={ "tag tag--" (tone.class()) } { (label) } }
}

/// A number that waits for somebody, read out with what it counts: `badge(3, "件待办")`. Nothing at zero; `99+` at most.
pub fn badge(count: u64, unit: &str) -> Markup {
    html! {
        @if count > 0 {
            span class="badge" {
                @if count > 99 { "99+" } @else { (count) } span class="govuk-visually-hidden" { (unit) }
            }
        }
    }
}

/// A supervision light. What switches it is a rule of `supervision`; here are only colour, shape and word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Light {
    /// In time.
    Green,
    /// The promised limit is near.
    Yellow,
    /// The promised limit has passed.
    Red,
    /// The limit of the law has passed.
    Purple,
}

/// A light as colour, shape (disc, triangle, square, diamond) and word; `note` adds what is left, for instance
/// `working_days_left(3)`.
pub fn light(light: Light, note: Option<&str>) -> Markup {
    let word = match light {
        Light::Green => "正常",
        Light::Yellow => "临期",
        Light::Red => "超承诺期限",
        Light::Purple => "超法定期限",
    };
    light_saying(light, word, note)
}

/// The same with a word of its own, where the limit is not that of a whole case.
pub fn light_saying(light: Light, word: &str, note: Option<&str>) -> Markup {
    let class = match light {
        Light::Green => "green",
        Light::Yellow => "yellow",
        Light::Red => "red",
        Light::Purple => "purple",
    };
    html! {
        span class={ "light light--" (class) } {
            svg class="light__shape" viewBox="0 0 16 16" aria-hidden="true" focusable="false" {
                @match light {
                    Light::Green => circle cx="8" cy="8" r="6" {},
                    Light::Yellow => path d="M8 1.5 15 14H1z" {},
                    Light::Red => rect x="2" y="2" width="12" height="12" rx="1" {},
                    Light::Purple => path d="M8 .5 15.5 8 8 15.5.5 8z" {},
                }
            }
            span { (word) @if let Some(note) = note { span class="light__note" { "，" (note) } } }
        }
    }
}

/// The end of a successful act: what happened, the number to keep (with a button to copy it) and what comes next.
pub fn panel(title: &str, number: Option<(&str, &str)>, next: impl Render) -> Markup {
    html! {
        section class="panel" {
            div class="panel__sign" { (Icon::Check) }
            h1 class="panel__title" { (title) }
            @if let Some((label, number)) = number {
                p class="panel__label" { (label) }
                p class="panel__number" { span id="panel-number" { (number) } (copy_button("panel-number", "复制编号")) }
            }
            div class="panel__next" { (next) }
        }
    }
}

/// Copies the text of the element with that id; it only shows where scripts run.
pub fn copy_button(target_id: &str, label: &str) -> Markup {
    html! {
        button type="button" class="button button--link button--small" data-copy=(target_id) hidden {
            (Icon::Copy) (label)
        }
    }
}

/// A message about the page as a whole. Alerts are read out at once.
pub fn notification_banner(tone: Tone, title: &str, content: impl Render) -> Markup {
    let role = if matches!(tone, Tone::Alert | Tone::Grave) {
        "alert"
    } else {
        "region"
    };
    html! {
        div class={ "banner banner--" (tone.class()) } role=(role) aria-label=(title) {
            (tone.icon())
            div class="banner__text" { p class="banner__title" { (title) } div class="banner__body" { (content) } }
        }
    }
}

/// What the last act did, in one line: `flash(Tone::Good, "已保存。")`. [`super::Page::flash`] shows it above the content.
pub fn flash(tone: Tone, text: &str) -> Markup {
    let word = match tone {
        Tone::Good => "已完成：",
        Tone::Neutral | Tone::Info => "提示：",
        Tone::Caution => "请注意：",
        Tone::Alert | Tone::Grave => "没有完成：",
    };
    let role = if matches!(tone, Tone::Alert | Tone::Grave) {
        "alert"
    } else {
        "status"
    };
    html! {
        div class={ "banner banner--line banner--" (tone.class()) } role=(role) {
            (tone.icon()) p class="banner__title" { span class="govuk-visually-hidden" { (word) } (text) }
        }
    }
}

/// A sentence with consequences: `warning_text("提交后不能再修改。")`.
pub fn warning_text(text: impl Render) -> Markup {
    html! {
        div class="warning-text" {
            (Icon::TriangleAlert) p { strong { span class="govuk-visually-hidden" { "注意：" } (text) } }
        }
    }
}

/// Set apart: an example, a quotation from the law, a result.
pub fn inset(content: impl Render) -> Markup {
    html! { div class="inset" { (content) } }
}

/// More for those who want it, folded away; all of it prints.
pub fn details(summary: &str, content: impl Render) -> Markup {
    details_open(false, summary, content)
}

/// The same, unfolded from the start when a form inside came back with errors.
pub fn details_open(open: bool, summary: &str, content: impl Render) -> Markup {
    html! {
        details class="details" open[open] {
            summary class="details__summary" { (Icon::ChevronRight) (summary) } div class="details__body" { (content) }
        }
    }
}

/// Views of one thing side by side; without scripts they stand below each other. Ids must be unique on the page.
pub fn tabs(label: &str, tabs: &[(&str, &str, Markup)]) -> Markup {
    html! {
        div class="govuk-tabs" data-module="govuk-tabs" {
            h2 class="govuk-tabs__title" { (label) }
            ul class="govuk-tabs__list" {
                @for (index, (id, title, _)) in tabs.iter().enumerate() {
                    li class={ "govuk-tabs__list-item" @if index == 0 { " govuk-tabs__list-item--selected" } } {
                        a class="govuk-tabs__tab" href={ "#" (id) } { (title) }
                    }
                }
            }
            @for (index, (id, _, content)) in tabs.iter().enumerate() {
                div class={ "govuk-tabs__panel" @if index > 0 { " govuk-tabs__panel--hidden" } } id=(id) { (content) }
            }
        }
    }
}

/// Nothing here yet: why, and a way on.
pub fn empty_state(icon: Icon, title: &str, text: &str, action: Option<Button>) -> Markup {
    html! {
        div class="empty" {
            div class="empty__sign" { (icon) }
            p class="empty__title" { (title) }
            p class="empty__text" { (text) }
            @if let Some(action) = action { (action) }
        }
    }
}

/// A moment, readable by people and machines: `time_of("2026-11-24T16:05:00+08:00", "2026年11月24日 16:05")`.
pub fn time_of(machine: &str, shown: &str) -> Markup {
    html! { time datetime=(machine) { (shown) } }
}

/// A telephone number that a phone can dial: `telephone("0773-5625225")`.
pub fn telephone(number: &str) -> Markup {
    let dial: String = number
        .chars()
        .filter(|sign| sign.is_ascii_digit() || *sign == '+')
        .collect();
    html! { a class="telephone" href={ "tel:" (dial) } { (Icon::Phone) (number) } }
}
