//! Why a card has no place and why a remark stands: what is said is so, and what would mend it does.
#![cfg(feature = "engine")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod small_school;

use proptest::prelude::*;
use small_school::*;
use timetable::compose::{Cause, Composition, Counsel, Demand, Effort, Pains, Standing, places};
use timetable::problem::{Breach, Subject, breaches};
use timetable::search::explain::collision;
use timetable::*;

const STEPS: u64 = 10_000_000;

fn locked(mut card: CardSpec) -> CardSpec {
    card.locked = true;
    card
}

/// One hour of the teacher, and a locked lesson of the class in it: the lock is named, and given up before the hours.
#[test]
fn a_lock_in_the_way_is_named() {
    let spec = one_hour();
    let other = locked(at(lesson(1, 1, class(0)), 2, 3));
    let counsel = Counsel::new(&board(spec, vec![lesson(0, 0, class(0)), other]));
    let known = counsel.contradictions(5, STEPS);
    let told = counsel.stuck(CardIx(0), &known, Effort::default());
    let collides = told.collides.expect("it is proved");
    assert!(collides.proved);
    assert!(
        collides.demands.contains(&Demand::Kept(CardIx(1))),
        "{collides:?}"
    );
    assert!(collides.loosen.contains(&Demand::Kept(CardIx(1))), "{collides:?}");
    assert_eq!(told.ways, []);
    assert_eq!(told.why.unwrap().cells, 30);
}

/// The same with a lesson that may move: nothing collides, and the move is told.
#[test]
fn what_may_move_is_told_as_moves() {
    let spec = one_hour();
    let other = at(lesson(1, 1, class(0)), 2, 3);
    let counsel = Counsel::new(&board(spec, vec![lesson(0, 0, class(0)), other]));
    let known = counsel.contradictions(5, STEPS);
    let told = counsel.stuck(CardIx(0), &known, Effort::default());
    assert_eq!(told.collides, None);
    assert_eq!(
        told.ways[0].steps.iter().map(|s| s.card.0).collect::<Vec<_>>(),
        [0, 1]
    );
}

/// The same lesson, asked to stay: it is named as if it were locked, and nothing that is told moves it.
#[test]
fn what_was_asked_to_stay_is_named_and_never_moved() {
    let spec = one_hour();
    let other = at(lesson(1, 1, class(0)), 2, 3);
    let board = board(spec, vec![lesson(0, 0, class(0)), other]);
    let counsel = Counsel::keeping(&board, &[false, true]);
    let known = counsel.contradictions(5, STEPS);
    let told = counsel.stuck(CardIx(0), &known, Effort::default());
    let collides = told.collides.expect("it is proved");
    assert!(collides.proved);
    assert!(
        collides.demands.contains(&Demand::Kept(CardIx(1))),
        "{collides:?}"
    );
    assert_eq!(
        collides.loosen.first(),
        Some(&Demand::Kept(CardIx(1))),
        "{collides:?}"
    );
    assert_eq!(told.ways, []);
    // of a card that lies nowhere it says nothing
    assert_eq!(
        Counsel::keeping(&board, &[true, false])
            .stuck(CardIx(0), &[], Effort::default())
            .ways
            .len(),
        1
    );
}

/// Three lessons that meet in pairs, two hours: no count shows it, a search of the part does; each lesson is needed for it.
#[test]
fn what_cannot_be_proved_is_found_by_searching_the_part() {
    let mut spec = school();
    (spec.days, spec.slots) = (1, 2);
    for class in &mut spec.classes {
        class.bells = TimeSet::daily(1, 0, 2);
    }
    let both = CardSpec {
        audience: vec![class(0), class(1)],
        ..lesson(2, 1, class(0))
    };
    let cards = vec![
        at(lesson(0, 0, class(0)), 0, 0),
        at(lesson(1, 0, class(1)), 0, 1),
        both,
    ];
    let board = board(spec, cards);
    let counsel = Counsel::new(&board);
    assert_eq!(counsel.contradictions(5, STEPS), [], "no proof");
    let told = counsel.stuck(CardIx(2), &[], Effort::default());
    let collides = told.collides.expect("a search finds it");
    assert!(!collides.proved);
    assert_eq!(collides.cause, Cause::Other);
    assert_eq!(collides.cards, [CardIx(0), CardIx(1), CardIx(2)]);
    // with one of the two kept where it lies it is the same, and that it stays is not to blame
    let again = Composition::new(&board, &[true, false, false]).collision(CardIx(2), 20_000);
    let again = again.expect("it is still so");
    assert!(!again.demands.contains(&Demand::Kept(CardIx(0))), "{again:?}");
}

