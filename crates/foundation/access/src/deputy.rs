use std::borrow::Cow;

use uuid::Uuid;

use crate::{Actor, Grant, Staff, Target};

/// A staff member who is away, and what may be done for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The staff record.
    pub staff: Uuid,
    /// Name shown in records.
    pub name: String,
    /// Their own party: their deputy does not decide its cases either.
    pub own_party: Option<Uuid>,
    /// What of their posts was handed on, within the body both serve.
    pub grants: Vec<Grant>,
}

/// How a staff member stands in for others (代理).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deputy {
    /// For whom today.
    pub of: Vec<Principal>,
    /// For whom this very act is done; see [`Actor::for_work`].
    pub acting: Option<Uuid>,
}

impl Staff {
    /// Everything this person may do today: by their own posts and for those they stand in for.
    pub fn all_grants(&self) -> impl Iterator<Item = &Grant> {
        self.grants.iter().chain(self.deputy.of.iter().flat_map(|principal| &principal.grants))
    }

    /// For whom this act is done, if not for oneself.
    pub fn principal(&self) -> Option<&Principal> {
        let acting = self.deputy.acting?;
        self.deputy.of.iter().find(|principal| principal.staff == acting)
    }

    /// Whether a matter of this party is one's own, or the own matter of whom one acts for (回避).
    pub fn concerned_by(&self, party: Uuid) -> bool {
        self.own_party == Some(party) || self.principal().is_some_and(|p| p.own_party == Some(party))
    }

    fn for_principal(&self, principal: &Principal) -> Self {
        Self {
            name: format!("{}（代{}）", self.name, principal.name),
            deputy: Deputy { of: vec![principal.clone()], acting: Some(principal.staff) },
            ..self.clone()
        }
    }
}

impl Actor {
    /// The actor as they do this work: for whoever is away and holds it, or whose post alone allows it; otherwise for
    /// themselves. What is done so is recorded as “乙（代甲）”.
    pub fn for_work(&self, permission: &str, target: &Target<'_>, holder: Option<Uuid>) -> Cow<'_, Self> {
        let Self::Staff(staff) = self else { return Cow::Borrowed(self) };
        if staff.deputy.acting.is_some() || holder == Some(staff.staff) {
            return Cow::Borrowed(self);
        }
        let covers = |grants: &[Grant]| grants.iter().any(|g| g.permission == permission && g.scope.covers(target));
        let principal = match holder {
            Some(holder) => staff.deputy.of.iter().find(|p| p.staff == holder),
            None if covers(&staff.grants) => None,
            None => staff.deputy.of.iter().find(|p| covers(&p.grants)),
        };
        principal.map_or(Cow::Borrowed(self), |p| Cow::Owned(Self::Staff(staff.for_principal(p))))
    }

    /// In whose hands work is that this actor takes: a deputy takes it for whom they stand in for.
    pub fn holder(&self) -> Option<Uuid> {
        match self {
            Self::Staff(staff) => Some(staff.deputy.acting.unwrap_or(staff.staff)),
            other => other.id(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Scope;

    const HERE: Target<'static> = Target { region: "450300000000", body: Some(Uuid::from_u128(9)), item: None };

    fn grant(permission: &str) -> Grant {
        Grant { permission: permission.into(), scope: Scope::body(Uuid::from_u128(9)) }
    }

    fn deputy() -> Actor {
        let principal = |n: u128, name: &str, permission: &str| Principal {
            staff: Uuid::from_u128(n),
            name: name.into(),
            own_party: Some(Uuid::from_u128(100 + n)),
            grants: vec![grant(permission)],
        };
        Actor::Staff(Staff {
            account: Uuid::from_u128(1),
            staff: Uuid::from_u128(1),
            name: "乙".into(),
            body: Uuid::from_u128(9),
            body_name: String::new(),
            region: "450300000000".into(),
            posts: vec![],
            own_party: Some(Uuid::from_u128(101)),
            grants: vec![grant("a.handle")],
            deputy: Deputy { of: vec![principal(2, "甲", "a.approve"), principal(3, "丙", "a.handle")], acting: None },
        })
    }

    fn done(permission: &str, holder: Option<u128>) -> (String, Option<Uuid>) {
        let actor = deputy();
        let acting = actor.for_work(permission, &HERE, holder.map(Uuid::from_u128));
        (acting.name().to_owned(), acting.holder())
    }

    #[test]
    fn work_is_done_for_whom_it_belongs_to() {
        let me = Some(Uuid::from_u128(1));
        assert_eq!(done("a.handle", None), ("乙".into(), me), "one's own post comes first");
        assert_eq!(done("a.approve", None), ("乙（代甲）".into(), Some(Uuid::from_u128(2))));
        assert_eq!(done("a.handle", Some(3)), ("乙（代丙）".into(), Some(Uuid::from_u128(3))), "it is in their hands");
        assert_eq!(done("a.handle", Some(1)), ("乙".into(), me));
        assert_eq!(done("a.handle", Some(7)), ("乙".into(), me), "somebody else's");
        assert_eq!(done("a.other", None), ("乙".into(), me));
    }

    #[test]
    fn a_deputy_is_allowed_what_was_handed_on_and_concerned_by_both() {
        let actor = deputy();
        assert!(actor.may_named("a.approve", &HERE) && !actor.may_named("a.other", &HERE));
        assert!(!actor.may_named("a.approve", &Target { body: None, ..HERE }));
        let acting = actor.for_work("a.approve", &HERE, None);
        let staff = acting.staff().unwrap();
        assert!(staff.concerned_by(Uuid::from_u128(101)) && staff.concerned_by(Uuid::from_u128(102)));
        assert!(!staff.concerned_by(Uuid::from_u128(103)), "not acting for them now");
        assert!(!actor.staff().unwrap().concerned_by(Uuid::from_u128(102)));
    }
}
