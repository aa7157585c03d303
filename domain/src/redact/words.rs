//! Commands: flags whose value is a secret, by their name (`--password x`) or by the program (`redis-cli -a x`).

use super::names::{self, Sort};
use super::{look_at, pairs};
use std::ops::Range;

/// A program and its flags that take secrets.
struct Program {
    /// What its name begins with.
    names: &'static [&'static str],
    /// Flags whose value is a secret, in the next word.
    next: &'static [&'static str],
    /// Flags whose value is a secret, in the same word.
    glued: &'static [&'static str],
    /// Flags whose value is `user:password`.
    pairs: &'static [&'static str],
    /// Only behind this word, because the flags mean something else elsewhere.
    after: Option<&'static str>,
}

const NONE: Program = Program { names: &[], next: &[], glued: &[], pairs: &[], after: None };
const PROGRAMS: &[Program] = &[
    Program { names: &["curl"], pairs: &["-u", "-U"], glued: &["-u", "-U"], ..NONE },
    Program { names: &["http", "https", "xh"], pairs: &["-a"], ..NONE },
    Program { names: &["mysql", "mariadb"], glued: &["-p"], ..NONE },
    Program { names: &["redis-cli", "valkey-cli", "keydb-cli", "redis-benchmark"], next: &["-a"], glued: &["-a"], ..NONE },
    Program { names: &["mongo", "cqlsh", "rabbitmqadmin", "influx", "clickhouse-client", "sshpass", "nats"], next: &["-p"], glued: &["-p"], ..NONE },
    Program { names: &["docker", "podman", "nerdctl", "helm", "skopeo", "buildah", "crane", "oras", "regctl"], next: &["-p"], after: Some("login"), ..NONE },
    Program { names: &["oc", "argocd", "az"], next: &["-p"], after: Some("login"), ..NONE },
    Program { names: &["ldap"], next: &["-w"], glued: &["-w"], ..NONE },
    Program { names: &["mosquitto_", "sqlcmd", "bcp", "tsql", "zip", "unzip", "kinit"], next: &["-P"], glued: &["-P"], ..NONE },
    Program { names: &["7z"], glued: &["-p"], ..NONE },
    Program { names: &["openssl"], next: &["-k", "-K"], ..NONE },
    Program { names: &["snmp"], next: &["-c", "-A", "-X"], ..NONE },
    Program { names: &["smbclient", "lftp", "ftp"], pairs: &["-U", "-u"], ..NONE },
];
/// Flags whose value is `user:password` with any program.
const PAIRS: [&str; 7] = ["-u", "--user", "--proxy-user", "--userpwd", "--basic-auth", "--auth", "--credentials"];

/// Whether the whole of a word or what is behind so many bytes of it is a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Take {
    /// Nothing of it.
    Nothing,
    /// All from this byte on.
    From(usize),
}

/// What the next word is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Next {
    #[default]
    Any,
    Secret,
    Pair,
}

/// Goes through the words of a command.
#[derive(Default)]
pub(super) struct Command {
    program: Option<&'static Program>,
    next: Next,
    /// The word that the program's flags stand behind was there.
    after: bool,
    /// Words that are no flags, from the program on; of programs that take secrets by their place.
    place: Option<Places>,
}

/// Programs whose secrets stand at a place.
#[derive(Clone, Copy)]
enum Places {
    /// `htpasswd -b … user password`: the last word. It is every word behind the user that is no flag.
    Htpasswd { batch: bool, printed: bool, seen: usize },
    /// `mc alias set name address key secret`
    Minio { seen: usize },
    /// `vault login token`
    Vault { login: bool },
    /// `redis-cli … AUTH password`
    Redis { auth: bool },
}

