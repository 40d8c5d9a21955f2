//! When a subject may be: its day of the week, and its lessons of the class's day. «Разговоры о важном» are Monday's first
//! lesson, physical education is not the last.

use base::{LoadId, SubjectId};
use timetable::ids::{MAX_SLOTS, span};
use timetable::{Audience, ClassIx, TimeSet, Unwanted};

use super::facts::Asked;
use super::kind::Kind;
use super::terms::Terms;
use crate::timetable::board::{BoardData, LoadRow};

/// The kinds that say it.
pub const KINDS: [Kind; 3] = [Kind::SubjectDay, Kind::SubjectFrom, Kind::SubjectTo];

/// Times of a card by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// It may not lie then.
    pub away: TimeSet,
    /// It should rather not.
    pub unwanted: Vec<Unwanted>,
}

impl<'a> Asked<'a> {
    /// What is asked of the times of a load: its own rows before those of its subject.
    pub fn times_of(self, load: LoadId, subject: Option<SubjectId>) -> impl Iterator<Item = &'a Terms> {
        KINDS
            .into_iter()
            .filter_map(move |kind| self.nearest(kind, load, subject))
    }

    /// The times that a load keeps out of.
    #[must_use]
    pub fn subject_times(self, data: &BoardData, load: &LoadRow) -> Times {
        let subject = data.subjects.get(load.subject.ix()).map(|s| s.id);
        let mut out = Times::default();
        for terms in self.times_of(load.id, subject) {
            let times = closed(data, load, terms);
            let cost = terms.kind.cost(terms.weight);
            if times.is_empty() {
                continue;
            }
            if cost.hard {
                out.away.union(&times);
            } else {
                out.unwanted.push(Unwanted {
                    times,
                    penalty: cost.penalty,
                });
            }
        }
        out
    }
}

/// The times that a requirement closes to a load.
fn closed(data: &BoardData, load: &LoadRow, terms: &Terms) -> TimeSet {
    let short = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    let (days, week) = (short(data.days.len()), short(data.days_a_week()).max(1));
    let slots = short(data.slots.len()).min(MAX_SLOTS);
    let value = terms.value.and_then(|n| u16::try_from(n).ok()).unwrap_or(0);
    let classes = classes(data, load);
    let mut times = TimeSet::new();
    for day in 0..days {
        let word = match terms.kind {
            Kind::SubjectDay if day % week != value => span(0, slots),
            Kind::SubjectFrom => lessons(&classes, day, slots, |lesson| lesson < value),
            Kind::SubjectTo => lessons(&classes, day, slots, |lesson| lesson > value),
            _ => 0,
        };
        times.add(day, word);
    }
    times
}

/// The bells of the classes of a load.
fn classes<'a>(data: &'a BoardData, load: &LoadRow) -> Vec<&'a TimeSet> {
    let class = |audience: &Audience| -> Option<ClassIx> {
        match audience {
            Audience::Class(class) => Some(*class),
            Audience::Group(group) => Some(data.groups.get(group.ix())?.class),
        }
    };
    let mut all: Vec<ClassIx> = load.audience.iter().filter_map(class).collect();
    all.sort_unstable();
    all.dedup();
    let bells = all.into_iter().filter_map(|class| data.classes.get(class.ix()));
    bells.map(|class| &class.bells).collect()
}

/// Slots of a day whose number among the bells of any of the classes is wrong. Of nobody's lesson it is the number of the slot.
fn lessons(classes: &[&TimeSet], day: u16, slots: u16, wrong: impl Fn(u16) -> bool) -> u64 {
    let mut word = 0;
    for slot in 0..slots {
        let number = |bells: &TimeSet| {
            let before = bells.day(day) & span(0, slot + 1);
            u16::try_from(before.count_ones()).unwrap_or(0)
        };
        let none = classes.is_empty() && wrong(slot + 1);
        if none || classes.iter().any(|bells| wrong(number(bells))) {
            word |= span(slot, 1);
        }
    }
    word
}

#[cfg(test)]
mod tests {
    use base::RequirementId;
    use timetable::{CardIx, Level};

    use super::*;
    use crate::requirement::{Requirement, Target, Weight};
    use crate::timetable::samples::{class, data, placed};

    /// One lesson of 7А in the tray; the class's second shift begins at the third slot.
    fn school(rows: &[(Kind, i32, Weight)]) -> BoardData {
        let mut data = data(vec![class("7А", 7)]);
        placed(&mut data, 0, None);
        data.classes[0].bells = TimeSet::daily(5, 2, 8);
        let row = |(n, (kind, value, weight)): (i64, &(Kind, i32, Weight))| Requirement {
            id: RequirementId(n),
            revision: 0,
            terms: Terms {
                weight: *weight,
                ..Terms::new(*kind, Target::Subject(SubjectId(1)), Some(*value))
            },
        };
        data.requirements = (1..).zip(rows).map(row).collect();
        data
    }

    /// The cells in which nothing speaks against the lesson, and the price of one cell.
    fn free(data: &BoardData) -> Vec<(u16, u16)> {
        let board = data.board().unwrap();
        let all = board.judge_all(CardIx(0)).into_iter().enumerate();
        let good = all.filter(|(_, v)| v.level == Level::Good);
        good.map(|(n, _)| u16::try_from(n).unwrap())
            .map(|n| (n / 8, n % 8))
            .collect()
    }

    #[test]
    fn talks_of_importance_are_mondays_first_lesson_of_the_shift() {
        let must = school(&[
            (Kind::SubjectDay, 0, Weight::Must),
            (Kind::SubjectTo, 1, Weight::Must),
        ]);
        assert_eq!(free(&must), [(0, 2)]);
        let board = must.board().unwrap();
        assert_eq!(board.judge(CardIx(0), 0, 3, None).level, Level::Clash);
        let rather = school(&[
            (Kind::SubjectDay, 0, Weight::Rather),
            (Kind::SubjectTo, 1, Weight::Rather),
        ]);
        let verdict = rather.board().unwrap().judge(CardIx(0), 1, 3, None);
        assert_eq!((verdict.level, verdict.penalty), (Level::Poor, 12 + 6));
    }

    #[test]
    fn a_subject_is_kept_from_the_first_and_the_last_lesson() {
        let data = school(&[
            (Kind::SubjectFrom, 2, Weight::Must),
            (Kind::SubjectTo, 5, Weight::Must),
        ]);
        let monday: Vec<u16> = free(&data)
            .into_iter()
            .filter(|(d, _)| *d == 0)
            .map(|(_, s)| s)
            .collect();
        assert_eq!(monday, [3, 4, 5, 6], "lessons 2 to 5 of the second shift");
    }

    #[test]
    fn a_double_lesson_lies_within_as_a_whole() {
        let mut data = school(&[(Kind::SubjectTo, 3, Weight::Must)]);
        data.cards[0].duration = 2;
        let monday: Vec<u16> = free(&data)
            .into_iter()
            .filter(|(d, _)| *d == 0)
            .map(|(_, s)| s)
            .collect();
        assert_eq!(monday, [2, 3]);
    }
}
