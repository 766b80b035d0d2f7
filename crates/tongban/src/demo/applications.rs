//! About three hundred cases in all states and lights, as if the past ten weeks had happened.

use std::collections::HashMap;

use access::{Actor, Party, PartyKind};
use base::{Error, Kind, Result};
use bytes::Bytes;
use cases::model::CorrectionItem;
use cases::service::{self, Decision, Draft, Replacement};
use catalog::ItemFilter;
use catalog::model::{Necessity, ProcessKind};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use identity::NewParty;
use platform::Platform;
use reviews::service::{RatingInput, rate};
use uuid::Uuid;
use web::UploadedFile;

use super::accounts::{CITIZENS, FIRMS, citizen_number, credit_code};
use super::chance::Chance;
use super::{answers, notices, progress};
use crate::compose::Program;

const CASES: usize = 300;
/// Working days the demonstration looks back.
const DAYS: u32 = 45;

/// What becomes of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Course {
    Granted,
    Refused,
    NotAccepted,
    Corrected,
    CorrectionOpen,
    Withdrawn,
    Special,
    Handling,
    Examination,
    Approval,
    Fresh,
}

/// One act of the plan.
#[derive(Debug, Clone, Copy)]
enum Step {
    Submit,
    Accept,
    NotAccept,
    AskCorrection,
    Correct,
    Forward,
    StartSpecial,
    Grant,
    Refuse,
    Withdraw,
    Deliver,
    Rate,
}

struct Planned {
    at: DateTime<Utc>,
    case: usize,
    step: Step,
}

/// Lets the demonstration's cases happen.
///
/// # Errors
/// When a service refuses something the plan takes for allowed.
pub async fn load_cases(program: &Program) -> Result<()> {
    let result = Loader::new(program).await?.run().await;
    program.clock.set(None);
    result
}

pub(super) struct Loader<'a> {
    program: &'a Program,
    chance: Chance,
    parties: Vec<Actor>,
    items: Vec<(Uuid, bool, bool)>,
    staff: HashMap<(Uuid, &'static str), Actor>,
    cases: Vec<Option<Uuid>>,
    owners: Vec<Actor>,
}

