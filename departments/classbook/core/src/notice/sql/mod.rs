//! The list and its choices ([`own`]), the notices that come of events ([`make`]), the letter of the day ([`digest`]) and its address
//! ([`email`]), devices ([`device`]) and telling them ([`push`]), the worker ([`work`]).

pub mod device;
pub mod digest;
pub mod email;
pub mod make;
pub mod own;
pub mod push;
mod row;
pub mod work;

pub use make::tell;
pub use own::{choices, choose, notices, seen, unread};
pub use work::work;
