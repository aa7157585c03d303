//! What is said of the checks of a new app.

use super::cluster;
use super::text::capital;
use crate::cause::{QuotaAmount, Refusal};
use crate::check::{Check, CheckCode, NameClash, SharedHost, ValueSource};
use crate::view::{CheckView, Outcome, Plan};
use std::borrow::Cow;

/// Most bytes of a title that quotes the cluster.
const TITLE: usize = 300;
/// What to do about what the API server refuses.
const CHANGE: &str = "Change this and check again.";

/// What is said of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckWords {
    /// What was found, in one sentence without its full stop: `Node port 30123 is used by web/shop`.
    pub title: String,
    /// What follows from it and what to do: whole sentences, or nothing.
    pub advice: String,
}

impl CheckWords {
    fn new(title: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { title: title.into(), advice: advice.into() }
    }
}

/// The sentence above the findings; nothing where some would be refused, as they say it themselves.
#[must_use]
pub fn verdict(plan: &Plan) -> Cow<'static, str> {
    let verdict = match plan.checks.iter().map(|check| check.outcome).max_by_key(|outcome| *outcome as u8) {
        None | Some(Outcome::Pass) => "All checks passed",
        Some(Outcome::Skip) => "Dry run passed; one thing wasn't checked",
        Some(Outcome::Warn) => "Review these warnings first",
        Some(Outcome::Fail) => "",
    };
    verdict.into()
}

/// A check as a reader gets it.
#[must_use]
pub fn view(check: Check) -> CheckView {
    let CheckWords { title, advice } = words(&check.code);
    CheckView { outcome: check.outcome, code: check.code.code().into(), title, advice, field: check.field.map(|field| field.to_string()), remedy: check.remedy }
}

/// Title and advice in one line of whole sentences, such as beside a field.
#[must_use]
pub fn sentence(code: &CheckCode) -> String {
    let CheckWords { title, advice } = words(code);
    format!("{}. {advice}", title.trim_end_matches('.')).trim_end().to_owned()
}

