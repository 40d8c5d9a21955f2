//! Repairs: changed facts are met again, few cards move, the moves are what has changed.
#![cfg(feature = "engine")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

mod town;

use proptest::prelude::*;
use timetable::problem::{Cost, Misfit, Problem, Solution, evaluate};
use timetable::search::repair::{Amended, Change, Price, Refusal, Repair};
use timetable::search::{Move, moves};

fn wide(at: u32) -> usize {
    usize::try_from(at).unwrap()
}

fn amended(p: &Problem, present: &Solution, changes: &[Change]) -> Amended {
    Amended::new(p, present, changes, Price::high(p)).unwrap()
}

fn repaired(amended: &Amended, portion: u64) -> (Cost, Solution, Vec<Move>) {
    let mut repair = Repair::new(amended, 1, 120_000);
    while repair.run(portion) {}
    (repair.cost(), repair.best(), repair.moves())
}

fn day(day: u32) -> Vec<u32> {
    (day * town::HOURS..(day + 1) * town::HOURS).collect()
}

/// The teacher of the smallest load.
const LAST: u32 = town::CLASSES + 6;

#[test]
fn an_ill_teacher_is_worked_around_with_few_moves() {
    let p = town::problem();
    let present = town::solved(&p, 5);
    let of_day = |d: u32| {
        let there = present.meets.iter().filter(|m| m.resources[1] == Some(LAST));
        there.filter(|m| day(d).contains(&m.time.unwrap())).count()
    };
    let busiest = (0..town::DAYS).max_by_key(|d| of_day(*d)).unwrap();
    assert!(of_day(busiest) > 0);
    let change = Change::Away {
        resource: LAST,
        times: day(busiest),
    };
    let amended = amended(&p, &present, &[change]);
    assert_eq!(
        evaluate(&amended.problem, &present).hard,
        i64::try_from(of_day(busiest)).unwrap()
    );
    let (cost, best, list) = repaired(&amended, 512);
    assert_eq!(cost.hard, 0, "everything is met again");
    assert_eq!(evaluate(&amended.problem, &best), cost);
    assert!(best.clone().completed(&amended.problem).is_ok());
    // Each of the lessons must move, and whoever makes room for it; a new timetable would move nearly all.
    assert!(list.len() >= of_day(busiest));
    assert!(list.len() <= of_day(busiest) * 5, "{} moves", list.len());
    assert_eq!(list, moves(&p, &present, &best));
}

#[test]
fn nothing_changed_moves_nothing() {
    let p = town::problem();
    let present = town::solved(&p, 5);
    let (cost, best, list) = repaired(&amended(&p, &present, &[]), 4096);
    assert_eq!(list, vec![]);
    assert_eq!((best, cost), (present.clone(), evaluate(&p, &present)));
}

#[test]
fn a_closed_room_moves_rooms_only() {
    let p = town::problem();
    let present = town::solved(&p, 5);
    // There is one room more than there are classes.
    let room = town::CLASSES + 7;
    let times = (0..p.time_count()).collect();
    // So dear that no wish is worth a move.
    let dear = Price {
        time: 1000,
        seat: 100,
    };
    let change = Change::Away {
        resource: room,
        times,
    };
    let amended = Amended::new(&p, &present, &[change], dear).unwrap();
    let (cost, best, list) = repaired(&amended, 4096);
    assert_eq!(cost.hard, 0);
    assert!(best.meets.iter().all(|m| m.resources[2] != Some(room)));
    let there = present
        .meets
        .iter()
        .filter(|m| m.resources[2] == Some(room))
        .count();
    assert_eq!(list.len(), there, "only the lessons that were there");
    assert!(
        list.iter()
            .all(|m| m.from == m.to && m.seats.len() == 1 && m.seats[0].from == Some(room))
    );
}

