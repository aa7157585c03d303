//! What an error line is about, where programs of many kinds word it alike: the errors of POSIX, of Go, Java, Node, Python
//! and Ruby, of libpq and of shells.

use super::TimedOut;

/// A kind of error that has a usual remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// The file system is read-only.
    ReadOnlyDisk,
    /// The process may not listen on that port.
    LowPort,
    /// Something else listens on that port.
    PortTaken,
    /// The address to listen on is not one of the pod.
    AddressElsewhere,
    /// The kernel watches no more files for this user.
    FileWatches,
    /// No more files may be open.
    OpenFiles,
    /// No more threads or processes may be started.
    Threads,
    /// The disk is full.
    DiskFull,
    /// A host name is not known.
    HostUnknown,
    /// A certificate is not trusted or has expired.
    Certificate,
    /// Nothing accepts a connection.
    Refused,
    /// Nobody answered in time.
    TimedOut,
    /// User name or password are not accepted.
    SignIn,
    /// The server takes no more connections.
    Connections,
    /// The database does not let this host or user in as it asks.
    NotLetIn,
    /// The pod has no token of its service account.
    NoToken,
    /// A database finds something other than its own data in its directory.
    DataNotEmpty,
    /// The data were written by another version of the database.
    DataOfOther,
    /// The program is built against a newer C library than the image has.
    LibcTooOld,
    /// The database has no such table.
    TableMissing,
    /// There is no such database.
    DatabaseMissing,
    /// The program's own heap is full.
    HeapFull,
    /// A variable of this name is not set.
    VariableMissing(String),
    /// The image lacks a module or library.
    ModuleMissing,
    /// The program does not know one of its arguments.
    ArgumentUnknown,
    /// The program is there, and what its first line names, or its loader, is not.
    InterpreterMissing,
    /// The file is there and may not be executed.
    NotExecutable,
    /// There is no such file.
    FileMissing,
    /// The user may not do that.
    NotPermitted,
}

/// What lines say, in small letters, and what that is. The first that fits counts, so the more special stand first.
static SAID: [(&[&str], Hint); 21] = [
    (&["read-only file system", "erofs:"], Hint::ReadOnlyDisk),
    (&["address already in use", "eaddrinuse"], Hint::PortTaken),
    // Before a full disk and a full heap, whose words they borrow.
    (&["file watchers reached", "inotify_add_watch", "inotify watch limit", "inotify instances"], Hint::FileWatches),
    (&["too many open files"], Hint::OpenFiles),
    (
        &[
            "unable to create native thread",
            "unable to create new native thread",
            "pthread_create failed",
            "can't start new thread",
            "fork: resource temporarily unavailable",
        ],
        Hint::Threads,
    ),
    (&["too many connections", "too many clients already", "remaining connection slots are reserved"], Hint::Connections),
    (&["no pg_hba.conf entry", "is not allowed to connect to this mysql server", "is not allowed to connect to this mariadb server"], Hint::NotLetIn),
    (&["exists but is not empty", "--initialize specified but the data directory has files"], Hint::DataNotEmpty),
    (&["database files are incompatible with server", "unsupported redo log format", "cannot handle rdb format version"], Hint::DataOfOther),
    (&["no space left on device", "enospc", "disk quota exceeded"], Hint::DiskFull),
    (
        &[
            "no such host",
            "name or service not known",
            "nodename nor servname",
            "getaddrinfo enotfound",
            "eai_again",
            "temporary failure in name resolution",
            "could not translate host name",
            "could not resolve host",
            "unknownhostexception",
            "host not found in upstream",
            "bad address '",
        ],
        Hint::HostUnknown,
    ),
    (
        &[
            "x509:",
            "certificate verify failed",
            "certificate has expired",
            "certificate signed by unknown",
            "self-signed certificate",
            "self signed certificate",
            "unable to get local issuer certificate",
            "unable to verify the first certificate",
            "pkix path building failed",
        ],
        Hint::Certificate,
    ),
    (&["connection refused", "econnrefused"], Hint::Refused),
    (&["password authentication failed", "access denied for user", "authentication failed", "wrongpass", "noauth ", "login failed for user"], Hint::SignIn),
    (&["no such table", "undefinedtable"], Hint::TableMissing),
    (&["unknown database"], Hint::DatabaseMissing),
    (&["outofmemoryerror", "heap out of memory", "memoryerror", "cannot allocate memory"], Hint::HeapFull),
    (
        &[
            "modulenotfounderror",
            "no module named",
            "cannot find module",
            "cannot load such file",
            "classnotfoundexception",
            "noclassdeffounderror",
            "error while loading shared libraries",
            "error loading shared library",
            "unable to access jarfile",
            "could not find or load main class",
        ],
        Hint::ModuleMissing,
    ),
    (
        &[
            "unknown flag",
            "unknown shorthand flag",
            "unknown argument",
            "flag provided but not defined",
            "unrecognized option",
            "unrecognized argument",
            "unknown option",
            "invalid option",
            "illegal option",
            "no such option",
        ],
        Hint::ArgumentUnknown,
    ),
    (&["no such file or directory", "enoent", "filenotfounderror", "filenotfoundexception", "nosuchfileexception"], Hint::FileMissing),
    (&["permission denied", "eacces:", "accessdeniedexception", "operation not permitted", "eperm:", "has wrong ownership"], Hint::NotPermitted),
];

