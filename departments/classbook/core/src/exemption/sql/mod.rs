//! Exemptions in the database: [`read`] lists those of a class and tells the journal, [`write`] enters them and takes them back.

mod read;
mod write;

pub use read::list;
pub(crate) use read::spells;
pub use write::{add, withdraw};
