//! Checks of a new app: what a dry run finds, as codes with arguments. Their sentences are in [`crate::english::check`].

mod code;

pub use code::CheckCode;

use crate::form::Field;
use crate::kubernetes::Object;
use crate::view::{Outcome, Remedy};
use crate::{Bytes, MilliCpu, Namespace};

/// One finding about a new app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Whether the app can be created all the same.
    pub outcome: Outcome,
    /// What was found.
    pub code: CheckCode,
    /// The field of the form that it is about.
    pub field: Option<Field>,
    /// What the form itself can do about it.
    pub remedy: Option<Remedy>,
}

impl Check {
    const fn new(outcome: Outcome, code: CheckCode) -> Self {
        Self { outcome, code, field: None, remedy: None }
    }

    /// Something is as it should be.
    #[must_use]
    pub const fn pass(code: CheckCode) -> Self {
        Self::new(Outcome::Pass, code)
    }

    /// Nobody has looked.
    #[must_use]
    pub const fn skip(code: CheckCode) -> Self {
        Self::new(Outcome::Skip, code)
    }

    /// Something might not work.
    #[must_use]
    pub const fn warn(code: CheckCode) -> Self {
        Self::new(Outcome::Warn, code)
    }

    /// Something would not work.
    #[must_use]
    pub const fn fail(code: CheckCode) -> Self {
        Self::new(Outcome::Fail, code)
    }

    /// The same about a field of the form.
    #[must_use]
    pub fn at(self, field: Field) -> Self {
        Self { field: Some(field), ..self }
    }

    /// The same with what the form can do about it, if anything.
    #[must_use]
    pub fn mended_by(self, remedy: impl Into<Option<Remedy>>) -> Self {
        Self { remedy: remedy.into(), ..self }
    }
}

/// What a dry run of a new app finds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DryRun {
    /// Findings, worst first.
    pub checks: Vec<Check>,
    /// The objects as YAML, as they would be created.
    pub yaml: String,
}

impl DryRun {
    /// Whether all would be accepted.
    #[must_use]
    pub fn accepted(&self) -> bool {
        self.checks.iter().all(|check| check.outcome != Outcome::Fail)
    }

    /// The checks that stand in the way.
    #[must_use]
    pub fn failed(self) -> Vec<Check> {
        self.checks.into_iter().filter(|check| check.outcome == Outcome::Fail).collect()
    }
}

/// How the API server says that a name is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameClash {
    /// There is an object of that name.
    Exists(Object),
    /// Somebody else was faster with it, or with the quota that counts it.
    Changed(Object),
}

/// Where a variable takes its value from, if not from the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueSource {
    /// A key of a secret.
    Secret,
    /// A key of a config map.
    ConfigMap,
}

/// An object of another app that the reader may know of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Neighbor {
    /// Its namespace.
    pub namespace: Namespace,
    /// Its name.
    pub name: String,
}

impl std::fmt::Display for Neighbor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.namespace, self.name)
    }
}

/// Another app's ingress on the wanted host, as far as the reader may know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedHost {
    /// The ingress.
    pub ingress: Neighbor,
    /// Its paths on that host; 3 at most.
    pub paths: Vec<String>,
    /// It has more paths than these.
    pub more: bool,
}

/// How much of a resource, for a quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// Objects.
    Count(u64),
    /// CPU.
    Cpu(MilliCpu),
    /// Memory.
    Memory(Bytes),
}

impl std::fmt::Display for Amount {
    /// As a quota has it: `3`, `250m`, `64Mi`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Count(count) => write!(f, "{count}"),
            Self::Cpu(cpu) => f.write_str(&cpu.exact()),
            Self::Memory(memory) => f.write_str(&memory.exact()),
        }
    }
}

/// A resource of a quota that the pods of an app use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuotaResource {
    /// Pods that haven't ended.
    Pods,
    /// Pods, also those that have ended.
    CountPods,
    /// The same as [`QuotaResource::RequestsCpu`].
    Cpu,
    /// Requested CPU.
    RequestsCpu,
    /// The same as [`QuotaResource::RequestsMemory`].
    Memory,
    /// Requested memory.
    RequestsMemory,
    /// Limits of CPU.
    LimitsCpu,
    /// Limits of memory.
    LimitsMemory,
}

impl QuotaResource {
    /// Its name in a quota (<https://kubernetes.io/docs/concepts/policy/resource-quotas/>).
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pods => "pods",
            Self::CountPods => "count/pods",
            Self::Cpu => "cpu",
            Self::RequestsCpu => "requests.cpu",
            Self::Memory => "memory",
            Self::RequestsMemory => "requests.memory",
            Self::LimitsCpu => "limits.cpu",
            Self::LimitsMemory => "limits.memory",
        }
    }
}
