//! Identity through its public face, on both databases. All persons and firms are synthetic.

mod common;

use std::sync::Arc;

use access::{Actor, PartyKind, Target};
use base::{FixedClock, Kind};
use chrono::{Duration, NaiveDate};
use common::{citizen, platform, uscc};
use identity::{
    Authenticator, Client, Demonstration, NewAgent, NewFirm, NewParty, NewPerson, SignIn, Ticket, TotpSecret, act_for, change_password, confirm_totp,
    create_staff_account, enrol_totp, find_or_create_party, grant_agent, recovery_codes_left, register_firm, register_person, renew_recovery_codes,
    reset_second_factor, revoke_agent, revoke_session, sessions,
    sign_in, sign_in_with_code, sign_out,
};
use organization::service::{self as bodies, Assignment, NewBody, NewStaff};
use platform::Platform;
use uuid::Uuid;
use web::Authenticator as _;

const PASSWORD: &str = "Guilin-2026";

fn person(n: u32) -> NewPerson {
    NewPerson {
        name: format!("演示人{}", ["甲", "乙", "丙"][n as usize % 3]),
        id_number: citizen(n),
        phone: format!("1380000{n:04}"),
        address: String::new(),
        password: PASSWORD.into(),
        agreed: true,
    }
}

fn firm(n: u32) -> NewFirm {
    NewFirm {
        name: "演示科技有限公司".into(),
        uscc: uscc(n),
        representative: "演示法人".into(),
        representative_number: citizen(900),
        phone: "13900000000".into(),
        address: String::new(),
        password: PASSWORD.into(),
        agreed: true,
    }
}

async fn enter(platform: &Platform, login: &str, password: &str) -> base::Result<Ticket> {
    match sign_in(platform, login, password, &Client::default()).await? {
        SignIn::Done(ticket) => Ok(*ticket),
        SignIn::Code { .. } => panic!("no code was expected"),
    }
}

async fn failure(platform: &Platform, login: &str, password: &str) -> base::Error {
    match sign_in(platform, login, password, &Client::default()).await {
        Err(error) => error,
        Ok(_) => panic!("{login} must not get in"),
    }
}

async fn actor(platform: &Platform, token: &str) -> Option<Actor> {
    Authenticator::new(platform.clone()).authenticate(token).await.unwrap().map(|s| s.actor)
}

#[tokio::test]
async fn one_number_is_one_party_and_one_account() {
    for d in testing::databases().await {
        let (platform, _) = platform(&d.url).await;
        let walk_in = NewParty {
            kind: PartyKind::Person,
            name: person(1).name,
            id_type: "111".into(),
            id_number: citizen(1).to_lowercase(),
            phone: String::new(),
            address: "桂林市秀峰区演示路1号".into(),
        };
        let find = async |new: &NewParty| {
            let tx = platform.db.begin().await?;
            let id = find_or_create_party(&platform, &tx, new).await?;
            tx.commit().await?;
            Ok::<_, base::Error>(id)
        };
        let party = find(&walk_in).await.unwrap();
        assert_eq!(find(&walk_in).await.unwrap(), party, "{}: the same number again", d.engine);
        let other_name = NewParty { name: "演示另一人".into(), ..walk_in.clone() };
        assert_eq!(find(&other_name).await.unwrap_err().fields()[0].field, "name");

        let account = register_person(&platform, &Demonstration, &person(1)).await.unwrap();
        assert_eq!(register_person(&platform, &Demonstration, &person(1)).await.unwrap_err().code(), "identity.second_account");
        let ticket = enter(&platform, &citizen(1), PASSWORD).await.unwrap();
        let Actor::Party(signed_in) = &ticket.session.actor else { panic!() };
        assert_eq!((signed_in.party, signed_in.account), (party, account), "the walk-in's party became the account's");
        assert_eq!(signed_in.name, "演**乙", "masked");
        let profile = identity::party(&platform, party, "test").await.unwrap();
        assert_eq!((profile.name.as_str(), profile.id_number, profile.phone.as_str()), ("演示人乙", citizen(1), "13800000001"));
        assert_eq!(profile.address, "桂林市秀峰区演示路1号", "an empty field does not erase what is known");
        assert_eq!(profile.assurance, identity::Assurance::L1);
        let masked = identity::masked_party(platform.db.read(), party).await.unwrap();
        assert!(masked.id_number.contains("**********") && masked.name == "演**乙");
        assert!(enter(&platform, "138 0000 0001", PASSWORD).await.is_ok(), "the mobile number is a login too");
    }
}

