//! Which names promise a secret: of variables, fields, flags, headers, annotations and parameters of a query.

mod lists;
mod value;

pub(super) use value::harmless;

use lists::{ABOUT, NO_KEYS, NO_PASSWORDS, OBJECTS, PUBLIC_KEYS, SECRET_KEYS, STILL, SWITCHES};

/// What a name promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// A password; nothing else goes by such a name.
    Password,
    /// A token, key or other secret; prose and names of objects use these words too.
    Weak,
    /// A way to authenticate, or what it takes: `auth: basic`, `auth: dXNlcjpw`.
    Auth,
    /// An address that lets anybody who has it write.
    Address,
    /// A header whose value goes on to the end of the line.
    Header,
}

/// Bytes of a name that are looked at, from its end.
const LONGEST: usize = 160;

/// What a name promises, if it promises a secret. Of an annotation, what is behind the slash counts.
pub(super) fn secret(name: &str) -> Option<Sort> {
    let mut from = name.len().saturating_sub(LONGEST);
    while !name.is_char_boundary(from) {
        from += 1;
    }
    super::look_at(name.len() - from);
    let name = &name[from..];
    let name = name.rsplit('/').find(|part| !part.is_empty()).unwrap_or(name);
    let words = words(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let last = *words.last()?;
    if words.len() > 1 && SWITCHES.contains(&words[0]) {
        return None;
    }
    let webhook = words.iter().rposition(|w| matches!(*w, "webhook" | "webhooks"));
    if let Some(at) = webhook
        && (at + 1 == words.len() || matches!(last, "url" | "uri" | "endpoint"))
    {
        return Some(Sort::Address);
    }
    if matches!(name, "PWD" | "OLDPWD") {
        // The working directory of a shell.
        return Some(Sort::Weak);
    }
    let strong = words.iter().any(|w| is_password(w));
    if ABOUT.contains(&last) && !secret_id(&words) {
        return None;
    }
    if strong {
        return Some(Sort::Password);
    }
    // The words behind the one that counts only say which.
    let end = words.iter().rposition(|w| !STILL.contains(w) || is_weak(w)).map_or(words.len(), |at| at + 1);
    let at = end - 1;
    let (word, before) = (words[at], if at > 0 { words[at - 1] } else { "" });
    match word {
        "pass" | "pw" | "psk" => Some(Sort::Password),
        "authorization" => Some(Sort::Header),
        "cookie" | "cookies" if end == words.len() => Some(Sort::Header),
        "auth" | "oauth" if end == words.len() => Some(Sort::Auth),
        "secret" | "secrets" if OBJECTS.contains(&before) => None,
        "key" => (!before.is_empty() && !PUBLIC_KEYS.contains(&before)).then_some(Sort::Weak),
        "keys" => SECRET_KEYS.contains(&before).then_some(Sort::Weak),
        "id" if secret_id(&words) => Some(Sort::Weak),
        _ => is_weak(word).then_some(Sort::Weak),
    }
}

/// Whether `key` is a secret behind this word and a space.
pub(super) fn makes_key_secret(word: &str) -> bool {
    SECRET_KEYS.iter().any(|w| word.eq_ignore_ascii_case(w))
}

/// The id that is one: of an AppRole, of an access key.
fn secret_id(words: &[&str]) -> bool {
    matches!(words, [.., "secret", "id"] | [.., "access", "key", "id"])
}

fn is_password(word: &str) -> bool {
    const NAMES: [&str; 10] = ["password", "passwords", "passwd", "passphrase", "passwort", "passcode", "kennwort", "contrasena", "senha", "pwd"];
    if NO_PASSWORDS.contains(&word) {
        return false;
    }
    if NAMES.iter().any(|name| word.ends_with(name)) || (word.len() > 4 && word.ends_with("pass")) || (word.len() > 3 && word.ends_with("pw")) {
        return true;
    }
    // `passwordhash`, but not `passwordpolicy`.
    let rest = NAMES.iter().find_map(|name| word.find(name).map(|at| &word[at + name.len()..]));
    rest.is_some_and(|rest| STILL.contains(&rest))
}

fn is_weak(word: &str) -> bool {
    const NAMES: [&str; 19] = [
        "token",
        "tokens",
        "secret",
        "secrets",
        "credential",
        "credentials",
        "creds",
        "cred",
        "jwt",
        "signature",
        "sig",
        "salt",
        "pepper",
        "mnemonic",
        "otp",
        "dsn",
        "jsessionid",
        "phpsessid",
        "bearer",
    ];
    NAMES.contains(&word)
        || ["token", "secret", "credentials", "apikeys"].iter().any(|name| word.ends_with(name))
        || (word.len() > 4 && word.ends_with("key") && !NO_KEYS.contains(&word))
}

/// The words of a name, in small letters and without digits at their ends: `dbPassword2` has `db` and `password`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ['-'; 2];
    for c in name.chars() {
        // `APIKey` is `api` and `key`: the last capital before small letters begins a word.
        if c.is_lowercase() && before[1].is_uppercase() && before[0].is_uppercase() {
            let first = words.last_mut().and_then(String::pop);
            words.push(first.into_iter().collect());
        }
        if !c.is_alphanumeric() || (c.is_uppercase() && (before[1].is_lowercase() || before[1].is_ascii_digit())) {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            // One small letter for each, so that the one taken back above is the one that was put there.
            word.push(c.to_lowercase().next().unwrap_or(c));
        }
        before = [before[1], c];
    }
    for word in &mut words {
        word.truncate(word.trim_end_matches(|c: char| c.is_ascii_digit()).len());
    }
    // What was only digits says which.
    words.retain(|word| !word.is_empty());
    words
}
