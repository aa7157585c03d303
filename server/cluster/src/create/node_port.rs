//! A node port that is taken: by whom, and which one is free.

use super::{KubeCluster, Sent};
use crate::objects::post;
use domain::check::{Check, CheckCode, Neighbor};
use domain::form::Field;
use domain::kubernetes::Verb;
use domain::spec::{AppSpec, ServiceSpec};
use domain::view::Remedy;
use domain::{Namespace, Port};
use std::collections::BTreeSet;

/// Where a cluster's node ports end, if nobody changed the range.
const LAST: u16 = 32_767;
/// Free ports that are tried.
const TRIES: usize = 5;

impl KubeCluster {
    /// Who has a node port, and what to do about it.
    pub(super) async fn node_port_taken(&self, spec: &AppSpec, port: u16, visible: &BTreeSet<Namespace>) -> Check {
        // What runs in a namespace is told only to who may look into it.
        let owner = self.shared().read(|index| index.node_port(port)).filter(|(ns, _)| visible.contains(ns));
        let by = owner.map(|(namespace, name)| Neighbor { namespace, name });
        let free = self.free_port(spec, port).await;
        let remedy = Remedy::set(&[("nodePort", &free.map(|free| free.to_string()).unwrap_or_default())]);
        Check::fail(CheckCode::NodePortTaken { port, by, free }).at(Field::NodePort).mended_by(remedy)
    }

    /// A port that the API server would give now.
    async fn free_port(&self, spec: &AppSpec, taken: u16) -> Option<u16> {
        let above = taken.checked_add(1)?..=LAST;
        let candidates: Vec<u16> = self.shared().read(|index| above.filter(|p| index.node_port(*p).is_none()).take(TRIES).collect());
        for candidate in candidates {
            let service = Some(ServiceSpec::NodePort(Some(Port::try_from(candidate).ok()?)));
            let sent = Sent::all(&AppSpec { service, ..spec.clone() }).ok()?.into_iter().next()?;
            if sent.ask(Verb::Create, spec).run(sent.api(self, &spec.namespace).create(&post(true), &sent.object)).await.is_ok() {
                return Some(candidate);
            }
        }
        None
    }
}
