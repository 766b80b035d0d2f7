//! How tokens move through elements and along flows.

use super::{MAX_STEPS, MAX_TOKENS, Run, Work};
use crate::{
    command::{Cause, Effect, Refusal},
    instance::{Ending, Incident, IncidentKind, ScopeId, Status, Token, TokenId, TokenState},
    model::{Element, ElementIx, FlowIx, Kind},
    timer::TimerDue,
};

impl Run<'_> {
    pub(super) fn drain(&mut self) -> Result<(), Refusal> {
        for _ in 0..MAX_STEPS {
            match self.work.pop_front() {
                None => return Ok(()),
                Some(Work::Begin(token, via)) => self.begin(token, via)?,
                Some(Work::Leave(token)) => self.leave(token)?,
            }
        }
        if self.work.is_empty() {
            Ok(())
        } else {
            Err(Refusal::Limit)
        }
    }

    /// A new token before an element.
    pub(super) fn place(
        &mut self,
        ix: ElementIx,
        via: Option<FlowIx>,
        scope: ScopeId,
    ) -> Result<(), Refusal> {
        let id = self.instance.next_token;
        if self.instance.tokens.len() >= MAX_TOKENS || id == TokenId::MAX {
            return Err(Refusal::Limit);
        }
        self.instance.next_token = id + 1;
        let element = self.process[ix].id.clone();
        self.effects.push(Effect::ElementEntered {
            token: id,
            element: element.clone(),
        });
        let state = TokenState::Entering;
        self.instance.tokens.push(Token {
            id,
            scope,
            element,
            state,
            timers: Vec::new(),
            incident: None,
        });
        self.work.push_back(Work::Begin(id, via));
        Ok(())
    }

    fn begin(&mut self, id: TokenId, via: Option<FlowIx>) -> Result<(), Refusal> {
        let Some(token) = self.instance.token(id) else {
            return Ok(());
        };
        let ix = self.element_of(token)?;
        let process = self.process;
        let element = &process[ix];
        match &element.kind {
            Kind::UserTask | Kind::ServiceTask => self.begin_activity(id, element),
            Kind::EndEvent { terminate } => {
                self.complete(id);
                if *terminate {
                    self.end(Ending::TerminateEvent {
                        element: element.id.clone(),
                    });
                }
            }
            Kind::ParallelGateway if element.is_join() && via.is_some() => {
                if let Some(via) = via {
                    self.set_state(
                        id,
                        TokenState::Arrived {
                            flow: process[via].id.clone(),
                        },
                    );
                    self.join(id, element);
                }
            }
            Kind::StartEvent
            | Kind::ExclusiveGateway
            | Kind::ParallelGateway
            | Kind::BoundaryTimer { .. } => {
                self.set_state(id, TokenState::Leaving);
                self.work.push_back(Work::Leave(id));
            }
        }
        Ok(())
    }

    fn begin_activity(&mut self, id: TokenId, element: &Element) {
        let mut timers: Vec<(String, TimerDue)> = Vec::new();
        for event in &element.boundary {
            let event = &self.process[*event];
            let Kind::BoundaryTimer { timer, .. } = &event.kind else {
                continue;
            };
            match timer.due(self.expressions, &self.instance.variables) {
                Ok(due) => timers.push((event.id.clone(), due)),
                Err(error) => {
                    let reason = format!("节点“{}”的定时无法设置：{error}", event.label());
                    return self.raise(
                        id,
                        Incident {
                            kind: IncidentKind::BadTimer,
                            reason,
                        },
                    );
                }
            }
        }
        if element.kind == Kind::UserTask {
            self.set_state(id, TokenState::Task);
            self.effects.push(Effect::TaskCreated {
                token: id,
                element: element.id.clone(),
            });
        } else {
            self.set_state(id, TokenState::Service);
            self.request_service(id, element);
        }
        if let Some(token) = self.token_mut(id) {
            token.timers = timers.iter().map(|(timer, _)| timer.clone()).collect();
        }
        self.effects
            .extend(timers.into_iter().map(|(timer, due)| Effect::TimerSet {
                token: id,
                timer,
                due,
            }));
    }

    pub(super) fn request_service(&mut self, token: TokenId, element: &Element) {
        let topic = element.extension("topic").unwrap_or_default().to_owned();
        self.effects.push(Effect::ServiceRequested {
            token,
            element: element.id.clone(),
            topic,
        });
    }

    /// Lets one token go on for one of every incoming flow, once all are there. More than one token by the same flow wait
    /// for the next round, as BPMN says.
    fn join(&mut self, id: TokenId, element: &Element) {
        let Some(scope) = self.instance.token(id).map(|t| t.scope) else {
            return;
        };
        let mut partners = Vec::with_capacity(element.incoming.len());
        for flow in &element.incoming {
            let state = TokenState::Arrived {
                flow: self.process[*flow].id.clone(),
            };
            let arrived =
                |t: &&Token| t.scope == scope && t.element == element.id && t.state == state;
            match self.instance.tokens.iter().find(arrived) {
                Some(token) => partners.push(token.id),
                None => return,
            }
        }
        for partner in partners {
            self.resolve(partner);
            if partner == id {
                self.set_state(id, TokenState::Leaving);
                self.work.push_back(Work::Leave(id));
            } else {
                self.complete(partner);
            }
        }
    }

    fn leave(&mut self, id: TokenId) -> Result<(), Refusal> {
        let Some(token) = self.instance.token(id) else {
            return Ok(());
        };
        let (scope, ix) = (token.scope, self.element_of(token)?);
        match self.branches(&self.process[ix]) {
            Err(incident) => self.raise(id, incident),
            Ok(flows) => {
                self.complete(id);
                for flow in flows {
                    self.effects.push(Effect::FlowTaken {
                        flow: self.process[flow].id.clone(),
                    });
                    self.place(self.process[flow].target, Some(flow), scope)?;
                }
            }
        }
        Ok(())
    }

    /// The flows to take: all at a parallel gateway, the first that holds at an exclusive one, every one that holds
    /// elsewhere; the default when none does.
    fn branches(&self, element: &Element) -> Result<Vec<FlowIx>, Incident> {
        if element.kind == Kind::ParallelGateway {
            return Ok(element.outgoing.clone());
        }
        let mut chosen = Vec::new();
        for flow in element
            .outgoing
            .iter()
            .filter(|f| element.default != Some(**f))
        {
            if self.holds(*flow)? {
                chosen.push(*flow);
                if element.kind == Kind::ExclusiveGateway {
                    break;
                }
            }
        }
        if chosen.is_empty() {
            chosen.extend(element.default);
        }
        if chosen.is_empty() && !element.outgoing.is_empty() {
            let reason = format!(
                "节点“{}”的分支条件都不成立，也没有默认分支",
                element.label()
            );
            return Err(Incident {
                kind: IncidentKind::NoBranch,
                reason,
            });
        }
        Ok(chosen)
    }

    fn holds(&self, flow: FlowIx) -> Result<bool, Incident> {
        let flow = &self.process[flow];
        let Some(condition) = &flow.condition else {
            return Ok(true);
        };
        match self
            .expressions
            .evaluate(condition, &self.instance.variables)
        {
            Ok(value) => Ok(value == serde_json::Value::Bool(true)),
            Err(error) => {
                let reason = format!("分支“{}”：{error}", flow.id);
                Err(Incident {
                    kind: IncidentKind::BadCondition,
                    reason,
                })
            }
        }
    }

    /// Once all tokens wait: is it over, or is it stuck at joins?
    pub(super) fn settle(&mut self) {
        if self.instance.ended() {
            return;
        }
        if self.instance.tokens.is_empty() {
            return self.end(Ending::Completed);
        }
        let stuck = self
            .instance
            .tokens
            .iter()
            .all(|t| matches!(t.state, TokenState::Arrived { .. }));
        let arrived = |t: &&Token| {
            matches!(t.state, TokenState::Arrived { .. }) && t.incident.is_some() != stuck
        };
        for id in self
            .instance
            .tokens
            .iter()
            .filter(arrived)
            .map(|t| t.id)
            .collect::<Vec<_>>()
        {
            if stuck {
                let reason = "并行汇聚节点等待的其他分支已不会到达".to_owned();
                self.raise(
                    id,
                    Incident {
                        kind: IncidentKind::Deadlock,
                        reason,
                    },
                );
            } else {
                self.resolve(id);
            }
        }
    }

    pub(super) fn end(&mut self, ending: Ending) {
        self.work.clear();
        self.withdraw_all(&Cause::Ended);
        self.instance.status = Status::Ended(ending.clone());
        self.effects.push(Effect::InstanceEnded { ending });
    }
}
