//! What posts can be allowed to do here.

use access::Permission;

/// Writing implementation lists of one's body.
pub const EDIT: Permission = Permission::new("catalog.edit", "编制事项");
/// Reviewing, publishing, suspending and cancelling items.
pub const REVIEW: Permission = Permission::new("catalog.review", "审核发布事项").guarded();
/// All of them.
pub const ALL: &[Permission] = &[EDIT, REVIEW];
