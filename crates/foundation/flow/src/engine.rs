use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use access::Actor;
use async_trait::async_trait;
use base::{Error, Result, SharedClock, new_id};
use bpmn::{Command, Definitions, Effect, Element, Instance, Process, TimerDue};
use chrono::{DateTime, NaiveDate, Utc};
use db::{Db, Tx, Write};
use jobs::{Handler, Job, NewJob};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::store::{self, InstanceRow, Task};
use crate::topics::{ServiceCall, Topic};
use crate::{APPLICANT, JOB_KINDS};

/// Turns "so many working days after this day" into a day, by the calendar of the installation's region.
pub type WorkdayCalendar = Arc<dyn Fn(NaiveDate, u16) -> Option<NaiveDate> + Send + Sync>;

/// The record a process is about, as its tasks show and scope it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Subject {
    /// Its identifier.
    pub business: Uuid,
    /// One line about it for work lists. No personal data.
    pub title: String,
    /// 12-digit region code.
    pub region: String,
    /// The body that handles it.
    pub body: Option<Uuid>,
    /// The item.
    pub item: Option<Uuid>,
    /// The party, for the applicant's own tasks.
    pub party: Option<Uuid>,
    /// When its limit ends; sorts the work list.
    pub due_at: DateTime<Utc>,
}

/// How a person finishes a task.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// What was decided; conditions of the process read it as `outcome`.
    pub outcome: String,
    /// Further variables for the process.
    pub variables: Map<String, Value>,
    /// A new limit of the record, which what follows is sorted by.
    pub due_at: Option<DateTime<Utc>>,
}

impl Outcome {
    /// An outcome without further variables.
    pub fn of(outcome: impl Into<String>) -> Self {
        Self { outcome: outcome.into(), variables: Map::new(), due_at: None }
    }

    /// The same, moving the record's limit as [`Engine::set_due`] does.
    #[must_use]
    pub fn due(self, due_at: DateTime<Utc>) -> Self {
        Self { due_at: Some(due_at), ..self }
    }
}

/// Runs processes. One per program; definitions are parsed once and kept.
pub struct Engine {
    definitions: RwLock<HashMap<Uuid, Arc<Process>>>,
    topics: OnceLock<HashMap<String, Topic>>,
    calendar: WorkdayCalendar,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Engine")
    }
}

struct Running {
    row: InstanceRow,
    process: Arc<Process>,
    instance: Instance,
    subject: Subject,
    /// Whether its row is in the database; a new instance is written once, when it has come to rest.
    stored: bool,
    /// Whether its subject has another limit than its row.
    moved: bool,
}

/// The limit that [`Engine::set_due`] gave an instance in this transaction, for the tasks that come after.
struct Moved(DateTime<Utc>);

impl Engine {
    /// An engine that counts working days by this calendar.
    pub fn new(calendar: WorkdayCalendar) -> Self {
        Self { definitions: RwLock::default(), topics: OnceLock::new(), calendar }
    }

