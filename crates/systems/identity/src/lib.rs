//! Who somebody is: parties, accounts, sessions, and agents who act for a firm.
//!
//! A party (办事主体) is known by one number, and one number is one party (R32); it may have one account, and staff have
//! accounts of their own kind. Personal data is sealed at rest and found by keyed hash. Signing in costs an attacker the
//! same work and gives the same answer whether the account exists or not; five failures lock it for half an hour.
//! A session is a random token of which only the SM3 hash is stored; [`Authenticator`] finds it with one query and keeps
//! the answer for five seconds.
//!
//! No population register is called here: [`RealNameCheck`] is where a real one is attached, and its
//! [`Demonstration`] judges plausibility only, which gives the lowest level of assurance, L1 (M-PLAT-01.06).

pub mod model;
pub mod permissions;
pub mod service;

mod pages;
mod store;

pub use model::{AccountKind, Assurance, TotpSecret};
pub use service::{
    Agency, Authenticator, Client, Demonstration, Enrolment, MaskedParty, NewAgent, NewFirm, NewParty, NewPerson, PartyProfile, RealNameCheck,
    SessionInfo, SignIn, Ticket, act_for, add_demonstration_account, agencies, agents, change_password, confirm_totp, create_staff_account,
    enrol_totp, enrol_totp_first, find_or_create_parties, find_or_create_party, grant_agent, masked_party, open_staff_account, party, recovery_codes_left, register_firm,
    register_person, renew_recovery_codes, reset_second_factor, reset_staff_password, revoke_agent, revoke_session, sessions, sign_in, sign_in_with_code, sign_out, totp_enrolled,
};
pub use store::{DemonstrationAccount, migrations};

use system::{Duty, System};

/// The system, for the composition.
pub fn system() -> System {
    System {
        name: "identity",
        migrations: Some(store::migrations()),
        routes: pages::routes(),
        nav: pages::nav(),
        permissions: permissions::ALL,
        duties: vec![Duty { name: "identity.sessions", every_seconds: 3600, run: |platform| Box::pin(service::forget_sessions(platform)) }],
        ..System::default()
    }
}
