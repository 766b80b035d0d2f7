//! Answers to read: check-your-answers, files of cases, and the errors above a page.

use forms::{CodeLists, ComponentKind, Form, Moment, Node, View};
use maud::{Markup, html};
use web::components::{Column, Fact, Table, TableRow, summary_list};

use crate::element_id;

/// How answers are shown to be read.
#[derive(Clone, Copy)]
pub struct Summary<'a> {
    /// Code lists, for the names of codes.
    pub lists: &'a dyn CodeLists,
    /// Personal data are masked.
    pub masked: bool,
    /// What was left open is shown too.
    pub open: bool,
    /// Where an answer is changed.
    pub change: Option<&'a str>,
}

impl Summary<'_> {
    /// Facts for the answers of some nodes; groups are taken apart, rows shown below each other.
    pub fn facts(&self, nodes: &[&Node<'_>]) -> Vec<Fact> {
        let mut found = Vec::new();
        nodes.iter().for_each(|node| self.collect(node, &mut found));
        found
    }

    fn collect(&self, node: &Node<'_>, found: &mut Vec<Fact>) {
        let component = node.component;
        if component.kind == ComponentKind::Group {
            return node.children.iter().for_each(|child| self.collect(child, found));
        }
        let value = self.value(node);
        if !(component.kind.has_value() || component.kind == ComponentKind::Table) || component.kind == ComponentKind::Expression && node.label.is_empty() {
            return;
        }
        if value.0.is_empty() && !self.open {
            return;
        }
        // the element to which an error summary leads
        let value = html! { @if value.0.is_empty() { span class="muted" id=(element_id("", &node.path)) { "未填写" } } @else { div id=(element_id("", &node.path)) { (value) } } };
        let fact = Fact::new(if node.label.is_empty() { &component.key } else { &node.label }, value);
        found.push(match self.change {
            Some(href) if component.kind.takes_answer() && !node.read_only && !node.disabled => fact.change(href),
            _ => fact,
        });
    }

    fn value(&self, node: &Node<'_>) -> Markup {
        let component = node.component;
        match component.kind {
            ComponentKind::List => html! {
                @for (index, row) in node.rows.iter().enumerate() {
                    p class="form-list__number" { "第 " (index + 1) " 项" (component.property("rowLabel").unwrap_or("")) }
                    (summary_list(&Self { change: None, ..*self }.facts(&row.iter().collect::<Vec<_>>())))
                }
            },
            // a table repeats answers from anywhere, and nothing says which of its cells are personal
            ComponentKind::Table if self.masked => Markup::default(),
            ComponentKind::Table => html! { @if node.table.as_ref().is_some_and(|table| !table.rows.is_empty()) { (table(node).hide_caption()) } },
            _ => {
                let shown = node.value.as_ref().map(|value| if self.masked { component.display_masked(value, self.lists) } else { component.display(value, self.lists) });
                html! { @if let Some(shown) = shown { (lines(&shown)) } }
            }
        }
    }
}

pub(crate) fn lines(text: &str) -> Markup {
    html! { @for (at, line) in text.lines().enumerate() { @if at > 0 { br; } (line) } }
}

pub(crate) fn table(node: &Node<'_>) -> Table {
    let table = node.table.clone().unwrap_or_default();
    let rows = table.rows.into_iter().map(|cells| cells.into_iter().fold(TableRow::new(), |row, cell| row.cell(cell)));
    Table::new(node.label.clone(), table.columns.into_iter().map(Column::new)).rows(rows)
}

/// Errors in the order of the form, each with the element that its line in the summary leads to.
pub fn links(form: &Form, view: &View<'_>, prefix: &str, errors: &[(String, String)]) -> Vec<(String, String)> {
    let mut order = Vec::new();
    view.nodes.iter().for_each(|node| paths(node, &mut order));
    let place = |path: &str| order.iter().position(|known| known == path).unwrap_or(usize::MAX);
    let mut sorted: Vec<&(String, String)> = errors.iter().collect();
    sorted.sort_by_key(|(path, _)| place(path));
    sorted
        .into_iter()
        .map(|(path, message)| {
            let boxed = view.node(path).map_or_else(|| form.field(path), |node| Some(node.component));
            let date = boxed.is_some_and(|component| component.kind == ComponentKind::Datetime && component.subtype != Moment::Time);
            let id = element_id(prefix, path);
            (if date { format!("{id}_year") } else { id }, message.clone())
        })
        .collect()
}

fn paths(node: &Node<'_>, order: &mut Vec<String>) {
    if node.component.kind.has_value() {
        order.push(node.path.clone());
    }
    node.children.iter().chain(node.rows.iter().flatten()).for_each(|child| paths(child, order));
}

#[cfg(test)]
mod tests {
    use super::*;
    use forms::{Basic, Context, StandardLists};
    use serde_json::json;

    #[test]
    fn personal_data_is_masked_in_rows_and_never_repeated_by_tables() {
        let form = Form::from_value(json!({"type": "default", "components": [
            {"type": "dynamiclist", "path": "people", "label": "人员", "components": [{"type": "textfield", "key": "name", "label": "姓名", "properties": {"mask": "name"}}]},
            {"type": "table", "label": "名单", "dataSource": "=people", "columns": [{"key": "name", "label": "姓名"}]}
        ]}))
        .unwrap();
        let answers = json!({"people": [{"name": "王小明"}]});
        let context = Context::new(&StandardLists, &Basic);
        let view = form.evaluate(answers.as_object().unwrap(), &context);
        let nodes: Vec<_> = view.nodes.iter().collect();
        let shown = |masked| summary_list(&Summary { lists: context.lists, masked, open: false, change: None }.facts(&nodes)).into_string();
        assert_eq!(shown(false).matches("王小明").count(), 2);
        assert!(!shown(true).contains("王小明") && shown(true).contains("第 1 项"));
    }
}
