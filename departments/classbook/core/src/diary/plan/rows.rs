//! The rows of a week, as the database brings them.

use base::{AssignmentId, CardId, EmployeeId, LessonId, LoadId, PersonId, PupilId};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::Deserialize;

use crate::acknowledgement::Signed;
use crate::diary::State;
use crate::distance::Meeting;
use crate::homework::Attached;
use crate::owed::Work;
use crate::scale::Counting;

/// Who asks about whom, and what that pupil is taught in the span.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Own {
    pub people: Vec<PersonRow>,
    pub years: Vec<YearRow>,
    pub spans: Vec<SpanRow>,
    pub taught: Vec<TaughtRow>,
}

/// What is alike for everybody who is taught the same in the span.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Frame {
    pub taught_by: Vec<TeachesRow>,
    pub teachers: Vec<TeacherRow>,
    pub works: Vec<WorkRow>,
    pub scales: Vec<ScaleRow>,
    pub loads: Vec<LoadRow>,
    pub lessons: Vec<LessonRow>,
    pub cards: Vec<CardRow>,
    pub bells: Vec<BellRow>,
    pub holidays: Vec<HolidayRow>,
    pub periods: Vec<PeriodRow>,
    pub homework: Vec<HomeworkRow>,
    pub assessments: Vec<AssessmentRow>,
    pub meetings: Vec<MeetingRow>,
}

/// An assessment work that is planned.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct AssessmentRow {
    pub load_id: LoadId,
    pub held_on: NaiveDate,
    pub kind: String,
    pub title: String,
}

/// How lessons are held: one of them, or those of a load on some days.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct MeetingRow {
    pub load_id: LoadId,
    /// One lesson; none: all from the first day to the last.
    pub lesson_id: Option<LessonId>,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    #[serde(flatten)]
    pub meeting: Meeting,
}

/// What is the pupil's own: asked for each time.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Given {
    /// What changed later is new.
    pub since: DateTime<Utc>,
    /// Marks of the frame's works.
    pub marks: Vec<GivenRow>,
    /// New marks of other works.
    pub news: Vec<MarkRow>,
    /// Who gave them, where it was not a teacher of the frame.
    pub names: Vec<NameRow>,
    pub absences: Vec<AbsenceRow>,
    /// Homework that not the whole class was given.
    #[serde(default)]
    pub homework: Vec<HomeworkRow>,
    /// What is owed, of whatever week.
    #[serde(default)]
    pub owed: Vec<Work>,
    /// Who has acknowledged the week.
    #[serde(default)]
    pub signed: Vec<Signed>,
    /// What the family was told since, but marks that stand: the newest first.
    #[serde(default)]
    pub told: Vec<ToldRow>,
    /// The first day of a timetable that was published since and is in force or comes into it.
    #[serde(default)]
    pub timetable: Option<NaiveDate>,
}

/// A notice of the pupil; see [`crate::notice`].
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct ToldRow {
    pub id: i64,
    pub kind: String,
    pub at: DateTime<Utc>,
    pub subject: Option<String>,
    pub date: Option<NaiveDate>,
    pub lesson: Option<LessonId>,
    pub assignment: Option<AssignmentId>,
    pub old: Option<String>,
    pub new: Option<String>,
    #[serde(default)]
    pub change: Option<crate::notice::HomeworkChange>,
    #[serde(default)]
    pub until: Option<NaiveDate>,
    #[serde(default)]
    pub period_mark: Option<base::PeriodMarkId>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct LoadRow {
    pub id: LoadId,
    pub subject: String,
}

/// Whose diary, or the viewer's own child.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct PersonRow {
    pub pupil: PupilId,
    pub first_name: String,
    pub last_name: String,
    pub class: Option<String>,
    /// The actor leads this class.
    pub leads: bool,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct YearRow {
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
}

/// The pupil belongs to the audience of a load.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
pub(crate) struct TaughtRow {
    pub load: LoadId,
    pub starts_on: NaiveDate,
    pub ends_on: Option<NaiveDate>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct TeachesRow {
    pub load: LoadId,
    pub employee: EmployeeId,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct TeacherRow {
    pub id: EmployeeId,
    pub person: PersonId,
    pub name: String,
}

/// A work of a lesson.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct WorkRow {
    pub id: AssignmentId,
    pub lesson_id: LessonId,
    pub weight: i64,
    pub work: String,
    pub title: Option<String>,
}

/// What a mark says beside its value; where the school has said nothing, what is usual by the best of the scale.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Said {
    #[serde(default)]
    pub level: Option<String>,
    #[serde(default)]
    pub counts_as: Option<i64>,
    #[serde(default)]
    pub best: Option<i64>,
}

impl Said {
    pub(crate) fn counting(&self, code: &str, value: Option<i64>) -> Counting {
        let best = self.best.unwrap_or_default();
        Counting::read(code, value, best, self.level.as_deref(), self.counts_as)
    }
}

/// A mark of a scale.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct ScaleRow {
    pub scale: i64,
    pub code: String,
    pub words: String,
    pub value: Option<i64>,
    #[serde(flatten)]
    pub said: Said,
}

