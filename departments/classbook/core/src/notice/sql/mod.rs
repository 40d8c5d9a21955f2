//! The list and its choices ([`own`]), the notices that come of events ([`make`]), the letter of the day ([`digest`]) and its address
//! ([`email`]), the worker ([`work`]).

pub mod digest;
pub mod email;
pub mod make;
pub mod own;
pub mod work;

pub use make::tell;
pub use own::{choices, choose, notices, seen, unread};
pub use work::work;
