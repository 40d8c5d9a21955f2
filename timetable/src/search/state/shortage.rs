//! The deficit of the open seats at each time, kept up to date as meets move (see [`Demands`]).

use crate::ids::{narrow, wide};
use crate::search::demand::Demands;
use crate::search::net::NONE;
use crate::search::random::Random;

/// Who asks and who is there, by kind and time.
#[derive(Clone, Debug, Default)]
pub(super) struct Shortage {
    /// Slot and row of each seat that asks.
    asking: Vec<Vec<(u32, u32)>>,
    /// Who may come.
    present: Vec<u64>,
    short: Vec<u32>,
    stale: Vec<bool>,
    stale_list: Vec<u32>,
    sum: i64,
    /// Room for the matching: who asks for whom, and who has been tried.
    taken_by: Vec<u32>,
    tried: Vec<u64>,
}

impl Shortage {
    pub fn new(demands: &Demands) -> Self {
        let cells = demands.supply.len() / demands.words.max(1);
        Self {
            asking: vec![Vec::with_capacity(64); cells],
            present: demands.supply.clone(),
            short: vec![0; cells],
            stale: vec![false; cells],
            stale_list: Vec::with_capacity(cells),
            sum: 0,
            taken_by: vec![NONE; demands.words * 64],
            tried: vec![0; demands.words],
        }
    }

    fn touch(&mut self, cell: usize) {
        if !std::mem::replace(&mut self.stale[cell], true) {
            self.stale_list.push(narrow(cell));
        }
    }

    /// A meet that starts or no longer starts to run at a time.
    pub fn ask(&mut self, demands: &Demands, times: u32, event: u32, slot: u32, time: u32, up: bool) {
        for (kind, row) in demands.of_event.of(wide(event)) {
            let cell = wide(*kind * times + time);
            let asking = &mut self.asking[cell];
            if up {
                asking.push((slot, *row));
            } else if let Some(at) = asking.iter().position(|a| *a == (slot, *row)) {
                asking.swap_remove(at);
            }
            self.touch(cell);
        }
    }

    /// A resource becomes busy elsewhere at a time, or free.
    pub fn occupy(&mut self, demands: &Demands, times: u32, who: u32, time: u32, busy: bool) {
        let (kind, place) = demands.place[wide(who)];
        if kind == NONE {
            return;
        }
        let cell = wide(kind * times + time);
        let at = cell * demands.words + wide(place / 64);
        let bit = 1_u64 << (place % 64);
        let allowed = demands.supply[at] & bit;
        self.present[at] = if busy {
            self.present[at] & !bit
        } else {
            self.present[at] | allowed
        };
        self.touch(cell);
    }

    /// Matches anew where something has changed; gives by how much the deficit has grown.
    pub fn settle(&mut self, demands: &Demands) -> i64 {
        let mut by = 0;
        while let Some(cell) = self.stale_list.pop() {
            let cell = wide(cell);
            self.stale[cell] = false;
            let now = self.deficit(demands, cell);
            by += i64::from(now) - i64::from(self.short[cell]);
            self.short[cell] = now;
        }
        self.sum += by;
        by
    }

    /// How many of those who ask find nobody.
    fn deficit(&mut self, demands: &Demands, cell: usize) -> u32 {
        let words = demands.words;
        let asking = std::mem::take(&mut self.asking[cell]);
        self.taken_by.fill(NONE);
        let mut missing = 0;
        let first = cell * words;
        for at in 0..narrow(asking.len()) {
            let row = wide(asking[wide(at)].1);
            let mut found = false;
            for word in 0..words {
                let mut may = demands.sets[row + word] & self.present[first + word];
                while may != 0 {
                    let bit = may.trailing_zeros();
                    let who = word * 64 + wide(bit);
                    if self.taken_by[who] == NONE {
                        self.taken_by[who] = at;
                        found = true;
                        break;
                    }
                    may &= may - 1;
                }
                if found {
                    break;
                }
            }
            if !found {
                self.tried.fill(0);
                if !self.augment(demands, first, &asking, at) {
                    missing += 1;
                }
            }
        }
        self.asking[cell] = asking;
        missing
    }

    fn augment(&mut self, demands: &Demands, first: usize, asking: &[(u32, u32)], at: u32) -> bool {
        let row = wide(asking[wide(at)].1);
        for word in 0..demands.words {
            loop {
                let may = demands.sets[row + word] & self.present[first + word] & !self.tried[word];
                if may == 0 {
                    break;
                }
                let bit = may.trailing_zeros();
                self.tried[word] |= 1 << bit;
                let who = word * 64 + wide(bit);
                let other = self.taken_by[who];
                if other == NONE || self.augment(demands, first, asking, other) {
                    self.taken_by[who] = at;
                    return true;
                }
            }
        }
        false
    }

