//! The sheet of totals of a journal («Итоги»): all pupils × periods, year, exam and final mark, each with what the rules propose.

mod parts;
mod stage;

use base::number::Hundredths;
use base::{LoadId, PersonId, PupilId, SchoolId, SubjectId};
use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use super::indicators::{Indicators, Standing, indicators};
use super::periods::Asked;
use super::proposal::{Counted, Proposal, YearProposal, attest, is_closing, propose_year};
use super::rules::{Rule, Terms, terms_on};
use crate::exemption::Spell;
use crate::journal::cell::Past;
use crate::journal::grid::{Pupil, ScaleItem};

pub use parts::{CountedPupil, Giver};
pub use stage::{Column, Half, Shut, Stage, half_years};

/// A work of the year, for which marks were given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// The day of its lesson.
    pub date: NaiveDate,
    /// Its weight.
    pub weight: Hundredths,
}

/// A current mark: pupil and work by their place in [`Totals::pupils`] and [`Totals::works`], its value if it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Current(pub u16, pub u16, pub Option<Hundredths>);

/// A mark that was given for a column, or taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// To whom.
    pub pupil: PupilId,
    /// For what.
    pub stage: Stage,
    /// `None`: taken back.
    pub code: Option<String>,
    /// Why it stands a whole mark from what was proposed.
    pub reason: Option<String>,
    /// Counts its changes.
    pub version: i32,
}

/// What a given mark of another scale than that of the results says on it: as long as it stands in this version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Other {
    /// To whom.
    pub pupil: PupilId,
    /// For what.
    pub stage: Stage,
    /// In which version.
    pub version: i32,
    /// What it counts.
    pub counts: Option<Hundredths>,
    /// Its level.
    pub standing: Standing,
}

/// The sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Who asks.
    pub person: PersonId,
    /// The open school.
    pub school: SchoolId,
    /// The journal.
    pub load: LoadId,
    /// The subject: marks of periods are for it, whatever the journal.
    pub subject_id: SubjectId,
    /// Its name.
    pub subject: String,
    /// To whom it is taught.
    pub audience: String,
    /// The lowest grade of the audience.
    pub grade: i16,
    /// Hours a week.
    pub week_hours: Hundredths,
    /// Today, in the school.
    pub today: NaiveDate,
    /// May marks be given?
    pub may_edit: bool,
    /// Periods by date, in a college each with its coursework, a half-year after its quarters; then interim attestation, year, exam, final.
    pub columns: Vec<Column>,
    /// The pupils of the year, by name.
    pub pupils: Vec<Pupil>,
    /// The scale of its results.
    pub scale: Vec<ScaleItem>,
    /// The works.
    pub works: Vec<Work>,
    /// The current marks.
    pub current: Vec<Current>,
    /// The marks of the columns.
    pub given: Vec<Given>,
    /// Those among them that are of another scale.
    #[serde(default)]
    pub others: Vec<Other>,
    /// The rules of the school.
    pub rules: Vec<Rule>,
    /// In what form the interim attestation of this journal is: «зачёт»; without one nobody waits for its marks.
    #[serde(default)]
    pub interim_form: Option<String>,
    /// The topics of coursework.
    #[serde(default)]
    pub topics: Vec<Topic>,
    /// Who is exempt from the subject on which days.
    #[serde(default)]
    pub exempt: Vec<Spell>,
    /// How one's own last questions about closed periods stand, one a period.
    #[serde(default)]
    pub asked: Vec<Asked>,
    /// A school: its first grade gets no marks unless it says so. The first course of a college does.
    #[serde(default)]
    pub is_school: bool,
}

/// What a coursework is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    /// Whose.
    pub pupil: PupilId,
    /// Of which coursework.
    pub stage: Stage,
    /// «Учёт основных средств».
    pub topic: String,
}

/// What is proposed for a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Suggestion {
    /// From the marks of a period.
    Marks(Proposal),
    /// From period marks, or from year and exam.
    Totals(YearProposal),
    /// «осв», with the mark of the scale for it: without a mark, and exempt on the last day.
    Exempt(String),
    /// Nothing: an exam, or an interim attestation, is marked by itself.
    Nothing,
}

