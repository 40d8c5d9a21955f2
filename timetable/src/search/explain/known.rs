//! What some of the requirements say by themselves: where each event may start, who sits where, which rules there are.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};

use super::conflict::Why;
use super::model::{Clause, Model};
use super::times::Times;
use crate::ids::{narrow, wide};

/// No lesson.
const NONE: u32 = u32::MAX;

/// An event that takes place: `count` pieces of `length` times each.
pub(super) struct Lesson {
    pub event: u32,
    pub length: u32,
    pub count: u32,
    /// Starts of a piece.
    pub starts: Times,
}

impl Lesson {
    /// Times at which it may run.
    pub fn cover(&self) -> Times {
        self.starts.covered(self.length)
    }

    /// Times that it takes.
    pub fn load(&self) -> u32 {
        self.length * self.count
    }

    /// Times at which it runs wherever it starts; none if it is in pieces.
    pub fn certain(&self) -> std::ops::Range<u32> {
        match (self.starts.first(), self.starts.last()) {
            (Some(first), Some(last)) if self.count == 1 => last..first + self.length,
            _ => 0..0,
        }
    }
}

/// A seat to be filled, and who may.
pub(super) struct OpenSeat {
    pub lesson: u32,
    pub allowed: Vec<u32>,
}

/// A resource's rule about groups of times.
#[derive(Clone, Copy)]
pub(super) struct Bounded {
    pub constraint: u32,
    pub who: u32,
}

/// Steps of reasoning that are left; when they are used up, nothing more is claimed.
pub(super) struct Budget<'g> {
    left: Cell<u64>,
    go_on: &'g dyn Fn() -> bool,
    /// With so many left it is asked again whether to go on.
    ask_at: Cell<u64>,
}

/// Steps between two looks whether to go on: a millisecond or so.
const LOOK: u64 = 50_000;

impl<'g> Budget<'g> {
    pub fn new(steps: u64, go_on: &'g dyn Fn() -> bool) -> Self {
        Self {
            left: Cell::new(steps),
            go_on,
            ask_at: Cell::new(steps),
        }
    }

