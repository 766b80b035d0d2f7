//! Draws what a form shows.

use forms::{Answers, Choice as Option_, CodeLists, Component, ComponentKind, Moment, Node, Options, Page, TextKind, View, plain_text};
use maud::{Markup, Render, html};
use serde_json::Value;
use web::components::{
    Arrangement, Button, Choice, DateParts, Fact, Field, Icon, Width, checkbox, checkboxes, checkboxes_arranged, date_input, hidden, inline_error, inset, radios, select,
    summary_list, text_input, textarea,
};

use crate::summary::{lines, table};

/// More choices than this are drawn small.
const MANY: usize = 12;

/// The id of the element for an answer.
#[must_use]
pub fn element_id(prefix: &str, path: &str) -> String {
    let path: String = path.chars().filter(|c| *c != ']').map(|c| if matches!(c, '[' | '.') { '-' } else { c }).collect();
    format!("{prefix}{path}")
}

/// How a form is drawn.
pub struct Draw<'a> {
    /// Text as typed, which goes before typed values.
    pub typed: &'a Answers,
    /// Messages by path.
    pub errors: &'a [(String, String)],
    /// Stands before every name.
    pub prefix: &'a str,
    /// Code lists, to show what is read-only.
    pub lists: &'a dyn CodeLists,
    /// Says where a prefilled answer comes from.
    pub source: &'a dyn Fn(&Component) -> Option<&'static str>,
    /// Where the files of a material are handed in.
    pub materials: &'a dyn Fn(&str) -> Option<String>,
}

