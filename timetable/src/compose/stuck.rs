//! Why a card of a board has no place, and what would give it one: what a search leaves in the tray is told with this.
//!
//! Three answers, each by itself: requirements around the card that cannot be met together whatever lies where (proved, or never
//! met by a search of the part around it); what closes its cells as everything lies; and moves of others that make room.

use serde::{Deserialize, Serialize};

use super::collide::{Cause, Contradiction};
use super::counsel::{Counsel, Way};
use super::problem::Composition;
use crate::ids::{CardIx, wide};
use crate::problem::rules::assign_time::AssignTime;
use crate::problem::{Breach, Constraint, CostFunction, Named, Notes, Problem, Rule, Scope, Subject};
use crate::search::explain::{Collision, Requirement, collision};
use crate::search::suggest::Hunt;
use crate::why::Why;

/// The name of the rule that a kept card stays, where it is a rule.
pub(super) const KEPT: &str = "stays where it is";

/// A card without a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stuck {
    /// Which.
    pub card: CardIx,
    /// A small set of requirements that cannot be met together and has to do with the card; `None`: none was found.
    pub collides: Option<Contradiction>,
    /// What closes every cell to it as everything lies; `None`: there is a cell.
    pub why: Option<Why>,
    /// Moves that give it a place, the shortest first.
    pub ways: Vec<Way>,
}

/// How much may be done for an answer. Nothing reads a clock.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Moves of each search of a part, to see whether it can be met.
    pub moves: u64,
    /// Ways at most.
    pub ways: usize,
    /// How far they are looked for.
    pub hunt: Hunt,
}

impl Default for Effort {
    /// A second or two of one core of an old laptop at most, most often far less.
    fn default() -> Self {
        Self {
            moves: 20_000,
            ways: 1,
            hunt: Hunt::default(),
        }
    }
}

impl Counsel {
    /// Why a card has no place. `known`: contradictions of the whole board ([`Counsel::contradictions`]), one of which may be about
    /// the card.
    #[must_use]
    pub fn stuck(&self, card: CardIx, known: &[Contradiction], effort: Effort) -> Stuck {
        Stuck {
            collides: self.collides(card, known, effort),
            ..self.stuck_by_moves(card, effort)
        }
    }

    /// The part of it that is soon known: what closes its cells, and the moves that would make room.
    #[must_use]
    pub fn stuck_by_moves(&self, card: CardIx, effort: Effort) -> Stuck {
        Stuck {
            card,
            collides: None,
            why: self.board().why_nowhere(card),
            ways: self.ways(card, None, effort.ways, effort.hunt),
        }
    }

    /// The part of it that takes long: requirements around the card that cannot be met together.
    #[must_use]
    pub fn collides(&self, card: CardIx, known: &[Contradiction], effort: Effort) -> Option<Contradiction> {
        let about = |c: &&Contradiction| match &c.cause {
            Cause::Nowhere(of) | Cause::NoRoom(of) => *of == card,
            _ => c.cards.contains(&card),
        };
        let proved = known.iter().find(about).cloned();
        proved.or_else(|| self.composition().collision(card, effort.moves))
    }
}

impl Composition {
    /// A small set of requirements around a card that a search of that part never met together; `None` if it did, or if too much lies
    /// around it. Leaving out each one was tried. `moves`: of each search.
    #[must_use]
    pub fn collision(&self, card: CardIx, moves: u64) -> Option<Contradiction> {
        let event = (0..)
            .zip(&self.lessons)
            .find(|(_, l)| l.card == card && !l.kept)?
            .0;
        let (problem, _) = self.pointed();
        let takes_place = |c: &Constraint| matches!(c.rule, Rule::AssignTime(_)) && c.scope.events == [event];
        let at = (0..).zip(&problem.constraints).find(|(_, c)| takes_place(c))?.0;
        let breach = Breach {
            constraint: at,
            subject: Subject::Event(event),
            deviation: 1,
            cost: 1,
            notes: Notes::none(),
        };
        let found = collision(&problem, &breach, moves)?;
        Some(self.searched(&problem, &found, None))
    }

    /// What a search never met together, in the board's terms: lessons and demands without any of which it was met.
    pub(super) fn searched(&self, problem: &Problem, found: &Collision, wish: Option<u32>) -> Contradiction {
        let points = |at: &u32| -> Vec<Requirement> {
            let of = found.points.iter().filter(|(constraint, _)| constraint == at);
            of.map(|(at, subject)| Requirement::Point(*at, *subject))
                .collect()
        };
        let all = |list: &[u32]| -> Vec<Requirement> { list.iter().flat_map(points).collect() };
        let mut demands = self.demands(problem, &all(&found.constraints), wish);
        demands.sort_unstable();
        let mut loosen = self.demands(problem, &all(&found.loosen), wish);
        // what stays because it was asked to is given up most easily
        loosen.sort_by_key(|d| !matches!(d, super::Demand::Kept(_)));
        Contradiction {
            cause: Cause::Other,
            cards: found.events.iter().map(|event| self.lesson(*event)).collect(),
            demands,
            lack: 1,
            loosen,
            proved: false,
            minimal: found.minimal,
        }
    }

    /// The same problem with each requirement at one point a constraint of its own, and kept cards as such ones: so a search that
    /// leaves out constraints finds out who it is about. Beside it, where each constraint of this problem begins in that one, and where the
    /// last one ends.
    pub(super) fn pointed(&self) -> (Problem, Vec<u32>) {
        let mut problem = self.problem.clone();
        let old = std::mem::take(&mut problem.constraints);
        let mut begins = vec![];
        for constraint in old {
            begins.push(crate::ids::narrow(problem.constraints.len()));
            if !constraint.required {
                problem.constraints.push(constraint);
                continue;
            }
            let Scope {
                event_groups,
                events,
                resources,
                ..
            } = &constraint.scope;
            let of_groups = event_groups.iter().map(|g| Scope {
                event_groups: vec![*g],
                ..Scope::default()
            });
            let of_events = events.iter().map(|e| Scope {
                events: vec![*e],
                ..Scope::default()
            });
            let of_resources = resources.iter().map(|r| Scope {
                resources: vec![*r],
                ..Scope::default()
            });
            let scopes = of_groups.chain(of_events).chain(of_resources);
            let of_scopes = scopes.map(|scope| (scope, constraint.rule.clone()));
            // a tie speaks of no group, event or person, but of its pairs
            let pairs = (0..constraint.rule.pair_count()).filter_map(|at| constraint.rule.one_pair(at));
            for (scope, rule) in of_scopes.chain(pairs.map(|rule| (Scope::default(), rule))) {
                let one = Constraint {
                    label: constraint.label.clone(),
                    rule,
                    scope,
                    ..constraint
                };
                problem.constraints.push(one);
            }
        }
        begins.push(crate::ids::narrow(problem.constraints.len()));
        for event in 0..crate::ids::narrow(problem.events.len()) {
            let Some(time) = problem.events[wide(event)].time.take() else {
                continue;
            };
            for rule in [Rule::AssignTime(AssignTime), super::rules::start_at(vec![time])] {
                problem.constraints.push(Constraint {
                    label: Named {
                        id: KEPT.to_owned(),
                        name: KEPT.to_owned(),
                    },
                    required: true,
                    weight: 1,
                    cost: CostFunction::Linear,
                    scope: Scope {
                        events: vec![event],
                        ..Scope::default()
                    },
                    rule,
                });
            }
        }
        (problem, begins)
    }
}
