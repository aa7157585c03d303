//! Head, groups and emptiness of the table.

use super::{Around, Listing};
use crate::icons::icon;
use crate::parts::{IntoLive as _, Live, count, empty, new_one, tone, word_glyph};
use domain::live::Sort;
use domain::status::Word;
use leptos::prelude::*;

/// The head with links that order the list.
#[must_use]
pub fn head(listing: &Listing, around: &Around) -> impl IntoView + use<> {
    view! {
        <thead role="rowgroup"><tr role="row">
            {column("c-name", "Name", Sort::Name, listing, around)}
            {column("c-st", "Status", Sort::Status, listing, around)}
            {column("c-rdy", "Ready", Sort::Ready, listing, around)}
            {column("c-img", "Image", Sort::Image, listing, around)}
            {column("num c-cpu", "CPU, 1 h", Sort::Cpu, listing, around)}
            {column("num c-mem", "Memory, 1 h", Sort::Memory, listing, around)}
            {column("num c-rst", "Restarts", Sort::Restarts, listing, around)}
            {column("num c-age", "Age", Sort::Age, listing, around)}
            {column("c-chg", "Last change", Sort::Changed, listing, around)}
            <th scope="col" role="columnheader" class="c-act"><span class="sr-only">"Actions"</span></th>
        </tr></thead>
    }
}

fn column(class: &'static str, text: &'static str, sort: Sort, listing: &Listing, around: &Around) -> Live {
    let on = listing.query.sort == sort;
    // Words begin with the first and readiness with the least, other numbers with the largest.
    let down = matches!(sort, Sort::Name | Sort::Status | Sort::Image | Sort::Ready) == listing.query.reverse;
    let arrow = on.then(|| if down { icon("arrow-down").into_live() } else { icon("arrow-up").into_live() });
    let aria = on.then_some(if down { "descending" } else { "ascending" });
    view! { <th scope="col" role="columnheader" class=class aria-sort=aria><a class="sort" href=around.links.to(&listing.sorted(sort).path()) data-list="">{text}{arrow}</a></th> }.into_live()
}

// The columns after name and status: a group's row has a cell for each, because a span over columns that a narrow page
// hides would make them anew.
const REST: [&str; 8] = ["c-rdy", "c-img", "c-cpu", "c-mem", "c-rst", "c-age", "c-chg", "c-act"];

/// The row above a group.
#[must_use]
pub fn group_row(title: &str, counts: &[(Word, usize)], rows: usize) -> impl IntoView + use<> {
    let title = if title.is_empty() { "none".to_owned() } else { title.to_owned() };
    let marks = counts
        .iter()
        .filter(|(w, _)| !matches!(w, Word::Running | Word::Completed))
        .map(|(w, n)| view! { <span class=format!("st {}", tone(*w)) title=w.text()>{crate::icons::glyph(word_glyph(*w))}<span class="sr-only">{w.text()}" "</span><span class="soft font-normal">{*n}</span></span> })
        .collect_view();
    view! {
        <tr class="grp" role="row"><th class="c-name" scope="rowgroup" role="rowheader" colspan="2"><span class="grp-t"><span class="mono">{title}</span><span class="muted font-normal">{count(rows, "app")}</span>{marks}</span></th>
            {REST.map(|column| view! { <td class=column role="cell"></td> }).into_iter().collect_view()}
        </tr>
    }
}

/// What is said where the table would be empty.
#[must_use]
pub fn empty_list(listing: &Listing, any: bool, ready: bool, around: &Around) -> Live {
    if any {
        let text = listing.query.text.trim();
        let title = if text.is_empty() { "No app fits these filters".to_owned() } else { format!("No app matches {text}") };
        let clear = view! { <a class="btn btn-sm mt-1" href=around.links.to(&listing.cleared().path()) data-list="">"Clear filter"</a> };
        return empty("list-filter", title, "Other apps are hidden by the filter above.", clear).into_live();
    }
    if !ready {
        return empty("clock", "The cluster is being read", "The first list arrives within seconds; this page shows it as soon as it is there.", ())
            .into_live();
    }
    let (title, new) = match &listing.namespace {
        Some(n) => (format!("No apps in {n}"), format!("/new-app/{n}")),
        None => ("No apps yet".to_owned(), "/new-app".to_owned()),
    };
    let create = new_one("app", "btn-sm mt-1", around.creates, around.links.to(&new));
    empty("box", title, "Deployments, stateful sets, daemon sets, jobs, cron jobs and single pods of your namespaces appear here.", create).into_live()
}
