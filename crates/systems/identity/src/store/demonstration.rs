use base::Result;
use db::Tx;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};

use super::execute;

/// An account of the demonstration, listed on the sign-in page. Synthetic; never there in production.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct DemonstrationAccount {
    /// What to type.
    pub login: String,
    /// Its password.
    pub password: String,
    /// Who it is.
    pub label: String,
}

pub(crate) async fn demonstration_accounts(conn: &impl ConnectionTrait) -> Result<Vec<DemonstrationAccount>> {
    let sql = "SELECT login, password, label FROM demonstration_account ORDER BY position, login LIMIT 50";
    Ok(DemonstrationAccount::find_by_statement(Statement::from_string(conn.get_database_backend(), sql)).all(conn).await?)
}

pub(crate) async fn put_demonstration_account(tx: &Tx, account: &DemonstrationAccount, position: i32) -> Result<()> {
    let sql = "INSERT INTO demonstration_account (login, password, label, position) VALUES ($1, $2, $3, $4)
               ON CONFLICT (login) DO UPDATE SET password = excluded.password, label = excluded.label, position = excluded.position";
    let values = [account.login.as_str().into(), account.password.as_str().into(), account.label.as_str().into(), position.into()];
    execute(tx, sql, values).await.map(|_| ())
}
