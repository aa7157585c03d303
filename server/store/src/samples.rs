//! Samples of CPU and memory.

use crate::error::{DbResult, answer, damaged};
use crate::open::SqliteStore;
use async_trait::async_trait;
use domain::{AppId, Kind, Namespace, UnixMs, WorkloadName};
use service::ports::{PodSeries, Point, Sample, Samples, StoreResult};
use sqlx::{FromRow, Sqlite, Transaction};
use std::collections::HashMap;
use std::time::Duration;

/// Most points that one chart reads: 1,111 pods over 24 hours. Of more, the oldest are left out.
const MAX_POINTS: i64 = 400_000;

/// About so many samples go in one transaction.
const PRUNED_AT_ONCE: i64 = 20_000;
/// Between two of them, so that others get their turn.
const PAUSE: Duration = Duration::from_millis(20);

#[derive(FromRow)]
struct PodName {
    id: i64,
    name: String,
}

/// What was measured of a pod in a step.
#[derive(FromRow)]
struct PointRow {
    pod_id: i64,
    step: i64,
    cpu: i64,
    memory: i64,
}

impl From<&PointRow> for Point {
    fn from(row: &PointRow) -> Self {
        Self { at: UnixMs(row.step), cpu_milli: u32::try_from(row.cpu).unwrap_or(u32::MAX), memory_bytes: row.memory.unsigned_abs() }
    }
}

/// What all pods of an app used in a step.
#[derive(FromRow)]
struct UsageRow {
    #[sqlx(try_from = "String")]
    namespace: Namespace,
    kind: String,
    #[sqlx(try_from = "String")]
    name: WorkloadName,
    step: i64,
    cpu: u32,
    memory: i64,
}

async fn intern(tx: &mut Transaction<'_, Sqlite>, app: &AppId) -> DbResult<i64> {
    let insert = "INSERT INTO app (namespace, kind, name) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET name = excluded.name RETURNING id";
    let insert = sqlx::query_scalar(insert).bind(app.namespace.as_str()).bind(app.kind.slug()).bind(app.name.as_str());
    Ok(insert.fetch_one(&mut **tx).await?)
}

async fn intern_pod(tx: &mut Transaction<'_, Sqlite>, app: i64, pod: &str, at: UnixMs) -> DbResult<i64> {
    let insert = "INSERT INTO pod (app_id, name, last_at) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET last_at = max(last_at, excluded.last_at) RETURNING id";
    Ok(sqlx::query_scalar(insert).bind(app).bind(pod).bind(at.0).fetch_one(&mut **tx).await?)
}

#[async_trait]
impl Samples for SqliteStore {
    async fn add_samples(&self, samples: &[Sample]) -> StoreResult<()> {
        answer(async {
            let mut tx = self.telemetry.begin_with("BEGIN IMMEDIATE").await?;
            let mut apps: HashMap<&AppId, i64> = HashMap::new();
            for sample in samples {
                let app = match apps.get(&sample.app) {
                    Some(id) => *id,
                    None => {
                        let id = intern(&mut tx, &sample.app).await?;
                        apps.insert(&sample.app, id);
                        id
                    }
                };
                let pod = intern_pod(&mut tx, app, &sample.pod, sample.at).await?;
                sqlx::query("INSERT OR REPLACE INTO sample (app_id, at, pod_id, cpu_milli, memory_bytes) VALUES (?, ?, ?, ?, ?)")
                    .bind(app)
                    .bind(sample.at.0)
                    .bind(pod)
                    .bind(i64::from(sample.cpu_milli))
                    .bind(i64::try_from(sample.memory_bytes).unwrap_or(i64::MAX))
                    .execute(&mut *tx)
                    .await?;
            }
            Ok(tx.commit().await?)
        })
        .await
    }

