//! One service item as its implementation list (实施清单) describes it.
//!
//! Elements follow the mandatory core of the national exchange tables (`up_task_general_basic` / `_extend`) and
//! GB/T 39046-2020 table 4; what those leave optional but a citizen needs is required here. The same types read the
//! demonstration files, hold a draft in the editor and are frozen into a published version.

use serde::{Deserialize, Serialize};

use super::codes_of_items::*;

/// A file of items of one body: `data/demo/items/<body>.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemFile {
    /// Name of the implementing body (实施主体), as registered in the organization system.
    pub body: String,
    /// Its items.
    #[serde(rename = "item", default)]
    pub items: Vec<ItemSpec>,
}

impl ItemFile {
    /// Reads a TOML file; the error says line and field.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }
}

/// 实施清单 of one item of one body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemSpec {
    /// 事项名称.
    pub name: String,
    /// 基本编码, 12 digits (standards A4). With the body's credit code and the level it makes the 实施编码.
    pub base_code: String,
    /// 事项类型.
    pub kind: ItemKind,
    /// 行使层级.
    pub level: ExerciseLevel,
    /// 权力来源.
    pub authority_source: AuthoritySource,
    /// 服务对象.
    pub objects: Vec<ServiceObject>,
    /// 自然人主题分类.
    pub person_themes: Vec<String>,
    /// 法人主题分类.
    pub firm_themes: Vec<String>,
    /// One sentence a citizen understands.
    pub summary: String,
    /// Words people really search for.
    pub keywords: Vec<String>,
    /// 办件类型.
    pub case_type: CaseType,
    /// 办理形式.
    pub channels: Vec<HandlingChannel>,
    /// 网办深度.
    pub online_depth: OnlineDepth,
    /// 到办事现场次数.
    pub visits: u8,
    /// 必须现场办理原因说明; filled if and only if `visits > 0`.
    pub visit_reason: String,
    /// 法定办结时限.
    pub statutory: TimeLimit,
    /// 承诺办结时限, never longer than the statutory one.
    pub promised: TimeLimit,
    /// 受理条件, one fact per line.
    pub conditions: Vec<String>,
    /// 收费项目; none means the item is free.
    pub fees: Vec<Fee>,
    /// 审批结果.
    pub results: Vec<ResultSpec>,
    /// 申请材料. Nothing outside this list may be asked for (M-ITEM-02.06).
    pub materials: Vec<Material>,
    /// 办理流程.
    pub steps: Vec<Step>,
    /// 设定依据; without one the item cannot be published (M-ITEM-01.11).
    pub basis: Vec<LegalBasis>,
    /// 特别程序, the only things that stop the clock.
    pub special_procedures: Vec<SpecialProcedure>,
    /// 办理地点, down to the window or room.
    pub place: String,
    /// 办理时间.
    pub hours: String,
    /// 咨询电话, with area code.
    pub phone: String,
    /// 监督投诉电话, another number than `phone`.
    pub complaint_phone: String,
    /// 是否支持物流快递.
    pub courier: bool,
    /// 是否支持预约.
    pub booking: bool,
    /// 是否支持网上支付.
    pub online_payment: bool,
    /// 通办范围, empty when only the own hall handles it.
    pub scope: String,
    /// 告知承诺 allowed.
    pub commitment: bool,
    /// 容缺受理 allowed.
    pub tolerant: bool,
    /// 涉密; such an item never reaches the public catalogue (M-ITEM-01.07).
    pub secret: bool,
    /// Shape of the process.
    pub process: ProcessKind,
    /// Key of the published process the department drew itself; empty for the usual process of that shape.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub process_key: String,
    /// Key of the published decision table the item is decided by; empty for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub decision_key: String,
    /// Key of the published decision table that asks for the applicant's situation; empty when everybody needs the same.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub situation_key: String,
    /// Id of the application form.
    pub form: String,
    /// Shown among the frequent items (高频事项).
    #[serde(default)]
    pub popular: bool,
    /// 一件事 packages the item belongs to.
    #[serde(default)]
    pub one_thing: Vec<String>,
    /// 常见问题.
    pub faq: Vec<Faq>,
}

