//! The fold of the list page, and its filter, order and groups.

use super::*;
use crate::status::{Status, Word};
use crate::view::{LastChange, Usage};
use crate::{Code, Kind, MilliCpu, TeamName, WorkloadName};
use proptest::prelude::*;

fn app(namespace: &str, kind: Kind, name: &str) -> AppId {
    AppId { namespace: Namespace::parse(namespace).unwrap(), kind, name: WorkloadName::parse(name).unwrap() }
}

fn row(namespace: &str, name: &str, word: Word) -> AppRow {
    AppRow {
        id: app(namespace, Kind::Deployment, name),
        team: None,
        release: None,
        status: Status { word, code: None, reason: "ready".into(), sentence: "Its pod is ready.".into(), since: None, evidence: Vec::new() },
        remarks: Vec::new(),
        ready: 1,
        wanted: 1,
        pips: Vec::new(),
        images: vec![format!("registry.example.org/{name}:1.2")],
        restarts: 0,
        usage: Usage::default(),
        created: UnixMs(1),
        changed: Some(LastChange { at: UnixMs(1), by: "Ilse Brandt".into() }),
    }
}

fn rows() -> Vec<AppRow> {
    let mut rows = vec![row("web", "b", Word::Running), row("web", "a", Word::Running), row("mqtt", "c", Word::Failing), row("mqtt", "d", Word::Stopped)];
    rows[0].usage.cpu = Some(MilliCpu(5));
    rows[1].restarts = 3;
    rows[2].release = Some("kaa".into());
    rows[2].ready = 0;
    rows[3].changed = Some(LastChange { at: UnixMs(9), by: "Ilse Brandt".into() });
    rows[3].team = Some(TeamName::parse("Field devices").unwrap());
    rows
}

/// The names in order, groups apart.
fn names(rows: &[AppRow], query: &ListQuery) -> String {
    let groups = arrange(rows, query).into_iter().map(|g| format!("{}:{}", g.title, g.rows.iter().map(|r| r.id.name.as_str()).collect::<String>()));
    groups.collect::<Vec<_>>().join(" ")
}

fn query(text: &str) -> ListQuery {
    let pairs: Vec<_> = text.split('&').filter_map(|p| p.split_once('=')).map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
    ListQuery::from_pairs(&pairs)
}

#[test]
fn what_needs_a_person_comes_first() {
    assert_eq!(names(&rows(), &query("")), ":cabd", "what is stopped on purpose stands below what runs");
    assert_eq!(names(&rows(), &query("sort=-status")), ":dabc");
    assert_eq!(names(&rows(), &query("sort=name")), ":abcd");
    assert_eq!(names(&rows(), &query("sort=-name")), ":dcba");
    assert_eq!(names(&rows(), &query("sort=restarts")), ":abcd");
    assert_eq!(names(&rows(), &query("sort=cpu")), ":bacd");
    assert_eq!(names(&rows(), &query("sort=-cpu")), ":bacd", "what is not measured comes last");
    assert_eq!(names(&rows(), &query("sort=ready")), ":cabd");
    assert_eq!(names(&rows(), &query("sort=-image")), ":dcba");
    assert_eq!(names(&rows(), &query("sort=changed")), ":dabc");
}

#[test]
fn groups_have_titles_and_counts() {
    assert_eq!(names(&rows(), &query("group=namespace")), "mqtt:cd web:ab");
    assert_eq!(names(&rows(), &query("group=team")), "Field devices:d :cab");
    assert_eq!(names(&rows(), &query("group=release")), "kaa:c :abd");
    let all = rows();
    assert_eq!(arrange(&all, &query(""))[0].counts, [(Word::Failing, 1), (Word::Running, 2), (Word::Stopped, 1)]);
    assert_eq!(names(&[], &query("")), ":");
    assert_eq!(names(&[], &query("group=team")), "");
}

#[test]
fn a_collapsed_group_still_says_what_is_in_it() {
    let all = rows();
    let told = |text: &str| arrange(&all, &query(text)).into_iter().map(|g| (g.title, g.rows.len(), g.collapsed)).collect::<Vec<_>>();
    assert_eq!(told("group=namespace&collapsed=web&collapsed=gone"), [("mqtt".into(), 2, false), ("web".into(), 2, true)]);
    assert_eq!(told("group=team&collapsed="), [("Field devices".into(), 1, false), (String::new(), 3, true)], "those of no team");
    assert_eq!(told("collapsed="), [(String::new(), 4, false)], "without groups there is nothing to collapse");
    let many: Vec<_> = (0..1000).map(|n| ("collapsed".to_owned(), n.to_string())).collect();
    assert_eq!(ListQuery::from_pairs(&many).collapsed.len(), 200);
}

