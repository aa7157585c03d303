//! What is public of a certificate: for whom it is, and until when. A walk over its DER (X.690) that reads nothing else, and
//! trusts no length.

use domain::UnixMs;
use domain::secret::CertificateInfo;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

/// Most names, and most characters of one.
const NAMES: usize = 20;
const NAME: usize = 253;

const SEQUENCE: u8 = 0x30;
const OID: u8 = 0x06;
const OCTETS: u8 = 0x04;
const UTC_TIME: u8 = 0x17;
const GENERAL_TIME: u8 = 0x18;
/// `[0]` version, `[3]` extensions, and in a list of names `[2]` a host and `[7]` an address.
const VERSION: u8 = 0xa0;
const EXTENSIONS: u8 = 0xa3;
const DNS: u8 = 0x82;
/// id-ce-subjectAltName and id-at-commonName.
const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1d, 0x11];
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];

/// The rest of a value that is read from its front.
#[derive(Clone, Copy)]
struct Der<'a>(&'a [u8]);

impl<'a> Der<'a> {
    /// Tag and content of the next element.
    fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let (tag, rest) = self.0.split_first()?;
        let (first, rest) = rest.split_first()?;
        let (length, rest) = match *first {
            short @ 0..=0x7f => (usize::from(short), rest),
            long @ 0x81..=0x84 => {
                let (bytes, rest) = rest.split_at_checked(usize::from(long & 0x7f))?;
                (bytes.iter().fold(0, |n, b| n << 8 | usize::from(*b)), rest)
            }
            _ => return None,
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((*tag, content))
    }

    /// The content of the next element, if it has this tag.
    fn of(&mut self, wanted: u8) -> Option<&'a [u8]> {
        self.next().filter(|(tag, _)| *tag == wanted).map(|(_, content)| content)
    }
}

/// Reads the first certificate of a text in PEM form.
pub(crate) fn read(pem: &[u8]) -> Option<CertificateInfo> {
    let first = CertificateDer::from_pem_slice(pem).ok()?;
    let whole = Der(first.as_ref()).of(SEQUENCE)?;
    let mut body = Der(Der(whole).of(SEQUENCE)?);
    let mut peek = body;
    if peek.next()?.0 == VERSION {
        body = peek;
    }
    // Serial number, algorithm, issuer.
    for _ in 0..3 {
        body.next()?;
    }
    let mut validity = Der(body.of(SEQUENCE)?);
    validity.next()?;
    let (kind, text) = validity.next()?;
    let expires = moment(kind, text)?;
    let subject = body.of(SEQUENCE)?;
    let names = std::iter::from_fn(|| body.next()).find(|(tag, _)| *tag == EXTENSIONS).and_then(|(_, list)| hosts(list));
    let names = names.filter(|names| !names.is_empty()).unwrap_or_else(|| common_name(subject).into_iter().collect());
    Some(CertificateInfo { names, expires })
}

fn hosts(extensions: &[u8]) -> Option<Vec<String>> {
    let mut list = Der(Der(extensions).of(SEQUENCE)?);
    while let Some((SEQUENCE, extension)) = list.next() {
        let mut parts = Der(extension);
        if parts.of(OID)? != SUBJECT_ALT_NAME {
            continue;
        }
        let (_, octets) = std::iter::from_fn(|| parts.next()).find(|(tag, _)| *tag == OCTETS)?;
        let mut names = Der(Der(octets).of(SEQUENCE)?);
        return Some(std::iter::from_fn(|| names.next()).filter(|(tag, _)| *tag == DNS).filter_map(|(_, name)| clean(name)).take(NAMES).collect());
    }
    None
}

/// The name of old certificates, which have no list of hosts.
fn common_name(subject: &[u8]) -> Option<String> {
    let mut sets = Der(subject);
    std::iter::from_fn(|| sets.next()).find_map(|(_, set)| {
        let mut pair = Der(Der(set).of(SEQUENCE)?);
        if pair.of(OID)? != COMMON_NAME {
            return None;
        }
        clean(pair.next()?.1)
    })
}

