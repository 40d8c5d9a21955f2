//! What stands at the right of the grid: averages, and what the period comes to, by what is typed so far.

use base::PupilId;
use base::number::Hundredths;

use super::{Local, Sheet, State};
use crate::grading::Standing;
use crate::grading::proposal::{Counted, Proposal, propose};
use crate::journal::average::{Average, average};
use crate::journal::cell::Change;

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

    /// The averages of a pupil over the period.
    #[must_use]
    pub fn average(&self, row: usize) -> Average {
        average(self.counted(row))
    }

    /// What the period comes to for a pupil: the mark that was given, and what the school's rule proposes by what is typed so far.
    #[must_use]
    pub fn result(&self, row: usize) -> Option<(Option<&str>, Proposal)> {
        let results = self.grid.results.as_ref()?;
        let given = results.given.iter().find(|g| usize::from(g.0) == row);
        let scale = self.grid.scales.first().map_or(&[][..], |s| &s.items);
        let marks: Vec<Counted> = self.counted(row).collect();
        let mut made = propose(&marks, &results.terms, results.week_hours, scale);
        // as on the sheet of totals: without a mark that counts, and exempt on the last day of the period
        if let (None, Some(code)) = (made.average, self.exemption(row)) {
            made.code = Some(code.to_owned());
        }
        Some((given.map(|g| g.1.as_str()), made))
    }

    /// The mark for who is exempt on the last day of the period and has no mark that counts.
    fn exemption(&self, row: usize) -> Option<&str> {
        let period = self
            .grid
            .periods
            .iter()
            .find(|p| Some(p.id) == self.grid.period)?;
        let pupil = self.grid.pupils.get(row)?.id;
        let is_exempt = self.grid.exempt.iter().any(|s| s.on(pupil, period.ends_on));
        if !is_exempt || self.counted(row).any(|(value, _)| value.is_some()) {
            return None;
        }
        let scale = self.grid.scales.first()?;
        let item = scale.items.iter().find(|i| i.standing == Standing::Exempt);
        item.map(|i| i.code.as_str())
    }

    /// The mark of the period that a pupil was given, or that was taken back; the row it stands in.
    pub fn give(&mut self, pupil: PupilId, code: Option<String>) -> Option<usize> {
        let row = self.grid.pupils.iter().position(|p| p.id == pupil)?;
        let results = self.grid.results.as_mut()?;
        results.given.retain(|g| usize::from(g.0) != row);
        if let (Some(code), Ok(place)) = (code, u16::try_from(row)) {
            results.given.push((place, code));
        }
        Some(row)
    }

    /// The next pupil below a row who was there in the period and has no mark for it.
    #[must_use]
    pub fn next_without(&self, row: usize) -> Option<usize> {
        let results = self.grid.results.as_ref()?;
        let given = |row: usize| results.given.iter().any(|g| usize::from(g.0) == row);
        (row.saturating_add(1)..self.rows()).find(|r| !given(*r))
    }
}
