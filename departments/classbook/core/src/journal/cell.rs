//! One change of a journal, its address and its outcome: what travels when a teacher types.

use base::{AppError, AssignmentId, IndividualHomeworkId, LessonId, PersonId, PupilId, SchoolId};
use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};
pub use uuid::Uuid;

use crate::homework::IndividualEdit;
use crate::owed::{Owed, Wish};

/// What is changed. A version counts the changes of one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// A mark; without an assignment it is the lesson's first one, made when there is none.
    Mark {
        /// The lesson.
        lesson: LessonId,
        /// The work it is given for.
        assignment: Option<AssignmentId>,
        /// To whom.
        pupil: PupilId,
    },
    /// Attendance of a lesson.
    Attendance {
        /// The lesson.
        lesson: LessonId,
        /// Whose.
        pupil: PupilId,
    },
    /// Topic and homework of a lesson.
    Lesson {
        /// The lesson.
        lesson: LessonId,
    },
    /// Homework for some pupils of a lesson.
    Individual {
        /// The lesson.
        lesson: LessonId,
        /// Which; `None`: one that is being given.
        homework: Option<IndividualHomeworkId>,
        /// Tells those apart that are being given.
        draft: Option<Uuid>,
    },
}

impl Place {
    /// The lesson it lies in.
    #[must_use]
    pub fn lesson(self) -> LessonId {
        match self {
            Self::Mark { lesson, .. }
            | Self::Attendance { lesson, .. }
            | Self::Lesson { lesson }
            | Self::Individual { lesson, .. } => lesson,
        }
    }

    /// The line in which changes of this place wait for each other; also its key in the browser's queue.
    #[must_use]
    pub fn line(self) -> String {
        match self {
            Self::Mark {
                lesson,
                assignment,
                pupil,
            } => {
                format!("m:{lesson}:{}:{pupil}", assignment.map_or(0, |a| a.0))
            }
            Self::Attendance { lesson, pupil } => format!("a:{lesson}:{pupil}"),
            Self::Lesson { lesson } => format!("l:{lesson}"),
            Self::Individual {
                lesson,
                homework,
                draft,
            } => {
                let draft = draft.map(|d| d.simple().to_string()).unwrap_or_default();
                format!("i:{lesson}:{}:{draft}", homework.map_or(0, |h| h.0))
            }
        }
    }
}

/// What a place is to hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "to", rename_all = "snake_case")]
pub enum Change {
    /// A mark.
    Mark {
        /// The lesson.
        lesson: LessonId,
        /// The work; `None`: the lesson's first, made when there is none.
        assignment: Option<AssignmentId>,
        /// To whom.
        pupil: PupilId,
        /// A code of the scale; `None` clears.
        code: Option<String>,
        /// `None` leaves the comment as it is, an empty text removes it.
        comment: Option<String>,
        /// What is wanted of the dot in the place.
        #[serde(default, skip_serializing_if = "Wish::is_kept")]
        owed: Wish,
    },
    /// Attendance.
    Attendance {
        /// The lesson.
        lesson: LessonId,
        /// Whose.
        pupil: PupilId,
        /// A code of the school; `None`: was present.
        code: Option<String>,
    },
    /// Topic and homework.
    Lesson {
        /// The lesson.
        lesson: LessonId,
        /// What the lesson is about.
        topic: Option<String>,
        /// What was set; `None` removes it.
        homework: Option<Homework>,
        /// So many files go with a homework that is removed: as many as the person saw and said. A page older than this says nothing, and
        /// what has files stays then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        files_go: Option<i64>,
    },
    /// Homework for some pupils.
    Individual {
        /// Tells apart those that are being given.
        draft: Option<Uuid>,
        /// What it is to be; the version in it is the act's.
        #[serde(flatten)]
        edit: IndividualEdit,
    },
}

