//! The limits of days, weeks and difficulty, the windows, and the board as a whole: facts in, verdict out.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod small_school;

use small_school::*;
use std::collections::BTreeSet;
use timetable::*;

#[test]
fn lessons_a_day_and_the_exception_for_physical_education() {
    let mut spec = school();
    spec.classes[0].limits = Limits {
        per_day: limit(2),
        per_day_with_pe: limit(3),
        long_days: 1,
        ..Limits::default()
    };
    let day = |d| [at(lesson(1, 1, class(0)), d, 0), at(lesson(2, 1, class(0)), d, 1)];
    let cards = |is_pe: bool| {
        let mut cards = vec![CardSpec {
            is_pe,
            ..lesson(0, 0, class(0))
        }];
        cards.extend(day(0));
        cards
    };
    let plain = board(spec.clone(), cards(false));
    assert_eq!(
        reasons(&plain, 0, 2, Level::Poor),
        [limit_reason(LimitKind::LessonsPerDay, 3, 2)]
    );
    assert_eq!(judge(&plain, 1, 2).level, Level::Good);
    assert_eq!(judge(&board(spec.clone(), cards(true)), 0, 2).level, Level::Good);
    let mut twice = cards(true);
    twice.extend(day(1));
    twice.push(at(
        CardSpec {
            is_pe: true,
            ..lesson(3, 1, class(0))
        },
        1,
        2,
    ));
    let twice = board(spec.clone(), twice);
    assert_eq!(
        reasons(&twice, 0, 2, Level::Poor),
        [limit_reason(LimitKind::LessonsPerDay, 3, 2)],
        "one long day"
    );
    let mut more = cards(true);
    more.push(at(lesson(4, 1, class(0)), 0, 3));
    let more = board(spec, more);
    assert_eq!(
        reasons(&more, 0, 2, Level::Poor),
        [limit_reason(LimitKind::LessonsPerDayWithPe, 4, 3)]
    );
}

#[test]
fn what_is_held_beside_the_lessons_is_no_lesson() {
    let mut spec = school();
    spec.classes[0].limits = Limits {
        per_day: limit(2),
        per_week: limit(2),
        ..Limits::default()
    };
    let beside = |card: CardSpec| CardSpec { beside: true, ..card };
    let mut cards = vec![
        beside(lesson(0, 0, class(0))),
        at(lesson(1, 1, class(0)), 0, 0),
        at(lesson(2, 2, class(0)), 0, 1),
    ];
    let full = board(spec.clone(), cards.clone());
    assert_eq!(
        judge(&full, 0, 2).level,
        Level::Good,
        "a third thing that is no lesson"
    );
    cards[0].beside = false;
    let kinds: BTreeSet<LimitKind> = judge(&board(spec.clone(), cards.clone()), 0, 2)
        .reasons
        .iter()
        .filter_map(|r| match r {
            Reason::Limit { kind, .. } => Some(*kind),
            _ => None,
        })
        .collect();
    let both = BTreeSet::from([LimitKind::LessonsPerDay, LimitKind::LessonsPerWeek]);
    assert_eq!(kinds, both, "as a lesson it is one too many");
    // beside others that lie already: neither the judge of a lesson nor the review counts it
    cards[0] = at(beside(lesson(0, 0, class(0))), 0, 2);
    let lying = board(spec, cards);
    assert_eq!(lying.conflicts(), []);
    assert_eq!(lying.class_days(ClassIx(0))[0].lessons, 2);
    let verdict = lying.judge(CardIx(2), 0, 3, None);
    assert!(
        !verdict
            .reasons
            .iter()
            .any(|r| matches!(r, Reason::Limit { kind, .. } if both.contains(kind))),
        "{verdict:?}"
    );
}

#[test]
fn halves_taught_at_once_are_one_lesson_of_a_pupil() {
    let mut spec = school();
    spec.classes[0].limits.per_day = limit(2);
    let cards = vec![
        lesson(0, 0, class(0)),
        at(lesson(1, 1, group(0)), 0, 0),
        at(lesson(1, 2, group(1)), 0, 0),
    ];
    let board = board(spec, cards);
    assert_eq!(judge(&board, 0, 1).level, Level::Good);
    assert_eq!(board.class_days(ClassIx(0))[0].lessons, 1);
}

