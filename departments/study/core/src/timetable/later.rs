//! What begins or ends while a version is in force. A board is judged by one day; a ban or a norm that begins in January is none of today's. Here the
//! same cards are judged by each later day on which something changes, and what is new then is told with its date.

use std::collections::HashSet;

use base::{LoadId, SubjectId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use timetable::{Board, Level, Problem, TimeSet};

use super::board::{BoardData, LoadRow, SubjectRow, TeacherRow};
use super::norms::law::{LawRow, law_on};
use super::regime::{self, Remark};
use crate::requirement::facts::with_own;
use crate::requirement::{Cell, Requirement, Weight, Who};

/// Most later days that are judged: a board a day, so that also an old laptop answers in seconds. If there are more, it is said.
const DAYS: usize = 40;

/// Hours, requirements and norms with their dates, of those that hold on some day of the version from its judged day on. Empty where none of
/// them begins or ends meanwhile.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dated {
    /// Hours that are closed or not wished.
    pub hours: Vec<(Who, Cell)>,
    /// What is asked.
    pub requirements: Vec<Requirement>,
    /// The first rows of [`BoardData::norms`] that are the school's own and not the law.
    pub own_norms: usize,
    /// The law of the whole span; empty where it is the same on each day.
    #[serde(default)]
    pub law: Vec<LawRow>,
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
        // a first grade's regime is of no concern to a school that has none
        let grades: Vec<i16> = self.classes.iter().map(|c| c.grade).collect();
        let law = self.dated.law.iter().filter(|row| row.is_for(&grades));
        let mut days: Vec<NaiveDate> = hours
            .chain(rows)
            .flat_map(|(from, to)| [from, to.and_then(|to| to.succ_opt())])
            .flatten()
            .filter(|day| on < *day && *day <= last)
            .chain(law.flat_map(|row| row.borders((on, last))))
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
        let law = match &*self.dated.law {
            [] => self.norms.get(self.dated.own_norms..).unwrap_or(&[]).to_vec(),
            rows => law_on(rows, day),
        };
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
    /// What bells and shifts do against a norm that begins then: nothing that a card could mend.
    pub remarks: Vec<Remark>,
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
    let mut heard: Vec<Remark> = regime::remarks(data, board).into_iter().map(unnumbered).collect();
    let (now, said) = (known.clone(), heard.clone());
    let judge = |then: &BoardData| {
        let mut spec = then.spec();
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
        let of_day = data.on(day);
        let mut problems = judge(&of_day);
        let mut remarks = regime::remarks(&of_day, board);
        // what goes on is told once; what ends and comes back is told again
        let then = problems.iter().map(told).chain(now.iter().cloned()).collect();
        problems.retain(|p| !known.contains(&told(p)));
        known = then;
        let then = remarks
            .iter()
            .cloned()
            .map(unnumbered)
            .chain(said.iter().cloned())
            .collect();
        remarks.retain(|r| !heard.contains(&unnumbered(r.clone())));
        heard = then;
        if !problems.is_empty() || !remarks.is_empty() {
            days.push(Later {
                day,
                problems,
                remarks,
            });
        }
    }
    let unjudged = changes.get(DAYS).copied();
    Outlook { days, unjudged }
}

/// One remark: norms are numbered anew each day.
fn unnumbered(remark: Remark) -> Remark {
    Remark {
        norm: timetable::NormId(0),
        ..remark
    }
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
mod tests;
