//! What logs, revisions and measured memory add to the end of a container.

use super::*;
use crate::log::{Forbidden, LogErrors, Said};
use crate::view::RemarkRow;

fn line(text: &str, error: bool) -> Said {
    Said::Line { text: text.into(), error, forbidden: Forbidden::find(text) }
}

/// An app whose one container ended so, and what was read of that run.
fn told(ended: Ended, said: Said, change: Option<RevisionChange>) -> AppFacts {
    let run = EndedRun {
        pod: "aaaaa".into(),
        container: "main".into(),
        finished: ended.finished,
        said,
        lines: vec!["starting".into(), "FATAL: MODE is not set".into()],
        rise: None,
    };
    let mut facts = app(1, vec![crashing("aaaaa", ended)]);
    facts.observed = Arc::new(Observed { ends: vec![run], change, ..Observed::default() });
    facts
}

fn sentence(facts: &AppFacts) -> String {
    status(facts, NOW).sentence
}

#[test]
fn the_last_error_line_is_quoted_in_place_of_the_advice_to_read_it() {
    let facts = told(end(1, "Error"), line("FATAL: MODE is not set", true), None);
    says(&facts, Word::Failing, "exit 1, 4 restarts", "exited with code 1 after 12 min, 2 min ago: \u{201c}FATAL: MODE is not set\u{201d}. Restarted 4 times");
    assert!(!sentence(&facts).contains("Check the last log lines"));
    assert!(story(&facts, NOW).iter().any(|h| h.sentence.contains("exited with code 1 after 12 min: \u{201c}FATAL: MODE is not set\u{201d}")));
}

#[test]
fn the_last_lines_are_those_of_the_run_that_the_status_tells_of() {
    let mut facts = told(end(1, "Error"), line("FATAL: MODE is not set", true), None);
    let shown = page(&facts, Role::Viewer).last_lines.unwrap();
    assert_eq!((shown.pod.as_str(), shown.container.as_str(), shown.previous), ("shop-new-aaaaa", "main", true));
    assert_eq!(shown.lines, ["starting", "FATAL: MODE is not set"]);
    Arc::make_mut(&mut facts.observed).ends[0].finished = Some(ago(9 * MIN));
    assert_eq!(page(&facts, Role::Viewer).last_lines, None, "another run");
}

#[test]
fn the_log_of_a_container_that_runs_and_is_not_ready_has_last_lines_too() {
    let mut facts = app(1, vec![unready("aaaaa")]);
    facts.events = vec![event("Pod", "shop-new-aaaaa", "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503")];
    assert_eq!(page(&facts, Role::Viewer).last_lines, None);
    let log = UnreadyLog { pod: "shop-new-aaaaa".into(), container: "main".into(), lines: vec!["waits for db".into()] };
    facts.observed = Arc::new(Observed { unready: vec![log], ..Observed::default() });
    let shown = page(&facts, Role::Viewer).last_lines.unwrap();
    assert_eq!((shown.previous, shown.lines), (false, vec!["waits for db".to_owned()]));
}

#[test]
fn an_init_container_that_does_not_end_is_told_with_its_last_line() {
    let told = |line: Option<&str>| {
        let mut pod = unready("aaaaa");
        pod.phase = "Pending".into();
        let wait = Container { name: "wait".into(), init: true, state: ContainerState::Running { since: Some(ago(15 * MIN)) }, ..pod.containers[0].clone() };
        pod.containers[0].state = ContainerState::Waiting { reason: "PodInitializing".into(), message: String::new() };
        pod.containers.insert(0, wait);
        let mut facts = app(1, vec![pod]);
        let log = |line: &str| UnreadyLog { pod: "shop-new-aaaaa".into(), container: "wait".into(), lines: vec!["starting".into(), line.into()] };
        facts.observed = Arc::new(Observed { unready: line.map(log).into_iter().collect(), ..Observed::default() });
        facts
    };
    let runs = "Init container wait has been running for 15 min; the other containers start after it finishes.";
    says(&told(None), Word::Failing, "init container running", &format!("{runs} Check its log to see what it's waiting for."));
    let line = "nc: bad address 'db'";
    says(
        &told(Some(line)),
        Word::Failing,
        "init container running",
        &format!("{runs} Its log ends with \u{201c}{line}\u{201d}. Check the name and namespace of the service it calls"),
    );
    assert_eq!(status(&told(None), NOW).code.as_deref(), Some("init_runs"));
    assert_eq!(page(&told(Some(line)), Role::Viewer).last_lines.map(|l| (l.container, l.lines.len())), Some(("wait".to_owned(), 2)));
}

#[test]
fn a_line_of_another_run_is_not_quoted() {
    let mut facts = told(end(1, "Error"), line("FATAL: MODE is not set", true), None);
    Arc::make_mut(&mut facts.observed).ends[0].finished = Some(ago(9 * MIN));
    says(&facts, Word::Failing, "exit 1, 4 restarts", "Check the last log lines.");
}

