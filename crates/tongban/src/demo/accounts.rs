//! The accounts a visitor of the demonstration signs in with.

/// Password of every demonstration account.
pub const PASSWORD: &str = "Guilin@2026";

/// A staff member with an account.
pub(crate) struct StaffAccount {
    pub login: &'static str,
    pub name: &'static str,
    /// Body, by name.
    pub body: &'static str,
    /// Keys of post templates.
    pub posts: &'static [&'static str],
    pub label: &'static str,
}

const MARKET: &str = "桂林市市场监督管理局";
const CIVIL: &str = "桂林市民政局";
const BUREAU: &str = "桂林市大数据和行政审批局";

/// Staff with accounts.
pub(crate) const STAFF: &[StaffAccount] = &[
    StaffAccount { login: "window01", name: "演示窗口甲", body: BUREAU, posts: &["general_window"], label: "综合窗口（登记、受理全市事项）" },
    StaffAccount { login: "handler01", name: "演示承办甲", body: MARKET, posts: &["handler"], label: "市场监管局承办人" },
    StaffAccount { login: "examiner01", name: "演示审查甲", body: MARKET, posts: &["examiner"], label: "市场监管局审查人" },
    StaffAccount { login: "approver01", name: "演示审批甲", body: MARKET, posts: &["approver"], label: "市场监管局审批人" },
    StaffAccount { login: "approver02", name: "演示审批乙", body: MARKET, posts: &["approver", "licence_reviewer"], label: "市场监管局审批人（第二位）、证照审核员" },
    StaffAccount { login: "head01", name: "演示局长甲", body: MARKET, posts: &["head", "licences", "reviews"], label: "市场监管局负责人、证照管理、评价专员" },
    StaffAccount { login: "handler02", name: "演示承办丙", body: CIVIL, posts: &["handler"], label: "民政局承办人" },
    StaffAccount { login: "approver03", name: "演示审批丙", body: CIVIL, posts: &["approver"], label: "民政局审批人" },
    StaffAccount { login: "supervisor01", name: "演示监察甲", body: BUREAU, posts: &["supervisor", "reviews"], label: "效能监察员" },
    StaffAccount { login: "editor01", name: "演示编制甲", body: MARKET, posts: &["catalog_editor"], label: "市场监管局事项编制员" },
    StaffAccount { login: "reviewer01", name: "演示审核甲", body: BUREAU, posts: &["catalog_reviewer"], label: "事项审核员" },
    StaffAccount { login: "seal01", name: "演示印章甲", body: MARKET, posts: &["seal_officer"], label: "市场监管局印章管理员、用印人" },
    StaffAccount { login: "sealer01", name: "演示制章甲", body: BUREAU, posts: &["seal_authority"], label: "印章主管（审批、制作印章）" },
    StaffAccount { login: "admin01", name: "演示管理甲", body: BUREAU, posts: &["administrator", "operator"], label: "系统管理员、运维员" },
];

/// Citizens with accounts: name, first 17 digits of a synthetic number, mobile number, address.
pub(crate) const CITIZENS: &[(&str, &str, &str, &str)] = &[
    ("演示张漓江", "45030219900307001", "19900000001", "桂林市秀峰区示例路1号"),
    ("演示李象山", "45030319850520123", "19900000002", "桂林市叠彩区示例路2号"),
    ("演示王七星", "45030519400101002", "19900000003", "桂林市七星区示例路3号"),
    ("演示韦阳朔", "45032119780615031", "19900000004", "桂林市阳朔县示例街4号"),
    ("演示莫灵川", "45032319921111042", "19900000005", "桂林市灵川县示例街5号"),
    ("演示唐全州", "45032419660808051", "19900000006", "桂林市全州县示例街6号"),
    ("演示蒋兴安", "45032519880229062", "19900000007", "桂林市兴安县示例街7号"),
    ("演示秦永福", "45032619991231071", "19900000008", "桂林市永福县示例街8号"),
    ("演示粟龙胜", "45032819750315082", "19900000009", "桂林市龙胜县示例街9号"),
    ("演示黄恭城", "45033219830704091", "19900000010", "桂林市恭城县示例街10号"),
    ("演示陈荔浦", "45033119500520102", "19900000011", "桂林市荔浦市示例街11号"),
    ("演示周临桂", "45031219951018113", "19900000012", "桂林市临桂区示例路12号"),
];

/// Firms with accounts: name, first 17 characters of a synthetic credit code, contact number.
pub(crate) const FIRMS: &[(&str, &str, &str)] = &[
    ("桂林演示米粉餐饮有限公司", "91450300TT1000016", "19900000101"),
    ("桂林演示漓水旅行社有限公司", "91450300TT1000024", "19900000102"),
    ("桂林演示象鼻山物流有限公司", "91450300TT1000032", "19900000103"),
    ("桂林演示桂花食品有限公司", "91450300TT1000040", "19900000104"),
    ("桂林演示书香图书有限公司", "91450300TT1000059", "19900000105"),
    ("桂林演示山水酒店有限公司", "91450300TT1000067", "19900000106"),
    ("桂林演示罗汉果农业有限公司", "91450300TT1000075", "19900000107"),
    ("桂林演示叠彩建筑有限公司", "91450300TT1000083", "19900000108"),
];

/// The full number of a citizen.
pub(crate) fn citizen_number(first17: &str) -> String {
    match codes::CitizenId::check_digit(first17) {
        Some(check) => format!("{first17}{check}"),
        None => first17.to_owned(),
    }
}

/// The full credit code of a firm.
pub(crate) fn credit_code(first17: &str) -> String {
    match codes::Uscc::check_character(first17) {
        Some(check) => format!("{first17}{check}"),
        None => first17.to_owned(),
    }
}

/// What to type and who it is, for the start message, the sign-in page and the README.
pub fn accounts() -> Vec<(String, String)> {
    let citizens = CITIZENS.iter().take(2).map(|(name, number, ..)| (citizen_number(number), format!("个人：{name}")));
    let firms = FIRMS.iter().take(2).map(|(name, code, _)| (credit_code(code), format!("法人：{name}")));
    let staff = STAFF.iter().map(|s| (s.login.to_owned(), s.label.to_owned()));
    citizens.chain(firms).chain(staff).collect()
}
