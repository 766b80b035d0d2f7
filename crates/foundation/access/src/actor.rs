use base::{Error, Result};
use uuid::Uuid;

use crate::{Deputy, Grant, Permission, Target};

/// Natural or legal person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartyKind {
    /// 自然人
    Person,
    /// 法人或其他组织
    Firm,
}

/// A party (办事主体) who is signed in, perhaps acting for a firm under a grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// The account that signed in.
    pub account: Uuid,
    /// The party whose affairs are handled: the account's own, or the firm acted for.
    pub party: Uuid,
    /// Kind of that party.
    pub kind: PartyKind,
    /// Name of that party.
    pub name: String,
    /// Name of the natural person who acts, when acting for a firm.
    pub acting: Option<String>,
}

/// A staff member who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// The account that signed in.
    pub account: Uuid,
    /// The staff record.
    pub staff: Uuid,
    /// Name shown in records.
    pub name: String,
    /// The body served.
    pub body: Uuid,
    /// Its name.
    pub body_name: String,
    /// 12-digit code of its region.
    pub region: String,
    /// Names of the posts held, for the page head.
    pub posts: Vec<String>,
    /// The staff member's own party, if they are registered as a citizen too: nobody decides their own case.
    pub own_party: Option<Uuid>,
    /// Everything the posts allow.
    pub grants: Vec<Grant>,
    /// For whom this person stands in.
    pub deputy: Deputy,
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Nobody is signed in.
    Anonymous,
    /// A citizen or firm.
    Party(Party),
    /// A staff member.
    Staff(Staff),
    /// The program itself: a timer, an import; with the name of the part that acts.
    System(&'static str),
}

impl Actor {
    /// The party, or a refusal to whoever is not one.
    ///
    /// # Errors
    /// [`base::Kind::Unauthenticated`] or [`base::Kind::Forbidden`].
    pub fn party(&self) -> Result<&Party> {
        match self {
            Self::Party(party) => Ok(party),
            Self::Anonymous => Err(Error::unauthenticated()),
            _ => Err(Error::forbidden("这项操作由办事人本人办理，请用办事人账号登录。")),
        }
    }

    /// The staff member, or a refusal to whoever is not one.
    ///
    /// # Errors
    /// [`base::Kind::Unauthenticated`] or [`base::Kind::Forbidden`].
    pub fn staff(&self) -> Result<&Staff> {
        match self {
            Self::Staff(staff) => Ok(staff),
            Self::Anonymous => Err(Error::unauthenticated()),
            _ => Err(Error::forbidden("这项操作由工作人员办理，请用工作人员账号登录。")),
        }
    }

    /// Whether some post allows this anywhere at all (for navigation and route policies).
    pub fn has(&self, permission: Permission) -> bool {
        match self {
            Self::Staff(staff) => staff.all_grants().any(|g| g.permission == permission.name),
            Self::System(_) => true,
            _ => false,
        }
    }

    /// Whether some post allows this for the target.
    pub fn may(&self, permission: Permission, target: &Target<'_>) -> bool {
        self.may_named(permission.name, target)
    }

    /// [`Actor::may`] for a permission named in a process file.
    pub fn may_named(&self, permission: &str, target: &Target<'_>) -> bool {
        match self {
            Self::Staff(staff) => staff.all_grants().any(|g| g.permission == permission && g.scope.covers(target)),
            Self::System(_) => true,
            _ => false,
        }
    }

    /// Refuses unless some post allows this for the target.
    ///
    /// # Errors
    /// [`base::Kind::Unauthenticated`] or [`base::Kind::Forbidden`] with a sentence that says whom to ask.
    pub fn require(&self, permission: Permission, target: &Target<'_>) -> Result<()> {
        if matches!(self, Self::Anonymous) {
            return Err(Error::unauthenticated());
        }
        if self.may(permission, target) {
            return Ok(());
        }
        Err(Error::forbidden(format!(
            "您的岗位没有“{}”的权限，或者这件事不在您的职责范围内。如需办理，请联系本单位管理员调整岗位授权。",
            permission.label
        )))
    }

    /// Kind of actor as recorded in the journal.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Party(_) => "party",
            Self::Staff(_) => "staff",
            Self::System(_) => "system",
        }
    }

    /// Identifier of the actor as recorded in the journal.
    pub fn id(&self) -> Option<Uuid> {
        match self {
            Self::Party(party) => Some(party.account),
            Self::Staff(staff) => Some(staff.staff),
            _ => None,
        }
    }

    /// Name of the actor as shown in a timeline.
    pub fn name(&self) -> &str {
        match self {
            Self::Anonymous => "匿名访客",
            Self::Party(party) => party.acting.as_deref().unwrap_or(&party.name),
            Self::Staff(staff) => &staff.name,
            Self::System(part) => part,
        }
    }
}
