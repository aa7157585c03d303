//! Jobs and cron jobs.

use super::*;

#[test]
fn jobs_are_told() {
    says(&job(|_| {}, vec![ready("aaaaa")]), Word::Running, "active", "It has run for 5 min, 0 of 1 run done.");
    says(&job(|j| j.failed = 1, vec![ready("aaaaa")]), Word::Degraded, "1 of 4 tries failed", "1 try failed before");
    says(&change(job(|_| {}, Vec::new()), |w| w.paused = true), Word::Paused, "suspended", "Resume");
    says(&job(|_| {}, Vec::new()), Word::Progressing, "starting", "starting for 5 min");
    let mut failed = unready("aaaaa");
    failed.phase = "Failed".into();
    failed.containers[0].state = ContainerState::Ended(end(4, "Error"));
    says(&job(|j| j.failed = 1, vec![failed.clone()]), Word::Failing, "exit code 4", "1 of 4 tries failed so far");
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
    says(&cron(&|_| {}, Vec::new()), Word::Running, "not run yet", "its schedule is 0 3 * * *");
    let run = JobFacts { started: Some(ago(5 * MIN)), ..Default::default() };
    says(&cron(&|c| c.active = vec!["shop-1".into()], Vec::new()), Word::Running, "1 run active", "Run shop-1 has been active");
    let failed = |c: &mut CronFacts| {
        (c.last_scheduled, c.last_succeeded) = (Some(ago(5 * MIN)), Some(ago(60 * MIN)));
        c.runs = vec![("shop-2".into(), run.clone(), Some("BackoffLimitExceeded".into())), ("shop-1".into(), run.clone(), None)];
    };
    says(
        &cron(&failed, Vec::new()),
        Word::Degraded,
        "last run failed",
        "(BackoffLimitExceeded). Read the events of its job. A run last ended well 60 min ago.",
    );
}
