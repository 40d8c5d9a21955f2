//! Hours that a file's lessons keep to, as painted hours of the school: of teachers, classes, subjects and loads.
//!
//! A file names good hours, a school paints the others: with «обязательно» what is a hundred percent, else with the word whose price is nearest. A file may ask of
//! single lessons; a school asks of loads, whose lessons are alike. Where all lessons of a load are asked for the same, the load has it; where they differ, the load keeps out
//! of what is good for none of them, and what is said of single ones beyond that is told as lost. What all loads of a subject are asked for is asked of the subject.

use std::collections::{BTreeMap, BTreeSet};

use timetable::draft::{DraftTimes, Ignored, TimesOf};
use timetable::ids::span;
use timetable::{SchoolDraft, TimeSet};

use super::limits::{MUST, weight};
use crate::requirement::{Hours, Kind, Term, Weight};

/// Whose hours, by position in the draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// A teacher's.
    Teacher(usize),
    /// A class's.
    Class(usize),
    /// A subgroup's.
    Group(usize),
    /// A room's.
    Room(usize),
    /// A subject's.
    Subject(usize),
    /// A load's.
    Load(usize),
}

/// What the hours of a draft come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// As painted hours.
    pub painted: BTreeMap<Whose, Hours>,
    /// Those that no painted hours say, or not wholly.
    pub lost: Vec<Ignored>,
    /// Of these, what must be, of lessons that are named: positions in [`SchoolDraft::times`].
    pub single: Vec<usize>,
}

/// The words of a wish and of a must, the heaviest first.
const WORDS: [Weight; 4] = [Weight::Must, Weight::Very, Weight::Rather, Weight::Maybe];

/// Closed hours of a card, with the number of the row that closes them and its word.
type Closed = (TimeSet, usize, Weight);

/// The painted hours of a draft.
#[must_use]
pub fn times(draft: &SchoolDraft) -> Times {
    let grid = Grid::of(draft);
    let mut out = Times::default();
    let mut of_card: BTreeMap<usize, Vec<Closed>> = BTreeMap::new();
    let mut lost: BTreeSet<usize> = BTreeSet::new();
    let durations: Vec<u16> = draft.card_list().map(|(_, _, card)| card.duration).collect();
    for (row, asked) in draft
        .times
        .iter()
        .enumerate()
        .filter(|(_, asked)| asked.weight > 0)
    {
        let word = weight(Kind::Hours, asked.weight);
        let whose = match &asked.of {
            TimesOf::Teacher(teacher) => Whose::Teacher(teacher.ix()),
            TimesOf::Class(class) => Whose::Class(class.ix()),
            TimesOf::Subject(subject) => Whose::Subject(subject.ix()),
            TimesOf::Cards(cards) => {
                for card in cards {
                    let Some(duration) = durations.get(card.ix()) else {
                        continue;
                    };
                    let (closed, exact) = grid.closed(asked, *duration);
                    if !exact {
                        lost.insert(row);
                    }
                    of_card.entry(card.ix()).or_default().push((closed, row, word));
                }
                continue;
            }
        };
        let (closed, _) = grid.closed(asked, 1);
        paint(out.painted.entry(whose).or_default(), &closed, word);
    }
    let mut of_load: BTreeMap<usize, Hours> = BTreeMap::new();
    let mut first = 0;
    for (n, load) in draft.loads.iter().enumerate() {
        let cards = first..first + load.cards.len();
        first = cards.end;
        let cards: Vec<&[Closed]> = cards
            .map(|card| of_card.get(&card).map_or(&[][..], Vec::as_slice))
            .collect();
        let shared = WORDS.map(|word| grid.shared(&cards, word));
        for (closed, row, word) in cards.iter().copied().flatten() {
            let mut said = WORDS
                .iter()
                .zip(&shared)
                .filter(|(w, _)| *w == word)
                .map(|(_, times)| times);
            if !said.any(|said| closed.iter().all(|(day, slot)| said.contains(day, slot))) {
                lost.insert(*row);
            }
        }
        let mut hours = Hours::default();
        // the lightest first: what is asked for more firmly is painted over it
        for (word, closed) in WORDS.iter().zip(&shared).rev() {
            paint(&mut hours, closed, *word);
        }
        if !hours.is_empty() {
            of_load.insert(n, hours);
        }
    }
    lift(draft, of_load, &mut out.painted);
    out.painted.retain(|_, hours| !hours.is_empty());
    let must = |row: &&usize| draft.times.get(**row).is_some_and(|asked| asked.weight >= MUST);
    out.single = lost.iter().filter(must).copied().collect();
    out.lost = told(draft, &lost);
    out
}

