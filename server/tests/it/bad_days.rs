//! Ordinary bad days of the process: a disk that is full for a while, a log that cannot be written, a clock that is set.

use crate::support::http::{Client, Reply, encode};
use crate::support::process::{Portal, address_in, silent_api_server};
use crate::support::{PASSWORD, cookie};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

fn sign_in_form(name: &str, password: &str) -> String {
    format!("name={name}&password={}", encode(password))
}

pub async fn sign_in(portal: &Portal, from: &str, name: &str, password: &str) -> Reply {
    Client::new(portal.address).with("X-Forwarded-For", from).form("/signin", &sign_in_form(name, password)).await
}

/// `admin`, who is at home at 10.0.0.1.
pub async fn admin(portal: &Portal) -> Client {
    let mut admin = Client::new(portal.address).with("X-Forwarded-For", "10.0.0.1");
    let signed_in = admin.form("/signin", &sign_in_form("admin", PASSWORD)).await;
    admin.cookie = Some(cookie(signed_in.expect(303)));
    admin
}

/// Asks until the answer is as it should be, once the portal has looked again.
pub async fn becomes(client: &Client, path: &str, wanted: impl Fn(&Reply) -> bool) -> Reply {
    let mut reply = client.get(path).await;
    let end = tokio::time::Instant::now() + Duration::from_secs(20);
    while !wanted(&reply) && tokio::time::Instant::now() < end {
        tokio::time::sleep(Duration::from_millis(50)).await;
        reply = client.get(path).await;
    }
    assert!(wanted(&reply), "{path} stays {} {:.400}", reply.status, reply.body);
    reply
}

/// A portal whose database lies alone on a disk of 4 MB, and that disk as it is seen from here. Without root it is made in
/// a user namespace.
pub fn on_a_small_disk(folder: &Path) -> (Portal, PathBuf) {
    let disk = folder.join("disk");
    std::fs::create_dir(&disk).unwrap();
    let portal = Portal::command(folder, &disk.join("q.db"), 0);
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", r#"mount -t tmpfs -o size=4m none "$0" && exec "$@""#]);
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap());
    command.arg(&disk).arg(portal.get_program()).args(portal.get_args());
    let portal = Portal::started(command);
    let seen = PathBuf::from(format!("/proc/{}/root{}", portal.process.id(), disk.display()));
    (portal, seen)
}

