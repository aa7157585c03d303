//! What an operator notices of settings: which source wins, what the file may look like, and what is said when one is wrong.

use super::table::{SETTINGS, Section};
use super::*;
use std::time::Duration;

fn load(flags: Texts, env: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let env = env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<Vec<_>>();
    gather(flags, env.into_iter()).and_then(|texts| Config::from_texts(&texts))
}

fn flag(key: &'static str, text: &str) -> Texts {
    [(key, Raw { text: text.to_owned(), origin: format!("--{key}") })].into()
}

/// The settings with one flag.
pub(super) fn with_flag(key: &'static str, text: &str) -> Result<Config, ConfigError> {
    load(flag(key, text), &[])
}

/// What the portal says of a variable that stops its start.
fn refused(variable: (&str, &str)) -> String {
    load(Texts::new(), &[variable]).err().map(|error| error.to_string()).unwrap_or_default()
}

/// The texts of a file called `q.toml`.
fn from_file(text: &str) -> Result<Texts, ConfigError> {
    file::read("q.toml", text)
}

/// What the portal says of a file that stops its start.
fn file_refused(text: &str) -> String {
    let read = from_file(text).and_then(|found| {
        let mut texts = gather(Texts::new(), std::iter::empty())?;
        texts.extend(found);
        Config::from_texts(&texts)
    });
    read.err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn flags_win_over_environment_over_file_over_defaults() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("q.toml");
    std::fs::write(&file, "port = 4001\nbase_path = \"/f\"\nnamespaces = [\"web\", \"db\"]\nmetrics = false\n").unwrap();
    let file = file.to_str().unwrap();
    let config = load(flag("port", "4003"), &[("QUAYSIDE_CONFIG", file), ("PORT", "4002"), ("QUAYSIDE_BASE_PATH", "e/")]).unwrap();
    assert_eq!(config.listen.address.port(), 4003);
    assert_eq!(config.site.base_path.as_str(), "/e");
    assert_eq!(config.cluster.namespaces.map(|n| n.len()), Some(2));
    assert!(!config.metrics.enabled);
    assert_eq!(config.session.idle, Duration::from_secs(43_200));
    let config = load(Texts::new(), &[("QUAYSIDE_CONFIG", file), ("PORT", "4002")]).unwrap();
    assert_eq!((config.listen.address.port(), config.site.base_path.as_str()), (4002, "/f"));
}

#[test]
fn wrong_settings_are_one_sentence_that_names_the_place() {
    for (env, says) in [
        (("QUAYSIDE_PROT", "1"), "QUAYSIDE_PROT isn't a setting, but QUAYSIDE_PORT is. `quayside settings` lists all settings."),
        (("PORT", "70000"), "PORT can't be \"70000\". Use a port from 0 to 65535."),
        (("QUAYSIDE_BASE_PATH", "/a b"), "QUAYSIDE_BASE_PATH can't be \"/a b\". A base path can't contain spaces. Use letters, digits, - _ . and ~."),
        (("QUAYSIDE_BASE_PATH", "/apps"), "base_path can't start with /apps, which the portal's own pages use. Choose another."),
        (("QUAYSIDE_SESSION_IDLE", "8d"), "session_idle must not be longer than session_absolute."),
        (("QUAYSIDE_ARGON2_PARALLELISM", "17"), "QUAYSIDE_ARGON2_PARALLELISM can't be \"17\". Use a number from 1 to 16."),
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
        assert_eq!(refused(env), says);
    }
}

#[test]
fn lanes_without_memory_are_refused() {
    let said = load(flag("argon2_parallelism", "4"), &[("QUAYSIDE_ARGON2_MEMORY", "31")]).err().unwrap().to_string();
    assert_eq!(said, "argon2_memory must be at least 8 KiB per lane (argon2_parallelism).");
}

#[test]
fn variables_that_kubernetes_adds_for_a_service_are_no_settings() {
    let env = [
        ("QUAYSIDE_PORT", "tcp://10.96.0.7:3000"),
        ("QUAYSIDE_SERVICE_HOST", "10.96.0.7"),
        ("QUAYSIDE_PORT_3000_TCP_ADDR", "10.96.0.7"),
        ("QUAYSIDE_SERVICE_PORT_HTTP", "80"),
    ];
    assert_eq!(load(Texts::new(), &env).unwrap().listen.address.port(), 3000);
}

#[test]
fn an_unknown_key_of_the_file_stops_the_start() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("q.toml");
    std::fs::write(&file, "prot = 1").unwrap();
    let said = with_flag("config", file.to_str().unwrap()).err().unwrap().to_string();
    assert!(said.contains("prot in ") && said.contains("isn't a setting, but port is."), "{said}");
}

#[test]
fn a_file_that_is_not_there_is_named_with_where_it_was_named() {
    let said = with_flag("config", "/nowhere/q.toml").err().unwrap().to_string();
    assert!(said.starts_with("Can't read \"/nowhere/q.toml\" from --config: No such file"), "{said}");
}