impl Command {
    /// Looks at the next word. `exact`: it is known to be one word, so also a value may begin with a dash.
    pub(super) fn word(&mut self, word: &str, exact: bool) -> Take {
        look_at(word.len().min(64));
        match std::mem::take(&mut self.next) {
            Next::Secret if !word.starts_with('-') || (exact && !word.starts_with("--")) => return Take::From(0),
            Next::Pair => return pair(word, 0),
            Next::Any | Next::Secret => {}
        }
        if word.starts_with('-') && word.len() > 1 {
            return self.flag(word);
        }
        let name = word.rsplit('/').next().unwrap_or_default();
        if let Some(program) = PROGRAMS.iter().find(|p| p.names.iter().any(|n| is_program(name, n))) {
            self.program = Some(program);
            self.after = false;
        }
        let begins = match name {
            _ if self.place.is_some() => None,
            "htpasswd" => Some(Places::Htpasswd { batch: false, printed: false, seen: 0 }),
            "mc" | "mcli" => Some(Places::Minio { seen: 0 }),
            "vault" | "bao" => Some(Places::Vault { login: false }),
            "redis-cli" | "valkey-cli" => Some(Places::Redis { auth: false }),
            _ => None,
        };
        if begins.is_some() {
            self.place = begins;
            return Take::Nothing;
        }
        self.after |= self.program.is_some_and(|p| p.after == Some(word));
        self.placed(word)
    }

    /// A word at its place.
    fn placed(&mut self, word: &str) -> Take {
        let (secret, place) = match self.place {
            None => return Take::Nothing,
            Some(Places::Htpasswd { batch, printed, seen }) => (batch && seen + usize::from(printed) >= 2, Places::Htpasswd { batch, printed, seen: seen + 1 }),
            Some(Places::Minio { seen }) => {
                let expected = match seen {
                    0 => matches!(word, "alias" | "config"),
                    1 => matches!(word, "set" | "host" | "add"),
                    _ => true,
                };
                let seen = if word == "add" && seen == 2 { 2 } else { seen + 1 };
                self.place = expected.then_some(Places::Minio { seen });
                return if expected && seen > 5 { Take::From(0) } else { Take::Nothing };
            }
            Some(Places::Vault { login }) => (login && !word.contains('='), Places::Vault { login: word == "login" }),
            Some(Places::Redis { auth }) => (auth, Places::Redis { auth: word.eq_ignore_ascii_case("auth") }),
        };
        self.place = Some(place);
        if secret { Take::From(0) } else { Take::Nothing }
    }

    /// A flag, with its value where that is in the same word.
    fn flag(&mut self, word: &str) -> Take {
        if let Some(Places::Htpasswd { batch, printed, .. }) = &mut self.place
            && !word.starts_with("--")
        {
            *batch |= word.contains('b');
            *printed |= word.contains('n');
        }
        if let Some((name, value)) = word.split_once('=') {
            let at = name.len() + 1;
            // `kubectl create secret … --from-literal=name=…`
            if name == "--from-literal" {
                return value.find('=').map_or(Take::Nothing, |n| Take::From(at + n + 1));
            }
            return match PAIRS.contains(&name) && !value.is_empty() {
                true => pair(word, at),
                false => Take::Nothing,
            };
        }
        let program = self.program.filter(|p| p.after.is_none() || self.after).unwrap_or(&NONE);
        // `-sfu user:password` are three flags.
        if program.names.contains(&"curl")
            && let Some(user) = word.find('u').filter(|at| word[1..*at].bytes().all(|b| b"#0146fgiIjklLnNOpqRsSv".contains(&b)))
        {
            self.next = if user + 1 == word.len() { Next::Pair } else { Next::Any };
            return pair(word, user + 1);
        }
        if program.next.contains(&word) {
            self.next = Next::Secret;
        } else if program.pairs.contains(&word) || PAIRS.contains(&word) {
            self.next = Next::Pair;
        } else if let Some(flag) = program.glued.iter().find(|flag| word.starts_with(**flag)) {
            if program.pairs.contains(flag) {
                return pair(word, flag.len());
            }
            return Take::From(flag.len());
        } else if asks_for_secret(word) {
            self.next = Next::Secret;
        }
        Take::Nothing
    }

