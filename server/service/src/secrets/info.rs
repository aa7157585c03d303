//! What may be told of a secret.

use super::users::Users;
use crate::ports::StoredSecret;
use crate::{certificate, key_pair};
use domain::Namespace;
use domain::form::PrivateKeyWrong;
use domain::secret::{CertificateInfo, KeyInfo, SecretInfo, SecretKind, SecretValue, registry_hosts};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Hexadecimal digits of a fingerprint.
pub(super) const FINGERPRINT_DIGITS: usize = 12;

/// Equal values of a namespace look equal, under whichever key and name; nothing else shows, because the key never
/// leaves the store. The namespace goes in, or a member of one team could try out values of another in a secret of
/// their own. It has no zero byte, so that no two pairs are the same text.
pub(super) fn fingerprint(key: &[u8; 32], namespace: &Namespace, value: &SecretValue) -> String {
    let Ok(mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
    let mac = mac.chain_update(namespace.as_str()).chain_update([0]).chain_update(value.expose());
    let mut text = hex::encode(mac.finalize().into_bytes());
    text.truncate(FINGERPRINT_DIGITS);
    text
}

/// What may be told. The values are wiped when `stored` goes at the end.
pub(super) fn info(key: &[u8; 32], namespace: &Namespace, stored: StoredSecret, users: &mut Users) -> SecretInfo {
    let keys = stored.data.iter().map(|(name, value)| KeyInfo {
        key: name.clone(),
        size: u32::try_from(value.len()).unwrap_or(u32::MAX),
        binary: is_binary(value.expose()),
        fingerprint: fingerprint(key, namespace, value),
    });
    SecretInfo {
        namespace: namespace.clone(),
        fault: fault(&stored),
        version: stored.resource_version.clone(),
        hosts: hosts(&stored),
        keys: keys.collect(),
        users: users.take(&stored.name, stored.changed),
        changed: stored.changed,
        certificate: own_certificate(&stored),
        name: stored.name,
        kind: stored.kind,
        created: stored.created,
        managed_by: stored.managed_by,
        immutable: stored.immutable,
    }
}

/// The certificate of a TLS secret.
fn own_certificate(stored: &StoredSecret) -> Option<CertificateInfo> {
    if stored.kind != SecretKind::Tls.kubernetes() {
        return None;
    }
    certificate::read(stored.data.get("tls.crt")?.expose())
}

/// Whether a value is no text that a person could read.
fn is_binary(value: &[u8]) -> bool {
    std::str::from_utf8(value).map_or(true, |text| text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')))
}

/// The registries that a secret has credentials for: names of hosts, without the credentials.
pub(super) fn hosts(stored: &StoredSecret) -> Vec<String> {
    if stored.kind != SecretKind::DockerRegistry.kubernetes() {
        return Vec::new();
    }
    stored.data.get(".dockerconfigjson").map(registry_hosts).unwrap_or_default()
}

/// What is wrong with the pair among these keys, where both halves are there.
pub(super) fn strange_key<'a>(data: impl Iterator<Item = (&'a str, &'a SecretValue)> + Clone) -> Option<PrivateKeyWrong> {
    let half = |name: &str| data.clone().find(|(key, _)| *key == name).map(|(_, value)| value.expose());
    key_pair::problem(half("tls.crt")?, half("tls.key")?)
}

/// What a person should know of a secret as it is.
fn fault(stored: &StoredSecret) -> Option<String> {
    let is_pair = stored.kind == SecretKind::Tls.kubernetes();
    let strange = is_pair && strange_key(stored.data.iter().map(|(key, value)| (key.as_str(), value))).is_some();
    strange.then(|| "tls.key doesn't match tls.crt. Ingress controllers serve a default certificate instead. Replace the outdated one.".to_owned())
}
