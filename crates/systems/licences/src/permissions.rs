//! What posts can be allowed to do with licences.

use access::Permission;

/// Search licences of the own scope, describe their types, propose what is done to them, upload stock.
pub const MANAGE: Permission = Permission::new("licences.manage", "管理证照").guarded();
/// Review what others described, proposed or uploaded.
pub const APPROVE: Permission = Permission::new("licences.approve", "审核证照").guarded();

/// All of them.
pub const ALL: &[Permission] = &[MANAGE, APPROVE];
