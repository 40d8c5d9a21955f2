//! Dealing: all meets of one resource and duration are taken up and dealt to its times anew, at once and exactly.
//!
//! Meets of one class exclude one another, so which of them takes which time is an assignment problem: the price of each meet at
//! each time is what the timetable costs with it there and the others taken up. That is exact as far as the meets have nothing but
//! their class (and no day) in common, and a good guess otherwise; the caller judges what comes out.

use super::Mover;
use crate::ids::{narrow, wide};
use crate::search::net::NONE;
use crate::search::random::Random;
use crate::search::state::State;

/// Most meets that are dealt at once.
const HAND: usize = 40;

/// Moves between two deals, for each place that is priced in one.
const REST: usize = 2;

/// What a start costs that rules forbid.
const FORBIDDEN: i64 = 1 << 44;

/// What is dealt, kept to be used again.
#[derive(Default)]
pub(super) struct Table {
    /// Where each group of meets that run together begins in the chain.
    groups: Vec<usize>,
    /// Where each of them was.
    before: Vec<u32>,
    /// The times to deal to.
    starts: Vec<u32>,
    /// A row for each group.
    prices: Vec<i64>,
    matching: Matching,
}

impl Mover<'_> {
    /// Deals the meets of somebody anew.
    pub(super) fn deal(&mut self, state: &mut State<'_>, random: &mut Random, hard: i64) -> bool {
        let Some(slot) = self.timed_slot(state, random) else {
            return false;
        };
        let clashing = |who: &u32| *who != NONE && self.net.clashes(*who);
        let who = random.pick(state.cells(slot)).filter(clashing);
        let Some(who) = who else { return false };
        let mut table = std::mem::take(&mut self.table);
        let dealt = self.take_up(state, who, state.duration(slot), &mut table, random)
            && self.deal_out(state, &mut table, random, hard);
        self.table = table;
        dealt
    }

    /// Collects the meets, and the times that they have or could have; false if there is nothing to choose.
    fn take_up(
        &mut self,
        state: &State<'_>,
        who: u32,
        duration: u32,
        table: &mut Table,
        random: &mut Random,
    ) -> bool {
        let net = self.net;
        self.begin();
        table.groups.clear();
        table.starts.clear();
        table.before.clear();
        let events = self.domains.events_of(who);
        let count = narrow(events.len());
        let from = random.below(count);
        for event in (0..count).map(|i| events[wide((from + i) % count)]) {
            if net.event_time[wide(event)] != NONE || table.groups.len() >= HAND {
                continue;
            }
            for slot in net.slots_of(event) {
                let Some(start) = state.time(slot) else { continue };
                if state.duration(slot) == duration
                    && self.stamps[wide(slot)] != self.stamp
                    && state.cells(slot).contains(&who)
                {
                    table.groups.push(self.chain.len());
                    table.starts.push(start);
                    table.before.push(start);
                    self.gather(state, slot, net.times);
                }
            }
        }
        table.groups.push(self.chain.len());
        // Times at which nobody wants it; longer meets do not overlap.
        let mut time = 0;
        while time + duration <= net.times {
            if (time..time + duration).all(|t| state.busy(who, t) == 0) {
                table.starts.push(time);
                time += duration;
            } else {
                time += 1;
            }
        }
        table.before.len() > 1
    }

    fn deal_out(&mut self, state: &mut State<'_>, table: &mut Table, random: &mut Random, hard: i64) -> bool {
        let (rows, columns) = (table.before.len(), table.starts.len());
        self.rest = REST * rows * columns;
        state.set_times(&self.chain);
        let without = state.merged(hard);
        table.prices.clear();
        for row in 0..rows {
            let group = table.groups[row]..table.groups[row + 1];
            let slot = self.chain[group.start].0;
            let (event, duration) = (self.net.slot_event[wide(slot)], state.duration(slot));
            let known = self.domains.is_good(self.net, event, duration, table.before[row]);
            for column in 0..columns {
                let start = table.starts[column];
                let price = if known && !self.domains.is_good(self.net, event, duration, start) {
                    FORBIDDEN
                } else {
                    for at in group.clone() {
                        self.chain[at].1 = start;
                    }
                    let mark = state.mark();
                    state.set_times(&self.chain[group.clone()]);
                    let price = state.merged(hard) - without;
                    state.undo(mark);
                    // Among equals, chance decides.
                    price * 16 + i64::from(random.below(16))
                };
                table.prices.push(price);
            }
        }
        table.matching.solve(rows, columns, &table.prices);
        let mut changed = false;
        for row in 0..rows {
            let start = table.starts[table.matching.column_of(row)];
            changed |= start != table.before[row];
            for at in table.groups[row]..table.groups[row + 1] {
                self.chain[at].1 = start;
            }
        }
        self.carry_out(state, random) && changed
    }
}

