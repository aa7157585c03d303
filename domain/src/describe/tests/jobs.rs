//! Jobs and cron jobs.

use super::*;

#[test]
fn jobs_are_told() {
    says(&job(|_| {}, vec![ready("aaaaa")]), Word::Running, "active", "Running for 5 min, 0 of 1 run done.");
    says(&job(|j| j.failed = 1, vec![ready("aaaaa")]), Word::Degraded, "1 of 4 attempts failed", "1 attempt failed before");
    says(&change(job(|_| {}, Vec::new()), |w| w.paused = true), Word::Paused, "suspended", "Resume");
    says(&job(|j| j.started = Some(ago(MIN)), Vec::new()), Word::Progressing, "starting", "Starting for 60 s");
    let mut failed = unready("aaaaa");
    failed.phase = "Failed".into();
    failed.containers[0].state = ContainerState::Ended(end(4, "Error"));
    says(&job(|j| j.failed = 1, vec![failed.clone()]), Word::Failing, "exit code 4", "1 of 4 attempts failed so far");
    let mut well = unready("aaaaa");
    well.phase = "Succeeded".into();
    assert_eq!(pod_status(&well, &job(|_| {}, vec![well.clone()]), NOW).word, Word::Completed);
}

#[test]
fn cron_jobs_are_told() {
    let cron = |f: &dyn Fn(&mut CronFacts), pods| {
        let mut c = CronFacts { schedule: "0 3 * * *".into(), ..Default::default() };
        f(&mut c);
        change(app_of(Kind::CronJob, 0, pods), |w| w.cron = Some(c))
    };
    says(&cron(&|_| {}, Vec::new()), Word::Running, "not run yet", "Schedule: 0 3 * * *");
    let run = JobFacts { started: Some(ago(5 * MIN)), ..Default::default() };
    says(&cron(&|c| c.active = vec!["shop-1".into()], Vec::new()), Word::Running, "1 run active", "Run shop-1 has been active");
    let failed = |c: &mut CronFacts| {
        (c.last_scheduled, c.last_succeeded) = (Some(ago(5 * MIN)), Some(ago(60 * MIN)));
        c.runs = vec![("shop-2".into(), run.clone(), Some("BackoffLimitExceeded".into())), ("shop-1".into(), run.clone(), None)];
    };
    says(&cron(&failed, Vec::new()), Word::Degraded, "last run failed", "(BackoffLimitExceeded). Check the events of its job. Last success: 60 min ago.");
}

fn cron_of(f: impl FnOnce(&mut CronFacts), pods: Vec<Pod>) -> AppFacts {
    let mut c = CronFacts { schedule: "* * * * *".into(), last_scheduled: Some(ago(30_000)), ..Default::default() };
    f(&mut c);
    change(app_of(Kind::CronJob, 0, pods), |w| w.cron = Some(c))
}

fn run(minutes: i64) -> JobFacts {
    JobFacts { started: Some(ago(minutes * MIN)), completions: 1, backoff_limit: 0, active: 1, ..Default::default() }
}

/// The run before failed, and one is active.
fn flapping(c: &mut CronFacts) {
    c.active = vec!["shop-3".into()];
    c.runs = vec![("shop-3".into(), run(0), None), ("shop-2".into(), JobFacts { failed: 1, ..run(1) }, Some("BackoffLimitExceeded".into()))];
}

fn pod_of(run: &str, name: &str) -> Pod {
    Pod { owner: Some(run.into()), name: format!("{run}-{name}"), ..ready(name) }
}

#[test]
fn an_active_run_does_not_hide_that_the_last_one_failed() {
    let mut failed = pod_of("shop-2", "aaaaa");
    failed.phase = "Failed".into();
    failed.containers[0].state = ContainerState::Ended(end(5, "Error"));
    let facts = cron_of(flapping, vec![pod_of("shop-3", "bbbbb"), failed]);
    says(&facts, Word::Failing, "last run failed", "exited with code 5");
    says(&facts, Word::Failing, "last run failed", "No run has succeeded yet. A new run is under way: run shop-3 has been active for 0 s.");
}

