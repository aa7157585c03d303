//! Whether a private key is the one of its certificate. A controller that is given a pair that does not fit serves its own
//! certificate instead, and says so in its log only.

use domain::form::PrivateKeyWrong;
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::{Error, InconsistentKeys};
use zeroize::Zeroize as _;

/// What is wrong with a pair in PEM form. A key or certificate that cannot be read here is for the controller to judge.
pub(crate) fn problem(certificate: &[u8], key: &[u8]) -> Option<PrivateKeyWrong> {
    // The first certificate is the server's own (RFC 8446, section 4.4.2).
    let first = CertificateDer::from_pem_slice(certificate).ok()?;
    let mut der = PrivateKeyDer::from_pem_slice(key).ok()?;
    let signing = any_supported_type(&der);
    der.zeroize();
    match CertifiedKey::new(vec![first], signing.ok()?).keys_match() {
        Err(Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) => Some(PrivateKeyWrong::OfAnotherCertificate),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    /// A certificate with its key.
    fn pair(algorithm: &[&str]) -> (String, String) {
        let made =
            Command::new("openssl").args(["req", "-x509", "-nodes", "-days", "1", "-subj", "/CN=web", "-keyout", "-", "-newkey"]).args(algorithm).output();
        let text = String::from_utf8(made.unwrap().stdout).unwrap();
        let begins = text.find("-----BEGIN CERTIFICATE").unwrap();
        (text[begins..].to_owned(), text[..begins].to_owned())
    }

    #[test]
    fn a_key_is_refused_beside_the_certificate_of_another_one() {
        let curve: &[&str] = &["ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
        let pairs = [pair(curve), pair(curve), pair(&["rsa:2048"]), pair(&["ed25519"])];
        for (n, (certificate, _)) in pairs.iter().enumerate() {
            for (m, (_, key)) in pairs.iter().enumerate() {
                let found = problem(certificate.as_bytes(), key.as_bytes());
                assert_eq!(found.is_some(), n != m, "certificate {n} with key {m}");
            }
        }
    }

    #[test]
    fn what_cannot_be_read_here_is_not_refused() {
        let (certificate, key) = pair(&["rsa:2048"]);
        let broken = "-----BEGIN CERTIFICATE-----\nMIIBAA==\n-----END CERTIFICATE-----\n";
        assert_eq!(problem(broken.as_bytes(), key.as_bytes()), None);
        assert_eq!(problem(certificate.as_bytes(), broken.as_bytes()), None);
        // A curve that the library does not know.
        let (other, strange) = pair(&["ec", "-pkeyopt", "ec_paramgen_curve:secp521r1"]);
        assert_eq!(problem(other.as_bytes(), strange.as_bytes()), None);
        assert_eq!(problem(certificate.as_bytes(), strange.as_bytes()), None);
    }
}