/// What is said of a check.
#[must_use]
pub fn words(code: &CheckCode) -> CheckWords {
    use CheckCode as C;
    let say = |title: String, advice: &str| CheckWords::new(title, advice);
    match code {
        C::NameFree { name, namespace } => say(format!("Name {name} is free in {namespace}"), ""),
        C::Accepted { objects } => {
            let kinds: Vec<_> = objects.iter().map(|object| object.kind()).collect();
            say(format!("The API server accepts the {}", kinds.join(", ")), "")
        }
        C::PermissionMissing(why) => CheckWords::new("The portal lacks a permission", cluster::not_allowed(why)),
        C::PlaceMissing(what) => titled(&cluster::missing(what), "Ask a cluster administrator to create it."),
        C::NameTaken(clash) => titled(&clashed(clash), "Choose another name, or delete the old one first."),
        C::CreationUnderWay(clash) => titled(&clashed(clash), "Someone is creating this app right now, or didn't finish. Try again in two minutes."),
        C::Refused(why) => titled(&cluster::refused(why), CHANGE),
        C::LeftOver { object, name } => say(format!("{} {name} is left over from an unfinished creation", object.kind()), "It will be replaced."),
        C::NotAdmitted { why, said } => refused(why, said),
        C::NodePortTaken { port, by, free } => {
            let user = by.as_ref().map_or_else(|| "another service in the cluster".to_owned(), ToString::to_string);
            let advice = free.map_or_else(|| "Choose another, or leave the field empty.".to_owned(), |free| format!("Use {free}."));
            CheckWords::new(format!("Node port {port} is used by {user}"), advice)
        }
        C::PullSecretMissing { secret, namespace } => {
            say(format!("Secret {secret} doesn't exist in {namespace}"), "Create it, or the image can only be pulled without a password.")
        }
        C::NoPullSecret { secret } => say(
            format!("Secret {secret} isn't a pull secret"),
            "Nodes ignore it, so the image can only be pulled without a password. Create a docker-registry secret and use that.",
        ),
        C::ValueSourceMissing { source, name, namespace, variable } => CheckWords::new(
            format!("{} {name} doesn't exist in {namespace}", source_word(*source)),
            format!("Create it. Containers with {variable} can't start without it."),
        ),
        C::ValueKeyMissing { source, name, key, has } => {
            let has = if has.is_empty() { "no keys".to_owned() } else { has.join(", ") };
            CheckWords::new(format!("{} {name} has no key {key}", source_word(*source)), format!("It has {has}."))
        }
        C::TlsSecretMissing { secret, namespace } => say(
            format!("Secret {secret} doesn't exist in {namespace}"),
            "Create a TLS secret with that name, or the address is served with the wrong certificate.",
        ),
        C::NoTlsSecret { secret } => say(
            format!("Secret {secret} isn't a TLS secret"),
            "It has no tls.crt, so the address is served with the wrong certificate. Create a TLS secret and use that.",
        ),
        C::IngressClassMissing { class, has } => {
            let there = if has.is_empty() { "This cluster has none.".to_owned() } else { format!("Available: {}.", has.join(", ")) };
            CheckWords::new(format!("Ingress class {class} doesn't exist"), there)
        }
        C::NoIngressClass => CheckWords::new("The cluster has no ingress class", "Without an ingress controller, nothing answers at this address."),
        C::AddressTaken { host, path, by: Some(ingress) } => say(format!("{host}{path} belongs to ingress {ingress}"), "Choose another host or path."),
        C::AddressTaken { host, path, by: None } => say(
            format!("{host}{path} belongs to another app"),
            "It runs in a namespace you can't see. Choose another host or path, or ask a portal admin whose it is.",
        ),
        C::HostShared { host, with } => say(shared(host.as_str(), with.as_ref()), "The longest matching path wins. Make sure you mean to share this host."),
        C::HostServedByWildcard { host, by } => {
            let whose = by.as_ref().map_or_else(|| "Another app".to_owned(), |ingress| format!("Ingress {ingress}"));
            say(format!("{whose} serves {host} through a wildcard"), "This app takes over that host. Make sure that's what you want.")
        }
        C::QuotaTooSmall { quota, resource, pods, needed, used, limit, fits } => {
            let resource = resource.name();
            CheckWords::new(
                format!("Quota {quota} has no room for {pods} pods: they need {needed} of {resource}, {used} of {limit} are used"),
                format!("{fits} would fit. Request less, or have the quota raised."),
            )
        }
        C::ImageNotChecked { image, pull_secret: Some(secret) } => {
            CheckWords::new("Image not checked", format!("Nodes pull {image} with {secret} when the app starts. Check the name, tag, and secret yourself."))
        }
        C::ImageNotChecked { image, pull_secret: None } => CheckWords::new(
            "Image not checked",
            format!("Nodes pull {image} when the app starts. Check the name and tag yourself, and set a pull secret if the registry is private."),
        ),
        C::ImageWithoutTag { image } => {
            CheckWords::new("Image has no tag", format!("{image} means {image}:latest, which can change at any time. Pin a version."))
        }
        C::ImageTaggedLatest => {
            CheckWords::new("Image is tagged latest", "The tag can change at any time, so two pods may run different versions. Pin a version.")
        }
        C::NoMemoryLimit => CheckWords::new("No memory limit", "A memory leak could take down other apps on the node. Set a limit above normal usage."),
        C::MemoryLimitTiny { limit } => {
            say(format!("Memory limit is only {limit}"), "Few programs can start with so little. Use Mi for mebibytes, such as 128Mi.")
        }
        C::MemoryLimitFarAboveRequest { limit, request } => {
            say(format!("Memory limit {limit} is far above the request {request}"), "The node may not have that much. Bring the two closer together.")
        }
        C::NoMemoryRequest => CheckWords::new("No memory request", "The scheduler may pick a node with too little free memory. Request normal usage."),
        C::NoCpuRequest => CheckWords::new("No CPU request", "The app gets CPU last on a busy node. Request normal usage, such as 100m."),
        C::CpuLimitTiny { limit } => say(format!("CPU limit is only {limit}"), "The app would take minutes to start. Use at least 100m."),
        C::NoReadinessProbe => CheckWords::new("No readiness probe", "The service sends traffic before the app is ready. Add a readiness probe."),
        C::StartupKilled { patience_s } => say(
            format!("Startups longer than {patience_s} s are killed"),
            "The liveness probe runs from the start. Add a startup probe or a longer initial delay.",
        ),
        C::LivenessAsEarlyAsReadiness => CheckWords::new(
            "Liveness fails as early as readiness",
            "A brief outage restarts the app instead of pausing traffic. Allow more failures before liveness restarts it.",
        ),
        C::SingleReplica => CheckWords::new("Only 1 replica", "The app is down during node maintenance. Run 2 if that matters."),
        C::FixedNodePort => CheckWords::new("Fixed node port", "No other service in the cluster can use it. Leave it empty to get a free one."),
        C::IngressWithoutTls => CheckWords::new("Ingress has no TLS", "Traffic is unencrypted unless the controller adds a certificate. Choose a TLS secret."),
        C::SecretInTheOpen { variable } => {
            say(format!("{variable} looks like a secret"), "Anyone who can read the deployment can read this value. Move it to a secret.")
        }
    }
}

