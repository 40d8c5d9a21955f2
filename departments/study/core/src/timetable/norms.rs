//! Rows of the law turned into the judge's limits. No figure of a norm stands in code; what each *breach costs* stands in
//! [`requirement::kind`](crate::requirement::kind). [`law`]: the rows with their dates; [`scale`]: which row of the difficulty tables a subject is.

pub mod law;
pub mod scale;

use chrono::{NaiveDate, NaiveTime, Timelike as _};
use serde::{Deserialize, Serialize};
use timetable::{Limit, Limits, NormId, PeakDays, SlotRange};

use super::board::ClassRow;
use crate::requirement::Kind;
use crate::requirement::facts::{self, Asked};

/// One row of `norm`, in force on the asked day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NormRow {
    /// Which rule.
    pub kind: String,
    /// Grades it is for.
    pub grade_from: i16,
    /// Last of them.
    pub grade_to: i16,
    /// For a week of this length only.
    pub week_days: Option<i16>,
    /// Its figure.
    pub value: i32,
    /// Where it stands.
    pub clause: String,
    /// In force since.
    pub valid_from: NaiveDate,
    /// False: known at second hand, shown as a setting to check.
    pub confirmed: bool,
}

impl NormRow {
    fn is_for(&self, kind: &str, grade: i16, week_days: i16) -> bool {
        self.kind == kind
            && (self.grade_from..=self.grade_to).contains(&grade)
            && self.week_days.is_none_or(|days| days == week_days)
    }

    /// Where it stands, without what it says: «СП 2.4.3648-20, п. 3.4.16».
    #[must_use]
    pub fn place(&self) -> &str {
        self.clause.split(':').next().unwrap_or_default()
    }
}

/// The row of a kind for a grade: the one for its very week before the one for any, else the first. (The rows come with
/// the nearer level and the months of today before the general ones.)
pub(crate) fn find_of<'a>(
    rows: &'a [NormRow],
    kind: &str,
    grade: i16,
    week_days: i16,
) -> Option<(NormId, &'a NormRow)> {
    let found = rows
        .iter()
        .enumerate()
        .filter(|(_, r)| r.is_for(kind, grade, week_days));
    // of equals the first
    found
        .min_by_key(|(_, r)| r.week_days.is_none())
        .map(|(n, r)| (NormId::at(n), r))
}

/// The row of a kind for a class.
fn find<'a>(rows: &'a [NormRow], kind: &str, class: &ClassRow) -> Option<(NormId, &'a NormRow)> {
    find_of(rows, kind, class.grade, class.week_days)
}

/// Minutes after midnight.
fn minutes(time: NaiveTime) -> i32 {
    i32::try_from(time.num_seconds_from_midnight() / 60).unwrap_or(0)
}

/// The first and last slot whose bells ring within the hours that the law allows, where some ring outside.
fn hours(rows: &[NormRow], asked: Asked<'_>, class: &ClassRow) -> (Option<Limit>, Option<Limit>) {
    let limit = |kind: Kind, norm: NormId, slot: usize| {
        let slot = i32::try_from(slot).unwrap_or(i32::MAX);
        facts::limit(slot, norm, asked.norm(kind, class.grade))
    };
    let earliest = find(rows, "first_bell_not_before", class).and_then(|(norm, row)| {
        let early = |at: &Option<NaiveTime>| at.is_some_and(|at| minutes(at) < row.value);
        let last = class.starts.iter().rposition(early)?;
        limit(Kind::FirstBell, norm, last + 1)
    });
    let latest = find(rows, "last_bell_not_after", class).and_then(|(norm, row)| {
        let late = |at: &Option<NaiveTime>| at.is_some_and(|at| minutes(at) > row.value);
        let first = class.ends.iter().position(late)?;
        limit(Kind::LastBell, norm, first.checked_sub(1)?)
    });
    (earliest, latest)
}

fn figure(value: i32) -> u16 {
    u16::try_from(value).unwrap_or(0)
}

