//! A row of the table of operations.

use crate::audit_log;
use crate::error::{DbResult, damaged};
use crate::open::column;
use domain::english::audit::deed_before_codes;
use domain::operation::{Operation, OperationId, Progress, Reason, State};
use domain::{AppId, Kind, Namespace, UnixMs, WorkloadName};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use service::ports::{NewAudit, Unsettled};
use sqlx::sqlite::SqliteRow;

/// A value as the table keeps it.
pub(super) fn written(value: &impl Serialize) -> DbResult<String> {
    serde_json::to_string(value).map_err(|_| damaged("operation"))
}

fn read<T: DeserializeOwned>(text: &str) -> DbResult<T> {
    serde_json::from_str(text).map_err(|_| damaged("operation"))
}

/// The operation itself, of all its columns and the `actor` of its intent.
pub(super) fn operation(row: &SqliteRow) -> DbResult<Operation> {
    let name = |column_name| -> DbResult<String> { column(row, column_name) };
    let verdict: Option<&str> = column(row, "verdict")?;
    let applied: Option<&str> = column(row, "applied")?;
    let why: Option<&str> = column(row, "why")?;
    Ok(Operation {
        id: OperationId(column(row, "id")?),
        app: AppId {
            namespace: Namespace::parse(name("namespace")?).map_err(|_| damaged("operation"))?,
            kind: Kind::from_slug(column(row, "kind")?).ok_or_else(|| damaged("operation"))?,
            name: WorkloadName::parse(name("name")?).map_err(|_| damaged("operation"))?,
        },
        user_id: column(row, "user_id")?,
        by: name("actor")?,
        why: why.and_then(Reason::of),
        work: read(column(row, "work")?)?,
        state: State::from_slug(column(row, "state")?).ok_or_else(|| damaged("operation"))?,
        undo: column(row, "undo")?,
        begun: UnixMs(column(row, "begun")?),
        moved: UnixMs(column(row, "moved")?),
        progress: progress(column(row, "progress")?)?,
        applied: applied.map(read).transpose()?,
        verdict: verdict.map(read).transpose()?,
    })
}

/// Lines that another version wrote and this one doesn't know are left out.
fn progress(text: &str) -> DbResult<Vec<Progress>> {
    let lines: Vec<Value> = read(text)?;
    Ok(lines.into_iter().filter_map(|line| serde_json::from_value(line).ok()).collect())
}

/// The operation with its whole intent.
pub(super) fn unsettled(row: &SqliteRow) -> DbResult<Unsettled> {
    let operation = operation(row)?;
    let detail: &str = column(row, "detail")?;
    let (deed, detail) = match audit_log::deed(row)? {
        Some(deed) => (deed, detail),
        None => (deed_before_codes(&operation.app, &operation.work, detail), ""),
    };
    let intent = NewAudit {
        at: UnixMs(column(row, "at")?),
        actor: operation.by.clone(),
        address: column(row, "address")?,
        deed,
        outcome: audit_log::outcome(row)?,
        detail: detail.to_owned(),
        intent: column(row, "intent")?,
    };
    Ok(Unsettled { operation, intent, notice: column(row, "notice")? })
}