/// A mark of one of the frame's works.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct GivenRow {
    pub assignment: AssignmentId,
    pub scale: i64,
    pub code: String,
    pub comment: Option<String>,
    pub by: PersonId,
    pub at: DateTime<Utc>,
    pub version: i32,
    #[serde(default)]
    pub replaced: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct NameRow {
    pub person: PersonId,
    pub name: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct LessonRow {
    pub id: LessonId,
    pub load_id: LoadId,
    pub held_on: NaiveDate,
    pub slot: i16,
    pub card_id: Option<CardId>,
    pub room: Option<String>,
    pub employee_id: Option<EmployeeId>,
    pub topic: Option<String>,
    pub state: State,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct CardRow {
    pub id: CardId,
    pub load_id: LoadId,
    pub duration: i16,
    pub weeks: String,
    pub day: i64,
    pub slot: i16,
    pub room: Option<String>,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    pub days: i64,
    pub cycle_weeks: i64,
    pub year_starts_on: NaiveDate,
    /// When the pupil belongs to the load's audience.
    pub starts_on: NaiveDate,
    pub ends_on: Option<NaiveDate>,
}

/// The pupil in a class.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
pub(crate) struct SpanRow {
    pub year: i64,
    pub grade: i16,
    /// The system of periods by which the class goes.
    pub system: i64,
    pub starts_on: NaiveDate,
    pub ends_on: Option<NaiveDate>,
}

/// A bell of a grade's weekday (1 = Monday).
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct BellRow {
    pub grade: i16,
    pub weekday: u32,
    pub number: i16,
    pub starts_at: NaiveTime,
    pub ends_at: NaiveTime,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct HolidayRow {
    pub title: String,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    /// Of one grade, or of those who go by one system of periods; neither: of everybody.
    pub grade: Option<i16>,
    pub system: Option<i64>,
}

/// A period of one of the systems by which the pupil's classes go.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct PeriodRow {
    pub system: i64,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct HomeworkRow {
    pub id: i64,
    pub load_id: LoadId,
    pub lesson_id: LessonId,
    pub due_on: Option<NaiveDate>,
    pub text: String,
    pub minutes: Option<i16>,
    pub held_on: NaiveDate,
    pub slot: i16,
    #[serde(default)]
    pub links: Vec<String>,
    #[serde(default)]
    pub files: Vec<Attached>,
    /// The pupil's own, not the class's.
    #[serde(default)]
    pub individual: bool,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct MarkRow {
    pub lesson_id: LessonId,
    pub assignment_id: AssignmentId,
    pub code: String,
    pub words: String,
    pub value: Option<i64>,
    pub weight: i64,
    pub work: String,
    pub title: Option<String>,
    pub comment: Option<String>,
    pub by: Option<String>,
    pub changed_at: DateTime<Utc>,
    pub version: i32,
    pub held_on: NaiveDate,
    pub subject: String,
    #[serde(default)]
    pub new: bool,
    #[serde(default)]
    pub replaced: Option<String>,
    #[serde(flatten)]
    pub said: Said,
    /// Its scale, where what it counts depends on that of the results.
    #[serde(default)]
    pub scale: Option<i64>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct AbsenceRow {
    pub lesson_id: LessonId,
    pub code: String,
    pub title: String,
    pub absent: bool,
}