#[tokio::test]
async fn wrong_registrations_name_every_field() {
    let d = testing::sqlite();
    let (platform, _) = platform(&d.url).await;
    let mut wrong = person(1);
    wrong.id_number.replace_range(17.., if wrong.id_number.ends_with('1') { "2" } else { "1" });
    wrong.phone = "12345".into();
    wrong.password = "short".into();
    wrong.agreed = false;
    wrong.name = " ".into();
    let fields = |e: base::Error| e.fields().iter().map(|f| f.field.clone()).collect::<Vec<_>>();
    assert_eq!(fields(register_person(&platform, &Demonstration, &wrong).await.unwrap_err()), ["name", "id_number", "phone", "password", "agreed"], "in the order of the form");
    let own_number = NewPerson { password: format!("Aa-{}", citizen(1)), ..person(1) };
    assert_eq!(fields(register_person(&platform, &Demonstration, &own_number).await.unwrap_err()), ["password"]);
    let implausible = NewPerson { name: "12345".into(), ..person(1) };
    assert_eq!(fields(register_person(&platform, &Demonstration, &implausible).await.unwrap_err()), ["name"]);
    let wrong = NewFirm { uscc: "91450300TT00000010".into(), representative_number: "1".into(), ..firm(1) };
    assert_eq!(fields(register_firm(&platform, &Demonstration, &wrong).await.unwrap_err()), ["uscc", "representative_number"]);
}

#[tokio::test]
async fn five_failures_lock_for_half_an_hour() {
    for d in testing::databases().await {
        let (platform, clock) = platform(&d.url).await;
        let account = register_person(&platform, &Demonstration, &person(2)).await.unwrap();
        let known = citizen(2);
        let unknown = citizen(3);
        for n in 0..5 {
            let (a, b) = (failure(&platform, &known, "wrong").await, failure(&platform, &unknown, "wrong").await);
            assert_eq!((a.code(), a.message()), ("identity.wrong_password", "账号或密码不正确"), "{}: try {n}", d.engine);
            assert_eq!((a.code(), a.message()), (b.code(), b.message()), "an unknown login looks the same");
        }
        let (a, b) = (failure(&platform, &known, PASSWORD).await, failure(&platform, &unknown, PASSWORD).await);
        assert_eq!(a.kind(), Kind::TooMany, "even the right password does not open a locked account");
        assert_eq!((a.code(), a.message()), (b.code(), b.message()), "nor does the lock tell who exists");
        clock.advance(Duration::minutes(30) - Duration::seconds(1));
        assert_eq!(failure(&platform, &known, PASSWORD).await.kind(), Kind::TooMany);
        clock.advance(Duration::seconds(1));
        assert_eq!(failure(&platform, &known, "wrong").await.code(), "identity.wrong_password", "a new count begins");
        enter(&platform, &known, PASSWORD).await.unwrap();
        let acts: Vec<String> = journal::entries(platform.db.read(), account).await.unwrap().into_iter().map(|e| e.act).collect();
        assert_eq!(acts, ["identity.register", "identity.lock", "identity.sign_in"]);
        assert!(journal::verify_chain(platform.db.read(), account).await.unwrap().is_ok());
    }
}

