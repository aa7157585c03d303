//! A secret's value goes in and never comes out: not in a page, not in the API, not over the socket, not in the log.

use crate::support::World;
use crate::support::cluster::id;
use crate::support::http::{Client, encode};
use crate::support::log;
use crate::support::socket::Socket;
use base64::Engine as _;
use domain::live::{ClientFrame, LogQuery, Topic};
use futures::StreamExt as _;
use std::time::Duration;

const CANARY: &str = "canary-5f1d7c2b";
const OTHER: &str = "canary-replaced-91e";

/// All that a socket hears of every kind of topic while other things happen.
struct Frames(tokio::task::JoinHandle<String>);

impl Frames {
    async fn of(client: &Client) -> Self {
        let mut socket = Socket::of(client).await;
        let app = id("web", "shop");
        let query = LogQuery { follow: true, ..LogQuery::default() };
        for (id, topic) in [Topic::Apps { namespace: None }, Topic::App { app: app.clone() }, Topic::Logs { app, query }].into_iter().enumerate() {
            socket.say(&ClientFrame::Subscribe { id: u32::try_from(id).unwrap(), topic }).await;
        }
        Self(tokio::spawn(async move {
            let mut all = String::new();
            while let Some(Ok(message)) = socket.0.next().await {
                all.push_str(&String::from_utf8_lossy(&message.into_data()));
                all.push('\n');
            }
            all
        }))
    }

    /// What was heard until the server has said goodbye.
    async fn all(self, world: &World) -> String {
        world.running.life.soft.cancel();
        let frames = tokio::time::timeout(Duration::from_secs(5), self.0).await.expect("the socket ends").unwrap();
        for topic in ["\"apps\"", "\"app\"", "first\n", "\"bye\""] {
            assert!(frames.contains(topic), "nothing was heard of {topic}: {frames}");
        }
        frames
    }
}

#[tokio::test]
async fn no_answer_no_frame_and_no_line_holds_a_secrets_value() {
    let world = World::peopled().await;
    let olga = world.signed_in("olga").await;
    let frames = Frames::of(&olga).await;
    let mut seen = Vec::new();
    let api = "/api/v1/namespaces/web/secrets";

    let body = format!(r#"{{"name":"shop-db","kind":"opaque","entries":[{{"key":"password","value":"{CANARY}"}}]}}"#);
    let made = olga.json("POST", api, &body).await;
    assert_eq!(made.expect(201).json()["keys"][0]["size"], CANARY.len());
    seen.push(made);
    let body = format!(r#"{{"name":"reg","kind":"docker-registry","server":"r.example.org","username":"u","password":"{CANARY}"}}"#);
    seen.push(olga.json("POST", api, &body).await);
    // Wrong ones, so that the errors are seen too.
    for body in [
        format!(r#"{{"name":"Shop DB","kind":"opaque","entries":[{{"key":"a b","value":"{CANARY}"}}]}}"#),
        format!(r#"{{"name":"shop-db","kind":"opaque","entries":[{{"key":"k","value":"{CANARY}"}}]}}"#),
        format!(r#"{{"name":"t","kind":"tls","certificate":"{CANARY}","private_key":"{CANARY}"}}"#),
        format!(r#"{{"name":"t","kind":"opaque","entries":[{{"key":"k","value":"{CANARY}","base64":true}}]}}"#),
        format!(r#"{{"name":"t","kind":"opaque","entries":"{CANARY}"}}"#),
    ] {
        let reply = olga.json("POST", api, &body).await;
        assert!(matches!(reply.status, 409 | 422), "{} {}", reply.status, reply.body);
        seen.push(reply);
    }
    let form = format!("name=Bad+Name&kind=opaque&entries.0.key=k&entries.0.value={}", encode(CANARY));
    let again = olga.form("/new-secret/web", &form).await;
    again.expect(422);
    seen.push(again);
    let multipart = format!(
        "--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nfrom-file\r\n--x\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nopaque\r\n\
         --x\r\nContent-Disposition: form-data; name=\"entries.0.key\"\r\n\r\nfile\r\n\
         --x\r\nContent-Disposition: form-data; name=\"entries.0.file\"; filename=\"f\"\r\nContent-Type: application/octet-stream\r\n\r\n{CANARY}\r\n--x--\r\n"
    );
    let uploaded = olga.send("POST", "/new-secret/web", Some(("multipart/form-data; boundary=x", multipart.as_bytes()))).await;
    let to = uploaded.expect(303).header("location").unwrap_or_default();
    assert!(to.starts_with("/secrets/web/from-file?done=created&seal="), "{to}");
    seen.push(uploaded);
    let stored = world.cluster.secrets.lock().unwrap()[&("web".to_owned(), "from-file".to_owned())].data["file"].expose().to_vec();
    assert_eq!(stored, CANARY.as_bytes());

    seen.push(olga.json("PUT", &format!("{api}/shop-db"), &format!(r#"{{"entries":[{{"key":"password","value":"{OTHER}"}}]}}"#)).await);
    seen.push(olga.form("/secrets/web/shop-db/key", &format!("new=true&key=second&value={}", encode(CANARY))).await);
    seen.push(olga.form("/secrets/web/shop-db/key", &format!("key=bad+key&value={}", encode(CANARY))).await);
    for path in [
        api,
        &format!("{api}/shop-db"),
        &format!("{api}/reg"),
        "/secrets",
        "/secrets/web",
        "/secrets/web/shop-db",
        "/secrets/web/reg",
        "/new-app/web",
        "/apps/web/deployment/shop/configuration",
        "/apps/web/deployment/shop/yaml",
        "/api/v1/apps",
    ] {
        let reply = olga.get(path).await;
        reply.expect(200);
        seen.push(reply);
    }
    seen.push(world.signed_in("admin").await.get("/audit").await);

    let mut forms: Vec<String> = Vec::new();
    for canary in [CANARY, OTHER] {
        let b64 = base64::engine::general_purpose::STANDARD.encode(canary);
        forms.extend([canary.to_owned(), b64, encode(canary), canary.bytes().map(|b| format!("{b:02x}")).collect()]);
    }
    for reply in &seen {
        for form in &forms {
            assert!(!reply.whole().contains(form.as_str()), "{} shows a secret: {}", reply.asked, reply.body);
        }
    }
    let (log, frames) = (log::text(), frames.all(&world).await);
    for form in &forms {
        assert!(!log.contains(form.as_str()), "the log holds a secret");
        assert!(!frames.contains(form.as_str()), "a frame of the socket shows a secret: {frames}");
    }
}
