//! What people and workers do.

use super::post::starting_events;
use super::{Record, Simulation};
use crate::command::Command;
use crate::condition::Variables;
use crate::instance::{Instance, ScopeKind, TokenState};
use crate::model::{Kind, Process, SubProcess};

impl<'d> Simulation<'d> {
    /// Somebody does what the element waits for: completes the task, lets the event happen, begins the activity of an ad-hoc
    /// sub-process or the process itself.
    pub fn fire(&mut self, element: &str, variables: Variables) {
        let command = self
            .instances
            .iter()
            .enumerate()
            .find_map(|(ix, instance)| {
                let at = |wanted: TokenState| {
                    let at_it = |t: &&crate::Token| t.element == element && t.state == wanted;
                    instance.tokens.iter().find(at_it).map(|t| t.id)
                };
                if let Some(token) = at(TokenState::Task) {
                    let variables = variables.clone();
                    return Some((ix, Command::CompleteTask { token, variables }));
                }
                let subscription = instance
                    .subscriptions
                    .iter()
                    .find(|s| s.element == element && !s.happened)
                    .map(|s| s.id);
                if let Some(subscription) = subscription {
                    let variables = variables.clone();
                    return Some((
                        ix,
                        Command::Trigger {
                            subscription,
                            variables,
                        },
                    ));
                }
                let scope = self.ad_hoc_with(instance, element)?;
                let element = element.to_owned();
                Some((ix, Command::Begin { scope, element }))
            });
        match command {
            Some((ix, command)) => self.tell(ix, command),
            None => {
                let begins = |p: &&&Process| starting_events(p).any(|e| e.id == element);
                let armed = self.armed.iter().copied();
                let all = armed.chain(&self.definitions.processes);
                let mut all = all.filter(|p| !p.global_task);
                match all.find(|p| begins(&p)) {
                    Some(process) => self.begin(process, Some(element.to_owned()), variables),
                    None => self.ignored(element),
                }
            }
        }
        self.deliver();
    }

    pub(super) fn ad_hoc_with(&self, instance: &Instance, element: &str) -> Option<u64> {
        instance.scopes.iter().find_map(|scope| {
            let ScopeKind::SubProcess {
                element: container,
                closing: false,
                ..
            } = &scope.kind
            else {
                return None;
            };
            let process = self.definitions.process(&scope.process)?;
            let container = process.find(container)?;
            let ad_hoc = matches!(
                process[container].kind,
                Kind::SubProcess(SubProcess::AdHoc(_))
            );
            let inside = process.element(element)?.container == Some(container);
            (ad_hoc && inside).then_some(scope.id)
        })
    }

    /// Whoever works on the element reports an error.
    pub fn fail(&mut self, element: &str, code: &str) {
        let found = self
            .instances
            .iter()
            .enumerate()
            .find_map(|(ix, instance)| {
                let busy = |t: &&crate::Token| {
                    t.element == element
                        && matches!(
                            t.state,
                            TokenState::Task
                                | TokenState::Service
                                | TokenState::Event
                                | TokenState::Inside { .. }
                        )
                };
                instance.tokens.iter().find(busy).map(|t| (ix, t.id))
            });
        match found {
            Some((ix, token)) => self.tell(
                ix,
                Command::ThrowError {
                    token,
                    code: code.to_owned(),
                    variables: Variables::new(),
                },
            ),
            None => self.ignored(element),
        }
        self.deliver();
    }

    pub(super) fn ignored(&mut self, element: &str) {
        self.records.push(Record {
            element: Some(element.to_owned()),
            ..Record::of("ignored")
        });
    }
}
