//! What stands at the right of the grid: averages, and what the period comes to, by what is typed so far.

use base::number::Hundredths;
use base::{PeriodId, PupilId};

use super::{Local, No, Sheet, State};
use crate::grading::Standing;
use crate::grading::proposal::{Counted, Proposal, asks_reason, attest, is_closing};
use crate::grading::totals::{Stage, TotalEdit};
use crate::journal::average::{Average, average};
use crate::journal::cell::{Change, Outcome};
use crate::journal::grid::{OUTSIDE, Period, ResultRow, ScaleItem};
use crate::journal::typing::{Reading, read};

/// A mark of the period that was typed at the end of a row and is not known to be on the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedResult {
    /// What it is to be.
    pub edit: TotalEdit,
    /// How far it got: on its way, or why it could not be sent.
    pub state: State,
}

/// What a text typed at the end of a row comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// It stands there already.
    Same,
    /// To be sent.
    Give(TotalEdit),
    /// The mark stands a whole mark from the proposed one: it is asked why.
    Why(String),
}

impl Sheet {
    /// The marks of a pupil in the period, as averages see them, what they got in other journals of the subject included. What was
    /// refused or is in conflict is not counted; the server's value is.
    fn counted(&self, row: usize) -> impl Iterator<Item = Counted> {
        let default_weight = self
            .grid
            .work_types
            .first()
            .map_or(Hundredths::whole(1), |t| t.weight);
        let here = self.columns.iter().enumerate().filter_map(move |(column, c)| {
            let assignment = c.assignment.and_then(|a| self.grid.assignments.get(a));
            let weight = assignment.map_or(default_weight, |a| a.weight);
            let held = c
                .assignment
                .and_then(|a| self.mark_at(row, a))
                .and_then(|h| h.code.as_deref());
            let code = if self.local.is_empty() {
                held?
            } else {
                match self.mark_place(row, column).and_then(|p| self.local.get(&p)) {
                    Some(Local {
                        change: Change::Mark { code, .. },
                        state: State::Waiting,
                    }) => code.as_deref()?,
                    _ => held?,
                }
            };
            Some((self.counts(column, code), weight))
        });
        let elsewhere = self.grid.results.iter().flat_map(|r| &r.elsewhere);
        here.chain(
            elsewhere
                .filter(move |e| usize::from(e.0) == row)
                .map(|e| (e.1, e.2)),
        )
    }

    /// The averages of a pupil over the period; what lies in none is in no average.
    #[must_use]
    pub fn average(&self, row: usize) -> Average {
        if self.grid.period == Some(OUTSIDE) {
            return Average::default();
        }
        average(self.counted(row))
    }

    /// What the period comes to for a pupil: the mark that was given or is on its way, and what the school's rule proposes by what is
    /// typed so far.
    #[must_use]
    pub fn result(&self, row: usize) -> Option<(Option<&str>, Proposal)> {
        let results = self.grid.results.as_ref()?;
        let marks: Vec<Counted> = self.counted(row).collect();
        let ends_on = self.period().map(|p| p.ends_on);
        let pupil = self.grid.pupils.get(row);
        let closing = pupil.zip(ends_on);
        let closing = closing.is_some_and(|(pupil, ends_on)| is_closing(pupil, ends_on, self.grid.today));
        let mut made = attest(
            &marks,
            &results.terms,
            results.week_hours,
            self.result_scale(),
            closing,
        );
        // as on the sheet of totals: without a mark that counts, and exempt on the last day of the period
        if let (None, Some(code)) = (made.average, self.exemption(row)) {
            made = made.with_code(code);
        }
        Some((self.result_code(row), made))
    }

    /// The period that is shown.
    fn period(&self) -> Option<&Period> {
        let mut all = self.grid.periods.iter();
        all.find(|p| Some(p.id) == self.grid.period)
    }

    /// The mark for who is exempt on the last day of the period and has no mark that counts.
    fn exemption(&self, row: usize) -> Option<&str> {
        let period = self.period()?;
        let pupil = self.grid.pupils.get(row)?.id;
        let is_exempt = self.grid.exempt.iter().any(|s| s.on(pupil, period.ends_on));
        if !is_exempt || self.counted(row).any(|(value, _)| value.is_some()) {
            return None;
        }
        let item = self
            .result_scale()
            .iter()
            .find(|i| i.standing == Standing::Exempt);
        item.map(|i| i.code.as_str())
    }

    /// The scale by which periods are marked.
    #[must_use]
    pub fn result_scale(&self) -> &[ScaleItem] {
        self.grid.scales.first().map_or(&[], |s| &s.items)
    }

    pub(super) fn given(&self, row: usize) -> Option<&ResultRow> {
        let results = self.grid.results.as_ref()?;
        results.given.iter().find(|g| usize::from(g.0) == row)
    }

    /// The mark of the period that was typed for a pupil, and how far it got.
    #[must_use]
    pub fn typed_result(&self, row: usize) -> Option<&TypedResult> {
        self.results.get(&self.grid.pupils.get(row)?.id)
    }

    /// Is a mark of the period on its way to the server?
    #[must_use]
    pub fn result_waits(&self, pupil: PupilId) -> bool {
        self.results
            .get(&pupil)
            .is_some_and(|typed| typed.state == State::Waiting)
    }

    fn result_code(&self, row: usize) -> Option<&str> {
        match self.typed_result(row) {
            Some(typed) => typed.edit.code.as_deref(),
            None => self.given(row)?.1.as_deref(),
        }
    }

