//! The sections of the form.

use super::field::{Cell, Field, cell, cell_choice, choice, error, lines, message, pairs, text};
use super::{Choices, title_of};
use crate::icons::{glyph, icon};
use crate::islands::new_app::words;
use crate::parts::{banner, dotenv, dotenv_button};
use domain::cause::ProbeKind;
use domain::form::{self, EnvPart, PortPart, ProbePart, Section};
use domain::spec::{AppForm, EnvForm, PortForm, ProbeForm, ProbeType, ServiceType, Source};
use domain::{FieldError, Tone};
use leptos::prelude::*;

/// Rows that a form without scripts has to spare.
const SPARE: usize = 2;

pub(super) fn all(form: &AppForm, errors: &[FieldError], choices: Choices<'_>) -> AnyView {
    view! {
        {suggestions(choices)}
        {choices.incomplete.map(|why| banner(Tone::Info, why))}
        {section(Section::Basics, "Name and number of replicas.", basics(form, errors))}
        {section(Section::Image, "What the container runs.", image(form, errors))}
        {section(Section::Ports, "Ports the container listens on.", ports(form, errors))}
        {section(Section::Environment, "Anyone who can see the app can read values typed here. Values from secrets and config maps are read when a pod starts.", env(form, errors))}
        {section(Section::Resources, "Requests are reserved; limits are the ceiling.", resources(form, errors))}
        {section(Section::Probes, "Readiness gates traffic. Liveness restarts the container.", probes(form, errors))}
        {section(Section::Network, "Who can reach it, and how.", network(form, errors))}
    }
    .into_any()
}

fn section(section: Section, hint: &'static str, body: AnyView) -> AnyView {
    let (id, title) = (section.slug(), title_of(section));
    let heading = format!("{id}-t");
    view! {
        <section class="fs" id=id aria-labelledby=heading.clone()>
            <header><h2 class="h2" id=heading.clone()>{title}</h2><p class="muted text-xs">{hint}</p></header>
            <div class="fs-b">{body}</div>
        </section>
    }
    .into_any()
}

/// Names and keys to choose from. The island shows those of one secret or config map only.
fn suggestions(choices: Choices<'_>) -> AnyView {
    let options = |names: Vec<String>| names.into_iter().map(|n| view! { <option value=n></option> }).collect_view();
    let list = |id: String, names: Vec<String>| view! { <datalist id=id>{options(names)}</datalist> };
    let mut keys: Vec<String> = choices.secrets.iter().flat_map(|(_, _, k)| k.clone()).chain(choices.config_maps.iter().flat_map(|(_, k)| k.clone())).collect();
    keys.sort_unstable();
    keys.dedup();
    let secrets: Vec<String> = choices.secrets.iter().map(|(n, ..)| n.clone()).collect();
    let maps: Vec<String> = choices.config_maps.iter().map(|(n, _)| n.clone()).collect();
    let of_kinds = |kinds: &[&str]| choices.secrets.iter().filter(|(_, kind, _)| kinds.contains(&kind.as_str())).map(|(n, ..)| n.clone()).collect();
    let of_secret = choices.secrets.iter().map(|(n, _, k)| list(format!("keys-secret-{n}"), k.clone())).collect_view();
    let of_map = choices.config_maps.iter().map(|(n, k)| list(format!("keys-configMap-{n}"), k.clone())).collect_view();
    view! {
        {list("names-all".to_owned(), secrets.iter().chain(&maps).cloned().collect())}
        {list("names-secret".to_owned(), secrets)}
        {list("names-pull".to_owned(), of_kinds(&["kubernetes.io/dockerconfigjson", "kubernetes.io/dockercfg"]))}
        {list("names-tls".to_owned(), of_kinds(&["kubernetes.io/tls"]))}
        {list("names-configMap".to_owned(), maps)}
        {list("keys-all".to_owned(), keys)}
        {of_secret}
        {of_map}
    }
    .into_any()
}

fn basics(form: &AppForm, errors: &[FieldError]) -> AnyView {
    view! {
        <div class="g3">
            {text(Field { path: "name", label: "Name", value: &form.name, help: "Lowercase letters, digits, and dashes. Can't be changed later.", class: "span2", ..Field::default() }, errors)}
            {text(Field { path: "replicas", label: "Replicas", value: &form.replicas, numeric: true, ..Field::default() }, errors)}
        </div>
    }
    .into_any()
}

fn image(form: &AppForm, errors: &[FieldError]) -> AnyView {
    view! {
        <div class="g3">
            {text(Field { path: "image", label: "Image", value: &form.image, placeholder: "registry.example.org/team/app:1.2", class: "span2", ..Field::default() }, errors)}
            {text(Field { path: "pullSecret", label: "Pull secret", value: &form.pull_secret, placeholder: "none", list: Some("names-pull"), ..Field::default() }, errors)}
        </div>
        <div class="g2">
            {lines(Field { path: "command", label: "Command", value: &form.command, help: "One argument per line. Empty uses the image's own.", optional: true, ..Field::default() }, errors)}
            {lines(Field { path: "args", label: "Arguments", value: &form.args, help: "One argument per line.", optional: true, ..Field::default() }, errors)}
        </div>
    }
    .into_any()
}

