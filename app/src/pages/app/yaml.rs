//! The cleaned YAML of an app, lightly coloured.

use crate::parts::copy;
use leptos::prelude::*;

/// Numbered lines with keys, numbers and comments apart.
pub(super) fn view(name: &str, text: &str) -> AnyView {
    let lines = text.lines().map(line).collect_view();
    view! {
        <div class="code yaml mt-4"><pre tabindex="0" aria-label=format!("YAML of {name}") data-text="">{lines}</pre><span class="copy">{copy("YAML")}</span></div>
    }
    .into_any()
}

fn line(text: &str) -> impl IntoView + use<> {
    let (lead, key, rest) = split(text);
    let class = match rest.trim_start_matches(':').trim() {
        v if v.starts_with('#') => "y-c",
        v if !v.is_empty() && v.parse::<f64>().is_ok() => "y-n",
        _ => "y-s",
    };
    // An empty text would be written as a space, which matters here.
    let lead = (!lead.is_empty()).then(|| lead.to_owned());
    let key = (!key.is_empty()).then(|| view! { <span class="y-k">{key.to_owned()}</span> });
    view! { <span class="yl">{lead}{key}<span class=class>{format!("{rest}\n")}</span></span> }
}

// Indent and dashes, the key, and the rest with its colon.
fn split(text: &str) -> (&str, &str, &str) {
    let start = text.len() - text.trim_start_matches([' ', '-']).len();
    let (lead, body) = text.split_at(start);
    let end = body.find(": ").or_else(|| body.ends_with(':').then(|| body.len() - 1));
    match end.filter(|at| !body[..*at].contains([' ', '"', '\'', '#'])) {
        Some(at) => (lead, &body[..at], &body[at..]),
        None => (lead, "", body),
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn keys_stand_apart_from_what_only_looks_like_them() {
        assert_eq!(split("  - name: app"), ("  - ", "name", ": app"));
        assert_eq!(split("spec:"), ("", "spec", ":"));
        assert_eq!(split("  - \"a: b\""), ("  - ", "", "\"a: b\""));
        assert_eq!(split("  plain words: no key"), ("  ", "", "plain words: no key"));
    }
}
