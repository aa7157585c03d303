//! The command line, made from the table of settings.

use crate::config::{Config, Raw, Texts, gather, table};
use crate::lifecycle::Life;
use crate::system::{OsRng, SystemClock};
use crate::{openapi, rbac, start, telemetry};
use anyhow::Context as _;
use clap::{Arg, ArgAction, ArgMatches, Command};
use domain::Namespace;
use std::io::Write as _;
use std::process::ExitCode;

/// Reads the command line and does what it says.
#[must_use]
pub fn main() -> ExitCode {
    let matches = command().get_matches();
    let done = match matches.subcommand() {
        Some(("settings", _)) => print(&table::markdown()),
        Some(("openapi", _)) => print(&(openapi::json() + "\n")),
        Some(("rbac", wanted)) => roles(wanted).and_then(|text| print(&text)),
        Some(("reset-password", wanted)) => reset_password(&matches, wanted),
        _ => serve(&matches),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            telemetry::flush();
            // Not a macro that panics where it cannot be written.
            let _unread = writeln!(std::io::stderr(), "quayside: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn command() -> Command {
    // clap wants names that live as long as the program; there are two dozen of them.
    let flags = table::SETTINGS.iter().map(|s| {
        let default = if s.default.is_empty() { String::new() } else { format!(" [default: {}]", s.default) };
        Arg::new(s.key).long(&*s.flag().leak()).value_name(s.takes).help(format!("{}{default}", s.help))
    });
    let namespaces = Arg::new("namespace").long("namespace").value_name("name").action(clap::ArgAction::Append);
    Command::new("quayside")
        .version(env!("CARGO_PKG_VERSION"))
        .about("A team portal for Kubernetes.")
        .after_help("Each setting can also be an environment variable (QUAYSIDE_BASE_PATH for --base-path) or a key in the TOML file of --config.")
        .args(flags)
        .subcommand(Command::new("settings").about("Print the table of settings as Markdown"))
        .subcommand(Command::new("openapi").about("Print the API description (OpenAPI 3.1)"))
        .subcommand(
            Command::new("reset-password")
                .about("Set a random password for a user, print it, and end the user's sessions")
                .arg(Arg::new("name").value_name("name").required(true).help("The username")),
        )
        .subcommand(
            Command::new("rbac")
                .about("Print the permissions the portal needs")
                .arg(namespaces.help("Print a Role and RoleBinding for this namespace; repeatable. Without it, print a ClusterRole"))
                .arg(
                    Arg::new("service-account")
                        .long("service-account")
                        .value_name("namespace/name")
                        .default_value("quayside/quayside")
                        .help("Service account that gets the permissions"),
                )
                .arg(
                    Arg::new("cluster-kinds")
                        .long("cluster-kinds")
                        .action(ArgAction::SetTrue)
                        .conflicts_with("namespace")
                        .help("Print only the optional ClusterRole for cluster-scoped kinds, next to Roles in namespaces"),
                ),
        )
}

fn print(text: &str) -> anyhow::Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        // `quayside settings | head` is fine.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

fn roles(wanted: &ArgMatches) -> anyhow::Result<String> {
    let account = wanted.get_one::<String>("service-account").map_or("quayside/quayside", String::as_str);
    let (own, name) = account.split_once('/').context("--service-account takes namespace/name, such as quayside/quayside.")?;
    let namespaces: Vec<&String> = wanted.get_many("namespace").into_iter().flatten().collect();
    for text in namespaces.iter().map(|n| n.as_str()).chain([own]) {
        Namespace::parse(text).map_err(|e| anyhow::anyhow!("{text:?} isn't a namespace: {e}"))?;
    }
    Ok(if wanted.get_flag("cluster-kinds") {
        rbac::cluster_kinds(own, name)
    } else if namespaces.is_empty() {
        rbac::cluster_wide(own, name)
    } else {
        namespaces.iter().map(|ns| rbac::namespaced(ns, own, name)).collect::<Vec<_>>().join("---\n")
    })
}

fn config(matches: &ArgMatches) -> anyhow::Result<Config> {
    let flag = |s: &'static table::Setting| matches.get_one::<String>(s.key).map(|text| (s.key, Raw { text: text.clone(), origin: format!("--{}", s.flag()) }));
    let flags: Texts = table::SETTINGS.iter().filter_map(flag).collect();
    // Variables that are not text cannot be settings.
    let environment = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    Ok(Config::from_texts(&gather(flags, environment)?)?)
}

fn reset_password(matches: &ArgMatches, wanted: &ArgMatches) -> anyhow::Result<()> {
    let config = config(matches)?;
    let name = wanted.get_one::<String>("name").map_or("", String::as_str);
    let file = config.database.path.display();
    // Opening would make it.
    if !config.database.path.exists() {
        anyhow::bail!("No database {file}. Point --database at the portal's database.");
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let fresh = runtime.block_on(async {
        let store = store::SqliteStore::open(&config.database.path).await.with_context(|| format!("can't open the database {file}"))?;
        let settings = start::settings(&config);
        service::password_reset::reset_password(&store, &SystemClock, &OsRng, &settings, name).await.map_err(|failure| anyhow::anyhow!("{failure}"))
    })?;
    print(&format!("New password for {name}: {}\nIt isn't stored anywhere else. Change it on the account page.\n", fresh.expose()))
}

fn serve(matches: &ArgMatches) -> anyhow::Result<()> {
    let config = config(matches)?;
    telemetry::start(&config);
    telemetry::watch_panics();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let result = runtime.block_on(async {
        let life = Life::default();
        tokio::spawn(life.clone().listen_for_signals());
        let ports = start::ports(&config, &life).await?;
        let running = start::start(config, ports, life).await?;
        tokio::select! {
            () = running.life.drain() => {}
            () = running.life.hard.cancelled() => {}
        }
        tracing::info!("stopped");
        anyhow::Ok(())
    });
    // A task that does not end (a call to a cluster that hangs) must not hold the process.
    runtime.shutdown_timeout(std::time::Duration::from_millis(200));
    telemetry::flush();
    result
}
