//! What a person is told about a timetable, in numbers.

use crate::board::Board;
use crate::ids::{ClassIx, TeacherIx, narrow};
use crate::review::Count;
use serde::{Deserialize, Serialize};

/// Figures of a timetable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// Cards without a place.
    pub unplaced: u32,
    /// Free slots between lessons, of all teachers and days.
    pub teacher_windows: u32,
    /// Free slots between lessons, of all classes and days; of a class the pupil with the most.
    pub class_windows: u32,
    /// Clashes.
    pub clashes: u32,
    /// What the review calls poor, as everywhere ([`Count`]).
    pub remarks: u32,
}

impl Score {
    /// The figures of a board.
    #[must_use]
    pub fn of(board: &Board) -> Self {
        let count = Count::of(&board.conflicts());
        let teachers = (0..board.spec().teachers.len()).map(TeacherIx::at);
        let classes = (0..board.spec().classes.len()).map(ClassIx::at);
        let windows = |days: Vec<crate::DayFigures>| days.iter().map(|d| u32::from(d.windows)).sum::<u32>();
        Self {
            unplaced: narrow(board.unplaced().len()),
            teacher_windows: teachers.map(|t| windows(board.teacher_days(t))).sum(),
            class_windows: classes.map(|c| windows(board.class_days(c))).sum(),
            clashes: count.clashes,
            remarks: count.remarks,
        }
    }
}
