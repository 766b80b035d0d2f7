//! Looking at single XML nodes.

use roxmltree::Node;

use super::{BPMN_NAMESPACE, EXTENSION_NAMESPACE};
use crate::model::Extension;

/// Local name of a BPMN element.
pub(super) fn bpmn_name<'a>(node: Node<'a, '_>) -> Option<&'a str> {
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
