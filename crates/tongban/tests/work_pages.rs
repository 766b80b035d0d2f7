//! The workbench's case pages over HTTP: the applicant's data whole only for a purpose that is kept, and what is due.

mod common;

use axum::http::StatusCode;
use base::Kind;
use cases::service;
use common::{Browser, World};

const FOOD: &str = "食品经营许可（首次申请）";
const SHOP: &str = "个体工商户设立登记";

#[tokio::test]
async fn personal_data_is_shown_whole_once_for_a_purpose_that_the_chain_keeps() {
    for world in World::both().await {
        let (p, engine) = (world.platform(), world.engine);
        let citizen = world.citizen("45030219910101001").await;
        let number = format!("45030219910101001{}", codes::CitizenId::check_digit("45030219910101001").unwrap());
        let id = world.applied(&citizen, SHOP).await.case_id;
        let (case, reveal) = (format!("/work/cases/{id}"), format!("/work/cases/{id}/reveal"));
        let looks = async || {
            let entries = journal::entries(p.db.read(), id).await.unwrap();
            entries.into_iter().filter(|e| e.label == "查看完整信息").collect::<Vec<_>>()
        };

        let mut window = Browser::of(&world, "window01").await;
        let masked = window.get(&case).await;
        assert_eq!(masked.status, StatusCode::OK, "{engine}");
        assert!(!masked.body.contains(&number) && !masked.body.contains("19900001234"), "{engine}: masked on the case page");

        let asked = window.post(&case, &reveal, &[("purpose", " 看 ")]).await;
        assert!(asked.body.contains("请写明查看完整信息的用途") && !asked.body.contains(&number), "{engine}: {}", asked.status);
        assert!(looks().await.is_empty(), "{engine}: a refused look is no look");

        let whole = window.post(&case, &reveal, &[("purpose", "核对身份证件")]).await;
        assert_eq!(whole.status, StatusCode::OK, "{engine}");
        assert!(whole.body.contains(&number) && whole.body.contains("19900001234"), "{engine}");
        let kept = looks().await;
        assert_eq!(kept.len(), 1, "{engine}");
        assert_eq!(kept[0].data["purpose"], "核对身份证件", "{engine}");
        assert!(journal::verify_chain(p.db.read(), id).await.unwrap().is_ok(), "{engine}");

        let again = window.get(&case).await;
        assert!(!again.body.contains(&number) && again.body.contains("核对身份证件"), "{engine}: masked again, and the look stands in the journal");

        // who only reads cases does without; another body's staff and the applicant do not get here
        let supervisor = world.staff("supervisor01").await;
        assert_eq!(service::reveal(p, &supervisor, id, "日常监察").await.unwrap_err().kind(), Kind::Forbidden, "{engine}");
        assert!(!Browser::of(&world, "supervisor01").await.get(&case).await.body.contains("/reveal"), "{engine}: not offered");
        assert_eq!(service::reveal(p, &citizen, id, "核对身份证件").await.unwrap_err().kind(), Kind::Forbidden, "{engine}");
        assert_eq!(looks().await.len(), 1, "{engine}");
    }
}

#[tokio::test]
async fn a_case_number_out_of_scope_answers_like_one_that_is_not_there() {
    for world in World::both().await {
        let submitted = world.applied(&world.firm().await, FOOD).await;
        let number = &submitted.case_no;
        let mut own = Browser::of(&world, "handler01").await;
        assert_eq!(own.get(&format!("/work/cases?number={number}")).await.location, format!("/work/cases/{}", submitted.case_id), "{}", world.engine);
        let mut other = Browser::of(&world, "handler02").await;
        for number in [number.as_str(), "450300-20991231-9-000000"] {
            let answer = other.get(&format!("/work/cases?number={number}")).await;
            assert_eq!((answer.status, answer.location.as_str()), (StatusCode::OK, ""), "{}", world.engine);
            assert!(answer.body.contains("没有符合条件的办件"), "{}", world.engine);
        }
        let staff = world.staff("handler02").await;
        let error = service::reveal(world.platform(), &staff, submitted.case_id, "核对身份证件").await.unwrap_err();
        assert_eq!(error.kind(), Kind::NotFound, "{}", world.engine);
    }
}

