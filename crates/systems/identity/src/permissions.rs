//! What this system checks.

use access::Permission;

/// Open, unlock and reset accounts of staff.
pub const MANAGE: Permission = Permission::new("identity.manage", "管理账号").guarded();

/// All of them.
pub const ALL: &[Permission] = &[MANAGE];
