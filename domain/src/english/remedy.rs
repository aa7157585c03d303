//! The words on the buttons of remedies.

use crate::view::{Remedy, Setting};

/// What the button says.
#[must_use]
pub fn button(remedy: &Remedy) -> String {
    match remedy {
        Remedy::CreateSecret { name } | Remedy::CreatePullSecret { name } | Remedy::CreateTlsSecret { name } => format!("Create secret {name}…"),
        Remedy::AddKey { name, key } => format!("Add {key} to {name}…"),
        Remedy::MoveToSecret { rows, .. } if rows.len() > 1 => format!("Move {} values to a secret…", rows.len()),
        Remedy::MoveToSecret { .. } => "Move to a secret…".to_owned(),
        Remedy::Set { fields } => fields.first().map_or_else(|| "Fix".to_owned(), set),
    }
}

fn set(first: &Setting) -> String {
    let value = first.value.as_str();
    let whole = match first.field.as_str() {
        "replicas" => format!("Run {value}"),
        "cpuRequest" | "memoryRequest" => format!("Request {value}"),
        "cpuLimit" | "memoryLimit" => format!("Set the limit to {value}"),
        "nodePort" if value.is_empty() => "Use any free port".to_owned(),
        "service" if value == "none" => "Create without a service".to_owned(),
        "readiness.kind" => "Add a readiness probe".to_owned(),
        "startup.kind" => "Add a startup probe".to_owned(),
        "liveness.failureThreshold" => format!("Allow {value} failures"),
        _ if value.is_empty() => "Clear".to_owned(),
        _ => format!("Use {value}"),
    };
    super::text::clip(&whole, LONGEST)
}

/// Most characters of a button; a longer image or name is cut.
const LONGEST: usize = 48;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_says_what_it_does() {
        let of = |field: &str, value: &str| button(&Remedy::Set { fields: vec![Setting { field: field.into(), value: value.into() }] });
        assert_eq!(of("replicas", "2"), "Run 2");
        assert_eq!(of("memoryLimit", "256Mi"), "Set the limit to 256Mi");
        assert_eq!(of("nodePort", ""), "Use any free port");
        assert_eq!(of("ports.0.name", ""), "Clear");
        assert_eq!(of("env.1.key", "password"), "Use password");
        assert_eq!(button(&Remedy::CreateTlsSecret { name: "shop-tls".into() }), "Create secret shop-tls…");
        assert!(of("image", &"x".repeat(300)).chars().count() <= LONGEST);
    }
}
