//! On which lesson each row of a plan falls, and what became of it.

use std::collections::{BTreeMap, BTreeSet};

use base::LessonId;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::row::{Plan, RowId};

/// Why a lesson is none for the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Out {
    /// It is cancelled.
    Cancelled,
    /// Its day is a holiday.
    Holiday,
}

/// A lesson of the load in the year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanLesson {
    /// Which; `None`: to be expected by the timetable, but not laid out yet.
    pub id: Option<LessonId>,
    /// The day.
    pub date: NaiveDate,
    /// The slot, from 0.
    pub slot: i16,
    /// Why it is none.
    pub out: Option<Out>,
    /// The topic that was written down.
    pub topic: Option<String>,
}

/// A row's lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    /// Which row.
    pub row: RowId,
    /// Which of its lessons, from 1.
    pub hour: i16,
}

/// A plan laid out over lessons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Laid {
    /// For each lesson what falls on it.
    pub seats: Vec<Option<Seat>>,
    /// Lessons of the plan for which the year has none.
    pub over: i64,
    /// Lessons of the year for which the plan has nothing.
    pub spare: i64,
}

/// Does the plan go on in this lesson?
#[must_use]
pub fn counts(lesson: &PlanLesson, skipped: &BTreeSet<LessonId>) -> bool {
    lesson.out.is_none() && lesson.id.is_none_or(|id| !skipped.contains(&id))
}

/// Lays a plan out over lessons, which are in the order of time: the n-th lesson that counts carries the n-th hour of the plan.
#[must_use]
pub fn lay(plan: &Plan, lessons: &[PlanLesson]) -> Laid {
    let skipped: BTreeSet<LessonId> = plan.skipped.iter().copied().collect();
    let mut hours = plan
        .rows
        .iter()
        .flat_map(|row| (1..=row.terms.hours).map(|hour| Seat { row: row.id, hour }));
    let mut laid = Laid::default();
    for lesson in lessons {
        let seat = if counts(lesson, &skipped) {
            let next = hours.next();
            laid.spare += i64::from(next.is_none());
            next
        } else {
            None
        };
        laid.seats.push(seat);
    }
    laid.over = i64::try_from(hours.count()).unwrap_or(i64::MAX);
    laid
}

impl Laid {
    /// The lessons of each row, by their place in the list.
    #[must_use]
    pub fn by_row(&self) -> BTreeMap<RowId, Vec<usize>> {
        let mut by_row: BTreeMap<RowId, Vec<usize>> = BTreeMap::new();
        for (n, seat) in self.seats.iter().enumerate() {
            if let Some(seat) = seat {
                by_row.entry(seat.row).or_default().push(n);
            }
        }
        by_row
    }
}

/// What became of a lesson of the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Its day has not come and nothing is written.
    Ahead,
    /// It has been, and no topic is written.
    Missing,
    /// The topic of the plan is written.
    AsPlanned,
    /// Another topic is written.
    Other,
}

impl Fact {
    /// Compares what was to be with what is written.
    #[must_use]
    pub fn of(planned: &str, lesson: &PlanLesson, today: NaiveDate) -> Self {
        match lesson.topic.as_deref() {
            Some(topic) if same(topic, planned) => Self::AsPlanned,
            Some(_) => Self::Other,
            None if lesson.date < today => Self::Missing,
            None => Self::Ahead,
        }
    }
}

/// Two texts that differ in spaces, case and the point at the end are one.
fn same(a: &str, b: &str) -> bool {
    let plain = |text: &str| {
        let words: Vec<&str> = text.split_whitespace().collect();
        words.join(" ").trim_end_matches('.').to_lowercase()
    };
    plain(a) == plain(b)
}

/// A row whose lessons are others now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Which.
    pub row: RowId,
    /// Its days before.
    pub before: Vec<NaiveDate>,
    /// Its days after; fewer than its hours when the year is over.
    pub after: Vec<NaiveDate>,
}

