//! What a step of the interpreter asks of the host, in the transaction that stores the step.

use access::Actor;
use base::{Error, Result, new_id};
use bpmn::{Command, Effect, Element, Processes, TimerDue, Visit};
use chrono::{DateTime, Utc};
use db::{Tx, Write};
use jobs::NewJob;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::engine::{By, Moved, Running};
use crate::limits::Limit;
use crate::topics::{ServiceCall, Topic};
use crate::{APPLICANT, DECISION_TOPIC, Engine, NOTICE_TOPIC, work as kinds};

impl Engine {
    /// Stores one effect; a local service call gives the command that answers it.
    pub(crate) async fn apply(&self, tx: &Tx, running: &mut Running, effect: Effect, by: By<'_>) -> Result<Option<Command>> {
        let instance = running.row.id;
        match effect {
            Effect::TaskCreated { at } => {
                self.insert_task(tx, running, &at, by.now).await?;
                self.tell(tx, running, &at, by).await?;
            }
            Effect::TaskCancelled { at, .. } => {
                let sql = "UPDATE flow_task SET state = 'cancelled', done_at = $1 WHERE instance_id = $2 AND token = $3 AND state IN ('open', 'waiting')";
                tx.later(Write::new(sql, [by.now.into(), instance.into(), signed(at.token).into()])).await?;
            }
            Effect::ServiceRequested { at, topic } => return self.request(tx, running, at, topic, by).await,
            Effect::DecisionRequested { at, .. } => return self.request(tx, running, at, DECISION_TOPIC.to_owned(), by).await,
            Effect::ServiceCancelled { at, .. } => jobs::cancel(tx, kinds::SERVICE, &key(instance, at.token)).await?,
            Effect::TimerSet { subscription, due, .. } => {
                let at = self.moment(&due, by.now)?;
                let payload = json!({ "instance": instance, "subscription": subscription });
                // A timer that comes again is set anew while its job is still at work, so each time has its own key.
                let key = format!("{}/{}", key(instance, subscription), at.timestamp_micros());
                jobs::enqueue(tx, NewJob::now(kinds::TIMER, payload, by.now).at(at).keyed(key.clone()), by.now).await?;
                listen(tx, instance, subscription, "timer", &key, None).await?;
            }
            Effect::TimerCancelled { subscription } => {
                let sql = "DELETE FROM job WHERE kind = $1 AND key IN (SELECT name FROM flow_subscription WHERE instance_id = $2 AND subscription = $3)";
                tx.later(Write::new(sql, [kinds::TIMER.into(), instance.into(), signed(subscription).into()])).await?;
                forget(tx, instance, subscription).await?;
            }
            Effect::MessageAwaited { subscription, name, correlation, .. } => {
                listen(tx, instance, subscription, "message", &name, correlation).await?;
                // It may have come already.
                kinds::deliver_soon(tx, &name, by.now).await?;
            }
            Effect::SignalAwaited { subscription, name, .. } => listen(tx, instance, subscription, "signal", &name, None).await?,
            Effect::AwaitedNoMore { subscription } => forget(tx, instance, subscription).await?,
            Effect::MessageThrown { name, correlation, received: false, .. } => {
                crate::events::post(tx, &name, correlation.as_deref(), &Map::new(), by.now).await?;
            }
            Effect::SignalThrown { name, .. } => crate::events::call_out(tx, &name, &Map::new(), Some(instance), by.now).await?,
            Effect::Incident { at, incident } => {
                tracing::error!(%instance, business = %running.subject.business, element = at.element, reason = %incident.reason, "flow: incident");
                crate::incidents::open(tx, running, &at, &incident, by.now).await?;
            }
            Effect::IncidentResolved { at } => crate::incidents::close(tx, instance, at.token, by).await?,
            _ => {}
        }
        Ok(None)
    }

