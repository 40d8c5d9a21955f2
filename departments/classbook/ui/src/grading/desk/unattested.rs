//! «Н/а» for several pupils of a column: never along with other marks, and only after each has been named.

use kit::grid::Spot;
use leptos::prelude::*;

use super::Desk;
use crate::t;

/// A pupil without a mark in the active column, for whom «н/а» is proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unattested {
    spot: Spot,
    /// Who.
    pub name: String,
    /// The scale's word for it.
    pub code: String,
    /// How many marks count.
    pub count: i64,
    /// How many are needed.
    pub minimum: i16,
}

impl Desk {
    /// Those of the active column, by name; none where the column takes no marks.
    pub fn unattested(self) -> Vec<Unattested> {
        let (_, at) = self.active.get();
        let Some(column) = self.columns().into_iter().nth(at) else {
            return vec![];
        };
        let proposed = self.totals.with(|t| {
            let rows = t.pupils.iter().enumerate();
            let rows = rows.filter(|_| t.may_edit && column.shut.is_none());
            rows.filter_map(|(row, pupil)| {
                let made = t.suggest(row, &column);
                let (count, minimum) = made.not_attested()?;
                let unattested = Unattested {
                    spot: Spot { row, column: at },
                    name: pupil.name.clone(),
                    code: made.code()?.to_owned(),
                    count,
                    minimum,
                };
                Some((pupil.id, unattested))
            })
            .collect::<Vec<_>>()
        });
        let empty = proposed
            .into_iter()
            .filter(|(pupil, _)| self.code((*pupil, column.stage)).is_none());
        empty.map(|(_, unattested)| unattested).collect()
    }

    /// Says how many were left out of what was given at once.
    pub(super) fn tell_unattested(self, left: usize) {
        let left = i64::try_from(left).unwrap_or(i64::MAX);
        if left > 0 {
            let words = t::totals_unattested_left(self.lang, left);
            self.hint.update(|hint| {
                if !hint.is_empty() {
                    hint.push(' ');
                }
                hint.push_str(&words);
            });
        }
    }

    /// The pupils who were named get it, as one step of undo.
    pub fn give_unattested(self, named: Vec<Unattested>) {
        self.naming.set(false);
        self.put(named.into_iter().map(|u| (u.spot, Some(u.code))).collect());
    }
}
