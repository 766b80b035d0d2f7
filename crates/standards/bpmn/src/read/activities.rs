//! Tasks, sub-processes and how often they are done.

use roxmltree::Node;

use super::{
    Reader, foreign,
    xml::{bpmn_children, expression, extension, flag, local, text},
};
use crate::{
    model::{AdHoc, Behavior, Cardinality, EventDefinition, Looping, SubProcess, Task},
    problem::Code,
};

impl<'a, 'i> Reader<'a, 'i> {
    pub(super) fn task(&mut self, name: &str, node: Node<'a, 'i>) -> Option<(&'static str, Task)> {
        let message = |reader: &Self| {
            let (message, correlation) =
                reader
                    .root
                    .message(node.attribute("messageRef"), node, name == "receiveTask");
            EventDefinition::Message {
                message,
                correlation,
            }
        };
        Some(match name {
            "task" => ("task", Task::Abstract),
            "manualTask" => ("manualTask", Task::Manual),
            "userTask" => ("userTask", Task::User),
            "serviceTask" => ("serviceTask", Task::Service),
            "businessRuleTask" => ("businessRuleTask", Task::BusinessRule),
            "sendTask" => {
                let by_topic = extension(node).contains_key("topic");
                let message = (!by_topic).then(|| message(self));
                ("sendTask", Task::Send { message })
            }
            "receiveTask" => {
                let instantiate = node.attribute("instantiate").is_some_and(flag);
                let message = message(self);
                (
                    "receiveTask",
                    Task::Receive {
                        message,
                        instantiate,
                    },
                )
            }
            "scriptTask" | "globalScriptTask" => {
                let format = node
                    .attribute("scriptFormat")
                    .or_else(|| node.attribute("scriptLanguage"))
                    .unwrap_or_default();
                let script = bpmn_children(node).find(|(n, _)| *n == "script");
                let script = match (
                    script,
                    foreign::attribute_within(node, "script", "expression"),
                ) {
                    // An expression beside the standard's own script is always FEEL.
                    (None, Some(expression)) => Task::Script {
                        format: "feel".to_owned(),
                        text: expression.trim().to_owned(),
                    },
                    (script, _) => Task::Script {
                        format: format.trim().to_owned(),
                        text: script.map(|(_, n)| text(n)).unwrap_or_default(),
                    },
                };
                ("scriptTask", script)
            }
            _ => return None,
        })
    }

    pub(super) fn sub_process(
        &mut self,
        name: &str,
        node: Node<'a, 'i>,
    ) -> (&'static str, SubProcess) {
        match name {
            "transaction" => ("transaction", SubProcess::Transaction),
            "adHocSubProcess" => {
                let completion = bpmn_children(node).find(|(n, _)| *n == "completionCondition");
                let ad_hoc = AdHoc {
                    sequential: node.attribute("ordering") == Some("Sequential"),
                    completion: completion.and_then(|(_, n)| expression(n)),
                    cancel_remaining: node.attribute("cancelRemainingInstances").is_none_or(flag),
                };
                ("adHocSubProcess", SubProcess::AdHoc(ad_hoc))
            }
            _ if node.attribute("triggeredByEvent").is_some_and(flag) => {
                ("subProcess", SubProcess::Event)
            }
            _ => ("subProcess", SubProcess::Embedded),
        }
    }

