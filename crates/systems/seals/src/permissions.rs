//! What posts can be allowed to do with seals.

use access::Permission;

/// Apply for seals of the own body, say who holds them, suspend them.
pub const MANAGE: Permission = Permission::new("seals.manage", "管理本单位印章");
/// Decide on applications and make seals; revoke them. Never one's own application.
pub const APPROVE: Permission = Permission::new("seals.approve", "审批和制作印章").guarded();

/// All of them.
pub const ALL: &[Permission] = &[MANAGE, APPROVE];
