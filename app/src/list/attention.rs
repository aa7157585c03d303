//! What needs a person, in sentences.

use super::Around;
use crate::icons::glyph;
use crate::parts::{IntoLive as _, Live, ago, count, word_glyph};
use domain::AppId;
use domain::live::{ListQuery, arrange};
use domain::status::{Evidence, Word};
use domain::view::AppRow;
use leptos::prelude::*;

/// Most apps that are told about; the others are in the table.
const MOST: usize = 5;

/// A link to where a status shows, below the base path.
#[must_use]
pub fn evidence_link(app: &AppId, evidence: &Evidence) -> (String, String) {
    let path = app.path();
    match evidence {
        Evidence::Log { label, pod, container, previous, at } => {
            let at = at.map(|at| at.0.to_string()).unwrap_or_default();
            let mut pairs = vec![("pod", pod.as_str()), ("container", container.as_str())];
            if *previous {
                pairs.push(("previous", "true"));
            }
            if !at.is_empty() {
                pairs.push(("at", &at));
            }
            (label.clone(), format!("{path}/logs{}", crate::links::query(&pairs)))
        }
        Evidence::Chart { label, at } => (label.clone(), format!("{path}/metrics?range=1h&at={}", at.0)),
        Evidence::Event { label, reason, name } => (label.clone(), format!("{path}/events#{}", crate::links::encode(&event_id(reason, name)))),
        Evidence::Object { label, path } => (label.clone(), path.clone()),
        // It stands on the app's own page.
        Evidence::Command { label, .. } => (label.clone(), path),
    }
}

/// Where the events of one reason about one object begin on the page: pods of an app often fail alike.
#[must_use]
pub fn event_id(reason: &str, name: &str) -> String {
    format!("e-{reason}-{name}")
}

/// The panel above the table; nothing where all is well.
#[must_use]
pub fn attention<'a>(rows: impl Iterator<Item = &'a AppRow>, around: &Around) -> Option<Live> {
    let mut total = 0;
    let troubled: Vec<_> = rows.inspect(|_| total += 1).filter(|r| matches!(r.status.word, Word::Failing | Word::Degraded | Word::Unknown)).collect();
    if troubled.is_empty() {
        return None;
    }
    let groups = arrange(troubled.iter().copied(), &ListQuery::default());
    let items = groups.iter().flat_map(|g| &g.rows).take(MOST).map(|r| item(r, around)).collect_view();
    let more = troubled.len().saturating_sub(MOST);
    let more = (more > 0).then(|| view! { <li><span></span><p class="soft">{format!("{} more in the table below.", count(more, "app"))}</p></li> });
    let found = format!("{} of {}", troubled.len(), count(total, "app"));
    Some(
        view! {
            <section class="attn" aria-labelledby="attn-h"><header><h2 id="attn-h" class="h3">"Needs attention"</h2><p class="muted text-xs">{found}</p></header><ul>{items}{more}</ul></section>
        }
        .into_live(),
    )
}

fn item(row: &AppRow, around: &Around) -> impl IntoView + use<> {
    let s = &row.status;
    let color = if s.word == Word::Failing {
        "c-bad"
    } else if s.word == Word::Degraded {
        "c-warn"
    } else {
        "c-idle"
    };
    let link = s.evidence.first().map(|e| evidence_link(&row.id, e)).unwrap_or_else(|| ("Open".to_owned(), row.id.path()));
    let when = s.since.map(|at| ago(at, around.now));
    let space = around.spaces.then(|| view! { <span class="muted">" in "{row.id.namespace.to_string()}</span> });
    view! {
        <li>
            <span class=color>{glyph(word_glyph(s.word))}</span>
            <p><span class="sr-only">{s.word.text()}". "</span><a href=around.links.to(&row.id.path()) class="mono font-medium">{row.id.name.to_string()}</a>{space}": "{s.sentence.clone()}</p>
            <a class="link" href=around.links.to(&link.1)>{link.0}</a><span class="when">{when}</span>
        </li>
    }
}
