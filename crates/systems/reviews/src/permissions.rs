//! What posts can be allowed to do with ratings.

use access::Permission;

/// Handle bad ratings: of the own body as the department, of others as the supervising office.
pub const HANDLE: Permission = Permission::new("reviews.handle", "处理差评");

/// All of them.
pub const ALL: &[Permission] = &[HANDLE];
