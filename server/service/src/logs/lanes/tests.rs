use super::*;
use domain::live::LogNote;
use std::time::Duration;
use tokio::time::timeout;

fn text(byte: u8, len: usize) -> BytesMut {
    let mut text = BytesMut::from(vec![byte; len - 1].as_slice());
    text.extend_from_slice(b"\n");
    text
}

fn lanes(pool: usize) -> (Arc<Lanes>, Arc<Pool>) {
    let pool = Arc::new(Pool::new(pool));
    (Lanes::new(pool.clone(), 1024 * 1024), pool)
}

/// Whether the lane takes this without waiting.
async fn takes(lane: &LaneWriter, bytes: usize) -> bool {
    timeout(Duration::from_millis(1), lane.lines(text(b'x', bytes))).await.is_ok()
}

#[tokio::test(start_paused = true)]
async fn a_lane_reads_ahead_up_to_its_limit_and_goes_on_when_there_is_room() {
    let (lanes, _) = lanes(64 * 1024 * 1024);
    let lane = lanes.lane(0);
    let mut queued = 0;
    while takes(&lane, 32 * 1024).await {
        queued += 32 * 1024;
    }
    assert_eq!(queued, 1024 * 1024);
    assert!(lanes.next().await.is_some());
    assert!(takes(&lane, 32 * 1024).await);
}

#[tokio::test(start_paused = true)]
async fn an_empty_pool_leaves_every_lane_its_own_share() {
    let (greedy, pool) = lanes(512 * 1024);
    let one = greedy.lane(0);
    while takes(&one, 16 * 1024).await {}
    assert_eq!(pool.free(), 0);
    let other = Lanes::new(pool.clone(), 1024 * 1024);
    let lane = other.lane(0);
    for _ in 0..4 {
        assert!(takes(&lane, 4 * 1024).await);
    }
    assert!(!takes(&lane, 4 * 1024).await, "beyond 16 KiB a lane has nothing of its own");
    drop((one, greedy));
    assert_eq!(pool.free(), 512 * 1024);
    assert!(takes(&lane, 64 * 1024).await);
}

#[tokio::test(start_paused = true)]
async fn what_was_borrowed_comes_back_as_it_is_read() {
    let (lanes, pool) = lanes(8 * 1024 * 1024);
    let lane = lanes.lane(0);
    while takes(&lane, 100_000).await {}
    assert!(pool.free() < 8 * 1024 * 1024);
    drop(lane);
    lanes.end();
    while lanes.next().await.is_some() {}
    assert_eq!(pool.free(), 8 * 1024 * 1024);
}

#[tokio::test(start_paused = true)]
async fn a_line_larger_than_the_limit_passes() {
    let (lanes, _) = lanes(0);
    let lane = lanes.lane(0);
    assert!(takes(&lane, 10 * 1024 * 1024).await);
    assert!(matches!(lanes.next().await, Some(LogItem::Lines { bytes, .. }) if bytes.len() == 10 * 1024 * 1024));
}

#[tokio::test(start_paused = true)]
async fn small_batches_are_gathered_and_lanes_take_turns() {
    let (lanes, _) = lanes(8 * 1024 * 1024);
    let (loud, quiet) = (lanes.lane(0), lanes.lane(1));
    for _ in 0..4096 {
        loud.lines(text(b'l', 64)).await;
    }
    quiet.lines(text(b'q', 64)).await;
    drop((loud, quiet));
    lanes.end();
    let mut items = Vec::new();
    while let Some(LogItem::Lines { source, bytes }) = lanes.next().await {
        items.push((source, bytes.len()));
    }
    assert_eq!(items, [(0, 65_536), (1, 64), (0, 65_536), (0, 65_536), (0, 65_536)]);
}

#[tokio::test(start_paused = true)]
async fn remarks_keep_their_place_between_lines() {
    let (lanes, _) = lanes(0);
    let lane = lanes.lane(3);
    let note = LogItem::Note { source: 3, at: domain::UnixMs(0), note: LogNote::Resumed };
    lane.lines(text(b'a', 2)).await;
    lane.item(note.clone()).await;
    lane.lines(text(b'b', 2)).await;
    assert!(matches!(lanes.next().await, Some(LogItem::Lines { bytes, .. }) if bytes == "a\n"));
    assert_eq!(lanes.next().await, Some(note));
    assert!(matches!(lanes.next().await, Some(LogItem::Lines { bytes, .. }) if bytes == "b\n"));
}
