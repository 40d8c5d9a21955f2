//! Why a problem cannot be met: small sets of requirements that collide.
//!
//! * *Proof* ([`conflicts`]): the hard requirements are taken one point at a time, conclusions are drawn from them (`known`, `conclude`: where
//!   each event can still start) and what is left of the week is counted (`hall`, `gaps`, `least`: flows of lessons into times, days and
//!   rooms). Where something cannot be, requirements are left out as long as that still follows, so what remains is
//!   small and every part of it is needed. No search is involved: what is said is so.
//! * *Proof about a wish* ([`unavoidable`]): the same, with a broken wish taken as a requirement.
//! * *Search* ([`collision`]): a broken requirement that the solver could not mend is cut out with the events around it, and one
//!   constraint after another is left out. That is as sure as the search is good.
//!
//! Work is counted in steps and moves; there is no clock.
//!
//! # How to add an argument
//! A check in a file beside `hall`, a method of `Known` that returns a [`Why`], a line in `Known::count` (or, if it leaves fewer
//! starts, in `Known::conclude`), and a fault in `tests/faults.rs` that nothing else names. It must never claim what is not
//! so: `tests/explain_sound.rs` plants solutions into random problems and wants silence. A requirement more must never
//! make it claim less.

mod conclude;
mod conflict;
mod flow;
mod gaps;
mod hall;
mod known;
mod least;
mod model;
mod proof;
mod search;
mod spread;
mod ties;
mod times;
mod walks;
mod wish;

pub use conflict::{Conflict, Requirement, Why};
pub use proof::{conflicts, conflicts_while};
pub use search::{Collision, collision, collision_while};
pub use wish::{Unavoidable, demanded, unavoidable, unavoidable_while};
