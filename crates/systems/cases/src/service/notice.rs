//! 到达时通知: what a drawing asks to be told when one of its steps begins, to those who can do it, the applicant, or both.

use std::sync::Arc;

use async_trait::async_trait;
use base::{Result, new_id};
use db::Tx;
use flow::{NOTICE_TOPIC, ServiceCall, Task, Topic, TopicHandler};
use journal::Draft as Entry;
use platform::Platform;
use serde_json::{Map, Value, json};
use web::components::format;

use crate::service::loaded::no_such_case;
use crate::store::{self, MessageRow};

/// Most people told of one step; a larger office reads its work list.
const MOST: usize = 50;

/// The topic of notices.
pub(crate) fn topic(platform: &Platform) -> (&'static str, Topic) {
    (NOTICE_TOPIC, Topic::Local(Arc::new(Tell(platform.clone()))))
}

struct Tell(Platform);

#[async_trait]
impl TopicHandler for Tell {
    async fn handle(&self, tx: &Tx, call: &ServiceCall) -> Result<Map<String, Value>> {
        let tasks = flow::open_tasks(&**tx, call.business).await?;
        let Some(task) = tasks.into_iter().find(|t| u64::try_from(t.token) == Ok(call.token)) else { return Ok(Map::new()) };
        let wanted = call.attributes.get("notice").map(String::as_str).unwrap_or_default();
        let applicants = task.permission == flow::APPLICANT;
        if matches!(wanted, "candidates" | "both") && !applicants {
            tell_staff(tx, &task, call).await?;
        }
        if matches!(wanted, "applicant" | "both") || (applicants && wanted == "candidates") {
            self.tell_applicant(tx, &task, call).await?;
        }
        Ok(Map::new())
    }
}

/// Whoever holds the work, or everybody who could take it.
async fn tell_staff(tx: &Tx, task: &Task, call: &ServiceCall) -> Result<()> {
    let people: Vec<_> = match (task.assignee, &task.assignee_name) {
        (Some(id), name) => vec![(id, name.clone().unwrap_or_default())],
        _ => organization::staff_for(&**tx, &task.permission, &task.target()).await?.into_iter().map(|s| (s.id, s.name)).collect(),
    };
    let people: Vec<flow::Colleague<'_>> = people.iter().take(MOST).map(|(id, name)| (*id, name.as_str())).collect();
    let limit = task.limit().map(|limit| format!("，{} 前办结", format::date(limit.last_day))).unwrap_or_default();
    flow::send_copies(tx, task, &people, Some(&format!("新的待办已到达“{}”环节{limit}。", task.name)), "系统通知", call.now).await
}

impl Tell {
    async fn tell_applicant(&self, tx: &Tx, task: &Task, call: &ServiceCall) -> Result<()> {
        let case = store::case(&**tx, call.business).await?.ok_or_else(no_such_case)?;
        let text = if task.permission == flow::APPLICANT {
            format!("您的申请到了“{}”这一步，需要您来办理。", task.name)
        } else {
            format!("您的申请已进入“{}”环节，由{}办理。", task.name, case.body_name)
        };
        let message = MessageRow { id: new_id(), case_id: case.id, party_id: case.party_id, item_name: case.item_name, text, sent_at: call.now };
        store::insert_message(tx, &message).await?;
        let entry = Entry::new("cases.notice", format!("通知申请人：{}", task.name), json!({ "text": message.text }));
        journal::append(tx, case.id, &access::Actor::System("系统通知"), self.0.now(), entry).await?;
        Ok(())
    }
}