    pub fn spend(&self, steps: usize) {
        if self.is_empty() {
            return;
        }
        let steps = u64::try_from(steps).unwrap_or(u64::MAX);
        self.left.set(self.left.get().saturating_sub(steps));
        if self.left.get() <= self.ask_at.get() {
            self.ask_at.set(self.left.get().saturating_sub(LOOK));
            if !(self.go_on)() {
                self.left.set(0);
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.left.get() == 0
    }
}

/// Conclusions.
pub(super) struct Known<'m, 'a> {
    pub model: &'m Model<'a>,
    pub budget: &'m Budget<'m>,
    pub lessons: Vec<Lesson>,
    at: Vec<u32>,
    pub single: Vec<bool>,
    pub away: HashMap<u32, Times>,
    pub links: Vec<u32>,
    pub orders: Vec<(u32, u32)>,
    /// Pairs that must lie as their constraints say.
    pub relations: Vec<(u32, u32)>,
    /// Bonds, and the pairs of each whose events must have partners.
    pub partners: BTreeMap<u32, Vec<(u32, u32)>>,
    pub early: Vec<Bounded>,
    pub ways: Vec<Bounded>,
    pub moves: Vec<Bounded>,
    pub spreads: Vec<(u32, u32)>,
    pub days: Vec<Bounded>,
    pub hours: Vec<Bounded>,
    pub gaps: Vec<Bounded>,
    pub work: Vec<(u32, u32)>,
    pub seats: Vec<OpenSeat>,
    /// Who may take an open seat (an event, a position) if anybody does, and whether somebody must; only where places are asked about.
    pub allowed: HashMap<(u32, u32), (Vec<u32>, bool)>,
    /// Lessons where a resource certainly sits.
    pub of: Vec<Vec<u32>>,
    /// Resources with lessons.
    pub busy: Vec<u32>,
}

impl<'m, 'a> Known<'m, 'a> {
    /// What the marked members say by themselves.
    pub fn new(model: &'m Model<'a>, budget: &'m Budget<'m>, active: &[u32]) -> Self {
        let problem = model.problem;
        let mut known = Self {
            model,
            budget,
            lessons: vec![],
            at: vec![NONE; problem.events.len()],
            single: vec![false; problem.resources.len()],
            away: HashMap::new(),
            links: vec![],
            orders: vec![],
            relations: vec![],
            partners: BTreeMap::new(),
            early: vec![],
            ways: vec![],
            moves: vec![],
            spreads: vec![],
            days: vec![],
            hours: vec![],
            gaps: vec![],
            work: vec![],
            seats: vec![],
            allowed: HashMap::new(),
            of: vec![vec![]; problem.resources.len()],
            busy: vec![],
        };
        let clauses = || active.iter().map(|m| model.members[wide(*m)].1);
        budget.spend(active.len());
        let mut locks: HashMap<u32, u32> = HashMap::new();
        let mut whole = vec![false; problem.events.len()];
        for clause in clauses() {
            match clause {
                Clause::Lock { event, start } => {
                    locks.insert(event, start);
                    known.place(event);
                }
                Clause::Place { event } => known.place(event),
                Clause::Whole { event } => whole[wide(event)] = true,
                Clause::Single { who } => known.single[wide(who)] = true,
                Clause::Away { who, set } => {
                    let away = known.away.entry(who);
                    let away = away.or_insert_with(|| Times::none(model.times));
                    away.join(&model.sets[wide(set)]);
                }
                Clause::Link { group } => known.links.push(group),
                Clause::Order { constraint, pair } => known.orders.push((constraint, pair)),
                Clause::Related { constraint, pair } => known.relations.push((constraint, pair)),
                Clause::Partner { bond, first, second } => {
                    known.partners.entry(bond).or_default().push((first, second));
                }
                Clause::Early { constraint, who } => known.early.push(Bounded { constraint, who }),
                Clause::Way { constraint, who } => known.ways.push(Bounded { constraint, who }),
                Clause::Moves { constraint, who } => known.moves.push(Bounded { constraint, who }),
                Clause::Spread { constraint, group } => known.spreads.push((constraint, group)),
                Clause::Days { constraint, who } => known.days.push(Bounded { constraint, who }),
                Clause::Hours { constraint, who } => known.hours.push(Bounded { constraint, who }),
                Clause::Gaps { constraint, who } => known.gaps.push(Bounded { constraint, who }),
                Clause::Work { who, most } => known.work.push((who, most)),
                Clause::Starts { .. } | Clause::Seat { .. } | Clause::Among { .. } => {}
            }
        }
        let mut rules: HashMap<u32, Vec<(Option<u32>, u32)>> = HashMap::new();
        for clause in clauses() {
            if let Clause::Starts { event, duration, set } = clause {
                rules.entry(event).or_default().push((duration, set));
            }
        }
        for lesson in &mut known.lessons {
            let duration = problem.event(lesson.event).duration;
            let rules = rules.get(&lesson.event).map_or(&[][..], Vec::as_slice);
            let lock = locks.get(&lesson.event).copied();
            *lesson = open(
                model,
                lesson.event,
                duration,
                whole[wide(lesson.event)],
                lock,
                rules,
            );
        }
        known.sit(clauses());
        known
    }

    fn place(&mut self, event: u32) {
        let at = &mut self.at[wide(event)];
        if *at == NONE && self.model.problem.event(event).duration > 0 {
            *at = narrow(self.lessons.len());
            self.lessons.push(Lesson {
                event,
                length: 1,
                count: 1,
                starts: Times::none(self.model.times),
            });
        }
    }

    /// Finds who sits where: fixed seats, and open ones that only one resource may take.
    fn sit(&mut self, clauses: impl Iterator<Item = Clause>) {
        let model = self.model;
        let mut seats: HashMap<(u32, u32), Option<Vec<u32>>> = HashMap::new();
        let mut among: Vec<(u32, u32, u32)> = vec![];
        for clause in clauses {
            match clause {
                Clause::Seat { event, seat } if self.lesson(event).is_some() => {
                    seats.insert((event, seat), None);
                }
                Clause::Among { event, seat, list } => among.push((event, seat, list)),
                _ => {}
            }
        }
        if !self.ways.is_empty() || !self.moves.is_empty() {
            for (event, seat, list) in &among {
                let must = seats.contains_key(&(*event, *seat));
                let good = &model.lists[wide(*list)];
                let known = self.allowed.entry((*event, *seat));
                let (allowed, _) = known.or_insert_with(|| (good.clone(), must));
                allowed.retain(|who| good.binary_search(who).is_ok());
            }
        }
        for (event, seat, list) in among {
            let Some(allowed) = seats.get_mut(&(event, seat)) else {
                continue;
            };
            let kind = model.problem.event(event).seats[wide(seat)].kind;
            let good = &model.lists[wide(list)];
            let is_good = |r: &u32| good.binary_search(r).is_ok();
            match allowed {
                Some(rest) => rest.retain(is_good),
                None => {
                    let of_kind = good.iter().copied();
                    let right = |r: &u32| model.problem.resources[wide(*r)].kind == kind;
                    *allowed = Some(of_kind.filter(right).collect());
                }
            }
        }
        for (at, lesson) in (0..).zip(&self.lessons) {
            for who in model
                .problem
                .event(lesson.event)
                .seats
                .iter()
                .filter_map(|s| s.fixed)
            {
                if self.of[wide(who)].last() != Some(&at) {
                    self.of[wide(who)].push(at);
                }
            }
        }
        let mut seats: Vec<_> = seats.into_iter().collect();
        seats.sort_unstable();
        for ((event, seat), allowed) in seats {
            let kind = model.problem.event(event).seats[wide(seat)].kind;
            let allowed = allowed.unwrap_or_else(|| model.of_kind[wide(kind)].clone());
            let lesson = self.at[wide(event)];
            if let [only] = allowed.as_slice() {
                self.of[wide(*only)].push(lesson);
            }
            self.seats.push(OpenSeat { lesson, allowed });
        }
        for list in &mut self.of {
            list.sort_unstable();
            list.dedup();
        }
        let busy = (0..).zip(&self.of).filter(|(_, list)| !list.is_empty());
        self.busy = busy.map(|(who, _)| who).collect();
    }

    /// The lesson of an event that certainly takes place.
    pub fn lesson(&self, event: u32) -> Option<u32> {
        Some(self.at[wide(event)]).filter(|at| *at != NONE)
    }

    /// Keeps only starts of a set.
    pub fn keep(&mut self, lesson: u32, set: &Times) -> Result<bool, Why> {
        let lesson = &mut self.lessons[wide(lesson)];
        let less = lesson.starts.keep(set);
        Self::check(lesson, less)
    }

    /// Takes out starts.
    pub fn take_out(&mut self, lesson: u32, set: &Times) -> Result<bool, Why> {
        let lesson = &mut self.lessons[wide(lesson)];
        let less = lesson.starts.take_out(set);
        Self::check(lesson, less)
    }

    /// A lesson without a start cannot be.
    pub fn check(lesson: &Lesson, less: bool) -> Result<bool, Why> {
        if lesson.starts.is_empty() {
            return Err(Why::Nowhere { event: lesson.event });
        }
        Ok(less)
    }
}

/// An event with the starts that its own rules leave.
fn open(
    model: &Model<'_>,
    event: u32,
    duration: u32,
    whole: bool,
    lock: Option<u32>,
    rules: &[(Option<u32>, u32)],
) -> Lesson {
    let allowed = |length: u32| {
        let mut starts = Times::first_of(model.times, (model.times + 1).saturating_sub(length));
        for (of, set) in rules {
            if of.is_none_or(|d| d == length) {
                starts.keep(&model.sets[wide(*set)]);
            }
        }
        starts
    };
    let in_one = whole || duration == 1;
    match lock {
        Some(start) => {
            // In pieces, all of them would begin there; of these only the first time is certain.
            let length = if in_one { duration } else { 1 };
            let mut starts = Times::of(model.times, [start]);
            for (of, set) in rules {
                if of.is_none_or(|d| in_one && d == length) {
                    starts.keep(&model.sets[wide(*set)]);
                }
            }
            Lesson {
                event,
                length,
                count: 1,
                starts,
            }
        }
        None if in_one => Lesson {
            event,
            length: duration,
            count: 1,
            starts: allowed(duration),
        },
        None => {
            let mut cover = Times::none(model.times);
            for length in 1..=duration.min(model.times) {
                cover.join(&allowed(length).covered(length));
            }
            Lesson {
                event,
                length: 1,
                count: duration,
                starts: cover,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Budget, LOOK};
    use std::cell::Cell;

    #[test]
    fn reasoning_is_asked_each_so_many_steps_and_never_again_once_it_is_over() {
        let asked = Cell::new(0u64);
        let ends_at = Cell::new(u64::MAX);
        let go_on = || {
            asked.set(asked.get() + 1);
            asked.get() < ends_at.get()
        };
        let budget = Budget::new(10 * LOOK, &go_on);
        (0..10 * LOOK - 1).for_each(|_| budget.spend(1));
        assert!((10..=11).contains(&asked.get()), "{}", asked.get());
        assert!(!budget.is_empty());
        asked.set(0);
        ends_at.set(3);
        let stopped = Budget::new(10 * LOOK, &go_on);
        (0..10 * LOOK).for_each(|_| stopped.spend(1));
        assert!(stopped.is_empty());
        assert_eq!(asked.get(), 3);
    }
}
