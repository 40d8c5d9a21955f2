//! One test per rule: facts in, verdict out.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod small_school;

use small_school::*;
use timetable::*;

#[test]
fn nothing_in_the_way_is_good() {
    let board = board(school(), vec![lesson(0, 0, class(0))]);
    assert_eq!(judge(&board, 0, 0), Verdict::default());
    assert_eq!(board.best_places(CardIx(0)).len(), 30);
    assert!(board.conflicts().is_empty());
}

#[test]
fn a_teacher_is_in_one_place() {
    let board = board(
        school(),
        vec![lesson(0, 0, class(0)), at(lesson(0, 0, class(1)), 1, 2)],
    );
    let found = reasons(&board, 1, 2, Level::Clash);
    assert_eq!(
        found,
        [Reason::TeacherBusy {
            teacher: TeacherIx(0),
            card: CardIx(1)
        }]
    );
    assert_eq!(judge(&board, 1, 3).level, Level::Good);
}

#[test]
fn a_card_in_hand_does_not_block_itself() {
    let board = board(school(), vec![in_room(lesson(0, 0, class(0)), 1, 2, 0)]);
    assert_eq!(board.judge(CardIx(0), 1, 2, Some(RoomIx(0))).level, Level::Good);
    assert!(board.free_rooms(CardIx(0), 1, 2).contains(&RoomIx(0)));
}

#[test]
fn a_class_conflicts_with_its_subgroups_and_these_by_splits() {
    let other = |audience| vec![lesson(0, 0, group(0)), at(lesson(1, 1, audience), 0, 0)];
    let busy = [Reason::AudienceBusy {
        class: ClassIx(0),
        card: CardIx(1),
    }];
    for audience in [class(0), group(0), group(2), group(3)] {
        assert_eq!(
            reasons(&board(school(), other(audience)), 0, 0, Level::Clash),
            busy,
            "{audience:?}"
        );
    }
    for audience in [group(1), class(1)] {
        assert_eq!(
            judge(&board(school(), other(audience)), 0, 0).level,
            Level::Good,
            "{audience:?}"
        );
    }
    let spec = BoardSpec {
        disjoint: vec![(GroupIx(3), GroupIx(0))],
        ..school()
    };
    assert_eq!(
        judge(&board(spec, other(group(3))), 0, 0).level,
        Level::Good,
        "told disjoint"
    );
}

#[test]
fn odd_and_even_weeks_do_not_meet() {
    let weeks = |a, b| {
        let card = |weeks, subject| CardSpec {
            weeks,
            ..lesson(subject, 0, class(0))
        };
        judge(&board(school(), vec![card(a, 0), at(card(b, 1), 0, 0)]), 0, 0).level
    };
    assert_eq!(weeks(Weeks::Odd, Weeks::Even), Level::Good);
    assert_eq!(weeks(Weeks::Odd, Weeks::Odd), Level::Clash);
    assert_eq!(weeks(Weeks::Every, Weeks::Even), Level::Clash);
}

#[test]
fn times_away_and_bells() {
    let mut spec = school();
    spec.teachers[0].away.insert(0, 1);
    spec.classes[0].away.insert(0, 2);
    spec.groups[0].away.insert(0, 3);
    spec.classes[0].bells = TimeSet::daily(5, 0, 5);
    let double = CardSpec {
        duration: 2,
        ..lesson(0, 0, class(0))
    };
    let board = board(spec, vec![double]);
    let expected = [
        (
            0,
            vec![Reason::TeacherAway {
                teacher: TeacherIx(0),
                slot: 1,
            }],
        ),
        (
            3,
            vec![Reason::ClassAway {
                class: ClassIx(0),
                slot: 3,
            }],
        ),
        (
            4,
            vec![Reason::NoBell {
                class: ClassIx(0),
                slot: 5,
            }],
        ),
    ];
    for (slot, found) in expected {
        assert_eq!(reasons(&board, 0, slot, Level::Clash), found);
    }
    assert_eq!(
        reasons(&board, 0, 5, Level::Clash),
        [Reason::OffBoard { slots: 6 }]
    );
    assert_eq!(judge(&board, 1, 3).level, Level::Good);
    assert_eq!(board.judge(CardIx(0), 9, 0, None).level, Level::Clash);
    assert_eq!(board.judge(CardIx(9), 0, 0, None).level, Level::Clash);
    assert!(board.judge_all(CardIx(9)).is_empty());
}

#[test]
fn a_group_may_be_held_while_the_other_half_is_away() {
    let mut spec = school();
    spec.groups[0].away.insert(0, 0);
    let board = board(
        spec,
        vec![
            lesson(0, 0, group(1)),
            lesson(0, 0, group(0)),
            lesson(0, 0, group(2)),
        ],
    );
    assert_eq!(judge(&board, 0, 0).level, Level::Good);
    assert_eq!(board.judge(CardIx(1), 0, 0, None).level, Level::Clash);
    assert_eq!(
        board.judge(CardIx(2), 0, 0, None).level,
        Level::Clash,
        "shares pupils with the half that is away"
    );
}

