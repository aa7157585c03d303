use super::*;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use tokio_util::task::AbortOnDropHandle;

const PERIOD: Duration = Duration::from_secs(60);

/// Counts its runs, and has a fault in the one with this number.
struct Counted {
    runs: Arc<AtomicU32>,
    fault_in: Option<u32>,
}

#[async_trait]
impl Job for Counted {
    fn name(&self) -> &'static str {
        "counted"
    }

    fn period(&self) -> Duration {
        PERIOD
    }

    async fn run_once(&mut self) {
        let run = self.runs.fetch_add(1, SeqCst) + 1;
        assert_ne!(Some(run), self.fault_in, "a fault");
    }
}

fn counted(fault_in: Option<u32>) -> (Driven, Arc<AtomicU32>) {
    let runs = Arc::new(AtomicU32::new(0));
    (Driven::new(Counted { runs: runs.clone(), fault_in }), runs)
}

/// Drives the jobs; how many were lost.
fn driving(jobs: Vec<Driven>, stop: &CancellationToken) -> (AbortOnDropHandle<()>, Arc<AtomicU32>) {
    let (stop, lost) = (stop.clone(), Arc::new(AtomicU32::new(0)));
    let count = lost.clone();
    let task = tokio::spawn(async move {
        drive(jobs, stop, || {
            count.fetch_add(1, SeqCst);
        })
        .await
    });
    (AbortOnDropHandle::new(task), lost)
}

/// The clock is paused: it goes on only when no task has anything left to do.
async fn pass(time: Duration) {
    tokio::time::sleep(time).await;
}

const MOMENT: Duration = Duration::from_millis(1);

#[tokio::test(start_paused = true)]
async fn a_job_runs_at_once_and_then_by_its_period() {
    let (job, runs) = counted(None);
    let (_driving, _) = driving(vec![job], &CancellationToken::new());
    pass(MOMENT).await;
    assert_eq!(runs.load(SeqCst), 1);
    pass(PERIOD - MOMENT * 2).await;
    assert_eq!(runs.load(SeqCst), 1);
    pass(MOMENT * 2).await;
    assert_eq!(runs.load(SeqCst), 2);
    pass(PERIOD * 3).await;
    assert_eq!(runs.load(SeqCst), 5);
}

#[tokio::test(start_paused = true)]
async fn a_signal_of_either_kind_runs_a_job_before_its_period() {
    let (job, runs) = counted(None);
    let (value, notify) = (watch::Sender::new(0), Arc::new(Notify::new()));
    let (_driving, lost) = driving(vec![job.on(value.subscribe()).on(notify.clone())], &CancellationToken::new());
    pass(MOMENT).await;
    assert_eq!(runs.load(SeqCst), 1);
    value.send_replace(1);
    pass(MOMENT).await;
    assert_eq!(runs.load(SeqCst), 2);
    notify.notify_one();
    pass(MOMENT).await;
    assert_eq!(runs.load(SeqCst), 3);
    pass(PERIOD).await;
    assert_eq!((runs.load(SeqCst), lost.load(SeqCst)), (4, 0), "and by its period as well");
}

#[tokio::test(start_paused = true)]
async fn a_job_that_panics_ends_alone() {
    let ((faulty, its_runs), (sound, runs)) = (counted(Some(2)), counted(None));
    let (_driving, lost) = driving(vec![faulty, sound], &CancellationToken::new());
    pass(MOMENT).await;
    assert_eq!(lost.load(SeqCst), 0);
    pass(PERIOD * 5).await;
    assert_eq!((its_runs.load(SeqCst), runs.load(SeqCst), lost.load(SeqCst)), (2, 6, 1));
}

#[tokio::test(start_paused = true)]
async fn a_job_is_lost_with_what_it_depends_on() {
    let ((orphan, its_runs), (sound, runs)) = (counted(None), counted(None));
    let value = watch::Sender::new(0);
    let (_driving, lost) = driving(vec![orphan.on(value.subscribe()), sound], &CancellationToken::new());
    pass(MOMENT).await;
    drop(value);
    pass(PERIOD).await;
    assert_eq!((its_runs.load(SeqCst), runs.load(SeqCst), lost.load(SeqCst)), (1, 2, 1));
}

#[tokio::test(start_paused = true)]
async fn all_jobs_end_when_the_portal_stops_and_none_of_them_is_lost() {
    let stop = CancellationToken::new();
    let (driving, lost) = driving(vec![counted(None).0, counted(None).0], &stop);
    pass(MOMENT).await;
    stop.cancel();
    driving.await.unwrap();
    assert_eq!(lost.load(SeqCst), 0);
}
