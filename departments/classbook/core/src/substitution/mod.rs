//! Lessons that another teacher gives («замена»): whoever closes journals says who stands in, lesson by lesson of a day, and takes it back.
//!
//! What it means is said where it is asked: who stands in writes into that lesson and reads its journal (`journal`, by
//! `whose_lesson` and, for a term, `stands_in` of migrations 0350 and 0375), owes what is not written there (`deadline`), finds it among the lessons of today and is
//! told (`notice`). Families see it in the day (`diary`) and in their calendar (`feed`). The journal stays its teacher's. A timetable
//! that is published anew keeps such a lesson, and takes it along to another time of its day (`study`).

#[cfg(feature = "sql")]
pub mod sql;

use base::{ClassId, EmployeeId, LessonId, SubjectId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// How long a reason is, in characters, where one is given.
pub const REASON: std::ops::RangeInclusive<usize> = 3..=200;

/// So many days after the last lesson at which somebody stands in they read its journal, and longer only while something of it is owed: the
/// marks of a class are not for whoever gave one lesson of it in September (`security.md` A3, as little as is needed). Two weeks are what the longest
/// terms of a school allow ([`Terms::DAYS`](crate::deadline::Terms::DAYS)), so that who must write still sees what was before.
pub const READ_AFTER: i32 = 14;

/// The most lessons that are given away by one act.
pub const MOST: usize = 60;

/// Which lessons to show. Of nobody: those of the day at which somebody stands in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// The day; without one today.
    pub day: Option<NaiveDate>,
    /// Who is absent.
    pub teacher: Option<EmployeeId>,
    /// Whose lessons.
    pub class: Option<ClassId>,
}

/// A lesson of the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The lesson.
    pub lesson: LessonId,
    /// The slot, from 0.
    pub slot: i16,
    /// Its subject.
    pub subject: SubjectId,
    /// «Алгебра».
    pub title: String,
    /// To whom: «7А (Англ 1)».
    pub audience: String,
    /// Who teaches it: «Учителева А. И.».
    pub teachers: String,
    /// The same, as they are.
    pub own: Vec<EmployeeId>,
    /// Who stands in.
    pub substitute: Option<(EmployeeId, String)>,
    /// Why, where that was written.
    pub reason: Option<String>,
    /// It does not take place.
    pub off: bool,
    /// Nothing of its period changes any more.
    pub locked: bool,
}

/// A lesson of the day that somebody gives, by the timetable or standing in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// Who.
    pub employee: EmployeeId,
    /// Which.
    pub lesson: LessonId,
    /// The slot, from 0.
    pub slot: i16,
    /// «7Б, Физика».
    pub what: String,
}

/// Somebody who may write in journals, and so could stand in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Who.
    pub employee: EmployeeId,
    /// «Бритова Е.».
    pub name: String,
    /// What they teach this year.
    pub subjects: Vec<SubjectId>,
}

/// The lessons of a day, and who could stand in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// The day.
    pub day: NaiveDate,
    /// Whose lessons these are: of this teacher.
    pub teacher: Option<EmployeeId>,
    /// Of this class.
    pub class: Option<ClassId>,
    /// The classes of its year, by grade and name.
    pub classes: Vec<(ClassId, String)>,
    /// By slot.
    pub lessons: Vec<Line>,
    /// By name.
    pub people: Vec<Person>,
    /// All lessons of the school on that day, as they are given now.
    pub given: Vec<Given>,
}

/// Somebody who could give a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// Who.
    pub person: &'a Person,
    /// They teach this subject.
    pub of_subject: bool,
    /// They are in the school that day anyway.
    pub here: bool,
    /// What they give at the same time.
    pub busy: Option<&'a str>,
}

impl Day {
    /// Who could give a lesson: free ones first, of them those who teach the subject, then those who have lessons that day anyway, then by
    /// name. Whoever is busy at the time comes last, with what they give: two groups may be taught at once. Not among them: who gives it
    /// anyway, and who is absent.
    #[must_use]
    pub fn candidates(&self, line: &Line) -> Vec<Candidate<'_>> {
        let gives_it_anyway = |id: EmployeeId| line.own == [id];
        let mut all: Vec<Candidate<'_>> = self
            .people
            .iter()
            .filter(|p| Some(p.employee) != self.teacher && !gives_it_anyway(p.employee))
            .map(|person| {
                let mut theirs = self.given.iter().filter(|g| g.employee == person.employee);
                Candidate {
                    person,
                    of_subject: person.subjects.contains(&line.subject),
                    here: theirs.clone().any(|g| g.lesson != line.lesson),
                    busy: theirs
                        .find(|g| g.slot == line.slot && g.lesson != line.lesson)
                        .map(|g| g.what.as_str()),
                }
            })
            .collect();
        // by name they come already
        all.sort_by_key(|c| (c.busy.is_some(), !c.of_subject, !c.here));
        all
    }
}

/// What else is given at the same time by whoever gives one of these lessons.
#[must_use]
pub fn clashes<'a>(given: &'a [Given], lessons: &[LessonId]) -> Vec<&'a Given> {
    let taken = |g: &Given| lessons.contains(&g.lesson);
    let other = |g: &&Given| {
        given
            .iter()
            .any(|t| taken(t) && t.employee == g.employee && t.slot == g.slot && t.lesson != g.lesson)
    };
    given.iter().filter(other).collect()
}

/// What is wished for one lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// Which.
    pub lesson: LessonId,
    /// Who stands in; `None`: nobody, it is taken back.
    pub to: Option<EmployeeId>,
    /// Who stood in when it was wished.
    pub was: Option<EmployeeId>,
}

/// An act: all of it or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// Lesson by lesson.
    pub wishes: Vec<Wish>,
    /// Why somebody stands in; empty: it is not said.
    #[serde(default)]
    pub reason: String,
    /// Also to those who give another lesson at the time.
    #[serde(default)]
    pub even_so: bool,
}

#[cfg(test)]
mod tests;
