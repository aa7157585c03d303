//! Events.

use super::meta::{count, created, moment};
use super::{Slim, SlimEvent, Watched, What};
use crate::clock;
use crate::text::{SHORT, cut, message, reason, short};
use domain::facts::Event;
use domain::kubernetes::words::ObjectKind;
use domain::kubernetes::{Resource, event};
use domain::{Namespace, UnixMs};
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::MicroTime;
use std::sync::Arc;

fn precise(time: Option<&MicroTime>) -> Option<UnixMs> {
    time.map(|t| UnixMs(t.0.as_millisecond()))
}

impl Watched for core::Event {
    const WHAT: What = What::Events;

    fn slim(self, _: &Namespace) -> Option<Slim> {
        let about = self.involved_object;
        let kind = about.kind.map(ObjectKind::from).filter(|kind| Resource::of_kind(kind).is_some())?;
        let once = precise(self.event_time.as_ref());
        let first = moment(self.first_timestamp.as_ref()).or(once).unwrap_or_else(|| created(&self.metadata));
        let series = self.series.as_ref();
        let last = series.and_then(|s| precise(s.last_observed_time.as_ref())).or(moment(self.last_timestamp.as_ref())).unwrap_or(first);
        // Whoever may write events may date one years ahead, and it would be the newest for as long.
        let now = clock::now();
        let (first, last) = (first.min(now), last.max(first).min(now));
        let source = self.reporting_component.filter(|c| !c.is_empty()).or(self.source.and_then(|s| s.component));
        let facts = Event {
            kind,
            name: short(about.name),
            uid: short(about.uid),
            container: about.field_path.as_deref().and_then(event::container).map(|name| cut(name, SHORT)),
            reason: reason(self.reason).into(),
            message: message(self.message.map(|text| event::own_text(&text).to_owned())),
            warning: self.type_.as_deref() == Some("Warning"),
            count: series.and_then(|s| s.count).or(self.count).map_or(1, |n| count(Some(n)).max(1)),
            first,
            last,
            source: reason(source),
        };
        Some(Slim::Event(SlimEvent { name: cut(self.metadata.name.as_deref()?, SHORT), facts: Arc::new(facts) }))
    }
}
