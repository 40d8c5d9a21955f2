//! The grid as the browser keeps it: what the server knows, by version, and over it what this person typed and the
//! server has not taken yet. Pure: drawing and sending are others' work.

mod answers;
mod results;
mod typed;

use std::collections::HashMap;

use base::number::Hundredths;
use base::{LessonId, PupilId};
use chrono::NaiveDate;

use super::cell::{Change, Meanwhile, Place};
use super::grid::{AttendanceRow, Grid, MarkRow, OwedRow, Scale, ScaleItem};
use crate::owed::{Owed, Standing};

pub use results::{TypedResult, Wanted};
pub use typed::No;

/// A column of the grid: one work of a lesson, or a lesson without works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// The lesson's place in [`Grid::lessons`].
    pub lesson: usize,
    /// The work's place in [`Grid::assignments`].
    pub assignment: Option<usize>,
    /// The lesson's first column: attendance is shown here.
    pub first: bool,
    /// How many columns the lesson has.
    pub span: usize,
}

/// What the server is known to hold in a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// The mark or code.
    pub code: Option<String>,
    /// A mark's comment.
    pub comment: Option<String>,
    /// The dot of a mark's place.
    pub owed: Option<Owed>,
    /// Its version; 0: never touched.
    pub version: i32,
}

/// What this person typed and the server has not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Local {
    /// What it is to be.
    pub change: Change,
    /// How far it got.
    pub state: State,
}

/// How far a change got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// On its way, or waiting for the network.
    Waiting,
    /// The server said no, with these words.
    Refused(String),
    /// Somebody changed the place meanwhile.
    Conflict(Meanwhile),
    /// Typed on that day, longer ago than is sent without asking.
    Old(NaiveDate),
}

/// What a cell shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// The mark.
    pub mark: Option<String>,
    /// The value behind it, for its tint.
    pub value: Option<Hundredths>,
    /// The code of attendance, in the lesson's first column.
    pub attendance: Option<String>,
    /// A comment hangs on the mark.
    pub comment: Option<String>,
    /// The mark that was there before, on another day.
    pub replaced: Option<String>,
    /// The work is owed; beside a mark: that has paid it.
    pub owed: Option<Owed>,
    /// It is owed, and its day has passed.
    pub overdue: bool,
    /// Nothing to be typed here: the period is locked, the lesson cancelled or still to come, or the pupil not in the class
    /// that day.
    pub closed: bool,
    /// The period is locked or the lesson cancelled.
    pub locked: bool,
    /// The pupil is exempt from the subject that day, and not at the lesson.
    pub exempt: bool,
    /// What became of what was typed.
    pub state: Option<State>,
}

/// The model of the open journal.
#[derive(Clone, Debug)]
pub struct Sheet {
    grid: Grid,
    columns: Vec<Column>,
    marks: Vec<Held>,
    attendance: Vec<Held>,
    local: HashMap<Place, Local>,
    /// Marks of the period that were typed and are not known to be on the server.
    results: HashMap<PupilId, TypedResult>,
}

impl Sheet {
    /// The model of a grid.
    #[must_use]
    pub fn new(grid: Grid) -> Self {
        let mut sheet = Self {
            grid,
            columns: vec![],
            marks: vec![],
            attendance: vec![],
            local: HashMap::new(),
            results: HashMap::new(),
        };
        sheet.index();
        sheet
    }

