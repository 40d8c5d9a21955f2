//! Who is signed in, kept for some seconds, because every request asks.
//!
//! The database says on the channel `session_changed` whose memory is out of date (triggers of migration 0020), so that
//! a revoked device is out at once on every server. While the channel is not heard nothing is remembered at all.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base::sql::{Heard, Store};
use base::{AccountId, AppError};
use chrono::{DateTime, TimeDelta, Utc};

use super::sql::{self, Known};

/// How long a memory is trusted: a bound for what no trigger tells (a date that came, a child who changed class).
const TRUST: TimeDelta = TimeDelta::seconds(15);
/// More than this many are not kept.
const ROOM: usize = 20_000;

/// The memory. Cheap to clone; all clones are one.
#[derive(Clone, Debug)]
pub struct Sessions {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    store: Store,
    known: Mutex<HashMap<[u8; 32], Memory>>,
    /// The channel is heard.
    hearing: AtomicBool,
    /// Grows with everything forgotten: what was read before that is not kept.
    epoch: AtomicU64,
}

#[derive(Debug)]
struct Memory {
    who: Arc<Known>,
    since: DateTime<Utc>,
}

impl Sessions {
    /// An empty memory; it begins to keep things when [`Sessions::listen`] runs.
    #[must_use]
    pub fn new(store: Store) -> Self {
        let inner = Inner {
            store,
            known: Mutex::default(),
            hearing: AtomicBool::new(false),
            epoch: AtomicU64::new(0),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Whose token is this, at this moment? `None`: nobody's, ended, expired.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when the database does not answer.
    pub async fn find(&self, hash: [u8; 32], now: DateTime<Utc>) -> Result<Option<Arc<Known>>, AppError> {
        if let Some(who) = self.remembered(&hash, now) {
            return Ok(who.span.alive(now).then_some(who));
        }
        let epoch = self.inner.epoch.load(Ordering::Acquire);
        let Some(mut who) = sql::find(&self.inner.store, hash, now).await? else {
            return Ok(None);
        };
        if who.span.to_touch(now) {
            sql::touch(&self.inner.store, who.session, now).await?;
            who.span.last_seen = now;
        }
        let who = Arc::new(who);
        let mut known = self.lock();
        // asked again under the lock: `forget` grows it before it takes the lock
        if self.inner.hearing.load(Ordering::Acquire) && self.inner.epoch.load(Ordering::Acquire) == epoch {
            if known.len() >= ROOM {
                known.retain(|_, m| fresh(m.since, now));
            }
            if known.len() < ROOM {
                known.insert(
                    hash,
                    Memory {
                        who: Arc::clone(&who),
                        since: now,
                    },
                );
            }
        }
        Ok(Some(who))
    }

    /// Forgets the sessions of an account. Called by the acts of this very server; the others hear of it.
    pub fn forget(&self, account: AccountId) {
        self.inner.epoch.fetch_add(1, Ordering::AcqRel);
        self.lock().retain(|_, m| m.who.facts.account != account);
    }

    /// Forgets everyone.
    pub fn forget_all(&self) {
        self.inner.epoch.fetch_add(1, Ordering::AcqRel);
        self.lock().clear();
    }

    /// Is anything being remembered? For tests and for readiness.
    #[must_use]
    pub fn hearing(&self) -> bool {
        self.inner.hearing.load(Ordering::Acquire)
    }

    /// Hears the channel for as long as the process lives: spawn it, and drop it to stop.
    pub async fn listen(self) {
        let heard = |heard: Heard<'_>| match heard {
            Heard::Begins => {
                self.forget_all();
                self.inner.hearing.store(true, Ordering::Release);
            }
            Heard::Said(account) => match account.parse::<AccountId>() {
                Ok(account) => self.forget(account),
                Err(_) => self.forget_all(),
            },
            Heard::Lost => {
                self.inner.hearing.store(false, Ordering::Release);
                self.forget_all();
            }
        };
        self.inner.store.hear("session_changed", heard).await;
    }

    fn remembered(&self, hash: &[u8; 32], now: DateTime<Utc>) -> Option<Arc<Known>> {
        if !self.hearing() {
            return None;
        }
        let known = self.lock();
        let memory = known.get(hash)?;
        fresh(memory.since, now).then(|| Arc::clone(&memory.who))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<[u8; 32], Memory>> {
        self.inner.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A clock that was set back makes a memory stale as well.
fn fresh(since: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    (since..since + TRUST).contains(&now)
}
