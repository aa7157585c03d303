//! The live list. The server renders the rows as children of the island; with the first snapshot the same views are
//! painted from the state that the socket keeps fresh.

#![allow(missing_docs)] // The island macro makes items that cannot carry a comment.

use crate::list::order::Order;
use crate::list::{Around, Listing, attention, cells, empty_list, group_row, head, row_id, tools};
use crate::parts::{IntoLive as _, Live, aging, banner, count, new_one};
use domain::live::{BoardState, Group, arrange};
use domain::view::{AppRow, ClusterHealth};
use domain::{AppId, Namespace, UnixMs};
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
    let model = Model::new(namespace, creates);
    browser::wire(model);
    // The children of an island cannot be swapped by a view; the browser empties them when the live rows come.
    view! { {children()}{move || model.ready.get().then(|| live(model))} }
}

/// What the live list knows and how it is looked at.
#[derive(Clone, Copy)]
pub(crate) struct Model {
    pub(crate) state: RwSignal<BoardState>,
    pub(crate) listing: RwSignal<Listing>,
    pub(crate) shown: RwSignal<Order<AppId>>,
    pub(crate) now: RwSignal<UnixMs>,
    pub(crate) ready: RwSignal<bool>,
    creates: bool,
}

impl Model {
    fn new(namespace: Option<Namespace>, creates: bool) -> Self {
        let listing = Listing { namespace, ..Listing::default() };
        Self {
            state: RwSignal::default(),
            listing: RwSignal::new(listing),
            shown: RwSignal::default(),
            now: RwSignal::default(),
            ready: RwSignal::new(false),
            creates,
        }
    }

    // For what stands outside of the groups.
    fn around(self) -> Around {
        Around { links: browser::links(), now: self.now.get(), spaces: self.listing.with(|l| l.namespace.is_none()), creates: self.creates }
    }

    // For the rows, whose group may say the namespace already. Their ages go on by themselves.
    fn around_rows(self) -> Around {
        Around { links: browser::links(), now: self.now.get_untracked(), spaces: self.listing.with(Listing::names_spaces), creates: self.creates }
    }
}

/// The whole list as it stands, for the server.
#[must_use]
pub fn board(rows: &[&AppRow], health: &ClusterHealth, listing: &Listing, around: &Around) -> Live {
    let groups = arrange(rows.iter().copied(), &listing.query);
    let inner = &Around { spaces: listing.names_spaces(), ..around.clone() };
    let shown = groups.iter().any(|g| !g.rows.is_empty());
    let table = if shown {
        let bodies = groups
            .iter()
            .map(|g| {
                // Row by row: the views of hundreds of rows at once would go through memory that no cache holds.
                let rows = g.rows.iter().map(|r| view! { <tr role="row" data-row="" id=row_id(r)>{cells(r, inner)}</tr> }.to_html());
                let rows = title_row(g).map(|title| title.to_html()).into_iter().chain(rows).collect::<String>();
                view! { <tbody role="rowgroup" aria-label=label(g) inner_html=rows></tbody> }
            })
            .collect_view();
        view! { <div class="panel tbl-box"><table class="tbl apps" role="table" aria-label="Apps">{head(listing, around)}{bodies}</table></div> }.into_live()
    } else {
        empty_list(listing, !rows.is_empty(), health.ready, around)
    };
    view! { {top(rows.iter().copied(), listing, around)}{notices(health, around.now)}{attention(rows.iter().copied(), around)}{tools(rows.iter().copied(), listing, around)}{table} }.into_live()
}

