//! A board as a problem and back, on random schools: what the search calls free of hard cost, the editor's judge calls free
//! of clashes, and the other way round; whatever the search was at, what comes out has no clash.
#![cfg(feature = "engine")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod composed;

use composed::{clashes, search};
use proptest::prelude::*;
use timetable::compose::{Composition, places};
use timetable::problem::{Solution, evaluate};
use timetable::*;

const DAYS: u16 = 3;
const SLOTS: u16 = 5;

/// A card: subject, teachers, audience (class or group, which), duration, weeks, room need, place and lock.
#[derive(Clone, Debug)]
struct Facts {
    subject: u32,
    teachers: Vec<u32>,
    audience: Vec<(bool, u32)>,
    duration: u16,
    weeks: u8,
    room: u8,
    place: Option<(u16, u16, Option<u32>)>,
    difficulty: u16,
}

fn facts() -> impl Strategy<Value = Facts> {
    let place = prop::option::of((0..DAYS, 0..SLOTS, prop::option::of(0u32..3)));
    (
        (0u32..3, prop::collection::vec(0u32..4, 0..3)),
        prop::collection::vec((any::<bool>(), 0u32..6), 0..3),
        (1u16..3, 0u8..8, 0u8..6),
        place,
        0u16..9,
    )
        .prop_map(
            |((subject, teachers), audience, (duration, weeks, room), place, difficulty)| Facts {
                subject,
                teachers,
                audience,
                duration,
                weeks,
                room,
                place,
                difficulty,
            },
        )
}

/// What is required of classes and teachers: a bit each.
#[derive(Clone, Copy, Debug)]
struct Strict(u16);

impl Strict {
    fn limit(self, bit: u16, value: u16) -> Option<Limit> {
        Some(Limit {
            value,
            norm: NormId(1),
            penalty: 5,
            hard: self.0 & (1 << bit) != 0,
        })
    }
}

