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
        // Who is free, word by word.
        let first = cell * words;
        let mut late = 0_u32;
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
                late += 1;
            }
        }
        let _ = late;
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
