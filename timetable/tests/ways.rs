//! Ways between buildings and rooms that are near: facts in, verdict out; the same to the search.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod small_school;

use small_school::*;
use timetable::*;

const OLD: BuildingIx = BuildingIx(3);
const NEW: BuildingIx = BuildingIx(8);

fn ask(hard: bool) -> Option<Limit> {
    Some(Limit {
        value: 0,
        norm: NORM,
        penalty: 5,
        hard,
    })
}

/// Rooms 0 and 2 are in the old building, on the first and the second floor; room 1 is in the new one, a quarter of an hour away. The
/// break before the third lesson is long enough.
fn town(walk: Option<Limit>, near: Option<Limit>) -> BoardSpec {
    let mut spec = school();
    let room = |building, floor| RoomSpec {
        building: Some(building),
        floor: Some(floor),
        ..RoomSpec::default()
    };
    spec.rooms = vec![room(OLD, 1), room(NEW, 1), room(OLD, 2)];
    let bells = [
        (480, 525),
        (535, 580),
        (600, 645),
        (655, 700),
        (710, 755),
        (765, 810),
    ];
    spec.site = Site {
        clock: bells.map(Some).to_vec(),
        walks: vec![Walk {
            one: NEW,
            other: OLD,
            minutes: 15,
        }],
        walk,
        near,
    };
    spec
}

/// A lesson that must be in certain rooms.
fn bound(card: CardSpec, rooms: &[u32]) -> CardSpec {
    CardSpec {
        room: RoomNeed {
            needed: true,
            allowed: rooms.iter().map(|r| RoomIx(*r)).collect(),
            hard: true,
            ..RoomNeed::default()
        },
        ..card
    }
}

#[test]
fn a_teacher_cannot_walk_in_a_short_break_and_can_in_a_long_one() {
    let cards = |rooms: &[u32]| {
        let other = in_room(lesson(1, 0, class(1)), 0, 1, 0);
        board(
            town(ask(true), None),
            vec![bound(lesson(0, 0, class(0)), rooms), other],
        )
    };
    let far = cards(&[1]);
    let told = |minutes| Reason::TeacherTooFar {
        teacher: TeacherIx(0),
        card: CardIx(1),
        needed: 15,
        minutes,
    };
    assert_eq!(reasons(&far, 0, 0, Level::Clash), [told(10)]);
    assert_eq!(judge(&far, 0, 2).level, Level::Good, "twenty minutes");
    assert_eq!(judge(&far, 0, 3).level, Level::Good, "a free lesson between");
    assert_eq!(judge(&far, 1, 0).level, Level::Good, "another day");
    // of two rooms the one in reach is taken
    let either = cards(&[1, 2]);
    assert_eq!(judge(&either, 0, 0).level, Level::Good);
    assert_eq!(either.best_room(CardIx(0), 0, 0), Some(RoomIx(2)));
    assert_eq!(either.best_room(CardIx(0), 0, 2), Some(RoomIx(1)));
    assert_eq!(either.judge(CardIx(0), 0, 0, Some(RoomIx(1))).reasons, [told(10)]);
    // as a wish it costs
    let mut spec = far.spec().clone();
    spec.site.walk = ask(false);
    let soft = Board::new(spec).unwrap();
    assert_eq!(
        (judge(&soft, 0, 0).level, judge(&soft, 0, 0).penalty),
        (Level::Poor, 5)
    );
}

