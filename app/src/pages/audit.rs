//! Who did what, for portal admins.

use crate::icons::{glyph, icon};
use crate::page::Frame;
use crate::parts::{empty, kept};
use domain::account::AuditRow;
use leptos::prelude::*;

/// Class and title of each column.
const COLUMNS: [(&str, &str); 7] =
    [("au-when", "When, UTC"), ("au-who", "Who"), ("au-from", "From"), ("au-what", "What"), ("au-on", "On what"), ("au-end", "Outcome"), ("au-why", "Detail")];

/// The page.
pub(super) fn view(frame: &Frame, rows: &[AuditRow], filter: &str, older: Option<i64>) -> AnyView {
    let links = frame.links();
    let table = if rows.is_empty() {
        let text = if filter.is_empty() { "Changes and refusals appear here." } else { "Nothing recorded fits this filter." };
        empty("history", "No entries", text, ()).into_any()
    } else {
        let rows = rows.iter().map(entry).collect_view();
        let columns = COLUMNS.map(|(class, title)| view! { <th scope="col" role="columnheader" class=class>{title}</th> }).into_iter().collect_view();
        view! { <div class="panel overflow-clip"><table class="tbl audit" role="table" aria-label="Entries"><thead role="rowgroup"><tr role="row">{columns}</tr></thead><tbody role="rowgroup">{rows}</tbody></table></div> }.into_any()
    };
    let more =
        older.map(|n| view! { <p><a class="btn btn-sm" href=links.with("/audit", &[("filter", filter), ("before", &n.to_string())])>"Older entries"</a></p> });
    view! {
        <div class="wrap grid gap-3.5"><div class="head"><h1 class="h1">"Audit"</h1><span class="muted">"newest first"</span></div>
            <form class="tools" role="search" aria-label="Filter entries" method="get" action=frame.base.link("/audit")><div class="in-wrap tools-q">{icon("list-filter")}<input class="in in-sm" type="search" name="filter" value=filter.to_owned() placeholder="Filter by person, action or object" aria-label="Filter entries" data-filter=""/></div>{kept(&links)}<button class="btn btn-sm" type="submit">"Apply"</button></form>
            {table}{more}
        </div>
    }
    .into_any()
}

fn entry(r: &AuditRow) -> impl IntoView + use<> {
    let (class, mark) = match r.outcome.as_str() {
        "done" => ("st st-ok", glyph("pass")),
        "refused" => ("st st-warn", glyph("degraded")),
        "failed" => ("st st-bad", glyph("failing")),
        _ => ("st st-idle", glyph("progressing")),
    };
    // An intent is listed only where no end of it was written.
    let outcome = if r.outcome == "intent" { "begun".to_owned() } else { r.outcome.clone() };
    let open = (r.outcome == "intent").then_some(" It is under way, or the portal was stopped before its end.");
    let who = if r.actor.is_empty() { "nobody".to_owned() } else { r.actor.clone() };
    view! {
        <tr role="row">
            <td class="au-when soft" role="cell"><time datetime=r.at.rfc3339()>{r.at.rfc3339().replace('T', " ").replace('Z', "")}</time></td>
            <td class="au-who wrap-any" role="cell">{who}</td>
            <td class="au-from mono text-xs wrap-any" role="cell">{r.address.clone()}</td>
            <td class="au-what mono text-xs wrap-any" role="cell">{r.action.clone()}</td>
            <td class="au-on mono text-xs wrap-any" role="cell">{r.target.clone()}</td>
            <td class="au-end" role="cell"><span class=class>{mark}<b>{outcome}</b></span></td>
            <td class="au-why wrap-any" role="cell">{r.detail.clone()}{open}</td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_without_an_end_is_told_as_begun_and_every_row_says_from_where() {
        let row = |outcome: &str| AuditRow {
            id: 1,
            at: domain::UnixMs(0),
            actor: "mara".into(),
            address: "10.0.0.7".into(),
            action: "app.scale".into(),
            target: "web/deployment/shop".into(),
            outcome: outcome.into(),
            detail: "to 3".into(),
        };
        let html = |outcome| Owner::new().with(|| entry(&row(outcome)).to_html());
        assert!(html("intent").contains(">begun<") && html("intent").contains("the portal was stopped before its end"));
        assert!(html("done").contains("10.0.0.7") && !html("done").contains("stopped"));
    }
}
