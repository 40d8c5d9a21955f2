//! How many units find a time, where each time holds so many and parts of the week hold so many: a largest flow, by
//! augmenting paths.

use super::times::Times;
use crate::ids::{narrow, wide};

/// A part of the week with the most units that it holds.
pub(super) struct Part {
    pub times: Times,
    pub most: u32,
}

/// Parts that have no time in common, out of limits that may overlap: a piece of a limited group is limited like it.
pub(super) fn parts(all: u32, limits: &[(&Times, u32)]) -> Vec<Part> {
    let mut free = Times::none(all);
    for (times, _) in limits {
        free.join(times);
    }
    let mut parts = vec![];
    while let Some(first) = free.first() {
        let with_first = limits.iter().filter(|(times, _)| times.has(first));
        let longest =
            with_first.max_by_key(|(times, most)| (times.both(&free).count(), std::cmp::Reverse(*most)));
        let Some((times, most)) = longest else { break };
        let times = times.both(&free);
        free.take_out(&times);
        parts.push(Part { times, most: *most });
    }
    parts
}

/// Units of one sort: how many, and where they may go.
pub(super) struct Supply {
    pub units: u32,
    pub times: Times,
}

/// The largest number of units that find a place at once. `holds` is what each time holds.
pub(super) fn fit(supplies: &[Supply], holds: &[u32], parts: &[Part]) -> u32 {
    const NONE: usize = usize::MAX;
    let mut part_of = vec![NONE; holds.len()];
    for (at, part) in parts.iter().enumerate() {
        for time in part.times.iter() {
            part_of[wide(time)] = at;
        }
    }
    let owner: Vec<usize> = supplies
        .iter()
        .enumerate()
        .flat_map(|(at, s)| std::iter::repeat_n(at, wide(s.units)))
        .collect();
    let mut place: Vec<Option<u32>> = vec![None; owner.len()];
    let mut at_time: Vec<Vec<usize>> = vec![vec![]; holds.len()];
    let mut in_part = vec![0_u32; parts.len()];
    let full = |part: usize, in_part: &[u32]| part != NONE && in_part[part] >= parts[part].most;
    let mut found = 0;
    for unit in 0..owner.len() {
        // Breadth first over units that would have to give way.
        let mut queue = vec![unit];
        let mut from: Vec<Option<(usize, u32)>> = vec![None; owner.len()];
        let mut seen = vec![false; owner.len()];
        let mut seen_time = vec![false; holds.len()];
        let mut seen_part = vec![false; parts.len()];
        seen[unit] = true;
        let mut end = None;
        let mut next = 0;
        'search: while let Some(now) = queue.get(next).copied() {
            next += 1;
            for time in supplies[owner[now]].times.iter() {
                if std::mem::replace(&mut seen_time[wide(time)], true) || holds[wide(time)] == 0 {
                    continue;
                }
                let part = part_of[wide(time)];
                let spare = narrow(at_time[wide(time)].len()) < holds[wide(time)];
                if spare && !full(part, &in_part) {
                    end = Some((now, time));
                    break 'search;
                }
                let mut push = |other: usize| {
                    if !std::mem::replace(&mut seen[other], true) {
                        from[other] = Some((now, time));
                        queue.push(other);
                    }
                };
                at_time[wide(time)].iter().copied().for_each(&mut push);
                if spare && !std::mem::replace(&mut seen_part[part], true) {
                    let inside = parts[part].times.iter();
                    inside
                        .flat_map(|t| &at_time[wide(t)])
                        .copied()
                        .for_each(&mut push);
                }
            }
        }
        let Some((mut who, mut time)) = end else { continue };
        found += 1;
        // Each takes the place for which the next one gave way.
        loop {
            if let Some(old) = place[who].replace(time) {
                at_time[wide(old)].retain(|u| *u != who);
                if part_of[wide(old)] != NONE {
                    in_part[part_of[wide(old)]] -= 1;
                }
            }
            at_time[wide(time)].push(who);
            if part_of[wide(time)] != NONE {
                in_part[part_of[wide(time)]] += 1;
            }
            match from[who] {
                Some((before, wanted)) => (who, time) = (before, wanted),
                None => break,
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn supply(units: u32, times: &[u32]) -> Supply {
        Supply {
            units,
            times: Times::of(10, times.iter().copied()),
        }
    }

    /// The same by trying everything.
    fn brute(supplies: &[Supply], holds: &mut [u32], most: &mut [u32], parts: &[Part], unit: usize) -> u32 {
        let owner: Vec<usize> = (0..supplies.len())
            .flat_map(|at| std::iter::repeat_n(at, wide(supplies[at].units)))
            .collect();
        let Some(at) = owner.get(unit) else { return 0 };
        let mut best = brute(supplies, holds, most, parts, unit + 1);
        for time in supplies[*at].times.iter() {
            let part = parts.iter().position(|p| p.times.has(time));
            if holds[wide(time)] == 0 || part.is_some_and(|p| most[p] == 0) {
                continue;
            }
            holds[wide(time)] -= 1;
            part.into_iter().for_each(|p| most[p] -= 1);
            best = best.max(1 + brute(supplies, holds, most, parts, unit + 1));
            holds[wide(time)] += 1;
            part.into_iter().for_each(|p| most[p] += 1);
        }
        best
    }

    #[test]
    fn the_flow_is_the_largest() {
        let mut random = crate::search::Random::new(7);
        for _ in 0..400 {
            let supplies: Vec<Supply> = (0..1 + random.below(3))
                .map(|_| {
                    let times: Vec<u32> = (0..6).filter(|_| random.permille(400)).collect();
                    supply(1 + random.below(2), &times)
                })
                .collect();
            let mut holds: Vec<u32> = (0..10).map(|_| random.below(3)).collect();
            let groups = [Times::of(10, 0..2), Times::of(10, 1..4)];
            let limits = [(&groups[0], random.below(3)), (&groups[1], random.below(4))];
            let parts = parts(10, &limits);
            let mut most: Vec<u32> = parts.iter().map(|p| p.most).collect();
            let expected = brute(&supplies, &mut holds.clone(), &mut most, &parts, 0);
            assert_eq!(fit(&supplies, &holds, &parts), expected);
            holds.clear();
        }
    }
}
