//! Secrets: what may be told of them, and writing them. A value goes to the API server and nowhere else.

use crate::access::{Operator, Viewer};
use crate::error::{Failure, Outcome, sent};
use crate::portal::Portal;
use crate::ports::{ClusterError, KeyChanges, Listed, StoredSecret, World};
use crate::{certificate, key_pair};
use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use domain::audit::{Act, Names, Target};
use domain::facts::{AppFacts, ContainerState};
use domain::form::{EntryPart, Field, Finding, PrivateKeyWrong, SecretWrong, StoredWrong};
use domain::problem::{LookAt, SecretProblem, Versions};
use domain::secret::{
    CertificateInfo, KeyInfo, MAX_KEYS, MAX_SECRET_BYTES, SecretEntry, SecretForm, SecretInfo, SecretKind, SecretUser, SecretValue, registry_hosts,
    stored_value, value_problem,
};
use domain::{AppId, KeyName, Namespace, SecretName, UnixMs};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

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

/// An app that uses a secret.
struct User {
    app: AppId,
    how: String,
    /// Since when a container runs that has read the secret at its start; the one that runs for the longest.
    since: Option<UnixMs>,
}

/// Who uses which secret of a namespace.
struct Users(BTreeMap<String, Vec<User>>);

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
            self.add(facts, &reference.name, reference.how.clone(), longest(facts));
        }
        for name in &workload.pull_secrets {
            self.add(facts, name, "pull secret".into(), None);
        }
        for ingress in &facts.ingresses {
            for name in ingress.tls.iter().filter_map(|(_, secret)| secret.as_ref()) {
                self.add(facts, name, format!("ingress {}", ingress.name), None);
            }
        }
    }

    fn add(&mut self, facts: &AppFacts, name: &str, how: String, since: Option<UnixMs>) {
        let users = self.0.entry(name.to_owned()).or_default();
        let app = &facts.workload.id;
        if users.len() < MAX_USERS && !users.iter().any(|u| u.app == *app && u.how == how) {
            users.push(User { app: app.clone(), how, since });
        }
    }

    /// The users of a secret that was last `changed` then.
    fn take(&mut self, name: &str, changed: Option<UnixMs>) -> Vec<SecretUser> {
        let users = self.0.remove(name).unwrap_or_default();
        let old = |since: Option<UnixMs>| changed.zip(since).is_some_and(|(changed, since)| since < changed);
        users.into_iter().map(|u| SecretUser { old: old(u.since), app: u.app, how: u.how }).collect()
    }
}

/// Since when the container runs that runs for the longest.
fn longest(facts: &AppFacts) -> Option<UnixMs> {
    let states = facts.pods.iter().flat_map(|pod| pod.containers.iter().map(|c| &c.state));
    states.filter_map(|state| if let ContainerState::Running { since } = state { *since } else { None }).min()
}

/// What may be told. The values are wiped when `stored` goes at the end.
fn info(key: &[u8; 32], namespace: &Namespace, stored: StoredSecret, users: &mut Users) -> SecretInfo {
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
fn hosts(stored: &StoredSecret) -> Vec<String> {
    if stored.kind != SecretKind::DockerRegistry.kubernetes() {
        return Vec::new();
    }
    stored.data.get(".dockerconfigjson").map(registry_hosts).unwrap_or_default()
}

/// What a page showed of a secret and of a key of it when the person opened the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The key's fingerprint.
    pub fingerprint: String,
    /// The secret's resource version.
    pub version: String,
}

