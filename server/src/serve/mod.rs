//! `parta serve`: from the configuration to a server that stops gracefully.

mod feed;
mod files;
pub mod headers;
mod health;
mod lifecycle;
mod push_key;
pub mod session;
pub mod site;

pub use lifecycle::Lifecycle;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use access_core::Door;
use anyhow::Context;
use axum::{Router, middleware};
use base::sql::Store;
use classbook_core::diary::Weeks;
use classbook_core::homework::files::{Files, Folder};
use classbook_core::live::Live;
use classbook_core::notice::mail::Mailer;
use classbook_core::notice::push::Pusher;
use sqlx::PgPool;
use study_core::compose::sql::{Capacity, Followers};
use tokio::net::TcpListener;

use crate::commands::database::{Database, migrate};
use crate::commands::demo;
use crate::commands::terminal::say;
use crate::config::{Config, Push};
use crate::observe::{self, Metrics};
use crate::postgres::login;

/// Connections to the database: two cores keep no more than a few dozen busy.
const CONNECTIONS: u32 = 24;
/// Connections as the owner of the schema, for migrating and the demo region, before anybody is served.
const OWNER_CONNECTIONS: u32 = 4;
/// Between two sweeps of sessions that are over.
const SWEEP: Duration = Duration::from_secs(3600);

/// Options of `parta serve`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Load the invented demo region if the database is empty, and print its logins
    #[arg(long)]
    pub demo: bool,
}

/// What every handler can reach.
#[derive(Debug, Clone)]
pub struct AppState {
    /// The database, as the application role.
    pub pool: PgPool,
    /// Who is let in.
    pub gate: session::Gate,
    /// The end of the process, for streams and readiness.
    pub lifecycle: Lifecycle,
    /// The built site.
    pub site: site::Site,
    /// What is remembered of diaries.
    pub weeks: Weeks,
    /// Who looks at searches for a timetable.
    pub followers: Followers,
    /// The way out for letters.
    pub mailer: Mailer,
    /// The way out for pushes.
    pub pusher: Pusher,
    /// Who looks at journals and diaries.
    pub live: Live,
    /// Where files lie.
    pub files: Files,
}

/// The whole application on one screen.
pub fn router(state: AppState) -> Router {
    let health = health::routes(state.clone());
    let site = site::routes(state.site);
    Router::new()
        .merge(site)
        .merge(feed::routes())
        .merge(files::routes())
        .layer(axum::Extension(state.files))
        .layer(axum::Extension(state.weeks))
        .layer(axum::Extension(state.followers))
        .layer(axum::Extension(state.mailer))
        .layer(axum::Extension(state.pusher))
        .layer(axum::Extension(state.live))
        .layer(middleware::from_fn_with_state(state.gate, session::find))
        .merge(health)
        .layer(middleware::from_fn(headers::lay))
        .layer(middleware::from_fn(observe::observe))
}

/// Serves until a signal.
pub async fn run(args: Args, config: Config) -> anyhow::Result<()> {
    let lifecycle = Lifecycle::start()?;
    // The addresses first: whoever started us twice learns it before anything else is touched.
    let listener = listen(config.address).await?;
    let metrics = match config.metrics_address {
        Some(address) => Some((Metrics::install()?, listen(address).await?)),
        None => None,
    };
    let mut database = Database::open(&config).await?;
    let outcome = serve(args, config, &mut database, listener, metrics, &lifecycle).await;
    let closed = database.close().await;
    outcome.and(closed)
}

async fn serve(
    args: Args,
    config: Config,
    database: &mut Database,
    listener: TcpListener,
    metrics: Option<(Metrics, TcpListener)>,
    lifecycle: &Lifecycle,
) -> anyhow::Result<()> {
    let owner = database.connect(OWNER_CONNECTIONS).await?;
    migrate(&owner).await?;
    let logins = if args.demo {
        demo::prepare(&owner).await?
    } else {
        Vec::new()
    };
    let invented = args.demo || crate::demo::is_present(&owner).await?;
    if invented && !args.demo {
        tracing::warn!(
            "this database has demo accounts whose password everybody knows: it is not for real people"
        );
    }
    let chosen = config.serve_database_url.as_deref();
    let (options, harmless) = database.serving(&owner, chosen).await?;
    // from here on nothing works as the owner of the tables
    owner.close().await;
    let store = Store::connect(options, CONNECTIONS)
        .await
        .context("cannot work as parta_app")?;
    if harmless {
        login::check(store.pool()).await?;
    }
    let pool = store.pool().clone();
    let door = Door::new(store).context("passwords cannot be checked")?;
    let gate = session::Gate::new(door, &config.public_url, &config.trusted_proxy);
    let (weeks, followers, live) = (Weeks::default(), Followers::default(), Live::new(node()));
    let files = folder(&config.data.join("files"));
    if invented && let Err(error) = crate::demo::put_files(&files) {
        tracing::warn!(%error, "the file of the demo region could not be put into its folder");
    }
    let mailer = match &config.mail {
        Some(mail) => Mailer::new(&mail.server, &mail.from, &config.public_url)
            .context("letters cannot be sent as configured")?,
        None => Mailer::default(),
    };
    let pusher = pusher(config.push.as_ref());
    housekeeping(
        lifecycle,
        gate.door(),
        &weeks,
        &followers,
        config.compose,
        &mailer,
    );
    push(lifecycle, gate.door(), &pusher);
    sweep_files(lifecycle, gate.door(), &files);
    tell(lifecycle, gate.door(), &live);
    if let Some((metrics, listener)) = metrics {
        lifecycle.tasks().spawn(observe::serve_metrics(
            metrics,
            listener,
            pool.clone(),
            lifecycle.soft(),
        ));
    }
    say(&format!("Parta listens on http://{}", listener.local_addr()?));
    logins.iter().for_each(|line| say(line));

    let state = AppState {
        pool: pool.clone(),
        gate,
        lifecycle: lifecycle.clone(),
        site: site::Site::find(),
        weeks,
        followers,
        live,
        mailer,
        pusher,
        files,
    };
    let app = router(state).into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, app).with_graceful_shutdown(lifecycle.soft().cancelled_owned());
    let hard = lifecycle.hard();
    let watched = hard.clone();
    let watching = async {
        match &mut database.cluster {
            Some(cluster) => cluster.supervise(watched).await,
            None => watched.cancelled().await,
        }
    };
    let outcome = tokio::select! {
        served = async { serving.await } => served.context("the server failed"),
        () = watching => {
            tracing::warn!("unfinished requests were cut");
            Ok(())
        }
    };
    lifecycle.finish().await;
    // The pool waits for connections in use; after a hard stop nobody brings them back.
    tokio::select! {
        () = pool.close() => {}
        () = hard.cancelled() => {}
    }
    outcome
}

