//! Clients from a kubeconfig file, `KUBECONFIG`, `~/.kube/config`, or the pod's own account. Nothing here talks to the server.

use crate::text::{MESSAGE, cut};
use domain::kubernetes::Refused;
use futures::FutureExt;
use hyper_util::client::legacy::Client as Hyper;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use kube::client::{Body, ConfigExt};
use kube::config::{KubeConfigOptions, Kubeconfig};
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
    let mut config = load(kubeconfig, std::env::home_dir().map(|home| home.join(".kube/config")).as_deref())?;
    // The watches have their own way of trying again, and a person wants an answer at once.
    config.default_retry = false;
    config.connect_timeout = Some(CONNECT);
    config.read_timeout = Some(SILENCE);
    let logs = patient(&config).map_err(|e| broken(&e))?;
    let calls = Client::try_from(config).map_err(|e| broken(&e))?;
    Ok(Clients { calls, logs })
}

fn load(kubeconfig: Option<&Path>, usual: Option<&Path>) -> ClusterResult<Config> {
    let from_file = |file: Kubeconfig| {
        // Loading reads files only and is ready at once; `None` would mean that a later kube waits for something.
        let loaded = Config::from_custom_kubeconfig(file, &KubeConfigOptions::default()).now_or_never();
        loaded.ok_or_else(|| unusable("it isn't ready at once"))?.map_err(|e| broken(&e))
    };
    match kubeconfig {
        Some(path) => from_file(Kubeconfig::read_from(path).map_err(|e| broken(&e))?),
        None if std::env::var_os("KUBECONFIG").is_some_and(|v| !v.is_empty()) => from_file(Kubeconfig::read().map_err(|e| broken(&e))?),
        None => match usual.filter(|file| file.is_file()) {
            Some(file) => from_file(Kubeconfig::read_from(file).map_err(|e| broken(&e))?),
            None => Config::incluster().map_err(|e| broken(&e)),
        },
    }
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
    fn a_file_that_is_named_comes_before_the_usual_one_and_that_before_the_pods_account() {
        if std::env::var_os("KUBECONFIG").is_some() {
            return;
        }
        let (named, usual) = (file("https://named.example"), file("https://usual.example"));
        let host = |config: ClusterResult<Config>| config.map(|c| c.cluster_url.host().unwrap().to_owned()).map_err(|e| e.to_string());
        assert_eq!(host(load(Some(named.path()), Some(usual.path()))), Ok("named.example".into()));
        assert_eq!(host(load(None, Some(usual.path()))), Ok("usual.example".into()));
        if std::env::var_os("KUBERNETES_SERVICE_HOST").is_none() {
            let neither = host(load(None, Some(Path::new("/there/is/none")))).unwrap_err();
            assert!(neither.contains("~/.kube/config"), "{neither}");
        }
    }
}
