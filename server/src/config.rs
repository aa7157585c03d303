//! Configuration: flags, then environment, then a TOML file, then defaults.
//!
//! An unknown or impossible setting stops the start with one sentence. [`table`] is the only list of settings.

pub mod load;
pub mod parse;
pub mod table;

pub use load::{ConfigError, Raw, Texts, gather};

use domain::secret::SecretText;
use domain::{BasePath, Namespace};
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// First parts of the portal's own paths.
const OWN: &[&str] = &[
    "account",
    "api",
    "apps",
    "audit",
    "fonts",
    "healthy",
    "metrics",
    "new-app",
    "new-secret",
    "pkg",
    "secrets",
    "setup",
    "signin",
    "signout",
    "teams",
    "theme",
    "up",
    "users",
];

/// Form of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object per line.
    Json,
}

/// Cost of a password hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argon2Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes.
    pub iterations: u32,
    /// Lanes.
    pub parallelism: u32,
}

/// All settings, checked.
#[derive(Clone)]
pub struct Config {
    /// Address and port.
    pub listen: SocketAddr,
    /// SQLite file.
    pub database: PathBuf,
    /// Folder with the browser's files.
    pub site_root: Option<PathBuf>,
    /// Path under which the portal is served.
    pub base_path: BasePath,
    /// Who may say where a request came from.
    pub trusted_proxies: Vec<IpNet>,
    /// Believe `X-Forwarded-Proto` from everyone.
    pub http_forwarded: bool,
    /// Sites that may embed the portal.
    pub frame_ancestors: Vec<String>,
    /// Kubeconfig.
    pub kubeconfig: Option<PathBuf>,
    /// Namespaces; `None` discovers them.
    pub namespaces: Option<Vec<Namespace>>,
    /// Kinds of the whole cluster may be read also where namespaces are given.
    pub cluster_scoped: bool,
    /// Most MiB that are kept of what the cluster says of one namespace.
    pub namespace_memory: u32,
    /// Password of the first admin.
    pub admin_password: Option<SecretText>,
    /// Idle limit of a session.
    pub session_idle: Duration,
    /// Absolute limit of a session.
    pub session_absolute: Duration,
    /// Cost of a password hash.
    pub argon2: Argon2Cost,
    /// Read samples of logs for the statuses of apps.
    pub log_samples: bool,
    /// Serve `/metrics`.
    pub metrics: bool,
    /// Asked for at `/metrics`.
    pub metrics_token: Option<SecretText>,
    /// Form of the log.
    pub log_format: LogFormat,
    /// What is logged.
    pub log_level: String,
}

impl Config {
    /// Checks every text.
    ///
    /// # Errors
    /// One sentence about the first setting that cannot be.
    pub fn from_texts(texts: &Texts) -> Result<Self, ConfigError> {
        let read = parse::Reader { texts };
        let listen: IpAddr = read.with("listen", |t| t.parse().map_err(|_| "an IP address, such as 0.0.0.0 or ::1".to_owned()))?;
        let port: u16 = read.with("port", |t| t.parse().map_err(|_| "a port from 0 to 65535".to_owned()))?;
        let config = Self {
            listen: SocketAddr::new(listen, port),
            database: read.with("database", |t| if t.is_empty() { Err("a file path".to_owned()) } else { Ok(t.into()) })?,
            site_root: read.optional("site_root", |t| Ok(t.into()))?,
            base_path: read.with("base_path", |t| BasePath::lenient(t).map_err(|e| e.to_string()))?,
            trusted_proxies: read.list("trusted_proxies", parse::network)?,
            http_forwarded: read.with("http_forwarded", parse::switch)?,
            frame_ancestors: read.list("frame_ancestors", parse::ancestor)?,
            kubeconfig: read.optional("kubeconfig", |t| Ok(t.into()))?,
            namespaces: Some(read.list("namespaces", |t| Namespace::parse(t).map_err(|e| e.to_string()))?).filter(|v| !v.is_empty()),
            cluster_scoped: read.with("cluster_scoped", parse::switch)?,
            namespace_memory: read.with("namespace_memory", |t| parse::between(t, 1, 1024))?,
            admin_password: read.optional("admin_password", |t| Ok(SecretText::new(t.to_owned())))?,
            session_idle: read.with("session_idle", parse::duration)?,
            session_absolute: read.with("session_absolute", parse::duration)?,
            argon2: Argon2Cost {
                memory_kib: read.with("argon2_memory", |t| parse::between(t, 8, 1_048_576))?,
                iterations: read.with("argon2_iterations", |t| parse::between(t, 1, 20))?,
                parallelism: read.with("argon2_parallelism", |t| parse::between(t, 1, 16))?,
            },
            log_samples: read.with("log_samples", parse::switch)?,
            metrics: read.with("metrics", parse::switch)?,
            metrics_token: read.optional("metrics_token", |t| Ok(SecretText::new(t.to_owned())))?,
            log_format: read.with("log_format", |t| match t {
                "text" => Ok(LogFormat::Text),
                "json" => Ok(LogFormat::Json),
                _ => Err("text or json".to_owned()),
            })?,
            log_level: read.with("log_level", |t| {
                tracing_subscriber::EnvFilter::try_new(t).map(|_| t.to_owned()).map_err(|_| "a filter such as info or info,quayside=debug".to_owned())
            })?,
        };
        if config.session_idle > config.session_absolute {
            return Err(ConfigError("session_idle must not be longer than session_absolute.".to_owned()));
        }
        let first = config.base_path.as_str().split('/').nth(1).unwrap_or_default();
        if OWN.contains(&first) {
            // Behind a proxy that strips the path, /apps/… could be the base path or the page.
            return Err(ConfigError(format!("base_path can't start with /{first}, which the portal's own pages use. Choose another.")));
        }
        if config.argon2.memory_kib < 8 * config.argon2.parallelism {
            return Err(ConfigError("argon2_memory must be at least 8 KiB per lane (argon2_parallelism).".to_owned()));
        }
        Ok(config)
    }

