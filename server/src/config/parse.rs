//! Text of a setting to its value, or half a sentence that says what it should be.

use super::load::{ConfigError, Texts};
use super::table;
use ipnet::IpNet;
use std::net::IpAddr;
use std::time::Duration;

/// Reads texts and names the place when one is wrong.
pub(super) struct Reader<'a> {
    pub(super) texts: &'a Texts,
}

impl Reader<'_> {
    /// A setting that always has a value.
    pub(super) fn with<T>(&self, key: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Result<T, ConfigError> {
        let secret = table::find(key).is_some_and(|s| s.secret);
        // A password may begin or end with a space, but not with the line feed of the file that it stands in.
        let (text, origin) = self.texts.get(key).map_or(("", "the default"), |raw| (raw.text.as_str(), raw.origin.as_str()));
        let text = if secret { text.trim_end_matches(['\r', '\n']) } else { text.trim() };
        parse(text).map_err(|wants| {
            let wrong = if secret { format!("{origin} is invalid") } else { format!("{origin} can't be {text:?}") };
            // Errors of names are whole sentences already.
            if wants.ends_with('.') { ConfigError(format!("{wrong}. {wants}")) } else { ConfigError(format!("{wrong}. Use {wants}.")) }
        })
    }

    /// A setting that may be empty.
    pub(super) fn optional<T>(&self, key: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Result<Option<T>, ConfigError> {
        self.with(key, |text| if text.is_empty() { Ok(None) } else { parse(text).map(Some) })
    }

    /// A list separated by commas or spaces.
    pub(super) fn list<T>(&self, key: &str, parse: impl Fn(&str) -> Result<T, String>) -> Result<Vec<T>, ConfigError> {
        self.with(key, |text| text.split([',', ' ', '\n']).map(str::trim).filter(|t| !t.is_empty()).map(&parse).collect())
    }
}

/// `true` or `false`, with the usual other words.
pub(super) fn switch(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" | "" => Ok(false),
        _ => Err("true or false".to_owned()),
    }
}

/// A whole number within limits.
pub(super) fn between(text: &str, least: u32, most: u32) -> Result<u32, String> {
    text.parse().ok().filter(|n| (least..=most).contains(n)).ok_or_else(|| format!("a number from {least} to {most}"))
}

/// `90s`, `30m`, `12h`, `7d`; from a minute to a year.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    const WANTS: &str = "a duration such as 30m, 12h, or 7d, between a minute and a year";
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return Err(WANTS.to_owned()),
    };
    let seconds = digits.parse::<u64>().ok().and_then(|n| n.checked_mul(unit));
    seconds.filter(|s| (60..=31_536_000).contains(s)).map(Duration::from_secs).ok_or_else(|| WANTS.to_owned())
}

/// `10.0.3.0/28`, or one address.
pub(super) fn network(text: &str) -> Result<IpNet, String> {
    text.parse::<IpNet>()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| "addresses such as 10.0.3.7, or networks such as 10.0.3.0/28".to_owned())
}

/// `'self'` or an origin such as `https://portal.example.org`; anything else could change the policy it stands in.
pub(super) fn ancestor(text: &str) -> Result<String, String> {
    if text == "'self'" || text == "self" {
        return Ok("'self'".to_owned());
    }
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '*' | '[' | ']');
    match host {
        Some(host) if !host.is_empty() && host.chars().all(plain) => Ok(text.to_owned()),
        _ => Err("origins such as https://portal.example.org".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Config, Raw, Texts, gather};
    use super::*;

    fn flag(key: &'static str, text: &str) -> Texts {
        [(key, Raw { text: text.to_owned(), origin: format!("--{key}") })].into()
    }

    fn load(flags: Texts, env: &[(&str, &str)]) -> Result<Config, String> {
        let env = env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<Vec<_>>();
        gather(flags, env.into_iter()).and_then(|t| Config::from_texts(&t)).map_err(|e| e.0)
    }

    #[test]
    fn flags_win_over_environment_over_file_over_defaults() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("q.toml");
        std::fs::write(&file, "port = 4001\nbase_path = \"/f\"\nnamespaces = [\"web\", \"db\"]\nmetrics = false\n").unwrap();
        let file = file.to_str().unwrap();
        let config = load(flag("port", "4003"), &[("QUAYSIDE_CONFIG", file), ("PORT", "4002"), ("QUAYSIDE_BASE_PATH", "e/")]).unwrap();
        assert_eq!(config.listen.port(), 4003);
        assert_eq!(config.base_path.as_str(), "/e");
        assert_eq!(config.namespaces.map(|n| n.len()), Some(2));
        assert!(!config.metrics);
        assert_eq!(config.session_idle, Duration::from_secs(43_200));
        let config = load(Texts::new(), &[("QUAYSIDE_CONFIG", file), ("PORT", "4002")]).unwrap();
        assert_eq!((config.listen.port(), config.base_path.as_str()), (4002, "/f"));
    }

    #[test]
    fn wrong_settings_are_one_sentence_that_names_the_place() {
        for (env, says) in [
            (("QUAYSIDE_PROT", "1"), "QUAYSIDE_PROT isn't a setting, but QUAYSIDE_PORT is. `quayside settings` lists all settings."),
            (("PORT", "70000"), "PORT can't be \"70000\". Use a port from 0 to 65535."),
            (("QUAYSIDE_BASE_PATH", "/a b"), "QUAYSIDE_BASE_PATH can't be \"/a b\". A base path can't contain spaces. Use letters, digits, - _ . and ~."),
            (("QUAYSIDE_SESSION_IDLE", "8d"), "session_idle must not be longer than session_absolute."),
            (
                ("QUAYSIDE_FRAME_ANCESTORS", "https://a; script-src *"),
                "QUAYSIDE_FRAME_ANCESTORS can't be \"https://a; script-src *\". Use origins such as https://portal.example.org.",
            ),
            (("HTTP_FORWARDED", "maybe"), "HTTP_FORWARDED can't be \"maybe\". Use true or false."),
            (
                ("QUAYSIDE_TRUSTED_PROXIES", "10.0.0.0/40"),
                "QUAYSIDE_TRUSTED_PROXIES can't be \"10.0.0.0/40\". Use addresses such as 10.0.3.7, or networks such as 10.0.3.0/28.",
            ),
        ] {
            assert_eq!(load(Texts::new(), &[env]).err().as_deref(), Some(says));
        }
    }

    #[test]
    fn variables_that_kubernetes_adds_for_a_service_are_no_settings() {
        let env = [
            ("QUAYSIDE_PORT", "tcp://10.96.0.7:3000"),
            ("QUAYSIDE_SERVICE_HOST", "10.96.0.7"),
            ("QUAYSIDE_PORT_3000_TCP_ADDR", "10.96.0.7"),
            ("QUAYSIDE_SERVICE_PORT_HTTP", "80"),
        ];
        assert_eq!(load(Texts::new(), &env).unwrap().listen.port(), 3000);
    }

    #[test]
    fn an_unknown_key_of_the_file_stops_the_start() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("q.toml");
        std::fs::write(&file, "prot = 1").unwrap();
        let said = load(flag("config", file.to_str().unwrap()), &[]).err().unwrap();
        assert!(said.contains("prot in ") && said.contains("isn't a setting, but port is."), "{said}");
    }
}
