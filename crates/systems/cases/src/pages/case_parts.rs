//! Parts that several case pages share.

use catalog::model::situation::asked_for;
use designs::Course;
use flow::Task;
use formpages::Summary;
use forms::Component;
use maud::{Markup, html};
use web::Ctx;
use web::components::{Fact, FileEntry, Icon, StepState, TimelineStep, Tone, file_list, format, light, light_saying, section, summary_list, tag, timeline};
use workdays::Light;

use crate::model::{Received, State, SubmittedMaterial, Trust};
use crate::service::{CaseView, LoadedCase};
use crate::store::DocumentRow;

/// A state in one word.
pub(crate) fn state_tag(state: State) -> Markup {
    let tone = match state {
        State::Submitted | State::InReview => Tone::Info,
        State::CorrectionOpen | State::SpecialProcedure => Tone::Caution,
        State::Granted | State::Delivered => Tone::Good,
        State::Refused | State::NotAccepted => Tone::Alert,
        State::NotNeeded | State::Lapsed | State::Withdrawn => Tone::Neutral,
    };
    tag(tone, state.label())
}

/// The light with its words.
pub(crate) fn light_of(standing: Option<(i64, Light)>) -> Option<Markup> {
    standing.map(|(left, colour)| light(shape(colour), Some(&format::working_days_left(left))))
}

fn shape(colour: Light) -> web::components::Light {
    match colour {
        Light::Green => web::components::Light::Green,
        Light::Yellow => web::components::Light::Yellow,
        Light::Red => web::components::Light::Red,
        Light::Purple => web::components::Light::Purple,
    }
}

/// How a step is told: everybody sees what was and will be done, staff also who did it, what they said, and the step's limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Eyes {
    /// The applicant and whoever has the query code: bodies, no names.
    Applicant,
    /// Staff.
    Staff,
}

/// What happened so far, what is being done, and what comes next.
pub(crate) fn steps(ctx: &Ctx, view: &CaseView, course: Option<&Course>, eyes: Eyes) -> Markup {
    let case = &view.case;
    let mut steps = vec![
        TimelineStep::new("提交申请", StepState::Done)
            .who(if case.row.channel == "window" { "申请人（窗口登记）" } else { "申请人（网上提交）" })
            .when(format::date_time(&case.row.submitted_at)),
    ];
    steps.extend(view.tasks.iter().filter(|task| eyes == Eyes::Staff || task.state != "removed").map(|task| step(ctx, view, task, eyes)));
    if let Some(at) = case.row.closed_at {
        let state = if matches!(case.state, State::Refused | State::NotAccepted) { StepState::Problem } else { StepState::Done };
        steps.push(TimelineStep::new(case.state.label(), state).who(&case.row.body_name).when(format::date_time(&at)));
    } else if let Some(course) = course {
        steps.extend(course.ahead.iter().map(|ahead| TimelineStep::new(&ahead.name, StepState::Waiting)));
        let promised = case.row.promised_due.as_deref().and_then(|day| day.parse().ok());
        let end = TimelineStep::new("办结", StepState::Waiting);
        steps.push(match promised {
            Some(day) => end.due(format::date(day)),
            None => end,
        });
    }
    timeline(&steps)
}

fn step(ctx: &Ctx, view: &CaseView, task: &Task, eyes: Eyes) -> TimelineStep {
    let case = &view.case;
    let applicant = task.permission == flow::APPLICANT;
    // Tasks of other bodies say in their name whose they are.
    let body = if task.body_id.is_none_or(|body| body == case.row.body_id) { case.row.body_name.as_str() } else { "" };
    let who = match (task.done_by_name.as_ref().or(task.assignee_name.as_ref()), eyes) {
        _ if applicant => "申请人".to_owned(),
        (Some(name), Eyes::Staff) => format!("{body} {name}").trim().to_owned(),
        _ => body.to_owned(),
    };
    let paused = case.state == State::SpecialProcedure;
    let state = match task.state.as_str() {
        "done" => StepState::Done,
        "cancelled" | "removed" => StepState::Outline,
        "waiting" => StepState::Waiting,
        _ if paused => StepState::Paused,
        _ => StepState::Current,
    };
    let returned = task.state == "done" && task.outcome.as_deref() == Some("return");
    let mut step = TimelineStep::new(if returned { format!("{}（退回）", task.name) } else { task.name.clone() }, state);
    if !who.is_empty() {
        step = step.who(who);
    }
    step = match task.done_at {
        Some(at) => step.when(format::date_time(&at)),
        None if applicant => match &view.correction {
            Some(round) => step.due(format::date(round.due)),
            None => step,
        },
        None if paused => step.note("特别程序期间不计入办理期限"),
        None => step.due(format::date(base::local_date(task.due_at - chrono::Duration::seconds(1)))),
    };
    if eyes == Eyes::Applicant || applicant {
        return step;
    }
    let said = task.comment.as_deref().filter(|words| !words.is_empty());
    let owner = task.owner_name.as_deref().filter(|_| task.is_open());
    let lit = if task.is_open() && !paused { step_light(ctx, task) } else { None };
    if said.is_none() && owner.is_none() && lit.is_none() {
        return step;
    }
    step.note(html! {
        @if let Some(lit) = lit { p { "环节时限 " (lit) } }
        @if let Some(owner) = owner { p { "由" (owner) "委派，出具意见后交还" } }
        @if let Some(said) = said { p { (said) } }
    })
}

