//! Starting processes and moving them on.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, OnceLock, RwLock};
use std::time::Duration;

use access::Actor;
use base::{Error, Result, new_id};
use bpmn::{Command, Instance, Interpreter};
use chrono::{DateTime, NaiveDate, Utc};
use db::{Tx, Write};
use sea_orm::{ConnectionTrait, Statement};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::FeelUntil;
use crate::definition::Deployed;
use crate::store::{self, InstanceRow};
use crate::timeline::Trace;
use crate::topics::Topic;

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
    /// What the person wrote; kept with the task.
    pub comment: Option<String>,
    /// A new limit of the record, which what follows is sorted by.
    pub due_at: Option<DateTime<Utc>>,
}

impl Outcome {
    /// An outcome without further variables.
    pub fn of(outcome: impl Into<String>) -> Self {
        Self { outcome: outcome.into(), variables: Map::new(), comment: None, due_at: None }
    }

    /// The same, moving the record's limit as [`Engine::set_due`] does.
    #[must_use]
    pub fn due(self, due_at: DateTime<Utc>) -> Self {
        Self { due_at: Some(due_at), ..self }
    }

    /// The same with what the person wrote.
    #[must_use]
    pub fn comment(self, comment: impl Into<String>) -> Self {
        Self { comment: Some(comment.into()), ..self }
    }

    /// The same with a further variable.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.variables.insert(name.into(), value.into());
        self
    }
}

pub(crate) fn suspended() -> Error {
    Error::conflict("flow.suspended", "流程已挂起，恢复后才能继续办理。")
}

/// Runs processes. One per program; definitions are parsed once and kept.
pub struct Engine {
    pub(crate) definitions: RwLock<HashMap<Uuid, Arc<Deployed>>>,
    topics: OnceLock<HashMap<String, Topic>>,
    pub(crate) calendar: WorkdayCalendar,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Engine")
    }
}

/// A process in hand.
pub(crate) struct Running {
    pub row: InstanceRow,
    pub deployed: Arc<Deployed>,
    pub instance: Instance,
    pub subject: Subject,
    /// Whether its row is in the database; a new instance is written once, when it has come to rest.
    pub stored: bool,
    /// Whether its subject has another limit than its row.
    pub moved: bool,
    /// What has happened to it in this transaction.
    pub trace: Trace,
    /// Evaluates its expressions, as long as a transaction has time.
    pub expressions: FeelUntil,
}

/// How long the expressions of one process may take in one transaction.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

impl Running {
    pub(crate) fn interpreter(&self) -> Interpreter<'_> {
        Interpreter::new(&self.deployed.main, &*self.deployed, &self.expressions)
    }
}

/// Who moves a process, and when.
#[derive(Clone, Copy)]
pub(crate) struct By<'a> {
    pub actor: &'a Actor,
    pub now: DateTime<Utc>,
}

/// The limit that [`Engine::set_due`] gave an instance in this transaction, for the tasks that come after.
pub(crate) struct Moved(pub DateTime<Utc>);

impl Engine {
    /// An engine that counts working days by this calendar.
    pub fn new(calendar: WorkdayCalendar) -> Self {
        Self { definitions: RwLock::default(), topics: OnceLock::new(), calendar }
    }

