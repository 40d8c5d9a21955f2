//! A search from a timetable that is there already.

use std::sync::Mutex;
use std::time::Duration;

use anyhow::Result;
use timetable::compose::Lane;
use timetable::problem::{Cost, Problem, Solution, evaluate};
use timetable::search::{Ground, Plan, Tuning};

use super::clock::{Clock, SHORTEST};
use super::conflicts::Words;
use super::files;
use super::language::Language;
use super::stop::Stop;

/// Moves between two looks at the clock.
const PORTION: u64 = 512;
/// Moves by which it is measured how fast the machine is.
const TRIAL: u64 = 1 << 14;
/// Parts of the time that is left for the searches one after the other, each from the best so far: one that is cut off before it
/// has cooled is worth little. The last part goes for all that come after, for moves become faster and leave time over.
const PARTS: [f64; 3] = [0.6, 0.7, 0.9];
/// What is less than this part of the time is no more searched in.
const REST: u32 = 50;

/// The moves of the search of this number, with so much of the whole time left at this rate; `None`: no further search.
fn planned(number: usize, left: Duration, whole: Duration, rate: f64) -> Option<u64> {
    let part = PARTS.get(number).or(PARTS.last())?;
    let work = Duration::try_from_secs_f64(rate * left.as_secs_f64() * part);
    let work = work.map_or(0, |d| d.as_secs());
    (work >= PORTION && left > whole / REST).then_some(work)
}

/// What is asked of the search.
pub struct Asked<'a> {
    /// Seed of all random choices.
    pub seed: u64,
    /// Threads.
    pub threads: u32,
    /// Time there is.
    pub limit: Duration,
    /// Moves of each search on each thread, instead of the time.
    pub work: &'a [u64],
    /// Settings of the annealing.
    pub tuning: Tuning,
    /// Ends as soon as nothing required is broken.
    pub until_complete: bool,
    /// Language of what is told.
    pub language: Language,
    /// When the run began.
    pub started: &'a Clock,
}

/// The best that was found from there on; never worse than the present timetable.
pub fn search(
    problem: &Problem,
    present: &Solution,
    asked: &Asked<'_>,
    stop: &Stop,
) -> Result<(Solution, Cost)> {
    let first = evaluate(problem, present);
    let best_told = Mutex::new(first);
    let (id, Cost { hard, soft }) = (&problem.id, first);
    files::complain(&match asked.language {
        Language::En => format!("{id}: from hard {hard}, soft {soft}"),
        Language::Ru => format!("{id}: было: обязательное {hard}, пожелания {soft}"),
    });
    let Some(ground) = Ground::watched(problem, &|| !stop.is_wanted()) else {
        return Ok((present.clone(), first));
    };
    let searcher = |lane| Searcher {
        problem,
        ground: &ground,
        asked,
        stop,
        told: &best_told,
        lane,
        best: (first, present.clone()),
    };
    let found: Vec<(Cost, Solution)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..asked.threads)
            .map(|lane| scope.spawn(move || searcher(lane).run()))
            .collect();
        threads
            .into_iter()
            .filter_map(|thread| thread.join().ok())
            .collect()
    });
    // among equals the first thread's: what comes out does not depend on which was faster
    let best = found
        .into_iter()
        .reduce(|best, other| if other.0 < best.0 { other } else { best });
    let (cost, solution) = best.unwrap_or_else(|| (first, present.clone()));
    Ok((solution, cost))
}

/// One thread.
struct Searcher<'a> {
    problem: &'a Problem,
    ground: &'a Ground,
    asked: &'a Asked<'a>,
    stop: &'a Stop,
    told: &'a Mutex<Cost>,
    lane: u32,
    best: (Cost, Solution),
}

impl Searcher<'_> {
    fn run(mut self) -> (Cost, Solution) {
        if self.asked.work.is_empty() {
            let since = self.asked.started.elapsed();
            let mut done = self.pass(TRIAL, self.asked.limit / 20);
            let mut rate = self.speed(done, since);
            for number in 0.. {
                let left = self.asked.limit.saturating_sub(self.asked.started.elapsed());
                let work = planned(number, left, self.asked.limit, rate);
                let Some(work) = work.filter(|_| !self.is_over()) else {
                    break;
                };
                let since = self.asked.started.elapsed();
                done = self.pass(work, left);
                rate = self.speed(done, since);
            }
        } else {
            for work in self.asked.work {
                self.pass(*work, Duration::MAX);
            }
        }
        self.best
    }

    fn is_over(&self) -> bool {
        let complete = self.asked.until_complete && self.best.0.hard == 0;
        complete || self.best.0 == Cost::default() || self.stop.is_wanted()
    }

    /// One search from the best; gives the moves that it tried.
    fn pass(&mut self, work: u64, limit: Duration) -> u64 {
        let plan = Plan {
            seed: self.asked.seed,
            lane: self.lane,
            work,
            tuning: self.asked.tuning,
        };
        let since = self.asked.started.elapsed();
        let mut lane = Lane::new(self.ground, plan, Some(&self.best.1));
        let mut done = 0;
        let passed = || self.asked.started.elapsed().saturating_sub(since);
        while !self.is_over() && passed() < limit && lane.run(PORTION) {
            done += PORTION;
            self.look(lane.cost());
            if self.asked.until_complete && lane.cost().hard == 0 {
                break;
            }
        }
        if lane.cost() < self.best.0
            && let Ok(whole) = lane.best().completed(self.problem)
        {
            self.best = (lane.cost(), whole);
        }
        done
    }

    /// Moves a second.
    fn speed(&self, moves: u64, since: Duration) -> f64 {
        let passed = self.asked.started.elapsed().saturating_sub(since);
        Duration::from_secs(moves).as_secs_f64() / passed.max(SHORTEST).as_secs_f64()
    }

    /// A line for each new best over all threads.
    fn look(&self, cost: Cost) {
        let Ok(mut told) = self.told.lock() else { return };
        if cost < *told {
            *told = cost;
            let words = Words {
                problem: self.problem,
                language: self.asked.language,
            };
            files::complain(&words.reached(self.asked.started.elapsed(), cost, None));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, planned};

    /// Each search is faster than the one before said: still hardly anything of the time is left over.
    #[test]
    fn searches_follow_one_another_until_the_time_is_used() {
        let whole = Duration::from_secs(10);
        for faster in [1.0, 1.3, 2.0] {
            let (mut left, mut rate, mut number) = (whole, 50_000.0, 0);
            while let Some(work) = planned(number, left, whole, rate) {
                rate *= faster;
                left = left.saturating_sub(Duration::from_secs(work).div_f64(rate));
                number += 1;
            }
            assert!(left <= whole / 50, "{faster}: {left:?} after {number}");
            assert!((3..20).contains(&number), "{faster}: {number}");
        }
        assert_eq!(planned(0, whole, whole, 1.0), None, "too slow to be worth it");
    }
}
