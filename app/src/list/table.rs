//! Head, groups and emptiness of the table.

use super::{Around, Listing};
use crate::html::{Html, html};
use crate::parts::{count, tone, word_glyph};
use domain::live::Sort;
use domain::status::Word;

/// The columns by which one can order, with their classes and words.
const COLUMNS: [(&str, &str, Sort); 9] = [
    ("c-name", "Name", Sort::Name),
    ("c-st", "Status", Sort::Status),
    ("c-rdy", "Ready", Sort::Ready),
    ("c-img", "Image", Sort::Image),
    ("num c-cpu", "CPU", Sort::Cpu),
    ("num c-mem", "Memory", Sort::Memory),
    ("num c-rst", "Restarts", Sort::Restarts),
    ("num c-age", "Age", Sort::Age),
    ("c-chg", "Last change", Sort::Changed),
];

/// The head with links that order the list.
pub fn head(listing: &Listing, around: &Around, out: &mut Html) {
    out.raw("<tr role=\"row\">");
    for (class, text, sort) in COLUMNS {
        column(class, text, sort, listing, around, out);
    }
    out.raw("<th scope=\"col\" role=\"columnheader\" class=\"c-act\"><span class=\"sr-only\">Actions</span></th></tr>");
}

/// The links of the head as a menu, for a page that has no room for the head.
pub(super) fn sort_menu(listing: &Listing, around: &Around, out: &mut Html) {
    out.raw("<details class=\"drop tools-sort\"><summary class=\"btn btn-sm\"><span class=\"muted\">Sort</span> ");
    if let Some((_, text, _)) = COLUMNS.into_iter().find(|(_, _, sort)| *sort == listing.query.sort) {
        out.raw("<span>").raw(text).raw("</span>");
        direction(listing, out);
    }
    out.raw("</summary><div class=\"pop menu\" role=\"group\" aria-label=\"Sort by\">");
    for (_, text, sort) in COLUMNS {
        let on = listing.query.sort == sort;
        out.raw("<a").attr("href", &around.links.to(&listing.sorted(sort).path())).raw(if on { " aria-current=\"true\"" } else { "" });
        out.raw(" data-list=\"\">").raw(text);
        if on {
            direction(listing, out);
        }
        out.raw("</a>");
    }
    out.raw("</div></details>");
}

fn direction(listing: &Listing, out: &mut Html) {
    let (mark, words) = if goes_down(listing) { ("arrow-down", ", descending") } else { ("arrow-up", ", ascending") };
    out.icon(mark).raw("<span class=\"sr-only\">").raw(words).raw("</span>");
}

// Words begin with the first and readiness with the least, other numbers with the largest.
fn goes_down(listing: &Listing) -> bool {
    matches!(listing.query.sort, Sort::Name | Sort::Status | Sort::Image | Sort::Ready) == listing.query.reverse
}

fn column(class: &'static str, text: &'static str, sort: Sort, listing: &Listing, around: &Around, out: &mut Html) {
    let (on, down) = (listing.query.sort == sort, goes_down(listing));
    out.raw("<th scope=\"col\" role=\"columnheader\" class=\"").raw(class);
    out.raw(match (on, down) {
        (true, true) => "\" aria-sort=\"descending\">",
        (true, false) => "\" aria-sort=\"ascending\">",
        (false, _) => "\">",
    });
    out.raw("<a class=\"sort\"").attr("href", &around.links.to(&listing.sorted(sort).path())).raw(" data-list=\"\">").raw(text);
    if matches!(sort, Sort::Cpu | Sort::Memory) {
        // Of the little chart, which has no room in a narrow list.
        out.raw("<span class=\"c-hr muted\">1 h</span>");
    }
    if on {
        if down {
            out.icon("arrow-down");
        } else {
            out.icon("arrow-up");
        }
    }
    out.raw("</a></th>");
}

