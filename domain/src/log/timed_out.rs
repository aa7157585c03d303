//! Lines that tell that nobody answered, and whom they asked.

/// Whom a line waited for in vain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimedOut {
    /// Host name, where the line names one.
    pub host: Option<String>,
    /// Port, where the line names one.
    pub port: Option<u16>,
}

/// The port at which names are asked for.
const DNS: u16 = 53;
/// Ends of names that are files and no hosts: `main.go:12`.
const FILES: [&str; 14] = [".go", ".java", ".js", ".ts", ".py", ".rb", ".rs", ".kt", ".cs", ".php", ".c", ".cpp", ".scala", ".ex"];

impl TimedOut {
    /// Finds it in the words of Go, Java, Node, Python, curl and libpq; `None` in any other line, also in one that only
    /// tells how long something may take (`timeout=30s`).
    #[must_use]
    pub fn find(line: &str) -> Option<Self> {
        let low = line.to_ascii_lowercase();
        if ["temporary failure in name resolution", "eai_again"].iter().any(|w| low.contains(w)) {
            return Some(Self { host: None, port: Some(DNS) });
        }
        let told = ["timed out", "time out", "deadline exceeded", "etimedout"].iter().any(|w| low.contains(w)) || timeout(&low);
        if !told {
            return None;
        }
        // Who cannot look up a name asked for it.
        if low.contains("lookup ") {
            return Some(Self { host: None, port: Some(DNS) });
        }
        let (host, port) = addressed(line);
        Some(Self { host, port: port.or_else(|| said(&low, "port ")) })
    }
}

/// `timeout` as something that happened and not as a setting: `timeout=30s`, `"timeout": 30`, `timeout 30s`.
fn timeout(low: &str) -> bool {
    low.match_indices("timeout").any(|(at, word)| {
        let rest = low[at + word.len()..].trim_start_matches(['"', '\'', ' ']);
        let is_setting = ["=", "_", "s=", "s ", "s:", "sec", "ms"].iter().any(|next| rest.starts_with(next));
        !is_setting && !rest.trim_start_matches([':', ' ']).starts_with(|c: char| c.is_ascii_digit())
    })
}

/// The first `host:port`, a name before an address.
fn addressed(line: &str) -> (Option<String>, Option<u16>) {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let mut port_only = None;
    for (at, _) in line.match_indices(':') {
        let host: &str = &line[line[..at].rfind(|c| !plain(c)).map_or(0, |i| i + line[i..].chars().next().map_or(1, char::len_utf8))..at];
        let digits: &str = &line[at + 1..];
        let digits = &digits[..digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len())];
        let Some(port) = digits.parse::<u16>().ok().filter(|p| *p > 0) else { continue };
        let is_name = host.starts_with(|c: char| c.is_ascii_alphabetic()) && !FILES.iter().any(|end| host.ends_with(end));
        if is_name {
            return (Some(host.to_ascii_lowercase()), Some(port));
        }
        if host.split('.').count() == 4 && host.split('.').all(|part| part.parse::<u8>().is_ok()) {
            port_only = port_only.or(Some(port));
        }
    }
    let quoted = line.split_once("server at \"").and_then(|(_, rest)| rest.split('"').next()).filter(|h| !h.is_empty());
    (quoted.map(str::to_ascii_lowercase), port_only)
}

fn said(low: &str, mark: &str) -> Option<u16> {
    let rest = low.split_once(mark)?.1;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn whom_a_line_waited_for_is_found() {
        for (line, host, port) in [
            ("ERROR cannot reach db:5432: timed out", Some("db"), Some(5432)),
            ("dial tcp 10.0.0.3:5432: i/o timeout", None, Some(5432)),
            ("Get \"http://api.data.svc:8080/x\": dial tcp 10.96.3.4:8080: i/o timeout", Some("api.data.svc"), Some(8080)),
            ("connection to server at \"db\" (10.1.2.3), port 5432 failed: timeout expired", Some("db"), Some(5432)),
            ("main.go:12: context deadline exceeded", None, None),
            ("dial tcp: lookup db on 10.96.0.10:53: read udp 10.0.0.7:41000->10.96.0.10:53: i/o timeout", None, Some(53)),
            ("getaddrinfo EAI_AGAIN db", None, Some(53)),
            ("12:04:03 java.net.SocketTimeoutException: Connect timed out", None, None),
            ("psycopg2.OperationalError: timeout expired", None, None),
        ] {
            assert_eq!(TimedOut::find(line), Some(TimedOut { host: host.map(Into::into), port }), "{line}");
        }
    }

    #[test]
    fn how_long_something_may_take_is_no_time_out() {
        for line in ["INFO timeout=30s retries=3", "{\"timeout\": 30}", "timeoutSeconds: 5", "read_timeout: 5", "timeouts=0", "connection refused", ""] {
            assert_eq!(TimedOut::find(line), None, "{line}");
        }
    }

    proptest! {
        #[test]
        fn no_line_is_too_strange(line in "\\PC{0,40}(timed out|:[0-9]{0,7}|timeout|port ){0,3}\\PC{0,20}") {
            let _ = TimedOut::find(&line);
        }
    }
}