/// Refuses to change a key that is not as the person has seen it; a key that is gone is not made anew.
fn as_seen(key: &[u8; 32], namespace: &Namespace, stored: &StoredSecret, name: &KeyName, seen: Option<&Seen>) -> Outcome<()> {
    let Some(value) = stored.data.get(name.as_str()) else {
        return Err(Failure::told(SecretProblem::KeyGone { secret: stored.name.clone(), key: name.clone() }));
    };
    let now = fingerprint(key, namespace, value);
    match seen {
        Some(seen) if seen.fingerprint != now => {
            let versions = Versions { then: seen.version.clone(), now: stored.resource_version.clone() };
            let versions = Some(versions).filter(|versions| versions.then != versions.now);
            Err(Failure::told(SecretProblem::KeyChanged { key: name.clone(), seen: seen.fingerprint.clone(), now, versions }))
        }
        _ => Ok(()),
    }
}

fn target(namespace: &Namespace, name: &SecretName) -> Target {
    Target::Secret { namespace: namespace.clone(), name: name.clone() }
}

/// Why a secret that is `immutable: true` stays as it is.
fn refuse_immutable(stored: &StoredSecret) -> Outcome<()> {
    if stored.immutable {
        return Err(Failure::told(SecretProblem::Immutable { secret: stored.name.clone() }));
    }
    Ok(())
}

/// Reads a change of several keys and tells all that is wrong at once.
fn changes(entries: &[SecretEntry], remove: &[String]) -> Result<KeyChanges, Vec<Finding>> {
    let (mut changes, mut wrong) = (KeyChanges::new(), Vec::new());
    if entries.len() + remove.len() > MAX_KEYS {
        return Err(vec![Finding::new(Field::Entries, StoredWrong::TooManyAtOnce(MAX_KEYS))]);
    }
    let sets = entries.iter().enumerate().map(|(n, entry)| (Field::Entry(n, EntryPart::Key), entry.key.as_str(), Some((n, entry))));
    let removals = remove.iter().enumerate().map(|(n, key)| (Field::Removal(n), key.as_str(), None));
    for (at, key, entry) in sets.chain(removals) {
        let key = match KeyName::parse(key.trim()) {
            Ok(key) => key,
            Err(error) => {
                wrong.push(Finding::new(at, error));
                continue;
            }
        };
        let value = match entry {
            Some((n, entry)) if entry.base64 => match decode(entry.value.expose()) {
                Some(bytes) => Some(SecretValue::from(bytes)),
                None => {
                    wrong.push(Finding::new(Field::Entry(n, EntryPart::Value), StoredWrong::NotBase64));
                    continue;
                }
            },
            Some((_, entry)) => Some(SecretValue::from(entry.value.expose().as_bytes().to_vec())),
            None => None,
        };
        match changes.entry(key) {
            Entry::Occupied(taken) => wrong.push(Finding::new(at, SecretWrong::KeyTwice(taken.key().clone()))),
            Entry::Vacant(free) => {
                free.insert(value);
            }
        }
    }
    if wrong.is_empty() { Ok(changes) } else { Err(wrong) }
}

/// What the audit table says of it: names of keys, no values.
fn act_of(changes: &KeyChanges) -> Act {
    let names = |set: bool| Names::of(changes.iter().filter(|(_, value)| value.is_some() == set).map(|(key, _)| key));
    let (set, removed) = (names(true), names(false));
    if set.is_empty() && !removed.is_empty() { Act::RemoveSecretKeys { keys: removed } } else { Act::SetSecretKeys { set, removed } }
}

/// Each value has to be what the secret's type says, and two new halves of a pair have to belong together. One new half
/// may come before the other.
fn refuse_broken(stored: &StoredSecret, changes: &KeyChanges, field: Field) -> Outcome<()> {
    let Some(kind) = SecretKind::ALL.into_iter().find(|kind| kind.kubernetes() == stored.kind) else { return Ok(()) };
    let set = || changes.iter().filter_map(|(key, value)| Some((key, value.as_ref()?)));
    if let Some((key, wrong)) = set().find_map(|(key, value)| Some((key, value_problem(kind, key, value)?))) {
        return Err(Finding::new(field, StoredWrong::Value(key.clone(), Box::new(wrong))).into());
    }
    match strange_key(set().map(|(key, value)| (key.as_str(), value))) {
        Some(wrong) if kind == SecretKind::Tls => Err(Finding::new(field, SecretWrong::PrivateKey(wrong)).into()),
        _ => Ok(()),
    }
}

