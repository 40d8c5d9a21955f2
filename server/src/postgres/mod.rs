//! The PostgreSQL that Parta starts for itself when no `DATABASE_URL` is given.
//!
//! A [`Cluster`] lives in the data folder (`<data>/postgres`), listens on a Unix socket only and is reached by nobody
//! but the account that runs it: the socket lies in a folder of mode 0700, so that no password is needed. PostgreSQL
//! refuses to run as root; started by root, Parta gives the cluster to the owner of the data folder or to the
//! system user `postgres`.
//!
//! What may be killed at any moment, and what then happens:
//! - *Parta*: its lock on the data folder falls with it; the next start finds the living postmaster and adopts it.
//! - *PostgreSQL*: [`Cluster::supervise`] starts it again; it recovers from its own log.
//! - *both*, or the machine: a left-over `postmaster.pid` is judged by what the process really is, not by its number.
//! - *initdb*: it works in `<data>/postgres.new`, which is renamed when it is complete and thrown away when it is not.
//!
//! The server itself works with a login of its own, [`login`], which owns nothing.
//!
//! Next to read: `cluster.rs` (the life of a cluster), then `liveness.rs`.

mod account;
mod cluster;
mod folder;
mod liveness;
pub mod login;
mod programs;
mod settings;
pub mod testing;

pub use cluster::{Cluster, OWNER, Options, running_url};
pub use settings::Durability;
