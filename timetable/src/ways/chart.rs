//! Places of rooms on a school's board, and the ways between.

use std::collections::BTreeSet;

use crate::ids::{CardIx, ClassIx, RoomIx, short};
use crate::spec::{Audience, BoardSpec, CardSpec};

/// A slot at which somebody is somewhere in particular.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stop {
    pub slot: u16,
    pub place: u16,
    pub card: CardIx,
    /// When the lesson begins and ends for those who attend it.
    pub bell: Bell,
}

/// When a lesson begins and ends.
pub(crate) type Bell = (u16, u16);

impl Stop {
    /// What lies between the end of this one and the beginning of a later one.
    pub fn minutes_to(self, later: Stop) -> u16 {
        later.bell.0.saturating_sub(self.bell.1)
    }
}

/// Places of rooms, with the ways between.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chart {
    /// Place of each room.
    pub place_of: Vec<Option<u16>>,
    pub places: u16,
    /// How long the way takes, row by row.
    pub walk: Vec<u16>,
    pub clocks: Clocks,
}

/// When lessons begin and end. Classes may have bells of their own.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clocks {
    slots: u16,
    /// The bells of all slots of all days, in several ways; the first is the usual one.
    pub all: Vec<Vec<Bell>>,
    /// Which of them each card goes by; beyond the end by the first.
    pub of: Vec<u16>,
}

impl Clocks {
    /// The bell of a card at a slot of a day.
    pub fn bell(&self, card: CardIx, day: u16, slot: u16) -> Bell {
        let clock = self.of.get(card.ix()).copied().unwrap_or(0);
        let at = usize::from(day) * usize::from(self.slots) + usize::from(slot);
        let clock = self.all.get(usize::from(clock));
        clock.and_then(|c| c.get(at)).copied().unwrap_or_default()
    }

    /// One for everybody, the same on all days.
    fn daily(spec: &BoardSpec, day: &[Bell]) -> Self {
        Self {
            slots: spec.slots,
            all: vec![day.repeat(usize::from(spec.days))],
            of: vec![],
        }
    }

    /// By the bells of the classes that attend each card. Where these differ, a lesson begins with the first of them and ends with the
    /// last.
    fn of_classes(spec: &BoardSpec) -> Self {
        let mut clocks = Self::daily(spec, &clock(spec));
        if spec.classes.iter().all(|c| c.clock.is_empty()) {
            return clocks;
        }
        let usual = clocks.all[0].clone();
        let of_class = |class: ClassIx| -> Vec<Bell> {
            let own = &spec.classes[class.ix()].clock;
            let own = own.iter().copied().chain(std::iter::repeat(None));
            usual.iter().zip(own).map(|(u, own)| own.unwrap_or(*u)).collect()
        };
        let by_class: Vec<Vec<Bell>> = (0..spec.classes.len())
            .map(|n| of_class(ClassIx::at(n)))
            .collect();
        let of_card = |card: &CardSpec| {
            let class = |audience: &Audience| match audience {
                Audience::Class(class) => *class,
                Audience::Group(group) => spec.groups[group.ix()].class,
            };
            let mut all = card.audience.iter().map(|a| &by_class[class(a).ix()]);
            let first = all.next().unwrap_or(&usual).clone();
            all.fold(first, |known, next| {
                let both = known.iter().zip(next);
                both.map(|(a, b)| (a.0.min(b.0), a.1.max(b.1))).collect()
            })
        };
        for card in &spec.cards {
            let own = of_card(card);
            let known = clocks.all.iter().position(|clock| *clock == own);
            clocks.of.push(short(known.unwrap_or(clocks.all.len())));
            if known.is_none() {
                clocks.all.push(own);
            }
        }
        clocks
    }
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

    fn is_late(&self, from: Stop, to: Stop) -> bool {
        from.place != to.place && from.minutes_to(to) < self.takes(from.place, to.place)
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
fn clock(spec: &BoardSpec) -> Vec<Bell> {
    let mut all: Vec<Bell> = vec![];
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
            clocks: Clocks::of_classes(spec),
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
            // one lesson after the other, whatever the bells
            clocks: Clocks::daily(
                spec,
                &(0..spec.slots).map(|slot| (slot, slot + 1)).collect::<Vec<_>>(),
            ),
        };
        Some(Self { buildings, floors })
    }
}
