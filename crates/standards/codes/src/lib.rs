//! Codes of Chinese public administration: parsed, checked, taken apart, and the code lists that go with them.
//!
//! No input or output and no clock: everything is a pure function of its text. Every code is a type that can only hold a
//! right value; it is `Display`, `FromStr` and a plain string to serde. Errors are Chinese sentences that tell a person
//! what to do. Input is taken as people type it: surrounding space, full-width characters and small letters are accepted.
//!
//! ```
//! use codes::{CitizenId, RegionCode, Uscc};
//!
//! let id = CitizenId::parse("１１010519491231002x")?; // a sample of the standard
//! assert_eq!(id.birth_date().year(), 1949);
//! assert_eq!(id.masked(), "1101**********002X");
//!
//! let wrong = Uscc::parse("11100000000013338X").unwrap_err();
//! assert_eq!(wrong.to_string(), "统一社会信用代码校验不通过，请对照证照逐位核对");
//!
//! let guilin = RegionCode::from_prefix("4503")?;
//! assert!(guilin.contains(&RegionCode::from_prefix("450302")?));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | Module | Code | Source | How sure |
//! |---|---|---|---|
//! | [`citizen_id`] | 公民身份号码 | GB 11643-1999 | check proved on the samples of the standard; forms for residents from abroad by own knowledge |
//! | [`uscc`] | 统一社会信用代码 | GB 32100-2015, GB 11714 | proved on published codes |
//! | [`region`] | 行政区划代码 | statistics bureau, 2023 edition | ranges proved on all 18,091 codes of Guangxi |
//! | [`item_code`] | 政务服务事项编码 | GB/T 39554.1-2020 | text not seen; structure proved on published codes |
//! | [`licence_id`] | 电子证照标识 | GB/T 36904-2018 | check proved on four published licences |
//! | [`project_code`] | 投资项目代码 | practice | proved on published codes; parts of the newer generation are not interpreted |
//! | [`case_no`] | 办件编号 | our own rule | the standard asks only for a unique text |
//! | [`mask`] | masking | practice | no standard exists |
//! | [`lists`] | 字典 | named at each list | `data/README.md` of the workspace |

pub mod case_no;
pub mod check;
pub mod citizen_id;
pub mod item_code;
pub mod licence_id;
pub mod lists;
pub mod mask;
pub mod project_code;
pub mod region;
mod text;
pub mod uscc;
mod ymd;

pub use case_no::CaseNo;
pub use citizen_id::CitizenId;
pub use item_code::{BaseCode, HandlingCode, ImplementationCode, ItemCode};
pub use licence_id::LicenceId;
pub use project_code::ProjectCode;
pub use region::{Level, RegionCode};
pub use uscc::Uscc;
pub use ymd::Ymd;
