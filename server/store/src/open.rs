//! Opening the database: folder, file mode, pragmas, migrations, pools.

use domain::storage::StorageTrouble;
use service::ports::{StoreError, StoreResult};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous};
use sqlx::{Connection as _, Decode, Row as _, Sqlite, Type};
use std::path::Path;
use std::time::Duration;

/// How long a call waits for another process that holds the file.
const BUSY: Duration = Duration::from_secs(5);
const READERS: u32 = 4;

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations");

/// The portal's database.
#[derive(Clone)]
pub struct SqliteStore {
    /// Identity and audit: durable when a call returns.
    pub(crate) durable: SqlitePool,
    /// Samples: the last seconds may be lost in a power cut.
    pub(crate) telemetry: SqlitePool,
    /// Readers never wait for a writer.
    pub(crate) readers: SqlitePool,
}

impl SqliteStore {
    /// Opens the file, makes it and its folder where they are missing, and brings its tables up to date.
    ///
    /// # Errors
    /// The folder cannot be made, the file is no database, or a newer portal has written it.
    pub async fn open(path: &Path) -> StoreResult<Self> {
        if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|e| StoreError::Broken(format!("can't create the folder {}: {e}", folder.display())))?;
        }
        make_private(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .foreign_keys(true)
            .busy_timeout(BUSY)
            .pragma("temp_store", "memory")
            // In KiB, for each of the connections; the file is small and the system caches it as well.
            .pragma("cache_size", "-512");
        let durable = pool(options.clone().synchronous(SqliteSynchronous::Full), 1).await?;
        MIGRATIONS.run(&durable).await.map_err(|e| StoreError::Broken(format!("can't migrate {}: {e}", path.display())))?;
        let telemetry = pool(options.clone().synchronous(SqliteSynchronous::Normal), 1).await?;
        let readers = pool(options.read_only(true), READERS).await?;
        Ok(Self { durable, telemetry, readers })
    }
}

async fn pool(options: SqliteConnectOptions, size: u32) -> StoreResult<SqlitePool> {
    let pool = SqlitePoolOptions::new().max_connections(size).acquire_timeout(BUSY * 2);
    // Opening one takes files that a full disk has no room for, so those that work are kept.
    pool.idle_timeout(None).max_lifetime(None).after_release(|connection, _| Box::pin(still_fit(connection))).connect_with(options).await.map_err(broken)
}

/// Whether a connection that comes back can be given to the next. SQLite ends a transaction by itself where the disk is
/// full or fails; sqlx does not hear of it, counts on, and takes every later transaction of that connection for a nested one.
async fn still_fit(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    // A rollback that a dropped transaction has asked for comes before the answer.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

/// Password hashes are in the file, so only its owner may read it.
#[cfg(unix)]
fn make_private(path: &Path) -> StoreResult<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let made = std::fs::OpenOptions::new().create_new(true).write(true).mode(0o600).open(path);
    match made {
        Ok(_) => Ok(()),
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(e) => Err(StoreError::Broken(format!("can't create {}: {e}", path.display()))),
    }
}

#[cfg(not(unix))]
fn make_private(_path: &Path) -> StoreResult<()> {
    Ok(())
}

/// Every failure of sqlx in the words of the port.
pub(crate) fn broken(error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::RowNotFound => StoreError::Missing,
        sqlx::Error::Database(e) if e.is_unique_violation() => StoreError::Exists,
        sqlx::Error::Database(e) => match e.code().and_then(|code| code.parse().ok()).and_then(trouble) {
            Some(trouble) => StoreError::Unwritable(trouble, error.to_string()),
            None => StoreError::Broken(error.to_string()),
        },
        _ => StoreError::Broken(error.to_string()),
    }
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

/// What a column of a row holds, by its name in the query.
pub(crate) fn column<'r, T: Decode<'r, Sqlite> + Type<Sqlite>>(row: &'r SqliteRow, name: &str) -> StoreResult<T> {
    row.try_get(name).map_err(broken)
}

/// A row holds something that no portal has written.
pub(crate) fn damaged(what: &str) -> StoreError {
    StoreError::Broken(format!("the database holds an invalid {what}"))
}

/// Nothing changed means there was no such row.
pub(crate) fn touched(result: &sqlx::sqlite::SqliteQueryResult) -> StoreResult<()> {
    if result.rows_affected() == 0 { Err(StoreError::Missing) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::UnixMs;
    use service::ports::{Attempts as _, Database as _, NewSession, Sessions as _, Teams as _, Tries};

    #[tokio::test]
    async fn a_transaction_that_sqlite_has_ended_by_itself_leaves_no_broken_connection_behind() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("q.db")).await.unwrap();
        for pool in [&store.durable, &store.telemetry, &store.readers] {
            for _ in 0..READERS {
                let mut tx = pool.begin().await.unwrap();
                // As SQLite does where the disk is full when the transaction is to be committed.
                sqlx::query("ROLLBACK").execute(&mut *tx).await.unwrap();
                tx.commit().await.unwrap_err();
            }
        }
        store.check_writable().await.unwrap();
        store.set_tries("pair", Tries { failed: 1, since: UnixMs(1), blocked_until: UnixMs(2) }).await.unwrap();
        let session = NewSession { token_hash: [7; 32], user_id: 1, created: UnixMs(5), address: String::new(), agent: String::new() };
        store.create_session(&session).await.unwrap_err();
        assert!(store.teams().await.unwrap().is_empty());
        assert_eq!(store.tries("pair").await.unwrap().failed, 1);
    }

    #[test]
    fn what_no_restart_mends_is_told_from_what_one_does() {
        let told = [13, 4874, 778, 8, 1032, 5, 517, 11, 26, 14, 1, 19].map(trouble);
        use StorageTrouble::{Damaged, Failing, Full, Held, ReadOnly};
        let expected =
            [Some(Full), Some(Full), Some(Failing), Some(ReadOnly), None, Some(Held), Some(Held), Some(Damaged), Some(Damaged), Some(Failing), None, None];
        assert_eq!(told, expected);
    }
}