    async fn request(&self, tx: &Tx, running: &mut Running, at: Visit, topic: String, by: By<'_>) -> Result<Option<Command>> {
        let token = at.token;
        match self.topic(&topic) {
            None => Ok(Some(Command::ServiceFailed { token, error: format!("没有系统承接主题“{topic}”") })),
            Some(Topic::Local(handler)) => {
                if !running.stored {
                    self.save(tx, running, by).await?; // the handler may look for it
                }
                let call = call(running, &at, topic, by.actor, by.now);
                let answer = handler.handle(tx, &call).await;
                if let Some(Moved(due_at)) = tx.recall(running.row.id) {
                    running.subject.due_at = due_at;
                }
                answered(running, token, answer).map(Some)
            }
            Some(Topic::Queued(_)) => {
                let payload = json!({ "instance": running.row.id, "token": token, "process": at.process, "element": at.element, "topic": topic });
                jobs::enqueue(tx, NewJob::now(kinds::SERVICE, payload, by.now).keyed(key(running.row.id, token)), by.now).await?;
                Ok(None)
            }
        }
    }

    async fn insert_task(&self, tx: &Tx, running: &Running, at: &Visit, now: DateTime<Utc>) -> Result<()> {
        let Some(element) = running.deployed.process(&at.process).and_then(|p| p.element(&at.element)) else {
            return Err(Error::internal(format!("no element {} in process {}", at.element, at.process)));
        };
        let subject = &running.subject;
        let doer = Doer::of(running, at, element);
        let party = (doer.permission == APPLICANT).then_some(subject.party).flatten();
        let name = match doer.label {
            Some(label) => format!("{}（{label}）", element.label()),
            None => element.label().to_owned(),
        };
        let claimed = doer.staff.map(|_| now);
        let limit = Limit::of(element, &doer.permission, base::local_date(now), &self.calendar);
        tx.later(Write::new(
            "INSERT INTO flow_task (id, instance_id, token, element, name, step, permission, business, title, region, body_id, item_id, party_id, assignee, assignee_name,
                                    claimed_at, state, created_at, due_at, limit_at, yellow_from, red_from)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 'open', $17, $18, $19, $20, $21)",
            [
                new_id().into(),
                running.row.id.into(),
                signed(at.token).into(),
                element.id.clone().into(),
                name.into(),
                element.extension("step").unwrap_or_default().into(),
                doer.permission.into(),
                subject.business.into(),
                subject.title.clone().into(),
                subject.region.clone().into(),
                doer.body.or(subject.body).into(),
                subject.item.into(),
                party.into(),
                doer.staff.into(),
                doer.staff_name.into(),
                claimed.into(),
                now.into(),
                limit.map_or(subject.due_at, |l| subject.due_at.min(l.at())).into(),
                limit.map(|l| l.at()).into(),
                limit.map(|l| l.yellow_from.to_string()).into(),
                limit.and_then(|l| l.red_from).map(|d| d.to_string()).into(),
            ],
        ))
        .await
    }

    /// Has people told of a task that has come, where the drawing asks for it (到达时通知).
    async fn tell(&self, tx: &Tx, running: &Running, at: &Visit, by: By<'_>) -> Result<()> {
        let asked = running.deployed.process(&at.process).and_then(|p| p.element(&at.element)).is_some_and(|e| e.extension("notice").is_some());
        if let (true, Some(Topic::Local(handler))) = (asked, self.topic(NOTICE_TOPIC)) {
            handler.handle(tx, &call(running, at, NOTICE_TOPIC.to_owned(), by.actor, by.now)).await?;
        }
        Ok(())
    }

    pub(crate) fn moment(&self, due: &TimerDue, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
        let at = match due {
            // the whole of the last working day counts
            TimerDue::Workdays(days) => (self.calendar)(base::local_date(now), *days).and_then(|day| day.succ_opt()).map(journal::start_of_day),
            _ => due.moment(now),
        };
        at.ok_or_else(|| Error::refused("flow.timer", "流程里的时限超出了工作日历的范围，请联系系统管理员。"))
    }
}

/// What an answer of a handler means to the process: an error whose code the drawing catches is part of the process, any other
/// is the caller's.
pub(crate) fn answered(running: &Running, token: u64, answer: Result<Map<String, Value>>) -> Result<Command> {
    match answer {
        Ok(variables) => Ok(Command::ServiceDone { token, variables }),
        Err(error) if running.interpreter().catches(&running.instance, token, error.code()) => {
            let variables = [("error".to_owned(), Value::from(error.message()))].into_iter().collect();
            Ok(Command::ThrowError { token, code: error.code().to_owned(), variables })
        }
        Err(error) => Err(error),
    }
}

