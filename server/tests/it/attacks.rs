//! What an attacker sends.

use crate::support::http::{Client, encode};
use crate::support::{PASSWORD, World};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

#[tokio::test]
async fn forwarded_headers_of_an_untrusted_address_change_nothing() {
    let world = World::with(&[("trusted_proxies", "10.0.0.0/8")]).await;
    let forged = world
        .client()
        .with("X-Forwarded-Prefix", "/evil")
        .with("X-Forwarded-Proto", "https")
        .with("X-Forwarded-Host", "evil.example")
        .with("X-Forwarded-For", "6.6.6.6");
    let reply = forged.get("/apps/web").await;
    assert!(reply.expect(303).header("location").unwrap().starts_with("/signin?next="));
    let reply = forged.form("/signin", &format!("name=admin&password={}", encode(PASSWORD))).await;
    let cookie = reply.expect(303).header("set-cookie").unwrap();
    assert!(cookie.contains("Path=/; ") && !cookie.contains("Secure"), "{cookie}");
    let mut signed = world.client();
    signed.cookie = Some(crate::support::cookie(&reply));
    let audit = signed.get("/audit").await;
    assert!(audit.expect(200).body.contains("127.0.0.1") && !audit.body.contains("6.6.6.6"));
    // Nor may the forged host make a foreign Origin look like one's own.
    forged.with("Origin", "https://evil.example").form("/theme", "theme=dark").await.expect(403);
}

#[tokio::test]
async fn a_way_back_that_no_proxy_would_carry_is_left_out() {
    let world = World::new().await;
    let way = |length: usize| format!("/apps/web?q={}", "x".repeat(length));
    let to = |reply: &crate::support::http::Reply| reply.expect(303).header("location").unwrap().to_owned();
    assert!(to(&world.client().get(&way(1_900)).await).contains("next="));
    assert_eq!(to(&world.client().get(&way(2_000)).await), "/signin");
}

#[tokio::test]
async fn tricks_in_paths_find_nothing() {
    for base in ["", "/a/b"] {
        let world = World::with(&[("base_path", base)]).await;
        for path in [
            "/a/b/..%2f",
            "/a/b/../x",
            "//",
            "//evil.example/",
            "/a/bc",
            "/a/b//apps",
            "/%2e%2e/secret-file",
            "/pkg/..%2f..%2fsecret-file",
            "/pkg/../../secret-file",
            "/pkg/%2e%2e/%2e%2e/secret-file",
            "/fonts//etc/passwd",
            "/a%5cb",
            "/\\evil.example",
            "/q.db",
            "/secret-file",
            "/pkg",
            "/apps%00",
            "/a/b/%2fapps",
        ] {
            let reply = world.client().get(path).await;
            assert!(matches!(reply.status, 400 | 404), "{base} {path} answered {}", reply.status);
            assert_eq!(reply.header("location"), None, "{path}");
            assert!(!reply.body.contains("outside of the site"));
        }
        let absolute = world.client().get("http://evil.example/apps").await;
        assert!(absolute.header("location").is_none_or(|l| l.starts_with('/') && !l.starts_with("//")));
    }
}

#[tokio::test]
async fn next_leads_to_no_other_site() {
    let world = World::new().await;
    for next in ["//evil", "/\\evil", "https://evil", "\\\\evil", "/%2fevil", "/\t/evil", "javascript:alert(1)", "/a/../../x"] {
        let form = format!("name=admin&password={}&next={}", encode(PASSWORD), encode(next));
        let reply = world.client().form("/signin", &form).await;
        assert_eq!(reply.expect(303).header("location"), Some("/apps"), "{next:?}");
        let page = world.client().get(&format!("/signin?next={}", encode(next))).await;
        assert!(!page.expect(200).body.contains("evil"), "{next:?}");
        let theme = world.client().form("/theme", &format!("theme=dark&next={}", encode(next))).await;
        assert_eq!(theme.expect(303).header("location"), Some("/apps"), "{next:?}");
    }
}

