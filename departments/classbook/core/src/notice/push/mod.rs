//! Web Push: a word to a device that its owner has turned on, through the push service of its browser (RFC 8030).
//!
//! The service learns that a message came for a device, and when; what it holds is encrypted for the device alone (RFC 8291), and even
//! that is nothing but the number of the device: which child, which mark is asked of us with the session, or not at all.
//! [`Key`] says who sends (RFC 8292), [`Endpoint`] where one may send at all, [`Pusher`] sends.

mod endpoint;
mod key;
mod send;

pub use endpoint::{Endpoint, is_public};
pub use key::Key;
pub use send::{Misconfigured, Pusher, Sent, Target};
