//! Longer chains of moves than [`Advisor::chain`] looks at, of which only the most promising are followed: for repairs, where
//! a card must leave its place and three moves are not enough.
//!
//! A beam search: all places of the card first, then, level by level, each place of each card that could mend what the moves
//! before have broken. Of a level only the cheapest are followed (by what requirements are broken more, then by cost), and
//! of these not all from one first place. It ends at the first level that has a good end.

use std::collections::{BTreeMap, BTreeSet};

use super::Advisor;
use super::chain::{Chain, Found, Hunt};
use crate::ids::{narrow, wide};
use crate::problem::{Cost, Rule, Subject};

/// How far to look, and how wide.
#[derive(Clone, Copy, Debug)]
pub struct Beam {
    /// Most moves of a chain; cards that run together move as one.
    pub longest: u32,
    /// So many of a level are followed.
    pub width: usize,
    /// Most places to try in all.
    pub work: u64,
}

impl Default for Beam {
    fn default() -> Self {
        Self {
            longest: 7,
            width: 60,
            work: 150_000,
        }
    }
}

/// Of one level, so many parts of the width may come from one first place.
const SHARE: usize = 4;

/// Requirements that are looked at for the one with the fewest cards to move.
const LOOKED_AT: usize = 12;

/// A group of cards goes to a start.
type Put = (Vec<u32>, u32);

/// A card that could mend something, and the starts at which it would; `None`: wherever it goes.
type Able = (u32, Option<Vec<u32>>);

/// The same with what moves along.
type Mender = (Vec<u32>, Option<Vec<u32>>);

/// Moves so far.
#[derive(Clone, Default)]
struct Trail {
    puts: Vec<Put>,
}

impl Trail {
    fn slots(&self) -> Vec<u32> {
        self.puts
            .iter()
            .flat_map(|(group, _)| group.iter().copied())
            .collect()
    }

    /// What it comes to, in whatever order.
    fn key(&self) -> Vec<(u32, u32)> {
        let each = |(group, start): &Put| group.iter().map(|s| (*s, *start)).collect::<Vec<_>>();
        let mut key: Vec<(u32, u32)> = self.puts.iter().flat_map(each).collect();
        key.sort_unstable();
        key
    }
}

/// A move that goes on from a trail of the level.
struct Next {
    /// What requirements are broken more, and the cost.
    price: (i64, Cost),
    from: usize,
    put: Put,
}

/// A hunt for a chain that is going on; it can be left between two trails and gone on with later.
pub struct Reach {
    beam: Beam,
    group: Vec<u32>,
    before: Cost,
    barred: Vec<u32>,
    /// Moves of the chains of this level, the trails that it goes on from, and how many of them have been followed.
    steps: u32,
    level: Vec<Trail>,
    followed: usize,
    all: Vec<Next>,
    best: Option<Found>,
}

/// How wide chains are looked for that [`Advisor::chain`] has not found.
const WIDE: usize = 200;

