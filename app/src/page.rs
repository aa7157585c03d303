//! What a page is made of: the server loads it, the views paint it. No view fetches anything by itself.

use domain::account::{Me, SessionInfo, Team, User};
use domain::audit::AuditRow;
use domain::draft::SecretDraft;
use domain::live::LogQuery;
use domain::metrics::AppMetrics;
use domain::operation::Notice;
use domain::secret::SecretInfo;
use domain::spec::AppForm;
use domain::view::{AppDetail, AppRow, ClusterHealth, ContainerConfig, DiffLine, OperationView, Plan, Revision};
use domain::{AppId, BasePath, FieldError, Language, Namespace, ProblemDetails, Tab, UnixMs};
use std::sync::Arc;

/// What every page has around its own content.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Where the portal is served.
    pub base: BasePath,
    /// Nonce of this answer's content security policy.
    pub nonce: String,
    /// In which it speaks.
    pub language: Language,
    /// Who is signed in.
    pub me: Option<Arc<Me>>,
    /// Path below the base path, with the query.
    pub path: String,
    /// The decoded query.
    pub query: Vec<(String, String)>,
    /// Shown inside another portal, without the rail.
    pub embed: bool,
    /// `light` or `dark`, from a cookie or the query; `None` means as the system does.
    pub theme: Option<&'static str>,
    /// File names of the hashed assets, below the base path.
    pub assets: Assets,
    /// How the portal stands to the cluster.
    pub health: ClusterHealth,
    /// What the portal did by itself with changes of this person that were interrupted.
    pub notices: Vec<Notice>,
    /// The server's clock.
    pub now: UnixMs,
}

/// Paths of the hashed assets, below the base path and with a slash in front.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    /// Style sheet.
    pub css: String,
    /// The wasm's JavaScript module.
    pub js: String,
    /// The wasm.
    pub wasm: String,
    /// The chart bundle, loaded only where there are charts.
    pub chart_js: String,
}

/// A page with all it shows.
#[derive(Clone)]
pub enum Page {
    /// Sign in.
    SignIn {
        /// Path below the base to go to afterwards; already checked to be one.
        next: String,
        /// What was typed before.
        name: String,
        /// Why the last try did not work.
        problem: Option<ProblemDetails>,
        /// The session ended, which is no fault of anybody.
        ended: bool,
    },
    /// First start: make the first admin with the token from the log.
    SetUp {
        /// Token from the link, if any.
        token: String,
        /// User name that was typed before.
        name: String,
        /// Name for people that was typed before.
        display: String,
        /// Why the last try did not work.
        problem: Option<ProblemDetails>,
    },
    /// The list, of one namespace or of all.
    Apps {
        /// The namespace.
        namespace: Option<Namespace>,
        /// The rows that this person may see; filter and order come from the frame's query.
        rows: Vec<Arc<AppRow>>,
        /// What stayed of an app that was just deleted, in sentences.
        stayed: Option<String>,
    },
    /// One app.
    App {
        /// The app with its pods and all that its page says.
        detail: Box<AppDetail>,
        /// What the chosen tab shows.
        tab: AppTab,
        /// Its newest change, where that is under way or ended just now.
        operation: Option<Box<OperationView>>,
        /// Why what was just asked for was not done.
        problem: Option<ProblemDetails>,
    },
    /// Changes of apps: those under way first, then those that ended lately.
    Operations(Vec<OperationView>),
    /// An app that was just asked for, and of which the cluster has not told yet.
    Coming(AppId),
    /// The form for a new app.
    NewApp {
        /// Where.
        namespace: Namespace,
        /// When the draft that the form begins with was last changed.
        draft: Option<UnixMs>,
        /// Fields that the draft has left out, to be typed again.
        left_out: Vec<String>,
        /// Namespaces in which this person may create.
        namespaces: Vec<Namespace>,
        /// What was typed before (a form without scripts comes back with it).
        form: Box<AppForm>,
        /// Fields that need a change.
        errors: Vec<FieldError>,
        /// The verdict, if it was asked for.
        plan: Option<Plan>,
        /// Secrets with their types and keys, for choosing.
        secrets: Vec<(String, String, Vec<String>)>,
        /// Config maps with their keys, for choosing.
        config_maps: Vec<(String, Vec<String>)>,
        /// Why not all of them are offered, one sentence.
        incomplete: Option<&'static str>,
    },
    /// Secrets of one namespace or of all.
    Secrets {
        /// The namespace.
        namespace: Option<Namespace>,
        /// The secrets.
        secrets: Vec<SecretInfo>,
        /// Namespaces in which this person may create.
        namespaces: Vec<Namespace>,
        /// Namespaces that could not be read, and why.
        problems: Vec<(Namespace, ProblemDetails)>,
        /// What was just done, one sentence.
        done: Option<String>,
    },
    /// One secret.
    Secret {
        /// The secret.
        secret: Box<SecretInfo>,
        /// Whether this person may change it.
        may_change: bool,
        /// What was just done, one sentence.
        done: Option<String>,
        /// The form that did not work.
        refused: Option<Refused>,
    },
    /// The form for a new secret. Names come back, values never do.
    NewSecret {
        /// Where.
        namespace: Namespace,
        /// When the draft that the form begins with was last changed.
        draft: Option<UnixMs>,
        /// Namespaces in which this person may create.
        namespaces: Vec<Namespace>,
        /// Names typed before, or asked for by a link.
        typed: Box<SecretDraft>,
        /// Fields that need a change.
        errors: Vec<FieldError>,
    },
    /// Password and sessions.
    Account {
        /// Sessions.
        sessions: Vec<SessionInfo>,
        /// What was just done, one sentence.
        done: Option<String>,
        /// Why the last try did not work.
        problem: Option<ProblemDetails>,
    },
    /// Users, for portal admins.
    Users {
        /// All users.
        users: Vec<User>,
        /// Teams, for what each user may do in which.
        teams: Vec<Team>,
        /// What was just done, one sentence.
        done: Option<String>,
        /// The form that did not work.
        refused: Option<Refused>,
    },
    /// Teams: all for portal admins, one's own for others.
    Teams {
        /// Teams.
        teams: Vec<Team>,
        /// All users, for choosing members; empty for those who may not.
        users: Vec<User>,
        /// Namespaces of the cluster, for choosing.
        namespaces: Vec<Namespace>,
        /// Namespaces of these teams that the portal does not see.
        unseen: Vec<Namespace>,
        /// What was just done, one sentence.
        done: Option<String>,
        /// The form that did not work.
        refused: Option<Refused>,
    },
    /// Who did what, for portal admins.
    Audit {
        /// Entries, newest first.
        rows: Vec<AuditRow>,
        /// Filter in force.
        filter: String,
        /// Number to go on from, if there are more.
        older: Option<i64>,
    },
    /// What a team did, for its owners.
    Activity {
        /// The team.
        team: Team,
        /// Entries, newest first, without addresses.
        rows: Vec<AuditRow>,
        /// Number to go on from, if there are more.
        older: Option<i64>,
    },
    /// Signed in, but without a namespace: how to get one.
    NoNamespaces {
        /// Names of portal admins to ask.
        admins: Vec<String>,
    },
    /// Something went wrong.
    Problem(ProblemDetails),
}

