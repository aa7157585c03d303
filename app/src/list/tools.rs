//! The filter field, chips by status, kinds and groups: a form and links, so that they work without scripts.

use super::listing::group_slug;
use super::{Around, Listing};
use crate::icons::{glyph, icon};
use crate::parts::{IntoLive as _, Live, tone, word_glyph};
use domain::Kind;
use domain::live::GroupBy;
use domain::status::Word;
use domain::view::AppRow;
use leptos::prelude::*;

/// The row of tools above the table.
#[must_use]
pub fn tools<'a>(rows: impl Iterator<Item = &'a AppRow>, listing: &Listing, around: &Around) -> Live {
    let mut counts = [0_usize; 8];
    for row in rows {
        counts[row.status.word as usize] += 1;
    }
    let chips = Word::ALL
        .into_iter()
        .filter(|w| counts[*w as usize] > 0 || listing.query.words.contains(w))
        .map(|w| chip(w, counts[w as usize], listing, around))
        .collect_view();
    let q = &listing.query;
    let own = listing.namespace.as_ref().map_or_else(|| "/apps".to_owned(), |n| format!("/apps/{n}"));
    let kind = q.kinds.first().copied();
    let kinds = Kind::ALL.into_iter().map(|k| view! { <option value=k.slug() selected={kind == Some(k)}>{k.kubernetes()}</option> }).collect_view();
    let groups = [(GroupBy::None, "No groups"), (GroupBy::Namespace, "By namespace"), (GroupBy::Team, "By team"), (GroupBy::Release, "By release")];
    let groups = groups.into_iter().map(|(g, text)| view! { <option value=group_slug(g) selected={q.group == g}>{text}</option> }).collect_view();
    // What the form does not have a field for is kept.
    let kept = listing
        .but(|q| {
            q.text.clear();
            q.kinds.clear();
        })
        .query
        .to_pairs()
        .into_iter()
        .filter(|(k, _)| k != "group");
    let keep = crate::links::decode(&around.links.keep);
    let kept = kept.chain(keep).map(|(k, v)| view! { <input type="hidden" name=k value=v/> }).collect_view();
    view! {
        <form class="tools" role="search" aria-label="Filter apps" method="get" action=format!("{}{own}", around.links.base) data-tools="">
            <div class="in-wrap tools-q">{icon("list-filter")}<input class="in in-sm" type="search" name="q" value=q.text.clone() prop:value=q.text.clone() placeholder="Filter by name, image or person" aria-label="Filter apps" aria-keyshortcuts="/" autocomplete="off" data-filter=""/><span class="tail"><span class="kbd" aria-hidden="true">"/"</span></span></div>
            <div class="chips" role="group" aria-label="Status">{chips}</div>
            <div class="tools-end">
                <select class="in in-sm w-auto" name="kind" aria-label="Kind" data-go=""><option value="">"All kinds"</option>{kinds}</select>
                <select class="in in-sm w-auto" name="group" aria-label="Groups" data-go="">{groups}</select>
                <button class="btn btn-sm nojs" type="submit">"Apply"</button>
            </div>
            {kept}
        </form>
    }
    .into_live()
}

fn chip(word: Word, count: usize, listing: &Listing, around: &Around) -> impl IntoView + use<> {
    let on = listing.query.words.contains(&word);
    let other = listing.but(|q| if on { q.words.retain(|w| *w != word) } else { q.words.push(word) });
    let color = match tone(word) {
        "st-bad" => "c-bad",
        "st-warn" => "c-warn",
        "st-prog" => "c-acc",
        "st-ok" => "c-ok",
        _ => "c-idle",
    };
    view! {
        <a class="chip" href=around.links.to(&other.path()) aria-current=on.then_some("true") data-list="">
            <span class=color>{glyph(word_glyph(word))}</span>{word.text()}" "<b>{count}</b>
        </a>
    }
}
