use access::{Actor, Party, PartyKind};
use base::{Error, FieldError, Result, new_id};
use chrono::{Duration, NaiveDate};
use codes::mask;
use journal::Draft;
use platform::Platform;
use serde_json::json;
use uuid::Uuid;

use super::authenticator::{forget_account, forget_all};
use super::parties::NAME;
use crate::model::{CITIZEN, Number};
use crate::store::{self, GrantRow, NewGrant};

/// Longest grant, in days; then the firm decides anew.
const LONGEST_DAYS: i64 = 3 * 365;

/// A person a firm wants to act for it.
#[derive(Clone, Default)]
pub struct NewAgent {
    /// Their name.
    pub name: String,
    /// Their citizen number.
    pub id_number: String,
    /// What they may do, in words; empty for everything.
    pub scope: String,
    /// Last day.
    pub until: NaiveDate,
}

/// A grant, as firm or agent sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agency {
    /// Identifier.
    pub id: Uuid,
    /// The firm's party.
    pub firm: Uuid,
    /// Its name.
    pub firm_name: String,
    /// Masked name of the agent.
    pub agent_name: String,
    /// What they may do, in words.
    pub scope: String,
    /// First day, `2026-11-24`.
    pub from: String,
    /// Last day.
    pub until: String,
    /// Whether it holds today.
    pub holds: bool,
}

fn agency(platform: &Platform, row: GrantRow) -> Result<Agency> {
    let today = platform.today().to_string();
    Ok(Agency {
        holds: row.revoked_at.is_none() && row.from_day <= today && today <= row.until_day,
        id: row.id,
        firm: row.firm_party,
        firm_name: platform.vault.open(NAME, &row.firm_name)?,
        agent_name: row.person_masked,
        scope: row.scope,
        from: row.from_day,
        until: row.until_day,
    })
}

/// The firm that is signed in with its own account: an agent cannot make further agents.
fn firm(actor: &Actor) -> Result<&Party> {
    let party = actor.party()?;
    if party.kind == PartyKind::Firm && party.acting.is_none() {
        return Ok(party);
    }
    Err(Error::forbidden("授权经办人由法人账号办理，请用统一社会信用代码登录后操作。"))
}

/// Grants a registered person to act for the firm until a day. Name and number must both fit, and the answer is the
/// same whichever does not, so that nobody learns who is registered.
///
/// # Errors
/// When it is no firm that asks, or a field is wrong.
pub async fn grant_agent(platform: &Platform, actor: &Actor, new: &NewAgent) -> Result<Uuid> {
    let firm = firm(actor)?;
    let today = platform.today();
    let mut errors = Vec::new();
    if new.until <= today || new.until > today + Duration::days(LONGEST_DAYS) {
        errors.push(FieldError::new("until", "授权截止日期应晚于今天，最长三年，请修改。"));
    }
    if new.scope.chars().count() > 100 {
        errors.push(FieldError::new("scope", "授权事项最多 100 个字，请精简。"));
    }
    let number = match Number::parse(CITIZEN, &new.id_number) {
        Ok(number) => Some(number),
        Err(error) => {
            errors.extend(error.fields().iter().cloned());
            None
        }
    };
    let (true, Some(number)) = (errors.is_empty(), number) else { return Err(Error::invalid(errors)) };
    let unknown = || Error::field("id_number", "没有找到姓名和身份证号码都相符的个人账号。请核对，或请对方先注册个人账号。");
    let now = platform.now();
    let tx = platform.db.begin().await?;
    let person = store::party_by_number(&*tx, platform.vault.index("party.id_number", &number.key())).await?.ok_or_else(unknown)?;
    let named = platform.vault.open(NAME, &person.name_sealed)? == new.name.trim();
    if !named || store::account_of_party(&*tx, person.id).await?.is_none() {
        return Err(unknown());
    }
    let scope = if new.scope.trim().is_empty() { "全部事项" } else { new.scope.trim() };
    let id = new_id();
    let (from, until) = (today.to_string(), new.until.to_string());
    store::insert_grant(&tx, &NewGrant { id, firm: firm.party, person: person.id, scope, from_day: &from, until_day: &until }, now).await?;
    let data = json!({ "grant": id, "agent": mask::name(new.name.trim()), "number": number.masked(), "scope": scope, "until": until });
    journal::append(&tx, firm.account, actor, now, Draft::new("identity.grant_agent", "授权经办人", data)).await?;
    tx.commit().await?;
    Ok(id)
}

/// Ends a grant of the firm at once.
///
/// # Errors
/// When it is not the firm's, or has ended.
pub async fn revoke_agent(platform: &Platform, actor: &Actor, grant: Uuid) -> Result<()> {
    let firm = firm(actor)?;
    let now = platform.now();
    let tx = platform.db.begin().await?;
    if store::revoke_grant(&tx, firm.party, grant, now).await? == 0 {
        return Err(Error::not_found("这条授权已经解除，请刷新页面。"));
    }
    journal::append(&tx, firm.account, actor, now, Draft::new("identity.revoke_agent", "解除经办人授权", json!({ "grant": grant }))).await?;
    tx.commit().await?;
    forget_all();
    Ok(())
}

/// Grants the firm gave, newest first.
///
/// # Errors
/// When it is no firm that asks.
pub async fn agents(platform: &Platform, actor: &Actor) -> Result<Vec<Agency>> {
    let rows = store::grants_of_firm(platform.db.read(), firm(actor)?.party).await?;
    rows.into_iter().map(|row| agency(platform, row)).collect()
}

/// Firms the signed-in person may act for today.
///
/// # Errors
/// When no party is signed in.
pub async fn agencies(platform: &Platform, actor: &Actor) -> Result<Vec<Agency>> {
    let conn = platform.db.read();
    let account = store::account(conn, actor.party()?.account).await?.ok_or_else(Error::unauthenticated)?;
    let own = account.party_id.ok_or_else(Error::unauthenticated)?;
    let rows = store::grants_of_person(conn, own, &platform.today().to_string()).await?;
    rows.into_iter().map(|row| agency(platform, row)).collect()
}

/// The session acts for this firm from now on, or (`None`) for the person again.
///
/// # Errors
/// When no grant of that firm holds today.
pub async fn act_for(platform: &Platform, actor: &Actor, session: Uuid, firm: Option<Uuid>) -> Result<()> {
    let party = actor.party()?;
    let grant = match firm {
        None => None,
        Some(firm) => {
            let held = agencies(platform, actor).await?.into_iter().find(|a| a.firm == firm);
            Some(held.ok_or_else(|| Error::not_found("没有找到这家企业对您的有效授权，请联系企业重新授权。"))?)
        }
    };
    let now = platform.now();
    let tx = platform.db.begin().await?;
    store::set_acting(&tx, session, grant.as_ref().map(|g| g.id)).await?;
    let (label, data) = match &grant {
        Some(grant) => (format!("切换为代“{}”办理", grant.firm_name), json!({ "session": session, "firm": grant.firm, "grant": grant.id })),
        None => ("切换回个人办理".to_owned(), json!({ "session": session })),
    };
    journal::append(&tx, party.account, actor, now, Draft::new("identity.act_for", label, data)).await?;
    tx.commit().await?;
    forget_account(party.account);
    Ok(())
}
