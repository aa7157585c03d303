//! Events of the app and its pods: warnings before what is normal, the newest first.

use crate::icons::glyph;
use crate::list::{Around, event_id};
use crate::parts::{IntoLive as _, Live, ago, empty, mid};
use domain::view::{AppDetail, EventRow};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// The table, or that there are none.
pub(super) fn view(d: &AppDetail, around: &Around) -> Live {
    if d.events.is_empty() {
        return empty("bell", "No events", "Kubernetes keeps events for an hour. None were reported for this app.", ()).into_live();
    }
    let mut named = BTreeSet::new();
    let (warnings, normal): (Vec<_>, Vec<_>) = d.events.iter().partition(|e| e.warning);
    let rows = warnings
        .into_iter()
        .chain(normal)
        .map(|e| {
            let id = event_id(&e.reason, e.object.rsplit('/').next().unwrap_or_default());
            event(e, named.insert(id.clone()).then_some(id), around)
        })
        .collect_view();
    view! {
        <div class="panel overflow-clip"><table class="tbl events" role="table" aria-label="Events"><thead role="rowgroup"><tr role="row">{head("w-28", "Last seen")}{head("w-44", "Reason")}{head("w-60", "Object")}{head("", "Message")}{head("num w-16", "Count")}</tr></thead><tbody role="rowgroup">{rows}</tbody></table></div>
    }
    .into_live()
}

fn head(class: &'static str, text: &'static str) -> impl IntoView {
    view! { <th scope="col" role="columnheader" class=class>{text}</th> }
}

/// How many there are; nothing where there are none.
pub(super) fn number(d: &AppDetail) -> Live {
    let n = d.events.len();
    (n > 0).then(|| view! { <span class="count">{n}</span> }).into_live()
}

fn event(e: &EventRow, id: Option<String>, around: &Around) -> impl IntoView + use<> {
    let (class, mark, word) = if e.warning { ("st st-warn", glyph("degraded"), "Warning") } else { ("st st-idle", glyph("running"), "Normal") };
    view! {
        <tr role="row" id=id>
            <td role="cell" class="e-t soft">{ago(e.last, around.now)}</td><td role="cell" class="e-r"><span class=class>{mark}<span class="sr-only">{word}</span><b>{e.reason.clone()}</b></span></td>
            <td role="cell" class="e-o mono text-xs" title=e.object.clone()>{mid(&e.object)}</td><td role="cell" class="e-m wrap-any">{e.message.clone()}</td><td role="cell" class="e-n num">{e.count}</td>
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
    fn warnings_come_before_what_is_normal_and_each_from_new_to_old() {
        let event = |reason: &str, warning| EventRow { object: "pod/a".into(), reason: reason.into(), message: String::new(), warning, count: 1, last: NOW };
        let mut d = detail(Word::Failing);
        d.events = vec![event("Pulled", false), event("BackOff", true), event("Created", false), event("Unhealthy", true)];
        let around = Around { links: Links::default(), now: NOW, spaces: false, creates: false };
        let html = Owner::new().with(|| view(&d, &around).to_html().replace("<!>", ""));
        let places: Vec<_> = ["BackOff", "Unhealthy", "Pulled", "Created"].map(|reason| html.find(&format!("<b>{reason}")).unwrap()).into();
        assert!(places.is_sorted(), "{html}");
    }

    #[test]
    fn a_long_name_of_a_pod_keeps_its_end() {
        let mut d = detail(Word::Failing);
        let object = "pod/a-name-that-is-longer-than-its-column-6d9f7c8b5-x2c8r".to_owned();
        d.events = vec![EventRow { object, reason: "BackOff".into(), message: String::new(), warning: true, count: 1, last: NOW }];
        let around = Around { links: Links::default(), now: NOW, spaces: false, creates: false };
        let html = Owner::new().with(|| view(&d, &around).to_html().replace("<!>", ""));
        assert!(html.contains("<span>d9f7c8b5-x2c8r</span>"), "the end stands alone: {html}");
    }

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
        let html = Owner::new().with(|| view(&d, &around).to_html().replace("<!>", ""));
        let (_, path) = evidence_link(&d.row.id, &Evidence::Event { label: String::new(), reason: "BackOff".into(), name: "b".into() });
        let (_, id) = path.split_once('#').unwrap();
        let row = html.split("<tr").find(|row| row.contains(&format!("id=\"{id}\""))).expect("a row with that id");
        assert!(row.contains("newest"), "{row}");
        assert_eq!(html.matches(&format!("id=\"{id}\"")).count(), 1);
    }
}
