//! Which wishes of a draft its own timetable breaks. FET holds a wish of 95 % as firmly as a requirement where all places are
//! given: a file with such a wish in force could never be completed. It is written, but not in force.

use std::collections::{BTreeMap, BTreeSet};

use crate::draft::{
    DraftCard, DraftGap, DraftLimit, DraftLoad, DraftRooming, DraftTie, DraftTimes, Limited, LimitedOf,
    SchoolDraft, TimesOf,
};
use crate::ids::{CardIx, ClassIx, RoomIx, TeacherIx, TimeSet, bits, ones, short, span, wide, windows};
use crate::rooming::Rooming;
use crate::spec::Audience;
use crate::ties::Tie;

/// A weight that means "must", in thousandths of a percent.
pub(super) const MUST: u32 = 100_000;

/// The lessons of a draft as they lie. What is switched off counts as nowhere.
pub(super) struct Lying<'a> {
    draft: &'a SchoolDraft,
    cards: Vec<(&'a DraftLoad, &'a DraftCard)>,
}

impl<'a> Lying<'a> {
    pub fn of(draft: &'a SchoolDraft) -> Self {
        let cards = draft.card_list().map(|(_, load, card)| (load, card)).collect();
        Self { draft, cards }
    }

    fn slots(card: &DraftCard) -> Option<(u16, u64)> {
        let at = card.placement.filter(|_| !card.off)?;
        Some((at.day, span(at.slot, card.duration)))
    }

    /// When the lessons are that somebody takes part in.
    fn busy(&self, takes_part: impl Fn(&DraftLoad) -> bool) -> TimeSet {
        let mut busy = TimeSet::new();
        for (load, card) in &self.cards {
            if let Some((day, word)) = Self::slots(card).filter(|_| takes_part(load)) {
                busy.add(day, word);
            }
        }
        busy
    }

    fn teacher(&self, teacher: TeacherIx) -> Vec<TimeSet> {
        vec![self.busy(|load| load.teachers.contains(&teacher))]
    }

    /// The lessons of each part of a class that no lesson divides.
    fn class(&self, class: ClassIx) -> Vec<TimeSet> {
        let atoms = self
            .draft
            .classes
            .get(class.ix())
            .map_or(&[][..], |c| c.atoms.as_slice());
        let attends = |load: &DraftLoad, atom: u32| {
            load.audience.iter().any(|audience| {
                let own = match audience {
                    Audience::Class(class) => self.draft.classes.get(class.ix()).map(|c| &c.atoms),
                    Audience::Group(group) => self.draft.groups.get(group.ix()).map(|g| &g.atoms),
                };
                own.is_some_and(|own| own.contains(&atom))
            })
        };
        atoms
            .iter()
            .map(|atom| self.busy(|load| attends(load, *atom)))
            .collect()
    }

    /// Whether a limit, as far as it is for one of those it names, is a wish that is broken.
    pub fn breaks_limit(&self, limit: &DraftLimit, nth: usize) -> bool {
        if limit.weight >= MUST {
            return false;
        }
        if limit.what == Limited::MovesADay {
            return self.moves(limit, nth) > limit.value;
        }
        let weeks = match &limit.of {
            LimitedOf::Teachers(all) => all.get(nth).map(|t| self.teacher(*t)),
            LimitedOf::Classes(all) => all.get(nth).map(|c| self.class(*c)),
        };
        let days = crate::ids::short(self.draft.days.len());
        weeks.into_iter().flatten().any(|busy| {
            let words = || (0..days).map(|day| busy.day(day));
            let most = |figure: fn(u64) -> u16| words().map(figure).max().unwrap_or(0);
            let sum = |figure: fn(u64) -> u16| words().map(|w| u32::from(figure(w))).sum::<u32>();
            match limit.what {
                Limited::DaysAWeek => sum(|w| u16::from(w != 0)) > limit.value,
                Limited::GapsAWeek => sum(windows) > limit.value,
                Limited::GapsADay => u32::from(most(windows)) > limit.value,
                Limited::HoursADay => u32::from(most(ones)) > limit.value,
                Limited::HoursInARow => u32::from(most(longest_run)) > limit.value,
                Limited::LeastHoursADay => words().any(|w| w != 0 && u32::from(ones(w)) < limit.value),
                Limited::LeastHoursEveryDay => words().any(|w| u32::from(ones(w)) < limit.value),
                Limited::LeastDaysAWeek => sum(|w| u16::from(w != 0)) < limit.value,
                Limited::LateStartsAWeek => sum(|w| u16::from(w != 0 && w & 1 == 0)) > limit.value,
                Limited::MovesADay => false,
            }
        })
    }