/// Where only what stays makes it impossible, a search names it, too.
#[test]
fn a_search_names_cards_that_stay() {
    let mut spec = school();
    (spec.days, spec.slots) = (1, 3);
    for class in &mut spec.classes {
        class.bells = TimeSet::daily(1, 0, 3);
    }
    let both = CardSpec {
        audience: vec![class(0), class(1)],
        ..lesson(2, 1, class(0))
    };
    // the three of above, three hours, and the third hour is taken by a lesson that stays
    let cards = vec![
        lesson(0, 0, class(0)),
        lesson(1, 0, class(1)),
        both,
        at(
            CardSpec {
                audience: vec![class(0), class(1)],
                ..lesson(3, 2, class(0))
            },
            0,
            2,
        ),
    ];
    let board = board(spec, cards);
    let free = Composition::new(&board, &[false; 4]).collision(CardIx(2), 20_000);
    assert!(free.is_some(), "four lessons of a class, three hours: {free:?}");
    let kept = Composition::new(&board, &[false, false, false, true]);
    let told = kept.collision(CardIx(2), 20_000).expect("it cannot be");
    assert!(!told.cards.is_empty());
}

/// A card without a place because of a lesson that must be held at once with it, and whose teacher is not there then: the search names
/// the tie, and only among others that share in it.
#[test]
fn a_tie_that_must_be_is_among_what_collides() {
    for (tie, away) in [(Tie::Together, 3), (Tie::RightAfter, 4), (Tie::InOrder, 5)] {
        let mut spec = one_hour();
        spec.teachers[1].away = match tie {
            // nothing is left after the hour
            Tie::InOrder => {
                let mut times = TimeSet::daily(5, 0, 6);
                times.remove(0, 0);
                times
            }
            _ => {
                let mut times = TimeSet::new();
                times.insert(2, away);
                times
            }
        };
        spec.ties = vec![
            // another, which shares in nothing
            TieSpec {
                first: vec![CardIx(2)],
                second: vec![CardIx(3)],
                tie: Tie::Apart,
                penalty: 0,
                hard: true,
            },
            TieSpec {
                first: vec![CardIx(0)],
                second: vec![CardIx(1)],
                tie,
                penalty: 0,
                hard: true,
            },
        ];
        let cards = || {
            vec![
                lesson(0, 0, class(0)),
                lesson(1, 1, class(1)),
                lesson(2, 2, class(0)),
                lesson(3, 2, class(1)),
            ]
        };
        let tied = board(spec.clone(), cards());
        let composition = Composition::new(&tied, &[]);
        let told = composition.collision(CardIx(0), 20_000).expect("it cannot be");
        let demand = Demand::Tied(CardIx(0), CardIx(1));
        assert!(told.demands.contains(&demand), "{tie:?}: {told:?}");
        assert!(told.loosen.contains(&demand), "{tie:?}: {told:?}");
        assert!(
            !told.demands.contains(&Demand::Tied(CardIx(2), CardIx(3))),
            "{told:?}"
        );
        // without it all of it can be
        spec.ties.pop();
        let free = Composition::new(&board(spec, cards()), &[]);
        assert_eq!(free.collision(CardIx(0), 20_000), None);
    }
}

