//! Events of the app and its pods, newest first.

use crate::icons::glyph;
use crate::list::{Around, event_id};
use crate::parts::{IntoLive as _, Live, ago, empty};
use domain::view::{AppDetail, EventRow};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// The table, or that there are none.
pub(super) fn view(d: &AppDetail, around: &Around) -> Live {
    if d.events.is_empty() {
        return empty("bell", "No events", "Kubernetes keeps events for an hour. None were reported for this app.", ()).into_live();
    }
    let mut named = BTreeSet::new();
    let rows = d
        .events
        .iter()
        .map(|e| {
            let id = event_id(&e.reason, e.object.rsplit('/').next().unwrap_or_default());
            event(e, named.insert(id.clone()).then_some(id), around)
        })
        .collect_view();
    view! {
        <div class="panel overflow-clip"><div class="scroll-x" tabindex="0" role="region" aria-label="Events"><table class="tbl events"><thead><tr>
            <th scope="col" class="w-28">"Last seen"</th><th scope="col" class="w-44">"Reason"</th><th scope="col" class="w-56">"Object"</th><th scope="col">"Message"</th><th scope="col" class="num w-16">"Count"</th>
        </tr></thead><tbody>{rows}</tbody></table></div></div>
    }
    .into_live()
}

/// How many there are; nothing where there are none.
pub(super) fn number(d: &AppDetail) -> Live {
    let n = d.events.len();
    (n > 0).then(|| view! { <span class="count">{n}</span> }).into_live()
}

fn event(e: &EventRow, id: Option<String>, around: &Around) -> impl IntoView + use<> {
    let (class, mark, word) = if e.warning { ("st st-warn", glyph("degraded"), "Warning") } else { ("st st-idle", glyph("running"), "Normal") };
    view! {
        <tr id=id>
            <td class="soft">{ago(e.last, around.now)}</td><td><span class=class>{mark}<span class="sr-only">{word}</span><b>{e.reason.clone()}</b></span></td>
            <td class="mono text-xs" title=e.object.clone()>{e.object.clone()}</td><td class="wrap-any">{e.message.clone()}</td><td class="num">{e.count}</td>
        </tr>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::links::Links;
    use crate::list::evidence_link;
    use crate::render_tests::{NOW, detail};
    use domain::status::{Evidence, Word};

    #[test]
    fn the_link_to_an_event_leads_to_the_newest_about_that_object() {
        let event = |name: &str, message: &str| EventRow {
            object: format!("pod/{name}"),
            reason: "BackOff".into(),
            message: message.into(),
            warning: true,
            count: 1,
            last: NOW,
        };
        let mut d = detail(Word::Failing);
        d.events = vec![event("a", "first"), event("b", "newest"), event("b", "older")];
        let around = Around { links: Links::default(), now: NOW, spaces: false, creates: false };
        let html = Owner::new().with(|| view(&d, &around).to_html());
        let (_, path) = evidence_link(&d.row.id, &Evidence::Event { label: String::new(), reason: "BackOff".into(), name: "b".into() });
        let (_, id) = path.split_once('#').unwrap();
        let row = html.split("<tr").find(|row| row.contains(&format!("id=\"{id}\""))).expect("a row with that id");
        assert!(row.contains("newest"), "{row}");
        assert_eq!(html.matches(&format!("id=\"{id}\"")).count(), 1);
    }
}