#[test]
fn a_hard_limit_is_a_clash() {
    let mut spec = school();
    spec.classes[0].limits.per_week = Some(Limit {
        value: 1,
        norm: NORM,
        penalty: 5,
        hard: true,
    });
    let board = board(
        spec,
        vec![lesson(0, 0, class(0)), at(lesson(1, 1, class(0)), 0, 0)],
    );
    let found = reasons(&board, 2, 2, Level::Clash);
    let kind = LimitKind::LessonsPerWeek;
    let expected = Reason::Limit {
        class: ClassIx(0),
        kind,
        found: 2,
        limit: 1,
        norm: NORM,
        hard: true,
        card: None,
    };
    assert_eq!(found, [expected]);
}

/// What a place only makes worse is no word to whoever may not go there: of a week that is full and a pair that is held together, the pair.
#[test]
fn a_clash_is_told_alone() {
    let mut spec = school();
    spec.classes[0].limits.per_week = limit(0);
    spec.ties = vec![TieSpec {
        first: vec![CardIx(0)],
        second: vec![CardIx(1)],
        tie: Tie::Together,
        penalty: 0,
        hard: true,
    }];
    let cards = vec![lesson(0, 0, class(0)), at(lesson(1, 1, class(1)), 0, 1)];
    let board = board(spec, cards);
    for (day, slot) in [(3, 0), (3, 4)] {
        let verdict = judge(&board, day, slot);
        assert_eq!((verdict.level, verdict.penalty), (Level::Clash, 0));
        assert!(
            !verdict.reasons.iter().any(|r| matches!(
                r,
                Reason::Limit {
                    kind: LimitKind::LessonsPerWeek,
                    ..
                }
            )),
            "{verdict:?}"
        );
        assert!(!verdict.reasons.is_empty());
    }
}

/// The norm of a week is a remark, to the hand as to the search: what one may place, the other may.
#[test]
fn a_week_longer_than_its_norm_is_a_remark() {
    let mut spec = school();
    spec.classes[0].limits.per_week = limit(1);
    let laid = board(
        spec,
        vec![lesson(0, 0, class(0)), at(lesson(1, 1, class(0)), 0, 1)],
    );
    let verdict = judge(&laid, 2, 0);
    assert_eq!(verdict.level, Level::Poor);
    assert!(matches!(
        verdict.reasons[..],
        [Reason::Limit {
            kind: LimitKind::LessonsPerWeek,
            hard: false,
            ..
        }]
    ));
}

/// A card that lies somewhere is priced against there.
#[test]
fn the_price_of_a_place_is_against_where_the_card_lies() {
    let mut spec = school();
    spec.wishes.teacher_window = 4;
    let board = board(
        spec,
        vec![at(lesson(0, 0, class(0)), 0, 3), at(lesson(1, 0, class(1)), 0, 0)],
    );
    let now = judge(&board, 0, 3);
    assert_eq!(now.penalty, 8, "two windows");
    let priced = |day, slot| {
        let mut verdict = judge(&board, day, slot);
        verdict.against(&now);
        verdict.penalty
    };
    assert_eq!(
        (priced(0, 3), priced(0, 1), priced(0, 2), priced(0, 5)),
        (0, -8, -4, 8)
    );
}

#[test]
fn place_in_the_day() {
    let mut spec = school();
    let limits = &mut spec.classes[0].limits;
    *limits = Limits {
        earliest_slot: limit(1),
        latest_slot: limit(4),
        hard_from: 8,
        ..Limits::default()
    };
    limits.hard_lessons = Some(SlotRange {
        from: 2,
        to: 3,
        norm: NORM,
        penalty: 4,
    });
    spec.classes[0].bells = TimeSet::daily(5, 1, 6);
    let mut bells = spec.classes[0].bells.clone();
    bells.insert(4, 0);
    spec.classes[0].bells = bells;
    let board = board(
        spec,
        vec![CardSpec {
            difficulty: 8,
            ..lesson(0, 0, class(0))
        }],
    );
    assert_eq!(
        reasons(&board, 0, 1, Level::Poor),
        [limit_reason(LimitKind::HardAtEdge, 1, 2)],
        "the first bell"
    );
    assert_eq!(judge(&board, 0, 2).level, Level::Good);
    assert_eq!(
        reasons(&board, 0, 4, Level::Poor),
        [limit_reason(LimitKind::HardAtEdge, 4, 3)]
    );
    let zero = reasons(&board, 4, 0, Level::Poor);
    assert!(
        zero.contains(&limit_reason(LimitKind::EarliestSlot, 0, 1)),
        "{zero:?}"
    );
    assert!(reasons(&board, 1, 5, Level::Poor).contains(&limit_reason(LimitKind::LatestSlot, 5, 4)));
}

