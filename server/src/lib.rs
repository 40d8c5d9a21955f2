//! The server of Parta: configuration, embedded PostgreSQL, commands, HTTP.

pub mod postgres;
