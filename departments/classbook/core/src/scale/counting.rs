//! What a mark of any scale says: its level, and what it counts as where results are given by another scale.
//!
//! A mark of the results' own scale counts its value. A mark of another scale counts what the school says it is among marks of five;
//! where results go by a scale that is not of five, the value of the mark of that scale which is nearest to it.

use base::number::Hundredths;
use base::{ScaleId, SubjectId};
use serde::{Deserialize, Serialize};

use crate::grading::Standing;
use crate::journal::grid::ScaleItem;

/// What a mark says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counting {
    /// Its level, for the indicators.
    pub standing: Standing,
    /// What it counts as among marks of five; `None`: it takes no part in averages.
    pub five: Option<Hundredths>,
}

impl Counting {
    /// What a mark says where nobody has said otherwise: by its value against the best of its scale, without one by its code.
    #[must_use]
    pub fn usual(code: &str, value: Option<Hundredths>, best: Hundredths) -> Self {
        let standing = Standing::of(code, value, best);
        let five = match value {
            Some(value) if best <= Hundredths::whole(5) => Some(value),
            Some(_) => standing.level().map(|n| Hundredths::whole(i64::from(n))),
            None => None,
        };
        Self { standing, five }
    }

    /// What a mark says, as the database has it: the usual where there is no level.
    #[must_use]
    pub fn read(
        code: &str,
        value: Option<i64>,
        best: i64,
        level: Option<&str>,
        counts_as: Option<i64>,
    ) -> Self {
        match level {
            None => Self::usual(code, value.map(Hundredths), Hundredths(best)),
            Some(level) => Self {
                standing: Standing::from_key(level),
                five: counts_as.map(Hundredths),
            },
        }
    }
}

/// A mark of a scale with what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What is typed and shown.
    pub code: String,
    /// In words.
    pub title: String,
    /// Its value on its own scale.
    pub value: Option<Hundredths>,
    /// What it says.
    pub counting: Counting,
}

/// What a mark of another scale counts among results by this one.
#[must_use]
pub fn counts_on(results: &[Entry], mark: &Entry) -> Option<Hundredths> {
    let five = mark.counting.five?;
    let best = results.iter().filter_map(|e| e.value).max()?;
    if best == Hundredths::whole(5) {
        return Some(five);
    }
    let valued = results.iter().filter_map(|e| Some((e.value?, e.counting.five?)));
    valued
        .min_by_key(|(value, at)| ((at.0 - five.0).abs(), std::cmp::Reverse(*value)))
        .map(|(value, _)| value)
}

/// All scales of a school, and by which of them results are given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    /// The scales, the oldest first.
    pub scales: Vec<(ScaleId, Vec<Entry>)>,
    /// The scale of the results of a subject; without a subject, of the school.
    pub results: Vec<(Option<SubjectId>, ScaleId)>,
}

impl Book {
    /// The scale of a subject's results: its own, else the school's, else the oldest one.
    #[must_use]
    pub fn results(&self, subject: SubjectId) -> Option<ScaleId> {
        let said = |of: Option<SubjectId>| self.results.iter().find(|(s, _)| *s == of).map(|(_, id)| *id);
        said(Some(subject))
            .or_else(|| said(None))
            .or_else(|| self.scales.first().map(|(id, _)| *id))
    }

    /// The marks of a scale.
    #[must_use]
    pub fn entries(&self, scale: ScaleId) -> &[Entry] {
        let found = self.scales.iter().find(|(id, _)| *id == scale);
        found.map_or(&[], |(_, entries)| entries.as_slice())
    }

    /// A mark.
    #[must_use]
    pub fn entry(&self, scale: ScaleId, code: &str) -> Option<&Entry> {
        self.entries(scale).iter().find(|e| e.code == code)
    }

    /// What a mark counts among results by a scale.
    #[must_use]
    pub fn counts(&self, results: ScaleId, scale: ScaleId, code: &str) -> Option<Hundredths> {
        let entry = self.entry(scale, code)?;
        if results == scale {
            return entry.value;
        }
        counts_on(self.entries(results), entry)
    }

    /// The marks of a scale as a journal knows them whose results go by another one, or by this.
    #[must_use]
    pub fn items(&self, results: ScaleId, scale: ScaleId) -> Vec<ScaleItem> {
        let item = |e: &Entry| ScaleItem {
            code: e.code.clone(),
            value: e.value,
            title: e.title.clone(),
            counts: self.counts(results, scale, &e.code),
            standing: e.counting.standing,
        };
        self.entries(scale).iter().map(item).collect()
    }
}

#[cfg(test)]
mod tests;
