//! The organisation through its public face, on both databases. All persons and bodies are synthetic.

mod common;

use access::{Actor, Grant, Scope, Staff, Target};
use base::Kind;
use organization::service::{self, Assignment, BodyContacts, NewBody, NewDeputy, NewStaff, NewWindow};
use organization::{WindowKind, permissions::MANAGE, template};
use platform::Platform;
use uuid::Uuid;

const REGIONS: &str = "code,name\n450000000000,广西壮族自治区\n450300000000,桂林市\n450302000000,秀峰区\n450302001000,某某街道\n450302001001,某某社区居委会\n450400000000,梧州市\n";
const SEED: Actor = Actor::System("test");

fn uscc(n: u32) -> String {
    let first = format!("11450300TT{n:07}");
    format!("{first}{}", codes::Uscc::check_character(&first).unwrap())
}

async fn with_regions(url: &str) -> Platform {
    let (platform, _) = common::platform(url).await;
    let tx = platform.db.begin().await.unwrap();
    assert_eq!(organization::load_regions(&tx, REGIONS).await.unwrap(), 6);
    tx.commit().await.unwrap();
    platform
}

fn new_body(n: u32, name: &str) -> NewBody {
    NewBody { uscc: uscc(n), name: name.into(), region: "450300000000".into(), phone: "0773-2812345".into(), ..NewBody::default() }
}

async fn body_with_posts(platform: &Platform) -> (Uuid, Vec<Uuid>) {
    let tx = platform.db.begin().await.unwrap();
    let body = service::create_body(platform, &tx, &SEED, &new_body(1, "演示局")).await.unwrap();
    let mut posts = Vec::new();
    for key in ["handler", "examiner", "approver"] {
        posts.push(service::create_post_from(platform, &tx, &SEED, body, template(key).unwrap()).await.unwrap());
    }
    tx.commit().await.unwrap();
    (body, posts)
}

