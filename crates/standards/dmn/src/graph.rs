//! The decision requirements graph of a model and its imports, resolved and compiled.

use std::collections::{BTreeMap, BTreeSet};

use feel::engine::{FeelContext, Kind, Name, Value, name};

use crate::logic::{Compiler, Field, Logic};
use crate::problem::{Problem, codes};
use crate::source::{Drg, ElementSource, ItemSource, Source, Typed};
use crate::types::{Base, Signature, Simple, Type, Types};

/// Most elements of a model with its imports.
const ELEMENTS: usize = 5_000;

/// An element another one needs.
#[derive(Debug)]
pub(crate) struct Link {
    pub element: usize,
    /// The name of the import it is seen through.
    pub prefix: Option<Name>,
}

#[derive(Debug)]
pub(crate) struct Element {
    /// The model it belongs to: 0, or an import.
    pub model: usize,
    pub id: String,
    pub name: String,
    /// Name and type of the variable others see.
    pub variable: Field,
    pub content: Content,
}

#[derive(Debug)]
pub(crate) enum Content {
    Input,
    Decision { logic: Result<Logic, Problem>, requires: Vec<Link>, knowledge: Vec<Link> },
    Knowledge { parameters: Vec<Field>, body: Result<Logic, Problem>, knowledge: Vec<Link> },
    /// `parameters` are those whose type the type of the service states.
    Service { outputs: Vec<usize>, input_decisions: Vec<usize>, inputs: Vec<usize>, parameters: Vec<(Name, String)> },
}

/// Everything an evaluation needs.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    pub elements: Vec<Element>,
    pub types: Types,
    /// By model: its types as FEEL values, for `instance of`; empty for models that never ask.
    pub type_values: Vec<FeelContext>,
    /// Elements of the model itself by name and id, and imported ones as `import.name`.
    pub callable: BTreeMap<String, usize>,
}

/// Where elements and types are, before anything is compiled.
struct Places<'a> {
    sources: &'a [Source],
    /// (model, id) to element.
    ids: BTreeMap<(usize, &'a str), usize>,
    /// Namespace to model.
    namespaces: BTreeMap<&'a str, usize>,
}

impl Places<'_> {
    /// The model of a namespace; some tools drop the slash at its end in references.
    fn model(&self, namespace: &str) -> Option<usize> {
        let same = |known: &&str| known.trim_end_matches('/') == namespace.trim_end_matches('/');
        self.namespaces.get(namespace).or_else(|| self.namespaces.iter().find(|(known, _)| same(known)).map(|(_, model)| model)).copied()
    }

    /// The element a reference of a model leads to.
    fn find(&self, model: usize, href: &str) -> Option<Link> {
        let (namespace, id) = href.rsplit_once('#').unwrap_or(("", href));
        let target = if namespace.is_empty() || namespace == self.sources[model].namespace { model } else { self.model(namespace)? };
        let element = *self.ids.get(&(target, id))?;
        let prefix = if target == model {
            None
        } else {
            let import = self.sources[model].imports.iter().find(|import| import.namespace == self.sources[target].namespace)?;
            (!import.name.is_empty()).then(|| name(&import.name))
        };
        Some(Link { element, prefix })
    }

    /// The key of a type as a model names it.
    fn type_key(&self, model: usize, type_ref: &str, depth: usize) -> Option<String> {
        let plain: String = name(type_ref).into();
        let of = |model: usize, plain: &str| self.sources[model].items.iter().any(|item| item.name == plain).then(|| format!("{model}#{plain}"));
        if let Some(key) = of(model, &plain) {
            return Some(key);
        }
        if Simple::named(&plain).is_some() {
            return Some(plain.trim_start_matches("feel:").to_owned());
        }
        if depth > 8 {
            return None;
        }
        for import in &self.sources[model].imports {
            let Some(&target) = self.namespaces.get(import.namespace.as_str()) else { continue };
            let rest = if import.name.is_empty() { Some(plain.as_str()) } else { plain.strip_prefix(&import.name).and_then(|rest| rest.strip_prefix('.')) };
            if let Some(key) = rest.and_then(|rest| self.type_key(target, rest, depth + 1)) {
                return Some(key);
            }
        }
        // DMN 1.1 wrote qualified XML names.
        plain.split_once(':').and_then(|(_, rest)| self.type_key(model, rest, depth + 1))
    }
}

