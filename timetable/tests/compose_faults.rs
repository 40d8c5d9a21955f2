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
use timetable::compose::{Composition, Contradiction, Demand};
use timetable::problem::Problem;
use timetable::search::explain::{Conflict, Requirement, Why, conflicts};
use timetable::unmet::Whose;
use timetable::{
    Board, BoardSpec, BuildingIx, CardIx, CardSpec, Limit, LimitKind, RoomIx, RoomKind, RoomNeed, RoomSpec,
    Site, TeacherIx, Tie, TieSpec, TimeSet, Walk,
};

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

/// The first contradiction of a board that must tie, and the pairs that it names.
fn tied(spec: BoardSpec, cards_of: Vec<CardSpec>) -> (Contradiction, Vec<(CardIx, CardIx)>) {
    let made = composed(spec, cards_of);
    first(made.problem());
    let found = made.contradictions(3, STEPS);
    let told = found.first().expect("a contradiction").clone();
    assert!(told.proved);
    let pair = |demand: &Demand| match demand {
        Demand::Tied(one, other) => Some((*one, *other)),
        _ => None,
    };
    let pairs = told.demands.iter().filter_map(pair).collect();
    (told, pairs)
}

/// Two loads of so many lessons, of a class and a teacher each.
fn loads(ones: u32, others: u32) -> Vec<CardSpec> {
    let ones = (0..ones).map(|_| lesson(0, 0, class(0)));
    ones.chain((0..others).map(|_| lesson(1, 1, class(1)))).collect()
}

fn must(tie: Tie, ones: u32, others: u32) -> TieSpec {
    TieSpec {
        first: (0..ones).map(CardIx).collect(),
        second: (ones..ones + others).map(CardIx).collect(),
        tie,
        penalty: 0,
        hard: true,
    }
}

/// The first teacher comes on the first days, the other one on the last.
fn part_timers(tie: TieSpec, from: u16) -> BoardSpec {
    let mut spec = school();
    for day in 0..5 {
        let who = usize::from(day < from);
        spec.teachers[who].away.add(day, 0b11_1111);
    }
    spec.ties = vec![tie];
    spec
}

#[test]
fn part_timers_with_no_common_hour_in_lessons_held_at_once() {
    for (ones, others) in [(1, 1), (2, 2), (1, 3)] {
        let spec = part_timers(must(Tie::Together, ones, others), 3);
        let (told, pairs) = tied(spec, loads(ones, others));
        assert_eq!(pairs.len(), 1, "{told:?}");
        assert!(told.loosen.contains(&Demand::Tied(pairs[0].0, pairs[0].1)));
    }
    // with a common day there are six hours
    let mut spec = part_timers(must(Tie::Together, 6, 6), 3);
    spec.teachers[1].away.remove(0, 0);
    (1..6).for_each(|slot| spec.teachers[1].away.remove(0, slot));
    let possible = composed(spec.clone(), loads(6, 6));
    assert_eq!(conflicts(possible.problem(), 1, STEPS), vec![]);
    spec.ties = vec![must(Tie::Together, 7, 7)];
    let (told, pairs) = tied(spec, loads(7, 7));
    assert_eq!(pairs.len(), 7, "{told:?}");
}

/// Three lessons of which two may be anybody's partner: nothing is wrong as long as one of them can be.
#[test]
fn whoever_may_be_a_partner_is_asked() {
    let mut spec = part_timers(must(Tie::Together, 1, 3), 3);
    spec.teachers[2].away.add(4, 0b11_1111);
    let mut cards_of = loads(1, 3);
    cards_of[3] = lesson(1, 2, class(1));
    let possible = composed(spec, cards_of);
    assert_eq!(conflicts(possible.problem(), 1, STEPS), vec![]);
}

#[test]
fn neighbours_that_cannot_be_neighbours() {
    for tie in [Tie::RightAfter, Tie::NextTo] {
        let spec = part_timers(must(tie, 2, 2), 2);
        let (told, pairs) = tied(spec, loads(2, 2));
        assert_eq!(pairs.len(), 1, "{tie:?} {told:?}");
    }
    // at the last hour of a day nothing comes right after
    let mut spec = school();
    spec.teachers[0].away = TimeSet::daily(5, 0, 5);
    spec.ties = vec![must(Tie::RightAfter, 1, 1)];
    let (told, _) = tied(spec.clone(), loads(1, 1));
    assert!(told.demands.contains(&Demand::Hours(CardIx(0))), "{told:?}");
    spec.ties[0].tie = Tie::NextTo;
    let possible = composed(spec, loads(1, 1));
    assert_eq!(conflicts(possible.problem(), 1, STEPS), vec![]);
}

