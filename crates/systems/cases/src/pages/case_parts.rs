//! Parts that several case pages share.

use catalog::model::situation::asked_for;
use forms::Component;
use formpages::Summary;
use maud::{Markup, html};
use web::components::{Fact, FileEntry, StepState, TimelineStep, Tone, file_list, format, light, section, summary_list, tag, timeline};
use workdays::Light;

use crate::model::{Received, State};
use crate::service::{CaseView, LoadedCase};

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

/// What happened so far and what comes next. The public sees bodies, staff see names.
pub(crate) fn steps(view: &CaseView, names: bool) -> Markup {
    let case = &view.case;
    let mut steps = vec![
        TimelineStep::new("提交申请", StepState::Done)
            .who(if case.row.channel == "window" { "申请人（窗口登记）" } else { "申请人（网上提交）" })
            .when(format::date_time(&case.row.submitted_at)),
    ];
    for task in &view.tasks {
        let applicant = task.permission == flow::APPLICANT;
        let who = match (&task.done_by_name, names, applicant) {
            (_, _, true) => "申请人".to_owned(),
            (Some(name), true, _) => format!("{} {name}", case.row.body_name),
            _ => case.row.body_name.clone(),
        };
        let state = match task.state.as_str() {
            "done" => StepState::Done,
            "cancelled" => StepState::Outline,
            _ if case.state == State::SpecialProcedure => StepState::Paused,
            _ => StepState::Current,
        };
        let mut step = TimelineStep::new(&task.name, state).who(who);
        step = match task.done_at {
            Some(at) => step.when(format::date_time(&at)),
            None if applicant => match &view.correction {
                Some(round) => step.due(format::date(round.due)),
                None => step,
            },
            None if case.state == State::SpecialProcedure => step.note("特别程序期间不计入办理期限"),
            None => step.due(format::date(base::local_date(task.due_at - chrono::Duration::seconds(1)))),
        };
        steps.push(step);
    }
    if let Some(at) = case.row.closed_at {
        let state = if matches!(case.state, State::Refused | State::NotAccepted) { StepState::Problem } else { StepState::Done };
        steps.push(TimelineStep::new(case.state.label(), state).who(&case.row.body_name).when(format::date_time(&at)));
    }
    timeline(&steps)
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

/// The documents with their PDFs.
pub(crate) fn documents(view: &CaseView) -> Markup {
    let entries: Vec<FileEntry> = view
        .documents
        .iter()
        .map(|d| FileEntry::new(&d.title).href(format!("/documents/{}/pdf", d.id)).note(format!("{} · {}", d.number, format::date_time(&d.made_at))))
        .collect();
    if entries.is_empty() { html! { p class="govuk-body" { "还没有文书。" } } } else { file_list(&entries) }
}

/// The materials with their files; `base` is the address of the case.
pub(crate) fn materials(view: &CaseView, base: &str) -> Markup {
    html! {
        @let spec = &view.case.item.spec.materials;
        @let asked = |at: usize| spec.get(at).is_none_or(|m| asked_for(m, view.case.situation.as_ref()));
        @for (_, material) in view.case.materials.iter().enumerate().filter(|(at, m)| asked(*at) || m.received != Received::Missing) {
            h3 class="govuk-heading-s" { (material.name) " " (received_tag(material.received)) }
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
