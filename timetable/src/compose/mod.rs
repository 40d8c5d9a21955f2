//! A school's board as a general problem, and a solution as places of cards again: «place the rest, and place it well».
//!
//! * [`Composition`]: the question. Cards that are to be kept are events with a fixed time; everybody who can be in one
//!   place only is a resource; what the editor's judge calls a clash is required, what it calls poor has its price.
//! * [`Lane`]: a search for it, in portions of work, from nothing or from a timetable found earlier.
//! * [`Crew`]: several searches that work together for a time, on threads; [`Lead`] and [`Member`]: the same in places that only talk;
//!   [`Counsel`]: advice about one card of a board as it lies.
//! * [`Stuck`]: why a card has no place and what would give it one; [`Standing`]: why a remark of the review is not met.
//! * [`Mending`]: a board after changed facts, with as few cards moved as can be.
//! * [`Composition::contradictions`]: what cannot be met together, proved before any search.
//! * [`Composition::settle`]: the timetable on the board. It is judged by [`Board::conflicts`] once more, and a card that
//!   clashes is taken off: whatever the search was at, what comes out has no clash but those between kept cards.
//! * [`Score`]: what a person is told about a timetable.
//!
//! # How weeks are said
//! The general problem has one week. Whoever has a card of odd or even weeks is two resources, one of each week, and a card
//! of every week takes both. A room is not split: a seat is one resource. Two cards that alternate in one room are
//! therefore not found, though they are not taken apart where they are kept.
//!
//! # How pupils are said
//! Atoms with the same cards are one resource. A class with many splits has many; beyond `pupils::MOST` only so many are
//! taken that any two cards with common pupils still meet in one of them, unless a hard rule counts windows or lessons.
//!
//! # How to add a rule
//! A limit of the judge that is hard must be required here, or a solution without hard cost could still clash: a function in
//! `rules`, `limits` or `teachers`, and a case of `tests/compose.rs`. `timetable/README.md` has an example.

#[cfg(feature = "xhstt")]
mod archive;
mod back;
mod bounds;
mod collide;
mod counsel;
mod crew;
mod elsewhere;
mod full;
mod lane;
mod lead;
mod limits;
mod member;
mod mending;
mod problem;
mod pupils;
mod rooming;
mod rules;
mod score;
mod shape;
mod standing;
mod stuck;
mod teachers;
mod unwanted;
mod ways;

pub use crate::unmet::Whose;
#[cfg(feature = "xhstt")]
pub use archive::Labels;
pub use back::{take_off_clashes, taking_turns};
pub use collide::{Cause, Contradiction, Demand};
pub use counsel::{Counsel, Step, Way};
pub use crew::{Budget, Crew};
pub use lane::Lane;
pub use lead::{Lead, Next};
pub use member::{At, Found, Member, Order, Report};
pub use mending::{Fact, Mended, Mending, Shift, Terms};
pub use problem::Composition;
pub use score::Score;
pub use standing::{Pains, Standing};
pub use stuck::{Effort, Stuck};

use crate::board::Board;
use crate::spec::Placement;

/// Where each card of a board lies.
#[must_use]
pub fn places(board: &Board) -> Vec<Option<Placement>> {
    board.cards().iter().map(|card| card.placement).collect()
}

/// How many cards lie elsewhere in another timetable of the same board: another day or slot, or only one has a place.
/// Another room is no move.
#[must_use]
pub fn moved(before: &[Option<Placement>], after: &[Option<Placement>]) -> u32 {
    let at = |place: &Option<Placement>| place.map(|p| (p.day, p.slot));
    let pairs = before.iter().zip(after);
    crate::ids::narrow(pairs.filter(|(a, b)| at(a) != at(b)).count())
}
