//! Pods that the API server refuses: quotas, limit ranges, pod security, service accounts, admission.
//! The texts are those of the apiserver's admission plugins, as the controllers repeat them.

use super::text::{between, clip, squeeze};
use super::trouble::{Tone, Trouble, event_link};
use crate::cause::{Cause, PodClass, TemplateOf, WebhookWhy};
use crate::facts::{AppFacts, Event};
use crate::{Kind, UnixMs};

/// How long a FailedCreate event counts; controllers wait up to 17 min between tries.
const FRESH: i64 = 20 * 60_000;

/// Why no more pods are made; `None` where none is missing.
pub(crate) fn trouble(facts: &AppFacts, now: UnixMs) -> Option<Trouble> {
    let w = &facts.workload;
    let condition = w.conditions.iter().find(|c| c.kind == "ReplicaFailure" && c.status == Some(true));
    let missing = match w.id.kind {
        Kind::Deployment => condition.is_some(),
        // Runs are looked at one by one.
        Kind::CronJob => false,
        Kind::Job => facts.pods.is_empty(),
        _ => w.replicas.current < w.replicas.wanted,
    };
    if missing { told(facts, now) } else { None }
}

/// What the newest refusal of a pod says, whatever the counts.
pub(crate) fn told(facts: &AppFacts, now: UnixMs) -> Option<Trouble> {
    let condition = facts.workload.conditions.iter().find(|c| c.kind == "ReplicaFailure" && c.status == Some(true));
    let fresh = |e: &&std::sync::Arc<Event>| e.reason == "FailedCreate" && now.since(e.last) < FRESH;
    let event = facts.events.iter().filter(fresh).max_by_key(|e| e.last);
    let told = condition.map(|c| c.message.as_str()).or_else(|| event.map(|e| e.message.as_str()))?;
    let since = condition.and_then(|c| c.since).or_else(|| event.map(|e| e.first));
    Some(read(told, facts).since(since).see(event.map(|e| event_link(e))))
}

/// Why the API server refused a pod, or a job of a cron job, from the controller's words.
pub(crate) fn read(told: &str, facts: &AppFacts) -> Trouble {
    // First, because a webhook words its reasons as it likes, also as the cluster's own.
    if let Some((reason, cause, advice)) = denied(told) {
        return Trouble::new(Tone::Bad, reason, cause, advice);
    }
    match webhook_down(told).or_else(|| class_or_policy(told)).or_else(|| typed(told, facts)) {
        Some(cause) => Trouble::of(Tone::Bad, &cause),
        None => {
            let (reason, cause, advice) = explain(told, facts);
            Trouble::new(Tone::Bad, reason, cause, advice)
        }
    }
}

/// `admission webhook "W" denied the request: WHY`.
fn denied(told: &str) -> Option<(&'static str, String, &'static str)> {
    let name = between(told, "admission webhook \"", "\" denied the request")?;
    let why = told.split_once("denied the request: ").map_or("", |(_, w)| w);
    let cause = format!("Admission webhook {} denies its pods: {}", clip(name, 80), squeeze(why, 300));
    Some(("denied by webhook", cause, "Fix what it names, or ask whoever runs that webhook."))
}

/// `failed calling webhook "W": failed to call webhook: Post "https://S.N.svc:443/…": WHY`, of the API server's
/// webhook client.
fn webhook_down(told: &str) -> Option<Cause> {
    let webhook = between(told, "failed calling webhook \"", "\"")?;
    let rest = told.split_once("failed calling webhook ").map_or("", |(_, r)| r);
    let url = between(rest, "https://", "/").or_else(|| between(rest, "https://", "\""));
    let service = url.map(|u| u.split(':').next().unwrap_or(u)).map(|host| host.trim_end_matches(".svc").to_owned());
    let why = if rest.contains("not found") && rest.contains("service \"") {
        WebhookWhy::NoService
    } else if rest.contains("no endpoints available") {
        WebhookWhy::NoEndpoints
    } else if rest.contains("connection refused") {
        WebhookWhy::Refused
    } else if ["deadline exceeded", "i/o timeout", "Client.Timeout", "no route to host"].iter().any(|w| rest.contains(w)) {
        WebhookWhy::TimedOut
    } else if let Some((_, said)) = rest.split_once("x509: ") {
        WebhookWhy::Certificate(said.to_owned())
    } else {
        WebhookWhy::Other(rest.rsplit_once("\": ").map_or(rest, |(_, w)| w).to_owned())
    };
    Some(Cause::WebhookDown { webhook: webhook.to_owned(), service, why })
}