#[test]
fn titles_of_collapsed_groups_are_kept_up_to_2_kib_and_the_first_ones_stay() {
    let of = |lengths: &[usize]| {
        let pairs: Vec<_> = lengths.iter().zip('a'..).map(|(length, letter)| ("collapsed".to_owned(), letter.to_string().repeat(*length))).collect();
        ListQuery::from_pairs(&pairs).collapsed.iter().map(String::len).collect::<Vec<_>>()
    };
    assert_eq!(of(&[2048]), [2048]);
    assert_eq!(of(&[2049]), [0; 0]);
    assert_eq!(of(&[1024, 1024]), [1024, 1024]);
    assert_eq!(of(&[1024, 1025, 3]), [1024, 3], "one without room takes none from the next");
    assert_eq!(of(&[2048, 0]), [0, 2048], "no title takes no room");
    let wide = [("collapsed".to_owned(), "\u{e4}".repeat(1024)), ("collapsed".to_owned(), "x".to_owned())];
    assert_eq!(ListQuery::from_pairs(&wide).collapsed.len(), 1, "bytes are counted and not letters");
}

#[test]
fn what_needs_attention_is_told_by_weight_and_then_the_newest_first() {
    let since = |name: &str, word, at: Option<i64>| {
        let mut row = row("web", name, word);
        row.status.since = at.map(UnixMs);
        row
    };
    let all = [
        since("a", Word::Failing, Some(5)),
        since("b", Word::Running, Some(9)),
        since("z", Word::Failing, Some(8)),
        since("c", Word::Unknown, Some(9)),
        since("d", Word::Degraded, Some(9)),
        since("e", Word::Failing, None),
        since("f", Word::Progressing, Some(9)),
        since("y", Word::Failing, Some(5)),
    ];
    assert_eq!(need_attention(&all).iter().map(|r| r.id.name.as_str()).collect::<String>(), "zayedc");
}

#[test]
fn filters_look_everywhere() {
    assert_eq!(names(&rows(), &query("q=FIELD")), ":d");
    assert_eq!(names(&rows(), &query("q=ilse web/")), ":ab");
    assert_eq!(names(&rows(), &query("q=org/c:1.2")), ":c");
    assert_eq!(names(&rows(), &query("q=nothing")), ":");
    assert_eq!(names(&rows(), &query("status=failing,stopped")), ":cd");
    assert_eq!(names(&rows(), &query("status=failing&status=running")), ":cab");
    assert_eq!(names(&rows(), &query("kind=job")), ":");
    assert_eq!(names(&rows(), &query("kind=&status=&sort=x&group=x&unknown=1")), ":cabd");
}

proptest! {
    #[test]
    fn a_query_survives_the_address(text in "\\PC{0,20}", words in proptest::collection::vec(0_usize..8, 0..4), kinds in proptest::collection::vec(0_usize..5, 0..3), sort in "-?(status|name|restarts|cpu|memory|age|ready|image|changed)", group in "(none|namespace|team|release)", collapsed in proptest::collection::vec("\\PC{0,20}", 0..4)) {
        let mut pairs = vec![("q".to_owned(), text), ("sort".to_owned(), sort), ("group".to_owned(), group)];
        pairs.extend(words.into_iter().map(|w| ("status".to_owned(), Word::ALL[w].text().to_owned())));
        pairs.extend(kinds.into_iter().map(|k| ("kind".to_owned(), Kind::ALL[k].slug().to_owned())));
        pairs.extend(collapsed.into_iter().map(|title| ("collapsed".to_owned(), title)));
        let query = ListQuery::from_pairs(&pairs);
        prop_assert_eq!(ListQuery::from_pairs(&query.to_pairs()), query);
    }

    #[test]
    fn however_many_groups_are_collapsed_a_link_repeats_2_kib_of_them_at_most(titles in proptest::collection::vec("\\PC{0,200}", 0..20)) {
        let pairs: Vec<_> = titles.iter().map(|title| ("collapsed".to_owned(), title.clone())).collect();
        let query = ListQuery::from_pairs(&pairs);
        prop_assert!(query.collapsed.iter().map(String::len).sum::<usize>() <= 2048 && query.collapsed.iter().all(|title| titles.contains(title)));
        prop_assert_eq!(ListQuery::from_pairs(&query.to_pairs()), query);
    }
}

