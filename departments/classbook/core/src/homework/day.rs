//! A day's homework of a class against its limit. Pupils of one class may be given different things: subgroups, work for some only. So what
//! counts is the pupil who has most to do.

use std::collections::BTreeMap;

use base::PupilId;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::norm::{HOMEWORK, Norm, WEEKEND, find};

/// What one pupil has to do for one day in one subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Who.
    pub pupil: PupilId,
    /// The subject.
    pub subject: String,
    /// Minutes as the teachers estimate.
    pub minutes: i32,
    /// Tasks without an estimate.
    pub unknown: i32,
}

/// How much a day may hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// So many minutes.
    pub minutes: i32,
    /// For which grade.
    pub grade: i16,
    /// It is the share that a day after days off may have.
    pub after_day_off: bool,
    /// The first grade, in a school that has not decided to give homework there.
    pub none_given: bool,
    /// Where it stands.
    pub clause: String,
    /// Since when.
    pub since: NaiveDate,
    /// The text of the law has been checked.
    pub confirmed: bool,
}

/// What is due on a day already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// The day.
    pub date: NaiveDate,
    /// Minutes of the pupil who has most, without the homework that is being written.
    pub minutes: i32,
    /// Tasks of that pupil without an estimate: the day is longer than `minutes` says.
    pub unknown: i32,
    /// That pupil's subjects, the longest first.
    pub subjects: Vec<(String, i32)>,
    /// The limit; none where the law has no figure for the grade.
    pub limit: Option<Limit>,
}

impl Day {
    /// Minutes over the limit with `more` added; 0 within it.
    #[must_use]
    pub fn over(&self, more: i32) -> i32 {
        let sum = self.minutes.saturating_add(more.max(0));
        self.limit
            .as_ref()
            .map_or(0, |l| sum.saturating_sub(l.minutes).max(0))
    }
}

/// The limit of the lowest of the grades: a lesson of two parallels keeps the stricter one.
#[must_use]
pub fn limit(norms: &[Norm], grades: &[i16], after_day_off: bool, first_grade: bool) -> Option<Limit> {
    let of = |grade: i16| {
        let row = find(norms, HOMEWORK, grade)?;
        let share = find(norms, WEEKEND, grade).filter(|_| after_day_off);
        let minutes = share.map_or(row.value, |s| row.value.saturating_mul(s.value) / 100);
        let none_given = grade <= 1 && !first_grade;
        // the row that gave the figure; a share is a share of the other
        let said = share.filter(|_| !none_given).unwrap_or(row);
        Some(Limit {
            minutes: if none_given { 0 } else { minutes },
            grade,
            after_day_off: share.is_some() && !none_given,
            none_given,
            clause: said.clause.clone(),
            since: said.valid_from,
            confirmed: said.confirmed && row.confirmed,
        })
    };
    grades
        .iter()
        .filter_map(|g| of(*g))
        .min_by_key(|l| (l.minutes, l.grade))
}

