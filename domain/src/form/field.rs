//! Fields of forms, and their paths in JSON, in names of inputs and in errors: `name`, `env.2.value`, `readiness.port`.

use crate::cause::ProbeKind;
use crate::slugs::slugs;

slugs! {
    /// A field in the row of a container port.
    PortPart {
        /// Its name.
        Name = "name",
        /// The port number, 1 to 65535.
        Port = "port",
        /// TCP or UDP.
        Protocol = "protocol",
    }
}

slugs! {
    /// A field in the row of a variable.
    EnvPart {
        /// Its name.
        Name = "name",
        /// Where its value comes from.
        From = "from",
        /// The value, or the name of the secret or config map.
        Value = "value",
        /// The key in the secret or config map.
        Key = "key",
    }
}

slugs! {
    /// A field of a probe.
    ProbePart {
        /// What it asks.
        Kind = "kind",
        /// The path that it gets.
        Path = "path",
        /// The port that it connects to.
        Port = "port",
        /// The command that it runs.
        Command = "command",
        /// Seconds before the first try.
        InitialDelay = "initialDelaySeconds",
        /// Seconds between tries.
        Period = "periodSeconds",
        /// Failures in a row that count.
        FailureThreshold = "failureThreshold",
    }
}

slugs! {
    /// A field in the row of a secret's key.
    EntryPart {
        /// The key's name.
        Key = "key",
        /// Its value.
        Value = "value",
    }
}

/// The enum, and the table of the fields that are one word.
macro_rules! fields {
    ($($(#[$doc:meta])* $variant:ident = $slug:literal,)+) => {
        /// A field of one of the portal's forms. Forms share the fields that are called alike, such as `name`.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Field {
            $($(#[$doc])* $variant,)+
            /// A field in a row of the table of ports.
            Port(usize, PortPart),
            /// A field in a row of the table of variables.
            Env(usize, EnvPart),
            /// A field of a probe.
            Probe(ProbeKind, ProbePart),
            /// A field in a row of the table of a secret's keys.
            Entry(usize, EntryPart),
            /// A key in the list of those to remove.
            Removal(usize),
            /// A field or query parameter under the name that a request gave it; the portal may know none of this name.
            Sent(String),
        }

        impl Field {
            /// Fields that are one word.
            const WORDS: &'static [(Self, &'static str)] = &[$((Self::$variant, $slug),)+];

            const fn word(&self) -> Option<&'static str> {
                match self {
                    $(Self::$variant => Some($slug),)+
                    Self::Port(..) | Self::Env(..) | Self::Probe(..) | Self::Entry(..) | Self::Removal(_) | Self::Sent(_) => None,
                }
            }
        }
    };
}

fields! {
    /// The name of an app, secret, user or team.
    Name = "name",
    /// App: image reference.
    Image = "image",
    /// App: image pull secret.
    PullSecret = "pullSecret",
    /// App: number of replicas.
    Replicas = "replicas",
    /// App: command.
    Command = "command",
    /// App: arguments of the command.
    Args = "args",
    /// App: the table of ports as a whole.
    Ports = "ports",
    /// App: the table of variables as a whole.
    Environment = "env",
    /// App: CPU that is reserved.
    CpuRequest = "cpuRequest",
    /// App: most CPU.
    CpuLimit = "cpuLimit",
    /// App: memory that is reserved.
    MemoryRequest = "memoryRequest",
    /// App: most memory.
    MemoryLimit = "memoryLimit",
    /// App: type of the service.
    Service = "service",
    /// App: node port of the service.
    NodePort = "nodePort",
    /// App: host of the ingress.
    IngressHost = "ingressHost",
    /// App: path of the ingress.
    IngressPath = "ingressPath",
    /// App: class of the ingress.
    IngressClass = "ingressClass",
    /// App: secret with the certificate of the ingress.
    IngressTlsSecret = "ingressTlsSecret",
    /// Secret: its type.
    Kind = "kind",
    /// Secret: the table of keys and values as a whole.
    Entries = "entries",
    /// Draft of a secret: the list of its keys.
    Keys = "keys",
    /// Secret: the key that is added or removed.
    Key = "key",
    /// Secret: the value that is set.
    Value = "value",
    /// Secret: registry host.
    Server = "server",
    /// Secret: user of a registry or of basic authentication.
    Username = "username",
    /// Password of a registry, of basic authentication, or of a user of the portal.
    Password = "password",
    /// Secret: e-mail address of the registry's user.
    Email = "email",
    /// Secret: certificate chain.
    Certificate = "certificate",
    /// Secret: private key.
    PrivateKey = "private_key",
    /// User: the name that people read.
    Display = "display",
    /// Account: the password that is still in use.
    CurrentPassword = "current",
    /// Account: the new password.
    NewPassword = "new",
    /// Account: the new password once more.
    RepeatedPassword = "repeat",
    /// Set-up: the token from the log.
    Token = "token",
    /// Team: its namespaces.
    Namespaces = "namespaces",
    /// Team: somebody's name.
    User = "user",
    /// Team: somebody's role.
    Role = "role",
    /// Deletion: the name, typed again.
    Confirm = "confirm",
    /// Rollback: the revision to go back to.
    Revision = "revision",
}

