use access::Permission;

/// Publishing and withdrawing notices.
pub const PUBLISH: Permission = Permission::new("hall.publish", "发布公告").guarded();

/// Permissions this system checks.
pub(crate) const ALL: &[Permission] = &[PUBLISH];