    /// Registers who answers which topic; once, at composition. A second call changes nothing.
    pub fn register(&self, topics: Vec<(&'static str, Topic)>) {
        let _ = self.topics.set(topics.into_iter().map(|(name, topic)| (name.to_owned(), topic)).collect());
    }

    pub(crate) fn topic(&self, name: &str) -> Option<&Topic> {
        self.topics.get()?.get(name)
    }

    /// Starts an instance in the caller's transaction.
    ///
    /// # Errors
    /// When the process cannot start.
    pub async fn start(&self, tx: &Tx, definition: Uuid, subject: Subject, variables: Map<String, Value>, actor: &Actor, now: DateTime<Utc>) -> Result<Uuid> {
        self.start_by(tx, definition, None, subject, variables, actor, now).await
    }

    /// Starts an instance by an event of its drawing that has happened, e.g. a message that came.
    ///
    /// # Errors
    /// When the process does not begin by this event.
    #[expect(clippy::too_many_arguments, reason = "the parts of one start; a struct would be used once")]
    pub async fn start_by(
        &self,
        tx: &Tx,
        definition: Uuid,
        event: Option<&str>,
        subject: Subject,
        variables: Map<String, Value>,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Uuid> {
        let deployed = self.deployed(&**tx, definition).await?;
        let id = new_id();
        let instance = Instance::new(&deployed.main);
        let row = InstanceRow { id, definition_id: definition, subject: String::new(), state: String::new(), version: 0, suspended_at: None };
        let mut running = Running { row, deployed, instance, subject, stored: false, moved: false, trace: Trace::default(), expressions: FeelUntil::within(PATIENCE) };
        let at = event.map(str::to_owned);
        self.advance(tx, &mut running, Command::Start { at, variables }, By { actor, now }).await?;
        Ok(id)
    }

    pub(crate) async fn load(&self, tx: &Tx, instance: Uuid) -> Result<Running> {
        let row = match tx.recall::<InstanceRow>(instance) {
            Some(known) => known,
            None => store::instance(&**tx, instance).await?.ok_or_else(|| Error::not_found("没有这个流程。"))?,
        };
        let deployed = self.deployed(&**tx, row.definition_id).await?;
        let state: Instance = serde_json::from_str(&row.state)?;
        let mut subject: Subject = serde_json::from_str(&row.subject)?;
        if let Some(Moved(due_at)) = tx.recall(instance) {
            subject.due_at = due_at;
        }
        Ok(Running { row, deployed, instance: state, subject, stored: true, moved: false, trace: Trace::default(), expressions: FeelUntil::within(PATIENCE) })
    }

    /// An instance in hand that people may move on.
    pub(crate) async fn load_active(&self, tx: &Tx, instance: Uuid) -> Result<Running> {
        let running = self.load(tx, instance).await?;
        if running.row.suspended_at.is_some() {
            return Err(suspended());
        }
        Ok(running)
    }

    /// Carries out a command and everything that follows from it, and stores the new state.
    pub(crate) async fn advance(&self, tx: &Tx, running: &mut Running, command: Command, by: By<'_>) -> Result<()> {
        let mut commands = VecDeque::from([command]);
        while let Some(command) = commands.pop_front() {
            let mut instance = std::mem::replace(&mut running.instance, Instance::new(&running.deployed.main));
            let effects = running.interpreter().step(&mut instance, command);
            running.instance = instance;
            let effects = effects.map_err(|refusal| Error::conflict("flow.refused", format!("{refusal}。")))?;
            for effect in effects {
                running.trace.note(&effect);
                if let Some(answer) = self.apply(tx, running, effect, by).await? {
                    commands.push_back(answer);
                }
            }
        }
        self.save(tx, running, by).await
    }

    /// Stores the state of an instance, and what happened to it.
    pub(crate) async fn save(&self, tx: &Tx, running: &mut Running, by: By<'_>) -> Result<()> {
        let (id, ended) = (running.row.id, running.instance.ended());
        let state = serde_json::to_string(&running.instance)?;
        let subject = (running.moved || !running.stored).then(|| serde_json::to_string(&running.subject)).transpose()?;
        let ended_at = ended.then_some(by.now);
        let write = if running.stored {
            running.row.version += 1;
            let values = [state.into(), subject.into(), ended.into(), ended_at.into(), id.into(), (running.row.version - 1).into()];
            Write::new(
                "UPDATE flow_instance SET state = $1, subject = COALESCE($2, subject), ended = $3, ended_at = $4, version = version + 1 WHERE id = $5 AND version = $6",
                values,
            )
        } else {
            running.stored = true;
            let values = [
                id.into(),
                running.row.definition_id.into(),
                running.subject.business.into(),
                subject.into(),
                state.into(),
                ended.into(),
                by.now.into(),
                ended_at.into(),
            ];
            Write::new(
                "INSERT INTO flow_instance (id, definition_id, business, subject, state, ended, version, started_at, ended_at)
                 VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8)",
                values,
            )
        };
        tx.later(write.row(id).once()).await?;
        running.trace.write(tx, id, by).await
    }

    /// Ends the running process about a record, e.g. because the applicant withdrew.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn terminate(&self, tx: &Tx, business: Uuid, reason: &str, actor: &Actor, now: DateTime<Utc>) -> Result<()> {
        if let Some(id) = store::running_instance(&**tx, business).await? {
            let mut running = self.load(tx, id).await?;
            self.advance(tx, &mut running, Command::Terminate { reason: reason.to_owned() }, By { actor, now }).await?;
        }
        Ok(())
    }

    /// Lays variables over those of the running process about a record; conditional events see them.
    ///
    /// # Errors
    /// When no process runs.
    pub async fn set_variables(&self, tx: &Tx, business: Uuid, variables: Map<String, Value>, actor: &Actor, now: DateTime<Utc>) -> Result<()> {
        let id = store::running_instance(&**tx, business).await?.ok_or_else(|| Error::not_found("没有进行中的流程。"))?;
        let mut running = self.load(tx, id).await?;
        self.advance(tx, &mut running, Command::SetVariables { variables }, By { actor, now }).await
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
            store::move_open(tx, id, due_at).await?;
            tx.remember(id, Moved(due_at));
        }
        Ok(())
    }
}