/// A time limit. `instant` always has 0 days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeLimit {
    /// How many units.
    pub days: u16,
    /// Working days, calendar days, or on the spot.
    pub unit: TimeUnit,
    /// 时限说明, e.g. what is not counted.
    #[serde(default)]
    pub note: String,
}

impl TimeLimit {
    /// True when this limit can never run longer than `other`.
    ///
    /// Units are compared at seven calendar days to five working days; holidays only lengthen a working-day limit, so
    /// a limit in working days is rounded up.
    #[must_use]
    pub fn within(&self, other: &Self) -> bool {
        let (own, theirs) = (u32::from(self.days), u32::from(other.days));
        match (self.unit, other.unit) {
            (TimeUnit::Instant, _) => true,
            (_, TimeUnit::Instant) => false,
            (TimeUnit::Workday, TimeUnit::Day) => (own * 7).div_ceil(5) <= theirs,
            (TimeUnit::Day, TimeUnit::Workday) => own <= theirs * 7 / 5,
            _ => own <= theirs,
        }
    }
}

impl std::fmt::Display for TimeLimit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.unit {
            TimeUnit::Instant => f.write_str(self.unit.name()),
            unit => write!(f, "{}{}", self.days, unit.name()),
        }
    }
}

/// 收费项目.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// 收费项目名称.
    pub name: String,
    /// 收费标准.
    pub standard: String,
    /// 收费依据.
    pub basis: String,
    /// 是否允许减免.
    pub reducible: bool,
    /// 允许减免依据; needed when `reducible`.
    pub reduction_basis: String,
}

/// 审批结果.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultSpec {
    /// 审批结果名称.
    pub name: String,
    /// 审批结果类型.
    pub kind: ResultKind,
    /// Serial of the licence type within its defining body (GB/T 36904), only for licences.
    #[serde(default)]
    pub licence_type: String,
    /// Years of validity; 0 means no end.
    #[serde(default)]
    pub valid_years: u8,
    /// What it does to the licence of this type that the holder has already.
    #[serde(default, skip_serializing_if = "Effect::is_new")]
    pub effect: Effect,
}

/// What a licence that is granted does to an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// 新办: nothing; it is a licence of its own.
    #[default]
    New,
    /// 变更: it takes its place with other content.
    Change,
    /// 延续: it takes its place for a further time.
    Renew,
    /// 补发: it takes the place of one that was lost.
    Reissue,
}

impl Effect {
    /// All, in the order of a form.
    pub const ALL: [Self; 4] = [Self::New, Self::Change, Self::Renew, Self::Reissue];

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
    fn is_new(&self) -> bool {
        *self == Self::New
    }

    /// In one word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "新办",
            Self::Change => "变更",
            Self::Renew => "延续",
            Self::Reissue => "补发",
        }
    }

    /// Reads [`name`](Self::name); nothing is 新办.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        if name.is_empty() { Some(Self::New) } else { Self::ALL.into_iter().find(|effect| effect.name() == name) }
    }
}

/// 申请材料.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Material {
    /// 材料名称, one material each, no catch-all.
    pub name: String,
    /// 必要性.
    pub necessity: Necessity,
    /// 材料形式.
    pub form: MaterialForm,
    /// 来源渠道.
    pub source: MaterialSource,
    /// 来源渠道说明: which body or register it comes from.
    pub source_note: String,
    /// 份数.
    pub copies: u8,
    /// 材料规格.
    pub spec: String,
    /// 空白表格 is offered for download.
    pub blank_form: bool,
    /// 示例样表 is offered.
    pub sample: bool,
    /// What a well filled-in example says, in words; shown beside the material.
    #[serde(default)]
    pub sample_text: String,
    /// 填报须知.
    pub notes: String,
    /// 受理标准.
    pub criteria: String,
    /// 材料依据.
    pub basis: String,
    /// Why it need not be handed in (免交), empty when it must be.
    pub exempt: String,
    /// The situation in which a conditional material is needed.
    #[serde(default)]
    pub when: String,
}

