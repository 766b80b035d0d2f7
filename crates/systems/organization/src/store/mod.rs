//! Tables and queries.

mod bodies;
mod deputies;
mod migrations;
mod posts;
mod regions;
mod staff;

pub use bodies::{Body, Window, bodies, body, body_by_name, body_by_uscc, windows};
pub(crate) use bodies::{body_page, insert_body, insert_window, update_body, windows_of_body};
pub use deputies::{DeputyRow, acting_staff};
pub(crate) use deputies::{Arrangement, deputies_of_body, deputy, end_deputy, insert_deputy, touching};
pub use migrations::migrations;
pub(crate) use posts::{PostRow, insert_post, post, post_permissions, posts_of_body};
pub use regions::{Region, ancestors, children, load_regions, region, search_regions};
pub use staff::{StaffRef, staff_actor, staff_by_work_no, staff_for};
pub(crate) use staff::{
    Holding, StaffRow, end_holding, holding, holdings_of_body, insert_holding, insert_staff, leave, permissions_in_body, staff, staff_of_body,
};
