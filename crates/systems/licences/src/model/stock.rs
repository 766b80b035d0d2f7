//! Stock: licences from before this system, as a list the body uploads (存量证照). Each row is checked by itself here; what
//! only the database knows (duplicates) is checked by the service.

use chrono::NaiveDate;
use codes::{CitizenId, LicenceId, Uscc};
use serde::{Deserialize, Serialize};

use crate::model::kind::RESERVED;
use crate::model::{LicenceItem, TypeSpec, Validity};

/// Most rows of one list.
pub const MOST_ROWS: usize = 50_000;
/// Column with an identifier that was given before, if any.
const IDENTIFIER: &str = "证照标识";
/// Longest text of a cell, in characters.
const LONGEST_CELL: usize = 400;

/// One row as it came: the cells in the order of the columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawRow(pub Vec<String>);

/// A list as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawList {
    /// Its columns.
    pub columns: Vec<String>,
    /// Its rows; their number in a spreadsheet is their place here and two.
    pub rows: Vec<RawRow>,
}

/// A row that can become a licence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockRow {
    /// Name of the holder.
    pub holder_name: String,
    /// `111` or `uscc`.
    pub id_type: &'static str,
    /// Number of the holder.
    pub id_number: String,
    /// 证照编号
    pub number: String,
    /// 证照标识, if the licence has one.
    pub identifier: Option<LicenceId>,
    /// Day of issue.
    pub issued_on: NaiveDate,
    /// From when until when.
    pub validity: Validity,
    /// Its lines.
    pub items: Vec<LicenceItem>,
}

/// The head of an empty list for a type, with one example row.
pub fn template(spec: &TypeSpec) -> String {
    let mut columns: Vec<&str> = RESERVED.to_vec();
    columns.push(IDENTIFIER);
    columns.extend(spec.fields.iter().map(|field| field.name.as_str()));
    format!("\u{FEFF}{}\r\n", columns.join(","))
}

/// Reads a CSV file (UTF-8).
///
/// # Errors
/// A sentence, when it is no list of stock.
pub fn read(bytes: &[u8]) -> Result<RawList, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "文件不是 UTF-8 编码，请在表格软件里另存为“CSV UTF-8”后再上传。".to_owned())?;
    let mut lines = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
    let columns: Vec<String> = lines.headers().map_err(|_| "文件的第一行读不出来。".to_owned())?.iter().map(str::to_owned).collect();
    if let Some(missing) = RESERVED.iter().find(|name| !columns.iter().any(|column| column == *name)) {
        return Err(format!("清单里没有“{missing}”一列。请下载模板，按模板的列填写。"));
    }
    let mut rows = Vec::new();
    for line in lines.records() {
        let line = line.map_err(|error| format!("第 {} 行读不出来，请检查引号是否成对。", error.position().map_or(0, csv::Position::line)))?;
        if line.iter().all(str::is_empty) {
            continue;
        }
        if rows.len() == MOST_ROWS {
            return Err(format!("一份清单最多 {MOST_ROWS} 行，请分成几份导入。"));
        }
        rows.push(RawRow(line.iter().map(|cell| cell.chars().take(LONGEST_CELL + 1).collect()).collect()));
    }
    if rows.is_empty() { Err("清单里没有证照，请至少填写一行。".to_owned()) } else { Ok(RawList { columns, rows }) }
}

/// Checks a row; gives every reason why it cannot become a licence.
///
/// # Errors
/// The reasons, one sentence each.
pub fn check(spec: &TypeSpec, type_code: &str, columns: &[String], row: &RawRow, today: NaiveDate) -> Result<StockRow, Vec<String>> {
    let cell = |name: &str| columns.iter().position(|column| column == name).and_then(|at| row.0.get(at)).map_or("", String::as_str);
    let mut reasons = Vec::new();
    if row.0.len() > columns.len() {
        reasons.push("这一行的格数比表头多，可能有没加引号的逗号。".to_owned());
    }
    if row.0.iter().any(|text| text.chars().count() > LONGEST_CELL) {
        reasons.push(format!("有一格超过 {LONGEST_CELL} 个字。"));
    }
    let holder_name = cell("持证主体").to_owned();
    if holder_name.is_empty() {
        reasons.push("没有写持证主体。".into());
    }
    let holder = holder(spec, cell("证件号码")).map_err(|reason| reasons.push(reason)).ok();
    let number = cell("证照编号").to_owned();
    if number.is_empty() || number.chars().count() > 60 {
        reasons.push("没有写证照编号，或者编号太长。".into());
    }
    let identifier = match cell(IDENTIFIER) {
        "" => None,
        text => match LicenceId::parse(text) {
            Ok(identifier) if identifier.type_code() == type_code => Some(identifier),
            Ok(_) => {
                reasons.push("证照标识属于另一种证照。".into());
                None
            }
            Err(error) => {
                reasons.push(format!("{error}。"));
                None
            }
        },
    };
    let issued_on = day("颁发日期", cell("颁发日期"), &mut reasons);
    let from = match cell("有效期自") {
        "" => issued_on,
        text => day("有效期自", text, &mut reasons),
    };
    let until = match cell("有效期至") {
        "" | "长期" => None,
        text => day("有效期至", text, &mut reasons),
    };
    if issued_on.is_some_and(|issued| issued > today) {
        reasons.push("颁发日期在今天以后，存量证照应当是已经颁发的。".into());
    }
    if let (Some(from), Some(until)) = (from, until) && until < from {
        reasons.push("有效期至早于有效期自。".into());
    }
    let mut items = Vec::new();
    for field in &spec.fields {
        match cell(&field.name) {
            "" if field.required => reasons.push(format!("没有写“{}”。", field.name)),
            "" => {}
            text => items.push(LicenceItem::new(&field.name, text)),
        }
    }
    match (holder, issued_on, from) {
        (Some((id_type, id_number)), Some(issued_on), Some(from)) if reasons.is_empty() => {
            Ok(StockRow { holder_name, id_type, id_number, number, identifier, issued_on, validity: Validity { from, until }, items })
        }
        _ => Err(reasons),
    }
}

