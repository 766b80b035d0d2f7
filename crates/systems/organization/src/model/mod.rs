//! Rules of the organisation; pure.

mod delegation;
mod posts;
mod regions;
mod separation;
mod window;

pub use delegation::may_grant;
pub use posts::{PostTemplate, Reach, TEMPLATES, template};
pub use regions::{RegionLine, parse_regions};
pub use separation::{Layers, separation_broken};
pub use window::WindowKind;
