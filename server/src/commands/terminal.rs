//! Words for the person at the terminal.
//!
//! A closed pipe (`parta … | head`) is no reason to fail, so what cannot be written is dropped.

use std::io::Write;

/// Writes a line to standard output.
pub fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
        tracing::debug!("standard output is closed");
    }
}

/// Writes a line to standard error.
pub fn complain(line: &str) {
    if writeln!(std::io::stderr().lock(), "{line}").is_err() {
        tracing::debug!("standard error is closed");
    }
}