    /// Registers who answers which topic; once, at composition. A second call changes nothing.
    pub fn register(&self, topics: Vec<(&'static str, Topic)>) {
        let _ = self.topics.set(topics.into_iter().map(|(name, topic)| (name.to_owned(), topic)).collect());
    }

    fn topic(&self, name: &str) -> Option<&Topic> {
        self.topics.get()?.get(name)
    }

    /// Reads and checks a drawing without storing it.
    ///
    /// # Errors
    /// [`base::Kind::Refused`] listing every problem with its element.
    pub fn check(xml: &str) -> Result<Process> {
        let problems = |list: Vec<bpmn::Problem>| {
            let text: Vec<String> = list.iter().map(|p| format!("{}：{}", p.element.as_deref().unwrap_or("文件"), p.message)).collect();
            Error::refused("flow.not_deployable", format!("流程不能发布：{}", text.join("；")))
        };
        let definitions = Definitions::parse(xml).map_err(problems)?;
        let Some(process) = definitions.processes.into_iter().next() else {
            return Err(Error::refused("flow.not_deployable", "文件里没有流程。"));
        };
        let found = bpmn::check(&process, &bpmn::Conditions);
        if found.is_empty() { Ok(process) } else { Err(problems(found)) }
    }

    /// Stores a drawing as the next version of `key`; the same drawing again gives the version that is there.
    ///
    /// # Errors
    /// [`base::Kind::Refused`] when it cannot run.
    pub async fn deploy(&self, tx: &Tx, key: &str, xml: &str, now: DateTime<Utc>) -> Result<Uuid> {
        #[derive(FromQueryResult)]
        struct Latest {
            id: Uuid,
            version: i32,
            digest: String,
        }
        let process = Self::check(xml)?;
        let digest = gm::sm3_hex(xml.as_bytes());
        let backend = tx.get_database_backend();
        // Copies of the program that start together deploy together: whoever comes second looks again.
        loop {
            let latest = Latest::find_by_statement(Statement::from_sql_and_values(
                backend,
                "SELECT id, version, digest FROM flow_definition WHERE key = $1 ORDER BY version DESC LIMIT 1",
                [key.into()],
            ))
            .one(&**tx)
            .await?;
            if let Some(latest) = latest.as_ref().filter(|l| l.digest == digest) {
                return Ok(latest.id);
            }
            let id = new_id();
            let version = latest.map_or(1, |l| l.version + 1);
            let written = tx
                .execute_raw(Statement::from_sql_and_values(
                    backend,
                    "INSERT INTO flow_definition (id, key, version, name, digest, xml, deployed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
                     ON CONFLICT (key, version) DO NOTHING",
                    [id.into(), key.into(), version.into(), process.name.clone().into(), digest.clone().into(), xml.into(), now.into()],
                ))
                .await?;
            if written.rows_affected() == 1 {
                return Ok(id);
            }
        }
    }

    /// The process of a definition.
    ///
    /// # Errors
    /// When there is none or it can no longer be read.
    pub async fn process(&self, conn: &impl ConnectionTrait, definition: Uuid) -> Result<Arc<Process>> {
        #[derive(FromQueryResult)]
        struct Xml {
            xml: String,
        }
        if let Some(process) = self.definitions.read().unwrap_or_else(PoisonError::into_inner).get(&definition) {
            return Ok(process.clone());
        }
        let row = Xml::find_by_statement(Statement::from_sql_and_values(
            conn.get_database_backend(),
            "SELECT xml FROM flow_definition WHERE id = $1",
            [definition.into()],
        ))
        .one(conn)
        .await?
        .ok_or_else(|| Error::internal(format!("no process definition {definition}")))?;
        let process = Arc::new(Self::check(&row.xml)?);
        self.definitions.write().unwrap_or_else(PoisonError::into_inner).insert(definition, process.clone());
        Ok(process)
    }

    /// Starts an instance in the caller's transaction.
    ///
    /// # Errors
    /// When the process cannot start.
    pub async fn start(&self, tx: &Tx, definition: Uuid, subject: Subject, variables: Map<String, Value>, actor: &Actor, now: DateTime<Utc>) -> Result<Uuid> {
        let process = self.process(&**tx, definition).await?;
        let id = new_id();
        let instance = Instance::new(&process);
        let row = InstanceRow { id, definition_id: definition, subject: String::new(), state: String::new(), version: 0 };
        let mut running = Running { row, process, instance, subject, stored: false, moved: false };
        self.advance(tx, &mut running, Command::Start { variables }, actor, now).await?;
        Ok(id)
    }

    async fn load(&self, tx: &Tx, instance: Uuid) -> Result<Running> {
        let row = match tx.recall::<InstanceRow>(instance) {
            Some(known) => known,
            None => store::instance(&**tx, instance).await?.ok_or_else(|| Error::not_found("没有这个流程。"))?,
        };
        let process = self.process(&**tx, row.definition_id).await?;
        let state: Instance = serde_json::from_str(&row.state)?;
        let mut subject: Subject = serde_json::from_str(&row.subject)?;
        if let Some(Moved(due_at)) = tx.recall(instance) {
            subject.due_at = due_at;
        }
        Ok(Running { row, process, instance: state, subject, stored: true, moved: false })
    }

    /// Carries out a command and everything that follows from it, and stores the new state.
    async fn advance(&self, tx: &Tx, running: &mut Running, command: Command, actor: &Actor, now: DateTime<Utc>) -> Result<()> {
        let mut commands = VecDeque::from([command]);
        while let Some(command) = commands.pop_front() {
            let effects = bpmn::step(&running.process, &mut running.instance, command)
                .map_err(|refusal| Error::conflict("flow.refused", format!("{refusal}。")))?;
            for effect in effects {
                if let Some(answer) = self.apply(tx, running, effect, actor, now).await? {
                    commands.push_back(answer);
                }
            }
        }
        save(tx, running, now).await
    }

    /// Stores one effect; a local service call gives the command that answers it.
    async fn apply(&self, tx: &Tx, running: &mut Running, effect: Effect, actor: &Actor, now: DateTime<Utc>) -> Result<Option<Command>> {
        match effect {
            Effect::TaskCreated { token, element } => {
                if let Some(element) = running.process.element(&element) {
                    insert_task(tx, running, token, element, now).await?;
                }
            }
            Effect::TaskCancelled { token, .. } => {
                tx.later(Write::new(
                    "UPDATE flow_task SET state = 'cancelled', done_at = $1 WHERE instance_id = $2 AND token = $3 AND state = 'open'",
                    [now.into(), running.row.id.into(), signed(token).into()],
                ))
                .await?;
            }
            Effect::ServiceRequested { token, element, topic } => return self.request(tx, running, token, element, topic, actor, now).await,
            Effect::ServiceCancelled { token, .. } => jobs::cancel(tx, JOB_KINDS[1], &key(running.row.id, token, "")).await?,
            Effect::TimerSet { token, timer, due } => {
                let at = self.moment(&due, now)?;
                let payload = json!({ "instance": running.row.id, "token": token, "timer": timer });
                let job = NewJob::now(JOB_KINDS[0], payload, now).at(at).keyed(key(running.row.id, token, &timer));
                jobs::enqueue(tx, job, now).await?;
            }
            Effect::TimerCancelled { token, timer } => jobs::cancel(tx, JOB_KINDS[0], &key(running.row.id, token, &timer)).await?,
            Effect::Incident { element, incident, .. } => {
                tracing::error!(instance = %running.row.id, business = %running.subject.business, element, reason = %incident.reason, "flow: incident");
            }
            _ => {}
        }
        Ok(None)
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one effect and its surroundings; a struct would be used once")]
    async fn request(&self, tx: &Tx, running: &mut Running, token: u64, element: String, topic: String, actor: &Actor, now: DateTime<Utc>) -> Result<Option<Command>> {
        match self.topic(&topic) {
            None => Ok(Some(Command::ServiceFailed { token, error: format!("没有系统承接主题“{topic}”") })),
            Some(Topic::Local(handler)) => {
                if !running.stored {
                    save(tx, running, now).await?; // the handler may look for it
                }
                let call = ServiceCall {
                    instance: running.row.id,
                    token,
                    business: running.subject.business,
                    topic,
                    element,
                    variables: running.instance.variables.clone(),
                    actor: actor.clone(),
                    now,
                };
                let variables = handler.handle(tx, &call).await?;
                if let Some(Moved(due_at)) = tx.recall(running.row.id) {
                    running.subject.due_at = due_at;
                }
                Ok(Some(Command::ServiceDone { token, variables }))
            }
            Some(Topic::Queued(_)) => {
                let payload = json!({ "instance": running.row.id, "token": token, "element": element, "topic": topic });
                jobs::enqueue(tx, NewJob::now(JOB_KINDS[1], payload, now).keyed(key(running.row.id, token, "")), now).await?;
                Ok(None)
            }
        }
    }

    fn moment(&self, due: &TimerDue, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
        let at = match due {
            TimerDue::After(duration) => duration.after(now),
            TimerDue::At(at) => Some(*at),
            // the whole of the last working day counts
            TimerDue::Workdays(days) => (self.calendar)(base::local_date(now), *days).and_then(|day| day.succ_opt()).map(journal::start_of_day),
        };
        at.ok_or_else(|| Error::refused("flow.timer", "流程里的时限超出了工作日历的范围，请联系系统管理员。"))
    }

    /// Takes a task for oneself, so that nobody else works on it at the same time.
    ///
    /// # Errors
    /// When the actor may not do it or somebody else has it.
    pub async fn claim(&self, tx: &Tx, actor: &Actor, task: &Task, now: DateTime<Utc>) -> Result<()> {
        let staff = actor.staff()?;
        authorise(actor, task)?;
        let taken = tx
            .execute_raw(Statement::from_sql_and_values(
                tx.get_database_backend(),
                "UPDATE flow_task SET assignee = $1, assignee_name = $2, claimed_at = $3
                 WHERE id = $4 AND state = 'open' AND (assignee IS NULL OR assignee = $1)",
                [staff.staff.into(), staff.name.clone().into(), now.into(), task.id.into()],
            ))
            .await?;
        if taken.rows_affected() == 0 {
            return Err(taken_by_another(&**tx, task.id).await?);
        }
        Ok(())
    }

    /// Gives a taken task back to the work list.
    ///
    /// # Errors
    /// When the actor does not have it.
    pub async fn release(&self, tx: &Tx, actor: &Actor, task: &Task) -> Result<()> {
        let staff = actor.staff()?;
        let given = tx
            .execute_raw(Statement::from_sql_and_values(
                tx.get_database_backend(),
                "UPDATE flow_task SET assignee = NULL, assignee_name = NULL, claimed_at = NULL WHERE id = $1 AND state = 'open' AND assignee = $2",
                [task.id.into(), staff.staff.into()],
            ))
            .await?;
        db::expect_one(given.rows_affected())
    }

    /// Hands a task to a named colleague (转办). The caller has checked that the colleague may do it.
    ///
    /// # Errors
    /// When the actor may not do the task or it is no longer open.
    pub async fn transfer(&self, tx: &Tx, actor: &Actor, task: &Task, to: (Uuid, &str), now: DateTime<Utc>) -> Result<()> {
        authorise(actor, task)?;
        let moved = tx
            .execute_raw(Statement::from_sql_and_values(
                tx.get_database_backend(),
                "UPDATE flow_task SET assignee = $1, assignee_name = $2, claimed_at = $3
                 WHERE id = $4 AND state = 'open' AND (assignee IS NULL OR assignee = $5)",
                [to.0.into(), to.1.into(), now.into(), task.id.into(), actor.id().into()],
            ))
            .await?;
        if moved.rows_affected() == 0 {
            return Err(taken_by_another(&**tx, task.id).await?);
        }
        Ok(())
    }

    /// Finishes a task: the process goes on in the caller's transaction. Two people at once: one wins, the other is told.
    ///
    /// # Errors
    /// When the actor may not, somebody else has it, or it is done already.
    pub async fn complete(&self, tx: &Tx, actor: &Actor, task: &Task, outcome: Outcome, now: DateTime<Utc>) -> Result<()> {
        authorise(actor, task)?;
        let id = task.id;
        let done = Write::new(
            "UPDATE flow_task SET state = 'done', done_at = $1, done_by = $2, done_by_name = $3, outcome = $4
             WHERE id = $5 AND state = 'open' AND (assignee IS NULL OR assignee = $2)",
            [now.into(), actor.id().into(), actor.name().into(), outcome.outcome.clone().into(), id.into()],
        );
        tx.later(done.row(id).or_else(move |work| Box::pin(async move { taken_by_another(work, id).await.unwrap_or_else(|e| e) }))).await?;
        let mut running = self.load(tx, task.instance_id).await?;
        if let Some(due_at) = outcome.due_at {
            running.subject.due_at = due_at;
            running.moved = true;
            if running.instance.tokens.len() > 1 {
                move_open(tx, running.row.id, due_at).await?;
            }
        }
        let mut variables = outcome.variables;
        variables.insert("outcome".into(), outcome.outcome.into());
        let token = u64::try_from(task.token).unwrap_or_default();
        if running.instance.token(token).is_none() {
            tx.flush().await?; // done already: says by whom
        }
        self.advance(tx, &mut running, Command::CompleteTask { token, variables }, actor, now).await
    }

    /// Ends the running process about a record, e.g. because the applicant withdrew.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn terminate(&self, tx: &Tx, business: Uuid, reason: &str, actor: &Actor, now: DateTime<Utc>) -> Result<()> {
        if let Some(id) = store::running_instance(&**tx, business).await? {
            let mut running = self.load(tx, id).await?;
            self.advance(tx, &mut running, Command::Terminate { reason: reason.to_owned() }, actor, now).await?;
        }
        Ok(())
    }

    /// Moves the limit of all open tasks about a record, e.g. after acceptance, suspension or extension.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_due(&self, tx: &Tx, business: Uuid, due_at: DateTime<Utc>) -> Result<()> {
        let backend = tx.get_database_backend();
        if let Some(id) = store::running_instance(&**tx, business).await? {
            let row = store::instance(&**tx, id).await?.ok_or_else(|| Error::internal("instance vanished"))?;
            let subject = Subject { due_at, ..serde_json::from_str::<Subject>(&row.subject)? };
            tx.execute_raw(Statement::from_sql_and_values(
                backend,
                "UPDATE flow_instance SET subject = $1 WHERE id = $2",
                [serde_json::to_string(&subject)?.into(), id.into()],
            ))
            .await?;
            move_open(tx, id, due_at).await?;
            tx.remember(id, Moved(due_at));
        }
        Ok(())
    }

