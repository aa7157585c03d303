//! Who did what: all of it for portal admins, a team's own for its owners.

use crate::icons::{glyph, icon};
use crate::links::Links;
use crate::page::Frame;
use crate::parts::{empty, kept, moment};
use domain::Language;
use domain::account::Team;
use domain::audit::{AuditOutcome, AuditRow};
use leptos::prelude::*;

/// The page of portal admins.
pub(super) fn view(frame: &Frame, rows: &[AuditRow], filter: &str, older: Option<i64>) -> AnyView {
    let links = frame.links();
    let none = if filter.is_empty() { "Changes and refusals appear here." } else { "No entries match this filter." };
    let more = older.map(|n| links.with("/audit", &[("filter", filter), ("before", &n.to_string())]));
    let export = links.with("/audit/export", &[("filter", filter)]);
    view! {
        <div class="wrap grid gap-3.5"><div class="head"><h1 class="h1">"Audit"</h1><span class="muted">"newest first"</span><a class="btn btn-sm ml-auto" href=export download>{icon("download")}"Export CSV"</a></div>
            <form class="tools" role="search" aria-label="Filter entries" method="get" action=frame.base.link("/audit")><div class="in-wrap tools-q">{icon("list-filter")}<input class="in in-sm" type="search" name="filter" value=filter.to_owned() placeholder="Filter by person, action, or object" aria-label="Filter entries" data-filter=""/></div>{kept(&links)}<button class="btn btn-sm" type="submit">"Apply"</button></form>
            {table(frame.language, &links, rows, true, none)}{older_button(more)}
        </div>
    }
    .into_any()
}

/// The page of a team's owners.
pub(super) fn activity(frame: &Frame, team: &Team, rows: &[AuditRow], older: Option<i64>) -> AnyView {
    let links = frame.links();
    let more = older.map(|n| links.with(&format!("/teams/{}/activity", team.id), &[("before", &n.to_string())]));
    let back = links.to(&format!("/teams#t-{}", team.id));
    view! {
        <div class="wrap grid gap-3.5"><div class="head"><h1 class="h1">{format!("Activity of {}", team.name)}</h1><span class="muted">"in its namespaces and membership, newest first"</span><a class="btn btn-sm ml-auto" href=back>{icon("users")}"Team"</a></div>
            {table(frame.language, &links, rows, false, "Changes and refusals in the team's namespaces appear here.")}{older_button(more)}
        </div>
    }
    .into_any()
}

fn older_button(href: Option<String>) -> impl IntoView {
    href.map(|href| view! { <p><a class="btn btn-sm" href=href>"Older entries"</a></p> })
}

fn table(language: Language, links: &Links, rows: &[AuditRow], addresses: bool, none: &'static str) -> AnyView {
    if rows.is_empty() {
        return empty("history", "No entries", none, ()).into_any();
    }
    let column = |class: &'static str, title: &'static str| view! { <th scope="col" role="columnheader" class=class>{title}</th> };
    let from = addresses.then(|| column("au-from", "From"));
    let rows = rows.iter().map(|r| entry(language, links, r, addresses)).collect_view();
    view! {
        <div class="panel overflow-clip"><table class="tbl audit" role="table" aria-label="Entries"><thead role="rowgroup"><tr role="row">{column("au-when", "Time")}{column("au-who", "User")}{column("au-what", "Action")}{column("au-end", "Outcome")}{column("au-why", "Detail")}{from}</tr></thead><tbody role="rowgroup">{rows}</tbody></table></div>
    }
    .into_any()
}

fn entry(language: Language, links: &Links, r: &AuditRow, addresses: bool) -> impl IntoView + use<> {
    let (class, mark) = match r.outcome {
        AuditOutcome::Done => ("st st-ok", glyph("pass")),
        AuditOutcome::Refused => ("st st-warn", glyph("degraded")),
        AuditOutcome::Failed => ("st st-bad", glyph("failing")),
        AuditOutcome::Intent | AuditOutcome::Unknown => ("st st-idle", glyph("progressing")),
    };
    let outcome = language.audit_outcome(r.outcome);
    // An intent is listed only where no end of it was written.
    let open = (r.outcome == AuditOutcome::Intent).then_some(" Still running, or the portal stopped before it finished.");
    let who = if r.actor.is_empty() { "nobody".to_owned() } else { r.actor.clone() };
    let said = language.audit_entry(r);
    let what = match said.path {
        Some(path) => view! { <a class="link" href=links.to(&path)>{said.sentence}</a> }.into_any(),
        None => said.sentence.into_any(),
    };
    let code = format!("{} {}", r.action, r.target);
    let from = addresses.then(|| view! { <td class="au-from mono text-xs wrap-any" role="cell">{r.address.clone()}</td> });
    view! {
        <tr role="row">
            <td class="au-when soft" role="cell">{moment(r.at)}</td>
            <td class="au-who wrap-any" role="cell">{who}</td>
            <td class="au-what wrap-any" role="cell" title=code>{what}</td>
            <td class="au-end" role="cell"><span class=class>{mark}<b>{outcome}</b></span></td>
            <td class="au-why wrap-any" role="cell">{said.detail}{open}</td>
            {from}
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::AppId;
    use domain::audit::{Act, Deed, Target};

    #[test]
    fn an_act_without_an_end_is_told_as_started_and_only_admins_see_from_where() {
        let act = Act::Scale { from: 2, to: 3 };
        let target = Target::App(AppId::parse("web/deployment/shop").unwrap());
        let row = |outcome| AuditRow {
            id: 1,
            at: domain::UnixMs(0),
            actor: "mara".into(),
            address: "10.0.0.7".into(),
            action: act.slug().into(),
            target: target.to_string(),
            outcome,
            detail: String::new(),
            deed: Some(Deed::new(act.clone(), target.clone())),
        };
        let html = |outcome, addresses| Owner::new().with(|| entry(Language::English, &Links::default(), &row(outcome), addresses).to_html());
        assert!(
            html(AuditOutcome::Intent, true).contains("Started: scale shop in web from 2 to 3 replicas")
                && html(AuditOutcome::Intent, true).contains("the portal stopped before it finished")
        );
        assert!(html(AuditOutcome::Done, true).contains("10.0.0.7") && !html(AuditOutcome::Done, true).contains("stopped"));
        assert!(html(AuditOutcome::Done, false).contains("href=\"/apps/web/deployment/shop\"") && !html(AuditOutcome::Done, false).contains("10.0.0.7"));
    }
}
