//! Reading cases: the applicant's own, a case number with its query code, the department's, the supervisor's.

use access::{Actor, Target};
use base::{Error, Result};
use bytes::Bytes;
use chrono::NaiveDate;
use db::{Cursor, Page};
use files::FileRecord;
use flow::Task;
use platform::Platform;
use uuid::Uuid;
use workdays::Light;

use crate::model::State;
use crate::permissions::{VIEW, WORK};
use crate::service::correction::CorrectionRound;
use crate::service::loaded::{LoadedCase, no_such_case};
use crate::store::{self, CaseRow, DocumentRow, MessageRow};

/// What a person sees of a case.
#[derive(Debug, Clone)]
pub struct CaseView {
    /// The case.
    pub case: LoadedCase,
    /// All its tasks, oldest first: who handles it, since when, by when.
    pub tasks: Vec<Task>,
    /// Its documents, oldest first.
    pub documents: Vec<DocumentRow>,
    /// Its files by identifier.
    pub files: Vec<FileRecord>,
    /// The correction round, if there was one.
    pub correction: Option<CorrectionRound>,
    /// What was written to the applicant, newest first.
    pub messages: Vec<MessageRow>,
    /// Its journal, oldest first.
    pub journal: Vec<journal::Entry>,
    /// Working days left of the promise and the light, while the clock runs.
    pub standing: Option<(i64, Light)>,
}

/// Who has it now and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextStep {
    /// What is to be done.
    pub name: String,
    /// Who: the body, a named person once taken, or the applicant.
    pub who: String,
    /// By when.
    pub by: Option<NaiveDate>,
    /// Whether it is the applicant's turn.
    pub applicant: bool,
}

impl CaseView {
    async fn build(platform: &Platform, case: LoadedCase) -> Result<Self> {
        let conn = platform.db.read();
        let id = case.row.id;
        let wanted: Vec<Uuid> = case.materials.iter().flat_map(|m| m.files.iter().copied()).collect();
        Ok(Self {
            tasks: flow::tasks(conn, id).await?,
            documents: store::documents(conn, id).await?,
            files: files::records(conn, &wanted).await?,
            correction: CorrectionRound::of(&case)?,
            messages: store::messages(conn, id).await?,
            journal: journal::entries(conn, id).await?,
            standing: match (&case.clock, case.state.is_closed()) {
                (Some(clock), false) => Some(clock.standing(platform.today(), platform.calendar)?),
                _ => None,
            },
            case,
        })
    }

    /// The open task this actor could do now, if any: first what they hold, then what nobody holds.
    pub fn task_for(&self, actor: &Actor) -> Option<&Task> {
        let mine = |t: &&Task| match actor {
            Actor::Party(party) => t.is_open() && t.party_id == Some(party.party),
            Actor::Staff(_) => t.open_to(actor),
            _ => false,
        };
        self.tasks.iter().filter(mine).min_by_key(|t| match t.assignee {
            Some(_) if t.assignee == t.done_by_hand_of(actor).holder() => 0,
            None => 1,
            Some(_) => 2,
        })
    }

    /// Who has the case now.
    pub fn next_step(&self) -> Option<NextStep> {
        let task = self.tasks.iter().find(|t| t.is_open())?;
        let applicant = task.permission == flow::APPLICANT;
        let by = if applicant { self.correction.as_ref().map(|c| c.due) } else { Some(base::local_date(task.due_at - chrono::Duration::seconds(1))) };
        let who = match &task.assignee_name {
            _ if applicant => "申请人".to_owned(),
            Some(name) => format!("{} {name}", self.case.row.body_name),
            None => self.case.row.body_name.clone(),
        };
        let by = if self.case.state == State::SpecialProcedure { None } else { by };
        Some(NextStep { name: task.name.clone(), who, by, applicant })
    }
}

/// A case for whoever is signed in: the applicant sees their own, staff what post and scope allow.
///
/// # Errors
/// [`base::Kind::NotFound`] for anybody else.
pub async fn view(platform: &Platform, actor: &Actor, id: Uuid) -> Result<CaseView> {
    let row = store::case(platform.db.read(), id).await?.ok_or_else(no_such_case)?;
    let allowed = match actor {
        Actor::Anonymous => return Err(Error::unauthenticated()),
        Actor::Party(party) => party.party == row.party_id,
        _ => may_read(actor, &row) || takes_part(platform, actor, id).await?,
    };
    if !allowed {
        return Err(no_such_case());
    }
    CaseView::build(platform, LoadedCase::open(platform, row).await?).await
}

pub(crate) fn may_read(actor: &Actor, row: &CaseRow) -> bool {
    let target = Target { region: &row.region, body: Some(row.body_id), item: Some(row.item_id) };
    actor.may(VIEW, &target) || WORK.iter().any(|p| actor.may(*p, &target))
}

/// Whether the case has brought this member of staff work: of another department in a joint approval, or asked by name; or
/// was shown to them (抄送).
pub(crate) async fn takes_part(platform: &Platform, actor: &Actor, case: Uuid) -> Result<bool> {
    let Actor::Staff(staff) = actor else { return Ok(false) };
    let conn = platform.db.read();
    let tasks = flow::tasks(conn, case).await?;
    if flow::shown_to(conn, case, staff.staff).await? {
        return Ok(true);
    }
    Ok(tasks.iter().any(|t| {
        let mine = t.assignee == Some(staff.staff) || t.done_by == Some(staff.staff);
        mine || t.open_to(actor)
    }))
}

/// Progress by case number and query code, without signing in. Wrong in either part gives the same answer.
///
/// # Errors
/// [`base::Kind::NotFound`].
pub async fn progress(platform: &Platform, number: &str, code: &str) -> Result<CaseView> {
    let wrong = || Error::not_found("办件编号或者查询码不正确，请对照收件凭证重新填写。");
    let row = store::case_by_number(platform.db.read(), number.trim()).await?.ok_or_else(wrong)?;
    if platform.vault.index("gov_case.query_code", &code.trim().to_uppercase()) != row.query_code {
        return Err(wrong());
    }
    CaseView::build(platform, LoadedCase::open(platform, row).await?).await
}

/// One's own cases, newest first.
///
/// # Errors
/// When nobody is signed in.
pub async fn my_cases(platform: &Platform, actor: &Actor, after: Option<Cursor>, size: usize) -> Result<Page<CaseRow>> {
    store::cases_of_party(platform.db.read(), actor.party()?.party, after, size).await
}

/// A file of a case, for whoever may see the case.
///
/// # Errors
/// [`base::Kind::NotFound`] when it is not one of the case's files.
pub async fn case_file(platform: &Platform, actor: &Actor, id: Uuid, file: Uuid) -> Result<(FileRecord, Bytes)> {
    let view = view(platform, actor, id).await?;
    let record = view.files.into_iter().find(|f| f.id == file).ok_or_else(|| Error::not_found("办件里没有这个文件。"))?;
    let bytes = platform.files.get(&record.digest).await?;
    Ok((record, bytes))
}

/// Working days left until a due day and a light for it: for lists, where only the day is known.
///
/// # Errors
/// When the calendar does not reach that far.
pub fn due_light(platform: &Platform, due: NaiveDate) -> Result<(i64, Light)> {
    let left = platform.calendar.between(platform.today(), due)?;
    Ok((left, workdays::light(left, 5, None, &workdays::LightRule::default())))
}
