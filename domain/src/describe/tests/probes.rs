//! What probes answer, with the texts of the kubelet's probers of Kubernetes 1.30 to 1.36.

use super::*;

/// An app whose readiness probe is answered so.
fn answers(text: &str) -> AppFacts {
    let mut facts = app(1, vec![unready("aaaaa")]);
    let mut unhealthy = event("Pod", "shop-new-aaaaa", "Unhealthy", &format!("Readiness probe failed: {text}"));
    Arc::make_mut(&mut unhealthy).container = Some("main".into());
    facts.events = vec![unhealthy];
    facts
}

#[test]
fn a_port_that_speaks_something_else_is_told() {
    let get = "Get \"http://10.0.0.1:8080/healthy\"";
    says(&answers("HTTP probe failed with statuscode: 400"), Word::Failing, "readiness 400", "If the port speaks HTTPS, set the probe's scheme to HTTPS.");
    says(
        &answers(&format!("{get}: net/http: HTTP/1.x transport connection broken: malformed HTTP response \"\\x15\\x03\\x01\\x00\\x02\\x02\"")),
        Word::Failing,
        "readiness not HTTP",
        "The port speaks HTTPS: set the probe's scheme to HTTPS.",
    );
    says(
        &answers(&format!("{get}: net/http: HTTP/1.x transport connection broken: malformed HTTP response \"\\x00\\x00\\x06\\x04\\x00\"")),
        Word::Failing,
        "readiness not HTTP",
        "got an answer that isn't HTTP, 5 times in 8 min, last 2 min ago. The port speaks HTTP/2, as gRPC does: use a gRPC or TCP probe.",
    );
    says(
        &answers("Get \"https://10.0.0.1:8080/healthy\": http: server gave HTTP response to HTTPS client"),
        Word::Failing,
        "readiness not HTTPS",
        "Set the probe's scheme to HTTP.",
    );
}

#[test]
fn a_redirect_is_told_and_not_the_port_that_it_leads_to() {
    let facts = answers("Get \"https://10.0.0.1/healthy\": dial tcp 10.0.0.1:443: connect: connection refused");
    says(
        &facts,
        Word::Failing,
        "readiness redirected",
        "its readiness probe GET /healthy on 8080 was redirected to port 443, where nothing listens, 5 times in 8 min",
    );
    assert!(!told(&facts).2.contains("Make the app listen"), "{}", told(&facts).2);
    says(&answers("Get \"http://10.0.0.1:8080/login\": stopped after 10 redirects"), Word::Failing, "readiness redirect loop", "was redirected in a loop");
}

#[test]
fn a_probe_that_names_a_host_is_told() {
    says(
        &answers("Get \"http://shop.local:8080/healthy\": dial tcp: lookup shop.local on 10.0.0.2:53: no such host"),
        Word::Failing,
        "readiness host unknown",
        "Leave out the probe's host: the kubelet then asks the pod itself.",
    );
}

#[test]
fn grpc_probes_are_told() {
    says(
        &answers("error: this server does not implement the grpc health protocol (grpc.health.v1.Health): unknown service grpc.health.v1.Health"),
        Word::Failing,
        "readiness no gRPC health",
        "found no gRPC health service",
    );
    says(
        &answers("timeout: failed to connect service \"10.0.0.1:9000\" within 1s: context deadline exceeded"),
        Word::Failing,
        "readiness can't connect",
        "couldn't connect within 1 s",
    );
    says(
        &answers("error: health rpc probe failed: rpc error: code = NotFound desc = unknown service"),
        Word::Failing,
        "readiness wrong service",
        "Correct the probe's service name, or leave it out.",
    );
    says(&answers("service unhealthy (responded with \"NOT_SERVING\")"), Word::Failing, "readiness not serving", "returned NOT_SERVING");
}

#[test]
fn a_command_that_may_not_run_is_no_answer_of_the_app() {
    let exec = "rpc error: code = Unknown desc = failed to exec in container: failed to start exec \"1f\": OCI runtime exec failed: exec failed: unable to start container process: exec: \"/probe.sh\": permission denied: unknown";
    says(&answers(exec), Word::Failing, "readiness not executable", "Make the probe's command executable in the image (chmod +x).");
}

#[test]
fn a_slow_starter_that_its_liveness_probe_kills_is_offered_a_startup_probe() {
    let mut facts = app(1, vec![crashing("aaaaa", Ended { started: Some(ago(2 * MIN + 32_000)), ..end(143, "Error") })]);
    facts.events = vec![
        event("Pod", "shop-new-aaaaa", "Killing", "Container main failed liveness probe, will be restarted"),
        event(
            "Pod",
            "shop-new-aaaaa",
            "Unhealthy",
            "Liveness probe failed: Get \"http://10.0.0.1:8080/live\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
        ),
    ];
    says(
        &facts,
        Word::Failing,
        "liveness timeout",
        "was killed after 32 s, 2 min ago because its liveness probe GET /live on 8080 got no response within 1 s.",
    );
    says(&facts, Word::Failing, "liveness timeout", "If it just starts slowly, add a startup probe.");
}

#[test]
fn a_probe_that_failed_once_does_not_count_its_failures() {
    let mut facts = answers("HTTP probe failed with statuscode: 503");
    Arc::make_mut(&mut facts.events[0]).count = 1;
    says(&facts, Word::Failing, "readiness 503", "its readiness probe GET /healthy on 8080 returned 503, 2 min ago. Check the log");
}
