//! The one table of settings. Flags, variables, keys and tables of the file and the operator's guide all come from it.

use std::fmt::{Display, Formatter};

/// A table of the settings file, with what belongs together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Where the portal listens.
    Listen,
    /// The pages: their files, their path, and who may embed them.
    Site,
    /// What stands in front of the portal.
    Proxies,
    /// SQLite.
    Database,
    /// The cluster, and what of it is served.
    Cluster,
    /// Passwords and their hashes.
    Passwords,
    /// How long somebody stays signed in.
    Session,
    /// The portal's own log, and what it reads of those of apps.
    Logs,
    /// The portal's own metrics.
    Metrics,
    /// What may be used at most.
    Limits,
}

impl Section {
    /// All sections, in the order of the guide.
    pub const ALL: [Self; 10] =
        [Self::Listen, Self::Site, Self::Proxies, Self::Database, Self::Cluster, Self::Passwords, Self::Session, Self::Logs, Self::Metrics, Self::Limits];

    /// The table's name in the file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Listen => "listen",
            Self::Site => "site",
            Self::Proxies => "proxies",
            Self::Database => "database",
            Self::Cluster => "cluster",
            Self::Passwords => "passwords",
            Self::Session => "session",
            Self::Logs => "logs",
            Self::Metrics => "metrics",
            Self::Limits => "limits",
        }
    }
}

/// Where a setting stands in a file that has tables; displayed as `[session] idle`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The table of the TOML file.
    pub section: Section,
    /// Its key within the table.
    pub name: &'static str,
}

impl Display for Place {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "[{}] {}", self.section.name(), self.name)
    }
}

/// What one setting is called and what it is for.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Key in the TOML file above all tables; the flag is the same with dashes, the variable `QUAYSIDE_` and capitals.
    pub key: &'static str,
    /// The same in a table of the file; `None` for what the file can't hold, which is its own path.
    pub place: Option<Place>,
    /// A second variable that means the same, as `PORT`.
    pub alias: Option<&'static str>,
    /// What it takes, for people.
    pub takes: &'static str,
    /// Used when nobody sets it; empty for none.
    pub default: &'static str,
    /// One or two sentences.
    pub help: &'static str,
    /// Whether the value must never be printed.
    pub secret: bool,
}

const fn setting(key: &'static str, section: Section, name: &'static str, takes: &'static str, default: &'static str, help: &'static str) -> Setting {
    Setting { key, place: Some(Place { section, name }), alias: None, takes, default, help, secret: false }
}

/// All settings, in the order of the guide.
pub const SETTINGS: &[Setting] = &[
    Setting {
        key: "config",
        place: None,
        alias: None,
        takes: "path",
        default: "",
        help: "TOML file with settings; its keys are in this table.",
        secret: false,
    },
    setting(
        "listen",
        Section::Listen,
        "address",
        "address",
        "0.0.0.0",
        "Address to listen on. The portal speaks plain HTTP; terminate TLS at a proxy in front of it.",
    ),
    Setting {
        alias: Some("PORT"),
        ..setting("port", Section::Listen, "port", "0 to 65535", "3000", "Port for pages, API, and WebSockets; 0 picks a free one.")
    },
    setting("database", Section::Database, "path", "path", "quayside.db", "SQLite file. Its folder must be writable; put it on a persistent volume."),
    setting("site_root", Section::Site, "root", "path", "", "Folder with the browser's files. Default: `site` next to the program, then `target/site`."),
    setting(
        "base_path",
        Section::Site,
        "base_path",
        "path",
        "",
        "Path under which the portal is served, such as `/team/portal`. The proxy may strip it or keep it.",
    ),
    setting(
        "trusted_proxies",
        Section::Proxies,
        "trusted",
        "CIDR list",
        "",
        "Addresses of your proxies, such as `10.0.3.7`; the portal trusts their `X-Forwarded-Prefix`, `-Proto`, `-Host`, and `-For`. Any client in a network listed here can forge them, so the log warns at startup about networks wider than /24 (IPv6: /64).",
    ),
    Setting {
        alias: Some("HTTP_FORWARDED"),
        ..setting(
            "http_forwarded",
            Section::Proxies,
            "http_forwarded",
            "true or false",
            "false",
            "Trust `X-Forwarded-Proto` from any address, so that cookies are Secure behind a proxy that terminates TLS. Use it only if nobody can bypass the proxy.",
        )
    },
    setting(
        "frame_ancestors",
        Section::Site,
        "frame_ancestors",
        "origin list",
        "",
        "Sites that may embed the portal in a frame, such as `https://portal.example.org`. Cookies are then sent across sites, over HTTPS only.",
    ),
    setting(
        "kubeconfig",
        Section::Cluster,
        "kubeconfig",
        "path",
        "",
        "Kubeconfig to use. Default: `KUBECONFIG`, `~/.kube/config`, or the pod's service account.",
    ),
    setting(
        "namespaces",
        Section::Cluster,
        "namespaces",
        "name list",
        "",
        "Namespaces to serve, separated by commas. Empty discovers them, which needs a ClusterRole.",
    ),
    setting(
        "cluster_scoped",
        Section::Cluster,
        "cluster_scoped",
        "true or false",
        "false",
        "With `namespaces`: also read cluster-scoped kinds, which needs the ClusterRole from `quayside rbac --cluster-kinds`. Without it, the portal can't warn about missing ingress classes.",
    ),
    setting(
        "namespace_memory",
        Section::Limits,
        "namespace_memory",
        "1 to 1024 MiB",
        "16",
        "Memory limit per namespace, so that no team can make the portal grow. Pages say when objects beyond it aren't shown.",
    ),
    Setting {
        secret: true,
        ..setting(
            "admin_password",
            Section::Passwords,
            "admin",
            "text",
            "",
            "Password of user `admin`, created at the first start. Without it, the portal logs a one-time setup link.",
        )
    },
    setting(
        "session_idle",
        Section::Session,
        "idle",
        "duration",
        "12h",
        "A session ends after this long without use; background requests of open pages don't count.",
    ),
    setting("session_absolute", Section::Session, "absolute", "duration", "7d", "A session ends after this long in any case."),
    setting(
        "argon2_memory",
        Section::Passwords,
        "argon2_memory",
        "KiB",
        "19456",
        "Memory of one password hash. A new cost applies at each user's next sign-in.",
    ),
    setting("argon2_iterations", Section::Passwords, "argon2_iterations", "1 to 20", "2", "Passes of one password hash."),
    setting("argon2_parallelism", Section::Passwords, "argon2_parallelism", "1 to 16", "1", "Lanes of one password hash."),
    setting(
        "log_samples",
        Section::Logs,
        "samples",
        "true or false",
        "true",
        "Sample logs for app statuses: the last lines of exited containers and of stuck init containers, and errors of apps that someone is viewing or that restarted recently; at most 64 KiB per second in total. Apps opt out with the annotation `quayside/log-samples: \"off\"`.",
    ),
    setting("metrics", Section::Metrics, "enabled", "true or false", "true", "Serve the portal's own Prometheus metrics at `/metrics`."),
    Setting {
        secret: true,
        ..setting(
            "metrics_token",
            Section::Metrics,
            "token",
            "text",
            "",
            "Required at `/metrics` as `Authorization: Bearer …`. Without it, anyone who can reach the port can read the metrics.",
        )
    },
    setting("log_format", Section::Logs, "format", "text or json", "text", "Format of the log on standard error."),
    setting("log_level", Section::Logs, "level", "filter", "info", "Log level: error, warn, info, debug, or a filter such as `info,quayside=debug`."),
];

