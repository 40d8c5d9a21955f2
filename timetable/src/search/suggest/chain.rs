//! The shortest chain of moves that frees a place for a card.
//!
//! Iterative deepening: chains of one move, then of two, then of three. After each move some requirement is broken that was not
//! broken before; whatever mends it must move one of the cards that share in it, so only those are tried, for the requirement
//! with the fewest of them. No card moves twice in a chain. The hunt is therefore complete for requirements that only more
//! room can mend (clashes, limits), and a good guess for the others (gaps, which a card from elsewhere could fill).

use super::Advisor;
use crate::ids::wide;
use crate::problem::{Cost, Meet, Subject};
use crate::search::moved::Move;

/// How far to look.
#[derive(Clone, Copy, Debug)]
pub struct Hunt {
    /// Most moves of a chain; cards that run together move as one.
    pub longest: u32,
    /// Most places to try in all.
    pub work: u64,
}

impl Default for Hunt {
    fn default() -> Self {
        Self {
            longest: 3,
            work: 400_000,
        }
    }
}

/// A chain of moves after which no requirement is broken that was not broken before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The moves in their order, the card itself first; cards that run together are several.
    pub moves: Vec<Move>,
    /// The cards that move, as positions in the solution, in the same order.
    pub meets: Vec<u32>,
    /// Steps: cards that run together count once.
    pub steps: u32,
    /// What the timetable costs more (or less, if negative) after them.
    pub delta: Cost,
}

/// A hunt that is going on.
struct Trail {
    left: u64,
    /// Chains found on this level; enough of them end it.
    found: u32,
    best: Option<Found>,
    /// Slots moved so far, and in how many steps.
    path: Vec<u32>,
    steps: u32,
}

/// A chain that leads to a good end.
pub(super) struct Found {
    pub cost: Cost,
    pub steps: u32,
    /// Slots with what is in them at the end.
    pub after: Vec<(u32, Meet)>,
}

/// So many chains of one length are compared.
const ENOUGH: u32 = 400;

/// Most places of a level from which the next move is tried, best first.
const WIDE: usize = 120;

