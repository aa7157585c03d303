//! Clients from a kubeconfig file, `KUBECONFIG`, `~/.kube/config`, or the pod's own account. Nothing here talks to the server.

use crate::text::{MESSAGE, cut};
use domain::kubernetes::Refused;
use futures::FutureExt;
use hyper_util::client::legacy::Client as Hyper;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use kube::client::{Body, ConfigExt};
use kube::config::{InClusterError, KubeConfigOptions, Kubeconfig, KubeconfigError};
use kube::{Client, Config};
use service::ports::{ClusterError, ClusterResult};
use std::path::Path;
use std::time::Duration;
use tower::ServiceBuilder;

/// Seconds after which the server ends a watch, so that a dead one is noticed soon.
pub(crate) const WATCH_S: u32 = 45;
/// Longest silence on a connection of the calling client; above that of a watch.
const SILENCE: Duration = Duration::from_secs(55);
/// Longest time to open a connection.
const CONNECT: Duration = Duration::from_secs(10);

/// The clients of a cluster.
#[derive(Clone)]
pub(crate) struct Clients {
    /// For calls and watches; gives up after some silence.
    pub(crate) calls: Client,
    /// For logs, which may be silent for hours; the system's keep-alive notices a dead connection.
    pub(crate) logs: Client,
}

/// Makes the clients.
pub(crate) fn connect(kubeconfig: Option<&Path>) -> ClusterResult<Clients> {
    let usual = std::env::home_dir().map(|home| home.join(".kube/config"));
    let mut config = Sources { named: kubeconfig, from_env: Kubeconfig::from_env, usual: usual.as_deref(), in_pod: Config::incluster }.load()?;
    // The watches have their own way of trying again, and a person wants an answer at once.
    config.default_retry = false;
    config.connect_timeout = Some(CONNECT);
    config.read_timeout = Some(SILENCE);
    let logs = patient(&config).map_err(|e| broken(&e))?;
    let calls = Client::try_from(config).map_err(|e| broken(&e))?;
    Ok(Clients { calls, logs })
}

/// Where a configuration may come from: the first that there is.
struct Sources<'a, E, P> {
    /// The file that the portal's settings name.
    named: Option<&'a Path>,
    /// The files that `KUBECONFIG` names; `None` where it names none.
    from_env: E,
    /// The file that is read where there is one.
    usual: Option<&'a Path>,
    /// The pod's own account.
    in_pod: P,
}

impl<E, P> Sources<'_, E, P>
where
    E: FnOnce() -> Result<Option<Kubeconfig>, KubeconfigError>,
    P: FnOnce() -> Result<Config, InClusterError>,
{
    fn load(self) -> ClusterResult<Config> {
        if let Some(path) = self.named {
            return of_file(Kubeconfig::read_from(path).map_err(|e| broken(&e))?);
        }
        if let Some(file) = (self.from_env)().map_err(|e| broken(&e))? {
            return of_file(file);
        }
        match self.usual.filter(|file| file.is_file()) {
            Some(path) => of_file(Kubeconfig::read_from(path).map_err(|e| broken(&e))?),
            None => (self.in_pod)().map_err(|e| broken(&e)),
        }
    }
}

fn of_file(file: Kubeconfig) -> ClusterResult<Config> {
    // Loading reads files only and is ready at once; `None` would mean that a later kube waits for something.
    let loaded = Config::from_custom_kubeconfig(file, &KubeConfigOptions::default()).now_or_never();
    loaded.ok_or_else(|| unusable("it isn't ready at once"))?.map_err(|e| broken(&e))
}

/// A client without a limit on silence.
fn patient(config: &Config) -> kube::Result<Client> {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(CONNECT));
    tcp.set_keepalive(Some(Duration::from_secs(20)));
    tcp.set_keepalive_interval(Some(Duration::from_secs(10)));
    tcp.set_keepalive_retries(Some(3));
    let tls = config.rustls_https_connector_with_connector(tcp)?;
    let http = Hyper::builder(TokioExecutor::new()).build::<_, Body>(tls);
    let service = ServiceBuilder::new()
        .layer(config.base_uri_layer())
        .option_layer(config.auth_layer()?)
        .layer(config.extra_headers_layer()?)
        .map_err(tower::BoxError::from)
        .service(http);
    Ok(Client::new(service, config.default_namespace.clone()))
}

fn broken(error: &dyn std::error::Error) -> ClusterError {
    unusable(error.to_string())
}

fn unusable(why: impl Into<String>) -> ClusterError {
    ClusterError::Refused(Refused::Kubeconfig(cut(why, MESSAGE)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::env::VarError;
    use std::io::Write;

    fn file(server: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let of = |name: &str, what: serde_json::Value| serde_json::json!([{"name": "a", (name): what}]);
        let config = serde_json::json!({"current-context": "a", "contexts": of("context", serde_json::json!({"cluster": "a", "user": "a"})),
            "clusters": of("cluster", serde_json::json!({"server": server})), "users": of("user", serde_json::json!({}))});
        write!(file, "{config}").unwrap();
        file
    }

    #[test]
    fn a_named_file_comes_before_the_environment_that_before_the_usual_file_and_that_before_the_pods_account() {
        let (named, env, usual) = (file("https://named.example"), file("https://env.example"), file("https://usual.example"));
        let host = |named: Option<&Path>, env: Option<&Path>, usual: Option<&Path>, in_pod: Option<&str>| {
            let sources = Sources {
                named,
                from_env: || env.map(Kubeconfig::read_from).transpose(),
                usual,
                in_pod: || in_pod.map(|url| Config::new(url.parse().unwrap())).ok_or(InClusterError::ReadEnvironmentVariable(VarError::NotPresent)),
            };
            sources.load().map(|config| config.cluster_url.host().unwrap().to_owned()).map_err(|e| e.to_string())
        };
        let (named, env, usual, pod) = (Some(named.path()), Some(env.path()), Some(usual.path()), Some("https://pod.example"));
        assert_eq!(host(named, env, usual, pod), Ok("named.example".into()));
        assert_eq!(host(None, env, usual, pod), Ok("env.example".into()));
        assert_eq!(host(None, None, usual, pod), Ok("usual.example".into()));
        let no_file = Some(Path::new("/there/is/none"));
        assert_eq!(host(None, None, no_file, pod), Ok("pod.example".into()));
        let none = host(None, None, no_file, None).unwrap_err();
        assert!(none.contains("~/.kube/config"), "{none}");
    }
}
