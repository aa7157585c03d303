//! Plain forms, as a browser without scripts sends them.

use crate::support::World;
use crate::support::cluster::id;
use crate::support::http::Client;
use domain::kubernetes::{Object, Resource};
use domain::operation::Piece;
use service::ports::{ClusterError, Remains};

#[tokio::test]
async fn an_app_is_checked_and_created_by_a_plain_form() {
    let world = World::peopled().await;
    let otto = world.signed_in("otto").await;
    let form = "name=cart&image=r.example.org%2Fcart%3A1&replicas=1&ports.0.name=http&ports.0.port=8080&service=ClusterIP&env.0.name=A&env.0.value=1&liveness.kind=&intent=";
    otto.form("/new-app/web", &format!("{form}check")).await.expect(200);
    assert!(world.cluster.done.lock().unwrap().is_empty());
    let wrong = otto.form("/new-app/web", "name=Cart!&image=r%2Fcart&intent=create").await;
    assert!(wrong.expect(422).body.contains("Cart!"), "what was typed comes back");
    let made = otto.form("/new-app/web", &format!("{form}create")).await;
    assert_eq!(made.expect(303).header("location"), Some("/apps/web/deployment/cart?created=1"));
    assert_eq!(*world.cluster.done.lock().unwrap(), ["create web/deployment/cart"]);
}

#[tokio::test]
async fn an_app_that_was_just_created_is_awaited() {
    let world = World::peopled().await;
    let otto = world.signed_in("otto").await;
    let at = "/apps/web/deployment/cart";
    otto.get(at).await.expect(404);
    assert!(otto.get(&format!("{at}?created=1")).await.expect(200).body.contains("Creating"));
    let cart = id("web", "cart");
    world.cluster.put(&cart, 1);
    world.lists(&cart).await;
    let there = otto.get(&format!("{at}/logs?created=1&embed=1")).await;
    assert_eq!(there.expect(303).header("location"), Some(&*format!("{at}/logs?embed=1")));
    otto.get(at).await.expect(200);
}

#[tokio::test]
async fn an_app_is_changed_and_deleted_by_plain_forms() {
    let world = World::peopled().await;
    let otto = world.signed_in("otto").await;
    let at = "/apps/web/deployment/shop";
    assert_eq!(otto.form(&format!("{at}/scale"), "replicas=3").await.expect(303).header("location"), Some(at));
    otto.form(&format!("{at}/scale"), "replicas=many").await.expect(422);
    otto.form(&format!("{at}/delete"), "confirm=other").await.expect(422);
    for typed in ["?confirm=", "?confirm=other"] {
        let reply = otto.send("DELETE", &format!("/api/v1/namespaces/web/apps/deployment/shop{typed}"), None).await;
        assert_eq!(reply.expect(422).json()["fields"][0]["field"], "confirm", "{typed}");
    }
    assert_eq!(otto.form(&format!("{at}/delete"), "confirm=shop").await.expect(303).header("location"), Some("/apps/web"));
    assert_eq!(*world.cluster.done.lock().unwrap(), ["scale web/deployment/shop 3", "delete web/deployment/shop"]);
}

#[tokio::test]
async fn the_files_of_a_certificate_are_read_from_a_plain_form() {
    let world = World::peopled().await;
    let otto = world.signed_in("otto").await;
    let page = otto.get("/new-secret/web?kind=tls").await.expect(200).body.clone();
    let part = |head: &str, body: &str| format!("--x\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n");
    let mut form = part("name=\"name\"", "shop-tls") + &part("name=\"kind\"", "tls");
    let pem = |what: &str| format!("-----BEGIN {what}-----\nAAAA\n-----END {what}-----\n");
    for (name, text) in [("certificate_file", pem("PRIVATE KEY")), ("private_key_file", pem("CERTIFICATE"))] {
        assert!(page.contains(&format!("type=\"file\" name=\"{name}\"")), "{name}");
        form += &part(&format!("name=\"{name}\"; filename=\"f.pem\""), &text);
    }
    let reply = otto.send("POST", "/new-secret/web", Some(("multipart/form-data; boundary=x", (form + "--x--\r\n").as_bytes()))).await;
    assert!(reply.expect(422).body.contains("Swap them back."), "each was read, and as what it is");
}

