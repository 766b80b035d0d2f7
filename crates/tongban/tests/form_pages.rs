//! Forms over HTTP, without scripts: repeating groups, levels of regions, conditional parts, computed values, drafts.

mod common;

use axum::http::StatusCode;
use cases::service;
use common::World;
use common::browser::Browser;
use serde_json::json;
use uuid::Uuid;

const COMPANY: &str = "公司设立登记";

/// A synthetic citizen of the demonstration.
fn citizen() -> String {
    let first = "45030219900307001";
    format!("{first}{}", codes::CitizenId::check_digit(first).unwrap())
}

/// The value of a box of the page.
fn value_of<'a>(page: &'a str, name: &str) -> Option<&'a str> {
    page.split("<input").find(|tag| tag.contains(&format!("name=\"{name}\"")) && !tag.contains("type=\"hidden\""))?.split("value=\"").nth(1)?.split('"').next()
}

async fn begun(world: &World) -> (Browser, String, Uuid) {
    let mut browser = Browser::of(world, &citizen()).await;
    let start = browser.get(&format!("/apply/{}", world.item(COMPANY))).await;
    assert_eq!(start.status, StatusCode::SEE_OTHER, "{}", start.body);
    let id = start.location.rsplit('/').next().unwrap().parse().unwrap();
    (browser, start.location, id)
}

#[tokio::test]
async fn rows_come_and_go_and_nothing_typed_is_lost() {
    for world in World::both().await {
        let (mut browser, draft, id) = begun(&world).await;
        let page = format!("{draft}/questions/3");
        let first = browser.get(&page).await.body;
        assert!(first.contains("第 1 项股东") && !first.contains("第 2 项股东"), "{}: one row to begin with", world.engine);
        assert!(!first.contains("身份证号码"), "asked only of persons");

        // half an answer, nonsense included, then another row
        let half = [("shareholders", ""), ("shareholders[0]", ""), ("shareholders[0].name", " 甲 "), ("shareholders[0].amount", "很多"), ("_act", "add:shareholders")];
        let added = browser.post(&page, &page, &half).await;
        assert_eq!((added.status, added.location.as_str()), (StatusCode::SEE_OTHER, format!("{page}#shareholders").as_str()));
        let two = browser.get(&page).await.body;
        assert!(two.contains("第 2 项股东"));
        assert_eq!((value_of(&two, "shareholders[0].name"), value_of(&two, "shareholders[0].amount")), (Some(" 甲 "), Some("很多")), "exactly as typed");

        // going on names what is wrong in its row, and keeps everything
        let rows = [
            ("shareholders", ""), ("shareholders[0]", ""), ("shareholders[0].kind", ""), ("shareholders[0].kind", "person"), ("shareholders[0].name", "甲"),
            ("shareholders[0].amount", "很多"), ("shareholders[0].way", "cash"), ("shareholders[1]", ""), ("shareholders[1].kind", "firm"), ("shareholders[1].name", "乙公司"),
            ("shareholders[1].amount", "40"), ("shareholders[1].way", "cash"),
        ];
        let wrong = browser.post(&page, &page, &rows).await;
        assert_eq!(wrong.status, StatusCode::OK);
        assert!(wrong.body.contains("第1项股东：认缴出资额应为数字"), "{}", wrong.body);
        assert!(wrong.body.contains("href=\"#shareholders-0-amount\"") && wrong.body.contains("id=\"shareholders-0-amount\""), "the summary leads to the box");
        assert!(wrong.body.contains("name=\"shareholders[0].citizen_id\"") && wrong.body.contains("name=\"shareholders[1].uscc\""), "each row asks what its kind needs");
        assert!(!wrong.body.contains("请填写身份证号码"), "what was never asked is not wrong");
        assert!(browser.get(&page).await.body.contains("乙公司"), "kept in the draft");

        // one row less
        let removed = browser.post(&page, &page, &[&rows[..], &[("_act", "remove:shareholders[0]")]].concat()).await;
        assert_eq!(removed.status, StatusCode::SEE_OTHER);
        let one = browser.get(&page).await.body;
        assert_eq!(value_of(&one, "shareholders[0].name"), Some("乙公司"));

        // now right: the total and the share are the server's own
        let uscc = format!("91450300TT1000016{}", codes::Uscc::check_character("91450300TT1000016").unwrap());
        let right = [
            ("shareholders[0].kind", "firm"), ("shareholders[0].name", "乙公司"), ("shareholders[0].uscc", uscc.as_str()), ("shareholders[0].amount", "４0"), ("shareholders[0].way", "cash"),
        ];
        let forged = browser.post(&page, &page, &[&right[..], &[("total", "999")]].concat()).await;
        assert!(forged.status.is_client_error(), "a computed value is not taken from a browser: {}", forged.status);
        let done = browser.post(&page, &page, &right).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        let actor = world.resident("演示张漓江", "45030219900307001").await;
        let data = service::draft(world.platform(), &actor, id).await.unwrap();
        assert_eq!(data.view().answers["total"], json!(40), "{}", world.engine);
        assert_eq!(data.view().answers["shareholders"][0]["share"], json!(100));
        let check = browser.get(&format!("{draft}/check")).await.body;
        assert!(check.contains("第 1 项股东") && check.contains("认缴出资合计"), "{check}");
        let printed = browser.get(&format!("{draft}/form.pdf")).await;
        assert!(printed.status == StatusCode::OK && printed.body.starts_with("%PDF-"), "{}", world.engine);
    }
}