/// What all loads of a subject are asked for is asked of the subject, where there are several.
fn lift(draft: &SchoolDraft, of_load: BTreeMap<usize, Hours>, painted: &mut BTreeMap<Whose, Hours>) {
    let mut of_subject: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (n, load) in draft.loads.iter().enumerate() {
        of_subject.entry(load.subject.ix()).or_default().push(n);
    }
    for (subject, loads) in of_subject {
        let mut all = loads.iter().map(|n| of_load.get(n));
        let first = all.next().flatten();
        let alike = loads.len() > 1 && all.all(|hours| hours == first);
        match first.filter(|_| alike) {
            Some(hours) => {
                let mine = painted.entry(Whose::Subject(subject)).or_default();
                for word in WORDS.into_iter().rev() {
                    for cell in hours.cells().filter(|cell| cell.weight == word) {
                        darken(mine, cell.day, cell.slot, word);
                    }
                }
            }
            None => {
                for n in loads {
                    if let Some(hours) = of_load.get(&n) {
                        painted.insert(Whose::Load(n), hours.clone());
                    }
                }
            }
        }
    }
}

/// Paints an hour, unless it is painted more firmly already.
pub fn darken(hours: &mut Hours, day: i16, slot: i16, weight: Weight) {
    if hours.at(Term::ALWAYS, day, slot).is_none_or(|now| now < weight) {
        hours.set(Term::ALWAYS, day, slot, Some(weight));
    }
}

fn paint(hours: &mut Hours, times: &TimeSet, weight: Weight) {
    for (day, slot) in times.iter() {
        if let (Ok(day), Ok(slot)) = (i16::try_from(day), i16::try_from(slot)) {
            darken(hours, day, slot, weight);
        }
    }
}

/// The hours of the file's week.
struct Grid {
    days: u16,
    slots: u16,
}

impl Grid {
    fn of(draft: &SchoolDraft) -> Self {
        let short = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        Self {
            days: short(draft.days.len()),
            slots: short(draft.slots.len()),
        }
    }

    /// The hours that a lesson of so many slots keeps out of, and whether that says all: what may only begin at certain hours may lie in all that it then covers,
    /// and sometimes these cover another beginning.
    fn closed(&self, asked: &DraftTimes, duration: u16) -> (TimeSet, bool) {
        let mut open = TimeSet::new();
        let mut exact = true;
        let begins = self.slots.saturating_sub(duration.saturating_sub(1));
        for day in 0..self.days {
            let good = asked.good.day(day) & span(0, self.slots);
            if !asked.starts || duration <= 1 {
                open.add(day, good);
                continue;
            }
            let may = |slot: &u16| good & span(*slot, 1) != 0;
            let covered = (0..begins)
                .filter(may)
                .fold(0, |word, slot| word | span(slot, duration));
            let would = |slot: &u16| span(*slot, duration) & !covered == 0;
            exact &= (0..begins).filter(would).all(|slot| may(&slot));
            open.add(day, covered);
        }
        let whole = TimeSet::daily(self.days, 0, self.slots);
        let mut closed = TimeSet::new();
        for (day, slot) in whole.iter().filter(|(day, slot)| !open.contains(*day, *slot)) {
            closed.insert(day, slot);
        }
        (closed, exact)
    }

    /// The hours that every card of a load keeps out of, at least as firmly as a word says.
    fn shared(&self, cards: &[&[Closed]], least: Weight) -> TimeSet {
        let mut shared = TimeSet::new();
        if cards.is_empty() {
            return shared;
        }
        for day in 0..self.days {
            let of_card = |card: &&[Closed]| {
                let firm = card.iter().filter(|(_, _, word)| *word >= least);
                firm.fold(0, |word, (closed, ..)| word | closed.day(day))
            };
            shared.add(
                day,
                cards.iter().map(of_card).fold(u64::MAX, |all, own| all & own),
            );
        }
        shared
    }
}

