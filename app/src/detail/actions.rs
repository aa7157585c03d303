//! What can be done to an app: the most used as buttons, the others and the reasons why not in a menu.

use crate::icons::icon;
use crate::list::Around;
use crate::parts::{Act, IntoLive as _, Live, To, act, confirm};
use domain::view::AppDetail;
use domain::{Action, Kind, Tab};
use leptos::prelude::*;

/// The name under which a form can be opened from elsewhere on the page (`data-open`).
pub(super) const SCALE: &str = "scale";
/// As [`SCALE`].
pub(super) const HOLD: &str = "hold";

/// Buttons and menu.
pub(super) fn view(d: &AppDetail, around: &Around) -> Live {
    let back = Tab::History.path(&d.row.id);
    let (wide, narrow) = if is_offered(d, Action::RollBack) {
        let href = around.links.to(&back);
        (
            Some(view! { <a class="btn a-more" href=href.clone()>{icon("undo-2")}<span>"Roll back"</span></a> }),
            Some(view! { <a class="narrow-only" href=href>{icon("undo-2")}"Roll back"</a> }),
        )
    } else {
        (None, None)
    };
    view! {
        {restart(d, around)}{scale(d, around)}{wide}
        <details class="drop end act-more"><summary class="btn btn-icon" aria-label="More actions" title="More actions">{icon("ellipsis")}</summary>
            <div class="pop menu">{narrow}{hold(d, around)}{delete(d, around)}{reasons(d)}</div>
        </details>
    }
    .into_live()
}

/// The same, all of it one below the other.
#[cfg(feature = "hydrate")]
pub(crate) fn lines(d: &AppDetail, around: &Around) -> Live {
    let back = is_offered(d, Action::RollBack).then(|| {
        view! { <a class="btn" href=around.links.to(&Tab::History.path(&d.row.id))>{icon("undo-2")}<span>"Roll back"</span></a> }
    });
    view! { {restart(d, around)}{scale(d, around)}{hold(d, around)}{back}{delete(d, around)}{reasons(d)} }.into_live()
}

// What is not possible, and why.
fn reasons(d: &AppDetail) -> impl IntoView + use<> {
    refusals(d).into_iter().map(|(why, labels)| view! { <p class="menu-no"><b>{labels.join(", ")}</b><span>{format!(": {why}")}</span></p> }).collect_view()
}

fn is_offered(d: &AppDetail, action: Action) -> bool {
    d.actions.get(&action).is_some_and(Option::is_none)
}

/// The words of the button that holds rollouts, or lets them go on.
pub(super) const fn hold_label(kind: Kind, paused: bool) -> &'static str {
    match (kind, paused) {
        (Kind::Job, false) => "Suspend job",
        (Kind::Job, true) => "Resume job",
        (Kind::CronJob, false) => "Suspend schedule",
        (Kind::CronJob, true) => "Resume schedule",
        (_, false) => "Pause rollouts",
        (_, true) => "Resume rollouts",
    }
}

const fn hold_action(paused: bool) -> Action {
    if paused { Action::Resume } else { Action::Pause }
}

