//! Remarks in words.

mod network;
mod pods;

use crate::describe::text::{REASON, capital, clip, count, full_stop};
use crate::log::Forbidden;
use crate::remark::{Blind, Remark, Waited};
use crate::status::Evidence;
use crate::time::short;
use crate::view::RemarkRow;
use crate::{AppId, Kind, UnixMs};

/// Most characters of a name from the cluster within a sentence.
const NAME: usize = 80;
/// Most characters of a text from the cluster.
const TOLD: usize = 240;

/// A remark as pages and the API show it at this moment.
#[must_use]
pub fn row(remark: &Remark, app: &AppId, now: UnixMs) -> RemarkRow {
    let Words { reason, text, remedy } = words(remark, app.kind, now);
    RemarkRow { code: remark.code().into(), reason: clip(reason, REASON), text: full_stop(&text), remedy, evidence: evidence(remark, app) }
}

struct Words {
    /// For lists.
    reason: &'static str,
    /// What is so.
    text: String,
    /// What to do.
    remedy: String,
}

fn words(remark: &Remark, kind: Kind, now: UnixMs) -> Words {
    let say = |reason, text: String, remedy: &str| Words { reason, text, remedy: remedy.into() };
    match remark {
        Remark::IngressServiceMissing { ingress, service } => say(
            "ingress is broken",
            format!("Ingress {} routes to service {}, which doesn't exist", name(ingress), name(service)),
            "Correct the service's name in the ingress, or create the service.",
        ),
        Remark::IngressPortMissing { ingress, service, port, has } => say(
            "ingress is broken",
            format!("Ingress {} routes to port {} of service {}, which has {}", name(ingress), name(port), name(service), ports(has)),
            "Correct the port in the ingress.",
        ),
        Remark::IngressClassMissing { ingress, class } => say(
            "ingress class missing",
            format!("Ingress {} uses class {}, which doesn't exist, so no controller serves it", name(ingress), name(class)),
            "Use a class the cluster has.",
        ),
        Remark::IngressWithoutClass { ingress } => say(
            "ingress has no class",
            format!("Ingress {} sets no class and the cluster has no default, so no controller serves it", name(ingress)),
            "Set a class the cluster has.",
        ),
        Remark::IngressSecretMissing { ingress, secret, hosts } => say(
            "certificate missing",
            format!(
                "Ingress {} uses the certificate{} in secret {}, which doesn't exist; clients get the controller's default certificate",
                name(ingress),
                if hosts.is_empty() { String::new() } else { format!(" for {}", list(&hosts.iter().map(|h| name(h)).collect::<Vec<_>>())) },
                name(secret)
            ),
            "Create the secret, or correct its name in the ingress.",
        ),
        Remark::ServiceFindsNoPod { service, differs } => {
            let wants: Vec<_> = differs.iter().map(|(key, wants, _)| format!("{}={}", clip(key, 60), clip(wants, 60))).collect();
            let has: Vec<_> = differs
                .iter()
                .map(|(key, _, has)| has.as_ref().map_or_else(|| format!("no label {}", clip(key, 60)), |v| format!("{}={}", clip(key, 60), clip(v, 60))))
                .collect();
            say(
                "service matches no pods",
                format!("Service {} matches no pods: its selector wants {}, but the pods have {}", name(service), list(&wants), list(&has)),
                "Correct the selector or the labels.",
            )
        }
        Remark::ServiceWarning { service, told, .. } => {
            say("service warning", format!("Service {}: {}", name(service), clip(told, TOLD)), "Check the event, or ask a cluster administrator.")
        }
        Remark::AutoscalerBlind { autoscaler, why } => blind(&name(autoscaler), why),
        Remark::AutoscalerStuck { autoscaler, told } => {
            say("autoscaler is stuck", format!("Autoscaler {} can't scale: {}", name(autoscaler), clip(told, TOLD)), "Check its events.")
        }
        Remark::AutoscalerTargetMissing { autoscaler, kind, target } => say(
            "no autoscaler target",
            format!("Autoscaler {} targets {} {}, which doesn't exist", name(autoscaler), name(kind), name(target)),
            "Correct the kind and name of its target.",
        ),
        Remark::AutoscalerAtMost { autoscaler, most } => say(
            "autoscaler at maximum",
            format!("Autoscaler {} wants more than its maximum of {}", name(autoscaler), count(*most, "replica")),
            "Raise the maximum if the load will last.",
        ),
        Remark::PoliciesSelect { waited, policies } => network::policies(waited, policies),
        Remark::LoadBalancerWaits { service, since } => network::load_balancer(service, now.since(*since)),
        Remark::TargetNameMissing { service, target, has } => network::target_name(service, target, has),
        Remark::EvictedOnce { cause } => {
            let told = crate::english::cause(cause, now);
            Words { reason: "pod evicted", text: format!("{} Replaced, and fine since", told.sentence), remedy: told.advice }
        }
        Remark::EvictionBlocked { pod, times, why } => pods::eviction_blocked(pod, *times, why),
        Remark::ResizeWaits { pod, never, told } => pods::resize_waits(pod, *never, told, kind),
        Remark::KeysSkipped { secret, name, keys } => pods::keys_skipped(*secret, name, keys),
        Remark::LivenessFails { container, what, said, times, threshold } => say(
            "liveness probe fails",
            format!(
                "The liveness probe {} of container {} {}, {} so far; Kubernetes restarts the container after {threshold} failures in a row",
                clip(what, NAME),
                name(container),
                clip(&crate::english::probe_said(said).words, TOLD),
                crate::describe::text::times(*times)
            ),
            "Check the probe before it restarts the container.",
        ),
        Remark::TargetUndeclared { service, target, declared } => say(
            "port not declared",
            format!("Service {} targets port {}, which no container declares; declared: {}", name(service), name(target), list(declared)),
            "Check that a container listens on that port, or correct the service's targetPort.",
        ),
        Remark::LogErrors { who, ready, per_minute, line } => {
            let subject = match (who.1.is_some(), ready) {
                (false, true) => "Ready, but logs".to_owned(),
                (false, false) => "Logs".to_owned(),
                (true, _) => format!("{} logs", capital(&of(who))),
            };
            let text = format!("{subject} {}: \u{201c}{}\u{201d}", rate(*per_minute), clip(line, TOLD));
            say("logs errors", text, &super::hint::remedy_while_running(line))
        }
        Remark::CallForbidden { who, call } => say(
            "API call forbidden",
            format!("{} can't {}{}: Kubernetes denies it to service account {}", capital(&of(who)), name(&call.call()), scope(call), name(&call.account)),
            if call.may_be_offered() { "An administrator can allow it with this role." } else { "Ask an administrator whether it should be allowed." },
        ),
        Remark::CpuAtLimit { who, limit, for_ms } => say(
            "CPU at its limit",
            format!("{} has used all of its {limit} CPU limit for {}, so the kernel throttles it", capital(&of(who)), short(*for_ms)),
            "Raise the CPU limit if it's too slow.",
        ),
        Remark::MemoryRises { who, limit, from, to, over_ms } => say(
            "memory is rising",
            format!("Memory of {} rose steadily from {from} to {to} in {}; at {limit} it gets killed", of(who), short(*over_ms)),
            "Look for a memory leak; a higher limit only delays the kill.",
        ),
        Remark::TemplateWaits { runs, waits, parts } => {
            let of_images =
                || format!("The pods run {}; {} {} until the rollout resumes", images(runs), images(waits), if waits.len() == 1 { "waits" } else { "wait" });
            let of_parts = || format!("An edit that {} waits until the rollout resumes", super::parts::all(parts));
            let text = match (waits.is_empty(), parts.is_empty()) {
                (false, true) => of_images(),
                (true, _) => of_parts(),
                (false, false) => format!("{}. {}", of_images(), of_parts()),
            };
            say("change pending", text, "Resume the rollout to apply the change.")
        }
    }
}