/// Resolves and compiles. The first source is the model, the others are its imports.
pub(crate) fn build(sources: &[Source], problems: &mut Vec<Problem>) -> Graph {
    let mut places = Places { sources, ids: BTreeMap::new(), namespaces: sources.iter().enumerate().rev().map(|(index, source)| (source.namespace.as_str(), index)).collect() };
    let flat: Vec<(usize, &Drg)> = sources.iter().enumerate().flat_map(|(model, source)| source.drg.iter().map(move |drg| (model, drg))).collect();
    if flat.len() > ELEMENTS {
        problems.push(Problem::fatal(codes::XML, "definitions", format!("元素超过 {ELEMENTS} 个")));
        return Graph::default();
    }
    let mut names = BTreeSet::new();
    for (index, (model, drg)) in flat.iter().enumerate() {
        if places.ids.insert((*model, &drg.id), index).is_some() {
            problems.push(Problem::fatal(codes::DUPLICATE, &drg.id, format!("标识“{}”重复", drg.id)));
        }
        if !names.insert((*model, &drg.name)) {
            problems.push(Problem::of(codes::DUPLICATE, &drg.id, format!("名称“{}”重复", drg.name)));
        }
    }
    let mut graph = Graph::default();
    for (model, source) in sources.iter().enumerate() {
        for item in &source.items {
            let compiled = item_type(&places, model, item, problems);
            graph.types.0.insert(format!("{model}#{}", item.name), compiled);
        }
    }
    graph.type_values = sources.iter().enumerate().map(|(model, source)| type_values(&places, &graph.types, model, source)).collect();
    let components: Vec<BTreeSet<String>> = sources.iter().map(|source| component_names(&source.items)).collect();
    let all_components: BTreeSet<String> = components.iter().flatten().cloned().collect();
    for (model, drg) in &flat {
        let element = element(&places, &graph.types, *model, drg, &flat, &all_components, problems);
        graph.elements.push(element);
    }
    for (index, (model, drg)) in flat.iter().enumerate().rev() {
        let mut add = |key: String| {
            graph.callable.insert(key, index);
        };
        if *model == 0 {
            add(drg.id.clone());
        } else if let Some(import) = sources[0].imports.iter().find(|import| import.namespace == sources[*model].namespace) {
            add(if import.name.is_empty() { drg.name.clone() } else { format!("{}.{}", import.name, drg.name) });
        }
    }
    // Names win over ids.
    for (index, (model, drg)) in flat.iter().enumerate().rev() {
        if *model == 0 {
            graph.callable.insert(drg.name.clone(), index);
        }
    }
    cycles(&graph, problems);
    graph
}

fn type_values(places: &Places<'_>, types: &Types, model: usize, source: &Source) -> FeelContext {
    let mut values = FeelContext::default();
    if !source.names_types {
        return values;
    }
    let feel = |model: usize, item: &ItemSource| Value::FeelType(types.feel_type(&format!("{model}#{}", item.name), 0));
    for item in &source.items {
        values.set_entry(&name(&item.name), feel(model, item));
    }
    for import in &source.imports {
        let Some(&target) = places.namespaces.get(import.namespace.as_str()) else { continue };
        for item in &places.sources[target].items {
            let path = [name(&import.name), name(&item.name)];
            values.create_entries(if import.name.is_empty() { &path[1..] } else { &path }, feel(target, item));
        }
    }
    values
}

