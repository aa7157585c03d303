//! The bytes of a log in chunks of any size: nothing is lost or reordered, and the view of them holds what it may.
#![no_main]

use domain::log::{Finder, LogBuffer, MAX_LINE, Pattern, Sample, Splitter, errors, last_words, level, parse_line, plain, spans};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: (u8, &[u8])| {
    let (size, bytes) = (usize::from(data.0).max(1), data.1);
    let (mut splitter, mut back) = (Splitter::default(), Vec::new());
    for chunk in bytes.chunks(size) {
        splitter.push(chunk, |piece| {
            back.extend_from_slice(piece.bytes);
            if !piece.partial {
                back.push(b'\n');
            }
            let (_, text) = parse_line(piece.bytes);
            let _ = level(&text);
            let shown: String = spans(&text).iter().map(|s| &*s.text).collect();
            assert_eq!(shown, plain(&text), "colours change no text");
            assert!(!shown.contains('\u{1b}'), "no escape is left");
        });
    }
    let rest = splitter.finish().unwrap_or_default();
    assert!(rest.len() < MAX_LINE);
    back.extend(rest);
    assert_eq!(back, bytes);

    let mut buffer = LogBuffer::new(50);
    for chunk in bytes.chunks(size) {
        buffer.push(0, chunk);
        assert!(buffer.lines().len() <= 50);
    }
    buffer.finish(0);
    let mut finder = Finder::new(Pattern::read("a.b", true));
    while !finder.advance(&buffer, size) {}
    let _ = last_words(bytes, None, str::to_owned);
    let _ = errors(bytes, Sample { window_s: 120, cut: false, running_ms: 1_000 }, str::to_owned);
});
