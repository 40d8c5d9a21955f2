//! What of a schedule breaks a norm: lesson by lesson, so that it is told beside the line. The judge is `timetable::regime`'s.

use std::collections::BTreeMap;

use super::sheet::{Grade, Sheet};
use super::terms::{NUMBERS, Terms};
use crate::timetable::norms::find_of;
use crate::timetable::regime::offences;
use crate::timetable::{NormRow, RingTime};

/// Beside what it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spot {
    /// The schedule as a whole.
    Whole,
    /// A lesson, by its number.
    Lesson(i16),
    /// The break that follows it.
    After(i16),
}

/// Which rule is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Begins too early.
    Early,
    /// Ends too late.
    Late,
    /// Is longer than it may.
    Long,
    /// The break is shorter than it must be.
    ShortBreak,
    /// There is no long break; told at the longest.
    NoLongBreak,
    /// Such a shift is not for these grades.
    Shift,
}

/// One thing that breaks a norm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note<'a> {
    /// Beside what.
    pub spot: Spot,
    /// What.
    pub rule: Rule,
    /// Of which grades.
    pub grades: Vec<i16>,
    /// The figure found: minutes, minutes after midnight, the shift.
    pub found: i32,
    /// The row of the law.
    pub norm: &'a NormRow,
}

/// Everything that a schedule does against the norms for those for whom it rings, in the order of the day. Nothing while a time is
/// missing.
#[must_use]
pub fn notes<'a>(sheet: &'a Sheet, terms: &Terms) -> Vec<Note<'a>> {
    let times = terms.lessons.iter().map(|lesson| {
        Some(RingTime {
            number: lesson.number,
            starts: lesson.starts?,
            ends: lesson.ends?,
        })
    });
    let Some(times) = times.collect::<Option<Vec<RingTime>>>() else {
        return vec![];
    };
    let of_grade = |grade: i16| sheet.grades.iter().find(|g| g.grade == grade);
    let week_of = |grade: i16| of_grade(grade).map_or(5, |g: &Grade| g.week_days);
    let last = |grade: i16| of_grade(grade).and_then(|g| g.last).unwrap_or(*NUMBERS.end());
    let grades: BTreeMap<i16, i16> = terms
        .uses
        .iter()
        .map(|(grade, _)| (*grade, last(*grade)))
        .collect();
    let mut found = shifts(sheet, terms, &grades, week_of);
    for offence in offences(&sheet.norms, &times, &grades, week_of) {
        let Some(norm) = sheet
            .norms
            .get(usize::try_from(offence.norm.0).unwrap_or(usize::MAX))
        else {
            continue;
        };
        let (rule, spot): (Rule, fn(i16) -> Spot) = match offence.kind {
            "first_bell_not_before" => (Rule::Early, Spot::Lesson),
            "last_bell_not_after" => (Rule::Late, Spot::Lesson),
            "lesson_minutes" => (Rule::Long, Spot::Lesson),
            "break_minutes" => (Rule::ShortBreak, Spot::After),
            _ => (Rule::NoLongBreak, Spot::After),
        };
        found.extend(offence.found.iter().map(|(number, figure)| Note {
            spot: spot(*number),
            rule,
            grades: offence.grades.clone(),
            found: *figure,
            norm,
        }));
    }
    found.sort_by_key(|note| note.spot);
    found
}

/// Grades for which a shift is not meant, together by the row of the law.
fn shifts<'a>(
    sheet: &'a Sheet,
    terms: &Terms,
    grades: &BTreeMap<i16, i16>,
    week_of: impl Fn(i16) -> i16,
) -> Vec<Note<'a>> {
    let shift = i32::from(terms.shift);
    let mut found: Vec<Note<'a>> = vec![];
    for grade in grades.keys().copied() {
        let row = |kind: &str| {
            let (_, row) = find_of(&sheet.norms, kind, grade, week_of(grade))?;
            (shift > row.value).then_some(row)
        };
        let Some(norm) = row("first_shift_only").or_else(|| row("shifts_at_most")) else {
            continue;
        };
        match found.iter_mut().find(|n| n.norm == norm) {
            Some(note) => note.grades.push(grade),
            None => found.push(Note {
                spot: Spot::Whole,
                rule: Rule::Shift,
                grades: vec![grade],
                found: shift,
                norm,
            }),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bells::terms::{Lesson, Uses, at};
    use crate::timetable::OrgKind;
    use crate::timetable::norms::tests::row;

    fn sheet() -> Sheet {
        let grade = |grade, last| Grade {
            grade,
            week_days: 5,
            last,
        };
        Sheet {
            year: None,
            org: OrgKind::School,
            days: 5,
            grades: vec![grade(1, Some(3)), grade(9, None)],
            schedules: vec![],
            norms: vec![
                row("first_bell_not_before", 0, 12, None, 480),
                row("lesson_minutes", 1, 1, None, 35),
                row("lesson_minutes", 2, 12, None, 45),
                row("break_minutes", 1, 12, None, 10),
                row("first_shift_only", 9, 11, None, 1),
                row("shifts_at_most", 0, 12, None, 2),
            ],
            may_edit: true,
        }
    }

    fn terms(times: &[(i32, i32)]) -> Terms {
        let lessons = (1..).zip(times).map(|(number, (a, z))| Lesson {
            number,
            starts: at(*a),
            ends: at(*z),
        });
        Terms {
            title: "Обычные".into(),
            shift: 1,
            lessons: lessons.collect(),
            uses: Uses::from([(1, 1), (9, 1)]),
        }
    }

    #[test]
    fn each_broken_norm_stands_beside_its_line_with_its_grades() {
        let sheet = sheet();
        // the first begins at 7:50; the second has 40 minutes; after it five; the fourth, too long, is only the ninth grade's
        let day = terms(&[(470, 505), (520, 560), (565, 600), (610, 660)]);
        let told: Vec<_> = notes(&sheet, &day)
            .into_iter()
            .map(|n| (n.spot, n.rule, n.grades, n.found))
            .collect();
        assert_eq!(
            told,
            [
                (Spot::Lesson(1), Rule::Early, vec![1, 9], 470),
                (Spot::Lesson(2), Rule::Long, vec![1], 40),
                (Spot::Lesson(4), Rule::Long, vec![9], 50),
                (Spot::After(2), Rule::ShortBreak, vec![1, 9], 5),
            ]
        );
        let mut nobodys = day.clone();
        nobodys.uses.clear();
        assert_eq!(notes(&sheet, &nobodys), []);
        let mut unfinished = day;
        unfinished.lessons[2].ends = None;
        assert_eq!(notes(&sheet, &unfinished), []);
    }

    #[test]
    fn a_shift_is_told_of_those_for_whom_it_is_not() {
        let sheet = sheet();
        let mut day = terms(&[(840, 875)]);
        day.shift = 2;
        let told = |day: &Terms| {
            let list = notes(&sheet, day);
            list.into_iter().map(|n| (n.spot, n.grades)).collect::<Vec<_>>()
        };
        assert_eq!(told(&day), [(Spot::Whole, vec![9])]);
        day.shift = 3;
        assert_eq!(told(&day), [(Spot::Whole, vec![1]), (Spot::Whole, vec![9])]);
    }
}
