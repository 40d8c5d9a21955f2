//! What is said of a board to be impossible is so whoever is whose partner: small boards at random with ties, late starts and ways as
//! musts. Wherever a contradiction is told, every place of every card has been tried in vain.
#![cfg(feature = "engine")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

mod small_school;

use std::collections::BTreeMap;

use small_school::{NORM, board, class, lesson, school};
use timetable::compose::{Composition, Demand};
use timetable::search::Random;
use timetable::*;

const DAYS: u16 = 2;
const SLOTS: u16 = 3;
const STEPS: u64 = 10_000_000;

fn must() -> Option<Limit> {
    Some(Limit {
        value: 0,
        norm: NORM,
        penalty: 5,
        hard: true,
    })
}

/// Two buildings with a room for each class, ten minutes of break and fifteen to walk.
fn town() -> BoardSpec {
    let mut spec = school();
    (spec.days, spec.slots) = (DAYS, SLOTS);
    spec.groups.clear();
    spec.classes = vec![spec.classes[0].clone(); 3];
    let room = |building| RoomSpec {
        building: Some(BuildingIx(building)),
        ..RoomSpec::default()
    };
    spec.rooms = vec![room(0), room(0), room(0), room(1), room(1), room(1)];
    let bells = [(480, 525), (535, 580), (590, 635)];
    spec.site = Site {
        clock: bells.map(Some).to_vec(),
        walks: vec![Walk {
            one: BuildingIx(0),
            other: BuildingIx(1),
            minutes: 15,
        }],
        walk: None,
        near: None,
    };
    spec
}

fn some(random: &mut Random, from: u32, to: u32) -> Vec<CardIx> {
    (from..to).filter(|_| random.permille(700)).map(CardIx).collect()
}

/// A board at random, which kind of requirement it is about, and the room that each card is bound to.
fn at_random(seed: u64) -> (Board, &'static str) {
    let mut random = Random::new(seed);
    let mut spec = town();
    for class in &mut spec.classes {
        class.bells = TimeSet::daily(DAYS, 0, SLOTS);
    }
    let count = 4 + random.below(2);
    let kinds = [
        "together",
        "in order",
        "right after",
        "next to",
        "apart",
        "ends the day",
        "early",
        "way",
        "moves",
        "same hour",
        "one day",
        "days apart",
        "hours between",
        "before on one day",
    ];
    let kind = usize::try_from(random.below(14)).unwrap();
    let all = [
        Tie::Together,
        Tie::InOrder,
        Tie::RightAfter,
        Tie::NextTo,
        Tie::Apart,
        Tie::EndsDay,
        // of these three the requirement is another one
        Tie::Together,
        Tie::Together,
        Tie::Together,
        Tie::SameHour,
        Tie::WithinDays(0),
        Tie::WithinDays(1),
        Tie::Spaced(1),
        Tie::BeforeOnDay,
    ];
    let mut cards: Vec<CardSpec> = (0..count)
        .map(|n| {
            let mut card = match kind {
                // one teacher, or one class
                6 => lesson(n, random.below(3), class(0)),
                7 | 8 => lesson(n, 0, class(n % 3)),
                5 => lesson(n, n % 3, class(n % 2)),
                _ => lesson(n / 2, n % 3, class(random.below(3))),
            };
            for day in 0..DAYS {
                let closed = u64::from(random.below(1 << SLOTS));
                if random.permille(750) {
                    card.away
                        .add(day, closed & u64::from(random.below(1 << SLOTS) | 1));
                } else {
                    card.away.add(day, closed);
                }
            }
            if !(5..=8).contains(&kind) && random.permille(150) {
                card.duration = 2;
            }
            if kind == 7 || kind == 8 {
                card.room = RoomNeed {
                    needed: true,
                    hard: true,
                    allowed: vec![RoomIx(n % 3 + 3 * random.below(2))],
                    ..RoomNeed::default()
                };
            }
            card
        })
        .collect();
    match kind {
        6 => spec.classes[0].limits.late_start = must(),
        7 => spec.site.walk = must(),
        8 => spec.teachers[0].moves_per_day = must(),
        tie => {
            let half = 1 + random.below(count - 1);
            let (mut first, mut second) = (some(&mut random, 0, half), some(&mut random, half, count));
            if first.is_empty() || second.is_empty() {
                (first, second) = (vec![CardIx(0)], vec![CardIx(count - 1)]);
            }
            spec.ties = vec![TieSpec {
                first,
                second,
                tie: all[tie],
                penalty: 0,
                hard: true,
            }];
        }
    }
    // some lie and stay
    for card in &mut cards {
        let (day, slot) = (
            u16::try_from(random.below(2)).unwrap(),
            u16::try_from(random.below(3)).unwrap(),
        );
        let open = card.away.day(day) >> slot & 1 == 0 && slot + card.duration <= SLOTS;
        if open && random.permille(150) {
            card.placement = Some(Placement {
                day,
                slot,
                room: card.room.allowed.first().copied(),
            });
        }
    }
    (board(spec, cards), kinds[kind])
}

fn is_free_of_clashes(board: &Board) -> bool {
    board.conflicts().iter().all(|p| p.level != Level::Clash)
}

/// Whether some timetable of the cards that do not lie yet clashes nowhere.
fn can_be(board: &mut Board, left: &[CardIx]) -> bool {
    let Some((card, rest)) = left.split_first() else {
        return is_free_of_clashes(board);
    };
    let room = board.card(*card).unwrap().room.allowed.first().copied();
    for day in 0..DAYS {
        for slot in 0..SLOTS {
            let place = Placement { day, slot, room };
            if board.restore(*card, Some(place)).is_ok() {
                if can_be(board, rest) {
                    return true;
                }
                board.unplace(*card);
            }
        }
    }
    false
}

#[test]
fn what_is_told_to_be_impossible_is_so_for_every_choice_of_partners() {
    let mut told: BTreeMap<&str, u32> = BTreeMap::new();
    for seed in 0..9000 {
        let (board, kind) = at_random(seed);
        let keep: Vec<bool> = board.cards().iter().map(|c| c.placement.is_some()).collect();
        let found = Composition::new(&board, &keep).contradictions(3, STEPS);
        let about = |demand: &Demand| match demand {
            Demand::Tied(..) | Demand::Way(_) => true,
            Demand::Limit(_, of) => matches!(of, LimitKind::LateStart | LimitKind::MovesPerDay),
            _ => false,
        };
        // the others are tried elsewhere
        if !found.iter().any(|c| c.demands.iter().any(about)) {
            continue;
        }
        *told.entry(kind).or_default() += 1;
        let mut all = board.clone();
        let left = board.unplaced();
        assert!(!can_be(&mut all, &left), "seed {seed}, {kind}: {found:?}");
    }
    // no two of two days are farther apart than a day
    assert!(!told.contains_key("days apart"), "{told:?}");
    assert_eq!(told.len(), 13, "{told:?}");
    assert!(told.values().all(|count| *count >= 10), "{told:?}");
}
