//! Which requirements of a board cannot be met together, in the board's own terms.

use serde::{Deserialize, Serialize};

use super::problem::Composition;
use crate::ids::{CardIx, RoomIx, wide};
use crate::limits::LimitKind;
use crate::problem::{Problem, Rule, Subject};
use crate::search::explain::{Conflict, Requirement, Why, conflicts};
use crate::unmet::Whose;

/// What cannot be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cause {
    /// The card can lie nowhere.
    Nowhere(CardIx),
    /// No room may be taken for the card.
    NoRoom(CardIx),
    /// Two cards hold one person, class or room at one time and cannot leave.
    Clash {
        /// Whose time; `None`: more than one.
        whose: Option<Whose>,
        /// Day, from 0.
        day: u16,
        /// Slot, from 0.
        slot: u16,
        /// The two.
        cards: [CardIx; 2],
    },
    /// More lessons than times for them.
    Times {
        /// Whose.
        whose: Option<Whose>,
        /// Lessons.
        needed: u32,
        /// Times that can be given.
        available: u32,
    },
    /// On so many days the lessons do not fit.
    Days {
        /// Whose.
        whose: Option<Whose>,
        /// Days on which there may be lessons.
        allowed: u32,
    },
    /// Windows cannot be as few as demanded.
    Windows {
        /// Whose.
        whose: Option<Whose>,
        /// Most.
        allowed: u32,
    },
    /// More lessons than rooms that suit have times.
    Rooms {
        /// The rooms.
        rooms: Vec<RoomIx>,
        /// Lessons.
        needed: u32,
        /// Times that can be given.
        available: u32,
    },
    /// Lessons that must be apart do not find so many places.
    Spread {
        /// Lessons.
        needed: u32,
        /// Places.
        available: u32,
    },
    /// More days have lessons than can begin with the first bell.
    Begins {
        /// Whose.
        whose: Option<Whose>,
        /// Days with lessons.
        needed: u32,
        /// Days that can begin so.
        available: u32,
    },
    /// However two lessons lie, there is no time for the way between them.
    Way {
        /// Whose.
        whose: Option<Whose>,
        /// The two.
        cards: [CardIx; 2],
    },
    /// Changes of building cannot be as few as demanded.
    Moves {
        /// Whose.
        whose: Option<Whose>,
        /// Most.
        allowed: u32,
    },
    /// Something else; the demands say what.
    Other,
}

impl Cause {
    /// Whose time it is about, if somebody's.
    #[must_use]
    pub fn whose(&self) -> Option<Whose> {
        match self {
            Self::Clash { whose, .. }
            | Self::Times { whose, .. }
            | Self::Days { whose, .. }
            | Self::Windows { whose, .. }
            | Self::Begins { whose, .. }
            | Self::Way { whose, .. }
            | Self::Moves { whose, .. } => *whose,
            _ => None,
        }
    }
}

/// A demand that shares in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Demand {
    /// The card stays where it is.
    Kept(CardIx),
    /// The hours of the card's people, and the bells.
    Hours(CardIx),
    /// The hours that the law gives for the card.
    Law(CardIx),
    /// The room that the card must have.
    Room(CardIx),
    /// When the room is open.
    RoomHours(RoomIx),
    /// Cards that stay where they are, in this room.
    KeptIn(RoomIx),
    /// The card's people would rather not have the hour. Never a requirement: it only shares in why a wish is not met.
    Unwanted(CardIx),
    /// A limit.
    Limit(Whose, LimitKind),
    /// There is time for the way between buildings.
    Way(Whose),
    /// The card must be apart from others of its kind.
    Spread(CardIx),
    /// Two cards must lie to one another as they are tied.
    Tied(CardIx, CardIx),
    /// Lessons take no more hours or days than a file allows: a position among the bounds of the board.
    Bound(u32),
    /// Lessons take few rooms together, or one where they follow at once: a position among the roomings of the board.
    Rooming(u32),
}