fn remove(label: String) -> AnyView {
    view! { <td class="x"><button class="copybtn" type="button" data-remove hidden aria-label=label>{icon("x")}</button></td> }.into_any()
}

fn add(table: &'static str, words: &'static str) -> AnyView {
    view! { <button class="btn btn-sm btn-ghost justify-self-start -ml-2" type="button" data-add=table hidden>{icon("plus")}{words}</button> }.into_any()
}

fn port(i: usize, port: &PortForm, errors: &[FieldError]) -> AnyView {
    let path = |part| form::Field::Port(i, part).to_string();
    let n = i + 1;
    view! {
        <tr data-line="ports">
            <td>{cell(Cell { path: &path(PortPart::Name), f: PortPart::Name.slug(), label: &format!("Name of port {n}"), value: &port.name, placeholder: "http", ..Cell::default() }, errors)}</td>
            <td>{cell(Cell { path: &path(PortPart::Port), f: PortPart::Port.slug(), label: &format!("Number of port {n}"), value: &port.port, placeholder: "8080", ..Cell::default() }, errors)}</td>
            <td>{cell_choice(Cell { path: &path(PortPart::Protocol), f: PortPart::Protocol.slug(), label: &format!("Protocol of port {n}"), value: if port.protocol.is_empty() { "TCP" } else { &port.protocol }, ..Cell::default() }, errors, &pairs(&[("TCP", "TCP"), ("UDP", "UDP")]))}</td>
            {remove(format!("Remove port {n}"))}
        </tr>
    }
    .into_any()
}

fn ports(form: &AppForm, errors: &[FieldError]) -> AnyView {
    let spare = PortForm::default();
    let rows = form.ports.iter().chain(std::iter::repeat_n(&spare, SPARE)).enumerate().map(|(i, p)| port(i, p, errors)).collect_view();
    view! {
        <table class="mini" data-table="ports">
            <thead><tr><th scope="col">"Name"</th><th scope="col">"Port"</th><th scope="col">"Protocol"</th><td class="x"></td></tr></thead>
            <tbody>{rows}</tbody>
        </table>
        {error("ports", message(errors, "ports"))}
        {add("ports", "Add port")}
    }
    .into_any()
}

fn variable(i: usize, env: &EnvForm, errors: &[FieldError]) -> AnyView {
    let path = |part| form::Field::Env(i, part).to_string();
    let n = i + 1;
    let source = Source::chosen(&env.from);
    let (names, keys) = if source == Some(Source::Value) { (None, None) } else { (Some("names-all"), Some("keys-all")) };
    let from = source.map_or(env.from.as_str(), |source| source.slug());
    let sources = pairs(&[(Source::Value.slug(), "Value"), (Source::Secret.slug(), "Secret"), (Source::ConfigMap.slug(), "Config map")]);
    view! {
        <tr data-line="env">
            <td>{cell(Cell { path: &path(EnvPart::Name), f: EnvPart::Name.slug(), label: &format!("Name of variable {n}"), value: &env.name, ..Cell::default() }, errors)}</td>
            <td>{cell_choice(Cell { path: &path(EnvPart::From), f: EnvPart::From.slug(), label: &format!("Source of variable {n}"), value: from, ..Cell::default() }, errors, &sources)}</td>
            <td>
                <span class="two">
                    <span>{cell(Cell { path: &path(EnvPart::Value), f: EnvPart::Value.slug(), label: &format!("Value of variable {n}, or the name of its secret or config map"), value: &env.value, list: names, ..Cell::default() }, errors)}</span>
                    <span class="env-key">{cell(Cell { path: &path(EnvPart::Key), f: EnvPart::Key.slug(), label: &format!("Key for variable {n}"), value: &env.key, placeholder: "Key", list: keys }, errors)}</span>
                </span>
            </td>
            {remove(format!("Remove variable {n}"))}
        </tr>
    }
    .into_any()
}

fn env(form: &AppForm, errors: &[FieldError]) -> AnyView {
    let spare = EnvForm::default();
    let rows = form.env.iter().chain(std::iter::repeat_n(&spare, SPARE)).enumerate().map(|(i, e)| variable(i, e, errors)).collect_view();
    view! {
        <table class="mini env" data-table="env">
            <thead><tr><th scope="col">"Name"</th><th scope="col" class="w-28">"From"</th><th scope="col">"Value, or name and key"</th><td class="x"></td></tr></thead>
            <tbody>{rows}</tbody>
        </table>
        {error("env", message(errors, "env"))}
        <p class="help">"Don't type passwords here. Store them in a secret and choose its key."</p>
        <p class="flex flex-wrap gap-1.5">{add("env", "Add variable")}{dotenv_button()}</p>
        {dotenv("variables")}
    }
    .into_any()
}

