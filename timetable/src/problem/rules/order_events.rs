//! One event ends before another starts, with so many times between. Deviation: how many times too few or too many between
//! the last time of the first and the first time of the second; nothing while one of them has no time at all.

use super::Judge;
use super::relate_events::Partners;
use crate::ids::wide;
use crate::problem::{Facts, Notes, Problem, Scope, Subject};
use crate::search::Wiring;

/// Two events and the distance between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Comes first.
    pub first: u32,
    /// Comes second.
    pub second: u32,
    /// Fewest times between.
    pub min: u32,
    /// Most times between.
    pub max: u32,
}

/// The rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderEvents {
    /// Pairs of events; they are the points of application.
    pub pairs: Vec<Pair>,
    /// `None`: the pairs are what is asked for; else one choice among these.
    pub choice: Option<Partners>,
}

impl Judge for OrderEvents {
    fn points(&self, _: &Scope, _: &Problem) -> Vec<Subject> {
        (0..crate::ids::narrow(self.pairs.len()))
            .map(Subject::Pair)
            .collect()
    }

    fn measure(&self, at: Subject, facts: &Facts<'_>, notes: &mut Notes) -> i64 {
        let Subject::Pair(pair) = at else { return 0 };
        let pair = &self.pairs[wide(pair)];
        let ends = facts
            .meets(pair.first)
            .filter_map(|m| m.time.map(|t| t + m.duration));
        let starts = facts.meets(pair.second).filter_map(|m| m.time);
        notes.event(pair.first);
        notes.event(pair.second);
        match (ends.max(), starts.min()) {
            (Some(end), Some(start)) => notes.outside(
                i64::from(start) - i64::from(end),
                pair.min.into(),
                pair.max.into(),
            ),
            _ => 0,
        }
    }

    fn wire(&self, at: Subject, point: u32, wiring: &mut Wiring<'_>) {
        let Subject::Pair(pair) = at else { return };
        wiring.order(point, &self.pairs[wide(pair)]);
    }
}
