//! What an administrator can see from outside: log lines and metrics. Neither ever holds anybody's data.

mod metrics;
mod requests;

pub use metrics::{Metrics, serve as serve_metrics};
pub use requests::{REQUEST_ID, observe};

use anyhow::Context;
use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// What a server logs when `RUST_LOG` does not say otherwise.
pub const SERVER_FILTER: &str = "info,sqlx=warn,tower_http=warn,hyper=warn";

/// What a command logs that speaks to the person at the terminal by itself.
pub const COMMAND_FILTER: &str = "warn";

/// Sends log lines to standard error. Called once, by the executable.
pub fn logging(format: LogFormat, default: &str) -> anyhow::Result<()> {
    let filter = match std::env::var("RUST_LOG") {
        Ok(filter) if !filter.is_empty() => {
            EnvFilter::try_new(&filter).with_context(|| format!("RUST_LOG is not a filter: {filter}"))?
        }
        _ => EnvFilter::new(default),
    };
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let set = match format {
        LogFormat::Json => lines
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .try_init(),
        LogFormat::Text => lines
            .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
            .try_init(),
    };
    set.map_err(|error| anyhow::anyhow!("cannot set up the log: {error}"))
}
