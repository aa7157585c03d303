//! What people of several teams see of each other.

use crate::support::World;
use crate::support::cluster::id;
use crate::support::socket::{Heard, Socket};
use domain::live::{BoardState, ClientFrame, Topic};

#[tokio::test]
async fn a_row_of_a_namespace_that_teams_share_names_ones_own_team_and_no_other() {
    let world = World::peopled().await;
    let admin = world.signed_in("admin").await;
    // The first by name; nobody of Web is in it.
    admin.form("/teams/create", "name=Acquisition&namespaces=web").await.expect(303);
    admin.form("/teams/3/member", "user=dora&role=viewer").await.expect(303);
    let app = id("web", "shop");
    world.lists(&app).await;
    let (vera, dora) = (world.signed_in("vera").await, world.signed_in("dora").await);
    for (client, own, other) in [(&vera, "Web", "Acquisition"), (&dora, "Acquisition", "Web")] {
        let list = client.get("/api/v1/apps").await.json();
        let row = list["items"].as_array().unwrap().iter().find(|row| row["id"]["namespace"] == "web").unwrap().clone();
        assert_eq!(row["team"], own);
        assert_eq!(client.get("/api/v1/namespaces/web/apps").await.json()["items"][0]["team"], own);
        assert_eq!(client.get("/api/v1/namespaces/web/apps/deployment/shop").await.json()["row"]["team"], own);
        for page in ["/apps", "/apps/web", "/apps/web/deployment/shop", "/teams", "/secrets/web", "/new-app/web"] {
            let body = client.get(page).await.body;
            assert!(!body.contains(&format!(">{other}")) && !body.contains(&format!("\"{other}\"")), "{page} names {other}");
        }
        let mut socket = Socket::of(client).await;
        socket.say(&ClientFrame::Subscribe { id: 1, topic: Topic::Apps { namespace: None } }).await;
        let mut list = BoardState::new(1);
        while !list.loaded {
            let Heard::Frame(frame) = socket.hear().await else { panic!("no list comes") };
            list.apply(frame);
        }
        assert_eq!(list.rows[&app].team.as_ref().map(ToString::to_string).as_deref(), Some(own));
    }
}
