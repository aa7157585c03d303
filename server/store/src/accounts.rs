//! Users.

use crate::open::{SqliteStore, broken, column, damaged, touched};
use domain::account::User;
use domain::{UnixMs, Username};
use service::ports::{StoreError, StoreResult, UserState};
use sqlx::sqlite::SqliteRow;

const MAX_USERS: i64 = 10_000;
pub(crate) const COLUMNS: &str =
    "user.id AS user_id, user.name, user.display, user.admin, user.disabled, user.created AS user_created, user.last_seen AS user_last_seen";

pub(crate) fn user(row: &SqliteRow) -> StoreResult<User> {
    let name: String = column(row, "name")?;
    Ok(User {
        id: column(row, "user_id")?,
        name: Username::parse(name).map_err(|_| damaged("user name"))?,
        display: column(row, "display")?,
        admin: column(row, "admin")?,
        disabled: column(row, "disabled")?,
        created: UnixMs(column(row, "user_created")?),
        last_seen: column::<Option<i64>>(row, "user_last_seen")?.map(UnixMs),
    })
}

fn with_hash(row: &SqliteRow) -> StoreResult<(User, String)> {
    Ok((user(row)?, column(row, "phc")?))
}

impl SqliteStore {
    pub(crate) async fn user_count(&self) -> StoreResult<u64> {
        let count: i64 = sqlx::query_scalar("SELECT count(*) FROM user").fetch_one(&self.readers).await.map_err(broken)?;
        Ok(count.unsigned_abs())
    }

    /// `only_first`: where there is any user already, nothing is made. The condition is part of the one statement,
    /// so two racing set-ups make one admin.
    pub(crate) async fn insert_user(&self, name: &Username, display: &str, phc: &str, admin: bool, now: UnixMs, only_first: bool) -> StoreResult<User> {
        let made =
            sqlx::query("INSERT INTO user (name, display, phc, admin, created) SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT ?6 OR NOT EXISTS (SELECT 1 FROM user)")
                .bind(name.as_str())
                .bind(display)
                .bind(phc)
                .bind(admin)
                .bind(now.0)
                .bind(only_first)
                .execute(&self.durable)
                .await
                .map_err(broken)?;
        if made.rows_affected() == 0 {
            return Err(StoreError::Exists);
        }
        Ok(User { id: made.last_insert_rowid(), name: name.clone(), display: display.to_owned(), admin, disabled: false, created: now, last_seen: None })
    }

    pub(crate) async fn all_users(&self) -> StoreResult<Vec<User>> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM user ORDER BY name LIMIT {MAX_USERS}")))
            .fetch_all(&self.readers)
            .await
            .map_err(broken)?;
        rows.iter().map(user).collect()
    }

    pub(crate) async fn find_user_by_name(&self, name: &Username) -> StoreResult<Option<(User, String)>> {
        let sql = format!("SELECT {COLUMNS}, phc FROM user WHERE name = ?");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(name.as_str()).fetch_optional(&self.readers).await.map_err(broken)?;
        row.as_ref().map(with_hash).transpose()
    }

    pub(crate) async fn find_user_by_id(&self, id: i64) -> StoreResult<Option<(User, String)>> {
        let sql = format!("SELECT {COLUMNS}, phc FROM user WHERE id = ?");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(&self.readers).await.map_err(broken)?;
        row.as_ref().map(with_hash).transpose()
    }

    pub(crate) async fn store_password(&self, id: i64, phc: &str) -> StoreResult<()> {
        let done = sqlx::query("UPDATE user SET phc = ? WHERE id = ?").bind(phc).bind(id).execute(&self.durable).await.map_err(broken)?;
        touched(&done)
    }

    pub(crate) async fn change_user(&self, id: i64, from: Option<&UserState>, to: &UserState) -> StoreResult<()> {
        let mut tx = self.durable.begin_with("BEGIN IMMEDIATE").await.map_err(broken)?;
        let now: Option<(String, bool, bool)> =
            sqlx::query_as("SELECT display, admin, disabled FROM user WHERE id = ?").bind(id).fetch_optional(&mut *tx).await.map_err(broken)?;
        let (display, admin, disabled) = now.ok_or(StoreError::Missing)?;
        if from.is_some_and(|from| *from != UserState { display, admin, disabled }) {
            return Err(StoreError::Changed);
        }
        let done = sqlx::query("UPDATE user SET display = ?, admin = ?, disabled = ? WHERE id = ?")
            .bind(&to.display)
            .bind(to.admin)
            .bind(to.disabled)
            .bind(id)
            .execute(&mut *tx)
            .await
            .map_err(broken)?;
        touched(&done)?;
        let admins: i64 = sqlx::query_scalar("SELECT count(*) FROM user WHERE admin = 1 AND disabled = 0").fetch_one(&mut *tx).await.map_err(broken)?;
        if admins == 0 {
            // Nobody could manage the portal any more. The transaction rolls back when it is dropped.
            return Err(StoreError::Exists);
        }
        tx.commit().await.map_err(broken)
    }
}
