//! Icons (lucide) and status glyphs. The shell writes all of them once as a sprite; a use is one short element.

use crate::html::Html;
use leptos::prelude::*;

/// The sprite, for the shell.
pub const SPRITE: &str = include_str!("sprite.svg");

/// The mark of the portal: a mooring ring with a rope through it.
pub const MARK: &str = "<path d=\"M12.6 17.9A7.6 7.6 0 1 1 18 12.3\" stroke=\"currentColor\" stroke-width=\"2.6\"/><path class=\"mark-rope\" d=\"M10.8 10.6c3.4 0 4.2 2.9 5.3 5 1 1.9 2.3 3.6 5.4 3.6\" stroke=\"currentColor\" stroke-width=\"2.4\"/>";

/// An icon by its lucide name, 16 px, hidden from assistive tech: `icon("copy")`.
#[must_use]
pub fn icon(name: &'static str) -> impl IntoView {
    view! { <svg class="i" aria-hidden="true" inner_html=format!("<use href=\"#i-{name}\"/>")></svg> }
}

/// A glyph by its name, 14 px: `running`, `pass`, `failing`, …
#[must_use]
pub fn glyph(name: &'static str) -> impl IntoView {
    let class = if name == "progressing" { "g g-spin" } else { "g" };
    view! { <svg class=class viewBox="0 0 14 14" aria-hidden="true" inner_html=format!("<use href=\"#g-{name}\"/>")></svg> }
}

impl Html {
    /// As [`icon`].
    pub fn icon(&mut self, name: &'static str) -> &mut Self {
        self.raw("<svg class=\"i\" aria-hidden=\"true\"><use href=\"#i-").raw(name).raw("\"/></svg>")
    }

    /// As [`glyph`].
    pub fn glyph(&mut self, name: &'static str) -> &mut Self {
        self.raw(if name == "progressing" { "<svg class=\"g g-spin\"" } else { "<svg class=\"g\"" });
        self.raw(" viewBox=\"0 0 14 14\" aria-hidden=\"true\"><use href=\"#g-").raw(name).raw("\"/></svg>")
    }
}

/// The brand mark.
#[must_use]
pub fn mark() -> impl IntoView {
    view! { <svg viewBox="0 0 24 24" fill="none" stroke-linecap="round" aria-hidden="true" inner_html=MARK></svg> }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_icon_that_a_view_asks_for_is_in_the_sprite() {
        fn files(dir: &std::path::Path, out: &mut Vec<String>) {
            for entry in std::fs::read_dir(dir).unwrap().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    files(&path, out);
                } else if path.extension().is_some_and(|e| e == "rs") {
                    out.push(std::fs::read_to_string(path).unwrap());
                }
            }
        }
        let mut sources = Vec::new();
        files(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut sources);
        for (call, id) in [("icon(\"", "i-"), ("glyph(\"", "g-")] {
            for source in &sources {
                for name in source
                    .split(call)
                    .skip(1)
                    .filter_map(|rest| rest.split('"').next())
                    .filter(|n| n.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') && !n.is_empty())
                {
                    assert!(super::SPRITE.contains(&format!("id=\"{id}{name}\"")), "{id}{name} is not in sprite.svg");
                }
            }
        }
    }
}
