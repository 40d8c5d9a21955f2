//! Problems at random, with all kinds of rules at once; moves at random; after each move, every point's deviation
//! and the cost must be what the full evaluation says, and taking back must lead to where one was.
#![cfg(feature = "engine")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

mod random_problem;

use proptest::prelude::*;
use random_problem::any_problem;
use timetable::problem::{Facts, Notes, Problem, Rule, Solution, evaluate};
use timetable::search::{Ground, Mover, Plan, Random, Search, State, Tuning};

fn check(p: &Problem, state: &State<'_>) {
    let solution = state.solution();
    assert!(state.fits(p));
    let facts = Facts::new(p, &solution);
    for ((constraint, subject), found) in state.net().subjects().zip(state.deviations()) {
        let constraint = &p.constraints[usize::try_from(constraint).unwrap()];
        let full = constraint
            .rule
            .judge()
            .measure(subject, &facts, &mut Notes::none());
        assert_eq!(*found, full, "{} at {subject:?}", constraint.rule.kind());
    }
    assert_eq!(state.cost(), evaluate(p, &solution));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn incremental_is_full(seed in any::<u64>(), long in prop::bool::weighted(0.1)) {
        let p = any_problem(seed, long);
        let kinds: std::collections::BTreeSet<_> = p.constraints.iter().map(|c| c.rule.kind()).collect();
        prop_assert_eq!(kinds.len(), Rule::KINDS.len(), "a kind has no arm in tests/random_problem");
        let ground = Ground::new(&p);
        let mut random = Random::new(seed ^ 1);
        let empty = Solution::empty(&p).completed(&p);
        prop_assert!(empty.is_ok());
        let mut state = State::of(&ground.net, &empty.unwrap());
        check(&p, &state);
        let mut mover = Mover::new(&ground.net, &ground.domains);
        for step in 0..150 {
            let (mark, before) = (state.mark(), state.solution());
            let moved = mover.propose(&mut state, &mut random, 160);
            if step % 5 == 0 {
                check(&p, &state);
            }
            if !moved || random.permille(300) {
                state.undo(mark);
                prop_assert_eq!(state.solution(), before);
                check(&p, &state);
            } else {
                state.settle();
            }
        }
    }

    #[test]
    fn times_alone_are_counted_as_from_the_start(seed in any::<u64>()) {
        let p = any_problem(seed, false);
        let ground = Ground::new(&p);
        prop_assume!(ground.times.is_some());
        let times = ground.times.as_ref().unwrap();
        let mut random = Random::new(seed ^ 2);
        let empty = Solution::empty(&p).completed(&p).unwrap();
        let mut state = State::of(times.net(), &empty);
        let mut mover = Mover::new(times.net(), times.domains());
        for _ in 0..120 {
            let (mark, before) = (state.mark(), state.cost());
            if !mover.propose(&mut state, &mut random, 160) || random.permille(300) {
                state.undo(mark);
                prop_assert_eq!(state.cost(), before);
            } else {
                state.settle();
            }
            prop_assert_eq!(State::of(times.net(), &state.solution()).cost(), state.cost());
        }
    }

    #[test]
    fn solving_is_repeatable_and_true(seed in any::<u64>()) {
        let p = any_problem(seed, false);
        let ground = Ground::new(&p);
        let run = |portion| {
            let mut search = Search::new(&ground, Plan { seed, lane: 0, work: 6000, tuning: Tuning::default() });
            while search.run(portion) {}
            (search.cost(), search.best())
        };
        let (cost, best) = run(256);
        prop_assert_eq!(evaluate(&p, &best), cost);
        let best = best.completed(&p);
        prop_assert!(best.is_ok());
        // The portions in which the caller asks do not matter.
        prop_assert_eq!(run(1024), (cost, best.unwrap()));
    }
}