impl Change {
    /// Its address.
    #[must_use]
    pub fn place(&self) -> Place {
        match *self {
            Self::Mark {
                lesson,
                assignment,
                pupil,
                ..
            } => Place::Mark {
                lesson,
                assignment,
                pupil,
            },
            Self::Attendance { lesson, pupil, .. } => Place::Attendance { lesson, pupil },
            Self::Lesson { lesson, .. } => Place::Lesson { lesson },
            Self::Individual { draft, ref edit } => Place::Individual {
                lesson: edit.lesson,
                homework: edit.id,
                draft,
            },
        }
    }
}

/// Homework of a lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Homework {
    /// What to do; empty where an address or a file says it.
    pub text: String,
    /// By when; `None`: by the next lesson.
    pub due_on: Option<NaiveDate>,
    /// How long it takes, for the daily limit (domain facts 2.2).
    pub minutes: Option<i16>,
    /// Addresses to open, https only; `None`, which a page older than this sends, leaves them as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub links: Option<Vec<String>>,
}

impl Homework {
    /// It has words or an address; else only files make a homework of it.
    #[must_use]
    pub fn says(&self) -> bool {
        !self.text.trim().is_empty() || self.links.as_ref().is_some_and(|links| !links.is_empty())
    }

    /// What a line of a list shows of it.
    #[must_use]
    pub fn words(&self, lang: base::Lang) -> String {
        crate::homework::words(&self.text, self.links.as_deref().unwrap_or_default(), lang)
    }
}

/// One act of a person, made once, sent as often as needed: its id is made in the browser and stored with the event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// The id of the act.
    pub op_id: Uuid,
    /// What it does.
    pub change: Change,
    /// The version the person saw; 0 for an empty place.
    pub expected: i32,
}

/// Acts to save, each by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Who typed them. Acts of one person are never saved in the name of another who has signed in meanwhile.
    pub person: PersonId,
    /// In which school.
    pub school: SchoolId,
    /// The acts, at most [`Batch::MOST`], in the order of typing.
    pub edits: Vec<Edit>,
}

impl Batch {
    /// The most acts one batch may hold.
    pub const MOST: usize = 200;
}

/// What became of an act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Which act.
    pub op_id: Uuid,
    /// The work the mark went to, for a mark.
    pub assignment: Option<AssignmentId>,
    /// The dot that stands there then, for a mark: what was kept need not be what the browser knew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owed: Option<Owed>,
    /// Its comment, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Its outcome.
    pub outcome: Outcome,
}

/// The outcome of an act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Outcome {
    /// Done now.
    Saved {
        /// The version it made.
        version: i32,
    },
    /// Done before: the answer had been lost on the way.
    Duplicate {
        /// The version it had made.
        version: i32,
    },
    /// Somebody changed the place meanwhile; nothing was changed.
    Conflict(Meanwhile),
    /// It breaks a rule or a right; nothing was changed.
    Refused {
        /// In the person's language.
        message: String,
    },
}

impl Outcome {
    /// A refusal that carries an error's words.
    #[must_use]
    pub fn refused(error: &AppError, lang: base::Lang) -> Self {
        Self::Refused {
            message: error.message(lang),
        }
    }
}

/// What somebody else did meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meanwhile {
    /// What the place holds now, as a person reads it; `None`: nothing.
    pub value: Option<String>,
    /// The comment of a mark, the homework of a lesson.
    pub comment: Option<String>,
    /// The dot of a mark's place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owed: Option<Owed>,
    /// Its version now.
    pub version: i32,
    /// Who.
    pub by: String,
    /// When, by the school's clock.
    pub at: NaiveDateTime,
}

/// Somebody of the family has looked into the diary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looked {
    /// «Абрамова Мария».
    pub name: String,
    /// The pupil; else a guardian.
    pub pupil: bool,
    /// When they last looked, in the school's time.
    pub at: NaiveDateTime,
    /// The mark stood there then, as it stands now.
    pub seen: bool,
}

/// One entry of a place's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    /// Who.
    pub by: String,
    /// When, in the school's time.
    pub at: NaiveDateTime,
    /// Before.
    pub old: Option<String>,
    /// After; `None`: cleared.
    pub new: Option<String>,
    /// The comment after, where it changed.
    pub comment: Option<String>,
}
