//! What was written after its term: it is owed no longer, and the board of what is owed would forget it.
//!
//! Late is the **first** writing of a thing after the day on which it was due, by the rule that says what is due (`super::rule`). A
//! correction, a comment, a mark that a pupil earned later are no late writing:
//!
//! * a topic: when the lesson first had one; homework: when it first had any, also where the school does not ask for one on each
//!   lesson, for whoever learns of it late has less time for it;
//! * marks: the first mark (or dot) of each work, as a work without any mark is what is owed;
//! * absences: each one that the lesson's own teacher wrote, when first written; what a class teacher adds by a paper has a term of its own.
//!
//! Nothing is kept for it: when a mark or an absence was first written is in its row while nobody has changed it, and in the
//! audit events after that; of topic and homework the events alone know.

use base::{EmployeeId, LessonId, LoadId, PeriodId};
use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use super::rule::Kind;

/// The kinds that are written of a lesson.
pub const KINDS: [Kind; 3] = [Kind::Topic, Kind::Homework, Kind::Marks];

/// One thing of a lesson that was written after its term.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// The lesson.
    pub lesson: LessonId,
    /// Its journal.
    pub load: LoadId,
    /// The period in which it lies.
    pub period: Option<PeriodId>,
    /// Its day.
    pub date: NaiveDate,
    /// Its number, from 1.
    pub number: i16,
    /// The subject.
    pub subject: String,
    /// To whom: «7А».
    pub audience: String,
    /// Who gave it: of a substitution the substitute.
    pub teacher: Option<EmployeeId>,
    /// «Учителева А. И.».
    pub teacher_name: String,
    /// What.
    pub kind: Kind,
    /// The last day on which it was in time.
    pub due: NaiveDate,
    /// When it was first written, in the school's time; of several works or absences the latest.
    pub at: NaiveDateTime,
}

impl Written {
    /// So many days after its term.
    #[must_use]
    pub fn days(&self) -> i64 {
        (self.at.date() - self.due).num_days()
    }
}

/// A teacher's figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// The teacher; 0: nobody's.
    pub teacher: i64,
    /// «Учителева А. И.».
    pub name: String,
    /// Lessons, by [`KINDS`].
    pub counts: [i64; 3],
}

/// A period to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Which.
    pub id: PeriodId,
    /// «quarter», «half_year», …
    pub kind: String,
    /// From 1.
    pub number: i16,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
}

/// What was written late in a period.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Late {
    /// The periods of the year that have begun.
    pub periods: Vec<Span>,
    /// The one shown.
    pub period: Option<PeriodId>,
    /// By teacher, most first; nothing for who sees only their own.
    pub figures: Vec<Figures>,
    /// The lessons behind a figure, or one's own.
    pub lessons: Vec<Written>,
}

/// Counts by teacher: most first, then by name.
#[must_use]
pub fn figures(all: &[Written]) -> Vec<Figures> {
    let mut found = std::collections::BTreeMap::<i64, Figures>::new();
    for written in all {
        let id = written.teacher.map_or(0, |t| t.0);
        let of = found.entry(id).or_insert_with(|| Figures {
            teacher: id,
            name: written.teacher_name.clone(),
            counts: [0; 3],
        });
        let at = KINDS.iter().position(|kind| *kind == written.kind);
        if let Some(count) = at.and_then(|at| of.counts.get_mut(at)) {
            *count += 1;
        }
    }
    let mut found: Vec<Figures> = found.into_values().collect();
    let all = |f: &Figures| f.counts.iter().sum::<i64>();
    found.sort_by(|a, b| all(b).cmp(&all(a)).then_with(|| a.name.cmp(&b.name)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Every line is counted once, with its teacher, by its kind; most come first.
        #[test]
        fn every_late_writing_is_counted_once(of in proptest::collection::vec((0i64..4, 0usize..3), 0..40)) {
            let date = NaiveDate::from_ymd_opt(2026, 11, 16).unwrap();
            let all: Vec<Written> = of.iter().map(|(teacher, kind)| Written {
                lesson: LessonId(1), load: LoadId(1), period: None, date, number: 1, subject: String::new(), audience: String::new(),
                teacher: (*teacher > 0).then_some(EmployeeId(*teacher)), teacher_name: format!("У{teacher}"), kind: KINDS[*kind], due: date,
                at: date.and_hms_opt(9, 0, 0).unwrap() + chrono::Duration::days(2),
            }).collect();
            let counted = figures(&all);
            for line in &counted {
                for (kind, n) in KINDS.iter().zip(line.counts) {
                    let mine = all.iter().filter(|w| w.teacher.map_or(0, |t| t.0) == line.teacher && w.kind == *kind).count();
                    prop_assert_eq!(n, i64::try_from(mine).unwrap());
                }
            }
            let sums: Vec<i64> = counted.iter().map(|f| f.counts.iter().sum()).collect();
            prop_assert_eq!(sums.iter().sum::<i64>(), i64::try_from(all.len()).unwrap());
            prop_assert!(sums.windows(2).all(|w| w[0] >= w[1]));
            prop_assert!(all.iter().all(|w| w.days() == 2));
        }
    }
}
