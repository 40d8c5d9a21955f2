//! What is typed into the sheet: where a cell takes something, which changes a text means, and what takes a change back.

use chrono::NaiveDate;

use super::{Sheet, State};
use crate::journal::cell::{Change, Place};
use crate::journal::typing::{Reading, read};
use crate::owed::{Owed, Wish};

/// Why a cell takes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum No {
    /// There is no such cell.
    Outside,
    /// The journal is for reading only.
    Right,
    /// The lesson does not take place.
    Cancelled,
    /// The period is locked.
    Locked,
    /// The day of the lesson has not come.
    ToCome,
    /// The pupil was not in the class that day.
    Away,
    /// Neither a mark of the scale nor a code.
    Unknown,
    /// What was typed before is still on its way.
    Waiting,
    /// A mark with a value, in a grade that gets none.
    FirstGrade,
}

/// A change of a mark's place that leaves its comment alone.
fn of_mark(place: Place, code: Option<String>, owed: Wish) -> Option<Change> {
    let Place::Mark {
        lesson,
        assignment,
        pupil,
    } = place
    else {
        return None;
    };
    Some(Change::Mark {
        lesson,
        assignment,
        pupil,
        code,
        comment: None,
        owed,
    })
}

impl Sheet {
    /// What a text typed or pasted into a cell changes: the changes to send, with the versions they expect. Nothing for what
    /// is there already.
    ///
    /// # Errors
    /// Why the cell takes nothing, or not this.
    pub fn type_text(&self, row: usize, column: usize, text: &str) -> Result<Vec<(Change, i32)>, No> {
        match self.open(row, column) {
            // what should not stand there may go
            Err(No::ToCome) if text.trim().is_empty() => {}
            open => open?,
        }
        let items = self.scale(column).map(|s| s.items.as_slice()).unwrap_or_default();
        let (mark, attendance) = match text.trim().split_once('/') {
            // a pasted «н/5»: both of the cell
            Some((a, m)) if read(text, items, &self.grid.codes) == Reading::Unknown => (
                Some(read(m, items, &self.grid.codes)),
                Some(read(a, items, &self.grid.codes)),
            ),
            _ => match read(text, items, &self.grid.codes) {
                Reading::Clear => (Some(Reading::Clear), Some(Reading::Clear)),
                reading @ Reading::Attendance(_) => (None, Some(reading)),
                reading => (Some(reading), None),
            },
        };
        let mut changes = vec![];
        match mark {
            Some(Reading::Mark(code)) if self.grid.markless && self.value(column, &code).is_some() => {
                return Err(No::FirstGrade);
            }
            Some(Reading::Mark(code)) => changes.extend(self.mark(row, column, Some(code))),
            Some(Reading::Owed(due)) => {
                let until = match (due, self.day(column)) {
                    (Some(due), Some(lesson)) => Some(due.on(lesson).ok_or(No::Unknown)?),
                    _ => None,
                };
                changes.extend(self.owe(row, column, until));
            }
            Some(Reading::Clear) => changes.extend(self.mark(row, column, None)),
            Some(_) => return Err(No::Unknown),
            None => {}
        }
        match attendance {
            Some(Reading::Attendance(code)) => changes.extend(self.attend(row, column, Some(code))),
            // clearing a later column of a lesson leaves the attendance that is shown in the first
            Some(Reading::Clear) if self.columns.get(column).is_some_and(|c| c.first) => {
                changes.extend(self.attend(row, column, None));
            }
            Some(Reading::Clear) | None => {}
            Some(_) => return Err(No::Unknown),
        }
        Ok(changes)
    }

    /// May anything be typed into a cell?
    ///
    /// # Errors
    /// Why not.
    pub fn open(&self, row: usize, column: usize) -> Result<(), No> {
        let lesson = self
            .columns
            .get(column)
            .and_then(|c| self.grid.lessons.get(c.lesson))
            .ok_or(No::Outside)?;
        let pupil = self.grid.pupils.get(row).ok_or(No::Outside)?;
        if !self.grid.writes_into(lesson.id) {
            Err(No::Right)
        } else if lesson.cancelled {
            Err(No::Cancelled)
        } else if lesson.locked {
            Err(No::Locked)
        } else if lesson.date > self.grid.today {
            Err(No::ToCome)
        } else if !pupil.on(lesson.date) {
            Err(No::Away)
        } else {
            Ok(())
        }
    }

    /// The day of a column.
    fn day(&self, column: usize) -> Option<NaiveDate> {
        let lesson = self.columns.get(column)?.lesson;
        self.grid.lessons.get(lesson).map(|l| l.date)
    }

