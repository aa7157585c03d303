//! Frames of the socket, from both sides: what is read is written as it can be read again.
#![no_main]

use domain::live::{ClientFrame, LogBatch, ServerFrame};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Some(batch) = LogBatch::read(bytes) {
        let again = [&LogBatch::head(batch.id, batch.source)[..], batch.lines].concat();
        assert_eq!(again, bytes);
    }
    if let Ok(frame) = serde_json::from_slice::<ClientFrame>(bytes) {
        let again = serde_json::to_vec(&frame).map(|t| serde_json::from_slice::<ClientFrame>(&t).ok());
        assert_eq!(again.ok().flatten(), Some(frame));
    }
    if let Ok(frame) = serde_json::from_slice::<ServerFrame>(bytes) {
        let again = serde_json::to_vec(&frame).map(|t| serde_json::from_slice::<ServerFrame>(&t).ok());
        assert_eq!(again.ok().flatten(), Some(frame));
    }
});
