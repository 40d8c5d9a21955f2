//! What a file requires of single lessons and no row of a school says: pairs, last lessons of the day and hours, lesson by lesson; and most
//! hours and days of lessons and persons.
//!
//! Musts only. A wish of a file about one lesson is told as lost; so is everything where a file has more of it than is held.

use std::collections::{BTreeMap, BTreeSet};

use timetable::draft::{Ignored, TimesOf};
use timetable::ids::span;
use timetable::{CardIx, SchoolDraft, Tie, TimeSet};

use super::last::last;
use super::pairs::pairs;
use super::times::times;
use crate::timetable::single::{Hours, Lying, Single, Whose};

/// Most lessons that the rules of a file name together.
const MOST: usize = 100_000;

/// The rules of a draft, by numbers of activities, and the constraints that they are: each is taken whole.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// The rules.
    pub rules: Single<u32>,
    /// By their name in the file, each once.
    pub heeded: Vec<Ignored>,
}

/// Finds them.
#[must_use]
pub fn single(draft: &SchoolDraft) -> Found {
    let numbers: Vec<u32> = draft.card_list().map(|(_, _, card)| card.source_id).collect();
    let number = |card: &CardIx| numbers.get(card.ix()).copied();
    let mut lines: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    let mut rules: Single<CardIx> = Single::default();
    let pairs = pairs(draft).single;
    for pair in &pairs {
        lines.entry(&pair.kind).or_default().insert(pair.line);
        // of partners one list more is one choice more: who is named belongs to who is named
        let joins =
            |of: &&mut Lying<CardIx>| pair.tie.is_of_all() && of.tie == pair.tie && of.first == [pair.first];
        match rules.ties.last_mut().filter(joins) {
            Some(of) => of.second.push(pair.second),
            None => rules.ties.push(Lying {
                tie: pair.tie,
                first: vec![pair.first],
                second: vec![pair.second],
            }),
        }
    }
    let last = last(draft).single;
    for row in &last {
        lines.entry(&row.kind).or_default().insert(row.line);
        // other lessons of its load, too, lie before it
        rules.ties.extend(row.cards.iter().map(|card| Lying {
            tie: Tie::EndsDay,
            first: vec![],
            second: vec![*card],
        }));
    }
    for row in times(draft).single {
        let Some(asked) = draft.times.get(row) else {
            continue;
        };
        let TimesOf::Cards(cards) = &asked.of else {
            continue;
        };
        lines.entry(&asked.kind).or_default().insert(asked.line);
        let closed = closed(draft, &asked.good);
        // a lesson of one hour begins where it lies
        let (away, no_start) = if asked.starts {
            (TimeSet::new(), closed)
        } else {
            (closed, TimeSet::new())
        };
        rules.hours.push(Hours {
            lessons: cards.clone(),
            away,
            no_start,
        });
    }
    let bounds = super::bounds::bounds(draft);
    for (kind, line) in &bounds.said {
        lines.entry(kind).or_default().insert(*line);
    }
    rules.bounds = bounds.rules;
    let ties = rules.ties.iter().map(|of| of.first.len() + of.second.len());
    let hours = rules.hours.iter().map(|of| of.lessons.len());
    let bounds = rules.bounds.iter().map(|of| match &of.of {
        Whose::Lessons(lessons) => 1 + lessons.len(),
        Whose::All(_) => 1,
    });
    if ties.chain(hours).chain(bounds).sum::<usize>() > MOST {
        return Found::default();
    }
    let heeded = lines.into_iter().map(|(kind, lines)| Ignored::at(kind, lines));
    Found {
        rules: rules.turned(number, Some),
        heeded: heeded.collect(),
    }
}

/// The hours of the file's week that are not among the good ones.
fn closed(draft: &SchoolDraft, good: &TimeSet) -> TimeSet {
    let short = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    let mut closed = TimeSet::new();
    for day in 0..short(draft.days.len()) {
        closed.add(day, span(0, short(draft.slots.len())) & !good.day(day));
    }
    closed
}