/// Constraints of the file by their name, each once.
fn told(draft: &SchoolDraft, rows: &BTreeSet<usize>) -> Vec<Ignored> {
    let mut lines: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    for asked in rows.iter().filter_map(|row| draft.times.get(*row)) {
        lines.entry(&asked.kind).or_default().insert(asked.line);
    }
    let told = lines.into_iter().map(|(kind, lines)| Ignored::at(kind, lines));
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use timetable::draft::{DraftCard, DraftLoad};
    use timetable::{CardIx, SubjectIx, TeacherIx};

    /// Loads of (subject, lengths of their lessons) in a week of two days of four hours.
    fn school(loads: &[(u32, &[u16])], times: Vec<DraftTimes>) -> SchoolDraft {
        let card = |duration: &u16| DraftCard {
            source_id: 1,
            duration: *duration,
            weeks: timetable::Weeks::Every,
            off: false,
            rooms: vec![],
            rooms_must: false,
            rooms_weight: None,
            placement: None,
            locked: false,
        };
        let load = |(subject, cards): &(u32, &[u16])| DraftLoad {
            subject: SubjectIx(*subject),
            teachers: vec![],
            audience: vec![],
            cards: cards.iter().map(card).collect(),
        };
        SchoolDraft {
            days: vec![String::new(); 2],
            slots: vec![String::new(); 4],
            loads: loads.iter().map(load).collect(),
            times,
            ..SchoolDraft::default()
        }
    }

    fn asked(of: TimesOf, good: &[(u16, u16)], starts: bool, weight: u32, line: u32) -> DraftTimes {
        let mut set = TimeSet::new();
        good.iter().for_each(|(day, slot)| set.insert(*day, *slot));
        DraftTimes {
            of,
            good: set,
            starts,
            weight,
            kind: format!("kind {line}"),
            line,
        }
    }

    fn cards(all: &[u32]) -> TimesOf {
        TimesOf::Cards(all.iter().map(|n| CardIx(*n)).collect())
    }

    /// Painted hours as (day, slot, weight).
    fn cells(times: &Times, whose: Whose) -> Vec<(i16, i16, Weight)> {
        let hours = times.painted.get(&whose);
        let cells = hours.into_iter().flat_map(Hours::cells);
        cells.map(|c| (c.day, c.slot, c.weight)).collect()
    }

    #[test]
    fn whole_loads_are_painted_and_a_must_goes_over_a_wish() {
        let morning: Vec<(u16, u16)> = (0..2).flat_map(|d| (0..3).map(move |s| (d, s))).collect();
        let draft = school(
            &[(0, &[1, 1]), (0, &[1])],
            vec![
                asked(cards(&[0, 1]), &morning, false, 100_000, 10),
                asked(
                    cards(&[0, 1]),
                    &[(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)],
                    false,
                    50_000,
                    11,
                ),
            ],
        );
        let found = times(&draft);
        let wish = weight(Kind::Hours, 50_000);
        assert_eq!(
            cells(&found, Whose::Load(0)),
            [(0, 3, Weight::Must), (1, 2, wish), (1, 3, Weight::Must)]
        );
        assert_eq!((found.painted.len(), found.lost), (1, vec![]));
    }

    #[test]
    fn what_all_loads_of_a_subject_share_is_asked_of_the_subject() {
        let first: &[(u16, u16)] = &[(0, 0), (1, 0)];
        let draft = school(
            &[(0, &[1]), (0, &[1, 1]), (1, &[1])],
            vec![asked(cards(&[0, 1, 2]), first, true, 100_000, 10)],
        );
        let found = times(&draft);
        assert_eq!(
            found.painted.keys().copied().collect::<Vec<_>>(),
            [Whose::Subject(0)]
        );
        assert_eq!(cells(&found, Whose::Subject(0)).len(), 6);
        assert_eq!(found.lost, vec![]);
    }

    #[test]
    fn what_is_said_of_single_lessons_is_joined_and_told() {
        // one lesson on the first day, the other in the first hour: the load keeps out of what is good for neither
        let draft = school(
            &[(0, &[1, 1]), (1, &[1, 1])],
            vec![
                asked(cards(&[0]), &[(0, 0), (0, 1), (0, 2), (0, 3)], false, 100_000, 10),
                asked(cards(&[1]), &[(0, 0), (1, 0)], false, 100_000, 11),
                asked(cards(&[2]), &[(0, 0)], false, 100_000, 12),
            ],
        );
        let found = times(&draft);
        let kept_out = [(1, 1), (1, 2), (1, 3)].map(|(d, s)| (d, s, Weight::Must));
        assert_eq!(cells(&found, Whose::Load(0)), kept_out);
        assert_eq!(
            found.painted.len(),
            1,
            "of the other load one lesson asks for nothing"
        );
        let lost: Vec<u32> = found.lost.iter().map(|l| l.line).collect();
        assert_eq!(lost, [10, 11, 12]);
    }

    #[test]
    fn beginnings_of_long_lessons_are_hours_where_these_say_the_same() {
        // a double lesson that begins with the first or the third hour covers the day: its beginning with the second is not closed
        let pairs = [(0, 0), (0, 2), (1, 0), (1, 2)];
        let found = times(&school(
            &[(0, &[2])],
            vec![asked(cards(&[0]), &pairs, true, 100_000, 10)],
        ));
        assert_eq!((found.painted.len(), found.lost.len()), (0, 1));
        let found = times(&school(
            &[(0, &[2])],
            vec![asked(cards(&[0]), &[(0, 0), (1, 2)], true, 100_000, 10)],
        ));
        let closed: Vec<(i16, i16)> = cells(&found, Whose::Load(0)).iter().map(|c| (c.0, c.1)).collect();
        assert_eq!(closed, [(0, 2), (0, 3), (1, 0), (1, 1)]);
        assert_eq!(found.lost, vec![]);
    }

    #[test]
    fn a_teacher_has_hours_of_his_own() {
        let wish = asked(TimesOf::Teacher(TeacherIx(0)), &[(0, 0)], false, 30_000, 10);
        let found = times(&school(&[(0, &[1])], vec![wish]));
        assert_eq!(cells(&found, Whose::Teacher(0)).len(), 7);
    }

    proptest! {
        /// Whatever is asked as a must: where nothing is lost, a lesson may lie exactly where the file lets it; else it may lie at least there.
        #[test]
        fn painted_hours_allow_what_the_file_does(
            length in 1u16..4, starts: bool,
            first in prop::collection::btree_set((0u16..2, 0u16..4), 1..8),
            second in prop::collection::btree_set((0u16..2, 0u16..4), 1..8),
            both: bool,
        ) {
            let list = |set: &BTreeSet<(u16, u16)>| set.iter().copied().collect::<Vec<_>>();
            let rows = vec![
                asked(cards(&[0, 1]), &list(&first), starts, 100_000, 10),
                asked(if both { cards(&[0, 1]) } else { cards(&[1]) }, &list(&second), starts, 100_000, 11),
            ];
            let draft = school(&[(0, &[length, length])], rows.clone());
            let found = times(&draft);
            let closed = cells(&found, Whose::Load(0));
            for (day, slot) in (0u16..2).flat_map(|d| (0..5 - length).map(move |s| (d, s))) {
                let lies = |closed: &(i16, i16, Weight)| {
                    let own = slot..slot + length;
                    closed.0 == i16::try_from(day).unwrap() && own.contains(&u16::try_from(closed.1).unwrap())
                };
                let painted = !closed.iter().any(lies);
                let lets = |row: &DraftTimes| {
                    let mut own = slot..slot + if starts { 1 } else { length };
                    own.all(|s| row.good.contains(day, s))
                };
                let file = lets(&rows[0]) && (!both || lets(&rows[1]));
                prop_assert!(!file || painted, "{day} {slot}");
                if found.lost.is_empty() {
                    prop_assert_eq!(file, painted, "{} {}", day, slot);
                }
            }
        }
    }
}
