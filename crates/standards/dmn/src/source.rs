//! A DMN document as it is written: read from XML, nothing resolved.

use roxmltree::{Document, Node, ParsingOptions};

use crate::problem::{Problem, codes};

/// Largest document, in bytes.
pub(crate) const LARGEST: usize = 4 << 20;
/// Most nodes of a document.
const NODES: u32 = 200_000;
/// Deepest nesting of elements; the readers below recurse.
const DEPTH: usize = 100;

/// A name with a type, as of a variable, a parameter or a column.
#[derive(Clone, Debug, Default)]
pub struct Variable {
    pub name: String,
    pub type_ref: Option<String>,
}

/// The logic of a decision or function.
#[derive(Clone, Debug)]
pub enum Boxed {
    Literal { text: String },
    Table(TableSource),
    Context(Vec<(Option<Variable>, Typed)>),
    Invocation { function: Box<Typed>, arguments: Vec<(Variable, Typed)> },
    Function { parameters: Vec<Variable>, body: Option<Box<Typed>> },
    List(Vec<Typed>),
    Relation { columns: Vec<Variable>, rows: Vec<Vec<Typed>> },
    Conditional(Box<Typed>, Box<Typed>, Box<Typed>),
    Filter { list: Box<Typed>, condition: Box<Typed> },
    Loop { turns: &'static str, variable: String, list: Box<Typed>, body: Box<Typed> },
}

/// Logic with where it stands and the type it is said to have.
#[derive(Clone, Debug)]
pub struct Typed {
    pub id: String,
    pub type_ref: Option<String>,
    pub boxed: Boxed,
}

#[derive(Clone, Debug)]
pub struct TableSource {
    pub policy: String,
    pub aggregation: Option<String>,
    pub inputs: Vec<InputClause>,
    pub outputs: Vec<OutputClause>,
    pub annotations: Vec<String>,
    pub rules: Vec<RuleSource>,
}

#[derive(Clone, Debug)]
pub struct InputClause {
    pub label: String,
    pub text: String,
    pub type_ref: Option<String>,
    pub allowed: Option<String>,
}

#[derive(Clone, Debug)]
pub struct OutputClause {
    pub name: Option<String>,
    pub type_ref: Option<String>,
    pub allowed: Option<String>,
    pub default: Option<String>,
}

#[derive(Clone, Debug)]
pub struct RuleSource {
    pub id: String,
    pub tests: Vec<String>,
    /// The texts with their types.
    pub outputs: Vec<(String, Option<String>)>,
    pub annotations: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct ItemSource {
    pub name: String,
    pub list: bool,
    pub type_ref: Option<String>,
    pub allowed: Option<String>,
    pub constraint: Option<String>,
    pub components: Vec<ItemSource>,
    pub function: Option<(Vec<Variable>, Option<String>)>,
}

#[derive(Clone, Debug)]
pub enum ElementSource {
    Input,
    Decision { logic: Option<Typed>, requires: Vec<String>, knowledge: Vec<String> },
    Knowledge { parameters: Vec<Variable>, body: Option<Typed>, knowledge: Vec<String>, type_ref: Option<String> },
    Service { outputs: Vec<String>, encapsulated: Vec<String>, input_decisions: Vec<String>, inputs: Vec<String> },
}

#[derive(Clone, Debug)]
pub struct Drg {
    pub id: String,
    pub name: String,
    /// The variable others see; its name is the element's.
    pub variable: Variable,
    pub source: ElementSource,
}

#[derive(Clone, Debug)]
pub struct ImportSource {
    pub name: String,
    pub namespace: String,
    pub location: Option<String>,
}

#[derive(Clone, Debug)]
pub struct ExampleSource {
    pub decision: String,
    pub input: String,
    pub expected: String,
}

/// A document.
#[derive(Clone, Debug)]
pub struct Source {
    pub name: String,
    pub namespace: String,
    pub imports: Vec<ImportSource>,
    pub items: Vec<ItemSource>,
    pub drg: Vec<Drg>,
    pub examples: Vec<ExampleSource>,
    /// Whether an expression may ask for the type of a value by name.
    pub names_types: bool,
}

type Xml<'a> = Node<'a, 'a>;

fn children<'a>(node: Xml<'a>, name: &'static str) -> impl Iterator<Item = Xml<'a>> {
    node.children().filter(move |child| child.tag_name().name() == name && child.is_element())
}

fn child<'a>(node: Xml<'a>, name: &'static str) -> Option<Xml<'a>> {
    children(node, name).next()
}

fn attribute(node: Xml<'_>, name: &str) -> Option<String> {
    node.attribute(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// The content of the `text` (or other) child.
fn text_of(node: Xml<'_>, name: &'static str) -> Option<String> {
    child(node, name).map(|node| node.descendants().filter(|node| node.is_text()).filter_map(|node| node.text()).collect::<String>().trim().to_owned())
}

fn href(node: Xml<'_>) -> String {
    attribute(node, "href").unwrap_or_default()
}

fn hrefs(node: Xml<'_>, name: &'static str) -> Vec<String> {
    children(node, name).map(href).collect()
}

fn identity(node: Xml<'_>) -> String {
    node.attribute("id").or_else(|| node.attribute("name")).unwrap_or_default().to_owned()
}

fn variable(node: Xml<'_>) -> Variable {
    let name = node.attribute("name").unwrap_or_default();
    Variable { name: feel::engine::name(name).into(), type_ref: type_ref(node) }
}

/// The type by attribute (DMN 1.2 and later) or by child (1.1).
fn type_ref(node: Xml<'_>) -> Option<String> {
    attribute(node, "typeRef").or_else(|| text_of(node, "typeRef")).filter(|name| !name.is_empty())
}

/// Reads a document.
///
/// # Errors
/// When it is no DMN, or too large.
pub(crate) fn read(xml: &str) -> Result<(Source, Vec<Problem>), Problem> {
    if xml.len() > LARGEST {
        return Err(Problem::fatal(codes::XML, "definitions", format!("模型超过 {} MB", LARGEST >> 20)));
    }
    // No document type: no entities, so nothing expands and nothing is fetched.
    let options = ParsingOptions { allow_dtd: false, nodes_limit: NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(xml, options).map_err(|error| Problem::fatal(codes::XML, "definitions", format!("不是有效的 XML：{error}")))?;
    let root = document.root_element();
    if root.tag_name().name() != "definitions" || !root.tag_name().namespace().is_some_and(|namespace| namespace.contains("/spec/DMN/")) {
        return Err(Problem::fatal(codes::XML, root.tag_name().name(), "不是 DMN 模型"));
    }
    if depth_exceeds(root) {
        return Err(Problem::fatal(codes::XML, "definitions", format!("元素嵌套超过 {DEPTH} 层")));
    }
    let mut problems = Vec::new();
    let mut source = Source {
        name: attribute(root, "name").unwrap_or_default(),
        namespace: attribute(root, "namespace").unwrap_or_default(),
        imports: children(root, "import")
            .map(|node| ImportSource {
                name: feel::engine::name(node.attribute("name").unwrap_or_default()).into(),
                namespace: attribute(node, "namespace").unwrap_or_default(),
                location: attribute(node, "locationURI"),
            })
            .collect(),
        items: children(root, "itemDefinition").map(item).collect(),
        drg: Vec::new(),
        examples: Vec::new(),
        names_types: ["instance", "function(", "function ("].iter().any(|word| xml.contains(word)),
    };
    for extension in children(root, "extensionElements").flat_map(|node| node.descendants()).filter(|node| node.tag_name().name() == "example") {
        source.examples.push(ExampleSource {
            decision: attribute(extension, "decision").unwrap_or_default(),
            input: text_of(extension, "input").unwrap_or_else(|| "{}".into()),
            expected: text_of(extension, "expected").unwrap_or_else(|| "null".into()),
        });
    }
    for node in root.children().filter(Node::is_element) {
        let kind = match node.tag_name().name() {
            "inputData" => ElementSource::Input,
            "decision" => ElementSource::Decision {
                logic: logic_in(node, &mut problems),
                requires: children(node, "informationRequirement").flat_map(|node| hrefs(node, "requiredInput").into_iter().chain(hrefs(node, "requiredDecision"))).collect(),
                knowledge: children(node, "knowledgeRequirement").flat_map(|node| hrefs(node, "requiredKnowledge")).collect(),
            },
            "businessKnowledgeModel" => {
                let function = child(node, "encapsulatedLogic").map(|node| function(node, &mut problems));
                let (parameters, body) = match function {
                    Some(Boxed::Function { parameters, body }) => (parameters, body.map(|body| *body)),
                    _ => (Vec::new(), None),
                };
                let knowledge = children(node, "knowledgeRequirement").flat_map(|node| hrefs(node, "requiredKnowledge")).collect();
                ElementSource::Knowledge { parameters, body, knowledge, type_ref: child(node, "encapsulatedLogic").and_then(type_ref) }
            }
            "decisionService" => ElementSource::Service {
                outputs: hrefs(node, "outputDecision"),
                encapsulated: hrefs(node, "encapsulatedDecision"),
                input_decisions: hrefs(node, "inputDecision"),
                inputs: hrefs(node, "inputData"),
            },
            _ => continue,
        };
        let mut variable = child(node, "variable").map(variable).unwrap_or_default();
        let name: String = feel::engine::name(node.attribute("name").unwrap_or_default()).into();
        if variable.name.is_empty() {
            variable.name.clone_from(&name);
        }
        source.drg.push(Drg { id: identity(node), name, variable, source: kind });
    }
    Ok((source, problems))
}

/// The namespace of a model, without reading it further; for those who look for an imported one.
pub fn namespace_of(xml: &str) -> Option<String> {
    if xml.len() > LARGEST {
        return None;
    }
    let options = ParsingOptions { allow_dtd: false, nodes_limit: NODES, ..ParsingOptions::default() };
    attribute(Document::parse_with_options(xml, options).ok()?.root_element(), "namespace")
}

fn depth_exceeds(root: Xml<'_>) -> bool {
    // Walks without recursion, because that is what it protects from.
    let mut level = vec![(root, 1)];
    while let Some((node, depth)) = level.pop() {
        if depth > DEPTH {
            return true;
        }
        level.extend(node.children().filter(Node::is_element).map(|child| (child, depth + 1)));
    }
    false
}

fn item(node: Xml<'_>) -> ItemSource {
    ItemSource {
        name: feel::engine::name(node.attribute("name").unwrap_or_default()).into(),
        list: node.attribute("isCollection").is_some_and(|flag| matches!(flag, "true" | "1")),
        type_ref: type_ref(node),
        allowed: child(node, "allowedValues").and_then(|node| text_of(node, "text")).filter(|text| !text.is_empty()),
        constraint: child(node, "typeConstraint").and_then(|node| text_of(node, "text")).filter(|text| !text.is_empty()),
        components: children(node, "itemComponent").map(item).collect(),
        function: child(node, "functionItem").map(|node| (children(node, "parameters").map(variable).collect(), attribute(node, "outputTypeRef"))),
    }
}

const LOGIC: [&str; 12] =
    ["literalExpression", "decisionTable", "context", "invocation", "functionDefinition", "list", "relation", "conditional", "filter", "for", "some", "every"];

/// The logic among the children of `node`, if any.
fn logic_in(node: Xml<'_>, problems: &mut Vec<Problem>) -> Option<Typed> {
    let found = node.children().find(|child| child.is_element() && LOGIC.contains(&child.tag_name().name()))?;
    Some(logic(found, problems))
}

/// The logic in the named child; nothing there is the null expression.
fn logic_of(node: Xml<'_>, name: &'static str, problems: &mut Vec<Problem>) -> Box<Typed> {
    Box::new(child(node, name).and_then(|node| logic_in(node, problems)).unwrap_or_else(|| nothing(node)))
}

fn nothing(node: Xml<'_>) -> Typed {
    Typed { id: identity(node), type_ref: None, boxed: Boxed::Literal { text: "null".into() } }
}

fn logic(node: Xml<'_>, problems: &mut Vec<Problem>) -> Typed {
    let boxed = match node.tag_name().name() {
        "decisionTable" => Boxed::Table(table(node)),
        "context" => Boxed::Context(
            children(node, "contextEntry")
                .map(|entry| (child(entry, "variable").map(variable), logic_in(entry, problems).unwrap_or_else(|| nothing(entry))))
                .collect(),
        ),
        "invocation" => Boxed::Invocation {
            function: Box::new(logic_in(node, problems).unwrap_or_else(|| nothing(node))),
            arguments: children(node, "binding")
                .map(|binding| (child(binding, "parameter").map(variable).unwrap_or_default(), logic_in(binding, problems).unwrap_or_else(|| nothing(binding))))
                .collect(),
        },
        "functionDefinition" => function(node, problems),
        "list" => Boxed::List(node.children().filter(|child| LOGIC.contains(&child.tag_name().name())).map(|child| logic(child, problems)).collect()),
        "relation" => Boxed::Relation {
            columns: children(node, "column").map(variable).collect(),
            rows: children(node, "row")
                .map(|row| row.children().filter(|cell| LOGIC.contains(&cell.tag_name().name())).map(|cell| logic(cell, problems)).collect())
                .collect(),
        },
        "conditional" => Boxed::Conditional(logic_of(node, "if", problems), logic_of(node, "then", problems), logic_of(node, "else", problems)),
        "filter" => Boxed::Filter { list: logic_of(node, "in", problems), condition: logic_of(node, "match", problems) },
        turns @ ("for" | "some" | "every") => Boxed::Loop {
            turns: match turns {
                "for" => "for",
                "some" => "some",
                _ => "every",
            },
            variable: feel::engine::name(node.attribute("iteratorVariable").unwrap_or_default()).into(),
            list: logic_of(node, "in", problems),
            body: logic_of(node, if turns == "for" { "return" } else { "satisfies" }, problems),
        },
        _ => {
            if let Some(language) = attribute(node, "expressionLanguage").filter(|language| !language.to_ascii_lowercase().contains("feel")) {
                problems.push(Problem::of(codes::EXPRESSION, identity(node), format!("只支持 FEEL 表达式，不支持 {language}")));
            }
            Boxed::Literal { text: text_of(node, "text").filter(|text| !text.is_empty()).unwrap_or_else(|| "null".into()) }
        }
    };
    Typed { id: identity(node), type_ref: type_ref(node), boxed }
}

fn function(node: Xml<'_>, problems: &mut Vec<Problem>) -> Boxed {
    if let Some(kind) = attribute(node, "kind").filter(|kind| kind != "FEEL") {
        problems.push(Problem::fatal(codes::EXTERNAL, identity(node), format!("不得调用外部函数（{kind}）")));
    }
    Boxed::Function { parameters: children(node, "formalParameter").map(variable).collect(), body: logic_in(node, problems).map(Box::new) }
}

fn table(node: Xml<'_>) -> TableSource {
    let allowed = |node: Xml<'_>, name: &'static str| child(node, name).and_then(|node| text_of(node, "text")).filter(|text| !text.is_empty());
    let cell = |node: Xml<'_>| text_of(node, "text").unwrap_or_default();
    TableSource {
        policy: attribute(node, "hitPolicy").unwrap_or_else(|| "UNIQUE".into()),
        aggregation: attribute(node, "aggregation"),
        inputs: children(node, "input")
            .map(|input| {
                let expression = child(input, "inputExpression");
                let text = expression.and_then(|node| text_of(node, "text")).unwrap_or_default();
                InputClause {
                    label: attribute(input, "label").unwrap_or_else(|| text.clone()),
                    text,
                    type_ref: expression.and_then(type_ref),
                    allowed: allowed(input, "inputValues"),
                }
            })
            .collect(),
        outputs: children(node, "output")
            .map(|output| OutputClause {
                name: attribute(output, "name").map(|name| feel::engine::name(&name).into()),
                type_ref: type_ref(output),
                allowed: allowed(output, "outputValues"),
                default: allowed(output, "defaultOutputEntry"),
            })
            .collect(),
        annotations: children(node, "annotation").map(|node| node.attribute("name").unwrap_or_default().to_owned()).collect(),
        rules: children(node, "rule")
            .map(|rule| RuleSource {
                id: identity(rule),
                tests: children(rule, "inputEntry").map(cell).collect(),
                outputs: children(rule, "outputEntry").map(|node| (cell(node), type_ref(node))).collect(),
                annotations: children(rule, "annotationEntry").map(cell).collect(),
            })
            .collect(),
    }
}