/// What is told as lost without what is taken into account.
#[must_use]
pub fn without(lost: &[Ignored], heeded: &[Ignored]) -> Vec<Ignored> {
    let less = |told: &Ignored| {
        let taken = heeded.iter().filter(|h| h.kind == told.kind);
        let taken: BTreeSet<u32> = taken.flat_map(|h| h.lines.iter().copied()).collect();
        let mut left = Ignored::of(&told.kind, u32::MAX);
        let lines = told.lines.iter().filter(|line| !taken.contains(line));
        lines.for_each(|line| left.add(*line));
        (left.count > 0).then_some(left)
    };
    lost.iter().filter_map(less).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use timetable::SubjectIx;
    use timetable::draft::{DraftCard, DraftLast, DraftLoad, DraftTie, DraftTimes};

    /// Two loads of two lessons each, 11 and 12, 13 and 14; the last of two hours. Two days of four hours.
    fn school() -> SchoolDraft {
        let card = |n: u32| DraftCard {
            source_id: 11 + n,
            duration: if n == 3 { 2 } else { 1 },
            weeks: timetable::Weeks::Every,
            off: false,
            rooms: vec![],
            rooms_must: false,
            rooms_weight: None,
            placement: None,
            locked: false,
        };
        let load = |first: u32| DraftLoad {
            subject: SubjectIx(0),
            teachers: vec![],
            audience: vec![],
            cards: vec![card(first), card(first + 1)],
        };
        SchoolDraft {
            days: vec![String::new(); 2],
            slots: vec![String::new(); 4],
            loads: vec![load(0), load(2)],
            ..SchoolDraft::default()
        }
    }

    fn tie(tie: Tie, first: u32, second: u32, weight: u32, line: u32) -> DraftTie {
        DraftTie {
            first: CardIx(first),
            second: CardIx(second),
            tie,
            weight,
            kind: "Tied".into(),
            line,
        }
    }

    #[test]
    fn musts_about_lessons_are_taken_by_the_numbers_of_their_activities() {
        let mut draft = school();
        draft.ties = vec![
            tie(Tie::SameHour, 0, 1, 100_000, 5),
            tie(Tie::SameHour, 0, 2, 100_000, 5),
            // a wish, and a pair of one of two lessons
            tie(Tie::WithinDays(1), 0, 3, 95_000, 6),
            tie(Tie::Together, 1, 3, 100_000, 7),
        ];
        draft.last = vec![DraftLast {
            cards: vec![CardIx(2)],
            weight: 100_000,
            kind: "Last".into(),
            line: 8,
        }];
        let mut good = TimeSet::new();
        good.insert(0, 1);
        good.insert(1, 2);
        draft.times = vec![DraftTimes {
            of: TimesOf::Cards(vec![CardIx(3)]),
            good,
            starts: true,
            weight: 100_000,
            kind: "Times".into(),
            line: 9,
        }];
        let found = single(&draft);
        let ties: Vec<_> = found
            .rules
            .ties
            .iter()
            .map(|t| (t.tie, t.first.as_slice(), t.second.as_slice()))
            .collect();
        assert_eq!(
            ties,
            [
                (Tie::SameHour, &[11][..], &[12, 13][..]),
                (Tie::Together, &[12], &[14]),
                (Tie::EndsDay, &[], &[13]),
            ]
        );
        let [hours] = found.rules.hours.as_slice() else {
            panic!("{:?}", found.rules.hours);
        };
        assert_eq!(
            (hours.lessons.as_slice(), hours.away.is_empty()),
            (&[14][..], true)
        );
        let closed: Vec<_> = hours.no_start.iter().collect();
        assert_eq!(closed, [(0, 0), (0, 2), (0, 3), (1, 0), (1, 1), (1, 3)]);
        let heeded: Vec<_> = found
            .heeded
            .iter()
            .map(|i| (i.kind.as_str(), i.lines.as_slice()))
            .collect();
        assert_eq!(heeded, [("Last", &[8][..]), ("Tied", &[5, 7]), ("Times", &[9])]);
        let told = without(&super::super::pairs::pairs(&draft).lost, &found.heeded);
        assert_eq!(
            told.iter().map(|t| (t.count, t.line)).collect::<Vec<_>>(),
            [(1, 6)]
        );
    }
}
