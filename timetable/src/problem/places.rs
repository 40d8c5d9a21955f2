//! Where resources are (rooms in buildings, on floors), and how long the ways between take. This is data of the problem; the rules
//! about it are [`LimitPlaceChanges`](super::rules::limit_place_changes) and [`WalkInTime`](super::rules::walk_in_time).
//!
//! Somebody is, at a time, where the meet is that they sit in: at the place of its first seat whose resource has one. Who sits
//! nowhere, or in several placed meets at once, is nowhere in particular then.
//!
//! Events may go by different clocks (a primary school has its own breaks). Where somebody is and by which clock is one number, a
//! *spot*: the place, and so many times the number of places further on as the clock has its number.

use super::{Meet, Named};
use crate::ids::{narrow, wide};

/// Places that some of the resources lie at, with the ways between.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Map {
    /// What kind of places these are.
    pub label: Named,
    /// The places.
    pub places: Vec<Named>,
    /// Place of each resource; who has none, or stands beyond the end, is nowhere in particular.
    pub place_of: Vec<Option<u32>>,
    /// How long the way takes from each place (row) to each (column), in units of the clock; empty: no way takes any time.
    pub walk: Vec<u32>,
    /// When each time begins and ends; empty: each time takes one unit, without breaks between.
    pub clock: Vec<(u32, u32)>,
    /// The same for events that do not go by that clock.
    pub clocks: Vec<Vec<(u32, u32)>>,
    /// Which of those clocks each event goes by, counted from one; zero, or beyond the end: by the first, [`Map::clock`].
    pub clock_of: Vec<u32>,
}

impl Map {
    /// Sets how long the way between two places takes, there and back. Places that do not exist are left alone.
    pub fn set_walk(&mut self, one: u32, other: u32, takes: u32) {
        let count = self.places.len();
        if wide(one) >= count || wide(other) >= count {
            return;
        }
        self.walk.resize(count * count, 0);
        self.walk[wide(one) * count + wide(other)] = takes;
        self.walk[wide(other) * count + wide(one)] = takes;
    }

    /// Where a resource is.
    #[must_use]
    #[inline]
    pub fn place(&self, resource: u32) -> Option<u32> {
        self.place_of.get(wide(resource)).copied().flatten()
    }

    /// How long the way from a place to another takes.
    #[must_use]
    #[inline]
    pub fn walk(&self, from: u32, to: u32) -> u32 {
        let at = wide(from) * self.places.len() + wide(to);
        self.walk.get(at).copied().unwrap_or(0)
    }

    /// A place with the clock of an event.
    #[must_use]
    #[inline]
    pub fn spot(&self, place: u32, event: u32) -> u32 {
        let clock = self.clock_of.get(wide(event)).copied().unwrap_or(0);
        place + clock * narrow(self.places.len())
    }

    /// The place of a spot.
    #[must_use]
    #[inline]
    pub fn place_of_spot(&self, spot: u32) -> u32 {
        if self.clock_of.is_empty() {
            spot
        } else {
            spot % narrow(self.places.len()).max(1)
        }
    }

    fn bell(&self, (time, spot): (u32, u32)) -> (u32, u32) {
        let number = spot / narrow(self.places.len()).max(1);
        let clock = match number.checked_sub(1) {
            Some(own) => self.clocks.get(wide(own)).unwrap_or(&self.clock),
            None => &self.clock,
        };
        clock.get(wide(time)).copied().unwrap_or((time, time + 1))
    }

    /// How long it is from the end of a time at a spot to the beginning of a later one.
    #[must_use]
    #[inline]
    pub fn between(&self, earlier: (u32, u32), later: (u32, u32)) -> u32 {
        self.bell(later).0.saturating_sub(self.bell(earlier).1)
    }

    /// Where a meet takes place, and by which clock.
    #[must_use]
    pub fn spot_of_meet(&self, meet: &Meet) -> Option<u32> {
        let place = meet.resources.iter().flatten().find_map(|who| self.place(*who))?;
        Some(self.spot(place, meet.event))
    }

    /// Gives a resource a place of this name, a new one if there is none yet.
    pub fn put(&mut self, resource: u32, name: &str) {
        let found = self.places.iter().position(|p| p.name == name);
        let place = found.unwrap_or_else(|| {
            self.places.push(Named {
                id: format!("{}{}", self.label.id, self.places.len()),
                name: name.to_owned(),
            });
            self.places.len() - 1
        });
        let least = wide(resource) + 1;
        if self.place_of.len() < least {
            self.place_of.resize(least, None);
        }
        self.place_of[wide(resource)] = Some(narrow(place));
    }
}

#[cfg(test)]
mod tests {
    use super::Map;

    #[test]
    fn a_way_takes_as_long_there_as_back_and_a_clock_says_how_long_a_break_is() {
        let mut map = Map::default();
        map.put(3, "old");
        map.put(5, "new");
        map.put(6, "old");
        assert_eq!(
            (map.place(3), map.place(5), map.place(6)),
            (Some(0), Some(1), Some(0))
        );
        assert_eq!((map.place(4), map.place(99)), (None, None));
        assert_eq!(map.walk(0, 1), 0);
        map.set_walk(0, 1, 15);
        map.set_walk(0, 7, 99);
        assert_eq!((map.walk(0, 1), map.walk(1, 0), map.walk(1, 1)), (15, 15, 0));
        assert_eq!((map.between((2, 0), (3, 1)), map.between((2, 0), (5, 1))), (0, 2));
        map.clock = vec![(480, 525), (535, 580), (600, 645)];
        let between = |map: &Map, a, b| map.between((a, 0), (b, 1));
        assert_eq!(
            (between(&map, 0, 1), between(&map, 1, 2), between(&map, 0, 2)),
            (10, 20, 75)
        );
        // the second event has bells of its own
        map.clocks = vec![vec![(480, 515), (535, 570), (590, 625)]];
        map.clock_of = vec![0, 1];
        let (usual, own) = (map.spot(1, 0), map.spot(1, 1));
        assert_eq!((map.place_of_spot(usual), map.place_of_spot(own)), (1, 1));
        assert_ne!(usual, own);
        assert_eq!(map.spot(1, 9), usual, "an event beyond the list");
        let from_to = |a, b| map.between((0, a), (1, b));
        assert_eq!(
            (
                from_to(usual, usual),
                from_to(own, own),
                from_to(own, usual),
                from_to(usual, own)
            ),
            (10, 20, 20, 10)
        );
    }
}
