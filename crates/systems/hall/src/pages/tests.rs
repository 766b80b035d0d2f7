//! No page leads nowhere: every link of the pages rendered here must fit a route of this system or one that the
//! contract between the systems promises.

use db::{Cursor, Page};
use chrono::{DateTime, Utc};
use codes::lists::Audience;
use maud::Markup;
use uuid::Uuid;
use web::components::Form;

use super::*;
use crate::model::affair::{Affair, Board};
use crate::model::figures::Figures;
use crate::model::module::MODULES;
use crate::service::affairs::{Draft, LicenceLine, Message, MyAffairs};
use crate::service::bodies::{BodyLine, Hall, WindowLine};
use crate::service::front::Ratings;
use crate::service::items::{Found, ItemLine, Online};
use crate::service::places::{Here, PlaceLine};
use crate::store::Notice;

/// Pages of other systems the hall leads to.
const OTHERS: [&str; 14] = [
    "/verify",
    "/apply/{id}",
    "/my/cases/{id}",
    "/my/cases/{id}/review",
    "/my/drafts/{id}",
    "/my/licences",
    "/my/licences/{id}",
    "/licences/types",
    "/licences/verify",
    "/progress",
    "/reviews",
    "/supervision",
    "/elder",
    "/my/account",
];

fn item() -> ItemLine {
    ItemLine {
        id: Uuid::from_u128(1),
        name: "食品经营许可".into(),
        body: "桂林市市场监督管理局".into(),
        summary: "开餐饮店前要办。".into(),
        limit: "承诺 5 个工作日".into(),
        visits: 0,
        online: Online::Whole,
    }
}

fn body_line() -> BodyLine {
    BodyLine {
        id: Uuid::from_u128(2),
        name: "桂林市市场监督管理局".into(),
        region: "450300000000".into(),
        address: String::new(),
        phone: "0773-5700000".into(),
        complaint_phone: String::new(),
    }
}

fn window() -> WindowLine {
    WindowLine { name: "综合窗口".into(), place: "市政务服务中心一楼".into() }
}

fn notice() -> Notice {
    Notice { id: Uuid::from_u128(3), title: "公告".into(), source: "演示".into(), body: "正文".into(), published_at: DateTime::UNIX_EPOCH }
}

fn front() -> Front {
    Front {
        popular: vec![item()],
        notices: vec![notice()],
        bodies: vec![body_line()],
        ratings: Ratings { all: 642, good: 635 },
        today: Figures { applied: 1204, decided: 1000, on_time: 996 },
        day: DateTime::<Utc>::UNIX_EPOCH.date_naive(),
    }
}

fn ask() -> Form {
    Form::post("/progress", "token")
}

fn affair(state: cases::model::State) -> Affair {
    Affair {
        id: Uuid::from_u128(4),
        number: "450300202611240001".into(),
        item: "食品经营许可".into(),
        body: "桂林市市场监督管理局".into(),
        state,
        submitted_at: DateTime::UNIX_EPOCH,
        due: None,
        correct_by: None,
        finished_at: None,
        result: Some("食品经营许可证".into()),
        to_rate: true,
    }
}

fn mine() -> MyAffairs {
    MyAffairs {
        board: Board::of(cases::model::State::ALL.map(affair).to_vec()),
        later: false,
        previous: None,
        next: Some(Cursor::from_param("7b")),
        drafts: vec![Draft { id: Uuid::from_u128(5), item: "社会保障卡申领".into(), saved_at: DateTime::UNIX_EPOCH }],
        licences: vec![LicenceLine { id: Uuid::from_u128(6), name: "食品经营许可证".into(), number: "JY1".into(), valid: true, status: String::new() }],
        messages: vec![Message { case: Uuid::from_u128(7), item: "演示事项".into(), text: "您申请的事项有新的进展。".into(), sent_at: DateTime::UNIX_EPOCH }],
    }
}

/// A page with neighbours on both sides.
fn later<T>(one: T) -> Page<T> {
    Page { items: vec![one], previous: Some(Cursor::from_param("~7b")), next: Some(Cursor::from_param("7b")) }
}

