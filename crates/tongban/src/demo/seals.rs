//! Seals of the demonstration's bodies: applied for by one person, made by another.

use access::Actor;
use base::{Error, Result};
use catalog::Implementer;
use chrono::Days;
use organization::{staff_actor, staff_by_work_no};
use platform::Platform;
use seals::SealKind;
use seals::service::{Application, apply, hold, make};

use super::people::LOADER;
use crate::compose::MovableClock;

/// Days before today from which they hold: earlier than the first case.
const SINCE: u64 = 400;
/// The body with every kind of seal, and an officer who may use two of them by hand.
const FULL: &str = "桂林市市场监督管理局";

/// Makes an approval seal for every body, the other kinds for one; returns how many.
///
/// # Errors
/// When a service refuses.
pub(super) async fn load(platform: &Platform, clock: &MovableClock, bodies: &[Implementer]) -> Result<usize> {
    let day = platform.today().checked_sub_days(Days::new(SINCE)).ok_or_else(|| Error::internal("no such day"))?;
    let before = clock.standing();
    clock.set(Some(journal::start_of_day(day)));
    let loaded = make_all(platform, bodies).await;
    clock.set(before);
    loaded
}

async fn make_all(platform: &Platform, bodies: &[Implementer]) -> Result<usize> {
    let missing = || Error::internal("no demonstration seal authority");
    let conn = platform.db.read();
    let authority = staff_by_work_no(conn, "sealer01").await?.ok_or_else(missing)?;
    let authority = Actor::Staff(staff_actor(conn, authority).await?.ok_or_else(missing)?);
    let mut made = 0;
    for (n, body) in bodies.iter().enumerate() {
        let kinds = if body.name == FULL { &SealKind::ALL[..] } else { &[SealKind::Approval] };
        for kind in kinds {
            let application = Application {
                body: body.id,
                kind: kind.as_str().into(),
                purposes: kind.purposes().iter().map(|purpose| purpose.as_str().to_owned()).collect(),
                automatic: true,
                physical_no: if *kind == SealKind::Licence { String::new() } else { format!("演示备案{:04}-{}", n + 1, if *kind == SealKind::Official { 1 } else { 2 }) },
                grounds: format!("办理政务服务事项，需要{}", kind.name()),
            };
            let key = format!("demonstration {} {}", body.id, kind.as_str());
            let seal = apply(platform, &LOADER, &application, &key).await?;
            make(platform, &authority, seal, 1, "同意制作", &key).await?;
            if body.name == FULL && *kind != SealKind::Licence {
                hold(platform, &LOADER, seal, "seal01", "").await?;
            }
            made += 1;
        }
    }
    Ok(made)
}
