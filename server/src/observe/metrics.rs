//! Metrics for Prometheus, on an address of their own that only this machine reaches.

use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::routing::get;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use sqlx::PgPool;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Seconds that bound the counted answers.
const BUCKETS: [f64; 10] = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

/// The recorder of this process.
#[derive(Debug, Clone)]
pub struct Metrics {
    handle: PrometheusHandle,
}

impl Metrics {
    /// Begins to record. Once a process.
    pub fn install() -> anyhow::Result<Self> {
        let handle = PrometheusBuilder::new()
            .set_buckets(&BUCKETS)
            .and_then(PrometheusBuilder::install_recorder)
            .context("cannot record metrics")?;
        Ok(Self { handle })
    }
}

/// Answers Prometheus until `stop`.
pub async fn serve(
    metrics: Metrics,
    listener: TcpListener,
    pool: PgPool,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let upkeep = metrics.handle.clone();
    let ticking = async move {
        loop {
            tokio::time::sleep(Duration::from_secs(5)).await;
            upkeep.run_upkeep();
        }
    };
    let text = move || async move {
        metrics::gauge!("parta_database_connections").set(f64::from(pool.size()));
        let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
        metrics::gauge!("parta_database_connections_idle").set(f64::from(idle));
        (
            [(http::header::CONTENT_TYPE, "text/plain; version=0.0.4")],
            metrics.handle.render(),
        )
    };
    let router = Router::new().route("/metrics", get(text));
    tokio::select! {
        () = ticking => Ok(()),
        served = axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned()) => Ok(served?),
    }
}