    /// Mark and reason as they stand for a pupil: what undo brings back.
    #[must_use]
    pub fn standing_result(&self, row: usize) -> (Option<String>, Option<String>) {
        match self.typed_result(row) {
            Some(typed) => (typed.edit.code.clone(), typed.edit.reason.clone()),
            None => self
                .given(row)
                .map(|g| (g.1.clone(), g.2.clone()))
                .unwrap_or_default(),
        }
    }

    /// May the mark of the period be typed for a pupil?
    ///
    /// # Errors
    /// Why not.
    pub fn open_result(&self, row: usize) -> Result<PeriodId, No> {
        let (Some(period), Some(pupil)) = (self.period(), self.grid.pupils.get(row)) else {
            return Err(No::Outside);
        };
        if self.grid.results.is_none() {
            Err(No::Outside)
        } else if !self.grid.may_edit {
            Err(No::Right)
        } else if period.locked {
            Err(No::Locked)
        } else if period.starts_on > self.grid.today {
            Err(No::ToCome)
        } else if !pupil.within((period.starts_on, period.ends_on)) {
            Err(No::Away)
        } else if self.typed_result(row).is_some_and(|t| t.state == State::Waiting) {
            Err(No::Waiting)
        } else {
            Ok(period.id)
        }
    }

    /// The act that gives a pupil a mark of the period, or takes it back.
    ///
    /// # Errors
    /// As [`Sheet::open_result`].
    pub fn result_edit(
        &self,
        row: usize,
        code: Option<String>,
        reason: Option<String>,
    ) -> Result<TotalEdit, No> {
        let period = self.open_result(row)?;
        let pupil = self.grid.pupils.get(row).ok_or(No::Outside)?.id;
        Ok(TotalEdit {
            pupil,
            stage: Stage::Period(period),
            code,
            reason,
            expected: self.given(row).map_or(0, |g| g.3),
        })
    }

    /// What a text typed or pasted at the end of a row comes to.
    ///
    /// # Errors
    /// Why the place takes nothing, or not this.
    pub fn type_result(&self, row: usize, text: &str) -> Result<Wanted, No> {
        let code = match read(text, self.result_scale(), &[]) {
            Reading::Mark(code) => Some(code),
            Reading::Clear => None,
            _ => return self.open_result(row).and(Err(No::Unknown)),
        };
        let edit = self.result_edit(row, code, None)?;
        if edit.code.as_deref() == self.result_code(row) && self.typed_result(row).is_none() {
            return Ok(Wanted::Same);
        }
        let (_, made) = self.result(row).ok_or(No::Outside)?;
        let scale = self.result_scale();
        let item = edit
            .code
            .as_ref()
            .and_then(|code| scale.iter().find(|i| i.code == *code));
        match item {
            Some(item)
                if made.by_marks().0 != Some(item.code.as_str())
                    && asks_reason(item, made.by_marks().1, made.is_enough()) =>
            {
                Ok(Wanted::Why(item.code.clone()))
            }
            _ => Ok(Wanted::Give(edit)),
        }
    }

    /// Shows a typed mark of the period, and how far it got.
    pub fn set_result(&mut self, edit: TotalEdit, state: State) {
        self.results.insert(edit.pupil, TypedResult { edit, state });
    }

    /// Those that could not be sent.
    #[must_use]
    pub fn unsent_results(&self) -> Vec<TotalEdit> {
        let unsent = self.results.values().filter(|t| t.state != State::Waiting);
        unsent.map(|t| t.edit.clone()).collect()
    }

    /// Is a mark of the period not yet on the server?
    #[must_use]
    pub fn has_unsaved_results(&self) -> bool {
        !self.results.is_empty()
    }

    /// Takes the server's word about a typed mark: it stands, or what somebody else has put there, or what was there.
    pub fn answer_result(&mut self, edit: &TotalEdit, outcome: &Outcome) -> Option<usize> {
        self.results.remove(&edit.pupil);
        match outcome {
            Outcome::Saved { version } | Outcome::Duplicate { version } => {
                self.give(edit.pupil, edit.code.clone(), edit.reason.clone(), *version)
            }
            Outcome::Conflict(now) => {
                self.give(edit.pupil, now.value.clone(), now.comment.clone(), now.version)
            }
            Outcome::Refused { .. } => self.row_of(edit.pupil),
        }
    }

    /// The row of a pupil.
    #[must_use]
    pub fn row_of(&self, pupil: PupilId) -> Option<usize> {
        self.grid.pupils.iter().position(|p| p.id == pupil)
    }

    /// The mark of the period that a pupil was given, or that was taken back; the row it stands in. An older one than is known changes
    /// nothing.
    pub fn give(
        &mut self,
        pupil: PupilId,
        code: Option<String>,
        reason: Option<String>,
        version: i32,
    ) -> Option<usize> {
        let row = self.row_of(pupil)?;
        let results = self.grid.results.as_mut()?;
        let new = ResultRow(u16::try_from(row).ok()?, code, reason, version);
        match results.given.iter_mut().find(|g| g.0 == new.0) {
            Some(old) if old.3 <= version => *old = new,
            Some(_) => {}
            None => results.given.push(new),
        }
        Some(row)
    }

    /// The next pupil below a row who was there in the period and has no mark for it.
    #[must_use]
    pub fn next_without(&self, row: usize) -> Option<usize> {
        self.grid.results.as_ref()?;
        (row.saturating_add(1)..self.rows()).find(|r| self.result_code(*r).is_none())
    }
}