/// `no PriorityClass with name N was found`, `RuntimeClass "N" not found`, `ValidatingAdmissionPolicy 'P' with binding 'B'
/// denied request: WHY`.
fn class_or_policy(told: &str) -> Option<Cause> {
    if let Some(name) = between(told, "no PriorityClass with name ", " was found") {
        return Some(Cause::ClassMissing { class: PodClass::Priority, name: name.to_owned() });
    }
    if let Some(name) = between(told, "RuntimeClass \"", "\" not found") {
        return Some(Cause::ClassMissing { class: PodClass::Runtime, name: name.to_owned() });
    }
    let policy = between(told, "ValidatingAdmissionPolicy '", "'")?;
    let said = told.split_once("denied request: ").map_or(told, |(_, why)| why);
    Some(Cause::PolicyRefuses { policy: policy.to_owned(), said: said.to_owned() })
}

/// `Pod "N" is invalid: WHY` of validation, and what plugins other than those below answer.
fn typed(told: &str, facts: &AppFacts) -> Option<Cause> {
    let namespace = facts.workload.id.namespace.as_str().to_owned();
    let why = || told.split_once("is forbidden: ").map_or(told, |(_, w)| w).to_owned();
    if let Some((head, said)) = told.split_once(" is invalid: ") {
        let kind = head.rsplit_once(' ').map_or(head, |(kind, _)| kind).rsplit(' ').next().unwrap_or_default();
        let of = match kind {
            "Pod" => TemplateOf::Pod,
            "Job.batch" => TemplateOf::Job,
            "PersistentVolumeClaim" => TemplateOf::VolumeClaim,
            _ => return None,
        };
        return Some(Cause::TemplateInvalid { of, said: said.to_owned() });
    }
    if let Some((_, said)) = told.split_once("unable to validate against any security context constraint: ") {
        let said = said.trim_end_matches(['.', ' ']);
        // Of several there is a list in brackets, and the last of them may end in a range of its own.
        let said = said.strip_prefix('[').and_then(|list| list.strip_suffix(']')).unwrap_or(said);
        let usable: Vec<_> = said.split(", ").filter(|part| !part.contains("not usable by user or serviceaccount")).collect();
        return Some(Cause::NoConstraintFits { said: usable.join(", ") });
    }
    if told.contains("insufficient quota to match these scopes: ") {
        return Some(Cause::QuotaScope { namespace, said: why() });
    }
    if told.contains("per PersistentVolumeClaim is") {
        return Some(Cause::ClaimOutsideLimits { namespace, said: why() });
    }
    let quota = between(told, "exceeded quota: ", ", requested: ").filter(|_| told.contains("jobs.batch \""))?;
    Some(Cause::JobQuota { quota: quota.to_owned(), namespace, amounts: amounts(told) })
}

