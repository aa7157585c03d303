//! The live list. The server writes the rows as children of the island; the browser adopts them and patches what changes.

#![allow(missing_docs)] // The island macro makes items that cannot carry a comment.

use crate::html::{Html, html};
use crate::list::{Around, Listing, Titled, attention, empty_list, group_row, head, tools, write_row};
use crate::parts::count;
use domain::live::{GroupBy, arrange, need_attention};
use domain::view::{AppRow, ClusterHealth};
use domain::{Namespace, ProblemDetails, UnixMs};
use leptos::prelude::*;
use std::collections::BTreeSet;

#[cfg(feature = "hydrate")]
#[path = "apps/browser.rs"]
mod browser;
#[cfg(not(feature = "hydrate"))]
#[path = "apps/server.rs"]
mod browser;

/// The list around its server-rendered rows.
#[island]
pub fn LiveApps(namespace: Option<Namespace>, creates: bool, children: Children) -> impl IntoView {
    browser::wire(namespace, creates);
    children()
}

/// What stands around the rows. Each part has an element of its own, which stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Title, number of apps, the way to a new one.
    Top,
    /// What has to be known before reading the list.
    Notices,
    /// What needs a person.
    Attention,
    /// Filters.
    Tools,
    /// What is said where there are no rows.
    Empty,
    /// The head of the table.
    Head,
}

impl Part {
    pub(crate) const ALL: [Self; 6] = [Self::Top, Self::Notices, Self::Attention, Self::Tools, Self::Empty, Self::Head];

    /// The value of its element's `data-part`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Top => "top",
            Self::Notices => "notices",
            Self::Attention => "attention",
            Self::Tools => "tools",
            Self::Empty => "empty",
            Self::Head => "head",
        }
    }
}

/// All that the parts are written from.
pub(crate) struct Told<'a> {
    pub(crate) rows: Vec<&'a AppRow>,
    /// Those that need attention, in the order to tell them.
    pub(crate) troubled: Vec<&'a AppRow>,
    pub(crate) health: &'a ClusterHealth,
    pub(crate) denied: Option<&'a ProblemDetails>,
    /// Any row is shown, or hidden only because its group is collapsed.
    pub(crate) shown: bool,
}

/// Writes what stands inside of a part's element.
pub(crate) fn write_part(part: Part, told: &Told<'_>, listing: &Listing, around: &Around, out: &mut Html) {
    // For what stands outside of the groups.
    let outer = &Around { spaces: listing.namespace.is_none(), ..around.clone() };
    let rows = || told.rows.iter().copied();
    match part {
        Part::Top => top(rows(), listing, outer, out),
        Part::Notices => {
            if let Some(problem) = told.denied {
                out.banner(
                    true,
                    &html(|h| {
                        h.text(&problem.detail);
                    }),
                );
            }
            write_notices(told.health, outer.now, out);
        }
        Part::Attention => attention(&told.troubled, told.rows.len(), listing, outer, out),
        Part::Tools => tools(rows(), listing, outer, out),
        // Who may not see the list any more is told so above; it is not that there are no apps.
        Part::Empty if told.shown || told.denied.is_some() => {}
        Part::Empty => empty_list(listing, !told.rows.is_empty(), told.health.ready, outer, out),
        Part::Head => head(listing, outer, out),
    }
}

/// The whole list as it stands, for the server.
#[must_use]
pub fn board(rows: &[&AppRow], health: &ClusterHealth, listing: &Listing, around: &Around) -> Html {
    let groups = arrange(rows.iter().copied(), &listing.query);
    let inner = &Around { spaces: listing.names_spaces(), ..around.clone() };
    let troubled = need_attention(rows.iter().copied());
    let told = Told { rows: rows.to_vec(), troubled, health, denied: None, shown: groups.iter().any(|g| !g.rows.is_empty()) };
    html(|out| {
        for part in Part::ALL.into_iter().filter(|p| *p != Part::Head) {
            out.raw("<div").attr("data-part", part.name()).raw(">");
            write_part(part, &told, listing, around, out);
            out.raw("</div>");
        }
        out.raw("<div class=\"panel tbl-box\"").raw(if told.shown { ">" } else { " hidden=\"\">" });
        out.raw("<table class=\"tbl apps\" role=\"table\" aria-label=\"Apps\"><thead role=\"rowgroup\"").attr("data-part", Part::Head.name()).raw(">");
        write_part(Part::Head, &told, listing, around, out);
        out.raw("</thead>");
        for group in groups.iter().filter(|g| !g.rows.is_empty()) {
            open_group(&group.title, out);
            let titled = Titled { title: &group.title, counts: &group.counts, rows: group.rows.len(), collapsed: group.collapsed };
            write_title(&titled, listing, inner, out);
            for row in group.rows.iter().filter(|_| !group.collapsed) {
                write_row(row, inner, out);
            }
            out.raw("</tbody>");
        }
        out.raw("</table></div>");
    })
}

// The body of a group, without its end.
fn open_group(title: &str, out: &mut Html) {
    out.raw("<tbody role=\"rowgroup\"").attr("aria-label", if title.is_empty() { "Apps" } else { title }).attr("data-group", title).raw(">");
}

// The row above a group, where rows are grouped.
fn write_title(titled: &Titled<'_>, listing: &Listing, around: &Around, out: &mut Html) {
    if listing.query.group != GroupBy::None {
        group_row(titled, listing, around, out);
    }
}

fn top<'a>(rows: impl Iterator<Item = &'a AppRow>, listing: &Listing, around: &Around, out: &mut Html) {
    let mut spaces = BTreeSet::new();
    let apps = rows
        .inspect(|r| {
            spaces.insert(&r.id.namespace);
        })
        .count();
    let (total, new) = match &listing.namespace {
        Some(n) => (format!("{} in {n}", count(apps, "app")), format!("/new-app/{n}")),
        None => (format!("{} in {}", count(apps, "app"), count(spaces.len(), "namespace")), "/new-app".to_owned()),
    };
    out.raw("<div class=\"head\"><h1 class=\"h1\">Apps</h1><span class=\"muted\">").text(&total).raw("</span>");
    out.new_one("app", "btn-primary ml-auto", around.creates, &around.links.to(&new));
    out.raw("</div>");
}

/// What has to be known about the portal and the cluster before reading the list.
fn write_notices(health: &ClusterHealth, now: UnixMs, out: &mut Html) {
    if let Some(notice) = health.storage {
        out.banner(
            false,
            &html(|h| {
                h.text(&notice.sentence());
            }),
        );
    }
    if let Some(since) = health.away_since {
        out.banner(
            false,
            &html(|h| {
                // Its seconds are not read out one by one.
                h.raw("<span aria-live=\"off\">").aging("The cluster hasn't responded for {}.", since, now);
                h.raw("</span> You see its last known state. Retrying.");
            }),
        );
    }
    if !health.refusals.is_empty() {
        out.raw("<details class=\"banner banner-warn refusals\"><summary>Some data is missing: ");
        out.text(&count(health.refusals.len(), "reason")).raw("</summary><ul>");
        for refusal in &health.refusals {
            out.raw("<li>").text(refusal).raw("</li>");
        }
        out.raw("</ul></details>");
    }
}

/// The same for pages that are views.
#[must_use]
pub fn notices(health: &ClusterHealth, now: UnixMs) -> impl IntoView + use<> {
    let written = html(|h| write_notices(health, now, h));
    (written != Html::new()).then(|| view! { <div class="contents" inner_html=written.into_string()></div> })
}
