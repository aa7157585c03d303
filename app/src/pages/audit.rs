//! Who did what, for portal admins.

use crate::icons::{glyph, icon};
use crate::page::Frame;
use crate::parts::empty;
use domain::account::AuditRow;
use leptos::prelude::*;

/// The page.
pub(super) fn view(frame: &Frame, rows: &[AuditRow], filter: &str, older: Option<i64>) -> AnyView {
    let links = frame.links();
    let table = if rows.is_empty() {
        let text = if filter.is_empty() { "Changes and refusals appear here." } else { "Nothing recorded fits this filter." };
        empty("history", "No entries", text, ()).into_any()
    } else {
        let rows = rows.iter().map(entry).collect_view();
        view! { <div class="panel overflow-clip"><div class="scroll-x" tabindex="0" role="region" aria-label="Entries"><table class="tbl audit"><thead><tr><th scope="col" class="w-44">"When, UTC"</th><th scope="col" class="w-36">"Who"</th><th scope="col" class="w-44">"What"</th><th scope="col" class="w-64">"On what"</th><th scope="col" class="w-28">"Outcome"</th><th scope="col">"Detail"</th></tr></thead><tbody>{rows}</tbody></table></div></div> }.into_any()
    };
    let more =
        older.map(|n| view! { <p><a class="btn btn-sm" href=links.with("/audit", &[("filter", filter), ("before", &n.to_string())])>"Older entries"</a></p> });
    view! {
        <div class="wrap grid gap-3.5"><div class="head"><h1 class="h1">"Audit"</h1><span class="muted">"newest first"</span></div>
            <form class="tools" role="search" aria-label="Filter entries" method="get" action=frame.base.link("/audit")><div class="in-wrap tools-q">{icon("list-filter")}<input class="in in-sm" type="search" name="filter" value=filter.to_owned() placeholder="Filter by person, action or object" aria-label="Filter entries" data-filter=""/></div><button class="btn btn-sm" type="submit">"Apply"</button></form>
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
    let who = if r.actor.is_empty() { "nobody".to_owned() } else { r.actor.clone() };
    view! {
        <tr><td class="soft"><time datetime=r.at.rfc3339()>{r.at.rfc3339().replace('T', " ").replace('Z', "")}</time></td><td title=r.address.clone()>{who}</td><td class="mono text-xs">{r.action.clone()}</td><td class="mono text-xs" title=r.target.clone()>{r.target.clone()}</td><td><span class=class>{mark}<b>{r.outcome.clone()}</b></span></td><td class="wrap-any">{r.detail.clone()}</td></tr>
    }
}