    /// A slot that asks at a time where somebody finds nobody.
    pub fn some_slot(&self, random: &mut Random) -> Option<u32> {
        if self.sum == 0 {
            return None;
        }
        let cells = narrow(self.short.len());
        let from = random.below(cells);
        let mut cyclic = (0..cells).map(|i| wide((from + i) % cells));
        let cell = cyclic.find(|c| self.short[*c] > 0)?;
        random.pick(&self.asking[cell]).map(|a| a.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Shortage;
    use crate::ids::{narrow, wide};
    use crate::search::demand::Demands;
    use crate::search::random::Random;
    use crate::search::wiring::Lists;
    use proptest::prelude::*;

    const TIMES: u32 = 3;
    const EVENTS: u32 = 9;

    /// So many resources of one kind, and events with one or two open seats.
    fn demands(people: u32, random: &mut Random) -> Demands {
        let words = wide(people.div_ceil(64));
        let mut sets = vec![];
        let mut of_event = vec![];
        for event in 0..EVENTS {
            for _ in 0..1 + random.below(2) {
                let row = sets.len();
                sets.extend(std::iter::repeat_n(0_u64, words));
                for _ in 0..1 + random.below(3) {
                    // Few of them, so that they are short.
                    let who = (random.below(4) * (people - 1) / 3).min(people - 1);
                    sets[row + wide(who / 64)] |= 1 << (who % 64);
                }
                of_event.push((wide(event), (0, narrow(row))));
            }
        }
        let all = |word: usize| {
            let left = people - narrow(word) * 64;
            if left >= 64 { u64::MAX } else { (1 << left) - 1 }
        };
        Demands {
            words,
            of_event: Lists::new(wide(EVENTS), of_event),
            sets,
            supply: (0..TIMES).flat_map(|_| (0..words).map(all)).collect(),
            place: (0..people).map(|who| (0, who)).collect(),
        }
    }

    /// The deficit by Hall: the most by which any seats outnumber those who may sit on one of them.
    fn by_hall(demands: &Demands, present: &[u64], rows: &[usize]) -> i64 {
        let outnumbered = |chosen: u32| {
            let mut found = vec![0; demands.words];
            for (_, row) in (0..).zip(rows).filter(|(at, _)| chosen >> at & 1 == 1) {
                for (word, sum) in found.iter_mut().enumerate() {
                    *sum |= demands.sets[row + word] & present[word];
                }
            }
            let people: u32 = found.iter().map(|w: &u64| w.count_ones()).sum();
            i64::from(chosen.count_ones()) - i64::from(people)
        };
        (0..1_u32 << rows.len()).map(outnumbered).max().unwrap_or(0)
    }

    proptest! {
        #[test]
        fn the_deficit_is_that_of_hall_s_theorem(seed in any::<u64>(), people in prop::sample::select(vec![4_u32, 64, 70])) {
            let mut random = Random::new(seed);
            let demands = demands(people, &mut random);
            let mut shortage = Shortage::new(&demands);
            let mut runs: Vec<Option<u32>> = vec![None; wide(EVENTS)];
            let mut away = vec![vec![0_u64; demands.words]; wide(TIMES)];
            let mut sum = 0;
            for _ in 0..60 {
                if random.permille(300) {
                    let (who, time) = (random.below(4) * (people - 1) / 3, random.below(TIMES));
                    let word = &mut away[wide(time)][wide(who / 64)];
                    *word ^= 1 << (who % 64);
                    shortage.occupy(&demands, TIMES, who, time, *word >> (who % 64) & 1 == 1);
                } else {
                    let event = random.below(EVENTS);
                    if let Some(time) = runs[wide(event)] {
                        shortage.ask(&demands, TIMES, event, event, time, false);
                    }
                    let to = (!random.permille(200)).then(|| random.below(TIMES));
                    if let Some(time) = to {
                        shortage.ask(&demands, TIMES, event, event, time, true);
                    }
                    runs[wide(event)] = to;
                }
                sum += shortage.settle(&demands);
                let mut wanted = 0;
                for time in 0..TIMES {
                    let at = runs.iter().zip(0..).filter(|(t, _)| **t == Some(time));
                    let rows = at.flat_map(|(_, e): (_, usize)| demands.of_event.of(e).iter().map(|r| wide(r.1)));
                    let rows: Vec<usize> = rows.collect();
                    let present: Vec<u64> = (0..demands.words)
                        .map(|w| demands.supply[wide(time) * demands.words + w] & !away[wide(time)][w])
                        .collect();
                    wanted += by_hall(&demands, &present, &rows);
                }
                prop_assert_eq!(sum, wanted);
                prop_assert_eq!(shortage.some_slot(&mut random).is_some(), wanted > 0);
            }
        }
    }
}
