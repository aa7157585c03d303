//! Work that goes on to its end whoever waits for it.

use crate::error::{Failure, Outcome};
use domain::problem::FaultProblem;
use std::future::Future;
use std::panic::resume_unwind;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

/// Does work that must not stop half way: a request that is given up (its client has gone, its time is over) drops
/// only its wait, and the end of the process waits for it.
///
/// # Errors
/// Those of the work.
pub(crate) async fn to_its_end<T: Send + 'static>(tasks: &TaskTracker, work: impl Future<Output = Outcome<T>> + Send + 'static) -> Outcome<T> {
    match tasks.spawn(work.in_current_span()).await {
        Ok(outcome) => outcome,
        Err(error) => match error.try_into_panic() {
            Ok(fault) => resume_unwind(fault),
            Err(_) => Err(Failure::told(FaultProblem::PortalStopped)),
        },
    }
}