impl Draw<'_> {
    /// The fields of a page. A button nobody sees comes first, so that the Enter key goes on instead of removing a row.
    pub fn page(&self, view: &View<'_>, page: &Page<'_>) -> Markup {
        let follows = page.components.iter().any(Component::follows_answers);
        html! {
            div data-form-fields=(if follows { "follow" } else { "" }) {
                button class="govuk-visually-hidden" type="submit" tabindex="-1" aria-hidden="true" { "继续" }
                (self.nodes(&view.page(page)))
            }
        }
    }

    /// Nodes in order; those in one row of the layout stand beside each other.
    pub fn nodes(&self, nodes: &[&Node<'_>]) -> Markup {
        let mut rest = nodes;
        let mut parts = Vec::new();
        while let Some((first, _)) = rest.split_first() {
            let row = &first.component.layout.0;
            let same = if row.is_empty() { 1 } else { rest.iter().take_while(|node| node.component.layout.0 == *row).count() };
            let (beside, behind) = rest.split_at(same.max(1));
            rest = behind;
            parts.push(if beside.len() > 1 {
                html! { div class="form-row" { @for node in beside { div class="form-row__part" { (self.node(node)) } } } }
            } else {
                html! { @for node in beside { (self.node(node)) } }
            });
        }
        html! { @for part in parts { (part) } }
    }

    fn name(&self, node: &Node<'_>) -> String {
        format!("{}{}", self.prefix, node.path)
    }

    fn error(&self, node: &Node<'_>) -> Option<&str> {
        self.errors.iter().find(|(path, _)| *path == node.path).map(|(_, message)| message.as_str())
    }

    /// What stands in the box: as it was typed, otherwise the value as text.
    fn text(&self, node: &Node<'_>) -> String {
        let typed = forms::lookup(self.typed, &node.path).and_then(Value::as_str);
        match (typed, &node.value) {
            (Some(text), _) => text.to_owned(),
            (None, Some(Value::String(text))) => text.clone(),
            (None, Some(Value::Number(number))) => number.to_string(),
            _ => String::new(),
        }
    }

    /// One component.
    pub fn node(&self, node: &Node<'_>) -> Markup {
        let component = node.component;
        if component.kind.takes_answer() && component.kind != ComponentKind::List && (node.read_only || node.disabled) {
            return self.shown(node);
        }
        match component.kind {
            ComponentKind::Group => html! {
                fieldset class="govuk-fieldset form-group" {
                    @if !node.label.is_empty() { legend class="govuk-fieldset__legend govuk-fieldset__legend--m" { (node.label) } }
                    @if !node.description.is_empty() { p class="govuk-hint" { (node.description) } }
                    (self.nodes(&node.children.iter().collect::<Vec<_>>()))
                }
            },
            ComponentKind::List => self.list(node),
            ComponentKind::Expression => html! { @if !node.label.is_empty() { (self.shown(node)) } },
            ComponentKind::Table => html! { div class="form-shown" { (table(node)) } },
            ComponentKind::Text => words(&node.text),
            ComponentKind::Html => words(&plain_text(&node.text)),
            ComponentKind::Separator => html! { hr class="govuk-section-break govuk-section-break--m govuk-section-break--visible"; },
            ComponentKind::Decoration | ComponentKind::Unknown => Markup::default(),
            ComponentKind::Files => self.files(node),
            _ => self.field(node),
        }
    }

    /// A value nobody can change here.
    fn shown(&self, node: &Node<'_>) -> Markup {
        let value = node.value.as_ref().map(|value| node.component.display(value, self.lists)).unwrap_or_default();
        html! { div class="form-shown" id=(element_id(self.prefix, &node.path)) { (summary_list(&[Fact::new(node.label.clone(), lines(&value))])) } }
    }

    fn files(&self, node: &Node<'_>) -> Markup {
        let place = node.component.material().and_then(|material| (self.materials)(material));
        inset(html! {
            strong id=(element_id(self.prefix, &node.path)) { (node.label) } "："
            @if let Some(href) = place { a class="govuk-link" href=(href) { "在“申请材料”中上传" } } @else { "在“申请材料”一步上传。" }
        })
    }

    fn field(&self, node: &Node<'_>) -> Markup {
        let component = node.component;
        let name = self.name(node);
        let text = self.text(node);
        let hint = match (self.source)(component) {
            Some(source) if node.value.is_some() && self.error(node).is_none() => format!("{}{}{source}，请核对", node.description, if node.description.is_empty() { "" } else { "；" }),
            _ => node.description.clone(),
        };
        let mut field = Field::new(&name, &node.label).id(element_id(self.prefix, &node.path)).required(component.validate.required).error(self.error(node)).value(&text);
        if !hint.is_empty() {
            field = field.hint(hint);
        }
        if !component.suffix.is_empty() {
            field = field.suffix(&component.suffix);
        }
        match component.kind {
            ComponentKind::Textarea => textarea(&match component.validate.fixed_max_length() {
                Some(limit) => field.max_length(limit),
                None => field,
            }),
            ComponentKind::Number => text_input(&field.inputmode("decimal").width(Width::Chars10)),
            ComponentKind::Datetime => self.moment(node, field, &text),
            // an empty value goes along, so that a box without its tick is told from a box that was not there
            ComponentKind::Checkbox => html! { (hidden(&name, "")) (checkbox(&field, node.value == Some(Value::Bool(true)))) },
            kind if kind.has_choices() => self.choices(node, field, &name),
            _ => text_input(&match component.validate.text_kind {
                Some(TextKind::Phone) => field.inputmode("tel").width(Width::Chars20),
                Some(TextKind::Email) => field.inputmode("email").width(Width::TwoThirds),
                Some(TextKind::CitizenId | TextKind::Uscc) => field.width(Width::Chars20),
                None => field.width(Width::TwoThirds),
            }),
        }
    }

    fn moment(&self, node: &Node<'_>, field: Field, text: &str) -> Markup {
        let (day, time) = match text.split_once(['T', ' ']) {
            Some((day, time)) => (day, time),
            None => (text, ""),
        };
        match node.component.subtype {
            Moment::Time => text_input(&field.input_type("time").width(Width::Chars10)),
            Moment::Date => date_input(&field, &date_parts(day)),
            Moment::DateTime => html! {
                (date_input(&field, &date_parts(day)))
                (text_input(&Field::new(format!("{}_time", self.name(node)), "几点").input_type("time").value(time).width(Width::Chars10)))
            },
        }
    }

    fn choices(&self, node: &Node<'_>, field: Field, name: &str) -> Markup {
        let listed = match &node.options {
            Options::Levels(levels) => return self.levels(node, &field, levels),
            Options::Listed(list) => list.as_slice(),
            Options::None => &[],
        };
        let chosen = |one: &Option_| match &node.value {
            Some(Value::Array(list)) => list.contains(&one.value),
            Some(value) => *value == one.value,
            None => false,
        };
        let choices: Vec<Choice> = listed.iter().map(|one| Choice::new(one.wire(), &one.label).chosen(chosen(one))).collect();
        let field = field.value("");
        match node.component.kind {
            ComponentKind::Select => {
                let mut all = vec![Choice::new("", "请选择").chosen(node.value.is_none())];
                all.extend(choices);
                select(&field, &all)
            }
            ComponentKind::Radio => html! { (hidden(name, "")) (radios(&field, &choices)) },
            _ if choices.len() > MANY => html! { (hidden(name, "")) (checkboxes_arranged(&field, &choices, Arrangement::Small)) },
            _ => html! { (hidden(name, "")) (checkboxes(&field, &choices)) },
        }
    }

    /// One list per level, all with the same name: the deepest that fits counts. The button shows the next level.
    fn levels(&self, node: &Node<'_>, field: &Field, levels: &[(String, Vec<forms::Code>, Option<String>)]) -> Markup {
        let id = field.element_id().to_owned();
        let name = self.name(node);
        let more = levels.len() < node.component.levels().len() || levels.last().is_some_and(|(_, _, chosen)| chosen.is_none()) && levels.len() > 1;
        let describe = self.error(node).map(|_| format!("{id}-error"));
        html! {
            fieldset class={ "govuk-fieldset govuk-form-group" @if self.error(node).is_some() { " govuk-form-group--error" } } aria-describedby=[describe] {
                legend class="govuk-fieldset__legend" { (node.label) @if !node.component.validate.required { span class="optional" { "（选填）" } } }
                @if !node.description.is_empty() { div class="govuk-hint" { (node.description) } }
                @if let Some(error) = self.error(node) { (inline_error(&format!("{id}-error"), error)) }
                div class="form-levels" {
                    @for (depth, (label, codes, chosen)) in levels.iter().enumerate() {
                        @let id = if depth == 0 { id.clone() } else { format!("{id}-{}", depth + 1) };
                        @let all = std::iter::once(Choice::new("", "请选择").chosen(chosen.is_none()))
                            .chain(codes.iter().map(|code| Choice::new(&code.code, &code.name).chosen(chosen.as_ref() == Some(&code.code)))).collect::<Vec<_>>();
                        div data-again=(node.path) { (select(&Field::new(&name, label).id(id).width(Width::Full), &all)) }
                    }
                    @if more { div class="without-script" { (Button::secondary("选择").name("_act", format!("again:{}", node.path))) } }
                }
            }
        }
    }

    fn list(&self, node: &Node<'_>) -> Markup {
        let component = node.component;
        let id = element_id(self.prefix, &node.path);
        let what = component.property("rowLabel").unwrap_or_default();
        let name = self.name(node);
        let fixed = node.read_only || node.disabled || !component.add_remove;
        html! {
            section class="form-list" id=(id) tabindex="-1" aria-labelledby=(format!("{id}-title")) {
                h2 class="govuk-heading-m" id=(format!("{id}-title")) { (node.label) }
                @if !node.description.is_empty() { p class="govuk-hint" { (node.description) } }
                @if let Some(error) = self.error(node) { (inline_error(&format!("{id}-error"), error)) }
                // says that the rows were asked for, should all be taken away, and that a row is there, should it be empty
                (hidden(&name, ""))
                @for (index, row) in node.rows.iter().enumerate() {
                    @let title = format!("第 {} 项{what}", index + 1);
                    fieldset class="govuk-fieldset form-list__row" id=(format!("{id}-{index}")) {
                        legend class="govuk-fieldset__legend govuk-fieldset__legend--s" { (title) }
                        (hidden(&format!("{name}[{index}]"), ""))
                        (self.nodes(&row.iter().collect::<Vec<_>>()))
                        @if !fixed { (Button::secondary(format!("删除{title}")).small().icon(Icon::X).name("_act", format!("remove:{}[{index}]", node.path))) }
                    }
                }
                @if !fixed { (Button::secondary(format!("添加{}", if what.is_empty() { "一项" } else { what })).icon(Icon::Plus).name("_act", format!("add:{}", node.path))) }
            }
        }
    }
}

/// A day in its boxes: as typed, a complete one without leading noughts.
fn date_parts(text: &str) -> DateParts {
    let whole = text.len() == 10;
    let mut parts = text.split('-').map(|part| if whole { part.trim_start_matches('0') } else { part }.to_owned());
    DateParts { year: parts.next().unwrap_or_default(), month: parts.next().unwrap_or_default(), day: parts.next().unwrap_or_default() }
}

/// Words between fields: paragraphs, `#` headings and `-` lists of Markdown; the rest is shown as it stands.
fn words(text: &str) -> Markup {
    html! {
        @for block in text.split("\n\n").map(str::trim).filter(|block| !block.is_empty()) {
            @if block.starts_with('#') {
                h2 class="govuk-heading-s" { (block.trim_start_matches('#').trim()) }
            } @else if block.lines().all(|line| line.trim_start().starts_with(['-', '*'])) {
                ul class="govuk-list govuk-list--bullet" { @for line in block.lines() { li { (line.trim_start().trim_start_matches(['-', '*']).trim()) } } }
            } @else {
                p class="govuk-body" { (lines(block).render()) }
            }
        }
    }
}
