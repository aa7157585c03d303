//! The cluster, and what of it is served.

use super::finding::{Finding, Wants};
use super::parse::{self, Reader};
use super::validate::Validate;
use domain::Namespace;
use std::path::PathBuf;

/// The cluster, and what of it is served.
#[derive(Clone)]
pub struct Cluster {
    /// Kubeconfig; `None` takes the usual one.
    pub kubeconfig: Option<PathBuf>,
    /// Namespaces; `None` discovers them.
    pub namespaces: Option<Vec<Namespace>>,
    /// Kinds of the whole cluster may be read also where namespaces are given.
    pub cluster_scoped: bool,
}

impl Cluster {
    pub(super) fn read(read: &Reader<'_>) -> Result<Self, Finding> {
        Ok(Self {
            kubeconfig: read.optional("kubeconfig", |t| Ok(t.into()))?,
            namespaces: Some(read.list("namespaces", |t| Namespace::parse(t).map_err(Wants::Name))?).filter(|v| !v.is_empty()),
            cluster_scoped: read.with("cluster_scoped", parse::switch)?,
        })
    }
}

impl Validate for Cluster {}
