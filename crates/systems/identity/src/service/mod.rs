//! Use cases.

mod agents;
mod authenticator;
mod hashing;
mod parties;
mod password;
mod registration;
mod sessions;
mod sign_in;
mod staff;
mod throttle;
mod totp;

pub use agents::{Agency, NewAgent, act_for, agencies, agents, grant_agent, revoke_agent};
pub use authenticator::{Authenticator, SET_UP};
pub use parties::{MaskedParty, NewParty, PartyProfile, find_or_create_parties, find_or_create_party, masked_party, party};
pub use password::change_password;
pub use registration::{Demonstration, NewFirm, NewPerson, RealNameCheck, register_firm, register_person};
pub(crate) use sessions::forget_sessions;
pub use sessions::{SessionInfo, revoke_session, sessions, sign_out};
pub use sign_in::{Client, SignIn, Ticket, sign_in, sign_in_with_code};
pub use staff::{add_demonstration_account, create_staff_account, open_staff_account, reset_second_factor, reset_staff_password};
pub use totp::{
    Enrolment, confirm_totp, enrol_totp, enrol_totp_first, pending_enrolment, recovery_codes_left, renew_recovery_codes, totp_enrolled,
};

use access::Actor;
use base::{Error, Result};
use db::Vault;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::store::{self, AccountRow};

/// The account of whoever is signed in.
fn account_id(actor: &Actor) -> Result<Uuid> {
    match actor {
        Actor::Party(party) => Ok(party.account),
        Actor::Staff(staff) => Ok(staff.account),
        _ => Err(Error::unauthenticated()),
    }
}

async fn own_account(conn: &impl ConnectionTrait, actor: &Actor) -> Result<AccountRow> {
    store::account(conn, account_id(actor)?).await?.ok_or_else(Error::unauthenticated)
}

/// Blind index of a login, however it was typed: space around it, full-width and small letters make no difference.
fn login_index(vault: &Vault, login: &str) -> Vec<u8> {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        other => other,
    };
    let login: String = login.chars().filter(|c| !c.is_whitespace()).map(narrow).flat_map(char::to_uppercase).collect();
    vault.index("account.login", &login)
}
