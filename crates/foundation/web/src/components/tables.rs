//! Tables and the paging below them.

use db::{Cursor, Page};
use maud::{Markup, Render, html};

use super::Icon;

/// A column of a [`Table`].
#[derive(Clone, Debug)]
pub struct Column {
    label: String,
    numeric: bool,
    sort: Option<(String, Option<Order>)>,
}

/// How a column is sorted now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Order {
    Ascending,
    Descending,
}

impl Column {
    /// A column of text.
    pub fn new(label: impl Into<String>) -> Column {
        Column {
            label: label.into(),
            numeric: false,
            sort: None,
        }
    }

    /// Figures: set to the right.
    pub fn numeric(self) -> Column {
        Column { numeric: true, ..self }
    }

    /// Can be sorted: the address that does it, and how it is sorted now.
    pub fn sort(self, href: impl Into<String>, now: Option<Order>) -> Column {
        Column {
            sort: Some((href.into(), now)),
            ..self
        }
    }
}

/// One row of a [`Table`].
#[derive(Clone, Debug, Default)]
pub struct TableRow {
    cells: Vec<Markup>,
    href: Option<String>,
    marked: bool,
}

impl TableRow {
    /// An empty row to fill.
    pub fn new() -> TableRow {
        TableRow::default()
    }

    /// The next cell: text, a number or markup.
    pub fn cell(mut self, content: impl Render) -> TableRow {
        self.cells.push(content.render());
        self
    }

    /// Where Enter leads from this row in a table with [`Table::keyboard`]. The row still needs a visible link.
    pub fn open(self, href: impl Into<String>) -> TableRow {
        TableRow {
            href: Some(href.into()),
            ..self
        }
    }

    /// Stands out (overdue, unread); a tag or light in the row must say why.
    pub fn marked(self, marked: bool) -> TableRow {
        TableRow { marked, ..self }
    }
}

/// A table. On a phone each row becomes a card, with the column names before the values.
///
/// ```
/// # use web::components::*;
/// let table = Table::new("本周办件", [Column::new("部门"), Column::new("办结").numeric()])
///     .row(TableRow::new().cell("市民政局").cell(42))
///     .render();
/// assert!(table.into_string().contains(r#"data-label="部门""#));
/// ```
#[derive(Clone, Debug)]
pub struct Table {
    caption: String,
    hide_caption: bool,
    columns: Vec<Column>,
    rows: Vec<TableRow>,
    compact: bool,
    keyboard: bool,
}

impl Table {
    /// A table needs a caption, for it may be all a screen reader announces.
    pub fn new(caption: impl Into<String>, columns: impl IntoIterator<Item = Column>) -> Table {
        Table {
            caption: caption.into(),
            hide_caption: false,
            columns: columns.into_iter().collect(),
            rows: Vec::new(),
            compact: false,
            keyboard: false,
        }
    }

    /// The caption is only read out, because a heading above says the same.
    pub fn hide_caption(self) -> Table {
        Table {
            hide_caption: true,
            ..self
        }
    }

    /// Close rows, for the density switch of the workbench.
    pub fn compact(self, compact: bool) -> Table {
        Table { compact, ..self }
    }

    /// j and k move from row to row, Enter opens; see [`super::keyboard_help`].
    pub fn keyboard(self) -> Table {
        Table { keyboard: true, ..self }
    }

    /// One more row.
    pub fn row(mut self, row: TableRow) -> Table {
        self.rows.push(row);
        self
    }

    /// More rows.
    pub fn rows(mut self, rows: impl IntoIterator<Item = TableRow>) -> Table {
        self.rows.extend(rows);
        self
    }

    /// The table as markup; the same as putting it between parentheses in `html!`.
    pub fn render(&self) -> Markup {
        html! {
            // The roles repeat what the elements mean, because laying rows out as cards on a phone takes it from them.
            div class="table-frame" {
                table class={ "table" @if self.compact { " table--compact" } } role="table" data-keyboard-list[self.keyboard] {
                    caption class=(if self.hide_caption { "govuk-visually-hidden" } else { "table__caption" }) {
                        (self.caption)
                    }
                    thead role="rowgroup" { tr role="row" { @for column in &self.columns { (heading(column)) } } }
                    tbody role="rowgroup" {
                        @for row in &self.rows {
                            tr role="row" class=[row.marked.then_some("table__row--marked")] data-href=[row.href.as_deref()] {
                                @for (index, cell) in row.cells.iter().enumerate() {
                                    @let column = self.columns.get(index);
                                    td role="cell" class=[column.is_some_and(|column| column.numeric).then_some("numeric")]
                                        data-label=[column.map(|column| column.label.as_str())] {
                                            div class="cell" { (cell) }
                                        }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

impl Render for Table {
    fn render(&self) -> Markup {
        Table::render(self)
    }
}

fn heading(column: &Column) -> Markup {
    let order = column.sort.as_ref().map(|(_, order)| match order {
        Some(Order::Ascending) => "ascending",
        Some(Order::Descending) => "descending",
        None => "none",
    });
    html! {
        th scope="col" role="columnheader" class=[column.numeric.then_some("numeric")] aria-sort=[order] {
            @if let Some((href, order)) = &column.sort {
                a class="table__sort" href=(href) {
                    (column.label)
                    span aria-hidden="true" {
                        @match order { Some(Order::Ascending) => "↑", Some(Order::Descending) => "↓", None => "↕" }
                    }
                }
            } @else { (column.label) }
        }
    }
}

/// The ways to the pages before and after this one; `here` is the address of the list with its filters.
pub fn paging<T>(here: &str, page: &Page<T>, shown: &str) -> Markup {
    let join = if here.contains('?') { '&' } else { '?' };
    let href = |cursor: &Cursor| format!("{here}{join}after={}", cursor.as_str());
    pagination_keyset(page.previous.as_ref().map(href).as_deref(), page.next.as_ref().map(href).as_deref(), shown)
}

/// Pages of a long list without counting it (keyset paging): the way back and the way on, and a word about what is shown.
pub fn pagination_keyset(previous: Option<&str>, next: Option<&str>, shown: &str) -> Markup {
    html! {
        nav class="paging" aria-label="翻页" {
            @if let Some(href) = previous {
                a class="button button--secondary button--small" href=(href) rel="prev" { (Icon::ChevronLeft) "上一页" }
            }
            span class="paging__shown" { (shown) }
            @if let Some(href) = next {
                a class="button button--secondary button--small" href=(href) rel="next" { "下一页" (Icon::ChevronRight) }
            }
        }
    }
}