fn explain(told: &str, facts: &AppFacts) -> (&'static str, String, String) {
    let ns = &facts.workload.id.namespace;
    if let Some(quota) = between(told, "exceeded quota: ", ", requested: ") {
        let quota = clip(quota, 60);
        return (
            "quota exceeded",
            format!(
                "Quota {quota} of namespace {ns} has no room for more {} ({})",
                if told.contains("persistentvolumeclaims \"") { "volume claims" } else { "pods" },
                amounts(told)
            ),
            "Lower requests or replicas, or ask for a larger quota.".into(),
        );
    }
    if let Some(rest) = told.split_once("failed quota: ").map(|(_, r)| r) {
        let (quota, must) = rest.split_once(": ").unwrap_or((rest, ""));
        return (
            "quota requires limits",
            format!("Quota {} of namespace {ns} rejects pods without requests and limits: {}", clip(quota, 60), squeeze(must, 300)),
            "Set CPU and memory requests and limits on every container.".into(),
        );
    }
    if let Some(level) = between(told, "violates PodSecurity \"", "\"") {
        let rules = told.split_once("\": ").map_or("", |(_, r)| r);
        return (
            "violates pod security",
            format!(
                "Namespace {ns} only accepts pods of security level {}; this one violates: {}",
                clip(level.split(':').next().unwrap_or(level), 40),
                squeeze(&heads(rules), 400)
            ),
            "Set these in its security context, or ask for another level in the namespace.".into(),
        );
    }
    if let Some(name) = between(told, "serviceaccount \"", "\" not found") {
        let name = clip(name, 80);
        return (
            "no service account",
            format!("Service account {name} doesn't exist in namespace {ns}, so no pods can be created"),
            format!("Create service account {name}, or correct its name."),
        );
    }
    if told.contains("because it is being terminated") {
        return (
            "namespace is terminating",
            format!("Namespace {ns} is terminating, so it accepts no new pods"),
            "Create the app in another namespace.".into(),
        );
    }
    if told.contains("per Container is") || told.contains("per Pod is") {
        let why = told.split_once("is forbidden: ").map_or(told, |(_, w)| w);
        return (
            "outside limit range",
            format!("The limit range of namespace {ns} rejects its pods: {}", squeeze(why, 300)),
            "Change requests or limits to fit.".into(),
        );
    }
    let why = told.split_once("is forbidden: ").map_or(told, |(_, w)| w);
    ("cluster rejects its pods", format!("The cluster rejects its pods: {}", squeeze(why, 300)), "See the event for the full message.".into())
}

/// `requested: pods=1, used: pods=1, limited: pods=1` as `pods: 1 of 1 used, 1 more requested`.
fn amounts(told: &str) -> String {
    let part = |name: &str, end: &str| -> Vec<(String, String)> {
        let text = told.split_once(name).map_or("", |(_, t)| t);
        let text = if end.is_empty() { text } else { text.split(end).next().unwrap_or(text) };
        text.split(',').filter_map(|p| p.trim().split_once('=')).map(|(k, v)| (clip(k, 40), clip(v, 20))).collect()
    };
    let (asked, used, limited) = (part("requested: ", ", used:"), part("used: ", ", limited:"), part("limited: ", ""));
    let find = |list: &[(String, String)], key: &str| list.iter().find(|(k, _)| k == key).map_or_else(|| "?".to_owned(), |(_, v)| v.clone());
    let worded: Vec<_> = asked.iter().take(4).map(|(k, v)| format!("{k}: {} of {} used, {v} more requested", find(&used, k), find(&limited, k))).collect();
    if worded.is_empty() { squeeze(told, 300) } else { worded.join("; ") }
}

/// The rules without what stands in brackets behind them.
fn heads(rules: &str) -> String {
    let (mut out, mut depth) = (String::new(), 0_u32);
    for c in rules.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out.replace(" ,", ",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quota_is_told_with_its_numbers() {
        assert_eq!(amounts("exceeded quota: small, requested: pods=1, used: pods=1, limited: pods=1"), "pods: 1 of 1 used, 1 more requested");
        let two = "exceeded quota: q, requested: limits.cpu=2,pods=1, used: limits.cpu=3500m,pods=4, limited: limits.cpu=4,pods=4";
        assert_eq!(amounts(two), "limits.cpu: 3500m of 4 used, 2 more requested; pods: 4 of 4 used, 1 more requested");
    }

    #[test]
    fn security_rules_are_told_without_their_brackets() {
        assert_eq!(heads("privileged (container \"main\" must (not)), runAsNonRoot != true (pod)"), "privileged, runAsNonRoot != true ");
    }
}
