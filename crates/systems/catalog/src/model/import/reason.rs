//! Why a row is kept aside.

use std::fmt;

/// One reason; `Display` is the sentence for the person who corrects the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The row has more or fewer cells than the header, often an unclosed quote.
    Columns {
        /// Cells of the header.
        expected: usize,
        /// Cells of the row.
        found: usize,
    },
    /// Bytes that are not UTF-8.
    Encoding,
    /// No item name.
    NoName,
    /// No name of the implementing body.
    NoBody,
    /// Item code in no known form.
    Code {
        /// As published.
        code: String,
        /// Which rule it breaks.
        why: String,
    },
    /// Two columns of the row say different codes.
    CodesDisagree {
        /// One.
        one: String,
        /// The other.
        other: String,
    },
    /// Credit code of the implementing body is wrong (GB 32100-2015).
    BodyCode {
        /// As published.
        code: String,
        /// Which rule it breaks.
        why: String,
    },
    /// Item type that the list of its owner does not have.
    Kind {
        /// As published.
        code: String,
    },
    /// Exercised on the authority's own initiative: no service item (M-ITEM-01.06).
    ExOfficio {
        /// Name of the type.
        kind: &'static str,
    },
    /// A value outside its code set.
    Value {
        /// Which element.
        element: &'static str,
        /// As published.
        value: String,
    },
    /// The same code stood in an earlier row.
    Duplicate {
        /// That row.
        row: usize,
    },
    /// The same body listed the same name in an earlier row under another code (R12: one item, one code).
    SameName {
        /// That row.
        row: usize,
    },
}

impl Reason {
    /// Stable code for statistics.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Columns { .. } => "columns",
            Self::Encoding => "encoding",
            Self::NoName => "no_name",
            Self::NoBody => "no_body",
            Self::Code { .. } => "code",
            Self::CodesDisagree { .. } => "codes_disagree",
            Self::BodyCode { .. } => "body_code",
            Self::Kind { .. } => "kind",
            Self::ExOfficio { .. } => "ex_officio",
            Self::Value { .. } => "value",
            Self::Duplicate { .. } => "duplicate",
            Self::SameName { .. } => "same_name",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Columns { expected, found } => {
                write!(
                    f,
                    "应有{expected}列，实有{found}列，请检查是否多了逗号或引号没有成对。"
                )
            }
            Self::Encoding => f.write_str("含有不是UTF-8编码的字符，请另存为UTF-8编码后重新导入。"),
            Self::NoName => f.write_str("没有事项名称，请补充。"),
            Self::NoBody => f.write_str("没有实施主体名称，请补充。"),
            Self::Code { code, why } => write!(f, "事项编码“{code}”无法使用：{why}。"),
            Self::CodesDisagree { one, other } => write!(
                f,
                "两处编码不一致（“{one}”与“{other}”），请核对后保留正确的。"
            ),
            Self::BodyCode { code, why } => write!(f, "实施主体编码“{code}”无法使用：{why}。"),
            Self::Kind { code } => {
                write!(f, "事项类型“{code}”不在类型表中，请按事项类型代码表填写。")
            }
            Self::ExOfficio { kind } => {
                write!(
                    f,
                    "“{kind}”不是依申请办理的事项，不得列入政务服务目录（只收依申请办理的行政权力事项和公共服务事项），请移出。"
                )
            }
            Self::Value { element, value } => {
                write!(f, "{element}“{value}”无法识别，请按模板说明填写。")
            }
            Self::Duplicate { row } => write!(f, "与第{row}行的编码相同，请确认后保留一行。"),
            Self::SameName { row } => {
                write!(
                    f,
                    "同一机构在第{row}行已有同名事项而编码不同，同一事项只能有一个编码，请确认后保留一行或改名区分。"
                )
            }
        }
    }
}
