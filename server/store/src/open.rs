//! Opening the database: folder, file mode, pragmas, migrations, pools.

use service::ports::{StoreError, StoreResult};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
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
            std::fs::create_dir_all(folder).map_err(|e| StoreError::Broken(format!("cannot make the folder {}: {e}", folder.display())))?;
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
        MIGRATIONS.run(&durable).await.map_err(|e| StoreError::Broken(format!("cannot bring {} up to date: {e}", path.display())))?;
        let telemetry = pool(options.clone().synchronous(SqliteSynchronous::Normal), 1).await?;
        let readers = pool(options.read_only(true), READERS).await?;
        Ok(Self { durable, telemetry, readers })
    }
}

async fn pool(options: SqliteConnectOptions, size: u32) -> StoreResult<SqlitePool> {
    SqlitePoolOptions::new().max_connections(size).acquire_timeout(BUSY * 2).connect_with(options).await.map_err(broken)
}

/// Password hashes are in the file, so only its owner may read it.
#[cfg(unix)]
fn make_private(path: &Path) -> StoreResult<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let made = std::fs::OpenOptions::new().create_new(true).write(true).mode(0o600).open(path);
    match made {
        Ok(_) => Ok(()),
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(e) => Err(StoreError::Broken(format!("cannot make {}: {e}", path.display()))),
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
        _ => StoreError::Broken(error.to_string()),
    }
}

/// A row holds something that no portal has written.
pub(crate) fn damaged(what: &str) -> StoreError {
    StoreError::Broken(format!("the database holds a {what} that is not one"))
}

/// Nothing changed means there was no such row.
pub(crate) fn touched(result: &sqlx::sqlite::SqliteQueryResult) -> StoreResult<()> {
    if result.rows_affected() == 0 { Err(StoreError::Missing) } else { Ok(()) }
}