/// A class with bells of its own goes by them, wherever the other lesson is of a class that goes by the school's.
#[test]
fn each_class_goes_by_its_own_bells() {
    let cards = |own: usize, first: u32, second: u32, slot: u16| {
        let mut spec = town(ask(true), None);
        // a long break after the first lesson instead of the second
        let bells = [(480, 520), (540, 580), (590, 630)].map(Some);
        spec.classes[own].clock = [bells.to_vec(), vec![None; 3]].concat();
        let other = in_room(lesson(1, 0, class(second)), 0, slot + 1, 0);
        let held = bound(lesson(0, 0, class(first)), &[1]);
        judge(&board(spec, vec![held, other]), 0, slot).reasons
    };
    let told = |minutes| {
        let (teacher, card) = (TeacherIx(0), CardIx(1));
        vec![Reason::TeacherTooFar {
            teacher,
            card,
            needed: 15,
            minutes,
        }]
    };
    // class 1 alone: twenty minutes after the first lesson, ten after the second
    assert_eq!(cards(1, 1, 1, 0).len(), 0);
    let late = cards(1, 1, 1, 1);
    assert!(late.contains(&told(10)[0]), "{late:?}");
    // class 0 alone: as the school has it
    assert!(cards(1, 0, 0, 0).contains(&told(10)[0]));
    assert_eq!(cards(1, 0, 0, 1).len(), 0);
    // from one to the other: ends at 8:40 or 8:45, begins at 8:55 or 9:00
    assert_eq!(cards(1, 1, 0, 0).len(), 0);
    assert_eq!(cards(1, 0, 1, 0).len(), 0);
    // both end at 9:40; 9:50 is too early, 10:00 is not
    assert_eq!(cards(1, 0, 1, 1), told(10));
    assert_eq!(cards(1, 1, 0, 1).len(), 0);
    // a lesson of both ends with the later of the two
    let mut spec = town(ask(true), None);
    spec.classes[1].clock = vec![Some((480, 520))];
    let both = CardSpec {
        audience: vec![class(0), class(1)],
        ..bound(lesson(0, 0, class(0)), &[1])
    };
    let other = in_room(lesson(1, 0, class(0)), 0, 1, 0);
    assert!(
        judge(&board(spec, vec![both, other]), 0, 0)
            .reasons
            .contains(&told(10)[0])
    );
}

#[test]
fn pupils_walk_too_and_those_of_another_subgroup_do_not() {
    let cards = |audience| {
        let other = in_room(lesson(1, 1, group(0)), 0, 1, 0);
        board(
            town(ask(true), None),
            vec![bound(lesson(0, 0, audience), &[1]), other],
        )
    };
    let told = Reason::ClassTooFar {
        class: ClassIx(0),
        card: CardIx(1),
        needed: 15,
        minutes: 10,
    };
    for audience in [class(0), group(0), group(2)] {
        assert_eq!(reasons(&cards(audience), 0, 0, Level::Clash), [told]);
    }
    assert_eq!(judge(&cards(group(1)), 0, 0).level, Level::Good);
    assert_eq!(judge(&cards(class(1)), 0, 0).level, Level::Good);
}

#[test]
fn a_lesson_between_two_buildings_mends_or_breaks_a_way() {
    let mut spec = town(ask(false), None);
    spec.cards = vec![
        bound(lesson(0, 0, class(0)), &[0]),
        in_room(lesson(1, 0, class(1)), 0, 0, 0),
        in_room(lesson(2, 0, class(1)), 0, 3, 1),
    ];
    let between = Board::new(spec).unwrap();
    assert_eq!(judge(&between, 0, 1).penalty, 0);
    assert_eq!(judge(&between, 0, 2).penalty, 5, "ten minutes to the next one");
    let problems = |board: &Board| {
        board
            .conflicts()
            .into_iter()
            .map(|p| p.reason)
            .collect::<Vec<_>>()
    };
    assert_eq!(problems(&between), []);
    let mut placed = between.clone();
    placed.place(CardIx(0), 0, 2, Some(RoomIx(0))).unwrap();
    assert_eq!(
        problems(&placed),
        [Reason::TeacherTooFar {
            teacher: TeacherIx(0),
            card: CardIx(0),
            needed: 15,
            minutes: 10
        }]
    );
}

#[test]
fn without_a_room_a_card_is_where_all_rooms_that_suit_it_are() {
    let soft = |allowed: &[u32]| {
        let mut card = bound(lesson(0, 0, class(0)), allowed);
        card.room.hard = false;
        let other = in_room(lesson(1, 0, class(1)), 0, 1, 0);
        board(town(ask(true), None), vec![card, other])
    };
    assert_eq!(
        judge(&soft(&[1]), 0, 0).level,
        Level::Clash,
        "there is no other building"
    );
    // both rooms in reach are taken: better none than one out of reach
    let mut either = soft(&[1, 2]);
    let mut spec = either.spec().clone();
    spec.rooms[2].away.insert(0, 0);
    either = Board::new(spec).unwrap();
    let verdict = judge(&either, 0, 0);
    assert_eq!((verdict.level, verdict.penalty), (Level::Poor, 10));
    assert!(verdict.reasons.contains(&Reason::NoFreeRoom));
    assert_eq!(either.best_room(CardIx(0), 0, 0), None);
}

