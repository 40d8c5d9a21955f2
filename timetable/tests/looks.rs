//! «Остановить» is heard within 100 ms because a search never does much between two looks at whether it should stop: counted, not timed, at
//! the size of a school (1,100 cards) and of the largest ones (3,700). And a search that breaks off takes nobody's best with it.
#![cfg(feature = "engine")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod small_school;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use small_school::lesson;
use timetable::compose::{Budget, Composition, Crew, places};
use timetable::problem::rules::assign_time::AssignTime;
use timetable::problem::{
    Breach, Constraint, CostFunction, Event, Named, Problem, Rule, Scope, breaches, evaluate,
    evaluate_watched,
};
use timetable::search::explain::{collision_while, conflicts_while};
use timetable::search::repair::{Amended, Change, Price, Repair};
use timetable::search::{Ground, Plan, SAMPLE, Search, Tuning};
use timetable::*;

/// Lessons a week of each subject of a class: 34.
const WEEK: [u32; 12] = [5, 4, 3, 3, 3, 3, 3, 2, 2, 2, 2, 2];

/// So many classes in five days and a Saturday of seven lessons, four classes to a teacher, a room each and some to go to.
fn school(classes: u32) -> Board {
    let subjects = u32::try_from(WEEK.len()).unwrap();
    let mut spec = BoardSpec {
        days: 6,
        slots: 7,
        classes: (0..classes)
            .map(|n| ClassSpec {
                bells: TimeSet::daily(6, 0, 7),
                pupils: 25,
                home_room: Some(RoomIx(n)),
                ..ClassSpec::default()
            })
            .collect(),
        teachers: (0..classes.div_ceil(4) * subjects)
            .map(|_| TeacherSpec::default())
            .collect(),
        rooms: (0..classes + 8).map(|_| RoomSpec::default()).collect(),
        ..BoardSpec::default()
    };
    spec.wishes.teacher_window = 2;
    for class in 0..classes {
        for (subject, lessons) in (0..).zip(WEEK) {
            let mut card = lesson(
                subject,
                class / 4 * subjects + subject,
                small_school::class(class),
            );
            card.room.needed = true;
            card.room.allowed = vec![RoomIx(class), RoomIx(classes + subject % 8)];
            spec.cards.extend((0..lessons).map(|_| card.clone()));
        }
    }
    Board::new(spec).unwrap()
}

/// Between two looks a search changes the timetable at most so often: a tenth of what a slow machine does in 100 ms.
const MOST_CHANGES: u64 = 60_000;
/// And tries at most so many moves.
const MOST_MOVES: u64 = 512;

/// What one of several searches has done when it looked last, and how often it has looked while it was at what.
#[derive(Default)]
struct Looks {
    changes: u64,
    moves: u64,
    most_changes: u64,
    most_moves: u64,
    building: u64,
    learning: u64,
    moving: u64,
}

#[test]
fn a_stop_is_heard_soon_at_the_size_of_a_school() {
    for (classes, cards) in [(33, 1_100), (109, 3_700)] {
        let board = school(classes);
        assert!(board.cards().len() >= cards);
        let composition = Composition::new(&board, &[]);
        let ground = Ground::new(composition.problem());
        for searches in [1, 2] {
            let looks: Mutex<Vec<Looks>> = Mutex::new((0..searches).map(|_| Looks::default()).collect());
            let mut crew = Crew::new(&ground, 1, searches, None);
            let watch = |search: &Search<'_>| {
                let mut looks = looks.lock().unwrap();
                let of = &mut looks[usize::try_from(search.lane()).unwrap()];
                of.most_changes = of.most_changes.max(search.changes() - of.changes);
                of.most_moves = of.most_moves.max(search.done() - of.moves);
                (of.changes, of.moves) = (search.changes(), search.done());
                match (search.is_building(), search.is_learning()) {
                    (true, _) => of.building += 1,
                    (_, true) => of.learning += 1,
                    _ => of.moving += 1,
                }
                true
            };
            crew.run(Budget::Work(20_000), &|| Duration::ZERO, &watch);
            for of in looks.into_inner().unwrap() {
                // the construction places each card: some hundred looks, not one at its end
                assert!(
                    of.building > 4,
                    "{cards} cards: {} looks while building",
                    of.building
                );
                // the first steps of learning may end a portion of building, and the last is looked at when it is over
                assert!(
                    of.learning + 4 >= u64::from(SAMPLE) / 128,
                    "{} looks while learning",
                    of.learning
                );
                assert!(of.moving > 20_000 / MOST_MOVES, "{} looks", of.moving);
                assert!(
                    of.most_changes < MOST_CHANGES,
                    "{cards} cards: {} changes",
                    of.most_changes
                );
                assert!(
                    of.most_moves <= MOST_MOVES,
                    "{cards} cards: {} moves",
                    of.most_moves
                );
            }
        }
    }
}

