//! What a form shows for some answers.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;

use chrono::NaiveDate;
use serde_json::{Map, Value};

use crate::expression::{feel, fill, is_feel, words};
use crate::lists::{Code, CodeLists, lineage};
use crate::pages::Page;
use crate::read::choices_of;
use crate::schema::{Answers, Choice, Choices, Component, ComponentKind, Form, Limit, Toggle};
use crate::{Expressions, MAX_ROWS, path};

/// Most components and rows drawn for one form.
const MAX_NODES: usize = 20_000;
/// How often conditions and computed values are taken anew until nothing changes.
const MAX_ROUNDS: usize = 12;
/// Most different expressions that may fail in one evaluation; one that runs away takes its time.
const MAX_FAILED: usize = 8;
/// Most rows of a computed table.
const MAX_TABLE: usize = 1000;

/// What a form is evaluated with.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Code lists.
    pub lists: &'a dyn CodeLists,
    /// FEEL.
    pub expressions: &'a dyn Expressions,
    /// The step at which the form is shown, e.g. `apply`; empty outside a process.
    pub step: &'a str,
    /// The post of whoever looks; empty for applicants.
    pub post: &'a str,
    /// Today, for dates that may not be past.
    pub today: Option<NaiveDate>,
    /// What was known before: read-only answers are taken from here and never from the browser. Without it, the answers
    /// given are believed there.
    pub known: Option<&'a Answers>,
    /// Only this page is validated.
    pub page: Option<usize>,
}

impl<'a> Context<'a> {
    /// With no step, post, day or page.
    #[must_use]
    pub fn new(lists: &'a dyn CodeLists, expressions: &'a dyn Expressions) -> Self {
        Self { lists, expressions, step: "", post: "", today: None, known: None, page: None }
    }

    /// At this step.
    #[must_use]
    pub fn at(self, step: &'a str) -> Self {
        Self { step, ..self }
    }

    /// For this post.
    #[must_use]
    pub fn for_post(self, post: &'a str) -> Self {
        Self { post, ..self }
    }

    /// On this day.
    #[must_use]
    pub fn on(self, today: NaiveDate) -> Self {
        Self { today: Some(today), ..self }
    }

    /// With these answers known before.
    #[must_use]
    pub fn knowing(self, known: &'a Answers) -> Self {
        Self { known: Some(known), ..self }
    }

    /// For this page alone.
    #[must_use]
    pub fn page(self, page: usize) -> Self {
        Self { page: Some(page), ..self }
    }
}

/// A form as it is shown: nodes for all that is visible, and the data as far as they count.
#[derive(Debug, Clone, PartialEq)]
pub struct View<'a> {
    /// What is shown, in order.
    pub nodes: Vec<Node<'a>>,
    /// Answers to what is shown, with computed values.
    pub answers: Answers,
    /// More was asked for than can be drawn; the rest is missing.
    pub(crate) overflow: bool,
}

/// A component that is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Node<'a> {
    /// As drawn.
    pub component: &'a Component,
    /// Where its answer stands: `shareholders[1].name`.
    pub path: String,
    /// Label with its expressions evaluated.
    pub label: String,
    /// Help under the label.
    pub description: String,
    /// Words of `text` and `html` components.
    pub text: String,
    /// Shown and kept, not to be changed.
    pub read_only: bool,
    /// Shown, neither kept nor checked.
    pub disabled: bool,
    /// The answer, or the computed value; `None` when there is none.
    pub value: Option<Value>,
    /// What can be chosen.
    pub options: Options,
    /// Least and greatest length and number.
    pub(crate) limits: Limits,
    /// Parts of a group.
    pub children: Vec<Node<'a>>,
    /// Rows of a repeating group.
    pub rows: Vec<Vec<Node<'a>>>,
    /// Rows of a table.
    pub table: Option<Table>,
}

