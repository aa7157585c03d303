//! A node port that is taken: by whom, and which one is free.

use super::checks::fail;
use super::{KubeCluster, Sent};
use crate::objects::post;
use crate::render;
use domain::kubernetes::Verb;
use domain::spec::{AppSpec, ServiceSpec};
use domain::view::{Check, Remedy};
use domain::{Namespace, Port};
use std::collections::BTreeSet;

/// Where a cluster's node ports end, if nobody changed the range.
const LAST: u16 = 32_767;
/// Free ports that are tried.
const TRIES: usize = 5;

impl KubeCluster {
    /// The same check in words, with a way out.
    pub(super) async fn explain_node_port(&self, spec: &AppSpec, check: Check, visible: &BTreeSet<Namespace>) -> Check {
        let Some(ServiceSpec::NodePort(Some(port))) = spec.service else { return check };
        let port = port.get();
        // What runs in a namespace is told only to who may look into it.
        let owner = self.shared().read(|index| index.node_port(port)).filter(|(ns, _)| visible.contains(ns));
        let user = owner.map_or_else(|| "another service in the cluster".into(), |(ns, name)| format!("{ns}/{name}"));
        let free = self.free_port(spec, port).await.map(|free| free.to_string());
        let advice = free.as_ref().map_or_else(|| "Choose another, or leave the field empty.".into(), |free| format!("Use {free}."));
        let remedy = Some(Remedy::set(&[("nodePort", free.as_deref().unwrap_or_default())]));
        Check { remedy, ..fail(format!("Node port {port} is used by {user}"), advice, Some("nodePort")) }
    }

    /// A port that the API server would give now.
    async fn free_port(&self, spec: &AppSpec, taken: u16) -> Option<u16> {
        let above = taken.checked_add(1)?..=LAST;
        let candidates: Vec<u16> = self.shared().read(|index| above.filter(|p| index.node_port(*p).is_none()).take(TRIES).collect());
        for candidate in candidates {
            let service = Some(ServiceSpec::NodePort(Some(Port::try_from(candidate).ok()?)));
            let objects = render::objects(&AppSpec { service, ..spec.clone() });
            let sent = Sent::new(objects.first()?).ok()?;
            if sent.ask(Verb::Create, spec).run(sent.api(self, &spec.namespace).create(&post(true), &sent.object)).await.is_ok() {
                return Some(candidate);
            }
        }
        None
    }
}