impl Field {
    /// Reads a path. Of what begins with the number of a row only the number is checked, not whether there is such a row.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        if let Some((field, _)) = Self::WORDS.iter().find(|(_, word)| *word == path) {
            return Some(field.clone());
        }
        let (table, rest) = path.split_once('.')?;
        if table == "remove" {
            return Some(Self::Removal(rest.parse().ok()?));
        }
        if let Some(probe) = PROBES.into_iter().find(|probe| probe_word(*probe) == table) {
            return Some(Self::Probe(probe, ProbePart::from_slug(rest)?));
        }
        let (row, part) = rest.split_once('.')?;
        let row = row.parse().ok()?;
        match table {
            "ports" => Some(Self::Port(row, PortPart::from_slug(part)?)),
            "env" => Some(Self::Env(row, EnvPart::from_slug(part)?)),
            "entries" => Some(Self::Entry(row, EntryPart::from_slug(part)?)),
            _ => None,
        }
    }

    /// The table that a field is in, where it is in one.
    #[must_use]
    pub const fn table(&self) -> Option<Self> {
        if matches!(self, Self::Port(..)) {
            Some(Self::Ports)
        } else if matches!(self, Self::Env(..)) {
            Some(Self::Environment)
        } else if matches!(self, Self::Entry(..)) {
            Some(Self::Entries)
        } else {
            None
        }
    }

    /// Whether it is a whole table and no field in it.
    #[must_use]
    pub const fn is_table(&self) -> bool {
        matches!(self, Self::Ports | Self::Environment | Self::Entries)
    }
}

impl std::fmt::Display for Field {
    /// Its path.
    #[allow(clippy::wildcard_enum_match_arm, reason = "all others are one word")]
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Port(row, part) => write!(f, "ports.{row}.{}", part.slug()),
            Self::Env(row, part) => write!(f, "env.{row}.{}", part.slug()),
            Self::Probe(probe, part) => write!(f, "{}.{}", probe_word(*probe), part.slug()),
            Self::Entry(row, part) => write!(f, "entries.{row}.{}", part.slug()),
            Self::Removal(row) => write!(f, "remove.{row}"),
            Self::Sent(name) => f.write_str(name),
            one => f.write_str(one.word().unwrap_or_default()),
        }
    }
}

const PROBES: [ProbeKind; 3] = [ProbeKind::Liveness, ProbeKind::Readiness, ProbeKind::Startup];

/// The word of a probe in paths and in the form.
#[must_use]
pub const fn probe_word(probe: ProbeKind) -> &'static str {
    match probe {
        ProbeKind::Liveness => "liveness",
        ProbeKind::Readiness => "readiness",
        ProbeKind::Startup => "startup",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::sample::select;

    fn any_field() -> impl Strategy<Value = Field> {
        let word = (0..Field::WORDS.len()).prop_map(|n| Field::WORDS[n].0.clone());
        let port = (any::<usize>(), select(PortPart::ALL)).prop_map(|(row, part)| Field::Port(row, part));
        let env = (any::<usize>(), select(EnvPart::ALL)).prop_map(|(row, part)| Field::Env(row, part));
        let entry = (any::<usize>(), select(EntryPart::ALL)).prop_map(|(row, part)| Field::Entry(row, part));
        let probe = (select(&PROBES[..]), select(ProbePart::ALL)).prop_map(|(probe, part)| Field::Probe(probe, part));
        prop_oneof![word, port, env, entry, probe, any::<usize>().prop_map(Field::Removal)]
    }

    proptest! {
        #[test]
        fn a_path_is_read_as_the_field_that_wrote_it(field in any_field()) {
            prop_assert_eq!(Field::parse(&field.to_string()), Some(field));
        }

        #[test]
        fn what_is_read_is_written_as_it_was(table in "(ports|env|entries|remove|liveness|startup|name|[a-z]{1,5})", row in "([0-9]|[1-9][0-9]{1,3}|[a-z])", part in "(name|value|key|port|kind|periodSeconds|[a-z]{0,4})") {
            for path in [table.clone(), format!("{table}.{row}"), format!("{table}.{part}"), format!("{table}.{row}.{part}")] {
                prop_assert!(Field::parse(&path).is_none_or(|field| field.to_string() == path), "{path}");
            }
        }
    }

    #[test]
    fn what_no_form_has_is_no_field() {
        for path in
            ["", "Name", "env.x.value", "env.1", "env.1.port", "ports.0.key", "readiness.name", "readiness.0.port", "entries.0.file", "keys.0.value", "intent"]
        {
            assert_eq!(Field::parse(path), None, "{path}");
        }
    }
}