#[test]
fn a_blocked_cell_and_a_lock_that_gives_way() {
    let mut p = town::problem();
    let present = town::solved(&p, 5);
    let time = present.meets[10].time.unwrap();
    let event = present.meets[10].event;
    p.events[wide(event)].time = Some(time);
    let times = vec![time];
    let change = Change::Block { event, times };
    let amended = amended(&p, &present, &[change]);
    assert_eq!(amended.released, [event]);
    let (cost, _, list) = repaired(&amended, 4096);
    assert_eq!(cost.hard, 0);
    let own: Vec<&Move> = list.iter().filter(|m| m.event == event).collect();
    assert_eq!(own.len(), 1);
    assert!(own[0].from == Some(time) && own[0].to.is_some() && own[0].to != Some(time));
}

#[test]
fn a_new_lesson_finds_its_place() {
    let p = town::problem();
    let present = town::solved(&p, 5);
    let like = present.meets[town_event_of_last(&p)].event;
    let amended = amended(&p, &present, &[Change::Another { like }]);
    let new = u32::try_from(p.events.len()).unwrap();
    assert_eq!(amended.problem.events.len(), p.events.len() + 1);
    assert_eq!(amended.problem.event(new).seats, p.event(like).seats);
    let group = |p: &Problem, e: u32| p.event_groups.iter().filter(|g| g.events.contains(&e)).count();
    assert_eq!(group(&amended.problem, new), group(&p, like));
    let (cost, best, list) = repaired(&amended, 4096);
    assert_eq!(cost.hard, 0);
    let come = list.iter().find(|m| m.event == new).unwrap();
    assert!(come.from.is_none() && come.to.is_some());
    assert!(list.len() <= 6, "{} moves", list.len());
    assert_eq!(best.meets.len(), present.meets.len() + 1);
}

fn town_event_of_last(p: &Problem) -> usize {
    let of = |e: &timetable::problem::Event| e.seats[1].fixed == Some(LAST);
    p.events.iter().position(of).unwrap()
}

#[test]
fn a_load_grows_and_shrinks() {
    let p = town::problem();
    let present = town::solved(&p, 5);
    let event = present.meets[0].event;
    let more = amended(&p, &present, &[Change::Load { event, duration: 2 }]);
    let times = |s: &Solution| {
        s.meets
            .iter()
            .filter(|m| m.event == event)
            .map(|m| m.duration)
            .sum::<u32>()
    };
    assert_eq!((times(&more.present), times(&present)), (2, 1));
    let (cost, best, _) = repaired(&more, 4096);
    assert!(cost.hard < evaluate(&more.problem, &more.present).hard);
    assert_eq!(times(&best), 2);
    // And back: what is too much is cut off.
    let less = amended(&more.problem, &best, &[Change::Load { event, duration: 1 }]);
    assert_eq!(times(&less.present), 1);
    assert_eq!(less.problem.events, p.events);
}

#[test]
fn what_does_not_exist_is_refused() {
    let p = town::problem();
    let present = town::solved(&p, 5);
    let refusal = |change: Change| Amended::new(&p, &present, &[change], Price::high(&p)).err();
    let (resource, times) = (9999, vec![0]);
    assert_eq!(
        refusal(Change::Away { resource, times }),
        Some(Refusal::NoSuchResource(9999))
    );
    let (resource, times) = (0, vec![0, 30]);
    assert_eq!(
        refusal(Change::Away { resource, times }),
        Some(Refusal::NoSuchTime(30))
    );
    let (event, times) = (9999, vec![0]);
    assert_eq!(
        refusal(Change::Block { event, times }),
        Some(Refusal::NoSuchEvent(9999))
    );
    assert_eq!(
        refusal(Change::Another { like: 9999 }),
        Some(Refusal::NoSuchEvent(9999))
    );
    let (event, duration) = (0, 0);
    assert_eq!(
        refusal(Change::Load { event, duration }),
        Some(Refusal::BadDuration(0))
    );
    let mut bad = present.clone();
    bad.meets[0].event = 9999;
    let found = Amended::new(&p, &bad, &[], Price::high(&p)).err();
    assert_eq!(found, Some(Refusal::Misfit(Misfit::NoSuchEvent(9999))));
}

