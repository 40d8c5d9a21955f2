//! Rules about single lessons that a file has brought: «урок 17 не раньше третьего часа», «эти три урока в один день». A school asks of loads,
//! subjects and teachers; what a file names by lessons and no such row says is kept here, must by must. So are most hours and days of lessons or
//! of persons («у Волковой не больше двух дней с уроками после шестого часа») that a school has no row for.

use serde::{Deserialize, Serialize};
use timetable::{
    Audience, BoundOf, BoundSpec, Bounded, CardIx, CardSpec, ClassIx, GroupIx, TeacherIx, Tie, TieSpec,
    TimeSet,
};

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

/// Somebody: in the database an id, on the board a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Person {
    /// A teacher.
    Teacher(i64),
    /// A class, each pupil of it.
    Class(i64),
    /// A subgroup, each pupil of it.
    Group(i64),
}

/// Whose lessons a bound is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Whose<T> {
    /// These, all together.
    Lessons(Vec<T>),
    /// All of somebody.
    All(Person),
}

/// Most hours or days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound<T> {
    /// Whose.
    pub of: Whose<T>,
    /// What is counted.
    pub what: Bounded,
    /// Of these hours.
    pub times: TimeSet,
    /// The figure.
    pub figure: u16,
}

/// The rules of a version. In the database a lesson is the number of its activity in the file, which its card carries; on the board its
/// position.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Single<T> {
    /// How lessons lie to one another.
    pub ties: Vec<Lying<T>>,
    /// Their hours.
    pub hours: Vec<Hours<T>>,
    /// Most hours and days. None in what was stored before these were known.
    #[serde(default = "Vec::new")]
    pub bounds: Vec<Bound<T>>,
}

impl<T> Default for Single<T> {
    fn default() -> Self {
        let (ties, hours, bounds) = (vec![], vec![], vec![]);
        Self { ties, hours, bounds }
    }
}

impl<T> Single<T> {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ties.is_empty() && self.hours.is_empty() && self.bounds.is_empty()
    }

    /// The same of other numbers: a lesson or person that has none is no longer there, and nothing is asked of it.
    #[must_use]
    pub fn turned<U>(
        &self,
        number: impl Fn(&T) -> Option<U>,
        person: impl Fn(Person) -> Option<Person>,
    ) -> Single<U> {
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
        let bound = |of: &Bound<T>| {
            let whose = match &of.of {
                Whose::Lessons(lessons) => Some(Whose::Lessons(list(lessons)))
                    .filter(|of| !matches!(of, Whose::Lessons(l) if l.is_empty())),
                Whose::All(who) => person(*who).map(Whose::All),
            };
            Some(Bound {
                of: whose?,
                what: of.what,
                times: of.times.clone(),
                figure: of.figure,
            })
        };
        Single {
            bounds: self.bounds.iter().filter_map(bound).collect(),
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

    /// As the judge takes them, in their order.
    pub fn bounds(&self) -> impl Iterator<Item = BoundSpec> + '_ {
        // a position that is none makes no board
        let at = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
        self.bounds.iter().map(move |bound| BoundSpec {
            of: match &bound.of {
                Whose::Lessons(lessons) => BoundOf::Cards(lessons.clone()),
                Whose::All(Person::Teacher(n)) => BoundOf::Teacher(TeacherIx(at(*n))),
                Whose::All(Person::Class(n)) => BoundOf::Pupils(Audience::Class(ClassIx(at(*n)))),
                Whose::All(Person::Group(n)) => BoundOf::Pupils(Audience::Group(GroupIx(at(*n)))),
            },
            what: bound.what,
            times: bound.times.clone(),
            figure: bound.figure,
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
            bounds: [
                Whose::Lessons(vec![3, 4]),
                Whose::Lessons(vec![3]),
                Whose::All(Person::Teacher(70)),
                Whose::All(Person::Class(71)),
            ]
            .map(|of| Bound {
                of,
                what: Bounded::Hours,
                times: TimeSet::daily(1, 0, 1),
                figure: 1,
            })
            .to_vec(),
        };
        let person = |of| matches!(of, Person::Teacher(70)).then_some(Person::Teacher(2));
        let left = rules.turned(|n: &u32| (*n != 3).then(|| CardIx(n + 10)), person);
        let bounds: Vec<_> = left.bounds().map(|bound| bound.of).collect();
        assert_eq!(
            bounds,
            [BoundOf::Cards(vec![CardIx(14)]), BoundOf::Teacher(TeacherIx(2))],
            "nobody is asked for who is gone"
        );
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
