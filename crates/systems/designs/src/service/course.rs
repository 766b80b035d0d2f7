use base::Result;
use bpmn::TokenState;
use flow::Task;
use platform::Platform;
use uuid::Uuid;

use crate::model::course::{Course, ahead, marks};
use crate::model::engine::Drawing;

/// How far the process about a record is; none when no process was started for it. `tasks` are those of the record. The caller
/// has checked that whoever looks may see the record.
///
/// # Errors
/// When the database fails.
pub async fn course(platform: &Platform, business: Uuid, tasks: &[Task]) -> Result<Option<Course>> {
    let conn = platform.db.read();
    let Some(running) = flow::running(conn, business).await? else { return Ok(None) };
    let (xml, steps) = (flow::drawing(conn, running.definition).await?, flow::steps(conn, running.id).await?);
    let Ok(drawing) = Drawing::read(&xml) else { return Ok(None) };
    // What waits only for what is inside it is not where people look.
    let here = running.instance.tokens.iter().filter(|token| !matches!(token.state, TokenState::Inside { .. }));
    let waits: Vec<(&str, bool)> = here.map(|token| (token.element.as_str(), token.incident.is_some())).collect();
    let at: Vec<&str> = waits.iter().map(|(element, _)| *element).collect();
    let tasks: Vec<Task> = tasks.iter().filter(|task| task.instance_id == running.id).cloned().collect();
    Ok(Some(Course { marks: marks(drawing.main(), &steps, &waits, &tasks), ahead: ahead(&drawing, &at), suspended_at: running.suspended_at, xml }))
}