    /// Handlers of this room's jobs (timers and queued topics).
    pub fn jobs(self: &Arc<Self>, db: &Db, clock: &SharedClock) -> Vec<(&'static str, Arc<dyn Handler>)> {
        let handler = |kind| -> (&'static str, Arc<dyn Handler>) {
            (kind, Arc::new(FlowJob { engine: self.clone(), db: db.clone(), clock: clock.clone() }))
        };
        JOB_KINDS.into_iter().map(handler).collect()
    }
}

fn signed(token: u64) -> i64 {
    i64::try_from(token).unwrap_or(i64::MAX)
}

fn key(instance: Uuid, token: u64, timer: &str) -> String {
    format!("{instance}/{token}/{timer}")
}

fn authorise(actor: &Actor, task: &Task) -> Result<()> {
    let allowed = match actor {
        Actor::Anonymous => return Err(Error::unauthenticated()),
        Actor::Party(party) => task.permission == APPLICANT && task.party_id == Some(party.party),
        _ => task.permission != APPLICANT && actor.may_named(&task.permission, &task.target()),
    };
    if allowed {
        return Ok(());
    }
    Err(Error::forbidden(format!("“{}”不在您的岗位职责范围内，请由有相应岗位的人员办理。", task.name)))
}

async fn taken_by_another(conn: &impl ConnectionTrait, id: Uuid) -> Result<Error> {
    let now = store::task(conn, id).await?;
    Ok(match now {
        Some(task) if task.is_open() => Error::conflict(
            "flow.taken",
            format!("“{}”已由{}领取，如需接手请先由对方放回待办或转办给您。", task.name, task.assignee_name.unwrap_or_default()),
        ),
        Some(task) => Error::conflict(
            "flow.done",
            format!("“{}”已由{}办理完毕，请刷新页面查看最新进度。", task.name, task.done_by_name.unwrap_or_else(|| "系统".to_owned())),
        ),
        None => Error::not_found("没有这项待办。"),
    })
}

