//! Where people are, kept up to date as meets move and rooms change (see [`Trails`](crate::search::trail::Trails)).

use super::State;
use crate::ids::wide;
use crate::problem::rules::walk_in_time::WalkInTime;
use crate::search::net::NONE;
use crate::search::trail::{Trails, Way};

/// The placed seats that somebody has at a time.
#[derive(Clone, Copy, Debug, Default)]
struct Site {
    /// Sum of their spots: the spot itself if there is one.
    sum: u32,
    seats: u32,
}

/// Where everybody is who is asked about.
#[derive(Clone, Debug, Default)]
pub(super) struct Sites {
    /// Under each track and time.
    sites: Vec<Site>,
    /// What each stretch counts.
    counted: Vec<i32>,
    stale: Vec<bool>,
    stale_list: Vec<u32>,
}

impl Sites {
    pub fn new(trails: &Trails, times: usize) -> Self {
        let stretches = trails.stretches.len();
        Self {
            sites: vec![Site::default(); trails.map_of.len() * times],
            counted: vec![0; stretches],
            stale: vec![false; stretches],
            stale_list: Vec::with_capacity(stretches),
        }
    }

    /// What a stretch counts now.
    fn count(&self, trails: &Trails, times: u32, stretch: u32) -> i32 {
        let of = trails.stretches[wide(stretch)];
        let map = &trails.maps[wide(trails.map_of[wide(of.track)])];
        let first = wide(of.track) * wide(times);
        let mut last: Option<(u32, u32)> = None;
        let mut count = 0;
        for time in &trails.groups[wide(of.group)] {
            let site = self.sites[first + wide(*time)];
            if site.seats != 1 {
                continue;
            }
            let now = (*time, site.sum);
            if let Some(before) = last {
                let counts = match of.way {
                    Way::Change => map.place_of_spot(before.1) != map.place_of_spot(now.1),
                    Way::Late(gap) => WalkInTime::is_late(map, gap, before, now),
                };
                count += i32::from(counts);
            }
            last = Some(now);
        }
        count
    }
}

impl State<'_> {
    /// A meet that runs, or no longer runs, takes those on its seats to its place.
    pub(super) fn wander(&mut self, slot: u32, start: u32, duration: u32, up: bool) {
        let net = self.net;
        let trails = &net.trails;
        let event = net.slot_event[wide(slot)];
        let placing = trails.placing.of(wide(event));
        if placing.is_empty() || start >= net.times {
            return;
        }
        let (first, last) = (
            wide(net.first_cell[wide(slot)]),
            wide(net.first_cell[wide(slot) + 1]),
        );
        for cell in first..last {
            let who = self.seats[cell];
            if who == NONE {
                continue;
            }
            for track in trails.of.of(wide(who)) {
                let map = &trails.maps[wide(trails.map_of[wide(*track)])];
                let mut here = placing.iter().map(|seat| self.seats[first + wide(*seat)]);
                let Some(place) = here.find_map(|who| map.place(who)) else {
                    continue;
                };
                let spot = map.spot(place, event);
                for time in start..start + duration {
                    let at = wide(*track * net.times + time);
                    let site = &mut self.walks.sites[at];
                    if up {
                        site.seats += 1;
                        site.sum += spot;
                    } else {
                        site.seats -= 1;
                        site.sum -= spot;
                    }
                    for stretch in trails.at.of(at) {
                        if !std::mem::replace(&mut self.walks.stale[wide(*stretch)], true) {
                            self.walks.stale_list.push(*stretch);
                        }
                    }
                }
            }
        }
    }

    /// Brings the counters of all stretches up to date on which somebody is elsewhere now.
    pub(super) fn count_ways(&mut self) {
        let net = self.net;
        while let Some(stretch) = self.walks.stale_list.pop() {
            let at = wide(stretch);
            self.walks.stale[at] = false;
            let now = self.walks.count(&net.trails, net.times, stretch);
            let by = now - std::mem::replace(&mut self.walks.counted[at], now);
            if by != 0 {
                self.adjust(net.trails.stretches[at].gauge, by);
            }
        }
    }
}
