//! A team's activity: for its owners, of its namespaces, without addresses; and the export of the whole table.

use crate::support::World;

#[tokio::test]
async fn an_owner_sees_what_was_done_and_refused_in_the_teams_namespaces_and_no_other() {
    let world = World::peopled().await;
    let (olga, otto, dora) = (world.signed_in("olga").await, world.signed_in("otto").await, world.signed_in("dora").await);
    otto.json("POST", "/api/v1/namespaces/web/apps/deployment/shop/restart", "{}").await.expect(204);
    dora.get("/api/v1/namespaces/web/apps").await.expect(403);
    olga.form("/teams/1/member", "user=vera&role=operator").await.expect(303);

    // Refusals are written beside the answer.
    let mut page = String::new();
    for _ in 0..200 {
        page.clone_from(&olga.get("/teams/1/activity").await.expect(200).body);
        if page.contains("no access") {
            break;
        }
        tokio::task::yield_now().await;
    }
    for told in ["Restarted shop in web", "Refused: access web: GET /api/v1/namespaces/web/apps", "Made vera operator of Web"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(!page.contains("127.0.0.1") && !page.contains("Data"));
    let theirs = dora.get("/teams/2/activity").await.expect(200).body.clone();
    assert!(!theirs.contains("shop") && !theirs.contains("vera"));
    otto.get("/teams/1/activity").await.expect(403);
    dora.get("/teams/1/activity").await.expect(403);
}

#[tokio::test]
async fn an_admin_exports_the_table_as_csv() {
    let world = World::peopled().await;
    world.signed_in("otto").await.json("POST", "/api/v1/namespaces/web/apps/deployment/shop/restart", "{}").await.expect(204);
    let admin = world.signed_in("admin").await;
    let reply = admin.get("/audit/export?filter=restart").await;
    reply.expect(200);
    assert!(reply.header("content-type").unwrap().starts_with("text/csv") && reply.header("content-disposition").unwrap().contains("quayside-audit.csv"));
    assert!(reply.body.starts_with("id,when,who,from,action,target,outcome,detail\r\n") && reply.body.contains("\"otto\""), "{}", reply.body);
    world.signed_in("olga").await.get("/audit/export").await.expect(403);
}
