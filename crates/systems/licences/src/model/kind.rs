//! A type of licence (证照类型): what licences of it say, how long they hold, how they look.

use base::FieldError;
use cases::model::Trust;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::model::{LicenceItem, Validity};

/// Lines a licence has room for.
pub const MOST_LINES: usize = 12;
/// Longest name of a type and of a line, in characters.
const LONGEST_NAME: usize = 40;

/// The field of government it belongs to (M-DATA-08.03).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Domain {
    /// 公安
    PublicSecurity,
    /// 民政
    CivilAffairs,
    /// 社会保障
    SocialSecurity,
    /// 卫生健康
    Health,
    /// 生态环境
    Environment,
    /// 市场监管, what was 工商
    Commerce,
    /// 税务
    Tax,
    /// 质量监督
    Quality,
    /// 其他
    Other,
}

impl Domain {
    /// All, in the order of the catalogue.
    pub const ALL: [Self; 9] = [
        Self::PublicSecurity,
        Self::CivilAffairs,
        Self::SocialSecurity,
        Self::Health,
        Self::Environment,
        Self::Commerce,
        Self::Tax,
        Self::Quality,
        Self::Other,
    ];

    /// Code as stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::PublicSecurity => "public_security",
            Self::CivilAffairs => "civil_affairs",
            Self::SocialSecurity => "social_security",
            Self::Health => "health",
            Self::Environment => "environment",
            Self::Commerce => "commerce",
            Self::Tax => "tax",
            Self::Quality => "quality",
            Self::Other => "other",
        }
    }

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::PublicSecurity => "公安",
            Self::CivilAffairs => "民政",
            Self::SocialSecurity => "社会保障",
            Self::Health => "卫生健康",
            Self::Environment => "生态环境",
            Self::Commerce => "工商（市场监管）",
            Self::Tax => "税务",
            Self::Quality => "质量监督",
            Self::Other => "其他",
        }
    }

    /// Reads [`code`](Self::code).
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|domain| domain.code() == code)
    }
}

/// Who can hold it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HolderKind {
    /// 自然人, known by the citizen number (M-DATA-08.01)
    Person,
    /// 法人和其他组织, known by the credit code
    Firm,
    /// Either.
    Any,
}

impl HolderKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Person, Self::Firm, Self::Any];

    /// Code as stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Firm => "firm",
            Self::Any => "any",
        }
    }

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "自然人",
            Self::Firm => "法人和其他组织",
            Self::Any => "自然人、法人和其他组织",
        }
    }

    /// Reads [`code`](Self::code).
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether a firm, or a person, can hold it.
    pub fn admits(self, firm: bool) -> bool {
        match self {
            Self::Person => !firm,
            Self::Firm => firm,
            Self::Any => true,
        }
    }
}

/// How long licences of the type hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum ValidityRule {
    /// So many years from the day of issue.
    Years {
        /// 1–99.
        years: u8,
    },
    /// All until the same day.
    Until {
        /// The last day.
        day: NaiveDate,
    },
    /// 长期
    LongTerm,
    /// 年检: one year, and a further one with each yearly check.
    AnnualCheck,
}

impl ValidityRule {
    /// Code for forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Years { .. } => "years",
            Self::Until { .. } => "until",
            Self::LongTerm => "long_term",
            Self::AnnualCheck => "annual_check",
        }
    }

    /// In words.
    pub fn describe(self) -> String {
        match self {
            Self::Years { years } => format!("{years} 年"),
            Self::Until { day } => format!("到 {day} 为止"),
            Self::LongTerm => "长期".to_owned(),
            Self::AnnualCheck => "每年年检，一次一年".to_owned(),
        }
    }

    /// The days of a licence that begins on a day.
    pub fn from(self, day: NaiveDate) -> Validity {
        match self {
            Self::Years { years } => Validity::years(day, years),
            Self::Until { day: until } => Validity { from: day, until: Some(until) },
            Self::LongTerm => Validity::years(day, 0),
            Self::AnnualCheck => Validity::years(day, 1),
        }
    }
}

/// A line of the licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeField {
    /// What it is called.
    pub name: String,
    /// Whether stock without it is kept aside.
    pub required: bool,
}