impl Suggestion {
    /// The proposed mark.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Marks(p) => p.code.as_deref(),
            Self::Totals(p) => p.code.as_deref(),
            Self::Exempt(code) => Some(code),
            Self::Nothing => None,
        }
    }

    /// What the marks come to, whatever is proposed: where «н/а» is proposed for too few of them, what they are instead.
    #[must_use]
    pub fn by_marks(&self) -> Option<&str> {
        match self {
            Self::Marks(p) => p.by_marks().0,
            _ => self.code(),
        }
    }

    /// The value of what the marks come to: a mark that stands a whole mark from it asks for a reason.
    #[must_use]
    pub fn value(&self) -> Option<Hundredths> {
        match self {
            Self::Marks(p) => p.by_marks().1,
            Self::Totals(p) => p.value,
            Self::Exempt(_) | Self::Nothing => None,
        }
    }

    /// The average behind it.
    #[must_use]
    pub fn average(&self) -> Option<Hundredths> {
        match self {
            Self::Marks(p) => p.average,
            Self::Totals(p) => p.average,
            Self::Exempt(_) | Self::Nothing => None,
        }
    }

    /// «н/а» is proposed: how many marks count, and how many are needed.
    #[must_use]
    pub fn not_attested(&self) -> Option<(i64, i16)> {
        match self {
            Self::Marks(p) => p.alone.as_ref().map(|_| (p.count, p.minimum)),
            _ => None,
        }
    }

    /// There is enough to attest by.
    #[must_use]
    pub fn is_enough(&self) -> bool {
        match self {
            Self::Marks(p) => p.is_enough(),
            Self::Totals(p) => p.count > 0 && p.missing == 0,
            Self::Exempt(_) => true,
            Self::Nothing => false,
        }
    }
}

impl Totals {
    /// What holds for a column.
    #[must_use]
    pub fn terms(&self, column: &Column) -> Terms {
        terms_on(&self.rules, self.grade, column.ends_on)
    }

    /// The best value of the scale.
    #[must_use]
    pub fn best(&self) -> Hundredths {
        self.scale
            .iter()
            .filter_map(|i| i.value)
            .max()
            .unwrap_or_default()
    }

    /// What a code of the scale is.
    #[must_use]
    pub fn item(&self, code: &str) -> Option<&ScaleItem> {
        self.scale.iter().find(|i| i.code == code)
    }

    /// What was given to a pupil for a column.
    #[must_use]
    pub fn given(&self, pupil: PupilId, stage: Stage) -> Option<&Given> {
        self.given.iter().find(|g| g.pupil == pupil && g.stage == stage)
    }

    /// What a pupil's coursework is about.
    #[must_use]
    pub fn topic(&self, pupil: PupilId, stage: Stage) -> Option<&str> {
        let mut all = self.topics.iter();
        let found = all.find(|t| (t.pupil, t.stage) == (pupil, stage));
        found.map(|t| t.topic.as_str())
    }

    /// The mark there, if one stands.
    #[must_use]
    pub fn code(&self, pupil: PupilId, stage: Stage) -> Option<&str> {
        self.given(pupil, stage)?.code.as_deref()
    }

    /// What a mark that stands counts, and its level, by the scale on which it was given.
    fn standing(&self, pupil: PupilId, stage: Stage) -> Option<(Option<Hundredths>, Standing)> {
        let given = self.given(pupil, stage)?;
        let code = given.code.as_deref()?;
        let other = self.others.iter();
        let mut other = other.filter(|o| (o.pupil, o.stage, o.version) == (pupil, stage, given.version));
        if let Some(other) = other.next() {
            return Some((other.counts, other.standing));
        }
        self.item(code).map(|i| (i.value, i.standing))
    }

    /// The level of a mark that stands.
    #[must_use]
    pub fn level(&self, pupil: PupilId, stage: Stage) -> Option<Standing> {
        self.standing(pupil, stage).map(|(_, standing)| standing)
    }

    /// Does the audience get no marks in a column?
    #[must_use]
    pub fn is_markless(&self, column: &Column) -> bool {
        self.is_school && !self.terms(column).marks_given(self.grade)
    }

    /// Did the pupil belong to the audience in some days of the column?
    #[must_use]
    pub fn belongs(pupil: &Pupil, column: &Column) -> bool {
        pupil.within((column.starts_on, column.ends_on))
    }

    /// The marks of a pupil between the days of a column, as the average sees them.
    fn counted(&self, row: usize, column: &Column) -> Vec<Counted> {
        let of_pupil = self.current.iter().filter(|c| usize::from(c.0) == row);
        of_pupil
            .filter_map(|c| {
                let work = self.works.get(usize::from(c.1))?;
                (column.starts_on <= work.date && work.date <= column.ends_on).then_some((c.2, work.weight))
            })
            .collect()
    }

    /// Is the pupil in this row exempt from the subject in a period: no current mark with a value, and an exemption on its last day?
    /// Whoever comes back before it ends is attested like everybody; whoever has marks, too.
    #[must_use]
    pub fn is_exempt(&self, row: usize, column: &Column) -> bool {
        let Some(pupil) = self.pupils.get(row) else {
            return false;
        };
        column.stage.period().is_some()
            && self.exempt.iter().any(|s| s.on(pupil.id, column.ends_on))
            && !self.counted(row, column).iter().any(|(value, _)| value.is_some())
    }

