//! Behind a real nginx, with its buffers and without.

use crate::support::http::Client;
use crate::support::{World, cookie};
use std::net::{SocketAddr, TcpListener};
use std::process::Command;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../end2end/nginx/nginx.sh");

struct Nginx {
    address: SocketAddr,
    dir: TempDir,
}

impl Nginx {
    fn before(world: &World, mode: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let port = |a: SocketAddr| a.port().to_string();
        let started = Command::new(SCRIPT).args(["start", mode, &port(address), &port(world.running.address), ""]).arg(dir.path()).status().unwrap();
        assert!(started.success());
        Self { address, dir }
    }

    /// The same person, by way of the proxy.
    fn of(&self, client: &Client) -> Client {
        Client { address: self.address, ..client.clone() }
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = Command::new(SCRIPT).arg("stop").arg(self.dir.path()).status();
    }
}

const MODES: [&str; 2] = ["root", "streaming"];

async fn world() -> World {
    World::with(&[("trusted_proxies", "127.0.0.1/32")]).await.and_people().await
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs nginx"]
async fn a_refusal_of_a_large_body_arrives_through_the_proxy() {
    let world = world().await;
    let (otto, vera, nobody) = (world.signed_in("otto").await, world.signed_in("vera").await, world.client());
    let apps = "/api/v1/namespaces/web/apps";
    for mode in MODES {
        let nginx = Nginx::before(&world, mode);
        for size in [100 * 1024, 2_500_000] {
            let body = vec![b'x'; size];
            let cases = [
                ("not signed in", &nobody, "POST", apps, 401),
                ("the role is missing", &vera, "POST", apps, 403),
                ("another site", &otto.with("Sec-Fetch-Site", "cross-site"), "POST", apps, 403),
                ("no such address", &otto, "POST", "/api/v1/nothing", 404),
                ("no such method", &otto, "PATCH", apps, 405),
                ("too large", &nobody, "POST", "/api/v1/session", 413),
                ("an unknown word", &otto, "POST", "/api/v1/namespaces/web/apps?dryrun=1", 422),
                ("a page of somebody without a session", &nobody, "POST", "/new-app/web", 303),
            ];
            for (what, client, method, path, status) in cases {
                for n in 0..5 {
                    let reply = nginx.of(client).send(method, path, Some(("application/json", &body))).await;
                    assert_eq!(reply.status, status, "{what}, {size} bytes, nginx {mode}, try {n}: {:.200}", reply.body);
                }
            }
            let kind = nginx.of(&otto).send("POST", apps, Some(("text/plain", &body))).await;
            assert_eq!(kind.status, 422, "another type of content: {:.200}", kind.body);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs nginx"]
async fn a_proxy_that_streams_is_an_ordinary_one() {
    let world = world().await;
    for mode in MODES {
        let nginx = Nginx::before(&world, mode);
        let mut otto = nginx.of(&world.client());
        let signed = otto.form("/signin", &format!("name=otto&password={}", crate::support::http::encode(crate::support::PASSWORD))).await;
        otto.cookie = Some(cookie(signed.expect(303)));
        let value = "v".repeat(900_000);
        let secret = |name: &str| format!(r#"{{"name":"{name}","kind":"opaque","entries":[{{"key":"k","value":"{value}"}}]}}"#);
        otto.json("POST", "/api/v1/namespaces/web/secrets", &secret(&format!("{mode}-whole"))).await.expect(201);

        // In pieces of which nobody has said how many there are.
        let body = secret(&format!("{mode}-pieces"));
        let mut stream =
            otto.with("Content-Type", "application/json").with("Transfer-Encoding", "chunked").open("POST", "/api/v1/namespaces/web/secrets", None).await;
        for piece in body.as_bytes().chunks(50_000) {
            stream.write_all(format!("{:x}\r\n", piece.len()).as_bytes()).await.unwrap();
            stream.write_all(piece).await.unwrap();
            stream.write_all(b"\r\n").await.unwrap();
        }
        stream.write_all(b"0\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 201 "), "{answer:.300}");

        // A client that goes in the middle of its body has done nothing.
        let body = secret(&format!("{mode}-half"));
        let mut stream = otto
            .with("Content-Type", "application/json")
            .with("Content-Length", &body.len().to_string())
            .open("POST", "/api/v1/namespaces/web/secrets", None)
            .await;
        stream.write_all(&body.as_bytes()[..500_000]).await.unwrap();
        drop(stream);
        let list = otto.get("/api/v1/namespaces/web/secrets").await;
        assert!(list.expect(200).body.contains("-pieces") && !list.body.contains("-half"), "{:.300}", list.body);
        otto.get("/apps/web").await.expect(200);
    }
}