#[tokio::test]
async fn parallel_guesses_are_all_counted() {
    let d = testing::postgres().await;
    let (platform, _) = platform(&d.url).await;
    register_person(&platform, &Demonstration, &person(2)).await.unwrap();
    let tries = (0..5).map(|_| {
        let (platform, login) = (platform.clone(), citizen(2));
        tokio::spawn(async move { sign_in(&platform, &login, "wrong", &Client::default()).await.is_err() })
    });
    for guess in tries.collect::<Vec<_>>() {
        assert!(guess.await.unwrap());
    }
    assert_eq!(failure(&platform, &citizen(2), PASSWORD).await.kind(), Kind::TooMany);
}

#[tokio::test]
async fn sessions_end_when_revoked_idle_or_old() {
    for d in testing::databases().await {
        let (platform, clock) = platform(&d.url).await;
        register_person(&platform, &Demonstration, &person(1)).await.unwrap();
        let first = enter(&platform, &citizen(1), PASSWORD).await.unwrap();
        let second = enter(&platform, &citizen(1), PASSWORD).await.unwrap();
        assert_eq!(first.token.len(), 64);
        assert_ne!(first.token, second.token);
        let me = actor(&platform, &first.token).await.expect("signed in");
        assert!(actor(&platform, &"0".repeat(64)).await.is_none());
        assert_eq!(sessions(&platform, &me).await.unwrap().len(), 2);

        revoke_session(&platform, &me, second.session.id).await.unwrap();
        assert!(actor(&platform, &second.token).await.is_none(), "{}: gone at once", d.engine);
        assert_eq!(revoke_session(&platform, &me, second.session.id).await.unwrap_err().kind(), Kind::NotFound);
        register_person(&platform, &Demonstration, &person(2)).await.unwrap();
        let stranger = enter(&platform, &citizen(2), PASSWORD).await.unwrap();
        assert_eq!(revoke_session(&platform, &stranger.session.actor, first.session.id).await.unwrap_err().kind(), Kind::NotFound, "another's session");

        clock.advance(Duration::minutes(119));
        assert!(actor(&platform, &first.token).await.is_some(), "used within two hours");
        clock.advance(Duration::minutes(119));
        assert!(actor(&platform, &first.token).await.is_some(), "use keeps it alive");
        clock.advance(Duration::minutes(120));
        assert!(actor(&platform, &first.token).await.is_none(), "idle for two hours");

        let busy = enter(&platform, &citizen(1), PASSWORD).await.unwrap();
        for _ in 0..11 {
            clock.advance(Duration::hours(1));
            assert!(actor(&platform, &busy.token).await.is_some());
        }
        clock.advance(Duration::hours(1));
        assert!(actor(&platform, &busy.token).await.is_none(), "twelve hours are enough for anybody");

        let last = enter(&platform, &citizen(1), PASSWORD).await.unwrap();
        actor(&platform, &last.token).await.unwrap();
        sign_out(&platform, &last.session.actor, last.session.id).await.unwrap();
        assert!(actor(&platform, &last.token).await.is_none());
    }
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    for d in testing::databases().await {
        let (platform, _) = platform(&d.url).await;
        register_person(&platform, &Demonstration, &person(1)).await.unwrap();
        let here = enter(&platform, &citizen(1), PASSWORD).await.unwrap();
        let there = enter(&platform, &citizen(1), PASSWORD).await.unwrap();
        actor(&platform, &there.token).await.unwrap();
        let change = async |old: &str, new: &str| change_password(&platform, &here.session.actor, here.session.id, old, new).await;
        assert_eq!(change("wrong", "Lijiang-2027").await.unwrap_err().fields()[0].field, "old_password");
        assert_eq!(change(PASSWORD, "weak").await.unwrap_err().fields()[0].field, "new_password");
        assert_eq!(change(PASSWORD, PASSWORD).await.unwrap_err().fields()[0].field, "new_password");
        change(PASSWORD, "Lijiang-2027").await.unwrap();
        assert!(actor(&platform, &here.token).await.is_some(), "{}", d.engine);
        assert!(actor(&platform, &there.token).await.is_none());
        assert_eq!(failure(&platform, &citizen(1), PASSWORD).await.code(), "identity.wrong_password");
        enter(&platform, &citizen(1), "Lijiang-2027").await.unwrap();
    }
}

