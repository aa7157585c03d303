//! What needs a person, in sentences.

use super::{Around, Listing};
use crate::html::Html;
use crate::parts::{count, word_glyph};
use domain::AppId;
use domain::metrics::Window;
use domain::status::{Evidence, Word};
use domain::view::AppRow;

/// Most apps that are told about.
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

/// The panel above the table; nothing where all is well. `troubled` are all that need attention, in the order to tell them;
/// the first of them are told, and the others are one link away. Where the list below is all of them, it says so and tells none twice.
pub fn attention(troubled: &[&AppRow], total: usize, listing: &Listing, around: &Around, out: &mut Html) {
    if troubled.is_empty() && !listing.is_of_attention() {
        return;
    }
    out.raw("<section class=\"attn\" aria-labelledby=\"attn-h\"><header><h2 id=\"attn-h\" class=\"h3\">Needs attention</h2><p class=\"muted text-xs\">");
    out.text(&format!("{} of {}", troubled.len(), count(total, "app"))).raw("</p></header>");
    if listing.is_of_attention() {
        out.raw("<p class=\"attn-all\"><a class=\"link\" data-list=\"\"").attr("href", &around.links.to(&listing.usual_one().path()));
        out.raw(">Show all apps</a></p></section>");
        return;
    }
    out.raw("<ul>");
    for row in troubled.iter().take(MOST) {
        item(row, around, out);
    }
    let more = troubled.len().saturating_sub(MOST);
    if more > 0 {
        out.raw("<li><span></span><p><a class=\"link\" data-list=\"\"").attr("href", &around.links.to(&listing.of_attention().path())).raw(">");
        out.text(&format!("{more} more")).raw("<span class=\"sr-only\"> that need attention</span></a></p></li>");
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

/// The words of a sentence without the numbers in it and their units of time: the same for one that only ticks.
#[must_use]
pub fn unticked(sentence: &str) -> String {
    let mut out = String::with_capacity(sentence.len());
    let mut after_number = false;
    for word in sentence.split_whitespace() {
        let number = word.starts_with(|c: char| c.is_ascii_digit());
        let unit = after_number && matches!(word.trim_end_matches(|c: char| c.is_ascii_punctuation()), "s" | "min" | "h" | "d" | "y");
        after_number = number;
        if !number && !unit {
            out.push_str(word);
            out.push(' ');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::unticked;

    #[test]
    fn a_sentence_that_only_ticks_has_the_same_words() {
        let at = |ago: &str, next: &str| format!("Container main exited with code 3, {ago} ago. Restarted 23 times; next try in {next}.");
        assert_eq!(unticked(&at("89 s", "2 min")), unticked(&at("2 min", "59 s")));
        assert_ne!(unticked(&at("1 h", "5 s")), unticked("Container main exited with code 3, 1 h ago. Restarted 23 times; next try due now."));
        assert_ne!(unticked("s of a pod"), unticked("of a pod"), "a letter without a number is a word");
    }
}