impl Hint {
    /// Whether its remedy gives rights, trust or room, or changes what is stored or set. A line of an app that works may have
    /// been brought about by a stranger, and then nobody is advised to.
    #[must_use]
    pub const fn widens(&self) -> bool {
        match self {
            Self::ReadOnlyDisk
            | Self::LowPort
            | Self::AddressElsewhere
            | Self::FileWatches
            | Self::OpenFiles
            | Self::Threads
            | Self::DiskFull
            | Self::Certificate
            | Self::Connections
            | Self::NotLetIn
            | Self::NoToken
            | Self::DataNotEmpty
            | Self::DataOfOther
            | Self::DatabaseMissing
            | Self::HeapFull
            | Self::VariableMissing(_)
            | Self::NotExecutable
            | Self::NotPermitted => true,
            Self::PortTaken
            | Self::HostUnknown
            | Self::Refused
            | Self::TimedOut
            | Self::SignIn
            | Self::LibcTooOld
            | Self::TableMissing
            | Self::ModuleMissing
            | Self::ArgumentUnknown
            | Self::InterpreterMissing
            | Self::FileMissing => false,
        }
    }

    /// What a line is about; `None` where its words are of its program alone.
    #[must_use]
    pub fn of(line: &str) -> Option<Self> {
        let low = line.to_ascii_lowercase();
        let says = |words: &[&str]| words.iter().any(|w| low.contains(w));
        let denied = says(&["permission denied", "eacces:"]);
        // The kernel's answer to a file whose interpreter is missing is that of a file that is missing.
        let of_start = low.starts_with("exec ") || low.contains("env: ") || low.contains("exec user process caused");
        if of_start && says(&["no such file or directory", "can't execute"]) {
            return Some(Self::InterpreterMissing);
        }
        if low.starts_with("exec ") && denied {
            return Some(Self::NotExecutable);
        }
        let listens = says(&["bind", "listen"]);
        if denied && listens {
            return Some(Self::LowPort);
        }
        // Who connects hears the same where no port is left to connect from.
        if listens && says(&["assign requested address", "eaddrnotavail"]) {
            return Some(Self::AddressElsewhere);
        }
        if low.contains("serviceaccount/token") && says(&["no such file", "enoent"]) {
            return Some(Self::NoToken);
        }
        if (low.contains("does not exist") && low.contains("relation ")) || (low.contains("doesn't exist") && low.contains("table ")) {
            return Some(Self::TableMissing);
        }
        if low.contains("does not exist") && low.contains("role \"") {
            return Some(Self::SignIn);
        }
        if low.contains("not found") && ["glibc_", "glibcxx_"].iter().any(|libc| low.contains(libc)) {
            return Some(Self::LibcTooOld);
        }
        if low.contains("does not exist") && low.contains("database ") {
            return Some(Self::DatabaseMissing);
        }
        if let Some(name) = variable(line) {
            return Some(Self::VariableMissing(name));
        }
        let found = SAID.iter().find(|(words, _)| says(words)).map(|(_, hint)| hint.clone());
        found.or_else(|| TimedOut::find(line).map(|_| Self::TimedOut))
    }
}

