//! `parta serve`: from the configuration to a server that stops gracefully.

pub mod headers;
mod health;
mod lifecycle;
pub mod site;

pub use lifecycle::Lifecycle;

use std::net::SocketAddr;

use anyhow::Context;
use axum::{Router, middleware};
use sqlx::PgPool;
use tokio::net::TcpListener;

use crate::commands::database::{Database, migrate};
use crate::commands::demo;
use crate::commands::terminal::say;
use crate::config::Config;
use crate::observe::{self, Metrics};

/// Connections to the database: two cores keep no more than a few dozen busy.
const CONNECTIONS: u32 = 24;

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
    /// The database.
    pub pool: PgPool,
    /// The configuration in force.
    pub config: std::sync::Arc<Config>,
    /// The end of the process, for streams and jobs.
    pub lifecycle: Lifecycle,
}

/// The whole application on one screen.
pub fn router(state: AppState) -> Router {
    let health = health::routes(state.clone());
    let site = site::routes(site::Site::find());
    Router::new()
        .merge(health)
        .merge(site)
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
    let pool = database.connect(CONNECTIONS).await?;
    migrate(&pool).await?;
    let logins = if args.demo {
        demo::prepare(&pool).await?
    } else {
        Vec::new()
    };
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
        config: config.into(),
        lifecycle: lifecycle.clone(),
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

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}: choose another address with --address or PARTA_ADDRESS")
    })
}