async fn staff(platform: &Platform, body: Uuid, work_no: &str) -> Uuid {
    let tx = platform.db.begin().await.unwrap();
    let new = NewStaff { body, name: format!("演示{work_no}"), work_no: work_no.into(), own_party: None };
    let id = service::create_staff(platform, &tx, &SEED, &new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn assign(platform: &Platform, actor: &Actor, staff: Uuid, post: Uuid, on_the_spot: bool) -> base::Result<Uuid> {
    let tx = platform.db.begin().await?;
    let id = service::assign_post(platform, &tx, actor, &Assignment { staff, post, from: platform.today(), on_the_spot }).await?;
    tx.commit().await?;
    Ok(id)
}

#[tokio::test]
async fn regions_know_their_place() {
    for d in testing::databases().await {
        let platform = with_regions(&d.url).await;
        let conn = platform.db.read();
        let city = organization::region(conn, "450300000000").await.unwrap().unwrap();
        assert_eq!((city.name.as_str(), city.parent.as_str(), city.level), ("桂林市", "450000000000", 2));
        assert_eq!(city.service_site_name(), "桂林市政务服务中心");
        let names = |v: Vec<organization::Region>| v.into_iter().map(|r| r.name).collect::<Vec<_>>();
        assert_eq!(names(organization::children(conn, "450000000000").await.unwrap()), ["桂林市", "梧州市"]);
        assert_eq!(names(organization::ancestors(conn, "450302001001").await.unwrap()), ["广西壮族自治区", "桂林市", "秀峰区", "某某街道"]);
        assert_eq!(names(organization::search_regions(conn, "某某", 1).await.unwrap()), ["某某街道"], "{}: wider first", d.engine);
        assert!(organization::search_regions(conn, "%", 9).await.unwrap().is_empty(), "a percent sign is no wildcard");
        // Loaded again: nothing doubles, names follow.
        let tx = platform.db.begin().await.unwrap();
        organization::load_regions(&tx, "450300000000,桂林新名\n").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(organization::region(conn, "450300000000").await.unwrap().unwrap().name, "桂林新名");
    }
}

#[tokio::test]
async fn the_whole_list_of_guangxi_loads() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../data/regions/guangxi.csv");
    let csv = std::fs::read_to_string(path).unwrap();
    for d in testing::databases().await {
        let (platform, _) = common::platform(&d.url).await;
        let tx = platform.db.begin().await.unwrap();
        assert_eq!(organization::load_regions(&tx, &csv).await.unwrap(), 18_091);
        tx.commit().await.unwrap();
        assert!(organization::children(platform.db.read(), "450300000000").await.unwrap().len() >= 17, "{}", d.engine);
    }
}

#[tokio::test]
async fn a_body_is_registered_once_and_changed_by_one_at_a_time() {
    for d in testing::databases().await {
        let platform = with_regions(&d.url).await;
        let create = async |new: NewBody| {
            let tx = platform.db.begin().await?;
            let id = service::create_body(&platform, &tx, &SEED, &new).await?;
            tx.commit().await?;
            Ok::<_, base::Error>(id)
        };
        let id = create(new_body(1, "演示局")).await.unwrap();
        assert_eq!(create(new_body(1, "另一个局")).await.unwrap_err().code(), "organization.body_exists", "{}", d.engine);
        let wrong = NewBody { uscc: "11450300TT00000150".into(), region: "450399000000".into(), phone: "喂".into(), ..NewBody::default() };
        let fields: Vec<String> = create(wrong).await.unwrap_err().fields().iter().map(|f| f.field.clone()).collect();
        assert_eq!(fields, ["uscc", "name", "phone", "region"]);

        let conn = platform.db.read();
        assert_eq!(organization::body_by_name(conn, "演示局").await.unwrap().unwrap().id, id);
        assert_eq!(organization::body_by_uscc(conn, &uscc(1)).await.unwrap().unwrap().id, id);
        assert_eq!(organization::bodies(conn, "4503").await.unwrap().len(), 1);
        assert_eq!(organization::bodies(conn, "450300000000").await.unwrap().len(), 1);
        assert!(organization::bodies(conn, "4504").await.unwrap().is_empty());

        let contacts = BodyContacts { name: "演示局".into(), address: "演示路 1 号".into(), ..BodyContacts::default() };
        let update = async |version| {
            let tx = platform.db.begin().await?;
            service::update_body(&platform, &tx, &SEED, id, version, &contacts).await?;
            tx.commit().await
        };
        update(1).await.unwrap();
        assert_eq!(update(1).await.unwrap_err().kind(), Kind::Conflict, "the second clerk saw version 1 too");
        let chain = journal::entries(platform.db.read(), id).await.unwrap();
        assert_eq!(chain.iter().map(|e| e.act.as_str()).collect::<Vec<_>>(), ["organization.create_body", "organization.update_body"]);
    }
}

#[tokio::test]
async fn posts_decide_what_somebody_may_do() {
    for d in testing::databases().await {
        let platform = with_regions(&d.url).await;
        let (body, posts) = body_with_posts(&platform).await;
        let person = staff(&platform, body, "1001").await;
        let conn = platform.db.read();
        let target = Target { region: "450300000000", body: Some(body), item: None };
        let actor = organization::staff_actor(conn, person).await.unwrap().unwrap();
        assert!(actor.grants.is_empty() && actor.posts.is_empty(), "{}: without a post there are no grants", d.engine);
        assert!(organization::staff_for(conn, "cases.handle", &target).await.unwrap().is_empty());

        let held = assign(&platform, &SEED, person, posts[0], false).await.unwrap();
        assert_eq!(assign(&platform, &SEED, person, posts[0], false).await.unwrap_err().code(), "organization.already_held");
        let actor = organization::staff_actor(conn, person).await.unwrap().unwrap();
        assert_eq!(actor.posts, ["承办人"]);
        assert!(Actor::Staff(actor).may_named("cases.handle", &target));
        let found = organization::staff_for(conn, "cases.handle", &target).await.unwrap();
        assert_eq!(found.iter().map(|s| (s.id, s.post.as_str())).collect::<Vec<_>>(), [(person, "承办人")]);
        let elsewhere = Target { body: Some(Uuid::from_u128(1)), ..target };
        assert!(organization::staff_for(conn, "cases.handle", &elsewhere).await.unwrap().is_empty());
        assert!(organization::staff_for(conn, "cases.handle", &Target { body: None, ..target }).await.unwrap().is_empty());

        let end = async || {
            let tx = platform.db.begin().await?;
            service::end_post(&platform, &tx, &SEED, held).await?;
            tx.commit().await
        };
        end().await.unwrap();
        assert_eq!(end().await.unwrap_err().kind(), Kind::Conflict);
        assert!(organization::staff_actor(conn, person).await.unwrap().unwrap().grants.is_empty());

        assign(&platform, &SEED, person, posts[0], false).await.unwrap();
        let tx = platform.db.begin().await.unwrap();
        service::leave(&platform, &tx, &SEED, person).await.unwrap();
        tx.commit().await.unwrap();
        assert!(organization::staff_actor(conn, person).await.unwrap().is_none(), "who has left is nobody");
        assert_eq!(assign(&platform, &SEED, person, posts[1], false).await.unwrap_err().code(), "organization.left");
        assert!(journal::verify_chain(conn, body).await.unwrap().is_ok());
    }
}

#[tokio::test]
async fn three_layers_do_not_come_into_one_hand() {
    for d in testing::databases().await {
        let platform = with_regions(&d.url).await;
        let (body, posts) = body_with_posts(&platform).await;
        let person = staff(&platform, body, "1001").await;
        assign(&platform, &SEED, person, posts[0], false).await.unwrap();
        assign(&platform, &SEED, person, posts[1], false).await.unwrap();
        let refused = assign(&platform, &SEED, person, posts[2], false).await.unwrap_err();
        assert_eq!(refused.code(), "organization.separation_of_duties", "{}", d.engine);
        assign(&platform, &SEED, person, posts[2], true).await.unwrap();
    }
}

#[tokio::test]
async fn an_administrator_stays_within_their_place() {
    for d in testing::databases().await {
        let platform = with_regions(&d.url).await;
        let (body, posts) = body_with_posts(&platform).await;
        let boss = staff(&platform, body, "9001").await;
        let other = staff(&platform, body, "1001").await;
        let administrator = |scope: Scope| {
            Actor::Staff(Staff {
                account: boss,
                staff: boss,
                name: "演示管理员".into(),
                body,
                body_name: "演示局".into(),
                region: "450300000000".into(),
                posts: vec![],
                own_party: None,
                grants: vec![Grant { permission: MANAGE.name.into(), scope }],
                deputy: access::Deputy::default(),
            })
        };
        let city = administrator(Scope::region("4503"));
        let foreign = administrator(Scope::region("4504"));
        assert_eq!(assign(&platform, &city, boss, posts[0], false).await.unwrap_err().code(), "organization.own_post", "{}", d.engine);
        assert_eq!(assign(&platform, &foreign, other, posts[0], false).await.unwrap_err().kind(), Kind::NotFound);
        assert_eq!(assign(&platform, &Actor::Anonymous, other, posts[0], false).await.unwrap_err().kind(), Kind::Unauthenticated);
        assign(&platform, &city, other, posts[0], false).await.unwrap();

        let tx = platform.db.begin().await.unwrap();
        let everything = vec![Grant { permission: "platform.operate".into(), scope: Scope::default() }];
        let refused = service::create_post(&platform, &tx, &city, body, "自封运维员", everything).await.unwrap_err();
        assert_eq!(refused.kind(), Kind::Forbidden);
        let window = NewWindow { body, name: "1 号窗口".into(), place: String::new(), kind: WindowKind::General };
        service::create_window(&platform, &tx, &city, &window).await.unwrap();
        tx.commit().await.unwrap();
        let windows = organization::windows(platform.db.read(), "450300000000").await.unwrap();
        assert_eq!(windows[0].place, "桂林市政务服务中心", "named by R52");
    }
}

fn days_after(platform: &Platform, days: u64) -> chrono::NaiveDate {
    platform.today() + chrono::Days::new(days)
}

fn away(platform: &Platform, principal: Uuid, deputy: Uuid, kinds: &[&str]) -> NewDeputy {
    let kinds = kinds.iter().map(|k| (*k).to_owned()).collect();
    NewDeputy { principal, deputy, from: days_after(platform, 1), to: days_after(platform, 3), kinds, reason: "出差".into() }
}

async fn named(platform: &Platform, actor: &Actor, new: &NewDeputy) -> base::Result<Uuid> {
    let tx = platform.db.begin().await?;
    let id = service::name_deputy(platform, &tx, actor, new).await?;
    tx.commit().await?;
    Ok(id)
}

#[tokio::test]
async fn a_deputy_may_do_the_work_on_these_days_and_no_longer() {
    for d in testing::databases().await {
        let (platform, clock) = common::platform(&d.url).await;
        let tx = platform.db.begin().await.unwrap();
        organization::load_regions(&tx, REGIONS).await.unwrap();
        tx.commit().await.unwrap();
        let (body, posts) = body_with_posts(&platform).await;
        let (one, two, three) = (staff(&platform, body, "J01").await, staff(&platform, body, "J02").await, staff(&platform, body, "J03").await);
        assign(&platform, &SEED, one, posts[1], false).await.unwrap();
        assign(&platform, &SEED, two, posts[0], false).await.unwrap();
        let conn = platform.db.read();
        let actor = async |id| Actor::Staff(organization::staff_actor(conn, id).await.unwrap().unwrap());
        let (principal, deputy, stranger) = (actor(one).await, actor(two).await, actor(three).await);

        let new = away(&platform, one, two, &["cases.examine"]);
        assert_eq!(named(&platform, &stranger, &new).await.unwrap_err().kind(), Kind::Forbidden, "{}: not theirs to arrange", d.engine);
        assert_eq!(named(&platform, &deputy, &new).await.unwrap_err().kind(), Kind::Forbidden, "nobody appoints themselves");
        assert_eq!(named(&platform, &principal, &away(&platform, one, two, &["cases.approve"])).await.unwrap_err().kind(), Kind::Invalid, "not in the post");
        let id = named(&platform, &principal, &new).await.unwrap();
        assert_eq!(named(&platform, &principal, &away(&platform, one, three, &["cases.examine"])).await.unwrap_err().code(), "organization.deputy_overlaps");
        assert_eq!(named(&platform, &deputy, &away(&platform, two, one, &["cases.handle"])).await.unwrap_err().code(), "organization.deputy_away", "{}: in a circle", d.engine);
        assert_eq!(named(&platform, &deputy, &away(&platform, two, three, &["cases.handle"])).await.unwrap_err().code(), "organization.deputy_chain");

        let target = Target { region: "450300000000", body: Some(body), item: None };
        let may = async |day| {
            let staff = organization::acting_staff(conn, two, day).await.unwrap().unwrap();
            assert!(staff.grants.iter().all(|g| g.permission != "cases.examine"), "their own posts stay what they are");
            Actor::Staff(staff).may_named("cases.examine", &target)
        };
        for (day, expected) in [(0, false), (1, true), (3, true), (4, false)] {
            assert_eq!(may(days_after(&platform, day)).await, expected, "{}: day {day}", d.engine);
        }
        // only within the body both serve
        let acting = Actor::Staff(organization::acting_staff(conn, two, days_after(&platform, 1)).await.unwrap().unwrap());
        assert!(!acting.may_named("cases.examine", &Target { body: Some(Uuid::nil()), ..target }));
        assert_eq!(acting.for_work("cases.examine", &target, None).name(), "演示J02（代演示J01）");

        // ended before its time by the deputy, once, and journalled
        clock.advance(chrono::Duration::days(1));
        let end = async |actor: &Actor| {
            let tx = platform.db.begin().await.unwrap();
            service::end_deputy(&platform, &tx, actor, id).await?;
            tx.commit().await
        };
        assert_eq!(end(&stranger).await.unwrap_err().kind(), Kind::NotFound);
        end(&deputy).await.unwrap();
        assert_eq!(end(&principal).await.unwrap_err().code(), "organization.deputy_over");
        assert!(!may(days_after(&platform, 0)).await, "{}: at once", d.engine);
        let labels: Vec<String> = journal::entries(conn, body).await.unwrap().into_iter().map(|e| e.act).collect();
        assert_eq!(labels[labels.len() - 2..], ["organization.name_deputy", "organization.end_deputy"]);
        // and the days are free again
        named(&platform, &principal, &NewDeputy { from: days_after(&platform, 0), ..away(&platform, one, three, &["cases.examine"]) }).await.unwrap();
    }
}

#[tokio::test]
async fn the_head_arranges_for_colleagues_and_two_at_once_make_one_deputy() {
    for d in testing::databases().await {
        let platform = with_regions(&d.url).await;
        let (body, posts) = body_with_posts(&platform).await;
        let mut people = Vec::new();
        for n in 1..=4 {
            people.push(staff(&platform, body, &format!("J0{n}")).await);
        }
        assign(&platform, &SEED, people[0], posts[0], false).await.unwrap();
        assign(&platform, &SEED, people[3], posts[1], false).await.unwrap();
        let tx = platform.db.begin().await.unwrap();
        let head = service::create_post_from(&platform, &tx, &SEED, body, template("head").unwrap()).await.unwrap();
        tx.commit().await.unwrap();
        assign(&platform, &SEED, people[2], head, false).await.unwrap();
        let head = Actor::Staff(organization::staff_actor(platform.db.read(), people[2]).await.unwrap().unwrap());
        let (first, second) = (away(&platform, people[0], people[1], &["cases.handle"]), away(&platform, people[0], people[3], &["cases.handle"]));
        let (a, b) = tokio::join!(named(&platform, &head, &first), named(&platform, &head, &second));
        assert!(a.is_ok() != b.is_ok(), "{}: {a:?} {b:?}", d.engine);
        let shown = service::deputies(&platform, &head).await.unwrap();
        assert!(shown.arranges);
        assert_eq!((shown.rows.len(), shown.rows[0].principal_name.as_str()), (1, "演示J01"));
        let own = Actor::Staff(organization::staff_actor(platform.db.read(), people[3]).await.unwrap().unwrap());
        assert_eq!(service::deputies(&platform, &own).await.unwrap().rows.len(), usize::from(b.is_ok()), "{}: others see their own only", d.engine);
    }
}
