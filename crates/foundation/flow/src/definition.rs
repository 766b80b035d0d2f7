//! Drawings: checked, stored as versions that never change, read once and kept.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use base::{Error, Result, new_id};
use bpmn::{Definitions, Kind, Problem, Process, Processes};
use chrono::{DateTime, Utc};
use db::Tx;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

use crate::{Engine, Feel};

/// A drawing ready to run: its own process, and all it calls.
pub(crate) struct Deployed {
    pub main: Arc<Process>,
    library: HashMap<String, Arc<Process>>,
}

impl Processes for Deployed {
    fn process(&self, id: &str) -> Option<&Process> {
        if id == self.main.id { Some(&self.main) } else { self.library.get(id).map(AsRef::as_ref) }
    }
}

/// One version of a drawing.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Version {
    /// Identifier.
    pub id: Uuid,
    /// What items name it by.
    pub key: String,
    /// From 1 on.
    pub version: i32,
    /// Name of its process.
    pub name: String,
    /// When it was stored.
    pub deployed_at: DateTime<Utc>,
    /// From when on new instances follow it.
    pub effective_from: DateTime<Utc>,
}

const VERSION_COLUMNS: &str = "id, key, version, name, deployed_at, COALESCE(effective_from, deployed_at) AS effective_from";

/// The version new instances follow at this moment.
///
/// # Errors
/// When the database fails.
pub async fn current(conn: &impl ConnectionTrait, key: &str, now: DateTime<Utc>) -> Result<Option<Version>> {
    let sql = format!(
        "SELECT {VERSION_COLUMNS} FROM flow_definition WHERE key = $1 AND COALESCE(effective_from, deployed_at) <= $2
         ORDER BY COALESCE(effective_from, deployed_at) DESC, version DESC LIMIT 1"
    );
    Ok(Version::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [key.into(), now.into()])).one(conn).await?)
}

/// All versions of a drawing, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn versions(conn: &impl ConnectionTrait, key: &str) -> Result<Vec<Version>> {
    let sql = format!("SELECT {VERSION_COLUMNS} FROM flow_definition WHERE key = $1 ORDER BY version DESC");
    Ok(Version::find_by_statement(Statement::from_sql_and_values(conn.get_database_backend(), sql, [key.into()])).all(conn).await?)
}

#[derive(FromQueryResult)]
struct Xml {
    xml: String,
    calls: Option<String>,
}

async fn stored(conn: &impl ConnectionTrait, definition: Uuid) -> Result<Xml> {
    Xml::find_by_statement(Statement::from_sql_and_values(
        conn.get_database_backend(),
        "SELECT xml, calls FROM flow_definition WHERE id = $1",
        [definition.into()],
    ))
    .one(conn)
    .await?
    .ok_or_else(|| Error::internal(format!("no process definition {definition}")))
}

/// The drawing of a version, as it was stored.
///
/// # Errors
/// When there is none.
pub async fn drawing(conn: &impl ConnectionTrait, definition: Uuid) -> Result<String> {
    Ok(stored(conn, definition).await?.xml)
}

fn refused(list: &[Problem]) -> Error {
    let text: Vec<String> = list.iter().map(|p| format!("{}：{}", p.element.as_deref().unwrap_or("文件"), p.message)).collect();
    Error::refused("flow.not_deployable", format!("流程不能发布：{}", text.join("；")))
}

/// Everything that keeps a drawing from running on this platform, and what its author should know besides.
///
/// # Errors
/// The problems of a file that cannot even be read.
pub fn problems(xml: &str) -> std::result::Result<(Definitions, Vec<Problem>), Vec<Problem>> {
    let definitions = Definitions::parse(xml)?;
    let mut problems = bpmn::check_all(&definitions, &Feel);
    problems.extend(definitions.processes.iter().flat_map(bpmn::check_for_platform));
    Ok((definitions, problems))
}

fn readable(xml: &str) -> Result<(Definitions, String)> {
    let (definitions, found) = problems(xml).map_err(|list| refused(&list))?;
    let errors: Vec<Problem> = found.into_iter().filter(Problem::is_error).collect();
    if !errors.is_empty() {
        return Err(refused(&errors));
    }
    let main = definitions.main_processes().first().map(|p| p.id.clone());
    let main = main.ok_or_else(|| Error::refused("flow.not_deployable", "文件里没有流程。"))?;
    Ok((definitions, main))
}

/// Keys of processes the file calls but does not hold.
fn called_elsewhere(definitions: &Definitions) -> Vec<String> {
    let mut keys: Vec<String> = definitions
        .processes
        .iter()
        .flat_map(Process::elements)
        .filter_map(|element| match &element.kind {
            Kind::CallActivity { called } if definitions.process(called).is_none() => Some(called.clone()),
            _ => None,
        })
        .collect();
    keys.sort();
    keys.dedup();
    keys
}