fn resources(form: &AppForm, errors: &[FieldError]) -> AnyView {
    view! {
        <div class="g4">
            {text(Field { path: "cpuRequest", label: "CPU request", value: &form.cpu_request, placeholder: "100m", ..Field::default() }, errors)}
            {text(Field { path: "cpuLimit", label: "CPU limit", value: &form.cpu_limit, placeholder: "None", ..Field::default() }, errors)}
            {text(Field { path: "memoryRequest", label: "Memory request", value: &form.memory_request, placeholder: "128Mi", ..Field::default() }, errors)}
            {text(Field { path: "memoryLimit", label: "Memory limit", value: &form.memory_limit, placeholder: "None", ..Field::default() }, errors)}
        </div>
        <p class="help">"CPU in cores or millicores (250m), memory in Mi or Gi."</p>
    }
    .into_any()
}

fn probe(which: ProbeKind, title: &'static str, hint: &'static str, probe: &ProbeForm, errors: &[FieldError]) -> AnyView {
    let path = |part| form::Field::Probe(which, part).to_string();
    let kind = ProbeType::chosen(&probe.kind).map_or(probe.kind.as_str(), |kind| kind.slug());
    let kinds =
        pairs(&[(ProbeType::None.slug(), "Off"), (ProbeType::Http.slug(), "HTTP GET"), (ProbeType::Tcp.slug(), "TCP"), (ProbeType::Command.slug(), "Command")]);
    let of = |part, label: &'static str, value: &str, placeholder: &'static str, class: &'static str| {
        text(Field { path: &path(part), label, value, placeholder, class, ..Field::default() }, errors)
    };
    let wrong = errors.iter().any(|e| matches!(form::Field::parse(&e.field), Some(form::Field::Probe(probe, _)) if probe == which));
    view! {
        <details class="probe" data-probe=form::probe_word(which) open=wrong>
            <summary><span class="h3">{title}</span><span class="soft text-xs trunc" data-probe-line>{words::probe(probe)}</span><span class="c-bad" data-probe-bad>{glyph("failing")}</span><span class="link text-xs"><span class="on-closed" data-probe-verb>{words::probe_verb(probe)}</span><span class="on-open">"Done"</span></span></summary>
            <fieldset class="probe-b">
                <legend class="sr-only">{format!("{title} probe")}</legend>
                <p class="help">{hint}</p>
                <div class="g4">
                    {choice(Field { path: &path(ProbePart::Kind), label: "Type", value: kind, ..Field::default() }, errors, &kinds)}
                    {of(ProbePart::Path, "Path", &probe.path, "/healthy", "p-http")}
                    {of(ProbePart::Port, "Port", &probe.port, "http", "p-net")}
                    {lines(Field { path: &path(ProbePart::Command), label: "Command", value: &probe.command, help: "One argument per line.", class: "span2 p-command", ..Field::default() }, errors)}
                </div>
                <div class="g4 p-on">
                    {of(ProbePart::InitialDelay, "Initial delay (s)", &probe.initial_delay_seconds, "0", "")}
                    {of(ProbePart::Period, "Period (s)", &probe.period_seconds, "10", "")}
                    {of(ProbePart::FailureThreshold, "Failure threshold", &probe.failure_threshold, "3", "")}
                </div>
            </fieldset>
        </details>
    }
    .into_any()
}

fn probes(form: &AppForm, errors: &[FieldError]) -> AnyView {
    view! {
        {probe(ProbeKind::Readiness, "Readiness", "No traffic until it passes.", &form.readiness, errors)}
        {probe(ProbeKind::Liveness, "Liveness", "Restarts the container when it fails.", &form.liveness, errors)}
        {probe(ProbeKind::Startup, "Startup", "Liveness waits for it. For slow-starting apps.", &form.startup, errors)}
    }
    .into_any()
}

fn network(form: &AppForm, errors: &[FieldError]) -> AnyView {
    let kinds = pairs(&[
        (ServiceType::ClusterIp.slug(), "ClusterIP, inside the cluster"),
        (ServiceType::NodePort.slug(), "NodePort, also on every node"),
        (ServiceType::None.slug(), "None"),
    ]);
    let service = ServiceType::chosen(&form.service).map_or(form.service.as_str(), |kind| kind.slug());
    view! {
        <div class="g4">
            {choice(Field { path: "service", label: "Service", value: service, class: "span2", ..Field::default() }, errors, &kinds)}
            {text(Field { path: "nodePort", label: "Node port", value: &form.node_port, placeholder: "Chosen by the cluster", class: "span2 p-nodeport", ..Field::default() }, errors)}
        </div>
        <div class="g4 sub">
            {text(Field { path: "ingressHost", label: "Ingress host", value: &form.ingress_host, placeholder: "app.example.org", help: "Empty for no public address.", class: "span2", optional: true, ..Field::default() }, errors)}
            {text(Field { path: "ingressPath", label: "Path", value: &form.ingress_path, placeholder: "/", ..Field::default() }, errors)}
            {text(Field { path: "ingressClass", label: "Class", value: &form.ingress_class, placeholder: "Default", ..Field::default() }, errors)}
            {text(Field { path: "ingressTlsSecret", label: "TLS secret", value: &form.ingress_tls_secret, placeholder: "None, plain HTTP", class: "span2", list: Some("names-tls"), ..Field::default() }, errors)}
        </div>
    }
    .into_any()
}