    fn index(&mut self) {
        self.columns = columns(&self.grid);
        let pupils = self.grid.pupils.len();
        self.marks = vec![Held::default(); self.grid.assignments.len() * pupils];
        self.attendance = vec![Held::default(); self.grid.lessons.len() * pupils];
        for MarkRow(pupil, assignment, code, version, comment) in std::mem::take(&mut self.grid.marks) {
            if let Some(held) = self
                .marks
                .get_mut(usize::from(assignment) * pupils + usize::from(pupil))
            {
                *held = Held {
                    code,
                    comment,
                    owed: None,
                    version,
                };
            }
        }
        for OwedRow(pupil, assignment, owed) in std::mem::take(&mut self.grid.owed) {
            let at = usize::from(assignment) * pupils + usize::from(pupil);
            if let Some(held) = self.marks.get_mut(at) {
                held.owed = Some(owed);
            }
        }
        for AttendanceRow(pupil, lesson, code, version) in std::mem::take(&mut self.grid.attendance) {
            if let Some(held) = self
                .attendance
                .get_mut(usize::from(lesson) * pupils + usize::from(pupil))
            {
                *held = Held {
                    code,
                    version,
                    ..Held::default()
                };
            }
        }
    }

    /// What the server sent; its marks are in the model, not here.
    #[must_use]
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// The columns, from the first lesson.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// How many pupils.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.grid.pupils.len()
    }

    /// The first column of the lesson that is today's, else of the last one before today, else of the first.
    #[must_use]
    pub fn current_column(&self) -> usize {
        let today = self.grid.today;
        self.columns
            .iter()
            .enumerate()
            .filter(|(_, c)| {
                c.first
                    && self
                        .grid
                        .lessons
                        .get(c.lesson)
                        .is_some_and(|l| l.date <= today && !l.cancelled)
            })
            .map(|(i, _)| i)
            .next_back()
            .unwrap_or(0)
    }

    /// The columns of a lesson.
    #[must_use]
    pub fn columns_of(&self, lesson: LessonId) -> std::ops::Range<usize> {
        let of = |c: &Column| self.grid.lessons.get(c.lesson).is_some_and(|l| l.id == lesson);
        let start = self.columns.iter().position(of).unwrap_or(0);
        start..start + self.columns.iter().filter(|c| of(c)).count()
    }

    fn mark_at(&self, row: usize, assignment: usize) -> Option<&Held> {
        self.marks.get(assignment * self.rows() + row)
    }

    fn attendance_at(&self, row: usize, lesson: usize) -> Option<&Held> {
        self.attendance.get(lesson * self.rows() + row)
    }

    /// The address of the mark in a cell.
    #[must_use]
    pub fn mark_place(&self, row: usize, column: usize) -> Option<Place> {
        let c = self.columns.get(column)?;
        Some(Place::Mark {
            lesson: self.grid.lessons.get(c.lesson)?.id,
            assignment: c
                .assignment
                .and_then(|a| self.grid.assignments.get(a))
                .map(|a| a.id),
            pupil: self.grid.pupils.get(row)?.id,
        })
    }

    /// The address of the attendance in a cell.
    #[must_use]
    pub fn attendance_place(&self, row: usize, column: usize) -> Option<Place> {
        let c = self.columns.get(column)?;
        Some(Place::Attendance {
            lesson: self.grid.lessons.get(c.lesson)?.id,
            pupil: self.grid.pupils.get(row)?.id,
        })
    }

    /// Where a place is drawn: row and column (attendance: the lesson's first).
    #[must_use]
    pub fn find(&self, place: Place) -> Option<(usize, usize)> {
        let row = |pupil: PupilId| self.grid.pupils.iter().position(|p| p.id == pupil);
        match place {
            Place::Mark {
                lesson,
                assignment,
                pupil,
            } => {
                let column = self.columns.iter().position(|c| {
                    self.grid.lessons.get(c.lesson).is_some_and(|l| l.id == lesson)
                        && match assignment {
                            Some(id) => c
                                .assignment
                                .and_then(|a| self.grid.assignments.get(a))
                                .is_some_and(|a| a.id == id),
                            None => c.first,
                        }
                })?;
                Some((row(pupil)?, column))
            }
            Place::Attendance { lesson, pupil } => Some((row(pupil)?, self.columns_of(lesson).start)),
            Place::Lesson { .. } | Place::Individual { .. } => None,
        }
    }

    /// The scale of a column; of a lesson without works the one that new works get.
    #[must_use]
    pub fn scale(&self, column: usize) -> Option<&Scale> {
        let assignment = self
            .columns
            .get(column)
            .and_then(|c| c.assignment)
            .and_then(|a| self.grid.assignments.get(a));
        assignment
            .and_then(|a| self.grid.scales.iter().find(|s| s.id == a.scale))
            .or_else(|| self.grid.scales.first())
    }

    /// What is in a place for this person: what they typed, else what the server holds.
    #[must_use]
    pub fn now(&self, place: Place) -> (Option<String>, Option<String>) {
        match self.local.get(&place).map(|l| &l.change) {
            Some(Change::Mark { code, comment, .. }) => {
                let kept = match comment {
                    None => self.held(place).and_then(|h| h.comment.clone()),
                    Some(text) if text.is_empty() => None,
                    Some(text) => Some(text.clone()),
                };
                (code.clone(), kept)
            }
            Some(Change::Attendance { code, .. }) => (code.clone(), None),
            _ => self
                .held(place)
                .map(|h| (h.code.clone(), h.comment.clone()))
                .unwrap_or_default(),
        }
    }

    /// The dot in a place for this person: as [`Sheet::now`].
    #[must_use]
    pub fn owed(&self, place: Place) -> Option<Owed> {
        self.owed_at(place, self.held(place).and_then(|h| h.owed))
    }

    fn owed_at(&self, place: Place, held: Option<Owed>) -> Option<Owed> {
        match self.local.get(&place).map(|l| &l.change) {
            Some(Change::Mark { code, owed, .. }) => owed.after(held, code.is_some(), self.grid.today),
            _ => held,
        }
    }

    /// What the server is known to hold in a place.
    #[must_use]
    pub fn held(&self, place: Place) -> Option<&Held> {
        let (row, column) = self.find(place)?;
        let c = self.columns.get(column)?;
        match place {
            Place::Mark { .. } => self.mark_at(row, c.assignment?),
            Place::Attendance { .. } => self.attendance_at(row, c.lesson),
            Place::Lesson { .. } | Place::Individual { .. } => None,
        }
    }

    /// The version the server is known to hold in a place.
    #[must_use]
    pub fn version(&self, place: Place) -> i32 {
        match place {
            Place::Lesson { lesson } => self
                .grid
                .lessons
                .iter()
                .find(|l| l.id == lesson)
                .map_or(0, |l| l.version),
            _ => self.held(place).map_or(0, |h| h.version),
        }
    }

    /// What this person typed into a place and the server has not taken.
    #[must_use]
    pub fn local(&self, place: Place) -> Option<&Local> {
        self.local.get(&place)
    }

    /// Keeps (or, with `None`, forgets) what this person typed into a place.
    pub fn set_local(&mut self, place: Place, local: Option<Local>) {
        match local {
            Some(local) => self.local.insert(place, local),
            None => self.local.remove(&place),
        };
    }

    /// What a cell shows.
    #[must_use]
    pub fn shown(&self, row: usize, column: usize) -> Shown {
        let (Some(c), Some(pupil)) = (self.columns.get(column), self.grid.pupils.get(row)) else {
            return Shown::default();
        };
        let Some(lesson) = self.grid.lessons.get(c.lesson) else {
            return Shown::default();
        };
        let mut shown = Shown {
            locked: lesson.locked || lesson.cancelled,
            ..Shown::default()
        };
        shown.exempt = !self.grid.exempt.is_empty() && self.grid.is_exempt(pupil.id, lesson.date);
        shown.closed = shown.locked
            || lesson.date > self.grid.today
            || !pupil.on(lesson.date)
            || !self.grid.writes_into(lesson.id);
        let mut state = None;
        if let Some(place) = self.mark_place(row, column) {
            let held = c.assignment.and_then(|a| self.mark_at(row, a));
            (shown.mark, shown.comment) = self.now_at(place, held);
            shown.owed = self.owed_at(place, held.and_then(|h| h.owed));
            shown.overdue = shown
                .owed
                .is_some_and(|o| o.standing(self.grid.today) == Standing::Overdue);
            state = self.local.get(&place).map(|l| l.state.clone());
            shown.value = shown.mark.as_deref().and_then(|code| self.value(column, code));
            if state.is_none() && shown.mark.is_some() && !self.grid.replaced.is_empty() {
                let before = c.assignment.and_then(|a| self.replaced(row, a));
                shown.replaced = before.map(str::to_owned);
            }
        }
        if c.first
            && let Some(place) = self.attendance_place(row, column)
        {
            shown.attendance = self.now_at(place, self.attendance_at(row, c.lesson)).0;
            state = worse(state, self.local.get(&place).map(|l| l.state.clone()));
        }
        shown.state = state;
        shown
    }

    /// As [`Sheet::now`] for a place whose held value is at hand: the drawing of a cell must not search.
    fn now_at(&self, place: Place, held: Option<&Held>) -> (Option<String>, Option<String>) {
        if !self.local.is_empty() && self.local.contains_key(&place) {
            return self.now(place);
        }
        held.map(|h| (h.code.clone(), h.comment.clone()))
            .unwrap_or_default()
    }

    fn item(&self, column: usize, code: &str) -> Option<&ScaleItem> {
        self.scale(column)?.items.iter().find(|i| i.code == code)
    }

    fn value(&self, column: usize, code: &str) -> Option<Hundredths> {
        self.item(column, code)?.value
    }

    /// What a mark of a column counts among the journal's results.
    fn counts(&self, column: usize, code: &str) -> Option<Hundredths> {
        self.item(column, code)?.counts
    }

    /// The mark that was there before the one in a cell, which the server knows to have been rewritten on a later day.
    fn replaced(&self, row: usize, assignment: usize) -> Option<&str> {
        let at = (u16::try_from(row).ok()?, u16::try_from(assignment).ok()?);
        let found = self.grid.replaced.iter().find(|r| (r.0, r.1) == at)?;
        Some(found.2.as_str())
    }

    /// The text of a cell, for copying: «5», «н», «н/5», «• 27.11».
    #[must_use]
    pub fn text(&self, row: usize, column: usize) -> String {
        let shown = self.shown(row, column);
        let dot = shown.owed.filter(Owed::is_open).map(|o| o.text());
        match (shown.attendance, shown.mark.or(dot)) {
            (Some(a), Some(m)) => format!("{a}/{m}"),
            (a, m) => a.or(m).unwrap_or_default(),
        }
    }
}

fn worse(a: Option<State>, b: Option<State>) -> Option<State> {
    let rank = |s: &Option<State>| match s {
        None => 0,
        Some(State::Waiting) => 1,
        Some(State::Refused(_) | State::Old(_)) => 2,
        Some(State::Conflict(_)) => 3,
    };
    if rank(&b) > rank(&a) { b } else { a }
}

fn columns(grid: &Grid) -> Vec<Column> {
    let mut columns = Vec::with_capacity(grid.lessons.len().max(grid.assignments.len()));
    for (lesson, l) in grid.lessons.iter().enumerate() {
        let works: Vec<usize> = grid
            .assignments
            .iter()
            .enumerate()
            .filter(|(_, a)| a.lesson == l.id)
            .map(|(i, _)| i)
            .collect();
        let span = works.len().max(1);
        if works.is_empty() {
            columns.push(Column {
                lesson,
                assignment: None,
                first: true,
                span,
            });
        }
        columns.extend(works.iter().enumerate().map(|(i, a)| Column {
            lesson,
            assignment: Some(*a),
            first: i == 0,
            span,
        }));
    }
    columns
}

#[cfg(test)]
pub(crate) mod tests;