/// How often something long looks, and that it comes to nothing whenever it is told to stop, without looking again.
fn stops<T>(what: &str, at_least: u64, make: impl Fn(&dyn Fn() -> bool) -> Option<T>) -> T {
    let looks = AtomicU64::new(0);
    let stopped_at = |stop_at: u64| {
        looks.store(0, Ordering::Relaxed);
        make(&|| looks.fetch_add(1, Ordering::Relaxed) + 1 != stop_at)
    };
    let made = stopped_at(u64::MAX).expect("nobody stops it");
    let all = looks.load(Ordering::Relaxed);
    assert!(all >= at_least, "{what}: {all} looks");
    for stop_at in [1, 2, all / 2, all - 1, all] {
        assert!(
            stopped_at(stop_at).is_none(),
            "{what}: whole at look {stop_at} of {all}"
        );
        assert_eq!(
            looks.load(Ordering::Relaxed),
            stop_at,
            "{what}: and it does not look again"
        );
    }
    made
}

/// What comes before the first move of a search is long, too: the school becomes a problem, that is wired, a timetable is evaluated and laid
/// on the board. The larger the school, the more looks.
#[test]
fn what_prepares_a_search_can_be_stopped_between_its_steps() {
    for (classes, cards) in [(33, 1_100), (109, 3_700)] {
        let board = school(classes);
        let of = |share: u64| cards / share;
        let composition = stops("a problem", of(20), |go_on| {
            Composition::watched(&board, &[], go_on)
        });
        let same = Composition::new(&board, &[]);
        assert_eq!(composition.problem(), same.problem());
        let problem = composition.problem();
        let ground = stops("its wiring", of(20), |go_on| Ground::watched(problem, go_on));
        assert_eq!(ground.net.slots(), Ground::new(problem).net.slots());
        let empty = composition.solution(&places(&board));
        let cost = stops("its cost", of(20), |go_on| {
            evaluate_watched(problem, &empty, go_on)
        });
        assert_eq!(cost, evaluate(problem, &empty));
        // every card waits, and each is judged in every cell
        let settled = stops("a board", cards, |go_on| {
            composition.settle_watched(&empty, go_on)
        });
        assert_eq!(places(&settled), places(&composition.settle(&empty)));
    }
}

/// Whenever the stop comes — while the first timetable is made, while it is learnt what moves cost, in a round — each search looks once
/// more at most.
#[test]
fn after_a_stop_each_search_looks_once_at_most() {
    let board = school(33);
    let composition = Composition::new(&board, &[]);
    let ground = Ground::new(composition.problem());
    let stage = |search: &Search<'_>| match (search.is_building(), search.is_learning()) {
        (true, _) => 0,
        (_, true) => 1,
        _ => 2,
    };
    // how often one search looks while it is at what
    let stages = Mutex::new([0u64; 3]);
    let mut crew = Crew::new(&ground, 1, 1, None);
    crew.run(Budget::Work(1 << 40), &|| Duration::ZERO, &|search| {
        let mut stages = stages.lock().unwrap();
        stages[stage(search)] += 1;
        stages[2] < 60
    });
    let [building, learning, _] = stages.into_inner().unwrap();
    for searches in [1, 2, 3] {
        let stops = [
            (1, 0),
            (building / 2, 0),
            (building + learning / 2, 1),
            (building + learning + 30, 2),
        ];
        for (stop_at, is_in) in stops {
            let stop_at = (stop_at * u64::from(searches)).max(1);
            let (looks, seen) = (AtomicU64::new(0), Mutex::new(vec![]));
            let mut crew = Crew::new(&ground, 1, searches, None);
            let watch = |search: &Search<'_>| {
                let now = looks.fetch_add(1, Ordering::Relaxed) + 1;
                if now == stop_at {
                    seen.lock().unwrap().push(stage(search));
                }
                now < stop_at
            };
            crew.run(Budget::Work(1 << 40), &|| Duration::ZERO, &watch);
            if searches == 1 {
                assert_eq!(seen.into_inner().unwrap(), [is_in], "stopped there");
            }
            let most = stop_at + u64::from(searches) - 1;
            let looked = looks.load(Ordering::Relaxed);
            assert!(
                (stop_at..=most).contains(&looked),
                "{looked} looks, stopped at {stop_at}"
            );
            let (cost, best) = crew.best();
            let best = best.completed(composition.problem()).unwrap();
            assert_eq!(
                evaluate(composition.problem(), &best),
                cost,
                "and what there is is whole"
            );
        }
    }
}