    /// Whether the next word is a secret.
    pub(super) fn expects_secret(&self) -> bool {
        self.next == Next::Secret
    }

    /// Goes on with arguments of a command whose last word asked for a secret.
    pub(super) fn expecting_secret() -> Self {
        Self { next: Next::Secret, ..Self::default() }
    }
}

/// Whether a word is this program: `mysql` is also `mysqldump` and `mysql.exe`, but `mc` is not `mclient`.
fn is_program(name: &str, program: &str) -> bool {
    let family = matches!(program, "mysql" | "mariadb" | "mongo" | "ldap" | "mosquitto_" | "snmp" | "7z");
    name.strip_prefix(program).is_some_and(|rest| {
        rest.is_empty() || (family && rest.len() <= 16 && rest.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.')))
    })
}

/// `--password`, whose value is the next word.
fn asks_for_secret(word: &str) -> bool {
    word.starts_with('-')
        && !word.contains(['=', ' ', ':', ','])
        && word.len() <= 128
        && matches!(names::secret(word), Some(Sort::Password | Sort::Weak | Sort::Auth))
}

/// `user:password`, but not a pair of ids.
fn pair(word: &str, from: usize) -> Take {
    let value = &word[from..];
    let ids = value.bytes().all(|b| b.is_ascii_digit() || b == b':');
    match value.find([':', '%', ',']) {
        Some(at) if !ids && at + 1 < value.len() => Take::From(from + at + 1),
        _ => Take::Nothing,
    }
}

/// Finds secrets in the commands of a text.
pub(super) fn find(text: &str, found: &mut Vec<Range<usize>>) {
    let mut command = Command::default();
    let mut at = 0;
    while let Some((start, stops)) = next_word(text, at) {
        if stops {
            // Another command begins; a flag at the end of a line is nobody's.
            command = Command::default();
        }
        // A pair may be bound by a comma, which also parts words.
        let end = if command.next == Next::Pair { pairs::word(text, start).end } else { word_end(text, start) };
        look_at(end - at);
        let word = &text[start..end];
        let expected = command.expects_secret();
        at = end;
        if let Take::From(from) = command.word(word, false) {
            let secret = start + from;
            // With quotes the value goes on behind its blanks.
            let quote = text[..secret].chars().next_back().filter(|c| matches!(c, '"' | '\''));
            let span = match quote {
                Some(q) => secret..text[secret..].find(q).map_or(end, |n| secret + n).max(end),
                None => pairs::word(text, secret),
            };
            let value = &text[span.clone()];
            let prose = expected && (pairs::is_prose(value) || value.starts_with(['|', '>', '<', '&', ';']));
            if !prose && !names::harmless(Sort::Weak, value) {
                at = span.end.max(end);
                found.push(span);
            }
        }
    }
}

/// Where the next word begins, and whether something that ends a command is before it.
fn next_word(text: &str, from: usize) -> Option<(usize, bool)> {
    let mut stops = false;
    let mut chars = text[from..].char_indices().peekable();
    let mut before = ' ';
    while let Some((at, c)) = chars.next() {
        match c {
            // `\` at the end of a line, `- ` at the start of one, and lists of JSON go on with the command.
            '\n' => {
                let list = text[from + at + 1..].trim_start_matches([' ', '\t']).starts_with("- ") || matches!(before, '\\' | ',' | '[');
                stops |= !list;
            }
            '|' | ';' | '&' | '(' | '`' => stops = true,
            '-' if chars.peek().is_some_and(|(_, c)| *c == ' ') => {}
            c if is_between(c) => {}
            _ => return Some((from + at, stops)),
        }
        if c != ' ' {
            before = c;
        }
    }
    None
}

fn is_between(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '[' | ']' | '{' | '}' | ')' | '\\')
}

fn word_end(text: &str, start: usize) -> usize {
    text[start..].find(|c: char| is_between(c) || matches!(c, '|' | ';' | '&' | '`')).map_or(text.len(), |n| start + n)
}
