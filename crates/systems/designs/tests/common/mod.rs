//! An installation over a fresh database on each engine, with synthetic bodies and staff.

use std::sync::Arc;

use access::{Actor, Grant, Permission, Scope, Staff};
use base::{Error, FixedClock};
use organization::Body;
use platform::{Parts, Platform, Site};
use sea_orm::{ConnectionTrait, Statement};
use uuid::Uuid;

/// An installation on one engine.
pub struct Here {
    _database: testing::TestDatabase,
    pub platform: Platform,
    pub engine: &'static str,
    pub body: Body,
    pub other: Body,
}

/// One installation per engine.
pub async fn installations() -> Vec<Here> {
    let mut all = Vec::new();
    for database in testing::databases().await {
        let db = db::Db::connect(&database.url).await.unwrap();
        let systems =
            [db::migrations(), jobs::migrations(), journal::migrations(), flow::migrations(), organization::migrations(), designs::store::migrations()];
        db::migrate(&db, &systems).await.unwrap();
        let clock = FixedClock::at("2026-11-24T02:00:00Z".parse().unwrap());
        let platform = Platform::new(Parts {
            db,
            clock,
            vault: db::Vault::new(Arc::new(gm::Keys::random().unwrap())),
            files: files::Files::in_memory(),
            search: search::Search::in_memory().unwrap(),
            flow: Arc::new(flow::Engine::new(Arc::new(|day, days| day.checked_add_days(chrono::Days::new(days.into()))))),
            wake: jobs::Wake::default(),
            calendar: workdays::Calendar::guangxi(),
            fonts: Vec::new(),
            site: Site::default(),
        });
        let (body, other) = (body(&platform, "测试市测试局", 1).await, body(&platform, "测试市另一局", 2).await);
        all.push(Here { engine: database.engine, _database: database, platform, body, other });
    }
    all
}

async fn body(platform: &Platform, name: &str, n: u128) -> Body {
    let body = Body {
        id: Uuid::from_u128(n),
        uscc: format!("TEST{n}"),
        name: name.into(),
        region: "450300000000".into(),
        address: String::new(),
        phone: String::new(),
        complaint_phone: String::new(),
        version: 0,
    };
    let tx = platform.db.begin().await.unwrap();
    tx.execute_raw(Statement::from_sql_and_values(
        tx.get_database_backend(),
        "INSERT INTO body (id, uscc, name, region, address, phone, complaint_phone, version, created_at) VALUES ($1, $2, $3, $4, '', '', '', 0, $5)",
        [body.id.into(), body.uscc.clone().into(), body.name.clone().into(), body.region.clone().into(), platform.now().into()],
    ))
    .await
    .unwrap();
    tx.commit().await.unwrap();
    body
}

/// A staff member with these permissions in a scope.
pub fn staff(name: &str, permissions: &[Permission], scope: Scope) -> Actor {
    Actor::Staff(Staff {
        account: Uuid::now_v7(),
        staff: Uuid::now_v7(),
        name: name.into(),
        body: Uuid::from_u128(1),
        body_name: "测试市测试局".into(),
        region: "450300000000".into(),
        posts: vec![],
        own_party: None,
        grants: permissions.iter().map(|p| Grant { permission: p.name.into(), scope: scope.clone() }).collect(),
        deputy: access::Deputy::default(),
    })
}

/// The refusal's code.
pub fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    result.unwrap_err().code()
}
