//! Rooms that lessons take together: what the board says is what the definition says, slowly; the search counts the same.
#![cfg(all(feature = "engine", feature = "fet"))]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod composed;

use std::collections::BTreeSet;

use composed::{clashes, search};
use proptest::prelude::*;
use timetable::compose::{Composition, places};
use timetable::problem::breaches;
use timetable::*;

const DAYS: u16 = 2;
const SLOTS: u16 = 5;
/// Nobody has lessons in it.
const BREAK: u16 = 2;

/// Teacher, class, duration, weeks, whether it must have a room.
type Facts = (u32, u32, u16, u8, bool);

fn facts() -> impl Strategy<Value = Facts> {
    (0u32..3, 0u32..2, 1u16..3, 0u8..4, any::<bool>())
}

/// Which cards, how many rooms (0: one where they follow at once), price, must.
type Asked = (Vec<bool>, u16, u16, bool);

fn asked() -> impl Strategy<Value = Asked> {
    (
        prop::collection::vec(prop::bool::weighted(0.7), 9),
        0u16..3,
        1u16..9,
        any::<bool>(),
    )
}

/// Three rooms, of which the first holds two lessons at once; a break that nobody has lessons in.
fn school(cards: &[Facts], asked: &[Asked]) -> BoardSpec {
    let mut bells = TimeSet::daily(DAYS, 0, SLOTS);
    (0..DAYS).for_each(|day| bells.remove(day, BREAK));
    let class = ClassSpec {
        bells,
        ..ClassSpec::default()
    };
    let card = |(teacher, class, duration, weeks, hard): &Facts| CardSpec {
        duration: *duration,
        weeks: [Weeks::Every, Weeks::Every, Weeks::Odd, Weeks::Even][usize::from(*weeks)],
        room: RoomNeed {
            needed: true,
            hard: *hard,
            ..RoomNeed::default()
        },
        ..CardSpec::lesson(
            SubjectIx(0),
            TeacherIx(*teacher),
            Audience::Class(ClassIx(*class)),
        )
    };
    let rooming = |(of, most, penalty, hard): &Asked| RoomingSpec {
        cards: (0..cards.len()).filter(|n| of[*n]).map(CardIx::at).collect(),
        what: match most {
            0 => Rooming::InARow,
            most => Rooming::AtMost(*most),
        },
        penalty: *penalty,
        hard: *hard,
    };
    let room = |shared_by| RoomSpec {
        shared_by,
        ..RoomSpec::default()
    };
    BoardSpec {
        days: DAYS,
        slots: SLOTS,
        teachers: vec![TeacherSpec::default(); 3],
        classes: vec![class; 2],
        rooms: vec![room(2), room(1), room(1)],
        cards: cards.iter().map(card).collect(),
        roomings: asked.iter().map(rooming).collect(),
        wishes: Wishes {
            teacher_window: 0,
            class_window: 0,
            other_room: 0,
            no_room: 0,
        },
        ..BoardSpec::default()
    }
}

/// By how much a rule is broken, by its definition.
fn over(spec: &BoardSpec, of: &RoomingSpec) -> u32 {
    let lying = |card: &CardIx| {
        let card = &spec.cards[card.ix()];
        let at = card.placement?;
        Some((at.day, at.slot, at.slot + card.duration, card.weeks, at.room?))
    };
    let all: Vec<_> = of.cards.iter().filter_map(lying).collect();
    match of.what {
        Rooming::AtMost(most) => {
            let rooms: BTreeSet<RoomIx> = all.iter().map(|(.., room)| *room).collect();
            u32::try_from(rooms.len()).unwrap().saturating_sub(most.into())
        }
        Rooming::InARow => {
            let follows = |a: u16, b: u16| a == b || a == BREAK && b == BREAK + 1;
            let pairs = all
                .iter()
                .flat_map(|one| all.iter().map(move |other| (one, other)));
            let changes = pairs.filter(|(one, other)| {
                let meet = one.3 == Weeks::Every || other.3 == Weeks::Every || one.3 == other.3;
                one.0 == other.0 && follows(one.2, other.1) && meet && one.4 != other.4
            });
            u32::try_from(changes.count()).unwrap()
        }
    }
}

