//! Looking at single XML nodes.

use roxmltree::Node;

use super::{BPMN_NAMESPACE, EXTENSION_NAMESPACE, foreign};
use crate::model::Extension;

/// Local name of a BPMN element.
pub(crate) fn bpmn_name<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    (node.is_element() && node.tag_name().namespace() == Some(BPMN_NAMESPACE))
        .then(|| node.tag_name().name())
}

pub(super) fn bpmn_children<'a, 'i>(
    node: Node<'a, 'i>,
) -> impl Iterator<Item = (&'a str, Node<'a, 'i>)> {
    node.children()
        .filter_map(|child| bpmn_name(child).map(|name| (name, child)))
}

pub(super) fn text(node: Node<'_, '_>) -> String {
    let parts: String = node
        .children()
        .filter(Node::is_text)
        .filter_map(|n| n.text())
        .collect();
    parts.trim().to_owned()
}

/// The text of an expression as FEEL; `None` when there is none.
pub(super) fn expression(node: Node<'_, '_>) -> Option<String> {
    let bare = foreign::bare(&text(node));
    (!bare.is_empty()).then_some(bare)
}

/// An `xsd:boolean`.
pub(super) fn flag(value: &str) -> bool {
    matches!(value.trim(), "true" | "1")
}

/// A reference without its namespace prefix: what it means is looked up in the file itself.
pub(super) fn local(reference: &str) -> &str {
    let reference = reference.trim();
    reference.rsplit(':').next().unwrap_or(reference)
}

/// A number of tokens; 1 when not given.
pub(super) fn quantity(node: Node<'_, '_>, name: &str) -> u32 {
    let stated = node.attribute(name).and_then(|q| q.trim().parse().ok());
    stated.filter(|q| (1..=1000).contains(q)).unwrap_or(1)
}

/// Adds who does the work as the standard writes it (`potentialOwner`, `humanPerformer`, `performer`) under `assignee`,
/// unless our own attributes say it.
pub(super) fn performers(node: Node<'_, '_>, mut extension: Extension) -> Extension {
    let stated = bpmn_children(node)
        .filter(|(name, _)| matches!(*name, "potentialOwner" | "humanPerformer" | "performer"))
        .flat_map(|(_, n)| n.descendants())
        .filter(|n| bpmn_name(*n) == Some("formalExpression"))
        .map(text)
        .find(|t| !t.is_empty());
    if let Some(stated) = stated.filter(|_| !extension.contains_key("permission")) {
        extension.entry("assignee".to_owned()).or_insert(stated);
    }
    extension
}

/// Names of the data objects and properties drawn directly in a node.
pub(super) fn data(node: Node<'_, '_>) -> Vec<String> {
    bpmn_children(node)
        .filter(|(name, _)| matches!(*name, "dataObject" | "property"))
        .filter_map(|(_, n)| n.attribute("name"))
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

pub(super) fn documentation(node: Node<'_, '_>) -> String {
    bpmn_children(node)
        .filter(|(name, _)| *name == "documentation")
        .map(|(_, n)| text(n))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Attributes of the extension namespace, and within `extensionElements` its children: `<x:name>value</x:name>` or
/// `<x:property name="name" value="value"/>`. Attributes win.
pub(super) fn extension(node: Node<'_, '_>) -> Extension {
    let ours = |namespace: Option<&str>| namespace == Some(EXTENSION_NAMESPACE);
    let mut found = Extension::new();
    for (_, holder) in bpmn_children(node).filter(|(name, _)| *name == "extensionElements") {
        for child in holder
            .children()
            .filter(|c| c.is_element() && ours(c.tag_name().namespace()))
        {
            match (
                child.tag_name().name(),
                child.attribute("name"),
                child.attribute("value"),
            ) {
                ("property", Some(name), Some(value)) => {
                    found.insert(name.to_owned(), value.to_owned())
                }
                (name, ..) => found.insert(name.to_owned(), text(child)),
            };
        }
    }
    for attribute in node.attributes().filter(|a| ours(a.namespace())) {
        found.insert(attribute.name().to_owned(), attribute.value().to_owned());
    }
    found
}