#[test]
fn rooms() {
    let mut spec = school();
    spec.rooms[0].away.insert(2, 2);
    let card = CardSpec {
        room: RoomNeed {
            needed: true,
            ..RoomNeed::default()
        },
        ..lesson(0, 0, class(0))
    };
    let mut board = board(spec, vec![card, in_room(lesson(0, 1, class(1)), 0, 0, 0)]);
    let room = Some(RoomIx(0));
    let busy = board.judge(CardIx(0), 0, 0, room);
    assert_eq!(
        (busy.level, busy.reasons),
        (
            Level::Clash,
            vec![Reason::RoomBusy {
                room: RoomIx(0),
                card: CardIx(1)
            }]
        )
    );
    let away = board.judge(CardIx(0), 2, 2, room).reasons;
    assert_eq!(
        away,
        [Reason::RoomAway {
            room: RoomIx(0),
            slot: 2
        }]
    );
    let fault = RoomFault::TooSmall {
        seats: 12,
        pupils: 25,
    };
    let small = board.judge(CardIx(0), 1, 1, Some(RoomIx(1)));
    assert_eq!(small.level, Level::Poor);
    assert_eq!(
        small.reasons,
        [Reason::RoomUnsuitable {
            room: RoomIx(1),
            fault
        }]
    );
    assert_eq!(reasons(&board, 0, 0, Level::Poor), [Reason::NoFreeRoom]);
    assert_eq!(board.free_rooms(CardIx(0), 1, 1), [RoomIx(0)]);
    assert_eq!(board.best_room(CardIx(0), 1, 1), room);
    board.place(CardIx(0), 3, 3, None).unwrap();
    assert!(
        board
            .conflicts()
            .iter()
            .any(|p| p.reason == Reason::NoRoom && p.level == Level::Poor)
    );
}

#[test]
fn a_hard_need_of_a_kind_of_room_is_a_clash() {
    let need = RoomNeed {
        needed: true,
        kind: Some(RoomKind(7)),
        allowed: vec![],
        hard: true,
        penalty: None,
    };
    let card = CardSpec {
        room: need,
        ..lesson(0, 0, group(0))
    };
    let board = board(school(), vec![card, in_room(lesson(0, 1, class(1)), 0, 0, 1)]);
    assert_eq!(reasons(&board, 0, 0, Level::Clash), [Reason::NoFreeRoom]);
    let wrong = board.judge(CardIx(0), 0, 1, Some(RoomIx(0)));
    let fault = RoomFault::OtherKind;
    assert_eq!(
        (wrong.level, &wrong.reasons[..]),
        (
            Level::Clash,
            &[Reason::RoomUnsuitable {
                room: RoomIx(0),
                fault
            }][..]
        )
    );
    assert_eq!(board.free_rooms(CardIx(0), 0, 1), [RoomIx(1)]);
}

#[test]
fn a_shared_gym_holds_as_many_as_it_says() {
    let mut spec = school();
    spec.rooms[0].shared_by = 2;
    let cards = |n: u32| (0..n).map(|k| in_room(lesson(0, k, [class(0), class(1)][wide(k % 2)]), 0, 0, 0));
    let two = board(spec.clone(), cards(2).collect());
    assert!(two.conflicts().is_empty());
    let mut three: Vec<CardSpec> = cards(2).collect();
    three.insert(
        0,
        CardSpec {
            audience: vec![],
            ..lesson(0, 2, class(0))
        },
    );
    let three = board(spec, three);
    assert_eq!(three.judge(CardIx(0), 0, 0, Some(RoomIx(0))).level, Level::Clash);
}

#[test]
fn lessons_of_odd_and_even_weeks_do_not_fill_a_shared_gym_together() {
    let mut spec = school();
    spec.rooms[0].shared_by = 2;
    let cards = |last: Weeks| {
        let weeks = [Weeks::Every, Weeks::Odd, last];
        let cards = (0..).zip(weeks).map(|(k, weeks)| {
            let card = CardSpec {
                audience: vec![],
                weeks,
                ..lesson(0, k, class(0))
            };
            in_room(card, 0, 0, 0)
        });
        board(spec.clone(), cards.collect())
    };
    let busy = |board: &Board| {
        let all = board.conflicts().into_iter();
        all.filter(|p| matches!(p.reason, Reason::RoomBusy { .. }))
            .count()
    };
    assert_eq!(busy(&cards(Weeks::Even)), 0, "two a week");
    assert!(busy(&cards(Weeks::Odd)) > 0, "three in odd weeks");
}

#[test]
fn times_that_are_not_wished_cost_and_are_told() {
    let mut spec = school();
    let mut times = TimeSet::new();
    times.insert(0, 2);
    let wish = |penalty| Unwanted {
        times: times.clone(),
        penalty,
    };
    spec.teachers[0].unwanted = vec![wish(4)];
    spec.classes[0].unwanted = vec![wish(3)];
    let board = board(spec, vec![at(lesson(0, 0, class(0)), 0, 2)]);
    let reasons = [
        Reason::TeacherUnwanted {
            teacher: TeacherIx(0),
            slot: 2,
        },
        Reason::ClassUnwanted {
            class: ClassIx(0),
            slot: 2,
        },
    ];
    let there = board.judge(CardIx(0), 0, 2, None);
    assert_eq!((there.level, there.penalty), (Level::Poor, 7));
    assert_eq!(there.reasons, reasons);
    assert_eq!(board.judge(CardIx(0), 0, 1, None), Verdict::default());
    let told: Vec<Reason> = board.conflicts().into_iter().map(|p| p.reason).collect();
    assert_eq!(told, reasons);
}

/// What a room that is not there costs may be the card's own price.
#[test]
fn a_card_may_have_a_price_of_its_own_for_rooms() {
    for (penalty, price) in [(None, 10), (Some(3), 3), (Some(0), 0)] {
        let card = CardSpec {
            room: RoomNeed {
                needed: true,
                kind: Some(RoomKind(99)),
                penalty,
                ..RoomNeed::default()
            },
            ..lesson(0, 0, class(0))
        };
        let board = board(school(), vec![card]);
        assert_eq!(board.judge(CardIx(0), 0, 0, None).penalty, price);
    }
}
