//! What is due, as it travels and as it is counted.

use std::collections::BTreeMap;

use base::{ClassId, EmployeeId, Lang, LessonId, LoadId, PeriodId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::rule::{Kind, Term};
use crate::grading::Stage;
use crate::t;

/// One thing that is owed: of a lesson, the marks of a period or of the year, or the reasons of a class's absences.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Debt {
    /// The lesson; `None`: a period, or the year.
    pub lesson: Option<LessonId>,
    /// Its journal; `None`: reasons are owed by a class.
    pub load: Option<LoadId>,
    /// The period in which it lies.
    pub period: Option<PeriodId>,
    /// A coursework, a half-year, interim attestation, the year, an exam, the final mark; `None`: a period, or a lesson.
    #[serde(default)]
    pub stage: Option<Stage>,
    /// The day of the lesson, the last day of the period, the last absence.
    pub date: NaiveDate,
    /// The lesson's number, from 1.
    pub number: i16,
    /// Pupils without a mark of the period, or with an absence whose reason is open.
    pub pupils: i64,
    /// The subject; "" for reasons.
    pub subject: String,
    /// To whom: «7А».
    pub audience: String,
    /// The classes of the audience.
    pub classes: Vec<ClassId>,
    /// Who gave it: of a substitution the substitute; of reasons the class teacher. Nobody where the load has no teacher.
    pub teacher: Option<EmployeeId>,
    /// «Учителева А. И.».
    pub teacher_name: String,
    /// What is owed.
    pub kind: Kind,
    /// The last day on which it is in time.
    pub due: NaiveDate,
}

impl Debt {
    /// What is owed, for a person.
    #[must_use]
    pub fn title(&self, lang: Lang) -> &'static str {
        match self.stage {
            Some(Stage::Coursework(_)) => t::deadline_coursework(lang),
            Some(Stage::HalfYear(_)) => t::deadline_half_year(lang),
            Some(Stage::Interim) => t::deadline_interim(lang),
            Some(Stage::Year) => t::deadline_year(lang),
            Some(Stage::Exam) => t::deadline_exam(lang),
            Some(Stage::Final) => t::deadline_final(lang),
            Some(Stage::Period(_)) | None => self.kind.title(lang),
        }
    }

    /// Is it late on that day?
    #[must_use]
    pub fn late(&self, today: NaiveDate) -> bool {
        self.due < today
    }
}

/// How many debts: still in time, and late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Their last day has not passed.
    pub open: i64,
    /// It has.
    pub late: i64,
}

/// A line of the board: a teacher or a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The teacher's or the class's id; 0: nobody's.
    pub id: i64,
    /// «Учителева А. И.», «7А».
    pub name: String,
    /// By kind, in the order of [`Kind::ALL`].
    pub counts: Vec<(Kind, Count)>,
}

/// The board of a school.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board {
    /// Today, in the school.
    pub today: NaiveDate,
    /// By teacher: most that is late first, then by name.
    pub teachers: Vec<Line>,
    /// By class, the same.
    pub classes: Vec<Line>,
    /// The terms in force today.
    pub rule: Rule,
    /// May the reader set other terms?
    pub may_edit: bool,
    /// Terms that the school has set, the newest first.
    pub rules: Vec<Rule>,
    /// The first and last day of the present year, between which terms begin.
    pub year: (NaiveDate, NaiveDate),
}

/// Terms as a school has set them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// The terms with their first day; of the usual ones the first day of the year.
    pub term: Term,
    /// Grows with every save; 0: the usual ones, which nobody has set.
    pub revision: i32,
}

/// What one owes oneself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mine {
    /// Today, in the school.
    pub today: NaiveDate,
    /// The debts, the oldest term first.
    pub debts: Vec<Debt>,
    /// The reader sees the board of the school.
    pub board: bool,
    /// The reader and the school, as [`Journals::whose`](crate::journal::grid::Journals::whose).
    #[serde(default)]
    pub whose: String,
}

/// Counts debts by a key; lines come with most that is late first, then by name.
#[must_use]
pub fn count(debts: &[Debt], today: NaiveDate, keys: impl Fn(&Debt) -> Vec<(i64, String)>) -> Vec<Line> {
    let mut lines: BTreeMap<i64, (String, BTreeMap<Kind, Count>)> = BTreeMap::new();
    for debt in debts {
        for (id, name) in keys(debt) {
            let (_, counts) = lines.entry(id).or_insert_with(|| (name, BTreeMap::new()));
            let count = counts.entry(debt.kind).or_default();
            if debt.late(today) {
                count.late += 1;
            } else {
                count.open += 1;
            }
        }
    }
    let mut lines: Vec<Line> = lines
        .into_iter()
        .map(|(id, (name, counts))| Line {
            id,
            name,
            counts: Kind::ALL
                .into_iter()
                .map(|kind| (kind, counts.get(&kind).copied().unwrap_or_default()))
                .collect(),
        })
        .collect();
    let late = |line: &Line| line.counts.iter().map(|(_, c)| c.late).sum::<i64>();
    lines.sort_by(|a, b| late(b).cmp(&late(a)).then_with(|| a.name.cmp(&b.name)));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn debt(teacher: i64, kind: usize, due: u32) -> Debt {
        Debt {
            lesson: None,
            load: Some(LoadId(1)),
            period: None,
            stage: None,
            date: NaiveDate::from_ymd_opt(2026, 11, 1).unwrap(),
            number: 1,
            pupils: 0,
            subject: String::new(),
            audience: String::new(),
            classes: vec![],
            teacher: Some(EmployeeId(teacher)),
            teacher_name: format!("У{teacher}"),
            kind: Kind::ALL[kind],
            due: NaiveDate::from_ymd_opt(2026, 11, due).unwrap(),
        }
    }

    proptest! {
        /// Every debt is counted once, with its teacher, by its kind and term.
        #[test]
        fn nothing_is_counted_twice_or_lost(of in proptest::collection::vec((1i64..5, 0usize..3, 1u32..28), 0..40), today in 1u32..28) {
            let debts: Vec<Debt> = of.iter().map(|(t, k, d)| debt(*t, *k, *d)).collect();
            let today = NaiveDate::from_ymd_opt(2026, 11, today).unwrap();
            let lines = count(&debts, today, |d| vec![(d.teacher.unwrap().0, d.teacher_name.clone())]);
            for line in &lines {
                for (kind, count) in &line.counts {
                    let mine = || debts.iter().filter(|d| d.teacher.unwrap().0 == line.id && d.kind == *kind);
                    prop_assert_eq!(count.late, i64::try_from(mine().filter(|d| d.due < today).count()).unwrap());
                    prop_assert_eq!(count.open, i64::try_from(mine().filter(|d| d.due >= today).count()).unwrap());
                }
            }
            let all: i64 = lines.iter().flat_map(|l| &l.counts).map(|(_, c)| c.open + c.late).sum();
            prop_assert_eq!(all, i64::try_from(debts.len()).unwrap());
            let late: Vec<i64> = lines.iter().map(|l| l.counts.iter().map(|(_, c)| c.late).sum()).collect();
            prop_assert!(late.windows(2).all(|w| w[0] >= w[1]));
        }
    }
}
