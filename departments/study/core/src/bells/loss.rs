//! Placed lessons that a change of bells leaves without one.
//!
//! A card stays where it is, but no lesson is laid out on dates where no bell rings (`timetable::sql::lessons`): so whoever takes a bell
//! away is told which lessons lie there.

use std::collections::{BTreeMap, BTreeSet};

use base::{CardId, VersionId};
use serde::{Deserialize, Serialize};

/// Of each grade that has bells at all: weekday and number of the lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rung(pub BTreeMap<i16, BTreeSet<(i16, i16)>>);

impl Rung {
    /// A grade whose bells nobody has entered may learn at any time.
    fn rings(&self, grade: i16, weekday: i16, number: i16) -> bool {
        self.0
            .get(&grade)
            .is_none_or(|bells| bells.contains(&(weekday, number)))
    }

    /// A schedule with these lessons rings for a grade on a weekday.
    pub fn add(&mut self, (grade, weekday): (i16, i16), numbers: impl IntoIterator<Item = i16>) {
        let bells = self.0.entry(grade).or_default();
        bells.extend(numbers.into_iter().map(|number| (weekday, number)));
    }
}

/// A lesson of a card that lies in a published version, for one grade of those who have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// In which version.
    pub version: VersionId,
    /// Whose.
    pub card: CardId,
    /// Of which grade.
    pub grade: i16,
    /// 1 = Monday.
    pub weekday: i16,
    /// Its number.
    pub number: i16,
}

/// Lessons of one hour that would have no bell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    /// In which version.
    pub version: VersionId,
    /// 1 = Monday.
    pub weekday: i16,
    /// The number of the lesson.
    pub number: i16,
    /// How many cards lie there.
    pub lessons: u32,
}

/// What loses its bell, by version, weekday and number. A card of two grades counts once.
#[must_use]
pub fn lost(before: &Rung, after: &Rung, placed: &[Placed]) -> Vec<Lost> {
    let mut found: BTreeMap<(VersionId, i16, i16), BTreeSet<CardId>> = BTreeMap::new();
    for p in placed {
        let rings = |rung: &Rung| rung.rings(p.grade, p.weekday, p.number);
        if rings(before) && !rings(after) {
            let cards = found.entry((p.version, p.weekday, p.number)).or_default();
            cards.insert(p.card);
        }
    }
    let count = |cards: &BTreeSet<CardId>| u32::try_from(cards.len()).unwrap_or(u32::MAX);
    let line = |((version, weekday, number), cards): (&(VersionId, i16, i16), &BTreeSet<CardId>)| Lost {
        version: *version,
        weekday: *weekday,
        number: *number,
        lessons: count(cards),
    };
    found.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn placed(card: i64, grade: i16, weekday: i16, number: i16) -> Placed {
        Placed {
            version: VersionId(1),
            card: CardId(card),
            grade,
            weekday,
            number,
        }
    }

    fn rung(list: &[(i16, i16, i16)]) -> Rung {
        let mut rung = Rung::default();
        for (grade, weekday, last) in list {
            rung.add((*grade, *weekday), 1..=*last);
        }
        rung
    }

    #[test]
    fn a_shorter_day_leaves_its_last_lessons_without_a_bell() {
        let before = rung(&[(5, 1, 8), (6, 1, 8), (5, 2, 8)]);
        let all = [
            placed(1, 5, 1, 8),
            placed(2, 5, 1, 8),
            // of both grades: one card
            placed(2, 6, 1, 8),
            placed(3, 5, 1, 7),
            placed(4, 5, 2, 8),
        ];
        let told = |after: &Rung| {
            let list = lost(&before, after, &all);
            list.iter()
                .map(|l| (l.weekday, l.number, l.lessons))
                .collect::<Vec<_>>()
        };
        assert_eq!(told(&rung(&[(5, 1, 7), (6, 1, 7), (5, 2, 8)])), [(1, 8, 2)]);
        assert_eq!(
            told(&rung(&[(5, 1, 8), (6, 1, 8)])),
            [(2, 8, 1)],
            "a weekday is taken away"
        );
        // the last bells of a grade: now it may learn at any time
        assert_eq!(told(&rung(&[(6, 1, 8)])), []);
        assert_eq!(told(&before), []);
    }

    #[test]
    fn the_first_bells_of_a_grade_bind_it() {
        let all = [placed(1, 5, 1, 3), placed(2, 5, 6, 1)];
        let list = lost(&Rung::default(), &rung(&[(5, 1, 8)]), &all);
        assert_eq!(list.len(), 1);
        assert_eq!((list[0].weekday, list[0].number), (6, 1));
    }

    proptest! {
        /// More bells never take one away; and what was without a bell before is nobody's news.
        #[test]
        fn only_what_is_taken_away_is_lost(
            before in proptest::collection::vec((5i16..7, 1i16..4, 1i16..6), 1..6),
            more in proptest::collection::vec((5i16..7, 1i16..4, 1i16..6), 0..4),
            cards in proptest::collection::vec((5i16..7, 1i16..4, 1i16..7), 0..12),
        ) {
            // both grades have bells of their own
            let mut list = vec![(5, 1, 1), (6, 1, 1)];
            list.extend(before);
            let small = rung(&list);
            list.extend(more);
            let large = rung(&list);
            let all: Vec<Placed> = (1..).zip(cards).map(|(n, (g, d, l))| placed(n, g, d, l)).collect();
            prop_assert_eq!(lost(&small, &large, &all), vec![]);
            let gone: u32 = lost(&large, &small, &all).iter().map(|l| l.lessons).sum();
            let brute = all.iter().filter(|p| {
                let has = |r: &Rung| r.0[&p.grade].contains(&(p.weekday, p.number));
                has(&large) && !has(&small)
            });
            prop_assert_eq!(usize::try_from(gone).unwrap(), brute.count());
        }
    }
}
