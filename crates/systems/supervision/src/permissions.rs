//! What posts can be allowed to do in supervision.

use access::Permission;

/// See cases, lights and trails of the own region.
pub const VIEW: Permission = Permission::new("supervision.view", "效能监察");
/// Send notices (督办) and judge their answers.
pub const NOTICE: Permission = Permission::new("supervision.notice", "发出督办");

/// All of them.
pub const ALL: &[Permission] = &[VIEW, NOTICE];
