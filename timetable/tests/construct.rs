//! The constructor on made-up schools: complete, free of clashes, repeatable.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use timetable::*;

/// A school of `classes` classes that can be timetabled: every lesson of the week in its own column, teachers by rows.
/// English is in halves at once, some lessons are double or in alternate weeks, two teachers are part-time.
fn school(classes: u32, hard: bool) -> BoardSpec {
    let subjects = [5u32, 4, 3, 3, 2, 2, 2, 1, 1, 1];
    let room_of = |subject: u32| RoomKind(if subject == 3 { 1 } else { 0 });
    let per_day = Some(Limit {
        value: 7,
        norm: NormId(1),
        penalty: 9,
        hard,
    });
    let limits = Limits {
        per_day,
        ..Limits::default()
    };
    let mut spec = BoardSpec {
        days: 5,
        slots: 7,
        ..BoardSpec::default()
    };
    spec.rooms = (0..classes)
        .map(|_| RoomSpec {
            kind: Some(RoomKind(0)),
            ..RoomSpec::default()
        })
        .collect();
    let gyms = 1 + classes * 4 / 30;
    spec.rooms.extend((0..gyms).map(|_| RoomSpec {
        kind: Some(RoomKind(1)),
        ..RoomSpec::default()
    }));
    let mut load: Vec<(u32, u32)> = vec![];
    let mut teacher = |spec: &mut BoardSpec, subject: u32, hours: u32| {
        let found = load
            .iter_mut()
            .enumerate()
            .find(|(_, (s, h))| *s == subject && *h + hours <= 18);
        if let Some((n, (_, h))) = found {
            *h += hours;
            return TeacherIx::at(n);
        }
        load.push((subject, hours));
        spec.teachers.push(TeacherSpec::default());
        TeacherIx::at(load.len() - 1)
    };
    for class in 0..classes {
        let bells = TimeSet::daily(5, 0, 7);
        spec.classes.push(ClassSpec {
            bells,
            pupils: 25,
            limits,
            ..ClassSpec::default()
        });
        for _ in 0..2 {
            let (class, away) = (ClassIx(class), TimeSet::new());
            spec.groups.push(GroupSpec {
                class,
                split: 1,
                pupils: 12,
                away,
                atoms: vec![],
            });
        }
        for (subject, hours) in (0u32..).zip(subjects) {
            let kind = Some(room_of(subject));
            let room = RoomNeed {
                needed: true,
                kind,
                allowed: vec![],
                hard: true,
                penalty: None,
            };
            let whole = vec![Audience::Class(ClassIx(class))];
            let halves = [0, 1].map(|n| vec![Audience::Group(GroupIx(class * 2 + n))]);
            let audiences = if subject == 2 {
                halves.to_vec()
            } else {
                vec![whole]
            };
            for (half, audience) in (0u32..).zip(audiences) {
                let t = teacher(&mut spec, subject + 100 * half, hours);
                let duration = if subject == 4 { 2 } else { 1 };
                for n in 0..hours / u32::from(duration) {
                    let alternate = subject >= 8;
                    let mut card = CardSpec::lesson(SubjectIx(subject), t, audience[0]);
                    card.duration = duration;
                    card.room = room.clone();
                    card.weeks = if !alternate {
                        Weeks::Every
                    } else if (subject + n) % 2 == 0 {
                        Weeks::Odd
                    } else {
                        Weeks::Even
                    };
                    spec.cards.push(card);
                }
            }
        }
    }
    let last = spec.teachers.len() - 1;
    for day in [1, 3] {
        spec.teachers[last].away.add(day, 0b111_1000);
    }
    spec
}

fn assert_complete(board: &Board, outcome: &construct::Outcome) {
    assert_eq!(outcome.unplaced, [], "work {}", outcome.work);
    let clashes: Vec<_> = board
        .conflicts()
        .into_iter()
        .filter(|p| p.level == Level::Clash)
        .collect();
    assert!(clashes.is_empty(), "{:?}", clashes.first());
}

#[test]
fn a_school_of_thirty_classes_is_complete_and_repeatable() {
    for seed in 1..3 {
        let mut board = Board::new(school(30, false)).unwrap();
        let outcome = construct::complete(&mut board, seed, 30_000);
        assert_complete(&board, &outcome);
        if seed == 1 {
            let mut again = Board::new(school(30, false)).unwrap();
            assert_eq!(construct::complete(&mut again, seed, 30_000), outcome);
            assert_eq!(again.spec(), board.spec());
        }
        let windows = (0..30)
            .flat_map(|c| board.class_days(ClassIx(c)))
            .map(|d| u32::from(d.windows))
            .sum::<u32>();
        assert_eq!(windows, 0, "{windows} windows of classes");
    }
}

#[test]
fn hard_limits_hold() {
    let mut board = Board::new(school(12, true)).unwrap();
    let outcome = construct::complete(&mut board, 1, 60_000);
    assert_complete(&board, &outcome);
}

#[test]
fn locked_cards_stay_and_clashing_ones_are_placed_anew() {
    let mut spec = school(6, false);
    let at = |day, slot| {
        Some(Placement {
            day,
            slot,
            room: None,
        })
    };
    for n in 0..4u16 {
        let card = &mut spec.cards[usize::from(n) * 25];
        card.locked = true;
        card.placement = at(n, 6);
    }
    spec.cards[1].placement = at(0, 6);
    let mut board = Board::new(spec).unwrap();
    let outcome = construct::complete(&mut board, 7, 60_000);
    assert_complete(&board, &outcome);
    for n in 0..4u16 {
        let p = board.placement(CardIx::at(usize::from(n) * 25)).unwrap();
        assert_eq!((p.day, p.slot), (n, 6));
        assert!(p.room.is_some(), "a room was found for it");
    }
}

#[test]
fn what_cannot_fit_is_told() {
    let mut spec = school(2, false);
    for day in 0..5 {
        spec.teachers[0].away.add(day, 0b111_1111);
    }
    let theirs = spec.cards.iter().filter(|c| c.teachers == [TeacherIx(0)]).count();
    let mut board = Board::new(spec).unwrap();
    let outcome = construct::complete(&mut board, 1, 20_000);
    assert_eq!(outcome.unplaced.len(), theirs);
    assert!(
        outcome
            .unplaced
            .iter()
            .all(|c| board.card(*c).unwrap().teachers == [TeacherIx(0)])
    );
    assert!(board.conflicts().iter().all(|p| p.level < Level::Clash));
    let mut none = Board::new(school(1, false)).unwrap();
    let all = none.cards().len();
    assert_eq!(
        construct::complete(&mut none, 1, 0).unplaced.len(),
        all,
        "no budget, no work"
    );
}
