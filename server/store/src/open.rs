//! Opening the database: folder, file mode, pragmas, migrations, pools.

use crate::error::DbResult;
use service::ports::{StoreError, StoreResult};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteQueryResult, SqliteRow, SqliteSynchronous};
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

async fn pool(options: SqliteConnectOptions, size: u32) -> DbResult<SqlitePool> {
    let pool = SqlitePoolOptions::new().max_connections(size).acquire_timeout(BUSY * 2);
    // Opening one takes files that a full disk has no room for, so those that work are kept.
    Ok(pool.idle_timeout(None).max_lifetime(None).after_release(|connection, _| Box::pin(still_fit(connection))).connect_with(options).await?)
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

/// What a column of a row holds, by its name in the query.
pub(crate) fn column<'r, T: Decode<'r, Sqlite> + Type<Sqlite>>(row: &'r SqliteRow, name: &str) -> DbResult<T> {
    Ok(row.try_get(name)?)
}

/// Nothing changed means there was no such row.
pub(crate) fn touched(result: &SqliteQueryResult) -> DbResult<()> {
    if result.rows_affected() == 0 { Err(StoreError::Missing.into()) } else { Ok(()) }
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
}
