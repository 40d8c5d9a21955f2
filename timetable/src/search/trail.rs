//! Where people are in the course of a day, for rules about places: what is wired once. How it is kept up to date stands in
//! `state/wander.rs`. A problem without such rules has no tracks, and the search passes by.

use std::collections::HashMap;

use super::wiring::Lists;
use crate::ids::{narrow, wide};
use crate::problem::{Map, Problem};

/// What is counted along a row of times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Each change of place.
    Change,
    /// Each change with too little time between: less than so much, or than the map says of the two places.
    Late(Option<u32>),
}

/// A row of times of one track.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    pub gauge: u32,
    pub track: u32,
    /// Group of times.
    pub group: u32,
    pub way: Way,
}

/// Tracks: a resource on a map. Immutable once built.
#[derive(Debug, Default)]
pub(super) struct Trails {
    pub maps: Vec<Map>,
    /// Times of each group.
    pub groups: Vec<Vec<u32>>,
    /// Map of each track.
    pub map_of: Vec<u32>,
    /// Tracks of each resource.
    pub of: Lists<u32>,
    /// Seats of each event that may say where it is, ascending.
    pub placing: Lists<u32>,
    pub stretches: Vec<Stretch>,
    /// Stretches that each time of each track lies in.
    pub at: Lists<u32>,
}

impl Trails {
    /// Whether no rule asks where anybody is.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.map_of.is_empty()
    }

    /// Whether it matters where a resource is.
    pub fn matters(&self, who: u32) -> bool {
        !self.is_empty() && self.maps.iter().any(|m| m.place(who).is_some())
    }
}

/// Tracks asked for so far.
#[derive(Debug, Default)]
pub(super) struct Asked {
    tracks: HashMap<(u32, u32), u32>,
    map_of: Vec<u32>,
    of: Vec<(usize, u32)>,
    stretches: Vec<Stretch>,
    at: Vec<(usize, u32)>,
}

impl Asked {
    pub fn add(&mut self, problem: &Problem, (who, map): (u32, u32), group: u32, way: Way, gauge: u32) {
        let track = *self.tracks.entry((who, map)).or_insert_with(|| {
            self.map_of.push(map);
            let track = narrow(self.map_of.len() - 1);
            self.of.push((wide(who), track));
            track
        });
        let stretch = narrow(self.stretches.len());
        self.stretches.push(Stretch {
            gauge,
            track,
            group,
            way,
        });
        for time in &problem.time_groups[wide(group)].times {
            let key = wide(track) * problem.times.len() + wide(*time);
            self.at.push((key, stretch));
        }
    }

    pub fn finish(self, problem: &Problem) -> Trails {
        if self.map_of.is_empty() {
            return Trails::default();
        }
        let mut kinds = vec![false; problem.kinds.len()];
        let placed = |who: u32| problem.maps.iter().any(|m| m.place(who).is_some());
        for (who, of) in (0..).zip(&problem.resources) {
            kinds[wide(of.kind)] |= placed(who);
        }
        let mut placing = vec![];
        for (at, event) in problem.events.iter().enumerate() {
            for (seat, of) in (0..).zip(&event.seats) {
                if of.fixed.map_or_else(|| kinds[wide(of.kind)], placed) {
                    placing.push((at, seat));
                }
            }
        }
        Trails {
            maps: problem.maps.clone(),
            groups: problem.time_groups.iter().map(|g| g.times.clone()).collect(),
            of: Lists::new(problem.resources.len(), self.of),
            placing: Lists::new(problem.events.len(), placing),
            at: Lists::new(self.map_of.len() * problem.times.len(), self.at),
            map_of: self.map_of,
            stretches: self.stretches,
        }
    }
}
