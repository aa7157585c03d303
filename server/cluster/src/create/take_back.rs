//! Takes back the objects of an app that was not created in full, also those of which nobody knows whether the API
//! server made them, and also when it answers only minutes later.

use super::Sent;
use crate::clock;
use domain::UnixMs;
use kube::api::{DeleteParams, DynamicObject, Preconditions};
use kube::{Api, Error, ResourceExt};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Annotation that tells which attempt made an object, so that nobody else's is taken back.
pub(crate) const MARK: &str = "quayside/attempt";
/// How long a person waits for the first try.
const SOON: Duration = Duration::from_secs(5);
/// Longest time for one answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Seconds between the tries in the background; ten minutes in all.
const WAITS: [u64; 14] = [1, 2, 4, 8, 15, 30, 60, 60, 60, 60, 60, 60, 60, 60];

/// A value of the annotation that no other attempt has.
pub(super) fn mark() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("{}-{}-{}", clock::now().0, std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// When the attempt of this mark began.
pub(super) fn marked_at(mark: &str) -> Option<UnixMs> {
    mark.split('-').next()?.parse().ok().map(UnixMs)
}

/// How sure it is that an object is there.
pub(super) enum Made {
    /// With this uid.
    As(Option<String>),
    /// There was no answer; if it is there, it has this mark.
    Perhaps(String),
}

struct Leftover {
    api: Api<DynamicObject>,
    kind: String,
    name: String,
    made: Made,
    /// It was looked for and not there. A request that was given up can still be under way.
    missed: bool,
}

/// Objects that have to go.
#[derive(Default)]
pub(super) struct Leftovers(Vec<Leftover>);

impl Leftovers {
    /// One more.
    pub(super) fn add(&mut self, api: Api<DynamicObject>, sent: &Sent, made: Made) {
        self.0.push(Leftover { api, kind: sent.resource.kind.clone(), name: sent.object.name_any(), made, missed: false });
    }

    /// Takes back what it can at once, and the rest as soon as the server answers.
    pub(super) async fn take_back(mut self) {
        let _ = tokio::time::timeout(SOON, self.round()).await;
        if !self.0.is_empty() {
            tokio::spawn(self.go_on());
        }
    }

    async fn go_on(mut self) {
        for wait in WAITS {
            tokio::time::sleep(Duration::from_secs(wait)).await;
            self.round().await;
            if self.0.is_empty() {
                return;
            }
        }
        for left in self.0.iter().filter(|l| !l.missed) {
            tracing::error!(kind = left.kind, name = left.name, "an object of an app that was not created could not be taken back");
        }
    }

    /// The last one that was made goes first, so that no pod loses its service.
    async fn round(&mut self) {
        for at in (0..self.0.len()).rev() {
            if self.0[at].gone().await {
                self.0.remove(at);
            }
        }
    }
}

impl Leftover {
    /// Tries to delete it; whether it is settled.
    async fn gone(&mut self) -> bool {
        match tokio::time::timeout(PATIENCE, self.delete()).await {
            Ok(Ok(gone)) => gone,
            Ok(Err(Error::Api(status))) if status.code == 404 => true,
            // Another object has the name by now.
            Ok(Err(Error::Api(status))) if status.code == 409 => true,
            Ok(Err(Error::Api(status))) if status.code < 500 => {
                tracing::error!(error = %status.message, kind = self.kind, name = self.name, "an object of an app that was not created may not be taken back");
                true
            }
            _ => false,
        }
    }

    async fn delete(&mut self) -> kube::Result<bool> {
        let uid = match &self.made {
            Made::As(uid) => uid.clone(),
            Made::Perhaps(mark) => {
                let Some(found) = self.api.get_metadata_opt(&self.name).await? else {
                    return Ok(std::mem::replace(&mut self.missed, true));
                };
                if found.annotations().get(MARK) != Some(mark) {
                    return Ok(true);
                }
                found.uid()
            }
        };
        let only_this = DeleteParams::background().preconditions(Preconditions { uid, resource_version: None });
        self.api.delete(&self.name, &only_this).await.map(|_| true)
    }
}
