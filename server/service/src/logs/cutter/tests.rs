use super::*;
use proptest::prelude::*;
use std::fmt::Write as _;

/// A line as the node sends it, at this many microseconds after a fixed second.
fn line(micros: u64, text: &str) -> String {
    let (minutes, seconds, micros) = (micros / 60_000_000, micros / 1_000_000 % 60, micros % 1_000_000);
    format!("2026-11-21T05:{minutes:02}:{seconds:02}.{micros:06}000Z {text}\n")
}

/// What the node gives from this moment on: it leaves out lines of earlier seconds one by one.
fn from(file: &[String], since: Option<UnixMs>) -> Vec<u8> {
    let second = since.map(|s| s.0.div_euclid(1000) * 1000);
    let keeps = |l: &&String| second.is_none_or(|s| Nanos::of_line(l.as_bytes()).is_none_or(|at| at.floor_ms().0 >= s));
    file.iter().filter(keeps).flat_map(|l| l.bytes()).collect()
}

/// Reads `file` with these cuts (bytes that each upstream gives before it is cut), in chunks of these sizes.
fn read(file: &[String], cuts: &[usize], chunks: &[usize]) -> (Vec<u8>, bool) {
    let (mut cutter, mut all, mut gap) = (Cutter::default(), BytesMut::new(), false);
    let mut sizes = chunks.iter().copied().cycle();
    let ends = cuts.iter().map(|c| Some(*c)).chain([None]);
    for end in ends {
        let text = from(file, cutter.resume());
        let mut rest = &text[..end.unwrap_or(text.len()).min(text.len())];
        while !rest.is_empty() {
            let (chunk, more) = rest.split_at(sizes.next().unwrap_or(1).clamp(1, rest.len()));
            let mut out = BytesMut::new();
            gap |= cutter.feed(chunk, &mut out) == Fed::Gap;
            all.extend_from_slice(&out);
            rest = more;
        }
    }
    gap |= cutter.finish(&mut all) == Fed::Gap;
    (all.to_vec(), gap)
}

fn files() -> impl Strategy<Value = Vec<String>> {
    // Steps of 0 make equal lines in a row.
    let lines = prop::collection::vec((prop_oneof![Just(0_u64), 0..20_u64, Just(400_000)], 0..3_u64, prop::option::weighted(0.2, 0..6_u64)), 1..80);
    lines.prop_map(|steps| {
        let (mut now, mut before) = (1_000_000, 0);
        let text = |kind: u64| ["", "a", "longer text of a line"][usize::try_from(kind).unwrap()];
        let one = |(number, (step, kind, late)): (usize, (u64, u64, Option<u64>))| {
            now += step;
            let kind = if step == 0 { before } else { kind };
            before = kind;
            match late {
                // Out of order, as with two streams of one container; such a line has a time that no other has.
                Some(late) => {
                    now += 1;
                    let line = line(now - late, text(kind));
                    now += 1;
                    line.replacen("000Z", &format!("{:03}Z", number + 1), 1)
                }
                None => line(now, text(kind)),
            }
        };
        steps.into_iter().enumerate().map(one).collect()
    })
}

proptest! {
    #[test]
    fn no_line_is_lost_when_the_upstream_is_cut(
        file in files(),
        cuts in prop::collection::vec(0..4000_usize, 0..6),
        chunks in prop::collection::vec(1..300_usize, 1..8),
    ) {
        let (got, gap) = read(&file, &cuts, &chunks);
        prop_assert_eq!(String::from_utf8(got).unwrap(), file.concat());
        prop_assert!(!gap);
    }

    #[test]
    fn every_batch_ends_a_line(chunks in prop::collection::vec(prop::collection::vec(prop_oneof![Just(b'\n'), any::<u8>()], 0..40), 0..40)) {
        let (mut cutter, mut all) = (Cutter::default(), Vec::new());
        for chunk in &chunks {
            let mut out = BytesMut::new();
            cutter.feed(chunk, &mut out);
            prop_assert!(out.is_empty() || out.ends_with(b"\n"));
            all.extend_from_slice(&out);
        }
        let mut out = BytesMut::new();
        cutter.finish(&mut out);
        all.extend_from_slice(&out);
        let mut whole = chunks.concat();
        if whole.last().is_some_and(|b| *b != b'\n') {
            whole.push(b'\n');
        }
        prop_assert_eq!(all, whole);
    }
}

proptest! {
    // Each case moves megabytes.
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_long_line_survives_cuts_at_any_place(
        size in MAX_LINE - 100..3 * MAX_LINE,
        cuts in prop::collection::vec(0..4 * MAX_LINE, 0..5),
        chunk in 1000..200_000_usize,
    ) {
        let file = [line(1, "before"), line(2, &"x".repeat(size)), line(3, "after"), line(3, "after"), line(4, "end")];
        let (got, gap) = read(&file, &cuts, &[chunk]);
        prop_assert!(got == file.concat().as_bytes());
        prop_assert!(!gap);
    }
}

#[test]
fn a_line_without_end_is_not_held_back_for_ever() {
    let (mut cutter, mut out) = (Cutter::default(), BytesMut::new());
    for _ in 0..10 {
        cutter.feed(&vec![b'x'; MAX_LINE / 2], &mut out);
    }
    assert!(out.len() >= 4 * MAX_LINE);
    cutter.feed(b"end\nnext\n", &mut out);
    assert!(out.ends_with(b"xend\nnext\n"));
}

#[test]
fn where_the_place_is_gone_the_new_lines_come_and_the_gap_is_told() {
    let (mut cutter, mut out) = (Cutter::default(), BytesMut::new());
    cutter.feed([line(1, "one"), line(2, "two")].concat().as_bytes(), &mut out);
    assert!(cutter.resume().is_some());
    out.clear();
    // The node has rotated the log: it starts behind the last line that is out.
    assert_eq!(cutter.feed([line(9, "nine"), line(10, "ten")].concat().as_bytes(), &mut out), Fed::Well);
    assert!(out.is_empty());
    assert_eq!(cutter.settle(&mut out), Fed::Gap);
    assert_eq!(out, [line(9, "nine"), line(10, "ten")].concat());
    assert_eq!(cutter.feed(line(11, "eleven").as_bytes(), &mut out), Fed::Well);
    assert!(out.ends_with(line(11, "eleven").as_bytes()));
}

#[test]
fn what_is_held_back_has_a_limit() {
    let (mut cutter, mut out) = (Cutter::default(), BytesMut::new());
    cutter.feed(line(1, "one").as_bytes(), &mut out);
    cutter.resume();
    out.clear();
    let mut text = String::new();
    for n in 0..20_000_u64 {
        write!(text, "{}", line(10 + n, &"y".repeat(100))).unwrap();
    }
    let fed = text.as_bytes().chunks(16_384).map(|chunk| cutter.feed(chunk, &mut out)).filter(|f| *f == Fed::Gap).count();
    cutter.finish(&mut out);
    assert_eq!(fed, 1);
    assert_eq!(out, text.as_bytes());
}

#[test]
#[ignore = "prints a figure; run it with --release"]
fn cost_per_line() {
    let text = line(1, &"z".repeat(167)).repeat(400_000);
    let start = std::time::Instant::now();
    let (mut cutter, mut bytes) = (Cutter::default(), 0);
    for chunk in text.as_bytes().chunks(16_384) {
        let mut out = BytesMut::new();
        cutter.feed(chunk, &mut out);
        bytes += out.len();
    }
    let spent = start.elapsed();
    assert_eq!(bytes, text.len());
    println!("{} ns per line of {} bytes", spent.as_nanos() / 400_000, text.len() / 400_000);
}
