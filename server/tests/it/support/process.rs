//! The portal as a process of its own.

use super::PASSWORD;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

pub struct Portal {
    pub process: Child,
    pub address: SocketAddr,
}

impl Portal {
    pub fn start(folder: &Path) -> Self {
        let command = Self::command(folder, &folder.join("q.db"), 0);
        Self::started(command)
    }

    /// As it is started; the caller may change it first.
    pub fn command(folder: &Path, database: &Path, port: u16) -> Command {
        Self::command_in(folder, database, port, "web")
    }

    /// The same for other namespaces.
    pub fn command_in(folder: &Path, database: &Path, port: u16, namespaces: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_quayside"));
        // It refuses settings that it does not know, and whoever runs the tests may have such.
        command.env_clear();
        command.args(["--listen", "127.0.0.1", "--port", &port.to_string(), "--namespaces", namespaces, "--admin-password", PASSWORD]);
        command.args(["--database", &database.display().to_string(), "--argon2-memory", "1024", "--trusted-proxies", "127.0.0.1"]);
        command.args(["--kubeconfig", &folder.join("kubeconfig").display().to_string()]);
        command
    }

    pub fn started(mut command: Command) -> Self {
        let mut process = command.stderr(Stdio::piped()).spawn().unwrap();
        let log = process.stderr.take().unwrap();
        let mut portal = Self { process, address: ([127, 0, 0, 1], 0).into() };
        portal.address = serves_at(log);
        portal
    }

    /// As `kill -9` does.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// Where a portal says that it serves. Its log is read on to its end, so that it never waits for a reader.
fn serves_at(log: ChildStderr) -> SocketAddr {
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(log).lines().map_while(Result::ok) {
            if let Some(address) = address_in(&line) {
                let _ = tell.send(address);
            }
        }
    });
    told.recv_timeout(Duration::from_secs(20)).expect("the portal serves")
}

/// The address, where this line of the log tells it.
pub fn address_in(line: &str) -> Option<SocketAddr> {
    let (_, address) = line.split_once("serves at http://")?;
    address.trim_end().trim_end_matches('/').parse().ok()
}

impl Drop for Portal {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A kubeconfig for an API server that takes connections and never answers.
pub fn silent_api_server(folder: &Path) -> TcpListener {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    write_kubeconfig(folder, listener.local_addr().unwrap());
    listener
}

/// A kubeconfig for the API server at this address.
pub fn write_kubeconfig(folder: &Path, server: SocketAddr) {
    let server = format!("http://{server}");
    let config = serde_json::json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "c",
        "clusters": [{"name": "c", "cluster": {"server": server}}],
        "users": [{"name": "u", "user": {}}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
    });
    std::fs::write(folder.join("kubeconfig"), config.to_string()).unwrap();
}