/// What a change of a plan moves: rows that stay and get other days, in the order of the new plan.
#[must_use]
pub fn moved(before: &Plan, after: &Plan, lessons: &[PlanLesson]) -> Vec<Moved> {
    let days = |plan: &Plan| -> BTreeMap<RowId, Vec<NaiveDate>> {
        let laid = lay(plan, lessons).by_row();
        laid.into_iter()
            .map(|(row, at)| {
                let days = at.iter().filter_map(|n| lessons.get(*n)).map(|l| l.date);
                (row, days.collect())
            })
            .collect()
    };
    let (old, new) = (days(before), days(after));
    let of = |days: &BTreeMap<RowId, Vec<NaiveDate>>, row| days.get(&row).cloned().unwrap_or_default();
    after
        .rows
        .iter()
        .filter(|row| before.row(row.id).is_some())
        .map(|row| Moved {
            row: row.id,
            before: of(&old, row.id),
            after: of(&new, row.id),
        })
        .filter(|m| m.before != m.after)
        .collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::row::{Row, Terms};
    use super::*;
    use chrono::Days;
    use proptest::prelude::*;

    pub fn day(n: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 9, 1).unwrap() + Days::new(n)
    }

    /// Lessons on days 0, 1, 2, …; `false`: cancelled.
    pub fn lessons(held: &[bool]) -> Vec<PlanLesson> {
        held.iter()
            .zip(0u32..)
            .map(|(held, n)| PlanLesson {
                id: Some(LessonId(i64::from(n) + 1)),
                date: day(u64::from(n)),
                slot: 0,
                out: (!held).then_some(Out::Cancelled),
                topic: None,
            })
            .collect()
    }

    /// Rows 1, 2, 3, … of so many hours.
    pub fn plan(hours: &[i16]) -> Plan {
        let rows: Vec<Row> = hours
            .iter()
            .zip(1i32..)
            .map(|(hours, n)| Row {
                id: RowId(n),
                terms: Terms {
                    hours: *hours,
                    ..Terms::of(&format!("Тема {n}"))
                },
            })
            .collect();
        Plan {
            last_row: i32::try_from(rows.len()).unwrap(),
            rows,
            skipped: vec![],
        }
    }

    #[test]
    fn a_plan_goes_past_what_is_cancelled_and_skipped() {
        let mut plan = plan(&[2, 1, 3]);
        plan.skipped = vec![LessonId(4)];
        let laid = lay(&plan, &lessons(&[true, false, true, true, true, true]));
        let rows: Vec<Option<(i32, i16)>> = laid.seats.iter().map(|s| s.map(|s| (s.row.0, s.hour))).collect();
        assert_eq!(
            rows,
            [Some((1, 1)), None, Some((1, 2)), None, Some((2, 1)), Some((3, 1))]
        );
        assert_eq!((laid.over, laid.spare), (2, 0));
    }

    #[test]
    fn a_holiday_carries_nothing_and_what_is_left_is_spare() {
        let mut lessons = lessons(&[true, true, true]);
        lessons[0].out = Some(Out::Holiday);
        let laid = lay(&plan(&[1]), &lessons);
        assert_eq!(laid.seats[0], None);
        assert_eq!(laid.seats[1].unwrap().row, RowId(1));
        assert_eq!((laid.over, laid.spare), (0, 1));
    }

    #[test]
    fn a_fact_is_told_by_words_not_by_spaces() {
        let mut lesson = lessons(&[true]).remove(0);
        assert_eq!(
            Fact::of("Дроби", &lesson, day(0)),
            Fact::Ahead,
            "its day is not over"
        );
        assert_eq!(Fact::of("Дроби", &lesson, day(1)), Fact::Missing);
        lesson.topic = Some("  дроби. ".into());
        assert_eq!(Fact::of("Дроби", &lesson, day(1)), Fact::AsPlanned);
        lesson.topic = Some("Повторение".into());
        assert_eq!(Fact::of("Дроби", &lesson, day(1)), Fact::Other);
    }

    proptest! {
        /// Every hour is somewhere once, in order, and only on lessons that count.
        #[test]
        fn hours_lie_once_and_in_order(
            hours in proptest::collection::vec(1i16..5, 0..20),
            held in proptest::collection::vec(any::<bool>(), 0..60),
            skipped in proptest::collection::btree_set(1i64..60, 0..8),
        ) {
            let mut plan = plan(&hours);
            plan.skipped = skipped.iter().map(|n| LessonId(*n)).collect();
            let lessons = lessons(&held);
            let laid = lay(&plan, &lessons);
            prop_assert_eq!(laid.seats.len(), lessons.len());
            let sat: Vec<(i32, i16)> = laid.seats.iter().flatten().map(|s| (s.row.0, s.hour)).collect();
            let all: Vec<(i32, i16)> = plan.rows.iter().flat_map(|r| (1..=r.terms.hours).map(|h| (r.id.0, h))).collect();
            prop_assert_eq!(&sat[..], &all[..sat.len()]);
            prop_assert_eq!(i64::try_from(all.len() - sat.len()).unwrap(), laid.over);
            let open = plan.skipped.iter().copied().collect();
            let usable = lessons.iter().filter(|l| counts(l, &open)).count();
            prop_assert_eq!(i64::try_from(usable - sat.len()).unwrap(), laid.spare);
            prop_assert!(laid.over == 0 || laid.spare == 0);
            for (lesson, seat) in lessons.iter().zip(&laid.seats) {
                prop_assert!(seat.is_none() || counts(lesson, &open));
            }
        }

        /// What is not in the list of the moved has its days as before.
        #[test]
        fn what_is_not_told_has_not_moved(
            hours in proptest::collection::vec(1i16..4, 1..12), held in proptest::collection::vec(any::<bool>(), 1..40), skip in 1i64..40,
        ) {
            let (before, lessons) = (plan(&hours), lessons(&held));
            let mut after = before.clone();
            after.skipped.push(LessonId(skip));
            let told: BTreeSet<RowId> = moved(&before, &after, &lessons).iter().map(|m| m.row).collect();
            let (old, new) = (lay(&before, &lessons).by_row(), lay(&after, &lessons).by_row());
            for row in &before.rows {
                prop_assert_eq!(told.contains(&row.id), old.get(&row.id) != new.get(&row.id));
            }
        }
    }
}
