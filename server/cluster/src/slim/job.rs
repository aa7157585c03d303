//! Jobs and cron jobs. A job that a cron job started is a run of that cron job and no app.

use super::meta::{count, created, group, moment, owner, selector};
use super::workload::{base, condition, unread};
use super::{Run, Slim, Watched, What};
use crate::json::Identity;
use crate::text::{SHORT, cut, message, short, shown};
use domain::facts::{CronFacts, JobFacts, Replicas, Unread};
use domain::kubernetes::words::ConditionReason;
use domain::{Kind, Namespace};
use k8s_openapi::api::batch::v1::{CronJob, Job, JobCondition, JobSpec, JobStatus};
use std::sync::Arc;

fn facts(spec: &JobSpec, status: &JobStatus) -> JobFacts {
    JobFacts {
        completions: spec.completions.map_or(1, |n| count(Some(n))),
        active: count(status.active),
        succeeded: count(status.succeeded),
        failed: count(status.failed),
        backoff_limit: spec.backoff_limit.map_or(6, |n| count(Some(n))),
        deadline_s: spec.active_deadline_seconds,
        started: moment(status.start_time.as_ref()),
        completed: moment(status.completion_time.as_ref()),
        suspended: spec.suspend == Some(true),
        parallelism: spec.parallelism.map(|n| count(Some(n))),
        failed_indexes: status.failed_indexes.as_deref().filter(|i| !i.is_empty()).map(|i| cut(i, SHORT)),
        failure: message(failed(status).and_then(|c| c.message.clone())),
    }
}

fn failed(status: &JobStatus) -> Option<&JobCondition> {
    status.conditions.iter().flatten().find(|c| c.type_ == "Failed" && c.status == "True")
}

fn failure(status: &JobStatus) -> Option<ConditionReason> {
    let failed = failed(status)?;
    Some(shown(failed.reason.as_deref().filter(|r| !r.is_empty()).unwrap_or("Failed"), SHORT).into())
}

impl Watched for Job {
    const WHAT: What = What::Jobs;

    fn slim(self, namespace: &Namespace) -> Option<Slim> {
        let spec = self.spec?;
        let status = self.status.unwrap_or_default();
        if let Some(cron) = owner(&self.metadata).filter(|o| o.kind == "CronJob" && group(o) == "batch") {
            return Some(Slim::Run(Run {
                name: cut(self.metadata.name.as_deref()?, SHORT),
                owner: cut(cron.uid.as_str(), SHORT),
                uid: short(self.metadata.uid.clone()),
                created: created(&self.metadata),
                facts: facts(&spec, &status),
                failure: failure(&status),
            }));
        }
        let mut w = base(&self.metadata, namespace, Kind::Job, Some(&spec.template))?;
        w.observed_generation = w.generation;
        w.replicas = Replicas {
            wanted: spec.parallelism.map_or(1, |n| count(Some(n))),
            current: count(status.active),
            updated: count(status.active),
            ready: count(status.ready),
            available: count(status.ready),
        };
        w.paused = spec.suspend == Some(true);
        w.job = Some(facts(&spec, &status));
        let conditions = status.conditions.into_iter().flatten().take(20);
        w.conditions = conditions.map(|c| condition(c.type_, &c.status, c.reason, c.message, c.last_transition_time.as_ref())).collect();
        w.selector = selector(spec.selector);
        Some(Slim::Workload(Arc::new(w)))
    }
}

impl Watched for CronJob {
    const WHAT: What = What::CronJobs;

    fn unread(namespace: &Namespace, identity: &Identity, why: Unread) -> Option<Slim> {
        unread(namespace, Kind::CronJob, identity, why)
    }

    fn slim(self, namespace: &Namespace) -> Option<Slim> {
        let spec = self.spec?;
        let status = self.status.unwrap_or_default();
        let template = spec.job_template.spec.as_ref().map(|s| &s.template);
        let mut w = base(&self.metadata, namespace, Kind::CronJob, template)?;
        w.observed_generation = w.generation;
        w.paused = spec.suspend == Some(true);
        w.cron = Some(CronFacts {
            schedule: shown(spec.schedule, SHORT),
            time_zone: spec.time_zone.map(|z| shown(z, SHORT)),
            one_at_a_time: spec.concurrency_policy.as_deref() == Some("Forbid"),
            starting_deadline_s: spec.starting_deadline_seconds,
            last_scheduled: moment(status.last_schedule_time.as_ref()),
            last_succeeded: moment(status.last_successful_time.as_ref()),
            active: status.active.into_iter().flatten().take(20).map(|a| short(a.name)).collect(),
            runs: Vec::new(),
        });
        Some(Slim::Workload(Arc::new(w)))
    }
}
