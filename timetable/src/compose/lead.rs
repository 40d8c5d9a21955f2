//! Who leads a crew whose searches work in places of their own, each with a [`Member`](super::Member): says what each is to do next
//! by what they have reported. It is the rule of [`Crew`](super::Crew) without its threads: all make a first timetable, learn what moves
//! cost, then go through rounds, each from the best of all.
//!
//! By work, what comes out depends on the seed, the number of members and the work, whoever was faster.

use std::time::Duration;

use super::crew::Budget;
use super::member::{At, Order, Report};
use crate::problem::Cost;
use crate::search::{SAMPLE, fits, leg};

/// What is to be done next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// These members go on with what they are at; the others wait for them.
    GoOn(Vec<usize>),
    /// These take an order.
    Take(Vec<usize>, Order),
    /// All begin a round: with this work, from what this member has found.
    Round {
        /// Who has the best.
        leader: usize,
        /// As in [`Order::Round`].
        work: Option<u64>,
    },
    /// It is over.
    Over,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Build,
    Learn,
    Rounds,
}

/// Leads a crew.
pub struct Lead {
    budget: Budget,
    stage: Stage,
    /// What each has told; `None`: it has gone.
    members: Vec<Option<Report>>,
    /// When the present stage or leg of a round began, and the moves until then.
    since: Duration,
    before: u64,
    /// Moves of each until the rest of the round is planned anew; `None`: it is not.
    leg: Option<u64>,
}

impl Lead {
    /// For so many members, which are making their first timetables.
    #[must_use]
    pub fn new(members: usize, budget: Budget) -> Self {
        let begun = Report {
            at: At::Busy,
            cost: Cost {
                hard: i64::MAX,
                soft: i64::MAX,
            },
            moves: 0,
        };
        Self {
            budget,
            stage: Stage::Build,
            members: vec![Some(begun); members],
            since: Duration::ZERO,
            before: 0,
            leg: None,
        }
    }

    /// A member has told this; `None`: it does not answer any more, the others go on without it.
    pub fn hear(&mut self, member: usize, report: Option<Report>) {
        if let Some(known) = self.members.get_mut(member) {
            *known = report;
        }
    }

    /// Who has the best timetable and what it costs, among equals the first; `None` while the first ones are made.
    #[must_use]
    pub fn best(&self) -> Option<(usize, Cost)> {
        if self.stage == Stage::Build {
            return None;
        }
        let known = self.members.iter().enumerate();
        let known = known.filter_map(|(n, report)| Some((report.as_ref()?.cost, n)));
        known.min().map(|(cost, n)| (n, cost))
    }

    /// Moves tried, of those that are there.
    #[must_use]
    pub fn moves(&self) -> u64 {
        self.members.iter().flatten().map(|report| report.moves).sum()
    }

    /// Who is there.
    #[must_use]
    pub fn members(&self) -> Vec<usize> {
        let all = self.members.iter().enumerate();
        all.filter(|(_, report)| report.is_some())
            .map(|(n, _)| n)
            .collect()
    }

    /// How many are there.
    #[must_use]
    pub fn count(&self) -> usize {
        self.members.iter().flatten().count()
    }

    /// Who is there and there.
    fn who(&self, at: At) -> Vec<usize> {
        let all = self.members.iter().enumerate();
        let there = all.filter(|(_, report)| report.is_some_and(|report| report.at == at));
        there.map(|(n, _)| n).collect()
    }

    /// What is to be done next, so long after the begin. First timetables are made whatever the time: without one there is nothing.
    pub fn next(&mut self, gone: Duration) -> Next {
        let busy = self.who(At::Busy);
        if self.stage == Stage::Build {
            if !busy.is_empty() {
                return Next::GoOn(busy);
            }
            self.stage = Stage::Learn;
            self.since = gone;
            return match self.left(gone) {
                Some(_) if self.count() > 0 => Next::Take(self.who(At::Pause), Order::Learn),
                _ => Next::Over,
            };
        }
        let Some(left) = self.left(gone) else {
            return Next::Over;
        };
        if !busy.is_empty() {
            return Next::GoOn(busy);
        }
        let took = gone.saturating_sub(self.since);
        let all = self.count();
        if all == 0 {
            return Next::Over;
        }
        match self.stage {
            Stage::Build => Next::Over,
            Stage::Learn => {
                self.stage = Stage::Rounds;
                let work = match self.budget {
                    Budget::Time(_) => fits(SAMPLE.into(), took, left),
                    Budget::Work(work) => work,
                };
                self.round(gone, Some(work))
            }
            Stage::Rounds if !self.who(At::Over).is_empty() => Next::Over,
            Stage::Rounds => {
                let each = u64::try_from(all).unwrap_or(1).max(1);
                let done = self.moves().saturating_sub(self.before) / each;
                let meeting = self.who(At::Meeting);
                if !meeting.is_empty() {
                    let order = match self.leg {
                        // nobody has to be able to repeat it: a leg ends at the first meeting after its moves
                        Some(moves) if done >= moves => {
                            let rest = fits(done, took, left);
                            self.begin_leg(gone, Some(rest));
                            Order::Rest(rest)
                        }
                        _ => Order::Meet,
                    };
                    return Next::Take(meeting, order);
                }
                let work = match self.budget {
                    Budget::Time(_) => Some(fits(done, took, left)),
                    Budget::Work(_) => None,
                };
                self.round(gone, work)
            }
        }
    }

    /// The time that is left; `None`: it is over.
    fn left(&self, gone: Duration) -> Option<Duration> {
        match self.budget {
            Budget::Time(whole) => whole.checked_sub(gone).filter(|left| *left > Duration::ZERO),
            Budget::Work(_) => Some(Duration::ZERO),
        }
    }

    /// With so much work planned for the time that is left.
    fn begin_leg(&mut self, gone: Duration, planned: Option<u64>) {
        self.since = gone;
        self.before = self.moves();
        self.leg = match self.budget {
            Budget::Time(whole) => leg(planned.unwrap_or(0), whole.saturating_sub(gone), whole),
            Budget::Work(_) => None,
        };
    }

    fn round(&mut self, gone: Duration, work: Option<u64>) -> Next {
        self.begin_leg(gone, work);
        match self.best() {
            Some((leader, _)) => Next::Round { leader, work },
            None => Next::Over,
        }
    }
}
