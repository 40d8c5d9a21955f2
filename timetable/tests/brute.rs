//! The quick answers against the rules written out the slow way, on random schools and random moves.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use proptest::prelude::*;
use std::collections::BTreeSet;
use timetable::*;

const DAYS: u16 = 3;
const SLOTS: u16 = 5;

/// The break before the third lesson is long enough to walk from one room to the other.
const BELLS: [(u16, u16); 5] = [(480, 525), (535, 580), (600, 645), (655, 700), (710, 755)];
const WALK: u16 = 15;
/// The second class has bells of its own: its long breaks are after the first and the fourth lesson.
const OWN: [(u16, u16); 5] = [(480, 515), (535, 575), (585, 630), (640, 690), (715, 760)];

/// When a lesson begins and ends: with the first of the classes that attend it, with the last of them.
fn bell(spec: &BoardSpec, card: &CardSpec, slot: usize) -> (u16, u16) {
    let of = |audience: &Audience| {
        let class = match audience {
            Audience::Class(class) => *class,
            Audience::Group(group) => spec.groups[group.ix()].class,
        };
        if class == ClassIx(1) {
            OWN[slot]
        } else {
            BELLS[slot]
        }
    };
    let bells = || card.audience.iter().map(of);
    let (first, last) = (bells().map(|b| b.0).min(), bells().map(|b| b.1).max());
    (first.unwrap_or(BELLS[slot].0), last.unwrap_or(BELLS[slot].1))
}

/// Card: subject, teachers, audience, duration, weeks, kind of room wanted.
type Facts = (u32, Vec<u32>, Vec<(bool, u32)>, u16, u8, u8);

fn facts() -> impl Strategy<Value = Facts> {
    let audience = prop::collection::vec((any::<bool>(), 0u32..6), 0..3);
    (
        0u32..3,
        prop::collection::vec(0u32..3, 0..3),
        audience,
        1u16..3,
        0u8..4,
        0u8..4,
    )
}

