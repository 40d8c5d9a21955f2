//! What begins or ends while a version is in force. A board is judged by one day; a ban that begins in January is none of today's. Here the
//! same cards are judged by each later day on which something changes, and what is new then is told with its date.

use std::collections::HashSet;

use base::{LoadId, SubjectId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use timetable::{Board, Level, Problem, TimeSet};

use super::board::{BoardData, LoadRow, SubjectRow, TeacherRow};
use crate::requirement::facts::with_own;
use crate::requirement::{Cell, Requirement, Weight, Who};

/// Most later days that are judged: a board a day, so that also an old laptop answers in seconds. If there are more, it is said.
const DAYS: usize = 40;

/// Hours and requirements with their dates, of those that hold on some day of the version from its judged day on. Empty where none of them
/// begins or ends meanwhile.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dated {
    /// Hours that are closed or not wished.
    pub hours: Vec<(Who, Cell)>,
    /// What is asked.
    pub requirements: Vec<Requirement>,
    /// The first rows of [`BoardData::norms`] that are the school's own and not the law.
    pub own_norms: usize,
}

impl BoardData {
    /// The day by which the version is judged, and its last one.
    #[must_use]
    pub fn judged(&self) -> (NaiveDate, NaiveDate) {
        let first = self.version.valid_from.unwrap_or(self.version.year_from);
        let last = self.version.valid_to.unwrap_or(self.version.year_to).max(first);
        (self.today.clamp(first, last), last)
    }

    /// Later days of the version on which something begins or has just ended.
    #[must_use]
    pub fn later_days(&self) -> Vec<NaiveDate> {
        let (on, last) = self.judged();
        let hours = self
            .dated
            .hours
            .iter()
            .map(|(_, cell)| (cell.term.from, cell.term.to));
        let rows = &self.dated.requirements;
        let rows = rows.iter().map(|r| (r.terms.valid_from, r.terms.valid_to));
        let mut days: Vec<NaiveDate> = hours
            .chain(rows)
            .flat_map(|(from, to)| [from, to.and_then(|to| to.succ_opt())])
            .flatten()
            .filter(|day| on < *day && *day <= last)
            .collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    /// The same version as it is on a later day.
    #[must_use]
    pub fn on(&self, day: NaiveDate) -> Self {
        let mut then = self.clone();
        let rows = self.dated.requirements.iter();
        then.requirements = rows.filter(|r| r.terms.holds_on(day)).cloned().collect();
        let law = self.norms.get(self.dated.own_norms..).unwrap_or(&[]).to_vec();
        // how the own ones are called does not matter: they are told by what they say
        then.norms = with_own(law, &then.requirements, base::Lang::default());
        let away = then
            .teachers
            .iter_mut()
            .map(|t: &mut TeacherRow| (&mut t.away, Some(&mut t.unwanted)));
        let classes = then
            .classes
            .iter_mut()
            .map(|c| (&mut c.away, Some(&mut c.unwanted)));
        let groups = then.groups.iter_mut().map(|g| (&mut g.away, None));
        let rooms = then.rooms.iter_mut().map(|r| (&mut r.away, None));
        let loads = then
            .loads
            .iter_mut()
            .map(|l| (&mut l.away, Some(&mut l.unwanted)));
        for (away, unwanted) in away.chain(classes).chain(groups).chain(rooms).chain(loads) {
            *away = TimeSet::new();
            if let Some(unwanted) = unwanted {
                unwanted.clear();
            }
        }
        // of several terms of one hour the heaviest counts: it comes first, and the others find it there
        let mut hours: Vec<&(Who, Cell)> = self
            .dated
            .hours
            .iter()
            .filter(|(_, c)| c.term.holds_on(day))
            .collect();
        hours.sort_by_key(|(who, cell)| (*who, cell.day, cell.slot, std::cmp::Reverse(cell.weight)));
        hours.dedup_by_key(|(who, cell)| (*who, cell.day, cell.slot));
        for (who, cell) in hours {
            then.close(*who, *cell);
        }
        then
    }

    fn close(&mut self, who: Who, cell: Cell) {
        let wish = (cell.weight < Weight::Must).then_some(cell.weight);
        let (Ok(day), Ok(slot)) = (u16::try_from(cell.day), u16::try_from(cell.slot)) else {
            return;
        };
        let mut lessons = |of| close_lessons(&mut self.loads, &self.subjects, of, wish, (day, slot));
        let away = match who {
            Who::Subject(id) => return lessons(Lessons::Subject(id)),
            Who::Load(id) => return lessons(Lessons::Load(id)),
            Who::Teacher(id) => {
                let row = self.teachers.iter_mut().find(|t| t.id == id);
                row.map(|t| times_of(wish, &mut t.away, &mut t.unwanted))
            }
            Who::Class(id) => {
                let row = self.classes.iter_mut().find(|c| c.id == id);
                row.map(|c| times_of(wish, &mut c.away, &mut c.unwanted))
            }
            Who::Group(id) => self.groups.iter_mut().find(|g| g.id == id).map(|g| &mut g.away),
            Who::Room(id) => self.rooms.iter_mut().find(|r| r.id == id).map(|r| &mut r.away),
        };
        if let Some(away) = away {
            away.insert(day, slot);
        }
    }
}

/// Whose lessons hours are closed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lessons {
    /// A subject's, of all its loads.
    Subject(SubjectId),
    /// A load's.
    Load(LoadId),
}

