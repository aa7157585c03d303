//! Changes of a secret that is there: what is asked for, and whether it may be done.

use super::info::{fingerprint, strange_key};
use crate::error::{Failure, Outcome};
use crate::ports::{KeyChanges, StoredSecret};
use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use domain::audit::{Act, Names};
use domain::form::{EntryPart, Field, Finding, SecretWrong, StoredWrong};
use domain::problem::{SecretProblem, Versions};
use domain::secret::{MAX_KEYS, MAX_SECRET_BYTES, SecretEntry, SecretKind, SecretValue, stored_value, value_problem};
use domain::{KeyName, Namespace};
use std::collections::btree_map::Entry;

/// Reads base64 with or without padding, as browsers and tools write it.
const LENIENT: GeneralPurpose =
    GeneralPurpose::new(&base64::alphabet::STANDARD, GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent));

pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    LENIENT.decode(text.trim()).ok()
}

pub(super) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
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
pub(super) fn as_seen(key: &[u8; 32], namespace: &Namespace, stored: &StoredSecret, name: &KeyName, seen: Option<&Seen>) -> Outcome<()> {
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

/// Why a secret that is `immutable: true` stays as it is.
pub(super) fn refuse_immutable(stored: &StoredSecret) -> Outcome<()> {
    if stored.immutable {
        return Err(Failure::told(SecretProblem::Immutable { secret: stored.name.clone() }));
    }
    Ok(())
}

/// Reads a change of several keys and tells all that is wrong at once.
pub(super) fn changes(entries: &[SecretEntry], remove: &[String]) -> Result<KeyChanges, Vec<Finding>> {
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
pub(super) fn act_of(changes: &KeyChanges) -> Act {
    let names = |set: bool| Names::of(changes.iter().filter(|(_, value)| value.is_some() == set).map(|(key, _)| key));
    let (set, removed) = (names(true), names(false));
    if set.is_empty() && !removed.is_empty() { Act::RemoveSecretKeys { keys: removed } } else { Act::SetSecretKeys { set, removed } }
}

/// Each value has to be what the secret's type says, and two new halves of a pair have to belong together. One new half
/// may come before the other.
pub(super) fn refuse_broken(stored: &StoredSecret, changes: &KeyChanges, field: Field) -> Outcome<()> {
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
pub(super) fn as_stored(stored: &StoredSecret, changes: KeyChanges) -> KeyChanges {
    let Some(kind) = SecretKind::ALL.into_iter().find(|kind| kind.kubernetes() == stored.kind) else { return changes };
    let value = |key: &KeyName, value: Option<SecretValue>| value.map(|value| stored_value(kind, key, value));
    changes.into_iter().map(|(key, new)| (key.clone(), value(&key, new))).collect()
}

/// Whether what is to be removed is there and what is to be set has room.
pub(super) fn fits(stored: &StoredSecret, changes: &KeyChanges, field: &Field) -> Outcome<()> {
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
