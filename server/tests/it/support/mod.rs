//! What every test stands on.

pub mod api_server;
pub mod cluster;
pub mod http;
pub mod log;
pub mod process;
pub mod socket;

use cluster::StubCluster;
use domain::{AppId, Language, UnixMs};
use http::{Client, Reply};
use quayside::config::{Config, Raw, Texts, gather};
use quayside::lifecycle::Life;
use quayside::start::{Running, ports, start};
use quayside::system::OsRng;
use service::ports::{Clock, Ports, Steady};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::SeqCst};
use std::time::Duration;
use tempfile::TempDir;

pub const PASSWORD: &str = "a long enough password";
pub const DAY_MS: i64 = 86_400_000;

/// A clock that runs, and that a test can push ahead.
#[derive(Default)]
pub struct PushedClock(AtomicI64);

impl PushedClock {
    pub fn push(&self, ms: i64) {
        self.0.fetch_add(ms, SeqCst);
    }
}

impl Clock for PushedClock {
    fn now(&self) -> UnixMs {
        quayside::system::SystemClock.now().plus(self.0.load(SeqCst))
    }
    fn steady(&self) -> Steady {
        quayside::system::SystemClock.steady().plus(self.0.load(SeqCst))
    }
}

/// A portal with three teams' worth of people:
/// `admin`; `vera` (viewer), `otto` (operator), `olga` (owner) of team Web in `web`; `dora` (owner) of Data in `data`.
pub struct World {
    pub running: Running,
    pub cluster: Arc<StubCluster>,
    pub clock: Arc<PushedClock>,
    pub dir: TempDir,
}

impl World {
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// Milliseconds after which a session ends that nobody uses.
    pub fn session_idle_ms(&self) -> i64 {
        self.running.app.config.session.idle.as_millis().try_into().unwrap()
    }

    /// One that speaks the pseudo-locale: each sentence in ⟦brackets⟧.
    pub async fn pseudo() -> Self {
        Self::speaking(Language::Pseudo, &[]).await
    }

    pub async fn with(settings: &[(&'static str, &str)]) -> Self {
        Self::speaking(Language::English, settings).await
    }

    async fn speaking(language: Language, settings: &[(&'static str, &str)]) -> Self {
        log::catch();
        let dir = tempfile::tempdir().unwrap();
        let site = dir.path().join("site");
        std::fs::create_dir_all(site.join("pkg")).unwrap();
        std::fs::write(site.join("pkg/quayside.abcdefgh12.js"), "export default 1;").unwrap();
        std::fs::write(site.join("pkg/quayside.abcdefgh12.wasm"), "wasm").unwrap();
        std::fs::write(site.join("favicon.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>").unwrap();
        std::fs::write(dir.path().join("secret-file"), "outside of the site").unwrap();
        let mut flags = Texts::default();
        let mut set = |key: &'static str, text: String| flags.insert(key, Raw { text, origin: key.to_owned() });
        set("listen", "127.0.0.1".to_owned());
        set("port", "0".to_owned());
        set("database", dir.path().join("q.db").display().to_string());
        set("site_root", site.display().to_string());
        set("admin_password", PASSWORD.to_owned());
        set("argon2_memory", "64".to_owned());
        set("argon2_iterations", "1".to_owned());
        for (key, text) in settings {
            set(key, (*text).to_owned());
        }
        let config = Config { language, ..Config::from_texts(&gather(flags, std::iter::empty()).unwrap()).unwrap() };
        let store = store::SqliteStore::open(&config.database.path).await.unwrap();
        let cluster = Arc::new(StubCluster::new());
        let clock = Arc::new(PushedClock::default());
        let ports = Ports::of(&Arc::new(store), &cluster, clock.clone(), Arc::new(OsRng));
        let running = start(config, ports, Life::default()).await.unwrap();
        Self { running, cluster, clock, dir }
    }

    /// The same with teams and people.
    pub async fn peopled() -> Self {
        Self::new().await.and_people().await
    }

    pub async fn and_people(self) -> Self {
        let base = self.running.app.config.site.base_path.to_string();
        let admin = self.signed_in("admin").await;
        for name in ["vera", "otto", "olga", "dora"] {
            let form = format!("name={name}&display={name}&password={}", http::encode(PASSWORD));
            admin.form(&format!("{base}/users/create"), &form).await.expect(303);
        }
        for (name, ns) in [("Web", "web"), ("Data", "data")] {
            admin.form(&format!("{base}/teams/create"), &format!("name={name}&namespaces={ns}")).await.expect(303);
        }
        for (team, user, role) in [(1, "vera", "viewer"), (1, "otto", "operator"), (1, "olga", "owner"), (2, "dora", "owner")] {
            admin.form(&format!("{base}/teams/{team}/member"), &format!("user={user}&role={role}")).await.expect(303);
        }
        self
    }

    pub fn client(&self) -> Client {
        Client::new(self.running.address)
    }

    pub async fn signed_in(&self, name: &str) -> Client {
        let base = self.running.app.config.site.base_path.to_string();
        let mut client = self.client();
        let reply = client.form(&format!("{base}/signin"), &format!("name={name}&password={}", http::encode(PASSWORD))).await;
        reply.expect(303);
        client.cookie = Some(cookie(&reply));
        client
    }

    /// Waits until the list of apps holds this one.
    pub async fn lists(&self, app: &AppId) {
        let mut board = self.running.app.portal.app_list.board();
        let listed = tokio::time::timeout(Duration::from_secs(10), board.wait_for(|board| board.row(app).is_some()));
        assert!(listed.await.is_ok(), "{app} is not listed");
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.running.life.soft.cancel();
        self.running.life.hard.cancel();
    }
}

/// A portal on what answers as a cluster, with its database in `dir`, and its admin signed in.
pub async fn portal_on(kubeconfig: &str, dir: &TempDir, more: &[(&'static str, &str)]) -> (Running, Client) {
    let database = dir.path().join("q.db").display().to_string();
    let settings = [("listen", "127.0.0.1"), ("port", "0"), ("kubeconfig", kubeconfig), ("admin_password", PASSWORD), ("database", database.as_str())];
    let flags: Texts = settings.iter().chain(more).map(|(key, text)| (*key, Raw { text: (*text).to_owned(), origin: (*key).to_owned() })).collect();
    let config = Config::from_texts(&gather(flags, std::iter::empty()).unwrap()).unwrap();
    let life = Life::default();
    let ports = ports(&config, &life).await.unwrap();
    let running = start(config, ports, life).await.unwrap();
    let mut client = Client::new(running.address);
    let reply = client.form("/signin", &format!("name=admin&password={}", http::encode(PASSWORD))).await;
    client.cookie = Some(cookie(&reply));
    (running, client)
}

/// Waits for what comes about by itself.
pub async fn until(what: &str, holds: impl Fn() -> bool) {
    let holds = async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), holds).await.unwrap_or_else(|_| panic!("not in 10 s: {what}"));
}

pub fn cookie(reply: &Reply) -> String {
    let set = reply.header("set-cookie").expect("a cookie");
    set.split(';').next().unwrap().to_owned()
}
