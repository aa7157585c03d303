//! What a wrong field most likely means. Whatever is offered has been tried: with it the field is right, and nothing else
//! becomes wrong.

use super::{AppForm, ServiceType, collect};
use crate::form::{EnvPart, Field, PortPart, ProbePart};
use crate::view::{Remedy, Setting};
use crate::{ImageRef, Namespace, PortName};

/// Whatever the namespace is called, the same forms are right.
const ANY_NAMESPACE: &str = "default";

/// What to put into the form so that `field` is right, where that is known.
#[must_use]
pub fn repair(form: &AppForm, field: &Field) -> Option<Remedy> {
    let namespace = Namespace::parse(ANY_NAMESPACE).ok()?;
    let wrong = |form: &AppForm| form.parse(namespace.clone()).err().unwrap_or_default();
    let before = wrong(form);
    if !before.iter().any(|e| e.field == *field) {
        return None;
    }
    let helps = |(to_set, value): &(Field, String)| {
        let mut changed = form.clone();
        let Some(place) = collect::place(&mut changed, to_set) else { return false };
        value.clone_into(place);
        let after = wrong(&changed);
        !after.iter().any(|e| e.field == *field) && after.iter().all(|e| before.iter().any(|b| b.field == e.field))
    };
    let (to_set, value) = candidates(form, field).into_iter().find(helps)?;
    Some(Remedy::Set { fields: vec![Setting { field: to_set.to_string(), value }] })
}

/// What may be meant, the likeliest first: fields with the texts to put into them.
#[allow(clippy::wildcard_enum_match_arm, reason = "of all others nobody can know what is meant")]
fn candidates(form: &AppForm, field: &Field) -> Vec<(Field, String)> {
    let mut typed = form.clone();
    let text = collect::place(&mut typed, field).map(|text| text.trim().to_owned()).unwrap_or_default();
    let first_port = form.ports.first().map(|p| if p.name.trim().is_empty() { p.port.trim() } else { p.name.trim() });
    let service = |kind: ServiceType| (Field::Service, kind.slug().to_owned());
    let here = |value: String| (field.clone(), value);
    match field {
        Field::Name => vec![here(dashed(&text, 63).trim_start_matches(|c: char| !c.is_ascii_lowercase()).to_owned())],
        Field::Image => images(&text).into_iter().map(here).collect(),
        // An amount that nobody can read is not to be lost.
        Field::CpuRequest => amounts(vec![here(cores(&text))]),
        Field::CpuLimit => amounts(vec![here(cores(&text)), here(form.cpu_request.trim().to_owned())]),
        Field::MemoryRequest => amounts(vec![here(mebibytes(&text))]),
        Field::MemoryLimit => amounts(vec![here(mebibytes(&text)), here(form.memory_request.trim().to_owned())]),
        Field::NodePort => vec![service(ServiceType::NodePort), here(String::new())],
        Field::Service if form.ingress_host.trim().is_empty() => vec![service(ServiceType::None)],
        Field::Service => vec![service(ServiceType::ClusterIp)],
        Field::IngressHost => vec![here(host(&text))],
        Field::IngressPath | Field::Probe(_, ProbePart::Path) => vec![here(rooted(&text))],
        Field::PullSecret | Field::IngressTlsSecret | Field::IngressClass | Field::Env(_, EnvPart::Value) => vec![here(text.to_lowercase())],
        Field::Port(_, PortPart::Name) => vec![here(port_name(&text)), here(String::new())],
        Field::Port(_, PortPart::Protocol) => vec![here("TCP".to_owned())],
        Field::Env(_, EnvPart::Name) => vec![here(variable(&text))],
        Field::Probe(_, ProbePart::Port) => first_port.map(|port| here(port.to_owned())).into_iter().collect(),
        // Nobody can know what is meant, or no other text would help.
        _ => Vec::new(),
    }
}

fn amounts(mut settings: Vec<(Field, String)>) -> Vec<(Field, String)> {
    settings.retain(|(_, value)| value.starts_with(|c: char| c.is_ascii_digit()));
    settings
}

/// Lower case letters and digits, with one dash for all between them.
fn dashed(text: &str, most: usize) -> String {
    let mut out = String::new();
    for c in text.to_lowercase().chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.truncate(most);
    out.trim_matches('-').to_owned()
}

/// Without blanks, without the scheme of an address, without capitals in the name.
fn images(text: &str) -> Vec<String> {
    let tight: String = text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let bare = tight.split_once("://").map_or(tight.as_str(), |(_, rest)| rest).trim_end_matches('/').to_owned();
    let slash = bare.rfind('/').map_or(0, |at| at + 1);
    let tag = bare[slash..].find([':', '@']).map_or(bare.len(), |at| slash + at);
    let lower = format!("{}{}", bare[..tag].to_lowercase(), &bare[tag..]);
    let fits = |text: &String| ImageRef::parse(text.clone()).is_ok();
    [tight, bare, lower].into_iter().filter(fits).collect()
}

/// `100M` and `100 m` are thousandths of a core; `0.5 cores` are cores.
fn cores(text: &str) -> String {
    let (number, unit) = amount(text);
    match unit.as_str() {
        "m" => format!("{number}m"),
        _ => number,
    }
}

/// `512MB`, `512 mb` and `512m` are meant as mebibytes.
fn mebibytes(text: &str) -> String {
    let (number, unit) = amount(text);
    match unit.chars().next() {
        Some(scale @ ('k' | 'm' | 'g' | 't')) => format!("{number}{}i", scale.to_ascii_uppercase()),
        _ => number,
    }
}

