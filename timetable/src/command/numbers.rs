//! Numbers of the command line, each with the range that is allowed: whoever writes one outside of it is told which.

use std::num::NonZeroUsize;

/// A week: beyond that, seconds are a slip.
const MOST_SECONDS: u64 = 7 * 24 * 60 * 60;
/// Most threads.
const MOST_THREADS: u32 = 64;

fn within<T>(text: &str, least: T, most: T) -> Result<T, String>
where
    T: std::str::FromStr + PartialOrd + std::fmt::Display + Copy,
{
    match text.parse::<T>() {
        Ok(number) if (least..=most).contains(&number) => Ok(number),
        _ => Err(format!("a whole number from {least} to {most} is wanted")),
    }
}

/// Seconds.
pub fn seconds(text: &str) -> Result<u64, String> {
    within(text, 0, MOST_SECONDS)
}

/// Threads.
pub fn threads(text: &str) -> Result<u32, String> {
    within(text, 1, MOST_THREADS)
}

/// A seed, or an amount of work.
pub fn large(text: &str) -> Result<u64, String> {
    within(text, 0, u64::MAX)
}

/// A price.
pub fn price(text: &str) -> Result<u32, String> {
    within(text, 0, u32::MAX)
}

/// How many things are told.
pub fn count(text: &str) -> Result<usize, String> {
    within(text, 0, 1_000_000)
}

/// Which of several things, from 1.
pub fn nth(text: &str) -> Result<usize, String> {
    within(text, 1, 1_000_000)
}

/// As many threads as the machine runs at once: all its processors, or those that this process may use.
pub fn all_threads() -> u32 {
    let found = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    u32::try_from(found).unwrap_or(MOST_THREADS).min(MOST_THREADS)
}
