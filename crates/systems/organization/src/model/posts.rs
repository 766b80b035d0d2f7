//! The usual posts. An installation may have others; these are what an administrator can choose by name.

use access::{Grant, Scope};
use codes::RegionCode;
use uuid::Uuid;

/// How far a grant of a template reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Matters of the body alone.
    Body,
    /// Everything in the body's region and below.
    Region,
    /// The whole installation.
    Everywhere,
}

/// A usual post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PostTemplate {
    /// Stable key, e.g. `handler`.
    pub key: &'static str,
    /// Name of the post, e.g. `承办人`.
    pub name: &'static str,
    /// Names of the permissions and how far each reaches.
    pub allows: &'static [(&'static str, Reach)],
}

use Reach::{Body, Everywhere, Region};

/// The usual posts (R38 分岗设权). Permission names are those of the systems that check them.
pub const TEMPLATES: &[PostTemplate] = &[
    PostTemplate { key: "window", name: "窗口受理员", allows: &[("cases.register", Body), ("cases.accept", Body), ("cases.view", Body)] },
    PostTemplate { key: "general_window", name: "综合窗口受理员", allows: &[("cases.register", Region), ("cases.accept", Region), ("cases.view", Region)] },
    PostTemplate { key: "handler", name: "承办人", allows: &[("cases.handle", Body), ("cases.view", Body)] },
    PostTemplate { key: "examiner", name: "审查人", allows: &[("cases.examine", Body), ("cases.view", Body)] },
    PostTemplate { key: "approver", name: "审批人", allows: &[("cases.approve", Body), ("cases.view", Body)] },
    PostTemplate { key: "head", name: "单位负责人", allows: &[("cases.head", Body), ("cases.view", Body), ("supervision.view", Body)] },
    PostTemplate { key: "supervisor", name: "监察员", allows: &[("supervision.view", Region), ("supervision.notice", Region), ("cases.view", Region)] },
    PostTemplate { key: "catalog_editor", name: "事项编制员", allows: &[("catalog.edit", Body), ("designs.edit", Body)] },
    PostTemplate { key: "catalog_reviewer", name: "事项审核员", allows: &[("catalog.review", Region), ("designs.review", Region)] },
    PostTemplate { key: "licences", name: "证照管理员", allows: &[("licences.manage", Body)] },
    PostTemplate { key: "licence_reviewer", name: "证照审核员", allows: &[("licences.manage", Body), ("licences.approve", Body)] },
    PostTemplate { key: "seal_officer", name: "印章管理员", allows: &[("seals.manage", Body)] },
    PostTemplate { key: "seal_authority", name: "印章主管", allows: &[("seals.approve", Region)] },
    PostTemplate { key: "reviews", name: "评价专员", allows: &[("reviews.handle", Body)] },
    PostTemplate { key: "administrator", name: "系统管理员", allows: &[("organization.manage", Region), ("identity.manage", Region), ("hall.publish", Region)] },
    PostTemplate { key: "operator", name: "运维员", allows: &[("platform.operate", Everywhere)] },
];

/// The usual post with this key or name.
pub fn template(key_or_name: &str) -> Option<&'static PostTemplate> {
    TEMPLATES.iter().find(|t| t.key == key_or_name || t.name == key_or_name)
}

impl PostTemplate {
    /// The grants of this post in a body of a region (12 digits).
    pub fn grants(&self, body: Uuid, region: &str) -> Vec<Grant> {
        let prefix = RegionCode::parse(region).map_or_else(|_| region.to_owned(), |code| code.prefix().to_owned());
        let scope = |reach: Reach| match reach {
            Body => Scope::body(body),
            Region => Scope::region(prefix.clone()),
            Everywhere => Scope::default(),
        };
        self.allows.iter().map(|(permission, reach)| Grant { permission: (*permission).to_owned(), scope: scope(*reach) }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use access::Target;

    #[test]
    fn every_template_can_be_found_and_allows_something() {
        for t in TEMPLATES {
            assert_eq!(template(t.key), Some(t));
            assert_eq!(template(t.name), Some(t));
            assert!(!t.allows.is_empty());
        }
        assert!(template("").is_none());
    }

    #[test]
    fn a_handler_serves_one_body_and_a_supervisor_a_region() {
        let body = Uuid::from_u128(1);
        let own = Target { region: "450300000000", body: Some(body), item: None };
        let other = Target { region: "450300000000", body: Some(Uuid::from_u128(2)), item: None };
        let handler = template("handler").unwrap().grants(body, "450300000000");
        assert!(handler.iter().all(|g| g.scope.covers(&own) && !g.scope.covers(&other)));
        let supervisor = template("supervisor").unwrap().grants(body, "450300000000");
        assert!(supervisor.iter().all(|g| g.scope.covers(&own) && g.scope.covers(&other)));
        assert!(supervisor.iter().all(|g| !g.scope.covers(&Target { region: "450400000000", body: None, item: None })));
    }
}