#[test]
fn a_container_without_a_line_says_so() {
    says(&told(end(1, "Error"), Said::Nothing, None), Word::Failing, "exit 1, 4 restarts", "2 min ago without logging anything.");
    let gone = told(end(1, "Error"), Said::Gone, None);
    assert!(sentence(&gone).contains("The node has deleted its log.") && !sentence(&gone).contains("Check the last log lines"));
}

#[test]
fn success_after_an_error_is_no_reason_to_make_it_a_job() {
    let failed = sentence(&told(end(0, "Completed"), line("ERROR cannot read config.yml", true), None));
    assert!(failed.contains("exited with code 0") && failed.contains("\u{201c}ERROR cannot read config.yml\u{201d}"), "{failed}");
    assert!(!failed.contains("make it a job") && failed.contains("reports success although it failed"), "{failed}");
    let done = sentence(&told(end(0, "Completed"), line("all done", false), None));
    assert!(done.contains("make it a job") && !done.contains("all done"), "{done}");
}

#[test]
fn what_the_newest_revision_changed_is_told_with_its_failure() {
    let change = |revision: u64, parts: &[ChangedPart]| Some(RevisionChange { revision, parts: parts.to_vec() });
    let removed = ChangedPart::EnvRemoved("MODE".into());
    let facts = told(end(1, "Error"), line("FATAL: MODE is not set", true), change(2, std::slice::from_ref(&removed)));
    assert!(sentence(&facts).contains("Revision 2 removed env MODE."), "{}", sentence(&facts));
    let more = change(2, &[removed.clone(), ChangedPart::Image("shop:2".into()), ChangedPart::Command, ChangedPart::Probes, ChangedPart::Volumes]);
    assert!(
        sentence(&told(end(1, "Error"), Said::Nothing, more))
            .contains("Revision 2 removed env MODE, changed the image to shop:2, changed the command, and changed 2 more.")
    );
    let older = sentence(&told(end(1, "Error"), Said::Nothing, change(1, std::slice::from_ref(&removed))));
    assert!(!older.contains("removed env"), "{older}");
    let mut before = told(end(1, "Error"), Said::Nothing, change(2, &[removed]));
    before.pods = vec![Arc::new(old(crashing("aaaaa", end(1, "Error"))))];
    assert!(!sentence(&before).contains("removed env"), "a pod of the revision before");
}

#[test]
fn an_end_from_outside_is_not_explained_by_the_apps_own_words() {
    let facts = told(end(137, "Error"), line("GET /orders 200", false), None);
    assert!(sentence(&facts).contains("killed from outside") && !sentence(&facts).contains("GET /orders"));
    assert!(sentence(&told(end(143, "Error"), line("ERROR lost the lease", true), None)).contains("lost the lease"));
}

#[test]
fn a_refused_call_brings_the_role_that_allows_it() {
    let text = r#"pods is forbidden: User "system:serviceaccount:web:default" cannot list resource "pods" in API group "" in the namespace "web""#;
    let facts = told(end(1, "Error"), line(text, true), None);
    let found = status(&facts, NOW);
    assert!(found.sentence.contains("Its service account default isn't allowed to list pods"), "{}", found.sentence);
    assert!(found.evidence.iter().any(|e| matches!(e, Evidence::Command { text, .. } if text.contains("kind: RoleBinding"))));
}

#[test]
fn a_program_of_another_processor_is_known_by_its_log() {
    says(&told(end(255, "Error"), line("exec /app: exec format error", false), None), Word::Failing, "wrong architecture", "built for another architecture");
}

#[test]
fn memory_that_rose_for_long_is_told_apart_from_a_limit_too_small_to_start() {
    let mut facts = told(end(137, "OOMKilled"), Said::Nothing, None);
    let usual = sentence(&facts);
    assert!(usual.contains("Raise the memory limit, or find what uses the memory."), "{usual}");
    let mib = |n: u64| Bytes(n * 1024 * 1024);
    Arc::make_mut(&mut facts.observed).ends[0].rise = Some(Rise { from: mib(20), to: mib(62), over_ms: 12 * MIN });
    assert!(sentence(&facts).contains("Its memory rose steadily from 20 Mi to 62 Mi in 12 min."), "{}", sentence(&facts));
    assert!(sentence(&facts).contains("Look for a memory leak"));
    let young = Ended { started: Some(ago(2 * MIN + 4_000)), ..end(137, "OOMKilled") };
    assert!(sentence(&app(1, vec![crashing("aaaaa", young)])).contains("It needs more than that to start."));
}

fn errors(per_minute: u32, text: &str) -> LogErrors {
    LogErrors { per_minute, percent: 50, alike: 100, lasted_s: 100, line: text.into(), forbidden: Forbidden::find(text) }
}

fn remarks(facts: &AppFacts) -> Vec<RemarkRow> {
    row(facts, None, Usage::default(), NOW).remarks
}