#[tokio::test]
async fn what_was_not_done_is_said_on_the_page_of_the_app() {
    let world = World::peopled().await;
    let otto = world.signed_in("otto").await;
    for (action, fields, status, says, tab) in [
        ("scale", "replicas=many", 422, "Enter the number of replicas, such as 3.", "Overview"),
        ("delete", "confirm=other", 422, "Type shop to delete it. Nothing was deleted.", "Overview"),
        ("rollback", "revision=none", 422, "Enter the number of the revision.", "History"),
    ] {
        let page = otto.form(&format!("/apps/web/deployment/shop/{action}"), fields).await.expect(status).body.clone();
        let banner = page.find("banner-bad").map(|at| &page[at..at + page[at..].find("</div>").unwrap()]);
        assert!(banner.is_some_and(|b| b.contains(says)), "{action}: {banner:?}");
        assert!(page.contains(&format!("aria-current=\"page\">{tab}")), "{action}");
    }
    otto.form("/apps/web/deployment/none/scale", "replicas=3").await.expect(404);
    assert!(world.cluster.done.lock().unwrap().is_empty());
}

#[tokio::test]
async fn what_stays_of_a_deleted_app_is_said_above_the_list() {
    let world = World::peopled().await;
    let app = id("web", "shop");
    let why = ClusterError::Changed(Object::of(Resource::Ingresses, &app.namespace, "shop"));
    *world.cluster.remains.lock().unwrap() = Remains { finalizers: Vec::new(), pieces: vec![(Piece::Ingress, why)] };
    let list = world.signed_in("otto").await.form("/apps/web/deployment/shop/delete", "confirm=shop").await;
    let stayed = "its ingress shop: Ingress shop was just changed by someone else.";
    assert!(list.expect(200).body.contains(stayed) && list.body.contains("banner-warn"));
}

#[tokio::test]
async fn lists_of_the_api_come_in_pieces() {
    let world = World::peopled().await;
    let apps = [0, 1, 2, 3, 4].map(|n| id("web", &format!("app-{n}")));
    world.cluster.put_all(&apps, 1);
    world.lists(&apps[4]).await;
    let vera = world.signed_in("vera").await;
    let (mut names, mut next) = (Vec::new(), String::new());
    loop {
        let piece = vera.get(&format!("/api/v1/namespaces/web/apps?limit=4{next}")).await.expect(200).json();
        names.extend(piece["items"].as_array().unwrap().iter().map(|i| i["id"]["name"].as_str().unwrap().to_owned()));
        match piece["continue"].as_str() {
            Some(token) => next = format!("&continue={token}"),
            None => break,
        }
    }
    assert_eq!(names, ["app-0", "app-1", "app-2", "app-3", "app-4", "shop"]);
    vera.get("/api/v1/apps?continue=%21").await.expect(422);
    vera.get("/api/v1/apps?limit=x").await.expect(422);
}

#[tokio::test]
async fn somebody_without_a_namespace_is_told_how_to_get_one() {
    let world = World::peopled().await;
    let admin = world.signed_in("admin").await;
    admin.form("/teams/1/member", "user=vera&role=none").await.expect(303);
    let vera = world.signed_in("vera").await;
    for path in ["/apps", "/secrets", "/new-app", "/new-secret"] {
        assert!(vera.get(path).await.expect(200).body.contains("Admin"), "{path} names whom to ask");
    }
}

#[tokio::test]
async fn people_change_their_password_and_end_their_sessions() {
    let world = World::peopled().await;
    let (here, there) = (world.signed_in("vera").await, world.signed_in("vera").await);
    let old = crate::support::http::encode(crate::support::PASSWORD);
    here.form("/account/password", &format!("current={old}&new=another+long+password&repeat=differs")).await.expect(422);
    here.form("/account/password", "current=wrong&new=another+long+password&repeat=another+long+password").await;
    there.get("/api/v1/session").await.expect(200);
    here.form("/account/password", &format!("current={old}&new=another+long+password&repeat=another+long+password")).await.expect(303);
    there.get("/api/v1/session").await.expect(401);
}

