//! Rows in, facts of the board out.

use super::*;
use crate::timetable::board::Series;
use crate::timetable::norms::tests::row;
use crate::timetable::samples::{class, data, placed};
use base::{EmployeeId, RequirementId, RoomId};
use proptest::prelude::*;
use timetable::{CardIx, Level, RoomIx, TeacherIx};

fn asked(terms: Vec<Terms>) -> Vec<Requirement> {
    let rows = (1..).zip(terms);
    rows.map(|(id, terms)| Requirement {
        id: RequirementId(id),
        revision: 0,
        terms,
    })
    .collect()
}

/// 7А with two lessons of algebra of one teacher, and two rooms.
fn school(terms: Vec<Terms>) -> BoardData {
    let mut data = data(vec![class("7А", 7)]);
    placed(&mut data, 0, Some(2));
    placed(&mut data, 0, None);
    data.cards[1].load = 0;
    data.teachers = vec![TeacherRow {
        id: EmployeeId(5),
        name: "Волкова Е. А.".into(),
        away: TimeSet::new(),
        unwanted: vec![],
    }];
    data.loads[0].teachers = vec![TeacherIx(0)];
    data.room_kinds = vec!["ordinary".into(), "lab".into()];
    data.rooms = [("12", 0), ("14", 1)]
        .map(|(name, kind)| crate::timetable::RoomRow {
            id: RoomId(name.parse().unwrap()),
            name: name.into(),
            kind: timetable::RoomKind(kind),
            capacity: None,
            shared_by: 1,
            away: TimeSet::new(),
            building: None,
            floor: None,
        })
        .to_vec();
    data.requirements = asked(terms);
    data
}

fn teacher(kind: Kind, value: i32, weight: Weight) -> Terms {
    Terms {
        weight,
        ..Terms::new(kind, Target::Teacher(EmployeeId(5)), Some(value))
    }
}

#[test]
fn a_school_that_asks_nothing_is_judged_as_ever() {
    let spec = school(vec![]).spec();
    assert_eq!(spec.wishes, Wishes::default());
    assert_eq!(spec.teachers, [TeacherSpec::default()]);
    assert_eq!(
        (spec.cards[0].room.hard, spec.cards[0].room.penalty),
        (false, None)
    );
    assert!(spec.gaps.is_empty());
}

#[test]
fn a_word_decides_whether_a_day_is_forbidden_or_dear() {
    let judged = |weight| {
        let board = school(vec![teacher(Kind::TeacherFreeDay, 1, weight)])
            .board()
            .unwrap();
        let verdict = board.judge(CardIx(1), 1, 0, None);
        (verdict.level, verdict.penalty)
    };
    assert_eq!(judged(Weight::Must).0, Level::Clash);
    assert_eq!(judged(Weight::Very), (Level::Poor, 20));
    assert_eq!(judged(Weight::Maybe), (Level::Poor, 2));
    let other = school(vec![teacher(Kind::TeacherFreeDay, 3, Weight::Must)]);
    assert_eq!(
        other.board().unwrap().judge(CardIx(1), 1, 0, None).level,
        Level::Good
    );
}

#[test]
fn lessons_and_windows_of_a_teacher_are_limits() {
    let spec = school(vec![
        teacher(Kind::TeacherLessons, 1, Weight::Must),
        teacher(Kind::TeacherWindows, 0, Weight::Rather),
    ])
    .spec();
    let lessons = spec.teachers[0].per_day.unwrap();
    assert_eq!((lessons.value, lessons.hard, lessons.norm), (1, true, OWN));
    let windows = spec.teachers[0].windows_per_day.unwrap();
    assert_eq!((windows.value, windows.hard, windows.penalty), (0, false, 12));
}

#[test]
fn rooms_of_a_load_go_before_those_of_its_subject() {
    let rooms = |target, rooms: &[i64], weight| Terms {
        rooms: rooms.iter().copied().map(RoomId).collect(),
        weight,
        ..Terms::new(Kind::Rooms, target, None)
    };
    let (subject, load) = (Target::Subject(SubjectId(1)), Target::Load(LoadId(1)));
    let need = |terms| school(terms).spec().cards[0].room.clone();
    let of_subject = need(vec![rooms(subject, &[14, 12], Weight::Must)]);
    assert_eq!(
        (of_subject.hard, &of_subject.allowed),
        (true, &vec![RoomIx(1), RoomIx(0)])
    );
    let both = need(vec![
        rooms(subject, &[14], Weight::Must),
        rooms(load, &[12], Weight::Maybe),
    ]);
    assert_eq!(
        (both.hard, both.penalty, &both.allowed),
        (false, Some(3), &vec![RoomIx(0)])
    );
    let kind = Terms {
        room_kind: Some("gym".into()),
        ..rooms(subject, &[], Weight::Must)
    };
    let board = school(vec![kind]).board().unwrap();
    assert!(
        board.judge(CardIx(1), 0, 0, None).level == Level::Clash,
        "no room is a gym"
    );
}

