//! Moving a running instance to another version of its drawing: looked at first, then done, never half.

use std::collections::HashMap;

use access::Actor;
use base::{Error, Result};
use bpmn::{Instance, Kind, Process, ScopeKind};
use chrono::{DateTime, Utc};
use db::{Tx, Write};
use uuid::Uuid;

use crate::Engine;
use crate::engine::By;

/// What an element of the old version is called in the new one, where the name has changed.
pub type Mapping = HashMap<String, String>;

/// One place of an instance and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Element of the old version.
    pub from: String,
    /// Element of the new version; `None` when there is none that fits.
    pub to: Option<String>,
    /// Why it does not fit, as a sentence.
    pub obstacle: Option<String>,
}

/// What a migration would do. Pure: the same instance and versions always give the same plan.
pub fn plan(instance: &Instance, old: &Process, new: &Process, mapping: &Mapping) -> Vec<Place> {
    let mut used: Vec<&str> = instance.tokens.iter().map(|t| t.element.as_str()).collect();
    used.extend(instance.subscriptions.iter().map(|s| s.element.as_str()));
    for scope in &instance.scopes {
        if let ScopeKind::SubProcess { element, pending, .. } = &scope.kind {
            used.push(element);
            used.extend(pending.iter().map(String::as_str));
        }
        used.extend(scope.completed.iter().map(|c| c.element.as_str()));
    }
    used.sort_unstable();
    used.dedup();
    // Processes called from it keep their versions, and with them their elements.
    used.into_iter().filter(|id| old.element(id).is_some()).map(|id| place(id, old, new, mapping)).collect()
}

fn place(id: &str, old: &Process, new: &Process, mapping: &Mapping) -> Place {
    let wanted = mapping.get(id).map_or(id, String::as_str);
    let before = old.element(id);
    let after = new.element(wanted);
    let obstacle = match (before, after) {
        (_, None) => Some(format!("新版本中没有节点“{wanted}”")),
        (Some(before), Some(after)) if !alike(&before.kind, &after.kind) => {
            Some(format!("节点“{}”在新版本中的类型不同", before.label()))
        }
        (Some(before), Some(after)) if before.looping.is_some() != after.looping.is_some() => {
            Some(format!("节点“{}”在新版本中的办理次数设置不同", before.label()))
        }
        _ => None,
    };
    Place { from: id.to_owned(), to: after.filter(|_| obstacle.is_none()).map(|e| e.id.clone()), obstacle }
}

fn alike(a: &Kind, b: &Kind) -> bool {
    match (a, b) {
        (Kind::Task(a), Kind::Task(b)) => std::mem::discriminant(a) == std::mem::discriminant(b),
        (Kind::SubProcess(a), Kind::SubProcess(b)) => std::mem::discriminant(a) == std::mem::discriminant(b),
        _ => std::mem::discriminant(a) == std::mem::discriminant(b),
    }
}

/// The instance as the new version would have it.
fn rewritten(mut instance: Instance, old: &str, new: &str, places: &[Place]) -> Instance {
    let to = |id: &mut String| {
        if let Some(place) = places.iter().find(|p| p.from == *id)
            && let Some(to) = &place.to
        {
            id.clone_from(to);
        }
    };
    for scope in &mut instance.scopes {
        if scope.process == old {
            new.clone_into(&mut scope.process);
        }
        if let ScopeKind::SubProcess { element, pending, .. } = &mut scope.kind {
            to(element);
            pending.iter_mut().for_each(to);
        }
        for done in &mut scope.completed {
            to(&mut done.element);
        }
    }
    instance.tokens.iter_mut().for_each(|t| to(&mut t.element));
    instance.subscriptions.iter_mut().for_each(|s| to(&mut s.element));
    if instance.process == old {
        new.clone_into(&mut instance.process);
    }
    instance
}

impl Engine {
    /// What moving an instance to another version would do.
    ///
    /// # Errors
    /// When there is no such instance or version.
    pub async fn preview_migration(&self, tx: &Tx, instance: Uuid, to: Uuid, mapping: &Mapping) -> Result<Vec<Place>> {
        let running = self.load(tx, instance).await?;
        let new = self.process(&**tx, to).await?;
        Ok(plan(&running.instance, &running.deployed.main, &new, mapping))
    }

    /// Moves an instance to another version. Its open tasks keep who has them; names and permissions are those of the new
    /// version. Timers and messages it waits for stay as they were set; new ones begin with the next step.
    ///
    /// # Errors
    /// When any of its places has no counterpart there; then nothing changes.
    pub async fn migrate(&self, tx: &Tx, instance: Uuid, to: Uuid, mapping: &Mapping, actor: &Actor, now: DateTime<Utc>) -> Result<Vec<Place>> {
        let mut running = self.load(tx, instance).await?;
        if running.instance.ended() {
            return Err(Error::conflict("flow.ended", "流程已经结束，不需要迁移。"));
        }
        let new = self.deployed(&**tx, to).await?;
        let places = plan(&running.instance, &running.deployed.main, &new.main, mapping);
        let obstacles: Vec<&str> = places.iter().filter_map(|p| p.obstacle.as_deref()).collect();
        if !obstacles.is_empty() {
            return Err(Error::refused("flow.migration", format!("不能迁移到新版本：{}。", obstacles.join("；"))));
        }
        let state = std::mem::replace(&mut running.instance, Instance::new(&running.deployed.main));
        running.instance = rewritten(state, &running.deployed.main.id, &new.main.id, &places);
        tx.later(Write::new("UPDATE flow_instance SET definition_id = $1 WHERE id = $2", [to.into(), instance.into()])).await?;
        for place in &places {
            let Some(element) = place.to.as_deref().and_then(|id| new.main.element(id)).filter(|e| e.is_user_task()) else {
                continue;
            };
            tx.later(Write::new(
                "UPDATE flow_task SET element = $1, name = $2, step = $3, permission = $4 WHERE instance_id = $5 AND element = $6 AND state IN ('open', 'waiting') AND added = FALSE",
                [
                    element.id.clone().into(),
                    element.label().into(),
                    element.extension("step").unwrap_or_default().into(),
                    element.extension("permission").unwrap_or_default().into(),
                    instance.into(),
                    place.from.clone().into(),
                ],
            ))
            .await?;
        }
        running.deployed = new;
        running.row.definition_id = to;
        self.save(tx, &mut running, By { actor, now }).await?;
        Ok(places)
    }
}
