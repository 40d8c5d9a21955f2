//! What is asked of teachers, classes and cards, in the words of a file.

use std::collections::BTreeMap;

use timetable::draft::{DraftLimit, DraftRooming, DraftTimes, Limited, LimitedOf, TimesOf};
use timetable::ids::span;
use timetable::{CardIx, ClassIx, Limit, Rooming, RoomingSpec, TeacherIx, TimeSet, Unwanted};

use crate::requirement::{Kind, Weight};

/// A weight of a file that means "must", in thousandths of a percent.
pub(super) const MUST: u32 = 100_000;
/// The heaviest wish: FET holds what is a hundred percent as a must.
const HEAVIEST: u32 = 95_000;

/// What a wish weighs in a file: its price as a share of the dearest of its kind.
pub(super) fn weight(kind: Kind, hard: bool, penalty: u16) -> u32 {
    if hard {
        return MUST;
    }
    let dearest = u32::from(kind.cost(Weight::Very).penalty.max(1));
    (u32::from(penalty) * MUST / dearest).min(HEAVIEST)
}

/// What of it is asked in the file's words.
pub(super) struct Asked {
    pub limits: Vec<DraftLimit>,
    pub times: Vec<DraftTimes>,
    /// Every hour of the board.
    pub whole: TimeSet,
}

impl Asked {
    fn limit(&mut self, what: Limited, of: LimitedOf, kind: Kind, limit: Option<Limit>) {
        let Some(limit) = limit else { return };
        self.limits.push(DraftLimit {
            what,
            of,
            value: limit.value.into(),
            weight: weight(kind, limit.hard, limit.penalty),
            kind: String::new(),
            line: 0,
        });
    }

    pub fn teacher(&mut self, at: TeacherIx, spec: &timetable::TeacherSpec, fortnight: bool) {
        let of = || LimitedOf::Teachers(vec![at]);
        let must = |limit: Option<Limit>| limit.filter(|l| l.hard);
        self.limit(Limited::HoursADay, of(), Kind::TeacherLessons, spec.per_day);
        self.limit(Limited::HoursInARow, of(), Kind::TeacherInRow, spec.in_a_row);
        // FET takes no wish about changes of building
        let moves = must(spec.moves_per_day);
        self.limit(Limited::MovesADay, of(), Kind::TeacherMoves, moves);
        self.limit(
            Limited::GapsADay,
            of(),
            Kind::TeacherWindows,
            must(spec.windows_per_day),
        );
        let least = must(spec.least_per_day);
        self.limit(Limited::LeastHoursADay, of(), Kind::TeacherLeast, least);
        let week = must(spec.windows_per_week).filter(|l| !fortnight || l.value == 0);
        self.limit(Limited::GapsAWeek, of(), Kind::TeacherWindowsWeek, week);
        let days = must(spec.days_per_week).filter(|_| !fortnight);
        self.limit(Limited::DaysAWeek, of(), Kind::TeacherDays, days);
        let least = must(spec.least_days).filter(|_| !fortnight);
        self.limit(Limited::LeastDaysAWeek, of(), Kind::TeacherDaysLeast, least);
        self.unwanted(&TimesOf::Teacher(at), &spec.unwanted, Kind::Hours);
    }