/// Of a tie of several pairs the one that collides is named, by its own two lessons.
#[test]
fn of_many_pairs_the_one_that_collides_is_named() {
    let mut spec = one_hour();
    spec.teachers[1].away.insert(2, 3);
    // of all: each of the one list with each of the other
    spec.ties = vec![TieSpec {
        first: vec![CardIx(0)],
        second: vec![CardIx(2), CardIx(1)],
        tie: Tie::Apart,
        penalty: 0,
        hard: true,
    }];
    // the third has the one hour of the first only
    spec.teachers[2].away = spec.teachers[0].away.clone();
    let cards = vec![
        lesson(0, 0, class(0)),
        lesson(1, 1, class(1)),
        lesson(2, 2, class(1)),
    ];
    let board = board(spec, cards);
    let composition = Composition::new(&board, &[]);
    let told = composition.collision(CardIx(0), 20_000).expect("it cannot be");
    let ties: Vec<&Demand> = told
        .demands
        .iter()
        .filter(|d| matches!(d, Demand::Tied(..)))
        .collect();
    assert_eq!(ties, [&Demand::Tied(CardIx(0), CardIx(2))], "{told:?}");
    // asked of the whole rule it is the second of its pairs, by the rule's own numbers
    let problem = composition.problem();
    let report = breaches(problem, &composition.solution(&places(&board)));
    let first = |b: &&Breach| b.subject == Subject::Event(0);
    let found = collision(problem, report.breaches.iter().find(first).unwrap(), 20_000).unwrap();
    let pairs = found
        .points
        .iter()
        .filter(|(_, of)| matches!(of, Subject::Pair(_)));
    let pairs: Vec<Subject> = pairs.map(|(_, of)| *of).collect();
    assert_eq!(pairs, [Subject::Pair(1)], "{found:?}");
}

fn remark_of(board: &Board, which: impl Fn(&Reason) -> bool) -> Problem {
    let mut all = board.conflicts();
    all.retain(|p| which(&p.reason));
    all.swap_remove(0)
}

/// Two hours with one between them are all that a teacher has: the window is certain, and who is to blame is named.
#[test]
fn a_window_that_cannot_be_avoided_is_proved() {
    let mut spec = school();
    spec.teachers[0].away = TimeSet::daily(5, 0, 6);
    spec.teachers[0].away.remove(1, 0);
    spec.teachers[0].away.remove(1, 2);
    spec.teachers[0].windows_per_week = limit(0);
    let cards = vec![at(lesson(0, 0, class(0)), 1, 0), at(lesson(1, 0, class(1)), 1, 2)];
    let board = board(spec, cards);
    let remark = remark_of(&board, |r| {
        matches!(
            r,
            Reason::TeacherLimit {
                kind: LimitKind::WindowsPerWeek,
                ..
            }
        )
    });
    let told = Counsel::new(&board).standing(&remark, Pains::default()).unwrap();
    let Standing::Certain { least, by } = told else {
        panic!("{told:?}")
    };
    assert_eq!(least, 1);
    assert!(by.demands.iter().any(|d| matches!(d, Demand::Hours(_))), "{by:?}");
    assert!(
        by.demands.iter().all(|d| !matches!(d, Demand::Limit(..))),
        "the wish itself is no reason: {by:?}"
    );
}

/// A window that a move closes: the move is told with what it does to the rest, and done it is closed.
#[test]
fn a_window_that_can_be_closed_is_told_with_its_moves() {
    let mut spec = school();
    spec.wishes.teacher_window = 3;
    let cards = vec![at(lesson(0, 0, class(0)), 1, 0), at(lesson(1, 0, class(1)), 1, 2)];
    let laid = board(spec, cards);
    let remark = Problem {
        level: Level::Poor,
        day: None,
        card: None,
        reason: Reason::TeacherWindow {
            teacher: TeacherIx(0),
            windows: 1,
        },
    };
    let told = Counsel::new(&laid).standing(&remark, Pains::default()).unwrap();
    let Standing::Mendable {
        steps,
        left,
        before,
        after,
    } = told
    else {
        panic!("{told:?}")
    };
    assert_eq!((left, before.teacher_windows, after.teacher_windows), (0, 1, 0));
    assert_eq!(steps.len(), 1);
}

