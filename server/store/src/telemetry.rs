//! Samples of CPU and memory.

use crate::open::{SqliteStore, broken, damaged};
use domain::{AppId, Kind, Namespace, UnixMs, WorkloadName};
use service::ports::{Sample, StoreResult};
use sqlx::{Row, Sqlite, Transaction};
use std::collections::HashMap;

const MAX_SAMPLES: i64 = 200_000;

async fn intern(tx: &mut Transaction<'_, Sqlite>, app: &AppId) -> StoreResult<i64> {
    sqlx::query_scalar("INSERT INTO app (namespace, kind, name) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET name = excluded.name RETURNING id")
        .bind(app.namespace.as_str())
        .bind(app.kind.slug())
        .bind(app.name.as_str())
        .fetch_one(&mut **tx)
        .await
        .map_err(broken)
}

async fn intern_pod(tx: &mut Transaction<'_, Sqlite>, app: i64, pod: &str) -> StoreResult<i64> {
    sqlx::query_scalar("INSERT INTO pod (app_id, name) VALUES (?, ?) ON CONFLICT DO UPDATE SET name = excluded.name RETURNING id")
        .bind(app)
        .bind(pod)
        .fetch_one(&mut **tx)
        .await
        .map_err(broken)
}

impl SqliteStore {
    pub(crate) async fn insert_samples(&self, samples: &[Sample]) -> StoreResult<()> {
        let mut tx = self.telemetry.begin_with("BEGIN IMMEDIATE").await.map_err(broken)?;
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
            let pod = intern_pod(&mut tx, app, &sample.pod).await?;
            sqlx::query("INSERT OR REPLACE INTO sample (app_id, at, pod_id, cpu_milli, memory_bytes) VALUES (?, ?, ?, ?, ?)")
                .bind(app)
                .bind(sample.at.0)
                .bind(pod)
                .bind(i64::from(sample.cpu_milli))
                .bind(i64::try_from(sample.memory_bytes).unwrap_or(i64::MAX))
                .execute(&mut *tx)
                .await
                .map_err(broken)?;
        }
        tx.commit().await.map_err(broken)
    }

    pub(crate) async fn find_samples(&self, app: &AppId, from: UnixMs) -> StoreResult<Vec<Sample>> {
        let rows = sqlx::query(
            "SELECT at, pod.name AS pod, cpu_milli, memory_bytes FROM sample JOIN pod ON pod.id = pod_id
             WHERE sample.app_id = (SELECT id FROM app WHERE namespace = ? AND kind = ? AND name = ?) AND at >= ? ORDER BY at, pod LIMIT ?",
        )
        .bind(app.namespace.as_str())
        .bind(app.kind.slug())
        .bind(app.name.as_str())
        .bind(from.0)
        .bind(MAX_SAMPLES)
        .fetch_all(&self.readers)
        .await
        .map_err(broken)?;
        rows.iter()
            .map(|row| {
                Ok(Sample {
                    at: UnixMs(row.try_get("at").map_err(broken)?),
                    app: app.clone(),
                    pod: row.try_get("pod").map_err(broken)?,
                    cpu_milli: row.try_get("cpu_milli").map_err(broken)?,
                    memory_bytes: row.try_get::<i64, _>("memory_bytes").map_err(broken)?.unsigned_abs(),
                })
            })
            .collect()
    }

    pub(crate) async fn sum_usage(&self, from: UnixMs, step_ms: i64) -> StoreResult<Vec<(AppId, UnixMs, u32, u64)>> {
        // First all pods of a moment together, then the mean of the moments in a step.
        let rows = sqlx::query(
            "SELECT namespace, kind, name, step, CAST(avg(cpu) AS INTEGER) AS cpu, CAST(avg(memory) AS INTEGER) AS memory
             FROM (SELECT app_id, at / ?2 * ?2 AS step, sum(cpu_milli) AS cpu, sum(memory_bytes) AS memory FROM sample WHERE at >= ?1 GROUP BY app_id, at)
             JOIN app ON app.id = app_id GROUP BY app_id, step ORDER BY app_id, step",
        )
        .bind(from.0)
        .bind(step_ms.max(1))
        .fetch_all(&self.readers)
        .await
        .map_err(broken)?;
        rows.iter()
            .map(|row| {
                let app = AppId {
                    namespace: Namespace::parse(row.try_get::<String, _>("namespace").map_err(broken)?).map_err(|_| damaged("namespace"))?,
                    kind: Kind::from_slug(row.try_get("kind").map_err(broken)?).ok_or_else(|| damaged("kind"))?,
                    name: WorkloadName::parse(row.try_get::<String, _>("name").map_err(broken)?).map_err(|_| damaged("workload name"))?,
                };
                Ok((
                    app,
                    UnixMs(row.try_get("step").map_err(broken)?),
                    row.try_get("cpu").map_err(broken)?,
                    row.try_get::<i64, _>("memory").map_err(broken)?.unsigned_abs(),
                ))
            })
            .collect()
    }

    pub(crate) async fn remove_samples(&self, before: UnixMs) -> StoreResult<u64> {
        let mut tx = self.telemetry.begin_with("BEGIN IMMEDIATE").await.map_err(broken)?;
        let done = sqlx::query("DELETE FROM sample WHERE at < ?").bind(before.0).execute(&mut *tx).await.map_err(broken)?;
        sqlx::query("DELETE FROM pod WHERE NOT EXISTS (SELECT 1 FROM sample WHERE sample.app_id = pod.app_id AND sample.pod_id = pod.id)")
            .execute(&mut *tx)
            .await
            .map_err(broken)?;
        sqlx::query("DELETE FROM app WHERE NOT EXISTS (SELECT 1 FROM pod WHERE app_id = app.id)").execute(&mut *tx).await.map_err(broken)?;
        tx.commit().await.map_err(broken)?;
        Ok(done.rows_affected())
    }
}