    pub fn class(&mut self, at: ClassIx, spec: &timetable::ClassSpec) {
        let of = || LimitedOf::Classes(vec![at]);
        let limits = &spec.limits;
        let kind = Kind::ClassLessons;
        match (limits.per_day, limits.per_day_with_pe) {
            // the one longer day is no must of FET: what no day may pass is, the rest is a wish
            (Some(usual), Some(long)) if usual.hard => {
                self.limit(Limited::HoursADay, of(), kind, Some(Limit { hard: true, ..long }));
                self.limit(
                    Limited::HoursADay,
                    of(),
                    kind,
                    Some(Limit { hard: false, ..usual }),
                );
            }
            (usual, _) => self.limit(Limited::HoursADay, of(), kind, usual),
        }
        let windows = limits.windows_per_day.filter(|l| l.hard);
        self.limit(Limited::GapsADay, of(), Kind::ClassWindows, windows);
        let least = limits.least_per_day.filter(|l| l.hard);
        let days = limits
            .least_days
            .filter(|l| l.hard && every_day(spec, &self.whole, l.value));
        // FET says it of days with lessons, or of all days of the week
        let what = match days {
            Some(_) => Limited::LeastHoursEveryDay,
            None => Limited::LeastHoursADay,
        };
        self.limit(what, of(), Kind::ClassLeast, least);
        let early = limits.late_start.filter(|l| l.hard);
        let early = early.map(|l| Limit { value: 0, ..l });
        self.limit(Limited::LateStartsAWeek, of(), Kind::LateStart, early);
        let moves = limits.moves_per_day.filter(|l| l.hard);
        self.limit(Limited::MovesADay, of(), Kind::ClassMoves, moves);
        for (limit, outside) in [
            (
                limits.earliest_slot,
                limits.earliest_slot.map(|l| span(0, l.value)),
            ),
            (
                limits.latest_slot,
                limits.latest_slot.map(|l| !span(0, l.value.saturating_add(1))),
            ),
        ] {
            let (Some(limit), Some(word)) = (limit, outside) else {
                continue;
            };
            let mut times = TimeSet::new();
            for (day, slot) in self.whole.iter().filter(|(_, slot)| word & span(*slot, 1) != 0) {
                times.insert(day, slot);
            }
            let weight = weight(Kind::FirstBell, limit.hard, limit.penalty);
            self.keep_out(TimesOf::Class(at), &times, weight);
        }
        self.unwanted(&TimesOf::Class(at), &spec.unwanted, Kind::Hours);
    }

    pub fn unwanted(&mut self, of: &TimesOf, all: &[Unwanted], kind: Kind) {
        for wish in all {
            let weight = weight(kind, false, wish.penalty);
            self.keep_out(of.clone(), &wish.times, weight);
        }
    }

    /// Lessons should lie in all other hours; where there is none, nobody can say so.
    pub fn keep_out(&mut self, of: TimesOf, times: &TimeSet, weight: u32) {
        let good = without(&self.whole, times);
        if weight > 0 && !good.is_empty() && good != self.whole {
            self.times.push(DraftTimes {
                of,
                good,
                starts: false,
                weight,
                kind: String::new(),
                line: 0,
            });
        }
    }
}

/// What is asked of the rooms that lessons take together; `places`: the numbers that the file gives the cards.
pub(super) fn roomings(all: &[RoomingSpec], places: &BTreeMap<CardIx, CardIx>) -> Vec<DraftRooming> {
    let rooming = |of: &RoomingSpec| {
        let mut cards: Vec<CardIx> = of.cards.iter().filter_map(|c| places.get(c).copied()).collect();
        cards.sort_unstable();
        let kind = match of.what {
            Rooming::AtMost(_) => Kind::RoomsAtMost,
            Rooming::InARow => Kind::SameRoom,
        };
        DraftRooming {
            cards,
            what: of.what,
            weight: weight(kind, of.hard, of.penalty),
            kind: String::new(),
            line: 0,
        }
    };
    all.iter().map(rooming).collect()
}

/// Whether so many days of a week are all that there are.
pub(super) fn every_day(spec: &timetable::ClassSpec, whole: &TimeSet, least: u16) -> bool {
    let days: std::collections::BTreeSet<u16> = whole.iter().map(|(day, _)| day).collect();
    let open = |day: &u16| spec.bells.day(*day) & !spec.away.day(*day) != 0;
    usize::from(least) >= days.len() && days.iter().all(open)
}

/// The times of a set that are not in another one.
pub(super) fn without(all: &TimeSet, others: &TimeSet) -> TimeSet {
    let mut rest = TimeSet::new();
    for (day, slot) in all.iter().filter(|(day, slot)| !others.contains(*day, *slot)) {
        rest.insert(day, slot);
    }
    rest
}
