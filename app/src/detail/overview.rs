//! What happened in this rollout, and the pods with their containers.

use super::pod::write_pod;
use crate::html::{Html, html};
use crate::list::Around;
use crate::parts::{IntoLive as _, Live, count};
use domain::Tone;
use domain::view::{AppDetail, Happening};

/// What stands around the pods. Each has an element of its own, which stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// What happened.
    Story,
    /// How many pods there are.
    PodsHead,
    /// What is said where there are none.
    NoPods,
}

impl Piece {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Story, Self::PodsHead, Self::NoPods];

    /// The value of its element's `data-piece`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Story => "story",
            Self::PodsHead => "pods-head",
            Self::NoPods => "no-pods",
        }
    }

    /// Writes what stands inside of its element.
    pub fn write(self, d: &AppDetail, out: &mut Html) {
        match self {
            Self::Story => story(d, out),
            Self::PodsHead => {
                out.raw("<h2 class=\"h3\" id=\"pods-h\">Pods</h2>");
                if !d.pods.is_empty() {
                    out.pips(&d.row.pips, d.row.ready, d.row.wanted);
                    out.raw("<span class=\"muted text-xs\">").text(&count(d.pods.len(), "pod")).raw("</span>");
                }
            }
            Self::NoPods => {
                out.raw(match (d.pods.is_empty(), d.row.wanted) {
                    (false, _) => "",
                    (true, 0) => "<p class=\"panel-body soft\">Scaled to 0</p>",
                    (true, _) => "<p class=\"panel-body soft\">No pods yet</p>",
                });
            }
        }
    }
}

/// Story and pods.
pub(super) fn view(d: &AppDetail, around: &Around) -> Live {
    html(|out| write(d, around, out)).into_view().into_live()
}

fn write(d: &AppDetail, around: &Around, out: &mut Html) {
    out.raw("<div data-overview=\"\"><section class=\"panel\" id=\"story\" aria-labelledby=\"story-h\" data-piece=\"story\">");
    Piece::Story.write(d, out);
    out.raw("</section><section class=\"panel overflow-clip\" aria-labelledby=\"pods-h\"><div class=\"panel-head\" data-piece=\"pods-head\">");
    Piece::PodsHead.write(d, out);
    out.raw("</div><div data-piece=\"no-pods\">");
    Piece::NoPods.write(d, out);
    out.raw("</div><div class=\"scroll-x\" tabindex=\"0\" role=\"group\" aria-label=\"Table of pods\"").raw(if d.pods.is_empty() {
        " hidden=\"\">"
    } else {
        ">"
    });
    out.raw("<table class=\"tbl pods\" role=\"table\" aria-label=\"Pods\"><thead role=\"rowgroup\"><tr role=\"row\">");
    for (class, text) in [
        ("c-name", "Name"),
        ("c-st", "Status"),
        ("c-rdy", "Ready"),
        ("num", "Restarts"),
        ("num", "CPU"),
        ("num", "Memory"),
        ("c-node", "Node"),
        ("num c-age", "Age"),
    ] {
        out.raw("<th scope=\"col\" role=\"columnheader\"").attr("class", class).raw(">").raw(text).raw("</th>");
    }
    out.raw("<th scope=\"col\" role=\"columnheader\" class=\"c-lnk\"><span class=\"sr-only\">Logs</span></th></tr></thead>");
    for pod in &d.pods {
        write_pod(pod, &d.row.id, around, out);
    }
    out.raw("</table></div></section></div>");
}

fn story(d: &AppDetail, out: &mut Html) {
    out.raw("<div class=\"panel-head\"><h2 class=\"h3\" id=\"story-h\">What happened</h2>");
    if let Some(revision) = d.revision {
        out.raw("<span class=\"muted text-xs\">revision ").text(&revision.to_string()).raw("</span>");
    }
    out.raw("</div>");
    if d.story.is_empty() {
        out.raw("<p class=\"panel-body soft\">Nothing since the last rollout</p>");
    }
    out.raw("<ol class=\"tl\">");
    for h in &d.story {
        happening(h, out);
    }
    out.raw("</ol>");
}

fn happening(h: &Happening, out: &mut Html) {
    out.raw("<li>").time(h.at);
    match h.tone {
        Tone::Ok => out.raw("<span class=\"tl-g c-ok\">").glyph("pass"),
        Tone::Warn => out.raw("<span class=\"tl-g c-warn\">").glyph("degraded"),
        Tone::Bad => out.raw("<span class=\"tl-g c-bad\">").glyph("failing"),
        Tone::Change | Tone::Info | Tone::End => out.raw("<span class=\"tl-g c-ink3\">").icon("pencil"),
    };
    out.raw("</span><div><p>").text(&h.sentence).raw("</p></div></li>");
}
