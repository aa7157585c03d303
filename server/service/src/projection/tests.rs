use super::*;
use crate::access::Actor;
use crate::portal::fake::{actor_in, app, id, namespace};
use domain::account::Role;
use domain::live::{BoardState, ServerFrame, read};
use domain::status::{Status, Word};
use domain::view::{AppRow, Usage};
use domain::{AppId, TeamName, UnixMs};
use proptest::prelude::*;

const SPACES: [&str; 3] = ["data", "mqtt", "web"];
const TOPIC: u32 = 7;

fn row(app: &AppId, team: Option<&TeamName>, restarts: u32) -> AppRow {
    let status = Status { word: Word::Running, code: None, reason: String::new(), sentence: "Says \"ä\".".into(), since: None, evidence: vec![] };
    AppRow {
        id: app.clone(),
        team: team.cloned(),
        release: None,
        status,
        remarks: vec![],
        ready: 1,
        wanted: 1,
        pips: vec![],
        images: vec![],
        restarts,
        usage: Usage::default(),
        created: UnixMs(0),
        changed: None,
    }
}

fn team(name: &str) -> TeamName {
    TeamName::parse(name).unwrap()
}

/// By namespace the team that works there, and each app with its restarts.
type Shown<'a> = BTreeMap<&'a str, (Option<&'a str>, Vec<(&'a str, u32)>)>;

/// What publishes, without a portal around it.
#[derive(Default)]
struct Publisher {
    projections: Projections,
    version: u64,
    spaces: BTreeMap<Namespace, Arc<NamespaceRows>>,
}

impl Publisher {
    /// The namespaces as they are now.
    fn show(&mut self, world: &Shown<'_>) {
        self.version += 1;
        self.spaces.retain(|known, _| world.contains_key(known.as_str()));
        for (space, (of, apps)) in world {
            let before = self.spaces.get(&namespace(space)).cloned().unwrap_or_default();
            let of = of.map(team);
            let rows: Vec<_> = apps.iter().map(|(name, restarts)| row(&id(space, name), of.as_ref(), *restarts)).collect();
            let gone: Vec<_> = before.rows().map(|r| r.id.clone()).filter(|known| rows.iter().all(|r| r.id != *known)).collect();
            let set: Vec<_> = rows.into_iter().filter(|r| before.row(&r.id).is_none_or(|b| **b != *r)).collect();
            if !set.is_empty() || !gone.is_empty() || before.team() != of.as_ref() || !self.spaces.contains_key(&namespace(space)) {
                self.spaces.insert(namespace(space), Arc::new(before.next(self.version, of, set, &gone)));
            }
        }
        self.projections.publish(self.version, &self.spaces);
    }

    /// The channels of all namespaces in which this person has a role.
    fn of(&self, actor: &Actor) -> BTreeMap<Namespace, RowsNow> {
        let spaces = actor.me().namespaces.iter().map(|access| access.namespace.clone());
        spaces.map(|space| (space.clone(), self.projections.rows_of(&space))).collect()
    }

    /// The rows that this person reads, as the projection has them.
    fn rows_for(&self, actor: &Actor) -> BTreeMap<AppId, AppRow> {
        let mine = self.spaces.iter().filter(|(space, _)| actor.role_in(space).is_some());
        let rows = mine.flat_map(|(space, now)| {
            now.rows().map(|r| {
                let own = actor.own_team(space, now.team()).cloned();
                AppRow { team: own.or(r.team.clone()), ..AppRow::clone(r) }
            })
        });
        rows.map(|r| (r.id.clone(), r)).collect()
    }
}

fn told(reader: &mut ListReader, actor: &Actor, page: &mut BoardState) -> Option<ServerFrame> {
    let text = reader.frame(TOPIC, actor)?;
    let frame: ServerFrame = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_string(&frame).unwrap(), text, "as serde writes it");
    assert_eq!(read::frame(&text).as_ref(), Some(&frame), "as the browser reads it");
    page.apply(frame.clone());
    Some(frame)
}

fn in_all() -> Actor {
    actor_in(SPACES.map(|space| (space, None, Role::Viewer)))
}