/// What the department chooses of the looks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Layout {
    /// Upright instead of lying.
    pub portrait: bool,
    /// Lines above the table, e.g. `根据《食品安全法》，经审查，准予从事下列经营活动。`
    pub front: Vec<String>,
    /// Remarks at the foot.
    pub remarks: String,
    /// Stands before the number, e.g. `JY`.
    pub prefix: String,
}

/// One version of a type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeSpec {
    /// 证照名称
    pub name: String,
    /// What it proves.
    pub definition: String,
    /// The law it rests on.
    pub basis: String,
    /// Field of government.
    pub domain: Domain,
    /// Who holds it.
    pub holder: HolderKind,
    /// How long.
    pub validity: ValidityRule,
    /// How far licences of it can be trusted.
    pub trust: Trust,
    /// Its lines.
    pub fields: Vec<TypeField>,
    /// Its looks.
    pub layout: Layout,
}

impl TypeSpec {
    /// A type nobody described yet: what an item says of its result.
    pub fn plain(name: &str, years: u8) -> Self {
        Self {
            name: name.to_owned(),
            definition: String::new(),
            basis: String::new(),
            domain: Domain::Other,
            holder: HolderKind::Any,
            validity: if years == 0 { ValidityRule::LongTerm } else { ValidityRule::Years { years } },
            trust: Trust::A,
            fields: Vec::new(),
            layout: Layout::default(),
        }
    }

    /// What is wrong with it, one sentence per field of the page.
    pub fn problems(&self, today: NaiveDate) -> Vec<FieldError> {
        let mut found = Vec::new();
        let mut say = |field: &str, message: String| found.push(FieldError::new(field, message));
        let length = |text: &str| text.chars().count();
        if self.name.is_empty() || length(&self.name) > LONGEST_NAME {
            say("name", format!("请填写证照名称，最多 {LONGEST_NAME} 个字。"));
        }
        if self.definition.is_empty() {
            say("definition", "请说明这种证照证明什么，办事人会在证照目录里看到。".into());
        }
        if self.basis.is_empty() {
            say("basis", "请填写设定这种证照的法律法规依据。".into());
        }
        match self.validity {
            ValidityRule::Years { years } if !(1..=99).contains(&years) => say("years", "有效年数在 1 到 99 之间。".into()),
            ValidityRule::Until { day } if day < today => say("until", "统一的截止日期不能在今天以前。".into()),
            _ => {}
        }
        if self.trust > Trust::B {
            say("trust", "由机关签发的证照，可信等级只能是 A（加盖电子印章）或者 B（与原件核对一致）。".into());
        }
        if self.fields.len() > MOST_LINES {
            say("fields", format!("一张证照最多登载 {MOST_LINES} 项。"));
        }
        for (n, field) in self.fields.iter().enumerate() {
            if field.name.is_empty() || length(&field.name) > LONGEST_NAME || field.name.contains([',', '"', '\r']) {
                say("fields", format!("第 {} 项的名称不能为空，不能有逗号和引号，最多 {LONGEST_NAME} 个字。", n + 1));
            }
            if self.fields.iter().take(n).any(|earlier| earlier.name == field.name) {
                say("fields", format!("“{}”写了两次。", field.name));
            }
            if RESERVED.contains(&field.name.as_str()) {
                say("fields", format!("“{}”每张证照都有，不用再列。", field.name));
            }
        }
        let prefix = &self.layout.prefix;
        if prefix.len() > 10 || !prefix.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) {
            say("prefix", "编号前缀只用大写字母和数字，最多 10 个。".into());
        }
        if self.layout.front.len() > 4 || self.layout.front.iter().any(|line| length(line) > 60) {
            say("front", "正文前的文字最多 4 行，每行最多 60 个字。".into());
        }
        if length(&self.layout.remarks) > 120 {
            say("remarks", "备注最多 120 个字。".into());
        }
        found
    }

    /// The lines of a licence of this type, out of what is known: first those the type names, in its order, then the others.
    pub fn arrange(&self, mut items: Vec<LicenceItem>) -> Vec<LicenceItem> {
        let place = |item: &LicenceItem| self.fields.iter().position(|field| field.name == item.key).unwrap_or(usize::MAX);
        items.sort_by_key(place); // stable: the others keep their order
        items.truncate(MOST_LINES);
        items
    }
}