/// Stores the state of an instance.
async fn save(tx: &Tx, running: &mut Running, now: DateTime<Utc>) -> Result<()> {
    let (id, ended) = (running.row.id, running.instance.ended());
    let state = serde_json::to_string(&running.instance)?;
    let subject = (running.moved || !running.stored).then(|| serde_json::to_string(&running.subject)).transpose()?;
    let ended_at = ended.then_some(now);
    let write = if running.stored {
        running.row.version += 1;
        let values = [state.into(), subject.into(), ended.into(), ended_at.into(), id.into(), (running.row.version - 1).into()];
        Write::new(
            "UPDATE flow_instance SET state = $1, subject = COALESCE($2, subject), ended = $3, ended_at = $4, version = version + 1 WHERE id = $5 AND version = $6",
            values,
        )
    } else {
        running.stored = true;
        let values = [id.into(), running.row.definition_id.into(), running.subject.business.into(), subject.into(), state.into(), ended.into(), now.into(), ended_at.into()];
        Write::new(
            "INSERT INTO flow_instance (id, definition_id, business, subject, state, ended, version, started_at, ended_at)
             VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8)",
            values,
        )
    };
    tx.later(write.row(id).once()).await
}

/// Moves the limit of the open tasks of an instance.
async fn move_open(tx: &Tx, instance: Uuid, due_at: DateTime<Utc>) -> Result<()> {
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "UPDATE flow_task SET due_at = $1 WHERE instance_id = $2 AND state = 'open'",
        [due_at.into(), instance.into()],
    ))
    .await?;
    Ok(())
}

