//! An installation over a fresh database on each engine, with a clock that stands and synthetic bodies and staff.

#![allow(dead_code, reason = "not every test uses every part")]

use access::{Actor, Grant, Permission, Scope, Staff};
use base::Error;
use catalog::Implementer;
use catalog::model::{ItemFile, ItemSpec};
use uuid::Uuid;

pub use testhouse::{CITY, Here};

/// One installation per engine.
pub async fn installations() -> Vec<Here> {
    testhouse::installations(&[organization::migrations(), designs::store::migrations(), catalog::store::migrations()]).await
}

/// A synthetic body with a valid credit code; `n` makes it another one.
pub fn body(name: &str, region: &str, n: u32) -> Implementer {
    let first = format!("11{}TT{n:07}", &region[..6]);
    let check = codes::Uscc::check_character(&first).unwrap();
    Implementer { id: base::new_id(), name: name.into(), uscc: format!("{first}{check}"), region: region.into() }
}

/// A staff member with these permissions in a scope.
pub fn staff(name: &str, permissions: &[Permission], scope: Scope) -> Actor {
    Actor::Staff(Staff {
        account: Uuid::now_v7(),
        staff: Uuid::now_v7(),
        name: name.into(),
        body: Uuid::nil(),
        body_name: "测试市测试局".into(),
        region: CITY.into(),
        posts: vec![],
        own_party: None,
        grants: permissions.iter().map(|p| Grant { permission: p.name.into(), scope: scope.clone() }).collect(),
        deputy: access::Deputy::default(),
    })
}

/// A list that breaks no rule.
pub fn spec() -> ItemSpec {
    ItemFile::parse(include_str!("../../src/model/fixtures/valid-item.toml")).unwrap().items.remove(0)
}

/// The refusal's code.
pub fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    result.unwrap_err().code()
}
