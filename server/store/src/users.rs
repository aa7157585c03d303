//! Users.

use crate::error::{DbResult, answer};
use crate::open::{SqliteStore, touched};
use async_trait::async_trait;
use domain::account::User;
use domain::{UnixMs, Username};
use service::ports::{StoreError, StoreResult, UserState, Users};
use sqlx::{AssertSqlSafe, FromRow};

const MAX_USERS: i64 = 10_000;
/// The columns of a [`UserRow`].
pub(crate) const COLUMNS: &str =
    "user.id AS user_id, user.name, user.display, user.admin, user.disabled, user.created AS user_created, user.last_seen AS user_last_seen";

/// A user beside whatever else a query gives.
#[derive(FromRow)]
pub(crate) struct UserRow {
    user_id: i64,
    #[sqlx(try_from = "String")]
    name: Username,
    display: String,
    admin: bool,
    disabled: bool,
    user_created: i64,
    user_last_seen: Option<i64>,
}

impl From<UserRow> for User {
    fn from(row: UserRow) -> Self {
        Self {
            id: row.user_id,
            name: row.name,
            display: row.display,
            admin: row.admin,
            disabled: row.disabled,
            created: UnixMs(row.user_created),
            last_seen: row.user_last_seen.map(UnixMs),
        }
    }
}

/// A user with the password's PHC string.
#[derive(FromRow)]
struct UserWithHash {
    #[sqlx(flatten)]
    user: UserRow,
    phc: String,
}

/// What may be changed of a user.
#[derive(FromRow)]
struct StateRow {
    display: String,
    admin: bool,
    disabled: bool,
}

#[async_trait]
impl Users for SqliteStore {
    async fn count_users(&self) -> StoreResult<u64> {
        answer(async {
            let count: i64 = sqlx::query_scalar("SELECT count(*) FROM user").fetch_one(&self.readers).await?;
            Ok(count.unsigned_abs())
        })
        .await
    }

    async fn create_first_admin(&self, name: &Username, display: &str, phc: &str, now: UnixMs) -> StoreResult<User> {
        Ok(self.insert_user(name, display, phc, true, now, true).await?)
    }

    async fn create_user(&self, name: &Username, display: &str, phc: &str, admin: bool, now: UnixMs) -> StoreResult<User> {
        Ok(self.insert_user(name, display, phc, admin, now, false).await?)
    }

    async fn users(&self) -> StoreResult<Vec<User>> {
        answer(async {
            let sql = format!("SELECT {COLUMNS} FROM user ORDER BY name LIMIT {MAX_USERS}");
            let rows: Vec<UserRow> = sqlx::query_as(AssertSqlSafe(sql)).fetch_all(&self.readers).await?;
            Ok(rows.into_iter().map(User::from).collect())
        })
        .await
    }

    async fn user_by_name(&self, name: &Username) -> StoreResult<Option<(User, String)>> {
        answer(async {
            let sql = format!("SELECT {COLUMNS}, phc FROM user WHERE name = ?");
            let row: Option<UserWithHash> = sqlx::query_as(AssertSqlSafe(sql)).bind(name.as_str()).fetch_optional(&self.readers).await?;
            Ok(row.map(|row| (row.user.into(), row.phc)))
        })
        .await
    }

    async fn user_by_id(&self, id: i64) -> StoreResult<Option<(User, String)>> {
        answer(async {
            let sql = format!("SELECT {COLUMNS}, phc FROM user WHERE id = ?");
            let row: Option<UserWithHash> = sqlx::query_as(AssertSqlSafe(sql)).bind(id).fetch_optional(&self.readers).await?;
            Ok(row.map(|row| (row.user.into(), row.phc)))
        })
        .await
    }

    async fn set_password(&self, id: i64, phc: &str) -> StoreResult<()> {
        answer(async {
            let done = sqlx::query("UPDATE user SET phc = ? WHERE id = ?").bind(phc).bind(id).execute(&self.durable).await?;
            touched(&done)
        })
        .await
    }

    async fn update_user(&self, id: i64, from: Option<&UserState>, to: &UserState) -> StoreResult<()> {
        answer(async {
            let mut tx = self.durable.begin_with("BEGIN IMMEDIATE").await?;
            let now: Option<StateRow> = sqlx::query_as("SELECT display, admin, disabled FROM user WHERE id = ?").bind(id).fetch_optional(&mut *tx).await?;
            let StateRow { display, admin, disabled } = now.ok_or(StoreError::Missing)?;
            if from.is_some_and(|from| *from != UserState { display, admin, disabled }) {
                return Err(StoreError::Changed.into());
            }
            let done = sqlx::query("UPDATE user SET display = ?, admin = ?, disabled = ? WHERE id = ?")
                .bind(&to.display)
                .bind(to.admin)
                .bind(to.disabled)
                .bind(id)
                .execute(&mut *tx)
                .await?;
            touched(&done)?;
            let admins: i64 = sqlx::query_scalar("SELECT count(*) FROM user WHERE admin = 1 AND disabled = 0").fetch_one(&mut *tx).await?;
            if admins == 0 {
                // Nobody could manage the portal any more. The transaction rolls back when it is dropped.
                return Err(StoreError::Exists.into());
            }
            Ok(tx.commit().await?)
        })
        .await
    }
}

impl SqliteStore {
    /// `only_first`: where there is any user already, nothing is made. The condition is part of the one statement,
    /// so two racing set-ups make one admin.
    async fn insert_user(&self, name: &Username, display: &str, phc: &str, admin: bool, now: UnixMs, only_first: bool) -> DbResult<User> {
        let made =
            sqlx::query("INSERT INTO user (name, display, phc, admin, created) SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT ?6 OR NOT EXISTS (SELECT 1 FROM user)")
                .bind(name.as_str())
                .bind(display)
                .bind(phc)
                .bind(admin)
                .bind(now.0)
                .bind(only_first)
                .execute(&self.durable)
                .await?;
        if made.rows_affected() == 0 {
            return Err(StoreError::Exists.into());
        }
        Ok(User { id: made.last_insert_rowid(), name: name.clone(), display: display.to_owned(), admin, disabled: false, created: now, last_seen: None })
    }
}