#[test]
fn a_spread_subject_is_a_gap_of_each_load() {
    let spread = Terms::new(Kind::Spread, Target::Subject(SubjectId(1)), Some(2));
    let spec = school(vec![spread]).spec();
    let gap = &spec.gaps[0];
    assert_eq!(
        (gap.cards.len(), gap.days, gap.penalty, gap.hard),
        (2, 2, 6, false)
    );
    let must = Terms {
        weight: Weight::Must,
        ..Terms::new(Kind::Spread, Target::Subject(SubjectId(1)), Some(2))
    };
    assert!(school(vec![must]).spec().gaps[0].hard);
}

/// A series weighs what its file says; the school's word counts where the file says none, and where it is of all.
#[test]
fn a_series_has_a_weight_of_its_own() {
    use Weight::{Must, Off, Rather, Very};
    let gaps = |own: Option<Weight>, word: Option<Weight>| {
        let row = |weight| Terms {
            weight,
            ..Terms::new(Kind::Series, Target::School, None)
        };
        let mut data = school(word.map(row).into_iter().collect());
        for card in &mut data.cards {
            card.series = Some(Series {
                number: 1,
                days: 1,
                weight: own,
            });
        }
        let spec = data.spec();
        spec.gaps.first().map(|gap| (gap.hard, gap.penalty))
    };
    assert_eq!(gaps(Some(Must), None), Some((true, 18)));
    assert_eq!(gaps(Some(Very), None), Some((false, 18)));
    assert_eq!(gaps(None, None), Some((false, 6)), "as before there were weights");
    assert_eq!(gaps(Some(Must), Some(Rather)), Some((true, 18)));
    assert_eq!(gaps(Some(Must), Some(Off)), None);
    assert_eq!(gaps(Some(Rather), Some(Must)), Some((true, 18)));
    assert_eq!(gaps(None, Some(Very)), Some((false, 18)));
}

/// A card of several series keeps its distance in each of them, by its own days and weight.
#[test]
fn a_card_may_belong_to_several_series() {
    let of = |number, days, weight| Series {
        number,
        days,
        weight: Some(weight),
    };
    let mut data = school(vec![]);
    let all = data.cards.len();
    assert!(all > 1);
    for card in &mut data.cards {
        card.series = Some(of(1, 1, Weight::Must));
    }
    for card in &mut data.cards[..2] {
        card.more_series = vec![of(2, 2, Weight::Very)];
    }
    let gaps = data.spec().gaps;
    let told: Vec<_> = gaps.iter().map(|g| (g.cards.len(), g.days, g.hard)).collect();
    assert_eq!(told, [(all, 1, true), (2, 2, false)]);
}

#[test]
fn a_class_is_never_asked_for_more_than_the_law_lets() {
    let lessons = |n| Terms::new(Kind::ClassLessons, Target::Class(ClassId(1)), Some(n));
    let per_day = |terms| {
        let mut data = school(terms);
        data.norms = vec![row("lessons_a_day", 7, 11, None, 7)];
        data.spec().classes[0].limits.per_day.map(|l| l.value)
    };
    assert_eq!(per_day(vec![]), Some(7));
    assert_eq!(per_day(vec![lessons(5)]), Some(5));
    assert_eq!(per_day(vec![lessons(9)]), Some(7));
}

proptest! {
    /// Whatever the school sets: the figure that counts is never milder than the law's.
    #[test]
    fn own_norms_only_tighten(law in 1i32..10, own in 0i32..12, first in 1i16..9, length in 0i16..4, grade in 1i16..12) {
        let kinds = [("lessons_a_day", Kind::LessonsADay), ("break_minutes", Kind::BreakMinutes)];
        for (key, kind) in kinds {
            let rows = vec![row(key, 1, 11, None, law)];
            let terms = Terms::new(kind, Target::Grades(first, first + length), Some(own));
            let all = with_own(rows, &asked(vec![terms]), Lang::Ru);
            let (_, found) = crate::timetable::norms::find_of(&all, key, grade, 5).unwrap();
            let here = (first..=first + length).contains(&grade);
            let expected = match (kind.figure(), here) {
                (_, false) => law,
                (Figure::LawLess, true) => law.min(own),
                (_, true) => law.max(own),
            };
            prop_assert_eq!(found.value, expected);
        }
    }
}