    /// Changes of building on the day that has most of them, by the lessons in order; halves of a class are not told apart.
    fn moves(&self, limit: &DraftLimit, nth: usize) -> u32 {
        let class_of = |audience: &Audience| match audience {
            Audience::Class(class) => Some(*class),
            Audience::Group(group) => self.draft.groups.get(group.ix()).map(|g| g.class),
        };
        let takes_part = |load: &DraftLoad| match &limit.of {
            LimitedOf::Teachers(all) => all.get(nth).is_some_and(|t| load.teachers.contains(t)),
            LimitedOf::Classes(all) => {
                let whose = all.get(nth).copied();
                whose.is_some() && load.audience.iter().any(|a| class_of(a) == whose)
            }
        };
        let mut places: BTreeMap<(u16, u64), u32> = BTreeMap::new();
        for (_, card) in self.cards.iter().filter(|(load, _)| takes_part(load)) {
            let room = card.placement.and_then(|at| self.draft.rooms.get(at.room?.ix()));
            if let (Some(at), Some(building)) = (Self::slots(card), room.and_then(|r| r.building)) {
                places.insert(at, building);
            }
        }
        let order: Vec<((u16, u64), u32)> = places.into_iter().collect();
        let mut moves: BTreeMap<u16, u32> = BTreeMap::new();
        for pair in order.windows(2) {
            if let [((day, _), from), ((next, _), to)] = pair
                && day == next
                && from != to
            {
                *moves.entry(*day).or_default() += 1;
            }
        }
        moves.into_values().max().unwrap_or(0)
    }

    /// Whether lessons of a series lie too close. Also where they must not: lessons of odd and of even weeks do not meet here, and FET
    /// knows of no weeks.
    pub fn breaks_gap(&self, gap: &DraftGap) -> bool {
        let day = |card: &CardIx| Some(Self::slots(self.cards.get(card.ix())?.1)?.0);
        let mut days: Vec<u16> = gap.cards.iter().filter_map(day).collect();
        days.sort_unstable();
        days.windows(2).any(|pair| match pair {
            [a, b] => b - a < gap.days,
            _ => false,
        })
    }

    /// Whether two lessons that should belong together in time lie otherwise.
    pub fn breaks_tie(&self, tie: &DraftTie) -> bool {
        let slots = |card: CardIx| Self::slots(self.cards.get(card.ix())?.1);
        if tie.weight >= MUST {
            return false;
        }
        let (Some((day, word)), Some((next, other))) = (slots(tie.first), slots(tie.second)) else {
            return false;
        };
        let begins = |word: u64| word & word.wrapping_neg();
        let between = |word: u64, other: u64| {
            let (one, other) = if word < other {
                (word, other)
            } else {
                (other, word)
            };
            let free = other.trailing_zeros() + one.leading_zeros();
            free.saturating_sub(u64::BITS)
        };
        // what follows the last lesson's bit is the next lesson's first
        let follows = |word: u64, other: u64| word.checked_add(begins(word)) == Some(begins(other));
        let fits = match tie.tie {
            Tie::Together => day == next && begins(word) == begins(other),
            Tie::InOrder => day < next || day == next && word < begins(other),
            Tie::RightAfter => day == next && follows(word, other),
            Tie::NextTo => day == next && (follows(word, other) || follows(other, word)),
            Tie::Apart => day != next || word & other == 0,
            Tie::EndsDay | Tie::BeforeOnDay => day != next || word < begins(other),
            Tie::SameHour => begins(word) == begins(other),
            Tie::WithinDays(most) => day.abs_diff(next) <= most,
            Tie::Spaced(least) => day != next || between(word, other) >= u32::from(least),
        };
        !fits
    }

    /// Whether lessons that take rooms together take other ones than they should. As FET counts it, without weeks: also where they must not.
    pub fn breaks_rooming(&self, of: &DraftRooming) -> bool {
        let lies = |card: &CardIx| {
            let card = self.cards.get(card.ix())?.1;
            let (day, word) = Self::slots(card)?;
            Some((day, word, card.placement?.room?))
        };
        let all: Vec<(u16, u64, RoomIx)> = of.cards.iter().filter_map(lies).collect();
        match of.what {
            Rooming::AtMost(most) => {
                let rooms: BTreeSet<RoomIx> = all.iter().map(|(.., room)| *room).collect();
                rooms.len() > usize::from(most)
            }
            Rooming::InARow => {
                let follows = |day: u16, word: u64, other: u64| {
                    let ends = short(wide(u64::BITS - word.leading_zeros()));
                    let between = short(wide(other.trailing_zeros())).checked_sub(ends);
                    between.is_some_and(|length| span(ends, length) & !self.draft.breaks.day(day) == 0)
                };
                all.iter().any(|(day, word, room)| {
                    let mut others = all.iter().filter(|(on, _, there)| on == day && there != room);
                    others.any(|(_, other, _)| follows(*day, *word, *other))
                })
            }
        }
    }

