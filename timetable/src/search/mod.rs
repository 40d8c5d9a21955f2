//! Search over timetables of a [`Problem`](crate::problem::Problem): a state whose cost follows every move, moves, and the
//! solver.
//!
//! * [`Wiring`]: built once per problem from the rules; says which counters move when a meet moves.
//! * [`State`]: the timetable with its counters; every change goes through three primitives and can be taken back.
//! * [`Domains`]: what a move may choose from; [`Mover`]: the moves.
//! * [`Search`]: construction and annealing, in portions of work; [`Team`]: several of them that meet.
//! * [`suggest`]: the price of every cell for a card, and chains of moves that free a place.
//! * [`repair`]: a timetable after changed facts, with as few moves as can be.
//! * [`explain`]: which requirements collide.

pub mod anneal;
mod construct;
mod cyclic;
mod demand;
mod domains;
pub mod explain;
mod moved;
mod moves;
mod net;
mod pace;
mod random;
pub mod repair;
mod rounds;
mod solver;
mod state;
pub mod suggest;
mod team;
mod trail;
mod wiring;

pub use demand::Times;
pub use domains::Domains;
pub use moved::{Move, Reseat, cards, moves};
pub use moves::{Mix, Mover};
pub use net::Net;
pub use pace::{Means, Ways};
pub(crate) use pace::{fits, leg};
pub use random::Random;
pub use solver::{Best, Ground, Plan, SAMPLE, Search, Tuning};
pub use state::{Mark, Snapshot, State};
pub(crate) use team::MEETING;
pub use team::Team;
pub use trail::Way;
pub use wiring::{Per, Wiring};
