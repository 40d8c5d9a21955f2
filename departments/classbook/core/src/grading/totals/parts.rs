//! Who and what stands behind the figures of a column: the pupils that its indicators count, the marks that a year is the mean of.

use base::PupilId;
use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use super::{Column, Stage, Totals, counts};
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

    /// The columns that the mark of a year or the final one is counted from for a pupil, each with the mark that stands.
    #[must_use]
    pub fn parts(&self, pupil: &Pupil, column: &Column) -> Vec<(&Column, Option<&str>)> {
        let all = self.columns.iter();
        let wanted = all.filter(|c| match column.stage {
            // a period that the pupil was not there in is no mark that is missing
            Stage::Year => {
                c.stage.period().is_some()
                    && (Self::belongs(pupil, c) || self.code(pupil.id, c.stage).is_some())
            }
            Stage::Final => matches!(c.stage, Stage::Year | Stage::Exam),
            Stage::Period(_) | Stage::Exam => false,
        });
        wanted.map(|c| (c, self.code(pupil.id, c.stage))).collect()
    }
}
