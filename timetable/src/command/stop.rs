//! Stopping a search: an interrupt or a request to end keeps the best so far, a second one ends at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use super::language::told;

/// Exit status of a program that was interrupted and has nothing to show.
const INTERRUPTED: i32 = 130;

/// Raised once somebody wants the search to end.
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Listens from now on.
    pub fn listen() -> Result<Self> {
        let raised = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            // In this order: the first one raises the flag, the next finds it raised.
            flag::register_conditional_shutdown(signal, INTERRUPTED, raised.clone())
                .and_then(|_| flag::register(signal, raised.clone()))
                .context(told(
                    "listening for interrupts",
                    "не удалось следить за прерываниями",
                ))?;
        }
        Ok(Self(raised))
    }

    /// Whether the search is to end.
    pub fn is_wanted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
