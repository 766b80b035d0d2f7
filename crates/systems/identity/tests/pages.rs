//! The pages over HTTP: signing in as a browser does, without JavaScript.

mod common;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use identity::{Authenticator, Demonstration, NewPerson, register_person};
use organization::service::{self as bodies, NewBody, NewStaff};
use platform::{SecondFactor, Settings};
use tower::ServiceExt;
use web::{App, router};

/// A browser: cookies and the last page.
struct Browser {
    router: Router,
    cookies: Vec<(String, String)>,
    status: StatusCode,
    location: String,
    page: String,
}

impl Browser {
    async fn go(&mut self, method: &str, path: &str, body: String) {
        let cookies: Vec<String> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, cookies.join("; "))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        for set in response.headers().get_all(header::SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        self.status = response.status();
        self.location = response.headers().get(header::LOCATION).map(|l| l.to_str().unwrap().to_owned()).unwrap_or_default();
        self.page = String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap();
    }

    async fn get(&mut self, path: &str) {
        self.go("GET", path, String::new()).await;
    }

    /// Sends the form of the last page that posts to `action`.
    async fn send(&mut self, action: &str, fields: &[(&str, &str)]) {
        let at = self.page.find(&format!("action=\"{action}\"")).unwrap_or_else(|| panic!("no form for {action}: {}", self.page));
        let rest = &self.page[at..];
        let token = rest.split("name=\"_token\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let pairs: Vec<(&str, &str)> = std::iter::once(("_token", token)).chain(fields.iter().copied()).collect();
        let body = serde_urlencoded::to_string(pairs).unwrap();
        self.go("POST", action, body).await;
    }
}

async fn browser(url: &str) -> (Browser, platform::Platform) {
    browser_with(url, SecondFactor::Auto).await
}

async fn browser_with(url: &str, second_factor: SecondFactor) -> (Browser, platform::Platform) {
    let (platform, _) = common::configured(url, Settings { second_factor, ..Settings::default() }).await;
    let organization = organization::system();
    let identity = identity::system();
    let app = App {
        platform: platform.clone(),
        authenticator: Arc::new(Authenticator::new(platform.clone()).guarding([organization.permissions, identity.permissions].concat())),
        nav: Arc::new([organization.nav, identity.nav].concat()),
        regions: Arc::default(),
        version: "test".into(),
    };
    let router = router(app, organization.routes.merge(identity.routes));
    (Browser { router, cookies: vec![], status: StatusCode::OK, location: String::new(), page: String::new() }, platform)
}

const PASSWORD: &str = "Guilin-2026";

#[tokio::test]
async fn a_citizen_registers_signs_in_and_out() {
    let d = testing::sqlite();
    let (mut b, _) = browser(&d.url).await;
    b.get("/register").await;
    assert!(b.page.contains("/register/person") && b.page.contains("/register/firm"));
    b.get("/register/person").await;
    let number = common::citizen(1);
    let mut fields = vec![("name", "演示人甲"), ("id_number", number.as_str()), ("phone", "1380000"), ("password", PASSWORD), ("agreed", "yes")];
    b.send("/register/person", &fields).await;
    assert_eq!(b.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(b.page.contains("请填写 11 位手机号码") && b.page.contains(&number), "what was typed stays");
    assert!(!b.page.contains(PASSWORD), "but not the password");
    fields[2].1 = "13800000001";
    b.send("/register/person", &fields).await;
    assert_eq!((b.status, b.location.as_str()), (StatusCode::SEE_OTHER, "/login"));

    b.get("/my/account").await;
    assert_eq!(b.location, "/login?next=%2Fmy%2Faccount");
    b.get("/login?next=%2Fmy%2Faccount").await;
    b.send("/login", &[("login", &number), ("password", "wrong"), ("next", "/my/account")]).await;
    assert!(b.status == StatusCode::UNPROCESSABLE_ENTITY && b.page.contains("账号或密码不正确"));
    b.send("/login", &[("login", &number), ("password", PASSWORD), ("next", "https://evil.example")]).await;
    assert_eq!(b.location, "/my", "no open redirect");
    b.get("/my/account").await;
    assert!(b.status == StatusCode::OK && b.page.contains("演**甲") && !b.page.contains(&number), "{}", b.page);
    b.get("/login").await;
    assert_eq!(b.location, "/my", "signed in already");
    b.get("/work/organization").await;
    assert_eq!(b.status, StatusCode::FORBIDDEN);
    b.get("/my/account").await;
    b.send("/logout", &[]).await;
    assert_eq!(b.location, "/");
    b.get("/my/account").await;
    assert_eq!(b.location, "/login?next=%2Fmy%2Faccount");
}

#[tokio::test]
async fn an_administrator_runs_a_body_and_a_colleague_signs_in_with_a_code() {
    let d = testing::sqlite();
    let (mut b, platform) = browser(&d.url).await;
    let seed = access::Actor::System("test");
    let tx = platform.db.begin().await.unwrap();
    organization::load_regions(&tx, "code,name\n450000000000,广西壮族自治区\n450300000000,桂林市\n").await.unwrap();
    let body = NewBody { uscc: common::uscc(1), name: "演示局".into(), region: "450300000000".into(), ..NewBody::default() };
    let body = bodies::create_body(&platform, &tx, &seed, &body).await.unwrap();
    let boss = bodies::create_staff(&platform, &tx, &seed, &NewStaff { body, name: "演示管理员".into(), work_no: "9001".into(), own_party: None }).await.unwrap();
    let post = bodies::create_post_from(&platform, &tx, &seed, body, organization::template("administrator").unwrap()).await.unwrap();
    let assignment = bodies::Assignment { staff: boss, post, from: platform.today(), on_the_spot: false };
    bodies::assign_post(&platform, &tx, &seed, &assignment).await.unwrap();
    identity::create_staff_account(&platform, &tx, boss, "boss", PASSWORD, None).await.unwrap();
    tx.commit().await.unwrap();

    b.get("/login").await;
    b.send("/login", &[("login", "boss"), ("password", PASSWORD)]).await;
    assert_eq!(b.location, "/work");
    b.get("/work/organization?q=%E6%BC%94%E7%A4%BA").await;
    assert!(b.page.contains("演示局"), "{}", b.page);
    b.get("/work/organization/bodies/new").await;
    b.send("/work/organization/bodies/new", &[("uscc", &common::uscc(2)), ("name", "演示二局"), ("region", "450300000000")]).await;
    assert_eq!(b.status, StatusCode::SEE_OTHER, "{}", b.page);

    let page = format!("/work/organization/bodies/{body}");
    b.get(&page).await;
    b.send(&format!("{page}/staff"), &[("staff_name", "演示员"), ("work_no", "1001")]).await;
    assert_eq!(b.location, page, "{}", b.page);
    b.get(&page).await;
    b.send(&format!("{page}/staff"), &[("staff_name", "演示员"), ("work_no", "1001")]).await;
    assert!(b.status == StatusCode::UNPROCESSABLE_ENTITY && b.page.contains("工号 1001 已经有人使用"));
    b.send(&format!("{page}/posts"), &[("template", "handler")]).await;
    assert_eq!(b.status, StatusCode::SEE_OTHER, "{}", b.page);
    b.get(&page).await;
    assert!(b.page.contains("承办人") && b.page.contains("cases.handle（本单位）"));
    b.send(&format!("{page}/windows"), &[("window_name", "1 号窗口"), ("kind", "general")]).await;
    b.get(&page).await;
    assert!(b.page.contains("桂林市政务服务中心"));
    let colleague = organization::staff_by_work_no(platform.db.read(), "1001").await.unwrap().unwrap();
    b.send(&format!("{page}/assignments"), &[("staff", &colleague.to_string()), ("post", &post.to_string())]).await;
    assert_eq!(b.status, StatusCode::SEE_OTHER, "{}", b.page);
    b.get(&page).await;
    b.send(&format!("{page}/assignments"), &[("staff", &boss.to_string()), ("post", &post.to_string())]).await;
    assert!(b.page.contains("不能给自己安排岗位"));

    b.get("/work/accounts").await;
    b.send("/work/accounts/open", &[("work_no", "1001"), ("login", "demo.1001"), ("password", PASSWORD)]).await;
    assert_eq!(b.status, StatusCode::SEE_OTHER, "{}", b.page);
    b.get("/work/account").await;
    b.send("/logout", &[]).await;

    b.get("/login").await;
    b.send("/login", &[("login", "demo.1001"), ("password", PASSWORD)]).await;
    b.get("/work/account").await;
    b.send("/work/second-factor/start", &[("totp_password", "wrong")]).await;
    assert!(b.status == StatusCode::UNPROCESSABLE_ENTITY && !b.page.contains("动态码二维码"), "the password is asked for");
    b.send("/work/second-factor/start", &[("totp_password", PASSWORD)]).await;
    assert_eq!(b.location, "/work/second-factor");
    b.get("/work/second-factor").await;
    assert!(b.page.contains("动态码二维码") && b.status == StatusCode::OK);
    let secret = b.page.split("facts__value\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let secret = identity::TotpSecret::from_base32(&secret).unwrap();
    b.send("/work/second-factor/confirm", &[("code", "000")]).await;
    assert!(b.status == StatusCode::UNPROCESSABLE_ENTITY && b.page.contains("动态码二维码"), "the drawing is shown again");
    b.send("/work/second-factor/confirm", &[("code", &secret.code_at(platform.now()).unwrap())]).await;
    assert!(b.status == StatusCode::OK && b.page.matches("<li><code>").count() == 10, "recovery codes, once: {}", b.page);
    b.get("/work/second-factor").await;
    assert_eq!(b.location, "/work/account", "and never again");
    b.get("/work/account").await;
    b.send("/logout", &[]).await;
    b.get("/login").await;
    b.send("/login", &[("login", "demo.1001"), ("password", PASSWORD)]).await;
    assert!(b.page.contains("输入动态码") && b.location.is_empty());
}

/// An administrator and a colleague of one body, both with accounts, both administrators.
async fn two_administrators(platform: &platform::Platform) -> uuid::Uuid {
    let seed = access::Actor::System("test");
    let tx = platform.db.begin().await.unwrap();
    organization::load_regions(&tx, "code,name\n450000000000,广西壮族自治区\n450300000000,桂林市\n").await.unwrap();
    let body = NewBody { uscc: common::uscc(1), name: "演示局".into(), region: "450300000000".into(), ..NewBody::default() };
    let body = bodies::create_body(platform, &tx, &seed, &body).await.unwrap();
    let post = bodies::create_post_from(platform, &tx, &seed, body, organization::template("administrator").unwrap()).await.unwrap();
    for (work_no, login) in [("9001", "boss"), ("1001", "demo.1001")] {
        let new = NewStaff { body, name: format!("演示{work_no}"), work_no: work_no.into(), own_party: None };
        let staff = bodies::create_staff(platform, &tx, &seed, &new).await.unwrap();
        bodies::assign_post(platform, &tx, &seed, &bodies::Assignment { staff, post, from: platform.today(), on_the_spot: false }).await.unwrap();
        identity::create_staff_account(platform, &tx, staff, login, PASSWORD, None).await.unwrap();
    }
    tx.commit().await.unwrap();
    organization::staff_by_work_no(platform.db.read(), "1001").await.unwrap().unwrap()
}

#[tokio::test]
async fn who_administers_sets_up_a_second_factor_before_anything_else() {
    for d in testing::databases().await {
        let (mut b, platform) = browser_with(&d.url, SecondFactor::Deciders).await;
        let colleague = two_administrators(&platform).await;
        let sign_in = async |b: &mut Browser| {
            b.get("/login").await;
            b.send("/login", &[("login", "demo.1001"), ("password", PASSWORD)]).await;
        };
        sign_in(&mut b).await;
        assert_eq!(b.location, "/work", "{}", d.engine);
        for shut in ["/work", "/work/account", "/work/accounts", "/work/organization", "/my", "/work/second-factors"] {
            b.get(shut).await;
            assert_eq!(b.location, "/work/second-factor", "{}: {shut}", d.engine);
        }
        b.get("/work/second-factor").await;
        assert!(b.page.contains("开始设置") && !b.page.contains("动态码二维码"));
        b.send("/work/second-factor/start", &[]).await;
        assert_eq!(b.location, "/work/second-factor", "no second password: {}", b.page);
        b.get("/work/second-factor").await;
        let secret = b.page.split("facts__value\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
        let secret = identity::TotpSecret::from_base32(&secret).unwrap();
        b.send("/work/second-factor/confirm", &[("code", "000000x")]).await;
        assert_eq!(b.status, StatusCode::UNPROCESSABLE_ENTITY);
        b.get("/work/account").await;
        assert_eq!(b.location, "/work/second-factor", "a wrong code opens nothing");
        b.get("/work/second-factor").await;
        let code = secret.code_at(platform.now()).unwrap();
        b.send("/work/second-factor/confirm", &[("code", &code)]).await;
        let codes: Vec<String> = b.page.split("<li><code>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect();
        assert_eq!(codes.len(), 10, "{}", b.page);
        b.get("/work/account").await;
        assert!(b.status == StatusCode::OK && b.page.contains("还剩 <strong>10</strong> 个"), "{}: everything works now", d.engine);

        // next time with a code; the one that confirmed is spent, a recovery code is good once
        b.send("/logout", &[]).await;
        sign_in(&mut b).await;
        b.send("/login/totp", &[("challenge", &challenge(&b.page)), ("code", &code)]).await;
        assert_eq!(b.status, StatusCode::UNPROCESSABLE_ENTITY);
        b.send("/login/totp", &[("challenge", &challenge(&b.page)), ("code", &codes[0].to_lowercase())]).await;
        assert_eq!(b.location, "/work", "{}", b.page);
        b.get("/work/account").await;
        b.send("/work/second-factor/codes", &[("codes_password", "wrong")]).await;
        assert!(b.status == StatusCode::UNPROCESSABLE_ENTITY && b.page.contains("还剩 <strong>9</strong> 个"));

        // telephone and codes are lost: another administrator helps, with a reason
        let mut boss = Browser { router: b.router.clone(), cookies: vec![], status: StatusCode::OK, location: String::new(), page: String::new() };
        let seed = organization::staff_by_work_no(platform.db.read(), "9001").await.unwrap().unwrap();
        let actor = access::Actor::Staff(organization::staff_actor(platform.db.read(), seed).await.unwrap().unwrap());
        assert_eq!(identity::reset_second_factor(&platform, &actor, colleague, "").await.unwrap_err().fields()[0].field, "reason");
        identity::reset_second_factor(&platform, &actor, colleague, "手机丢失，已当面核对身份证").await.unwrap();
        b.get("/work/account").await;
        assert_eq!(b.location, "/login?next=%2Fwork%2Faccount", "{}: signed out", d.engine);
        boss.get("/login").await;
        boss.send("/login", &[("login", "boss"), ("password", PASSWORD)]).await;
        boss.get("/work/accounts").await;
        assert_eq!(boss.location, "/work/second-factor", "the administrator is bound as well");
        sign_in(&mut b).await;
        assert_eq!(b.location, "/work", "no code is asked");
        b.get("/work").await;
        assert_eq!(b.location, "/work/second-factor", "but a new one must be set up");
    }
}

fn challenge(page: &str) -> String {
    page.split("name=\"challenge\" value=\"").nth(1).unwrap_or_else(|| panic!("{page}")).split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn nobody_is_bound_in_a_demonstration_and_everybody_where_all_are() {
    let d = testing::sqlite();
    let (mut b, platform) = browser(&d.url).await;
    two_administrators(&platform).await;
    b.get("/login").await;
    b.send("/login", &[("login", "boss"), ("password", PASSWORD)]).await;
    b.get("/work/accounts").await;
    assert!(b.status == StatusCode::OK && b.page.contains("重置登录动态码"));
    b.send("/work/accounts/second-factor", &[("work_no", "1001"), ("reason", "手机丢失")]).await;
    assert!(b.page.contains("没有启用登录动态码"), "{}", b.page);
    b.send("/work/accounts/second-factor", &[("work_no", "9001"), ("reason", "手机丢失")]).await;
    assert!(b.page.contains("另一位管理员"), "not the own one");
    for (rule, demonstration, decides, bound) in [
        (SecondFactor::Auto, true, true, false),
        (SecondFactor::Auto, false, true, true),
        (SecondFactor::Auto, false, false, false),
        (SecondFactor::Deciders, true, true, true),
        (SecondFactor::Deciders, true, false, false),
        (SecondFactor::All, true, false, true),
        (SecondFactor::Off, false, true, false),
    ] {
        assert_eq!(rule.binds(demonstration, decides), bound, "{rule:?} {demonstration} {decides}");
    }
}

#[tokio::test]
async fn a_firm_grants_an_agent_who_switches() {
    let d = testing::sqlite();
    let (mut b, platform) = browser(&d.url).await;
    let person = NewPerson {
        name: "演示人甲".into(),
        id_number: common::citizen(1),
        phone: "13800000001".into(),
        password: PASSWORD.into(),
        agreed: true,
        ..NewPerson::default()
    };
    register_person(&platform, &Demonstration, &person).await.unwrap();
    b.get("/register/firm").await;
    let (code, head) = (common::uscc(1), common::citizen(2));
    let fields = [
        ("name", "演示科技有限公司"),
        ("uscc", code.as_str()),
        ("representative", "演示法人"),
        ("representative_number", head.as_str()),
        ("phone", "13900000000"),
        ("password", PASSWORD),
        ("agreed", "yes"),
    ];
    b.send("/register/firm", &fields).await;
    assert_eq!(b.location, "/login", "{}", b.page);
    b.get("/login").await;
    b.send("/login", &[("login", &code), ("password", PASSWORD)]).await;
    b.get("/my/account").await;
    let wish = [("name", "演示人甲"), ("id_number", person.id_number.as_str()), ("until_year", "2027"), ("until_month", "2"), ("until_day", "30")];
    b.send("/my/account/agents", &wish).await;
    assert!(b.page.contains("请填写有效的截止日期"));
    b.send("/my/account/agents", &[&wish[..4], &[("until_day", "28")]].concat()).await;
    assert_eq!(b.location, "/my/account", "{}", b.page);
    b.get("/my/account").await;
    b.send("/logout", &[]).await;

    b.get("/login").await;
    b.send("/login", &[("login", &person.id_number), ("password", PASSWORD)]).await;
    b.get("/my/account").await;
    let firm = b.page.split("name=\"firm\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    b.send("/my/account/act", &[("firm", &firm)]).await;
    assert_eq!(b.location, "/my");
    b.get("/my/account").await;
    assert!(b.page.contains("演**甲 代为办理") && b.page.contains("切换回个人办理"), "{}", b.page);
    b.send("/my/account/act", &[]).await;
    b.get("/my/account").await;
    assert!(!b.page.contains("代为办理"));
}
