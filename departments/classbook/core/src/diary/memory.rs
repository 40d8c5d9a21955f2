//! What servers remember of weeks: the part that is alike for a whole class, and which part is a family's.
//!
//! A week is asked for by every family of a class on the same evening; lessons, homework, bells and names are the same for
//! all of them and change a few times a day. Marks, absences and what is new are asked for each time. The database says on
//! the channel `diary_changed` which school's memory is out of date (triggers of migration 0100); while the channel is not
//! heard nothing is remembered at all, and nothing for longer than [`TRUST`].
//!
//! To remember one more thing: a map in [`Memory`]; a trigger for each table it is read from.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use base::SchoolId;
use base::sql::{Heard, Store};
use chrono::{DateTime, TimeDelta, Utc};

use super::plan::{Frame, Own};
use super::sql::{FrameKey, OwnKey};

/// A bound for what no trigger tells.
const TRUST: TimeDelta = TimeDelta::minutes(5);
/// So many weeks of classes are kept in each of two generations: some ten kilobytes each.
const FRAMES: usize = 1_500;
/// So many families in each of two generations: some hundred bytes each.
const FAMILIES: usize = 10_000;

/// The memory of a server. Cheap to clone; all clones are one.
#[derive(Clone, Debug, Default)]
pub struct Weeks(Arc<Mutex<Memory>>);

#[derive(Debug, Default)]
struct Memory {
    /// The channel is heard.
    hearing: bool,
    /// Grows with everything that was forgotten; what was read before is not kept.
    epoch: u64,
    schools: HashMap<SchoolId, u64>,
    frames: Generations<FrameKey, Frame>,
    families: Generations<OwnKey, Own>,
}

/// The state of a school's memory: what was asked for under another one is out of date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Epoch {
    all: u64,
    school: u64,
}

/// A school and a moment, under which something is looked up or kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At {
    pub school: SchoolId,
    pub now: DateTime<Utc>,
}

#[derive(Debug)]
struct Kept<T> {
    what: Arc<T>,
    epoch: Epoch,
    since: DateTime<Utc>,
}

impl<T> Clone for Kept<T> {
    fn clone(&self) -> Self {
        Self {
            what: Arc::clone(&self.what),
            epoch: self.epoch,
            since: self.since,
        }
    }
}

/// A map that forgets what was not asked for during a whole generation.
#[derive(Debug)]
struct Generations<K, T> {
    young: HashMap<K, Kept<T>>,
    old: HashMap<K, Kept<T>>,
}

impl<K, T> Default for Generations<K, T> {
    fn default() -> Self {
        Self {
            young: HashMap::new(),
            old: HashMap::new(),
        }
    }
}

impl<K: Eq + Hash + Clone, T> Generations<K, T> {
    fn get(&mut self, key: &K, epoch: Epoch, now: DateTime<Utc>, room: usize) -> Option<Arc<T>> {
        if let Some(kept) = self.young.get(key) {
            return kept.good(epoch, now);
        }
        let kept = self.old.remove(key)?;
        let what = kept.good(epoch, now)?;
        self.put(key.clone(), kept, room);
        Some(what)
    }

    fn put(&mut self, key: K, kept: Kept<T>, room: usize) {
        if self.young.len() >= room {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, kept);
    }

    fn clear(&mut self) {
        self.young.clear();
        self.old.clear();
    }
}

impl<T> Kept<T> {
    fn good(&self, epoch: Epoch, now: DateTime<Utc>) -> Option<Arc<T>> {
        // a clock that was set back makes it stale as well
        (self.epoch == epoch && (self.since..self.since + TRUST).contains(&now))
            .then(|| Arc::clone(&self.what))
    }
}

impl Memory {
    fn epoch(&self, school: SchoolId) -> Epoch {
        Epoch {
            all: self.epoch,
            school: self.schools.get(&school).copied().unwrap_or(0),
        }
    }

