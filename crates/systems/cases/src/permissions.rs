//! What posts can be allowed to do with cases.

use access::Permission;

/// Register a walk-in applicant's case at a window.
pub const REGISTER: Permission = Permission::new("cases.register", "窗口登记");
/// Accept, ask for corrections, or refuse acceptance.
pub const ACCEPT: Permission = Permission::new("cases.accept", "受理办件");
/// First layer (承办人).
pub const HANDLE: Permission = Permission::new("cases.handle", "承办");
/// Second layer (审查人).
pub const EXAMINE: Permission = Permission::new("cases.examine", "审查");
/// Third layer (审批人).
pub const APPROVE: Permission = Permission::new("cases.approve", "审批").guarded();
/// The body's head: approves extensions.
pub const HEAD: Permission = Permission::new("cases.head", "负责人批准延期").guarded();
/// Read cases.
pub const VIEW: Permission = Permission::new("cases.view", "查看办件");

/// All of them.
pub const ALL: &[Permission] = &[REGISTER, ACCEPT, HANDLE, EXAMINE, APPROVE, HEAD, VIEW];

/// Whoever has one of these works with cases.
pub const WORK: &[Permission] = &[ACCEPT, HANDLE, EXAMINE, APPROVE, HEAD];