    pub(super) fn looping(&mut self, node: Node<'a, 'i>, id: &str) -> Option<Looping> {
        let (name, node) = bpmn_children(node).find(|(name, _)| super::LOOPS.contains(name))?;
        let inner = |wanted: &str| {
            bpmn_children(node)
                .find(|(name, _)| *name == wanted)
                .map(|(_, n)| n)
        };
        if name == "standardLoopCharacteristics" {
            return Some(Looping::Standard {
                test_before: node.attribute("testBefore").is_some_and(flag),
                condition: inner("loopCondition").and_then(expression),
                maximum: node
                    .attribute("loopMaximum")
                    .and_then(|m| m.trim().parse().ok()),
            });
        }
        let own = extension(node);
        let own = |name: &str| {
            own.get(name)
                .map(|v| v.trim().trim_start_matches('=').trim().to_owned())
                .filter(|v| !v.is_empty())
        };
        // References to data are read as the names of variables.
        let data = |name: &str| {
            inner(name)
                .map(text)
                .filter(|t| !t.is_empty())
                .map(|id| self.root.data_name(&id))
        };
        // The same said in the namespace of another modeller, on the element or within its extensions.
        let theirs = |on: &str, within: &str| {
            foreign::attribute_of(node, on)
                .or_else(|| foreign::attribute_within(node, "loopCharacteristics", within))
                .map(foreign::bare)
                .filter(|v| !v.is_empty())
        };
        let each = own("collection")
            .or_else(|| data("loopDataInputRef"))
            .or_else(|| theirs("collection", "inputCollection"));
        let output_collection = own("outputCollection")
            .or_else(|| data("loopDataOutputRef"))
            .or_else(|| theirs("outputCollection", "outputCollection"));
        let count = inner("loopCardinality")
            .and_then(expression)
            .or_else(|| own("cardinality"));
        let cardinality = match (count, each) {
            (Some(count), _) => Cardinality::Count(count),
            (None, Some(each)) => Cardinality::Each(each),
            (None, None) => {
                let message =
                    "多实例任务没有写明次数（loopCardinality）或要逐个办理的清单（collection）";
                if !self.left_open(Code::CardinalityMissing, id, message) {
                    return None;
                }
                Cardinality::Count("1".to_owned())
            }
        };
        let item_of = |name: &str| {
            inner(name)
                .and_then(|n| n.attribute("name").or_else(|| n.attribute("id")))
                .map(str::to_owned)
        };
        Some(Looping::Multiple {
            sequential: node.attribute("isSequential").is_some_and(flag),
            cardinality,
            item: own("item")
                .or_else(|| item_of("inputDataItem"))
                .or_else(|| theirs("elementVariable", "inputElement")),
            output_collection,
            output_item: own("outputItem")
                .or_else(|| item_of("outputDataItem"))
                .or_else(|| theirs("outputElement", "outputElement")),
            completion: inner("completionCondition")
                .and_then(expression)
                .or_else(|| own("completion")),
            behavior: self.behavior(node),
        })
    }

    fn behavior(&mut self, node: Node<'a, 'i>) -> Behavior {
        let thrown = |reader: &mut Self, reference: Option<&str>| {
            let definition = reader.root.definitions.get(local(reference?)).copied()?;
            reader
                .definition(definition.tag_name().name(), definition, definition, false)
                .map(Box::new)
        };
        match node.attribute("behavior") {
            Some("None") => thrown(self, node.attribute("noneBehaviorEventRef"))
                .map_or(Behavior::All, Behavior::None),
            Some("One") => thrown(self, node.attribute("oneBehaviorEventRef"))
                .map_or(Behavior::All, Behavior::One),
            Some("Complex") => {
                let mut all = Vec::new();
                for (_, complex) in
                    bpmn_children(node).filter(|(n, _)| *n == "complexBehaviorDefinition")
                {
                    let child = |wanted: &str| {
                        bpmn_children(complex)
                            .find(|(n, _)| *n == wanted)
                            .map(|(_, n)| n)
                    };
                    let condition = child("condition").and_then(expression);
                    let event = child("event").and_then(|event| {
                        bpmn_children(event).find_map(|(name, n)| match name {
                            "eventDefinitionRef" => thrown(self, Some(&text(n))).map(|d| *d),
                            name if name.ends_with("EventDefinition") => {
                                self.definition(name, n, event, false)
                            }
                            _ => None,
                        })
                    });
                    all.extend(condition.zip(event));
                }
                Behavior::Complex(all)
            }
            _ => Behavior::All,
        }
    }
}