/// The day of the pupil who has most to do.
#[must_use]
pub fn day(date: NaiveDate, dues: &[Due], limit: Option<Limit>) -> Day {
    let mut pupils: BTreeMap<PupilId, (i32, i32)> = BTreeMap::new();
    for due in dues {
        let sum = pupils.entry(due.pupil).or_default();
        sum.0 = sum.0.saturating_add(due.minutes.max(0));
        sum.1 = sum.1.saturating_add(due.unknown.max(0));
    }
    let most = pupils
        .into_iter()
        .max_by_key(|(pupil, sum)| (*sum, std::cmp::Reverse(*pupil)));
    let (minutes, unknown) = most.map_or((0, 0), |(_, sum)| sum);
    let mut subjects: Vec<(String, i32)> = dues
        .iter()
        .filter(|d| most.is_some_and(|(pupil, _)| d.pupil == pupil))
        .map(|d| (d.subject.clone(), d.minutes.max(0)))
        .collect();
    subjects.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Day {
        date,
        minutes,
        unknown,
        subjects,
        limit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn d() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 19).unwrap()
    }

    fn norm(kind: &str, from: i16, to: i16, value: i32) -> Norm {
        Norm {
            kind: kind.into(),
            grade_from: from,
            grade_to: to,
            value,
            clause: format!("{kind} {from}–{to}"),
            valid_from: d(),
            confirmed: false,
        }
    }

    fn law() -> Vec<Norm> {
        vec![
            norm(HOMEWORK, 1, 1, 60),
            norm(HOMEWORK, 2, 3, 90),
            norm(HOMEWORK, 4, 5, 120),
            norm(HOMEWORK, 6, 8, 150),
            norm(HOMEWORK, 9, 11, 210),
            norm(WEEKEND, 1, 11, 70),
        ]
    }

    fn due(pupil: i64, subject: &str, minutes: i32) -> Due {
        Due {
            pupil: PupilId(pupil),
            subject: subject.into(),
            minutes,
            unknown: 0,
        }
    }

    #[test]
    fn the_limit_of_a_grade_and_of_a_weekend() {
        let minutes = |grades: &[i16], off| limit(&law(), grades, off, false).map(|l| l.minutes);
        assert_eq!(minutes(&[7], false), Some(150));
        assert_eq!(minutes(&[7], true), Some(105));
        assert_eq!(minutes(&[3, 4], false), Some(90));
        assert_eq!(minutes(&[12], false), None);
        let first = limit(&law(), &[1], true, false).unwrap();
        assert_eq!(
            (first.minutes, first.none_given, first.after_day_off),
            (0, true, false)
        );
        // each figure names the row that it is taken from
        let mut law = law();
        law[5].valid_from = d().succ_opt().unwrap();
        law[3].confirmed = true;
        let of = |law: &[Norm], off| limit(law, &[7], off, false).map(|l| (l.clause, l.since, l.confirmed));
        assert_eq!(of(&law, false), Some((law[3].clause.clone(), d(), true)));
        assert_eq!(
            of(&law, true),
            Some((law[5].clause.clone(), law[5].valid_from, false))
        );
        law[5].confirmed = true;
        assert!(of(&law, true).unwrap().2);
        let decided = limit(&law, &[1], false, true).unwrap();
        assert_eq!((decided.minutes, decided.none_given), (60, false));
    }

    #[test]
    fn two_subgroups_are_not_added_up() {
        let dues = [
            due(1, "Англ 1", 40),
            due(2, "Англ 2", 30),
            due(1, "Алгебра", 20),
            due(2, "Алгебра", 20),
        ];
        let day = day(d(), &dues, limit(&law(), &[7], false, false));
        assert_eq!(day.minutes, 60);
        assert_eq!(
            day.subjects,
            [("Англ 1".to_owned(), 40), ("Алгебра".to_owned(), 20)]
        );
        assert_eq!((day.over(90), day.over(91)), (0, 1));
    }

    proptest! {
        #[test]
        fn the_fullest_day_is_somebodys_and_nobodys_is_fuller(
            rows in proptest::collection::vec((1i64..6, 0usize..4, 0i32..120, 0i32..2), 0..40), more in 0i32..400, grade in 1i16..12, off: bool,
        ) {
            let dues: Vec<Due> = rows.iter().map(|(p, s, m, u)| Due {
                pupil: PupilId(*p), subject: ["А", "Б", "В", "Г"][*s].into(), minutes: *m, unknown: *u }).collect();
            let day = day(d(), &dues, limit(&law(), &[grade], off, true));
            let sum = |p: i64| dues.iter().filter(|d| d.pupil == PupilId(p)).map(|d| d.minutes).sum::<i32>();
            prop_assert_eq!(day.minutes, (1..6).map(sum).max().unwrap());
            prop_assert_eq!(day.subjects.iter().map(|s| s.1).sum::<i32>(), day.minutes);
            let limit = day.limit.as_ref().unwrap().minutes;
            prop_assert_eq!(day.over(more), (day.minutes + more - limit).max(0));
            // never more than seven tenths of what a usual day may hold
            let usual = super::limit(&law(), &[grade], false, true).unwrap().minutes;
            let tenths = if off { 7 } else { 10 };
            prop_assert!(limit * 10 <= usual * tenths);
        }
    }
}