impl Advisor<'_> {
    /// The shortest chain that gives the card a place, other than its present one and those that start at `blocked`; of the
    /// chains of that length the one that costs least among those found. `None`: there is none within the limits.
    ///
    /// The advisor's timetable does not change.
    pub fn chain(&mut self, meet: u32, blocked: &[u32], hunt: Hunt) -> Option<Chain> {
        self.spent = 0;
        let group = self.group(meet);
        let first = *group.first()?;
        let before = self.state.cost();
        self.measure(&group);
        let mut barred = blocked.to_vec();
        barred.extend(self.state.time(first));
        let mut trail = Trail {
            left: hunt.work,
            found: 0,
            best: None,
            path: vec![],
            steps: 0,
        };
        let mark = self.state.mark();
        for depth in 1..=hunt.longest {
            self.step(&group, &barred, depth - 1, &mut trail);
            if trail.best.is_some() || trail.left == 0 {
                break;
            }
        }
        self.state.undo(mark);
        self.spent = hunt.work - trail.left;
        Some(self.chain_to(trail.best?, before))
    }

    /// What was found, as the moves that lead there from the present timetable, which costs `before`.
    pub(super) fn chain_to(&self, found: Found, before: Cost) -> Chain {
        let (mut moves, mut meets) = (vec![], vec![]);
        for (slot, after) in &found.after {
            if let Some(way) = Move::between(&self.meet_in(*slot), after) {
                moves.push(way);
                meets.push(self.meets[wide(*slot)]);
            }
        }
        Chain {
            moves,
            meets,
            steps: found.steps,
            delta: Cost {
                hard: found.cost.hard - before.hard,
                soft: found.cost.soft - before.soft,
            },
        }
    }

    /// Places that the last hunt tried.
    #[must_use]
    pub fn spent(&self) -> u64 {
        self.spent
    }

    /// Carries a chain out, or any other moves of whole cards: the advisor's timetable is another one after it.
    pub fn carry_out(&mut self, chain: &Chain) {
        for (meet, to) in chain.meets.iter().zip(&chain.moves) {
            let slot = self.slots[wide(*meet)];
            self.state.set_time(slot, to.to);
            for seat in &to.seats {
                self.state.set_seat(slot, seat.seat, seat.to);
            }
        }
        self.state.settle();
    }

    /// Moves a group to each of its starts but the barred ones and goes on from there.
    fn step(&mut self, group: &[u32], barred: &[u32], depth: u32, trail: &mut Trail) {
        let Some(first) = group.first() else { return };
        let event = self.net.slot_event[wide(*first)];
        let now = self.state.time(*first);
        let domains = self.domains;
        let mut places: Vec<((i64, Cost), u32)> = vec![];
        for slot in group {
            self.moved[wide(*slot)] = true;
            trail.path.push(*slot);
        }
        trail.steps += 1;
        for start in domains.starts(self.net, event, self.state.duration(*first)) {
            if Some(*start) == now || barred.contains(start) {
                continue;
            }
            if trail.left == 0 || trail.found >= ENOUGH {
                break;
            }
            trail.left -= 1;
            let mark = self.state.mark();
            self.put(group, *start);
            match self.risen() {
                0 => self.note(trail),
                by if depth > 0 => places.push(((by, self.state.cost()), *start)),
                _ => {}
            }
            self.state.undo(mark);
        }
        if depth > 0 {
            places.sort_unstable();
            places.truncate(WIDE);
            for (_, start) in places {
                if trail.left == 0 || trail.found >= ENOUGH {
                    break;
                }
                let mark = self.state.mark();
                self.put(group, start);
                self.mend(depth, trail);
                self.state.undo(mark);
            }
        }
        for slot in group {
            self.moved[wide(*slot)] = false;
            trail.path.pop();
        }
        trail.steps -= 1;
    }

    /// Tries to mend the requirement with the fewest cards that share in it by moving one of them.
    fn mend(&mut self, depth: u32, trail: &mut Trail) {
        let mine = trail.path.clone();
        // A class of many subgroups is many kinds of pupils, and each of them is told anew: what the same cards share in is one.
        let mut broken: Vec<Vec<u32>> = vec![];
        for at in 0..self.state.broken(true).len() {
            let point = self.state.broken(true)[at];
            if self.rise(point) <= 0 {
                continue;
            }
            let mut cards = self.sharers(point, &mine);
            cards.retain(|slot| !self.is_fixed(*slot) && !self.moved[wide(*slot)]);
            cards.sort_unstable();
            cards.dedup();
            if !broken.contains(&cards) {
                broken.push(cards);
            }
            // A move seldom mends more than a few requirements at once.
            if broken.len() > wide(6 * depth) {
                return;
            }
        }
        let fewest = broken.into_iter().min_by_key(Vec::len);
        for slot in fewest.unwrap_or_default() {
            let mut group = self.group_of(slot);
            group.retain(|s| !self.moved[wide(*s)]);
            self.step(&group, &[], depth - 1, trail);
        }
    }

    /// The cards of which one must move to mend a point: those in the way of the moved ones; if nobody is, whoever the point
    /// is about.
    pub(super) fn sharers(&self, point: u32, mine: &[u32]) -> Vec<u32> {
        let found = self.concerned(point, mine);
        if !found.is_empty() {
            return found;
        }
        let events: Vec<u32> = match self.net.points[wide(point)].subject {
            Subject::Resource(who) => self.domains.events_of(who).to_vec(),
            Subject::Event(e) | Subject::Seat(e, _) => vec![e],
            _ => vec![],
        };
        let slots = events.into_iter().flat_map(|e| self.net.slots_of(e));
        slots.filter(|s| self.state.duration(*s) > 0).collect()
    }

    /// By how much requirements are broken more than they may be, in price.
    pub(super) fn risen(&self) -> i64 {
        let broken = self.state.broken(true).iter();
        broken.map(|point| self.rise(*point).max(0)).sum()
    }

    /// Starts a group somewhere; seats to be chosen go to somebody free, to the present one if possible.
    pub(super) fn put(&mut self, group: &[u32], start: u32) {
        for slot in group {
            self.state.set_time(*slot, Some(start));
        }
        for slot in group {
            let event = self.net.slot_event[wide(*slot)];
            let times = start..start + self.state.duration(*slot);
            for seat in self.domains.open(event) {
                let key = wide(self.net.first_seat[wide(event)]) + wide(*seat);
                let open = |who: u32| times.clone().all(|t| !self.domains.is_closed(who, t));
                let fine = match self.state.seat(*slot, *seat) {
                    Some(who) => open(who) && times.clone().all(|t| self.state.busy(who, t) == 1),
                    None => self.domains.may_be_empty(key),
                };
                if fine {
                    continue;
                }
                let mut choices = self.domains.choices(key).iter().copied();
                let free =
                    choices.find(|who| open(*who) && times.clone().all(|t| self.state.busy(*who, t) == 0));
                if free.is_some() {
                    self.state.set_seat(*slot, *seat, free);
                }
            }
        }
    }

    /// Keeps the present chain if it is the cheapest of its length.
    fn note(&self, trail: &mut Trail) {
        trail.found += 1;
        let cost = self.state.cost();
        if trail.best.as_ref().is_none_or(|b| cost < b.cost) {
            trail.best = Some(Found {
                cost,
                steps: trail.steps,
                after: trail
                    .path
                    .iter()
                    .map(|slot| (*slot, self.meet_in(*slot)))
                    .collect(),
            });
        }
    }
}
