//! A timetable: the meets of every event.

use serde::{Deserialize, Serialize};

use super::Problem;
use crate::ids::{narrow, wide};

/// A part of an event that takes place in one piece.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meet {
    /// Event.
    pub event: u32,
    /// Times that it takes.
    pub duration: u32,
    /// Where it starts.
    pub time: Option<u32>,
    /// Who sits on each seat of the event.
    pub resources: Vec<Option<u32>>,
}

/// Why a list of meets is no timetable of a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// The event does not exist.
    NoSuchEvent(u32),
    /// A meet takes no time, or ends after the last time.
    BadDuration(u32),
    /// The meets of the event are longer than the event.
    TooLong(u32),
    /// A meet has not as many seats as its event, or not its fixed resource, or one of another type.
    BadSeat(u32),
    /// A meet starts elsewhere than its event always does.
    BadTime(u32),
}

/// A timetable; complete once [`Solution::completed`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Solution {
    /// Meets, in any order.
    pub meets: Vec<Meet>,
}

impl Solution {
    /// Each event in one piece, with what is fixed.
    #[must_use]
    pub fn empty(problem: &Problem) -> Self {
        let meets = (0..narrow(problem.events.len()))
            .filter(|e| problem.event(*e).duration > 0)
            .map(|e| Meet::bare(problem, e, problem.event(e).duration))
            .collect();
        Self { meets }
    }

    /// Checks the meets and adds, for each event, one meet of the duration that is still missing.
    ///
    /// # Errors
    /// The first [`Misfit`].
    pub fn completed(mut self, problem: &Problem) -> Result<Self, Misfit> {
        let mut left: Vec<u32> = problem.events.iter().map(|e| e.duration).collect();
        for meet in &self.meets {
            let Some(event) = problem.events.get(wide(meet.event)) else {
                return Err(Misfit::NoSuchEvent(meet.event));
            };
            let rest = &mut left[wide(meet.event)];
            let Some(now) = rest.checked_sub(meet.duration) else {
                return Err(Misfit::TooLong(meet.event));
            };
            *rest = now;
            // what lies nowhere may be longer than there are times
            let last = meet.time.map(|time| time.checked_add(meet.duration));
            let over = last.is_some_and(|last| last.is_none_or(|l| l > problem.time_count()));
            if meet.duration == 0 || over {
                return Err(Misfit::BadDuration(meet.event));
            }
            let fixed = event
                .time
                .filter(|t| t.saturating_add(meet.duration) <= problem.time_count());
            if event.time.is_some() && meet.time != fixed {
                return Err(Misfit::BadTime(meet.event));
            }
            let seated = meet.resources.len() == event.seats.len()
                && meet.resources.iter().zip(&event.seats).all(|(r, seat)| {
                    let kind = r.and_then(|r| problem.resources.get(wide(r))).map(|r| r.kind);
                    match seat.fixed {
                        Some(_) => *r == seat.fixed,
                        None => r.is_none() || kind == Some(seat.kind),
                    }
                });
            if !seated {
                return Err(Misfit::BadSeat(meet.event));
            }
        }
        for (event, rest) in (0..).zip(left) {
            if rest > 0 {
                self.meets.push(Meet::bare(problem, event, rest));
            }
        }
        Ok(self)
    }
}

impl Meet {
    /// A meet with what its event fixes and nothing else.
    #[must_use]
    pub fn bare(problem: &Problem, event: u32, duration: u32) -> Self {
        let of = problem.event(event);
        Self {
            event,
            duration,
            time: of
                .time
                .filter(|t| t.saturating_add(duration) <= problem.time_count()),
            resources: of.seats.iter().map(|s| s.fixed).collect(),
        }
    }
}
