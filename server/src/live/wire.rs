//! Frames that borrow what they send; they read back as [`domain::live::ServerFrame`]. Those of lists are written by
//! [`service::projection::ListReader`].

use axum::extract::ws::Utf8Bytes;
use domain::view::{AppDetail, ClusterHealth, PodRow, SharedApp};
use serde::Serialize;

/// As `ServerFrame`, without copies of rows.
#[derive(Serialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub(super) enum Frame<'a> {
    /// How the portal stands to the cluster.
    Health { health: &'a ClusterHealth },
    /// One app.
    App { id: u32, page: Option<&'a SharedApp> },
    /// Its changes.
    AppDelta { id: u32, detail: &'a AppDetail, pods: &'a [&'a PodRow], order: Option<&'a [String]> },
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
        assert_eq!(read(&Frame::Health { health: &health }), ServerFrame::Health { health: health.clone() });
        assert_eq!(read(&Frame::App { id: 3, page: None }), ServerFrame::App { id: 3, page: None });
    }
}
