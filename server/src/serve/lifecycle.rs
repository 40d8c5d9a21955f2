//! Stopping without losing anybody's work.
//!
//! The first SIGTERM or SIGINT is *soft*: nothing new is accepted, what was begun is finished, streams and jobs that
//! hold [`Lifecycle::soft`] end by themselves. A second signal, or too long a wait, is *hard*: the rest is cut.

use std::time::Duration;

use anyhow::Context;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long the finishing may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// The two ends of a process, and the tasks that are waited for.
#[derive(Debug, Clone, Default)]
pub struct Lifecycle {
    soft: CancellationToken,
    hard: CancellationToken,
    tasks: TaskTracker,
}

impl Lifecycle {
    /// Begins to listen for signals.
    pub fn start() -> anyhow::Result<Self> {
        let lifecycle = Self::default();
        let terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
        let interrupt = signal(SignalKind::interrupt()).context("cannot listen for SIGINT")?;
        tokio::spawn(lifecycle.clone().listen(terminate, interrupt));
        Ok(lifecycle)
    }

    /// Cancelled when the process is asked to stop: end what has no natural end.
    pub fn soft(&self) -> CancellationToken {
        self.soft.clone()
    }

    /// Cancelled when the patience is over: drop everything.
    pub fn hard(&self) -> CancellationToken {
        self.hard.clone()
    }

    /// Background tasks that are waited for; each must watch [`Lifecycle::soft`].
    pub fn tasks(&self) -> &TaskTracker {
        &self.tasks
    }

    /// Asks for a soft stop from inside.
    pub fn stop(&self) {
        self.soft.cancel();
    }

    /// Waits for the tasks, no longer than the patience allows.
    pub async fn finish(&self) {
        self.soft.cancel();
        self.tasks.close();
        tokio::select! {
            () = self.tasks.wait() => {}
            () = self.hard.cancelled() => tracing::warn!("some background work was cut"),
        }
    }

    async fn listen(self, mut terminate: Signal, mut interrupt: Signal) {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            () = self.soft.cancelled() => {}
        }
        tracing::info!("stopping: finishing what was begun");
        self.soft.cancel();
        tokio::select! {
            _ = terminate.recv() => tracing::warn!("asked twice: stopping at once"),
            _ = interrupt.recv() => tracing::warn!("asked twice: stopping at once"),
            () = tokio::time::sleep(PATIENCE) => tracing::warn!("waited long enough: stopping at once"),
        }
        self.hard.cancel();
    }
}
