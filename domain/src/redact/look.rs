//! Texts that give themselves away as credentials, whatever they are called: private keys, signed tokens, keys of services
//! that many use, hashes of passwords, and long texts that look like chance.

use super::look_at;
use std::ops::Range;

/// What keys of services begin with, and how long they are at least.
const KNOWN: &[(&str, usize)] = &[
    ("1//0", 40),
    ("AGE-SECRET-KEY-1", 40),
    ("AIza", 35),
    ("AKCp", 40),
    ("AKIA", 16),
    ("ASIA", 16),
    ("ATATT3", 40),
    ("EAACEdEose0cBA", 20),
    ("GOCSPX-", 20),
    ("NRAK-", 20),
    ("PMAK-", 30),
    ("SG.", 30),
    ("cmVmd", 40),
    ("dckr_pat_", 20),
    ("doo_v1_", 30),
    ("dop_v1_", 30),
    ("dp.pt.", 30),
    ("eyJhdXRocyI6", 20),
    ("eyJrIjoi", 30),
    ("figd_", 30),
    ("gho_", 20),
    ("ghp_", 20),
    ("ghr_", 20),
    ("ghs_", 20),
    ("ghu_", 20),
    ("github_pat_", 22),
    ("glagent-", 20),
    ("glc_", 30),
    ("gldt-", 20),
    ("glpat-", 20),
    ("glptt-", 20),
    ("glrt-", 20),
    ("glsa_", 30),
    ("gsk_", 30),
    ("hf_", 30),
    ("hvb.", 24),
    ("hvs.", 24),
    ("lin_api_", 30),
    ("npm_", 30),
    ("nvapi-", 30),
    ("oy2", 43),
    ("pypi-", 30),
    ("rk_live_", 20),
    ("rk_test_", 20),
    ("rubygems_", 30),
    ("sbp_", 30),
    ("shpat_", 30),
    ("shpss_", 30),
    ("sk-ant-", 20),
    ("sk-proj-", 20),
    ("sk_live_", 20),
    ("sk_test_", 20),
    ("sntrys_", 30),
    ("sq0atp-", 20),
    ("sq0csp-", 20),
    ("whsec_", 20),
    ("xapp-", 20),
    ("xkeysib-", 30),
    ("xoxa-", 15),
    ("xoxb-", 15),
    ("xoxe-", 15),
    ("xoxp-", 15),
    ("xoxr-", 15),
    ("xoxs-", 15),
    ("ya29.", 30),
    // PEM private keys in base64: the five kinds there are.
    ("LS0tLS1CRUdJTiBQUklWQVRF", 24),
    ("LS0tLS1CRUdJTiBSU0EgUFJJ", 24),
    ("LS0tLS1CRUdJTiBFQyBQUklW", 24),
    ("LS0tLS1CRUdJTiBPUEVOU1NI", 24),
    ("LS0tLS1CRUdJTiBFTkNSWVBU", 24),
];
/// What hashes of passwords begin with.
const HASHES: [&str; 9] = ["$2a$", "$2b$", "$2y$", "$1$", "$5$", "$6$", "$y$", "$apr1$", "$argon2"];
/// Shortest hash.
const HASH: usize = 20;
/// Shortest text that can look like chance.
const LONG: usize = 32;
/// Bits per character, by how often each stands in the text, from which it looks like chance. Names have about four, and
/// what was drawn from 64 signs has more than four and a half.
const BITS: f64 = 4.25;
/// Share of neighbours that are of different kinds, from which a text looks like chance. Words have next to none, names
/// such as `ShopOrderService` one in five, and what was drawn nearly every second.
const MIXED: f64 = 0.25;

/// Finds credentials. Digests and other texts in hex are none: they name images and commits far more often than they
/// open anything.
pub(super) fn find(text: &str, found: &mut Vec<Range<usize>>) {
    look_at(text.len());
    let mut start = 0;
    for word in text.split(|c: char| !in_token(c)) {
        // Only these are long enough to be looked at, but for the key of a known service.
        let at = start + offset(text, start, word);
        if is_credential(word) {
            // `//` of an address is none of it.
            found.push(at + word.len() - word.trim_start_matches('/').len()..at + word.len());
        }
        start = at + word.len();
    }
    private_keys(text, found);
    hashes(text, found);
}

/// Where the next word begins behind `from`.
fn offset(text: &str, from: usize, word: &str) -> usize {
    word.as_ptr() as usize - text.as_ptr() as usize - from
}

/// What tokens are written with: base64 of both kinds, and the dots of a signed one. The `=` at the end of base64 also
/// stands between a name and its value.
fn in_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_' | '.')
}

/// Whether a word of the signs of tokens is a credential.
pub(super) fn is_credential(word: &str) -> bool {
    look_at(word.len());
    is_signed(word) || word.split('/').any(is_known) || word.split('.').any(is_chance)
}

