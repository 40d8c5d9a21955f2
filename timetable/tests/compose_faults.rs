//! The same faults on the board of the editor, as the job behind "Составить" sees it.
#![cfg(feature = "engine")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

mod core_only;
mod small_school;

use small_school::{at, class, lesson, limit, school};
use timetable::compose::Composition;
use timetable::problem::Problem;
use timetable::search::explain::{Conflict, Requirement, Why, conflicts};
use timetable::{Board, BoardSpec, CardIx, CardSpec, Limit, RoomKind, RoomNeed, RoomSpec, TimeSet};

const STEPS: u64 = 10_000_000;

fn composed(spec: BoardSpec, cards: Vec<CardSpec>) -> Composition {
    let keep: Vec<bool> = cards.iter().map(|c| c.placement.is_some()).collect();
    let spec = BoardSpec { cards, ..spec };
    Composition::new(&Board::new(spec).unwrap(), &keep)
}

fn first(problem: &Problem) -> Conflict {
    let found = conflicts(problem, 3, STEPS);
    let conflict = found.first().expect("a conflict").clone();
    core_only::assert_minimal(problem, &conflict);
    conflict
}

fn hard(value: u16) -> Option<Limit> {
    limit(value).map(|l| Limit { hard: true, ..l })
}

fn names<'a>(p: &'a Problem, conflict: &Conflict) -> Vec<&'a str> {
    let mut names: Vec<&str> = vec![];
    for requirement in &conflict.requirements {
        if let Requirement::Point(at, _) = requirement {
            let name = p.constraints[usize::try_from(*at).unwrap()].label.name.as_str();
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// Names of the cards in a conflict.
fn cards(p: &Problem, conflict: &Conflict) -> Vec<String> {
    let of = conflict.cards(p).map(|e| p.event(e).label.name.clone());
    of.collect()
}

fn lessons(count: u32, teacher: u32) -> Vec<CardSpec> {
    (0..count).map(|n| lesson(n, teacher, class(0))).collect()
}

#[test]
fn a_board_that_can_be_filled_is_not_blamed() {
    let made = composed(school(), lessons(30, 0));
    assert_eq!(conflicts(made.problem(), 1, STEPS), vec![]);
}

#[test]
fn more_lessons_than_bells() {
    let made = composed(school(), lessons(31, 0));
    let conflict = first(made.problem());
    assert!(
        matches!(
            conflict.why,
            Why::Times {
                needed: 31,
                available: 30,
                ..
            }
        ),
        "{conflict:?}"
    );
    assert_eq!(cards(made.problem(), &conflict).len(), 31);
}

#[test]
fn a_teacher_who_is_away_too_often() {
    let mut spec = school();
    spec.teachers[0].away = TimeSet::daily(5, 0, 5);
    let cards_of = lessons(6, 0);
    let made = composed(spec, cards_of);
    let p = made.problem();
    let conflict = first(p);
    assert!(
        matches!(
            conflict.why,
            Why::Times {
                needed: 6,
                available: 5,
                ..
            }
        ),
        "{conflict:?}"
    );
    assert!(names(p, &conflict).contains(&"bells ring and all are there"));
}

#[test]
fn nobody_common_is_no_part_of_the_problem_but_named() {
    let mut spec = school();
    spec.teachers[0].away = TimeSet::daily(5, 0, 6);
    let made = composed(spec, lessons(1, 0));
    assert_eq!(made.impossible(), [CardIx(0)]);
    assert_eq!(conflicts(made.problem(), 1, STEPS), vec![]);
}

#[test]
fn kept_cards_of_one_teacher_at_one_time() {
    let cards_of = vec![
        at(lesson(0, 0, class(0)), 1, 2),
        at(lesson(1, 0, class(1)), 1, 2),
        lesson(2, 1, class(0)),
    ];
    let made = composed(school(), cards_of);
    let conflict = first(made.problem());
    assert!(matches!(conflict.why, Why::Clash { time: 8, .. }), "{conflict:?}");
    assert_eq!(cards(made.problem(), &conflict), ["card 0", "card 1"]);
}

#[test]
fn a_kept_card_in_the_way_of_the_only_place() {
    let mut spec = school();
    let mut only = TimeSet::daily(5, 0, 6);
    only.remove(3, 1);
    spec.teachers[1].away = only;
    let cards_of = vec![at(lesson(0, 0, class(0)), 3, 1), lesson(1, 1, class(0))];
    let made = composed(spec, cards_of);
    let p = made.problem();
    let conflict = first(p);
    let mut both = cards(p, &conflict);
    both.sort();
    assert_eq!(both, ["card 0", "card 1"]);
    assert_eq!(conflict.loosen.first(), Some(&Requirement::Lock(0)));
}

#[test]
fn most_lessons_a_day_of_a_class_and_of_a_teacher() {
    let mut spec = school();
    spec.classes[0].limits.per_day = hard(3);
    let made = composed(spec, lessons(17, 0));
    let conflict = first(made.problem());
    assert!(
        matches!(
            conflict.why,
            Why::Times {
                needed: 16,
                available: 15,
                ..
            }
        ),
        "{conflict:?}"
    );
    assert!(names(made.problem(), &conflict).contains(&"not too many lessons a day"));
    assert_eq!(conflict.lack, 2);

    let mut spec = school();
    spec.teachers[0].per_day = hard(2);
    let made = composed(spec, lessons(11, 0));
    let conflict = first(made.problem());
    assert!(
        names(made.problem(), &conflict).contains(&"a teacher's lessons a day"),
        "{conflict:?}"
    );
}

#[test]
fn a_subject_once_a_day() {
    let mut spec = school();
    spec.classes[0].limits.subject_per_day = hard(1);
    let made = composed(spec, (0..6).map(|_| lesson(3, 0, class(0))).collect());
    let p = made.problem();
    let conflict = first(p);
    assert!(
        matches!(
            conflict.why,
            Why::Spread {
                needed: 6,
                available: 5,
                ..
            }
        ),
        "{conflict:?}"
    );
    assert!(names(p, &conflict).contains(&"a subject once a day"));
}

#[test]
fn windows_that_a_teachers_absence_forces() {
    let mut spec = school();
    spec.teachers[0].away = TimeSet::daily(5, 2, 3);
    spec.teachers[0].windows_per_day = hard(0);
    let made = composed(spec, lessons(16, 0));
    let p = made.problem();
    let conflict = first(p);
    // three hours on one side of the absence a day
    assert!(
        names(p, &conflict).contains(&"a teacher's windows a day"),
        "{conflict:?}"
    );
}

#[test]
fn too_few_rooms() {
    let mut spec = school();
    spec.rooms.push(RoomSpec {
        capacity: Some(30),
        kind: Some(RoomKind(9)),
        away: TimeSet::daily(5, 1, 6),
        ..RoomSpec::default()
    });
    let need = RoomNeed {
        needed: true,
        hard: true,
        kind: Some(RoomKind(9)),
        ..RoomNeed::default()
    };
    let cards_of = (0..6).map(|n| CardSpec {
        room: need.clone(),
        ..lesson(n, 0, class(0))
    });
    let made = composed(spec.clone(), cards_of.collect());
    let p = made.problem();
    let conflict = first(p);
    assert!(
        matches!(
            conflict.why,
            Why::Times {
                needed: 6,
                available: 5,
                ..
            }
        ),
        "{conflict:?}"
    );
    assert!(names(p, &conflict).contains(&"the room is open"));

    // None is large enough: the card is named before any problem is made.
    spec.rooms[2].capacity = Some(10);
    let card = CardSpec {
        room: need,
        ..lesson(0, 0, class(0))
    };
    let made = composed(spec, vec![card]);
    assert_eq!(made.impossible(), [CardIx(0)]);
}
