//! Marks of a stage that are missing in a journal: what three questions (periods, the year, coursework) find, and the debt it is.

use base::{ClassId, EmployeeId, LoadId, PeriodId};
use chrono::NaiveDate;

use crate::deadline::board::Debt;
use crate::deadline::rule::Kind;
use crate::grading::Stage;

/// Who has no mark of a stage in a journal, as the statements tell it. They ask `load_heard` who hears a load, and `teacher_asked` whom.
#[derive(Debug)]
pub(super) struct Missing {
    pub load_id: i64,
    /// Of a period and its coursework.
    pub period_id: Option<i64>,
    /// The stage's key.
    pub stage: String,
    pub ends_on: NaiveDate,
    pub subject: String,
    pub audience: String,
    pub classes: Vec<i64>,
    pub teacher: Option<i64>,
    pub teacher_name: String,
    pub pupils: i64,
}

impl From<Missing> for Debt {
    fn from(r: Missing) -> Self {
        let period = r.period_id.map(PeriodId);
        let stage = Stage::from_key(&r.stage, period);
        Self {
            lesson: None,
            load: Some(LoadId(r.load_id)),
            period,
            // a period's own mark is told by the period alone
            stage: stage.filter(|s| !matches!(s, Stage::Period(_))),
            date: r.ends_on,
            number: 0,
            pupils: r.pupils,
            subject: r.subject,
            audience: r.audience,
            classes: r.classes.into_iter().map(ClassId).collect(),
            teacher: r.teacher.map(EmployeeId),
            teacher_name: r.teacher_name,
            kind: Kind::Totals,
            due: r.ends_on,
        }
    }
}
