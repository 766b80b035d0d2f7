//! Pages: signing in and out, registering, the account of a party and of a staff member.

mod account;
mod login;
mod manage;
mod parts;
mod register;
mod second_factor;
mod staff_account;

use web::components::Icon;
use web::{Area, NavEntry, Policy, Routes};

use crate::permissions::MANAGE;

const MANAGERS: Policy = Policy::Permission(&[MANAGE]);

/// All routes.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/login", Policy::Public, login::show)
        .post("/login", Policy::Public, login::enter)
        .get("/login/totp", Policy::Public, login::back)
        .post("/login/totp", Policy::Public, login::enter_code)
        .post("/logout", Policy::SignedIn, login::leave)
        .get("/register", Policy::Public, register::choose)
        .get("/register/person", Policy::Public, register::person)
        .post("/register/person", Policy::Public, register::create_person)
        .get("/register/firm", Policy::Public, register::firm)
        .post("/register/firm", Policy::Public, register::create_firm)
        .get("/my/account", Policy::Party, account::show)
        .post("/my/account/password", Policy::Party, account::change_password)
        .post("/my/account/sessions/{id}/revoke", Policy::Party, account::revoke_session)
        .post("/my/account/agents", Policy::Party, account::grant_agent)
        .post("/my/account/agents/{id}/revoke", Policy::Party, account::revoke_agent)
        .post("/my/account/act", Policy::Party, account::act_for)
        .get("/work/account", Policy::Staff, staff_account::show)
        .post("/work/account/password", Policy::Staff, staff_account::change_password)
        .post("/work/account/sessions/{id}/revoke", Policy::Staff, staff_account::revoke_session)
        .get("/work/second-factor", Policy::Staff, second_factor::show)
        .post("/work/second-factor/start", Policy::Staff, second_factor::start)
        .post("/work/second-factor/confirm", Policy::Staff, second_factor::confirm)
        .post("/work/second-factor/codes", Policy::Staff, second_factor::codes)
        .get("/work/accounts", MANAGERS, manage::show)
        .post("/work/accounts/open", MANAGERS, manage::open)
        .post("/work/accounts/reset", MANAGERS, manage::reset)
        .post("/work/accounts/second-factor", MANAGERS, manage::reset_second_factor)
}

/// Entries of the navigation.
pub(crate) fn nav() -> Vec<NavEntry> {
    let entry = |heading, label, href, icon, policy| NavEntry { area: Area::Workbench(heading), label, href, icon, policy };
    vec![
        entry("管理", "工作人员账号", "/work/accounts", Icon::KeyRound, MANAGERS),
        entry("我的", "账号与安全", "/work/account", Icon::Lock, Policy::Staff),
    ]
}