/// Requirements that cannot be met together.
///
/// Of [`Cause::Times`] that a plain count shows, all lessons of the person or class are named; of the others the fewest: without any one
/// of them the proof no longer holds, if it is [`minimal`](Self::minimal).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contradiction {
    /// What cannot be.
    pub cause: Cause,
    /// Cards that are said to take place.
    pub cards: Vec<CardIx>,
    /// Other demands.
    pub demands: Vec<Demand>,
    /// How many lessons too many, or how many without a place for the same reason.
    pub lack: u32,
    /// Which to loosen, best first; empty: lessons must go.
    pub loosen: Vec<Demand>,
    /// Proved; else a search never met them together, which is as sure as the search is good.
    pub proved: bool,
    /// Of each of them it was tried whether it is needed. If not, the work was used up before, and some may have no share in it.
    // a server of before it was told says nothing of it
    #[serde(default = "tried")]
    pub minimal: bool,
}

fn tried() -> bool {
    true
}

impl Composition {
    /// What cannot be met together, whatever lies where, at most `most`: cards that can lie nowhere, whoever has more lessons than
    /// hours, then sets of demands.
    /// `work` is counted in steps of reasoning; a school of 1,100 lessons is looked through once in less than a million.
    #[must_use]
    pub fn contradictions(&self, most: usize, work: u64) -> Vec<Contradiction> {
        let never = self.never_there();
        let by_teacher = |card: &&CardIx| never.iter().any(|of| of.cards.contains(card));
        let rest = self.impossible().iter().filter(|card| !by_teacher(card));
        let alone = rest.map(|card| Contradiction {
            cause: Cause::Nowhere(*card),
            cards: vec![*card],
            demands: vec![Demand::Hours(*card)],
            lack: 1,
            loosen: vec![Demand::Hours(*card)],
            proved: true,
            minimal: true,
        });
        let full = self.too_full();
        // what is short of hours collides in many ways, and all of them are this one
        let is_own = |c: &Cause| matches!(c, Cause::Begins { .. } | Cause::Way { .. } | Cause::Moves { .. });
        let told_already =
            |c: &Contradiction| !is_own(&c.cause) && full.iter().any(|f| f.cause.whose() == c.cause.whose());
        // of equal ones several are found before another one is
        let proved = conflicts(&self.problem, most * 4, work);
        let proved = proved.iter().map(|c| self.told(&self.problem, c, None));
        let proved = proved.filter(|c| c.cause.whose().is_none() || !told_already(c));
        let all = never.iter().cloned().chain(alone);
        self.each_once(all.chain(full.iter().cloned()).chain(proved), most)
    }

    /// A conflict of a problem in the board's terms; `wish`: the constraint that it is about, which need not be named.
    pub(super) fn told(&self, problem: &Problem, conflict: &Conflict, wish: Option<u32>) -> Contradiction {
        let cards = conflict.requirements.iter().filter_map(|r| r.card(problem));
        Contradiction {
            cause: self.cause(&conflict.why),
            cards: cards.map(|event| self.lesson(event)).collect(),
            demands: {
                let mut demands = self.demands(problem, &conflict.requirements, wish);
                demands.sort_unstable();
                demands
            },
            lack: conflict.lack,
            loosen: self.demands(problem, &conflict.loosen, wish),
            proved: true,
            minimal: conflict.minimal,
        }
    }

    /// Requirements in the board's terms, each once, in their order.
    pub(super) fn demands(&self, problem: &Problem, list: &[Requirement], wish: Option<u32>) -> Vec<Demand> {
        let mut demands: Vec<Demand> = vec![];
        let is_wish = |r: &Requirement| matches!(r, Requirement::Point(at, _) if Some(*at) == wish);
        let named = list.iter().filter(|r| !is_wish(r));
        for demand in named.filter_map(|r| self.demand(problem, *r)) {
            if !demands.contains(&demand) {
                demands.push(demand);
            }
        }
        demands
    }