async fn insert_task(tx: &Tx, running: &Running, token: u64, element: &Element, now: DateTime<Utc>) -> Result<()> {
    let subject = &running.subject;
    let attribute = |name: &str| element.extension.get(name).cloned().unwrap_or_default();
    let permission = attribute("permission");
    let party = (permission == APPLICANT).then_some(subject.party).flatten();
    tx.later(Write::new(
        "INSERT INTO flow_task (id, instance_id, token, element, name, step, permission, business, title, region, body_id, item_id, party_id, state, created_at, due_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'open', $14, $15)",
        [
            new_id().into(),
            running.row.id.into(),
            signed(token).into(),
            element.id.clone().into(),
            element.name.clone().into(),
            attribute("step").into(),
            permission.into(),
            subject.business.into(),
            subject.title.clone().into(),
            subject.region.clone().into(),
            subject.body.into(),
            subject.item.into(),
            party.into(),
            now.into(),
            subject.due_at.into(),
        ],
    ))
    .await
}

#[derive(Deserialize)]
struct JobPayload {
    instance: Uuid,
    token: u64,
    timer: Option<String>,
    element: Option<String>,
    topic: Option<String>,
}

struct FlowJob {
    engine: Arc<Engine>,
    db: Db,
    clock: SharedClock,
}

