//! Facts, cards, links and files.

use maud::{Markup, Render, html};

use super::Icon;

/// One fact of a [`summary_list`].
#[derive(Clone, Debug)]
pub struct Fact {
    key: String,
    value: Markup,
    change: Option<(String, String)>,
}

impl Fact {
    /// A fact and its value: `Fact::new("申请人", "李某某")`.
    pub fn new(key: impl Into<String>, value: impl Render) -> Fact {
        Fact {
            key: key.into(),
            value: value.render(),
            change: None,
        }
    }

    /// A link to change it (check-your-answers).
    pub fn change(self, href: impl Into<String>) -> Fact {
        self.action("修改", href)
    }

    /// Another link beside the value.
    pub fn action(self, verb: impl Into<String>, href: impl Into<String>) -> Fact {
        Fact {
            change: Some((verb.into(), href.into())),
            ..self
        }
    }
}

/// Facts below each other. An empty value shows as 未填写.
pub fn summary_list(facts: &[Fact]) -> Markup {
    html! {
        dl class="facts" {
            @for fact in facts {
                div class="facts__row" {
                    dt class="facts__key" { (fact.key) }
                    dd class="facts__value" {
                        @if fact.value.0.is_empty() { span class="muted" { "未填写" } } @else { (fact.value) }
                    }
                    @if let Some((verb, href)) = &fact.change {
                        dd class="facts__action" {
                            a href=(href) { (verb) span class="govuk-visually-hidden" { (fact.key) } }
                        }
                    }
                }
            }
        }
    }
}

/// Facts beside each other, for the head of a case on the workbench.
pub fn fact_strip(facts: &[Fact]) -> Markup {
    html! {
        dl class="strip" {
            @for fact in facts { div class="strip__item" { dt { (fact.key) } dd { (fact.value) } } }
        }
    }
}

/// A card that leads somewhere.
#[derive(Clone, Debug)]
pub struct Card {
    title: String,
    href: String,
    icon: Option<Icon>,
    text: Option<String>,
}

impl Card {
    /// A card and where it leads.
    pub fn new(title: impl Into<String>, href: impl Into<String>) -> Card {
        Card {
            title: title.into(),
            href: href.into(),
            icon: None,
            text: None,
        }
    }

    /// Its sign.
    pub fn icon(self, icon: Icon) -> Card {
        Card {
            icon: Some(icon),
            ..self
        }
    }

    /// One line more.
    pub fn text(self, text: impl Into<String>) -> Card {
        Card {
            text: Some(text.into()),
            ..self
        }
    }
}

/// Small tiles with icons: themes, departments.
pub fn icon_grid(cards: &[Card]) -> Markup {
    html! {
        ul class="icon-grid" {
            @for card in cards {
                li {
                    a class="icon-grid__item" href=(card.href) {
                        span class="icon-grid__sign" { (card.icon.unwrap_or(Icon::FileText)) } span { (card.title) }
                    }
                }
            }
        }
    }
}

/// Larger cards with a sentence: 一件事, services.
pub fn card_grid(cards: &[Card]) -> Markup {
    html! {
        ul class="card-grid" {
            @for card in cards {
                li { a class="card-grid__item" href=(card.href) {
                    @if let Some(icon) = card.icon { span class="card-grid__sign" { (icon) } }
                    span class="card-grid__words" {
                        span class="card-grid__title" { (card.title) }
                        @if let Some(text) = &card.text { span class="card-grid__text" { (text) } }
                    }
                } }
            }
        }
    }
}

/// Plain links below each other with something small at the end (a date, a department).
pub fn link_list(links: &[(&str, &str, &str)]) -> Markup {
    html! {
        ul class="link-list" {
            @for (title, href, note) in links {
                li { a href=(href) { (title) } @if !note.is_empty() { span class="link-list__note" { (note) } } }
            }
        }
    }
}

/// A file of a [`file_list`].
#[derive(Clone, Debug)]
pub struct FileEntry {
    name: String,
    href: Option<String>,
    note: Option<String>,
    mark: Option<Markup>,
    actions: Option<Markup>,
}

impl FileEntry {
    /// A file or material by name.
    pub fn new(name: impl Into<String>) -> FileEntry {
        FileEntry {
            name: name.into(),
            href: None,
            note: None,
            mark: None,
            actions: None,
        }
    }

    /// Where it can be opened.
    pub fn href(self, href: impl Into<String>) -> FileEntry {
        FileEntry {
            href: Some(href.into()),
            ..self
        }
    }

    /// Format, size, source: `PDF，1.2 MB，申请人上传`.
    pub fn note(self, note: impl Into<String>) -> FileEntry {
        FileEntry {
            note: Some(note.into()),
            ..self
        }
    }

    /// A tag: `tag(Tone::Good, "免交")`.
    pub fn mark(self, mark: Markup) -> FileEntry {
        FileEntry {
            mark: Some(mark),
            ..self
        }
    }

    /// Buttons at the end of the row.
    pub fn actions(self, actions: Markup) -> FileEntry {
        FileEntry {
            actions: Some(actions),
            ..self
        }
    }
}

/// Files or materials, with what may be done with each.
pub fn file_list(files: &[FileEntry]) -> Markup {
    html! {
        ul class="files" {
            @for file in files {
                li class="files__item" {
                    (Icon::FileText)
                    div class="files__words" {
                        p class="files__name" {
                            @if let Some(href) = &file.href { a href=(href) { (file.name) } } @else { (file.name) }
                        }
                        @if let Some(note) = &file.note { p class="files__note" { (note) } }
                    }
                    @if let Some(mark) = &file.mark { (mark) }
                    @if let Some(actions) = &file.actions { div class="files__actions" { (actions) } }
                }
            }
        }
    }
}