/// Whose number it is, and whether such a holder fits.
fn holder(spec: &TypeSpec, number: &str) -> Result<(&'static str, String), String> {
    if let Ok(code) = Uscc::parse(number) {
        return if spec.holder.admits(true) { Ok(("uscc", code.to_string())) } else { Err("这种证照由个人持有，号码却是统一社会信用代码。".into()) };
    }
    match CitizenId::parse(number) {
        Ok(id) if spec.holder.admits(false) => Ok(("111", id.as_str().to_owned())),
        Ok(_) => Err("这种证照由法人和其他组织持有，号码却是公民身份号码。".into()),
        Err(error) => Err(format!("证件号码：{error}。")),
    }
}

fn day(name: &str, text: &str, reasons: &mut Vec<String>) -> Option<NaiveDate> {
    let found = ["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日"].iter().find_map(|form| NaiveDate::parse_from_str(text, form).ok());
    if found.is_none() {
        reasons.push(format!("{name}“{text}”不是日期，请写成 2026-03-09 的样子。"));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TypeField;
    use proptest::prelude::*;

    const TYPE: &str = "11220000013544541J001";

    fn spec() -> TypeSpec {
        TypeSpec { fields: vec![TypeField { name: "经营场所".into(), required: true }], ..TypeSpec::plain("食品经营许可证", 5) }
    }

    fn today() -> NaiveDate {
        "2026-11-24".parse().unwrap()
    }

    fn checked(line: &str) -> Result<StockRow, Vec<String>> {
        let list = read(format!("{}{line}\n", template(&spec())).as_bytes()).unwrap();
        check(&spec(), TYPE, &list.columns, &list.rows[0], today())
    }

    #[test]
    fn a_good_row_becomes_a_licence() {
        let row = checked("唐秀兰,450302199003070017,JY001,2024-03-09,,2029/03/08,,桂林市示例路1号").unwrap();
        assert_eq!((row.id_type, row.number.as_str(), row.items.len()), ("111", "JY001", 1));
        assert_eq!(row.validity, Validity { from: row.issued_on, until: "2029-03-08".parse().ok() });
        let firm = checked("某公司,91350100M000100Y43,JY002,20240309,2024-04-01,长期,,桂林市").unwrap();
        assert_eq!((firm.id_type, firm.validity.until), ("uscc", None));
    }

    #[test]
    fn every_reason_is_told_at_once() {
        let reasons = checked(",450302199003070019,,2027-01-01,,2020-01-01,1.2.156,").unwrap_err();
        assert_eq!(reasons.len(), 7, "{reasons:?}");
        let persons = TypeSpec { holder: crate::model::HolderKind::Person, ..spec() };
        let list = read(format!("{}某公司,91350100M000100Y43,1,2024-03-09,,,,x\n", template(&persons)).as_bytes()).unwrap();
        assert!(check(&persons, TYPE, &list.columns, &list.rows[0], today()).unwrap_err()[0].contains("个人持有"));
    }

    #[test]
    fn another_types_identifier_is_refused() {
        let uscc = Uscc::parse("11220000013544541J").unwrap();
        let other = LicenceId::new("11220000013544541J002", &uscc, "1", 1).unwrap();
        let reasons = checked(&format!("某公司,91350100M000100Y43,1,2024-03-09,,,{other},x")).unwrap_err();
        assert!(reasons[0].contains("另一种证照"), "{reasons:?}");
    }

    #[test]
    fn what_is_no_list_is_told_so() {
        assert!(read(b"\xff\xfe").unwrap_err().contains("UTF-8"));
        assert!(read("名称,编号\n1,2\n".as_bytes()).unwrap_err().contains("持证主体"));
        assert!(read(template(&spec()).as_bytes()).unwrap_err().contains("没有证照"));
    }

    proptest! {
        #[test]
        fn no_row_makes_it_panic(cells in proptest::collection::vec("\\PC{0,40}", 0..10)) {
            let list = read(format!("{}x,x,x,x,x,x,x,x\n", template(&spec())).as_bytes()).unwrap();
            let _ = check(&spec(), TYPE, &list.columns, &RawRow(cells), today());
        }

        #[test]
        fn no_file_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes);
        }
    }
}
