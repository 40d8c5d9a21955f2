//! Rules about single lessons that a file has brought: «урок 17 не раньше третьего часа», «эти три урока в один день». A school asks of loads,
//! subjects and teachers; what a file names by lessons and no such row says is kept here, must by must.

use serde::{Deserialize, Serialize};
use timetable::{CardIx, CardSpec, Tie, TieSpec, TimeSet};

use super::board::BoardData;

/// Lessons that lie to one another in a certain way: each of the first list to each of the second.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lying<T> {
    /// How.
    pub tie: Tie,
    /// The ones; of lessons that end the day nobody: all others of their pupils are meant.
    pub first: Vec<T>,
    /// The others.
    pub second: Vec<T>,
}

/// Lessons that keep out of hours of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours<T> {
    /// Which.
    pub lessons: Vec<T>,
    /// They may not lie then.
    pub away: TimeSet,
    /// They may not begin then.
    pub no_start: TimeSet,
}

/// The rules of a version. In the database a lesson is the number of its activity in the file, which its card carries; on the board its
/// position.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Single<T> {
    /// How lessons lie to one another.
    pub ties: Vec<Lying<T>>,
    /// Their hours.
    pub hours: Vec<Hours<T>>,
}

impl<T> Default for Single<T> {
    fn default() -> Self {
        let (ties, hours) = (vec![], vec![]);
        Self { ties, hours }
    }
}

impl<T> Single<T> {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ties.is_empty() && self.hours.is_empty()
    }

    /// The same of other numbers: a lesson that has none is no longer there, and nothing is asked of it.
    #[must_use]
    pub fn turned<U>(&self, number: impl Fn(&T) -> Option<U>) -> Single<U> {
        let list = |all: &Vec<T>| all.iter().filter_map(&number).collect::<Vec<U>>();
        let tie = |of: &Lying<T>| {
            let (mut first, mut second) = (list(&of.first), list(&of.second));
            // these compare all with the first, and still agree with one another where that one is gone
            if first.is_empty() && matches!(of.tie, Tie::SameHour | Tie::WithinDays(0)) && second.len() > 1 {
                first.push(second.remove(0));
            }
            Lying {
                tie: of.tie,
                first,
                second,
            }
        };
        let whole = |of: &Lying<U>| !of.second.is_empty() && (of.tie == Tie::EndsDay || !of.first.is_empty());
        let hours = |of: &Hours<T>| Hours {
            lessons: list(&of.lessons),
            away: of.away.clone(),
            no_start: of.no_start.clone(),
        };
        Single {
            ties: self.ties.iter().map(tie).filter(whole).collect(),
            hours: self.hours.iter().map(hours).collect(),
        }
    }
}

impl Single<CardIx> {
    /// As the judge takes them.
    pub fn ties(&self) -> impl Iterator<Item = TieSpec> + '_ {
        self.ties.iter().map(|of| TieSpec {
            first: of.first.clone(),
            second: of.second.clone(),
            tie: of.tie,
            penalty: 0,
            hard: true,
        })
    }

    /// Closes hours of cards.
    pub fn close(&self, cards: &mut [CardSpec]) {
        for of in &self.hours {
            for lesson in &of.lessons {
                if let Some(card) = cards.get_mut(lesson.ix()) {
                    card.away.union(&of.away);
                    card.no_start.union(&of.no_start);
                }
            }
        }
    }
}

impl BoardData {
    /// The same without what a file requires of single lessons.
    #[must_use]
    pub fn without_single(&self) -> Self {
        Self {
            single: Single::default(),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_lesson_that_is_gone_nothing_is_asked() {
        let rules = Single {
            ties: vec![
                Lying {
                    tie: Tie::SameHour,
                    first: vec![1],
                    second: vec![2, 3],
                },
                Lying {
                    tie: Tie::WithinDays(0),
                    first: vec![3],
                    second: vec![1],
                },
                Lying {
                    tie: Tie::EndsDay,
                    first: vec![],
                    second: vec![2],
                },
                Lying {
                    tie: Tie::SameHour,
                    first: vec![3],
                    second: vec![4, 1, 5],
                },
                Lying {
                    tie: Tie::BeforeOnDay,
                    first: vec![3],
                    second: vec![4, 1],
                },
            ],
            hours: vec![],
        };
        let left = rules.turned(|n: &u32| (*n != 3).then(|| CardIx(n + 10)));
        let said: Vec<_> = left.ties().map(|t| (t.tie, t.first, t.second)).collect();
        assert_eq!(
            said,
            [
                (Tie::SameHour, vec![CardIx(11)], vec![CardIx(12)]),
                (Tie::EndsDay, vec![], vec![CardIx(12)]),
                (Tie::SameHour, vec![CardIx(14)], vec![CardIx(11), CardIx(15)]),
            ]
        );
    }
}
