//! Environment with its origins, mounts, ports and command, by container.

use crate::icons::{glyph, icon};
use crate::page::Frame;
use crate::parts::{IntoLive as _, Live, count, empty, secret_link};
use domain::remark::TEMPLATE_WAITS;
use domain::view::{AppDetail, ContainerConfig, EnvRow, MountRow};
use leptos::prelude::*;

/// One panel per container.
pub(super) fn view(frame: &Frame, d: &AppDetail, containers: &[ContainerConfig]) -> AnyView {
    if containers.is_empty() {
        return view! { <div class="mt-4">{empty("braces", "No containers", "This app's template has no containers.", ())}</div> }.into_any();
    }
    let panels = containers.iter().enumerate().map(|(i, c)| panel(frame, d, i, c)).collect_view();
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

fn panel(frame: &Frame, d: &AppDetail, i: usize, c: &ContainerConfig) -> impl IntoView + use<> {
    let id = format!("c-{i}");
    let missing = c.env.iter().filter(|e| e.missing).count();
    let warn = (missing > 0).then(|| view! { <span class="st st-bad text-xs">{glyph("failing")}<b>{format!("{missing} missing")}</b></span> });
    let command = if c.command.is_empty() { "Image default".to_owned() } else { c.command.join(" ") };
    let ports = if c.ports.is_empty() { "None declared".to_owned() } else { c.ports.join(", ") };
    let still = d.still_runs.iter().filter(|s| s.container == c.name).map(|s| {
        let words = format!("{} still {} ", count(usize::try_from(s.pods).unwrap_or(usize::MAX), "pod"), if s.pods == 1 { "runs" } else { "run" });
        view! { <p class="c-warn">{words}<span class="mono break-all">{s.image.clone()}</span></p> }
    });
    let still = still.collect_view();
    let named = |secret: Option<&String>, text: &str| match secret {
        Some(name) => secret_link(&d.row.id.namespace, name, text.to_owned(), &frame.links()),
        None => text.to_owned().into_live(),
    };
    view! {
        <section class="panel overflow-clip" aria-labelledby=id.clone()><div class="panel-head"><h2 class="h3 mono" id=id.clone()>{c.name.clone()}</h2>{warn}</div>
            <div class="panel-body"><dl class="kv text-xs leading-5"><dt>"Image"</dt><dd><span class="mono break-all">{c.image.clone()}</span>{still}</dd><dt>"Command"</dt><dd class="mono break-all">{command}</dd><dt>"Ports"</dt><dd>{ports}</dd></dl></div>
            {env(&c.env, named)}{mounts(&c.mounts, named)}
        </section>
    }
}

fn env(rows: &[EnvRow], named: impl Fn(Option<&String>, &str) -> Live) -> Option<Live> {
    (!rows.is_empty()).then(|| {
        let rows = rows.iter().map(|e| variable(e, named(e.secret.as_ref(), &e.from))).collect_view();
        view! { <div class="scroll-x" tabindex="0" role="region" aria-label="Environment"><table class="tbl conf"><thead><tr><th scope="col" class="w-64">"Variable"</th><th scope="col">"Value"</th><th scope="col" class="w-72">"From"</th></tr></thead><tbody>{rows}</tbody></table></div> }
        .into_live()
    })
}

fn variable(e: &EnvRow, from: Live) -> impl IntoView + use<> {
    let value = match (&e.value, e.missing) {
        (_, true) => {
            view! { <span class="st st-bad">{glyph("failing")}<b>"Missing"</b><span class="soft">"the pod can't start without it"</span></span> }.into_any()
        }
        (Some(v), _) => view! { <span class="mono text-xs break-all">{v.clone()}</span> }.into_any(),
        (None, _) => view! { <span class="muted">"Hidden"</span> }.into_any(),
    };
    view! { <tr><th scope="row" class="mono text-xs wrap-any">{e.name.clone()}</th><td class="wrap-any">{value}</td><td class="soft wrap-any">{from}</td></tr> }
}

fn mounts(rows: &[MountRow], named: impl Fn(Option<&String>, &str) -> Live) -> Option<Live> {
    (!rows.is_empty()).then(|| {
        let rows = rows.iter().map(|m| view! { <tr><th scope="row" class="mono text-xs wrap-any">{m.path.clone()}</th><td class="wrap-any">{named(m.secret.as_ref(), &m.from)}</td><td class="soft">{if m.read_only { "Read-only" } else { "Read-write" }}</td></tr> }).collect_view();
        view! { <div class="scroll-x" tabindex="0" role="region" aria-label="Mounts"><table class="tbl conf"><thead><tr><th scope="col" class="w-64">"Mounted at"</th><th scope="col">"From"</th><th scope="col" class="w-72">"Access"</th></tr></thead><tbody>{rows}</tbody></table></div> }
        .into_live()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render_tests::{detail, frame};
    use domain::status::Word;
    use domain::view::StillRuns;

    #[test]
    fn it_says_which_pods_run_another_image_and_leads_to_the_secrets() {
        let mut d = detail(Word::Running);
        d.still_runs = vec![StillRuns { container: "main".into(), image: "sample:1".into(), pods: 3 }];
        let secret = |name: &str| Some(name.to_owned());
        let container = ContainerConfig {
            name: "main".into(),
            image: "sample:9".into(),
            env: vec![EnvRow { name: "PASSWORD".into(), from: "secret db, key password".into(), secret: secret("db"), ..EnvRow::default() }],
            mounts: vec![MountRow { path: "/etc/tls".into(), from: "secret ../x".into(), secret: secret("../x"), ..MountRow::default() }],
            ..ContainerConfig::default()
        };
        let html = Owner::new().with(|| view(&frame("/apps/web/deployment/kpow/configuration"), &d, &[container]).to_html().replace("<!>", ""));
        assert!(html.contains("3 pods still run <span class=\"mono break-all\">sample:1</span>"), "{html}");
        assert!(html.contains("href=\"/team/portal/secrets/web/db\"") && html.contains("secret db, key password</a>"), "{html}");
        assert!(!html.contains("href=\"/team/portal/secrets/web/../x"), "{html}");
    }
}