/// The new values as the secret's type wants them.
fn as_stored(stored: &StoredSecret, changes: KeyChanges) -> KeyChanges {
    let Some(kind) = SecretKind::ALL.into_iter().find(|kind| kind.kubernetes() == stored.kind) else { return changes };
    let value = |key: &KeyName, value: Option<SecretValue>| value.map(|value| stored_value(kind, key, value));
    changes.into_iter().map(|(key, new)| (key.clone(), value(&key, new))).collect()
}

/// What is wrong with the pair among these keys, where both halves are there.
fn strange_key<'a>(data: impl Iterator<Item = (&'a str, &'a SecretValue)> + Clone) -> Option<PrivateKeyWrong> {
    let half = |name: &str| data.clone().find(|(key, _)| *key == name).map(|(_, value)| value.expose());
    key_pair::problem(half("tls.crt")?, half("tls.key")?)
}

/// What a person should know of a secret as it is.
fn fault(stored: &StoredSecret) -> Option<String> {
    let is_pair = stored.kind == SecretKind::Tls.kubernetes();
    let strange = is_pair && strange_key(stored.data.iter().map(|(key, value)| (key.as_str(), value))).is_some();
    strange.then(|| "tls.key doesn't match tls.crt. Ingress controllers serve a default certificate instead. Replace the outdated one.".to_owned())
}

/// Whether what is to be removed is there and what is to be set has room.
fn fits(stored: &StoredSecret, changes: &KeyChanges, field: &Field) -> Outcome<()> {
    if let Some((key, _)) = changes.iter().find(|(key, value)| value.is_none() && !stored.data.contains_key(key.as_str())) {
        return Err(Failure::told(SecretProblem::KeyNotFound { secret: stored.name.clone(), key: key.clone() }));
    }
    let others = stored.data.iter().filter(|(k, _)| !changes.keys().any(|key| key.as_str() == k.as_str())).map(|(_, v)| v.len()).sum::<usize>();
    let new = changes.values().flatten().map(SecretValue::len).sum::<usize>();
    if new > 0 && others + new > MAX_SECRET_BYTES {
        let left = MAX_SECRET_BYTES.saturating_sub(others);
        return Err(Finding::new(field.clone(), StoredWrong::NoRoom { others, left, new }).into());
    }
    Ok(())
}