    fn forget_all(&mut self) {
        self.epoch += 1;
        self.schools.clear();
        self.frames.clear();
        self.families.clear();
    }
}

impl Weeks {
    /// Hears the channel for as long as the process lives: spawn it, and drop it to stop.
    pub async fn listen(self, store: Store) {
        store
            .hear("diary_changed", |heard| {
                self.with(|memory| match heard {
                    Heard::Begins => {
                        memory.forget_all();
                        memory.hearing = true;
                    }
                    Heard::Said(school) => match school.parse::<SchoolId>() {
                        Ok(school) => *memory.schools.entry(school).or_default() += 1,
                        Err(_) => memory.forget_all(),
                    },
                    Heard::Lost => {
                        memory.hearing = false;
                        memory.forget_all();
                    }
                });
            })
            .await;
    }

    /// Is anything being remembered? For tests.
    #[must_use]
    pub fn hearing(&self) -> bool {
        self.with(|memory| memory.hearing)
    }

    /// The state under which something read from now on may be kept; none while nothing is remembered.
    pub(crate) fn epoch(&self, school: SchoolId) -> Option<Epoch> {
        self.with(|memory| memory.hearing.then(|| memory.epoch(school)))
    }

    pub(crate) fn family(&self, at: At, key: &OwnKey) -> Option<Arc<Own>> {
        self.with(|memory| {
            let epoch = memory.hearing.then(|| memory.epoch(at.school))?;
            memory.families.get(key, epoch, at.now, FAMILIES)
        })
    }

    pub(crate) fn keep_family(&self, at: At, epoch: Epoch, key: OwnKey, what: Arc<Own>) {
        self.with(|memory| {
            memory.families.put(
                key,
                Kept {
                    what,
                    epoch,
                    since: at.now,
                },
                FAMILIES,
            );
        });
    }

    pub(crate) fn frame(&self, at: At, key: &FrameKey) -> Option<Arc<Frame>> {
        self.with(|memory| {
            let epoch = memory.hearing.then(|| memory.epoch(at.school))?;
            memory.frames.get(key, epoch, at.now, FRAMES)
        })
    }

    pub(crate) fn keep_frame(&self, at: At, epoch: Epoch, key: FrameKey, what: Arc<Frame>) {
        self.with(|memory| {
            memory.frames.put(
                key,
                Kept {
                    what,
                    epoch,
                    since: at.now,
                },
                FRAMES,
            );
        });
    }

    fn with<T>(&self, f: impl FnOnce(&mut Memory) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
    }

    fn kept(what: u32, epoch: Epoch, second: i64) -> Kept<u32> {
        Kept {
            what: Arc::new(what),
            epoch,
            since: at(second),
        }
    }

    const FIRST: Epoch = Epoch { all: 1, school: 0 };

    #[test]
    fn what_was_read_under_another_epoch_is_not_found() {
        let mut map: Generations<u8, u32> = Generations::default();
        map.put(1, kept(7, FIRST, 0), 10);
        assert_eq!(map.get(&1, FIRST, at(1), 10).as_deref(), Some(&7));
        assert!(map.get(&1, Epoch { all: 1, school: 1 }, at(1), 10).is_none());
        assert!(map.get(&1, Epoch { all: 2, school: 0 }, at(1), 10).is_none());
        // nor for longer than it is trusted, nor before it was read
        assert!(map.get(&1, FIRST, at(300), 10).is_none());
        assert!(map.get(&1, FIRST, at(-1), 10).is_none());
    }

    #[test]
    fn what_is_asked_for_stays_and_the_rest_goes() {
        let mut map: Generations<u32, u32> = Generations::default();
        for n in 0..100 {
            map.put(n, kept(n, FIRST, 0), 10);
            assert_eq!(map.get(&0, FIRST, at(1), 10).as_deref(), Some(&0));
            assert!(map.young.len() + map.old.len() <= 21);
        }
        assert!(map.get(&50, FIRST, at(1), 10).is_none());
    }
}