/// `60 errors per minute`.
fn rate(per_minute: u32) -> String {
    format!("{} per minute", count(per_minute, "error"))
}

/// `container main`, `container main of pod x2c8r`.
fn of(who: &(String, Option<String>)) -> String {
    let pod = who.1.as_ref().map_or_else(String::new, |pod| format!(" of pod {}", name(pod)));
    format!("container {}{pod}", name(&who.0))
}

fn scope(call: &Forbidden) -> String {
    call.namespace.as_ref().map_or_else(|| " in the whole cluster".to_owned(), |n| format!(" in namespace {n}"))
}

fn blind(autoscaler: &str, why: &Blind) -> Words {
    let (how, remedy) = match why {
        Blind::NoRequest { resource, container } => {
            let who = container.as_ref().map_or_else(|| "a container".to_owned(), |c| format!("container {}", name(c)));
            (format!("it scales on {0} utilization, and {who} has no {0} request", name(resource)), format!("Set a {} request.", name(resource)))
        }
        Blind::NoApi { api } => (
            format!("the cluster doesn't serve {}", name(api)),
            "Ask an administrator to install a provider for these metrics, such as metrics-server.".to_owned(),
        ),
        Blind::NoMetrics => ("its pods have no metrics".to_owned(), "Check that the pods are ready and metrics-server responds.".to_owned()),
        Blind::Ambiguous => ("another autoscaler scales the same pods".to_owned(), "Keep one of them.".to_owned()),
        Blind::Other { told } => (clip(told, TOLD), "Check its events.".to_owned()),
    };
    Words { reason: "autoscaler has no data", text: format!("Autoscaler {autoscaler} can't scale: {how}"), remedy }
}

