//! `/audit`: who did what, for portal admins.

use crate::web::{Answer, Signed};
use app::page::Page;
use axum::response::IntoResponse as _;
use domain::audit::AuditRow;
use http::{StatusCode, header};
use service::audit::PAGE;
use std::fmt::Write as _;

/// Entries of an export; whoever needs older ones exports with `before`.
const MAX_EXPORTED: usize = 10_000;

/// `GET /audit?filter=&before=`.
pub async fn show(signed: Signed) -> Answer {
    let admin = signed.portal().access.admin(&signed.actor)?;
    let filter = signed.asked("filter").unwrap_or_default();
    let before = signed.asked("before").and_then(|n| n.parse().ok());
    let rows = signed.portal().audit.rows(&admin, before, &filter).await?;
    // A full page may be the last one; then the next says that there is nothing older.
    let older = rows.last().map(|r| r.id).filter(|id| *id > 1 && rows.len() >= PAGE as usize);
    Ok(signed.page(StatusCode::OK, &Page::Audit { rows, filter, older }))
}

/// `GET /audit/export?filter=&before=`: the newest 10,000 entries as CSV (RFC 4180).
pub async fn export(signed: Signed) -> Answer {
    let admin = signed.portal().access.admin(&signed.actor)?;
    let filter = signed.asked("filter").unwrap_or_default();
    let mut before = signed.asked("before").and_then(|n| n.parse().ok());
    let mut csv = String::from("id,when,who,from,action,target,outcome,detail\r\n");
    for _ in 0..MAX_EXPORTED / PAGE as usize {
        let rows = signed.portal().audit.rows(&admin, before, &filter).await?;
        rows.iter().for_each(|row| line(&mut csv, row, &signed.app.language().exported_detail(row)));
        before = rows.last().map(|r| r.id);
        if rows.len() < PAGE as usize {
            break;
        }
    }
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present"), (header::CONTENT_DISPOSITION, "attachment; filename=\"quayside-audit.csv\"")];
    Ok((headers, csv).into_response())
}

fn line(csv: &mut String, row: &AuditRow, detail: &str) {
    let _ = write!(csv, "{},{}", row.id, row.at.rfc3339());
    for cell in [&row.actor, &row.address, &row.action, &row.target, row.outcome.slug(), detail] {
        // A spreadsheet would compute what begins like a formula; the quote makes it a text.
        let shield = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
        let _ = write!(csv, ",\"{shield}{}\"", cell.replace('"', "\"\""));
    }
    csv.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::audit::AuditOutcome;

    #[test]
    fn a_cell_is_quoted_and_is_never_a_formula() {
        let text = |t: &str| t.to_owned();
        let row = AuditRow {
            id: 7,
            at: domain::UnixMs(0),
            actor: text("=HYPERLINK(\"x\")"),
            address: text("::1"),
            action: text("app.scale"),
            target: text("web/deployment/shop"),
            outcome: AuditOutcome::Done,
            detail: text("a,b\nc"),
            deed: None,
        };
        let mut csv = String::new();
        line(&mut csv, &row, &row.detail);
        assert_eq!(csv, "7,1970-01-01T00:00:00Z,\"'=HYPERLINK(\"\"x\"\")\",\"::1\",\"app.scale\",\"web/deployment/shop\",\"done\",\"a,b\nc\"\r\n");
    }
}