/// The number and the unit in lower case, without the blanks between them.
fn amount(text: &str) -> (String, String) {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    (text[..end].to_owned(), text[end..].trim().to_lowercase())
}

/// The host of an address.
fn host(text: &str) -> String {
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    text.split(['/', '?', '#', ':']).next().unwrap_or_default().trim().to_lowercase()
}

fn rooted(text: &str) -> String {
    let parts: Vec<&str> = text.split_whitespace().flat_map(|part| part.split('/')).filter(|part| !part.is_empty()).collect();
    format!("/{}", parts.join("/"))
}

fn port_name(text: &str) -> String {
    let name = dashed(text, 15);
    if PortName::parse(name.clone()).is_ok() { name } else { String::new() }
}

/// A valid name for a variable: underscores replace invalid characters and precede a leading digit.
fn variable(text: &str) -> String {
    let name: String = text.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.') { c } else { '_' }).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("_{name}") } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{EnvForm, PortForm, ProbeForm};
    use proptest::prelude::*;

    fn form() -> AppForm {
        AppForm {
            name: "shop".into(),
            image: "web:1".into(),
            ports: vec![PortForm { name: "http".into(), port: "8080".into(), ..PortForm::default() }],
            env: vec![EnvForm::default()],
            service: "ClusterIP".into(),
            ..AppForm::default()
        }
    }

    /// The form with one text in one field, and what is offered for it.
    fn offered(path: &str, text: &str) -> Option<(String, String)> {
        let field = &Field::parse(path)?;
        let mut form = form();
        form.env[0] =
            EnvForm { name: "A".into(), from: if path == "env.0.value" { "secret".into() } else { String::new() }, key: "k".into(), ..EnvForm::default() };
        if path.starts_with("readiness") {
            form.readiness = ProbeForm { kind: "http".into(), ..ProbeForm::default() };
        }
        text.clone_into(collect::place(&mut form, field).unwrap());
        match repair(&form, field)? {
            Remedy::Set { mut fields } => fields.pop().map(|s| (s.field, s.value)),
            _ => None,
        }
    }

    #[test]
    fn what_is_meant_by_a_slip_is_offered() {
        for (field, text, value) in [
            ("name", "My Shop_2!", "my-shop-2"),
            ("name", "2nd-shop", "nd-shop"),
            ("image", "registry.example.org/team/app :1.2", "registry.example.org/team/app:1.2"),
            ("image", "https://registry.example.org/team/App:1.2-RC", "registry.example.org/team/app:1.2-RC"),
            ("cpuLimit", "100 m", "100m"),
            ("cpuRequest", "0.5 cores", "0.5"),
            ("memoryLimit", "512MB", "512Mi"),
            ("memoryRequest", "700m", "700Mi"),
            ("memoryLimit", "2 gb", "2Gi"),
            ("ingressHost", "https://Shop.example.org:443/cart", "shop.example.org"),
            ("ports.0.name", "My HTTP", "my-http"),
            ("ports.0.name", "12", ""),
            ("ports.0.protocol", "http", "TCP"),
            ("env.0.name", "2FA TOKEN", "_2FA_TOKEN"),
            ("env.0.value", "Shop-DB", "shop-db"),
            ("readiness.path", "healthy//now", "/healthy/now"),
            ("readiness.port", "htp", "http"),
        ] {
            assert_eq!(offered(field, text), Some((field.to_owned(), value.to_owned())), "{field} {text:?}");
        }
        assert_eq!(offered("nodePort", "30100"), Some(("service".into(), "NodePort".into())));
        assert_eq!(offered("nodePort", "80"), Some(("nodePort".into(), String::new())));
    }

    #[test]
    fn nothing_is_offered_where_nobody_can_know() {
        for (field, text) in [("name", "!!"), ("image", ""), ("replicas", "many"), ("ports.0.port", "x"), ("name", "shop"), ("memoryLimit", "much")] {
            assert_eq!(offered(field, text), None, "{field} {text:?}");
        }
    }

    #[test]
    fn fields_that_belong_together_are_brought_together() {
        let mut form = form();
        (form.memory_request, form.memory_limit) = ("256Mi".into(), "64Mi".into());
        let set = |field: &str, value: &str| Some(Remedy::Set { fields: vec![Setting { field: field.into(), value: value.into() }] });
        assert_eq!(repair(&form, &Field::MemoryLimit), set("memoryLimit", "256Mi"));
        form.memory_limit.clear();
        (form.ports, form.service) = (Vec::new(), "NodePort".into());
        assert_eq!(repair(&form, &Field::Service), set("service", "none"));
        (form.ports, form.service, form.ingress_host) = (self::form().ports, "none".into(), "shop.example.org".into());
        assert_eq!(repair(&form, &Field::Service), set("service", "ClusterIP"));
    }

    proptest! {
        #[test]
        fn whatever_is_offered_makes_the_field_right(
            field in prop::sample::select(vec!["name", "image", "cpuLimit", "memoryLimit", "memoryRequest", "ingressHost", "ingressPath", "ports.0.name", "env.0.name", "nodePort"]),
            text in "([a-zA-Z0-9 :/._-]|ä|://|mb){0,24}",
        ) {
            let mut form = form();
            let field = Field::parse(field).unwrap();
            text.clone_into(collect::place(&mut form, &field).unwrap());
            if let Some(Remedy::Set { fields }) = repair(&form, &field) {
                for set in fields {
                    *collect::place(&mut form, &Field::parse(&set.field).unwrap()).unwrap() = set.value;
                }
                let left = form.parse(Namespace::parse("web").unwrap()).err().unwrap_or_default();
                prop_assert!(left.iter().all(|e| e.field != field), "{left:?}");
            }
        }
    }
}
