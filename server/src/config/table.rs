//! The one table of settings. Flags, variables, keys of the file and the operator's guide all come from it.

/// What one setting is called and what it is for.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Key in the TOML file; the flag is the same with dashes, the variable `QUAYSIDE_` and capitals.
    pub key: &'static str,
    /// A second variable that means the same, as `PORT`.
    pub alias: Option<&'static str>,
    /// What it takes, for people.
    pub takes: &'static str,
    /// Used when nobody sets it; empty for none.
    pub default: &'static str,
    /// One or two sentences.
    pub help: &'static str,
    /// Never printed.
    pub secret: bool,
}

const fn setting(key: &'static str, takes: &'static str, default: &'static str, help: &'static str) -> Setting {
    Setting { key, alias: None, takes, default, help, secret: false }
}

/// All settings, in the order of the guide.
pub const SETTINGS: &[Setting] = &[
    setting("config", "path", "", "TOML file with settings; its keys are in this table."),
    setting("listen", "address", "0.0.0.0", "Address to listen on. The portal speaks plain HTTP; terminate TLS at a proxy in front of it."),
    Setting { alias: Some("PORT"), ..setting("port", "0 to 65535", "3000", "Port for pages, API, and WebSockets; 0 picks a free one.") },
    setting("database", "path", "quayside.db", "SQLite file. Its folder must be writable; put it on a persistent volume."),
    setting("site_root", "path", "", "Folder with the browser's files. Default: `site` next to the program, then `target/site`."),
    setting("base_path", "path", "", "Path under which the portal is served, such as `/team/portal`. The proxy may strip it or keep it."),
    setting(
        "trusted_proxies",
        "CIDR list",
        "",
        "Addresses of your proxies, such as `10.0.3.7`; the portal trusts their `X-Forwarded-Prefix`, `-Proto`, `-Host`, and `-For`. Any client in a network listed here can forge them, so the log warns at startup about networks wider than /24 (IPv6: /64).",
    ),
    Setting {
        alias: Some("HTTP_FORWARDED"),
        ..setting(
            "http_forwarded",
            "true or false",
            "false",
            "Trust `X-Forwarded-Proto` from any address, so that cookies are Secure behind a proxy that terminates TLS. Use it only if nobody can bypass the proxy.",
        )
    },
    setting(
        "frame_ancestors",
        "origin list",
        "",
        "Sites that may embed the portal in a frame, such as `https://portal.example.org`. Cookies are then sent across sites, over HTTPS only.",
    ),
    setting("kubeconfig", "path", "", "Kubeconfig to use. Default: `KUBECONFIG`, `~/.kube/config`, or the pod's service account."),
    setting("namespaces", "name list", "", "Namespaces to serve, separated by commas. Empty discovers them, which needs a ClusterRole."),
    setting(
        "cluster_scoped",
        "true or false",
        "false",
        "With `namespaces`: also read cluster-scoped kinds, which needs the ClusterRole from `quayside rbac --cluster-kinds`. Without it, the portal can't warn about missing ingress classes.",
    ),
    setting(
        "namespace_memory",
        "1 to 1024 MiB",
        "16",
        "Memory limit per namespace, so that no team can make the portal grow. Pages say when objects beyond it aren't shown.",
    ),
    Setting {
        secret: true,
        ..setting("admin_password", "text", "", "Password of user `admin`, created at the first start. Without it, the portal logs a one-time setup link.")
    },
    setting("session_idle", "duration", "12h", "A session ends after this long without use; background requests of open pages don't count."),
    setting("session_absolute", "duration", "7d", "A session ends after this long in any case."),
    setting("argon2_memory", "KiB", "19456", "Memory of one password hash. A new cost applies at each user's next sign-in."),
    setting("argon2_iterations", "1 to 20", "2", "Passes of one password hash."),
    setting("argon2_parallelism", "1 to 16", "1", "Lanes of one password hash."),
    setting(
        "log_samples",
        "true or false",
        "true",
        "Sample logs for app statuses: the last lines of exited containers and of stuck init containers, and errors of apps that someone is viewing or that restarted recently; at most 64 KiB per second in total. Apps opt out with the annotation `quayside/log-samples: \"off\"`.",
    ),
    setting("metrics", "true or false", "true", "Serve the portal's own Prometheus metrics at `/metrics`."),
    Setting {
        secret: true,
        ..setting(
            "metrics_token",
            "text",
            "",
            "Required at `/metrics` as `Authorization: Bearer …`. Without it, anyone who can reach the port can read the metrics.",
        )
    },
    setting("log_format", "text or json", "text", "Format of the log on standard error."),
    setting("log_level", "filter", "info", "Log level: error, warn, info, debug, or a filter such as `info,quayside=debug`."),
];

impl Setting {
    /// The variable, as `QUAYSIDE_BASE_PATH`.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("QUAYSIDE_{}", self.key.to_ascii_uppercase())
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

/// The table of the operator's guide.
#[must_use]
pub fn markdown() -> String {
    let mut out = String::from("| flag | variable | key | takes | default | what |\n|---|---|---|---|---|---|\n");
    for s in SETTINGS {
        let variable = s.alias.map_or_else(|| format!("`{}`", s.variable()), |alias| format!("`{}`, `{alias}`", s.variable()));
        // The file cannot name itself.
        let key = if s.key == "config" { String::new() } else { format!("`{}`", s.key) };
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
