//! What happened, as records.

use serde::Serialize;

use super::{Alarm, Simulation, Thrown};
use crate::command::{Effect, Visit};
use crate::instance::Ending;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Record {
    /// What: `entered`, `completed`, `terminated`, `compensated`, `error` (nobody caught it), `caught`, `escalated`,
    /// `message`, `signal`, `incident`, `skipped` (a script), `ended` (an instance), `ignored` (an act that met nothing),
    /// `limit` (the processes go on endlessly).
    pub event: &'static str,
    /// Number of the instance, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<usize>,
    /// Id of the process.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub process: Option<String>,
    /// Id of the element.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
    /// Local name of its XML element.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub tag: Option<&'static str>,
    /// Name or code of what was thrown; the format of a script.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Why, as a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Record {
    pub(super) fn of(event: &'static str) -> Self {
        Self {
            event,
            instance: None,
            process: None,
            element: None,
            tag: None,
            name: None,
            reason: None,
        }
    }
}

impl<'d> Simulation<'d> {
    pub(super) fn take_in(&mut self, ix: usize, effect: Effect) {
        let record = match effect {
            Effect::ElementEntered { at } => self.at(ix, "entered", &at),
            Effect::ElementCompleted { at } => self.at(ix, "completed", &at),
            Effect::ElementCancelled { at, .. } => self.at(ix, "terminated", &at),
            Effect::ServiceRequested { at, .. } | Effect::DecisionRequested { at, .. } => {
                self.post.push_back(Thrown::Answer {
                    instance: ix,
                    token: at.token,
                });
                return;
            }
            Effect::TimerSet {
                subscription, due, ..
            } => {
                self.set_alarm(&due, Alarm::Subscription(ix, subscription));
                return;
            }
            Effect::MessageThrown {
                at,
                name,
                correlation,
                received,
            } => {
                self.post.push_back(Thrown::Message {
                    name: name.clone(),
                    correlation,
                    taken_by: received.then_some(ix),
                    from_outside: false,
                });
                Record {
                    name: Some(name),
                    ..self.at(ix, "message", &at)
                }
            }
            Effect::SignalThrown { at, name } => {
                self.post.push_back(Thrown::Signal {
                    name: name.clone(),
                    heard_by: Some(ix),
                });
                Record {
                    name: Some(name),
                    ..self.at(ix, "signal", &at)
                }
            }
            Effect::ErrorThrown { at, code, caught } => Record {
                name: Some(code),
                ..self.at(ix, if caught { "caught" } else { "error" }, &at)
            },
            Effect::EscalationThrown { at, code, .. } => Record {
                name: Some(code),
                ..self.at(ix, "escalated", &at)
            },
            Effect::Compensated { process, element } => {
                let at = Visit {
                    token: 0,
                    process,
                    element,
                };
                self.at(ix, "compensated", &at)
            }
            Effect::ScriptSkipped { at, format } => Record {
                name: Some(format),
                ..self.at(ix, "skipped", &at)
            },
            Effect::Incident { at, incident } => Record {
                reason: Some(incident.reason),
                ..self.at(ix, "incident", &at)
            },
            Effect::InstanceEnded { ending } => Record {
                instance: Some(ix + 1),
                process: Some(self.instances[ix].process.clone()),
                reason: match ending {
                    Ending::Cancelled { reason } => Some(reason),
                    _ => None,
                },
                ..Record::of("ended")
            },
            _ => return,
        };
        self.records.push(record);
    }

    pub(super) fn at(&self, ix: usize, event: &'static str, at: &Visit) -> Record {
        let element = self
            .definitions
            .process(&at.process)
            .and_then(|p| p.element(&at.element));
        Record {
            instance: Some(ix + 1),
            process: Some(at.process.clone()),
            element: Some(at.element.clone()),
            tag: element.map(|e| e.tag),
            ..Record::of(event)
        }
    }
}