impl<'a> Loader<'a> {
    async fn new(program: &'a Program) -> Result<Self> {
        let platform = &program.platform;
        let mut parties = Vec::new();
        let tx = platform.db.begin_alone().await?;
        let people = CITIZENS.iter().map(|(name, number, phone, address)| (PartyKind::Person, *name, "111", citizen_number(number), *phone, *address));
        let firms = FIRMS.iter().map(|(name, code, phone)| (PartyKind::Firm, *name, "uscc", credit_code(code), *phone, "桂林市示例路"));
        for (kind, name, id_type, id_number, phone, address) in people.chain(firms) {
            let new = NewParty { kind, name: name.into(), id_type: id_type.into(), id_number, phone: phone.into(), address: address.into() };
            let party = identity::find_or_create_party(platform, &tx, &new).await?;
            let shown = if kind == PartyKind::Person { codes::mask::name(name) } else { name.to_owned() };
            parties.push(Actor::Party(Party { account: party, party, kind, name: shown, acting: None }));
        }
        tx.commit().await?;
        let mut items = Vec::new();
        let mut after = None;
        loop {
            let page = catalog::list_published(platform.db.read(), &ItemFilter { region: platform.site.region.clone(), ..ItemFilter::default() }, after.as_ref(), 100).await?;
            for card in &page.items {
                let item = catalog::published(platform, card.item_id).await?;
                if item.spec.online() {
                    items.push((card.item_id, item.spec.for_persons(), item.spec.for_firms()));
                }
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        Ok(Self { program, chance: Chance::new(450_300), parties, items, staff: HashMap::new(), cases: vec![None; CASES], owners: vec![Actor::Anonymous; CASES] })
    }

    async fn run(mut self) -> Result<()> {
        let plan = self.plan()?;
        let mut day: Option<NaiveDate> = None;
        for (done, planned) in plan.iter().enumerate() {
            self.program.clock.set(Some(planned.at));
            if day != Some(base::local_date(planned.at)) {
                day = Some(base::local_date(planned.at));
                self.program.runner.drain().await?;
            }
            if let Err(error) = self.step(planned).await {
                // A case that a timer moved on meanwhile is as real as the plan; anything else is a defect of the loader.
                if error.kind() != Kind::Conflict || matches!(planned.step, Step::Submit) {
                    return Err(Error::internal(format!("demonstration case {} {:?}: {error}", planned.case, planned.step)));
                }
            }
            if done % 250 == 249 {
                progress(&format!("办件过程 {} / {}", done + 1, plan.len()));
            }
        }
        self.program.clock.set(None);
        self.program.runner.drain().await?;
        supervision::patrol(&self.program.platform).await?;
        self.program.runner.drain().await?;
        let platform = self.program.platform.clone();
        let sent = notices::load(&platform, &mut self).await?;
        self.program.runner.drain().await?;
        progress(&format!("办件 {} 个，督办 {sent} 份", self.cases.iter().flatten().count()));
        Ok(())
    }

    /// Who does what when, in the order of time.
    fn plan(&mut self) -> Result<Vec<Planned>> {
        let platform = &self.program.platform;
        let (today, now) = (platform.today(), platform.now());
        let mut workdays = Vec::new();
        let mut day = today;
        while workdays.len() < DAYS as usize {
            if platform.calendar.is_workday(day)? {
                workdays.push(day);
            }
            day = day.pred_opt().ok_or_else(|| Error::internal("the calendar begins here"))?;
        }
        workdays.reverse();
        let mut plan = Vec::new();
        for case in 0..CASES {
            let course = match self.chance.below(100) {
                0..=47 => Course::Granted,
                48..=52 => Course::Refused,
                53..=55 => Course::NotAccepted,
                56..=62 => Course::Corrected,
                63..=66 => Course::CorrectionOpen,
                67..=69 => Course::Withdrawn,
                70..=73 => Course::Special,
                74..=81 => Course::Handling,
                82..=87 => Course::Examination,
                88..=92 => Course::Approval,
                _ => Course::Fresh,
            };
            // Finished ones spread over the weeks; open ones began lately, some too long ago: yellow, red and purple lights.
            let last = workdays.len() - 1;
            let start = match course {
                Course::Fresh => last - self.chance.below(2),
                Course::CorrectionOpen => last - self.chance.below(8),
                Course::Special | Course::Handling | Course::Examination | Course::Approval => last - self.chance.below(18),
                _ => self.chance.below(last.saturating_sub(6)),
            };
            let minute = self.chance.below(400);
            let at = |offset: usize, extra: usize| {
                let day = workdays.get((start + offset).min(last)).copied().unwrap_or(today);
                (journal::start_of_day(day) + Duration::minutes(i64::try_from(9 * 60 + minute / 2 + extra).unwrap_or(0))).min(now - Duration::minutes(60 - i64::try_from(extra.min(59)).unwrap_or(0)))
            };
            let steps: Vec<(usize, Step)> = match course {
                Course::Granted => vec![(0, Step::Submit), (0, Step::Accept), (1, Step::Forward), (2, Step::Forward), (3, Step::Grant), (4, Step::Deliver), (5, Step::Rate)],
                Course::Refused => vec![(0, Step::Submit), (1, Step::Accept), (2, Step::Forward), (3, Step::Forward), (4, Step::Refuse), (5, Step::Rate)],
                Course::NotAccepted => vec![(0, Step::Submit), (1, Step::NotAccept)],
                Course::Corrected => vec![(0, Step::Submit), (1, Step::AskCorrection), (3, Step::Correct), (4, Step::Accept), (5, Step::Forward), (6, Step::Forward), (6, Step::Grant), (6, Step::Rate)],
                Course::CorrectionOpen => vec![(0, Step::Submit), (1, Step::AskCorrection)],
                Course::Withdrawn => vec![(0, Step::Submit), (1, Step::Accept), (2, Step::Withdraw)],
                Course::Special => vec![(0, Step::Submit), (1, Step::Accept), (2, Step::StartSpecial)],
                Course::Handling => vec![(0, Step::Submit), (1, Step::Accept)],
                Course::Examination => vec![(0, Step::Submit), (1, Step::Accept), (2, Step::Forward)],
                Course::Approval => vec![(0, Step::Submit), (1, Step::Accept), (2, Step::Forward), (3, Step::Forward)],
                Course::Fresh => vec![(0, Step::Submit)],
            };
            for (index, (offset, step)) in steps.into_iter().enumerate() {
                plan.push(Planned { at: at(offset, index * 7), case, step });
            }
        }
        plan.sort_by_key(|p| p.at); // stable: the steps of a case stay in order
        Ok(plan)
    }

    async fn step(&mut self, planned: &Planned) -> Result<()> {
        let platform = &self.program.platform;
        if matches!(planned.step, Step::Submit) {
            return self.submit(planned.case).await;
        }
        let Some(id) = self.cases.get(planned.case).copied().flatten() else { return Ok(()) };
        let owner = self.owners[planned.case].clone();
        let view = service::view(platform, &owner, id).await?;
        let body = view.case.row.body_id;
        let open = view.tasks.iter().find(|t| t.is_open()).map(|t| t.step.clone()).unwrap_or_default();
        let instant = view.case.item.spec.process == ProcessKind::Instant;
        match planned.step {
            Step::Submit => Ok(()),
            Step::Accept => service::accept(platform, &self.staff(body, "window").await?, id, "材料齐全，符合法定形式，予以受理。").await,
            Step::NotAccept => {
                let staff = self.staff(body, "window").await?;
                service::refuse_acceptance(platform, &staff, id, "申请事项不属于本机关职权范围，请向有管辖权的机关申请。", "场所所在地县级主管部门").await
            }
            Step::AskCorrection => {
                let staff = self.staff(body, "window").await?;
                let Some((n, material)) = view.case.item.spec.materials.iter().enumerate().find(|(_, m)| m.exempt.is_empty()) else { return Ok(()) };
                let item = CorrectionItem { target: format!("material_{n}"), name: material.name.clone(), what: "扫描件缺少签名页，请补充完整后重新上传。".into() };
                service::request_correction(platform, &staff, id, vec![item]).await
            }
            Step::Correct => {
                let Some(round) = &view.correction else { return Ok(()) };
                let files = round.items.iter().map(|i| file(&i.target, "补正材料.pdf")).collect();
                service::submit_correction(platform, &owner, id, Replacement { answers: Default::default(), files }).await
            }
            Step::Forward if open == "handling" => {
                service::forward(platform, &self.staff(body, "handler").await?, id, "经核对，申请材料真实完整，符合规定条件，建议准予。").await
            }
            Step::Forward if open == "examination" => {
                service::forward(platform, &self.staff(body, "examiner").await?, id, "同意承办意见，报审批。").await
            }
            Step::Forward => Ok(()),
            Step::StartSpecial => match view.case.item.spec.special_procedures.first() {
                Some(special) if !instant => {
                    let staff = self.staff(body, "handler").await?;
                    service::start_special(platform, &staff, id, &special.name, special.days.min(10), "需要到现场核对场所和设施情况。").await
                }
                _ => Ok(()),
            },
            Step::Grant => service::decide(platform, &self.staff(body, "approver").await?, id, "符合法定条件，准予。", Decision::Grant).await,
            Step::Refuse => {
                let decision = Decision::Refuse {
                    facts: "经审查申请材料，并听取申请人陈述。".into(),
                    reasons: "所提供的场所面积和设施不符合法定条件，依据本事项办事指南载明的条件，不予准许。".into(),
                };
                service::decide(platform, &self.staff(body, "approver").await?, id, "不符合法定条件。", decision).await
            }
            Step::Withdraw => service::withdraw(platform, &owner, id, "计划有变，暂不办理").await,
            Step::Deliver => service::deliver(platform, &owner, id, "网上领取").await,
            Step::Rate => self.rate(id, &owner).await,
        }
    }

    async fn rate(&mut self, case: Uuid, owner: &Actor) -> Result<()> {
        let stars = match self.chance.below(20) {
            0 => 1,
            1 => 2,
            2..=3 => 3,
            4..=7 => 4,
            8..=15 => 5,
            _ => return Ok(()), // most rate, not all: rating is voluntary
        };
        self.program.runner.drain().await?;
        let options = codes::lists::review_options_for(stars).filter(|o| o.status != codes::lists::OptionStatus::Retired).take(1).map(|o| o.code.to_owned()).collect();
        let text = match stars {
            1 | 2 => "演示评价：等待时间比承诺的长。",
            3 => "演示评价：流程清楚，材料可以再少一些。",
            _ => "演示评价：办得很快，没有多跑路。",
        };
        let input = RatingInput { stars: Some(stars), options, text: text.into(), channel: reviews::model::Channel::Desktop, followup: false };
        rate(&self.program.platform, owner, case, &input, &base::new_id().to_string()).await
    }

    async fn submit(&mut self, case: usize) -> Result<()> {
        let platform = &self.program.platform;
        let Some(owner) = self.chance.pick(&self.parties).cloned() else { return Ok(()) };
        let person = matches!(&owner, Actor::Party(p) if p.kind == PartyKind::Person);
        let fitting: Vec<Uuid> = self.items.iter().filter(|(_, persons, firms)| if person { *persons } else { *firms }).map(|(id, ..)| *id).collect();
        let Some(item) = self.chance.pick(&fitting).copied() else { return Ok(()) };
        let draft = fill_in(platform, &owner, item).await?;
        let submitted = service::submit(platform, &owner, draft.row.id, &base::new_id().to_string(), true).await?;
        self.cases[case] = Some(submitted.case_id);
        self.owners[case] = owner;
        Ok(())
    }

    /// The body's staff member for a post, as the session of that person would act.
    pub(super) async fn staff(&mut self, body: Uuid, post: &'static str) -> Result<Actor> {
        if let Some(actor) = self.staff.get(&(body, post)) {
            return Ok(actor.clone());
        }
        let conn = self.program.platform.db.read();
        let permission = match post {
            "window" => "cases.accept",
            "handler" => "cases.handle",
            "examiner" => "cases.examine",
            _ => "cases.approve",
        };
        let target = access::Target { region: "450300000000", body: Some(body), item: None };
        let candidates = organization::staff_for(conn, permission, &target).await?;
        for candidate in candidates {
            if let Some(staff) = organization::staff_actor(conn, candidate.id).await?
                && staff.body == body
            {
                let actor = Actor::Staff(staff);
                self.staff.insert((body, post), actor.clone());
                return Ok(actor);
            }
        }
        Err(Error::internal(format!("body {body} has nobody for {post}")))
    }
}

/// Fills in a whole application, ready to be submitted.
///
/// # Errors
/// When the item cannot be applied for, or an answer is refused.
pub async fn fill_in(platform: &Platform, owner: &Actor, item: Uuid) -> Result<Draft> {
    let draft = service::start(platform, owner, item).await?;
    fill_in_draft(platform, owner, draft).await
}

/// Fills in a draft that was begun, e.g. at the window.
///
/// # Errors
/// When an answer is refused.
pub async fn fill_in_draft(platform: &Platform, owner: &Actor, mut draft: Draft) -> Result<Draft> {
    if let Some(guide) = catalog::guide(platform, &draft.item.spec).await? {
        let way = guide.plain_way();
        let given = |name: &str| name.strip_prefix('s').and_then(|at| at.parse::<usize>().ok()).and_then(|at| way.get(at).cloned()).unwrap_or_default();
        draft = service::choose_situation(platform, owner, draft.row.id, given).await?;
    }
    for page in 0..draft.item.form.pages().len() {
        if draft.item.form.visible_pages(&draft.view()).contains(&page) {
            let typed = answers::page(&draft.item.form, page, &draft.answers);
            draft = service::save_page(platform, owner, draft.row.id, page, typed).await?;
        }
    }
    for (n, material) in draft.item.spec.clone().materials.iter().enumerate() {
        let asked = material.necessity != Necessity::Conditional || (draft.situation.is_some() && draft.asks_for(material));
        if material.exempt.is_empty() && asked {
            let name = format!("{}（演示）.pdf", material.name.chars().filter(|c| !"/\\:".contains(*c)).take(40).collect::<String>());
            draft = service::add_file(platform, owner, draft.row.id, n, &[file(&format!("material_{n}"), &name)]).await?;
        }
    }
    Ok(draft)
}

/// A one-page PDF that says it is a demonstration.
pub fn file(field: &str, name: &str) -> UploadedFile {
    const PDF: &str = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 240]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\n4 0 obj<</Length 53>>stream\nBT /F1 24 Tf 60 120 Td (Demonstration material) Tj ET\nendstream endobj\n5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
    UploadedFile { field: field.to_owned(), name: name.to_owned(), bytes: Bytes::from_static(PDF.as_bytes()) }
}
