//! Works that are planned for the lessons of a journal and have no column there: of the approved schedule of assessment works, and of
//! the kind of work that the plan's row has. Offered by the page, taken by one press, and then columns like any other.
//!
//! A planned work has its column when its day has one of its kind: whoever made it by hand has made it.

use std::collections::{BTreeMap, BTreeSet};

use base::number::Hundredths;
use base::{LessonId, WorkTypeId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::grid::{AssignmentEdit, Grid};

/// A work of the approved schedule, on a lesson of its day that takes place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scheduled {
    /// The lesson.
    pub lesson: LessonId,
    /// Its kind.
    pub kind: WorkTypeId,
    /// What it is about.
    pub title: String,
}

/// Who planned a work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The schedule of assessment works.
    Schedule,
    /// The row of the lesson plan.
    Plan,
}

/// A planned work that has no column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedWork {
    /// For which lesson.
    pub lesson: LessonId,
    /// The lesson's day.
    pub date: NaiveDate,
    /// By whom it was planned.
    pub source: Source,
    /// Its kind.
    pub kind: WorkTypeId,
    /// «Контрольная работа».
    pub name: String,
    /// What it is about.
    pub title: String,
    /// The weight that its kind starts with.
    pub weight: Hundredths,
}

impl PlannedWork {
    /// Most letters of a column's title.
    const TITLE: usize = 300;

    /// Is it the page's to remind of it? What the school has approved from its day on; what the plan alone says on the day itself.
    #[must_use]
    pub fn is_due(&self, today: NaiveDate) -> bool {
        match self.source {
            Source::Schedule => self.date <= today,
            Source::Plan => self.date == today,
        }
    }

    /// The column that it becomes: of its kind, title and usual weight, by the scale that a new work gets.
    #[must_use]
    pub fn column(&self) -> AssignmentEdit {
        AssignmentEdit {
            id: None,
            lesson: self.lesson,
            work_type: self.kind,
            title: Some(self.title.chars().take(Self::TITLE).collect()),
            weight: self.weight,
            expected: 0,
            scale: None,
            reason: None,
        }
    }
}

impl Grid {
    /// The planned works of the page that have no column, by day; the schedule's before the plan's, and no kind twice on a day.
    #[must_use]
    pub fn planned_works(&self) -> Vec<PlannedWork> {
        let scheduled = self
            .scheduled
            .iter()
            .map(|s| (Source::Schedule, s.lesson, s.kind, s.title.as_str()));
        let of_plan = self
            .plan
            .iter()
            .filter_map(|o| Some((Source::Plan, o.lesson, o.work?, o.topic.as_str())));
        let days: BTreeMap<LessonId, NaiveDate> = self.lessons.iter().map(|l| (l.id, l.date)).collect();
        let columns: BTreeSet<(NaiveDate, WorkTypeId)> = self
            .assignments
            .iter()
            .filter_map(|a| Some((*days.get(&a.lesson)?, a.work_type)))
            .collect();
        let mut found: Vec<PlannedWork> = vec![];
        for (source, lesson, kind, title) in scheduled.chain(of_plan) {
            let Some(lesson) = self.lessons.iter().find(|l| l.id == lesson) else {
                continue;
            };
            let Some(usual) = self.work_types.iter().find(|t| t.id == kind) else {
                continue;
            };
            let twice = found.iter().any(|f| f.date == lesson.date && f.kind == kind);
            let has = columns.contains(&(lesson.date, kind));
            if lesson.cancelled || lesson.locked || twice || has {
                continue;
            }
            found.push(PlannedWork {
                lesson: lesson.id,
                date: lesson.date,
                source,
                kind,
                name: usual.title.clone(),
                title: title.to_owned(),
                weight: usual.weight,
            });
        }
        found.sort_by_key(|f| f.date);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::grid::WorkType;
    use crate::journal::sheet::tests::{day, grid};
    use crate::plan::Offer;

    /// Lesson 700 is of the 16th and has two columns of kind 1, 701 is of today, the 18th, 702 of the 20th; neither has one.
    fn planned(scheduled: &[(i64, i64)], plan: &[(i64, i64)]) -> Grid {
        let kind = |id, weight| WorkType {
            id: WorkTypeId(id),
            code: "К".into(),
            title: format!("Вид {id}"),
            weight: Hundredths::whole(weight),
            assessment: false,
        };
        Grid {
            work_types: vec![kind(1, 1), kind(2, 3)],
            scheduled: scheduled
                .iter()
                .map(|(lesson, kind)| Scheduled {
                    lesson: LessonId(*lesson),
                    kind: WorkTypeId(*kind),
                    title: "Дроби".into(),
                })
                .collect(),
            plan: plan
                .iter()
                .map(|(lesson, kind)| Offer {
                    lesson: LessonId(*lesson),
                    topic: "т".repeat(1000),
                    homework: None,
                    minutes: None,
                    hour: (1, 1),
                    work: Some(WorkTypeId(*kind)),
                })
                .collect(),
            ..grid()
        }
    }

    fn told(grid: &Grid) -> Vec<(i64, Source, i64)> {
        let all = grid.planned_works().into_iter();
        all.map(|w| (w.lesson.0, w.source, w.kind.0)).collect()
    }

    #[test]
    fn what_has_a_column_is_offered_no_more_and_nothing_twice() {
        let of = |s: &[(i64, i64)], p: &[(i64, i64)]| told(&planned(s, p));
        assert_eq!(of(&[(700, 1)], &[(700, 1)]), [], "there are columns of the kind");
        assert_eq!(of(&[(700, 2)], &[]), [(700, Source::Schedule, 2)]);
        assert_eq!(of(&[(701, 2)], &[(701, 2)]), [(701, Source::Schedule, 2)]);
        assert_eq!(
            of(&[(702, 2)], &[(701, 1), (702, 1)]),
            [
                (701, Source::Plan, 1),
                (702, Source::Schedule, 2),
                (702, Source::Plan, 1)
            ]
        );
        assert_eq!(of(&[(709, 2), (701, 9)], &[]), [], "no such lesson, no such kind");
    }

    #[test]
    fn a_lesson_that_takes_no_column_is_offered_none() {
        let mut grid = planned(&[(701, 2), (702, 2)], &[]);
        grid.lessons[1].cancelled = true;
        grid.lessons[2].locked = true;
        assert_eq!(told(&grid), []);
    }

    #[test]
    fn it_becomes_a_column_of_its_kind_title_and_usual_weight() {
        let works = planned(&[(700, 2)], &[(701, 2), (702, 1)]).planned_works();
        let due: Vec<bool> = works.iter().map(|w| w.is_due(day(18))).collect();
        assert_eq!(due, [true, true, false]);
        let (first, second) = (works[0].column(), works[1].column());
        assert_eq!(
            (first.title.as_deref(), first.weight),
            (Some("Дроби"), Hundredths::whole(3))
        );
        assert_eq!(
            (first.work_type, first.id, first.expected),
            (WorkTypeId(2), None, 0)
        );
        assert_eq!(second.title.map(|t| t.chars().count()), Some(300));
        let past = planned(&[], &[(700, 2)]).planned_works();
        assert!(
            !past[0].is_due(day(18)),
            "of the plan alone nothing is said afterwards"
        );
    }
}
