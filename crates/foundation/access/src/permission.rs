use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Something a post can be allowed to do. Declared once, as a constant of the system that checks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Permission {
    /// Stable name `system.act`, as stored in grants and BPMN files.
    pub name: &'static str,
    /// What it allows, for administrators and refusals, e.g. `受理办件`.
    pub label: &'static str,
    /// Whether it decides or administers, so that its holders sign in with a second factor (see `platform::SecondFactor`).
    pub guarded: bool,
}

impl Permission {
    /// Declares a permission.
    pub const fn new(name: &'static str, label: &'static str) -> Self {
        Self { name, label, guarded: false }
    }

    /// One that decides or administers.
    pub const fn guarded(self) -> Self {
        Self { guarded: true, ..self }
    }
}

/// Where a grant holds. Every part that is set must match; an empty scope holds everywhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// Significant digits of a region code, e.g. `4503`: that region and everything under it.
    pub region: Option<String>,
    /// One body.
    pub body: Option<Uuid>,
    /// One item.
    pub item: Option<Uuid>,
}

impl Scope {
    /// A whole region with everything under it.
    pub fn region(prefix: impl Into<String>) -> Self {
        Self { region: Some(prefix.into()), ..Self::default() }
    }

    /// One body.
    pub fn body(body: Uuid) -> Self {
        Self { body: Some(body), ..Self::default() }
    }

    /// Whether this scope covers the target.
    pub fn covers(&self, target: &Target<'_>) -> bool {
        self.region.as_deref().is_none_or(|prefix| target.region.starts_with(prefix))
            && self.body.is_none_or(|body| target.body == Some(body))
            && self.item.is_none_or(|item| target.item == Some(item))
    }
}

/// What an act is about.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// 12-digit region code.
    pub region: &'a str,
    /// The body concerned.
    pub body: Option<Uuid>,
    /// The item concerned.
    pub item: Option<Uuid>,
}

/// One permission within one scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Name of the permission.
    pub permission: String,
    /// Where it holds.
    pub scope: Scope,
}