/// A school that is solved but for a teacher who is ill on Monday.
fn one_is_ill(composition: &Composition) -> Amended {
    let problem = composition.problem();
    let ground = Ground::new(problem);
    let mut crew = Crew::new(&ground, 1, 1, None);
    crew.run(Budget::Work(20_000), &|| Duration::ZERO, &|_: &Search<'_>| true);
    let present = crew.best().1.completed(problem).unwrap();
    // whoever is busiest on that day
    let mut there = std::collections::BTreeMap::new();
    for meet in present.meets.iter().filter(|m| m.time.is_some_and(|t| t < 7)) {
        let seats = &problem.events[usize::try_from(meet.event).unwrap()].seats;
        for who in seats.iter().filter_map(|seat| seat.fixed) {
            *there.entry(who).or_insert(0) += 1;
        }
    }
    let resource = there.into_iter().max_by_key(|(_, n)| *n).unwrap().0;
    let change = Change::Away {
        resource,
        times: (0..7).collect(),
    };
    Amended::new(problem, &present, &[change], Price::high(problem)).unwrap()
}

/// A repair looks while chains are followed, while it anneals and while cards are sent home; what it has when it is stopped is whole.
#[test]
fn a_repair_is_stopped_between_its_steps() {
    const WORK: u64 = 60_000;
    const PORTION: u64 = 1024;
    let board = school(33);
    let composition = Composition::new(&board, &[]);
    let amended = one_is_ill(&composition);
    let start = evaluate(&amended.problem, &amended.present);
    assert!(start.hard > 0, "the fact breaks something");
    for searches in [1, 2] {
        let run = |stop_at: u64| {
            let looks = AtomicU64::new(0);
            let mut repair = Repair::together(&amended, 1, WORK, searches);
            while repair.run_while(PORTION, &|| looks.fetch_add(1, Ordering::Relaxed) + 1 < stop_at) {}
            let best = repair.best();
            assert_eq!(evaluate(&amended.problem, &best), repair.cost());
            assert!(repair.cost().hard <= start.hard, "never worse than to leave it");
            looks.load(Ordering::Relaxed)
        };
        let all = run(u64::MAX);
        assert!(all >= WORK / PORTION, "{all} looks");
        for stop_at in [1, 2, all / 4, all / 2, all - 1] {
            let looked = run(stop_at.max(1));
            let most = stop_at.max(1) + 4 + 2 * u64::from(searches);
            assert!(looked <= most, "{looked} looks, stopped at {stop_at} of {all}");
        }
    }
}

/// A repair in slices, as the page makes it: between two looks it changes the timetable at most so often, and it is gone on with wherever it
/// was left, so that it comes to the same as in one go.
#[test]
fn a_repair_in_slices_is_left_soon_and_comes_to_the_same() {
    const WORK: u64 = 60_000;
    const PORTION: u64 = 1024;
    let board = school(33);
    let composition = Composition::new(&board, &[]);
    let amended = one_is_ill(&composition);
    let mut whole = Repair::new(&amended, 1, WORK);
    while whole.slice(u64::MAX, &|| true) {}
    let mut sliced = Repair::new(&amended, 1, WORK);
    let (mut most, mut slices) = (0, 0u64);
    loop {
        let before = sliced.changes();
        // one look, and the next one ends it
        let looks = AtomicU64::new(0);
        let more = sliced.slice(PORTION, &|| looks.fetch_add(1, Ordering::Relaxed) < 2);
        most = most.max(sliced.changes() - before);
        slices += 1;
        if !more {
            break;
        }
        assert!(slices < 1_000_000, "it gets on");
    }
    assert!(slices > 20, "{slices} slices");
    assert!(most < MOST_CHANGES, "{most} changes in a slice");
    assert_eq!(sliced.cost(), whole.cost());
    assert_eq!(sliced.best(), whole.best());
    assert_eq!(sliced.progress(), whole.progress());
}

/// Proofs, and the search for what collides, look while they go on; once they are stopped they claim nothing and look no more.
#[test]
fn an_explanation_is_stopped_between_its_steps() {
    let board = school(33);
    let composition = Composition::new(&board, &[]);
    let amended = one_is_ill(&composition);
    let problem = &amended.problem;
    let looks = AtomicU64::new(0);
    let go_on = |stop_at: u64| move |looks: &AtomicU64| looks.fetch_add(1, Ordering::Relaxed) + 1 != stop_at;
    let proved = |stop_at| {
        looks.store(0, Ordering::Relaxed);
        let found = conflicts_while(problem, 3, 2_000_000, &|| go_on(stop_at)(&looks));
        (found.len(), looks.load(Ordering::Relaxed))
    };
    let (_, all) = proved(u64::MAX);
    assert!(all >= 1, "{all} looks");
    for stop_at in [1, all / 2, all].into_iter().filter(|n| *n > 0) {
        assert_eq!(proved(stop_at).1, stop_at, "and it does not look again");
    }
    let report = breaches(problem, &amended.present);
    let hard = |b: &&Breach| problem.constraints[usize::try_from(b.constraint).unwrap()].required;
    let breach = report
        .breaches
        .iter()
        .find(hard)
        .expect("a requirement is broken");
    let collided = |stop_at| {
        looks.store(0, Ordering::Relaxed);
        let found = collision_while(problem, breach, 1_000, &|| go_on(stop_at)(&looks));
        (found, looks.load(Ordering::Relaxed))
    };
    let (_, all) = collided(u64::MAX);
    assert!(all > 10, "{all} looks");
    for stop_at in [1, 2, all / 2, all] {
        let (found, looked) = collided(stop_at);
        assert_eq!((found, looked), (None, stop_at), "of {all}");
    }
}

/// One of three breaks off: the others stop, it is told, and the best is one of theirs. Where all break off it is the caller's.
#[test]
fn a_search_that_breaks_off_is_told_and_takes_no_best_with_it() {
    let board = school(6);
    let composition = Composition::new(&board, &[]);
    let ground = Ground::new(composition.problem());
    let run = |falls: fn(u32) -> bool| {
        let mut crew = Crew::new(&ground, 1, 3, None);
        let looks: [AtomicU64; 3] = Default::default();
        let watch = |search: &Search<'_>| {
            let mine = &looks[usize::try_from(search.lane()).unwrap()];
            let moving = !search.is_building() && !search.is_learning();
            let late = moving && mine.fetch_add(1, Ordering::Relaxed) == 30;
            assert!(!(late && falls(search.lane())), "this one breaks off");
            true
        };
        crew.run(Budget::Work(200_000), &|| Duration::ZERO, &watch);
        let (cost, best) = crew.best();
        (crew.has_fallen(), cost, best)
    };
    let (fallen, cost, best) = run(|lane| lane == 1);
    assert!(fallen);
    let best = best.completed(composition.problem()).unwrap();
    assert_eq!(evaluate(composition.problem(), &best), cost);
    assert_eq!(cost.hard, 0, "the others had a timetable");
    assert!(!run(|_| false).0);
    let all = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(|_| true).0));
    assert!(all.is_err(), "nobody is left to be asked");
}

