//! Secrets: what may be told of them, and writing them. A value goes to the API server and nowhere else.

mod change;
mod info;
mod users;

pub use change::Seen;

use crate::access::{Operator, Viewer};
use crate::audit::Audit;
use crate::confirm::confirmed;
use crate::drafts::Drafts;
use crate::error::{Failure, Outcome, sent};
use crate::index::Index;
use crate::own_key::OwnKey;
use crate::ports::{ClusterError, ClusterSecrets, KeyChanges, Listed, StoredSecret};
use crate::readings::Readings;
use change::{act_of, as_seen, as_stored, changes, decode, encode, fits, refuse_broken, refuse_immutable};
use domain::audit::{Act, Names, Target};
use domain::form::{Field, Finding, SecretWrong, StoredWrong};
use domain::problem::{LookAt, SecretProblem};
use domain::secret::{SecretEntry, SecretForm, SecretInfo, SecretKind, SecretValue};
use domain::{KeyName, Namespace, SecretName};
use info::{hosts, info, strange_key};
use std::sync::Arc;
use users::Users;

fn target(namespace: &Namespace, name: &SecretName) -> Target {
    Target::Secret { namespace: namespace.clone(), name: name.clone() }
}

/// Secrets, of which a value goes to the API server and nowhere else.
pub struct Secrets {
    index: Arc<Index>,
    readings: Arc<Readings>,
    cluster: Arc<dyn ClusterSecrets>,
    audit: Arc<Audit>,
    drafts: Arc<Drafts>,
    key: Arc<OwnKey>,
}

impl Secrets {
    pub(crate) fn new(
        index: Arc<Index>,
        readings: Arc<Readings>,
        cluster: Arc<dyn ClusterSecrets>,
        audit: Arc<Audit>,
        drafts: Arc<Drafts>,
        key: Arc<OwnKey>,
    ) -> Self {
        Self { index, readings, cluster, audit, drafts, key }
    }

