//! Frames of the socket, from both sides: what is read is written as it can be read again, by serde and by the browser.
#![no_main]

use domain::live::{ClientFrame, LogBatch, ServerFrame, read};
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
    if let Ok(text) = str::from_utf8(bytes) {
        // The server may be another version than the page.
        let _ = read::frame(text);
        if let Some(answer) = read::value(text) {
            let _ = (read::detail(&answer), read::rows(&answer, "items"), read::health(&answer["health"]), read::text(&answer, "continue"));
        }
    }
    if let Ok(frame) = serde_json::from_slice::<ServerFrame>(bytes) {
        let written = serde_json::to_string(&frame).ok();
        assert_eq!(written.as_deref().and_then(|t| serde_json::from_str::<ServerFrame>(t).ok()).as_ref(), Some(&frame));
        assert_eq!(written.as_deref().and_then(read::frame), Some(frame));
    }
});