fn live(m: Model) -> Live {
    let upper = move || {
        m.state.with(|s| m.listing.with(|l| {
        let around = m.around();
        view! { {top(s.rows.values(), l, &around)}{denied(s)}{notices(&s.health, around.now)}{attention(s.rows.values(), &around)}{tools(s.rows.values(), l, &around)} }
    }))
    };
    let columns = move || m.listing.with(|l| head(l, &m.around()));
    let none = move || {
        // Who may not see the list any more is told so above; it is not that there are no apps.
        let is_denied = m.state.with(|s| s.denied.is_some());
        (!is_denied && m.shown.with(|o| o.iter().all(|(_, keys)| keys.is_empty()))).then(|| {
            let (any, ready) = m.state.with(|s| (!s.rows.is_empty(), s.health.ready));
            m.listing.with(|l| empty_list(l, any, ready, &m.around()))
        })
    };
    let titles = move || m.shown.with(|o| o.iter().map(|(t, _)| t.clone()).collect::<Vec<_>>());
    let hidden = move || m.shown.with(|o| o.iter().all(|(_, keys)| keys.is_empty()));
    view! {
        {upper}{none}
        <div class="panel tbl-box" hidden=hidden><table class="tbl apps" role="table" aria-label="Apps">{columns}
            <For each=titles key=Clone::clone children=move |title| group(m, title)/>
        </table></div>
    }
    .into_live()
}

fn group(m: Model, title: String) -> impl IntoView {
    let keys = {
        let title = title.clone();
        Memo::new(move |_| m.shown.with(|o| o.iter().find(|(t, _)| *t == title).map(|(_, k)| k.clone()).unwrap_or_default()))
    };
    let name = if title.is_empty() { "Apps".to_owned() } else { title.clone() };
    let above = move || {
        let grouped = m.listing.with(|l| l.query.group != domain::live::GroupBy::None);
        grouped.then(|| {
            m.state.with(|s| {
                keys.with(|keys| {
                    let rows: Vec<&AppRow> = keys.iter().filter_map(|k| s.rows.get(k)).collect();
                    group_row(&title, &counts(&rows), rows.len())
                })
            })
        })
    };
    view! { <tbody role="rowgroup" aria-label=name>{above}<For each=move || keys.get() key=Clone::clone children=move |id| row(m, id)/></tbody> }
}

fn row(m: Model, id: AppId) -> impl IntoView {
    let element = id.to_string();
    let row = Memo::new(move |_| m.state.with(|s| s.rows.get(&id).cloned()));
    view! { <tr role="row" data-row="" id=element>{move || row.with(|r| r.as_ref().map(|r| cells(r, &m.around_rows())))}</tr> }
}

fn counts(rows: &[&AppRow]) -> Vec<(domain::status::Word, usize)> {
    let of = |w| rows.iter().filter(|r| r.status.word == w).count();
    domain::status::Word::ALL.into_iter().map(|w| (w, of(w))).filter(|(_, n)| *n > 0).collect()
}

fn label(g: &Group<'_>) -> String {
    if g.title.is_empty() { "Apps".to_owned() } else { g.title.clone() }
}

fn title_row(g: &Group<'_>) -> Option<impl IntoView + use<>> {
    (!g.title.is_empty()).then(|| group_row(&g.title, &g.counts, g.rows.len()))
}

fn top<'a>(rows: impl Iterator<Item = &'a AppRow>, listing: &Listing, around: &Around) -> Live {
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
    let create = new_one("app", "btn-primary ml-auto", around.creates, around.links.to(&new));
    view! { <div class="head"><h1 class="h1">"Apps"</h1><span class="muted">{total}</span>{create}</div> }.into_live()
}

fn denied(state: &BoardState) -> Option<impl IntoView + use<>> {
    state.denied.as_ref().map(|p| banner("bad", p.detail.clone()))
}

/// What has to be known about the cluster before reading the list.
#[must_use]
pub fn notices(health: &ClusterHealth, now: UnixMs) -> impl IntoView + use<> {
    let away = health.away_since.map(|since| {
        // Its seconds are not read out one by one.
        let text = view! { <span aria-live="off">{aging("The cluster has not answered for {}.", since, now)}</span>" What you see is from then; it is asked again all the time." };
        banner("warn", text)
    });
    let refusals = (!health.refusals.is_empty()).then(|| {
        let items = health.refusals.iter().map(|r| view! { <li>{r.clone()}</li> }).collect_view();
        view! { <details class="banner banner-warn refusals"><summary>{format!("Not everything is shown: {}", count(health.refusals.len(), "reason"))}</summary><ul>{items}</ul></details> }
    });
    view! { {away}{refusals} }
}