    async fn series(&self, app: &AppId, from: UnixMs, to: UnixMs, step_ms: i64) -> StoreResult<Vec<PodSeries>> {
        answer(async {
            let mut tx = self.readers.begin().await?;
            let id: Option<i64> = sqlx::query_scalar("SELECT id FROM app WHERE namespace = ? AND kind = ? AND name = ?")
                .bind(app.namespace.as_str())
                .bind(app.kind.slug())
                .bind(app.name.as_str())
                .fetch_optional(&mut *tx)
                .await?;
            let names: Vec<PodName> = sqlx::query_as("SELECT id, name FROM pod WHERE app_id = ?").bind(id).fetch_all(&mut *tx).await?;
            let points: Vec<PointRow> = sqlx::query_as(
                "SELECT pod_id, at / ?3 * ?3 AS step, CAST(avg(cpu_milli) AS INTEGER) AS cpu, max(memory_bytes) AS memory
             FROM sample WHERE app_id = ?1 AND at >= ?2 AND at < ?5 GROUP BY step, pod_id ORDER BY step DESC LIMIT ?4",
            )
            .bind(id)
            .bind(from.0)
            .bind(step_ms.max(1))
            .bind(MAX_POINTS)
            .bind(to.0)
            .fetch_all(&mut *tx)
            .await?;
            let mut pods: HashMap<i64, PodSeries> = names.into_iter().map(|pod| (pod.id, PodSeries { pod: pod.name, points: Vec::new() })).collect();
            for point in &points {
                if let Some(series) = pods.get_mut(&point.pod_id) {
                    series.points.push(point.into());
                }
            }
            let mut pods: Vec<_> = pods.into_values().filter(|series| !series.points.is_empty()).collect();
            pods.sort_by(|a, b| a.pod.cmp(&b.pod));
            Ok(pods)
        })
        .await
    }

    async fn usage_history(&self, from: UnixMs, step_ms: i64) -> StoreResult<Vec<(AppId, UnixMs, u32, u64)>> {
        answer(async {
            // First all pods of a moment together, then the mean of the moments in a step.
            let rows: Vec<UsageRow> = sqlx::query_as(
                "SELECT namespace, kind, name, step, CAST(avg(cpu) AS INTEGER) AS cpu, CAST(avg(memory) AS INTEGER) AS memory
             FROM (SELECT app_id, at / ?2 * ?2 AS step, sum(cpu_milli) AS cpu, sum(memory_bytes) AS memory FROM sample WHERE at >= ?1 GROUP BY app_id, at)
             JOIN app ON app.id = app_id GROUP BY app_id, step ORDER BY app_id, step",
            )
            .bind(from.0)
            .bind(step_ms.max(1))
            .fetch_all(&self.readers)
            .await?;
            let usage = |row: UsageRow| {
                let app = AppId { namespace: row.namespace, kind: Kind::from_slug(&row.kind).ok_or_else(|| damaged("kind"))?, name: row.name };
                Ok((app, UnixMs(row.step), row.cpu, row.memory.unsigned_abs()))
            };
            rows.into_iter().map(usage).collect()
        })
        .await
    }

    // Piece by piece, each a transaction of its own: whoever wants to write meanwhile waits for one of them at most.
    async fn prune_samples(&self, before: UnixMs, after: UnixMs) -> StoreResult<u64> {
        answer(async {
            let mut removed = sqlx::query("DELETE FROM sample WHERE at > ?").bind(after.0).execute(&self.telemetry).await?.rows_affected();
            sqlx::query("UPDATE pod SET last_at = ?1 WHERE last_at > ?1").bind(after.0).execute(&self.telemetry).await?;
            loop {
                let more: Option<i64> = sqlx::query_scalar("SELECT at FROM sample WHERE at < ? ORDER BY at LIMIT 1 OFFSET ?")
                    .bind(before.0)
                    .bind(PRUNED_AT_ONCE)
                    .fetch_optional(&self.readers)
                    .await?;
                let until = more.map_or(before.0, |at| at + 1);
                removed += sqlx::query("DELETE FROM sample WHERE at < ?").bind(until).execute(&self.telemetry).await?.rows_affected();
                if more.is_none() {
                    break;
                }
                tokio::time::sleep(PAUSE).await;
            }
            sqlx::query("DELETE FROM pod WHERE last_at < ?").bind(before.0).execute(&self.telemetry).await?;
            sqlx::query("DELETE FROM app WHERE NOT EXISTS (SELECT 1 FROM pod WHERE app_id = app.id)").execute(&self.telemetry).await?;
            Ok(removed)
        })
        .await
    }
}
