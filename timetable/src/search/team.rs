//! Several searches at once, on a thread each, that meet after fixed amounts of work: what comes out depends on the seed, the
//! number of searches and the work, and not on which thread was faster.

use super::solver::{Ground, Plan, Search};
use crate::problem::{Cost, Solution};

/// Work between two meetings of the searches.
pub(crate) const MEETING: u64 = 1 << 14;

/// Searches that work together.
pub struct Team<'a> {
    lanes: Vec<Search<'a>>,
    /// Those whose thread has panicked: what they hold may be half done, so nobody takes anything from them.
    fallen: Vec<bool>,
    /// Moves of the legs of each round that had some (see [`Team::run`]).
    pub(super) legs: Vec<Vec<u64>>,
}

impl<'a> Team<'a> {
    /// So many searches of one plan; only their random choices differ.
    #[must_use]
    pub fn new(ground: &'a Ground, plan: Plan, lanes: u32) -> Self {
        let lane = |lane| Search::begin(ground, Plan { lane, ..plan });
        let lanes: Vec<_> = (0..lanes.max(1)).map(lane).collect();
        Self {
            fallen: vec![false; lanes.len()],
            lanes,
            legs: vec![],
        }
    }

    /// Whether a search has panicked. All have stopped then, and the best is that of the others.
    #[must_use]
    pub fn has_fallen(&self) -> bool {
        self.fallen.contains(&true)
    }

    /// Makes the first timetables. After each portion of each search `watch` is asked, on its thread; false stops them all.
    /// Gives whether nobody has stopped it.
    pub fn build(&mut self, watch: &(impl Fn(&Search<'a>) -> bool + Sync), portion: u64) -> bool {
        self.each(&|search: &mut Search<'a>| {
            while search.is_building() {
                search.run_within_round(portion);
                if !watch(search) {
                    return false;
                }
            }
            true
        })
    }

    /// Learns what moves cost: [`SAMPLE`](super::solver::SAMPLE) moves of each search; `watch` as with [`Team::build`], asked after
    /// every hundred moves or so.
    pub fn learn(&mut self, watch: &(impl Fn(&Search<'a>) -> bool + Sync)) -> bool {
        self.each(&|search: &mut Search<'a>| {
            while search.is_learning() {
                search.run_within_round(1);
                if !watch(search) {
                    return false;
                }
            }
            true
        })
    }

    /// Works to the end of the present round, in portions; `watch` as with [`Team::build`]. Gives whether there is more to do
    /// and nobody has stopped it.
    pub fn run_round(&mut self, watch: &(impl Fn(&Search<'a>) -> bool + Sync), portion: u64) -> bool {
        self.run_leg(u64::MAX, watch, portion)
    }

    /// The same for so many moves of each, if the round is not over before.
    pub(super) fn run_leg(
        &mut self,
        moves: u64,
        watch: &(impl Fn(&Search<'a>) -> bool + Sync),
        portion: u64,
    ) -> bool {
        let mut rest = moves;
        loop {
            let meeting = MEETING.min(rest);
            let going = self.each(&|search: &mut Search<'a>| {
                let mut left = meeting;
                while left > 0 {
                    let now = left.min(portion);
                    let more = search.run_within_round(now);
                    if !watch(search) {
                        return false;
                    }
                    if !more {
                        break;
                    }
                    left -= now;
                }
                true
            });
            if !going || self.lanes.iter().any(Search::is_over) {
                return false;
            }
            rest -= meeting;
            if rest == 0 || !self.is_within_round() {
                return true;
            }
        }
    }

    /// Whether a round goes on.
    pub(super) fn is_within_round(&self) -> bool {
        self.lanes.iter().any(Search::is_within_round)
    }

    /// Begins the next round: everyone from the best timetable that anyone has. False if there is none.
    pub fn go_on(&mut self) -> bool {
        let best = self.leader().found();
        let mut more = false;
        for search in &mut self.lanes {
            search.adopt(&best);
            more |= search.go_on();
        }
        more
    }

    /// Does something with each search.
    pub fn for_each(&mut self, what: impl FnMut(&mut Search<'a>)) {
        self.lanes.iter_mut().for_each(what);
    }

    /// The searches.
    #[must_use]
    pub fn lanes(&self) -> &[Search<'a>] {
        &self.lanes
    }

    /// The best timetable so far and its cost.
    #[must_use]
    pub fn best(&self) -> (Cost, Solution) {
        let leader = self.leader();
        (leader.cost(), leader.best())
    }

    /// The search with the best timetable, of those that stand; among equals the first.
    fn leader(&self) -> &Search<'a> {
        let standing = self.lanes.iter().zip(&self.fallen);
        let standing = standing.filter(|(_, fallen)| !**fallen).map(|(search, _)| search);
        // the last one that falls takes the caller with it
        standing
            .min_by_key(|search| search.cost())
            .unwrap_or(&self.lanes[0])
    }

    /// Does something with each search, on a thread of its own if there are several; gives whether all said yes. A panic of one is a
    /// no, and told by [`Team::has_fallen`]; where none is left it goes on to the caller.
    fn each(&mut self, work: &(impl Fn(&mut Search<'a>) -> bool + Sync)) -> bool {
        if let [only] = self.lanes.as_mut_slice() {
            return work(only);
        }
        std::thread::scope(|scope| {
            let threads: Vec<_> = self
                .lanes
                .iter_mut()
                .map(|search| scope.spawn(move || work(search)))
                .collect();
            let mut going = true;
            let mut last = None;
            // every thread is waited for
            for (thread, fallen) in threads.into_iter().zip(&mut self.fallen) {
                match thread.join() {
                    Ok(yes) => going &= yes,
                    Err(panic) => {
                        (going, *fallen) = (false, true);
                        last = Some(panic);
                    }
                }
            }
            match last {
                Some(panic) if !self.fallen.contains(&false) => std::panic::resume_unwind(panic),
                _ => going,
            }
        })
    }
}