/// The name in `MODE is not set`, `DATABASE_URL must be set`, `missing env API_KEY`, `KeyError: 'MODE'`.
fn variable(line: &str) -> Option<String> {
    const BEFORE: [&str; 6] = [" is not set", " not set", " must be set", " is required", " is missing", " is not defined"];
    const AFTER: [&str; 4] = ["KeyError: '", "environment variable ", "env var ", "missing env "];
    let is_name = |name: &str| {
        let shouts = name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
        shouts && name.len() >= 3 && name.starts_with(|c: char| c.is_ascii_uppercase()) && super::level::named(name).is_none()
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let ends = |text: &str| text.trim_end_matches(|c: char| !plain(c)).rsplit(|c: char| !plain(c)).next().map(str::to_owned);
    let begins = |text: &str| text.trim_start_matches(|c: char| !plain(c)).split(|c: char| !plain(c)).next().map(str::to_owned);
    let before = BEFORE.iter().filter_map(|mark| line.split_once(mark).and_then(|(head, _)| ends(head)));
    let after = AFTER.iter().filter_map(|mark| line.split_once(mark).and_then(|(_, tail)| begins(tail)));
    before.chain(after).find(|name| is_name(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_that_programs_word_alike_are_known() {
        for (line, wanted) in [
            ("touch: /data/x: Read-only file system", Some(Hint::ReadOnlyDisk)),
            ("nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)", Some(Hint::LowPort)),
            ("listen tcp :80: bind: permission denied", Some(Hint::LowPort)),
            ("Error: listen EACCES: permission denied 0.0.0.0:80", Some(Hint::LowPort)),
            ("Error: listen EADDRINUSE: address already in use :::8080", Some(Hint::PortTaken)),
            ("write /var/lib/db/wal: no space left on device", Some(Hint::DiskFull)),
            ("dial tcp: lookup db on 10.96.0.10:53: no such host", Some(Hint::HostUnknown)),
            ("Error: getaddrinfo ENOTFOUND db", Some(Hint::HostUnknown)),
            ("FileNotFoundError: [Errno 2] No such file or directory: 'a.yml'", Some(Hint::FileMissing)),
            ("nc: bad address 'db'", Some(Hint::HostUnknown)),
            ("nginx: [emerg] host not found in upstream \"api\" in /etc/nginx/conf.d/default.conf:3", Some(Hint::HostUnknown)),
            ("tls: failed to verify certificate: x509: certificate signed by unknown authority", Some(Hint::Certificate)),
            ("dial tcp 10.0.0.3:5432: connect: connection refused", Some(Hint::Refused)),
            ("dial tcp 10.0.0.3:5432: i/o timeout", Some(Hint::TimedOut)),
            ("FATAL:  password authentication failed for user \"shop\"", Some(Hint::SignIn)),
            ("ERROR:  relation \"orders\" does not exist at character 15", Some(Hint::TableMissing)),
            ("FATAL:  database \"shop\" does not exist", Some(Hint::DatabaseMissing)),
            ("java.lang.OutOfMemoryError: Java heap space", Some(Hint::HeapFull)),
            ("FATAL: MODE is not set", Some(Hint::VariableMissing("MODE".into()))),
            ("KeyError: 'DATABASE_URL'", Some(Hint::VariableMissing("DATABASE_URL".into()))),
            ("environment variable API_KEY is required", Some(Hint::VariableMissing("API_KEY".into()))),
            ("ModuleNotFoundError: No module named 'flask'", Some(Hint::ModuleMissing)),
            ("Error: unknown flag: --prot", Some(Hint::ArgumentUnknown)),
            ("exec /entrypoint.sh: no such file or directory", Some(Hint::InterpreterMissing)),
            ("exec /entrypoint.sh: permission denied", Some(Hint::NotExecutable)),
            ("open /etc/shop/config.yml: no such file or directory", Some(Hint::FileMissing)),
            ("mkdir /var/cache/nginx/client_temp: permission denied", Some(Hint::NotPermitted)),
            ("Error: ENOSPC: System limit for number of file watchers reached, watch '/app'", Some(Hint::FileWatches)),
            ("accept tcp [::]:8080: accept4: too many open files", Some(Hint::OpenFiles)),
            ("java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory or process/resource limits reached", Some(Hint::Threads)),
            ("RuntimeError: can't start new thread", Some(Hint::Threads)),
            ("listen tcp 192.168.1.20:8080: bind: cannot assign requested address", Some(Hint::AddressElsewhere)),
            ("open /var/run/secrets/kubernetes.io/serviceaccount/token: no such file or directory", Some(Hint::NoToken)),
            ("FATAL:  sorry, too many clients already", Some(Hint::Connections)),
            ("ERROR 1040 (08004): Too many connections", Some(Hint::Connections)),
            ("FATAL:  no pg_hba.conf entry for host \"10.0.0.7\", user \"shop\", database \"shop\", no encryption", Some(Hint::NotLetIn)),
            ("FATAL:  role \"shop\" does not exist", Some(Hint::SignIn)),
            ("initdb: error: directory \"/var/lib/postgresql/data\" exists but is not empty", Some(Hint::DataNotEmpty)),
            ("FATAL:  database files are incompatible with server", Some(Hint::DataOfOther)),
            ("FATAL:  data directory \"/var/lib/postgresql/data\" has wrong ownership", Some(Hint::NotPermitted)),
            ("/app: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found (required by /app)", Some(Hint::LibcTooOld)),
            ("Error: Unable to access jarfile /app/shop.jar", Some(Hint::ModuleMissing)),
            ("standard_init_linux.go:228: exec user process caused: no such file or directory", Some(Hint::InterpreterMissing)),
            ("it is what it is", None),
            ("the ERROR is not set in stone", None),
            ("", None),
        ] {
            assert_eq!(Hint::of(line), wanted, "{line}");
        }
    }
}
