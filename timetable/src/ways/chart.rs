//! Places of rooms on a school's board, and the ways between.

use std::collections::BTreeSet;

use crate::ids::{CardIx, RoomIx, short};
use crate::spec::BoardSpec;

/// A slot at which somebody is somewhere in particular.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stop {
    pub slot: u16,
    pub place: u16,
    pub card: CardIx,
}

/// Places of rooms, with the ways between.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chart {
    /// Place of each room.
    pub place_of: Vec<Option<u16>>,
    pub places: u16,
    /// How long the way takes, row by row.
    pub walk: Vec<u16>,
    /// When the lesson of each slot begins and ends.
    pub clock: Vec<(u16, u16)>,
}

/// Buildings with the minutes between them, and floors, where what is not near is one slot away.
#[derive(Clone, Debug)]
pub(crate) struct Charts {
    pub buildings: Chart,
    pub floors: Chart,
}

impl Chart {
    pub fn place(&self, room: Option<RoomIx>) -> Option<u16> {
        self.place_of.get(room?.ix()).copied().flatten()
    }

    /// How long the way takes.
    pub fn takes(&self, from: u16, to: u16) -> u16 {
        let at = usize::from(from) * usize::from(self.places) + usize::from(to);
        self.walk.get(at).copied().unwrap_or(0)
    }

    pub fn between(&self, earlier: u16, later: u16) -> u16 {
        let of = |slot: u16| self.clock.get(usize::from(slot)).copied().unwrap_or_default();
        of(later).0.saturating_sub(of(earlier).1)
    }

    fn is_late(&self, from: Stop, to: Stop) -> bool {
        from.place != to.place && self.between(from.slot, to.slot) < self.takes(from.place, to.place)
    }

    /// The ways of a trail that are too long.
    pub fn late<'a>(&'a self, trail: &'a [Stop]) -> impl Iterator<Item = (Stop, Stop)> + 'a {
        let pairs = trail.windows(2).map(|w| (w[0], w[1]));
        pairs.filter(|(from, to)| self.is_late(*from, *to))
    }
}

/// Minutes of a lesson and of a break where no bell is known.
const LESSON: u16 = 45;
const BREAK: u16 = 10;

/// When each slot begins and ends; slots without a bell follow the one before.
fn clock(spec: &BoardSpec) -> Vec<(u16, u16)> {
    let mut all: Vec<(u16, u16)> = vec![];
    for slot in 0..usize::from(spec.slots) {
        let told = spec.site.clock.get(slot).copied().flatten();
        let after = all.last().map_or(8 * 60, |(_, end)| end.saturating_add(BREAK));
        all.push(told.unwrap_or((after, after.saturating_add(LESSON))));
    }
    all
}

impl Charts {
    /// The charts of a school; none if nothing is asked about places, or no room lies anywhere.
    pub fn of(spec: &BoardSpec) -> Option<Self> {
        let site = &spec.site;
        let walks = site.walk.is_some() && site.walks.iter().any(|w| w.minutes > 0);
        let teachers = spec.teachers.iter().any(|t| t.moves_per_day.is_some());
        let classes = spec.classes.iter().any(|c| c.limits.moves_per_day.is_some());
        let asked = walks || site.near.is_some() || teachers || classes;
        let known = spec
            .rooms
            .iter()
            .any(|r| r.building.is_some() || r.floor.is_some());
        if !asked || !known {
            return None;
        }
        let number = |all: &[u32], one: u32| all.binary_search(&one).ok().map(short);
        let names: BTreeSet<u32> = spec.rooms.iter().filter_map(|r| Some(r.building?.0)).collect();
        let names: Vec<u32> = names.into_iter().collect();
        let mut buildings = Chart {
            place_of: spec.rooms.iter().map(|r| number(&names, r.building?.0)).collect(),
            places: short(names.len()),
            walk: vec![0; names.len() * names.len()],
            clock: clock(spec),
        };
        for walk in &site.walks {
            let (Some(one), Some(other)) = (number(&names, walk.one.0), number(&names, walk.other.0)) else {
                continue;
            };
            for (from, to) in [(one, other), (other, one)] {
                let at = usize::from(from) * names.len() + usize::from(to);
                buildings.walk[at] = buildings.walk[at].max(walk.minutes);
            }
        }
        let spot = |r: &crate::spec::RoomSpec| (r.building, r.floor);
        let spots: BTreeSet<_> = spec.rooms.iter().map(spot).collect();
        let spots: Vec<_> = spots
            .into_iter()
            .filter(|s| s.0.is_some() || s.1.is_some())
            .collect();
        let near = |a: &(Option<_>, Option<_>), b: &(Option<_>, Option<_>)| {
            a.0 == b.0 && (a.1 == b.1 || a.1.is_none() || b.1.is_none())
        };
        let far = |(a, b)| u16::from(!near(a, b));
        let pairs = spots.iter().flat_map(|a| spots.iter().map(move |b| (a, b)));
        let floors = Chart {
            place_of: spec
                .rooms
                .iter()
                .map(|r| spots.binary_search(&spot(r)).ok().map(short))
                .collect(),
            places: short(spots.len()),
            walk: pairs.map(far).collect(),
            clock: (0..spec.slots).map(|slot| (slot, slot + 1)).collect(),
        };
        Some(Self { buildings, floors })
    }
}
