//! Messages and signals between the processes.

use super::{MAX_DELIVERIES, Record, Simulation, Thrown};
use crate::command::Command;
use crate::condition::Variables;
use crate::instance::{SubscriptionId, TokenState};
use crate::model::{Element, EventDefinition, Process};

impl<'d> Simulation<'d> {
    /// Delivers everything thrown, and what is due by now, until all is quiet.
    pub(super) fn deliver(&mut self) {
        self.deliveries = 0;
        self.deliver_on();
    }

    pub(super) fn deliver_on(&mut self) {
        loop {
            while let Some(thrown) = self.post.pop_front() {
                self.deliveries += 1;
                if self.deliveries > MAX_DELIVERIES {
                    self.limit();
                    return;
                }
                match thrown {
                    Thrown::Message {
                        name,
                        correlation,
                        taken_by,
                        from_outside,
                    } => self.deliver_message(name, correlation, taken_by, from_outside),
                    Thrown::Signal { name, heard_by } => self.deliver_signal(&name, heard_by),
                    Thrown::Answer { instance, token } => {
                        let waits = self.instances[instance].token(token);
                        if waits.is_some_and(|t| t.state == TokenState::Service) {
                            let variables = Variables::new();
                            self.tell(instance, Command::ServiceDone { token, variables });
                        }
                    }
                }
            }
            if !self.deliver_kept() && !self.ring(self.now) {
                return;
            }
            self.deliveries += 1;
            if self.deliveries > MAX_DELIVERIES {
                return self.limit();
            }
        }
    }

    /// A message goes to one that waits for it in each process of the file; when nobody waits, it begins the processes that
    /// begin by it.
    pub(super) fn deliver_message(
        &mut self,
        name: String,
        correlation: Option<String>,
        taken_by: Option<usize>,
        from_outside: bool,
    ) {
        let mut reached = taken_by.is_some();
        let taken = taken_by.map(|ix| self.instances[ix].process.clone());
        for process in &self.definitions.processes {
            if taken.as_ref() == Some(&process.id) {
                continue;
            }
            if let Some((ix, subscription)) =
                self.waiting_for(&process.id, &name, correlation.as_deref())
            {
                reached = true;
                let variables = Variables::new();
                self.tell(
                    ix,
                    Command::Trigger {
                        subscription,
                        variables,
                    },
                );
            }
        }
        if reached {
            return;
        }
        let begun = self.begin_by(
            |d| matches!(d, EventDefinition::Message { message, .. } if message.is(&name)),
        );
        if !begun && !from_outside {
            self.kept.push((name, correlation));
        } else if !begun {
            self.records.push(Record {
                name: Some(name),
                ..Record::of("ignored")
            });
        }
    }

    pub(super) fn waiting_for(
        &self,
        process: &str,
        name: &str,
        correlation: Option<&str>,
    ) -> Option<(usize, SubscriptionId)> {
        self.instances
            .iter()
            .enumerate()
            .filter(|(_, i)| i.process == process)
            .find_map(|(ix, i)| {
                let first = i.awaiting_message(name, correlation).next()?;
                Some((ix, first.id))
            })
    }

    /// A message thrown earlier that somebody waits for now.
    pub(super) fn deliver_kept(&mut self) -> bool {
        for at in 0..self.kept.len() {
            let (name, correlation) = &self.kept[at];
            let found = self
                .definitions
                .processes
                .iter()
                .find_map(|p| self.waiting_for(&p.id, name, correlation.as_deref()));
            if let Some((ix, subscription)) = found {
                self.kept.remove(at);
                let variables = Variables::new();
                self.tell(
                    ix,
                    Command::Trigger {
                        subscription,
                        variables,
                    },
                );
                return true;
            }
        }
        false
    }

    pub(super) fn deliver_signal(&mut self, name: &str, heard_by: Option<usize>) {
        for ix in 0..self.instances.len() {
            if Some(ix) != heard_by && !self.instances[ix].ended() {
                let variables = Variables::new();
                let name = name.to_owned();
                self.tell(ix, Command::Signal { name, variables });
            }
        }
        self.begin_by(|d| matches!(d, EventDefinition::Signal(signal) if signal.is(name)));
    }

    /// Begins every process that begins by such an event.
    pub(super) fn begin_by(&mut self, is_it: impl Fn(&EventDefinition) -> bool) -> bool {
        let mut found = Vec::new();
        let mut partly = false;
        for process in self.definitions.processes.iter().filter(|p| !p.global_task) {
            for element in starting_events(process) {
                let Some(trigger) = element.triggers().iter().position(&is_it) else {
                    continue;
                };
                if element.waits_for_all() {
                    let heard = self.heard.entry(element.id.clone()).or_default();
                    heard.insert(trigger);
                    if heard.len() < element.triggers().len() {
                        partly = true;
                        continue;
                    }
                    self.heard.remove(&element.id);
                }
                found.push((process, element.id.clone()));
            }
        }
        let begun = partly || !found.is_empty();
        for (process, element) in found {
            self.begin(process, Some(element), Variables::new());
        }
        begun
    }

    /// A message comes from outside.
    pub fn message(&mut self, name: &str, correlation: Option<String>) {
        self.post.push_back(Thrown::Message {
            name: self.name_of(name),
            correlation,
            taken_by: None,
            from_outside: true,
        });
        self.deliver();
    }

    /// A signal is called out.
    pub fn signal(&mut self, name: &str) {
        self.post.push_back(Thrown::Signal {
            name: self.name_of(name),
            heard_by: None,
        });
        self.deliver();
    }

    /// The name behind what may be the id of a message or signal.
    pub(super) fn name_of(&self, name: &str) -> String {
        let definitions = self
            .definitions
            .processes
            .iter()
            .flat_map(Process::elements);
        definitions
            .flat_map(|e| e.triggers().iter().chain(e.results()))
            .find_map(|d| match d {
                EventDefinition::Message { message: n, .. } | EventDefinition::Signal(n)
                    if n.is(name) =>
                {
                    Some(n.name.clone())
                }
                _ => None,
            })
            .unwrap_or_else(|| name.to_owned())
    }
}

/// Events that begin an instance, those after a gateway that begins instances included.
pub(super) fn starting_events(process: &Process) -> impl Iterator<Item = &Element> {
    process.starts().flat_map(|element| {
        let gateway = element.is_gateway();
        let after = element.outgoing.iter().filter(move |_| gateway);
        let after = after.map(|flow| &process[process[*flow].target]);
        std::iter::once(element).chain(after)
    })
}
