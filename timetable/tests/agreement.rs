//! What the editor shows of a cell and what the search thinks of it are one thing, and both are what brute force says: put the
//! card there, look at the whole board, compare. A thousand random pairs of card and cell of a generated school.
#![cfg(all(feature = "engine", feature = "fet"))]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod fet_school;

use std::collections::BTreeSet;

use timetable::compose::{Composition, Lane, places};
use timetable::problem::{Rule, Subject};
use timetable::search::suggest::Advisor;
use timetable::search::{Ground, Plan, Random, Tuning};
use timetable::why::Bar;
use timetable::*;

/// A timetable of the small school: whole, or with cards left out.
fn lying(seed: u64, missing: u32) -> Board {
    let mut school = fet_school::School::new();
    school.teacher_away("Орлов", &[(1, 0), (1, 1), (3, 4)]);
    school.room_away("Спортзал", &[(2, 2), (4, 0)]);
    let draft = fet::import(school.text().as_bytes()).unwrap();
    let board = in_two_buildings(draft.board().unwrap());
    let composition = Composition::new(&board, &[]);
    let ground = Ground::new(composition.problem());
    let plan = Plan {
        seed,
        lane: 0,
        work: 60_000,
        tuning: Tuning::default(),
    };
    let mut lane = Lane::new(&ground, plan, None);
    while lane.run(10_000) {}
    let mut board = composition.settle(&lane.best());
    let mut random = Random::new(seed);
    for _ in 0..missing {
        board.unplace(CardIx(random.below(u32::try_from(board.cards().len()).unwrap())));
    }
    board
}

/// The same school with every other room in a second building: a quarter of an hour away, which only some breaks are long enough for.
fn in_two_buildings(board: Board) -> Board {
    let mut spec = board.spec().clone();
    for (n, room) in spec.rooms.iter_mut().enumerate() {
        room.building = Some(BuildingIx::at(n % 2));
    }
    let hard = Some(Limit {
        value: 1,
        norm: NormId(0),
        penalty: 40,
        hard: true,
    });
    let mut now = 480;
    let bell = |slot: u16| {
        let begins = now;
        now += 45 + if slot % 3 == 1 { 20 } else { 10 };
        Some((begins, begins + 45))
    };
    spec.site = Site {
        clock: (0..spec.slots).map(bell).collect(),
        walks: vec![Walk {
            one: BuildingIx(1),
            other: BuildingIx(0),
            minutes: 15,
        }],
        walk: hard,
        near: None,
    };
    spec.bounds = bounds(&spec);
    spec.teachers[0].moves_per_day = hard;
    spec.classes[0].limits.moves_per_day = hard;
    // the first class has its long breaks elsewhere
    let mut own = 480;
    let bell = |n: u16| {
        let begins = own;
        own += 45 + if n.is_multiple_of(3) { 20 } else { 10 };
        Some((begins, begins + 45))
    };
    let day: Vec<_> = (0..spec.slots).map(bell).collect();
    spec.classes[0].clock = day.repeat(usize::from(spec.days));
    Board::new(spec).unwrap()
}

/// Of each kind one, of lessons and of persons.
fn bounds(spec: &BoardSpec) -> Vec<BoundSpec> {
    let (days, slots) = (spec.days, spec.slots);
    let of = |of, what, times, figure| BoundSpec {
        of,
        what,
        times,
        figure,
    };
    let late = || TimeSet::daily(days, slots - 3, slots);
    let all = || TimeSet::daily(days, 0, slots);
    vec![
        of(
            BoundOf::Cards((0..spec.cards.len()).step_by(9).map(CardIx::at).collect()),
            Bounded::Hours,
            late(),
            6,
        ),
        of(BoundOf::Teacher(TeacherIx(1)), Bounded::Days, late(), 2),
        of(
            BoundOf::Pupils(Audience::Class(ClassIx(1))),
            Bounded::Days,
            late(),
            4,
        ),
        of(
            BoundOf::Pupils(Audience::Class(ClassIx(2))),
            Bounded::Rest { around: false },
            all(),
            1,
        ),
        of(
            BoundOf::Teacher(TeacherIx(2)),
            Bounded::Rest { around: true },
            all(),
            2,
        ),
        of(BoundOf::Teacher(TeacherIx(3)), Bounded::HoursADay, all(), 5),
        of(
            BoundOf::Cards((0..spec.cards.len()).step_by(7).map(CardIx::at).collect()),
            Bounded::HoursInARow,
            all(),
            3,
        ),
    ]
}

/// The clashes of a board, as they are told.
fn clashes(board: &Board) -> Vec<String> {
    let all = board.conflicts();
    let hard = all.iter().filter(|p| p.level == Level::Clash);
    hard.map(|p| format!("{p:?}")).collect()
}

/// Whether two audiences share pupils: a class and any part of it do, two halves of one split do not.
fn meet(spec: &BoardSpec, a: &[Audience], b: &[Audience]) -> bool {
    let class = |x: &Audience| match x {
        Audience::Class(c) => *c,
        Audience::Group(g) => spec.groups[g.ix()].class,
    };
    let apart = |x: &Audience, y: &Audience| match (x, y) {
        (Audience::Group(g), Audience::Group(h)) => {
            g != h && spec.groups[g.ix()].split == spec.groups[h.ix()].split
        }
        _ => false,
    };
    let share = |x: &Audience, y: &Audience| class(x) == class(y) && !apart(x, y);
    a.iter().any(|x| b.iter().any(|y| share(x, y)))
}

