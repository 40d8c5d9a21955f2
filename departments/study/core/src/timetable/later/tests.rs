use super::*;
use crate::requirement::{Kind, Target, Term, Terms};
use crate::timetable::{norms, samples};
use base::{ClassId, RequirementId};
use proptest::prelude::*;

fn day(n: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, n).unwrap()
}

/// 7А with two lessons on Monday; judged on 21 November.
fn school() -> BoardData {
    let mut data = samples::data(vec![samples::class("7А", 7)]);
    samples::placed(&mut data, 0, Some(0));
    samples::placed(&mut data, 0, Some(1));
    data
}

fn closed(from: Option<u32>, to: Option<u32>, slot: i16, weight: Weight) -> (Who, Cell) {
    let term = Term {
        from: from.map(day),
        to: to.map(day),
    };
    (
        Who::Class(ClassId(1)),
        Cell {
            day: 0,
            slot,
            weight,
            term,
        },
    )
}

#[test]
fn a_ban_that_begins_later_is_told_with_its_day_and_only_while_it_holds() {
    let mut data = school();
    data.dated.hours = vec![closed(Some(10), Some(14), 1, Weight::Must)];
    assert_eq!(data.later_days(), [day(10), day(15)]);
    let board = data.board().unwrap();
    assert_eq!(board.conflicts(), [], "today nothing is wrong");
    let found = later(&data, &board).days;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].day, found[0].problems.len()), (day(10), 1));
    assert!(matches!(
        found[0].problems[0].reason,
        timetable::Reason::ClassAway { slot: 1, .. }
    ));
    // where the card lies elsewhere by now, there is nothing to tell
    let mut moved = board.clone();
    moved.place(timetable::CardIx(1), 2, 1, None).unwrap();
    assert_eq!(later(&data, &moved), Outlook::default());
    // after the version's last day nothing is of its concern
    data.version.valid_to = Some(day(9));
    assert_eq!(data.later_days(), []);
}

#[test]
fn a_row_that_begins_later_is_told_and_one_that_goes_on_is_not_told_again() {
    let mut data = school();
    let row = |id: i64, value: i32, from: Option<u32>| Requirement {
        id: RequirementId(id),
        revision: 0,
        terms: Terms {
            valid_from: from.map(day),
            ..Terms::new(Kind::ClassLessons, Target::Class(ClassId(1)), Some(value))
        },
    };
    data.dated.requirements = vec![row(1, 1, Some(5))];
    data.dated.hours = vec![closed(Some(20), None, 7, Weight::Must)];
    let board = data.board().unwrap();
    let found = later(&data, &board).days;
    assert_eq!(
        found
            .iter()
            .map(|l| (l.day, l.problems.len()))
            .collect::<Vec<_>>(),
        [(day(5), 1)]
    );
    assert!(matches!(
        found[0].problems[0].reason,
        timetable::Reason::Limit {
            found: 2,
            limit: 1,
            ..
        }
    ));
}

/// A first grade with so many lessons on Monday, in force for the year from the first of September.
fn first_grade(lessons: u16) -> BoardData {
    let mut data = samples::data(vec![samples::class("1А", 1)]);
    (0..lessons).for_each(|slot| samples::placed(&mut data, 0, Some(slot)));
    data.today = NaiveDate::from_ymd_opt(2026, 9, 7).unwrap();
    let row = |value, months| LawRow {
        norm: norms::tests::row("lessons_a_day", 1, 1, None, value),
        valid_to: None,
        months,
    };
    data.dated.law = vec![row(3, Some((9, 10))), row(4, None)];
    data.norms = law_on(&data.dated.law, data.today);
    data
}

#[test]
fn a_first_grade_is_judged_by_the_norm_of_each_part_of_the_year() {
    let november = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
    let limits = |problems: &[Problem]| {
        let limit = |p: &Problem| match p.reason {
            timetable::Reason::Limit { found, limit, .. } => Some((found, limit)),
            _ => None,
        };
        problems.iter().filter_map(limit).collect::<Vec<_>>()
    };
    // lessons; what is told of September; what is new in November
    let none: Vec<(u16, u16)> = vec![];
    for (lessons, september, then) in [
        (3, none.clone(), none.clone()),
        (4, vec![(4, 3)], none.clone()),
        (5, vec![(5, 3)], vec![(5, 4)]),
    ] {
        let data = first_grade(lessons);
        assert_eq!(data.later_days(), [november]);
        let board = data.board().unwrap();
        assert_eq!(limits(&board.conflicts()), september, "{lessons} lessons");
        let found = later(&data, &board).days;
        let new: Vec<_> = found.iter().flat_map(|l| limits(&l.problems)).collect();
        assert_eq!(new, then, "{lessons} lessons");
    }
    // looked at in November, three lessons are not asked any more, and nothing changes until the year's end
    let mut data = first_grade(4);
    data.today = november;
    data.norms = law_on(&data.dated.law, november);
    assert_eq!(data.later_days(), []);
    assert_eq!(limits(&data.board().unwrap().conflicts()), none);
    // a school without a first grade has no such border
    let mut data = first_grade(3);
    data.classes[0].grade = 5;
    assert_eq!(data.later_days(), []);
}

