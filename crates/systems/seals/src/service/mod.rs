//! Use cases.

mod by_hand;
mod keys;
mod life;
mod papers;
mod sealing;
mod trust;
mod verify;
mod view;

pub use by_hand::{HandOrder, seal_by_hand};
pub use keys::KeyStore;
pub use life::{Application, act, apply, end_holder, hold, make, replace};
pub use papers::{Format, Order, content, find, issue, typesetter};
pub use trust::{Anchors, anchors, public_file, time_stamp};
pub(crate) use trust::renew_lists;
pub use verify::{Finding, Mark, Verdict, Verification, verify};
pub use view::{SealView, held, held_one, list, may_use, paper_for_anybody, picture, unsealed_papers, uses, view};
