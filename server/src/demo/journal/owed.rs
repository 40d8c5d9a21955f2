//! Works that are owed («точка»): who missed a control work writes it later, most of them in time; and what the children of the cast owe.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::{Held, Writer};
use crate::demo::reference::WORKS;
use crate::demo::rows::{Maybe, Table};

/// Of a child of the cast: one work that was handed in late, one that is overdue, one that is due.
pub(super) type Owing = BTreeMap<usize, [bool; 3]>;

/// A dot.
pub(super) struct Dot {
    pub until: NaiveDate,
    pub handed_in: Option<NaiveDate>,
}

impl Writer<'_, '_> {
    /// Who missed a control work: after a few days it is written, by some too late, by a few not yet.
    pub(super) fn missed(&mut self, lesson: &Held, work: i64, scale: i64) {
        let (of, today) = (self.of, self.of.calendar.today);
        let school = of.seat.id;
        for pupil in &lesson.absent {
            let after = |days| lesson.day + Days::new(days);
            let slow = u64::try_from(pupil % 9).unwrap_or(0);
            let on = after(6 + slow);
            // a period that is over was closed without debts
            let long_ago = after(22) < today;
            let handed_in = (on < today && (long_ago || !pupil.is_multiple_of(5))).then_some(on);
            let code = handed_in.map(|_| 3 + i16::try_from(pupil % 3).unwrap_or(0));
            if let Some(code) = code {
                self.totals
                    .add(of, lesson.grade, *pupil, lesson.day, code, f64::from(WORKS[2].2));
            }
            self.rows.add(
                Table::Mark,
                &[
                    &school,
                    &work,
                    &of.id(*pupil),
                    &scale,
                    &Maybe(code),
                    &Maybe(None::<&str>),
                    &1,
                    &lesson.by,
                    &lesson.at,
                    &true,
                    &after(12),
                    &Maybe(handed_in),
                ],
            );
        }
    }

    /// A child of the cast owes something to another teacher than the cast's, whose journals the journeys write in.
    pub(super) fn of_the_cast(&mut self, lesson: &Held, work: usize, pupil: usize) -> Option<Dot> {
        if work == 0 || lesson.audited || !self.followed.contains_key(&pupil) {
            return None;
        }
        let today = self.of.calendar.today;
        let after = |days| lesson.day + Days::new(days);
        let owing = self.owing.entry(pupil).or_default();
        let (which, dot) = if after(8) >= today {
            let until = today + Days::new(6);
            (
                2,
                Dot {
                    until,
                    handed_in: None,
                },
            )
        } else if after(15) >= today {
            let until = after(7);
            (
                1,
                Dot {
                    until,
                    handed_in: None,
                },
            )
        } else if after(28) >= today {
            let (until, on) = (after(7), after(9));
            (
                0,
                Dot {
                    until,
                    handed_in: Some(on),
                },
            )
        } else {
            return None;
        };
        let done = owing.get_mut(which)?;
        (!std::mem::replace(done, true)).then_some(dot)
    }
}