#[test]
fn every_setting_is_the_same_by_its_key_and_in_its_table() {
    let flat: String = SETTINGS.iter().filter(|s| s.place.is_some()).map(|s| format!("{} = \"of {}\"\n", s.key, s.key)).collect();
    let mut tables = String::new();
    for section in Section::ALL {
        tables.push_str(&format!("[{}]\n", section.name()));
        table::within(section).for_each(|(name, s)| tables.push_str(&format!("{name} = \"of {}\"\n", s.key)));
    }
    let texts = |file: &str| from_file(file).unwrap().into_iter().map(|(key, raw)| (key, raw.text)).collect::<Vec<_>>();
    assert_eq!(texts(&flat), texts(&tables));
    assert_eq!(texts(&flat).len(), SETTINGS.len() - 1, "all but the path of the file");
}

#[test]
fn tables_keys_and_dotted_keys_stand_beside_each_other() {
    let texts = from_file("port = 0x10\nsession.idle = \"1h\"\n[cluster]\nnamespaces = [\"web\", \"db\"]\n[metrics]\nenabled = false\n").unwrap();
    let said: Vec<_> = texts.iter().map(|(key, raw)| (*key, raw.text.as_str(), raw.origin.as_str())).collect();
    assert_eq!(
        said,
        [
            ("metrics", "false", "[metrics] enabled in q.toml (line 6)"),
            ("namespaces", "web,db", "[cluster] namespaces in q.toml (line 4)"),
            ("port", "16", "port in q.toml (line 1)"),
            ("session_idle", "1h", "[session] idle in q.toml (line 2)"),
        ]
    );
}

#[test]
fn every_section_refuses_a_wrong_value_by_its_name_and_line() {
    let wrong = [
        (Section::Listen, "port", "70000", "Use a port from 0 to 65535."),
        (Section::Site, "base_path", "/a b", "A base path can't contain spaces. Use letters, digits, - _ . and ~."),
        (Section::Proxies, "http_forwarded", "maybe", "Use true or false."),
        (Section::Database, "path", "", "Use a file path."),
        (Section::Cluster, "cluster_scoped", "maybe", "Use true or false."),
        (Section::Passwords, "argon2_iterations", "21", "Use a number from 1 to 20."),
        (Section::Session, "idle", "8y", "Use a duration such as 30m, 12h, or 7d, between a minute and a year."),
        (Section::Logs, "format", "xml", "Use text or json."),
        (Section::Metrics, "enabled", "maybe", "Use true or false."),
        (Section::Limits, "namespace_memory", "0", "Use a number from 1 to 1024."),
    ];
    assert_eq!(wrong.map(|(section, ..)| section), Section::ALL);
    for (section, name, value, wants) in wrong {
        let table = section.name();
        let said = file_refused(&format!("# Mine\n[{table}]\n{name} = \"{value}\"\n"));
        assert_eq!(said, format!("[{table}] {name} in q.toml (line 3) can't be {value:?}. {wants}"));
    }
}

#[test]
fn a_finding_names_its_setting_where_it_was_written_and_what_it_takes() {
    let kind = FindingKind::Text { origin: "--port".to_owned(), text: Some("70000".to_owned()), wants: Wants::Port };
    match with_flag("port", "70000").err().unwrap() {
        ConfigError::Wrong(finding) => assert_eq!(finding, Finding { setting: "port", kind }),
        other => panic!("{other}"),
    }
}

#[test]
fn what_is_unknown_in_the_file_is_told_with_what_may_be_meant() {
    for (file, says) in [
        ("\nprot = 1", "prot in q.toml (line 2) isn't a setting, but port is."),
        ("[sesion]\nidle = \"1h\"", "[sesion] in q.toml (line 1) isn't a table of settings, but [session] is."),
        ("[session]\nidel = \"1h\"", "[session] idel in q.toml (line 2) isn't a setting, but [session] idle is."),
        ("[session]\nsession_idle = \"1h\"", "[session] session_idle in q.toml (line 2) isn't a setting, but [session] idle is."),
        ("[session]\nkubeconfig = \"k\"", "[session] kubeconfig in q.toml (line 2) isn't a setting, but [cluster] kubeconfig is."),
        ("config = \"other.toml\"", "config in q.toml (line 1) isn't a setting."),
        ("[kubernetes]\n", "[kubernetes] in q.toml (line 1) isn't a table of settings."),
        ("foo = 1", "foo in q.toml (line 1) isn't a setting."),
    ] {
        assert_eq!(file_refused(file), format!("{says} `quayside settings` lists all settings."));
    }
}

#[test]
fn a_setting_that_the_file_sets_twice_is_told_with_both_places() {
    let said = file_refused("session_idle = \"1h\"\n[session]\nidle = \"1h\"\n");
    assert_eq!(said, "[session] idle in q.toml (line 3) and session_idle in q.toml (line 1) are the same setting. Remove one of them.");
}

#[test]
fn what_is_no_text_of_a_setting_is_told() {
    for (file, says) in [
        ("port = {}", "port in q.toml (line 1) must be 0 to 65535, not a table."),
        ("[listen]\nport = 1.5", "[listen] port in q.toml (line 2) must be 0 to 65535, not a decimal number."),
        ("session = \"1h\"", "session in q.toml (line 1) must be a table of settings, not text."),
    ] {
        assert_eq!(file_refused(file), says);
    }
    for file in ["port = 1\n[listen\n", "listen = \"::1\"\n[listen]\nport = 1\n"] {
        let said = file_refused(file);
        assert!(said.starts_with("q.toml (line 2) isn't valid TOML: "), "{said}");
    }
}
