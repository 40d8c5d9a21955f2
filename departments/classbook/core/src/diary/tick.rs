//! Homework that is done: a tick of whoever looks, kept for them and for nobody else.

use base::PupilId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The most ticks of one request.
pub const MOST: usize = 200;

/// A tick, or one that was taken back. It belongs to the person who sets it: a pupil's is not the mother's. The school does not see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tick {
    /// Whose homework.
    pub pupil: PupilId,
    /// Its number.
    pub work: i64,
    /// It was given to this pupil and not to the whole class: the numbers of the two are counted apart.
    #[serde(default)]
    pub individual: bool,
    /// Done, or not any more.
    pub done: bool,
    /// When it was set, by the device. The latest one stands, in whatever order they arrive; what an older page kept without a date is the oldest.
    pub at: DateTime<Utc>,
}

/// Of several acts on one homework the latest: devices send what waited, all at once.
#[must_use]
pub fn latest(mut ticks: Vec<Tick>) -> Vec<Tick> {
    let place = |t: &Tick| (t.pupil, t.individual, t.work);
    // the latest comes first of its place; of two at one moment the later in the list
    ticks.reverse();
    ticks.sort_by_key(|t| (place(t), std::cmp::Reverse(t.at)));
    ticks.dedup_by_key(|t| place(t));
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn one_tick_a_homework_is_left_and_it_is_the_latest(
            acts in proptest::collection::vec((0i64..3, 0i64..3, any::<bool>(), any::<bool>(), 0i64..5), 0..20),
        ) {
            let ticks: Vec<Tick> = acts.iter().map(|(pupil, work, individual, done, at)| Tick {
                pupil: PupilId(*pupil),
                work: *work,
                individual: *individual,
                done: *done,
                at: DateTime::from_timestamp(*at, 0).unwrap(),
            }).collect();
            let left = latest(ticks.clone());
            let same = |a: &Tick, b: &Tick| (a.pupil, a.individual, a.work) == (b.pupil, b.individual, b.work);
            for one in &ticks {
                let of: Vec<&Tick> = left.iter().filter(|t| same(t, one)).collect();
                prop_assert_eq!(of.len(), 1);
                let last = ticks.iter().filter(|t| same(t, one)).max_by_key(|t| t.at);
                prop_assert_eq!(Some(of[0]), last);
            }
            prop_assert!(left.iter().all(|t| ticks.contains(t)));
        }
    }
}
