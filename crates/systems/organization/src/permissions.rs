//! What this system checks.

use access::Permission;

/// Manage bodies, windows, posts and staff.
pub const MANAGE: Permission = Permission::new("organization.manage", "管理机构岗位").guarded();

/// All of them.
pub const ALL: &[Permission] = &[MANAGE];