#[test]
fn who_is_one_version_behind_hears_what_changed_and_who_is_further_behind_the_difference() {
    let mut portal = Publisher::default();
    let ann = actor_in([("web", None, Role::Viewer)]);
    let (mut quick, mut slow) = (ListReader::default(), ListReader::default());
    let (mut quick_page, mut slow_page) = (BoardState::new(TOPIC), BoardState::new(TOPIC));
    portal.show(&[("web", (None, vec![("a", 0), ("b", 0)]))].into());
    for reader in [&mut quick, &mut slow] {
        reader.follow(portal.of(&ann));
    }
    assert!(matches!(told(&mut quick, &ann, &mut quick_page), Some(ServerFrame::Apps { rows, .. }) if rows.len() == 2));
    told(&mut slow, &ann, &mut slow_page);
    portal.show(&[("web", (None, vec![("a", 1), ("b", 0)]))].into());
    assert!(matches!(told(&mut quick, &ann, &mut quick_page), Some(ServerFrame::AppsDelta { set, gone, .. }) if set.len() == 1 && gone.is_empty()));
    portal.show(&[("web", (None, vec![("a", 0), ("c", 0)]))].into());
    let Some(ServerFrame::AppsDelta { set, gone, .. }) = told(&mut slow, &ann, &mut slow_page) else { panic!("a change") };
    let names = set.iter().map(|r| r.id.name.as_str()).collect::<Vec<_>>();
    assert_eq!((names, gone), (vec!["c"], vec![id("web", "b")]), "a is as it was");
    told(&mut quick, &ann, &mut quick_page);
    assert_eq!((&quick_page.rows, &slow_page.rows), (&portal.rows_for(&ann), &portal.rows_for(&ann)));
    assert!(quick.frame(TOPIC, &ann).is_none() && slow.frame(TOPIC, &ann).is_none());
}

#[test]
fn a_namespace_that_goes_and_comes_back_is_followed_all_the_time() {
    let mut portal = Publisher::default();
    let (ann, mut reader, mut page) = (actor_in([("web", None, Role::Viewer)]), ListReader::default(), BoardState::new(TOPIC));
    reader.follow(portal.of(&ann));
    assert!(matches!(told(&mut reader, &ann, &mut page), Some(ServerFrame::Apps { rows, .. }) if rows.is_empty()), "it is not there yet");
    let there = |restarts| [("web", (None, vec![("a", restarts)]))].into();
    for (round, between) in [true, false].into_iter().enumerate() {
        portal.show(&there(round as u32));
        told(&mut reader, &ann, &mut page);
        assert_eq!(page.rows.len(), 1);
        portal.show(&BTreeMap::new());
        if between {
            assert!(matches!(told(&mut reader, &ann, &mut page), Some(ServerFrame::AppsDelta { gone, .. }) if gone == [id("web", "a")]));
        }
    }
    portal.show(&there(9));
    told(&mut reader, &ann, &mut page);
    assert_eq!(page.rows[&id("web", "a")].restarts, 9, "gone and back between two frames");
}

#[test]
fn a_channel_that_nobody_listens_to_goes_with_its_namespace() {
    let mut portal = Publisher::default();
    portal.show(&[("web", (None, vec![])), ("data", (None, vec![]))].into());
    let web = portal.of(&actor_in([("web", None, Role::Viewer)]));
    let mut names = portal.projections.names();
    portal.show(&BTreeMap::new());
    assert!(names.has_changed().unwrap() && names.borrow_and_update().is_empty());
    let known = || portal.projections.spaces.read().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(known(), [namespace("web")], "whoever listens hears when it comes back");
    drop(web);
    portal.projections.publish(9, &BTreeMap::new());
    assert!(known().is_empty());
    portal.show(&[("web", (None, vec![]))].into());
    assert_eq!(names.borrow_and_update().iter().map(Namespace::as_str).collect::<Vec<_>>(), ["web"]);
    portal.show(&[("web", (None, vec![("a", 0)]))].into());
    assert!(!names.has_changed().unwrap(), "the same namespaces");
}

#[test]
fn a_change_in_one_namespace_tells_nobody_who_follows_another() {
    let mut portal = Publisher::default();
    portal.show(&[("web", (None, vec![("a", 0)])), ("data", (None, vec![("b", 0)]))].into());
    let rows = |space| portal.projections.rows_of(&namespace(space));
    let (web, data) = (rows("web"), rows("data"));
    portal.show(&[("web", (None, vec![("a", 1)])), ("data", (None, vec![("b", 0)]))].into());
    assert!(web.has_changed().unwrap() && !data.has_changed().unwrap());
}