    /// What can be and is seldom meant, for the log at the start.
    #[must_use]
    pub fn warnings(&self) -> Vec<Warning> {
        self.trusted_proxies.iter().filter(|net| wide(net)).map(|net| Warning::WideProxies(*net)).collect()
    }

    /// The portal may be shown in frames of other sites.
    #[must_use]
    pub fn embeds_across_sites(&self) -> bool {
        self.frame_ancestors.iter().any(|a| a != "'self'")
    }
}

/// A setting that the portal starts with and that its operator should look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Warning {
    /// `trusted_proxies` has a network in which others than proxies are likely.
    WideProxies(IpNet),
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::WideProxies(net) => write!(
                f,
                "trusted_proxies contains the network {net}. Any client in it can forge its address, path, and protocol, and so bypass \
                 the limit of sign-in attempts. List only the addresses of your proxies."
            ),
        }
    }
}

/// Longest prefix of a network that is called wide: 256 addresses hold a few proxies and little else, and so does the one
/// /64 that a network has at least.
fn wide(net: &IpNet) -> bool {
    match net {
        IpNet::V4(net) => net.prefix_len() < 24 && !(net.addr().is_loopback() && net.prefix_len() >= 8),
        IpNet::V6(net) => net.prefix_len() < 64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_of_more_than_proxies_is_warned_of() {
        let warned = |proxies: &str| {
            let flags = [("trusted_proxies", Raw { text: proxies.to_owned(), origin: String::new() })].into();
            Config::from_texts(&gather(flags, std::iter::empty()).unwrap()).unwrap().warnings()
        };
        assert_eq!(warned("127.0.0.0/8, 10.0.3.7, 10.0.3.0/24, ::1, fd00:1:2:3::/64, 192.168.7.8/29"), []);
        for net in ["10.0.0.0/8", "10.0.0.0/23", "0.0.0.0/0", "::/0", "fd00::/48", "127.0.0.0/7"] {
            assert_eq!(warned(&format!("127.0.0.1, {net}")), [Warning::WideProxies(net.parse().unwrap())], "{net}");
        }
        let said = warned("10.0.0.0/8")[0].to_string();
        assert!(said.starts_with("trusted_proxies contains the network 10.0.0.0/8. Any client in it can forge its address"), "{said}");
    }

    #[test]
    fn no_page_can_be_hidden_by_a_base_path() {
        for route in crate::routes::all() {
            let first = route.rule.path.split('/').nth(1).unwrap_or_default();
            assert!(first.is_empty() || first.starts_with('{') || OWN.contains(&first), "{first}");
        }
    }
}
