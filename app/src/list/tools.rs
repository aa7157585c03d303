//! The filter field, chips by status, kinds and groups: a form and links, so that they work without scripts.

use super::listing::group_slug;
use super::table::sort_menu;
use super::{Around, Listing};
use crate::html::Html;
use crate::parts::word_glyph;
use domain::Kind;
use domain::live::GroupBy;
use domain::status::Word;
use domain::view::AppRow;

/// The row of tools above the table.
pub fn tools<'a>(rows: impl Iterator<Item = &'a AppRow>, listing: &Listing, around: &Around, out: &mut Html) {
    let mut counts = [0_usize; 8];
    for row in rows {
        counts[row.status.word as usize] += 1;
    }
    let q = &listing.query;
    let own = listing.namespace.as_ref().map_or_else(|| "/apps".to_owned(), |n| format!("/apps/{n}"));
    out.raw("<form class=\"tools\" role=\"search\" aria-label=\"Filter apps\" method=\"get\"").attr("action", &format!("{}{own}", around.links.base));
    out.raw(" data-tools=\"\"><div class=\"in-wrap tools-q\">")
        .icon("list-filter")
        .raw("<input class=\"in in-sm\" type=\"search\" name=\"q\"")
        .attr("value", &q.text);
    out.raw(" placeholder=\"Filter by name, image, or person\" aria-label=\"Filter apps\" aria-keyshortcuts=\"/\" autocomplete=\"off\" data-filter=\"\"/>");
    out.raw("<span class=\"tail\"><span class=\"kbd\" aria-hidden=\"true\">/</span></span></div><div class=\"chips\" role=\"group\" aria-label=\"Status\">");
    for word in Word::ALL.into_iter().filter(|w| counts[*w as usize] > 0 || q.words.contains(w)) {
        chip(word, counts[word as usize], listing, around, out);
    }
    out.raw("</div><div class=\"tools-end\">");
    sort_menu(listing, around, out);
    out.raw("<select class=\"in in-sm w-auto\" name=\"kind\" aria-label=\"Kind\" data-go=\"\"><option value=\"\">All kinds</option>");
    let kind = q.kinds.first().copied();
    for k in Kind::ALL {
        option(k.slug(), k.kubernetes(), kind == Some(k), out);
    }
    out.raw("</select><select class=\"in in-sm w-auto\" name=\"group\" aria-label=\"Groups\" data-go=\"\">");
    for (group, text) in [(GroupBy::None, "No grouping"), (GroupBy::Namespace, "By namespace"), (GroupBy::Team, "By team"), (GroupBy::Release, "By release")] {
        option(group_slug(group), text, q.group == group, out);
    }
    out.raw("</select><button class=\"btn btn-sm nojs\" type=\"submit\">Apply</button></div>");
    // What the form does not have a field for is kept.
    let kept = listing.but(|q| {
        q.text.clear();
        q.kinds.clear();
    });
    let kept = kept.query.to_pairs().into_iter().filter(|(k, _)| k != "group");
    for (key, value) in kept.chain(crate::links::decode(&around.links.keep)) {
        out.raw("<input type=\"hidden\"").attr("name", &key).attr("value", &value).raw("/>");
    }
    out.raw("</form>");
}

fn option(value: &'static str, text: &'static str, selected: bool, out: &mut Html) {
    out.raw("<option").attr("value", value).raw(if selected { " selected=\"\">" } else { ">" }).raw(text).raw("</option>");
}

fn chip(word: Word, count: usize, listing: &Listing, around: &Around, out: &mut Html) {
    let on = listing.query.words.contains(&word);
    let other = listing.but(|q| if on { q.words.retain(|w| *w != word) } else { q.words.push(word) });
    let color = match word {
        Word::Failing => "c-bad",
        Word::Degraded => "c-warn",
        Word::Progressing => "c-acc",
        Word::Running => "c-ok",
        Word::Unknown | Word::Paused | Word::Stopped | Word::Completed => "c-idle",
    };
    out.raw("<a class=\"chip\"").attr("href", &around.links.to(&other.path())).raw(if on { " aria-current=\"true\"" } else { "" });
    out.raw(" data-list=\"\"><span").attr("class", color).raw(">").glyph(word_glyph(word)).raw("</span>").raw(word.text()).raw(" <b>");
    out.text(&count.to_string()).raw("</b></a>");
}