#[tokio::test]
async fn another_sites_page_changes_nothing() {
    let world = World::peopled().await;
    let olga = world.signed_in("olga").await;
    let own = format!("http://{}", world.running.address);
    let refused = [
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
        ("Origin", "http://127.0.0.1"),
        ("Origin", ""),
    ];
    for (name, value) in refused {
        let client = olga.with(name, value);
        for reply in [
            client.form("/apps/web/deployment/shop/restart", "").await,
            client.form("/signin", "name=x&password=y").await,
            client.form("/signout", "").await,
            client.json("POST", "/api/v1/namespaces/web/apps/deployment/shop/restart", "{}").await,
            client.send("DELETE", "/api/v1/namespaces/web/apps/deployment/shop", None).await,
        ] {
            reply.expect(403);
        }
        assert_eq!(client.send("DELETE", "/api/v1/session", None).await.expect(403).json()["code"], "cross_site");
    }
    assert!(world.cluster.done.lock().unwrap().is_empty());
    for (name, value) in [("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "none"), ("Origin", own.as_str())] {
        olga.with(name, value).form("/apps/web/deployment/shop/restart", "").await.expect(303);
    }
    assert_eq!(world.cluster.done.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn bodies_have_limits_and_errors_repeat_nothing() {
    let world = World::peopled().await;
    let otto = world.signed_in("otto").await;
    let large = format!(r#"{{"name":"{}"}}"#, "x".repeat(1_100_000));
    assert_eq!(otto.json("POST", "/api/v1/namespaces/web/apps", &large).await.expect(413).json()["code"], "too_large");
    let large = format!("name=x&password={}", "x".repeat(20_000));
    world.client().form("/signin", &large).await.expect(413);
    for body in ["not json", "[]", r#"{"name":"a","kind":"hunter2-canary"}"#, r#"{"name":["hunter2-canary"]}"#, r#"{"hunter2-canary":1}"#] {
        let reply = otto.json("POST", "/api/v1/namespaces/web/secrets", body).await;
        assert!(!reply.expect(422).whole().contains("hunter2-canary"), "{}", reply.body);
    }
    otto.send("POST", "/api/v1/namespaces/web/apps/deployment/shop/scale", Some(("text/plain", b"{\"replicas\":1}"))).await.expect(422);
}

#[tokio::test]
async fn a_refusal_reaches_whoever_still_sends_and_ends_the_connection() {
    let world = World::peopled().await;
    let (otto, nobody) = (world.signed_in("otto").await, world.client());
    let body = vec![b'x'; 2_500_000];
    for (client, path, status) in [
        (&nobody, "/api/v1/namespaces/web/apps", 401),
        (&otto, "/api/v1/namespaces/data/apps", 403),
        (&otto, "/api/v1/nothing", 404),
        (&otto, "/api/v1/namespaces/web/apps", 413),
        (&otto, "/api/v1/namespaces/web/apps?dryrun=1", 422),
    ] {
        let mut stream = client.with("Content-Type", "application/json").with("Content-Length", &body.len().to_string()).open("POST", path, None).await;
        stream.write_all(&body).await.expect("all of the body is taken");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert_eq!(answer.split(' ').nth(1).unwrap(), status.to_string(), "{path}: {answer:.300}");
        assert!(answer.to_ascii_lowercase().contains("\r\nconnection: close\r\n"), "{answer:.300}");
    }
}

#[tokio::test]
async fn a_body_without_end_is_not_read_for_ever() {
    let world = World::new().await;
    let endless = world.client().with("Content-Type", "application/json").with("Content-Length", "1000000000000");
    let mut stream = endless.open("POST", "/api/v1/namespaces/web/apps", None).await;
    let piece = vec![b'x'; 1 << 20];
    let mut sent = 0;
    while stream.write_all(&piece).await.is_ok() {
        sent += 1;
        assert!(sent < 100, "{sent} MiB were taken");
    }
}

#[tokio::test]
async fn whoever_asks_first_is_refused_without_sending_a_body() {
    let world = World::new().await;
    let asks = world.client().with("Content-Type", "application/json").with("Content-Length", "1000000").with("Expect", "100-continue");
    let mut stream = asks.open("POST", "/api/v1/namespaces/web/apps", None).await;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer:.300}");
}

#[tokio::test]
async fn cookies_of_the_same_name_in_front_of_the_right_one_do_not_sign_anybody_out() {
    let world = World::peopled().await;
    let mut vera = world.signed_in("vera").await;
    let own = vera.cookie.clone().unwrap();
    let junk = |n: usize| format!("quayside_session={n:0>43}; quayside_session=junk-{n}; other={n}");
    for count in [1, 3, 20, 60] {
        vera.cookie = Some(format!("{}; {own}", (0..count).map(junk).collect::<Vec<_>>().join("; ")));
        vera.get("/api/v1/session").await.expect(200);
    }
}

#[tokio::test]
async fn cookies_that_are_too_large_are_named() {
    let world = World::new().await;
    let mut crowded = world.client();
    crowded.cookie = Some(format!("small=1; other-tool={}; another={}", "v".repeat(100_000), "w".repeat(50_000)));
    for (path, kind) in [("/signin", "text/html"), ("/api/v1/session", "application/problem+json")] {
        let reply = crowded.get(path).await;
        assert!(reply.expect(431).header("content-type").unwrap().starts_with(kind));
        assert!(reply.body.contains("other-tool (97.7 Ki") && reply.body.contains("another (48.8 Ki"), "{:.2000}", reply.body);
        assert!(!reply.body.contains("vvvv"), "no value is repeated");
    }
    crowded.cookie = Some(format!("other-tool={}", "v".repeat(60_000)));
    crowded.get("/signin").await.expect(200);
}

#[tokio::test]
async fn a_range_that_the_file_does_not_have_is_told_with_its_size() {
    let world = World::new().await;
    let file = "/pkg/quayside.abcdefgh12.js";
    let ask = async |range: &str| world.client().with("Range", range).get(file).await;
    let part = ask("bytes=0-5").await;
    assert_eq!((part.expect(206).body.as_str(), part.header("content-range")), ("export", Some("bytes 0-5/17")));
    for beyond in ["bytes=17-", "bytes=99-200", "bytes=-0"] {
        let refused = ask(beyond).await;
        assert_eq!(refused.expect(416).header("content-range"), Some("bytes */17"), "{beyond}");
        assert_eq!(refused.body, "The file ends before this range.\n");
    }
    for ignored in ["bytes=0-1,3-4", "items=0-3", "bytes=5-2"] {
        ask(ignored).await.expect(200);
    }
    world.client().with("If-Unmodified-Since", "Sat, 01 Jan 2000 00:00:00 GMT").get(file).await.expect(412);
    world.client().with("Range", "bytes=0-5").get("/pkg/none.js").await.expect(404);
}

#[tokio::test]
async fn a_form_that_is_too_long_is_refused_and_not_cut() {
    let world = World::peopled().await;
    let otto = world.signed_in("otto").await;
    let rows = |count: usize| (0..count).map(|n| format!("&env.{n}.name=V{n}&env.{n}.value=x")).collect::<String>();
    let most = otto.form("/new-app/web", &format!("name=shop2&image=web:1{}&memoryLimit=64Mi", rows(600))).await;
    assert!(most.expect(413).body.contains("at most 1000 fields"));
    let many = otto.form("/new-app/web", &format!("name=shop2&image=web:1{}&memoryLimit=64Mi", rows(250))).await;
    assert!(many.expect(422).body.contains("at most 200"), "{}", many.body);
    assert!(world.cluster.done.lock().unwrap().is_empty());
}

#[tokio::test]
async fn ending_a_session_that_is_not_ones_own_leaves_no_trace_to_flood_with() {
    let world = World::peopled().await;
    let (vera, admin) = (world.signed_in("vera").await, world.signed_in("admin").await);
    vera.form("/account/end-session", "id=123456789").await.expect(404);
    assert!(!admin.get("/audit").await.expect(200).body.contains("123456789"));
}

#[tokio::test]
async fn every_answer_carries_the_headers() {
    let world = World::peopled().await;
    let vera = world.signed_in("vera").await;
    let mut nonces = std::collections::BTreeSet::new();
    for path in ["/signin", "/apps", "/apps/web", "/nope", "/api/v1/session", "/api/v1/nope", "/up", "//"] {
        let reply = vera.get(path).await;
        let policy = reply.header("content-security-policy").unwrap_or_else(|| panic!("{path}"));
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
        assert!(nonces.insert(nonce.clone()), "a nonce came twice");
        let scripts = policy.split("; ").find(|p| p.starts_with("script-src")).unwrap();
        let scripts = scripts.replace("'wasm-unsafe-eval'", "");
        assert!(!scripts.contains("unsafe-inline"), "{scripts}");
        assert!(!scripts.contains("unsafe-eval"), "{scripts}");
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("base-uri 'none'") && policy.contains("object-src 'none'"));
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{path}");
        // Every script of a page carries this answer's nonce.
        for script in reply.body.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap();
            assert!(tag.contains(&format!("nonce=\"{nonce}\"")) || tag.contains("type=\"application/json\""), "{path}: <script{tag}>");
        }
    }
    let part = vera.get("/pkg/quayside.abcdefgh12.js").await;
    assert_eq!(part.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!((part.header("x-content-type-options"), part.header("cross-origin-resource-policy")), (Some("nosniff"), Some("same-origin")));
}

#[tokio::test]
async fn a_proxy_that_sends_no_path_as_the_prefix_gets_an_answer_as_any_other() {
    let world = World::with(&[("trusted_proxies", "127.0.0.1/32")]).await;
    let wrong = world.client().with("X-Forwarded-Prefix", "/a/../b");
    let page = wrong.get("/signin").await;
    assert!(page.expect(422).body.contains("X-Forwarded-Prefix isn"));
    assert!(page.header("content-type").unwrap().starts_with("text/html"));
    for name in ["x-content-type-options", "content-security-policy", "cache-control", "x-request-id"] {
        assert!(page.header(name).is_some(), "{name} is missing");
    }
    assert_eq!(wrong.get("/api/v1/session").await.expect(422).json()["code"], "invalid");
}

#[tokio::test]
async fn the_log_holds_neither_tokens_nor_passwords() {
    let world = World::peopled().await;
    let vera = world.signed_in("vera").await;
    vera.get("/setup?token=token-canary-in-a-query").await;
    vera.get("/apps?q=query-canary").await;
    world.client().form("/signin", "name=vera&password=password-canary-typed").await.expect(401);
    world.client().json("POST", "/api/v1/session", r#"{"username":"vera","password":"password-canary-typed"}"#).await;
    let token = vera.cookie.clone().unwrap().split_once('=').unwrap().1.to_owned();
    let log = crate::support::log::text();
    assert!(log.contains("answered"));
    for canary in ["token-canary-in-a-query", "query-canary", "password-canary-typed", token.as_str(), PASSWORD] {
        assert!(!log.contains(canary), "{canary} is in the log");
    }
}

#[tokio::test]
async fn a_body_that_arrives_after_its_sender_was_disabled_or_lost_the_role_does_nothing() {
    let world = World::peopled().await;
    let admin = world.signed_in("admin").await;
    admin.form("/users/create", &format!("name=second&display=S&admin=on&password={}", encode(PASSWORD))).await.expect(303);
    let (second, otto) = (world.signed_in("second").await, world.signed_in("otto").await);
    let begun = async |client: &Client, path: &str, kind: &str, body: &str| {
        let slow = client.with("Content-Type", kind).with("Content-Length", &body.len().to_string());
        let mut stream = slow.open("POST", path, None).await;
        stream.write_all(&body.as_bytes()[..5]).await.unwrap();
        stream
    };
    let user = format!("name=ghost&display=G&admin=on&password={}", encode(PASSWORD));
    let secret = r#"{"name":"late","kind":"opaque","entries":[{"key":"a","value":"b"}]}"#;
    let mut makes_user = begun(&second, "/users/create", "application/x-www-form-urlencoded", &user).await;
    let mut makes_secret = begun(&otto, "/api/v1/namespaces/web/secrets", "application/json", secret).await;
    // Their heads have been looked at by the time at which these have.
    second.get("/users").await.expect(200);
    otto.get("/api/v1/session").await.expect(200);

    let id = async |client: &Client| client.get("/api/v1/session").await.json()["user_id"].as_i64().unwrap();
    admin.form(&format!("/users/{}", id(&second).await), "display=S&admin=on&disabled=on").await.expect(303);
    admin.form("/teams/1/member", "user=otto&role=viewer").await.expect(303);

    for (stream, body, status) in [(&mut makes_user, user.as_str(), "401"), (&mut makes_secret, secret, "403")] {
        stream.write_all(&body.as_bytes()[5..]).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert_eq!(answer.split(' ').nth(1), Some(status), "{answer}");
    }
    assert!(world.cluster.done.lock().unwrap().is_empty());
    assert!(!admin.get("/users").await.expect(200).body.contains(">ghost"), "no user was made");
}