#[tokio::test]
async fn regions_are_chosen_level_by_level_without_scripts() {
    for world in World::both().await {
        let (mut browser, draft, id) = begun(&world).await;
        let page = format!("{draft}/questions/1");
        let first = browser.get(&page).await.body;
        assert!(first.contains("县（市、区）") && !first.contains("乡镇（街道）"), "one level to begin with");
        browser.post(&page, &page, &[("place", "450302000000"), ("address", "示例路1号"), ("_act", "again:place")]).await;
        let second = browser.get(&page).await.body;
        assert!(second.contains("乡镇（街道）") && second.contains("450302001000"), "{}: the streets of the district", world.engine);
        assert_eq!(value_of(&second, "address"), Some("示例路1号"));
        // another district: its own streets, the old street forgotten
        browser.post(&page, &page, &[("place", "450303000000"), ("place", "450302001000"), ("_act", "again:place")]).await;
        let other = browser.get(&page).await.body;
        assert!(other.contains("450303001000") && !other.contains("450302001000"));
        // scripts only look: the fields are drawn with what is typed, and the draft stays as it was
        let looked = browser.post(&page, &page, &[("place", "450302000000"), ("_act", "look")]).await;
        assert!(looked.status == StatusCode::OK && looked.body.contains("450302001000") && !looked.body.contains("450303001000"));
        let unfinished = browser.post(&page, &page, &[("place", "450303000000"), ("place", "")]).await.body;
        assert!(unfinished.contains("住所所在地还要选择乡镇（街道）。"));
        let actor = world.resident("演示张漓江", "45030219900307001").await;
        let draft = service::draft(world.platform(), &actor, id).await.unwrap();
        assert_eq!(draft.data()["place"], "450303000000", "{}", world.engine);
    }
}

#[tokio::test]
async fn hostile_posts_are_refused_and_leave_the_draft_alone() {
    for world in World::both().await {
        let (mut browser, draft, id) = begun(&world).await;
        let page = format!("{draft}/questions/3");
        for (name, value) in [("shareholders[0].role", "x"), ("state", "granted"), ("shareholders[99999999]", "x"), ("a]b", "x"), ("company_name", "别页的")] {
            let answer = browser.post(&page, &page, &[(name, value)]).await;
            assert!(!answer.status.is_redirection() && !answer.status.is_server_error(), "{name}: {}", answer.status);
        }
        for act in ["add:nothing", "add:__proto__", "remove:shareholders", "remove:shareholders[7]", "add:shareholders[0].name[3]"] {
            let answer = browser.post(&page, &page, &[("_act", act)]).await;
            assert!(!answer.status.is_server_error(), "{act}: {}", answer.status);
        }
        let actor = world.resident("演示张漓江", "45030219900307001").await;
        let draft = service::draft(world.platform(), &actor, id).await.unwrap();
        let strange: Vec<&String> = draft.answers.keys().filter(|key| draft.item.form.field(key).is_none()).collect();
        assert!(strange.is_empty(), "{}: {strange:?}", world.engine);
    }
}

#[tokio::test]
async fn a_draft_may_be_left_unfinished() {
    for world in World::both().await {
        let (mut browser, draft, _) = begun(&world).await;
        let page = format!("{draft}/questions/0");
        let left = browser.post(&page, &page, &[("company_name", "桂"), ("_act", "later")]).await;
        assert_eq!((left.status, left.location.as_str()), (StatusCode::SEE_OTHER, draft.as_str()));
        assert_eq!(value_of(&browser.get(&page).await.body, "company_name"), Some("桂"), "{}", world.engine);
        let check = browser.post(&format!("{draft}/check"), &format!("{draft}/submit"), &[("promise", "yes")]).await;
        assert!(check.body.contains("拟用公司名称至少4个字"), "what was left unfinished is named before submission");
    }
}
