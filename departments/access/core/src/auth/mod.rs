//! Signing in: what a person types ([`Identifier`]), what a password must be ([`password`]), how often one may guess
//! ([`limit`]), what an issued password looks like ([`issued`]), where one goes afterwards ([`local_path`]).
//!
//! The rules here know no clock, no randomness and no database. `sql` does the acts; to add one (a second factor, say),
//! write its rule here, its act in `sql/`, its event kind into `account_event`.

#[cfg(feature = "sql")]
mod hash;
mod identifier;
pub mod issued;
pub mod limit;
#[cfg(feature = "sql")]
pub mod password;
mod return_to;
#[cfg(feature = "sql")]
pub mod sql;

#[cfg(feature = "sql")]
pub use hash::{Hasher, PARAMS, hash_now};
pub use identifier::{Identifier, NoPhone, phone, phone_in_words, wished_phone};
pub use return_to::local_path;