/// Writes until nothing fits any more.
pub fn fill(disk: &Path) -> PathBuf {
    let path = disk.join("fill");
    let mut file = std::fs::File::create(&path).unwrap();
    while file.write_all(&[0; 4096]).is_ok() {}
    path
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_is_full_for_a_while_breaks_nothing_frees_nobody_and_keeps_nobody_signed_in() {
    let folder = tempfile::tempdir().unwrap();
    let _silent = silent_api_server(folder.path());
    let (portal, disk) = on_a_small_disk(folder.path());
    let (leaves, admin) = (admin(&portal).await, admin(&portal).await);
    assert_eq!(admin.get("/healthy").await.expect(200).body, "healthy\n");
    let filled = fill(&disk);

    leaves.form("/signout", "").await.expect(303);
    leaves.get("/api/v1/session").await.expect(401);

    let refused = admin.form("/teams/create", "name=Web&namespaces=web").await;
    assert!(refused.expect(503).body.contains("The change couldn"), "{}", refused.body);
    for _ in 0..40 {
        let guess = sign_in(&portal, "10.9.0.1", "admin", "not this one at all").await;
        assert!(matches!(guess.status, 401 | 429), "{}", guess.status);
    }
    sign_in(&portal, "10.9.0.1", "admin", PASSWORD).await.expect(429);
    let right = sign_in(&portal, "10.0.0.1", "admin", PASSWORD).await;
    assert!(right.expect(503).body.contains("disk of the portal&#39;s database is full") || right.body.contains("disk of the portal's database is full"));
    let warned = becomes(&admin, "/healthy", |r| r.body != "healthy\n").await;
    assert!(warned.expect(200).body.starts_with("warning: The disk of the portal's database is full. Free space"), "{}", warned.body);
    let metrics = admin.get("/metrics").await;
    assert!(metrics.expect(200).body.contains("quayside_storage_trouble{reason=\"full\"} 1"), "{}", metrics.body);
    assert!(!metrics.body.contains("quayside_audit_entries_waiting 0"), "refusals wait: {}", metrics.body);
    for path in ["/apps", "/users", "/account"] {
        let page = admin.get(path).await;
        assert!(page.expect(200).body.contains("Free space on its volume"), "{path}");
    }

    std::fs::remove_file(filled).unwrap();
    becomes(&admin, "/healthy", |r| r.body == "healthy\n").await;
    becomes(&admin, "/metrics", |r| r.body.contains("quayside_audit_entries_waiting 0")).await;
    assert!(admin.get("/metrics").await.body.contains("quayside_storage_trouble{reason=\"full\"} 0"));
    sign_in(&portal, "10.0.0.1", "admin", PASSWORD).await.expect(303);
    admin.form("/teams/create", "name=Web&namespaces=web").await.expect(303);
    becomes(&admin, "/apps", |r| !r.body.contains("Free space on its volume")).await;
    leaves.get("/api/v1/session").await.expect(401);
    assert_eq!(admin.get("/audit?filter=session.end").await.expect(200).body.matches("Signed out").count(), 1);
    assert!(admin.get("/audit?filter=session.refused").await.expect(200).body.contains("wrong name or password"), "what was refused meanwhile is recorded");
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

async fn serves(portal: &Portal) {
    let end = tokio::time::Instant::now() + Duration::from_secs(20);
    while tokio::net::TcpStream::connect(portal.address).await.is_err() {
        assert!(tokio::time::Instant::now() < end, "it does not serve");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

pub async fn dropped_lines(portal: &Portal) -> u64 {
    let metrics = Client::new(portal.address).get("/metrics").await;
    let line = metrics.expect(200).body.lines().find_map(|line| line.strip_prefix("quayside_log_lines_dropped_total ").map(str::to_owned));
    line.expect("the counter").parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_on_a_full_disk_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let _silent = silent_api_server(folder.path());
    let port = free_port();
    let mut command = Portal::command(folder.path(), &folder.path().join("q.db"), port);
    command.stderr(std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
    let mut portal = Portal { process: command.spawn().unwrap(), address: ([127, 0, 0, 1], port).into() };
    serves(&portal).await;
    let admin = admin(&portal).await;
    admin.get("/apps").await.expect(200);
    admin.get("/nothing/here").await.expect(404);
    assert!(dropped_lines(&portal).await > 0);
    assert!(portal.process.try_wait().unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_whose_reader_stands_still_or_goes_stops_nothing() {
    reader_goes_after(600).await;
}

/// The reader of the log stands still for so many requests, and then goes.
pub async fn reader_goes_after(requests: usize) {
    let folder = tempfile::tempdir().unwrap();
    let _silent = silent_api_server(folder.path());
    let mut command = Portal::command(folder.path(), &folder.path().join("q.db"), 0);
    let mut process = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut log = BufReader::with_capacity(256, process.stderr.take().unwrap());
    let address = loop {
        let mut line = String::new();
        assert_ne!(log.read_line(&mut line).unwrap(), 0, "it does not serve");
        if let Some(address) = address_in(&line) {
            break address;
        }
    };
    let mut portal = Portal { process, address };
    // Nobody reads from here on. A pipe takes 64 KiB, and a line of a request is some 200 bytes.
    for _ in 0..requests {
        Client::new(portal.address).get(&format!("/{}", "x".repeat(300))).await.expect(404);
    }
    drop(log);
    let admin = admin(&portal).await;
    for n in 0..5 {
        admin.get(&format!("/nothing/{n}")).await.expect(404);
    }
    becomes(&admin, "/metrics", |r| !r.body.contains("quayside_log_lines_dropped_total 0\n")).await;
    admin.get("/apps").await.expect(200);
    assert!(portal.process.try_wait().unwrap().is_none());
}

/// The library that gives a process another time of day; the package is called `faketime`.
pub fn fake_time() -> PathBuf {
    let folders = std::fs::read_dir("/usr/lib").unwrap().filter_map(Result::ok);
    let mut found = folders.map(|folder| folder.path().join("faketime/libfaketimeMT.so.1")).filter(|path| path.exists());
    found.next().expect("libfaketime; scripts/setup.sh tests installs it")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_set_back_and_ahead_by_decades_keeps_nobody_waiting_and_ends_no_session() {
    clock_is_set(&[-100, -400 * DAY, 20 * YEAR, 0, -20 * YEAR, 0]).await;
}

pub const DAY: i64 = 86_400;
pub const YEAR: i64 = 31_556_952;

/// The time of day is set to be ahead of the right one by each of these seconds in turn.
pub async fn clock_is_set(offsets: &[i64]) {
    let folder = tempfile::tempdir().unwrap();
    let _silent = silent_api_server(folder.path());
    let by = folder.path().join("by");
    let set = |offset: i64| {
        let fresh = folder.path().join("fresh");
        std::fs::write(&fresh, format!("{offset:+}\n")).unwrap();
        std::fs::rename(fresh, &by).unwrap();
    };
    set(0);
    let mut command = Portal::command(folder.path(), &folder.path().join("q.db"), 0);
    command.env("LD_PRELOAD", fake_time()).env("FAKETIME_TIMESTAMP_FILE", &by).env("FAKETIME_NO_CACHE", "1");
    command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1").env("DONT_FAKE_MONOTONIC", "1");
    let portal = Portal::started(command);
    let admin = admin(&portal).await;
    for _ in 0..7 {
        sign_in(&portal, "10.9.0.1", "admin", "not this one at all").await;
    }
    for (n, offset) in offsets.iter().copied().enumerate() {
        set(offset);
        let health = admin.get("/healthy").await;
        let date = health.expect(200).header("date").unwrap().to_owned();
        let told: i64 = date.split(' ').nth(3).unwrap().parse().unwrap();
        let now = i64::try_from(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs()).unwrap();
        assert!((told - (1970 + (now + offset) / YEAR)).abs() <= 1, "the portal's clock shows {date} at {offset} s");
        admin.get("/apps").await.expect(200);
        admin.form("/teams/create", &format!("name=Team{n}&namespaces=web")).await.expect(303);
        sign_in(&portal, "10.0.0.1", "admin", PASSWORD).await.expect(303);
        let waits = sign_in(&portal, "10.9.0.1", "admin", PASSWORD).await;
        if waits.status == 429 {
            let seconds: u64 = waits.header("retry-after").unwrap().parse().unwrap();
            assert!(seconds <= 4, "whoever has to wait waits no longer than before: {seconds} s at {offset} s");
        }
    }
}
