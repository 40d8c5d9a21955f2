//! What marks count among the results of a scale, for statements that count or average them in the database.

use base::{ScaleId, SubjectId};

use crate::scale::Book;

/// What marks count, as statements take it: for each scale that results go by, each mark of the school that counts there.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    /// Subjects with results of a scale of their own.
    pub(crate) subjects: Vec<i64>,
    /// Those scales, by the same places.
    pub(crate) subject_scales: Vec<i64>,
    /// The scale of all other subjects.
    pub(crate) school: Option<i64>,
    /// Of each mark that counts: the scale that results go by.
    pub(crate) results: Vec<i64>,
    /// The scale that the mark is of.
    pub(crate) scales: Vec<i64>,
    /// The mark.
    pub(crate) codes: Vec<String>,
    /// What it counts there, in hundredths.
    pub(crate) values: Vec<i64>,
}

impl Counted {
    /// Of the scales of a school.
    pub(crate) fn of(book: &Book) -> Self {
        let mut table = Self {
            // a subject that nobody has said anything of
            school: book.results(SubjectId(0)).map(|s| s.0),
            ..Self::default()
        };
        for (subject, scale) in &book.results {
            if let Some(subject) = subject {
                table.subjects.push(subject.0);
                table.subject_scales.push(scale.0);
            }
        }
        let mut used: Vec<i64> = table.subject_scales.iter().copied().chain(table.school).collect();
        used.sort_unstable();
        used.dedup();
        for results in used {
            for (scale, entries) in &book.scales {
                for entry in entries {
                    if let Some(value) = book.counts(ScaleId(results), *scale, &entry.code) {
                        table.results.push(results);
                        table.scales.push(scale.0);
                        table.codes.push(entry.code.clone());
                        table.values.push(value.0);
                    }
                }
            }
        }
        table
    }
}
