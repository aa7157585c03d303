//! Under a path: kept and stripped by the proxy, from the configuration and from a trusted proxy's header.

use crate::support::http::Client;
use crate::support::{World, cookie};

async fn walk(client: &Client, prefix: &str, base: &str) {
    // `prefix` is what reaches the portal, `base` is what the browser sees.
    let start = client.get(&format!("{prefix}/")).await;
    assert_eq!(start.expect(303).header("location").unwrap(), format!("{base}/signin"));
    let page = client.get(&format!("{prefix}/apps/web?q=1")).await;
    assert_eq!(page.expect(303).header("location").unwrap(), format!("{base}/signin?next=%2Fapps%2Fweb%3Fq%3D1"));
    let sign_in = client
        .form(&format!("{prefix}/signin?next=%2Fapps%2Fweb"), &format!("name=admin&password={}", crate::support::http::encode(crate::support::PASSWORD)))
        .await;
    assert_eq!(sign_in.expect(303).header("location").unwrap(), format!("{base}/apps/web"));
    let path = if base.is_empty() { "/" } else { base };
    assert!(sign_in.header("set-cookie").unwrap().contains(&format!("Path={path}; ")), "{:?}", sign_in.headers);
    let mut signed = client.clone();
    signed.cookie = Some(cookie(&sign_in));
    let apps = signed.get(&format!("{prefix}/apps")).await;
    assert!(apps.expect(200).body.contains(&format!("\"{base}/")), "links of the page start with the base path");
    signed.get(&format!("{prefix}/api/v1/session")).await.expect(200);
    let slash = signed.get(&format!("{prefix}/apps/?q=1")).await;
    assert_eq!(slash.expect(308).header("location").unwrap(), format!("{base}/apps?q=1"));
    for icon in ["favicon.svg", "favicon.ico"] {
        let reply = client.get(&format!("{prefix}/{icon}")).await;
        assert_eq!(reply.expect(200).header("content-type"), Some("image/svg+xml"), "{icon}");
    }
    client.get(&format!("{prefix}/pkg/quayside.abcdefgh12.js")).await.expect(200);
    for own in ["/up", "/healthy"] {
        client.get(own).await.expect(200);
        client.get(&format!("{prefix}{own}")).await.expect(200);
    }
}

#[tokio::test]
async fn at_the_root() {
    let world = World::new().await;
    walk(&world.client(), "", "").await;
}

#[tokio::test]
async fn configured_kept_and_stripped() {
    let world = World::with(&[("base_path", "/a/b")]).await;
    walk(&world.client(), "/a/b", "/a/b").await;
    walk(&world.client(), "", "/a/b").await;
    world.client().get("/a/b").await.expect(303);
    world.client().get("/a/bc").await.expect(404);
}

#[tokio::test]
async fn from_a_trusted_proxy_kept_and_stripped() {
    let world = World::with(&[("trusted_proxies", "127.0.0.0/8")]).await;
    let proxied = world.client().with("X-Forwarded-Prefix", "/team/portal/");
    walk(&proxied, "/team/portal", "/team/portal").await;
    walk(&proxied, "", "/team/portal").await;
    walk(&world.client(), "", "").await;
}

#[tokio::test]
async fn a_tool_inside_of_a_frame_keeps_to_it() {
    let world = World::with(&[("frame_ancestors", "https://portal.example.org"), ("http_forwarded", "true")]).await;
    let page = world.client().get("/apps?embed=1").await;
    assert_eq!(page.expect(303).header("location").unwrap(), "/signin?next=%2Fapps%3Fembed%3D1&embed=1");
    let https = world.client().with("X-Forwarded-Proto", "https");
    let reply = https.form("/signin", &format!("name=admin&password={}", crate::support::http::encode(crate::support::PASSWORD))).await;
    assert!(reply.expect(303).header("set-cookie").unwrap().ends_with("; HttpOnly; SameSite=None; Partitioned; Secure"));
    assert!(reply.header("content-security-policy").unwrap().ends_with("frame-ancestors https://portal.example.org"));
    assert_eq!(reply.header("x-frame-options"), None);
    let reply = world.client().form("/signin", &format!("name=admin&password={}", crate::support::http::encode(crate::support::PASSWORD))).await;
    assert!(reply.header("set-cookie").unwrap().ends_with("; HttpOnly; SameSite=Lax"));
}