/// The light of a step whose drawing gives it a limit.
pub(crate) fn step_light(ctx: &Ctx, task: &Task) -> Option<Markup> {
    let limit = task.limit().filter(|_| task.held_on.is_none())?;
    let left = ctx.calendar.between(ctx.today(), limit.last_day).ok()?;
    let colour = limit.light(ctx.today());
    let word = match colour {
        Light::Green => "正常",
        Light::Yellow => "临期",
        _ if left < 0 => "已超期",
        _ => "将到期",
    };
    Some(light_saying(shape(colour), word, Some(&format::working_days_left(left))))
}

/// Main facts.
pub(crate) fn facts(view: &CaseView) -> Markup {
    let row = &view.case.row;
    let day = |text: &Option<String>| text.as_deref().and_then(|d| d.parse().ok()).map(format::date);
    let mut facts = vec![
        Fact::new("办件编号", &row.case_no),
        Fact::new("事项", &row.item_name),
        Fact::new("办理机关", &row.body_name),
        Fact::new("申请人", &row.applicant_masked),
        Fact::new("提交时间", format::date_time(&row.submitted_at)),
    ];
    if let Some(situation) = &view.case.situation {
        facts.push(Fact::new("情形", &situation.name));
    }
    if let Some(at) = row.accepted_at {
        facts.push(Fact::new("受理时间", format::date_time(&at)));
    }
    if let Some(due) = day(&row.promised_due) {
        facts.push(Fact::new("承诺办结日", html! { (due) @if let Some(light) = light_of(view.standing) { " " (light) } }));
    }
    if let Some(due) = day(&row.statutory_due) {
        facts.push(Fact::new("法定办结日", due));
    }
    if let Some(reasons) = &row.reasons {
        facts.push(Fact::new("理由", reasons));
    }
    summary_list(&facts)
}

/// The answers of an application as the form shows them at this step. `masked` hides personal data.
pub(crate) fn answers(case: &LoadedCase, step: &str, masked: bool) -> Markup {
    let context = catalog::form_context().at(step);
    let view = case.item.form.evaluate(&case.answers, &context);
    let nodes: Vec<_> = view.nodes.iter().collect();
    summary_list(&Summary { lists: context.lists, masked, open: false, change: None }.facts(&nodes))
}

/// Where a prefilled answer was taken from.
pub(crate) fn prefill_source(component: &Component) -> Option<&'static str> {
    component.prefill().filter(|source| source.starts_with("party.")).map(|_| "已从账号信息带入")
}

/// What was written to the applicant.
pub(crate) fn messages(view: &CaseView) -> Markup {
    html! {
        @if !view.messages.is_empty() {
            (section("通知", None, html! {
                ul class="govuk-list" {
                    @for message in &view.messages { li { p { (message.text) } p class="muted" { (format::date_time(&message.sent_at)) } } }
                }
            }))
        }
    }
}

/// The documents, each as PDF and as OFD.
pub(crate) fn documents(view: &CaseView) -> Markup {
    let entries: Vec<FileEntry> = view
        .documents
        .iter()
        .map(|d| FileEntry::new(&d.title).href(format!("/documents/{}/pdf", d.id)).note(format!("{} · {}", d.number, format::date_time(&d.made_at))).actions(formats(d)))
        .collect();
    if entries.is_empty() { html! { p class="govuk-body" { "还没有文书。" } } } else { file_list(&entries) }
}

/// Both sealed files of a document, to save.
fn formats(document: &DocumentRow) -> Markup {
    html! {
        @for (ending, label) in [("pdf", "PDF"), ("ofd", "OFD")] {
            a class="govuk-link" href={ "/documents/" (document.id) "/" (ending) } { (Icon::Download) " " (label) span class="govuk-visually-hidden" { "：" (document.title) } }
            " "
        }
    }
}

/// The materials with their files; `base` is the address of the case.
pub(crate) fn materials(view: &CaseView, base: &str) -> Markup {
    html! {
        @let spec = &view.case.item.spec.materials;
        @let asked = |at: usize| spec.get(at).is_none_or(|m| asked_for(m, view.case.situation.as_ref()));
        @for (_, material) in view.case.materials.iter().enumerate().filter(|(at, m)| asked(*at) || m.received != Received::Missing) {
            h3 class="govuk-heading-s" { (material.name) " " (received_tag(material.received)) " " (trust_tag(material)) }
            @if let Some(licence) = &material.licence { p class="muted" { "电子证照《" (licence.name) "》，编号 " (licence.number) "，申请人授权使用。" } }
            @let entries: Vec<FileEntry> = material
                .files
                .iter()
                .filter_map(|id| view.files.iter().find(|f| f.id == *id))
                .map(|f| FileEntry::new(&f.name).href(format!("{base}/files/{}", f.id)).note(format::file_size(u64::try_from(f.size).unwrap_or_default())))
                .collect();
            @if !entries.is_empty() { (file_list(&entries)) }
        }
    }
}

/// How far a material can be trusted.
fn trust_tag(material: &SubmittedMaterial) -> Markup {
    html! {
        @if let Some(trust) = material.trusted() {
            span title=(trust.meaning()) { (tag(if trust <= Trust::B { Tone::Good } else { Tone::Neutral }, &format!("可信等级 {}", trust.code()))) }
        }
    }
}

/// How a material came, in one word.
pub(crate) fn received_tag(received: Received) -> Markup {
    match received {
        Received::Missing => tag(Tone::Neutral, "未提供"),
        Received::Electronic => tag(Tone::Good, "已上传"),
        Received::Paper => tag(Tone::Good, "已收纸质件"),
        Received::Exempt => tag(Tone::Info, "免交"),
        Received::Deferred => tag(Tone::Caution, "容缺后补"),
    }
}

/// A light for a due day in a list.
pub(crate) fn light_shape(colour: Light, left: i64) -> Markup {
    light(shape(colour), Some(&format::working_days_left(left)))
}