/// Closes an hour to lessons, or notes that they should rather not lie there.
pub(crate) fn close_lessons(
    loads: &mut [LoadRow],
    subjects: &[SubjectRow],
    of: Lessons,
    wish: Option<Weight>,
    (day, slot): (u16, u16),
) {
    let mine = |load: &&mut LoadRow| match of {
        Lessons::Load(id) => load.id == id,
        Lessons::Subject(id) => subjects.get(load.subject.ix()).is_some_and(|s| s.id == id),
    };
    for load in loads.iter_mut().filter(mine) {
        times_of(wish, &mut load.away, &mut load.unwanted).insert(day, slot);
    }
}

/// The times of one weight: those at which one cannot, or those of a wish.
pub(crate) fn times_of<'a>(
    wish: Option<Weight>,
    away: &'a mut TimeSet,
    unwanted: &'a mut Vec<(Weight, TimeSet)>,
) -> &'a mut TimeSet {
    let Some(weight) = wish else { return away };
    let at = unwanted
        .iter()
        .position(|(w, _)| *w == weight)
        .unwrap_or(unwanted.len());
    if at == unwanted.len() {
        unwanted.push((weight, TimeSet::new()));
    }
    unwanted.get_mut(at).map_or(away, |(_, times)| times)
}

/// What is wrong on a later day with the cards as they lie on a board, and is not today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Later {
    /// From this day on.
    pub day: NaiveDate,
    /// What is new.
    pub problems: Vec<Problem>,
}

/// What comes up while a version is in force.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outlook {
    /// Day by day; days that bring nothing are left out.
    pub days: Vec<Later>,
    /// From this day on nothing was judged: more changes than [`later`] looks at.
    pub unjudged: Option<NaiveDate>,
}

impl Outlook {
    /// The clashes, each with the day from which it is one.
    pub fn clashes(&self) -> impl Iterator<Item = (NaiveDate, &Problem)> {
        let all = self
            .days
            .iter()
            .flat_map(|of| of.problems.iter().map(|p| (of.day, p)));
        all.filter(|(_, p)| p.level == Level::Clash)
    }
}

/// What comes up while the version is in force.
#[must_use]
pub fn later(data: &BoardData, board: &Board) -> Outlook {
    let mut known: HashSet<String> = board.conflicts().iter().map(told).collect();
    let judge = |day: NaiveDate| {
        let mut spec = data.on(day).spec();
        for (card, now) in spec.cards.iter_mut().zip(board.cards()) {
            (card.placement, card.locked) = (now.placement, now.locked);
        }
        Board::new(spec)
            .map(|board| board.conflicts())
            .unwrap_or_default()
    };
    let mut days = vec![];
    let changes = data.later_days();
    for day in changes.iter().take(DAYS).copied() {
        let then = judge(day);
        let new: Vec<Problem> = then
            .iter()
            .filter(|p| !known.contains(&told(p)))
            .cloned()
            .collect();
        // what goes on is told once; what ends and comes back is told again
        known = board.conflicts().iter().chain(&then).map(told).collect();
        if !new.is_empty() {
            days.push(Later { day, problems: new });
        }
    }
    let unjudged = changes.get(DAYS).copied();
    Outlook { days, unjudged }
}

