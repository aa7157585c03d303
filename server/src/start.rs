//! Puts the rooms together and starts them.

use crate::config::{self, Config};
use crate::lifecycle::Life;
use crate::state::App;
use crate::system::{OsRng, SystemClock};
use crate::{routes, serve};
use anyhow::Context as _;
use domain::account::NO_USERS;
use service::ports::Ports;
use service::{Portal, Settings};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;

/// A portal that serves.
pub struct Running {
    /// The server.
    pub app: App,
    /// Where it listens.
    pub address: SocketAddr,
    /// Its end.
    pub life: Life,
}

/// What the portal stands on: SQLite and Kubernetes. Tests bring their own.
///
/// # Errors
/// Where the database cannot be opened or the kubeconfig cannot be read.
pub async fn ports(config: &Config, life: &Life) -> anyhow::Result<Ports> {
    let database = &config.database.path;
    let store = store::SqliteStore::open(database).await.with_context(|| format!("can't open the database {}", database.display()))?;
    let of_namespace = config.limits.namespace_memory as usize * 1024 * 1024;
    let config::Cluster { kubeconfig, namespaces, cluster_scoped } = config.cluster.clone();
    let settings = cluster::Config { kubeconfig, namespaces, cluster_scoped, of_namespace };
    let cluster = cluster::KubeCluster::start(settings, life.soft.clone()).context("can't connect to the cluster")?;
    Ok(Ports::of(&Arc::new(store), &Arc::new(cluster), Arc::new(SystemClock), Arc::new(OsRng)))
}

/// Starts to serve; returns when the port is open.
///
/// # Errors
/// Where the portal cannot be put together or the port is taken.
pub async fn start(config: Config, ports: Ports, life: Life) -> anyhow::Result<Running> {
    let portal = Portal::new(ports, settings(&config)).await.context("can't start the portal")?;
    if let Some(password) = config.passwords.admin.clone() {
        portal.set_up.ensure_admin(password).await.context("can't create user admin")?;
    }
    let listener = TcpListener::bind(config.listen.address).await.with_context(|| format!("can't listen on {}", config.listen.address))?;
    let address = listener.local_addr()?;
    let proxies = config.proxies.trusted.clone();
    // Changes that go on after their request are waited for like everything else.
    let life = Life { tasks: portal.tasks.clone(), ..life };
    let app = App::new(portal.clone(), config, life.clone());
    life.tasks.spawn({
        let (portal, soft) = (portal.clone(), life.soft.clone());
        async move { portal.run(soft).await }
    });
    life.tasks.spawn(serve::serve(listener, routes::router(&app), proxies, life.clone()));
    tell(&app, address).await;
    Ok(Running { app, address, life })
}

/// Where the portal is, and how to get in the first time.
async fn tell(app: &App, address: SocketAddr) {
    let host = if address.ip().is_unspecified() { format!("localhost:{}", address.port()) } else { address.to_string() };
    let link = |path: &str| format!("http://{host}{}", app.config.site.base_path.link(path));
    tracing::info!("Quayside {} serves at {}", env!("CARGO_PKG_VERSION"), link("/"));
    for warning in app.config.warnings() {
        tracing::warn!("{warning}");
    }
    if matches!(app.portal.set_up.is_needed().await, Ok(true)) {
        // The one place where a token is printed: it works once, and only while there is no user.
        tracing::warn!("{NO_USERS} Create the first one at {}", link(&format!("/setup?token={}", app.portal.set_up.token())));
    }
}

pub(crate) fn settings(config: &Config) -> Settings {
    let ms = |d: std::time::Duration| i64::try_from(d.as_millis()).unwrap_or(i64::MAX);
    Settings {
        namespaces: config.cluster.namespaces.clone().map(|names| names.into_iter().collect()),
        session_idle_ms: ms(config.session.idle),
        log_samples: config.logs.samples,
        language: config.language,
        session_absolute_ms: ms(config.session.absolute),
        argon2_memory_kib: config.passwords.argon2.memory_kib,
        argon2_passes: config.passwords.argon2.iterations,
        argon2_lanes: config.passwords.argon2.parallelism,
        ..Settings::default()
    }
}
