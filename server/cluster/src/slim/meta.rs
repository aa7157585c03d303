//! What all objects have: names, labels, times, owners.

use crate::text::{SHORT, cut, shown};
use domain::UnixMs;
use domain::facts::{Deletion, Labels};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta, OwnerReference, Time};

/// Most labels that are kept of an object.
const LABELS: usize = 32;
/// Most finalizers that are kept of an object.
const FINALIZERS: usize = 10;

/// A time of the API.
pub(crate) fn moment(time: Option<&Time>) -> Option<UnixMs> {
    time.map(|t| UnixMs(t.0.as_millisecond()))
}

/// When the object was created.
pub(super) fn created(meta: &ObjectMeta) -> UnixMs {
    moment(meta.creation_timestamp.as_ref()).unwrap_or_default()
}

/// Finalizers that are still on the object.
pub(crate) fn finalizers(meta: &ObjectMeta) -> Vec<String> {
    meta.finalizers.iter().flatten().take(FINALIZERS).map(|f| cut(f.as_str(), SHORT)).collect()
}

/// When it was asked to go: the API gives the moment at which the grace period ends.
pub(super) fn asked_to_go(meta: &ObjectMeta) -> Option<UnixMs> {
    let grace_ms = meta.deletion_grace_period_seconds.unwrap_or(0).saturating_mul(1000);
    moment(meta.deletion_timestamp.as_ref()).map(|end| UnixMs(end.0.saturating_sub(grace_ms)))
}

/// That it was deleted, and what holds it.
pub(super) fn deletion(meta: &ObjectMeta) -> Option<Deletion> {
    asked_to_go(meta).map(|at| Deletion { at, finalizers: finalizers(meta) })
}

/// Labels within bounds.
pub(super) fn labels(labels: Option<impl IntoIterator<Item = (String, String)>>) -> Labels {
    labels.into_iter().flatten().take(LABELS).map(|(k, v)| (cut(k, SHORT), cut(v, SHORT))).collect()
}

/// Labels of a selector; expressions are not kept.
pub(super) fn selector(selector: Option<LabelSelector>) -> Labels {
    labels(selector.and_then(|s| s.match_labels))
}

/// The controller that owns the object.
pub(super) fn owner(meta: &ObjectMeta) -> Option<&OwnerReference> {
    let owners = meta.owner_references.as_deref()?;
    owners.iter().find(|o| o.controller == Some(true)).or_else(|| owners.first())
}

/// The API group of an owner; other groups have kinds of the same names.
pub(super) fn group(owner: &OwnerReference) -> &str {
    owner.api_version.split_once('/').map_or("", |(group, _)| group)
}

/// An annotation.
pub(super) fn annotation<'a>(meta: &'a ObjectMeta, key: &str) -> Option<&'a str> {
    meta.annotations.as_ref()?.get(key).map(String::as_str)
}

/// A label.
fn label<'a>(meta: &'a ObjectMeta, key: &str) -> Option<&'a str> {
    meta.labels.as_ref()?.get(key).map(String::as_str)
}

/// The Helm release that made the object.
pub(super) fn release(meta: &ObjectMeta) -> Option<String> {
    let by_label = || label(meta, "app.kubernetes.io/instance").filter(|_| label(meta, "app.kubernetes.io/managed-by") == Some("Helm"));
    annotation(meta, "meta.helm.sh/release-name").or_else(by_label).map(|r| shown(r, SHORT))
}

/// When and by which field manager the object was last changed; updates of its status do not count.
pub(crate) fn changed(meta: &ObjectMeta) -> Option<(UnixMs, String)> {
    let entries = meta.managed_fields.as_deref()?.iter().filter(|e| e.subresource.as_deref() != Some("status"));
    let newest = entries.filter_map(|e| Some((moment(e.time.as_ref())?, e.manager.as_deref()?))).max_by_key(|(at, _)| *at);
    newest.map(|(at, manager)| (at, shown(manager, SHORT)))
}

/// A count of the API, which has no negative ones.
pub(super) fn count(n: Option<i32>) -> u32 {
    n.and_then(|n| u32::try_from(n).ok()).unwrap_or(0)
}

/// A port of the API.
pub(super) fn port(n: i32) -> u16 {
    u16::try_from(n).unwrap_or(0)
}
