//! The end of an operation of which only an audit entry tells.

use crate::error::DbResult;
use domain::operation::State;
use service::ports::NewAudit;
use sqlx::sqlite::SqliteConnection;

/// Ends the operation of the entry's intent by its outcome, where it has not ended yet.
pub(crate) async fn end_by_entry(tx: &mut SqliteConnection, end: &NewAudit) -> DbResult<()> {
    sqlx::query("UPDATE operation SET state = ?, moved = ? WHERE id = ? AND is_open")
        .bind(State::of_outcome(end.outcome).slug())
        .bind(end.at.0)
        .bind(end.intent)
        .execute(tx)
        .await?;
    Ok(())
}
