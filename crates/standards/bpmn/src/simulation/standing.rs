//! What can be seen of it.

use serde_json::Value;

use super::Simulation;
use crate::condition::Variables;
use crate::instance::{Ending, Instance, Status, TokenState};
use crate::model::Process;

impl Simulation<'_> {
    /// The instances so far, in the order of their start.
    pub fn instances(&self) -> &[Instance] {
        &self.instances
    }

    /// Whether everything that was started has ended.
    pub fn ended(&self) -> bool {
        let begun = |p: &Process| self.instances.iter().any(|i| i.process == p.id);
        self.instances.iter().all(Instance::ended) && self.armed.iter().all(|p| begun(p))
    }

    /// Ids of the elements something waits at, in the order of arrival.
    pub fn waiting(&self) -> Vec<&str> {
        let mut found = Vec::new();
        for instance in &self.instances {
            let leaves = instance.tokens.iter().filter(|t| match t.state {
                TokenState::Inside { scope } => {
                    let idle = !instance.tokens.iter().any(|t| t.scope == scope);
                    let alone = !instance.scopes.iter().any(|s| s.parent == Some(scope));
                    idle && alone
                }
                _ => true,
            });
            found.extend(leaves.map(|t| t.element.as_str()));
        }
        for process in &self.armed {
            if !self.instances.iter().any(|i| i.process == process.id) {
                found.extend(process.starts().map(|e| e.id.as_str()));
            }
        }
        found
    }

    /// The variables of all instances; where several have the same one, that of the earliest.
    pub fn variables(&self) -> Variables {
        let mut all = Variables::new();
        for instance in self.instances.iter().rev() {
            all.extend(
                instance
                    .variables()
                    .iter()
                    .map(|(n, v): (&String, &Value)| (n.clone(), v.clone())),
            );
        }
        all
    }

    /// Whether an instance ended by an error nobody caught.
    pub fn failed(&self) -> bool {
        self.instances
            .iter()
            .any(|i| matches!(&i.status, Status::Ended(Ending::Error { .. })))
    }
}