impl Material {
    /// True when the applicant must provide it himself.
    #[must_use]
    pub fn to_hand_in(&self) -> bool {
        self.exempt.is_empty()
    }
}

/// 办理环节.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// 环节名称.
    pub name: String,
    /// Days it may take, in the unit of the promised limit.
    pub days: u16,
}

/// 设定依据.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalBasis {
    /// 法律法规名称, in 书名号.
    pub law: String,
    /// 条款号; empty when the law is cited as a whole.
    pub article: String,
    /// What it says, in own words.
    pub gist: String,
}

/// 特别程序.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpecialProcedure {
    /// 特别程序名称.
    pub name: String,
    /// 时限, working days; more than 30 only with a legal limit (R05).
    pub days: u16,
    /// 依据.
    pub basis: String,
}

/// 常见问题.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Faq {
    /// Question.
    pub q: String,
    /// Answer.
    pub a: String,
}

impl ItemSpec {
    /// True when people can apply.
    #[must_use]
    pub fn for_persons(&self) -> bool {
        self.objects.contains(&ServiceObject::NaturalPerson)
    }

    /// True when any kind of organisation can apply.
    #[must_use]
    pub fn for_firms(&self) -> bool {
        self.objects
            .iter()
            .any(|object| *object != ServiceObject::NaturalPerson)
    }

    /// True when at least one online channel is offered.
    #[must_use]
    pub fn online(&self) -> bool {
        self.channels
            .iter()
            .any(|channel| matches!(channel, HandlingChannel::Computer | HandlingChannel::Mobile))
    }

    /// SM3 over everything the list says, hex: changes when anything changes. Names a version's content.
    #[must_use]
    pub fn content_hash(&self) -> String {
        fingerprint(self)
    }

    /// SM3 over the elements that must be equal wherever the same code is used
    /// (同一事项、同一标准、同一编码, M-ITEM-01.09, R12), hex. Place, hours, phones and the promised limit stay out: they are
    /// the body's own, and promising to be faster is not another standard.
    #[must_use]
    pub fn standard_hash(&self) -> String {
        fingerprint(&Standard::of(self))
    }

    /// Chinese names of the elements in which two lists under the same base code differ; empty when they agree.
    /// Lists with different base codes are different items and never differ.
    #[must_use]
    pub fn standard_differences(&self, other: &Self) -> Vec<&'static str> {
        if self.base_code != other.base_code {
            return Vec::new();
        }
        let (a, b) = (Standard::of(self), Standard::of(other));
        let pairs = [
            ("事项名称", a.name != b.name),
            ("事项类型", a.kind != b.kind),
            ("受理条件", a.conditions != b.conditions),
            ("申请材料", a.materials != b.materials),
            ("办理流程", a.steps != b.steps),
            ("法定办结时限", a.statutory != b.statutory),
        ];
        pairs
            .into_iter()
            .filter_map(|(name, differs)| differs.then_some(name))
            .collect()
    }
}

/// The elements that define "the same standard".
#[derive(Serialize)]
struct Standard<'a> {
    base_code: &'a str,
    name: &'a str,
    kind: ItemKind,
    conditions: &'a [String],
    materials: Vec<(&'a str, Necessity)>,
    steps: Vec<&'a str>,
    statutory: (u16, TimeUnit),
}

impl<'a> Standard<'a> {
    fn of(item: &'a ItemSpec) -> Self {
        Self {
            base_code: &item.base_code,
            name: &item.name,
            kind: item.kind,
            conditions: &item.conditions,
            materials: item
                .materials
                .iter()
                .map(|m| (m.name.as_str(), m.necessity))
                .collect(),
            steps: item.steps.iter().map(|s| s.name.as_str()).collect(),
            statutory: (item.statutory.days, item.statutory.unit),
        }
    }
}

/// SM3 over the JSON of plain data whose field order is fixed by its type. Such data (strings, numbers, lists) always
/// serialises, so the empty fallback is never seen.
fn fingerprint(value: &impl Serialize) -> String {
    gm::sm3_hex(serde_json::to_string(value).unwrap_or_default().as_bytes())
}