fn name(text: &str) -> String {
    clip(text, NAME)
}

/// `only port 80`, `ports 80 and 443`, `no ports`.
fn ports(has: &[u16]) -> String {
    match has {
        [] => "no ports".into(),
        [one] => format!("only port {one}"),
        _ => format!("ports {}", list(has)),
    }
}

/// `80`, `80 and 443`, `80, 443, and 8443`.
fn list(items: &[impl ToString]) -> String {
    let words: Vec<_> = items.iter().map(ToString::to_string).collect();
    match words.split_last() {
        None => "none".into(),
        Some((last, [])) => last.clone(),
        Some((last, [one])) => format!("{one} and {last}"),
        Some((last, rest)) => format!("{}, and {last}", rest.join(", ")),
    }
}

/// `shop:2` of `registry.example.org/team/shop:2`.
fn images(images: &[String]) -> String {
    let tagged = |image: &String| {
        let (name, tag) = crate::short_image(image);
        clip(&format!("{name}:{tag}"), NAME)
    };
    list(&images.iter().take(3).map(tagged).collect::<Vec<_>>())
}

fn evidence(remark: &Remark, app: &AppId) -> Vec<Evidence> {
    let at = |label: &str, path: String| vec![Evidence::Object { label: label.into(), path }];
    let event = |reason: &str, about: &str| vec![Evidence::Event { label: "See event".into(), reason: reason.into(), name: about.into() }];
    match remark {
        Remark::IngressServiceMissing { .. }
        | Remark::IngressPortMissing { .. }
        | Remark::IngressClassMissing { .. }
        | Remark::IngressWithoutClass { .. }
        | Remark::ServiceFindsNoPod { .. }
        | Remark::LoadBalancerWaits { .. }
        | Remark::TargetNameMissing { .. }
        | Remark::TargetUndeclared { .. } => at("Endpoints", format!("{}#ep-h", app.path())),
        Remark::IngressSecretMissing { .. } => at("Secrets", format!("/secrets/{}", app.namespace)),
        Remark::ServiceWarning { service, reason, .. } => event(reason, service),
        Remark::AutoscalerBlind { .. } | Remark::AutoscalerStuck { .. } | Remark::AutoscalerTargetMissing { .. } => {
            at("Events", format!("{}/events", app.path()))
        }
        Remark::PoliciesSelect { waited: Waited::Probe, .. } => at("Events", format!("{}/events", app.path())),
        Remark::PoliciesSelect { waited: Waited::Line(_), .. } => at("Its log", format!("{}/logs?level=error", app.path())),
        Remark::EvictedOnce { .. } | Remark::EvictionBlocked { .. } | Remark::KeysSkipped { .. } | Remark::LivenessFails { .. } => {
            at("Events", format!("{}/events", app.path()))
        }
        Remark::LogErrors { .. } => at("Log", format!("{}/logs?level=error", app.path())),
        Remark::CallForbidden { call, .. } => {
            let role = call.role(&app.name, &app.namespace).map(|text| Evidence::Command { label: format!("Role to {}", call.call()), text });
            role.into_iter().chain(at("Log", format!("{}/logs?search=forbidden", app.path()))).collect()
        }
        Remark::ResizeWaits { .. } => at("Pods", app.path()),
        Remark::CpuAtLimit { .. } | Remark::MemoryRises { .. } => at("CPU and memory", format!("{}/metrics", app.path())),
        Remark::AutoscalerAtMost { .. } => at("CPU and memory", format!("{}/metrics", app.path())),
        Remark::TemplateWaits { .. } => at("Configuration", format!("{}/configuration", app.path())),
    }
}