/// A cheapest matching of all rows (the Hungarian method, by shortest augmenting paths; n²m).
#[derive(Default)]
struct Matching {
    of_row: Vec<usize>,
    row_at: Vec<usize>,
    row_price: Vec<i64>,
    column_price: Vec<i64>,
    way: Vec<usize>,
    least: Vec<i64>,
    seen: Vec<bool>,
}

impl Matching {
    /// Finds it; there are at least as many columns as rows.
    fn solve(&mut self, rows: usize, columns: usize, prices: &[i64]) {
        // Place 0 of rows and columns is a stand-in that belongs to the row to be matched.
        renew(&mut self.row_at, columns + 1, 0);
        renew(&mut self.row_price, rows + 1, 0);
        renew(&mut self.column_price, columns + 1, 0);
        renew(&mut self.way, columns + 1, 0);
        for row in 1..=rows {
            self.row_at[0] = row;
            renew(&mut self.least, columns + 1, i64::MAX);
            renew(&mut self.seen, columns + 1, false);
            let mut column = 0;
            while self.row_at[column] != 0 {
                self.seen[column] = true;
                let here = self.row_at[column];
                let (mut step, mut next) = (i64::MAX, 0);
                for to in 1..=columns {
                    if self.seen[to] {
                        continue;
                    }
                    let rest =
                        prices[(here - 1) * columns + to - 1] - self.row_price[here] - self.column_price[to];
                    if rest < self.least[to] {
                        self.least[to] = rest;
                        self.way[to] = column;
                    }
                    if self.least[to] < step {
                        step = self.least[to];
                        next = to;
                    }
                }
                for to in 0..=columns {
                    if self.seen[to] {
                        self.row_price[self.row_at[to]] += step;
                        self.column_price[to] -= step;
                    } else {
                        self.least[to] = self.least[to].saturating_sub(step);
                    }
                }
                column = next;
            }
            while column != 0 {
                let before = self.way[column];
                self.row_at[column] = self.row_at[before];
                column = before;
            }
        }
        renew(&mut self.of_row, rows, 0);
        for column in 1..=columns {
            if let Some(row) = self.row_at[column].checked_sub(1) {
                self.of_row[row] = column - 1;
            }
        }
    }

    fn column_of(&self, row: usize) -> usize {
        self.of_row[row]
    }
}

fn renew<T: Clone>(list: &mut Vec<T>, length: usize, value: T) {
    list.clear();
    list.resize(length, value);
}

#[cfg(test)]
mod tests {
    use super::Matching;
    use proptest::prelude::*;

    fn least(prices: &[i64], rows: usize, columns: usize, used: &mut Vec<usize>) -> i64 {
        let row = used.len();
        if row == rows {
            return 0;
        }
        let mut best = i64::MAX;
        for column in 0..columns {
            if !used.contains(&column) {
                used.push(column);
                let rest = least(prices, rows, columns, used);
                used.pop();
                best = best.min(rest + prices[row * columns + column]);
            }
        }
        best
    }

    proptest! {
        #[test]
        fn a_matching_is_as_cheap_as_the_cheapest_of_all(
            rows in 1_usize..6,
            more in 0_usize..3,
            prices in prop::collection::vec(-50_i64..50, 64),
        ) {
            let columns = rows + more;
            let mut matching = Matching::default();
            matching.solve(rows, columns, &prices[..rows * columns]);
            let chosen: Vec<usize> = (0..rows).map(|row| matching.column_of(row)).collect();
            let mut once = chosen.clone();
            once.sort_unstable();
            once.dedup();
            prop_assert_eq!(once.len(), rows);
            let sum: i64 = chosen.iter().enumerate().map(|(row, column)| prices[row * columns + column]).sum();
            prop_assert_eq!(sum, least(&prices, rows, columns, &mut vec![]));
        }
    }
}
