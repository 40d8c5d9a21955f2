//! What an explanation consists of.

use crate::ids::wide;
use crate::problem::{Problem, Rule, Subject};

/// A requirement, as small as it can be loosened: one point of one constraint, or a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Requirement {
    /// The event keeps its fixed time.
    Lock(u32),
    /// A constraint (by position) at one of its points.
    Point(u32, Subject),
}

impl Requirement {
    /// The event, if the requirement is that it takes place.
    #[must_use]
    pub fn card(self, problem: &Problem) -> Option<u32> {
        match self {
            Self::Point(at, Subject::Event(event)) => {
                matches!(problem.constraints[wide(at)].rule, Rule::AssignTime(_)).then_some(event)
            }
            _ => None,
        }
    }

    /// Whether nobody can loosen it: nobody is in two places, a lesson is in one piece.
    #[must_use]
    pub fn is_nature(self, problem: &Problem) -> bool {
        match self {
            Self::Lock(_) => false,
            Self::Point(at, _) => matches!(
                problem.constraints[wide(at)].rule,
                Rule::AvoidClashes(_) | Rule::SplitEvents(_)
            ),
        }
    }
}

/// Why requirements collide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// No start is left for an event.
    Nowhere {
        /// The event.
        event: u32,
    },
    /// Two events hold one resource at a time that neither can leave.
    Clash {
        /// The resource.
        resource: u32,
        /// The time.
        time: u32,
        /// The two events.
        events: [u32; 2],
    },
    /// Events that run at once need one resource, or differ in length.
    Together {
        /// The two events.
        events: [u32; 2],
        /// The resource, if that is the trouble.
        resource: Option<u32>,
    },
    /// A resource's events need more times than it has for them, by day and hour.
    Times {
        /// The resource.
        resource: u32,
        /// Times that the events take.
        needed: u32,
        /// Times of them that can be given.
        available: u32,
    },
    /// On as many days as a resource may be busy, its events do not fit.
    Days {
        /// The resource.
        resource: u32,
        /// Days on which it may be busy.
        allowed: u32,
    },
    /// Gaps cannot be as few as demanded.
    Gaps {
        /// The resource.
        resource: u32,
        /// Most gaps.
        allowed: u32,
    },
    /// A resource must be busy more than its events can make it.
    TooLittle {
        /// The resource.
        resource: u32,
        /// What is demanded: days, or times.
        needed: u32,
        /// What can be.
        available: u32,
    },
    /// A resource has more work than it may.
    Work {
        /// The resource.
        resource: u32,
        /// Work of its fixed seats.
        needed: u32,
        /// Most work.
        available: u32,
    },
    /// Events need more of some resources (rooms) than there are.
    Rooms {
        /// The resources.
        resources: Vec<u32>,
        /// Times that the events take with them.
        needed: u32,
        /// Times of them that can be given.
        available: u32,
    },
    /// No resource may take a seat.
    NoRoom {
        /// The event.
        event: u32,
    },
    /// Events that must be spread do not find so many places apart.
    Spread {
        /// The group of events.
        group: u32,
        /// Starts.
        needed: u32,
        /// Starts that can be given.
        available: u32,
    },
    /// Two events cannot lie to one another as demanded.
    Related {
        /// The two events.
        events: [u32; 2],
    },
    /// Events do not each find a partner among others that lies to them as demanded.
    Partners {
        /// The events.
        events: Vec<u32>,
    },
    /// However two events of a resource lie, there is no time for the way between them.
    Way {
        /// The resource.
        resource: u32,
        /// The two events.
        events: [u32; 2],
    },
    /// A resource changes its place more often than it may.
    Places {
        /// The resource.
        resource: u32,
        /// Most changes.
        allowed: u32,
    },
    /// More days of a resource have events than can begin with an early one.
    Early {
        /// The resource.
        resource: u32,
        /// Days with events.
        needed: u32,
        /// Days that can begin early.
        available: u32,
    },
    /// One event cannot follow another as demanded.
    Order {
        /// The two events.
        events: [u32; 2],
    },
}

impl Why {
    /// Events that it speaks of.
    pub(super) fn events(&self, problem: &Problem) -> Vec<u32> {
        match self {
            Self::Nowhere { event } | Self::NoRoom { event } => vec![*event],
            Self::Clash { events, .. }
            | Self::Together { events, .. }
            | Self::Related { events }
            | Self::Way { events, .. }
            | Self::Order { events } => events.to_vec(),
            Self::Partners { events } => events.clone(),
            Self::Spread { group, .. } => problem.event_groups[wide(*group)].events.clone(),
            _ => vec![],
        }
    }

    /// Resources that it speaks of.
    pub(super) fn resources(&self) -> Vec<u32> {
        match self {
            Self::Clash { resource, .. }
            | Self::Times { resource, .. }
            | Self::Days { resource, .. }
            | Self::Gaps { resource, .. }
            | Self::TooLittle { resource, .. }
            | Self::Way { resource, .. }
            | Self::Places { resource, .. }
            | Self::Early { resource, .. }
            | Self::Work { resource, .. } => vec![*resource],
            Self::Rooms { resources, .. } => resources.clone(),
            _ => vec![],
        }
    }

    /// By how much more is demanded than there is.
    pub(super) fn lack(&self) -> u32 {
        match self {
            Self::Times {
                needed, available, ..
            }
            | Self::TooLittle {
                needed, available, ..
            }
            | Self::Work {
                needed, available, ..
            }
            | Self::Rooms {
                needed, available, ..
            }
            | Self::Spread {
                needed, available, ..
            } => needed.saturating_sub(*available),
            _ => 1,
        }
    }
}

/// Requirements that cannot be met together: proved by counting and drawing conclusions, not by searching in vain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Why.
    pub why: Why,
    /// The requirements; without any one of them the proof no longer holds.
    pub requirements: Vec<Requirement>,
    /// How much is lacking: of lessons of the same sort, so many would have to go; without a room, so many events have none for the
    /// same reason. The requirements prove the first of them.
    pub lack: u32,
    /// Requirements of which one must give way, best first: which help against most of the conflicts found, then what
    /// is easiest to change.
    pub loosen: Vec<Requirement>,
    /// Whether leaving out each requirement was tried before the work was used up.
    pub minimal: bool,
}

impl Conflict {
    /// Events that are said to take place, or to stay where they are.
    pub fn cards<'a>(&'a self, problem: &'a Problem) -> impl Iterator<Item = u32> + 'a {
        self.requirements.iter().filter_map(|r| match r {
            Requirement::Lock(event) => Some(*event),
            other => other.card(problem),
        })
    }
}
