//! The outer form of certificates and keys (RFC 7468). What is inside is for the API server and the ingress to judge.

use crate::form::PemFault;

/// The byte order mark that editors of Windows put before a text.
pub(super) const MARK: char = '\u{feff}';

/// What a block holds, by its label and headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Block {
    Certificate,
    PrivateKey {
        /// It needs a passphrase.
        encrypted: bool,
    },
    Other,
}

impl Block {
    pub(super) const fn is_key(self) -> bool {
        matches!(self, Self::PrivateKey { .. })
    }

    fn of(label: &str, encrypted: bool) -> Self {
        match label {
            "CERTIFICATE" => Self::Certificate,
            key if key == "PRIVATE KEY" || key.ends_with(" PRIVATE KEY") => Self::PrivateKey { encrypted: encrypted || key.starts_with("ENCRYPTED") },
            _ => Self::Other,
        }
    }
}

/// A block that has begun.
#[derive(Clone, Copy)]
struct Open<'a> {
    label: &'a str,
    /// It has base64.
    filled: bool,
    /// A header says that it is encrypted.
    encrypted: bool,
}

/// The blocks of a PEM text, in order; an error says what is wrong with its form.
pub(super) fn blocks(text: &str) -> Result<Vec<Block>, PemFault> {
    let mut found = Vec::new();
    let mut open: Option<Open<'_>> = None;
    for line in text.lines().map(|line| line.trim_matches(MARK).trim()) {
        let begin = line.strip_prefix("-----BEGIN ").and_then(|l| l.strip_suffix("-----"));
        let end = line.strip_prefix("-----END ").and_then(|l| l.strip_suffix("-----"));
        match (&mut open, begin, end) {
            (None, Some(label), _) => open = Some(Open { label, filled: false, encrypted: false }),
            (Some(_), Some(_), _) => return Err(PemFault::Nested),
            (Some(block), _, Some(last)) if block.filled && block.label == last => {
                found.push(Block::of(block.label, block.encrypted));
                open = None;
            }
            (Some(Open { filled: false, .. }), _, Some(_)) => return Err(PemFault::EmptyBlock),
            (Some(_), _, Some(_)) => return Err(PemFault::LabelsDiffer),
            (None, _, Some(_)) => return Err(PemFault::EndWithoutBegin),
            (Some(block), ..) if line.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=')) => block.filled |= !line.is_empty(),
            // Encrypted keys of old have headers before the base64.
            (Some(block), ..) if line.contains(": ") => block.encrypted |= line.starts_with("Proc-Type: 4,ENCRYPTED"),
            (Some(_), ..) => return Err(PemFault::NotBase64),
            // Text between blocks is allowed, as `openssl` writes it.
            (None, None, None) => {}
        }
    }
    if open.is_some() { Err(PemFault::NoEnd) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn blocks_are_found() {
        let cert = "-----BEGIN CERTIFICATE-----\nMIIB\nAA==\n-----END CERTIFICATE-----\n";
        assert_eq!(blocks(cert), Ok(vec![Block::Certificate]));
        assert_eq!(blocks(&cert.repeat(3)).map(|l| l.len()), Ok(3));
        assert_eq!(blocks(&format!("subject=CN = x\r\n{}", cert.replace('\n', "\r\n"))), Ok(vec![Block::Certificate]));
        assert_eq!(blocks(&format!("{MARK}{cert}{MARK}{cert}")).map(|l| l.len()), Ok(2));
        assert_eq!(blocks("MIIB"), Ok(vec![]));
        assert!(blocks("-----BEGIN CERTIFICATE-----\nMIIB\n").is_err());
        assert!(blocks("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n").is_err());
        assert!(blocks("-----BEGIN A-----\nMIIB\n-----END B-----\n").is_err());
        assert!(blocks("-----BEGIN CERTIFICATE-----\nM<IB\n-----END CERTIFICATE-----\n").is_err());
    }

    #[test]
    fn a_key_is_told_from_an_encrypted_one_and_from_a_public_one() {
        let block = |label: &str, headers: &str| blocks(&format!("-----BEGIN {label}-----\n{headers}MIIB\n-----END {label}-----\n")).map(|found| found[0]);
        assert_eq!(block("PRIVATE KEY", ""), Ok(Block::PrivateKey { encrypted: false }));
        assert_eq!(block("EC PRIVATE KEY", ""), Ok(Block::PrivateKey { encrypted: false }));
        assert_eq!(block("ENCRYPTED PRIVATE KEY", ""), Ok(Block::PrivateKey { encrypted: true }));
        assert_eq!(block("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n"), Ok(Block::PrivateKey { encrypted: true }));
        assert_eq!(block("PUBLIC KEY", ""), Ok(Block::Other));
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in "(-----(BEGIN|END) [A-Z ]{0,5}-----\n|[A-Za-z:]{0,5}\n){0,12}") {
            let _ = blocks(&text);
        }
    }
}
