//! Stock: checked row by row, kept aside with reasons, nothing without approval.

use jobs::Runner;
use licences::service::{STOCK_JOB, StockJob};
use std::sync::Arc;

use super::*;

const HEAD: &str = "持证主体,证件号码,证照编号,颁发日期,有效期自,有效期至,证照标识,经营场所,主体业态\n";

fn runner(here: &Here) -> Runner {
    let p = &here.platform;
    let handlers: Vec<(&'static str, Arc<dyn jobs::Handler>)> = vec![(STOCK_JOB, Arc::new(StockJob(p.clone())))];
    Runner::new(p.db.clone(), p.clock.clone(), handlers, vec![], p.wake.clone())
}

/// A firm's synthetic code.
fn firm(n: usize) -> String {
    let first = format!("91450300TT{n:07}");
    let check = Uscc::check_character(&first).unwrap();
    format!("{first}{check}")
}

fn good(n: usize) -> String {
    format!("示例企业{n},{},旧{n},2024-03-09,,2029-03-08,,示例路{n}号,餐饮\n", firm(n))
}

#[tokio::test]
async fn stock_becomes_licences_only_when_a_second_person_approves() {
    for here in with_bodies().await {
        let platform = &here.platform;
        let (_, uploader, reviewer) = registered(&here).await;
        let code = service::create_type(platform, &uploader, "001", &spec(), "t").await.unwrap();
        let list = format!("{HEAD}{}{}{}坏,450302199003070019,旧9,2024-03-09,,,,示例路,\n示例企业1,{},旧1,2024-03-09,,,,示例路1号,\n", good(1), good(2), good(3), firm(1));
        let undescribed = service::upload(platform, &uploader, &code, "存量.csv", list.as_bytes()).await.unwrap_err();
        assert_eq!(undescribed.code(), "licences.type_not_described");
        service::step_type(platform, &uploader, &code, service::TypeStep::Submit, 1).await.unwrap();
        service::step_type(platform, &reviewer, &code, service::TypeStep::Approve, 2).await.unwrap();
        assert_eq!(service::upload(platform, &uploader, &code, "x.csv", b"a,b\n1,2\n").await.unwrap_err().kind(), Kind::Invalid);
        let elsewhere = reviewer_of(Uuid::from_u128(3));
        assert_eq!(service::upload(platform, &elsewhere, &code, "x.csv", list.as_bytes()).await.unwrap_err().kind(), Kind::Forbidden);

        let id = service::upload(platform, &uploader, &code, "存量.csv", list.as_bytes()).await.unwrap();
        assert_eq!(service::upload(platform, &uploader, &code, "又一次.csv", list.as_bytes()).await.unwrap(), id, "the same content is the same list");
        assert_eq!(service::decide_stock(platform, &reviewer, id, true, "").await.unwrap_err().code(), "licences.stock_not_checked");
        let jobs = runner(&here);
        jobs.drain().await.unwrap();
        let import = service::stock_list(platform, &uploader, id).await.unwrap();
        assert_eq!((import.state.as_str(), import.rows_total, import.rows_bad), ("checked", 5, 2));
        let aside = service::kept_aside(platform, &uploader, id, 0, 10).await.unwrap();
        assert_eq!(aside.iter().map(|row| row.number).collect::<Vec<_>>(), [5, 6], "as a spreadsheet counts");
        assert!(aside[1].reasons[0].contains("写了两次"), "{:?}", aside[1].reasons);
        assert!(service::kept_aside_csv(platform, &uploader, id).await.unwrap().contains("没有导入的原因"));
        assert_eq!(service::kept_aside_csv(platform, &elsewhere, id).await.unwrap_err().kind(), Kind::Forbidden);

        let none = service::search(platform, &uploader, "旧1", None, 10).await.unwrap();
        assert!(none.items.is_empty(), "not approved: no licence");
        assert_eq!(service::decide_stock(platform, &uploader, id, true, "").await.unwrap_err().kind(), Kind::Forbidden);
        assert_eq!(service::decide_stock(platform, &elsewhere, id, true, "").await.unwrap_err().kind(), Kind::Forbidden);
        service::decide_stock(platform, &reviewer, id, true, "").await.unwrap();
        assert_eq!(service::decide_stock(platform, &reviewer, id, true, "").await.unwrap_err().kind(), Kind::Conflict);
        jobs.drain().await.unwrap();
        let import = service::stock_list(platform, &uploader, id).await.unwrap();
        assert_eq!((import.state.as_str(), import.rows_issued), ("done", 3), "{}", here.engine);
        let found = service::search(platform, &uploader, "旧2", None, 10).await.unwrap().items;
        assert_eq!((found[0].cause.as_str(), found[0].holder_shown.as_str(), found[0].valid_from.as_str()), ("import", "示例企业2", "2024-03-09"));
        assert_eq!(standing(&here, &found[0].identifier).await, Some(Standing::Valid));

        // What is in the library already is not taken in again.
        let again = service::upload(platform, &uploader, &code, "再导.csv", format!("{HEAD}{}{}", good(3), good(4)).as_bytes()).await.unwrap();
        jobs.drain().await.unwrap();
        assert_eq!(service::stock_list(platform, &uploader, again).await.unwrap().rows_bad, 1);
        assert_eq!(service::decide_stock(platform, &reviewer, again, false, " ").await.unwrap_err().kind(), Kind::Invalid);
        service::decide_stock(platform, &reviewer, again, false, "重复").await.unwrap();
        jobs.drain().await.unwrap();
        assert!(service::search(platform, &uploader, "旧4", None, 10).await.unwrap().items.is_empty(), "rejected");
    }
}

#[tokio::test]
async fn who_uploads_does_not_approve_even_with_the_right_to() {
    for here in with_bodies().await {
        let platform = &here.platform;
        let (_, writer, reviewer) = registered(&here).await;
        let code = in_force(&here, &writer, &reviewer, &spec()).await;
        let id = service::upload(platform, &reviewer, &code, "存量.csv", format!("{HEAD}{}", good(1)).as_bytes()).await.unwrap();
        runner(&here).drain().await.unwrap();
        assert_eq!(service::decide_stock(platform, &reviewer, id, true, "").await.unwrap_err().kind(), Kind::Forbidden, "self-approval");
    }
}

#[tokio::test]
async fn ten_thousand_rows_go_well_and_break_off_without_harm() {
    for here in with_bodies().await {
        let platform = &here.platform;
        let (_, uploader, reviewer) = registered(&here).await;
        let code = in_force(&here, &uploader, &reviewer, &spec()).await;
        let mut list = HEAD.to_owned();
        for n in 1..=10_000 {
            list.push_str(&if n % 1_000 == 0 { format!("坏行{n},1234,旧{n},2024-03-09,,,,示例路,\n") } else { good(n) });
        }
        let id = service::upload(platform, &uploader, &code, "存量.csv", list.as_bytes()).await.unwrap();
        runner(&here).drain().await.unwrap();
        let import = service::stock_list(platform, &uploader, id).await.unwrap();
        assert_eq!((import.state.as_str(), import.rows_checked, import.rows_bad), ("checked", 10_000, 10));
        service::decide_stock(platform, &reviewer, id, true, "").await.unwrap();
        // A step that runs twice (a copy that lost its lease) does its work once.
        let job = |platform: &platform::Platform| StockJob(platform.clone());
        let step = jobs::Job { id: base::new_id(), kind: STOCK_JOB.into(), key: None, payload: serde_json::json!({ "import": id }), attempts: 1, max_attempts: 10, run_at: platform.now() };
        let (first, second) = (job(platform), job(platform));
        let (one, two) = tokio::join!(jobs::Handler::run(&first, &step), jobs::Handler::run(&second, &step));
        assert!(one.is_ok() || two.is_ok(), "{one:?} {two:?}");
        let other = runner(&here);
        other.drain().await.unwrap();
        let import = service::stock_list(platform, &uploader, id).await.unwrap();
        assert_eq!((import.state.as_str(), import.rows_issued), ("done", 9_990), "{}", here.engine);
        let found = service::search(platform, &uploader, &firm(9_999), None, 10).await.unwrap().items;
        assert_eq!(found.len(), 1, "once, although a step ran twice");
    }
}
