//! What posts can be allowed to do with licences.

use access::Permission;

/// Search licences of the own scope, take them out of force.
pub const MANAGE: Permission = Permission::new("licences.manage", "管理证照").guarded();

/// All of them.
pub const ALL: &[Permission] = &[MANAGE];
