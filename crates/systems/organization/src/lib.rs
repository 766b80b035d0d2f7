//! Regions, bodies, windows, posts and the staff who hold them: who serves the public where, and what each post allows.
//!
//! Regions come from the statistics bureau's list of codes. A [`Body`] stands in one region and has posts; a post is
//! a name and a list of grants (permission and scope, [`access::Grant`]); a staff member holds posts from one day to
//! another, and what they may do is exactly what the posts they hold today allow ([`staff_actor`]). Nobody grants what
//! they do not administer, nobody assigns a post to themselves, and nobody holds the three layers of one body's
//! approval at once (M-APPR-01.16, R38). Whoever is away names a deputy for a time, who then may do the same work in the
//! same body ([`acting_staff`]); it ends by itself.

pub mod model;
pub mod permissions;
pub mod service;

mod pages;
mod store;

pub use model::{PostTemplate, TEMPLATES, WindowKind, template};
pub use store::{
    Body, DeputyRow, Region, StaffRef, Window, acting_staff, ancestors, bodies, body, body_by_name, body_by_uscc, children, load_regions, migrations, region, search_regions,
    staff_actor, staff_by_work_no, staff_for, windows,
};

use system::System;
use web::components::Icon;
use web::{Area, NavEntry, Policy};

/// The system, for the composition.
pub fn system() -> System {
    System {
        name: "organization",
        migrations: Some(store::migrations()),
        routes: pages::routes(),
        nav: vec![
            NavEntry {
                area: Area::Workbench("管理"),
                label: "机构与岗位",
                href: "/work/organization",
                icon: Icon::Landmark,
                policy: Policy::Permission(&[permissions::MANAGE]),
            },
            NavEntry { area: Area::Workbench("我的"), label: "外出代理", href: "/work/deputies", icon: Icon::Users, policy: Policy::Staff },
        ],
        permissions: permissions::ALL,
        ..System::default()
    }
}