#[tokio::test]
async fn two_admins_who_edit_the_same_user_do_not_undo_each_other() {
    let world = World::peopled().await;
    let admin = world.signed_in("admin").await;
    let vera = world.signed_in("vera").await.get("/api/v1/session").await.json()["user_id"].as_i64().unwrap();
    let page = admin.get("/users").await.expect(200).body.clone();
    assert!(page.contains("name=\"was_display\" value=\"vera\""));
    let seen = "was_display=vera&was_admin=false&was_disabled=false";
    admin.form(&format!("/users/{vera}"), &format!("{seen}&display=vera&disabled=on")).await.expect(303);
    let late = admin.form(&format!("/users/{vera}"), &format!("{seen}&display=Vera+B.")).await;
    assert!(late.expect(409).body.contains("Someone else just changed this"));
    assert!(admin.get("/users").await.body.contains("name=\"was_disabled\" value=\"true\""), "she stays disabled");
}

#[tokio::test]
async fn two_admins_who_edit_the_same_team_do_not_undo_each_other_and_the_audit_table_says_what_each_did() {
    let world = World::peopled().await;
    let admin = world.signed_in("admin").await;
    let page = admin.get("/teams").await.expect(200).body.clone();
    assert!(page.contains("name=\"was_name\" value=\"Web\"") && page.contains("name=\"was_namespaces\" value=\"web\""));
    let seen = "was_name=Web&was_namespaces=web";
    admin.form("/teams/1", &format!("{seen}&name=Shop&namespaces=web+search")).await.expect(303);
    let late = admin.form("/teams/1", &format!("{seen}&name=Web&namespaces=web+mqtt")).await;
    assert!(late.expect(409).body.contains("Someone else just changed this"));
    assert!(admin.get("/teams").await.body.contains("name=\"was_namespaces\" value=\"search web\""), "the first change stays");
    assert!(admin.get("/audit").await.body.contains("renamed to Shop; added search"));
}

