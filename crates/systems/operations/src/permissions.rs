//! What posts can be allowed to do in operations.

use access::Permission;

/// See jobs that were given up, retry and drop them.
pub const OPERATE: Permission = Permission::new("platform.operate", "平台运维").guarded();

/// All of them.
pub const ALL: &[Permission] = &[OPERATE];