/// The way out for pushes. A diary without pushes is better than none at all: what is wrong is logged, and the server starts.
fn pusher(push: Option<&Push>) -> Pusher {
    let Some(push) = push else {
        return Pusher::default();
    };
    let opened = push_key::open(&push.key, || {
        access_core::random().context("no randomness for a key")
    })
    .and_then(|key| Ok(Pusher::new(key, &push.contact, push.inside.as_deref())?));
    opened.unwrap_or_else(|error| {
        tracing::error!(error = format!("{error:#}"), "devices are not told by push");
        Pusher::default()
    })
}

/// Tells devices what happened, beside the letters: neither waits for the other's server.
fn push(lifecycle: &Lifecycle, door: &Door, pusher: &Pusher) {
    let (ends, store, pusher) = (lifecycle.soft(), door.store.clone(), pusher.clone());
    lifecycle.tasks().spawn(async move {
        classbook_core::notice::sql::push::work(store, pusher, clock, ends.cancelled()).await;
    });
}

/// Passes on what happens in journals to the other servers of this database, and lets those who look go when this one ends.
fn tell(lifecycle: &Lifecycle, door: &Door, live: &Live) {
    let (ends, work, store) = (lifecycle.soft(), live.clone(), door.store.clone());
    let live = live.clone();
    lifecycle.tasks().spawn(async move {
        ends.run_until_cancelled(work.work(store)).await;
        live.end();
    });
}

/// The folder of files. A server that cannot have one serves everything else, and says so.
fn folder(path: &Path) -> Files {
    match Folder::new(path) {
        Ok(folder) => Files::new(Arc::new(folder)),
        Err(error) => {
            tracing::warn!(%error, "there is no folder for files: homework is given without them");
            Files::default()
        }
    }
}

/// Removes files that nothing names any more, once an hour.
fn sweep_files(lifecycle: &Lifecycle, door: &Door, files: &Files) {
    let (ends, store, files) = (lifecycle.soft(), door.store.clone(), files.clone());
    lifecycle.tasks().spawn(async move {
        let mut hours = tokio::time::interval(SWEEP);
        while ends.run_until_cancelled(hours.tick()).await.is_some() {
            let done = classbook_core::homework::sql::sweep(&store, &files, clock().into()).await;
            match done {
                Ok(0) => {}
                Ok(removed) => tracing::info!(removed, "files that nothing names were removed"),
                Err(error) => tracing::warn!(%error, "files were not swept"),
            }
        }
    });
}

/// A name of this process among those of one database.
fn node() -> uuid::Uuid {
    uuid::Uuid::from_u128(rand::random())
}

/// What runs beside the requests: hearing of changed sessions and diaries, composing timetables, telling families what
/// happened, sweeping sessions that are over.
fn housekeeping(
    lifecycle: &Lifecycle,
    door: &Door,
    weeks: &Weeks,
    followers: &Followers,
    searches: Capacity,
    mailer: &Mailer,
) {
    let (ends, sessions) = (lifecycle.soft(), door.sessions.clone());
    lifecycle.tasks().spawn(async move {
        ends.run_until_cancelled(sessions.listen()).await;
    });
    let (ends, weeks, store) = (lifecycle.soft(), weeks.clone(), door.store.clone());
    lifecycle.tasks().spawn(async move {
        ends.run_until_cancelled(weeks.listen(store)).await;
    });
    let (ends, store, followers) = (lifecycle.soft(), door.store.clone(), followers.clone());
    lifecycle.tasks().spawn(async move {
        // what is under way is written down before the process ends
        study_core::compose::sql::work(store, clock, followers, searches, ends.cancelled()).await;
    });
    let (ends, store, mailer) = (lifecycle.soft(), door.store.clone(), mailer.clone());
    lifecycle.tasks().spawn(async move {
        classbook_core::notice::sql::work(store, mailer, clock, ends.cancelled()).await;
    });
    let (ends, store) = (lifecycle.soft(), door.store.clone());
    lifecycle.tasks().spawn(async move {
        let mut hours = tokio::time::interval(SWEEP);
        while ends.run_until_cancelled(hours.tick()).await.is_some() {
            if let Err(error) = access_core::sessions::sql::forget_old(&store, clock()).await {
                tracing::warn!(%error, "old sessions were not swept");
            }
        }
    });
}

#[expect(
    clippy::disallowed_methods,
    reason = "the clock of the work beside the requests begins here"
)]
fn clock() -> chrono::DateTime<chrono::Utc> {
    chrono::Utc::now()
}

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}: choose another address with --address or PARTA_ADDRESS")
    })
}
