//! What a pod of the template may use.

use super::{ContainerSpec, Workload};
use crate::view::Bounds;
use crate::{Bytes, MilliCpu};

impl Workload {
    /// Requests and limits of one pod: of all containers that run beside each other.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        let beside: Vec<&ContainerSpec> = self.containers.iter().filter(|c| !c.init).collect();
        Bounds {
            cpu_request: sum_of_any(&beside, |c| c.cpu_request.map(|v| v.0)).map(MilliCpu),
            cpu_limit: sum_of_all(&beside, |c| c.cpu_limit.map(|v| v.0)).map(MilliCpu),
            memory_request: sum_of_any(&beside, |c| c.memory_request.map(|v| v.0)).map(Bytes),
            memory_limit: sum_of_all(&beside, |c| c.memory_limit.map(|v| v.0)).map(Bytes),
        }
    }
}

/// Sum over those that say anything.
fn sum_of_any(containers: &[&ContainerSpec], value: impl Fn(&ContainerSpec) -> Option<u64>) -> Option<u64> {
    containers.iter().filter_map(|c| value(c)).reduce(u64::saturating_add)
}

/// The same, but nothing where one of them says nothing: a pod with one container without a limit has none.
fn sum_of_all(containers: &[&ContainerSpec], value: impl Fn(&ContainerSpec) -> Option<u64>) -> Option<u64> {
    let all = containers.iter().map(|c| value(c)).collect::<Option<Vec<_>>>()?;
    all.into_iter().reduce(u64::saturating_add)
}
