//! What happened in this rollout, and the pods with their containers.

use crate::icons::{glyph, icon};
use crate::list::Around;
use crate::parts::{IntoLive as _, Live, aging, count, image, pips, status, time};
use domain::view::{AppDetail, ContainerRow, Happening, PodRow};
use leptos::prelude::*;

/// Story and pods.
pub(super) fn view(d: &AppDetail, around: &Around) -> Live {
    let story = d.story.iter().map(happening).collect_view();
    let revision = d.revision.map(|r| view! { <span class="muted text-xs">{format!("revision {r}")}</span> });
    let none = d.story.is_empty().then(|| view! { <p class="panel-body soft">"Nothing has happened since the last rollout."</p> });
    view! {
        <section class="panel" id="story" aria-labelledby="story-h"><div class="panel-head"><h2 class="h3" id="story-h">"What happened"</h2>{revision}</div>{none}<ol class="tl">{story}</ol></section>
        {pods(d, around)}
    }
    .into_live()
}

fn happening(h: &Happening) -> impl IntoView + use<> {
    let (color, mark) = match h.tone.as_str() {
        "ok" => ("tl-g c-ok", glyph("pass").into_live()),
        "warn" => ("tl-g c-warn", glyph("degraded").into_live()),
        "bad" => ("tl-g c-bad", glyph("failing").into_live()),
        _ => ("tl-g c-ink3", icon("pencil").into_live()),
    };
    view! { <li>{time(h.at)}<span class=color>{mark}</span><div><p>{h.sentence.clone()}</p></div></li> }
}

fn pods(d: &AppDetail, around: &Around) -> impl IntoView + use<> {
    if d.pods.is_empty() {
        let text = if d.row.wanted == 0 { "No pod is wanted." } else { "No pod exists yet." };
        return view! { <section class="panel" aria-labelledby="pods-h"><div class="panel-head"><h2 class="h3" id="pods-h">"Pods"</h2></div><p class="panel-body soft">{text}</p></section> }.into_live();
    }
    let app = d.row.id.path();
    let rows = d.pods.iter().map(|p| pod(p, &app, around)).collect_view();
    view! {
        <section class="panel overflow-clip" aria-labelledby="pods-h">
            <div class="panel-head"><h2 class="h3" id="pods-h">"Pods"</h2>{pips(&d.row.pips, d.row.ready, d.row.wanted)}<span class="muted text-xs">{count(d.pods.len(), "pod")}</span></div>
            <div class="scroll-x" tabindex="0" role="group" aria-label="Table of pods"><table class="tbl pods" role="table" aria-label="Pods"><thead role="rowgroup"><tr role="row">
                {head("c-name", "Name")}{head("", "Status")}{head("w-14", "Ready")}{head("num w-17", "Restarts")}{head("num w-15", "CPU")}{head("num w-18", "Memory")}{head("c-node", "Node")}{head("num c-age", "Age")}<th scope="col" role="columnheader" class="c-lnk"><span class="sr-only">"Logs"</span></th>
            </tr></thead>{rows}</table></div>
        </section>
    }
    .into_live()
}

fn head(class: &'static str, text: &'static str) -> impl IntoView {
    view! { <th scope="col" role="columnheader" class=class>{text}</th> }
}

// A number that says what it is where the table has become cards.
fn number(class: &'static str, label: &'static str, value: impl IntoView + 'static) -> impl IntoView {
    view! { <td role="cell" class=class><span class="card-only muted" aria-hidden="true">{label}" "</span>{value.into_live()}</td> }
}

fn pod(p: &PodRow, app: &str, around: &Around) -> impl IntoView + use<> {
    let logs = around.links.with(&format!("{app}/logs"), &[("pod", &p.name)]);
    let restarts = if p.restarts == 0 { "muted" } else { "font-medium c-warn" };
    let dash = || "–".to_owned();
    let containers = p.containers.iter().map(|c| container(p, c, app, around)).collect_view();
    let wanted = u32::try_from(p.containers.iter().filter(|c| !c.init && !c.ephemeral).count()).unwrap_or(0);
    view! {
        <tbody data-row="" role="rowgroup">
            <tr role="row">
                <th scope="row" role="rowheader" class="c-name"><a class="name" href=logs.clone() title=p.name.clone()>{crate::parts::mid(&p.name)}</a></th>
                <td role="cell" class="c-st" title=p.status.sentence.clone()>{status(p.status.word, &p.status.reason)}</td>
                {number("", "Ready", format!("{}/{wanted}", p.ready))}
                {number("num", "Restarts", view! { <span class=restarts>{p.restarts}</span> })}
                {number("num", "CPU", p.cpu.map_or_else(dash, |c| c.to_string()))}{number("num", "Memory", p.memory.map_or_else(dash, |m| m.to_string()))}
                <td role="cell" class="soft c-node" title=p.ip.clone()>{p.node.clone().unwrap_or_else(dash)}</td>
                {number("num soft c-age", "Age", aging("{}", p.created, around.now))}
                <td role="cell" class="num c-lnk"><a class="link" data-logs="" href=logs aria-label=format!("Logs of {}", p.name)>"Logs"</a></td>
            </tr>
            <tr class="ctr" role="row"><td role="cell" colspan="9"><ul>{containers}</ul></td></tr>
        </tbody>
    }
}

fn container(p: &PodRow, c: &ContainerRow, app: &str, around: &Around) -> impl IntoView + use<> {
    let previous = c.has_previous.then(|| {
        let href = around.links.with(&format!("{app}/logs"), &[("pod", &p.name), ("container", &c.name), ("previous", "true")]);
        view! { <a class="link" href=href>"Log before the restart"</a> }
    });
    let last = c.last.clone().map(|l| view! { <span class="soft">{format!("before: {l}")}</span> });
    let mark = if c.ready {
        view! { <span class="c-ok">{glyph("pass")}</span> }.into_live()
    } else {
        view! { <span class="c-idle">{icon("clock")}</span> }.into_live()
    };
    let kind = match (c.init, c.sidecar, c.ephemeral) {
        (true, ..) => Some(view! { <span class="tag" title="Runs before the others">"init"</span> }),
        (_, true, _) => Some(view! { <span class="tag" title="Starts before the others and runs beside them">"sidecar"</span> }),
        (.., true) => Some(view! { <span class="tag" title="Ephemeral container, with which somebody looks into the pod">"debug"</span> }),
        _ => None,
    };
    // There is no other way to its log than by its name: it is not part of the app's.
    let log = c.ephemeral.then(|| {
        let href = around.links.with(&format!("{app}/logs"), &[("pod", &p.name), ("container", &c.name)]);
        view! { <a class="link" href=href>"Its log"</a> }
    });
    view! { <li>{mark}<b class="mono font-medium">{c.name.clone()}</b>{kind}{image(&c.image)}<span>{c.state.clone()}</span>{last}{previous}{log}</li> }
}
