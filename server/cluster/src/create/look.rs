//! What there is of an app that an interrupted change has to do with.

use super::settle::{has_mark, is_made, touched_by};
use crate::cluster::KubeCluster;
use crate::json::{self, Limits, Rule};
use crate::objects::{MANAGER, ask, parse, version};
use crate::portal_change;
use crate::slim::changed;
use domain::kubernetes::{Refused, Verb};
use domain::operation::recovery::{Found, FoundPiece, FoundWorkload};
use domain::operation::{Piece, Work};
use domain::{AppId, Bytes};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Deserialize;
use service::ports::{ClusterError, ClusterResult};

/// Most bytes of what is read of a workload, managers' fields included: more than an API server keeps.
const MOST: usize = 2 * 1024 * 1024;

/// What is read of a workload.
static HEAD: Rule = Rule::Only(&[("metadata", Rule::Keep), ("spec", Rule::Only(&[("replicas", Rule::Keep), ("paused", Rule::Keep), ("suspend", Rule::Keep)]))]);

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Head {
    pub(crate) metadata: ObjectMeta,
    spec: Wanted,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wanted {
    replicas: Option<u32>,
    paused: Option<bool>,
    suspend: Option<bool>,
}

impl KubeCluster {
    pub(super) async fn found(&self, app: &AppId, work: &Work) -> ClusterResult<Found> {
        let workload = self.head(app).await?.map(|Head { metadata, spec }| FoundWorkload {
            version: version(&metadata),
            deleting: metadata.deletion_timestamp.is_some(),
            has_mark: matches!(work, Work::Create { mark, .. } if is_made(&metadata, Piece::Deployment, mark)),
            changed_by: portal_change::read(&metadata).and_then(|change| change.operation),
            manager: changed(&metadata).map(|(_, manager)| manager).filter(|manager| manager != MANAGER),
            replicas: spec.replicas,
            paused: spec.paused.or(spec.suspend).unwrap_or(false),
        });
        Ok(Found { workload, pieces: self.pieces(app, work).await? })
    }

    /// The workload, where there is one.
    pub(crate) async fn head(&self, app: &AppId) -> ClusterResult<Option<Head>> {
        let path = format!("{}/{}", self.api(app).resource_url(), app.name);
        match ask(Verb::Get, app).run(json::object(&self.calls(), &path, &HEAD, Limits::exact(MOST))).await {
            Ok(Some(json)) => parse(app, &json).map(Some),
            Ok(None) => Err(ClusterError::Refused(Refused::TooLarge { object: ask(Verb::Get, app).object(), most: Bytes(MOST as u64) })),
            Err(ClusterError::Missing(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The objects beside the workload that a creation has marked, or that a deletion was to delete.
    async fn pieces(&self, app: &AppId, work: &Work) -> ClusterResult<Vec<FoundPiece>> {
        let found_piece = |piece, meta: &ObjectMeta| FoundPiece { piece, touched_by: touched_by(meta) };
        let mut there = Vec::new();
        match work {
            Work::Create { mark, pieces } => {
                for piece in pieces.iter().filter(|piece| **piece != Piece::Deployment) {
                    let found = self.place(app, *piece).find().await?;
                    there.extend(found.filter(|found| has_mark(&found.metadata, *piece, mark)).map(|found| found_piece(*piece, &found.metadata)));
                }
            }
            Work::Delete { pieces, .. } => {
                for (piece, uid) in pieces {
                    let found = self.place(app, *piece).find().await?;
                    there.extend(found.filter(|found| found.metadata.uid.as_ref() == Some(uid)).map(|found| found_piece(*piece, &found.metadata)));
                }
            }
            Work::Restart { .. } | Work::Scale { .. } | Work::Pause { .. } | Work::RollBack { .. } => {}
        }
        Ok(there)
    }
}