    pub(super) fn lesson(&self, event: u32) -> CardIx {
        self.lessons[wide(event)].card
    }

    pub(super) fn whose(&self, resource: u32) -> Option<Whose> {
        self.owners.get(wide(resource)).copied().flatten()
    }

    fn cause(&self, why: &Why) -> Cause {
        let slots = u32::from(self.board.slots()).max(1);
        match why {
            Why::Nowhere { event } => Cause::Nowhere(self.lesson(*event)),
            Why::NoRoom { event } => Cause::NoRoom(self.lesson(*event)),
            Why::Clash {
                resource,
                time,
                events,
            } => Cause::Clash {
                whose: self.whose(*resource),
                day: u16::try_from(time / slots).unwrap_or(0),
                slot: u16::try_from(time % slots).unwrap_or(0),
                cards: events.map(|event| self.lesson(event)),
            },
            Why::Times {
                resource,
                needed,
                available,
            }
            | Why::Work {
                resource,
                needed,
                available,
            } => Cause::Times {
                whose: self.whose(*resource),
                needed: *needed,
                available: *available,
            },
            Why::Days { resource, allowed } => Cause::Days {
                whose: self.whose(*resource),
                allowed: *allowed,
            },
            Why::Gaps { resource, allowed } => Cause::Windows {
                whose: self.whose(*resource),
                allowed: *allowed,
            },
            Why::Rooms {
                resources,
                needed,
                available,
            } => {
                let room = |r: &u32| match self.whose(*r) {
                    Some(Whose::Room(room)) => Some(room),
                    _ => None,
                };
                let mut rooms: Vec<RoomIx> = resources.iter().filter_map(room).collect();
                rooms.dedup();
                Cause::Rooms {
                    rooms,
                    needed: *needed,
                    available: *available,
                }
            }
            Why::Spread {
                needed, available, ..
            } => Cause::Spread {
                needed: *needed,
                available: *available,
            },
            Why::Early {
                resource,
                needed,
                available,
            } => Cause::Begins {
                whose: self.whose(*resource),
                needed: *needed,
                available: *available,
            },
            // what goes from lesson to lesson of a list is nobody
            Why::Way { resource, .. } if self.whose(*resource).is_none() => Cause::Other,
            Why::Way { resource, events } => Cause::Way {
                whose: self.whose(*resource),
                cards: events.map(|event| self.lesson(event)),
            },
            Why::Places { resource, allowed } => Cause::Moves {
                whose: self.whose(*resource),
                allowed: *allowed,
            },
            Why::Together { .. }
            | Why::TooLittle { .. }
            | Why::Related { .. }
            | Why::Partners { .. }
            | Why::Order { .. } => Cause::Other,
        }
    }