/// Cards, other than this one, that lie at the time and share a teacher or pupils with it, by looking at all of them.
fn in_the_way(board: &Board, card: CardIx, day: u16, slot: u16) -> BTreeSet<CardIx> {
    let spec = board.spec();
    let me = &spec.cards[card.ix()];
    let there = |other: &CardIx| {
        let at = board.placement(*other).filter(|p| *other != card && p.day == day);
        let length = spec.cards[other.ix()].duration;
        at.is_some_and(|p| p.slot < slot + me.duration && slot < p.slot + length)
    };
    let shares = |other: &CardIx| {
        let it = &spec.cards[other.ix()];
        it.teachers.iter().any(|t| me.teachers.contains(t)) || meet(spec, &me.audience, &it.audience)
    };
    board.card_indices().filter(there).filter(shares).collect()
}

#[test]
fn the_judge_the_search_and_brute_force_agree_about_every_cell() {
    let (mut pairs, mut refused, mut blocked, mut far, mut bounded) = (0, 0, 0, 0, 0);
    for (seed, missing) in [(1, 0), (2, 25), (3, 60), (4, 140), (5, 220)] {
        let board = lying(seed, missing);
        let slots = board.slots();
        let composition = Composition::new(&board, &[]);
        let ground = Ground::new(composition.problem());
        let solution = composition.solution(&places(&board));
        let mut advisor = Advisor::new(composition.problem(), &ground, &solution);
        let mut random = Random::new(seed ^ 99);
        for _ in 0..60 {
            let card = CardIx(random.below(u32::try_from(board.cards().len()).unwrap()));
            // the events are the cards in their order: nothing is kept, and none is impossible
            assert!(composition.impossible().is_empty());
            let cells = advisor.cells(card.0);
            let verdicts = board.judge_all(card);
            let mut without = board.clone();
            without.unplace(card);
            let before = clashes(&without);
            for _ in 0..7 {
                let (day, slot) = (
                    u16::try_from(random.below(board.days().into())).unwrap(),
                    u16::try_from(random.below(slots.into())).unwrap(),
                );
                let at = usize::from(day * slots + slot);
                let verdict = &verdicts[at];
                pairs += 1;
                let about = format!("seed {seed}, card {}, {day}:{slot}: {verdict:?}", card.0);
                // brute force: put there, the whole board has another clash or has not
                let mut there = without.clone();
                let room = without.best_room(card, day, slot);
                let fits = there.place(card, day, slot, room).is_ok();
                let needs = &board.card(card).unwrap().room;
                let roomless = needs.hard && room.is_none();
                let anew = !fits || roomless || clashes(&there).iter().any(|c| !before.contains(c));
                assert_eq!(verdict.level == Level::Clash, anew, "{about}");
                // the search's counters
                let start = u32::from(day) * u32::from(slots) + u32::from(slot);
                let cell = cells.iter().find(|c| c.start == start);
                let free = cell.is_some_and(|c| c.is_free());
                assert_eq!(free, verdict.level != Level::Clash, "{about}: {cell:?}");
                if verdict.level != Level::Clash {
                    continue;
                }
                // a refused cell names its requirement, and whoever is in the way; a way too long the card at its other end
                for reason in &verdict.reasons {
                    if let Reason::TeacherTooFar {
                        card: other,
                        needed,
                        minutes,
                        ..
                    }
                    | Reason::ClassTooFar {
                        card: other,
                        needed,
                        minutes,
                        ..
                    } = reason
                    {
                        far += 1;
                        assert!(minutes < needed, "{about}");
                        let at = without.placement(*other).unwrap();
                        let spec = without.spec();
                        let (me, it) = (&spec.cards[card.ix()], &spec.cards[other.ix()]);
                        let teachers = it.teachers.iter().any(|t| me.teachers.contains(t));
                        assert!(
                            at.day == day && (teachers || meet(spec, &me.audience, &it.audience)),
                            "{about}"
                        );
                    }
                }
                let bound = |r: &Reason| matches!(r, Reason::Bound { .. });
                bounded += usize::from(verdict.reasons.iter().any(bound));
                refused += 1;
                assert!(!verdict.reasons.is_empty(), "{about}");
                let named = |r: &Reason| Bar::of(r).is_some() || matches!(r, Reason::OffBoard { .. });
                assert!(verdict.reasons.iter().all(named), "{about}");
                let people =
                    |r: &&Reason| matches!(r, Reason::TeacherBusy { .. } | Reason::AudienceBusy { .. });
                let told = verdict.reasons.iter().filter(people);
                let told: BTreeSet<CardIx> = told.filter_map(Reason::blocking_card).collect();
                if fits {
                    assert_eq!(told, in_the_way(&without, card, day, slot), "{about}");
                }
                let Some(cell) = cell else { continue };
                let first_room = composition.problem().resources.iter().position(|r| r.kind == 2);
                let clash = |why: &&timetable::search::suggest::Reason| {
                    let rule =
                        &composition.problem().constraints[usize::try_from(why.constraint).unwrap()].rule;
                    let person = |who: u32| usize::try_from(who).unwrap() < first_room.unwrap();
                    matches!((rule, why.subject), (Rule::AvoidClashes(_), Subject::Resource(who)) if person(who))
                };
                let counted = cell.reasons.iter().filter(clash);
                let counted: BTreeSet<CardIx> =
                    counted.flat_map(|r| r.meets.iter().map(|m| CardIx(*m))).collect();
                if fits {
                    assert_eq!(counted, told, "{about}");
                }
                blocked += usize::from(!told.is_empty());
            }
        }
    }
    assert!(
        pairs >= 1000 && refused >= 300 && blocked >= 200 && far >= 15 && bounded >= 5,
        "{pairs} pairs, {refused} refused, {blocked} blocked, {far} too far, {bounded} beyond a bound"
    );
}
