//! Marks of the periods that are over: what their marks come to by the school's own rule. Without any it is what the pupil is able to; who was away for most of
//! a period is not attested.

use std::collections::{BTreeMap, BTreeSet};

use base::number::Hundredths;
use chrono::NaiveDate;
use classbook_core::grading::{Counted, propose};

use super::calendar::Span;
use super::layout::Shape;
use super::reference::{scale, terms};
use super::rows::{Maybe, Rows, Table};
use super::school::Institution;

/// So many days missed in a period, and there is nothing to attest by.
const AWAY: usize = 12;

/// The marks of one journal, as they are given.
#[derive(Debug, Default)]
pub struct Totals {
    /// The marks of a pupil in a period.
    marks: BTreeMap<(usize, usize), Vec<Counted>>,
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

/// What somebody is able to, where there is no mark to tell by.
fn able(ability: f64) -> Counted {
    let mark = match 4.05 + ability {
        a if a >= 4.65 => 5,
        a if a >= 3.65 => 4,
        a if a >= 2.65 => 3,
        _ => 2,
    };
    (Some(Hundredths::whole(mark)), Hundredths::whole(1))
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
        weight: i16,
    ) {
        if let Some(period) = periods(of, grade).0.iter().position(|span| span.has(day)) {
            let whole = |n: i16| Hundredths::whole(i64::from(n));
            let marks = self.marks.entry((pupil, period)).or_default();
            marks.push((Some(whole(code)), whole(weight)));
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
        let (terms, scale) = (terms(of.calendar.year.from), scale());
        for (period, span) in spans.iter().enumerate().filter(|(_, s)| s.to < of.calendar.today) {
            for pupil in audience {
                if !self.done.insert((*pupil, facts.subject, period)) {
                    continue;
                }
                let marks = self.marks.get(&(*pupil, period)).cloned();
                let marks = marks.unwrap_or_else(|| vec![able(of.people.pupils[*pupil].ability)]);
                let made = propose(&marks, &terms, Hundredths(0), &scale);
                let proposed = made.code.as_deref().unwrap_or("2");
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
        self.marks.clear();
    }
}
