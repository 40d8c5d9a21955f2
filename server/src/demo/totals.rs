//! Marks of the periods that are over: what their marks come to. Without any it is what the pupil is able to; who was away for most of
//! a period is not attested.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::calendar::Span;
use super::layout::Shape;
use super::rows::{Maybe, Rows, Table};
use super::school::Institution;

/// So many days missed in a period, and there is nothing to attest by.
const AWAY: usize = 12;

/// The marks of one journal, as they are given.
#[derive(Debug, Default)]
pub struct Totals {
    /// Sum and weight of the marks of a pupil in a period.
    sums: BTreeMap<(usize, usize), (f64, f64)>,
    /// Pupil, subject and period of the marks that are written.
    done: BTreeSet<(usize, usize, usize)>,
}

/// The periods of a grade, and the place of the first among those of the school.
fn periods<'a>(of: &'a Institution<'_>, grade: i16) -> (&'a [Span], usize) {
    match of.layout.shape {
        Shape::College => (&of.calendar.halves, 0),
        _ if grade >= 10 => (&of.calendar.halves, of.calendar.quarters.len()),
        _ => (&of.calendar.quarters, 0),
    }
}

impl Totals {
    /// A mark was given.
    pub fn add(
        &mut self,
        of: &Institution<'_>,
        grade: i16,
        pupil: usize,
        day: NaiveDate,
        code: i16,
        weight: f64,
    ) {
        if let Some(period) = periods(of, grade).0.iter().position(|span| span.has(day)) {
            let sum = self.sums.entry((pupil, period)).or_default();
            sum.0 += f64::from(code) * weight;
            sum.1 += weight;
        }
    }

    /// A journal is full: writes what its periods come to. `missed` says on how many days of a span a pupil was away.
    pub fn write(
        &mut self,
        of: &Institution<'_>,
        load: usize,
        grade: i16,
        audience: &[usize],
        missed: impl Fn(usize, &Span) -> usize,
        rows: &mut Rows,
    ) {
        let facts = &of.layout.loads[load];
        let (spans, first) = periods(of, grade);
        for (period, span) in spans.iter().enumerate().filter(|(_, s)| s.to < of.calendar.today) {
            for pupil in audience {
                if !self.done.insert((*pupil, facts.subject, period)) {
                    continue;
                }
                let average = match self.sums.get(&(*pupil, period)) {
                    Some((sum, weight)) if *weight > 0.0 => sum / weight,
                    _ => 4.05 + of.people.pupils[*pupil].ability,
                };
                let proposed = match average {
                    a if a >= 4.5 => "5",
                    a if a >= 3.5 => "4",
                    a if a >= 2.5 => "3",
                    _ => "2",
                };
                let code = if missed(*pupil, span) >= AWAY {
                    "н/а"
                } else {
                    proposed
                };
                let reason = Maybe((code != proposed).then_some("Пропущена большая часть уроков"));
                let id = of.id(self.done.len() - 1);
                rows.add(
                    Table::PeriodMark,
                    &[
                        &of.seat.id,
                        &id,
                        &of.id(0),
                        &of.id(facts.subject),
                        &of.id(*pupil),
                        &"period",
                        &of.id(first + period),
                        &of.id(load),
                        &of.id(0),
                        &code,
                        &proposed,
                        &reason,
                        &of.people.staff[facts.teacher].person.id,
                        &format!("{} 12:00Z", span.to),
                    ],
                );
            }
        }
        self.sums.clear();
    }
}