fn is_rooming(reason: &Reason) -> Option<u32> {
    match reason {
        Reason::TooManyRooms { rule, .. } | Reason::OtherRoom { rule, .. } => Some(*rule),
        _ => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_judge_and_the_review_say_what_the_words_say(
        cards in prop::collection::vec(facts(), 2..9),
        roomings in prop::collection::vec(asked(), 1..4),
        moves in prop::collection::vec((0usize..9, 0..=DAYS, 0..SLOTS, 0u32..4), 0..20),
    ) {
        let mut board = Board::new(school(&cards, &roomings)).unwrap();
        for (n, day, slot, room) in moves {
            let card = CardIx::at(n % cards.len());
            if day == DAYS {
                board.unplace(card);
            } else {
                let _ = board.place(card, day, slot, Some(RoomIx(room)).filter(|room| room.0 < 3));
            }
        }
        let whole = |board: &Board| -> Vec<u32> {
            let spec = board.spec();
            spec.roomings.iter().map(|of| if of.counts() { over(spec, of) } else { 0 }).collect()
        };
        // as the board lies, breach by breach
        let mut told = vec![0u32; roomings.len()];
        for problem in board.conflicts() {
            if let Some(rule) = is_rooming(&problem.reason) {
                let rule = usize::try_from(rule).unwrap();
                told[rule] += 1;
                prop_assert_eq!(problem.level == Level::Clash, board.spec().roomings[rule].hard);
                prop_assert!(problem.card.is_some() && problem.reason.blocking_card().is_some());
            }
        }
        prop_assert_eq!(&told, &whole(&board));
        // a cell with a room: what is broken more than without the card
        for card in board.card_indices() {
            let mut without = board.clone();
            without.unplace(card);
            let before = whole(&without);
            let cells = (0..DAYS).flat_map(|day| (0..SLOTS).map(move |slot| (day, slot)));
            for ((day, slot), room) in cells.flat_map(|at| (0..3).map(move |room| (at, RoomIx(room)))) {
                let mut there = without.clone();
                if there.place(card, day, slot, Some(room)).is_err() {
                    continue;
                }
                let verdict = board.judge(card, day, slot, Some(room));
                let others = verdict.reasons.iter().any(|r| is_rooming(r).is_none() && matches!(
                    r,
                    Reason::NoBell { .. } | Reason::TeacherBusy { .. } | Reason::AudienceBusy { .. }
                        | Reason::RoomBusy { .. } | Reason::ClassAway { .. }
                ));
                if others {
                    continue;
                }
                let more: Vec<u32> = whole(&there).iter().zip(&before).map(|(a, b)| a.saturating_sub(*b)).collect();
                let hard = board.spec().roomings.iter().zip(&more).any(|(of, more)| of.hard && *more > 0);
                prop_assert_eq!(verdict.level == Level::Clash, hard, "{:?} {} {} {:?}: {:?}", card, day, slot, room, verdict);
                prop_assert_eq!(board.keeps_rooming(card, (day, slot), room), !hard);
                if !hard {
                    let price = board.spec().roomings.iter().zip(&more).map(|(of, more)| u32::from(of.penalty) * more);
                    prop_assert_eq!(verdict.penalty, i32::try_from(price.sum::<u32>()).unwrap());
                }
            }
            // the best room is none that breaks more than another one that is free
            for (day, slot) in (0..DAYS).flat_map(|day| (0..SLOTS).map(move |slot| (day, slot))) {
                if let Some(room) = board.best_room(card, day, slot) {
                    let free = board.free_rooms(card, day, slot);
                    prop_assert!(free.contains(&room));
                    let keeps = |room: &RoomIx| board.keeps_rooming(card, (day, slot), *room);
                    prop_assert_eq!(keeps(&room), free.iter().any(keeps));
                    prop_assert_eq!(free.first().map(keeps), Some(free.iter().any(keeps)), "the first in the list keeps");
                }
            }
        }
    }

    #[test]
    fn the_search_counts_what_the_review_counts_kept_cards_and_shared_rooms_too(
        cards in prop::collection::vec((facts(), 0..DAYS, 0..SLOTS - 1, 0u32..3, any::<bool>()), 2..9),
        roomings in prop::collection::vec(asked(), 1..4),
    ) {
        let facts: Vec<Facts> = cards.iter().map(|(facts, ..)| *facts).collect();
        let mut board = Board::new(school(&facts, &roomings)).unwrap();
        for (n, (_, day, slot, room, _)) in cards.iter().enumerate() {
            let card = CardIx::at(n);
            // where the class has no bell or somebody is busy the search puts nothing
            if board.judge(card, *day, *slot, None).level < Level::Clash {
                board.place(card, *day, *slot, Some(RoomIx(*room))).unwrap();
            }
        }
        let keep: Vec<bool> = cards.iter().map(|(.., keep)| *keep).collect();
        let composition = Composition::new(&board, &keep);
        let solution = composition.solution(&places(&board));
        let found = breaches(composition.problem(), &solution);
        for (n, of) in board.spec().roomings.iter().enumerate().filter(|(_, of)| of.counts()) {
            let name = format!("rooms taken together: {n}");
            let of_rule = found.breaches.iter().filter(|b| {
                let at = usize::try_from(b.constraint).unwrap();
                composition.problem().constraints[at].label.name == name
            });
            let counted: i64 = of_rule.map(|b| b.deviation).sum();
            prop_assert_eq!(counted, i64::from(over(board.spec(), of)), "{:?}", board.spec().roomings[n]);
        }
    }

    #[test]
    fn what_a_search_meets_clashes_nowhere(
        cards in prop::collection::vec(facts(), 2..9),
        roomings in prop::collection::vec(asked(), 1..4),
        seed in 0u64..100,
    ) {
        let board = Board::new(school(&cards, &roomings)).unwrap();
        let composition = Composition::new(&board, &[]);
        let (cost, solution) = search(&composition, seed, 3000, None);
        let settled = composition.settle(&solution);
        prop_assert_eq!(clashes(&settled), vec![]);
        // what is proved to collide is met by no search
        let found = composition.contradictions(3, 200_000);
        prop_assert!(cost.hard > 0 || !found.iter().any(|c| c.proved), "{:?}", found);
    }
}

/// Four lessons of two teachers and classes, each of which has four hours.
fn four(what: Rooming, hard: bool) -> BoardSpec {
    let cards: Vec<Facts> = vec![
        (0, 0, 1, 0, true),
        (1, 1, 1, 0, true),
        (0, 0, 1, 0, true),
        (1, 1, 1, 0, true),
    ];
    let most = match what {
        Rooming::InARow => 0,
        Rooming::AtMost(most) => most,
    };
    school(&cards, &[(vec![true; 9], most, 5, hard)])
}

#[test]
fn lessons_of_one_room_are_composed_into_one_room() {
    let mut spec = four(Rooming::AtMost(1), true);
    // nothing in the first room, which holds two at once
    spec.cards
        .iter_mut()
        .for_each(|card| card.room.allowed = vec![RoomIx(1), RoomIx(2)]);
    let board = Board::new(spec).unwrap();
    let composition = Composition::new(&board, &[]);
    let (cost, solution) = search(&composition, 7, 5000, None);
    assert_eq!(cost.hard, 0);
    let settled = composition.settle(&solution);
    assert_eq!((settled.unplaced(), settled.conflicts().len()), (vec![], 0));
    let rooms: BTreeSet<_> = settled
        .cards()
        .iter()
        .map(|card| card.placement.unwrap().room)
        .collect();
    assert_eq!(rooms.len(), 1, "{rooms:?}");
}

#[test]
fn a_cell_in_which_no_free_room_keeps_what_must_be_is_closed_and_says_why() {
    let mut board = Board::new(four(Rooming::AtMost(1), true)).unwrap();
    board.place(CardIx(0), 0, 0, Some(RoomIx(1))).unwrap();
    let verdict = board.judge(CardIx(1), 0, 0, None);
    let told = Reason::TooManyRooms {
        rule: 0,
        card: CardIx(0),
        room: RoomIx(1),
        found: 2,
    };
    assert_eq!(
        (verdict.level, verdict.reasons.as_slice()),
        (Level::Clash, &[told][..])
    );
    assert_eq!(why::Bar::of(&told), Some(why::Bar::Rooming(0)));
    assert_eq!(board.judge(CardIx(1), 0, 1, None).level, Level::Good);
    assert_eq!(
        board.best_room(CardIx(1), 0, 1),
        Some(RoomIx(1)),
        "not the one that is wished first"
    );
    assert_eq!(board.free_rooms(CardIx(1), 0, 1).first(), Some(&RoomIx(1)));
}

#[test]
fn lessons_that_follow_at_once_across_a_break_keep_their_room() {
    let mut board = Board::new(four(Rooming::InARow, false)).unwrap();
    board.place(CardIx(0), 0, 1, Some(RoomIx(2))).unwrap();
    assert_eq!(
        board.best_room(CardIx(1), 0, 3),
        Some(RoomIx(2)),
        "only a break between"
    );
    assert_eq!(
        board.best_room(CardIx(1), 0, 4),
        Some(RoomIx(0)),
        "an hour between"
    );
    board.place(CardIx(1), 0, 3, Some(RoomIx(0))).unwrap();
    let told = board.conflicts();
    let reason = Reason::OtherRoom {
        rule: 0,
        card: CardIx(0),
        room: RoomIx(2),
    };
    let found: Vec<_> = told.iter().map(|p| (p.level, p.card, p.reason)).collect();
    assert_eq!(found, [(Level::Poor, Some(CardIx(1)), reason)]);
    assert_eq!(board.judge(CardIx(1), 0, 3, Some(RoomIx(0))).penalty, 5);
}