fn rendered() -> Vec<(&'static str, Markup)> {
    let here = Here {
        place: PlaceLine { code: "450302000000".into(), name: "秀峰区".into(), within: String::new() },
        above: vec![PlaceLine { code: "450300000000".into(), name: "桂林市".into(), within: String::new() }],
        children: vec![PlaceLine { code: "450302001000".into(), name: "秀峰街道".into(), within: String::new() }],
    };
    let found = Found { items: vec![item()], more: true };
    let nothing = Found { items: vec![], more: false };
    let asked = search::Asked { q: "食品 经营&许可".into(), object: "firm".into(), body: Uuid::from_u128(2).to_string(), degree: "whole".into(), from: 20 };
    let hall = Hall { place: "桂林市".into(), windows: vec![window()] };
    let mut pages = vec![
        ("home", home::body("桂林政务服务", &front(), ask())),
        ("home, empty place", home::body("桂林政务服务", &Front { popular: vec![], notices: vec![], bodies: vec![], today: Figures::default(), ..front() }, ask())),
        ("elder", elder::body("桂林政务服务")),
        ("search", search::body(&asked, &found, &[body_line()], &[])),
        ("search, nothing found", search::body(&search::Asked::default(), &nothing, &[], &[item()])),
        ("personal", themes::overview_body(Audience::Person, &[item()])),
        ("enterprise", themes::overview_body(Audience::Firm, &[])),
        ("theme", themes::theme_body("生育收养", "/personal", "/themes/person/P01", &later(item()))),
        ("theme, empty", themes::theme_body("生育收养", "/personal", "/themes/person/P01", &Page::empty())),
        ("one thing", one_thing::body(&[item()])),
        ("one thing, empty", one_thing::body(&[])),
        ("bodies", bodies::list_body(&[body_line()])),
        ("bodies, empty", bodies::list_body(&[])),
        ("body", bodies::page_body(&body_line(), &later(item()), &[window()])),
        ("halls", halls::body(&[hall])),
        ("halls, none", halls::body(&[])),
        ("places, path", places::path(&here)),
        ("places, children", places::children(&here)),
        ("my", my::body(&mine())),
        ("my, later", my::body(&MyAffairs { later: true, ..mine() })),
        ("my, first time", my::body(&MyAffairs::default())),
        ("news", news::list_body(&later(notice()))),
        ("news, none", news::list_body(&Page::empty())),
        ("help", help::body()),
        ("accessibility", accessibility::body(false)),
        ("about", about::about_body("桂林政务服务", true)),
        ("privacy", about::privacy_body()),
        ("feedback", about::feedback_body()),
        ("sitemap", sitemap::body()),
    ];
    pages.extend(MODULES.map(|m| (m.name, module::body(m))));
    pages
}

fn links(page: &Markup) -> Vec<String> {
    let attribute = |name: &str| page.0.split(&format!(r#" {name}=""#)).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect::<Vec<_>>();
    [attribute("href"), attribute("action")].concat()
}

fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    pattern.len() == path.len() && pattern.iter().zip(&path).all(|(p, s)| p == s || (p.starts_with('{') && !s.is_empty()))
}

#[test]
fn no_link_leads_nowhere() {
    let own: Vec<&str> = routes().list.iter().map(|route| route.path).collect();
    let known: Vec<&str> = own.iter().chain(&OTHERS).copied().collect();
    let nav = nav().into_iter().map(|entry| ("navigation", entry.href.to_owned()));
    let pages = rendered();
    let all = pages.iter().flat_map(|(name, page)| links(page).into_iter().map(move |link| (*name, link))).chain(nav);
    let mut seen = 0;
    for (page, link) in all.filter(|(_, link)| !link.starts_with("tel:") && !link.starts_with('#')) {
        let path = link.split('?').next().unwrap_or_default();
        assert!(known.iter().any(|pattern| fits(pattern, path)), "{page}: {link}");
        seen += 1;
    }
    assert!(seen > 200, "the pages were really looked at: {seen}");
}

#[test]
fn the_test_of_links_can_fail() {
    assert!(fits("/my/cases/{id}", "/my/cases/1") && !fits("/my/cases/{id}", "/my/cases/") && !fits("/news", "/new"));
    assert!(links(&maud::html! { a href="/nowhere" { "x" } }).contains(&"/nowhere".to_owned()));
}

#[test]
fn joint_matters_and_themes_have_addresses_that_are_found_again() {
    for theme in codes::lists::themes() {
        let href = crate::model::theme::href(theme);
        let key = href.rsplit('/').next().unwrap();
        assert_eq!(crate::model::theme::find(theme.audience, key), Some(theme));
    }
}

#[test]
fn the_seven_modules_stand_in_their_order() {
    let labels: Vec<&str> = modules().iter().map(|entry| entry.label).collect();
    assert_eq!(labels, ["政务公开", "个人服务", "企业服务", "投资服务", "政民互动", "效能监察", "我的事务"]);
}

#[test]
fn the_front_page_shows_the_figures_of_today() {
    let shown = home::body("桂林政务服务", &front(), ask()).into_string();
    assert!(shown.contains("1,204") && shown.contains("99.6%") && shown.contains("98.9%"));
    let empty = home::body("桂林政务服务", &Front { today: Figures::default(), ..front() }, ask()).into_string();
    assert!(empty.contains("今天还没有办结的件"), "no share of nothing");
}

#[test]
fn what_waits_for_me_stands_first() {
    let shown = my::body(&mine()).into_string();
    let at = |word: &str| shown.find(word).unwrap_or_else(|| panic!("{word}"));
    assert!(at("等您处理") < at("没填完的申请") && at("没填完的申请") < at("办理中") && at("办理中") < at("已办结"));
    assert!(at("去补正") < at("去评价"));
}

#[test]
fn a_search_address_keeps_its_words() {
    assert_eq!(encode("食&=%"), "%E9%A3%9F%26%3D%25");
}
