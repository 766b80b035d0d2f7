use codes::BaseCode;

use crate::model::*;

/// The empty list an editor starts from; the type of the item follows from its base code.
pub fn blank_spec(name: &str, base_code: &str) -> ItemSpec {
    let kind = BaseCode::parse(base_code).ok().and_then(|code| code.kind()).unwrap_or(ItemKind::PublicService);
    let limit = || TimeLimit { days: 0, unit: TimeUnit::Workday, note: String::new() };
    ItemSpec {
        name: name.trim().to_owned(),
        base_code: base_code.trim().to_owned(),
        kind,
        level: ExerciseLevel::City,
        authority_source: AuthoritySource::Statutory,
        objects: Vec::new(),
        person_themes: Vec::new(),
        firm_themes: Vec::new(),
        summary: String::new(),
        keywords: Vec::new(),
        case_type: CaseType::Promised,
        channels: vec![HandlingChannel::Window],
        online_depth: OnlineDepth::Consult,
        visits: 0,
        visit_reason: String::new(),
        statutory: limit(),
        promised: limit(),
        conditions: Vec::new(),
        fees: Vec::new(),
        results: Vec::new(),
        materials: Vec::new(),
        steps: Vec::new(),
        basis: Vec::new(),
        special_procedures: Vec::new(),
        place: String::new(),
        hours: String::new(),
        phone: String::new(),
        complaint_phone: String::new(),
        courier: false,
        booking: false,
        online_payment: false,
        scope: String::new(),
        commitment: false,
        tolerant: false,
        secret: false,
        process: ProcessKind::Standard,
        process_key: String::new(),
        situation_key: String::new(),
        decision_key: String::new(),
        form: "generic-person".into(),
        popular: false,
        one_thing: Vec::new(),
        faq: Vec::new(),
    }
}