impl Advisor<'_> {
    /// The chain of [`Advisor::chain`], else one of [`Advisor::reach`] that is no longer and takes a quarter of that work more:
    /// it knows which cards fill a gap.
    pub fn find(&mut self, meet: u32, blocked: &[u32], hunt: Hunt) -> Option<Chain> {
        if let Some(chain) = self.chain(meet, blocked, hunt) {
            return Some(chain);
        }
        let spent = self.spent;
        let beam = Beam {
            longest: hunt.longest,
            width: WIDE,
            work: hunt.work / 4,
        };
        let found = self.reach(meet, blocked, beam);
        self.spent += spent;
        found
    }

    /// A short chain that gives the card another place than its present one and those that start at `blocked`, and after which no
    /// requirement is broken that was not broken before. `None`: none was found within the limits. Among the chains of the
    /// first length at which there is one, the cheapest that was met.
    ///
    /// The advisor's timetable does not change.
    pub fn reach(&mut self, meet: u32, blocked: &[u32], beam: Beam) -> Option<Chain> {
        self.reach_while(meet, blocked, beam, &|| true)
    }

    /// The same as long as `go_on` says so, which is asked before each trail is followed. If it says no, there is no chain.
    pub fn reach_while(
        &mut self,
        meet: u32,
        blocked: &[u32],
        beam: Beam,
        go_on: &dyn Fn() -> bool,
    ) -> Option<Chain> {
        let mut reach = self.begin_reach(meet, blocked, beam)?;
        self.go_on_reaching(&mut reach, go_on)?
    }

    /// Begins such a hunt; `None` for a card that cannot move. Until it is over nothing else may be asked of the advisor.
    pub fn begin_reach(&mut self, meet: u32, blocked: &[u32], beam: Beam) -> Option<Reach> {
        self.spent = 0;
        let group = self.group(meet);
        let first = *group.first()?;
        let before = self.state.cost();
        self.measure(&group);
        let mut barred = blocked.to_vec();
        barred.extend(self.state.time(first));
        Some(Reach {
            beam,
            group,
            before,
            barred,
            steps: 1,
            level: vec![Trail::default()],
            followed: 0,
            all: vec![],
            best: None,
        })
    }

    /// Goes on with a hunt; `None` if it was told to stop before it was over. What it comes to does not depend on how often it was.
    pub fn go_on_reaching(&mut self, reach: &mut Reach, go_on: &dyn Fn() -> bool) -> Option<Option<Chain>> {
        while reach.steps <= reach.beam.longest {
            while let Some(trail) = reach.level.get(reach.followed) {
                if self.spent >= reach.beam.work {
                    break;
                }
                if !go_on() {
                    return None;
                }
                let mark = self.state.mark();
                for (group, start) in &trail.puts {
                    self.put(group, *start);
                }
                let movers = match reach.steps {
                    1 => vec![(reach.group.clone(), None)],
                    _ => self.menders(&trail.slots()),
                };
                let from = (reach.followed, trail, reach.steps);
                for mover in movers {
                    self.places(mover, &reach.barred, from, &mut reach.all, &mut reach.best);
                }
                self.state.undo(mark);
                reach.followed += 1;
            }
            if reach.best.is_some() || self.spent >= reach.beam.work {
                break;
            }
            let all = std::mem::take(&mut reach.all);
            reach.level = narrowed(all, &reach.level, reach.beam.width);
            reach.followed = 0;
            reach.steps += 1;
        }
        let best = reach.best.take();
        Some(best.map(|best| self.chain_to(best, reach.before)))
    }

    /// Tries a group at each of its starts, or at those of them that are of use.
    fn places(
        &mut self,
        (mover, useful): Mender,
        barred: &[u32],
        (from, trail, steps): (usize, &Trail, u32),
        all: &mut Vec<Next>,
        best: &mut Option<Found>,
    ) {
        let Some(first) = mover.first().copied() else {
            return;
        };
        let event = self.net.slot_event[wide(first)];
        let now = self.state.time(first);
        let domains = self.domains;
        for start in domains.starts(self.net, event, self.state.duration(first)) {
            let useless = useful.as_ref().is_some_and(|these| !these.contains(start));
            if Some(*start) == now || useless || steps == 1 && barred.contains(start) {
                continue;
            }
            self.spent += 1;
            let mark = self.state.mark();
            self.put(&mover, *start);
            let cost = self.state.cost();
            match self.risen() {
                0 if best.as_ref().is_none_or(|b| cost < b.cost) => {
                    let slots = trail.slots().into_iter().chain(mover.iter().copied());
                    *best = Some(Found {
                        cost,
                        steps,
                        after: slots.map(|slot| (slot, self.meet_in(slot))).collect(),
                    });
                }
                0 => {}
                by => all.push(Next {
                    price: (by, cost),
                    from,
                    put: (mover.clone(), *start),
                }),
            }
            self.state.undo(mark);
        }
    }

    /// Groups of cards of which one must move: for the requirement, of those broken more than they may be, that has the fewest.
    fn menders(&self, mine: &[u32]) -> Vec<Mender> {
        let mut fewest: Option<Vec<Able>> = None;
        let mut seen = 0;
        for point in self.state.broken(true) {
            if self.rise(*point) <= 0 {
                continue;
            }
            let mut cards = self.able(*point, mine);
            cards.retain(|(slot, _)| !self.is_fixed(*slot) && !mine.contains(slot));
            cards.sort_unstable();
            cards.dedup_by_key(|(slot, _)| *slot);
            if fewest.as_ref().is_none_or(|few| cards.len() < few.len()) {
                fewest = Some(cards);
            }
            seen += 1;
            if seen >= LOOKED_AT {
                break;
            }
        }
        let mut groups: Vec<Mender> = vec![];
        for (slot, starts) in fewest.unwrap_or_default() {
            if groups.iter().any(|(group, _)| group.contains(&slot)) {
                continue;
            }
            let mut group = self.group_of(slot);
            group.retain(|s| !mine.contains(s));
            groups.push((group, starts));
        }
        groups
    }

    /// Cards that could mend a point, and the starts at which they would, if not any.
    fn able(&self, point: u32, mine: &[u32]) -> Vec<Able> {
        let of = &self.net.points[wide(point)];
        let rule = &self.problem.constraints[wide(of.constraint)].rule;
        match (of.subject, rule) {
            (Subject::Resource(who), Rule::LimitIdleTimes(rule)) => self.fillers(who, &rule.time_groups),
            _ => self
                .sharers(point, mine)
                .into_iter()
                .map(|slot| (slot, None))
                .collect(),
        }
    }

    /// A gap is mended by a card of whoever has it: one that comes into it, or one at the edge of the day that goes.
    fn fillers(&self, who: u32, days: &[u32]) -> Vec<Able> {
        let (mut holes, mut edges) = (vec![], vec![]);
        for day in days {
            let times = &self.problem.time_groups[wide(*day)].times;
            let busy = |t: &&u32| self.state.busy(who, **t) > 0;
            let (Some(first), Some(last)) = (times.iter().find(busy), times.iter().rev().find(busy)) else {
                continue;
            };
            let inside = times.iter().filter(|t| *t > first && *t < last);
            let before = holes.len();
            holes.extend(inside.filter(|t| self.state.busy(who, **t) == 0));
            if holes.len() > before {
                edges.extend([*first, *last]);
            }
        }
        let mut found: Vec<Able> = vec![];
        for time in edges {
            found.extend(self.state.only(who, time).map(|slot| (slot, None)));
        }
        let events = self.domains.events_of(who).iter();
        for slot in events.flat_map(|e| self.net.slots_of(*e)) {
            let duration = self.state.duration(slot);
            if duration == 0 {
                continue;
            }
            let into = |hole: &u32| (hole + 1).saturating_sub(duration)..=*hole;
            found.push((slot, Some(holes.iter().flat_map(into).collect())));
        }
        found
    }
}

/// The cheapest moves as the trails of the next level.
fn narrowed(mut all: Vec<Next>, level: &[Trail], width: usize) -> Vec<Trail> {
    all.sort_by(|a, b| (a.price, a.from, &a.put).cmp(&(b.price, b.from, &b.put)));
    let most = (width / SHARE).max(1);
    let (mut seen, mut shares) = (BTreeSet::new(), BTreeMap::<u32, u32>::new());
    let mut next = vec![];
    for step in all {
        if next.len() >= width {
            break;
        }
        let mut trail = level.get(step.from).cloned().unwrap_or_default();
        trail.puts.push(step.put);
        let start = trail.puts.first().map_or(0, |(_, start)| *start);
        let share = shares.entry(start).or_default();
        if *share < narrow(most) && seen.insert(trail.key()) {
            *share += 1;
            next.push(trail);
        }
    }
    next
}