#[test]
fn the_same_subject_twice_a_day() {
    let mut spec = school();
    spec.classes[0].limits.subject_per_day = limit(1);
    let double = CardSpec {
        duration: 2,
        ..lesson(0, 0, class(0))
    };
    let board = board(
        spec,
        vec![
            double,
            at(lesson(0, 0, group(1)), 0, 0),
            at(lesson(0, 1, class(1)), 1, 0),
        ],
    );
    let kind = LimitKind::SubjectPerDay;
    let card = Some(CardIx(1));
    let expected = Reason::Limit {
        class: ClassIx(0),
        kind,
        found: 2,
        limit: 1,
        norm: NORM,
        hard: false,
        card,
    };
    assert_eq!(reasons(&board, 0, 3, Level::Poor), [expected]);
    assert_eq!(
        judge(&board, 1, 1).level,
        Level::Good,
        "a double lesson is one card, another class does not count"
    );
}

#[test]
fn difficulty() {
    let mut spec = school();
    let peak = PeakDays {
        days: 0b110,
        norm: NORM,
        penalty: 2,
    };
    let limits = Limits {
        points_per_day: limit(20),
        hard_from: 8,
        hard_in_row: limit(2),
        ..Limits::default()
    };
    spec.classes[0].limits = Limits {
        peak_days: Some(peak),
        ..limits
    };
    let hard = |subject, teacher| CardSpec {
        difficulty: 8,
        ..lesson(subject, teacher, class(0))
    };
    let cards = vec![
        hard(0, 0),
        at(hard(1, 1), 1, 0),
        at(hard(2, 1), 1, 1),
        at(hard(3, 1), 0, 0),
    ];
    let board = board(spec, cards);
    let found = reasons(&board, 1, 2, Level::Poor);
    assert_eq!(
        found,
        [
            limit_reason(LimitKind::PointsPerDay, 24, 20),
            limit_reason(LimitKind::HardInRow, 3, 2)
        ]
    );
    assert_eq!(
        judge(&board, 0, 1).level,
        Level::Good,
        "16 is as much as the peak day"
    );
    let heavier = CardSpec {
        difficulty: 9,
        ..hard(0, 0)
    };
    let mut spec = board.spec().clone();
    spec.cards[0] = heavier;
    let board = Board::new(spec).unwrap();
    assert_eq!(
        reasons(&board, 0, 1, Level::Poor),
        [limit_reason(LimitKind::PeakDay, 17, 16)]
    );
}

#[test]
fn windows() {
    let mut spec = school();
    spec.wishes = Wishes {
        teacher_window: 3,
        class_window: 7,
        ..spec.wishes
    };
    spec.classes[0].limits.windows_per_day = limit(0);
    let cards = vec![
        lesson(0, 0, class(0)),
        at(lesson(1, 1, class(0)), 0, 0),
        at(lesson(1, 0, class(1)), 1, 0),
    ];
    let board = board(spec, cards);
    let (class, windows) = (ClassIx(0), 1);
    let expected = [
        limit_reason(LimitKind::WindowsPerDay, 1, 0),
        Reason::ClassWindow { class, windows },
    ];
    assert_eq!(reasons(&board, 0, 2, Level::Poor), expected);
    assert_eq!(judge(&board, 0, 2).penalty, 5 + 7);
    assert_eq!(judge(&board, 0, 1).level, Level::Good);
    let teacher = TeacherIx(0);
    assert_eq!(
        reasons(&board, 1, 2, Level::Poor),
        [Reason::TeacherWindow { teacher, windows }]
    );
    let mut spec = board.spec().clone();
    spec.cards.push(at(lesson(2, 2, Audience::Class(class)), 0, 2));
    let gap = Board::new(spec).unwrap();
    assert_eq!(judge(&gap, 0, 1).penalty, -7, "filling a window earns");
    assert_eq!(
        gap.best_places(CardIx(0))[0].at,
        Placement {
            day: 0,
            slot: 1,
            room: None
        }
    );
    let days = gap.class_days(class);
    assert_eq!((days[0].lessons, days[0].windows, days[1].lessons), (2, 1, 0));
    assert!(
        gap.conflicts()
            .iter()
            .any(|p| p.reason == limit_reason(LimitKind::WindowsPerDay, 1, 0))
    );
}