/// The row above a group, which collapses and opens it. A collapsed group says of each word how many rows have it, an open one
/// only of those that are news.
pub fn group_row(group: &Titled<'_>, listing: &Listing, around: &Around, out: &mut Html) {
    out.raw("<tr class=\"grp\" role=\"row\"><th class=\"c-name\" scope=\"rowgroup\" role=\"rowheader\" colspan=\"10\"><a class=\"grp-t\" data-list=\"\" data-fold=\"\"");
    out.attr("href", &around.links.to(&listing.folded(group.title).path())).attr("aria-expanded", if group.collapsed { "false" } else { "true" });
    out.raw(">").icon("chevron-down").raw("<span class=\"mono\">");
    out.text(if group.title.is_empty() { "none" } else { group.title })
        .raw("</span><span class=\"muted font-normal\">")
        .text(&count(group.rows, "app"))
        .raw("</span>");
    for (word, n) in group.counts.iter().filter(|(w, _)| group.collapsed || !matches!(w, Word::Running | Word::Completed)) {
        out.raw("<span class=\"st ").raw(tone(*word)).raw("\"").attr("title", word.text()).raw(">").glyph(word_glyph(*word));
        out.raw("<span class=\"sr-only\">").raw(word.text()).raw(" </span><span class=\"soft font-normal\">").text(&n.to_string()).raw("</span></span>");
    }
    out.raw("</a></th></tr>");
}

/// What the row above a group says.
#[derive(Clone, Copy, Debug)]
pub struct Titled<'a> {
    /// Namespace, team or release; empty for rows that belong to none.
    pub title: &'a str,
    /// How many rows have which word, the heaviest first.
    pub counts: &'a [(Word, usize)],
    /// How many rows it has.
    pub rows: usize,
    /// Its rows do not show.
    pub collapsed: bool,
}

/// What is said where the table would be empty.
pub fn empty_list(listing: &Listing, any: bool, ready: bool, around: &Around, out: &mut Html) {
    if any {
        let text = listing.query.text.trim();
        let title = if text.is_empty() { "No apps match these filters".to_owned() } else { format!("No apps match {text}") };
        let clear = html(|h| {
            h.raw("<a class=\"btn btn-sm mt-1\"").attr("href", &around.links.to(&listing.cleared().path())).raw(" data-list=\"\">Clear filter</a>");
        });
        return out.empty("list-filter", &title, "The filter above hides other apps.", &clear);
    }
    if !ready {
        let text = "This takes a few seconds. Apps appear here as soon as they are loaded.";
        return out.empty("clock", "Loading from the cluster", text, &Html::new());
    }
    let (title, new) = match &listing.namespace {
        Some(n) => (format!("No apps in {n}"), format!("/new-app/{n}")),
        None => ("No apps yet".to_owned(), "/new-app".to_owned()),
    };
    let create = html(|h| h.new_one("app", "btn-sm mt-1", around.creates, &around.links.to(&new)));
    out.empty("box", &title, "Deployments, stateful sets, daemon sets, jobs, cron jobs, and single pods in your namespaces appear here.", &create);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::links::Links;
    use domain::UnixMs;

    #[test]
    fn the_menu_of_a_narrow_page_leads_where_the_head_leads() {
        let around = Around { links: Links::default(), now: UnixMs(0), spaces: false, creates: false };
        let listing = Listing::default().sorted(Sort::Name);
        let menu = html(|h| sort_menu(&listing, &around, h)).into_string();
        let all = html(|h| head(&listing, &around, h)).into_string();
        let links = |markup: &str| -> Vec<String> {
            markup.split("<a ").skip(1).filter_map(|a| Some(a.split("href=\"").nth(1)?.split('"').next()?.to_owned())).collect()
        };
        assert_eq!(links(&menu), links(&all));
        assert_eq!(links(&menu).len(), 9, "{menu}");
        assert!(menu.contains("<span>Name</span>") && menu.contains(", ascending"), "{menu}");
    }
}