async fn staff_member(platform: &Platform, with_post: bool) -> Uuid {
    let seed = Actor::System("test");
    let tx = platform.db.begin().await.unwrap();
    organization::load_regions(&tx, "code,name\n450000000000,广西壮族自治区\n450300000000,桂林市\n").await.unwrap();
    let body = NewBody { uscc: uscc(77), name: "演示局".into(), region: "450300000000".into(), ..NewBody::default() };
    let body = bodies::create_body(platform, &tx, &seed, &body).await.unwrap();
    let staff = NewStaff { body, name: "演示员".into(), work_no: "1001".into(), own_party: None };
    let staff = bodies::create_staff(platform, &tx, &seed, &staff).await.unwrap();
    if with_post {
        let post = bodies::create_post_from(platform, &tx, &seed, body, organization::template("handler").unwrap()).await.unwrap();
        let assignment = Assignment { staff, post, from: platform.today(), on_the_spot: false };
        bodies::assign_post(platform, &tx, &seed, &assignment).await.unwrap();
    }
    tx.commit().await.unwrap();
    staff
}

async fn staff_account(platform: &Platform, staff: Uuid, totp: Option<&str>) {
    let tx = platform.db.begin().await.unwrap();
    create_staff_account(platform, &tx, staff, "demo.1001", PASSWORD, totp).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn staff_may_what_their_posts_allow() {
    for d in testing::databases().await {
        let (platform, clock) = platform(&d.url).await;
        let staff = staff_member(&platform, true).await;
        staff_account(&platform, staff, None).await;
        let ticket = enter(&platform, "DEMO.1001", PASSWORD).await.unwrap();
        assert!(!ticket.must_change, "demonstration passwords stay");
        let Some(Actor::Staff(me)) = actor(&platform, &ticket.token).await else { panic!("{}: staff", d.engine) };
        assert_eq!((me.staff, me.posts.clone()), (staff, vec!["承办人".to_owned()]));
        assert_ne!(me.account, staff, "the account is the account");
        let target = Target { region: "450300000000", body: Some(me.body), item: None };
        assert!(Actor::Staff(me.clone()).may_named("cases.handle", &target));

        let second = {
            let tx = platform.db.begin().await.unwrap();
            create_staff_account(&platform, &tx, staff, "other", PASSWORD, None).await.unwrap_err()
        };
        assert_eq!(second.code(), "identity.second_account");
        for login in [citizen(5), uscc(5), "13800000005".into(), "a".into(), "演示".into()] {
            let tx = platform.db.begin().await.unwrap();
            let refused = create_staff_account(&platform, &tx, Uuid::from_u128(5), &login, PASSWORD, None).await.unwrap_err();
            assert_eq!(refused.fields()[0].field, "login", "{login}");
        }

        clock.advance(Duration::minutes(30));
        assert!(actor(&platform, &ticket.token).await.is_none(), "staff: idle for half an hour");
        let ticket = enter(&platform, "demo.1001", PASSWORD).await.unwrap();
        let tx = platform.db.begin().await.unwrap();
        bodies::leave(&platform, &tx, &Actor::System("test"), staff).await.unwrap();
        tx.commit().await.unwrap();
        clock.advance(Duration::seconds(6));
        assert!(actor(&platform, &ticket.token).await.is_none(), "who has left is out after five seconds");
        assert_eq!(failure(&platform, "demo.1001", PASSWORD).await.code(), "identity.wrong_password");
    }
}

#[tokio::test]
async fn staff_without_a_post_may_nothing() {
    for d in testing::databases().await {
        let (platform, _) = platform(&d.url).await;
        let staff = staff_member(&platform, false).await;
        staff_account(&platform, staff, None).await;
        let ticket = enter(&platform, "demo.1001", PASSWORD).await.unwrap();
        let Some(Actor::Staff(me)) = actor(&platform, &ticket.token).await else { panic!("{}: staff", d.engine) };
        assert!(me.grants.is_empty() && me.posts.is_empty());
    }
}

async fn challenge(platform: &Platform) -> String {
    match sign_in(platform, "demo.1001", PASSWORD, &Client::default()).await.unwrap() {
        SignIn::Code { challenge } => challenge,
        SignIn::Done(_) => panic!("a code was expected"),
    }
}

#[tokio::test]
async fn a_one_time_code_is_used_once() {
    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    for d in testing::databases().await {
        let (platform, clock) = platform(&d.url).await;
        let staff = staff_member(&platform, true).await;
        staff_account(&platform, staff, Some(SECRET)).await;
        let secret = TotpSecret::from_base32(SECRET).unwrap();
        let code = secret.code_at(platform.now()).unwrap();
        let nobody = Client::default();

        let first = challenge(&platform).await;
        assert!(actor(&platform, &first).await.is_none(), "{}: the challenge is no session", d.engine);
        let wrong = if code == "000000" { "000001" } else { "000000" };
        assert_eq!(sign_in_with_code(&platform, &first, wrong, &nobody).await.err().unwrap().fields()[0].field, "code");
        let ticket = sign_in_with_code(&platform, &first, &code, &nobody).await.unwrap();
        assert!(actor(&platform, &ticket.token).await.is_some());
        assert_eq!(sign_in_with_code(&platform, &first, &code, &nobody).await.err().unwrap().code(), "identity.sign_in_again", "a challenge is used up");

        let second = challenge(&platform).await;
        assert_eq!(sign_in_with_code(&platform, &second, &code, &nobody).await.err().unwrap().fields()[0].field, "code", "replay");
        clock.advance(Duration::seconds(30));
        sign_in_with_code(&platform, &second, &secret.code_at(platform.now()).unwrap(), &nobody).await.unwrap();

        let late = challenge(&platform).await;
        clock.advance(Duration::minutes(5));
        let refused = sign_in_with_code(&platform, &late, &secret.code_at(platform.now()).unwrap(), &nobody).await.err().unwrap();
        assert_eq!(refused.code(), "identity.sign_in_again");

        let guessed = challenge(&platform).await;
        for _ in 0..5 {
            sign_in_with_code(&platform, &guessed, "abc", &nobody).await.err().unwrap();
        }
        let locked = sign_in_with_code(&platform, &guessed, &secret.code_at(platform.now()).unwrap(), &nobody).await.err().unwrap();
        assert_eq!(locked.kind(), Kind::TooMany, "guessing codes locks too");
    }
}

#[tokio::test]
async fn a_secret_holds_only_once_confirmed() {
    for d in testing::databases().await {
        let (platform, clock) = platform(&d.url).await;
        let staff = staff_member(&platform, true).await;
        staff_account(&platform, staff, None).await;
        let me = enter(&platform, "demo.1001", PASSWORD).await.unwrap().session.actor;
        assert_eq!(enrol_totp(&platform, &me, "wrong").await.err().unwrap().fields()[0].field, "totp_password");
        let enrolment = enrol_totp(&platform, &me, PASSWORD).await.unwrap();
        assert!(enrolment.url.starts_with("otpauth://totp/"), "{}", d.engine);
        enter(&platform, "demo.1001", PASSWORD).await.expect("not confirmed: no code asked");
        assert!(!identity::totp_enrolled(&platform, &me).await.unwrap());
        assert_eq!(confirm_totp(&platform, &me, "abc").await.unwrap_err().fields()[0].field, "code");
        let secret = TotpSecret::from_base32(&enrolment.secret).unwrap();
        let code = secret.code_at(platform.now()).unwrap();
        confirm_totp(&platform, &me, &code).await.unwrap();
        let pending = challenge(&platform).await;
        assert!(sign_in_with_code(&platform, &pending, &code, &Client::default()).await.is_err(), "the code that confirmed is spent");
        clock.advance(Duration::seconds(30));
        sign_in_with_code(&platform, &pending, &secret.code_at(platform.now()).unwrap(), &Client::default()).await.unwrap();
    }
}

#[tokio::test]
async fn recovery_codes_work_once_count_as_tries_and_can_be_renewed() {
    for d in testing::databases().await {
        let (platform, clock) = platform(&d.url).await;
        let staff = staff_member(&platform, true).await;
        staff_account(&platform, staff, None).await;
        let me = enter(&platform, "demo.1001", PASSWORD).await.unwrap().session.actor;
        let no_factor = renew_recovery_codes(&platform, &me, PASSWORD).await.unwrap_err();
        assert_eq!(no_factor.code(), "identity.no_totp");
        let secret = TotpSecret::from_base32(&enrol_totp(&platform, &me, PASSWORD).await.unwrap().secret).unwrap();
        let codes = confirm_totp(&platform, &me, &secret.code_at(platform.now()).unwrap()).await.unwrap();
        let with = async |code: &str| sign_in_with_code(&platform, &challenge(&platform).await, code, &Client::default()).await;
        with(&codes[0]).await.unwrap();
        assert_eq!(with(&codes[0]).await.err().unwrap().fields()[0].field, "code", "{}: once", d.engine);
        with(&codes[1].replace('-', "").to_lowercase()).await.unwrap();
        assert_eq!(recovery_codes_left(&platform, &me).await.unwrap(), 8);

        // of two that come at the same moment one wins
        let (a, b) = (challenge(&platform).await, challenge(&platform).await);
        let client = Client::default();
        let (first, second) = tokio::join!(sign_in_with_code(&platform, &a, &codes[2], &client), sign_in_with_code(&platform, &b, &codes[2], &client));
        assert!(first.is_ok() != second.is_ok(), "{}", d.engine);

        let fresh = renew_recovery_codes(&platform, &me, PASSWORD).await.unwrap();
        assert!(with(&codes[3]).await.is_err(), "the old set is void");
        with(&fresh[0]).await.unwrap();
        let entries = journal::entries(platform.db.read(), platform_account(&me)).await.unwrap();
        assert_eq!(entries.iter().filter(|e| e.act == "identity.recovery_code").count(), 4);
        assert!(entries.iter().all(|e| !fresh.iter().any(|code| e.data.to_string().contains(code.as_str()))), "never written down");

        // guessing is counted like wrong passwords
        let pending = challenge(&platform).await;
        for _ in 0..5 {
            assert!(sign_in_with_code(&platform, &pending, "AAAAA-AAAAA", &Client::default()).await.is_err());
        }
        assert_eq!(sign_in_with_code(&platform, &pending, &fresh[1], &Client::default()).await.err().unwrap().kind(), Kind::TooMany, "{}", d.engine);
        clock.advance(Duration::minutes(31));
        with(&fresh[1]).await.unwrap();
    }
}

fn platform_account(actor: &Actor) -> Uuid {
    match actor {
        Actor::Staff(staff) => staff.account,
        _ => panic!("no staff"),
    }
}

#[tokio::test]
async fn an_administrator_takes_a_lost_second_factor_away_and_the_journal_tells() {
    for d in testing::databases().await {
        let (platform, _) = platform(&d.url).await;
        let staff = staff_member(&platform, true).await;
        staff_account(&platform, staff, None).await;
        let ticket = enter(&platform, "demo.1001", PASSWORD).await.unwrap();
        let me = ticket.session.actor.clone();
        let secret = TotpSecret::from_base32(&enrol_totp(&platform, &me, PASSWORD).await.unwrap().secret).unwrap();
        let codes = confirm_totp(&platform, &me, &secret.code_at(platform.now()).unwrap()).await.unwrap();
        let Actor::Staff(own) = &me else { panic!("staff") };
        let admin = |region: &str| {
            let grants = vec![access::Grant { permission: "identity.manage".into(), scope: access::Scope::region(region) }];
            Actor::Staff(access::Staff { staff: Uuid::from_u128(9), grants, ..own.clone() })
        };
        let (here, elsewhere) = (admin("4503"), admin("4504"));
        assert_eq!(reset_second_factor(&platform, &me, staff, "手机丢失").await.unwrap_err().kind(), Kind::Forbidden, "{}", d.engine);
        assert_eq!(reset_second_factor(&platform, &elsewhere, staff, "手机丢失").await.unwrap_err().kind(), Kind::Forbidden);
        let myself = Actor::Staff(access::Staff { staff, ..match &here { Actor::Staff(s) => s.clone(), _ => unreachable!() } });
        assert_eq!(reset_second_factor(&platform, &myself, staff, "手机丢失").await.unwrap_err().code(), "identity.own_reset");
        reset_second_factor(&platform, &here, staff, "手机丢失，已核对身份证").await.unwrap();
        assert_eq!(reset_second_factor(&platform, &here, staff, "手机丢失").await.unwrap_err().code(), "identity.no_totp");
        assert!(actor(&platform, &ticket.token).await.is_none(), "sessions have ended");
        assert_eq!(recovery_codes_left(&platform, &me).await.unwrap(), 0);
        enter(&platform, "demo.1001", PASSWORD).await.expect("the password alone again");
        let entries = journal::entries(platform.db.read(), own.account).await.unwrap();
        let entry = entries.iter().find(|e| e.act == "identity.reset_second_factor").unwrap();
        assert_eq!((entry.data["reason"].as_str(), entry.actor_id), (Some("手机丢失，已核对身份证"), Some(Uuid::from_u128(9))));
        drop(codes);
    }
}

struct Pair {
    platform: Platform,
    clock: Arc<FixedClock>,
    firm: Ticket,
    person: Ticket,
}

async fn firm_and_person(url: &str) -> Pair {
    let (platform, clock) = platform(url).await;
    register_firm(&platform, &Demonstration, &firm(1)).await.unwrap();
    register_person(&platform, &Demonstration, &person(1)).await.unwrap();
    let firm = enter(&platform, &uscc(1), PASSWORD).await.unwrap();
    let person = enter(&platform, &citizen(1), PASSWORD).await.unwrap();
    Pair { platform, clock, firm, person }
}

fn agent(n: u32, until: NaiveDate) -> NewAgent {
    NewAgent { name: person(n).name, id_number: citizen(n), scope: String::new(), until }
}

#[tokio::test]
async fn an_agent_acts_for_a_firm_until_the_grant_ends() {
    for d in testing::databases().await {
        let Pair { platform, clock, firm, person } = firm_and_person(&d.url).await;
        let firm_party = firm.session.actor.party().unwrap().party;
        let me = person.session.actor.clone();
        let tomorrow = platform.today() + Duration::days(1);
        assert_eq!(act_for(&platform, &me, person.session.id, Some(firm_party)).await.unwrap_err().kind(), Kind::NotFound, "no grant yet");
        grant_agent(&platform, &firm.session.actor, &agent(1, tomorrow)).await.unwrap();
        act_for(&platform, &me, person.session.id, Some(firm_party)).await.unwrap();
        let Some(Actor::Party(acting)) = actor(&platform, &person.token).await else { panic!("{}", d.engine) };
        assert_eq!((acting.party, acting.kind), (firm_party, PartyKind::Firm));
        assert_eq!((acting.name.as_str(), acting.acting.as_deref()), ("演示科技有限公司", Some("演**乙")));
        let agent_of_agent = grant_agent(&platform, &Actor::Party(acting.clone()), &agent(1, tomorrow)).await.unwrap_err();
        assert_eq!(agent_of_agent.kind(), Kind::Forbidden, "an agent makes no agents");

        act_for(&platform, &Actor::Party(acting.clone()), person.session.id, None).await.unwrap();
        assert_eq!(actor(&platform, &person.token).await, Some(me.clone()), "for oneself again");
        act_for(&platform, &me, person.session.id, Some(firm_party)).await.unwrap();

        clock.advance(Duration::days(1));
        let again = enter(&platform, &citizen(1), PASSWORD).await.unwrap();
        act_for(&platform, &again.session.actor, again.session.id, Some(firm_party)).await.expect("the last day counts");
        assert_eq!(actor(&platform, &again.token).await.unwrap().party().unwrap().party, firm_party);
        // Local midnight ends the last day; the session itself lives on.
        clock.advance(Duration::hours(11));
        let later = enter(&platform, &citizen(1), PASSWORD).await.unwrap();
        act_for(&platform, &later.session.actor, later.session.id, Some(firm_party)).await.unwrap();
        clock.advance(Duration::hours(1));
        assert_eq!(actor(&platform, &later.token).await.unwrap().party().unwrap().acting, None, "the grant is over");
        let refused = act_for(&platform, &later.session.actor, later.session.id, Some(firm_party)).await.unwrap_err();
        assert_eq!(refused.kind(), Kind::NotFound);
        let chain = journal::entries(platform.db.read(), acting.account).await.unwrap();
        assert_eq!(chain.iter().filter(|e| e.act == "identity.act_for").count(), 5, "every switch is in the journal");
    }
}

#[tokio::test]
async fn a_revoked_grant_ends_at_once() {
    for d in testing::databases().await {
        let Pair { platform, firm, person, .. } = firm_and_person(&d.url).await;
        let firm_party = firm.session.actor.party().unwrap().party;
        let grant = grant_agent(&platform, &firm.session.actor, &agent(1, platform.today() + Duration::days(30))).await.unwrap();
        act_for(&platform, &person.session.actor, person.session.id, Some(firm_party)).await.unwrap();
        assert_eq!(actor(&platform, &person.token).await.unwrap().party().unwrap().party, firm_party);
        assert_eq!(revoke_agent(&platform, &person.session.actor, grant).await.unwrap_err().kind(), Kind::Forbidden);
        revoke_agent(&platform, &firm.session.actor, grant).await.unwrap();
        assert_eq!(actor(&platform, &person.token).await.unwrap().party().unwrap().acting, None, "{}", d.engine);
        assert_eq!(revoke_agent(&platform, &firm.session.actor, grant).await.unwrap_err().kind(), Kind::NotFound);
    }
}

#[tokio::test]
async fn only_registered_persons_become_agents_and_not_for_ever() {
    let d = testing::sqlite();
    let Pair { platform, firm, person: registered, .. } = firm_and_person(&d.url).await;
    let soon = platform.today() + Duration::days(30);
    let wish = async |new: NewAgent| grant_agent(&platform, &firm.session.actor, &new).await.unwrap_err();
    let unknown = wish(agent(2, soon)).await;
    let misnamed = wish(NewAgent { name: "演示别人".into(), ..agent(1, soon) }).await;
    assert_eq!(unknown.fields(), misnamed.fields(), "nobody learns who is registered");
    for until in [platform.today(), platform.today() + Duration::days(3 * 365 + 1)] {
        assert_eq!(wish(agent(1, until)).await.fields()[0].field, "until");
    }
    let forbidden = grant_agent(&platform, &registered.session.actor, &agent(1, soon)).await.unwrap_err();
    assert_eq!(forbidden.kind(), Kind::Forbidden, "a person grants nothing");
}

#[tokio::test]
async fn too_many_tries_from_one_address_are_stopped() {
    let d = testing::sqlite();
    let (platform, _) = platform(&d.url).await;
    let client = Client { address: "203.0.113.200".into(), device: String::new() };
    // Second steps without a challenge are cheap to try: the brake is the same.
    for _ in 0..60 {
        let refused = sign_in_with_code(&platform, "none", "000000", &client).await.err().unwrap();
        assert_eq!(refused.code(), "identity.sign_in_again");
    }
    let stopped = sign_in(&platform, &citizen(1), PASSWORD, &client).await.err().unwrap();
    assert_eq!(stopped.kind(), Kind::TooMany);
}
