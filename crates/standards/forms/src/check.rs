//! Whether a form that was drawn can be used: what is wrong is named here, not met at run time.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use crate::expression::{feel, is_feel, names, parts};
use crate::schema::{Choices, Component, ComponentKind, Form, Limit, Toggle};
use crate::{CodeLists, Expressions, Mask, pattern};

/// One finding about a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Id or key of the component; empty for the form.
    pub component: String,
    /// What kind, for programs.
    pub code: &'static str,
    /// Chinese sentence: what is wrong and what to do.
    pub message: String,
    /// The form cannot be used with it; otherwise it is advice.
    #[serde(skip)]
    pub blocking: bool,
}

impl Form {
    /// Everything that keeps the form from being used or makes it hard to use, in the order of the form.
    #[must_use]
    pub fn check(&self, lists: &dyn CodeLists, expressions: &dyn Expressions) -> Vec<Problem> {
        let mut checker = Checker { lists, expressions, found: self.malformed.clone(), ids: HashSet::new() };
        if self.components.is_empty() {
            checker.block("", "empty", "表单里没有组件，请至少添加一项。");
        }
        checker.level(&self.components, true);
        for page in self.pages() {
            if page.group.is_some() && !shows(page.components) {
                checker.block(page.key, "empty_page", "这一页没有要填写或查看的内容，请添加或删去这一页。");
            }
            if page.group.is_some_and(|group| group.label.trim().is_empty()) {
                checker.advise(page.key, "no_label", "这一页没有标题，请填写。");
            }
        }
        checker.found
    }

    /// The same, but only what keeps the form from being used.
    #[must_use]
    pub fn blocking_problems(&self, lists: &dyn CodeLists, expressions: &dyn Expressions) -> Vec<Problem> {
        self.check(lists, expressions).into_iter().filter(|problem| problem.blocking).collect()
    }
}

fn shows(components: &[Component]) -> bool {
    components.iter().any(|component| match component.kind {
        ComponentKind::Group => shows(&component.components),
        ComponentKind::Table | ComponentKind::Text | ComponentKind::Html => true,
        kind => kind.takes_answer(),
    })
}

struct Checker<'a> {
    lists: &'a dyn CodeLists,
    expressions: &'a dyn Expressions,
    found: Vec<Problem>,
    ids: HashSet<&'a str>,
}

