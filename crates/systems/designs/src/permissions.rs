//! What posts can be allowed to do here.

use access::Permission;

/// Drawing processes, decision tables and forms of one's body.
pub const EDIT: Permission = Permission::new("designs.edit", "设计流程、规则和表单");
/// Reviewing and publishing what others drew.
pub const REVIEW: Permission = Permission::new("designs.review", "审核发布流程、规则和表单").guarded();
/// All of them.
pub const ALL: &[Permission] = &[EDIT, REVIEW];