#[test]
fn a_suspended_schedule_hides_neither_a_failed_run_nor_one_that_works_nor_its_zone() {
    let held = |f: &dyn Fn(&mut CronFacts)| {
        let with_zone = |c: &mut CronFacts| {
            c.time_zone = Some("Europe/Berlin".into());
            f(c);
        };
        change(cron_of(with_zone, Vec::new()), |w| w.paused = true)
    };
    says(
        &held(&flapping),
        Word::Paused,
        "suspended, last failed",
        "Schedule * * * * * (Europe/Berlin) is suspended. The last run (started 60 s ago) failed (BackoffLimitExceeded).",
    );
    says(&held(&flapping), Word::Paused, "suspended, last failed", "A new run is under way: run shop-3");
    let works = |c: &mut CronFacts| (c.active, c.runs) = (vec!["shop-3".into()], vec![("shop-3".into(), run(5), None)]);
    says(&held(&works), Word::Paused, "suspended, a run active", "Run shop-3 has been active for 5 min. Resume to run again.");
    says(&held(&|c| c.last_scheduled = None), Word::Paused, "suspended", "Never run. Resume to run again.");
}

#[test]
fn runs_whose_pods_are_refused_are_no_runs_that_work() {
    let mut facts = cron_of(|c| (c.active, c.runs) = (vec!["shop-3".into()], vec![("shop-3".into(), JobFacts { active: 0, ..run(3) }, None)]), Vec::new());
    says(&facts, Word::Failing, "no pod created", "Run shop-3 isn't making progress. No pod created in 3 min.");
    facts.events = vec![event(
        "Job",
        "shop-3",
        "FailedCreate",
        "Error creating: pods \"shop-3-x\" is forbidden: violates PodSecurity \"restricted:latest\": privileged (container \"main\" must not)",
    )];
    says(&facts, Word::Failing, "violates pod security", "Run shop-3 isn't making progress. Namespace web only accepts pods of security level restricted");
}

#[test]
fn a_run_that_holds_the_schedule_back_is_told() {
    let stuck = |one_at_a_time, count, minutes| {
        let mut facts = cron_of(
            |c| (c.one_at_a_time, c.active, c.runs) = (one_at_a_time, vec!["shop-3".into()], vec![("shop-3".into(), run(minutes), None)]),
            vec![pod_of("shop-3", "aaaaa")],
        );
        let mut e = event("CronJob", "shop", "JobAlreadyActive", "Not starting job because prior execution is running and concurrency policy is Forbid");
        let event = Arc::make_mut(&mut e);
        (event.count, event.first, event.last) = (count, ago((minutes - 1) * MIN), ago(MIN / 2));
        facts.events = vec![e];
        facts
    };
    says(
        &stuck(true, 5, 6),
        Word::Degraded,
        "run blocks schedule",
        "Run shop-3 has been active for 6 min and blocks the schedule * * * * * (concurrencyPolicy Forbid): 5 runs skipped so far.",
    );
    says(&stuck(true, 1, 2), Word::Running, "1 run active", "Run shop-3 has been active for 2 min.");
    says(&stuck(false, 5, 6), Word::Running, "1 run active", "active for 6 min");
}

#[test]
fn a_schedule_that_cannot_be_read_starts_nothing() {
    let mut facts = cron_of(|c| (c.schedule, c.last_scheduled) = ("61 * * * *".into(), None), Vec::new());
    facts.events = vec![event("CronJob", "shop", "UnparseableSchedule", "unparseable schedule: \"61 * * * *\" : end of range (61) above maximum (59): 61")];
    says(&facts, Word::Failing, "invalid schedule", "The cluster can't parse its schedule 61 * * * *, so no run starts");
    facts = cron_of(|_| {}, Vec::new());
    facts.events = vec![event(
        "CronJob",
        "shop",
        "FailedCreate",
        "Error creating job: jobs.batch \"x\" is forbidden: exceeded quota: small, requested: count/jobs.batch=1, used: count/jobs.batch=2, limited: count/jobs.batch=2",
    )];
    says(&facts, Word::Failing, "quota exceeded", "count/jobs.batch: 2 of 2 used");
}

fn condition(kind: &str, reason: &str, message: &str) -> Condition {
    Condition { kind: kind.into(), status: Some(true), reason: reason.into(), message: message.into(), since: Some(ago(2 * MIN)) }
}