/// Whether pairs of an HTML form can carry the key; two names belong to the page around the form.
fn usable(key: &str) -> bool {
    !matches!(key, "_token" | "_act") && key.split('.').all(|part| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-')))
}

impl<'a> Checker<'a> {
    fn add(&mut self, component: &str, code: &'static str, message: impl Into<String>, blocking: bool) {
        self.found.push(Problem { component: component.to_owned(), code, message: message.into(), blocking });
    }

    fn block(&mut self, component: &str, code: &'static str, message: impl Into<String>) {
        self.add(component, code, message, true);
    }

    fn advise(&mut self, component: &str, code: &'static str, message: impl Into<String>) {
        self.add(component, code, message, false);
    }

    /// The form itself, or the row of a repeating group: keys must differ within it.
    fn level(&mut self, components: &'a [Component], top: bool) {
        let mut keys: HashMap<&'a [String], &'a Component> = HashMap::new();
        let mut computed: Vec<&'a Component> = Vec::new();
        self.components(components, top, &mut keys, &mut computed);
        let bindings: Vec<&[String]> = keys.keys().copied().collect();
        for binding in &bindings {
            if bindings.iter().any(|other| other.len() > binding.len() && other.starts_with(binding)) {
                self.block(&binding.join("."), "duplicate_key", format!("键“{}”既是一项又是一组，请改名。", binding.join(".")));
            }
        }
        self.circles(&computed);
    }

    fn components(&mut self, components: &'a [Component], top: bool, keys: &mut HashMap<&'a [String], &'a Component>, computed: &mut Vec<&'a Component>) {
        for component in components {
            let name = component.name();
            if !component.id.is_empty() && !self.ids.insert(&component.id) {
                self.block(name, "duplicate_id", format!("标识“{}”出现了两次，请删去后重新添加其中一个。", component.id));
            }
            if component.kind.has_value() {
                if !usable(&component.path()) {
                    self.block(name, "key", format!("键“{}”为空或含有不能用的字符，请只用字母、数字和下划线。", component.path()));
                } else if keys.insert(&component.binding, component).is_some() {
                    self.block(name, "duplicate_key", format!("键“{}”出现了两次，请改名。", component.path()));
                }
            }
            self.one(component, top);
            match component.kind {
                ComponentKind::Group => self.components(&component.components, false, keys, computed),
                ComponentKind::List => {
                    if component.components.is_empty() {
                        self.block(name, "empty_list", "重复的分组里没有要填写的项，请添加。");
                    }
                    self.level(&component.components, false);
                }
                ComponentKind::Expression => computed.push(component),
                _ => {}
            }
        }
    }

    fn one(&mut self, component: &'a Component, top: bool) {
        let name = component.name();
        match component.kind {
            ComponentKind::Unknown => self.block(name, "unknown_type", format!("没有“{}”这种组件，请换成别的组件。", component.type_name)),
            ComponentKind::Expression if feel(&component.expression).is_empty() => self.block(name, "expression", "没有写计算的表达式，请填写。"),
            ComponentKind::Table if feel(&component.expression).is_empty() => self.block(name, "expression", "表格没有数据来源，请填写。"),
            kind if kind.has_choices() => self.choices(component),
            _ => {}
        }
        if component.kind.takes_answer() && component.label.trim().is_empty() {
            self.advise(name, "no_label", "没有标签，填写人不知道要填什么，请补充。");
        }
        if !top && component.property("page").is_some() {
            self.block(name, "page", "只有最外层的分组和分隔线可以成为一页，请移到最外层或去掉page属性。");
        }
        self.properties(component);
        self.rules(component);
        for text in expressions_of(component) {
            if let Err(error) = self.expressions.check(text) {
                self.block(name, "expression", format!("{error}请修改“{}”。", text.chars().take(60).collect::<String>()));
            }
        }
    }

    fn choices(&mut self, component: &Component) {
        let name = component.name();
        if let Some(list) = component.code_list() {
            if !self.lists.knows(list) {
                self.block(name, "code_list", format!("没有名为“{list}”的代码表，请从列表中选择。"));
            } else if let Some(root) = component.property("within")
                && self.lists.code(list, root).is_none()
            {
                self.block(name, "code_list", format!("代码表“{list}”里没有“{root}”，请重新选择上级。"));
            }
            return;
        }
        match &component.choices {
            Choices::None => self.block(name, "no_values", "没有选项，请添加选项或选择代码表。"),
            Choices::Listed(list) if list.is_empty() => self.block(name, "no_values", "没有选项，请添加选项或选择代码表。"),
            Choices::Listed(list) => {
                if list.iter().enumerate().any(|(at, one)| list.iter().take(at).any(|before| before.value == one.value)) {
                    self.block(name, "duplicate_value", "有两个选项的值相同，请修改。");
                }
                if let Some(value) = component.default_value.as_ref()
                    && !component.kind.chooses_many()
                    && !list.iter().any(|one| one.value == *value)
                {
                    self.advise(name, "default_value", "默认值不在选项中，请重新选择。");
                }
            }
            Choices::Key(_) | Choices::Expression(_) => {}
        }
    }

    fn properties(&mut self, component: &Component) {
        let name = component.name();
        if component.property("mask").is_some_and(|mask| Mask::from_code(mask).is_none()) {
            self.block(name, "mask", "个人信息的种类只能是id、phone、address或name，请重新选择。");
        }
        for rows in ["minRows", "maxRows"] {
            if component.property(rows).is_some_and(|text| text.parse::<usize>().is_err()) {
                self.block(name, "rows", format!("{rows}应为整数，请修改。"));
            }
        }
    }

    fn rules(&mut self, component: &Component) {
        let name = component.name();
        let rules = &component.validate;
        if let Some(wanted) = &rules.pattern
            && pattern::compile(wanted).is_none()
        {
            self.block(name, "pattern", "格式的正则表达式有误或太复杂，请修改。");
        }
        let crossed = |least: &Option<Limit>, most: &Option<Limit>| matches!((least, most), (Some(Limit::Fixed(least)), Some(Limit::Fixed(most))) if least > most);
        if crossed(&rules.min, &rules.max) || crossed(&rules.min_length, &rules.max_length) {
            self.block(name, "limits", "下限大于上限，没有人能填对，请修改。");
        }
    }

    /// Computed values that need each other never come to an end.
    fn circles(&mut self, computed: &[&'a Component]) {
        // by the first name of the key: `sum(rows.amount)` speaks of `rows`
        let needs: Vec<Vec<usize>> = computed
            .iter()
            .map(|one| {
                let asked: HashSet<&str> = names(&one.expression).into_iter().collect();
                computed.iter().enumerate().filter(|(_, other)| other.binding.first().is_some_and(|key| asked.contains(key.as_str()))).map(|(at, _)| at).collect()
            })
            .collect();
        for (start, component) in computed.iter().enumerate() {
            let mut open = needs.get(start).cloned().unwrap_or_default();
            let mut seen: HashSet<usize> = HashSet::new();
            while let Some(at) = open.pop() {
                if at == start {
                    self.block(component.name(), "cycle", format!("“{}”的计算绕了一圈又用到自己，请修改表达式。", component.path()));
                    break;
                }
                if seen.insert(at) {
                    open.extend(needs.get(at).into_iter().flatten());
                }
            }
        }
    }
}

/// Every expression of a component, without its parts.
fn expressions_of(component: &Component) -> Vec<&str> {
    let rules = &component.validate;
    let mut found: Vec<&str> = Vec::new();
    found.extend(component.hide.as_deref().map(feel));
    for toggle in [&component.disabled, &component.read_only] {
        if let Toggle::When(text) = toggle {
            found.push(feel(text));
        }
    }
    for limit in [&rules.min, &rules.max, &rules.min_length, &rules.max_length] {
        if let Some(Limit::Computed(text)) = limit {
            found.push(feel(text));
        }
    }
    if !component.expression.trim().is_empty() && (component.kind == ComponentKind::Expression || is_feel(&component.expression) || component.kind == ComponentKind::Table) {
        found.push(feel(&component.expression));
    }
    if let Choices::Expression(text) = &component.choices {
        found.push(feel(text));
    }
    found.extend(component.columns_expression.as_deref().map(feel));
    for text in [&component.label, &component.description, &component.text] {
        found.extend(parts(text));
    }
    found.retain(|text| !text.is_empty());
    found
}
