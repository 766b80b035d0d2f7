//! Graded authorisation (分级授权, R38): an administrator hands on only what lies in the place they administer.

use access::{Actor, Grant, Target};
use uuid::Uuid;

use crate::permissions::MANAGE;

/// Whether this administrator may put `grant` into a post of the body `body` in `region`.
///
/// A grant for the body itself is judged by the body's region; a grant for a region by that region; a grant without
/// limits needs an administrator without limits. Grants for another body are never given.
pub fn may_grant(actor: &Actor, grant: &Grant, body: Uuid, region: &str) -> bool {
    let scope = &grant.scope;
    if scope.body.is_some_and(|other| other != body) {
        return false;
    }
    let place = match (&scope.region, scope.body) {
        (Some(prefix), _) => prefix.as_str(),
        (None, Some(_)) => region,
        (None, None) => "",
    };
    actor.may(MANAGE, &Target { region: place, body: scope.body, item: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use access::{Scope, Staff};

    fn administrator(scope: Scope) -> Actor {
        Actor::Staff(Staff {
            account: Uuid::nil(),
            staff: Uuid::nil(),
            name: "演示管理员".into(),
            body: Uuid::nil(),
            body_name: String::new(),
            region: "450300000000".into(),
            posts: vec![],
            own_party: None,
            grants: vec![Grant { permission: MANAGE.name.into(), scope }],
            deputy: access::Deputy::default(),
        })
    }

    fn grant(scope: Scope) -> Grant {
        Grant { permission: "cases.view".into(), scope }
    }

    #[test]
    fn nobody_grants_beyond_what_they_administer() {
        let body = Uuid::from_u128(7);
        let city = administrator(Scope::region("4503"));
        for (scope, allowed) in [
            (Scope::region("4503"), true),
            (Scope::region("450302"), true),
            (Scope::body(body), true),
            (Scope::region("45"), false),
            (Scope::region("4504"), false),
            (Scope::body(Uuid::from_u128(8)), false),
            (Scope::default(), false),
        ] {
            assert_eq!(may_grant(&city, &grant(scope.clone()), body, "450300000000"), allowed, "{scope:?}");
        }
        assert!(!may_grant(&city, &grant(Scope::body(body)), body, "450400000000"), "a body of another city");
        assert!(may_grant(&Actor::System("demo"), &grant(Scope::default()), body, "450300000000"));
        assert!(!may_grant(&Actor::Anonymous, &grant(Scope::body(body)), body, "450300000000"));
    }
}
