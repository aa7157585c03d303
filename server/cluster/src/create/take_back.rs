//! The end of a creation. Where it failed, its objects are taken back, also those of which nobody knows whether the API
//! server made them, and also when it answers only minutes later. Where it succeeded, they lose the mark of the attempt.

use super::Sent;
use crate::clock;
use crate::objects::patch;
use crate::text::{MESSAGE, shown};
use domain::UnixMs;
use kube::api::{DeleteParams, DynamicObject, Patch, Preconditions};
use kube::{Api, Error, ResourceExt};
use serde_json::json;
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
    pub(super) async fn take_back(self) {
        self.settle(End::TakeBack).await;
    }

    /// The creation has succeeded: takes the mark off its objects, so that none of them is ever taken for one that a
    /// creation left behind. The deployment is never taken for one, and a change of its annotations would count as a new
    /// generation.
    pub(super) async fn keep(mut self) {
        self.0.retain(|made| made.kind != "Deployment");
        self.settle(End::Keep).await;
    }

    async fn settle(mut self, end: End) {
        let _ = tokio::time::timeout(SOON, self.round(end)).await;
        if !self.0.is_empty() {
            tokio::spawn(self.go_on(end));
        }
    }

    async fn go_on(mut self, end: End) {
        for wait in WAITS {
            tokio::time::sleep(Duration::from_secs(wait)).await;
            self.round(end).await;
            if self.0.is_empty() {
                return;
            }
        }
        for left in self.0.iter().filter(|l| !l.missed) {
            tracing::error!(kind = left.kind, name = left.name, "{}", end.failed());
        }
    }

    /// The last one that was made comes first, so that no pod loses its service.
    async fn round(&mut self, end: End) {
        for at in (0..self.0.len()).rev() {
            if self.0[at].settled(end).await {
                self.0.remove(at);
            }
        }
    }
}

/// How a creation ended.
#[derive(Clone, Copy)]
enum End {
    /// It failed: its objects go.
    TakeBack,
    /// It succeeded: their mark goes.
    Keep,
}

impl End {
    const fn failed(self) -> &'static str {
        match self {
            Self::TakeBack => "an object of an app that was not created could not be taken back",
            Self::Keep => "the mark of a finished creation could not be taken off its object",
        }
    }
}

impl Leftover {
    /// Tries to end it; whether there is nothing more to do.
    async fn settled(&mut self, end: End) -> bool {
        let tried = async {
            match end {
                End::TakeBack => self.delete().await,
                End::Keep => self.unmark().await,
            }
        };
        match tokio::time::timeout(PATIENCE, tried).await {
            Ok(Ok(settled)) => settled,
            Ok(Err(Error::Api(status))) if status.code == 404 => true,
            // Another object has the name by now.
            Ok(Err(Error::Api(status))) if status.code == 409 => true,
            Ok(Err(Error::Api(status))) if status.code < 500 => {
                tracing::error!(error = shown(status.message.as_str(), MESSAGE), kind = self.kind, name = self.name, "{}", end.failed());
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

    async fn unmark(&self) -> kube::Result<bool> {
        let Made::As(uid) = &self.made else { return Ok(true) };
        // With the uid, so that an object that took its place meanwhile is left alone.
        let change = Patch::Merge(json!({"metadata": {"uid": uid, "annotations": {(MARK): null}}}));
        self.api.patch_metadata(&self.name, &patch(), &change).await.map(|_| true)
    }
}