impl Portal {
    /// The secrets of a namespace, by name, without any value.
    ///
    /// # Errors
    /// Where the cluster refuses or does not answer.
    pub async fn secrets(&self, viewer: &Viewer<'_>) -> Outcome<Listed<SecretInfo>> {
        let _reading = self.reading(viewer.actor()).await?;
        let namespace = viewer.namespace();
        let mut users = Users::of(&self.world(), namespace);
        let mut items = Vec::new();
        // Each value is wiped as soon as it has its fingerprint; the answer it came in is not.
        let cut = self.cluster().secrets(namespace, &mut |s| items.push(info(self.own_key.bytes(), namespace, s, &mut users))).await?;
        items.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Listed { items, cut })
    }

    /// One secret, without any value.
    ///
    /// # Errors
    /// Where there is no such secret, or the cluster refuses or does not answer.
    pub async fn secret(&self, viewer: &Viewer<'_>, name: &SecretName) -> Outcome<SecretInfo> {
        let _reading = self.reading(viewer.actor()).await?;
        let namespace = viewer.namespace();
        let stored = self.cluster().secret(namespace, name).await?;
        Ok(info(self.own_key.bytes(), namespace, stored, &mut Users::of(&self.world(), namespace)))
    }

    /// Creates a secret from the form.
    ///
    /// # Errors
    /// The fields that need a change, or why the cluster refused.
    pub async fn create_secret(&self, operator: &Operator<'_>, form: SecretForm) -> Outcome<SecretName> {
        let spec = form.parse(operator.namespace().clone(), decode, encode).map_err(Failure::fields)?;
        if spec.kind == SecretKind::Tls
            && let Some(wrong) = strange_key(spec.data.iter().map(|(key, value)| (key.as_str(), value)))
        {
            return Err(Finding::new(Field::PrivateKey, SecretWrong::PrivateKey(wrong)).into());
        }
        let act = Act::CreateSecret { kind: spec.kind, keys: Names::of(spec.data.keys()) };
        let name = spec.name.clone();
        let done = |portal: Self| async move {
            match portal.cluster().create_secret(&spec).await {
                Err(ClusterError::Exists(_)) => Err(Failure::told(SecretProblem::Exists { secret: spec.name.to_string(), namespace: spec.namespace })),
                other => sent(LookAt::SecretList, other),
            }
        };
        self.audited(operator.actor(), act, target(operator.namespace(), &name), done).await?;
        self.drafts.secret_is_made(operator, &name).await;
        Ok(name)
    }

    /// Sets one key of a secret that is there; the value before is lost. Where it is told what was `seen` of the key, only if it
    /// is still that.
    ///
    /// # Errors
    /// Where the key is gone or another one, the secret would be too large or is immutable, or the cluster refuses.
    pub async fn set_secret_key(&self, operator: &Operator<'_>, name: &SecretName, key: KeyName, value: SecretValue, seen: Option<Seen>) -> Outcome<()> {
        let (own, namespace, named) = (*self.own_key.bytes(), operator.namespace().clone(), key.clone());
        let may = move |stored: &StoredSecret| as_seen(&own, &namespace, stored, &named, seen.as_ref());
        self.change_keys(operator, name, [(key, Some(value))].into(), Field::Value, may).await
    }

    /// Adds one key to a secret.
    ///
    /// # Errors
    /// Where there is such a key already, or as for setting one.
    pub async fn add_secret_key(&self, operator: &Operator<'_>, name: &SecretName, key: KeyName, value: SecretValue) -> Outcome<()> {
        let new = key.clone();
        let is_new = move |stored: &StoredSecret| {
            if !stored.data.contains_key(new.as_str()) {
                return Ok(());
            }
            let taken = StoredWrong::KeyTaken { secret: stored.name.clone(), key: new };
            Err(Finding::new(Field::Key, taken).into())
        };
        self.change_keys(operator, name, [(key, Some(value))].into(), Field::Value, is_new).await
    }

    /// Removes one key of a secret, under the conditions of [`Portal::set_secret_key`].
    ///
    /// # Errors
    /// Where there is no such key or it is another one, its type needs it, the secret is immutable, or the cluster refuses.
    pub async fn remove_secret_key(&self, operator: &Operator<'_>, name: &SecretName, key: KeyName, seen: Option<Seen>) -> Outcome<()> {
        let (own, namespace, named) = (*self.own_key.bytes(), operator.namespace().clone(), key.clone());
        let may = move |stored: &StoredSecret| as_seen(&own, &namespace, stored, &named, seen.as_ref());
        self.change_keys(operator, name, [(key, None)].into(), Field::Key, may).await
    }

    /// Replaces the values that belong together by the secret's type, all at once: certificate and key, or server, user and
    /// password. Where it is told at which `version` the person has seen the secret, only if it is still at that.
    ///
    /// # Errors
    /// The fields that need a change; where the secret is of another type, was changed meanwhile or is immutable; or the cluster
    /// refuses.
    pub async fn replace_secret(&self, operator: &Operator<'_>, form: SecretForm, version: Option<String>) -> Outcome<()> {
        let spec = form.parse(operator.namespace().clone(), decode, encode).map_err(Failure::fields)?;
        if spec.kind == SecretKind::Tls
            && let Some(wrong) = strange_key(spec.data.iter().map(|(key, value)| (key.as_str(), value)))
        {
            return Err(Finding::new(Field::PrivateKey, SecretWrong::PrivateKey(wrong)).into());
        }
        let kind = spec.kind;
        let may = move |stored: &StoredSecret| {
            if stored.kind != kind.kubernetes() {
                return Err(Failure::told(SecretProblem::OtherType { secret: stored.name.clone(), kind: stored.kind.clone() }));
            }
            if hosts(stored).len() > 1 {
                return Err(Failure::told(SecretProblem::SeveralRegistries));
            }
            match version {
                Some(seen) if seen != stored.resource_version => {
                    Err(Failure::told(SecretProblem::Changed { secret: stored.name.clone(), seen, now: stored.resource_version.clone() }))
                }
                _ => Ok(()),
            }
        };
        let changes = spec.data.into_iter().map(|(key, value)| (key, Some(value))).collect();
        self.change_keys(operator, &spec.name, changes, Field::Name, may).await
    }

    /// Sets and removes keys of a secret: all of them or none. The others stay. With a `version`, only while the secret is at it.
    ///
    /// # Errors
    /// The fields that need a change, or as for one key.
    pub async fn change_secret(
        &self,
        operator: &Operator<'_>,
        name: &SecretName,
        entries: &[SecretEntry],
        remove: &[String],
        version: Option<String>,
    ) -> Outcome<()> {
        let changes = changes(entries, remove).map_err(Failure::fields)?;
        if changes.is_empty() {
            return Ok(self.cluster().secret(operator.namespace(), name).await.map(drop)?);
        }
        let may = move |stored: &StoredSecret| match version {
            Some(asked) if asked != stored.resource_version => {
                Err(Failure::told(SecretProblem::OtherVersion { secret: stored.name.clone(), asked, now: stored.resource_version.clone() }))
            }
            _ => Ok(()),
        };
        self.change_keys(operator, name, changes, Field::Entries, may).await
    }

    /// `may` looks at the secret as it is; nothing can change between this look and the change.
    async fn change_keys(
        &self,
        operator: &Operator<'_>,
        name: &SecretName,
        changes: KeyChanges,
        field: Field,
        may: impl FnOnce(&StoredSecret) -> Outcome<()> + Send + 'static,
    ) -> Outcome<()> {
        let (namespace, named) = (operator.namespace().clone(), name.clone());
        let act = act_of(&changes);
        let done = |portal: Self| async move {
            let stored = portal.cluster().secret(&namespace, &named).await?;
            refuse_immutable(&stored)?;
            may(&stored)?;
            let changes = as_stored(&stored, changes);
            fits(&stored, &changes, &field)?;
            refuse_broken(&stored, &changes, field)?;
            sent(LookAt::Secret, portal.cluster().change_secret(&namespace, &named, &changes, &stored.resource_version).await)
        };
        self.audited(operator.actor(), act, target(operator.namespace(), name), done).await
    }

    /// Deletes a secret; the person has typed its name.
    ///
    /// # Errors
    /// Where the typed name is another one, or the cluster refuses.
    pub async fn delete_secret(&self, operator: &Operator<'_>, name: &SecretName, confirm: &str) -> Outcome<()> {
        crate::actions::confirmed(confirm, name.as_str())?;
        let namespace = operator.namespace();
        let users = Users::of(&self.world(), namespace).take(name.as_str(), None);
        let act = Act::DeleteSecret { used_by: users.iter().take(5).map(|u| u.app.clone()).collect() };
        let (ns, gone) = (namespace.clone(), name.clone());
        let done = |portal: Self| async move { sent(LookAt::Secret, portal.cluster().delete_secret(&ns, &gone).await) };
        self.audited(operator.actor(), act, target(namespace, name), done).await
    }
}

#[cfg(test)]
mod tests;
