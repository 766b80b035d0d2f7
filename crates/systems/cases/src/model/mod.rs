//! Rules of a case, pure: no database, no clock, no page.

mod clock;
mod correction;
mod material;
mod state;

pub use clock::{CaseClock, Dues, limit_of};
pub use correction::{CorrectionItem, check_correction, correctable};
pub use material::{HeldLicence, Received, SubmittedMaterial, Trust, blank_materials, missing_materials};
pub use state::{Act, State};

use serde::{Deserialize, Serialize};

/// Working days an applicant has to correct an application.
pub const CORRECTION_DAYS: u16 = 15;
/// 行政许可法 42: an extension adds at most ten working days.
pub const MAX_EXTENSION_DAYS: u16 = 10;

/// Who applies, as written on the application; sealed in the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applicant {
    /// Name of the person or firm.
    pub name: String,
    /// `111` citizen ID, `uscc` credit code.
    pub id_type: String,
    /// The number.
    pub id_number: String,
    /// Telephone.
    pub phone: String,
    /// Address for delivery.
    #[serde(default)]
    pub address: String,
    /// Who acts for the applicant, if somebody does.
    #[serde(default)]
    pub agent: Option<String>,
}

/// What came out of a granted case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultRef {
    /// `licence` or `document`.
    pub kind: String,
    /// Identifier of the licence or document.
    pub id: uuid::Uuid,
    /// Its title.
    pub title: String,
    /// Its number.
    pub number: String,
}