    /// A requirement in the board's terms; `None` for the cards themselves and for what nobody can loosen.
    fn demand(&self, problem: &Problem, requirement: Requirement) -> Option<Demand> {
        let (at, subject) = match requirement {
            Requirement::Lock(event) => return Some(Demand::Kept(self.lesson(event))),
            Requirement::Point(at, subject) => (at, subject),
        };
        let constraint = &problem.constraints[wide(at)];
        if let Some(bound) = super::bounds::position(&constraint.label.name) {
            return Some(Demand::Bound(bound));
        }
        if let Some(rule) = super::rooming::position(&constraint.label.name) {
            return Some(Demand::Rooming(rule));
        }
        match (&constraint.rule, subject) {
            (Rule::PreferTimes(_), Subject::Event(event)) => {
                let card = self.lesson(event);
                Some(match constraint.label.name.as_str() {
                    super::limits::HOURS_OF_THE_LAW => Demand::Law(card),
                    super::stuck::KEPT => Demand::Kept(card),
                    super::unwanted::RATHER_NOT => Demand::Unwanted(card),
                    super::limits::HARD_IN_THE_MIDDLE => {
                        let class = self.board.card_classes[card.ix()].first();
                        Demand::Limit(Whose::Class(*class?), LimitKind::HardAtEdge)
                    }
                    _ => Demand::Hours(card),
                })
            }
            (
                Rule::AssignResource(_) | Rule::PreferResources(_),
                Subject::Event(event) | Subject::Seat(event, _),
            ) => Some(Demand::Room(self.lesson(event))),
            (Rule::AvoidUnavailableTimes(_), Subject::Resource(who)) => match self.whose(who) {
                Some(Whose::Room(room)) if constraint.label.name == super::rules::KEPT_THERE => {
                    Some(Demand::KeptIn(room))
                }
                Some(Whose::Room(room)) => Some(Demand::RoomHours(room)),
                _ => None,
            },
            (Rule::LimitBusyTimes(rule), Subject::Resource(who)) => {
                let week = rule.time_groups.len() == 1;
                let kind = match constraint.label.name.as_str() {
                    super::limits::HARD_IN_A_ROW => LimitKind::HardInRow,
                    super::teachers::IN_A_ROW => LimitKind::LessonsInRow,
                    super::teachers::LEAST | super::limits::LEAST => LimitKind::LeastPerDay,
                    _ if week => LimitKind::LessonsPerWeek,
                    _ => LimitKind::LessonsPerDay,
                };
                Some(Demand::Limit(self.whose(who)?, kind))
            }
            (Rule::LimitIdleTimes(_), Subject::Resource(who)) => {
                let week = constraint.label.name == super::teachers::WINDOWS_A_WEEK;
                let kind = if week {
                    LimitKind::WindowsPerWeek
                } else {
                    LimitKind::WindowsPerDay
                };
                Some(Demand::Limit(self.whose(who)?, kind))
            }
            (Rule::LimitPlaceChanges(_), Subject::Resource(who)) => {
                Some(Demand::Limit(self.whose(who)?, LimitKind::MovesPerDay))
            }
            (Rule::WalkInTime(_), Subject::Resource(who)) if constraint.label.name == super::ways::WALK => {
                Some(Demand::Way(self.whose(who)?))
            }
            (Rule::LimitLateStarts(_) | Rule::StartEarly(_), Subject::Resource(who)) => {
                Some(Demand::Limit(self.whose(who)?, LimitKind::LateStart))
            }
            (Rule::ClusterBusyTimes(_), Subject::Resource(who)) => {
                let kind = match constraint.label.name.as_str() {
                    super::teachers::LEAST_DAYS | super::limits::LEAST_DAYS => LimitKind::LeastDays,
                    _ => LimitKind::DaysPerWeek,
                };
                Some(Demand::Limit(self.whose(who)?, kind))
            }
            (Rule::RelateEvents(rule), Subject::Pair(pair)) => {
                let (first, second) = *rule.pairs.get(wide(pair))?;
                Some(Demand::Tied(self.lesson(first), self.lesson(second)))
            }
            (Rule::OrderEvents(rule), Subject::Pair(pair)) => {
                let pair = rule.pairs.get(wide(pair))?;
                Some(Demand::Tied(self.lesson(pair.first), self.lesson(pair.second)))
            }
            (Rule::SpreadEvents(_), Subject::Group(group)) => {
                let first = self.problem.event_groups[wide(group)].events.first()?;
                let card = self.lesson(*first);
                let class = self.board.card_classes[card.ix()].first().copied();
                let limit = |kind| class.map(|class| Demand::Limit(Whose::Class(class), kind));
                match constraint.label.name.as_str() {
                    super::limits::ONCE_A_DAY => limit(LimitKind::SubjectPerDay),
                    super::limits::HARD_DAY => limit(LimitKind::PointsPerDay),
                    super::limits::LIGHT => limit(LimitKind::LightDay),
                    super::limits::EDGES => limit(LimitKind::EdgeDay),
                    super::limits::HOMEWORK => limit(LimitKind::HomeworkPerDay),
                    _ => Some(Demand::Spread(card)),
                }
            }
            _ => None,
        }
    }
}
