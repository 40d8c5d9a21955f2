//! Access: how people enter and as whom they act.
//!
//! - [`auth`]: logins and phone numbers, passwords, limits on guessing, signing in, changing a password.
//! - [`sessions`]: devices that are signed in; finding out who asks, with a short memory that all servers agree on.
//! - [`positions`]: what a person may act as, and the [`base::rights::Actor`] that follows.
//! - [`accounts`]: accounts made and passwords issued by a school.
//!
//! With the feature `sql` each also has its questions and acts in `sql/`; [`Entrance`] is what a request brings along.

pub mod accounts;
pub mod auth;
#[cfg(feature = "sql")]
mod entrance;
pub mod positions;
pub mod sessions;
/// Texts of this crate, by language.
pub mod t {
    #![allow(clippy::pedantic, clippy::if_same_then_else)]
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

#[cfg(feature = "sql")]
pub use entrance::{Door, Entrance, Place, random};
