//! Forms ([`forms`]) as pages: drawn with the accessible components of [`web`], read back from what a browser posts.
//!
//! Everything works as plain posts. Adding and removing rows, choosing the next level of a list and taking what depends
//! on other answers anew are buttons of the same form ([`Act`]); the server keeps what was typed and draws the page again.
//! With scripts, `web/src/formpages.ts` presses those buttons itself and puts the answer in place of the fields.

mod draw;
mod feel;
mod posted;
mod summary;

pub use draw::{Draw, element_id};
pub use feel::Feel;
pub use posted::{Act, Posted, posted};
pub use summary::{Summary, links};
