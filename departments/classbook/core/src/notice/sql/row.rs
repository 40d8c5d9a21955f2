//! A row of the view `told_notice`, as three questions find it.

use base::{AssignmentId, ClassId, LessonId, LoadId, NoticeId, PeriodMarkId, PupilId};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::types::Json;

use crate::notice::{HomeworkChange, Kind, Notice};

pub(super) struct Row {
    pub id: i64,
    pub pupil_id: Option<i64>,
    pub first_name: Option<String>,
    pub kind: String,
    pub at: DateTime<Utc>,
    pub assignment_id: Option<i64>,
    pub load_id: Option<i64>,
    pub lesson_id: Option<i64>,
    pub old: Option<String>,
    pub new: Option<String>,
    pub change: Option<Json<HomeworkChange>>,
    pub subject: Option<String>,
    pub date: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
    pub about_pupil_id: Option<i64>,
    pub class_id: Option<i64>,
    pub period_mark_id: Option<i64>,
    pub unread: bool,
}

impl Row {
    /// What it tells; what a newer server tells of is left out by an older one.
    pub fn notice(self) -> Option<Notice> {
        Some(Notice {
            id: NoticeId(self.id),
            pupil: self.pupil_id.map(PupilId),
            child: self.first_name.unwrap_or_default(),
            kind: Kind::from_key(&self.kind)?,
            at: self.at,
            subject: self.subject,
            date: self.date,
            until: self.until,
            assignment: self.assignment_id.map(AssignmentId),
            about: self.about_pupil_id.map(PupilId),
            lesson: self.load_id.map(LoadId).zip(self.lesson_id.map(LessonId)),
            period_mark: self.period_mark_id.map(PeriodMarkId),
            load: self.load_id.map(LoadId),
            class: self.class_id.map(ClassId),
            old: self.old,
            new: self.new,
            change: self.change.map(|c| c.0),
            unread: self.unread,
        })
    }
}
