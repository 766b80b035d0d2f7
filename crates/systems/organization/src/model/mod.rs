//! Rules of the organisation; pure.

mod delegation;
mod deputy;
mod posts;
mod regions;
mod separation;
mod window;

pub use delegation::may_grant;
pub use deputy::{DEPUTY_KINDS, LONGEST_DAYS, Span, check_deputy, handed_on};
pub use posts::{PostTemplate, Reach, TEMPLATES, template};
pub use regions::{RegionLine, parse_regions};
pub use separation::{Layers, separation_broken};
pub use window::WindowKind;
