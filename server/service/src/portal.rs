//! Puts the use cases together, and runs their work in the background. Nothing of this crate knows the portal as a whole but
//! this file.

use crate::access::Authorizer;
use crate::access_changes::AccessSignal;
use crate::accounts::Accounts;
use crate::activity::Activity;
use crate::apps::Apps;
use crate::audit::Audit;
use crate::authenticate::Authenticator;
use crate::board::{AppList, Inputs, KeepBoard, ReadTeams};
use crate::catch_up::CatchUp;
use crate::changes::Changes;
use crate::deleted::Deleted;
use crate::drafts::Drafts;
use crate::error::Outcome;
use crate::health::HealthCheck;
use crate::index::Index;
use crate::jobs::{self, Driven};
use crate::limiter::Limiter;
use crate::logs::{Bounds, Logs};
use crate::metrics::{Metrics, ReadUsage, WriteSamples};
use crate::namespaces::Namespaces;
use crate::new_apps::NewApps;
use crate::observe::{Observer, ReadLogs};
use crate::operations::{Needs, Operations, SettleOperations, WaitForApps};
use crate::own_key::OwnKey;
use crate::pace::Pace;
use crate::password::Passwords;
use crate::ports::{Clock, Ports};
use crate::prune::Prune;
use crate::readings::Readings;
use crate::seal::Seals;
use crate::search::Search;
use crate::secret_names::SecretNames;
use crate::secrets::Secrets;
use crate::sessions::Sessions;
use crate::set_up::SetUp;
use crate::settings::Settings;
use crate::storage::Storage;
use crate::teams::Teams;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The use cases of the portal. A clone has the same ones.
#[derive(Clone)]
pub struct Portal {
    /// The cluster's index.
    pub index: Arc<Index>,
    /// What was read of logs and measured beside what the cluster's objects say.
    pub observer: Arc<Observer>,
    /// What apps use of CPU and memory.
    pub metrics: Arc<Metrics>,
    /// Apps as people read them.
    pub apps: Arc<Apps>,
    /// Logs of apps.
    pub logs: Arc<Logs>,
    /// Finds what a person may see.
    pub search: Arc<Search>,
    /// The list of all apps.
    pub app_list: Arc<AppList>,
    /// The database as use cases meet it.
    pub storage: Arc<Storage>,
    /// Whether the portal can work.
    pub health: Arc<HealthCheck>,
    /// Changes that are under way. The process must not end before they do.
    pub tasks: TaskTracker,
    /// The namespaces that are served and seen.
    pub namespaces: Arc<Namespaces>,
    /// Tells sockets and logs to look again at what their people may.
    pub access_changes: Arc<AccessSignal>,
    /// Seals for sentences about what was just done.
    pub seals: Arc<Seals>,
    /// The audit table.
    pub audit: Arc<Audit>,
    /// What people may do where.
    pub access: Arc<Authorizer>,
    /// Passwords, hashed and checked.
    pub passwords: Arc<Passwords>,
    /// Who a token belongs to.
    pub authenticator: Arc<Authenticator>,
    /// Signing in and out.
    pub sessions: Arc<Sessions>,
    /// The first user.
    pub set_up: Arc<SetUp>,
    /// Users.
    pub accounts: Arc<Accounts>,
    /// Teams.
    pub teams: Arc<Teams>,
    /// What teams did.
    pub activity: Arc<Activity>,
    /// Changes of apps that are there.
    pub changes: Arc<Changes>,
    /// The making of apps.
    pub new_apps: Arc<NewApps>,
    /// Secrets.
    pub secrets: Arc<Secrets>,
    /// Forms that are not sent yet.
    pub drafts: Arc<Drafts>,
    /// Changes of apps as operations, from before their first call until it is known what came of them.
    pub operations: Arc<Operations>,
    /// The time, as all of them see it.
    pub clock: Arc<dyn Clock>,
    pub(crate) limiter: Arc<Limiter>,
    prune: Prune,
    /// Samples of logs are read for the statuses of apps.
    log_samples: bool,
}

