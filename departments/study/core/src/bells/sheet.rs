//! Everything that the page shows, and what a save answers.

use std::collections::BTreeMap;

use base::BellsId;
use serde::{Deserialize, Serialize};

use super::loss::Lost;
use super::terms::{Terms, Uses};
use crate::timetable::{NormRow, OrgKind};

/// A schedule of the school.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// Its id.
    pub id: BellsId,
    /// As it is written.
    pub terms: Terms,
    /// It rings in other years too: what changes here changes there.
    pub other_years: bool,
}

/// A grade of the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grade {
    /// Its number; 0: not known.
    pub grade: i16,
    /// Days of its week.
    pub week_days: i16,
    /// The number of its last lesson in the version in force; `None` where it has none there. Bells after it bother no norm.
    pub last: Option<i16>,
}

/// The page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// The year's title; `None` where there is no year yet.
    pub year: Option<String>,
    /// Grades or courses.
    pub org: OrgKind,
    /// Days that the grid has, from Monday.
    pub days: i16,
    /// The year's grades, the unknown one last.
    pub grades: Vec<Grade>,
    /// Its schedules, by shift and title.
    pub schedules: Vec<Schedule>,
    /// Norms of bells and shifts, for those who plan.
    pub norms: Vec<NormRow>,
    /// This person may change them.
    pub may_edit: bool,
}

/// A grade on a weekday that rang by another schedule until now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Taken {
    /// Which grade.
    pub grade: i16,
    /// 1 = Monday.
    pub weekday: i16,
    /// By which one.
    pub from: BellsId,
}

/// What a save came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It is written.
    Saved(BellsId),
    /// Nothing is written: these lessons would lose their bell, and the person has not said that they know.
    Asks {
        /// Which.
        lost: Vec<Lost>,
        /// Versions by their titles, where not all is of one.
        titles: Vec<(base::VersionId, String)>,
    },
}

/// What of the wanted cells rings by another schedule than this one, in the order of the grid.
#[must_use]
pub fn taken(schedules: &[Schedule], own: Option<BellsId>, uses: &Uses) -> Vec<Taken> {
    let others = schedules.iter().filter(|s| Some(s.id) != own);
    let mut all: Vec<Taken> = others
        .flat_map(|s| s.terms.uses.intersection(uses).map(move |of| (s.id, *of)))
        .map(|(from, (grade, weekday))| Taken { grade, weekday, from })
        .collect();
    all.sort_unstable();
    all
}

/// Uses with the same weekdays together: the grades of each set of days, in order.
#[must_use]
pub fn together(uses: &Uses) -> Vec<(Vec<i16>, Vec<i16>)> {
    let mut days: BTreeMap<i16, Vec<i16>> = BTreeMap::new();
    for (grade, weekday) in uses {
        days.entry(*grade).or_default().push(*weekday);
    }
    let mut sets: Vec<(Vec<i16>, Vec<i16>)> = vec![];
    for (grade, days) in days {
        match sets.iter_mut().find(|(_, known)| *known == days) {
            Some((grades, _)) => grades.push(grade),
            None => sets.push((vec![grade], days)),
        }
    }
    sets
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(id: i64, uses: &[(i16, i16)]) -> Schedule {
        Schedule {
            id: BellsId(id),
            terms: Terms {
                title: format!("Звонки {id}"),
                shift: 1,
                lessons: vec![],
                uses: uses.iter().copied().collect(),
            },
            other_years: false,
        }
    }

    #[test]
    fn what_is_taken_from_others_is_named() {
        let all = [schedule(1, &[(5, 1), (5, 2)]), schedule(2, &[(6, 1)])];
        let wanted = Uses::from([(5, 1), (5, 3), (6, 1)]);
        let of = |own| {
            let list = taken(&all, own, &wanted);
            list.iter()
                .map(|t| (t.grade, t.weekday, t.from.0))
                .collect::<Vec<_>>()
        };
        assert_eq!(of(None), [(5, 1, 1), (6, 1, 2)]);
        assert_eq!(of(Some(BellsId(1))), [(6, 1, 2)]);
    }

    #[test]
    fn grades_with_the_same_days_are_told_together() {
        let uses = Uses::from([(1, 1), (1, 2), (2, 1), (2, 2), (5, 1), (6, 1), (6, 2)]);
        assert_eq!(together(&uses), [(vec![1, 2, 6], vec![1, 2]), (vec![5], vec![1])]);
    }
}
