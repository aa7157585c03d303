//! Why a call of the store may fail.

use domain::storage::StorageTrouble;

/// The store did not do what was asked. The text is for the operator's log, never for the wire.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Something by that name exists already.
    #[error("already exists")]
    Exists,
    /// No such row.
    #[error("no such row")]
    Missing,
    /// Somebody else has changed it meanwhile.
    #[error("changed meanwhile")]
    Changed,
    /// The database takes no write for a reason that lies outside of the portal.
    #[error("database, {trouble}: {1}", trouble = .0.slug())]
    Unwritable(StorageTrouble, String),
    /// The portal's way to the database is broken.
    #[error("database: {0}")]
    Broken(String),
}

/// Result of a store call.
pub type StoreResult<T> = Result<T, StoreError>;