/// The limits of a class: of the law, and what the school asks. Where the school says nothing, a breach is told and costs,
/// but does not forbid: what the law means for a school (its regime, its exceptions) is the deputy director's to decide, and
/// an overfull plan is no fault of a single card.
#[must_use]
pub fn limits(rows: &[NormRow], asked: Asked<'_>, class: &ClassRow) -> Limits {
    let cost = |kind: Kind| asked.norm(kind, class.grade);
    let limit = |kind: Kind| {
        let (norm, row) = find(rows, kind.key(), class)?;
        facts::limit(row.value, norm, cost(kind))
    };
    let with_pe = limit(Kind::LongDay);
    let hard_lessons = match (
        find(rows, "hard_lesson_from", class),
        find(rows, "hard_lesson_to", class),
    ) {
        (Some((_, from)), Some((norm, to))) => Some(SlotRange {
            from: figure(from.value),
            // a school may set either without the other
            to: figure(to.value.max(from.value)),
            norm,
            penalty: cost(Kind::HardLessons).penalty,
        }),
        _ => None,
    };
    let hard_lessons = hard_lessons.filter(|range| range.penalty > 0);
    // what weighs nothing is not told either
    let days = |kind: Kind| {
        let (norm, row) = find(rows, kind.key(), class)?;
        let days = PeakDays {
            days: u64::try_from(row.value).unwrap_or(0),
            norm,
            penalty: cost(kind).penalty,
        };
        (days.penalty > 0).then_some(days)
    };
    let (earliest_slot, latest_slot) = hours(rows, asked, class);
    let mut limits = Limits {
        earliest_slot,
        latest_slot,
        per_day: limit(Kind::LessonsADay),
        per_day_with_pe: with_pe,
        long_days: u16::from(with_pe.is_some()),
        per_week: limit(Kind::LessonsAWeek),
        subject_per_day: limit(Kind::SubjectADay),
        hard_from: find(rows, "hard_points_from", class).map_or(0, |(_, row)| figure(row.value)),
        hard_lessons,
        hard_in_row: asked.hard_in_row(),
        late_start: asked.late_start(),
        peak_days: days(Kind::PeakDays),
        light_days: days(Kind::LightDay),
        edge_days: days(Kind::EdgeDays),
        homework_per_day: limit(Kind::HomeworkADay),
        ..Limits::default()
    };
    asked.class(class.id, class.grade, &mut limits);
    limits
}

#[cfg(test)]
pub(crate) mod tests {
    use super::super::samples;
    use super::*;

    fn class(grade: i16, week_days: i16) -> ClassRow {
        ClassRow {
            week_days,
            ..samples::class("7А", grade)
        }
    }

    /// A row in force.
    pub fn row(kind: &str, from: i16, to: i16, week_days: Option<i16>, value: i32) -> NormRow {
        NormRow {
            kind: kind.into(),
            grade_from: from,
            grade_to: to,
            week_days,
            value,
            clause: "п. 1".into(),
            valid_from: NaiveDate::from_ymd_opt(2021, 3, 1).unwrap(),
            confirmed: false,
        }
    }

    #[test]
    fn a_norm_is_taken_by_grade_and_length_of_the_week() {
        let rows = [
            row("lessons_a_week", 7, 7, Some(5), 32),
            row("lessons_a_week", 7, 7, Some(6), 35),
            row("lessons_a_day", 7, 11, None, 7),
        ];
        let five = limits(&rows, Asked(&[]), &class(7, 5));
        assert_eq!(five.per_week.map(|l| (l.value, l.norm)), Some((32, NormId(0))));
        assert_eq!(five.per_day.map(|l| l.value), Some(7));
        assert_eq!(
            limits(&rows, Asked(&[]), &class(7, 6)).per_week.map(|l| l.value),
            Some(35)
        );
        assert_eq!(limits(&rows, Asked(&[]), &class(5, 5)).per_week, None);
        assert_eq!(five.long_days, 0, "no day is longer without a row that says so");
    }

    #[test]
    fn slots_outside_the_hours_of_the_law_are_limits_of_the_board() {
        let rows = [
            row("first_bell_not_before", 0, 12, None, 480),
            row("last_bell_not_after", 0, 12, None, 1140),
        ];
        let time = |h, m| NaiveTime::from_hms_opt(h, m, 0);
        let mut class = class(7, 5);
        let within = limits(&rows, Asked(&[]), &class);
        assert_eq!(
            (within.earliest_slot, within.latest_slot),
            (None, None),
            "no bells are known"
        );
        class.starts = vec![time(7, 10), time(8, 0), time(12, 0), time(18, 30)];
        class.ends = vec![time(7, 55), time(8, 45), time(12, 45), time(19, 15)];
        let judged = limits(&rows, Asked(&[]), &class);
        assert_eq!(
            judged.earliest_slot.map(|l| (l.value, l.norm)),
            Some((1, NormId(0))),
            "a zero lesson"
        );
        assert_eq!(
            judged.latest_slot.map(|l| (l.value, l.norm)),
            Some((2, NormId(1)))
        );
    }
}