#[tokio::test]
async fn a_refused_form_comes_back_with_what_was_typed_but_for_secrets() {
    let world = World::peopled().await;
    let admin = world.signed_in("admin").await;
    let user = admin.form("/users/create", "name=Not+Good&display=Ida+Lund&password=short&admin=true").await.expect(422).body.clone();
    assert!(user.contains("value=\"Not Good\"") && user.contains("value=\"Ida Lund\"") && !user.contains("value=\"short\""));
    let team = admin.form("/teams/create", "name=Search&namespaces=web+NOT_ONE").await.expect(422).body.clone();
    assert!(team.contains("value=\"Search\"") && team.contains(">web NOT_ONE</textarea>") && team.contains("id=\"f-new-namespaces-e\""));
    let otto = world.signed_in("otto").await;
    otto.json("POST", "/api/v1/namespaces/web/secrets", r#"{"name":"es","kind":"opaque","entries":[{"key":"k","value":"v"}]}"#).await.expect(201);
    let key = otto.form("/secrets/web/es/key", "key=not+a+key&value=canary").await.expect(422).body.clone();
    assert!(key.contains("value=\"not a key\"") && key.contains("id=\"f-add-key-e\"") && !key.contains("canary"));
    assert!(otto.form("/secrets/web/es/delete", "confirm=other").await.expect(422).body.contains("id=\"f-delete-confirm-e\""));
}

#[tokio::test]
async fn all_wrong_fields_are_told_at_once() {
    let world = World::peopled().await;
    let admin = world.signed_in("admin").await;
    let told = |page: &str, fields: &[&str]| {
        for field in fields {
            assert!(page.contains(&format!("id=\"f-{field}-e\"")), "{field} is not told: {page}");
        }
    };
    let long = "x".repeat(65);
    let user = admin.form("/users/create", &format!("name=Not+Good&display={long}&password=short")).await.expect(422).body.clone();
    told(&user, &["new-name", "new-display", "new-password"]);
    let taken = admin.form("/users/create", "name=vera&password=short").await.expect(422).body.clone();
    assert!(taken.contains("User vera already exists."));
    told(&taken, &["new-name", "new-password"]);
    told(&admin.form("/teams/create", "name=&namespaces=NOT_ONE").await.expect(422).body, &["new-name", "new-namespaces"]);
    told(&admin.form("/account/password", "current=&new=short&repeat=differs").await.expect(422).body, &["current", "new", "repeat"]);
    told(&world.client().form("/signin", "name=&password=").await.expect(422).body, &["name", "password"]);
    let nobody = admin.form("/teams/1/member", "user=+&role=viewer").await.expect(422).body.clone();
    assert!(nobody.contains("Enter a username."));
}

#[tokio::test]
async fn the_first_set_up_tells_all_wrong_fields_and_keeps_what_was_typed() {
    let world = World::with(&[("admin_password", "")]).await;
    let token = world.running.app.portal.set_up.token();
    let wrong = world.client().form("/setup", &format!("token={token}&name=Not+Good&display=Mara+Okafor&password=short")).await;
    for text in ["id=\"f-name-e\"", "id=\"f-password-e\"", "value=\"Not Good\"", "value=\"Mara Okafor\""] {
        assert!(wrong.expect(422).body.contains(text), "{text}");
    }
}

#[tokio::test]
async fn after_each_change_of_a_secret_it_is_said_what_was_done() {
    let world = World::peopled().await;
    let otto = world.signed_in("otto").await;
    let elsewhere = world.signed_in("otto").await;
    let is_said = async |client: &Client, to: &str| client.get(to).await.expect(200).body.contains("banner-ok");
    let says = async |path: &str, form: &str, sentence: &str| {
        let to = otto.form(path, form).await.expect(303).header("location").unwrap().to_owned();
        let page = otto.get(&to).await.expect(200).body.clone();
        assert!(page.contains("banner-ok") && page.contains(sentence), "{to}: {page}");
        assert!(!is_said(&elsewhere, &to).await, "{to} in another session");
        to
    };
    says("/new-secret/web", "kind=opaque&name=es&entries.0.key=k&entries.0.value=v", "Created es").await;
    says("/secrets/web/es/key", "new=true&key=token&value=v", "Added key token.").await;
    says("/secrets/web/es/key", "key=token&value=w", "Replaced the value of token.").await;
    says("/secrets/web/es/remove-key", "key=token", "Removed key token").await;
    let to = says("/secrets/web/es/key", "key=k&value=w", "Replaced the value of k.").await;
    let seal = to.split_once("&seal=").unwrap().1;
    for made_up in [
        "done=created",
        "done=replaced",
        "done=key-replaced&key=k",
        "done=key-removed&key=call+0800",
        "done=key-replaced&key=k&seal=",
        format!("done=replaced&seal={seal}").as_str(),
    ] {
        assert!(!is_said(&otto, &format!("/secrets/web/es?{made_up}")).await, "{made_up}");
    }
    says("/secrets/web/es/delete", "confirm=es", "Deleted es").await;
    assert!(!is_said(&otto, "/secrets/web?done=deleted&name=shop-db").await);
}

#[tokio::test]
async fn the_page_after_a_secret_that_a_script_creates_is_told_by_the_answer() {
    let world = World::peopled().await;
    let otto = world.signed_in("otto").await;
    let made = otto.json("POST", "/api/v1/namespaces/web/secrets", r#"{"name":"es","kind":"opaque","entries":[{"key":"k","value":"v"}]}"#).await;
    let to = made.expect(201).header("x-quayside-page").unwrap().to_owned();
    let page = otto.get(&to).await.expect(200).body.clone();
    assert!(page.contains("banner-ok") && page.contains("Created es"), "{to}: {page}");
}

#[tokio::test]
async fn what_was_done_to_the_own_account_is_said_to_who_did_it_and_no_address_of_a_stranger_says_it() {
    let world = World::peopled().await;
    let (vera, elsewhere) = (world.signed_in("vera").await, world.signed_in("admin").await);
    let to = vera.form("/account/end-others", "").await.expect(303).header("location").unwrap().to_owned();
    let page = vera.get(&to).await.expect(200).body.clone();
    assert!(page.contains("banner-ok") && page.contains("Signed out all other sessions"), "{to}: {page}");
    let seal = to.split_once("&seal=").unwrap().1;
    let changed = format!("/account?done=password&seal={seal}");
    for made_up in ["/account?done=password", "/account?done=sessions", "/account?done=session&seal=", changed.as_str()] {
        assert!(!vera.get(made_up).await.expect(200).body.contains("banner-ok"), "{made_up}");
    }
    assert!(!elsewhere.get(&to).await.expect(200).body.contains("banner-ok"), "{to} in another session");
}

#[tokio::test]
async fn what_was_done_to_users_and_teams_is_said_to_who_did_it_and_no_address_of_a_stranger_says_it() {
    let world = World::peopled().await;
    let (admin, elsewhere) = (world.signed_in("admin").await, world.signed_in("admin").await);
    let is_said = async |client: &Client, to: &str| client.get(to).await.expect(200).body.contains("banner-ok");
    let mut last = String::new();
    for (path, form, sentence) in [
        ("/users/create", "name=ida&display=Ida&password=a+long+enough+password", "Created ida"),
        ("/teams/create", "name=Search&namespaces=search", "Created Search"),
        ("/teams/3", "name=Find&namespaces=search", "Saved Find"),
        ("/teams/3/member", "user=ida&role=viewer", "Added Ida as viewer"),
        ("/teams/3/member", "user=ida&role=owner", "Ida is now owner"),
        ("/teams/3/member", "user=ida&role=none", "Removed ida"),
        ("/teams/3/delete", "", "Deleted the team"),
    ] {
        let to = admin.form(path, form).await.expect(303).header("location").unwrap().to_owned();
        let page = admin.get(&to).await.expect(200).body.clone();
        assert!(page.contains("banner-ok") && page.contains(sentence), "{to}: {page}");
        assert!(!is_said(&elsewhere, &to).await, "{to} in another session");
        last = to;
    }
    let seal = last.split_once("&seal=").unwrap().1;
    for made_up in [
        "/teams?done=deleted",
        "/teams?done=removed&team=1&user=nobody",
        "/teams?done=added&team=1&user=vera",
        "/users?done=password&user=1",
        format!("/teams?done=created&team=1&seal={seal}").as_str(),
        format!("/users?done=password&user=1&seal={seal}").as_str(),
        format!("/teams?done=deleted&done=created&team=1&seal={seal}").as_str(),
        "/teams?done=deleted&seal=",
    ] {
        assert!(!is_said(&admin, made_up).await, "{made_up}");
    }
}

#[tokio::test]
async fn adding_a_key_overwrites_none() {
    let world = World::peopled().await;
    let otto = world.signed_in("otto").await;
    otto.json("POST", "/api/v1/namespaces/web/secrets", r#"{"name":"es","kind":"opaque","entries":[{"key":"k","value":"v"}]}"#).await.expect(201);
    let page = otto.form("/secrets/web/es/key", "new=true&key=k&value=w").await.expect(422).body.clone();
    assert!(page.contains("use Replace next to k") && page.contains("id=\"f-add-key-e\""), "{page}");
    let both = otto.form("/secrets/web/es/key", "new=true&key=not+one&value=").await.expect(422).body.clone();
    assert!(both.contains("id=\"f-add-key-e\"") && both.contains("id=\"f-add-value-e\""));
}

#[tokio::test]
async fn a_namespace_that_does_not_exist_is_taken_and_marked_on_its_team() {
    let world = World::peopled().await;
    let admin = world.signed_in("admin").await;
    let page = admin.get("/teams").await.expect(200).body.clone();
    assert!(!page.contains("data-unseen"), "web and data are there");
    admin.form("/teams/create", "name=Search&namespaces=web+wbe").await.expect(303);
    let page = admin.get("/teams").await.expect(200).body.clone();
    assert!(page.contains("see namespace wbe. It doesn"), "{page}");
}

#[tokio::test]
async fn a_secret_that_is_made_and_cannot_be_read_back_is_no_failure() {
    let world = World::peopled().await;
    *world.cluster.secrets_away.lock().unwrap() = true;
    let otto = world.signed_in("otto").await;
    let reply = otto.json("POST", "/api/v1/namespaces/web/secrets", r#"{"name":"db","kind":"opaque","entries":[{"key":"a","value":"b"}]}"#).await;
    assert_eq!(reply.expect(201).header("location"), Some("/api/v1/namespaces/web/secrets/db"));
    assert_eq!(reply.body, "");
}

#[tokio::test]
async fn a_dry_run_is_one_in_every_word_for_on_and_nothing_is_made_by_a_word_that_is_none_or_misspelt() {
    let world = World::peopled().await;
    let otto = world.signed_in("otto").await;
    let app = r#"{"name":"new","image":"web:1","memoryLimit":"64Mi"}"#;
    for (word, status) in [("true", 200), ("True", 200), ("All", 200), ("", 200), ("maybe", 422)] {
        otto.json("POST", &format!("/api/v1/namespaces/web/apps?dryRun={word}"), app).await.expect(status);
    }
    for query in ["dryrun=true", "dryRun=false&dryRun=true", "force=1"] {
        otto.json("POST", &format!("/api/v1/namespaces/web/apps?{query}"), app).await.expect(422);
    }
    assert!(world.cluster.done.lock().unwrap().is_empty());
    otto.json("POST", "/api/v1/namespaces/web/apps?dryRun=false", app).await.expect(201);
    let log = "/api/v1/namespaces/web/apps/deployment/shop/logs";
    assert!(otto.get(&format!("{log}?previous=maybe")).await.expect(422).body.contains("previous must be true or false"));
    otto.get(&format!("{log}?previous=True&follow=no")).await.expect(200);
    assert!(otto.get(&format!("{log}?tailLines=100001")).await.expect(422).body.contains("at most 100000"), "less than was asked for would come");
    assert!(otto.get(&format!("{log}?pod=")).await.expect(422).body.contains("leave it out"), "a variable that is not set would mean all");
}

#[tokio::test]
async fn a_field_that_a_secret_or_a_sign_in_does_not_have_is_refused() {
    let world = World::peopled().await;
    let otto = world.signed_in("otto").await;
    for body in [
        r#"{"name":"db","kind":"opaque","entries":[{"key":"a","value":"YQ==","Base64":true}]}"#,
        r#"{"name":"db","kind":"tls","certificate":"x","privateKey":"y"}"#,
    ] {
        assert!(otto.json("POST", "/api/v1/namespaces/web/secrets", body).await.expect(422).body.contains("unknown field"), "{body}");
    }
    world.client().json("POST", "/api/v1/session", r#"{"username":"otto","password":"x","remember":true}"#).await.expect(422);
    assert!(world.cluster.done.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_form_that_is_sent_after_the_session_leads_back_to_itself() {
    let world = World::peopled().await;
    let otto = world.signed_in("otto").await;
    otto.form("/signout", "").await.expect(303);
    let leads = async |path: &str| otto.form(path, "key=password&value=x").await.expect(303).header("location").map(str::to_owned);
    for (path, next) in [
        ("/secrets/web/db/key?form=key-0", "next=%2Fsecrets%2Fweb%2Fdb%3Funsaved%3Dkey-0&ended=1"),
        ("/secrets/web/db/key?form=key-0&embed=1", "next=%2Fsecrets%2Fweb%2Fdb%3Funsaved%3Dkey-0%26embed%3D1&ended=1&embed=1"),
        ("/new-secret/web", "next=%2Fnew-secret%2Fweb&ended=1"),
        ("/apps/web/deployment/shop/scale", "next=%2Fapps%2Fweb%2Fdeployment%2Fshop&ended=1"),
        ("/signout", "ended=1"),
    ] {
        assert_eq!(leads(path).await, Some(format!("/signin?{next}")), "{path}");
    }
    let page = otto.get("/signin?ended=1").await.expect(200).body.clone();
    assert!(page.contains("Session ended. Sign in to go on.") && !page.contains("banner-bad"), "it is nobody's fault");
}