#[test]
fn a_job_that_failed_until_its_deadline_says_how_also_where_its_pods_are_gone() {
    let late = |pods| {
        change(job(|j| j.deadline_s = Some(60), pods), |w| {
            w.conditions.push(condition("Failed", "DeadlineExceeded", "Job was active longer than specified deadline"))
        })
    };
    says(
        &late(Vec::new()),
        Word::Failing,
        "deadline exceeded",
        "it ran longer than its deadline of 60 s (DeadlineExceeded). Raise activeDeadlineSeconds, or make it faster.",
    );
    let mut gone = late(Vec::new());
    gone.last_ends = vec![Arc::new(LastEnd { job: "shop".into(), pod: "shop-x".into(), container: "main".into(), restarts: 3, ended: end(3, "Error") })];
    says(
        &gone,
        Word::Failing,
        "failed until deadline",
        "Kept failing until its deadline of 60 s stopped it 2 min ago (DeadlineExceeded). Container main exited with code 3 after 12 min, 2 min ago. Restarted 3 times. More time wouldn't have helped.",
    );
    let mut failed = unready("aaaaa");
    failed.phase = "Failed".into();
    failed.containers[0].state = ContainerState::Ended(end(3, "Error"));
    says(&late(vec![failed]), Word::Failing, "failed until deadline", "Container main exited with code 3");
}

#[test]
fn a_job_whose_container_never_started_says_why_also_where_its_pod_is_gone() {
    let message = "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: chdir to cwd (\"/srv/shop\") set in config.json failed: no such file or directory: unknown";
    let ended = Ended { message: message.into(), ..end(128, "StartError") };
    let mut gone = change(job(|_| {}, Vec::new()), |w| w.conditions.push(condition("Failed", "BackoffLimitExceeded", "")));
    gone.last_ends = vec![Arc::new(LastEnd { job: "shop".into(), pod: "shop-x".into(), container: "main".into(), restarts: 0, ended })];
    says(&gone, Word::Failing, "failed once", "Container main can't start: its working directory /srv/shop isn't in the image.");
}

#[test]
fn a_job_says_which_indexes_failed_and_which_rule_ended_it() {
    let indexed = |j: &mut JobFacts| (j.completions, j.succeeded, j.failed, j.failed_indexes) = (5, 2, 3, Some("1,3-4".into()));
    let failed = change(job(indexed, Vec::new()), |w| w.conditions.push(condition("Failed", "FailedIndexes", "Job has failed indexes")));
    says(&failed, Word::Failing, "3 of 5 indexes failed", "Failed 2 min ago at indexes 1, 3-4: 3 of 5 failed, 2 succeeded.");
    let rule = "Container main for pod web/shop-x failed with exit code 42 matching FailJob rule at index 0";
    let policy = change(job(|_| {}, Vec::new()), |w| w.conditions.push(condition("Failed", "PodFailurePolicy", rule)));
    says(
        &policy,
        Word::Failing,
        "pod failure policy",
        "Its pod failure policy stopped it 2 min ago: Container main for pod web/shop-x failed with exit code 42",
    );
}

#[test]
fn a_job_that_is_to_run_no_pod_does_not_start_for_good() {
    says(&change(job(|_| {}, Vec::new()), |w| w.replicas.wanted = 0), Word::Stopped, "parallelism is 0", "Parallelism is 0, so no pods run; 0 of 1 run done.");
    says(&job(|_| {}, Vec::new()), Word::Failing, "no pod created", "No pod created in 5 min.");
}

#[test]
fn a_suspended_job_tells_of_the_pods_that_were_stopped() {
    let mut held = change(job(|j| j.failed = 1, Vec::new()), |w| {
        w.paused = true;
        w.conditions.push(condition("Suspended", "JobSuspended", "Job suspended"));
    });
    let mut deleted = event("Job", "shop", "SuccessfulDelete", "Deleted pod: shop-x");
    Arc::make_mut(&mut deleted).count = 1;
    held.events = vec![deleted];
    says(&held, Word::Paused, "suspended", "Suspended for 2 min with 0 of 1 run done. Suspending stopped 1 pod. 1 attempt failed before. Resume to continue.");
}
