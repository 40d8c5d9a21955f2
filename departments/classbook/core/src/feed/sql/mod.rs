//! A family's own addresses ([`own`]), and what a program gets that asks for one ([`fetch`]).

pub mod fetch;
pub mod own;

pub use fetch::{Answer, calendar};
pub use own::{feeds, make, revoke, secret};
