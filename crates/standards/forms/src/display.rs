//! Answers as people read them.

use serde_json::Value;

use crate::expression::words;
use crate::lists::{CodeLists, lineage};
use crate::evaluate::{Node, View};
use crate::schema::{Answers, Choices, Component, ComponentKind, Form, Moment};

impl Component {
    /// The answer as people read it: labels of choices instead of values, 是 for a ticked box, one line per row.
    #[must_use]
    pub fn display(&self, answer: &Value, lists: &dyn CodeLists) -> String {
        self.shown(answer, lists, false)
    }

    /// The answer as people read it who need not know it all: personal data replaced by `*`.
    #[must_use]
    pub fn display_masked(&self, answer: &Value, lists: &dyn CodeLists) -> String {
        self.shown(answer, lists, true)
    }

    fn shown(&self, answer: &Value, lists: &dyn CodeLists, masked: bool) -> String {
        if self.kind == ComponentKind::List {
            let rows = answer.as_array().map(Vec::as_slice).unwrap_or_default();
            let lines: Vec<String> = rows.iter().enumerate().map(|(at, row)| format!("{}. {}", at + 1, self.row(row.as_object(), lists, masked))).collect();
            return lines.join("\n");
        }
        let text = match answer {
            Value::Array(list) if self.kind == ComponentKind::Files => format!("{}个文件", list.len()),
            Value::Array(list) => list.iter().map(|one| self.label_of(one, lists)).collect::<Vec<_>>().join("、"),
            Value::String(text) if self.kind == ComponentKind::Datetime && self.subtype == Moment::DateTime => text.replacen('T', " ", 1),
            one if self.kind.has_choices() => self.label_of(one, lists),
            Value::Number(_) if !self.suffix.is_empty() => format!("{} {}", words(answer), self.suffix),
            other => words(other),
        };
        match self.mask() {
            Some(mask) if masked => mask.apply(&text),
            _ => text,
        }
    }

    fn row(&self, row: Option<&Answers>, lists: &dyn CodeLists, masked: bool) -> String {
        let shown = |field: &&Component| {
            let answer = row.and_then(|row| field.answer(row))?;
            let text = field.shown(answer, lists, masked);
            let label = if field.label.is_empty() { &field.key } else { &field.label };
            (!text.is_empty()).then(|| format!("{label}：{}", text.replace('\n', " ")))
        };
        self.fields().iter().filter_map(shown).collect::<Vec<_>>().join("；")
    }

    /// The label of a value; of a code chosen level by level, the names of all levels.
    fn label_of(&self, value: &Value, lists: &dyn CodeLists) -> String {
        let text = words(value);
        if let Some(list) = self.code_list() {
            if self.cascades() {
                let line = lineage(lists, list, self.property("within"), &text);
                return if line.is_empty() { text } else { line.into_iter().map(|code| code.name).collect() };
            }
            return lists.code(list, &text).map_or(text, |code| code.name);
        }
        match &self.choices {
            Choices::Listed(list) => list.iter().find(|one| one.value == *value || words(&one.value) == text).map_or(text, |one| one.label.clone()),
            _ => text,
        }
    }
}

/// A page of a filled-in form in words.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Section {
    /// Heading of the page.
    pub title: String,
    /// Labels and answers; rows of a repeating group are one answer of several lines.
    pub answers: Vec<(String, String)>,
}

impl Form {
    /// The filled-in form in words, to print; pages and answers that are not shown are left out.
    #[must_use]
    pub fn sections(&self, view: &View<'_>, lists: &dyn CodeLists) -> Vec<Section> {
        let pages = self.pages();
        let section = |page: &crate::Page<'_>| {
            let mut answers = Vec::new();
            view.page(page).into_iter().for_each(|node| say(node, lists, &mut answers));
            Section { title: page.title.to_owned(), answers }
        };
        pages.iter().map(section).filter(|section| !section.answers.is_empty()).collect()
    }
}

fn say(node: &Node<'_>, lists: &dyn CodeLists, answers: &mut Vec<(String, String)>) {
    let component = node.component;
    if component.kind == ComponentKind::Group {
        node.children.iter().for_each(|child| say(child, lists, answers));
    } else if component.kind.has_value() && !node.label.is_empty() {
        let text = node.value.as_ref().map(|value| component.display(value, lists)).unwrap_or_default();
        answers.push((node.label.clone(), text));
    }
}

/// The words of an HTML text: tags are left out, and so is what stands in scripts and styles.
#[must_use]
pub fn plain_text(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    let mut skip: Option<&str> = None;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        if skip.is_none() {
            out.push_str(before);
        }
        let Some(end) = tag.find('>') else {
            rest = "";
            break;
        };
        let name: String = tag[1..end].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '/').collect::<String>().to_ascii_lowercase();
        match (skip, name.as_str()) {
            (None, "script") => skip = Some("/script"),
            (None, "style") => skip = Some("/style"),
            (Some(wanted), found) if found == wanted => skip = None,
            (None, "br" | "br/" | "/p" | "/div" | "/li" | "/h1" | "/h2" | "/h3" | "/h4" | "/tr") => out.push('\n'),
            _ => {}
        }
        rest = &tag[end + 1..];
    }
    if skip.is_none() {
        out.push_str(rest);
    }
    let out = out.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
    out.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}
