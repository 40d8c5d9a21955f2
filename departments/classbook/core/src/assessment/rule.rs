//! What stands against an assessment work on a day, each by its dated row; and the near days that nothing stands against.

use std::collections::BTreeSet;

use base::{AssessmentId, ClassId, SubjectId, WorkTypeId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::part::{Part, beside, meet, most, whole};
use crate::homework::norm::find;
use crate::homework::{Basis, Norm};

/// Works of the whole class of at least so many minutes count.
pub const COUNTED: &str = "assessment_minutes";
/// Days from one work of a subject in a parallel to the next: two and a half weeks.
pub const GAP: &str = "assessment_gap_days";
/// Per cent of a subject's hours of a year.
pub const SHARE: &str = "assessment_year_percent";
/// Works of a class on one day.
pub const A_DAY: &str = "assessment_a_day";
/// Neither on the first nor on the last lesson.
pub const EDGE: &str = "assessment_edge_lessons";
/// Teaching weeks of a year.
pub const WEEKS: &str = "teaching_weeks";
/// All of them.
pub const KINDS: [&str; 6] = [COUNTED, GAP, SHARE, A_DAY, EDGE, WEEKS];

/// A lesson as plans and loads count it: the academic hour, also where the bells ring after 40 minutes. So two lessons there (80 minutes) are two, and a
/// pair of a college is two.
pub const HOUR: i16 = 45;

/// The same work in the classes of a parallel within so many days is one procedure: 7А on Monday, 7Б on Wednesday.
const TOGETHER: i64 = 7;

/// A work, planned or to be planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// Which; `None`: it is being planned.
    pub id: Option<AssessmentId>,
    /// The subject.
    pub subject: SubjectId,
    /// Its name.
    pub subject_name: String,
    /// To which classes: «7А».
    pub classes: Vec<(ClassId, String)>,
    /// Their grade; the lowest where there are several.
    pub grade: i16,
    /// The day.
    pub date: NaiveDate,
    /// The slot of the lesson, from 0.
    pub slot: i16,
    /// «Контрольная работа».
    pub kind: WorkTypeId,
    /// What it is about.
    pub title: String,
    /// How long it takes.
    pub minutes: i16,
    /// All to whom the journal is kept write it at once: the whole class, or the whole group.
    pub whole_class: bool,
    /// Where it is of groups and not of whole classes: which.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
}

/// A lesson of the group on which a work may lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The day.
    pub date: NaiveDate,
    /// The slot, from 0.
    pub slot: i16,
    /// The first lesson of one of its classes that day.
    pub first: bool,
    /// The last one.
    pub last: bool,
}

/// What is known beside the work: of its parallel and of the school.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// The rows in force.
    pub norms: Vec<Norm>,
    /// Works of the year that may stand against it: of its classes, and of its subject in its parallel.
    pub others: Vec<Planned>,
    /// Lessons a week of this group, in hundredths.
    pub week_hours: i64,
    /// The coming lessons of the group, in order.
    pub places: Vec<Place>,
}

/// What stands against a work. Each names its row of the law by [`Remark::basis`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Remark {
    /// Another work of the subject in the parallel lies too near.
    Near {
        /// Its day.
        date: NaiveDate,
        /// Its classes.
        classes: String,
        /// So many days between them.
        days: i64,
        /// So many are needed.
        need: i32,
        /// The row.
        #[serde(flatten)]
        basis: Basis,
    },
    /// More lessons of the year than the share allows.
    Share {
        /// So many lessons with this one's.
        count: i32,
        /// So many are allowed.
        most: i32,
        /// The row.
        #[serde(flatten)]
        basis: Basis,
    },
    /// The class has another work that day.
    SameDay {
        /// Of which subject.
        subject: String,
        /// Which class.
        class: String,
        /// The row.
        #[serde(flatten)]
        basis: Basis,
    },
    /// It lies on the first or last lesson, and the group has others.
    Edge {
        /// On the first one; else on the last.
        first: bool,
        /// The row.
        #[serde(flatten)]
        basis: Basis,
    },
    /// The group has no lesson that day.
    NoLesson,
}

impl Remark {
    /// The row of the law, where it is one of the law's.
    #[must_use]
    pub fn basis(&self) -> Option<&Basis> {
        match self {
            Self::Near { basis, .. }
            | Self::Share { basis, .. }
            | Self::SameDay { basis, .. }
            | Self::Edge { basis, .. } => Some(basis),
            Self::NoLesson => None,
        }
    }
}

/// May the law count it? Of all to whom the journal is kept, of thirty minutes and more. A group's work is one of the law's only where the class's
/// other groups write that day, too ([`Part`]).
#[must_use]
pub fn counts(work: &Planned, norms: &[Norm]) -> bool {
    work.whole_class && find(norms, COUNTED, work.grade).is_some_and(|n| i32::from(work.minutes) >= n.value)
}

/// One procedure, written in several classes of a parallel: the same kind and title within a week, and no class twice.
fn together(a: &Planned, b: &Planned) -> bool {
    let apart = a.date.signed_duration_since(b.date).num_days().abs();
    let same = |x: &str| x.trim().to_lowercase();
    a.subject == b.subject
        && a.kind == b.kind
        && same(&a.title) == same(&b.title)
        && apart <= TOGETHER
        && !share_class(a, b)
}

