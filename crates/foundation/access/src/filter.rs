use sea_orm::sea_query::{Condition, Expr, ExprTrait, IntoColumnRef};

use crate::{Actor, Permission};

/// The columns of a table that say where a row belongs.
#[derive(Debug, Clone)]
pub struct ScopeColumns<C> {
    /// 12-digit region code.
    pub region: C,
    /// Body, if the table has one.
    pub body: Option<C>,
    /// Item, if the table has one.
    pub item: Option<C>,
}

impl Actor {
    /// The rows this actor may see under `permission`, as a condition for the query. Without any grant: no rows.
    pub fn filter<C: IntoColumnRef + Clone>(&self, permission: Permission, columns: &ScopeColumns<C>) -> Condition {
        self.filter_named(permission.name, columns)
    }

    /// [`Actor::filter`] for a permission named in a process file.
    pub fn filter_named<C: IntoColumnRef + Clone>(&self, permission: &str, columns: &ScopeColumns<C>) -> Condition {
        let staff = match self {
            Self::Staff(staff) => staff,
            Self::System(_) => return Condition::all(),
            _ => return nothing(),
        };
        let mut any = Condition::any();
        let mut found = false;
        for grant in staff.all_grants().filter(|g| g.permission == permission) {
            let mut all = Condition::all();
            if let Some(prefix) = &grant.scope.region {
                // A range, not LIKE: it uses a plain index on both engines. Codes are digits only.
                all = all
                    .add(Expr::col(columns.region.clone()).gte(prefix.clone()))
                    .add(Expr::col(columns.region.clone()).lt(format!("{prefix}:"))); // ':' follows '9'
            }
            match (grant.scope.body, &columns.body) {
                (Some(body), Some(column)) => all = all.add(Expr::col(column.clone()).eq(body)),
                (Some(_), None) => continue,
                (None, _) => {}
            }
            match (grant.scope.item, &columns.item) {
                (Some(item), Some(column)) => all = all.add(Expr::col(column.clone()).eq(item)),
                (Some(_), None) => continue,
                (None, _) => {}
            }
            any = any.add(all);
            found = true;
        }
        if found { any } else { nothing() }
    }
}

fn nothing() -> Condition {
    Condition::all().add(Expr::val(1).eq(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Grant, Scope, Staff, Target};
    use sea_orm::sea_query::{Alias, Query, SqliteQueryBuilder};
    use uuid::Uuid;

    const HANDLE: Permission = Permission::new("cases.handle", "承办");

    fn staff(grants: Vec<Grant>) -> Actor {
        Actor::Staff(Staff {
            account: Uuid::nil(),
            staff: Uuid::nil(),
            name: "演示".into(),
            body: Uuid::nil(),
            body_name: String::new(),
            region: "450300000000".into(),
            posts: vec![],
            own_party: None,
            grants,
            deputy: crate::Deputy::default(),
        })
    }

    fn columns() -> ScopeColumns<Alias> {
        ScopeColumns { region: Alias::new("region"), body: Some(Alias::new("body_id")), item: None }
    }

    fn sql(condition: Condition) -> String {
        Query::select().column(Alias::new("id")).from(Alias::new("t")).cond_where(condition).to_string(SqliteQueryBuilder)
    }

    #[test]
    fn check_and_filter_agree() {
        let actor = staff(vec![Grant { permission: HANDLE.name.into(), scope: Scope::region("4503") }]);
        assert!(actor.may(HANDLE, &Target { region: "450302001001", body: None, item: None }));
        assert!(!actor.may(HANDLE, &Target { region: "450400000000", body: None, item: None }));
        let text = sql(actor.filter(HANDLE, &columns()));
        assert!(text.contains("\"region\" >= '4503'") && text.contains("\"region\" < '4503:'"), "{text}");
    }

    #[test]
    fn without_a_grant_there_are_no_rows() {
        for actor in [Actor::Anonymous, staff(vec![])] {
            assert!(sql(actor.filter(HANDLE, &columns())).contains("1 = 0"));
        }
    }

    #[test]
    fn a_grant_on_an_item_shows_nothing_where_items_do_not_exist() {
        let scope = Scope { item: Some(Uuid::nil()), ..Scope::default() };
        let actor = staff(vec![Grant { permission: HANDLE.name.into(), scope }]);
        assert!(sql(actor.filter(HANDLE, &columns())).contains("1 = 0"));
        assert!(!actor.may(HANDLE, &Target { region: "450300000000", body: None, item: None }));
    }

    #[test]
    fn nobody_signed_in_is_asked_to_sign_in() {
        let error = Actor::Anonymous.require(HANDLE, &Target { region: "45", body: None, item: None }).unwrap_err();
        assert_eq!(error.kind(), base::Kind::Unauthenticated);
    }
}
