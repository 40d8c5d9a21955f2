//! Who must be busy more than there are lessons for: days, hours of a day, starts in a part of the week.

use super::conflict::Why;
use super::flow::Supply;
use super::known::Known;
use super::times::Times;
use crate::ids::{narrow, wide};

impl Known<'_, '_> {
    /// All that may make a resource busy, with the times at which it can; `None` where that is not known, because it may
    /// sit on seats that are to be chosen.
    fn possible(&self, who: u32) -> Option<Vec<Supply>> {
        let kind = self.model.problem.resources[wide(who)].kind;
        if self.model.open[wide(kind)] {
            return None;
        }
        let mut present = Times::first_of(self.model.times, self.model.times);
        if let Some(away) = self.away.get(&who) {
            present.take_out(away);
        }
        let events = self.model.events_of[wide(who)].iter();
        Some(
            events
                .map(|event| match self.lesson(*event) {
                    // A lock stands for its first time only; the rest of the event can be anywhere.
                    Some(at)
                        if self.lessons[wide(at)].load() == self.model.problem.event(*event).duration =>
                    {
                        Supply {
                            units: self.lessons[wide(at)].load(),
                            times: self.lessons[wide(at)].cover(),
                        }
                    }
                    _ => Supply {
                        units: self.model.problem.event(*event).duration,
                        times: present.clone(),
                    },
                })
                .collect(),
        )
    }

    /// Groups of times in which a resource must be busy: so many, or so long.
    pub fn busy_enough(&self) -> Result<(), Why> {
        for rule in &self.days {
            let (groups, least, _) = self.model.bounds(rule.constraint);
            if least == 0 || !self.model.apart(groups) {
                continue;
            }
            let Some(possible) = self.possible(rule.who) else {
                continue;
            };
            self.budget.spend(possible.len() * groups.len());
            // Each group counts once, whatever is in it: one time stands for the whole of it.
            let reaches: Vec<Supply> = possible
                .iter()
                .map(|s| {
                    let inside = groups.iter().enumerate();
                    let inside = inside.filter(|(_, g)| s.times.meets(&self.model.groups[wide(**g)]));
                    Supply {
                        units: s.units.min(narrow(groups.len())),
                        times: Times::of(narrow(groups.len()), inside.map(|(at, _)| narrow(at))),
                    }
                })
                .collect();
            let available = self.fit(&reaches, &vec![1; groups.len()], &[]);
            if available < least {
                return Err(Why::TooLittle {
                    resource: rule.who,
                    needed: least,
                    available,
                });
            }
            self.hours_enough(rule.who, groups, least, &possible)?;
        }
        Ok(())
    }

    /// On so many days, so long each.
    fn hours_enough(&self, who: u32, groups: &[u32], days: u32, possible: &[Supply]) -> Result<(), Why> {
        for rule in self.hours.iter().filter(|r| r.who == who) {
            let (of, least, _) = self.model.bounds(rule.constraint);
            let mut sorted = [groups.to_vec(), of.to_vec()];
            sorted.iter_mut().for_each(|g| g.sort_unstable());
            if least == 0 || sorted[0] != sorted[1] {
                continue;
            }
            let units: u32 = possible.iter().map(|s| s.units).sum();
            let needed = least.saturating_mul(days);
            let mut available = units;
            if wide(days) == groups.len() {
                // Every group must be full: lessons are the units, groups hold so many each.
                let inside: Vec<Supply> = possible
                    .iter()
                    .map(|s| {
                        let reached = groups.iter().enumerate();
                        let reached = reached.filter(|(_, g)| s.times.meets(&self.model.groups[wide(**g)]));
                        Supply {
                            units: s.units,
                            times: Times::of(narrow(groups.len()), reached.map(|(at, _)| narrow(at))),
                        }
                    })
                    .collect();
                available = self.fit(&inside, &vec![least; groups.len()], &[]);
            }
            if available < needed {
                return Err(Why::TooLittle {
                    resource: who,
                    needed,
                    available,
                });
            }
        }
        Ok(())
    }

    /// Parts of the week in which a group must have so many starts.
    pub fn starts_enough(&self) -> Result<(), Why> {
        for (constraint, group) in &self.spreads {
            for (times, least, _) in self.model.limits(*constraint) {
                if *least == 0 {
                    continue;
                }
                let set = &self.model.groups[wide(*times)];
                let mut available = 0_u32;
                for event in &self.model.problem.event_groups[wide(*group)].events {
                    let duration = self.model.problem.event(*event).duration;
                    let starts = match self.lesson(*event).map(|l| &self.lessons[wide(l)]) {
                        Some(l) if l.load() == duration && l.count == 1 => u32::from(l.starts.meets(set)),
                        Some(l) if l.load() == duration && !l.starts.meets(set) => 0,
                        _ => duration,
                    };
                    available = available.saturating_add(starts);
                }
                if available < *least {
                    return Err(Why::Spread {
                        group: *group,
                        needed: *least,
                        available,
                    });
                }
            }
        }
        Ok(())
    }
}