impl Portal {
    /// Puts the portal together. It shows the list at once; [`Portal::run`] keeps it up to date.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub async fn new(ports: Ports, settings: Settings) -> Outcome<Self> {
        let clock = ports.clock.clone();
        let own_key = Arc::new(OwnKey::read(ports.database.as_ref(), ports.rng.as_ref()).await?);
        let storage = Storage::new(ports.database.clone(), ports.sessions.clone(), ports.audit_log.clone(), ports.samples.clone());
        let storage = Arc::new(storage);
        let deleted = Arc::new(Deleted::default());
        let index = Arc::new(Index::new(ports.world.clone(), deleted.clone(), clock.clone()));
        let tasks = TaskTracker::new();
        let pace = Arc::new(Pace::new(clock.clone()));
        let audit = Arc::new(Audit::new(ports.audit_log.clone(), storage.clone(), pace.clone(), clock.clone(), tasks.clone()));
        let namespaces = Arc::new(Namespaces::new(settings.namespaces.clone(), index.clone()));
        let access = Arc::new(Authorizer::new(namespaces.clone(), ports.teams.clone(), audit.clone()));
        let needs = Needs {
            rows: ports.operations.clone(),
            recovery: ports.recovery.clone(),
            index: index.clone(),
            storage: storage.clone(),
            audit: audit.clone(),
            access: access.clone(),
            tasks: tasks.clone(),
            clock: clock.clone(),
        };
        let operations = Arc::new(Operations::new(needs).await?);
        let access_changes = Arc::new(AccessSignal::default());
        let passwords = Arc::new(Passwords::new(ports.rng.clone(), &settings));
        let limiter = Arc::new(Limiter::new(ports.attempts.clone(), storage.clone(), clock.clone(), own_key.clone()));
        let authenticator = Authenticator::new(ports.sessions.clone(), ports.teams.clone(), storage.clone(), namespaces.clone(), clock.clone(), &settings);
        let authenticator = Arc::new(authenticator);
        let sessions = Arc::new(Sessions {
            users: ports.users.clone(),
            rows: ports.sessions.clone(),
            storage: storage.clone(),
            authenticator: authenticator.clone(),
            passwords: passwords.clone(),
            limiter: limiter.clone(),
            pace: pace.clone(),
            audit: audit.clone(),
            access_changes: access_changes.clone(),
            tasks: tasks.clone(),
            clock: clock.clone(),
            rng: ports.rng.clone(),
        });
        let set_up = SetUp::new(ports.users.clone(), sessions.clone(), passwords.clone(), limiter.clone(), audit.clone(), tasks.clone(), clock.clone());
        let accounts = Accounts::new(
            ports.users.clone(),
            ports.sessions.clone(),
            passwords.clone(),
            limiter.clone(),
            audit.clone(),
            access_changes.clone(),
            clock.clone(),
        );
        let teams = Arc::new(Teams::new(ports.teams.clone(), ports.users.clone(), namespaces.clone(), audit.clone(), access_changes.clone()));
        let observer = Arc::new(Observer::new(index.clone(), ports.pod_logs.clone(), ports.revisions.clone(), ports.samples.clone(), clock.clone()));
        let readings = Arc::new(Readings::default());
        let step_ms = settings.sample_step_ms;
        let metrics = Arc::new(Metrics::new(index.clone(), readings.clone(), ports.pod_metrics.clone(), ports.samples.clone(), clock.clone(), step_ms));
        let refresh = Duration::from_millis(settings.board_refresh_ms);
        let inputs =
            Inputs { world: index.changes(), usage: metrics.usage(), storage: storage.trouble_changes(), seen: observer.seen(), language: settings.language };
        let app_list = Arc::new(AppList::new(ports.teams.clone(), clock.clone(), refresh, inputs).await?);
        let apps = Arc::new(Apps {
            language: settings.language,
            index: index.clone(),
            observer: observer.clone(),
            list: app_list.clone(),
            usage: metrics.usage(),
            readings: readings.clone(),
            manifests: ports.manifests.clone(),
            revisions: ports.revisions.clone(),
            clock: clock.clone(),
        });
        let bounds =
            Bounds { logs: settings.logs_at_once, sources: settings.log_sources_at_once, read_ahead: settings.log_read_ahead, pool: settings.log_pool };
        let logs = Arc::new(Logs::new(index.clone(), app_list.clone(), ports.pod_logs.clone(), clock.clone(), bounds));
        let drafts = Arc::new(Drafts::new(ports.drafts.clone(), clock.clone()));
        let changes = Changes {
            index: index.clone(),
            apps: apps.clone(),
            observer: observer.clone(),
            deleted: deleted.clone(),
            workloads: ports.workloads.clone(),
            recovery: ports.recovery.clone(),
            operations: operations.clone(),
            pace: pace.clone(),
            clock: clock.clone(),
        };
        let new_apps = NewApps {
            index: index.clone(),
            readings: readings.clone(),
            creations: ports.creations.clone(),
            recovery: ports.recovery.clone(),
            secrets: ports.secrets.clone(),
            operations: operations.clone(),
            drafts: drafts.clone(),
            pace: pace.clone(),
            clock: clock.clone(),
            rng: ports.rng.clone(),
        };
        let secrets = Secrets::new(index.clone(), readings.clone(), ports.secrets.clone(), audit.clone(), drafts.clone(), own_key.clone());
        let secret_names = SecretNames::new(ports.secrets.clone(), clock.clone());
        let search = Arc::new(Search::new(access.clone(), apps.clone(), readings.clone(), secret_names));
        let prune = Prune {
            database: ports.database.clone(),
            sessions: ports.sessions.clone(),
            samples: ports.samples.clone(),
            drafts: ports.drafts.clone(),
            operations: operations.clone(),
            clock: clock.clone(),
            session_idle_ms: settings.session_idle_ms,
            session_absolute_ms: settings.session_absolute_ms,
            sample_retention_ms: settings.sample_retention_ms,
        };
        Ok(Self {
            index,
            observer,
            metrics,
            apps,
            logs,
            search,
            app_list,
            operations,
            seals: Arc::new(Seals::new(own_key)),
            passwords,
            authenticator,
            sessions,
            set_up: Arc::new(set_up),
            accounts: Arc::new(accounts),
            activity: Arc::new(Activity::new(ports.audit_log, teams.clone())),
            teams,
            drafts,
            changes: Arc::new(changes),
            new_apps: Arc::new(new_apps),
            secrets: Arc::new(secrets),
            limiter,
            access_changes,
            access,
            audit,
            namespaces,
            health: Arc::new(HealthCheck::new(storage.clone())),
            storage,
            tasks,
            clock,
            prune,
            log_samples: settings.log_samples,
        })
    }

    /// Runs the jobs of the background until `stop` is cancelled. After a fault in one of them the others go on, and the portal
    /// is not healthy any more: what stays as it is would deceive everybody.
    pub async fn run(&self, stop: CancellationToken) {
        jobs::drive(self.jobs(), stop, || self.health.stand_still()).await;
    }

    /// All work in the background, and what each of it depends on.
    fn jobs(&self) -> Vec<Driven> {
        let read_logs = self.log_samples.then(|| Driven::new(ReadLogs::new(self.observer.clone())));
        let inputs = self.app_list.inputs();
        let wait_for_apps = WaitForApps::new(self.operations.clone());
        let came = wait_for_apps.came();
        let jobs = [
            Driven::new(ReadTeams::new(self.app_list.clone())).on(self.teams.changes()),
            Driven::new(KeepBoard::new(self.app_list.clone()))
                .on(inputs.world)
                .on(self.app_list.known_teams())
                .on(inputs.usage)
                .on(inputs.storage)
                .on(inputs.seen),
            Driven::new(ReadUsage::new(self.metrics.clone(), self.observer.clone(), self.storage.clone())),
            Driven::new(WriteSamples::new(&self.metrics, self.storage.clone())).on(self.storage.kept.samples_came()).on(self.storage.trouble_changes()),
            Driven::new(self.prune.clone()),
            Driven::new(CatchUp::new(self.storage.clone(), self.limiter.clone(), self.health.clone())),
            Driven::new(SettleOperations::new(self.operations.clone())),
            Driven::new(wait_for_apps).on(came).on(self.index.changes()),
        ];
        jobs.into_iter().chain(read_logs).collect()
    }
}

#[cfg(test)]
pub(crate) mod fake;
