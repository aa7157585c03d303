//! Secrets: what may be told of them, and writing them. A value goes to the API server and nowhere else.

use crate::access::{Operator, Viewer};
use crate::error::{Failure, Outcome, sent};
use crate::portal::Portal;
use crate::ports::{ClusterError, StoredSecret, World};
use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use domain::facts::AppFacts;
use domain::secret::{KeyInfo, MAX_SECRET_BYTES, SecretForm, SecretInfo, SecretUser, SecretValue};
use domain::{Code, FieldError, KeyName, Namespace, SecretName};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::collections::BTreeMap;

/// Most users told of one secret.
const MAX_USERS: usize = 100;
/// Hexadecimal digits of a fingerprint.
const FINGERPRINT_DIGITS: usize = 12;
/// Reads base64 with or without padding, as browsers and tools write it.
const LENIENT: GeneralPurpose =
    GeneralPurpose::new(&base64::alphabet::STANDARD, GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent));

fn decode(text: &str) -> Option<Vec<u8>> {
    LENIENT.decode(text.trim()).ok()
}

fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Equal values of a namespace look equal, under whichever key and name; nothing else shows, because the key never
/// leaves the store. The namespace goes in, or a member of one team could try out values of another in a secret of
/// their own. It has no zero byte, so that no two pairs are the same text.
fn fingerprint(key: &[u8; 32], namespace: &Namespace, value: &SecretValue) -> String {
    let Ok(mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
    let mac = mac.chain_update(namespace.as_str()).chain_update([0]).chain_update(value.expose());
    let mut text = hex::encode(mac.finalize().into_bytes());
    text.truncate(FINGERPRINT_DIGITS);
    text
}

/// Who uses which secret of a namespace.
struct Users(BTreeMap<String, Vec<SecretUser>>);

impl Users {
    fn of(world: &World, namespace: &Namespace) -> Self {
        let mut users = Self(BTreeMap::new());
        for facts in world.namespaces.get(namespace).iter().flat_map(|n| n.apps.values()) {
            users.add_app(facts);
        }
        users
    }

    fn add_app(&mut self, facts: &AppFacts) {
        let workload = &facts.workload;
        for reference in &workload.secrets {
            self.add(facts, &reference.name, reference.how.clone());
        }
        for name in &workload.pull_secrets {
            self.add(facts, name, "pull secret".into());
        }
        for ingress in &facts.ingresses {
            for name in ingress.tls.iter().filter_map(|(_, secret)| secret.as_ref()) {
                self.add(facts, name, format!("ingress {}", ingress.name));
            }
        }
    }

    fn add(&mut self, facts: &AppFacts, name: &str, how: String) {
        let users = self.0.entry(name.to_owned()).or_default();
        let user = SecretUser { app: facts.workload.id.clone(), how };
        if users.len() < MAX_USERS && !users.contains(&user) {
            users.push(user);
        }
    }

    fn take(&mut self, name: &str) -> Vec<SecretUser> {
        self.0.remove(name).unwrap_or_default()
    }
}

/// What may be told. The values are wiped when `stored` goes at the end.
fn info(key: &[u8; 32], namespace: &Namespace, stored: StoredSecret, users: &mut Users) -> SecretInfo {
    let keys = stored.data.iter().map(|(name, value)| KeyInfo {
        key: name.clone(),
        size: u32::try_from(value.len()).unwrap_or(u32::MAX),
        fingerprint: fingerprint(key, namespace, value),
    });
    SecretInfo {
        namespace: namespace.clone(),
        keys: keys.collect(),
        users: users.take(&stored.name),
        name: stored.name,
        kind: stored.kind,
        created: stored.created,
        managed_by: stored.managed_by,
        immutable: stored.immutable,
    }
}

fn target(namespace: &Namespace, name: &SecretName) -> String {
    format!("{namespace}/secret/{name}")
}

/// Why a secret that is `immutable: true` stays as it is.
fn refuse_immutable(stored: &StoredSecret) -> Outcome<()> {
    if stored.immutable {
        let sentence = format!(
            "Secret {} is immutable: Kubernetes lets nobody change it. Create another secret with the new value and let the apps use that one.",
            stored.name
        );
        return Err(Failure::told(Code::Conflict, sentence));
    }
    Ok(())
}

fn key_name(key: &str) -> Outcome<KeyName> {
    KeyName::parse(key).map_err(|error| Failure::fields(vec![FieldError::new("key", error.to_string())]))
}

impl Portal {
    /// The secrets of a namespace, by name, without any value.
    ///
    /// # Errors
    /// Where the cluster refuses or does not answer.
    pub async fn secrets(&self, viewer: &Viewer<'_>) -> Outcome<Vec<SecretInfo>> {
        let namespace = viewer.namespace();
        let stored = self.cluster().secrets(namespace).await?;
        let mut users = Users::of(&self.world(), namespace);
        let mut infos = stored.into_iter().map(|s| info(self.fingerprint_key(), namespace, s, &mut users)).collect::<Vec<_>>();
        infos.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(infos)
    }

    /// One secret, without any value.
    ///
    /// # Errors
    /// Where there is no such secret, or the cluster refuses or does not answer.
    pub async fn secret(&self, viewer: &Viewer<'_>, name: &SecretName) -> Outcome<SecretInfo> {
        let namespace = viewer.namespace();
        let stored = self.cluster().secret(namespace, name).await?;
        Ok(info(self.fingerprint_key(), namespace, stored, &mut Users::of(&self.world(), namespace)))
    }

    /// Creates a secret from the form.
    ///
    /// # Errors
    /// The fields that need a change, or why the cluster refused.
    pub async fn create_secret(&self, operator: &Operator<'_>, form: SecretForm) -> Outcome<SecretName> {
        let spec = form.parse(operator.namespace().clone(), decode, encode).map_err(Failure::fields)?;
        let keys = spec.data.keys().map(KeyName::as_str).collect::<Vec<_>>().join(", ");
        let detail = format!("{} with {keys}", spec.kind.kubernetes());
        let name = spec.name.clone();
        let done = |portal: Self| async move {
            match portal.cluster().create_secret(&spec).await {
                Err(ClusterError::Conflict(_)) => {
                    let sentence = format!("A secret {} exists already in namespace {}. Choose another name, or change that one.", spec.name, spec.namespace);
                    Err(Failure::Told(domain::Problem {
                        fields: vec![FieldError::new("name", sentence.clone())],
                        ..domain::Problem::new(Code::Conflict, sentence)
                    }))
                }
                other => sent("the list of secrets", other),
            }
        };
        self.audited(operator.actor(), "secret.create", &target(operator.namespace(), &name), &detail, done).await?;
        Ok(name)
    }

    /// Sets one key of a secret; the value before is lost.
    ///
    /// # Errors
    /// Where the key is no key, the secret would be too large or is immutable, or the cluster refuses.
    pub async fn set_secret_key(&self, operator: &Operator<'_>, name: &SecretName, key: &str, value: SecretValue) -> Outcome<()> {
        let key = key_name(key)?;
        let namespace = operator.namespace();
        let (ns, of, set) = (namespace.clone(), name.clone(), key.clone());
        let done = |portal: Self| async move {
            let (namespace, name, key) = (&ns, &of, &set);
            let stored = portal.cluster().secret(namespace, name).await?;
            refuse_immutable(&stored)?;
            let others = stored.data.iter().filter(|(k, _)| *k != key.as_str()).map(|(_, v)| v.len()).sum::<usize>();
            drop(stored);
            if others + value.len() > MAX_SECRET_BYTES {
                let sentence = format!(
                    "A secret holds 1 MiB at most. The other keys have {others} bytes, so this value can have {} at most; it has {}.",
                    MAX_SECRET_BYTES.saturating_sub(others),
                    value.len()
                );
                return Err(Failure::fields(vec![FieldError::new("value", sentence)]));
            }
            sent("the secret", portal.cluster().set_secret_key(namespace, name, key, Some(&value)).await)
        };
        self.audited(operator.actor(), "secret.set", &target(namespace, name), &format!("key {key}"), done).await
    }

    /// Removes one key of a secret.
    ///
    /// # Errors
    /// Where there is no such key, the secret is immutable, or the cluster refuses.
    pub async fn remove_secret_key(&self, operator: &Operator<'_>, name: &SecretName, key: &str) -> Outcome<()> {
        let key = key_name(key)?;
        let namespace = operator.namespace();
        let (ns, of, gone) = (namespace.clone(), name.clone(), key.clone());
        let done = |portal: Self| async move {
            let (namespace, name, key) = (&ns, &of, &gone);
            let stored = portal.cluster().secret(namespace, name).await?;
            refuse_immutable(&stored)?;
            if !stored.data.contains_key(key.as_str()) {
                return Err(Failure::told(Code::NotFound, format!("Secret {name} has no key {key}.")));
            }
            drop(stored);
            sent("the secret", portal.cluster().set_secret_key(namespace, name, key, None).await)
        };
        self.audited(operator.actor(), "secret.remove_key", &target(namespace, name), &format!("key {key}"), done).await
    }

    /// Deletes a secret; the person has typed its name.
    ///
    /// # Errors
    /// Where the typed name is another one, or the cluster refuses.
    pub async fn delete_secret(&self, operator: &Operator<'_>, name: &SecretName, confirm: &str) -> Outcome<()> {
        crate::actions::confirmed(confirm, name.as_str())?;
        let namespace = operator.namespace();
        let users = Users::of(&self.world(), namespace).take(name.as_str());
        let detail = match users.as_slice() {
            [] => "no app used it".to_owned(),
            users => format!("used by {}", users.iter().take(5).map(|u| u.app.to_string()).collect::<Vec<_>>().join(", ")),
        };
        let (ns, gone) = (namespace.clone(), name.clone());
        let done = |portal: Self| async move { sent("the secret", portal.cluster().delete_secret(&ns, &gone).await) };
        self.audited(operator.actor(), "secret.delete", &target(namespace, name), &detail, done).await
    }
}

#[cfg(test)]
mod tests;
