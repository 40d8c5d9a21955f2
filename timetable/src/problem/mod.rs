//! The general timetabling problem: times, resources, events, and rules that price every timetable.
//!
//! The shape is that of the XHSTT benchmark, which was made to hold any school of the world: an [`Event`] of some
//! duration is cut into *meets* ([`Solution`]), each meet gets a starting time and a resource for each of its roles, and
//! the kinds of [`Rule`] (XHSTT's sixteen, and some of ours) say what each arrangement costs. Everything refers by position, so the arrays are compact and
//! the same on every platform.
//!
//! # How to add a rule
//! One file in [`rules`] with the parameters, the rule in words at its top, and `impl Judge`:
//! [`Judge::points`] (what it is applied to), [`Judge::measure`] (the whole deviation of one point from the
//! [`Facts`], with notes for the explanation) and [`Judge::wire`] (the same incrementally: which counters of
//! [`Wiring`](crate::search::Wiring) move when a meet moves). Then a variant of [`Rule`], and a generator line in
//! `tests/random_problem/mod.rs`: the walk of `tests/engine_random.rs` compares `measure` with the wired counters after every
//! move. `timetable/README.md` has the whole of it as an example, and what else looks at kinds of rules.

mod constraint;
mod facts;
mod measure;
mod part;
mod places;
pub mod rules;
mod solution;

pub use constraint::{Constraint, CostFunction, Rule, Scope, Subject};
pub use facts::Facts;
pub use measure::{Breach, Notes, Report, breaches, evaluate, evaluate_watched};
pub use places::Map;
pub use rules::Judge;
pub use solution::{Meet, Misfit, Solution};

use crate::ids::wide;

/// Cost of a timetable: broken requirements first, broken wishes second. Compared in that order; lower is better.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct Cost {
    /// Sum over required constraints ("infeasibility value").
    pub hard: i64,
    /// Sum over the others ("objective value").
    pub soft: i64,
}

impl std::fmt::Display for Cost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "({}, {})", self.hard, self.soft)
    }
}

/// Who made an instance or a group of solutions; free text throughout.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    /// Title.
    pub name: String,
    /// Author.
    pub contributor: String,
    /// Date, as the author wrote it.
    pub date: String,
    /// Country of the school.
    pub country: String,
    /// Description.
    pub description: String,
    /// Remarks.
    pub remarks: String,
}

/// A thing with an identifier of its file and a name for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Unique among things of its sort.
    pub id: String,
    /// Shown to people.
    pub name: String,
}

/// What a group of times is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// Any group.
    Plain,
    /// A day.
    Day,
    /// A week.
    Week,
}

/// A group of times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeGroup {
    /// Identity.
    pub label: Named,
    /// Day, week or any group.
    pub span: Span,
    /// Its times, ascending.
    pub times: Vec<u32>,
}

/// A teacher, class, room, pupil: whatever can be in one place only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// Identity.
    pub label: Named,
    /// Position of its type.
    pub kind: u32,
}

/// A group of resources of one type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceGroup {
    /// Identity.
    pub label: Named,
    /// Position of the type.
    pub kind: u32,
    /// Members, ascending.
    pub resources: Vec<u32>,
}

/// A group of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventGroup {
    /// Identity.
    pub label: Named,
    /// Whether it is a course.
    pub course: bool,
    /// Members, ascending.
    pub events: Vec<u32>,
}

/// A place for a resource in an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// The resource that always sits here; `None`: to be chosen.
    pub fixed: Option<u32>,
    /// Position in [`Problem::roles`]; rules speak of seats by role.
    pub role: Option<u32>,
    /// Type of resource.
    pub kind: u32,
    /// Workload for who sits here, instead of the event's.
    pub workload: Option<u32>,
}

/// Something that takes place: in one piece or in several meets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Identity.
    pub label: Named,
    /// A colour for print, if the file had one.
    pub color: Option<String>,
    /// Times that it takes in all.
    pub duration: u32,
    /// Workload for each resource, instead of the duration.
    pub workload: Option<u32>,
    /// The start that it always has.
    pub time: Option<u32>,
    /// Its course, a position in [`Problem::event_groups`].
    pub course: Option<u32>,
    /// Seats for resources; first those of the file, then those of [`Event::whole_groups`].
    pub seats: Vec<Seat>,
    /// Groups of resources that attend as a whole; their members are seats too.
    pub whole_groups: Vec<u32>,
}

impl Event {
    /// Workload of a seat for the whole event.
    #[must_use]
    pub fn load(&self, seat: usize) -> u32 {
        self.seats
            .get(seat)
            .and_then(|s| s.workload)
            .or(self.workload)
            .unwrap_or(self.duration)
    }
}

/// A timetabling problem.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem {
    /// Identifier.
    pub id: String,
    /// Who made it.
    pub metadata: Metadata,
    /// Times in their order; a meet of duration *d* takes *d* neighbours.
    pub times: Vec<Named>,
    /// Groups of times.
    pub time_groups: Vec<TimeGroup>,
    /// Types of resources.
    pub kinds: Vec<Named>,
    /// Groups of resources.
    pub resource_groups: Vec<ResourceGroup>,
    /// Resources.
    pub resources: Vec<Resource>,
    /// Groups of events.
    pub event_groups: Vec<EventGroup>,
    /// Names of roles.
    pub roles: Vec<String>,
    /// Events.
    pub events: Vec<Event>,
    /// Where resources are.
    pub maps: Vec<Map>,
    /// Rules.
    pub constraints: Vec<Constraint>,
}

impl Problem {
    /// Number of times.
    #[must_use]
    pub fn time_count(&self) -> u32 {
        crate::ids::narrow(self.times.len())
    }

    /// An event by position.
    #[must_use]
    pub fn event(&self, at: u32) -> &Event {
        &self.events[wide(at)]
    }

    /// The seats of an event that have this role.
    pub fn seats_with(&self, event: u32, role: u32) -> impl Iterator<Item = usize> + '_ {
        self.event(event)
            .seats
            .iter()
            .enumerate()
            .filter(move |(_, s)| s.role == Some(role))
            .map(|(at, _)| at)
    }

    /// A number that all durations divide (so that workloads add up in whole numbers), at most about a million; beyond,
    /// shares are rounded.
    #[must_use]
    pub fn load_unit(&self) -> i64 {
        let mut unit: i64 = 1;
        for event in &self.events {
            let duration = i64::from(event.duration.max(1));
            let next = unit / gcd(unit, duration) * duration;
            if next <= 1_000_000 {
                unit = next;
            }
        }
        unit
    }
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