fn spec(cards: &[Facts], away: &[(u8, u16, u16)], strict: Strict, even_weeks: bool) -> BoardSpec {
    let limits = Limits {
        per_day: strict.limit(0, 4),
        per_week: strict.limit(1, 11),
        earliest_slot: strict.limit(2, 1),
        latest_slot: strict.limit(3, 3),
        subject_per_day: strict.limit(4, 1),
        windows_per_day: strict.limit(5, 1),
        points_per_day: strict.limit(6, 24),
        hard_from: 6,
        hard_lessons: Some(SlotRange {
            from: 2,
            to: 3,
            norm: NormId(2),
            penalty: 2,
        }),
        hard_in_row: strict.limit(7, 2),
        peak_days: Some(PeakDays {
            days: 2,
            norm: NormId(3),
            penalty: 1,
        }),
        moves_per_day: strict.limit(15, 1),
        least_per_day: strict.limit(7, 2),
        least_days: strict.limit(6, 2),
        late_start: strict.limit(9, 0),
        ..Limits::default()
    };
    let class = ClassSpec {
        bells: TimeSet::daily(DAYS, 0, SLOTS),
        pupils: 20,
        limits,
        home_room: Some(RoomIx(1)),
        ..ClassSpec::default()
    };
    // Class 0: splits {0, 1}, {2, 3}; class 1: split {4, 5}; groups 1 and 3 share nobody.
    let group = |(class, split)| GroupSpec {
        class: ClassIx(class),
        split,
        pupils: 10,
        away: TimeSet::new(),
        atoms: vec![],
    };
    let teacher = TeacherSpec {
        per_day: strict.limit(8, 4),
        windows_per_day: strict.limit(9, 1),
        in_a_row: strict.limit(10, 2),
        days_per_week: strict.limit(11, 2),
        windows_per_week: strict.limit(12, 1),
        least_per_day: strict.limit(8, 2),
        least_days: strict.limit(12, 2),
        moves_per_day: strict.limit(14, 1),
        ..TeacherSpec::default()
    };
    let room = |kind: u32, capacity, shared_by| RoomSpec {
        capacity,
        kind: Some(RoomKind(kind)),
        away: TimeSet::new(),
        shared_by,
        building: Some(BuildingIx(kind)),
        floor: capacity.map(|_| 1),
    };
    let mut spec = BoardSpec {
        days: DAYS,
        slots: SLOTS,
        teachers: vec![teacher; 4],
        classes: vec![class; 2],
        groups: [(0, 1), (0, 1), (0, 2), (0, 2), (1, 1), (1, 1)]
            .map(group)
            .to_vec(),
        disjoint: vec![(GroupIx(1), GroupIx(3))],
        rooms: vec![room(0, Some(15), 1), room(0, Some(30), 1), room(1, None, 2)],
        gaps: vec![GapSpec {
            cards: (0..cards.len().min(3)).map(CardIx::at).collect(),
            days: 2,
            penalty: 6,
            hard: strict.0 & (1 << 10) != 0,
        }],
        site: Site {
            clock: (0..SLOTS)
                .map(|s| Some((480 + 55 * s, 525 + 55 * s + s % 2 * 5)))
                .collect(),
            walks: vec![Walk {
                one: BuildingIx(0),
                other: BuildingIx(1),
                minutes: 8,
            }],
            walk: strict.limit(13, 0),
            near: Strict(0).limit(0, 0),
        },
        ..BoardSpec::default()
    };
    // the second class has its breaks elsewhere
    let own: Vec<_> = (0..SLOTS)
        .map(|s| Some((480 + 55 * s, 525 + 55 * s - s % 2 * 5)))
        .collect();
    spec.classes[1].clock = own.repeat(usize::from(DAYS));
    for (what, day, slot) in away.iter().filter(|(what, ..)| *what < 200) {
        match what % 4 {
            0 => spec.teachers[usize::from(what / 4) % 4].away.insert(*day, *slot),
            1 => spec.classes[usize::from(what / 4) % 2].away.insert(*day, *slot),
            2 => spec.groups[usize::from(what / 4) % 6].away.insert(*day, *slot),
            _ => spec.rooms[usize::from(what / 4) % 3].away.insert(*day, *slot),
        }
    }
    spec.cards = cards
        .iter()
        .map(|f| CardSpec {
            subject: SubjectIx(f.subject),
            teachers: f.teachers.iter().map(|t| TeacherIx(*t)).collect(),
            audience: f
                .audience
                .iter()
                .map(|(whole, n)| {
                    if *whole {
                        Audience::Class(ClassIx(n % 2))
                    } else {
                        Audience::Group(GroupIx(*n))
                    }
                })
                .collect(),
            duration: f.duration,
            room: RoomNeed {
                needed: f.room > 1,
                kind: (f.room == 3).then_some(RoomKind(1)),
                allowed: if f.room == 4 {
                    vec![RoomIx(1), RoomIx(2)]
                } else {
                    vec![]
                },
                hard: f.room > 2,
                penalty: None,
            },
            away: TimeSet::new(),
            no_start: TimeSet::new(),
            unwanted: vec![],
            weeks: match f.weeks {
                0 if even_weeks => Weeks::Odd,
                1 if even_weeks => Weeks::Even,
                _ => Weeks::Every,
            },
            difficulty: f.difficulty,
            is_pe: false,
            homework: false,
            beside: f.subject == 2,
            locked: false,
            placement: f
                .place
                .filter(|(_, slot, _)| slot + f.duration <= SLOTS)
                .map(|(day, slot, room)| Placement {
                    day,
                    slot,
                    room: room.map(RoomIx),
                }),
        })
        .collect();
    // the rest of them are times of a card by itself
    for (what, day, slot) in away.iter().filter(|(what, ..)| *what >= 200) {
        let n = usize::from(*what) % spec.cards.len();
        let card = &mut spec.cards[n];
        let set = if what % 2 == 0 {
            &mut card.no_start
        } else {
            &mut card.away
        };
        set.insert(*day, *slot);
    }
    spec
}

