//! What needs a person, in sentences.

use super::Around;
use crate::html::Html;
use crate::parts::{count, word_glyph};
use domain::AppId;
use domain::live::{ListQuery, arrange};
use domain::metrics::Window;
use domain::status::{Evidence, Word};
use domain::view::AppRow;

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
        Evidence::Chart { label, at } => {
            let window = Window::before(*at);
            (label.clone(), format!("{path}/metrics?from={}&to={}&at={}", window.from().0, window.to().0, at.0))
        }
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
pub fn attention<'a>(rows: impl Iterator<Item = &'a AppRow>, around: &Around, out: &mut Html) {
    let mut total = 0;
    let troubled: Vec<_> = rows.inspect(|_| total += 1).filter(|r| matches!(r.status.word, Word::Failing | Word::Degraded | Word::Unknown)).collect();
    if troubled.is_empty() {
        return;
    }
    let groups = arrange(troubled.iter().copied(), &ListQuery::default());
    out.raw("<section class=\"attn\" aria-labelledby=\"attn-h\"><header><h2 id=\"attn-h\" class=\"h3\">Needs attention</h2><p class=\"muted text-xs\">");
    out.text(&format!("{} of {}", troubled.len(), count(total, "app"))).raw("</p></header><ul>");
    for row in groups.iter().flat_map(|g| &g.rows).take(MOST) {
        item(row, around, out);
    }
    let more = troubled.len().saturating_sub(MOST);
    if more > 0 {
        out.raw("<li><span></span><p class=\"soft\">").text(&format!("{more} more")).raw("</p></li>");
    }
    out.raw("</ul></section>");
}

fn item(row: &AppRow, around: &Around, out: &mut Html) {
    let s = &row.status;
    let color = if s.word == Word::Failing {
        "c-bad"
    } else if s.word == Word::Degraded {
        "c-warn"
    } else {
        "c-idle"
    };
    let link = s.evidence.first().map(|e| evidence_link(&row.id, e)).unwrap_or_else(|| ("Open".to_owned(), row.id.path()));
    out.raw("<li><span")
        .attr("class", color)
        .raw(">")
        .glyph(word_glyph(s.word))
        .raw("</span><p><span class=\"sr-only\">")
        .raw(s.word.text())
        .raw(". </span><a");
    out.attr("href", &around.links.to(&row.id.path())).raw(" class=\"mono font-medium\">").text(row.id.name.as_str()).raw("</a>");
    if around.spaces {
        out.raw("<span class=\"muted\"> in ").text(row.id.namespace.as_str()).raw("</span>");
    }
    out.raw(": ")
        .text(&s.sentence)
        .raw("</p><a class=\"link\"")
        .attr("href", &around.links.to(&link.1))
        .raw(">")
        .text(&link.0)
        .raw("</a><span class=\"when\">");
    if let Some(at) = s.since {
        out.aging("{} ago", at, around.now);
    }
    out.raw("</span></li>");
}