    /// The scale's own word for an exemption.
    fn exempt_code(&self) -> Option<&str> {
        let found = self.scale.iter().find(|i| i.standing == Standing::Exempt);
        found.map(|i| i.code.as_str())
    }

    /// A mark that stands for a stage: outer `None` if none does, inner if it has no value.
    fn standing_value(&self, pupil: PupilId, stage: Stage) -> Option<Option<Hundredths>> {
        self.code(pupil, stage)?;
        Some(self.standing(pupil, stage).and_then(|(counts, _)| counts))
    }

    /// What marks of a pupil come to in a column, by its rule: a mark of the scale, or «н/а».
    #[must_use]
    pub fn attest(&self, pupil: &Pupil, column: &Column, marks: &[Counted]) -> Proposal {
        let closing = is_closing(pupil, column.ends_on, self.today);
        attest(marks, &self.terms(column), self.week_hours, &self.scale, closing)
    }

    /// What is proposed for the pupil in this row.
    #[must_use]
    pub fn suggest(&self, row: usize, column: &Column) -> Suggestion {
        let Some(pupil) = self.pupils.get(row) else {
            return Suggestion::Nothing;
        };
        if self.is_markless(column) {
            return Suggestion::Nothing;
        }
        let terms = self.terms(column);
        let values = |stages: &mut dyn Iterator<Item = Stage>| -> Vec<_> {
            stages.map(|s| self.standing_value(pupil.id, s)).collect()
        };
        match column.stage {
            Stage::Period(_) => {
                if let Some(code) = self.exempt_code().filter(|_| self.is_exempt(row, column)) {
                    return Suggestion::Exempt(code.to_owned());
                }
                let marks = self.counted(row, column);
                Suggestion::Marks(self.attest(pupil, column, &marks))
            }
            Stage::HalfYear(_) | Stage::Year => {
                let marks = values(&mut self.parts_of(pupil, column).into_iter().map(|c| c.stage));
                Suggestion::Totals(propose_year(&marks, &terms, &self.scale))
            }
            Stage::Coursework(_) | Stage::Interim | Stage::Exam => Suggestion::Nothing,
            Stage::Final => {
                let marks = values(&mut [Stage::Year, Stage::Exam].into_iter());
                Suggestion::Totals(propose_year(&marks, &terms, &self.scale))
            }
        }
    }

    /// The figures of a column, over those who count in it.
    #[must_use]
    pub fn indicators(&self, column: &Column) -> Indicators {
        let days = (column.starts_on, column.ends_on);
        let there = self.pupils.iter().enumerate();
        let there = there.filter(|(_, p)| counts(p, days, self.today));
        indicators(there.map(|(row, p)| {
            match self.level(p.id, column.stage) {
                Some(standing) => Some(standing),
                // exempt by a paper, though «осв» is not given yet
                None => self.is_exempt(row, column).then_some(Standing::Exempt),
            }
        }))
    }
}

/// Does a pupil count in the figures of these days? Whoever was there in some of them does; who has left before the last of them
/// is out, while they run who has left before today.
#[must_use]
pub fn counts(pupil: &Pupil, (from, to): (NaiveDate, NaiveDate), today: NaiveDate) -> bool {
    let until = to.min(today);
    pupil.spans.iter().any(|(_, last)| *last >= until) && pupil.within((from, to))
}

/// A mark to give, or to take back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TotalEdit {
    /// To whom.
    pub pupil: PupilId,
    /// For what.
    pub stage: Stage,
    /// A code of the scale; `None` takes the mark back.
    pub code: Option<String>,
    /// Why it stands a whole mark from what is proposed.
    pub reason: Option<String>,
    /// The version that the person saw; 0 for an empty place.
    pub expected: i32,
}

/// The most marks one call may give: a class for every column.
pub const MOST: usize = 400;

/// A mark behind a figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BehindRow {
    /// The day of the lesson.
    pub date: NaiveDate,
    /// «Контрольная работа», with its own title.
    pub work: String,
    /// The mark.
    pub code: String,
    /// Its value.
    pub value: Option<Hundredths>,
    /// The weight of the work.
    pub weight: Hundredths,
    /// Who gave it or changed it last.
    pub by: String,
    /// When.
    pub at: NaiveDateTime,
    /// It was another one before.
    pub corrected: bool,
}

/// What lies behind a figure of the sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Behind {
    /// The current marks, by date.
    pub rows: Vec<BehindRow>,
    /// Who gave and changed the mark of the column, the latest first; nothing for who may not read histories.
    pub history: Vec<Past>,
    /// Who gave the pupil's marks of the other columns, from which a year and a final mark are counted.
    #[serde(default)]
    pub givers: Vec<Giver>,
    /// How the works behind it were changed since they have marks: «Контрольная работа: вес 3 → 1»; nothing for who may not read histories.
    #[serde(default)]
    pub works: Vec<Past>,
}

#[cfg(test)]
mod tests;