/// Clashes that no composing can mend: kept cards with themselves and with each other.
fn of_kept_only(keep: &[bool], problem: &Problem) -> bool {
    let cards = problem.card.into_iter().chain(problem.reason.blocking_card());
    cards.clone().count() == 0 || cards.into_iter().all(|c| keep[c.ix()])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn no_hard_cost_is_no_clash(
        cards in prop::collection::vec(facts(), 1..14),
        away in prop::collection::vec((any::<u8>(), 0..DAYS, 0..SLOTS), 0..6),
        strict in any::<u16>(),
        keep in prop::collection::vec(prop::bool::weighted(0.2), 14),
        seed in 0u64..1000,
    ) {
        let board = Board::new(spec(&cards, &away, Strict(strict), true)).unwrap();
        let composition = Composition::new(&board, &keep);
        let (cost, solution) = search(&composition, seed, 6000, None);
        let settled = composition.settle(&solution);
        let kept: Vec<bool> = board.cards().iter().zip(&keep).map(|(c, k)| *k && c.placement.is_some()).collect();
        for card in board.card_indices().filter(|c| kept[c.ix()]) {
            prop_assert_eq!(settled.placement(card), board.placement(card), "a kept card stays");
        }
        let found = clashes(&settled);
        prop_assert!(found.iter().all(|p| of_kept_only(&kept, p)), "{:?}", found);
        if cost.hard == 0 {
            let open: Vec<CardIx> = settled.unplaced();
            prop_assert_eq!(&open, composition.impossible(), "everything else has a place");
            // where the search put it, and without any clash of a movable card
            let again = composition.solution(&places(&settled));
            let times = |s: &Solution| {
                let mut all: Vec<_> = s.meets.iter().map(|m| (m.event, m.time)).collect();
                all.sort_unstable();
                all
            };
            prop_assert_eq!(times(&again), times(&solution));
        }
    }

    /// What cannot be placed is told before any search, and rightly.
    #[test]
    fn impossible_cards_clash_everywhere(
        cards in prop::collection::vec(facts(), 1..10),
        away in prop::collection::vec((any::<u8>(), 0..DAYS, 0..SLOTS), 0..40),
        strict in any::<u16>(),
        keep in prop::collection::vec(prop::bool::weighted(0.2), 10),
    ) {
        let board = Board::new(spec(&cards, &away, Strict(strict), true)).unwrap();
        let composition = Composition::new(&board, &keep);
        let mut alone = board.clone();
        for card in board.card_indices() {
            alone.unplace(card);
        }
        for card in composition.impossible() {
            let verdicts = alone.judge_all(*card);
            prop_assert!(verdicts.iter().all(|v| v.level == Level::Clash));
        }
    }

    /// A timetable that the editor's judge finds no clash in costs nothing hard: what the search forbids is no more than
    /// what the judge forbids. (Alternating weeks and the sum of points are told more strictly, on purpose.)
    #[test]
    fn no_clash_is_no_hard_cost(
        cards in prop::collection::vec(facts(), 1..14),
        away in prop::collection::vec((any::<u8>(), 0..DAYS, 0..SLOTS), 0..6),
        strict in any::<u16>(),
        seed in 0u64..1000,
    ) {
        let strict = Strict(strict & !(1 << 6));
        let mut board = Board::new(spec(&cards, &away, strict, false)).unwrap();
        timetable::construct::complete(&mut board, seed, 2000);
        // a card that lies without the room it must have, or in one that does not suit, is only poor to the review (the day goes on),
        // while composing asks for a room that suits
        let roomless = board.card_indices().any(|card| {
            let need = &board.card(card).unwrap().room;
            let Some(at) = board.placement(card) else {
                return false;
            };
            let verdict = board.judge(card, at.day, at.slot, at.room);
            let unfit = |r: &Reason| matches!(r, Reason::RoomUnsuitable { .. });
            need.needed && need.hard && at.room.is_none() || verdict.reasons.iter().any(unfit)
        });
        if roomless || !board.unplaced().is_empty() || !clashes(&board).is_empty() {
            return Ok(());
        }
        let composition = Composition::new(&board, &[]);
        let solution = composition.solution(&places(&board));
        prop_assert_eq!(evaluate(composition.problem(), &solution).hard, 0);
    }

    /// Going on from a timetable never ends with a worse one, and the same seed and work end with the same.
    #[test]
    fn going_on_is_never_worse_and_repeatable(
        cards in prop::collection::vec(facts(), 1..12),
        seed in 0u64..1000,
    ) {
        let board = Board::new(spec(&cards, &[], Strict(0), true)).unwrap();
        let composition = Composition::new(&board, &[]);
        let (first, solution) = search(&composition, seed, 1000, None);
        let (second, further) = search(&composition, seed + 1, 2000, Some(&solution));
        prop_assert!(second <= first, "{second:?} after {first:?}");
        prop_assert_eq!(search(&composition, seed + 1, 2000, Some(&solution)), (second, further));
    }
}
