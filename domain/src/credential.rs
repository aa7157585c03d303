//! Texts that give themselves away as credentials, whatever they are called: private keys, signed tokens, keys of services
//! that many use, and long texts that look like chance.

/// What keys of services begin with, and how long they are at least.
const KNOWN: [(&str, usize); 15] = [
    ("AKIA", 20),
    ("ASIA", 20),
    ("AIza", 35),
    ("SG.", 30),
    ("ghp_", 20),
    ("gho_", 20),
    ("ghs_", 20),
    ("github_pat_", 22),
    ("glpat-", 20),
    ("npm_", 30),
    ("pypi-", 30),
    ("rk_live_", 20),
    ("sk_live_", 20),
    ("xoxb-", 20),
    ("xoxp-", 20),
];
/// Shortest text that can look like chance.
const LONG: usize = 32;
/// Bits per character, by how often each stands in the text, from which it looks like chance. Names have about four, and
/// what was drawn from 64 signs has more than four and a half.
const BITS: f64 = 4.25;
/// Share of neighbours that are of different kinds, from which a text looks like chance. Words have next to none, names
/// such as `ShopOrderService` one in five, and what was drawn nearly every second.
const MIXED: f64 = 0.25;

/// Whether a credential stands in the text. Digests and other texts in hex are none: they name images and commits far more
/// often than they open anything.
#[must_use]
pub fn is_credential(text: &str) -> bool {
    text.contains("PRIVATE KEY") || text.split(|c: char| !in_token(c)).any(|word| is_signed(word) || is_known(word) || word.split('.').any(is_chance))
}

/// What tokens are written with: base64 of both kinds, and the dots of a signed one. The `=` at the end of base64 also
/// stands between a name and its value.
fn in_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_' | '.')
}

/// A JSON web token: three parts, of which the first two begin as every JSON object does.
fn is_signed(word: &str) -> bool {
    let parts: Vec<_> = word.splitn(3, '.').collect();
    let begins = |part: &str| part.starts_with("eyJ") && part.len() >= 10;
    matches!(*parts, [head, body, _] if begins(head) && begins(body))
}

fn is_known(word: &str) -> bool {
    KNOWN.iter().any(|(start, length)| word.starts_with(start) && word.len() >= *length)
}

fn is_chance(word: &str) -> bool {
    let has = |kind: fn(&u8) -> bool| word.as_bytes().iter().any(kind);
    let of_all_kinds = has(u8::is_ascii_digit) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    word.len() >= LONG && of_all_kinds && mixed(word) >= MIXED && bits(word) >= BITS
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn credentials_are_known_by_themselves() {
        for text in [
            "-----BEGIN RSA PRIVATE KEY-----\nMIIE",
            "-----BEGIN PRIVATE KEY-----",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
            "AKIAIOSFODNN7EXAMPLE",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCY3X4MPL3K3Y",
            "ghp_0123456789abcdefghijABCDEFGHIJ012345",
            "AccountName=a;AccountEnding=q3Vt5Zb0xK8sYd1LmRw7PcUe2HgTn4Af9JoDiBk6==",
        ] {
            assert!(is_credential(text), "{text}");
        }
    }

    #[test]
    fn what_people_write_stays() {
        for text in [
            "",
            "fast",
            "postgres://db.example.org:5432/shop",
            "https://portal.example.org/a/very/long/path/that/goes/On/and/On/2?with=words&and=more",
            "com.example.shop.orders.infrastructure.PostgresOrderRepositoryFactoryBeanV2",
            "-XX:+UseG1GC -XX:MaxGCPauseMillis=200 -Djava.security.egd=file:/dev/./urandom",
            "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
            "2026-11-21T05:04:03.123456789Z",
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "redis-master-0.redis-headless.web.svc.cluster.local:6379,redis-master-1.redis-headless.web.svc.cluster.local:6379",
            "my-very-long-application-7d9f8b6c5d-x2x4z",
            "-----BEGIN CERTIFICATE-----",
        ] {
            assert!(!is_credential(text), "{text}");
        }
    }

    /// Texts drawn evenly from the signs of base64, so long that none of them looks like words by accident.
    fn drawn() -> impl Strategy<Value = String> {
        let signs = |more: &str| ('A'..='Z').chain('a'..='z').chain('0'..='9').chain(more.chars()).collect::<Vec<_>>();
        let text = |signs| proptest::collection::vec(proptest::sample::select(signs), 160..256).prop_map(String::from_iter);
        prop_oneof![text(signs("+/")), text(signs("-_"))]
    }

    proptest! {
        #[test]
        fn what_was_drawn_by_chance_is_known_wherever_it_stands(drawn in drawn(), before in "[a-z ]{0,12}[ =:,;\"']") {
            let text = format!("{before}{drawn}");
            prop_assert!(is_credential(&text), "{}", text);
        }

        #[test]
        fn words_and_numbers_are_never_taken_for_chance(words in proptest::collection::vec("[a-z]{1,12}|[0-9]{1,6}|[A-Z][a-z]{1,8}", 1..40), between in "[ ,;:=_./-]") {
            let text = words.join(&between);
            prop_assert!(!is_credential(&text), "{}", text);
        }
    }
}