/// How the names of the portal's variables begin.
pub const PREFIX: &str = "QUAYSIDE_";

impl Setting {
    /// The variable, as `QUAYSIDE_BASE_PATH`.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("{PREFIX}{}", self.key.to_ascii_uppercase())
    }

    /// The flag without its dashes in front, as `base-path`.
    #[must_use]
    pub fn flag(&self) -> String {
        self.key.replace('_', "-")
    }
}

/// The setting with this key.
#[must_use]
pub fn find(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|s| s.key == key)
}

/// The section with this name.
#[must_use]
pub fn find_section(name: &str) -> Option<Section> {
    Section::ALL.into_iter().find(|section| section.name() == name)
}

/// The settings of a section, each with its key within the table.
pub fn within(section: Section) -> impl Iterator<Item = (&'static str, &'static Setting)> {
    SETTINGS.iter().filter_map(move |s| s.place.filter(|place| place.section == section).map(|place| (place.name, s)))
}

/// The table of the operator's guide.
#[must_use]
pub fn markdown() -> String {
    let mut out = String::from("| flag | variable | key, and the same in a table | takes | default | what |\n|---|---|---|---|---|---|\n");
    for s in SETTINGS {
        let variable = s.alias.map_or_else(|| format!("`{}`", s.variable()), |alias| format!("`{}`, `{alias}`", s.variable()));
        // The file cannot name itself.
        let key = s.place.map(|place| format!("`{}`, `{place}`", s.key)).unwrap_or_default();
        let default = if s.default.is_empty() { String::new() } else { format!("`{}`", s.default) };
        out.push_str(&format!("| `--{}` | {variable} | {key} | {} | {default} | {} |\n", s.flag(), s.takes, s.help));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::{Path, PathBuf};

    /// Scripts, tests of the browser and manifests in this folder and below.
    fn files(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                files(&path, found);
            } else if path.extension().is_some_and(|e| ["sh", "mjs", "ts", "yaml"].iter().any(|known| e == *known)) {
                found.push(path);
            }
        }
    }

    /// All words of a text that begin like the portal's variables.
    fn variables(text: &str) -> impl Iterator<Item = &str> {
        let is_part = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        text.split(move |c: char| !is_part(c)).filter(|word| word.starts_with("QUAYSIDE_"))
    }

    #[test]
    fn scripts_and_manifests_set_only_variables_that_are_settings() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut all = vec![root.join("Makefile"), root.join("Dockerfile")];
        ["scripts", "end2end", "deploy"].iter().for_each(|folder| files(&root.join(folder), &mut all));
        assert!(all.len() > 20, "{all:?}");
        for path in all {
            let text = std::fs::read_to_string(&path).unwrap();
            let strange = variables(&text).find(|word| SETTINGS.iter().all(|s| s.variable() != *word));
            assert_eq!(strange, None, "{} has it: the portal does not start where it is exported; scripts use QS_", path.display());
        }
    }
}