#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Limits {
    pub(crate) min_length: Option<f64>,
    pub(crate) max_length: Option<f64>,
    pub(crate) min: Option<f64>,
    pub(crate) max: Option<f64>,
}

/// What can be chosen.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Options {
    /// Nothing: no choice component.
    #[default]
    None,
    /// One of these.
    Listed(Vec<Choice>),
    /// Level by level: the name of each level shown so far, its codes and the one chosen.
    Levels(Vec<(String, Vec<Code>, Option<String>)>),
}

/// A computed table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Headings.
    pub columns: Vec<String>,
    /// Cells as words.
    pub rows: Vec<Vec<String>>,
}

impl View<'_> {
    /// What is shown of a page; nothing when its group is hidden.
    #[must_use]
    pub fn page(&self, page: &Page<'_>) -> Vec<&Node<'_>> {
        match page.group {
            Some(group) => self.nodes.iter().filter(|node| std::ptr::eq(node.component, group)).flat_map(|node| &node.children).collect(),
            None => self.nodes.iter().filter(|node| page.components.iter().any(|one| std::ptr::eq(one, node.component))).collect(),
        }
    }

    /// The node at this path.
    #[must_use]
    pub fn node(&self, path: &str) -> Option<&Node<'_>> {
        find(&self.nodes, path)
    }
}

fn find<'a, 'b>(nodes: &'b [Node<'a>], path: &str) -> Option<&'b Node<'a>> {
    nodes.iter().find_map(|node| {
        if node.component.kind.has_value() && node.path == path {
            return Some(node);
        }
        find(&node.children, path).or_else(|| node.rows.iter().find_map(|row| find(row, path)))
    })
}

impl Form {
    /// What is shown for these answers, and what is computed from them. Answers are typed values ([`Form::read`] makes
    /// them from text); null means emptied on purpose, so that no default takes its place.
    ///
    /// Conditions and computed values may build on each other; they are taken anew until nothing changes, at most a fixed number
    /// of times.
    #[must_use]
    pub fn evaluate(&self, answers: &Answers, context: &Context<'_>) -> View<'_> {
        self.view(answers, context, true)
    }

    pub(crate) fn view(&self, given: &Answers, context: &Context<'_>, with_disabled: bool) -> View<'_> {
        let computes = self.components.iter().any(expresses);
        let failed = RefCell::default();
        let mut before = given.clone();
        let mut rounds = 0;
        loop {
            let walk = Walk { context, failed: &failed, with_disabled: with_disabled || computes, nodes: Cell::new(0), overflow: Cell::new(false) };
            let mut answers = Answers::new();
            let scope = walk.scope(&before);
            let state = State { read_only: false, disabled: false, trusts: context.known.is_none(), known: context.known };
            let nodes = walk.nodes(&self.components, Some(given), Some(&before), &scope, "", state, &mut answers);
            rounds += 1;
            if !computes || rounds >= MAX_ROUNDS || answers == before {
                if computes && !with_disabled {
                    let last = Walk { with_disabled: false, ..walk };
                    let mut kept = Answers::new();
                    let nodes = last.nodes(&self.components, Some(given), Some(&before), &scope, "", state, &mut kept);
                    return View { nodes, answers: kept, overflow: last.overflow.get() };
                }
                return View { nodes, answers, overflow: walk.overflow.get() };
            }
            before = answers;
        }
    }

    /// Positions of the pages that show something to fill in or to read for these answers.
    #[must_use]
    pub fn visible_pages(&self, view: &View<'_>) -> Vec<usize> {
        let shows = |page: &Page<'_>| view.page(page).iter().any(|node| worth_showing(node));
        self.pages().iter().filter(|page| shows(page)).map(|page| page.index).collect()
    }
}

fn worth_showing(node: &Node<'_>) -> bool {
    match node.component.kind {
        ComponentKind::Group => node.children.iter().any(worth_showing),
        ComponentKind::Expression | ComponentKind::Separator | ComponentKind::Decoration | ComponentKind::Unknown => false,
        _ => true,
    }
}

impl Component {
    /// Whether what it shows may change with the answers: by an expression, or level by level.
    #[must_use]
    pub fn follows_answers(&self) -> bool {
        expresses(self) || self.cascades() || self.components.iter().any(Self::follows_answers)
    }
}

/// Whether anything in a component depends on an expression.
fn expresses(component: &Component) -> bool {
    let limits = &component.validate;
    let computed = |limit: &Option<Limit>| matches!(limit, Some(Limit::Computed(_)));
    component.hide.is_some()
        || !component.expression.is_empty()
        || component.columns_expression.is_some()
        || matches!(component.choices, Choices::Expression(_) | Choices::Key(_))
        || matches!(component.read_only, Toggle::When(_))
        || matches!(component.disabled, Toggle::When(_))
        || [&limits.min, &limits.max, &limits.min_length, &limits.max_length].into_iter().any(computed)
        || [&component.label, &component.description, &component.text].into_iter().any(|text| is_feel(text) || text.contains("{{"))
        || component.components.iter().any(expresses)
}

#[derive(Clone, Copy)]
struct State<'k> {
    read_only: bool,
    disabled: bool,
    /// Nothing was known before: what comes is believed, read-only or not.
    trusts: bool,
    known: Option<&'k Answers>,
}

struct Walk<'c, 'd> {
    context: &'c Context<'d>,
    /// Expressions that cannot be read or ran away: each is tried once, and after a few no other is.
    failed: &'c RefCell<HashSet<String>>,
    with_disabled: bool,
    nodes: Cell<usize>,
    overflow: Cell<bool>,
}

impl Walk<'_, '_> {
    fn scope(&self, answers: &Answers) -> Value {
        let mut scope = Map::new();
        scope.insert("step".to_owned(), Value::String(self.context.step.to_owned()));
        scope.insert("post".to_owned(), Value::String(self.context.post.to_owned()));
        scope.extend(answers.clone());
        Value::Object(scope)
    }

