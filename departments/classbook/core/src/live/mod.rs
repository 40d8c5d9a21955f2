//! What has just happened, told to whoever is looking at it: the ear and mouth of a server process.
//!
//! Journals and diaries that are open hold a [`Listener`] for what they show ([`Topic`]s). Whoever saves something says so
//! with [`Live::tell`] after the transaction has ended: nothing is added to the transaction itself, for a `notify` inside it
//! would make all commits of a database wait for one another (docs/decisions/0019). Those who listen in this process hear it
//! at once; [`Live::work`] passes it on to other processes over the same database, some tenths of a second later.
//!
//! To tell one more thing: a variant of [`Topic`], its letter in [`said`], and a listener for it.

mod hub;
mod said;
mod sql;

pub use hub::{Listener, Live};
pub use said::{Node, Topic};
