//! A rule with what it is applied to and what breaking it costs.

use super::rules::{self, Judge};
use super::{Named, Problem};
use crate::ids::wide;

/// How a deviation becomes cost, before the weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CostFunction {
    /// The deviation.
    Linear,
    /// Its square.
    Quadratic,
    /// One, if there is any.
    Step,
}

impl CostFunction {
    /// The cost of a deviation.
    #[must_use]
    #[inline]
    pub fn of(self, deviation: i64) -> i64 {
        match self {
            Self::Linear => deviation,
            Self::Quadratic => deviation * deviation,
            Self::Step => i64::from(deviation > 0),
        }
    }
}

/// What a constraint is applied to. Who is named twice, is charged twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Groups of events.
    pub event_groups: Vec<u32>,
    /// Single events.
    pub events: Vec<u32>,
    /// Groups of resources.
    pub resource_groups: Vec<u32>,
    /// Single resources.
    pub resources: Vec<u32>,
}

impl Scope {
    /// Every event meant, as often as it is named.
    #[must_use]
    pub fn all_events(&self, problem: &Problem) -> Vec<u32> {
        let grouped = self.event_groups.iter();
        let mut all: Vec<u32> = grouped
            .flat_map(|g| problem.event_groups[wide(*g)].events.iter().copied())
            .collect();
        all.extend(&self.events);
        all
    }

    /// Every resource meant, as often as it is named.
    #[must_use]
    pub fn all_resources(&self, problem: &Problem) -> Vec<u32> {
        let grouped = self.resource_groups.iter();
        let mut all: Vec<u32> = grouped
            .flat_map(|g| problem.resource_groups[wide(*g)].resources.iter().copied())
            .collect();
        all.extend(&self.resources);
        all
    }
}

/// One point of application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// An event.
    Event(u32),
    /// A seat of an event.
    Seat(u32, u32),
    /// A group of events.
    Group(u32),
    /// A resource.
    Resource(u32),
    /// A pair, or a set, by its position in the rule.
    Pair(u32),
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident($module:ident)),* $(,)?) => {
        /// The kinds of rules: the sixteen of XHSTT, then ours.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Rule {$(
            $(#[$doc])*
            $name(rules::$module::$name),
        )*}

        impl Rule {
            /// The names of all kinds, as [`Rule::kind`] gives them.
            pub const KINDS: &[&str] = &[$(stringify!($name)),*];

            /// The rule's behaviour.
            #[must_use]
            pub fn judge(&self) -> &dyn Judge {
                match self {$(Self::$name(rule) => rule,)*}
            }

            /// The kind's name, as XHSTT spells it (without `Constraint`) where it has the kind.
            #[must_use]
            pub fn kind(&self) -> &'static str {
                match self {$(Self::$name(_) => stringify!($name),)*}
            }
        }
    };
}

kinds! {
    /// Every meet has a time.
    AssignTime(assign_time),
    /// Every seat has a resource.
    AssignResource(assign_resource),
    /// Meets start at certain times.
    PreferTimes(prefer_times),
    /// Seats are taken by certain resources.
    PreferResources(prefer_resources),
    /// An event is cut into so many meets of such durations.
    SplitEvents(split_events),
    /// So many meets of one duration.
    DistributeSplitEvents(distribute_split_events),
    /// The same resource throughout.
    AvoidSplitAssignments(avoid_split_assignments),
    /// Meets are spread over the week.
    SpreadEvents(spread_events),
    /// Events at the same times.
    LinkEvents(link_events),
    /// One event after another.
    OrderEvents(order_events),
    /// Nobody in two places.
    AvoidClashes(avoid_clashes),
    /// Nobody when they cannot.
    AvoidUnavailableTimes(avoid_unavailable_times),
    /// Few gaps.
    LimitIdleTimes(limit_idle_times),
    /// So many days.
    ClusterBusyTimes(cluster_busy_times),
    /// So many times a day.
    LimitBusyTimes(limit_busy_times),
    /// So much work.
    LimitWorkload(limit_workload),
    /// Two events in a relation of their days.
    RelateEvents(relate_events),
    /// So many events at a time.
    LimitRunning(limit_running),
    /// An early start.
    LimitLateStarts(limit_late_starts),
    /// So many of a set of resources at a time.
    LimitTogether(limit_together),
    /// A day that begins early.
    StartEarly(start_early),
    /// Few days of both morning and afternoon.
    LimitWholeDays(limit_whole_days),
    /// Few changes of place.
    LimitPlaceChanges(limit_place_changes),
    /// Time enough to get from place to place.
    WalkInTime(walk_in_time),
}

impl Rule {
    /// Whether XHSTT has this kind.
    #[must_use]
    pub fn is_in_xhstt(&self) -> bool {
        let split = matches!(self, Self::AvoidSplitAssignments(rule) if rule.max != 1 || rule.map.is_some());
        !split
            && !matches!(
                self,
                Self::RelateEvents(_)
                    | Self::LimitRunning(_)
                    | Self::LimitLateStarts(_)
                    | Self::LimitTogether(_)
                    | Self::StartEarly(_)
                    | Self::LimitWholeDays(_)
                    | Self::LimitPlaceChanges(_)
                    | Self::WalkInTime(_)
            )
    }
}

/// A rule, what it is applied to, and its price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// Identity.
    pub label: Named,
    /// Whether it counts as hard.
    pub required: bool,
    /// Price of a unit.
    pub weight: u32,
    /// How a deviation is priced.
    pub cost: CostFunction,
    /// What it is applied to.
    pub scope: Scope,
    /// The rule.
    pub rule: Rule,
}

impl Constraint {
    /// Its points of application, in the order of the file.
    #[must_use]
    pub fn points(&self, problem: &Problem) -> Vec<Subject> {
        self.rule.judge().points(&self.scope, problem)
    }

    /// The price of a deviation at one point.
    #[must_use]
    pub fn price(&self, deviation: i64) -> i64 {
        i64::from(self.weight) * self.cost.of(deviation)
    }
}