    fn eval(&self, text: &str, scope: &Value) -> Value {
        let text = feel(text);
        let failed = self.failed.borrow();
        if failed.len() >= MAX_FAILED || failed.contains(text) {
            return Value::Null;
        }
        drop(failed);
        match self.context.expressions.evaluate(text, scope) {
            Ok(value) => value,
            Err(_) => {
                self.failed.borrow_mut().insert(text.to_owned());
                Value::Null
            }
        }
    }

    fn on(&self, toggle: &Toggle, scope: &Value) -> bool {
        match toggle {
            Toggle::Off => false,
            Toggle::On => true,
            Toggle::When(text) => self.eval(text, scope) == Value::Bool(true),
        }
    }

    fn listed(&self, component: &Component, at: &str, of: &str) -> bool {
        let among = |name: &str, one: &str| {
            !one.is_empty() && component.property(name).is_some_and(|text| text.split([',', '，']).any(|item| item.trim() == one))
        };
        among(at, self.context.step) || among(of, self.context.post)
    }

    fn full(&self) -> bool {
        self.nodes.set(self.nodes.get() + 1);
        let full = self.nodes.get() > MAX_NODES;
        if full {
            self.overflow.set(true);
        }
        full
    }

    /// `given` are the answers of this level as they came, `before` those of the round before, which expressions see.
    #[allow(clippy::too_many_arguments)]
    fn nodes<'a>(
        &self,
        components: &'a [Component],
        given: Option<&Answers>,
        before: Option<&Answers>,
        scope: &Value,
        prefix: &str,
        state: State<'_>,
        out: &mut Answers,
    ) -> Vec<Node<'a>> {
        let mut nodes = Vec::new();
        for component in components {
            let hidden = component.hide.as_ref().is_some_and(|text| self.eval(text, scope) == Value::Bool(true)) || self.listed(component, "hiddenAt", "hiddenFor");
            if hidden || self.full() {
                continue;
            }
            let read_only = state.read_only || self.on(&component.read_only, scope) || self.listed(component, "readonlyAt", "readonlyFor");
            let state = State { read_only, disabled: state.disabled || self.on(&component.disabled, scope), ..state };
            let expressions = self.context.expressions;
            let mut node = Node {
                component,
                path: join(prefix, &component.binding),
                label: fill(&component.label, expressions, scope),
                description: fill(&component.description, expressions, scope),
                text: fill(&component.text, expressions, scope),
                read_only,
                disabled: state.disabled,
                value: None,
                options: Options::None,
                limits: self.limits(component, scope),
                children: Vec::new(),
                rows: Vec::new(),
                table: None,
            };
            match component.kind {
                ComponentKind::Group => node.children = self.nodes(&component.components, given, before, scope, prefix, state, out),
                ComponentKind::List => self.list(&mut node, given, before, scope, state, out),
                ComponentKind::Table => node.table = Some(self.table(component, scope)),
                ComponentKind::Expression => node.value = Some(self.eval(&component.expression, scope)).filter(|value| !empty(value)),
                kind if kind.takes_answer() => {
                    node.value = answer(component, given, state);
                    if kind.has_choices() {
                        node.options = self.options(component, node.value.as_ref(), scope);
                    }
                }
                _ => {}
            }
            if let Some(value) = &node.value
                && component.kind != ComponentKind::List
                && (self.with_disabled || !node.disabled)
            {
                path::set(out, &component.binding, value.clone());
            }
            nodes.push(node);
        }
        nodes
    }

    fn list<'a>(&self, node: &mut Node<'a>, given: Option<&Answers>, before: Option<&Answers>, scope: &Value, state: State<'_>, out: &mut Answers) {
        let component = node.component;
        let locked = state.read_only || state.disabled;
        let known = state.known.and_then(|known| component.answer(known));
        let own = given.and_then(|given| component.answer(given));
        let came = if locked && !state.trusts { known } else { own };
        let empty_row = Value::Object(Map::new());
        let rows: Vec<&Value> = match came {
            Some(Value::Array(rows)) => {
                if rows.len() > MAX_ROWS {
                    self.overflow.set(true);
                }
                rows.iter().take(MAX_ROWS).collect()
            }
            None => vec![&empty_row; component.default_rows],
            Some(Value::Null) => Vec::new(),
            Some(wrong) => {
                node.value = Some(wrong.clone()); // named by validation
                return;
            }
        };
        let before_rows = before.and_then(|before| component.answer(before)).and_then(Value::as_array);
        let local = component.components.iter().any(expresses);
        let mut kept = Vec::with_capacity(rows.len());
        for (index, row) in rows.into_iter().enumerate() {
            let before_row = before_rows.and_then(|rows| rows.get(index)).and_then(Value::as_object);
            let inner_scope;
            let scope = if local {
                inner_scope = row_scope(scope, before_row, index);
                &inner_scope
            } else {
                scope
            };
            let known = known.and_then(|rows| rows.get(index)).and_then(Value::as_object);
            let mut row_out = Answers::new();
            let prefix = format!("{}[{index}]", node.path);
            let state = State { known, ..state };
            node.rows.push(self.nodes(&component.components, row.as_object(), before_row, scope, &prefix, state, &mut row_out));
            kept.push(if row.is_object() { Value::Object(row_out) } else { row.clone() });
        }
        node.value = (!kept.is_empty()).then_some(Value::Array(kept));
        if let Some(value) = &node.value
            && (self.with_disabled || !node.disabled)
        {
            path::set(out, &component.binding, value.clone());
        }
    }

    fn options(&self, component: &Component, value: Option<&Value>, scope: &Value) -> Options {
        if let Some(list) = component.code_list() {
            if component.cascades() {
                return self.levels(component, list, value.and_then(Value::as_str));
            }
            let codes = self.context.lists.children(list, component.property("within")).unwrap_or_default();
            return Options::Listed(codes.into_iter().map(|code| Choice { label: code.name, value: Value::String(code.code) }).collect());
        }
        let listed = match &component.choices {
            Choices::None => Vec::new(),
            Choices::Listed(list) => list.clone(),
            Choices::Key(key) => scope.get(key).and_then(choices_of).unwrap_or_default(),
            Choices::Expression(text) => choices_of(&self.eval(text, scope)).unwrap_or_default(),
        };
        Options::Listed(listed)
    }

    fn levels(&self, component: &Component, list: &str, value: Option<&str>) -> Options {
        let root = component.property("within");
        let chosen = value.map(|value| lineage(self.context.lists, list, root, value)).unwrap_or_default();
        let mut parent = root.map(str::to_owned);
        let mut levels = Vec::new();
        for (depth, name) in component.levels().into_iter().enumerate() {
            let codes = self.context.lists.children(list, parent.as_deref()).unwrap_or_default();
            if codes.is_empty() {
                break;
            }
            let here = chosen.get(depth).map(|code| code.code.clone());
            levels.push((name.to_owned(), codes, here.clone()));
            match here {
                Some(code) => parent = Some(code),
                None => break,
            }
        }
        Options::Levels(levels)
    }

    fn limits(&self, component: &Component, scope: &Value) -> Limits {
        let rules = &component.validate;
        let limit = |limit: &Option<Limit>| match limit {
            None => None,
            Some(Limit::Fixed(number)) => Some(*number),
            Some(Limit::Computed(text)) => self.eval(text, scope).as_f64(),
        };
        Limits { min_length: limit(&rules.min_length), max_length: limit(&rules.max_length), min: limit(&rules.min), max: limit(&rules.max) }
    }

    fn table(&self, component: &Component, scope: &Value) -> Table {
        let data = self.eval(&component.expression, scope);
        let rows = data.as_array().map(Vec::as_slice).unwrap_or_default();
        let mut columns = component.columns.clone();
        if let Some(text) = &component.columns_expression
            && let Value::Array(list) = self.eval(text, scope)
        {
            let member = |column: &Value, name: &str| column.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            columns = list.iter().take(100).map(|column| (member(column, "key"), member(column, "label"))).collect();
        }
        let cell = |row: &Value, key: &str| row.get(key).map(words).unwrap_or_default();
        Table {
            rows: rows.iter().take(MAX_TABLE).map(|row| columns.iter().map(|(key, _)| cell(row, key)).collect()).collect(),
            columns: columns.into_iter().map(|(_, label)| label).collect(),
        }
    }
}

/// The answer of a field: as it came, as it was known, or as it is by default.
fn answer(component: &Component, given: Option<&Answers>, state: State<'_>) -> Option<Value> {
    let own = given.and_then(|given| component.answer(given));
    let known = state.known.and_then(|known| component.answer(known));
    let value = if (state.read_only || state.disabled) && !state.trusts { known } else { own };
    let value = value.or(component.default_value.as_ref())?;
    (!empty(value)).then(|| value.clone())
}

fn row_scope(scope: &Value, row: Option<&Answers>, index: usize) -> Value {
    let mut inner = scope.as_object().cloned().unwrap_or_default();
    let row = row.cloned().unwrap_or_default();
    inner.extend(row.clone());
    inner.insert("this".to_owned(), Value::Object(row));
    inner.insert("parent".to_owned(), scope.clone());
    inner.insert("i".to_owned(), Value::Array(vec![Value::from(index + 1)]));
    Value::Object(inner)
}

/// Whether a value counts as no answer.
pub(crate) fn empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

fn join(prefix: &str, binding: &[String]) -> String {
    let path = binding.join(".");
    if prefix.is_empty() || path.is_empty() { format!("{prefix}{path}") } else { format!("{prefix}.{path}") }
}