    /// The change that gives a mark, or clears it: of a mark that has paid a dot the dot comes back, of a dot nothing is left. Nothing
    /// when it is there already.
    #[must_use]
    pub fn mark(&self, row: usize, column: usize, code: Option<String>) -> Option<(Change, i32)> {
        let place = self.mark_place(row, column)?;
        let now = self.now(place).0;
        let cleared = now.is_none() && code.is_none();
        // what this person has set or taken away here and the server has not heard of goes with the mark: of what waits at a place
        // only the last is sent
        let held = self.held(place).and_then(|h| h.owed);
        let owed = match self.owed(place) {
            _ if cleared => Wish::Gone,
            None if held.is_some() => Wish::Gone,
            Some(dot) if held.map(|h| h.until) != Some(dot.until) => Wish::Owed(Owed {
                until: dot.until,
                handed_in: dot.handed_in.filter(|_| code.is_some()),
            }),
            _ => Wish::Kept,
        };
        let dot = cleared && self.owed(place).is_some();
        if now == code && !dot && !self.stuck(place) {
            return None;
        }
        Some((of_mark(place, code, owed)?, self.version(place)))
    }

    /// A change as it is to be written down. One that keeps the dot, as a comment does, says which, while another of its place waits for the
    /// server: what it goes on top of is what was typed, not what the server is known to hold.
    #[must_use]
    pub fn told(&self, mut change: Change) -> Change {
        let place = change.place();
        let waits = matches!(self.local(place), Some(l) if l.state == State::Waiting);
        if let Change::Mark { code, owed, .. } = &mut change
            && waits
            && owed.is_kept()
        {
            let marked = code.is_some();
            *owed = Wish::back_to(self.owed(place).map(|o| Owed {
                handed_in: o.handed_in.filter(|_| marked),
                ..o
            }));
        }
        change
    }

    /// The change that sets a dot, by the day that was said: else by the one that it has, a new one by the school's setting. Nothing when it
    /// is there already.
    #[must_use]
    pub fn owe(&self, row: usize, column: usize, until: Option<NaiveDate>) -> Option<(Change, i32)> {
        let place = self.mark_place(row, column)?;
        let (before, marked) = (self.owed(place), self.now(place).0.is_some());
        let by_the_school = || {
            let day = self.day(column)?;
            self.grid.owed_until.filter(|until| *until >= day)
        };
        let until = until.or_else(|| before.map_or_else(by_the_school, |o| o.until));
        let owed = Owed {
            until,
            handed_in: None,
        };
        if !marked && before == Some(owed) && !self.stuck(place) {
            return None;
        }
        Some((of_mark(place, None, Wish::Owed(owed))?, self.version(place)))
    }

    /// The change that sets attendance (or clears it); nothing when it is there already.
    #[must_use]
    pub fn attend(&self, row: usize, column: usize, code: Option<String>) -> Option<(Change, i32)> {
        let place = self.attendance_place(row, column)?;
        let Place::Attendance { lesson, pupil } = place else {
            return None;
        };
        (self.now(place).0 != code || self.stuck(place))
            .then(|| (Change::Attendance { lesson, pupil, code }, self.version(place)))
    }

    fn stuck(&self, place: Place) -> bool {
        self.local.get(&place).is_some_and(|l| l.state != State::Waiting)
    }

    /// The change that would bring a place back to what it shows now: remembered before an edit, for undo.
    #[must_use]
    pub fn reverse(&self, place: Place) -> Option<Change> {
        let (code, comment) = self.now(place);
        match place {
            Place::Mark {
                lesson,
                assignment,
                pupil,
            } => Some(Change::Mark {
                lesson,
                assignment,
                pupil,
                code,
                comment: Some(comment.unwrap_or_default()),
                owed: Wish::back_to(self.owed(place)),
            }),
            Place::Attendance { lesson, pupil } => Some(Change::Attendance { lesson, pupil, code }),
            // they lie in no cell of the sheet: the queue is asked as well
            Place::Lesson { .. } | Place::Individual { .. } => None,
        }
    }

    /// Does a place still show what a change wrote there? For undo: what somebody else has written since is not ours to
    /// take back. `place`: where the change is now, when its work was made by it.
    #[must_use]
    pub fn holds(&self, wrote: &Change, place: Place) -> bool {
        if self
            .local(place)
            .is_some_and(|l| matches!(l.state, State::Conflict(_)))
        {
            return false;
        }
        let (code, comment) = self.now(place);
        match wrote {
            Change::Mark {
                code: c,
                comment: text,
                owed,
                ..
            } => {
                let dot = self.owed(place);
                let same = match owed {
                    Wish::Kept => true,
                    Wish::Gone => dot.is_none(),
                    Wish::Owed(o) => dot.is_some_and(|now| now.until == o.until),
                };
                same && *c == code
                    && text
                        .as_deref()
                        .is_none_or(|t| t == comment.as_deref().unwrap_or_default())
            }
            Change::Attendance { code: c, .. } => *c == code,
            Change::Lesson { .. } | Change::Individual { .. } => true,
        }
    }
}
