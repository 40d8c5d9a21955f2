//! Typed ids: a pupil's number is not a class's number. Each is an `i64` on the wire and in the database.

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "sql", derive(sqlx::Type), sqlx(transparent))]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                s.parse().map(Self)
            }
        }
    )*};
}

ids! {
    /// An organisation; of a school's data, the first part of every key.
    SchoolId,
    /// A person, once in the region.
    PersonId,
    /// An account (учётная запись).
    AccountId,
    /// A position (должность) of an organisation.
    PositionId,
    /// An appointment (назначение) of an employee to a position.
    AppointmentId,
    /// A member of staff of one school (сотрудник).
    EmployeeId,
    /// A pupil or student of one school.
    PupilId,
    /// An academic year.
    YearId,
    /// A study period: quarter, half-year, semester.
    PeriodId,
    /// A class or college group.
    ClassId,
    /// A subgroup of a class.
    SubgroupId,
    /// A subject.
    SubjectId,
    /// A room.
    RoomId,
    /// A building of a school.
    BuildingId,
    /// A bell schedule of a school (расписание звонков).
    BellsId,
    /// A teaching load (нагрузка): subject, audience, teachers; one journal.
    LoadId,
    /// A version of the timetable.
    VersionId,
    /// A card of a timetable version.
    CardId,
    /// A search for a timetable (составление).
    RunId,
    /// A requirement of a school to its timetable (требование).
    RequirementId,
    /// Lessons that an imported file names together.
    LessonListId,
    /// A lesson on a date.
    LessonId,
    /// An assignment of a lesson, for which marks are given.
    AssignmentId,
    /// A work type (контрольная, ответ на уроке).
    WorkTypeId,
    /// A mark scale.
    ScaleId,
    /// A mark of a period, of a year, of an exam (отметка за период).
    PeriodMarkId,
    /// A question about a mark (вопрос об отметке).
    DisputeId,
    /// What is told of a child (уведомление).
    NoticeId,
    /// A note of a future absence (предупреждение об отсутствии).
    AbsenceNoteId,
    /// A homework for some pupils only (индивидуальное задание).
    IndividualHomeworkId,
    /// A file of a homework.
    HomeworkFileId,
    /// An assessment work of the schedule (оценочная процедура).
    AssessmentId,
    /// Days on which a class learns at a distance.
    DistanceSpanId,
    /// A reason of absences set for a span of days (причина пропусков за дни).
    AbsenceReasonId,
    /// An exemption from a subject (освобождение).
    ExemptionId,
    /// A rule of marking (правило оценивания).
    RuleId,
    /// An event of the audit journal.
    AuditId,
}
