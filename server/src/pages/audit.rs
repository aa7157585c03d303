//! `/audit`: who did what, for portal admins.

use crate::web::{Answer, Signed};
use app::page::Page;
use http::StatusCode;
use service::audit::PAGE;

/// `GET /audit?filter=&before=`.
pub async fn show(signed: Signed) -> Answer {
    let admin = signed.portal().admin(&signed.actor)?;
    let filter = signed.asked("filter").unwrap_or_default();
    let before = signed.asked("before").and_then(|n| n.parse().ok());
    let rows = signed.portal().audit_rows(&admin, before, &filter).await?;
    // A full page may be the last one; then the next says that there is nothing older.
    let older = rows.last().map(|r| r.id).filter(|id| *id > 1 && rows.len() >= PAGE as usize);
    Ok(signed.page(StatusCode::OK, &Page::Audit { rows, filter, older }))
}
