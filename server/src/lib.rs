//! The server of Parta: configuration, embedded PostgreSQL, commands, observation, HTTP.
//!
//! `main` → [`commands`] reads the command line → [`config`] → [`serve`] opens [`postgres`], builds the router and
//! serves until it is told to stop.

pub mod commands;
pub mod config;
pub mod demo;
pub mod observe;
pub mod postgres;
pub mod serve;