pub(crate) fn call(running: &Running, at: &Visit, topic: String, actor: &Actor, now: DateTime<Utc>) -> ServiceCall {
    let element = running.deployed.process(&at.process).and_then(|p| p.element(&at.element));
    let scope = running.instance.token(at.token).map_or(bpmn::ROOT_SCOPE, |t| t.scope);
    ServiceCall {
        instance: running.row.id,
        token: at.token,
        business: running.subject.business,
        topic,
        element: at.element.clone(),
        attributes: element.map(|e| e.extension.clone()).unwrap_or_default(),
        variables: running.instance.visible(scope).into_owned(),
        actor: actor.clone(),
        now,
    }
}

/// As the database counts them.
pub(crate) fn signed(token: u64) -> i64 {
    i64::try_from(token).unwrap_or(i64::MAX)
}

/// Key of the job that answers for a token or subscription.
pub(crate) fn key(instance: Uuid, token: u64) -> String {
    format!("{instance}/{token}")
}

async fn listen(tx: &Tx, instance: Uuid, subscription: u64, kind: &str, name: &str, correlation: Option<String>) -> Result<()> {
    tx.later(Write::new(
        "INSERT INTO flow_subscription (instance_id, subscription, kind, name, correlation) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (instance_id, subscription) DO UPDATE SET name = excluded.name",
        [instance.into(), signed(subscription).into(), kind.into(), name.into(), correlation.into()],
    ))
    .await
}

pub(crate) async fn forget(tx: &Tx, instance: Uuid, subscription: u64) -> Result<()> {
    let sql = "DELETE FROM flow_subscription WHERE instance_id = $1 AND subscription = $2";
    tx.later(Write::new(sql, [instance.into(), signed(subscription).into()])).await
}

/// What the drawing or the round of a multi-instance task says about who does it.
#[derive(Default)]
struct Doer {
    permission: String,
    body: Option<Uuid>,
    staff: Option<Uuid>,
    staff_name: Option<String>,
    label: Option<String>,
}

impl Doer {
    fn of(running: &Running, at: &Visit, element: &Element) -> Self {
        let attribute = |name: &str| element.extension(name).unwrap_or_default().to_owned();
        let mut doer = Self { permission: attribute("permission"), ..Self::default() };
        if doer.permission.is_empty() && attribute("assignee") == APPLICANT {
            doer.permission = APPLICANT.to_owned();
        }
        let Some(token) = running.instance.token(at.token) else {
            return doer; // withdrawn again in the same step
        };
        let visible = running.instance.visible(token.scope);
        let id = |value: &Value| value.as_str().and_then(|text| text.parse::<Uuid>().ok());
        // `tongban:body` names the variable that holds the body which has to act, e.g. another department's.
        doer.body = element.extension("body").and_then(|name| visible.get(name)).and_then(id);
        doer.staff = element.extension("staff").and_then(|name| visible.get(name)).and_then(id);
        if let Some(bpmn::Looping::Multiple { item: Some(item), .. }) = &element.looping {
            let entry = visible.get(item).unwrap_or(&Value::Null);
            let text = |name: &str| entry.get(name).and_then(Value::as_str).map(str::to_owned);
            doer.body = entry.get("body").and_then(id).or(doer.body);
            doer.staff = entry.get("staff").and_then(id).or(doer.staff);
            doer.staff_name = text("staff_name");
            doer.permission = text("permission").unwrap_or(doer.permission);
            doer.label = text("name");
        }
        doer
    }
}

#[derive(FromQueryResult)]
pub(crate) struct Waiting {
    pub instance_id: Uuid,
    pub subscription: i64,
}

/// Who waits for this message, longest first.
pub(crate) async fn waiting_for(tx: &Tx, name: &str, correlation: Option<&str>) -> Result<Option<Waiting>> {
    // A wait without a correlation takes any message of its name; a message without one goes to any wait.
    let sql = "SELECT instance_id, subscription FROM flow_subscription WHERE kind = 'message' AND name = $1
               AND ($2 IS NULL OR correlation IS NULL OR correlation = $2) ORDER BY instance_id, subscription LIMIT 1";
    let values = [name.into(), correlation.map(str::to_owned).into()];
    Ok(Waiting::find_by_statement(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).one(&**tx).await?)
}
