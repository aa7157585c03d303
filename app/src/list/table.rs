//! Head, groups and emptiness of the table.

use super::{Around, Listing};
use crate::html::{Html, html};
use crate::parts::{count, tone, word_glyph};
use domain::live::Sort;
use domain::status::Word;

/// The head with links that order the list.
pub fn head(listing: &Listing, around: &Around, out: &mut Html) {
    out.raw("<tr role=\"row\">");
    column("c-name", "Name", Sort::Name, listing, around, out);
    column("c-st", "Status", Sort::Status, listing, around, out);
    column("c-rdy", "Ready", Sort::Ready, listing, around, out);
    column("c-img", "Image", Sort::Image, listing, around, out);
    column("num c-cpu", "CPU", Sort::Cpu, listing, around, out);
    column("num c-mem", "Memory", Sort::Memory, listing, around, out);
    column("num c-rst", "Restarts", Sort::Restarts, listing, around, out);
    column("num c-age", "Age", Sort::Age, listing, around, out);
    column("c-chg", "Last change", Sort::Changed, listing, around, out);
    out.raw("<th scope=\"col\" role=\"columnheader\" class=\"c-act\"><span class=\"sr-only\">Actions</span></th></tr>");
}

fn column(class: &'static str, text: &'static str, sort: Sort, listing: &Listing, around: &Around, out: &mut Html) {
    let on = listing.query.sort == sort;
    // Words begin with the first and readiness with the least, other numbers with the largest.
    let down = matches!(sort, Sort::Name | Sort::Status | Sort::Image | Sort::Ready) == listing.query.reverse;
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
