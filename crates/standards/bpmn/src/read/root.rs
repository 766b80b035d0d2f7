//! What stands beside the processes and is referred to from them.

use std::collections::HashMap;

use roxmltree::Node;

use super::{
    correlations::Correlations,
    foreign,
    xml::{bpmn_children, extension, local},
};
use crate::model::{Coded, Named};

/// Messages, signals, errors and the like by id.
pub(super) struct Root<'a, 'i> {
    messages: HashMap<&'a str, Node<'a, 'i>>,
    signals: HashMap<&'a str, Node<'a, 'i>>,
    errors: HashMap<&'a str, Node<'a, 'i>>,
    escalations: HashMap<&'a str, Node<'a, 'i>>,
    /// Event definitions that events refer to instead of holding them.
    pub(super) definitions: HashMap<&'a str, Node<'a, 'i>>,
    /// Message flows between pools, by either end.
    flows: HashMap<&'a str, Node<'a, 'i>>,
    /// Names of data objects, inputs and outputs.
    data: HashMap<&'a str, &'a str>,
    pub(super) correlations: Correlations<'a>,
}

impl<'a, 'i> Root<'a, 'i> {
    pub(super) fn read(root: Node<'a, 'i>) -> Self {
        let mut found = Self {
            messages: HashMap::new(),
            signals: HashMap::new(),
            errors: HashMap::new(),
            escalations: HashMap::new(),
            definitions: HashMap::new(),
            flows: HashMap::new(),
            data: data_names(root),
            correlations: Correlations::read(root),
        };
        for (name, node) in bpmn_children(root) {
            let id = node.attribute("id").unwrap_or_default();
            match name {
                "message" => {
                    found.messages.insert(id, node);
                }
                "signal" => {
                    found.signals.insert(id, node);
                }
                "error" => {
                    found.errors.insert(id, node);
                }
                "escalation" => {
                    found.escalations.insert(id, node);
                }
                "collaboration" => {
                    for (_, flow) in bpmn_children(node).filter(|(n, _)| *n == "messageFlow") {
                        for end in ["sourceRef", "targetRef"] {
                            if let Some(end) = flow.attribute(end) {
                                found.flows.entry(local(end)).or_insert(flow);
                            }
                        }
                    }
                }
                _ if name.ends_with("EventDefinition") => {
                    found.definitions.insert(id, node);
                }
                _ => {}
            }
        }
        found
    }

    /// The message an event or task means: the one it names, or the one its message flow carries, or one of its own name.
    pub(super) fn message(
        &self,
        reference: Option<&str>,
        holder: Node<'_, '_>,
        catching: bool,
    ) -> (Named, Option<String>) {
        let id = holder.attribute("id").unwrap_or_default();
        let flow = self.flows.get(id);
        let reference = reference
            .map(local)
            .filter(|r| !r.is_empty())
            .or_else(|| flow.and_then(|f| f.attribute("messageRef")).map(local));
        let own = |name: &str| {
            holder
                .attribute(name)
                .map(str::trim)
                .filter(|v| !v.is_empty())
        };
        let named = match reference {
            Some(reference) => named(&self.messages, reference),
            None => match flow.and_then(|f| f.attribute("id")) {
                Some(flow) => Named {
                    id: String::new(),
                    name: flow.to_owned(),
                },
                None => Named {
                    id: id.to_owned(),
                    name: own("name").unwrap_or(id).to_owned(),
                },
            },
        };
        let correlation = reference
            .and_then(|r| self.messages.get(r))
            .and_then(|node| correlation_key(*node))
            .or_else(|| correlation_key(holder))
            .or_else(|| self.correlations.key(reference?, catching));
        (named, correlation)
    }

    /// The name people gave to the data a reference means; the reference itself when the file does not say.
    pub(super) fn data_name(&self, reference: &str) -> String {
        let id = local(reference);
        self.data.get(id).copied().unwrap_or(id).to_owned()
    }

    pub(super) fn signal(&self, reference: &str) -> Named {
        named(&self.signals, local(reference))
    }

    pub(super) fn error(&self, reference: &str) -> Coded {
        coded(&self.errors, local(reference), "errorCode")
    }

    pub(super) fn escalation(&self, reference: &str) -> Coded {
        coded(&self.escalations, local(reference), "escalationCode")
    }
}

fn data_names<'a>(root: Node<'a, '_>) -> HashMap<&'a str, &'a str> {
    let is_data = |n: &Node<'_, '_>| {
        n.is_element()
            && (n.tag_name().name().starts_with("data") || n.tag_name().name() == "property")
    };
    let named = |n: Node<'a, '_>| {
        let name = n
            .attribute("name")
            .map(str::trim)
            .filter(|n| !n.is_empty())?;
        Some((n.attribute("id")?, name))
    };
    root.descendants()
        .filter(is_data)
        .filter_map(named)
        .collect()
}

/// `tongban:correlationKey`, or the `correlationKey` other modellers write on a subscription.
fn correlation_key(node: Node<'_, '_>) -> Option<String> {
    extension(node)
        .remove("correlationKey")
        .or_else(|| {
            let theirs = foreign::attribute_within(node, "subscription", "correlationKey")?;
            Some(theirs.to_owned())
        })
        .map(|key| key.trim().trim_start_matches('=').trim().to_owned())
        .filter(|key| !key.is_empty())
}

fn named(all: &HashMap<&str, Node<'_, '_>>, id: &str) -> Named {
    let name = all
        .get(id)
        .and_then(|n| n.attribute("name"))
        .map(str::trim)
        .filter(|n| !n.is_empty());
    Named {
        id: id.to_owned(),
        name: name.unwrap_or(id).to_owned(),
    }
}

fn coded(all: &HashMap<&str, Node<'_, '_>>, id: &str, attribute: &str) -> Coded {
    let value = |name| {
        all.get(id)
            .and_then(|n| n.attribute(name))
            .map(str::trim)
            .filter(|v| !v.is_empty())
    };
    let name = value("name").unwrap_or_default().to_owned();
    let code = value(attribute).or(value("name")).unwrap_or(id).to_owned();
    Coded {
        id: id.to_owned(),
        code,
        name,
    }
}