#[test]
fn lessons_in_a_row_are_on_one_floor_as_a_wish() {
    let cards = |room| {
        let mut card = bound(lesson(0, 0, class(0)), &[room]);
        card.room.hard = false;
        let other = in_room(lesson(1, 0, class(1)), 0, 1, 0);
        board(town(None, ask(false)), vec![card, other])
    };
    let told = [Reason::TeacherNotNear {
        teacher: TeacherIx(0),
        card: CardIx(1),
    }];
    for room in [1, 2] {
        assert_eq!(reasons(&cards(room), 0, 0, Level::Poor), told, "room {room}");
        assert_eq!(judge(&cards(room), 0, 3).level, Level::Good, "not in a row");
    }
    assert_eq!(judge(&cards(0), 0, 2).level, Level::Good);
    let mut placed = cards(2);
    placed.place(CardIx(0), 0, 2, Some(RoomIx(2))).unwrap();
    let found: Vec<Reason> = placed.conflicts().into_iter().map(|p| p.reason).collect();
    assert_eq!(found, told);
    // a floor that nobody knows is near
    let mut spec = cards(2).spec().clone();
    spec.rooms[2].floor = None;
    assert_eq!(judge(&Board::new(spec).unwrap(), 0, 0).level, Level::Good);
}

#[test]
fn changes_of_building_a_day_are_limited_for_teachers_and_classes() {
    let mut spec = town(None, None);
    spec.teachers[0].moves_per_day = ask(true).map(|l| Limit { value: 1, ..l });
    spec.classes[0].limits.moves_per_day = ask(false);
    spec.cards = vec![
        bound(lesson(0, 0, class(0)), &[0]),
        in_room(lesson(1, 0, class(1)), 0, 0, 0),
        in_room(lesson(2, 0, class(1)), 0, 2, 1),
        in_room(lesson(1, 1, class(0)), 1, 0, 1),
    ];
    let moved = Board::new(spec).unwrap();
    let told = Reason::TeacherLimit {
        teacher: TeacherIx(0),
        kind: LimitKind::MovesPerDay,
        found: 2,
        limit: 1,
        norm: NORM,
        hard: true,
    };
    assert_eq!(reasons(&moved, 0, 4, Level::Clash), [told]);
    assert_eq!(judge(&moved, 0, 1).level, Level::Good, "on the way");
    let of_class = reasons(&moved, 1, 3, Level::Poor);
    assert_eq!(of_class, [limit_reason(LimitKind::MovesPerDay, 1, 0)]);
    assert_eq!(moved.why_nowhere(CardIx(0)), None);
}

#[test]
fn a_school_that_asks_nothing_about_ways_has_none() {
    let mut spec = town(None, None);
    spec.cards = vec![
        bound(lesson(0, 0, class(0)), &[1]),
        in_room(lesson(1, 0, class(1)), 0, 1, 0),
    ];
    assert_eq!(
        judge(&board(spec.clone(), spec.cards.clone()), 0, 0),
        Verdict::default()
    );
    // nor one that asks, and has said no minutes
    spec.site.walk = ask(true);
    spec.site.walks.clear();
    assert_eq!(
        judge(&board(spec.clone(), spec.cards.clone()), 0, 0),
        Verdict::default()
    );
}

/// Each remark about ways is answered: what mends it is told, and done, it is gone.
#[cfg(feature = "engine")]
#[test]
fn remarks_about_ways_are_explained() {
    use timetable::compose::{Counsel, Pains, Standing};

    let mut spec = town(ask(false), ask(false));
    spec.teachers[0].moves_per_day = limit(0);
    spec.classes[0].limits.moves_per_day = limit(0);
    let cards = vec![
        in_room(bound(lesson(0, 0, class(0)), &[1]), 0, 0, 1),
        in_room(bound(lesson(1, 0, class(0)), &[0]), 0, 1, 0),
    ];
    let laid = board(spec, cards);
    let counsel = Counsel::new(&laid);
    let remarks = laid.conflicts();
    let kinds: std::collections::BTreeSet<unmet::Sort> = remarks.iter().map(unmet::Sort::of).collect();
    assert!(
        [
            unmet::Sort::Way,
            unmet::Sort::Near,
            unmet::Sort::Limit(LimitKind::MovesPerDay)
        ]
        .iter()
        .all(|sort| kinds.contains(sort)),
        "{remarks:?}"
    );
    for remark in &remarks {
        let told = counsel.standing(remark, Pains::default());
        let Some(Standing::Mendable { steps, left: 0, .. }) = told else {
            panic!("{remark:?}: {told:?}")
        };
        let mut after = laid.clone();
        for step in &steps {
            after.unplace(step.card);
        }
        for step in &steps {
            after.restore(step.card, Some(step.to)).unwrap();
        }
        let same = |p: &Problem| unmet::Sort::of(p) == unmet::Sort::of(remark);
        assert!(!after.conflicts().iter().any(same), "{remark:?}: {steps:?}");
    }
}
