//! Rules of identity; pure.

mod account;
mod next;
mod number;
mod password;
mod recovery;
mod totp;

pub use account::{ABSOLUTE_HOURS, AccountKind, Assurance, LOCK_MINUTES, MAX_FAILURES, idle_limit, is_live, locked, lock_until};
pub use next::safe_next;
pub use number::{CITIZEN, Number, USCC, is_mobile};
pub use password::password_problem;
pub use recovery::{CODES, RecoveryCode};
pub use totp::{TotpSecret, accept_code};
