//! What others did in an open journal, as it travels: cells that changed, who else is there.

use base::{AssignmentId, LessonId, PupilId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::cell::Change;
use crate::owed::{Owed, Wish};

/// How a period of a journal stands for whoever looks, without its marks and attendance: as long as two pulses are equal, lessons, works, topics,
/// homework, marks of periods, what is closed and one's own questions about it are the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pulse(pub String);

/// What happened since the last step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The moment it was looked at: the next look asks from here.
    pub at: DateTime<Utc>,
    /// Lessons and works are others now when this is not the pulse of the grid: it is to be asked for anew.
    pub pulse: Pulse,
    /// Who else has the journal open: «Петрова М. И.».
    pub others: Vec<String>,
    /// Marks that were given, changed or cleared; some of them may be known already.
    pub marks: Vec<MarkNews>,
    /// The same of attendance.
    pub attendance: Vec<AttendanceNews>,
}

/// A mark as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkNews {
    /// Its lesson.
    pub lesson: LessonId,
    /// Its work.
    pub assignment: AssignmentId,
    /// Whose.
    pub pupil: PupilId,
    /// `None`: cleared.
    pub code: Option<String>,
    /// The comment.
    pub comment: Option<String>,
    /// The dot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owed: Option<Owed>,
    /// The version that this is.
    pub version: i32,
}

/// Attendance as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttendanceNews {
    /// Its lesson.
    pub lesson: LessonId,
    /// Whose.
    pub pupil: PupilId,
    /// `None`: was present.
    pub code: Option<String>,
    /// The version that this is.
    pub version: i32,
}

impl Step {
    /// What happened, as changes with the versions they made.
    pub fn changes(&self) -> impl Iterator<Item = (Change, i32)> {
        let marks = self.marks.iter().map(|m| {
            let change = Change::Mark {
                lesson: m.lesson,
                assignment: Some(m.assignment),
                pupil: m.pupil,
                code: m.code.clone(),
                // an empty text is no comment, which `None` would leave as it is
                comment: Some(m.comment.clone().unwrap_or_default()),
                owed: Wish::back_to(m.owed),
            };
            (change, m.version)
        });
        let attendance = self.attendance.iter().map(|a| {
            let change = Change::Attendance {
                lesson: a.lesson,
                pupil: a.pupil,
                code: a.code.clone(),
            };
            (change, a.version)
        });
        marks.chain(attendance)
    }
}