/// Commits and digests in a path.
fn is_hex(part: &&str) -> bool {
    part.len() >= 20 && part.bytes().all(|b| b.is_ascii_hexdigit())
}

/// A JSON web token: three parts, of which the first two begin as every JSON object does.
fn is_signed(word: &str) -> bool {
    let begins = |part: Option<&str>| part.is_some_and(|p| p.starts_with("eyJ") && p.len() >= 10);
    // It may stand behind other words: `v1/eyJ…`.
    let Some(at) = word.find("eyJ") else { return false };
    let mut parts = word[at..].splitn(3, '.');
    begins(parts.next()) && begins(parts.next())
}

fn is_known(word: &str) -> bool {
    KNOWN.iter().any(|(start, length)| word.len() >= *length && word.starts_with(start)) || is_open_ai(word)
}

/// `sk-` is also how names of packages begin, so the rest has to look drawn.
fn is_open_ai(word: &str) -> bool {
    word.strip_prefix("sk-").is_some_and(|rest| {
        rest.len() >= 20 && rest.bytes().any(|b| b.is_ascii_digit()) && (rest.bytes().any(|b| b.is_ascii_uppercase()) || !rest.contains('-'))
    })
}

fn is_chance(word: &str) -> bool {
    if word.len() < LONG {
        return false;
    }
    // In a path with a commit the rest is judged alone.
    let rest: String;
    let word = if word.split('/').any(|part| is_hex(&part)) {
        rest = word.split('/').filter(|part| !is_hex(part)).collect::<Vec<_>>().join("/");
        &rest
    } else {
        word
    };
    if word.len() < LONG {
        return false;
    }
    let has = |kind: fn(&u8) -> bool| word.as_bytes().iter().any(kind);
    let of_all_kinds = has(u8::is_ascii_digit) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    of_all_kinds && mixed(word) >= MIXED && bits(word) >= BITS
}

/// Share of neighbours of which one is a digit or small and the other is not; a small letter after a large one begins a word.
#[expect(clippy::cast_precision_loss, reason = "a text that is looked at has far fewer than 2^52 bytes")]
fn mixed(word: &str) -> f64 {
    let differ = |pair: &[u8]| match (pair[0], pair[1]) {
        (a, b) if a.is_ascii_digit() => b.is_ascii_alphabetic(),
        (a, b) if a.is_ascii_alphabetic() && b.is_ascii_digit() => true,
        (a, b) => a.is_ascii_lowercase() && b.is_ascii_uppercase(),
    };
    word.as_bytes().windows(2).filter(|pair| differ(pair)).count() as f64 / word.len() as f64
}

/// Bits per character.
#[expect(clippy::cast_precision_loss, reason = "a text that is looked at has far fewer than 2^52 bytes")]
fn bits(word: &str) -> f64 {
    let mut counts = [0_usize; 256];
    for byte in word.bytes() {
        counts[usize::from(byte)] += 1;
    }
    counts.into_iter().filter(|n| *n > 0).map(|n| n as f64 / word.len() as f64).map(|share| -share * share.log2()).sum()
}

/// PEM blocks of private keys, and the rest of the text where one does not end.
fn private_keys(text: &str, found: &mut Vec<Range<usize>>) {
    const BEGIN: &str = "-----BEGIN ";
    let mut from = 0;
    while let Some(at) = text[from..].find(BEGIN).map(|at| from + at) {
        let behind = at + BEGIN.len();
        // `RSA PRIVATE KEY-----`, `PGP PRIVATE KEY BLOCK-----`
        let label = text[behind..].find("-----").filter(|n| *n <= 40).map(|n| &text[behind..behind + n]);
        from = behind;
        if label.is_none_or(|label| label.contains("PRIVATE KEY"))
            && (label.is_some() || text[behind..].chars().take(40).collect::<String>().contains("PRIVATE"))
        {
            let end = text[behind..].find("-----END ").map(|n| behind + n + "-----END ".len());
            let end = end.and_then(|end| text[end..].find("-----").map(|n| end + n + 5)).unwrap_or(text.len());
            found.push(at..end);
            from = end;
        }
    }
}

/// Hashes as `/etc/shadow` and `htpasswd` keep them.
fn hashes(text: &str, found: &mut Vec<Range<usize>>) {
    let mut from = 0;
    while let Some(at) = text[from..].find('$').map(|at| from + at) {
        from = at + 1;
        if HASHES.iter().any(|sign| text[at..].starts_with(sign)) {
            let end = text[at..].find(|c: char| !(in_token(c) || matches!(c, '$' | '=' | ','))).map_or(text.len(), |n| at + n);
            if end - at >= HASH {
                found.push(at..end);
            }
            from = end;
        }
    }
}
