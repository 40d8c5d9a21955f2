//! Who and what stands behind the figures of a column: the pupils that its indicators count, the marks that a year is the mean of.

use base::{PeriodId, PupilId};
use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use super::{Column, Stage, Totals, counts};
use crate::grading::rules::Interim;
use crate::journal::grid::Pupil;

/// A pupil behind the indicators of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedPupil<'a> {
    /// Who.
    pub pupil: &'a Pupil,
    /// The mark; none is no mark yet.
    pub code: Option<&'a str>,
    /// Without a mark, exempt by a paper.
    pub exempt: bool,
}

/// A mark of a column, and who gave it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Giver {
    /// To whom.
    pub pupil: PupilId,
    /// For what.
    pub stage: Stage,
    /// Who gave it, or changed it last.
    pub by: String,
    /// When, in the school's time.
    pub at: NaiveDateTime,
}

impl Totals {
    /// The pupils that the indicators of a column are counted over, by name.
    #[must_use]
    pub fn counted_pupils(&self, column: &Column) -> Vec<CountedPupil<'_>> {
        let days = (column.starts_on, column.ends_on);
        let there = self.pupils.iter().enumerate();
        let there = there.filter(|(_, p)| counts(p, days, self.today));
        there
            .map(|(row, pupil)| {
                let code = self.code(pupil.id, column.stage);
                CountedPupil {
                    pupil,
                    code,
                    exempt: code.is_none() && self.is_exempt(row, column),
                }
            })
            .collect()
    }

    /// The columns that the mark of a half-year or of the year is counted from for a pupil: its periods, and interim attestation where the
    /// school's rule counts it as one more.
    pub(super) fn parts_of(&self, pupil: &Pupil, column: &Column) -> Vec<&Column> {
        let (from, to) = (column.starts_on, column.ends_on);
        let half = matches!(column.stage, Stage::HalfYear(_));
        let part = |c: &&Column| {
            let marked = self.code(pupil.id, c.stage).is_some();
            match c.stage {
                // a period that the pupil was not there in is no mark that is missing
                Stage::Period(_) => {
                    (!half || from <= c.starts_on && c.ends_on <= to) && (Self::belongs(pupil, c) || marked)
                }
                // nor is the interim attestation of a subject that has none
                Stage::Interim => {
                    !half && self.interim_counts(column) && (marked || self.interim_form.is_some())
                }
                _ => false,
            }
        };
        self.columns.iter().filter(part).collect()
    }

    /// Does interim attestation enter the mark of this column?
    #[must_use]
    pub fn interim_counts(&self, column: &Column) -> bool {
        column.stage == Stage::Year && self.terms(column).interim == Interim::Period
    }

    /// The period with which a column is closed and opened: its own, that of a half-year is its later quarter.
    #[must_use]
    pub fn closed_with(&self, column: &Column) -> Option<PeriodId> {
        match column.stage {
            Stage::Period(id) | Stage::Coursework(id) => Some(id),
            Stage::HalfYear(_) => {
                let mut all = self.columns.iter().filter(|c| c.ends_on == column.ends_on);
                all.find_map(|c| c.stage.period())
            }
            Stage::Interim | Stage::Year | Stage::Exam | Stage::Final => None,
        }
    }

    /// The columns that the mark of a half-year, of a year or the final one is counted from for a pupil, each with the mark that stands.
    #[must_use]
    pub fn parts(&self, pupil: &Pupil, column: &Column) -> Vec<(&Column, Option<&str>)> {
        let wanted: Vec<&Column> = match column.stage {
            Stage::HalfYear(_) | Stage::Year => self.parts_of(pupil, column),
            Stage::Final => {
                let all = self.columns.iter();
                all.filter(|c| matches!(c.stage, Stage::Year | Stage::Exam))
                    .collect()
            }
            Stage::Period(_) | Stage::Coursework(_) | Stage::Interim | Stage::Exam => vec![],
        };
        let marked = |c: &Column| self.code(pupil.id, c.stage);
        wanted.into_iter().map(|c| (c, marked(c))).collect()
    }
}