/// Columns every list of stock has, so that no line of a type may be called so.
pub const RESERVED: [&str; 6] = ["持证主体", "证件号码", "证照编号", "颁发日期", "有效期自", "有效期至"];

/// Where a version of a type stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Being written.
    Draft,
    /// With a second person.
    InReview,
    /// Licences are made by it.
    InForce,
    /// A later one is.
    Replaced,
}

impl Stage {
    const ALL: [Self; 4] = [Self::Draft, Self::InReview, Self::InForce, Self::Replaced];

    /// Code as stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InReview => "in_review",
            Self::InForce => "in_force",
            Self::Replaced => "replaced",
        }
    }

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "草稿",
            Self::InReview => "待审核",
            Self::InForce => "现行",
            Self::Replaced => "已被替代",
        }
    }

    /// Reads [`code`](Self::code).
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn good() -> TypeSpec {
        TypeSpec {
            definition: "证明可以从事食品经营".into(),
            basis: "《中华人民共和国食品安全法》第三十五条".into(),
            fields: vec![TypeField { name: "经营场所".into(), required: true }, TypeField { name: "主体业态".into(), required: false }],
            ..TypeSpec::plain("食品经营许可证", 5)
        }
    }

    fn wrong(change: impl Fn(&mut TypeSpec)) -> Vec<String> {
        let mut spec = good();
        change(&mut spec);
        spec.problems(day("2026-11-24")).into_iter().map(|e| e.field).collect()
    }

    #[test]
    fn every_rule_names_its_field() {
        assert!(wrong(|_| {}).is_empty());
        assert_eq!(wrong(|s| s.name.clear()), ["name"]);
        assert_eq!(wrong(|s| s.definition.clear()), ["definition"]);
        assert_eq!(wrong(|s| s.basis.clear()), ["basis"]);
        assert_eq!(wrong(|s| s.validity = ValidityRule::Years { years: 0 }), ["years"]);
        assert_eq!(wrong(|s| s.validity = ValidityRule::Until { day: day("2026-11-23") }), ["until"]);
        assert_eq!(wrong(|s| s.trust = Trust::D), ["trust"]);
        assert_eq!(wrong(|s| s.fields[1].name = "经营场所".into()), ["fields"]);
        assert_eq!(wrong(|s| s.fields[1].name = "证件号码".into()), ["fields"]);
        assert_eq!(wrong(|s| s.fields[0].name = "a,b".into()), ["fields"]);
        assert_eq!(wrong(|s| s.layout.prefix = "jy".into()), ["prefix"]);
        assert_eq!(wrong(|s| s.layout.front = vec!["字".repeat(61)]), ["front"]);
        assert_eq!(wrong(|s| s.layout.remarks = "字".repeat(121)), ["remarks"]);
    }

    #[test]
    fn rules_give_days() {
        let from = day("2026-11-24");
        assert_eq!(ValidityRule::Years { years: 5 }.from(from).until, Some(day("2031-11-23")));
        assert_eq!(ValidityRule::Until { day: day("2027-12-31") }.from(from).until, Some(day("2027-12-31")));
        assert_eq!(ValidityRule::LongTerm.from(from).until, None);
        assert_eq!(ValidityRule::AnnualCheck.from(from).until, Some(day("2027-11-23")));
    }

    #[test]
    fn lines_stand_in_the_order_of_the_type() {
        let items = ["联系人", "主体业态", "经营场所"].map(|key| LicenceItem::new(key, "x")).to_vec();
        let keys: Vec<String> = good().arrange(items).into_iter().map(|i| i.key).collect();
        assert_eq!(keys, ["经营场所", "主体业态", "联系人"]);
    }

    #[test]
    fn a_version_reads_back() {
        let spec = good();
        assert_eq!(serde_json::from_str::<TypeSpec>(&serde_json::to_string(&spec).unwrap()).unwrap(), spec);
    }
}