fn component_names(items: &[ItemSource]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut open: Vec<&ItemSource> = items.iter().flat_map(|item| &item.components).collect();
    while let Some(item) = open.pop() {
        names.insert(item.name.clone());
        open.extend(&item.components);
    }
    names
}

fn item_type(places: &Places<'_>, model: usize, item: &ItemSource, problems: &mut Vec<Problem>) -> Type {
    let type_key = |type_ref: &str| places.type_key(model, type_ref, 0);
    let mut compiler = Compiler { type_key: &type_key, names: BTreeSet::new(), problems, element: item.name.clone() };
    let allowed = item.allowed.as_deref().and_then(|text| compiler.code(text, Kind::UnaryTests, ""));
    let constraint = item.constraint.as_deref().and_then(|text| compiler.code(text, Kind::UnaryTests, ""));
    let key = compiler.key(item.type_ref.as_deref(), "");
    let function = item.function.as_ref().map(|(parameters, result)| {
        let parameters = parameters.iter().map(|parameter| (name(&parameter.name), compiler.key(parameter.type_ref.as_deref(), ""))).collect();
        Signature { parameters, result: compiler.key(result.as_deref(), "") }
    });
    let base = if item.function.is_some() {
        Base::Simple(Simple::Function)
    } else if !item.components.is_empty() {
        Base::Structure(item.components.iter().map(|component| (name(&component.name), item_type(places, model, component, problems))).collect())
    } else {
        match key {
            Some(key) => match (key.contains('#'), Simple::named(&key)) {
                (false, Some(simple)) => Base::Simple(simple),
                _ => Base::Named(key),
            },
            None => Base::Simple(Simple::Any),
        }
    };
    let allowed_text = item.allowed.clone().or_else(|| item.constraint.clone()).unwrap_or_default();
    Type { list: item.list, base, allowed, constraint, allowed_text, function }
}

fn element(places: &Places<'_>, types: &Types, model: usize, drg: &Drg, flat: &[(usize, &Drg)], components: &BTreeSet<String>, problems: &mut Vec<Problem>) -> Element {
    let mut dangling = Vec::new();
    let mut links = |hrefs: &[String]| {
        let found = hrefs.iter().filter_map(|href| {
            let link = places.find(model, href);
            if link.is_none() {
                dangling.push(Problem::fatal(codes::DANGLING, &drg.id, format!("“{}”引用的“{href}”不存在", drg.name)));
            }
            link
        });
        found.collect::<Vec<Link>>()
    };
    let (requires, knowledge) = match &drg.source {
        ElementSource::Input => (Vec::new(), Vec::new()),
        ElementSource::Decision { requires, knowledge, .. } => (links(requires), links(knowledge)),
        ElementSource::Knowledge { knowledge, .. } => (Vec::new(), links(knowledge)),
        ElementSource::Service { outputs, encapsulated, input_decisions, inputs } => {
            links(encapsulated);
            let indices = |links: Vec<Link>| links.into_iter().map(|link| link.element).collect();
            let type_ref = drg.variable.type_ref.as_deref();
            let key = type_ref.and_then(|type_ref| places.type_key(model, type_ref, 0));
            let (parameters, key) = signature(types, key);
            let content = Content::Service { outputs: indices(links(outputs)), input_decisions: indices(links(input_decisions)), inputs: indices(links(inputs)), parameters };
            problems.append(&mut dangling);
            return Element { model, id: drg.id.clone(), name: drg.name.clone(), variable: (name(&drg.variable.name), key), content };
        }
    };
    problems.append(&mut dangling);
    let type_key = |type_ref: &str| places.type_key(model, type_ref, 0);
    let mut names = components.clone();
    for link in requires.iter().chain(&knowledge) {
        let seen = &flat[link.element].1.variable.name;
        names.insert(seen.clone());
        names.extend(link.prefix.as_ref().map(String::from));
    }
    let mut found = Vec::new();
    let mut compiler = Compiler { type_key: &type_key, names, problems: &mut found, element: drg.id.clone() };
    let key = compiler.key(drg.variable.type_ref.as_deref(), "");
    let compile = |typed: Option<&Typed>, compiler: &mut Compiler<'_>| match typed {
        None => Err(Problem::of(codes::EMPTY, &drg.id, format!("“{}”没有决策逻辑", drg.name))),
        Some(typed) => {
            let logic = compiler.logic(typed);
            logic.ok_or_else(|| compiler.problems.last().cloned().unwrap_or_else(|| Problem::of(codes::EXPRESSION, &drg.id, "决策逻辑有误")))
        }
    };
    let mut result_key = key;
    let content = match &drg.source {
        ElementSource::Decision { logic, .. } => {
            let logic = compile(logic.as_ref(), &mut compiler);
            Content::Decision { logic, requires, knowledge }
        }
        ElementSource::Knowledge { parameters, body, type_ref, .. } => {
            let fields = parameters.iter().map(|parameter| (name(&parameter.name), compiler.key(parameter.type_ref.as_deref(), ""))).collect();
            compiler.names.extend(parameters.iter().map(|parameter| parameter.name.clone()));
            compiler.names.insert(drg.name.clone());
            let body = compile(body.as_ref(), &mut compiler);
            result_key = signature(types, result_key).1.or_else(|| signature(types, compiler.key(type_ref.as_deref(), "")).1);
            Content::Knowledge { parameters: fields, body, knowledge }
        }
        _ => Content::Input,
    };
    if let Content::Decision { logic: Err(problem), .. } | Content::Knowledge { body: Err(problem), .. } = &content
        && !found.contains(problem)
    {
        found.push(problem.clone());
    }
    problems.append(&mut found);
    Element { model, id: drg.id.clone(), name: drg.name.clone(), variable: (name(&drg.variable.name), result_key), content }
}