fn share_class(a: &Planned, b: &Planned) -> bool {
    a.classes
        .iter()
        .any(|(class, _)| b.classes.iter().any(|(other, _)| class == other))
}

/// What stands against the work, by the law's rows; empty for a work that the law does not count, on a day with a lesson.
#[must_use]
pub fn check(work: &Planned, known: &Known) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let place = known
        .places
        .iter()
        .filter(|p| p.date == work.date)
        .min_by_key(|p| (p.slot != work.slot, p.slot));
    if place.is_none() && !known.places.is_empty() {
        remarks.push(Remark::NoLesson);
    }
    if !counts(work, &known.norms) {
        return remarks;
    }
    let others: Vec<&Planned> = known
        .others
        .iter()
        .filter(|o| (o.id.is_none() || o.id != work.id) && counts(o, &known.norms))
        .collect();
    // what the law means: a group's work with those of the other groups on its day
    let is_whole = |one: &Planned| one.parts.is_empty() || whole(one, others.iter().copied().chain([work]));
    let (row, here) = (|kind| find(&known.norms, kind, work.grade), is_whole(work));
    if let Some(norm) = row(GAP).filter(|_| here) {
        let near = others
            .iter()
            .filter(|o| o.subject == work.subject && o.grade == work.grade)
            .filter(|o| !together(work, o) && !beside(work, o))
            .map(|o| (o.date.signed_duration_since(work.date).num_days().abs(), o))
            .filter(|(days, o)| *days < i64::from(norm.value) && is_whole(o))
            .min_by_key(|(days, o)| (*days, o.date));
        remarks.extend(near.map(|(days, o)| Remark::Near {
            date: o.date,
            classes: names(o),
            days,
            need: norm.value,
            basis: norm.basis(),
        }));
    }
    if let (Some(norm), Some(weeks)) = (row(SHARE).filter(|_| here), row(WEEKS)) {
        let hours = known.week_hours.saturating_mul(i64::from(weeks.value));
        let most = hours.saturating_mul(i64::from(norm.value)) / 10_000;
        let most = i32::try_from(most).unwrap_or(i32::MAX);
        let own = others.iter().copied().filter(|o| o.subject == work.subject);
        let own: Vec<&Planned> = own.filter(|o| is_whole(o)).collect();
        let of_class = |(class, _): &(ClassId, String)| of_year(&own, work, *class);
        let count = work.classes.iter().map(of_class).max().unwrap_or(0);
        let count = i32::try_from(count).unwrap_or(i32::MAX);
        if count > most {
            remarks.push(Remark::Share {
                count,
                most,
                basis: norm.basis(),
            });
        }
    }
    if let Some(norm) = row(A_DAY) {
        let of_day = |class: ClassId| {
            let that_day = others.iter().copied().filter(|o| o.date == work.date);
            that_day.filter(move |o| meet(work, o, class))
        };
        let full = work
            .classes
            .iter()
            .find(|(class, _)| most(of_day(*class), *class, |_| 1) >= i64::from(norm.value));
        remarks.extend(full.and_then(|(class, name)| {
            Some(Remark::SameDay {
                subject: of_day(*class).next()?.subject_name.clone(),
                class: name.clone(),
                basis: norm.basis(),
            })
        }));
    }
    if let (Some(norm), Some(place)) = (row(EDGE).filter(|_| here), place)
        && (place.first || place.last)
        && !only_there(known)
    {
        remarks.push(Remark::Edge {
            first: place.first,
            basis: norm.basis(),
        });
    }
    remarks
}

/// The lessons that a work takes of the subject's hours, begun ones in full.
fn lessons(work: &Planned) -> i64 {
    let (minutes, hour) = (i64::from(work.minutes), i64::from(HOUR));
    (minutes + hour - 1) / hour
}

/// How many lessons of the year the works of its subject take of a class, this one among them: day by day, for groups write one work beside one
/// another.
fn of_year(own: &[&Planned], work: &Planned, class: ClassId) -> i64 {
    let all = own.iter().copied().chain([work]);
    let days: BTreeSet<NaiveDate> = all.clone().map(|w| w.date).collect();
    let of_day = |day| most(all.clone().filter(move |w| w.date == day), class, lessons);
    days.into_iter().map(of_day).fold(0, i64::saturating_add)
}

/// A subject of one hour a week that lies on nothing but first and last lessons.
fn only_there(known: &Known) -> bool {
    known.week_hours <= 100 && known.places.iter().all(|p| p.first || p.last)
}

fn names(work: &Planned) -> String {
    work.classes
        .iter()
        .map(|(_, name)| name.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

/// The nearest lessons of the group that nothing stands against, at most `most`, in order of the days.
#[must_use]
pub fn free(work: &Planned, known: &Known, most: usize) -> Vec<Place> {
    let mut good: Vec<Place> = known
        .places
        .iter()
        .filter(|place| {
            let there = Planned {
                date: place.date,
                slot: place.slot,
                ..work.clone()
            };
            check(&there, known).is_empty()
        })
        .copied()
        .collect();
    good.dedup_by_key(|p| p.date);
    good.sort_by_key(|p| (p.date.signed_duration_since(work.date).num_days().abs(), p.date));
    good.truncate(most);
    good.sort_by_key(|p| p.date);
    good
}

#[cfg(test)]
mod tests;