#[async_trait]
impl Handler for FlowJob {
    async fn run(&self, job: &Job) -> Result<()> {
        let payload: JobPayload = serde_json::from_value(job.payload.clone())?;
        let now = self.clock.now();
        let actor = Actor::System("流程");
        let mut tx = self.db.begin().await?;
        let mut running = self.engine.load(&tx, payload.instance).await?;
        // Fired, moved or ended before: the job came twice, and the first time was enough.
        if running.instance.token(payload.token).is_none() {
            return Ok(());
        }
        let command = match (payload.timer, payload.topic) {
            (Some(timer), _) => {
                if !running.instance.token(payload.token).is_some_and(|t| t.timers.contains(&timer)) {
                    return Ok(());
                }
                Command::TimerFired { token: payload.token, timer }
            }
            (None, Some(topic)) => {
                let Some(Topic::Queued(handler)) = self.engine.topic(&topic) else {
                    return Err(Error::internal(format!("no handler for topic {topic}")));
                };
                let call = ServiceCall {
                    instance: payload.instance,
                    token: payload.token,
                    business: running.subject.business,
                    topic: topic.clone(),
                    element: payload.element.unwrap_or_default(),
                    variables: running.instance.variables.clone(),
                    actor: actor.clone(),
                    now,
                };
                match handler.handle(&tx, &call).await {
                    Ok(variables) => Command::ServiceDone { token: payload.token, variables },
                    Err(error) if job.attempts >= job.max_attempts => {
                        // What the failed call wrote goes; only the failure itself is kept.
                        drop(tx);
                        tx = self.db.begin().await?;
                        running = self.engine.load(&tx, payload.instance).await?;
                        if running.instance.token(payload.token).is_none() {
                            return Ok(());
                        }
                        Command::ServiceFailed { token: payload.token, error: error.to_string() }
                    }
                    Err(error) => return Err(error),
                }
            }
            (None, None) => return Err(Error::internal("a flow job without timer or topic")),
        };
        self.engine.advance(&tx, &mut running, command, &actor, now).await?;
        tx.commit().await
    }
}
