//! What a published list tells about an item: little of what an implementation list needs, but a start.

use codes::{BaseCode, HandlingCode, ImplementationCode, Uscc};

use super::super::codes_of_items::*;
use super::super::item::{ItemSpec, Material, TimeLimit};

/// A draft made of one row. `None` and empty mean that the list does not say.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemDraft {
    /// 事项名称.
    pub name: String,
    /// Name of the main item (主项) it was split from.
    pub main_item: String,
    /// 事项类型, mapped to GB/T 39046.
    pub kind: ItemKind,
    /// 行使层级.
    pub level: Option<ExerciseLevel>,
    /// Name of the implementing body.
    pub body: String,
    /// Its credit code, checked.
    pub body_code: Uscc,
    /// The code that names this row in its source, in whatever scheme.
    pub published_code: String,
    /// 基本编码, where the source has one of the standard's form.
    pub base_code: Option<BaseCode>,
    /// 实施编码, likewise.
    pub implementation_code: Option<ImplementationCode>,
    /// 业务办理项编码, likewise.
    pub handling_code: Option<HandlingCode>,
    /// 服务对象.
    pub objects: Vec<ServiceObject>,
    /// Themes in the words of the source.
    pub themes: Vec<String>,
    /// 法定办结时限.
    pub statutory: Option<TimeLimit>,
    /// 承诺办结时限.
    pub promised: Option<TimeLimit>,
    /// 到办事现场次数.
    pub visits: Option<u8>,
    /// 是否网办.
    pub online: Option<bool>,
    /// 是否支持物流快递.
    pub courier: Option<bool>,
    /// 是否支持预约.
    pub booking: Option<bool>,
    /// 办理地点.
    pub place: String,
    /// 咨询电话.
    pub phone: String,
    /// 监督投诉电话.
    pub complaint_phone: String,
    /// Names of materials.
    pub materials: Vec<String>,
    /// What was changed on import, in Chinese, for the editor.
    pub notes: Vec<String>,
}

impl ItemDraft {
    /// A draft of which only the identity is known.
    pub(super) fn new(
        name: &str,
        body: &str,
        body_code: Uscc,
        kind: ItemKind,
        published_code: &str,
    ) -> Self {
        Self {
            name: name.to_owned(),
            main_item: String::new(),
            kind,
            level: None,
            body: body.to_owned(),
            body_code,
            published_code: published_code.to_owned(),
            base_code: None,
            implementation_code: None,
            handling_code: None,
            objects: Vec::new(),
            themes: Vec::new(),
            statutory: None,
            promised: None,
            visits: None,
            online: None,
            courier: None,
            booking: None,
            place: String::new(),
            phone: String::new(),
            complaint_phone: String::new(),
            materials: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// The implementation list an editor starts from. What the source does not say is left empty, and
    /// [`problems`](super::super::problems) lists what has to be added before it can be published.
    #[must_use]
    pub fn into_spec(self) -> ItemSpec {
        use codes::lists::{Audience, themes_for};
        let known = |audience| {
            let names: Vec<&str> = themes_for(audience).map(|theme| theme.name).collect();
            self.themes
                .iter()
                .filter(|theme| names.contains(&theme.as_str()))
                .cloned()
                .collect::<Vec<_>>()
        };
        let persons = self.objects.contains(&ServiceObject::NaturalPerson);
        let firms = self
            .objects
            .iter()
            .any(|object| *object != ServiceObject::NaturalPerson);
        let unknown = || TimeLimit {
            days: 0,
            unit: TimeUnit::Workday,
            note: String::new(),
        };
        let online = self.online.unwrap_or(false);
        let mut channels = vec![HandlingChannel::Window];
        if online {
            channels.push(HandlingChannel::Computer);
        }
        ItemSpec {
            base_code: self
                .base_code
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
            kind: self.kind,
            level: self.level.unwrap_or(ExerciseLevel::Graded),
            authority_source: AuthoritySource::Statutory,
            person_themes: if persons {
                known(Audience::Person)
            } else {
                Vec::new()
            },
            firm_themes: if firms {
                known(Audience::Firm)
            } else {
                Vec::new()
            },
            objects: self.objects,
            summary: String::new(),
            keywords: Vec::new(),
            case_type: CaseType::Promised,
            channels,
            online_depth: if online {
                OnlineDepth::Accept
            } else {
                OnlineDepth::Consult
            },
            visits: self.visits.unwrap_or(0),
            visit_reason: String::new(),
            statutory: self.statutory.unwrap_or_else(unknown),
            promised: self.promised.unwrap_or_else(unknown),
            conditions: Vec::new(),
            fees: Vec::new(),
            results: Vec::new(),
            materials: self.materials.into_iter().map(blank_material).collect(),
            steps: Vec::new(),
            basis: Vec::new(),
            special_procedures: Vec::new(),
            place: self.place,
            hours: String::new(),
            phone: self.phone,
            complaint_phone: self.complaint_phone,
            courier: self.courier.unwrap_or(false),
            booking: self.booking.unwrap_or(false),
            online_payment: false,
            scope: String::new(),
            commitment: false,
            tolerant: false,
            secret: false,
            process: ProcessKind::Standard,
        process_key: String::new(),
        situation_key: String::new(),
        decision_key: String::new(),
            form: if persons && !firms {
                "generic-person"
            } else {
                "generic-firm"
            }
            .to_owned(),
            popular: false,
            one_thing: Vec::new(),
            faq: Vec::new(),
            name: self.name,
        }
    }
}

fn blank_material(name: String) -> Material {
    Material {
        name,
        necessity: Necessity::Required,
        form: MaterialForm::Either,
        source: MaterialSource::Applicant,
        source_note: String::new(),
        copies: 1,
        spec: String::new(),
        blank_form: false,
        sample: false,
        sample_text: String::new(),
        notes: String::new(),
        criteria: String::new(),
        basis: String::new(),
        exempt: String::new(),
        when: String::new(),
    }
}