#[test]
fn the_board_is_what_the_frames_say_and_only_what_changed_is_told() {
    let told = |changed: Changed| (changed.apps.iter().map(|a| a.name.as_str()).collect::<String>(), changed.around);
    let told_nothing = (String::new(), false);
    let apps = |id, rows| ServerFrame::Apps { id, teams: OwnTeams::new(), rows };
    let mut board = BoardState::new(7);
    assert!(!board.loaded);
    assert_eq!(told(board.apply(apps(7, rows()))), ("cdab".into(), true));
    assert!(board.loaded);
    assert_eq!(told(board.apply(apps(8, Vec::new()))), told_nothing, "another topic");
    let changed = row("web", "a", Word::Failing);
    let delta = |set: Vec<AppRow>, gone: Vec<AppId>| ServerFrame::AppsDelta { id: 7, set, gone };
    assert_eq!(told(board.apply(delta(vec![changed.clone()], vec![app("mqtt", Kind::Deployment, "d")]))), ("ad".into(), false));
    assert!(!board.apply(delta(vec![changed.clone()], vec![app("mqtt", Kind::Deployment, "d")])).any(), "nothing new");
    assert_eq!(board.rows.len(), 3);
    assert_eq!(board.rows[&changed.id], changed);
    assert!(!board.apply(ServerFrame::Stale { id: 7 }).any(), "the whole that follows is what changes the page");
    assert_eq!(told(board.apply(apps(7, rows()))), ("da".into(), false), "what differs from before");
    let fewer = rows().into_iter().filter(|r| r.id.namespace.as_str() == "web").collect();
    assert_eq!(told(board.apply(apps(7, fewer))), ("cd".into(), false), "what is gone");
    let away = ClusterHealth { away_since: Some(UnixMs(5)), ..Default::default() };
    assert_eq!(told(board.apply(ServerFrame::Health { health: away.clone() })), (String::new(), true));
    assert_eq!((board.rows.len(), &board.health), (2, &away));
    let denied = ServerFrame::Denied { id: 7, problem: ProblemDetails::new(Code::Forbidden, "no_role_in_namespace", "Your role here was revoked.") };
    assert_eq!(told(board.apply(denied)), ("ab".into(), true));
    assert!(board.rows.is_empty() && board.denied.is_some());
    assert!(!board.apply(ServerFrame::Ping { now: UnixMs(1) }).any());
    assert_eq!(told(board.apply(apps(7, rows()))), ("cdab".into(), true), "and it may be seen again");
    assert!(board.denied.is_none());
}

#[test]
fn rows_and_their_changes_name_the_readers_own_team_and_keep_all_others() {
    let team = |name: &str| TeamName::parse(name).unwrap();
    let of = |namespace: &str, name: &str, first: &str| AppRow { team: Some(team(first)), ..row(namespace, name, Word::Running) };
    let mut board = BoardState::new(7);
    let named = |board: &BoardState| board.rows.values().map(|r| r.team.as_ref().map(ToString::to_string).unwrap_or_default()).collect::<Vec<_>>();
    let teams = OwnTeams::from([(Namespace::parse("web").unwrap(), team("Web"))]);
    board.apply(ServerFrame::Apps { id: 7, teams, rows: vec![of("mqtt", "c", "Field"), of("web", "a", "Acquisition")] });
    assert_eq!(named(&board), ["Field", "Web"]);
    let same = board.apply(ServerFrame::AppsDelta { id: 7, set: vec![of("web", "a", "Acquisition")], gone: Vec::new() });
    assert!(!same.any(), "it says the same to this reader");
    board.apply(ServerFrame::AppsDelta { id: 7, set: vec![of("web", "b", "Acquisition")], gone: Vec::new() });
    assert_eq!(named(&board), ["Field", "Web", "Web"]);
    let now_shown = board.apply(ServerFrame::Apps { id: 7, teams: OwnTeams::new(), rows: vec![of("mqtt", "c", "Field"), of("web", "a", "Acquisition")] });
    assert_eq!((named(&board), now_shown.apps.len()), (vec!["Field".to_owned(), "Acquisition".to_owned()], 2));
}

#[test]
fn a_binary_frame_is_read_back() {
    let frame = [LogBatch::head(70_000, 3).as_slice(), b"a\nb\n"].concat();
    assert_eq!(LogBatch::read(&frame), Some(LogBatch { id: 70_000, source: 3, lines: b"a\nb\n" }));
    assert_eq!(LogBatch::read(&frame[..5]), None);
}
