//! Catches what the portal logs, so that tests can search it.

use std::io::Write;
use std::sync::{Mutex, OnceLock};

static TEXT: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Sink;

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        TEXT.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

pub fn catch() {
    static ONCE: OnceLock<()> = OnceLock::new();
    ONCE.get_or_init(|| {
        // The client of Kubernetes is silent in the portal too, whatever is set (`telemetry.rs`).
        let filter = tracing_subscriber::EnvFilter::new("debug,sqlx=info,kube_client=off");
        let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(|| Sink).try_init();
    });
}

pub fn text() -> String {
    String::from_utf8_lossy(&TEXT.lock().unwrap()).into_owned()
}
