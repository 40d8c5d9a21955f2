//! Moves that nothing needs: only those are taken over that meet the requirements, and of what has moved together all goes home at once.

use super::lane::{COLD, HARD, Lane, STRICT};
use crate::ids::{narrow, wide};
use crate::search::anneal::{self, Cooling, Tools};

/// Moves of the annealing after a block of cards has been sent home, and its first temperature as a [`Manner`](super::lane::Manner) says it.
const BLOCK: u64 = 4_096;
const BLOCK_HEAT: f64 = 2.0;

/// A card that has moved: its slot, its meet in the present timetable, and where it is.
pub(super) type Away = (u32, usize, Option<u32>, Vec<Option<u32>>);

/// Of more cards than this it is not asked which moves are needed: of a timetable made from nothing all are.
const MOST_BACK: usize = 400;

impl Lane<'_> {
    /// Goes on with blocks: each begins at the best so far.
    pub(super) fn go_by_blocks(&mut self, to: u64, go_on: &dyn Fn() -> bool) -> bool {
        let price = f64::from(self.amended.price.time.max(1));
        let cooling = Cooling {
            from: price / BLOCK_HEAT,
            to: price / COLD,
            moves: BLOCK,
            hard: price * HARD,
            reach: price * HARD,
            ratios: None,
            press: None,
        };
        if self.reached == 0 && !self.take_what_is_needed(go_on) {
            return false;
        }
        while self.reached < to {
            if !go_on() {
                return false;
            }
            let at = self.reached % BLOCK;
            if at == 0 {
                self.balance = STRICT;
                self.best.restore(&mut self.state);
                self.send_block_home();
            }
            let end = BLOCK.min(at + (to - self.reached));
            let mut tools = Tools {
                mover: &mut self.mover,
                random: &mut self.random,
                thresholds: &self.thresholds,
                balance: &mut self.balance,
                best: &mut self.best,
            };
            anneal::run(&mut self.state, &mut tools, &cooling, at..end);
            self.reached += end - at;
        }
        true
    }

    /// Puts all cards that have moved back home, and then one after the other where they were, each time the one that costs least, until
    /// every requirement is met: moves that have nothing to do with what had to be met stay out.
    fn take_what_is_needed(&mut self, go_on: &dyn Fn() -> bool) -> bool {
        let weight = anneal::nearest(f64::from(self.amended.price.time) * HARD * 16.0).max(1);
        let mut back = match self.back.take() {
            Some(back) => back,
            None => {
                self.best.restore(&mut self.state);
                let back = self.away();
                for (slot, meet, _, _) in &back {
                    self.lay(*slot, *meet);
                }
                back
            }
        };
        while back.len() <= MOST_BACK && !back.is_empty() && self.state.cost().hard > 0 {
            if !go_on() {
                self.back = Some(back);
                return false;
            }
            let mut least: Option<(i64, usize)> = None;
            for (at, (slot, _, time, seats)) in back.iter().enumerate() {
                let mark = self.state.mark();
                self.put(*slot, *time, seats);
                let price = self.state.merged(weight);
                self.state.undo(mark);
                if least.is_none_or(|(known, _)| price < known) {
                    least = Some((price, at));
                }
            }
            let Some((_, at)) = least else { break };
            let (slot, _, time, seats) = back.swap_remove(at);
            self.put(slot, time, &seats);
            self.state.settle();
        }
        if self.state.cost() < self.best.cost() {
            self.best.keep(&self.state);
        }
        // an empty list: it is over
        self.back = Some(vec![]);
        true
    }

    /// Cards that are not where they were, nor on the seats that they had.
    fn away(&self) -> Vec<Away> {
        let mut next = self.amended.ground.net.first_slot.clone();
        let mut away = vec![];
        for (at, meet) in self.amended.present.meets.iter().enumerate() {
            let slot = next[wide(meet.event)];
            next[wide(meet.event)] += 1;
            let whole = self.state.duration(slot) == meet.duration;
            let seats: Vec<Option<u32>> = (0..narrow(meet.resources.len()))
                .map(|seat| self.state.seat(slot, seat))
                .collect();
            if whole && meet.time.is_some() && (self.state.time(slot) != meet.time || seats != meet.resources)
            {
                away.push((slot, at, self.state.time(slot), seats));
            }
        }
        away
    }

    /// Puts a card where it was.
    fn lay(&mut self, slot: u32, meet: usize) {
        let amended = self.amended;
        let of = &amended.present.meets[meet];
        self.put(slot, of.time, &of.resources);
        self.state.settle();
    }

    fn put(&mut self, slot: u32, time: Option<u32>, seats: &[Option<u32>]) {
        self.state.set_time(slot, time);
        let amended = self.amended;
        for seat in amended
            .ground
            .domains
            .open(amended.ground.net.slot_event[wide(slot)])
        {
            if let Some(own) = seats.get(wide(*seat)).copied().flatten() {
                self.state.set_seat(slot, *seat, Some(own));
            }
        }
    }

    /// Puts the cards of somebody that have moved back to where they were, with what runs with them, whatever that breaks.
    fn send_block_home(&mut self) {
        let amended = self.amended;
        let away = self.away();
        let Some((_, of, ..)) = away.get(wide(self.random.below(narrow(away.len()).max(1)))) else {
            return;
        };
        let event = |meet: usize| amended.present.meets[meet].event;
        let fixed = |event: u32| amended.problem.event(event).seats.iter().filter_map(|s| s.fixed);
        let people: Vec<u32> = fixed(event(*of)).collect();
        let Some(who) = people.get(wide(self.random.below(narrow(people.len()).max(1)))) else {
            return;
        };
        let has = |meet: usize| fixed(event(meet)).any(|other| other == *who);
        let block: Vec<usize> = away
            .iter()
            .map(|(_, meet, ..)| *meet)
            .filter(|m| has(*m))
            .collect();
        let runs_with = |meet: usize| {
            let partners = amended.ground.domains.partners(event(meet));
            let home = amended.present.meets[meet].time;
            let with = |other: &usize| amended.present.meets[*other].time == home;
            block
                .iter()
                .any(|other| with(other) && partners.contains(&event(*other)))
        };
        for (slot, meet, ..) in &away {
            if has(*meet) || runs_with(*meet) {
                self.lay(*slot, *meet);
            }
        }
    }
}
