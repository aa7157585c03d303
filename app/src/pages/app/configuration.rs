//! Environment with its origins, mounts, ports and command, by container.

use crate::icons::{glyph, icon};
use crate::parts::empty;
use domain::remark::TEMPLATE_WAITS;
use domain::view::{AppDetail, ContainerConfig, EnvRow, MountRow};
use leptos::prelude::*;

/// One panel per container.
pub(super) fn view(d: &AppDetail, containers: &[ContainerConfig]) -> AnyView {
    if containers.is_empty() {
        return view! { <div class="mt-4">{empty("braces", "No containers", "This app's template has no containers.", ())}</div> }.into_any();
    }
    let panels = containers.iter().enumerate().map(|(i, c)| panel(i, c)).collect_view();
    // What follows is the template; the pods of a held rollout may still run another.
    let waits = d
        .row
        .remarks
        .iter()
        .filter(|r| r.code == TEMPLATE_WAITS)
        .map(|r| view! { <p class="note">{icon("info")}<span>{r.text.clone()}" "{r.remedy.clone()}</span></p> })
        .collect_view();
    view! { <div class="grid gap-4 mt-4">{waits}{panels}</div> }.into_any()
}

fn panel(i: usize, c: &ContainerConfig) -> impl IntoView + use<> {
    let id = format!("c-{i}");
    let missing = c.env.iter().filter(|e| e.missing).count();
    let warn = (missing > 0).then(|| view! { <span class="st st-bad text-xs">{glyph("failing")}<b>{format!("{missing} missing")}</b></span> });
    let command = if c.command.is_empty() { "Image default".to_owned() } else { c.command.join(" ") };
    let ports = if c.ports.is_empty() { "None declared".to_owned() } else { c.ports.join(", ") };
    view! {
        <section class="panel overflow-clip" aria-labelledby=id.clone()><div class="panel-head"><h2 class="h3 mono" id=id.clone()>{c.name.clone()}</h2>{warn}</div>
            <div class="panel-body"><dl class="kv text-xs leading-5"><dt>"Image"</dt><dd class="mono break-all">{c.image.clone()}</dd><dt>"Command"</dt><dd class="mono break-all">{command}</dd><dt>"Ports"</dt><dd>{ports}</dd></dl></div>
            {env(&c.env)}{mounts(&c.mounts)}
        </section>
    }
}

fn env(rows: &[EnvRow]) -> Option<impl IntoView + use<>> {
    (!rows.is_empty()).then(|| {
        let rows = rows.iter().map(variable).collect_view();
        view! { <div class="scroll-x" tabindex="0" role="region" aria-label="Environment"><table class="tbl conf"><thead><tr><th scope="col" class="w-64">"Variable"</th><th scope="col">"Value"</th><th scope="col" class="w-72">"From"</th></tr></thead><tbody>{rows}</tbody></table></div> }
    })
}

fn variable(e: &EnvRow) -> impl IntoView + use<> {
    let value = match (&e.value, e.missing) {
        (_, true) => {
            view! { <span class="st st-bad">{glyph("failing")}<b>"Missing"</b><span class="soft">"the pod can't start without it"</span></span> }.into_any()
        }
        (Some(v), _) => view! { <span class="mono text-xs break-all">{v.clone()}</span> }.into_any(),
        (None, _) => view! { <span class="muted">"Hidden"</span> }.into_any(),
    };
    view! { <tr><th scope="row" class="mono text-xs wrap-any">{e.name.clone()}</th><td class="wrap-any">{value}</td><td class="soft wrap-any">{e.from.clone()}</td></tr> }
}

fn mounts(rows: &[MountRow]) -> Option<impl IntoView + use<>> {
    (!rows.is_empty()).then(|| {
        let rows = rows.iter().map(|m| view! { <tr><th scope="row" class="mono text-xs wrap-any">{m.path.clone()}</th><td class="wrap-any">{m.from.clone()}</td><td class="soft">{if m.read_only { "Read-only" } else { "Read-write" }}</td></tr> }).collect_view();
        view! { <div class="scroll-x" tabindex="0" role="region" aria-label="Mounts"><table class="tbl conf"><thead><tr><th scope="col" class="w-64">"Mounted at"</th><th scope="col">"From"</th><th scope="col" class="w-72">"Access"</th></tr></thead><tbody>{rows}</tbody></table></div> }
    })
}
