//! Name, status as a sentence with its evidence, and what can be done.

use crate::icons::icon;
use crate::list::{Around, evidence_link};
use crate::parts::{Act, IntoLive as _, Live, To, act, aging, command, confirm, pill, remarks};
use domain::Kind;
use domain::status::Evidence;
use domain::view::AppDetail;
use leptos::prelude::*;

/// The head of the page.
pub(super) fn view(d: &AppDetail, around: &Around) -> Live {
    let (row, s) = (&d.row, &d.row.status);
    let events = s.evidence.iter().filter(|e| matches!(e, Evidence::Event { .. })).count();
    let evidence = s
        .evidence
        .iter()
        .filter(|e| !matches!(e, Evidence::Command { .. }))
        .map(|e| {
            let (mut label, path) = evidence_link(&row.id, e);
            if let (Evidence::Event { reason, .. }, true) = (e, events > 1) {
                label = format!("{label} {reason}");
            }
            view! { " "<a class="link mr-2" href=around.links.to(&path)>{label}</a> }
        })
        .collect_view();
    let commands = s.evidence.iter().filter_map(command).collect_view();
    let since = s.since.map(|at| view! { <span class="muted text-xs">{aging("for {}", at, around.now)}</span> });
    let release = row.release.clone().map(|r| view! { <span class="tag" title="Helm release">{r}</span> });
    view! {
        <div class="head">
            <div class="min-w-0">
                <div class="flex items-center gap-2.5 flex-wrap"><h1 class="h1 mono-h break-all">{row.id.name.to_string()}</h1><span class="tag">{row.id.kind.kubernetes()}</span>{release}{pill(s.word)}{since}</div>
                <p class="soft mt-1">{s.sentence.clone()}{evidence}</p>
                {commands}
                {remarks(row, around)}
            </div>
            <div class="acts" role="group" aria-label="Actions">{actions(d, around)}</div>
        </div>
    }
    .into_live()
}

// What is not known to be possible is not offered.
fn refused(d: &AppDetail, action: &str) -> Option<Option<String>> {
    d.actions.get(action).cloned()
}

fn actions(d: &AppDetail, around: &Around) -> impl IntoView + use<> {
    let id = &d.row.id;
    let name = id.name.to_string();
    let at = |action: &str| around.links.to(&format!("{}/{action}", id.path()));
    let api = |action: &str, done: &str| To::Api(format!("{}/{action}", id.api_path()), done.replace("{}", &name));
    let say = |text: String| view! { <p class="soft">{text}</p> };
    let wanted = d.row.wanted;
    let noun = if id.kind == Kind::CronJob { "cron job" } else { id.kind.words() };

    let restart = refused(d, "restart").map(|no| {
        let body = say(format!("Replaces every pod of {name}, following the {noun}'s rollout settings. Nothing else changes."));
        act(
            &Act { mark: "rotate-cw", label: "Restart".into(), class: "", refused: no },
            confirm(at("restart"), api("restart", "Restarted {}"), format!("Restart {name}?"), body, "Restart", false),
        )
    });
    let scale = refused(d, "scale").map(|no| {
        let note = d.notes.get("scale").map(|note| view! { <p class="note">{icon("info")}<span>{note.clone()}</span></p> });
        let body = view! {
            {note}
            <div class="field"><label class="label" for="f-replicas">"Replicas"</label><input class="in" id="f-replicas" name="replicas" type="number" min="0" max="1000" value=wanted.to_string() required data-number="Enter a number from 0 to 1000."/><p class="help">{format!("{wanted} now. 0 stops the app and keeps its settings.")}</p></div>
        };
        act(&Act { mark: "scaling", label: "Scale".into(), class: "", refused: no }, confirm(at("scale"), api("scale", "Scaled {} to {replicas}"), format!("Scale {name}"), body, "Scale", false))
    });
    let (hold, mark, label, done, text) = if d.paused {
        ("resume", "play", "Resume", "Resumed {}", format!("Continues the rollout of {name} with the latest settings."))
    } else {
        ("pause", "pause", "Pause", "Paused {}", format!("Keeps changes to {name} without rolling them out until someone resumes. Running pods stay."))
    };
    let pause = refused(d, hold).map(|no| {
        act(
            &Act { mark, label: label.into(), class: "", refused: no },
            confirm(at(hold), api(hold, done), format!("{label} rollouts of {name}?"), say(text), label, false),
        )
    });
    let back = refused(d, "rollback").map(|no| {
        if let Some(reason) = no {
            return act(&Act { mark: "undo-2", label: "Roll back".into(), class: "a-more", refused: Some(reason) }, ());
        }
        view! { <a class="btn a-more" href=around.links.to(&format!("{}/history", id.path()))>{icon("undo-2")}<span>"Roll back"</span></a> }.into_live()
    });
    let delete = refused(d, "delete").map(|no| {
        let body = view! {
            <p class="soft">{deletion(id.kind, d.pods.len())}</p>
            <div class="field"><label class="label" for="f-confirm">"Type "<span class="mono">{name.clone()}</span>" to confirm"</label><input class="in in-mono" id="f-confirm" name="confirm" autocomplete="off" autocapitalize="none" spellcheck="false" required/></div>
        };
        let to = To::Delete { api: id.api_path(), done: format!("Deleted {name}"), next: format!("/apps/{}", id.namespace) };
        act(&Act { mark: "trash-2", label: "Delete…".into(), class: "btn-danger", refused: no }, confirm(at("delete"), to, format!("Delete {name}?"), body, format!("Delete {name}"), true))
    });
    view! { {restart}{scale}{pause}{back}{delete} }
}

// What goes and what stays.
fn deletion(kind: Kind, pods: usize) -> String {
    if kind == Kind::Pod {
        return "Deletes the pod. If a controller owns it, the controller creates a new one. Services, config maps, secrets, and volume claims stay.".into();
    }
    let pods = if pods == 0 { String::new() } else { format!(" and its {}", crate::parts::count(pods, "pod")) };
    let (what, more, others) = match kind {
        Kind::Deployment => ("deployment", ", and the service and ingress that Quayside created for it", "Other services and ingresses"),
        Kind::CronJob => ("cron job", ", and its jobs", "Services"),
        _ => (kind.words(), "", "Services"),
    };
    format!("Deletes the {what}{pods}{more}. {others}, config maps, secrets, and volume claims stay.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_deletes_reads_what_goes_and_what_stays() {
        assert_eq!(
            deletion(Kind::Deployment, 3),
            "Deletes the deployment and its 3 pods, and the service and ingress that Quayside created for it. Other services and ingresses, config maps, secrets, and volume claims stay."
        );
        assert_eq!(deletion(Kind::CronJob, 0), "Deletes the cron job, and its jobs. Services, config maps, secrets, and volume claims stay.");
        assert!(deletion(Kind::StatefulSet, 1).starts_with("Deletes the stateful set and its 1 pod. Services,"));
    }
}
