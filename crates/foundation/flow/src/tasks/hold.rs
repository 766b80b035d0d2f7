//! A process stands still for a while (挂起, 恢复).

use base::{Error, Result};
use chrono::{DateTime, Utc};
use db::{Tx, Write};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

use crate::{Engine, store};

impl Engine {
    /// Stops the process about a record: nobody can act and no timer fires until it is resumed (挂起).
    ///
    /// # Errors
    /// When none runs or it is suspended already.
    pub async fn suspend(&self, tx: &Tx, business: Uuid, now: DateTime<Utc>) -> Result<()> {
        let sql = "UPDATE flow_instance SET suspended_at = $1, version = version + 1 WHERE business = $2 AND ended = FALSE AND suspended_at IS NULL";
        let done = tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, [now.into(), business.into()])).await?;
        if done.rows_affected() == 0 {
            return Err(Error::conflict("flow.not_running", "流程没有在进行，或已经挂起。"));
        }
        self.hold_limits(tx, business, now).await
    }

    /// Lets a suspended process go on (恢复); its timers have as much time left as when it stopped.
    ///
    /// # Errors
    /// When it is not suspended.
    pub async fn resume(&self, tx: &Tx, business: Uuid, now: DateTime<Utc>) -> Result<()> {
        #[derive(FromQueryResult)]
        struct Timer {
            subscription: i64,
            name: String,
        }
        let id = store::running_instance(&**tx, business).await?;
        let row = match id {
            Some(id) => store::instance(&**tx, id).await?,
            None => None,
        };
        let (Some(row), Some(since)) = (row.as_ref(), row.as_ref().and_then(|r| r.suspended_at)) else {
            return Err(Error::conflict("flow.not_suspended", "流程没有挂起。"));
        };
        let backend = tx.get_database_backend();
        let sql = "UPDATE flow_instance SET suspended_at = NULL, version = version + 1 WHERE id = $1 AND version = $2";
        let done = tx.execute_raw(Statement::from_sql_and_values(backend, sql, [row.id.into(), row.version.into()])).await?;
        db::expect_one(done.rows_affected())?;
        let sql = "SELECT subscription, name FROM flow_subscription WHERE instance_id = $1 AND kind = 'timer'";
        let timers = Timer::find_by_statement(Statement::from_sql_and_values(backend, sql, [row.id.into()])).all(&**tx).await?;
        for timer in timers {
            // The key of a timer's job ends in the moment it was set for.
            let due = timer.name.rsplit('/').next().and_then(|t| t.parse().ok()).and_then(DateTime::from_timestamp_micros).unwrap_or(now);
            let due = due + (now - since);
            let subscription = u64::try_from(timer.subscription).unwrap_or_default();
            jobs::cancel(tx, crate::work::TIMER, &timer.name).await?;
            let key = format!("{}/{}", crate::effects::key(row.id, subscription), due.timestamp_micros());
            let payload = serde_json::json!({ "instance": row.id, "subscription": subscription });
            jobs::enqueue(tx, jobs::NewJob::now(crate::work::TIMER, payload, now).at(due).keyed(key.clone()), now).await?;
            let sql = "UPDATE flow_subscription SET name = $1 WHERE instance_id = $2 AND subscription = $3";
            tx.later(Write::new(sql, [key.into(), row.id.into(), timer.subscription.into()])).await?;
        }
        self.run_limits(tx, business, now).await?;
        let subject: crate::Subject = serde_json::from_str(&row.subject)?;
        store::move_open(tx, row.id, subject.due_at).await
    }
}