/// An event of a thousand hours may be cut in a thousand ways, each of up to a thousand pieces: they are tried in steps.
#[test]
fn a_long_event_is_cut_in_steps() {
    const HOURS: u32 = 800;
    let named = |what: &str| Named {
        id: what.to_owned(),
        name: what.to_owned(),
    };
    let problem = Problem {
        id: "long".to_owned(),
        times: (0..HOURS).map(|t| named(&t.to_string())).collect(),
        kinds: vec![named("k")],
        events: vec![Event {
            label: named("e"),
            color: None,
            duration: HOURS,
            workload: None,
            time: None,
            course: None,
            seats: vec![],
            whole_groups: vec![],
        }],
        constraints: vec![Constraint {
            label: named("c"),
            required: true,
            weight: 1,
            cost: CostFunction::Linear,
            scope: Scope {
                events: vec![0],
                ..Scope::default()
            },
            rule: Rule::AssignTime(AssignTime),
        }],
        ..Problem::default()
    };
    let ground = Ground::new(&problem);
    let plan = Plan {
        seed: 1,
        lane: 0,
        work: 1_000,
        tuning: Tuning::default(),
    };
    let mut search = Search::begin(&ground, plan);
    let (mut most, mut looks) = (0, 0);
    while search.is_building() {
        let before = search.changes();
        search.run_within_round(1);
        most = most.max(search.changes() - before);
        looks += 1;
    }
    assert!(looks > HOURS, "{looks} looks");
    assert!(most <= 4 * u64::from(HOURS), "{most} changes between two looks");
    assert_eq!(search.cost().hard, 0);
}