/// A sentence as a title.
fn titled(sentence: &str, advice: &str) -> CheckWords {
    CheckWords::new(cut(sentence.trim_end_matches('.').to_owned()), advice)
}

fn clashed(clash: &NameClash) -> String {
    match clash {
        NameClash::Exists(object) => cluster::exists(object),
        NameClash::Changed(object) => cluster::changed(object),
    }
}

const fn source_word(source: ValueSource) -> &'static str {
    match source {
        ValueSource::Secret => "Secret",
        ValueSource::ConfigMap => "Config map",
    }
}

fn shared(host: &str, with: Option<&SharedHost>) -> String {
    let Some(SharedHost { ingress, paths, more }) = with else { return format!("Another app also serves {host}") };
    format!("Ingress {ingress} also serves {host} at {}{}", paths.join(", "), if *more { " and more" } else { "" })
}

/// Why an object isn't let in. What only controllers know more words of is said in the API server's.
fn refused(why: &Refusal, said: &str) -> CheckWords {
    let title = match why {
        Refusal::QuotaExceeded { quota, amounts, .. } => {
            let list = |quantity: fn(&QuotaAmount) -> Option<&String>| {
                amounts.iter().filter_map(|a| Some(format!("{}={}", a.resource, quantity(a)?))).collect::<Vec<_>>().join(",")
            };
            let (asked, used, limit) = (list(|a| Some(&a.asked)), list(|a| a.used.as_ref()), list(|a| a.limit.as_ref()));
            let title = format!("Quota {quota} is used up: requested {asked}, used {used}, limit {limit}");
            return CheckWords::new(cut(title), "Request less, delete something, or have the quota raised.");
        }
        Refusal::QuotaRequires { quota, said } => return CheckWords::new(format!("Quota {quota} requires more: {said}"), "Fill in this field."),
        Refusal::PodSecurity { level, violations } => format!("Violates PodSecurity \"{level}\": {violations}"),
        Refusal::WebhookDenied { webhook, said: Some(said) } => format!("Admission webhook \"{webhook}\" denied the request: {said}"),
        Refusal::WebhookDenied { webhook, said: None } => format!("Admission webhook \"{webhook}\" denied the request without explanation"),
        Refusal::WebhookWithoutDryRun { webhook } => format!("Admission webhook \"{webhook}\" does not support dry run"),
        Refusal::PolicyDenied { policy, binding, said } => {
            let binding = binding.as_ref().map_or_else(String::new, |binding| format!(" with binding '{binding}'"));
            format!("ValidatingAdmissionPolicy '{policy}'{binding} denied request: {said}")
        }
        Refusal::NamespaceTerminating { namespace } => format!("Namespace {namespace} is being terminated"),
        Refusal::OutsideLimitRange { .. }
        | Refusal::WebhookDown { .. }
        | Refusal::ClassMissing { .. }
        | Refusal::TemplateInvalid { .. }
        | Refusal::NoConstraintFits { .. }
        | Refusal::QuotaScope { .. }
        | Refusal::ClaimOutsideLimits { .. }
        | Refusal::AccountMissing { .. }
        | Refusal::Other { .. } => {
            if said.is_empty() {
                "The API server rejected this without giving a reason".to_owned()
            } else {
                capital(said)
            }
        }
    };
    CheckWords::new(cut(title), CHANGE)
}

/// A title that isn't longer than a title can be.
fn cut(title: String) -> String {
    if title.len() <= TITLE { title } else { format!("{}…", &title[..title.floor_char_boundary(TITLE)]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_refusal_is_cut_between_characters() {
        let said = "ü".repeat(400);
        let title = words(&CheckCode::NotAdmitted { why: Refusal::Other { said: said.clone() }, said }).title;
        assert_eq!(title, format!("{}…", capital(&"ü".repeat(150))));
    }

    #[test]
    fn a_sentence_ends_with_its_advice_or_with_a_full_stop() {
        assert_eq!(sentence(&CheckCode::FixedNodePort), "Fixed node port. No other service in the cluster can use it. Leave it empty to get a free one.");
        let accepted = CheckCode::Accepted { objects: vec![crate::kubernetes::AppObject::TrialPod] };
        assert_eq!(sentence(&accepted), "The API server accepts the Pod.");
    }
}
