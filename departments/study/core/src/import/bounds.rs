//! Most hours and days of lessons and persons: of a file they become facts of its version, for no row of a school says them. A limit that a
//! row could say of a week, but not of the fortnight or the month that a file counts as one, becomes one, too.

use timetable::draft::{DraftBoundOf, DraftLimit, Ignored, Limited, LimitedOf};
use timetable::{Audience, Bounded, CardIx, SchoolDraft, TimeSet};

use super::limits::{MUST, limits};
use crate::timetable::single::{Bound, Person, Whose};

/// What must be, by positions of the draft, and the constraints that it is, by kind and line.
#[derive(Default)]
pub(super) struct Bounds {
    pub rules: Vec<Bound<CardIx>>,
    pub said: Vec<(String, u32)>,
}

/// Those of a draft.
pub(super) fn bounds(draft: &SchoolDraft) -> Bounds {
    let mut out = Bounds::default();
    for asked in draft.bounds.iter().filter(|asked| asked.weight >= MUST) {
        let whose: Vec<Whose<CardIx>> = match &asked.of {
            DraftBoundOf::Lists(lists) => lists.iter().cloned().map(Whose::Lessons).collect(),
            DraftBoundOf::Teachers(all) => all.iter().map(|t| all_of(Person::Teacher(t.0.into()))).collect(),
            DraftBoundOf::Pupils(all) => all.iter().map(|of| all_of(pupils(*of))).collect(),
        };
        out.rules.extend(whose.into_iter().map(|of| Bound {
            of,
            what: asked.what,
            times: asked.times.clone(),
            figure: asked.figure,
        }));
        out.said.push((asked.kind.clone(), asked.line));
    }
    let left = limits(draft).lost;
    let is_left = |limit: &&DraftLimit| {
        let mut of_kind = left.iter().filter(|told| told.kind == limit.kind);
        limit.weight >= MUST && of_kind.any(|told| told.lines.contains(&limit.line))
    };
    for limit in draft.limits.iter().filter(is_left) {
        let what = match limit.what {
            Limited::DaysAWeek => Bounded::Days,
            Limited::HoursADay => Bounded::HoursADay,
            Limited::HoursInARow => Bounded::HoursInARow,
            _ => continue,
        };
        let short = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        let times = TimeSet::daily(short(draft.days.len()), 0, short(draft.slots.len()));
        let whose: Vec<Whose<CardIx>> = match &limit.of {
            LimitedOf::Teachers(all) => all.iter().map(|t| all_of(Person::Teacher(t.0.into()))).collect(),
            LimitedOf::Classes(all) => all.iter().map(|c| all_of(Person::Class(c.0.into()))).collect(),
        };
        out.rules.extend(whose.into_iter().map(|of| Bound {
            of,
            what,
            times: times.clone(),
            figure: u16::try_from(limit.value).unwrap_or(u16::MAX),
        }));
        out.said.push((limit.kind.clone(), limit.line));
    }
    out
}

fn all_of(person: Person) -> Whose<CardIx> {
    Whose::All(person)
}

fn pupils(of: Audience) -> Person {
    match of {
        Audience::Class(class) => Person::Class(class.0.into()),
        Audience::Group(group) => Person::Group(group.0.into()),
    }
}

/// All that a draft asks so, as what no requirement says: the musts among it are taken into account, see [`single`](super::single).
pub(super) fn lost(draft: &SchoolDraft) -> Vec<Ignored> {
    let mut lost: Vec<Ignored> = vec![];
    for asked in &draft.bounds {
        match lost.iter_mut().find(|told| told.kind == asked.kind) {
            Some(told) => told.add(asked.line),
            None => {
                let mut told = Ignored::of(&asked.kind, asked.line);
                told.add(asked.line);
                lost.push(told);
            }
        }
    }
    lost
}

#[cfg(test)]
mod tests {
    use super::*;
    use timetable::TeacherIx;
    use timetable::draft::DraftBound;

    #[test]
    fn musts_become_bounds_and_limits_of_a_fortnight_too() {
        let bound = |of, weight, line| DraftBound {
            of,
            what: Bounded::Rest { around: false },
            times: TimeSet::daily(10, 0, 7),
            figure: 3,
            weight,
            kind: "Rest".into(),
            line,
        };
        let limit = |what, weight, line| DraftLimit {
            what,
            of: LimitedOf::Teachers(vec![TeacherIx(1)]),
            value: 6,
            weight,
            kind: "Days".into(),
            line,
        };
        let draft = SchoolDraft {
            days: vec![String::new(); 10],
            slots: vec![String::new(); 7],
            teachers: vec![timetable::draft::DraftTeacher::default(); 2],
            bounds: vec![
                bound(
                    DraftBoundOf::Pupils(vec![Audience::Group(timetable::GroupIx(4))]),
                    MUST,
                    5,
                ),
                bound(DraftBoundOf::Teachers(vec![TeacherIx(0)]), 99_000, 6),
                bound(
                    DraftBoundOf::Lists(vec![vec![CardIx(2)], vec![CardIx(3)]]),
                    MUST,
                    7,
                ),
            ],
            limits: vec![
                limit(Limited::DaysAWeek, MUST, 8),
                limit(Limited::DaysAWeek, 90_000, 9),
                limit(Limited::GapsAWeek, MUST, 10),
            ],
            ..SchoolDraft::default()
        };
        let found = bounds(&draft);
        let of: Vec<_> = found
            .rules
            .iter()
            .map(|r| (r.of.clone(), r.what, r.figure))
            .collect();
        let rest = Bounded::Rest { around: false };
        assert_eq!(
            of,
            [
                (Whose::All(Person::Group(4)), rest, 3),
                (Whose::Lessons(vec![CardIx(2)]), rest, 3),
                (Whose::Lessons(vec![CardIx(3)]), rest, 3),
                (Whose::All(Person::Teacher(1)), Bounded::Days, 6),
            ]
        );
        let lines: Vec<u32> = found.said.iter().map(|(_, line)| *line).collect();
        assert_eq!(lines, [5, 7, 8]);
        assert_eq!(
            lost(&draft).iter().map(|t| t.count).sum::<u32>(),
            3,
            "also the wish"
        );
    }
}