fn spec(cards: &[Facts], away: &[(u8, u16, u16)]) -> BoardSpec {
    let hard = |value| {
        Some(Limit {
            value,
            norm: NormId(1),
            penalty: 1,
            hard: false,
        })
    };
    let limits = Limits {
        per_day: hard(3),
        per_week: hard(8),
        windows_per_day: hard(0),
        ..Limits::default()
    };
    let class = ClassSpec {
        bells: TimeSet::daily(DAYS, 0, SLOTS),
        pupils: 20,
        limits,
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
    let mut spec = BoardSpec {
        days: DAYS,
        slots: SLOTS,
        teachers: vec![TeacherSpec::default(); 3],
        classes: vec![class; 2],
        groups: [(0, 1), (0, 1), (0, 2), (0, 2), (1, 1), (1, 1)]
            .map(group)
            .to_vec(),
        disjoint: vec![(GroupIx(1), GroupIx(3))],
        rooms: vec![
            RoomSpec {
                kind: Some(RoomKind(1)),
                building: Some(BuildingIx(4)),
                ..RoomSpec::default()
            },
            RoomSpec {
                building: Some(BuildingIx(7)),
                ..RoomSpec::default()
            },
        ],
        site: Site {
            clock: BELLS.map(Some).to_vec(),
            walks: vec![Walk {
                one: BuildingIx(7),
                other: BuildingIx(4),
                minutes: WALK,
            }],
            walk: hard(0).map(|l| Limit { hard: true, ..l }),
            near: None,
        },
        ..BoardSpec::default()
    };
    let own = OWN.map(Some).to_vec();
    spec.classes[1].clock = own.repeat(usize::from(DAYS));
    for (who, day, slot) in away {
        let set = match who {
            0..3 => &mut spec.teachers[usize::from(*who)].away,
            3..5 => &mut spec.classes[usize::from(*who - 3)].away,
            5..11 => &mut spec.groups[usize::from(*who - 5)].away,
            11..13 => &mut spec.rooms[usize::from(*who % 2)].away,
            _ => continue,
        };
        set.insert(*day, *slot);
    }
    spec.classes[1].bells = TimeSet::daily(DAYS, 1, SLOTS);
    let card = |(subject, teachers, audience, duration, weeks, room): &Facts| CardSpec {
        subject: SubjectIx(*subject),
        teachers: teachers.iter().map(|t| TeacherIx(*t)).collect(),
        audience: audience
            .iter()
            .map(|(whole, n)| {
                if *whole {
                    Audience::Class(ClassIx(n % 2))
                } else {
                    Audience::Group(GroupIx(*n))
                }
            })
            .collect(),
        duration: *duration,
        room: RoomNeed {
            needed: *room > 1,
            kind: (*room == 3).then_some(RoomKind(1)),
            allowed: vec![],
            hard: *room == 3,
            penalty: None,
        },
        away: TimeSet::new(),
        no_start: TimeSet::new(),
        unwanted: vec![],
        weeks: [Weeks::Every, Weeks::Every, Weeks::Odd, Weeks::Even][usize::from(*weeks)],
        difficulty: 0,
        is_pe: false,
        homework: false,
        beside: *subject == 1,
        locked: false,
        placement: None,
    };
    spec.cards = cards.iter().map(card).collect();
    for (who, day, slot) in away.iter().filter(|(who, ..)| *who > 12) {
        let n = usize::from(*who) % spec.cards.len();
        let card = &mut spec.cards[n];
        let set = if who % 2 == 0 {
            &mut card.no_start
        } else {
            &mut card.away
        };
        set.insert(*day, *slot);
    }
    spec
}

/// Whether two audiences share pupils: the rule in words.
fn meet(spec: &BoardSpec, a: &[Audience], b: &[Audience]) -> bool {
    let class = |x: &Audience| match x {
        Audience::Class(c) => *c,
        Audience::Group(g) => spec.groups[g.ix()].class,
    };
    a.iter().any(|x| {
        b.iter().any(|y| match (x, y) {
            (Audience::Group(g), Audience::Group(h)) => {
                let told = spec.disjoint.contains(&(*g, *h)) || spec.disjoint.contains(&(*h, *g));
                let other_split = spec.groups[g.ix()].split != spec.groups[h.ix()].split;
                class(x) == class(y) && (g == h || (other_split && !told))
            }
            _ => class(x) == class(y),
        })
    })
}

fn cells(card: &CardSpec, day: u16, slot: u16) -> BTreeSet<(u16, u16)> {
    (slot..slot + card.duration).map(|s| (day, s)).collect()
}

/// Whether the card cannot be held there, by looking at everything.
fn clash(spec: &BoardSpec, card: CardIx, day: u16, slot: u16, room: Option<RoomIx>) -> bool {
    let me = &spec.cards[card.ix()];
    if day >= DAYS || slot + me.duration > SLOTS {
        return true;
    }
    if me.no_start.contains(day, slot) {
        return true;
    }
    let mine = cells(me, day, slot);
    for (d, s) in &mine {
        if me.away.contains(*d, *s) {
            return true;
        }
        if me
            .teachers
            .iter()
            .any(|t| spec.teachers[t.ix()].away.contains(*d, *s))
        {
            return true;
        }
        for (n, class) in spec.classes.iter().enumerate() {
            let whole = [Audience::Class(ClassIx::at(n))];
            if meet(spec, &me.audience, &whole)
                && (class.away.contains(*d, *s) || !class.bells.contains(*d, *s))
            {
                return true;
            }
        }
        for (n, group) in spec.groups.iter().enumerate() {
            if group.away.contains(*d, *s) && meet(spec, &me.audience, &[Audience::Group(GroupIx::at(n))]) {
                return true;
            }
        }
    }
    let there = |other: usize| {
        let o = &spec.cards[other];
        let weeks = o.weeks == me.weeks || o.weeks == Weeks::Every || me.weeks == Weeks::Every;
        let at = o.placement.filter(|_| other != card.ix() && weeks);
        at.filter(|p| !cells(o, p.day, p.slot).is_disjoint(&mine))
    };
    let busy = (0..spec.cards.len()).filter(|n| there(*n).is_some()).any(|n| {
        let o = &spec.cards[n];
        o.teachers.iter().any(|t| me.teachers.contains(t)) || meet(spec, &o.audience, &me.audience)
    });
    let closed = |room: RoomIx| {
        mine.iter()
            .any(|(d, s)| spec.rooms[room.ix()].away.contains(*d, *s))
            || (0..spec.cards.len()).any(|n| there(n).is_some_and(|p| p.room == Some(room)))
    };
    let suits = |room: RoomIx| me.room.kind.is_none() || me.room.kind == spec.rooms[room.ix()].kind;
    if busy {
        return true;
    }
    let out_of_reach = |room: RoomIx| {
        let place = Placement {
            day,
            slot,
            room: Some(room),
        };
        goers().iter().any(|goer| {
            let before = late(spec, goer, day, Some((card, None)));
            late(spec, goer, day, Some((card, Some(place)))) > before
        })
    };
    match room {
        Some(room) => closed(room) || (me.room.hard && !suits(room)) || out_of_reach(room),
        None => {
            let mut free = (0..2).map(RoomIx).filter(|r| suits(*r) && !closed(*r)).peekable();
            match free.peek() {
                None => me.room.hard,
                Some(_) => me.room.hard && free.all(out_of_reach),
            }
        }
    }
}

/// A teacher, or pupils: a class with one subgroup of each split.
#[derive(Clone, Debug)]
enum Goer {
    Teacher(TeacherIx),
    Pupils(Vec<Audience>),
}

fn goers() -> Vec<Goer> {
    let pupils = |class: u32, groups: &[u32]| {
        let groups = groups.iter().map(|g| Audience::Group(GroupIx(*g)));
        Goer::Pupils(groups.chain([Audience::Class(ClassIx(class))]).collect())
    };
    let mut all: Vec<Goer> = (0..3).map(|t| Goer::Teacher(TeacherIx(t))).collect();
    // nobody is in the groups 1 and 3
    all.extend([pupils(0, &[0, 2]), pupils(0, &[0, 3]), pupils(0, &[1, 2])]);
    all.extend([pupils(1, &[4]), pupils(1, &[5])]);
    all
}

/// The ways of somebody on a day for which there is too little time, week by week; with a card elsewhere than it lies, or nowhere.
fn late(spec: &BoardSpec, goer: &Goer, day: u16, instead: Option<(CardIx, Option<Placement>)>) -> [usize; 2] {
    [0, 1].map(|week: usize| {
        let mut at: Vec<Vec<(RoomIx, (u16, u16))>> = vec![vec![]; usize::from(SLOTS)];
        for (n, card) in spec.cards.iter().enumerate() {
            let place = match instead {
                Some((other, place)) if other.ix() == n => place,
                _ => card.placement,
            };
            let goes = match goer {
                Goer::Teacher(t) => card.teachers.contains(t),
                Goer::Pupils(of) => card.audience.iter().any(|a| of.contains(a)),
            };
            let there = place.filter(|p| p.day == day && goes && card.weeks.parities().contains(&week));
            // who wants a room of the one kind is in the building of the only such room
            let usual = card.room.kind.map(|_| RoomIx(0));
            if let Some((room, slot)) = there.and_then(|p| Some((p.room.or(usual)?, p.slot))) {
                let mut be = |s: usize| at[s].push((room, bell(spec, card, s)));
                (slot..slot + card.duration).for_each(|s| be(usize::from(s)));
            }
        }
        let known: Vec<_> = at
            .iter()
            .filter(|there| there.len() == 1)
            .map(|there| there[0])
            .collect();
        let too_late = |w: &&[(RoomIx, (u16, u16))]| {
            let ((from, left), (to, comes)) = (w[0], w[1]);
            from != to && comes.0.saturating_sub(left.1) < WALK
        };
        known.windows(2).filter(too_late).count()
    })
}

fn places() -> impl Strategy<Value = Vec<(usize, u16, u16, u32)>> {
    prop::collection::vec((0usize..9, 0..DAYS + 1, 0..SLOTS + 1, 0u32..4), 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_board_agrees_with_brute_force(
        cards in prop::collection::vec(facts(), 1..9),
        away in prop::collection::vec((0u8..16, 0..DAYS, 0..SLOTS), 0..7),
        moves in places(),
    ) {
        let mut board = Board::new(spec(&cards, &away)).unwrap();
        for (n, day, slot, room) in moves {
            let card = CardIx::at(n % cards.len());
            let room = (room < 2).then_some(RoomIx(room));
            if day == DAYS {
                board.unplace(card);
            } else {
                let _ = board.place(card, day, slot, room);
            }
        }
        let fresh = Board::new(board.spec().clone()).unwrap();
        for card in board.card_indices() {
            let all = board.judge_all(card);
            for day in 0..DAYS {
                for slot in 0..SLOTS {
                    for room in [None, Some(RoomIx(0)), Some(RoomIx(1))] {
                        let verdict = board.judge(card, day, slot, room);
                        let is_clash = clash(board.spec(), card, day, slot, room);
                        prop_assert_eq!(verdict.level == Level::Clash, is_clash, "{:?} {} {}", card, day, slot);
                        let again = fresh.judge(card, day, slot, room);
                        prop_assert_eq!((verdict.level, verdict.penalty), (again.level, again.penalty), "incremental");
                        prop_assert_eq!(sorted(&verdict.reasons), sorted(&again.reasons));
                        if room.is_none() {
                            let cell = usize::from(day * SLOTS + slot);
                            prop_assert_eq!(&all[cell], &verdict, "judge_all");
                        }
                    }
                }
            }
            prop_assert_eq!(board.pupils(card), fresh.pupils(card));
        }
        for class in (0..2).map(ClassIx) {
            prop_assert_eq!(board.class_days(class), fresh.class_days(class));
        }
        let clashes = board.conflicts().iter().filter(|p| p.level == Level::Clash).count();
        let expected = board.card_indices().any(|c| {
            board.placement(c).is_some_and(|p| p.room.is_some() && clash(board.spec(), c, p.day, p.slot, p.room))
                || board.placement(c).is_some_and(|p| p.room.is_none() && people_clash(board.spec(), c, p))
        });
        let days = || (0..DAYS).flat_map(|day| goers().into_iter().map(move |g| (day, g)));
        let expected = expected || days().any(|(day, goer)| late(board.spec(), &goer, day, None) != [0, 0]);
        prop_assert_eq!(clashes > 0, expected);
    }
}

/// As [`clash`], for a card that lies without a room.
fn people_clash(spec: &BoardSpec, card: CardIx, at: Placement) -> bool {
    let mut without = spec.clone();
    without.cards[card.ix()].room = RoomNeed::default();
    clash(&without, card, at.day, at.slot, None)
}

fn sorted(reasons: &[Reason]) -> Vec<String> {
    let mut all: Vec<String> = reasons.iter().map(|r| format!("{r:?}")).collect();
    all.sort();
    all
}