// What is not possible, each reason once with all that it is about.
fn refusals(d: &AppDetail) -> Vec<(String, Vec<&'static str>)> {
    let all = [
        (Action::Restart, "Restart"),
        (Action::Scale, "Scale"),
        (hold_action(d.paused), hold_label(d.row.id.kind, d.paused)),
        (Action::RollBack, "Roll back"),
        (Action::Delete, "Delete"),
    ];
    let mut told: Vec<(String, Vec<&'static str>)> = Vec::new();
    for (action, label) in all {
        let Some(Some(why)) = d.actions.get(&action) else { continue };
        match told.iter_mut().find(|(known, _)| known == why) {
            Some((_, labels)) => labels.push(label),
            None => told.push((why.clone(), vec![label])),
        }
    }
    told
}

fn at(d: &AppDetail, around: &Around, action: Action) -> String {
    around.links.to(&format!("{}/{}", d.row.id.path(), action.slug()))
}

fn api(d: &AppDetail, action: Action, done: &str) -> To {
    To::Api(format!("{}/{}", d.row.id.api_path(), action.slug()), done.replace("{}", d.row.id.name.as_str()))
}

fn say(text: String) -> impl IntoView {
    view! { <p class="soft">{text}</p> }
}

fn button(mark: &'static str, label: &'static str, class: &'static str) -> Act {
    Act { mark, label: label.to_owned(), class, refused: None }
}

fn restart(d: &AppDetail, around: &Around) -> Option<Live> {
    is_offered(d, Action::Restart).then(|| {
        let (name, noun) = (&d.row.id.name, d.row.id.kind.words());
        let body = say(format!("Replaces every pod of {name}, following the {noun}'s rollout settings. Nothing else changes."));
        act(
            &button("rotate-cw", "Restart", ""),
            confirm(at(d, around, Action::Restart), api(d, Action::Restart, "Restarted {}"), format!("Restart {name}?"), body, "Restart", false),
        )
    })
}

fn scale(d: &AppDetail, around: &Around) -> Option<Live> {
    is_offered(d, Action::Scale).then(|| {
        let (name, wanted) = (&d.row.id.name, d.row.wanted);
        let note = d.notes.get(&Action::Scale).map(|note| view! { <p class="note">{icon("info")}<span>{note.clone()}</span></p> });
        let body = view! {
            {note}
            <div class="field"><label class="label" for="f-replicas">"Replicas"</label><input class="in" id="f-replicas" name="replicas" type="number" min="0" max="1000" value=wanted.to_string() required data-number="Enter a number from 0 to 1000."/><p class="help">{format!("{wanted} now. 0 stops the app and keeps its settings.")}</p></div>
        };
        let form = confirm(at(d, around, Action::Scale), api(d, Action::Scale, "Scaled {} to {replicas}"), format!("Scale {name}"), body, "Scale", false);
        named(SCALE, act(&button("scaling", "Scale", ""), form))
    })
}

fn hold(d: &AppDetail, around: &Around) -> Option<Live> {
    let (action, kind, name) = (hold_action(d.paused), d.row.id.kind, &d.row.id.name);
    is_offered(d, action).then(|| {
        let label = hold_label(kind, d.paused);
        let (mark, done, text) = match (d.paused, kind) {
            (true, Kind::Job | Kind::CronJob) => ("play", "Resumed {}", format!("{name} can start pods again.")),
            (true, _) => ("play", "Resumed {}", format!("Continues the rollout of {name} with the latest settings.")),
            (false, Kind::Job) => ("pause", "Suspended {}", format!("Deletes the running pods of {name}. New ones start when someone resumes it.")),
            (false, Kind::CronJob) => ("pause", "Suspended {}", format!("No run of {name} starts until someone resumes it. Active runs continue.")),
            (false, _) => ("pause", "Paused {}", format!("Keeps changes to {name} without rolling them out until someone resumes. Running pods stay.")),
        };
        let verb = if d.paused { "Resume" } else { "Suspend" };
        let ask = match kind {
            Kind::Job => format!("{verb} {name}?"),
            Kind::CronJob => format!("{verb} the schedule of {name}?"),
            Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet | Kind::Pod => format!("{label} of {name}?"),
        };
        named(HOLD, act(&button(mark, label, ""), confirm(at(d, around, action), api(d, action, done), ask, say(text), label, false)))
    })
}

fn delete(d: &AppDetail, around: &Around) -> Option<Live> {
    is_offered(d, Action::Delete).then(|| {
        let (id, name) = (&d.row.id, d.row.id.name.to_string());
        let body = view! {
            <p class="soft">{deletion(id.kind, d.pods.len())}</p>
            <div class="field"><label class="label" for="f-confirm">"Type "<span class="mono">{name.clone()}</span>" to confirm"</label><input class="in in-mono" id="f-confirm" name="confirm" autocomplete="off" autocapitalize="none" spellcheck="false" required/></div>
        };
        let to = To::Delete { api: id.api_path(), done: format!("Deleted {name}"), next: format!("/apps/{}", id.namespace) };
        act(&button("trash-2", "Delete…", "btn-danger"), confirm(at(d, around, Action::Delete), to, format!("Delete {name}?"), body, format!("Delete {name}"), true))
    })
}

fn named(name: &'static str, form: Live) -> Live {
    view! { <div class="contents" data-form=name>{form}</div> }.into_live()
}

// What goes and what stays.
fn deletion(kind: Kind, pods: usize) -> String {
    if kind == Kind::Pod {
        return "Deletes the pod. If a controller owns it, the controller creates a new one. Services, config maps, secrets, and volume claims stay.".into();
    }
    let pods = if pods == 0 { String::new() } else { format!(" and its {}", crate::parts::count(pods, "pod")) };
    let (what, more, others) = match kind {
        Kind::Deployment => ("deployment", ", and the service and ingress that Quayside created for it", "Other services and ingresses"),
        Kind::CronJob => ("cron job", " and its jobs", "Services"),
        Kind::StatefulSet | Kind::DaemonSet | Kind::Job | Kind::Pod => (kind.words(), "", "Services"),
    };
    format!("Deletes the {what}{pods}{more}. {others}, config maps, secrets, and volume claims stay.")
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::links::Links;
    use crate::render_tests::{NOW, detail};
    use domain::status::Word;

    fn written(d: &AppDetail) -> String {
        let around = Around { links: Links::default(), now: NOW, spaces: false, creates: false };
        Owner::new().with(|| view(d, &around).to_html().replace("<!>", ""))
    }

    #[test]
    fn what_cannot_be_done_is_no_button_and_its_reason_is_said_once() {
        let mut d = detail(Word::Running);
        let viewer = Some("Your role here is viewer.".to_owned());
        d.actions = [Action::Restart, Action::Scale, Action::Pause, Action::RollBack, Action::Delete].map(|action| (action, viewer.clone())).into();
        let html = written(&d);
        assert_eq!(html.matches("Your role here is viewer.").count(), 1, "{html}");
        assert!(html.contains("<b>Restart, Scale, Pause rollouts, Roll back, Delete</b>"), "{html}");
        assert!(!html.contains("<form") && !html.contains("aria-disabled"), "{html}");
    }

    #[test]
    fn a_cron_job_offers_what_it_can_and_says_why_not_the_rest() {
        let mut d = detail(Word::Running);
        d.row.id.kind = Kind::CronJob;
        d.actions.insert(Action::Restart, Some("It starts its runs at their times.".to_owned()));
        let html = written(&d);
        assert!(html.contains("<b>Restart</b><span>: It starts its runs at their times.</span>"), "{html}");
        assert!(html.contains("Suspend schedule") && !html.contains("/restart\""), "{html}");
        d.paused = true;
        d.actions.insert(Action::Resume, None);
        assert!(written(&d).contains("Resume schedule"));
    }

    #[test]
    fn who_deletes_reads_what_goes_and_what_stays() {
        assert_eq!(
            deletion(Kind::Deployment, 3),
            "Deletes the deployment and its 3 pods, and the service and ingress that Quayside created for it. Other services and ingresses, config maps, secrets, and volume claims stay."
        );
        assert_eq!(deletion(Kind::CronJob, 0), "Deletes the cron job and its jobs. Services, config maps, secrets, and volume claims stay.");
        assert!(deletion(Kind::StatefulSet, 1).starts_with("Deletes the stateful set and its 1 pod. Services,"));
    }
}