fn clean(name: &[u8]) -> Option<String> {
    let text: String = std::str::from_utf8(name).ok()?.chars().filter(|c| !c.is_control()).take(NAME).collect();
    (!text.is_empty()).then_some(text)
}

/// `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ` (RFC 5280, section 4.1.2.5).
fn moment(kind: u8, text: &[u8]) -> Option<UnixMs> {
    let digits = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (year, rest) = match (kind, digits.len()) {
        (UTC_TIME, 12) => {
            let short: i64 = digits[..2].parse().ok()?;
            (if short < 50 { 2000 + short } else { 1900 + short }, &digits[2..])
        }
        (GENERAL_TIME, 14) => (digits[..4].parse().ok()?, &digits[4..]),
        _ => return None,
    };
    let part = |n: usize| rest[n * 2..n * 2 + 2].parse::<i64>().ok();
    let (month, day, hour, minute, second) = (part(0)?, part(1)?, part(2)?, part(3)?, part(4)?);
    // Days since 1970 of the proleptic Gregorian calendar, with years that begin in March.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * y + y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400) + (153 * m + 2) / 5 + day - 1 - 719_468;
    Some(UnixMs((((days * 24 + hour) * 60 + minute) * 60 + second) * 1000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    fn made(more: &[&str]) -> Vec<u8> {
        let base = ["req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-keyout", "/dev/null"];
        Command::new("openssl").args(base).args(more).output().unwrap().stdout
    }

    #[test]
    fn hosts_and_the_end_are_read() {
        let named = read(&made(&["-days", "10", "-subj", "/CN=web", "-addext", "subjectAltName=DNS:a.example.org,IP:10.0.0.1,DNS:*.b.example.org"])).unwrap();
        assert_eq!(named.names, ["a.example.org", "*.b.example.org"]);
        let now = i64::try_from(std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap();
        assert!((named.expires.0 - now - 10 * 86_400_000).abs() < 600_000, "{}", named.expires.rfc3339());
        // Behind 2049 in the longer form.
        let old = read(&made(&["-days", "30000", "-subj", "/O=x/CN=old.example.org"])).unwrap();
        assert_eq!(old.names, ["old.example.org"]);
        assert!((old.expires.0 - now - 30_000 * 86_400_000).abs() < 600_000, "{}", old.expires.rfc3339());
    }

    #[test]
    fn both_forms_of_a_moment_are_read_and_no_other() {
        let at = |kind, text: &str| moment(kind, text.as_bytes()).map(UnixMs::rfc3339);
        assert_eq!(at(UTC_TIME, "240229120000Z").as_deref(), Some("2024-02-29T12:00:00Z"));
        assert_eq!(at(UTC_TIME, "991231235959Z").as_deref(), Some("1999-12-31T23:59:59Z"));
        assert_eq!(at(GENERAL_TIME, "20991231235959Z").as_deref(), Some("2099-12-31T23:59:59Z"));
        for (kind, text) in [(UTC_TIME, "20991231235959Z"), (UTC_TIME, "240229120000"), (GENERAL_TIME, "2099123123595xZ"), (OID, "240229120000Z")] {
            assert_eq!(at(kind, text), None, "{text}");
        }
    }

    #[test]
    fn no_piece_of_a_certificate_is_too_strange() {
        let pem = made(&["-days", "1", "-subj", "/CN=web", "-addext", "subjectAltName=DNS:a"]);
        let der = CertificateDer::from_pem_slice(&pem).unwrap().to_vec();
        for length in 0..der.len() {
            for change in [0, 0x7f, 0x80, 0x84, 0xff] {
                let mut broken = der.clone();
                broken[length] = change;
                let text = format!(
                    "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
                    base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &broken)
                );
                let _ = read(text.as_bytes());
            }
        }
    }
}
