//! What supervisors see.

use access::Actor;
use base::{Error, Result};
use cases::store::DocumentRow;
use chrono::NaiveDate;
use db::Page;
use designs::Course;
use flow::Task;
use journal::{Entry, Fault};
use platform::Platform;
use uuid::Uuid;
use workdays::Light;

use crate::model::{Rules, Watch, light};
use crate::permissions::VIEW;
use crate::store::{self, Alert, BoardRow, CaseFilter, Notice};

/// The dashboard of a supervisor.
#[derive(Debug, Clone)]
pub struct Dashboard {
    /// Open cases by body and light, as the last patrol counted them.
    pub board: Vec<BoardRow>,
    /// Open cases, most urgent first.
    pub cases: Page<Watch>,
    /// Today, to judge lights by.
    pub today: NaiveDate,
}

/// The cases within the actor's scope.
///
/// # Errors
/// When the actor is no staff member.
pub async fn dashboard(platform: &Platform, actor: &Actor, filter: &CaseFilter) -> Result<Dashboard> {
    actor.staff()?;
    let (conn, today) = (platform.db.read(), platform.today());
    Ok(Dashboard {
        board: store::board(conn, actor.filter(VIEW, &store::board_scope())).await?,
        cases: store::list(conn, actor.filter(VIEW, &store::case_scope()), filter, today).await?,
        today,
    })
}

/// Everything about a case that supervision needs.
#[derive(Debug, Clone)]
pub struct Trail {
    /// The case.
    pub watch: Watch,
    /// Its light today.
    pub light: Option<Light>,
    /// Working days left of the promise, negative once it has passed.
    pub left: Option<i64>,
    /// How far its process is.
    pub course: Option<Course>,
    /// Steps with who, when and what.
    pub tasks: Vec<Task>,
    /// Official documents, oldest first.
    pub documents: Vec<DocumentRow>,
    /// Alerts, newest first.
    pub alerts: Vec<Alert>,
    /// Notices, newest first.
    pub notices: Vec<Notice>,
    /// The journal of the case.
    pub entries: Vec<Entry>,
    /// What is wrong with the journal, if anything.
    pub fault: Option<Fault>,
    /// The rules, for their names.
    pub rules: Rules,
}

/// The trail of a case, its journal verified entry by entry.
///
/// # Errors
/// [`base::Kind::NotFound`], or [`base::Kind::Forbidden`] out of scope and in one's own case.
pub async fn trail(platform: &Platform, actor: &Actor, case: Uuid) -> Result<Trail> {
    let conn = platform.db.read();
    let watch = store::watch(conn, case).await?.ok_or_else(|| Error::not_found("没有找到这个办件。刚提交的办件稍后会出现。"))?;
    actor.require(VIEW, &watch.target())?;
    not_own(actor, watch.party_id)?;
    let entries = journal::entries(conn, case).await?;
    let today = platform.today();
    let light = if watch.open { light(today, &watch.dates) } else { None };
    let left = watch.dates.promised_due.map(|due| platform.calendar.between(today, due)).transpose()?;
    let tasks = flow::tasks(conn, case).await?;
    Ok(Trail {
        light,
        left,
        course: designs::course(platform, case, &tasks).await?,
        tasks,
        documents: cases::store::documents(conn, case).await?,
        alerts: store::alerts(conn, case).await?,
        notices: store::notices_of(conn, case).await?,
        fault: journal::verify_entries(&entries).err(),
        entries,
        rules: store::rules(conn).await?,
        watch,
    })
}

/// Nobody supervises, or answers for, their own case (R38).
pub(crate) fn not_own(actor: &Actor, party: Uuid) -> Result<()> {
    if actor.staff()?.own_party == Some(party) {
        return Err(Error::forbidden("这是您本人的办件，按照回避规定请由其他工作人员处理。"));
    }
    Ok(())
}