    /// Whether one of the lessons lies outside the hours that it should keep to.
    pub fn breaks_times(&self, hours: &DraftTimes, card: Option<CardIx>) -> bool {
        if hours.weight >= MUST {
            return false;
        }
        let outside = |(_, row): &(&DraftLoad, &DraftCard)| {
            Self::slots(row).is_some_and(|(day, word)| {
                let first = word & word.wrapping_neg();
                let asked = if hours.starts { first } else { word };
                asked & !hours.good.day(day) != 0
            })
        };
        let class_of = |audience: &Audience| match audience {
            Audience::Class(class) => Some(*class),
            Audience::Group(group) => self.draft.groups.get(group.ix()).map(|g| g.class),
        };
        match (&hours.of, card) {
            (TimesOf::Cards(_), Some(card)) => self.cards.get(card.ix()).is_some_and(outside),
            (TimesOf::Cards(cards), None) => {
                cards.iter().any(|c| self.cards.get(c.ix()).is_some_and(outside))
            }
            (TimesOf::Teacher(t), _) => {
                let mut own = self.cards.iter().filter(|(load, _)| load.teachers.contains(t));
                own.any(outside)
            }
            (TimesOf::Subject(subject), _) => {
                let mut own = self.cards.iter().filter(|(load, _)| load.subject == *subject);
                own.any(outside)
            }
            (TimesOf::Class(class), _) => {
                let attends = |load: &DraftLoad| load.audience.iter().any(|a| class_of(a) == Some(*class));
                let mut own = self.cards.iter().filter(|(load, _)| attends(load));
                own.any(outside)
            }
        }
    }

    /// Whether a lesson lies in another room than it would like, or in none.
    pub fn breaks_rooms(card: &DraftCard) -> bool {
        let placed = card.placement.filter(|_| !card.off);
        !card.rooms_must && placed.is_some_and(|at| at.room.is_none_or(|room| !card.rooms.contains(&room)))
    }

    /// Whether a lesson of a class lies somewhere without a room: FET would look for its home room to be free.
    pub fn breaks_home(&self, class: ClassIx) -> bool {
        self.cards.iter().any(|(load, card)| {
            let own = load.audience.iter().any(|audience| match audience {
                Audience::Class(c) => *c == class,
                Audience::Group(g) => self.draft.groups.get(g.ix()).is_some_and(|g| g.class == class),
            });
            own && card.placement.is_some_and(|at| at.room.is_none())
        })
    }
}

fn longest_run(word: u64) -> u16 {
    let mut longest = 0;
    let mut run = 0;
    let mut last = None;
    for slot in bits(word) {
        run = if last.is_some_and(|l: u16| l + 1 == slot) {
            run + 1
        } else {
            1
        };
        longest = longest.max(run);
        last = Some(slot);
    }
    longest
}

/// How many wishes of a draft are written, but not in force, because its timetable breaks them.
#[must_use]
pub fn broken(draft: &SchoolDraft) -> u32 {
    let lying = Lying::of(draft);
    let mut count = 0usize;
    for limit in &draft.limits {
        let whom = match &limit.of {
            LimitedOf::Teachers(all) => all.len(),
            LimitedOf::Classes(all) => all.len(),
        };
        count += (0..whom).filter(|nth| lying.breaks_limit(limit, *nth)).count();
    }
    count += draft.gaps.iter().filter(|gap| lying.breaks_gap(gap)).count();
    count += draft.ties.iter().filter(|tie| lying.breaks_tie(tie)).count();
    let roomings = draft.roomings.iter();
    count += roomings.filter(|of| lying.breaks_rooming(of)).count();
    count += draft
        .times
        .iter()
        .filter(|hours| lying.breaks_times(hours, None))
        .count();
    let rooms =
        |(_, _, card): &(CardIx, &DraftLoad, &DraftCard)| !card.rooms.is_empty() && Lying::breaks_rooms(card);
    count += draft.card_list().filter(rooms).count();
    crate::ids::narrow(count)
}

#[cfg(test)]
mod tests {
    use super::longest_run;

    #[test]
    fn the_longest_run_is_counted() {
        assert_eq!(
            [0, 0b1, 0b1101, 0b0111_0110, u64::MAX].map(longest_run),
            [0, 1, 2, 3, 64]
        );
    }
}