/// Two equal hard lessons, one in the middle of the day and one first: to let them change places mends nothing, and where the teacher
/// has no other hour, that is all that could be done. With another hour the one lesson goes there, and the other stays.
#[test]
fn lessons_that_change_places_mend_nothing() {
    let hard = |day, slot| {
        let mut card = at(lesson(0, 0, class(0)), day, slot);
        card.difficulty = 9;
        card
    };
    for hour_to_spare in [false, true] {
        let mut spec = school();
        spec.classes[0].limits.hard_from = 8;
        spec.classes[0].limits.hard_lessons = Some(SlotRange {
            from: 2,
            to: 4,
            norm: NORM,
            penalty: 3,
        });
        spec.teachers[0].away = TimeSet::daily(5, 0, 6);
        spec.teachers[0].away.remove(1, 2);
        spec.teachers[0].away.remove(3, 0);
        if hour_to_spare {
            spec.teachers[0].away.remove(4, 2);
        }
        let laid = board(spec, vec![hard(1, 2), hard(3, 0)]);
        let remark = remark_of(&laid, |r| {
            matches!(
                r,
                Reason::Limit {
                    kind: LimitKind::HardAtEdge,
                    ..
                }
            )
        });
        assert_eq!(remark.card, Some(CardIx(1)));
        match Counsel::new(&laid).standing(&remark, Pains::default()).unwrap() {
            Standing::Mendable {
                steps, before, after, ..
            } => {
                assert!(hour_to_spare, "{steps:?}");
                assert_eq!(steps.iter().map(|s| s.card).collect::<Vec<_>>(), [CardIx(1)]);
                assert!(after.remarks < before.remarks);
            }
            other => assert!(!hour_to_spare, "{other:?}"),
        }
    }
}

#[test]
fn a_remark_that_is_none_is_not_explained() {
    let remark = Problem {
        level: Level::Poor,
        day: None,
        card: None,
        reason: Reason::TeacherWindow {
            teacher: TeacherIx(0),
            windows: 1,
        },
    };
    let counsel = Counsel::new(&board(school(), vec![]));
    assert_eq!(counsel.standing(&remark, Pains::default()), None);
}

fn strained() -> BoardSpec {
    let mut spec = school();
    spec.teachers[0].windows_per_week = limit(0);
    spec.teachers[0].in_a_row = limit(2);
    spec.teachers[1].per_day = limit(1);
    spec.teachers[1].windows_per_day = limit(0);
    spec.teachers[1].days_per_week = limit(2);
    spec.classes[0].limits.subject_per_day = limit(1);
    spec.classes[0].limits.late_start = limit(0);
    spec.classes[1].limits.per_day = limit(2);
    spec.classes[1].limits.windows_per_day = limit(0);
    spec.wishes.teacher_window = 2;
    spec
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Every remark of the review is found in the problem; moves that are said to mend it do, without any new clash.
    #[test]
    fn every_remark_has_an_answer_that_is_so(
        cards in prop::collection::vec((0u32..3, 0u32..2, 0u32..2, (0u16..5, 0u16..6)), 2..14),
    ) {
        let mut board = board(strained(), cards.iter().map(|(s, t, c, _)| lesson(*s, *t, class(*c))).collect());
        for (card, (_, _, _, (day, slot))) in (0u32..).map(CardIx).zip(&cards) {
            if board.judge(card, *day, *slot, None).level != Level::Clash {
                board.place(card, *day, *slot, None).unwrap();
            }
        }
        let counsel = Counsel::new(&board);
        for remark in board.conflicts().into_iter().take(3) {
            let told = counsel.standing(&remark, Pains { repair: 20_000, moves: 2_000, ..Pains::default() });
            prop_assert!(told.is_some(), "{:?}", remark);
            if let Some(Standing::Mendable { steps, left, .. }) = told {
                let mut after = board.clone();
                for step in &steps {
                    after.unplace(step.card);
                }
                for step in &steps {
                    after.restore(step.card, Some(step.to)).unwrap();
                }
                prop_assert!(after.conflicts().iter().all(|p| p.level < Level::Clash));
                let same = |p: &Problem| std::mem::discriminant(&p.reason) == std::mem::discriminant(&remark.reason)
                    && (p.day, p.card) == (remark.day, remark.card) && unmet::whose(&after, p) == unmet::whose(&board, &remark)
                    && unmet::Sort::of(p) == unmet::Sort::of(&remark);
                prop_assert!(left > 0 || !after.conflicts().iter().any(same), "{:?}", remark);
            }
        }
    }
}
