//! What is said of how an app is set up.

use super::text::count;
use crate::cause::ProbeKind;
use crate::facts::Probe;
use crate::setting::{DeclaredPort, Setting};
use crate::told_image;
use crate::view::{SettingLine, StillRuns};

/// A setting as a line of the app's page.
#[must_use]
pub fn line(setting: &Setting) -> SettingLine {
    SettingLine { label: label(setting).to_owned(), text: text(setting) }
}

const fn label(setting: &Setting) -> &'static str {
    match setting {
        Setting::Image { .. } | Setting::ImageWaits { .. } => "Image",
        Setting::Cpu { .. } => "CPU",
        Setting::Memory { .. } => "Memory",
        Setting::Probe { kind: ProbeKind::Liveness, .. } => "Liveness",
        Setting::Probe { kind: ProbeKind::Readiness, .. } => "Readiness",
        Setting::Probe { kind: ProbeKind::Startup, .. } => "Startup",
        Setting::Ports(_) => "Ports",
        Setting::Sidecars(_) => "Sidecars",
        Setting::Schedule { .. } => "Schedule",
        Setting::Completions { .. } => "Completions",
    }
}

fn text(setting: &Setting) -> String {
    match setting {
        Setting::Image { image, still } => std::iter::once(told_image(image)).chain(still.iter().map(still_runs)).collect::<Vec<_>>().join("; "),
        Setting::ImageWaits { image, running } => format!("{} running; {} waits until the rollout resumes", running.join(", "), told_image(image)),
        Setting::Cpu { request, limit } => bounds(request.map(|q| q.to_string()), limit.map(|q| q.to_string())),
        Setting::Memory { request, limit } => bounds(request.map(|q| q.to_string()), limit.map(|q| q.to_string())),
        Setting::Probe { probe, .. } => probe.as_ref().map_or_else(|| "None".to_owned(), asked),
        Setting::Ports(ports) => ports.iter().map(port).collect::<Vec<_>>().join(", "),
        Setting::Sidecars(names) => names.join(", "),
        Setting::Schedule { schedule, time_zone } => format!("{schedule}{}", in_brackets(time_zone.as_deref())),
        Setting::Completions { needed, failures } => format!("{needed} needed, {failures} failures allowed"),
    }
}

fn still_runs(s: &StillRuns) -> String {
    format!("{} still {} {}", count(s.pods, "pod"), if s.pods == 1 { "runs" } else { "run" }, told_image(&s.image))
}

fn bounds(request: Option<String>, limit: Option<String>) -> String {
    match (request, limit) {
        (None, None) => "No request, no limit".to_owned(),
        (Some(r), None) => format!("{r} requested, no limit"),
        (None, Some(l)) => format!("{l} limit"),
        (Some(r), Some(l)) => format!("{r} requested, {l} limit"),
    }
}

fn asked(p: &Probe) -> String {
    let delay = if p.initial_delay_s > 0 { format!(", starts after {} s", p.initial_delay_s) } else { String::new() };
    format!("{} every {} s, fails after {}{delay}", p.what, p.period_s, p.failure_threshold)
}

fn port(p: &DeclaredPort) -> String {
    format!("{}/{}{}", p.number, p.protocol, in_brackets(p.name.as_deref()))
}

fn in_brackets(text: Option<&str>) -> String {
    text.map_or_else(String::new, |text| format!(" ({text})"))
}