#[test]
fn limits_of_a_teacher() {
    let mut spec = school();
    spec.teachers[0].per_day = limit(1);
    let board = board(
        spec,
        vec![lesson(0, 0, class(0)), at(lesson(1, 0, class(1)), 0, 0)],
    );
    let (teacher, kind) = (TeacherIx(0), LimitKind::LessonsPerDay);
    let expected = Reason::TeacherLimit {
        teacher,
        kind,
        found: 2,
        limit: 1,
        norm: NORM,
        hard: false,
    };
    assert_eq!(reasons(&board, 0, 1, Level::Poor), [expected]);
}

#[test]
fn everything_wrong_is_listed_once() {
    let mut spec = school();
    spec.classes[0].limits.per_day = limit(1);
    spec.teachers[1].away.insert(0, 0);
    let both = lesson(0, 0, class(0));
    let cards = vec![
        in_room(both.clone(), 0, 0, 0),
        in_room(both, 0, 0, 0),
        at(lesson(1, 1, class(0)), 0, 0),
    ];
    let board = board(spec, cards);
    let found: Vec<(Option<CardIx>, Reason)> = board
        .conflicts()
        .into_iter()
        .map(|p| (p.card, p.reason))
        .collect();
    let class = ClassIx(0);
    let expected = [
        (
            2,
            Reason::TeacherAway {
                teacher: TeacherIx(1),
                slot: 0,
            },
        ),
        (
            0,
            Reason::TeacherBusy {
                teacher: TeacherIx(0),
                card: CardIx(1),
            },
        ),
        (
            0,
            Reason::AudienceBusy {
                class,
                card: CardIx(1),
            },
        ),
        (
            0,
            Reason::AudienceBusy {
                class,
                card: CardIx(2),
            },
        ),
        (
            1,
            Reason::AudienceBusy {
                class,
                card: CardIx(2),
            },
        ),
        (
            0,
            Reason::RoomBusy {
                room: RoomIx(0),
                card: CardIx(1),
            },
        ),
    ];
    assert_eq!(found, expected.map(|(card, reason)| (Some(CardIx(card)), reason)));
}

#[test]
fn placing_can_be_undone_and_never_leaves_the_board() {
    let mut board = board(school(), vec![lesson(0, 0, class(0))]);
    let card = CardIx(0);
    assert_eq!(board.place(card, 0, 0, None), Ok(None));
    let first = board.placement(card);
    assert_eq!(board.place(card, 1, 1, Some(RoomIx(0))), Ok(first));
    let second = board.restore(card, first).unwrap();
    assert_eq!((board.placement(card), second.map(|p| p.day)), (first, Some(1)));
    for (day, slot, room) in [
        (5, 0, None),
        (0, 6, None),
        (0, u16::MAX, None),
        (0, 0, Some(RoomIx(9))),
    ] {
        assert_eq!(board.place(card, day, slot, room), Err(OffBoard));
    }
    assert_eq!(board.placement(card), first);
    assert_eq!(board.unplace(card), first);
    assert_eq!(
        (board.unplace(card), board.unplace(CardIx(7)), board.unplaced()),
        (None, None, vec![card])
    );
}

#[test]
fn facts_that_point_nowhere_are_refused() {
    let mut spec = school();
    spec.cards = vec![lesson(0, 9, class(0))];
    assert_eq!(
        Board::new(spec.clone()).unwrap_err(),
        BoardError::Unknown {
            list: "teachers",
            index: 9
        }
    );
    spec.cards = vec![at(lesson(0, 0, class(0)), 5, 0)];
    assert_eq!(
        Board::new(spec.clone()).unwrap_err(),
        BoardError::OffBoard(CardIx(0))
    );
    spec.slots = 65;
    assert!(matches!(Board::new(spec).unwrap_err(), BoardError::Size { .. }));
}
