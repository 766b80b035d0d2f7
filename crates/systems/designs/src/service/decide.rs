use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};
use std::time::{Duration, Instant};

use access::Actor;
use base::{Error, Result};
use dmn::{DmnError, Evaluation, Model, NoImports};
use platform::Platform;
use uuid::Uuid;

use super::effective::{Effective, in_force};
use crate::model::Kind;
use crate::permissions::{EDIT, REVIEW};
use crate::store;

/// Most questions asked at once.
pub const MAX_QUESTIONS: usize = 10_000;

/// How long questions asked at once may take together; those left over are refused.
const PATIENCE: Duration = Duration::from_secs(10);

/// Questions one thread answers at a time.
const CHUNK: usize = 250;

/// Models kept ready to evaluate; far more than the tables of a city that are in force.
const KEPT: usize = 2_000;

static READ: LazyLock<RwLock<HashMap<Uuid, Arc<Model>>>> = LazyLock::new(RwLock::default);

impl Effective {
    /// The decision model of this version, read at its first use: a published version never changes.
    ///
    /// # Errors
    /// When it cannot be read, which publishing rules out.
    pub fn table(&self) -> Result<Arc<Model>> {
        if let Some(model) = READ.read().unwrap_or_else(PoisonError::into_inner).get(&self.version_id) {
            return Ok(model.clone());
        }
        let model = Model::parse(&self.content, &NoImports).map_err(|problems| Error::internal(format!("decision table {}: {problems:?}", self.name)))?;
        let model = Arc::new(model);
        let mut read = READ.write().unwrap_or_else(PoisonError::into_inner);
        if read.len() >= KEPT {
            read.clear();
        }
        read.insert(self.version_id, model.clone());
        Ok(model)
    }
}

/// The table of this key that holds today, for somebody who may see its design.
///
/// # Errors
/// [`base::Kind::NotFound`], also out of scope; a refusal when no version holds today.
pub async fn table_in_force(platform: &Platform, actor: &Actor, key: &str) -> Result<Effective> {
    let conn = platform.db.read();
    let design = store::by_key(conn, Kind::Decision, key).await?;
    let seen = design.filter(|design| actor.may(EDIT, &design.target()) || actor.may(REVIEW, &design.target()));
    let design = seen.ok_or_else(|| Error::not_found("没有找到这个决策表，可能不在您的职责范围内。"))?;
    let found = in_force(conn, design, platform.today()).await?;
    found.ok_or_else(|| Error::refused("designs.not_in_force", "这个决策表今天没有生效的版本。"))
}

/// A question to a table.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Name of the decision; the only one of the model when missing.
    pub decision: Option<String>,
    /// Its input as JSON.
    pub input: String,
}

/// Answers questions on as many threads as there are, in their order.
///
/// # Errors
/// When the model cannot be read. What is wrong with a question is its answer.
pub async fn ask(table: &Effective, questions: Vec<Asked>) -> Result<Vec<Result<Evaluation, DmnError>>> {
    let model = table.table()?;
    let until = Instant::now() + PATIENCE;
    let mut chunks = Vec::with_capacity(questions.len().div_ceil(CHUNK));
    let mut left = questions.into_iter();
    loop {
        let chunk: Vec<Asked> = left.by_ref().take(CHUNK).collect();
        if chunk.is_empty() {
            break;
        }
        let model = model.clone();
        // An expression may run for nearly a second: not on the threads that serve everybody.
        chunks.push(tokio::task::spawn_blocking(move || chunk.iter().map(|question| answer(&model, question, until)).collect::<Vec<_>>()));
    }
    let mut answers = Vec::new();
    for chunk in chunks {
        answers.extend(chunk.await.map_err(Error::internal)?);
    }
    Ok(answers)
}

fn answer(model: &Model, question: &Asked, until: Instant) -> Result<Evaluation, DmnError> {
    if Instant::now() > until {
        return Err(DmnError::Feel(feel::FeelError::Time));
    }
    let mut only = model.callable();
    let decision = match (&question.decision, only.next(), only.next()) {
        (Some(decision), ..) => decision.as_str(),
        (None, Some(only), None) => only,
        _ => "",
    };
    model.evaluate_json(decision, &question.input)
}
