//! What the portal counts about itself, as Prometheus text.

mod process;

use domain::storage::StorageTrouble;
use http::Method;
use service::board::Board;
use service::storage::KeptNumbers;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Panics since the start; the hook counts, wherever it happens.
pub static PANICS: AtomicU64 = AtomicU64::new(0);
/// Lines of the portal's own log that could not be written.
pub static LOG_LINES_DROPPED: AtomicU64 = AtomicU64::new(0);

/// Route, method and status; how many, and how long all of them took.
type Requests = BTreeMap<(&'static str, &'static str, u16), (u64, Duration)>;

/// The name of a method in a label. Any word may be a method on the wire; what the portal does not serve counts as one,
/// or a stranger could make as many counters as he likes.
fn label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// Counters of one portal.
#[derive(Debug, Default)]
pub struct Numbers {
    requests: Mutex<Requests>,
    /// Open live sockets.
    pub sockets: AtomicU64,
    /// Times that a live socket was woken because something that it follows has changed.
    pub socket_wakes: AtomicU64,
    /// Lines of log sent to sockets and to `curl`.
    pub log_lines: AtomicU64,
    /// Bytes of log sent.
    pub log_bytes: AtomicU64,
}

impl Numbers {
    /// Counts an answer.
    pub fn answered(&self, route: &'static str, method: &Method, status: u16, took: Duration) {
        let mut requests = self.requests.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let entry = requests.entry((route, label(method), status)).or_default();
        entry.0 += 1;
        entry.1 += took;
    }

    /// Counts whole lines of log.
    pub fn relayed(&self, lines: usize, bytes: usize) {
        self.log_lines.fetch_add(lines as u64, Relaxed);
        self.log_bytes.fetch_add(bytes as u64, Relaxed);
    }

    /// The text for Prometheus.
    #[must_use]
    pub fn text(&self, board: &Board, storage: Option<StorageTrouble>, kept: KeptNumbers) -> String {
        let health = &board.health.cluster;
        let mut out = String::with_capacity(4096);
        let mut one = |name: &str, kind: &str, help: &str, value: f64| {
            let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}");
        };
        one("quayside_live_sockets", "gauge", "Open live sockets.", self.sockets.load(Relaxed) as f64);
        one("quayside_live_wakes_total", "counter", "Times a live socket looked for changes to send.", self.socket_wakes.load(Relaxed) as f64);
        one("quayside_log_lines_total", "counter", "Log lines sent.", self.log_lines.load(Relaxed) as f64);
        one("quayside_log_bytes_total", "counter", "Log bytes sent.", self.log_bytes.load(Relaxed) as f64);
        one("quayside_panics_total", "counter", "Panics since startup; each is a bug.", PANICS.load(Relaxed) as f64);
        one("quayside_log_lines_dropped_total", "counter", "Lines of the portal's own log that couldn't be written.", LOG_LINES_DROPPED.load(Relaxed) as f64);
        one("quayside_audit_entries_waiting", "gauge", "Audit entries waiting in memory for the database.", kept.entries as f64);
        one("quayside_audit_entries_lost_total", "counter", "Audit entries dropped because that memory was full.", kept.entries_lost as f64);
        one("quayside_samples_waiting", "gauge", "Samples waiting in memory for the database.", kept.samples as f64);
        one("quayside_samples_lost_total", "counter", "Samples dropped because that memory was full.", kept.samples_lost as f64);
        one("quayside_apps", "gauge", "Apps in the index.", board.apps() as f64);
        one("quayside_cluster_ready", "gauge", "1 once every watch has its first list.", f64::from(u8::from(health.ready)));
        one("quayside_cluster_away", "gauge", "1 while the cluster isn't responding.", f64::from(u8::from(health.away_since.is_some())));
        one("quayside_cluster_refusals", "gauge", "Calls the portal isn't allowed to make.", board.health.lacks.len() as f64);
        if let Some(bytes) = process::resident_bytes() {
            one("process_resident_memory_bytes", "gauge", "Resident memory.", bytes as f64);
        }
        if let Some(seconds) = process::cpu_seconds() {
            one("process_cpu_seconds_total", "counter", "CPU time of all threads.", seconds);
        }
        let _ = writeln!(
            out,
            "# HELP quayside_info The running version.\n# TYPE quayside_info gauge\nquayside_info{{version=\"{}\"}} 1",
            env!("CARGO_PKG_VERSION")
        );
        out.push_str("# HELP quayside_storage_trouble 1 while the database can't be written for this reason.\n# TYPE quayside_storage_trouble gauge\n");
        for trouble in StorageTrouble::ALL {
            let _ = writeln!(out, "quayside_storage_trouble{{reason=\"{}\"}} {}", trouble.slug(), u8::from(storage == Some(trouble)));
        }
        let requests = self.requests.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        out.push_str("# HELP quayside_http_requests_total Requests by route.\n# TYPE quayside_http_requests_total counter\n");
        for ((route, method, status), (count, _)) in requests.iter() {
            let _ = writeln!(out, "quayside_http_requests_total{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}} {count}");
        }
        out.push_str(
            "# HELP quayside_http_request_seconds_total Time until the response header, by route.\n# TYPE quayside_http_request_seconds_total counter\n",
        );
        for ((route, method, status), (_, took)) in requests.iter() {
            let _ = writeln!(out, "quayside_http_request_seconds_total{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}} {}", took.as_secs_f64());
        }
        out
    }
}