impl Engine {
    /// Reads and checks a drawing without storing it; gives its main process.
    ///
    /// # Errors
    /// [`base::Kind::Refused`] listing every problem with its element.
    pub fn check(xml: &str) -> Result<Process> {
        let (definitions, main) = readable(xml)?;
        definitions.processes.into_iter().find(|p| p.id == main).ok_or_else(|| Error::internal("the main process vanished"))
    }

    /// Stores a drawing as the next version of `key`, in force at once; the same drawing again gives the version that is there.
    ///
    /// # Errors
    /// [`base::Kind::Refused`] when it cannot run.
    pub async fn deploy(&self, tx: &Tx, key: &str, xml: &str, now: DateTime<Utc>) -> Result<Uuid> {
        self.deploy_from(tx, key, xml, now, now).await
    }

    /// Stores a drawing as the next version of `key`, in force from a moment on. Running instances keep their version, and so
    /// do the versions of processes it calls.
    ///
    /// # Errors
    /// [`base::Kind::Refused`] when it cannot run, or calls what is not in force.
    pub async fn deploy_from(&self, tx: &Tx, key: &str, xml: &str, effective_from: DateTime<Utc>, now: DateTime<Utc>) -> Result<Uuid> {
        #[derive(FromQueryResult)]
        struct Latest {
            id: Uuid,
            version: i32,
            digest: String,
        }
        let (definitions, main) = readable(xml)?;
        let name = definitions.process(&main).map(|p| p.name.clone()).unwrap_or_default();
        let mut calls: HashMap<String, Uuid> = HashMap::new();
        for called in called_elsewhere(&definitions) {
            let version = current(&**tx, &called, effective_from).await?;
            let version = version.ok_or_else(|| Error::refused("flow.call_unknown", format!("流程要调用的“{called}”还没有发布，请先发布它。")))?;
            calls.insert(called, version.id);
        }
        let calls = serde_json::to_string(&calls)?;
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
                    "INSERT INTO flow_definition (id, key, version, name, digest, xml, deployed_at, effective_from, calls) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                     ON CONFLICT (key, version) DO NOTHING",
                    [
                        id.into(),
                        key.into(),
                        version.into(),
                        name.clone().into(),
                        digest.clone().into(),
                        xml.into(),
                        now.into(),
                        effective_from.into(),
                        calls.clone().into(),
                    ],
                ))
                .await?;
            if written.rows_affected() == 1 {
                return Ok(id);
            }
        }
    }

    /// The main process of a definition.
    ///
    /// # Errors
    /// When there is none or it can no longer be read.
    pub async fn process(&self, conn: &impl ConnectionTrait, definition: Uuid) -> Result<Arc<Process>> {
        Ok(self.deployed(conn, definition).await?.main.clone())
    }

    /// A definition with all it calls.
    pub(crate) async fn deployed(&self, conn: &impl ConnectionTrait, definition: Uuid) -> Result<Arc<Deployed>> {
        let known = |id: &Uuid| self.definitions.read().unwrap_or_else(PoisonError::into_inner).get(id).cloned();
        if let Some(deployed) = known(&definition) {
            return Ok(deployed);
        }
        let row = stored(conn, definition).await?;
        let (definitions, main) = readable(&row.xml)?;
        let mut library: HashMap<String, Arc<Process>> = HashMap::new();
        let mut open: Vec<(String, Uuid)> = calls_of(&row)?;
        for process in definitions.processes {
            library.insert(process.id.clone(), Arc::new(process));
        }
        let main = library.get(&main).cloned().ok_or_else(|| Error::internal("the main process vanished"))?;
        // What it calls may call in turn; a process is found under its key and under its own id.
        let mut seen = std::collections::HashSet::new();
        while let Some((key, id)) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            let row = stored(conn, id).await?;
            let (called, called_main) = readable(&row.xml)?;
            open.extend(calls_of(&row)?);
            for process in called.processes {
                let process = Arc::new(process);
                if process.id == called_main {
                    library.entry(key.clone()).or_insert_with(|| process.clone());
                }
                library.entry(process.id.clone()).or_insert(process);
            }
        }
        let deployed = Arc::new(Deployed { main, library });
        self.definitions.write().unwrap_or_else(PoisonError::into_inner).insert(definition, deployed.clone());
        Ok(deployed)
    }
}

fn calls_of(row: &Xml) -> Result<Vec<(String, Uuid)>> {
    let calls: HashMap<String, Uuid> = row.calls.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default();
    Ok(calls.into_iter().collect())
}