/// One thing: norms are numbered anew each day, so the number of the row does not tell.
fn told(problem: &Problem) -> String {
    let mut problem = problem.clone();
    if let timetable::Reason::Limit { norm, .. } | timetable::Reason::TeacherLimit { norm, .. } =
        &mut problem.reason
    {
        *norm = timetable::NormId(0);
    }
    format!("{problem:?}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requirement::{Kind, Target, Term, Terms};
    use crate::timetable::samples;
    use base::{ClassId, RequirementId};
    use proptest::prelude::*;

    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 12, n).unwrap()
    }

    /// 7А with two lessons on Monday; judged on 21 November.
    fn school() -> BoardData {
        let mut data = samples::data(vec![samples::class("7А", 7)]);
        samples::placed(&mut data, 0, Some(0));
        samples::placed(&mut data, 0, Some(1));
        data
    }

    fn closed(from: Option<u32>, to: Option<u32>, slot: i16, weight: Weight) -> (Who, Cell) {
        let term = Term {
            from: from.map(day),
            to: to.map(day),
        };
        (
            Who::Class(ClassId(1)),
            Cell {
                day: 0,
                slot,
                weight,
                term,
            },
        )
    }

    #[test]
    fn a_ban_that_begins_later_is_told_with_its_day_and_only_while_it_holds() {
        let mut data = school();
        data.dated.hours = vec![closed(Some(10), Some(14), 1, Weight::Must)];
        assert_eq!(data.later_days(), [day(10), day(15)]);
        let board = data.board().unwrap();
        assert_eq!(board.conflicts(), [], "today nothing is wrong");
        let found = later(&data, &board).days;
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].day, found[0].problems.len()), (day(10), 1));
        assert!(matches!(
            found[0].problems[0].reason,
            timetable::Reason::ClassAway { slot: 1, .. }
        ));
        // where the card lies elsewhere by now, there is nothing to tell
        let mut moved = board.clone();
        moved.place(timetable::CardIx(1), 2, 1, None).unwrap();
        assert_eq!(later(&data, &moved), Outlook::default());
        // after the version's last day nothing is of its concern
        data.version.valid_to = Some(day(9));
        assert_eq!(data.later_days(), []);
    }

    #[test]
    fn a_row_that_begins_later_is_told_and_one_that_goes_on_is_not_told_again() {
        let mut data = school();
        let row = |id: i64, value: i32, from: Option<u32>| Requirement {
            id: RequirementId(id),
            revision: 0,
            terms: Terms {
                valid_from: from.map(day),
                ..Terms::new(Kind::ClassLessons, Target::Class(ClassId(1)), Some(value))
            },
        };
        data.dated.requirements = vec![row(1, 1, Some(5))];
        data.dated.hours = vec![closed(Some(20), None, 7, Weight::Must)];
        let board = data.board().unwrap();
        let found = later(&data, &board).days;
        assert_eq!(
            found
                .iter()
                .map(|l| (l.day, l.problems.len()))
                .collect::<Vec<_>>(),
            [(day(5), 1)]
        );
        assert!(matches!(
            found[0].problems[0].reason,
            timetable::Reason::Limit {
                found: 2,
                limit: 1,
                ..
            }
        ));
    }

    #[test]
    fn all_days_are_looked_at_and_where_there_are_too_many_it_is_said() {
        let mut data = school();
        data.version.valid_to = NaiveDate::from_ymd_opt(2027, 5, 30);
        let from = |n: u64| day(1) + chrono::Days::new(n);
        // a ban of an hour that nobody has, each day; only the last one closes an hour with a lesson
        let ban = |n: usize, slot: i16| {
            let (who, cell) = closed(None, None, slot, Weight::Must);
            let term = Term {
                from: Some(from(u64::try_from(n).unwrap())),
                to: None,
            };
            (who, Cell { term, ..cell })
        };
        let mut hours: Vec<_> = (0..DAYS - 1).map(|n| ban(n, 7)).collect();
        hours.push(ban(DAYS - 1, 1));
        data.dated.hours = hours.clone();
        let board = data.board().unwrap();
        let found = later(&data, &board);
        let last = from(u64::try_from(DAYS - 1).unwrap());
        assert_eq!(found.clashes().map(|(day, _)| day).collect::<Vec<_>>(), [last]);
        assert_eq!(found.unjudged, None);
        // one change more than is looked at
        hours.push(ban(DAYS, 0));
        data.dated.hours = hours;
        let found = later(&data, &board);
        assert_eq!(found.clashes().count(), 1);
        assert_eq!(found.unjudged, Some(from(u64::try_from(DAYS).unwrap())));
    }

    proptest! {
        /// The judged day itself is the board as it was loaded, whatever dates there are.
        #[test]
        fn of_several_terms_of_an_hour_the_heaviest_counts(
            terms in proptest::collection::vec((0u32..20, 1u32..8, 0i16..3, 0usize..4), 0..8),
            at in 1u32..28,
        ) {
            let mut data = school();
            let weights = [Weight::Must, Weight::Very, Weight::Rather, Weight::Maybe];
            data.dated.hours = terms.iter()
                .map(|(from, length, slot, w)| closed(Some(from + 1), Some((from + length).min(28).max(from + 1)), *slot, weights[*w]))
                .collect();
            let then = data.on(day(at));
            for slot in 0..3 {
                let holding = data.dated.hours.iter()
                    .filter(|(_, c)| c.slot == slot && c.term.holds_on(day(at)));
                let heaviest = holding.map(|(_, c)| c.weight).max();
                let slot = u16::try_from(slot).unwrap();
                let row = &then.classes[0];
                prop_assert_eq!(row.away.contains(0, slot), heaviest == Some(Weight::Must));
                let wished: Vec<Weight> = row.unwanted.iter().filter(|(_, t)| t.contains(0, slot)).map(|(w, _)| *w).collect();
                let expected: Vec<Weight> = heaviest.filter(|w| *w < Weight::Must).into_iter().collect();
                prop_assert_eq!(wished, expected);
            }
        }
    }
}
