//! A row of `notice` with the names beside it, as three questions find it.

use base::{AssignmentId, NoticeId, PupilId};
use chrono::{DateTime, NaiveDate, Utc};

use crate::notice::{Kind, Notice};

pub(super) struct Row {
    pub id: i64,
    pub pupil_id: i64,
    pub first_name: String,
    pub kind: String,
    pub at: DateTime<Utc>,
    pub assignment_id: Option<i64>,
    pub old: Option<String>,
    pub new: Option<String>,
    pub subject: Option<String>,
    pub date: Option<NaiveDate>,
    pub unread: bool,
}

impl Row {
    /// What it tells; what a newer server tells of is left out by an older one.
    pub fn notice(self) -> Option<Notice> {
        Some(Notice {
            id: NoticeId(self.id),
            pupil: PupilId(self.pupil_id),
            child: self.first_name,
            kind: Kind::from_key(&self.kind)?,
            at: self.at,
            subject: self.subject,
            date: self.date,
            assignment: self.assignment_id.map(AssignmentId),
            old: self.old,
            new: self.new,
            unread: self.unread,
        })
    }
}