    /// The secrets of a namespace, by name, without any value.
    ///
    /// # Errors
    /// Where the cluster refuses or does not answer.
    pub async fn list(&self, viewer: &Viewer<'_>) -> Outcome<Listed<SecretInfo>> {
        let _reading = self.readings.turn(viewer.actor()).await?;
        let namespace = viewer.namespace();
        let mut users = Users::of(&self.index.world(), namespace);
        let mut items = Vec::new();
        // Each value is wiped as soon as it has its fingerprint; the answer it came in is not.
        let cut = self.cluster.secrets(namespace, &mut |s| items.push(info(self.key.bytes(), namespace, s, &mut users))).await?;
        items.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Listed { items, cut })
    }

    /// One secret, without any value.
    ///
    /// # Errors
    /// Where there is no such secret, or the cluster refuses or does not answer.
    pub async fn detail(&self, viewer: &Viewer<'_>, name: &SecretName) -> Outcome<SecretInfo> {
        let _reading = self.readings.turn(viewer.actor()).await?;
        let namespace = viewer.namespace();
        let stored = self.cluster.secret(namespace, name).await?;
        Ok(info(self.key.bytes(), namespace, stored, &mut Users::of(&self.index.world(), namespace)))
    }

    /// Creates a secret from the form.
    ///
    /// # Errors
    /// The fields that need a change, or why the cluster refused.
    pub async fn create(&self, operator: &Operator<'_>, form: SecretForm) -> Outcome<SecretName> {
        let spec = form.parse(operator.namespace().clone(), decode, encode).map_err(Failure::fields)?;
        if spec.kind == SecretKind::Tls
            && let Some(wrong) = strange_key(spec.data.iter().map(|(key, value)| (key.as_str(), value)))
        {
            return Err(Finding::new(Field::PrivateKey, SecretWrong::PrivateKey(wrong)).into());
        }
        let act = Act::CreateSecret { kind: spec.kind, keys: Names::of(spec.data.keys()) };
        let name = spec.name.clone();
        let cluster = self.cluster.clone();
        let done = async move {
            match cluster.create_secret(&spec).await {
                Err(ClusterError::Exists(_)) => Err(Failure::told(SecretProblem::Exists { secret: spec.name.to_string(), namespace: spec.namespace })),
                other => sent(LookAt::SecretList, other),
            }
        };
        self.audit.audited(operator.actor(), act, target(operator.namespace(), &name), done).await?;
        self.drafts.secret_is_made(operator, &name).await;
        Ok(name)
    }

    /// Sets one key of a secret that is there; the value before is lost. Where it is told what was `seen` of the key, only if it
    /// is still that.
    ///
    /// # Errors
    /// Where the key is gone or another one, the secret would be too large or is immutable, or the cluster refuses.
    pub async fn set_key(&self, operator: &Operator<'_>, name: &SecretName, key: KeyName, value: SecretValue, seen: Option<Seen>) -> Outcome<()> {
        let (own, namespace, named) = (*self.key.bytes(), operator.namespace().clone(), key.clone());
        let may = move |stored: &StoredSecret| as_seen(&own, &namespace, stored, &named, seen.as_ref());
        self.change_keys(operator, name, [(key, Some(value))].into(), Field::Value, may).await
    }

    /// Adds one key to a secret.
    ///
    /// # Errors
    /// Where there is such a key already, or as for setting one.
    pub async fn add_key(&self, operator: &Operator<'_>, name: &SecretName, key: KeyName, value: SecretValue) -> Outcome<()> {
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

    /// Removes one key of a secret, under the conditions of [`Self::set_key`].
    ///
    /// # Errors
    /// Where there is no such key or it is another one, its type needs it, the secret is immutable, or the cluster refuses.
    pub async fn remove_key(&self, operator: &Operator<'_>, name: &SecretName, key: KeyName, seen: Option<Seen>) -> Outcome<()> {
        let (own, namespace, named) = (*self.key.bytes(), operator.namespace().clone(), key.clone());
        let may = move |stored: &StoredSecret| as_seen(&own, &namespace, stored, &named, seen.as_ref());
        self.change_keys(operator, name, [(key, None)].into(), Field::Key, may).await
    }

    /// Replaces the values that belong together by the secret's type, all at once: certificate and key, or server, user and
    /// password. Where it is told at which `version` the person has seen the secret, only if it is still at that.
    ///
    /// # Errors
    /// The fields that need a change; where the secret is of another type, was changed meanwhile or is immutable; or the cluster
    /// refuses.
    pub async fn replace(&self, operator: &Operator<'_>, form: SecretForm, version: Option<String>) -> Outcome<()> {
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
    pub async fn change(&self, operator: &Operator<'_>, name: &SecretName, entries: &[SecretEntry], remove: &[String], version: Option<String>) -> Outcome<()> {
        let changes = changes(entries, remove).map_err(Failure::fields)?;
        if changes.is_empty() {
            return Ok(self.cluster.secret(operator.namespace(), name).await.map(drop)?);
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
        let cluster = self.cluster.clone();
        let done = async move {
            let stored = cluster.secret(&namespace, &named).await?;
            refuse_immutable(&stored)?;
            may(&stored)?;
            let changes = as_stored(&stored, changes);
            fits(&stored, &changes, &field)?;
            refuse_broken(&stored, &changes, field)?;
            sent(LookAt::Secret, cluster.change_secret(&namespace, &named, &changes, &stored.resource_version).await)
        };
        self.audit.audited(operator.actor(), act, target(operator.namespace(), name), done).await
    }

    /// Deletes a secret; the person has typed its name.
    ///
    /// # Errors
    /// Where the typed name is another one, or the cluster refuses.
    pub async fn delete(&self, operator: &Operator<'_>, name: &SecretName, confirm: &str) -> Outcome<()> {
        confirmed(confirm, name.as_str())?;
        let namespace = operator.namespace();
        let users = Users::of(&self.index.world(), namespace).take(name.as_str(), None);
        let act = Act::DeleteSecret { used_by: users.iter().take(5).map(|u| u.app.clone()).collect() };
        let (cluster, ns, gone) = (self.cluster.clone(), namespace.clone(), name.clone());
        let done = async move { sent(LookAt::Secret, cluster.delete_secret(&ns, &gone).await) };
        self.audit.audited(operator.actor(), act, target(namespace, name), done).await
    }
}

#[cfg(test)]
mod tests;