#[test]
fn an_app_wakes_those_who_follow_it_and_nobody_else_and_is_forgotten_with_the_last() {
    let channels = AppChannels::default();
    let facts = |name: &str| Some(AppNow { facts: Arc::new(app(name, vec![])), observed: None, usage: Arc::default() });
    let (mut one, two) = (facts("one"), facts("two"));
    let follow = |name: &str, now: &Option<AppNow>| channels.follow(&id("web", name), || now.clone());
    let (mut of_one, of_two, of_none) = (follow("one", &one), follow("two", &two), follow("none", &None));
    assert!(of_one.borrow().is_some() && of_none.borrow().is_none(), "known at once");
    one = facts("one");
    let now = |app: &AppId| if *app == id("web", "one") { one.clone() } else { two.clone().filter(|_| *app == id("web", "two")) };
    channels.publish(now);
    assert!(of_one.has_changed().unwrap() && !of_two.has_changed().unwrap() && !of_none.has_changed().unwrap());
    of_one.mark_unchanged();
    channels.publish(now);
    assert!(!of_one.has_changed().unwrap(), "the same");
    channels.publish(|_| None);
    assert!(of_one.borrow_and_update().is_none() && of_two.borrow().is_none());
    let again = of_one.clone();
    drop((of_one, of_two, of_none));
    channels.publish(now);
    assert_eq!(channels.0.lock().unwrap().len(), 1);
    assert!(again.borrow().is_some(), "it is back");
}

#[derive(Clone, Debug)]
enum Happens {
    /// The cluster is another: of each namespace whether it is there, which team works in it, and the restarts of its apps.
    World(Vec<Option<(u8, Vec<Option<u32>>)>>),
    /// This reader takes what there is for it.
    Reads(usize),
    /// This reader was slow for so long that it begins again.
    Forgets(usize),
    /// The roles of the person are others: the team of each, if any.
    Roles(Vec<Option<u8>>),
}

fn happens() -> impl Strategy<Value = Happens> {
    let space = proptest::option::weighted(0.8, (0_u8..3, proptest::collection::vec(proptest::option::weighted(0.7, 0_u32..2), 4)));
    prop_oneof![
        4 => proptest::collection::vec(space, 3).prop_map(Happens::World),
        4 => (0_usize..3).prop_map(Happens::Reads),
        1 => (0_usize..3).prop_map(Happens::Forgets),
        1 => proptest::collection::vec(proptest::option::weighted(0.7, 0_u8..3), 3).prop_map(Happens::Roles),
    ]
}

const TEAMS: [Option<&str>; 3] = [None, Some("Acquisition"), Some("Web")];
const APPS: [&str; 4] = ["a", "b", "c", "d"];

proptest! {
    #[test]
    fn whatever_happens_and_however_slow_a_reader_is_its_page_is_the_projection(all in proptest::collection::vec(happens(), 1..40)) {
        let (mut portal, mut ann) = (Publisher::default(), in_all());
        let mut readers: Vec<_> = (0..3).map(|_| (ListReader::default(), BoardState::new(TOPIC))).collect();
        for (reader, _) in &mut readers {
            reader.follow(portal.of(&ann));
        }
        for now in all.into_iter().chain([Happens::Reads(0), Happens::Reads(1), Happens::Reads(2)]) {
            match now {
                Happens::World(spaces) => {
                    let there = SPACES.into_iter().zip(spaces).filter_map(|(space, there)| {
                        let (of, apps) = there?;
                        let apps = APPS.into_iter().zip(apps).filter_map(|(name, restarts)| Some((name, restarts?))).collect();
                        Some((space, (TEAMS[usize::from(of)], apps)))
                    });
                    portal.show(&there.collect());
                }
                Happens::Reads(reader) => {
                    let (reader, page) = &mut readers[reader];
                    told(reader, &ann, page);
                    prop_assert_eq!(&page.rows, &portal.rows_for(&ann));
                    prop_assert!(reader.frame(TOPIC, &ann).is_none(), "nothing is told twice");
                }
                Happens::Forgets(reader) => readers[reader].0.forget(),
                Happens::Roles(teams) => {
                    let held: Vec<_> = SPACES.into_iter().zip(teams).filter_map(|(space, of)| Some((space, TEAMS[usize::from(of?)], Role::Viewer))).collect();
                    ann = actor_in(held);
                    for (reader, _) in &mut readers {
                        reader.follow(portal.of(&ann));
                    }
                }
            }
        }
    }
}
