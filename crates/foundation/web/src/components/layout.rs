//! How the parts of a page stand to each other.

use maud::{Markup, Render, html};

use super::{Button, Fact, Form, Icon, Tone, tag};

/// The heading of a page: what it is, in a sentence more, and what can be done with it as a whole.
#[derive(Clone, Debug)]
pub struct PageHeading {
    title: String,
    caption: Option<String>,
    lede: Option<Markup>,
    mark: Option<Markup>,
    actions: Vec<Button>,
}

impl PageHeading {
    /// The one `h1` of the page.
    pub fn new(title: impl Into<String>) -> PageHeading {
        PageHeading {
            title: title.into(),
            caption: None,
            lede: None,
            mark: None,
            actions: Vec::new(),
        }
    }

    /// A small line above: the kind of page or the case number.
    pub fn caption(self, caption: impl Into<String>) -> PageHeading {
        PageHeading {
            caption: Some(caption.into()),
            ..self
        }
    }

    /// A sentence below.
    pub fn lede(self, lede: impl Render) -> PageHeading {
        PageHeading {
            lede: Some(lede.render()),
            ..self
        }
    }

    /// A tag or light beside the title.
    pub fn mark(self, mark: Markup) -> PageHeading {
        PageHeading {
            mark: Some(mark),
            ..self
        }
    }

    /// A button at the end.
    pub fn action(mut self, button: Button) -> PageHeading {
        self.actions.push(button);
        self
    }
}

impl Render for PageHeading {
    fn render(&self) -> Markup {
        html! {
            div class="heading" {
                div class="heading__words" {
                    @if let Some(caption) = &self.caption { p class="heading__caption" { (caption) } }
                    div class="heading__line" {
                        h1 class="heading__title" { (self.title) } @if let Some(mark) = &self.mark { (mark) }
                    }
                    @if let Some(lede) = &self.lede { p class="heading__lede" { (lede) } }
                }
                @if !self.actions.is_empty() {
                    div class="heading__actions" { @for button in &self.actions { (button) } }
                }
            }
        }
    }
}

/// A part of a page under its own `h2`, on a white card. `more` is a link at the end of the heading: (label, address).
pub fn section(title: &str, more: Option<(&str, &str)>, content: impl Render) -> Markup {
    html! {
        section class="section" {
            div class="section__head" {
                h2 class="section__title" { (title) }
                @if let Some((label, href)) = more {
                    a class="section__more" href=(href) {
                        (label) span class="govuk-visually-hidden" { "：" (title) } (Icon::ChevronRight)
                    }
                }
            }
            (content)
        }
    }
}

/// A white card without a heading, for a list whose page heading says enough.
pub fn card(content: impl Render) -> Markup {
    html! { div class="section" { (content) } }
}

/// A part of a page under its own `h2`, without a card of its own; for parts of a [`narrow`] page.
pub fn part(title: &str, content: impl Render) -> Markup {
    html! { section class="part" { h2 class="subheading" { (title) } (content) } }
}

/// A sub-heading within a section.
pub fn subheading(title: &str) -> Markup {
    html! { h3 class="subheading" { (title) } }
}

/// Running text.
pub fn prose(content: impl Render) -> Markup {
    html! { div class="prose" { (content) } }
}

/// A wide column and a narrow one beside it; below each other on a phone.
pub fn two_columns(main: Markup, side: Markup) -> Markup {
    html! {
        div class="columns columns--side" { div class="columns__main" { (main) } aside class="columns__side" { (side) } }
    }
}

/// Two equal columns, for comparing: material on the left, opinion on the right.
pub fn side_by_side(left: Markup, right: Markup) -> Markup {
    html! { div class="columns columns--even" { div { (left) } div { (right) } } }
}

/// A narrow column for pages that ask.
pub fn narrow(content: Markup) -> Markup {
    html! { div class="narrow" { (content) } }
}

/// A way back to the page before: `back_link("返回办件列表", "/work")`.
pub fn back_link(label: &str, href: &str) -> Markup {
    html! { a class="back-link" href=(href) { (Icon::ArrowLeft) (label) } }
}

/// The answers of a guide at one glance: 能不能办、要什么、多久、多少钱、去哪办、出什么.
pub fn answers(answers: &[(Icon, Fact)]) -> Markup {
    html! {
        div class="answers" {
            @for (icon, fact) in answers {
                div class="answers__item" { (icon) (super::fact_strip(std::slice::from_ref(fact))) }
            }
        }
    }
}

/// Filters above a list. They fold away on a phone; what is set shows as tags that can be taken off, as (label, address without it).
pub fn filter_panel(action: &str, fields: Markup, set: &[(&str, &str)], clear_href: &str) -> Markup {
    html! {
        div class="filter" {
            details class="filter__fold" open[set.is_empty()] {
                summary class="filter__summary" {
                    (Icon::Filter) "筛选" @if !set.is_empty() { (tag(Tone::Info, &format!("{} 项", set.len()))) }
                }
                (Form::get(action).body(html! {
                    div class="filter__fields" {
                        (fields) div class="filter__buttons" {
                            (Button::secondary("应用筛选")) (Button::link("清除").href(clear_href))
                        }
                    }
                }))
            }
            @if !set.is_empty() {
                ul class="filter__set" aria-label="已选条件" {
                    @for (label, href) in set {
                        li {
                            a class="chip" href=(href) {
                                (label) (Icon::X) span class="govuk-visually-hidden" { "，去掉这个条件" }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Saved filters as a row of links, the current one marked: (label, address, count, current).
pub fn saved_filters(label: &str, filters: &[(&str, &str, u64, bool)]) -> Markup {
    html! {
        nav class="views" aria-label=(label) {
            ul { @for (name, href, count, current) in filters {
                li {
                    a class="views__item" href=(href) aria-current=[current.then_some("page")] {
                        (name) span class="views__count" { (count) }
                    }
                }
            } }
        }
    }
}

/// Rarer acts behind one button.
pub fn menu(label: &str, buttons: impl IntoIterator<Item = Markup>) -> Markup {
    html! {
        details class="menu" {
            summary class="button button--secondary" { (label) (Icon::ChevronDown) }
            ul class="menu__list" { @for button in buttons { li { (button) } } }
        }
    }
}

/// A document shown in the page, with a way to open it by itself. `href` must be served by this site.
pub fn document_viewer(title: &str, href: &str, media_type: &str) -> Markup {
    html! {
        figure class="viewer" {
            figcaption class="viewer__bar" {
                span class="viewer__name" { (Icon::FileText) (title) }
                a href=(href) target="_blank" rel="noopener" { "新窗口打开" (Icon::ExternalLink) }
            }
            @if media_type.starts_with("image/") {
                div class="viewer__image" { img src=(href) alt=(title); }
            } @else {
                iframe class="viewer__frame" src=(href) title=(title) loading="lazy" {}
            }
        }
    }
}

/// What the keyboard does in lists, folded away below them.
pub fn keyboard_help() -> Markup {
    html! {
        details class="keyboard" {
            summary { (Icon::Keyboard) "键盘操作" }
            dl {
                div { dt { kbd { "j" } " " kbd { "k" } } dd { "下一行、上一行" } }
                div { dt { kbd { "Enter" } } dd { "打开这一行" } }
                div { dt { kbd { "/" } } dd { "到搜索框" } }
                div { dt { kbd { "?" } } dd { "打开这份说明" } }
            }
        }
    }
}