/// A part of a page, as the browser reads it again while something is under way.
pub enum Part<'a> {
    /// The newest change of an app, where that is under way or ended just now.
    OfApp(&'a AppId, Option<&'a OperationView>),
    /// The list of [`Page::Operations`].
    Operations(&'a [OperationView]),
}

/// How the markup of a [`Part`] begins; its digest stands behind.
const PART_HEAD: &str = "<div data-part=\"";

/// The digest of what a part shows, from its markup; nothing where that is no part, such as the page of a sign-in.
#[must_use]
pub fn digest_of_part(markup: &str) -> Option<&str> {
    markup.strip_prefix(PART_HEAD)?.split_once('"').map(|(digest, _)| digest)
}

/// A form of a page that did not work, shown again with what was typed.
#[derive(Clone, Debug)]
pub struct Refused {
    /// Which form of the page; each page has names for its own.
    pub form: String,
    /// What was wrong, by field where it is about one.
    pub problem: ProblemDetails,
    /// What was typed, without passwords and other secrets.
    pub typed: Vec<(String, String)>,
}

/// The tabs of an app's page, each with what it shows beyond the detail.
#[derive(Clone)]
pub enum AppTab {
    /// What happened, pods, endpoints, charts of the last hour.
    Overview(Box<AppMetrics>),
    /// The log; for a browser without scripts with its last lines as text.
    Logs(LogQuery, Option<String>),
    /// Charts.
    Metrics(Box<AppMetrics>),
    /// Events.
    Events,
    /// Environment and mounts.
    Configuration(Vec<ContainerConfig>),
    /// Revisions; with the difference to the current one where one was chosen.
    History(Vec<Revision>, Option<(u64, Vec<DiffLine>)>),
    /// YAML.
    Yaml(String),
    /// The tab's content could not be had.
    Broken(Tab, ProblemDetails),
}

impl AppTab {
    /// Which tab it is.
    #[must_use]
    pub const fn tab(&self) -> Tab {
        match self {
            Self::Overview(_) => Tab::Overview,
            Self::Logs(..) => Tab::Logs,
            Self::Metrics(_) => Tab::Metrics,
            Self::Events => Tab::Events,
            Self::Configuration(_) => Tab::Configuration,
            Self::History(..) => Tab::History,
            Self::Yaml(_) => Tab::Yaml,
            Self::Broken(tab, _) => *tab,
        }
    }
}

impl Frame {
    /// How this page makes links: below the base path, and embedded or not like the page itself.
    #[must_use]
    pub fn links(&self) -> crate::links::Links {
        let mut keep = Vec::new();
        if self.embed {
            keep.push("embed=1".to_owned());
            // Only a theme of the address is kept; the cookie's comes by itself.
            keep.extend(self.asked("theme").filter(|t| matches!(*t, "light" | "dark")).map(|t| format!("theme={t}")));
        }
        crate::links::Links { base: self.base.to_string(), keep: keep.join("&") }
    }

    /// A value of the query.
    #[must_use]
    pub fn asked(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str())
    }
}