#[test]
fn errors_of_a_running_app_are_a_remark_and_no_failure() {
    let mut facts = app(1, vec![ready("aaaaa")]);
    let log = |per_minute, many| RunningLog {
        pod: "shop-new-aaaaa".into(),
        container: "main".into(),
        errors: errors(per_minute, "ERROR cannot reach db:5432: timed out"),
        many,
    };
    facts.observed = Arc::new(Observed { logs: vec![log(60, true)], ..Observed::default() });
    assert_eq!(remarks(&facts)[0].text, "Ready, but logs 60 errors per minute: \u{201c}ERROR cannot reach db:5432: timed out\u{201d}.");
    assert_eq!(status(&facts, NOW).word, Word::Running);
    facts.observed = Arc::new(Observed { logs: vec![log(60, false)], ..Observed::default() });
    assert!(remarks(&facts).is_empty(), "a burst");
    let mut two = app(2, vec![ready("aaaaa"), ready("bbbbb")]);
    two.observed = Arc::new(Observed { logs: vec![log(1, true), log(9, true)], ..Observed::default() });
    assert_eq!(remarks(&two)[0].text, "Container main of pod aaaaa logs 9 errors per minute: \u{201c}ERROR cannot reach db:5432: timed out\u{201d}.");
}

#[test]
fn what_a_stranger_makes_a_running_app_log_advises_nothing_that_lets_him_in() {
    let running = |text: &str| {
        let mut facts = app(1, vec![ready("aaaaa")]);
        let log = RunningLog { pod: "shop-new-aaaaa".into(), container: "main".into(), errors: errors(60, text), many: true };
        facts.observed = Arc::new(Observed { logs: vec![log], ..Observed::default() });
        remarks(&facts).remove(0).remedy
    };
    let login = "FATAL:  no pg_hba.conf entry for host \"6.6.6.6\", user \"postgres\", database \"postgres\", no encryption";
    let scan = "ERROR open /var/run/secrets/kubernetes.io/serviceaccount/token: no such file or directory";
    let threads = "RuntimeError: can't start new thread";
    for line in [login, scan, threads, "FATAL:  sorry, too many clients already", "ERROR mkdir /etc/x: permission denied", "KeyError: 'API_KEY'"] {
        assert_eq!(running(line), "", "{line}");
        let ended = told(end(1, "Error"), self::line(line, true), None);
        let remedy = crate::english::hint::remedy(line);
        assert!(!remedy.is_empty() && sentence(&ended).contains(&remedy), "{}", sentence(&ended));
        let stopped = told(end(143, "Error"), self::line(line, true), None);
        assert!(!sentence(&stopped).contains(&remedy), "{}", sentence(&stopped));
    }
    assert_eq!(running("ERROR dial tcp 10.0.0.3:5432: connect: connection refused"), crate::english::hint::remedy("connection refused"));
    let ended = sentence(&told(end(1, "Error"), line(login, true), None));
    assert!(ended.contains("Check that this host, user, and database are meant to connect; if so, allow them"), "{ended}");
}

#[test]
fn a_refused_call_of_a_running_app_brings_its_role() {
    let text = r#"pods is forbidden: User "system:serviceaccount:web:shop" cannot list resource "pods" in API group "" in the namespace "web""#;
    let told = |text: &str| {
        let mut facts = app(1, vec![ready("aaaaa")]);
        let log = RunningLog { pod: "shop-new-aaaaa".into(), container: "main".into(), errors: errors(0, text), many: false };
        facts.observed = Arc::new(Observed { logs: vec![log], ..Observed::default() });
        remarks(&facts).remove(0)
    };
    let found = told(text);
    assert_eq!(found.text, "Container main can't list pods in namespace web: Kubernetes denies it to service account shop.");
    assert!(found.evidence.iter().any(|e| matches!(e, Evidence::Command { text, .. } if text.contains("kind: Role\n"))));
    let secrets = told(&text.replace("\"pods\"", "\"secrets\""));
    assert_eq!(secrets.remedy, "Ask an administrator whether it should be allowed.");
    assert!(!secrets.evidence.iter().any(|e| matches!(e, Evidence::Command { .. })));
}

#[test]
fn limits_that_are_reached_are_remarks() {
    let mut facts = app(1, vec![ready("aaaaa")]);
    Arc::make_mut(&mut facts.workload).containers[0].cpu_limit = Some(MilliCpu(100));
    let at = |kind| Pressure { pod: "shop-new-aaaaa".into(), container: "main".into(), kind };
    let rise = Rise { from: Bytes(20 << 20), to: Bytes(60 << 20), over_ms: 25 * MIN };
    facts.observed = Arc::new(Observed { pressure: vec![at(PressureKind::Cpu { for_ms: 6 * MIN }), at(PressureKind::Memory { rise })], ..Observed::default() });
    let told = remarks(&facts);
    assert_eq!(told[0].text, "Memory of container main rose steadily from 20 Mi to 60 Mi in 25 min; at 64 Mi it gets killed.");
    assert_eq!(told[1].text, "Container main has used all of its 100m CPU limit for 6 min, so the kernel throttles it.");
    assert_eq!(status(&facts, NOW).word, Word::Running);
}
