//! Failures of the database in the words of the ports.

use domain::storage::StorageTrouble;
use service::ports::{StoreError, StoreResult};
use std::future::Future;

/// Why a call failed.
pub(crate) enum DbError {
    /// The database did not do it.
    Sqlx(sqlx::Error),
    /// The store did not, for a reason that the port knows.
    Port(StoreError),
}

pub(crate) type DbResult<T> = Result<T, DbError>;

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        Self::Sqlx(error)
    }
}

impl From<StoreError> for DbError {
    fn from(error: StoreError) -> Self {
        Self::Port(error)
    }
}

impl From<DbError> for StoreError {
    #[allow(clippy::wildcard_enum_match_arm, reason = "all others of sqlx are a database that failed")]
    fn from(error: DbError) -> Self {
        let error = match error {
            DbError::Port(error) => return error,
            DbError::Sqlx(error) => error,
        };
        match &error {
            sqlx::Error::RowNotFound => Self::Missing,
            sqlx::Error::Database(e) if e.is_unique_violation() => Self::Exists,
            sqlx::Error::Database(e) => match e.code().and_then(|code| code.parse().ok()).and_then(trouble) {
                Some(trouble) => Self::Unwritable(trouble, error.to_string()),
                None => Self::Broken(error.to_string()),
            },
            _ => Self::Broken(error.to_string()),
        }
    }
}

/// Does the work of a method of a port: what fails in it, fails in the words of the port.
pub(crate) async fn answer<T>(work: impl Future<Output = DbResult<T>>) -> StoreResult<T> {
    Ok(work.await?)
}

/// A row holds something that no portal has written.
pub(crate) fn damaged(what: &str) -> DbError {
    StoreError::Broken(format!("the database holds an invalid {what}")).into()
}

/// What lies outside of the portal, by SQLite's extended result code (<https://sqlite.org/rescode.html>).
fn trouble(code: u32) -> Option<StorageTrouble> {
    Some(match (code & 0xff, code) {
        // The file was put elsewhere: a restart opens the one that lies there now.
        (_, 1032) => return None,
        // Full, or no room for the index of the log of writes (SQLITE_IOERR_SHMSIZE).
        (13, _) | (_, 4874) => StorageTrouble::Full,
        (3 | 8, _) => StorageTrouble::ReadOnly,
        (5 | 6, _) => StorageTrouble::Held,
        (10 | 14, _) => StorageTrouble::Failing,
        (11 | 26, _) => StorageTrouble::Damaged,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_restart_mends_is_told_from_what_one_does() {
        let told = [13, 4874, 778, 8, 1032, 5, 517, 11, 26, 14, 1, 19].map(trouble);
        use StorageTrouble::{Damaged, Failing, Full, Held, ReadOnly};
        let expected =
            [Some(Full), Some(Full), Some(Failing), Some(ReadOnly), None, Some(Held), Some(Held), Some(Damaged), Some(Damaged), Some(Failing), None, None];
        assert_eq!(told, expected);
    }
}
