//! One app of the list.

use super::Around;
use crate::icons::icon;
use crate::parts::{IntoLive as _, aging, image, kind_short, mid, noted, pips, spark};
use domain::Kind;
use domain::view::AppRow;
use leptos::prelude::*;

/// The id of a row's element.
#[must_use]
pub fn row_id(row: &AppRow) -> String {
    row.id.to_string()
}

/// The cells of a row. Running them again with newer values changes the elements in place.
#[must_use]
pub fn cells(row: &AppRow, around: &Around) -> impl IntoView + use<> {
    let path = row.id.path();
    let name = row.id.name.to_string();
    let restarts = if row.restarts == 0 { "muted" } else { "font-medium c-bad" };
    let space = around.spaces.then(|| view! { <span class="c-ns muted">{row.id.namespace.to_string()}</span> });
    let changed =
        row.changed.as_ref().map(|(at, who)| view! { <span class="soft">{aging("{}", *at, around.now)}</span>" "<span class="muted">{who.clone()}</span> });
    // Between its runs a cron job has no pods, and wants none.
    let replicas = match row.id.kind {
        Kind::CronJob if row.wanted == 0 => view! { <span class="muted" title="No run now">"–"</span> }.into_live(),
        _ => pips(&row.pips, row.ready, row.wanted).into_live(),
    };
    view! {
        <th scope="row" role="rowheader" class="c-name">
            <a class="name" href=around.links.to(&path) title=name.clone()>{mid(&name)}</a>{space}<span class="c-kind muted">{kind_short(row.id.kind)}</span>
        </th>
        <td role="cell" class="c-st" title=row.status.sentence.clone()>{noted(row)}</td>
        <td role="cell" class="c-rdy">{replicas}</td>
        <td role="cell" class="c-img">{image(row.images.first().map_or("", String::as_str))}</td>
        <td role="cell" class="num c-cpu">{spark(&row.usage.cpu_spark, row.usage.cpu.map(|c| c.to_string()))}</td>
        <td role="cell" class="num c-mem">{spark(&row.usage.memory_spark, row.usage.memory.map(|m| m.to_string()))}</td>
        <td role="cell" class="num c-rst"><span class=restarts>{row.restarts}</span></td>
        <td role="cell" class="num c-age soft">{aging("{}", row.created, around.now)}</td>
        <td role="cell" class="c-chg"><span class="trunc block">{changed}</span></td>
        <td role="cell" class="c-act">
            <span class="row-act"><a class="copybtn" data-logs="" href=around.links.to(&format!("{path}/logs")) aria-label=format!("Logs of {name}") title="Logs">{icon("scroll-text")}</a></span>
        </td>
    }
}
