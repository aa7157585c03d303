//! The outer form of certificates and keys (RFC 7468). What is inside is for the API server and the ingress to judge.

use crate::form::PemFault;

/// The byte order mark that editors of Windows put before a text.
pub(super) const MARK: char = '\u{feff}';

/// The labels of the blocks of a PEM text, in order; an error says what is wrong with its form.
pub(super) fn labels(text: &str) -> Result<Vec<&str>, PemFault> {
    let mut found = Vec::new();
    let mut open: Option<(&str, bool)> = None;
    for line in text.lines().map(|line| line.trim_matches(MARK).trim()) {
        let begin = line.strip_prefix("-----BEGIN ").and_then(|l| l.strip_suffix("-----"));
        let end = line.strip_prefix("-----END ").and_then(|l| l.strip_suffix("-----"));
        match (open, begin, end) {
            (None, Some(label), _) => open = Some((label, false)),
            (Some(_), Some(_), _) => return Err(PemFault::Nested),
            (Some((label, true)), _, Some(last)) if label == last => {
                found.push(label);
                open = None;
            }
            (Some((_, false)), _, Some(_)) => return Err(PemFault::EmptyBlock),
            (Some(_), _, Some(_)) => return Err(PemFault::LabelsDiffer),
            (None, _, Some(_)) => return Err(PemFault::EndWithoutBegin),
            // Encrypted keys of old have headers such as Proc-Type before the base64.
            (Some((label, _)), ..) if line.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=')) => {
                open = Some((label, !line.is_empty() || matches!(open, Some((_, true)))))
            }
            (Some(_), ..) if line.contains(": ") => {}
            (Some(_), ..) => return Err(PemFault::NotBase64),
            // Text between blocks is allowed, as `openssl` writes it.
            (None, None, None) => {}
        }
    }
    if open.is_some() { Err(PemFault::NoEnd) } else { Ok(found) }
}

/// Whether a block is a private key; its label says of which type.
pub(super) fn is_key(label: &str) -> bool {
    label == "PRIVATE KEY" || label.ends_with(" PRIVATE KEY")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn blocks_are_found() {
        let cert = "-----BEGIN CERTIFICATE-----\nMIIB\nAA==\n-----END CERTIFICATE-----\n";
        assert_eq!(labels(cert), Ok(vec!["CERTIFICATE"]));
        assert_eq!(labels(&cert.repeat(3)).map(|l| l.len()), Ok(3));
        assert_eq!(labels(&format!("subject=CN = x\r\n{}", cert.replace('\n', "\r\n"))), Ok(vec!["CERTIFICATE"]));
        assert_eq!(labels(&format!("{MARK}{cert}{MARK}{cert}")).map(|l| l.len()), Ok(2));
        assert_eq!(labels("MIIB"), Ok(vec![]));
        assert!(labels("-----BEGIN CERTIFICATE-----\nMIIB\n").is_err());
        assert!(labels("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n").is_err());
        assert!(labels("-----BEGIN A-----\nMIIB\n-----END B-----\n").is_err());
        assert!(labels("-----BEGIN CERTIFICATE-----\nM<IB\n-----END CERTIFICATE-----\n").is_err());
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in "(-----(BEGIN|END) [A-Z ]{0,5}-----\n|[A-Za-z:]{0,5}\n){0,12}") {
            let _ = labels(&text);
        }
    }
}