/// Whoever stops a repair while it looks for chains keeps what these have mended so far.
#[test]
fn what_chains_have_mended_counts_at_once() {
    let p = town::problem();
    let present = town::solved(&p, 5);
    let who = LAST - 1;
    let of_day = |d: u32| {
        let there = present.meets.iter().filter(|m| m.resources[1] == Some(who));
        there.filter(|m| day(d).contains(&m.time.unwrap())).count()
    };
    let busiest = (0..town::DAYS).max_by_key(|d| of_day(*d)).unwrap();
    let change = Change::Away {
        resource: who,
        times: day(busiest),
    };
    let amended = amended(&p, &present, &[change]);
    let start = evaluate(&amended.problem, &present).hard;
    assert!(start > 2, "{start} lessons on that day");
    let mut repair = Repair::new(&amended, 1, 120_000);
    let mut seen = vec![];
    // a portion of one is one card's chain
    for _ in 1..start {
        repair.run(1);
        seen.push(repair.cost().hard);
    }
    assert!(
        seen.iter().any(|hard| (1..start).contains(hard)),
        "some are mended, not all: {seen:?} of {start}"
    );
    // and whoever says no at once has the timetable as it was
    let mut stopped = Repair::new(&amended, 1, 120_000);
    assert!(!stopped.run_while(4096, &|| false));
    assert_eq!((stopped.cost().hard, stopped.moves()), (start, vec![]));
}

/// With all the time of a clock chains leave some to the search.
#[test]
fn chains_do_not_eat_up_work_without_end() {
    let p = town::problem();
    let present = town::solved(&p, 5);
    // more than can be met: eighteen lessons on two days of six hours
    let times = (2 * town::HOURS..town::HOURS * town::DAYS).collect();
    let change = Change::Away {
        resource: LAST - 1,
        times,
    };
    let amended = amended(&p, &present, &[change]);
    let mut repair = Repair::new(&amended, 1, u64::MAX);
    let asked = std::sync::atomic::AtomicU64::new(0);
    let count = || asked.load(std::sync::atomic::Ordering::Relaxed);
    while repair.progress().0 < 700_000 {
        repair.run_while(4096, &|| {
            asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            true
        });
    }
    let least = evaluate(&amended.problem, &present).hard;
    assert!(repair.cost().hard < least, "{} of {least}", repair.cost());
    // chains ask at each of their trails, so that nobody waits for a whole one
    assert!(count() > 300, "{}", count());
}

#[test]
fn searches_that_work_together_have_one_answer_however_their_work_is_portioned() {
    let p = town::problem();
    let present = town::solved(&p, 3);
    let change = Change::Away {
        resource: LAST - 5,
        times: day(1),
    };
    let amended = amended(&p, &present, &[change]);
    let run = |searches, portion| {
        let mut repair = Repair::together(&amended, 7, 60_000, searches);
        while repair.run(portion) {}
        (repair.cost(), repair.best())
    };
    for searches in [2, 3] {
        let whole = run(searches, 60_000);
        assert_eq!(run(searches, 700), whole, "{searches} searches");
        assert!(whole.0.hard <= evaluate(&amended.problem, &present).hard);
        assert_eq!(evaluate(&amended.problem, &whole.1), whole.0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn the_same_question_has_the_same_answer(who in 0..town::CLASSES + 7, d in 0..town::DAYS) {
        let p = town::problem();
        let present = town::solved(&p, 2);
        let amended = amended(&p, &present, &[Change::Away { resource: who, times: day(d) }]);
        let first = repaired(&amended, 300);
        prop_assert_eq!(&first, &repaired(&amended, 7000), "portions do not matter");
        // Never worse than to leave everything as it is.
        prop_assert!(first.0.hard <= evaluate(&amended.problem, &present).hard);
        // The list of moves is the whole difference.
        let mut again = present.clone();
        for way in &first.2 {
            let mut own = again.meets.iter_mut().filter(|m| m.event == way.event);
            let meet = own.find(|m| m.time == way.from).unwrap();
            meet.time = way.to;
            for seat in &way.seats {
                meet.resources[wide(seat.seat)] = seat.to;
            }
        }
        let sorted = |s: &Solution| {
            let mut meets = s.meets.clone();
            meets.sort_by_key(|m| (m.event, m.time));
            meets
        };
        prop_assert_eq!(sorted(&again), sorted(&first.1));
    }
}