#[test]
fn a_norm_that_gets_stricter_is_told_with_its_day() {
    let january = NaiveDate::from_ymd_opt(2027, 1, 1).unwrap();
    let mut data = first_grade(4);
    data.today = NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
    let mut shorter = data.dated.law[0].clone();
    (shorter.months, shorter.norm.valid_from) = (None, january);
    data.dated.law = vec![shorter.clone(), data.dated.law[1].clone()];
    // in the second shift, which is forbidden from the same day on
    data.classes[0].shift = 2;
    (shorter.norm.kind, shorter.norm.value) = ("first_shift_only".into(), 1);
    data.dated.law.push(shorter);
    data.norms = law_on(&data.dated.law, data.today);
    let board = data.board().unwrap();
    assert_eq!(board.conflicts(), [], "four are allowed until then");
    let found = later(&data, &board).days;
    assert_eq!(found.iter().map(|l| l.day).collect::<Vec<_>>(), [january]);
    assert!(matches!(
        found[0].problems[..],
        [Problem {
            reason: timetable::Reason::Limit {
                found: 4,
                limit: 3,
                ..
            },
            ..
        }]
    ));
    assert!(matches!(
        found[0].remarks[..],
        [Remark {
            fault: regime::Fault::Shift { shift: 2, .. },
            ..
        }]
    ));
}

#[test]
fn all_days_are_looked_at_and_where_there_are_too_many_it_is_said() {
    let mut data = school();
    data.version.valid_to = NaiveDate::from_ymd_opt(2027, 5, 30);
    let from = |n: u64| day(1) + chrono::Days::new(n);
    // a ban of an hour that nobody has, each day; only the last one closes an hour with a lesson
    let ban = |n: usize, slot: i16| {
        let (who, cell) = closed(None, None, slot, Weight::Must);
        let term = Term {
            from: Some(from(u64::try_from(n).unwrap())),
            to: None,
        };
        (who, Cell { term, ..cell })
    };
    let mut hours: Vec<_> = (0..DAYS - 1).map(|n| ban(n, 7)).collect();
    hours.push(ban(DAYS - 1, 1));
    data.dated.hours = hours.clone();
    let board = data.board().unwrap();
    let found = later(&data, &board);
    let last = from(u64::try_from(DAYS - 1).unwrap());
    assert_eq!(found.clashes().map(|(day, _)| day).collect::<Vec<_>>(), [last]);
    assert_eq!(found.unjudged, None);
    // one change more than is looked at
    hours.push(ban(DAYS, 0));
    data.dated.hours = hours;
    let found = later(&data, &board);
    assert_eq!(found.clashes().count(), 1);
    assert_eq!(found.unjudged, Some(from(u64::try_from(DAYS).unwrap())));
}

proptest! {
    /// The judged day itself is the board as it was loaded, whatever dates there are.
    #[test]
    fn of_several_terms_of_an_hour_the_heaviest_counts(
        terms in proptest::collection::vec((0u32..20, 1u32..8, 0i16..3, 0usize..4), 0..8),
        at in 1u32..28,
    ) {
        let mut data = school();
        let weights = [Weight::Must, Weight::Very, Weight::Rather, Weight::Maybe];
        data.dated.hours = terms.iter()
            .map(|(from, length, slot, w)| closed(Some(from + 1), Some((from + length).min(28).max(from + 1)), *slot, weights[*w]))
            .collect();
        let then = data.on(day(at));
        for slot in 0..3 {
            let holding = data.dated.hours.iter()
                .filter(|(_, c)| c.slot == slot && c.term.holds_on(day(at)));
            let heaviest = holding.map(|(_, c)| c.weight).max();
            let slot = u16::try_from(slot).unwrap();
            let row = &then.classes[0];
            prop_assert_eq!(row.away.contains(0, slot), heaviest == Some(Weight::Must));
            let wished: Vec<Weight> = row.unwanted.iter().filter(|(_, t)| t.contains(0, slot)).map(|(w, _)| *w).collect();
            let expected: Vec<Weight> = heaviest.filter(|w| *w < Weight::Must).into_iter().collect();
            prop_assert_eq!(wished, expected);
        }
    }
}