#[test]
fn what_must_come_first_comes_too_late() {
    let mut spec = part_timers(must(Tie::InOrder, 2, 2), 2);
    spec.ties[0] = TieSpec {
        first: spec.ties[0].second.clone(),
        second: spec.ties[0].first.clone(),
        ..spec.ties[0].clone()
    };
    let (told, pairs) = tied(spec, loads(2, 2));
    assert_eq!(pairs.len(), 1, "{told:?}");
    // each of the kept pair comes too late for the other, and yet there is an order: the other two go between
    let mut cards_of = loads(2, 2);
    cards_of[0] = at(cards_of[0].clone(), 3, 0);
    cards_of[2] = at(cards_of[2].clone(), 1, 0);
    let mut spec = school();
    spec.ties = vec![must(Tie::InOrder, 2, 2)];
    let possible = composed(spec, cards_of);
    assert_eq!(conflicts(possible.problem(), 1, STEPS), vec![]);
}

#[test]
fn lessons_that_must_not_be_at_once_have_one_hour() {
    let mut spec = school();
    for teacher in &mut spec.teachers[..2] {
        teacher.away = TimeSet::daily(5, 0, 6);
        teacher.away.remove(2, 3);
    }
    spec.ties = vec![must(Tie::Apart, 1, 1)];
    let (told, pairs) = tied(spec, loads(1, 1));
    assert_eq!(pairs, [(CardIx(0), CardIx(1))], "{told:?}");
}

#[test]
fn what_ends_the_day_can_only_begin_it() {
    let mut spec = school();
    // thirty lessons of thirty hours, one of which ends its day and whose teacher is there in the first hours only
    spec.teachers[1].away = TimeSet::daily(5, 1, 6);
    spec.ties = vec![TieSpec {
        first: vec![],
        second: vec![CardIx(29)],
        tie: Tie::EndsDay,
        penalty: 0,
        hard: true,
    }];
    let mut cards_of = lessons(30, 0);
    cards_of[29] = lesson(29, 1, class(0));
    let (told, pairs) = tied(spec.clone(), cards_of.clone());
    assert!(!pairs.is_empty(), "{told:?}");
    assert!(pairs.iter().all(|(_, last)| *last == CardIx(29)));
    spec.teachers[1].away.remove(4, 5);
    let possible = composed(spec, cards_of);
    assert_eq!(conflicts(possible.problem(), 1, STEPS), vec![]);
}

#[test]
fn days_that_nobody_can_begin() {
    let mut spec = school();
    spec.classes[0].limits.late_start = hard(0);
    // nobody comes before the second lesson but on Monday, and there are more lessons than Monday has hours
    for teacher in &mut spec.teachers {
        teacher.away = TimeSet::daily(5, 0, 1);
        teacher.away.remove(0, 0);
    }
    let made = composed(spec.clone(), lessons(7, 0));
    let conflict = first(made.problem());
    assert!(
        names(made.problem(), &conflict).contains(&"days begin with the first lesson"),
        "{conflict:?}"
    );
    let told = made.contradictions(1, STEPS);
    let late = Demand::Limit(Whose::Class(timetable::ClassIx(0)), LimitKind::LateStart);
    assert!(told[0].demands.contains(&late), "{told:?}");
    let possible = composed(spec, lessons(6, 0));
    assert_eq!(conflicts(possible.problem(), 1, STEPS), vec![]);
}

#[test]
fn a_way_that_takes_longer_than_the_break() {
    let mut spec = school();
    let building = |n| RoomSpec {
        building: Some(BuildingIx(n)),
        ..RoomSpec::default()
    };
    spec.rooms = vec![building(0), building(1)];
    let bells: Vec<_> = (0..6).map(|n| Some((480 + 55 * n, 525 + 55 * n))).collect();
    spec.site = Site {
        clock: bells,
        walks: vec![Walk {
            one: BuildingIx(0),
            other: BuildingIx(1),
            minutes: 15,
        }],
        walk: hard(0),
        near: None,
    };
    // two hours in a row, one lesson in each building
    spec.teachers[0].away = TimeSet::daily(5, 0, 6);
    spec.teachers[0].away.remove(2, 3);
    spec.teachers[0].away.remove(2, 4);
    let bound = |n: u32| CardSpec {
        room: RoomNeed {
            needed: true,
            hard: true,
            allowed: vec![RoomIx(n)],
            ..RoomNeed::default()
        },
        ..lesson(n, 0, class(n))
    };
    let made = composed(spec.clone(), vec![bound(0), bound(1)]);
    let conflict = first(made.problem());
    assert!(matches!(conflict.why, Why::Way { .. }), "{conflict:?}");
    let told = made.contradictions(1, STEPS);
    let way = Demand::Way(Whose::Teacher(TeacherIx(0)));
    assert!(told[0].demands.contains(&way), "{told:?}");
    // with an hour between there is time, and then it is the number of moves that is asked about
    spec.teachers[0].away.add(2, 1 << 4);
    spec.teachers[0].away.remove(2, 5);
    let possible = composed(spec.clone(), vec![bound(0), bound(1)]);
    assert_eq!(conflicts(possible.problem(), 1, STEPS), vec![]);
    spec.teachers[0].moves_per_day = hard(0);
    let made = composed(spec, vec![bound(0), bound(1)]);
    let conflict = first(made.problem());
    assert!(
        matches!(conflict.why, Why::Places { allowed: 0, .. }),
        "{conflict:?}"
    );
}
