//! Events of the app and its pods, newest first.

use crate::icons::glyph;
use crate::list::Around;
use crate::parts::{IntoLive as _, Live, ago, empty};
use domain::view::{AppDetail, EventRow};
use leptos::prelude::*;

/// The table, or that there are none.
pub(super) fn view(d: &AppDetail, around: &Around) -> Live {
    if d.events.is_empty() {
        return empty("bell", "No events", "Kubernetes keeps events for an hour; nothing was reported about this app in that time.", ()).into_live();
    }
    let rows = d.events.iter().map(|e| event(e, around)).collect_view();
    view! {
        <div class="panel overflow-clip"><div class="scroll-x" tabindex="0" role="region" aria-label="Events"><table class="tbl events"><thead><tr>
            <th scope="col" class="w-28">"When"</th><th scope="col" class="w-44">"Reason"</th><th scope="col" class="w-56">"Object"</th><th scope="col">"What"</th><th scope="col" class="num w-16">"Times"</th>
        </tr></thead><tbody>{rows}</tbody></table></div></div>
    }
    .into_live()
}

/// How many there are; nothing where there are none.
pub(super) fn number(d: &AppDetail) -> Live {
    let n = d.events.len();
    (n > 0).then(|| view! { <span class="count">{n}</span> }).into_live()
}

fn event(e: &EventRow, around: &Around) -> impl IntoView + use<> {
    let (class, mark, word) = if e.warning { ("st st-warn", glyph("degraded"), "Warning") } else { ("st st-idle", glyph("running"), "Normal") };
    view! {
        <tr id=format!("e-{}", e.reason)>
            <td class="soft">{ago(e.last, around.now)}</td><td><span class=class>{mark}<span class="sr-only">{word}</span><b>{e.reason.clone()}</b></span></td>
            <td class="mono text-xs" title=e.object.clone()>{e.object.clone()}</td><td class="wrap-any">{e.message.clone()}</td><td class="num">{e.count}</td>
        </tr>
    }
}
