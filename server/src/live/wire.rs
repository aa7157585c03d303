//! Frames that borrow what they send; they read back as [`domain::live::ServerFrame`].

use axum::extract::ws::Utf8Bytes;
use domain::AppId;
use domain::view::{AppDetail, AppRow, ClusterHealth, PodRow};
use serde::Serialize;
use std::sync::Arc;

/// As `ServerFrame`, without copies of rows.
#[derive(Serialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub(super) enum Frame<'a> {
    /// The whole list.
    Apps { id: u32, rows: &'a [Arc<AppRow>], health: &'a ClusterHealth },
    /// Its changes.
    AppsDelta { id: u32, set: &'a [Arc<AppRow>], gone: &'a [AppId], health: Option<&'a ClusterHealth> },
    /// One app.
    App { id: u32, detail: Option<&'a AppDetail>, health: &'a ClusterHealth },
    /// Its changes.
    AppDelta { id: u32, detail: &'a AppDetail, pods: &'a [&'a PodRow], order: Option<&'a [String]>, health: &'a ClusterHealth },
}

/// A frame as text.
pub(super) fn text<T: Serialize>(frame: &T) -> Option<Utf8Bytes> {
    match serde_json::to_string(frame) {
        Ok(text) => Some(text.into()),
        Err(error) => {
            tracing::error!(%error, "a frame could not be written");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::live::ServerFrame;

    #[test]
    fn borrowed_frames_read_as_those_of_the_domain() {
        let health = ClusterHealth { ready: true, ..ClusterHealth::default() };
        let read = |frame: &Frame<'_>| serde_json::from_str::<ServerFrame>(&text(frame).unwrap()).unwrap();
        assert_eq!(read(&Frame::Apps { id: 1, rows: &[], health: &health }), ServerFrame::Apps { id: 1, rows: vec![], health: health.clone() });
        assert_eq!(
            read(&Frame::AppsDelta { id: 2, set: &[], gone: &[], health: None }),
            ServerFrame::AppsDelta { id: 2, set: vec![], gone: vec![], health: None }
        );
        assert_eq!(read(&Frame::App { id: 3, detail: None, health: &health }), ServerFrame::App { id: 3, detail: None, health });
    }
}