/// The types of parameters and the type of results that the type of a function states. The type may be that of the
/// function or, as older modellers write it, of its result.
fn signature(types: &Types, key: Option<String>) -> (Vec<(Name, String)>, Option<String>) {
    match key.as_ref().and_then(|key| types.0.get(key)?.function.as_ref()) {
        Some(Signature { parameters, result }) => (parameters.iter().filter_map(|(name, key)| Some((name.clone(), key.clone()?))).collect(), result.clone()),
        None => (Vec::new(), key),
    }
}

impl Content {
    fn needs(&self) -> Vec<usize> {
        match self {
            Self::Input => Vec::new(),
            Self::Decision { requires, knowledge, .. } => requires.iter().chain(knowledge).map(|link| link.element).collect(),
            Self::Knowledge { knowledge, .. } => knowledge.iter().map(|link| link.element).collect(),
            Self::Service { outputs, .. } => outputs.clone(),
        }
    }
}

/// Depth-first without recursion: a long chain must not exhaust the stack.
fn cycles(graph: &Graph, problems: &mut Vec<Problem>) {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done,
    }
    let mut marks = vec![Mark::New; graph.elements.len()];
    for start in 0..graph.elements.len() {
        if marks[start] != Mark::New {
            continue;
        }
        marks[start] = Mark::Open;
        let mut path = vec![(start, graph.elements[start].content.needs())];
        while let Some((at, open)) = path.last_mut() {
            let at = *at;
            match open.pop() {
                None => {
                    marks[at] = Mark::Done;
                    path.pop();
                }
                // A business knowledge model may call itself; the evaluation bounds that.
                Some(next) if next == at && matches!(graph.elements[at].content, Content::Knowledge { .. }) => {}
                Some(next) if marks[next] == Mark::Open => {
                    let element = &graph.elements[at];
                    problems.push(Problem::fatal(codes::CYCLE, &element.id, format!("“{}”与“{}”循环依赖", element.name, graph.elements[next].name)));
                }
                Some(next) if marks[next] == Mark::New => {
                    marks[next] = Mark::Open;
                    path.push((next, graph.elements[next].content.needs()));
                }
                Some(_) => {}
            }
        }
    }
}
