//! The server's answers put into the sheet: what was saved, what others changed meanwhile.

use base::number::Hundredths;
use base::{AssignmentId, LessonId, WorkTypeId};

use super::{Column, Held, Sheet, columns};
use crate::journal::cell::{Change, Place};
use crate::journal::grid::{Assignment, Grid};
use crate::owed::Owed;

impl Sheet {
    /// Takes the server's word that a change was saved as a version. A mark in a lesson without works has made one: its id is
    /// new, a column appears, and what waits for that lesson's first mark gets its address; returns `true` then.
    pub fn saved(&mut self, change: &Change, assignment: Option<AssignmentId>, version: i32) -> bool {
        let grown = match (change, assignment) {
            (
                Change::Mark {
                    lesson,
                    assignment: None,
                    ..
                },
                Some(id),
            ) => self.learn(*lesson, id),
            _ => false,
        };
        if let Change::Lesson {
            lesson,
            topic,
            homework,
            ..
        } = change
        {
            if let Some(l) = self
                .grid
                .lessons
                .iter_mut()
                .find(|l| l.id == *lesson && l.version < version)
            {
                l.topic.clone_from(topic);
                l.homework.clone_from(homework);
                l.version = version;
            }
            return false;
        }
        let place = match change.place() {
            Place::Mark {
                lesson,
                assignment: None,
                pupil,
            } => Place::Mark {
                lesson,
                assignment,
                pupil,
            },
            place => place,
        };
        let (row, column) = match self.find(place) {
            Some(found) => found,
            None => return grown,
        };
        let (rows, today) = (self.rows(), self.grid.today);
        let slot = match (place, self.columns.get(column)) {
            (
                Place::Mark { .. },
                Some(Column {
                    assignment: Some(a), ..
                }),
            ) => self.marks.get_mut(a * rows + row),
            (Place::Attendance { .. }, Some(c)) => self.attendance.get_mut(c.lesson * rows + row),
            _ => None,
        };
        if let Some(held) = slot
            && held.version < version
        {
            held.version = version;
            match change {
                Change::Mark {
                    code, comment, owed, ..
                } => {
                    held.owed = owed.after(held.owed, code.is_some(), today);
                    held.code.clone_from(code);
                    if let Some(text) = comment {
                        held.comment = (!text.is_empty()).then(|| text.clone());
                    }
                }
                Change::Attendance { code, .. } => held.code.clone_from(code),
                Change::Lesson { .. } | Change::Individual { .. } => {}
            }
        }
        grown
    }

    /// Takes the server's word which dot and which comment stand beside what was saved as a version: kept was what stood there, which need
    /// not be what was known here.
    pub fn saved_with(&mut self, place: Place, version: i32, owed: Option<Owed>, comment: Option<String>) {
        let Some((row, column)) = self.find(place) else {
            return;
        };
        let rows = self.rows();
        let assignment = self.columns.get(column).and_then(|c| c.assignment);
        if let (Place::Mark { .. }, Some(a)) = (place, assignment)
            && let Some(held) = self.marks.get_mut(a * rows + row)
            && held.version == version
        {
            held.owed = owed;
            held.comment = comment;
        }
    }

    /// A lesson without works has got its default one.
    fn learn(&mut self, lesson: LessonId, id: AssignmentId) -> bool {
        if self.grid.assignments.iter().any(|a| a.id == id) {
            return false;
        }
        let (Some(at), Some(scale)) = (
            self.grid.lessons.iter().position(|l| l.id == lesson),
            self.grid.scales.first(),
        ) else {
            return false;
        };
        let default = self.grid.work_types.first();
        self.grid.assignments.push(Assignment {
            id,
            lesson,
            work_type: default.map_or(WorkTypeId(0), |t| t.id),
            scale: scale.id,
            title: None,
            weight: default.map_or(Hundredths::whole(1), |t| t.weight),
            version: 1,
        });
        let new = self.grid.assignments.len() - 1;
        let rows = self.rows();
        self.marks.extend(std::iter::repeat_n(Held::default(), rows));
        match self
            .columns
            .iter_mut()
            .find(|c| c.lesson == at && c.assignment.is_none())
        {
            Some(column) => column.assignment = Some(new),
            None => self.columns = columns(&self.grid),
        }
        let waiting: Vec<Place> = self
            .local
            .keys()
            .copied()
            .filter(|p| matches!(p, Place::Mark { lesson: l, assignment: None, .. } if *l == lesson))
            .collect();
        for place in waiting {
            if let (Some(mut local), Place::Mark { pupil, .. }) = (self.local.remove(&place), place) {
                if let Change::Mark { assignment, .. } = &mut local.change {
                    *assignment = Some(id);
                }
                self.local.insert(
                    Place::Mark {
                        lesson,
                        assignment: Some(id),
                        pupil,
                    },
                    local,
                );
            }
        }
        true
    }

    /// Takes a newer answer of the server. Of each place the higher version stays: an answer that was slow on its way takes
    /// nothing back. What was typed and not taken yet stays typed.
    pub fn merge(&mut self, grid: Grid) {
        let old = std::mem::replace(self, Self::new(grid));
        self.local = old.local.clone();
        self.results = old.results.clone();
        for given in old.grid.results.iter().flat_map(|r| &r.given) {
            if let Some(pupil) = old.grid.pupils.get(usize::from(given.0)) {
                // an older one than is known changes nothing, here as there
                let known = self.row_of(pupil.id).and_then(|row| self.given(row));
                if known.is_none_or(|known| known.3 < given.3) {
                    self.give(pupil.id, given.1.clone(), given.2.clone(), given.3);
                }
            }
        }
        for (column, c) in old.columns.iter().enumerate() {
            for row in 0..old.rows() {
                if let (Some(a), Some(place)) = (c.assignment, old.mark_place(row, column)) {
                    self.keep_newer(place, old.mark_at(row, a));
                }
                if c.first
                    && let Some(place) = old.attendance_place(row, column)
                {
                    self.keep_newer(place, old.attendance_at(row, c.lesson));
                }
            }
        }
        for lesson in &mut self.grid.lessons {
            if let Some(before) = old
                .grid
                .lessons
                .iter()
                .find(|l| l.id == lesson.id && l.version > lesson.version)
            {
                lesson.clone_from(before);
            }
        }
    }

    fn keep_newer(&mut self, place: Place, old: Option<&Held>) {
        let Some(old) = old.filter(|h| h.version > 0) else {
            return;
        };
        if self.version(place) >= old.version {
            return;
        }
        let Some((row, column)) = self.find(place) else {
            return;
        };
        let rows = self.rows();
        let slot = match (place, self.columns.get(column)) {
            (
                Place::Mark { .. },
                Some(Column {
                    assignment: Some(a), ..
                }),
            ) => self.marks.get_mut(a * rows + row),
            (Place::Attendance { .. }, Some(c)) => self.attendance.get_mut(c.lesson * rows + row),
            _ => None,
        };
        if let Some(slot) = slot {
            slot.clone_from(old);
        }
    }
}
