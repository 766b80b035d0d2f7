//! Correlation as the standard draws it: properties that are read out of a message on the one side and out of the data of a
//! process on the other; where both are equal, the message is for that instance.

use std::collections::HashMap;

use roxmltree::Node;

use super::xml::{bpmn_children, expression, local};

/// Where the properties are found.
#[derive(Default)]
pub(super) struct Correlations<'a> {
    /// In messages: property, message, expression; in the order they are drawn.
    in_messages: Vec<(&'a str, &'a str, String)>,
    /// In the data of the process at hand, by property.
    in_process: HashMap<&'a str, String>,
}

impl<'a> Correlations<'a> {
    pub(super) fn read(root: Node<'a, '_>) -> Self {
        let mut in_messages = Vec::new();
        for (_, property) in children(root, "correlationProperty") {
            let id = property.attribute("id").unwrap_or_default();
            for (_, retrieval) in children(property, "correlationPropertyRetrievalExpression") {
                let path = children(retrieval, "messagePath").next();
                let message = retrieval.attribute("messageRef").map(local);
                if let (Some(message), Some(path)) =
                    (message, path.and_then(|(_, n)| expression(n)))
                {
                    in_messages.push((id, message, path));
                }
            }
        }
        Self {
            in_messages,
            in_process: HashMap::new(),
        }
    }

    /// Looks at what a process subscribes to.
    pub(super) fn enter(&mut self, process: Node<'a, '_>) {
        self.in_process.clear();
        for (_, subscription) in children(process, "correlationSubscription") {
            for (_, binding) in children(subscription, "correlationPropertyBinding") {
                let property = binding.attribute("correlationPropertyRef").map(local);
                let path = children(binding, "dataPath").next();
                if let (Some(property), Some(path)) =
                    (property, path.and_then(|(_, n)| expression(n)))
                {
                    self.in_process.insert(property, path);
                }
            }
        }
    }

    /// The expression that tells instances apart for a message: what a thrower puts into it, or what a catcher compares.
    pub(super) fn key(&self, message: &str, catching: bool) -> Option<String> {
        let of_message = self.in_messages.iter().filter(|(_, m, _)| *m == message);
        let parts: Vec<&str> = of_message
            .filter_map(|(property, _, path)| match catching {
                true => self.in_process.get(property).map(String::as_str),
                false => Some(path.as_str()),
            })
            .collect();
        match parts.as_slice() {
            [] => None,
            [single] => Some((*single).to_owned()),
            several => Some(format!("[{}]", several.join(", "))),
        }
    }
}

fn children<'a, 'i>(
    node: Node<'a, 'i>,
    wanted: &'static str,
) -> impl Iterator<Item = (&'a str, Node<'a, 'i>)> {
    bpmn_children(node).filter(move |(name, _)| *name == wanted)
}