#[tokio::test]
async fn work_comes_into_the_urgent_view_two_working_days_before_it_is_due() {
    for world in World::both().await {
        let submitted = world.applied(&world.firm().await, FOOD).await;
        // Monday 2 November: five working days to accept, so Monday 9 is the last
        let href = format!("/work/cases/{}", submitted.case_id);
        for (day, urgent) in [("2026-11-04", false), ("2026-11-05", true), ("2026-11-09", true)] {
            world.go_to(day).await;
            let mut window = Browser::of(&world, "window01").await;
            assert!(window.get("/work").await.body.contains(&href), "{} {day}", world.engine);
            assert_eq!(window.get("/work?view=soon").await.body.contains(&href), urgent, "{} {day}", world.engine);
        }
    }
}

#[tokio::test]
async fn a_deputy_is_named_on_the_page_works_for_a_colleague_and_gives_it_back() {
    for world in World::both().await {
        let (p, engine) = (world.platform(), world.engine);
        let firm = world.firm().await;
        let id = world.applied(&firm, FOOD).await.case_id;
        service::accept(p, &world.staff("window01").await, id, "受理").await.unwrap();
        service::forward(p, &world.staff("handler01").await, id, "符合条件").await.unwrap();
        let (examiner, colleague) = (world.staff("examiner01").await, world.staff("approver02").await);

        let mut away = Browser::of(&world, "examiner01").await;
        let page = away.get("/work/deputies").await;
        assert!(page.body.contains("没有代理安排") && page.body.contains("交出的工作"), "{engine}");
        let (deputy, day) = (colleague.id().unwrap().to_string(), p.today());
        let date = |name: &str, part: &str, value: String| (format!("{name}_{part}"), value);
        use chrono::Datelike;
        let mut fields = vec![("principal".to_owned(), examiner.id().unwrap().to_string()), ("deputy".to_owned(), deputy), ("reason".to_owned(), "出差".to_owned())];
        for name in ["from_day", "to_day"] {
            fields.extend([date(name, "year", day.year().to_string()), date(name, "month", day.month().to_string()), date(name, "day", day.day().to_string())]);
        }
        let sent = |fields: &[(String, String)]| fields.iter().map(|(k, v)| (k.clone(), v.clone())).collect::<Vec<_>>();
        let post = async |browser: &mut Browser, fields: Vec<(String, String)>| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            browser.post("/work/deputies", "/work/deputies", &fields).await
        };
        let refused = post(&mut away, sent(&fields)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
        assert!(refused.body.contains("请至少选择一类工作"), "{engine}");
        fields.push(("kinds".into(), "cases.examine".into()));
        assert_eq!(post(&mut away, sent(&fields)).await.location, "/work/deputies", "{engine}");

        let mut deputy = Browser::of(&world, "approver02").await;
        let list = deputy.get("/work").await.body;
        assert!(list.contains("您今天代理：") && list.contains(&format!("代{}", examiner.name())), "{engine}: the list says for whom");
        let case = format!("/work/cases/{id}");
        let shown = deputy.get(&case).await.body;
        assert!(shown.contains("办理这个环节，记录写明") && shown.contains("报审批"), "{engine}");
        let said = format!("{}（代{}）", colleague.name(), examiner.name());
        deputy.post(&case, &format!("{case}/forward"), &[("opinion", "同意准予")]).await;
        let after = Browser::of(&world, "approver01").await.get(&case).await.body;
        assert!(after.contains(&said) && after.contains("同意准予") && after.contains("data-diagram"), "{engine}: name and opinion in the instance view");
        assert!(after.contains("退回到") && after.contains("（上一环节）"), "{engine}: any earlier step is offered");

        // the applicant sees steps done, present and to come, and no names
        let course = designs::course(p, id, &flow::tasks(p.db.read(), id).await.unwrap()).await.unwrap().unwrap();
        assert!(course.ahead.is_empty(), "{engine}: approval is the last step");
        let view = service::view(p, &firm, id).await.unwrap();
        assert!(view.tasks.iter().any(|t| t.done_by_name.as_deref() == Some(said.as_str())), "{engine}");

        let mine = deputy.get("/work/deputies").await.body;
        let end = mine.split("action=\"").find_map(|part| part.split('"').next().filter(|a| a.ends_with("/end"))).unwrap().to_owned();
        assert_eq!(deputy.post("/work/deputies", &end, &[]).await.location, "/work/deputies", "{engine}");
        assert!(away.get("/work/deputies").await.body.contains("提前结束"), "{engine}");
    }
}
