//! Kinds of windows.

/// What a window (服务窗口) is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowKind {
    /// 综合窗口: takes every item.
    General,
    /// 部门专窗: one body's items.
    Body,
    /// 办不成事反映窗口: for whoever was sent away elsewhere.
    Complaint,
    /// 自助服务区
    SelfService,
}

impl WindowKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::General, Self::Body, Self::Complaint, Self::SelfService];

    /// Key as stored.
    pub fn key(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Body => "body",
            Self::Complaint => "complaint",
            Self::SelfService => "self_service",
        }
    }

    /// Words for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::General => "综合窗口",
            Self::Body => "部门专窗",
            Self::Complaint => "办不成事反映窗口",
            Self::SelfService => "自助服务区",
        }
    }

    /// The kind with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}
