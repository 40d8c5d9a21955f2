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

/// The moves of a round, leg by leg.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round(pub Vec<u64>);

impl Round {
    /// All of its moves.
    pub fn moves(&self) -> u64 {
        self.0.iter().copied().fold(0, u64::saturating_add)
    }
}

impl std::fmt::Display for Round {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let legs: Vec<String> = self.0.iter().map(u64::to_string).collect();
        f.write_str(&legs.join("+"))
    }
}

/// A round: amounts of work with a plus between them.
pub fn round(text: &str) -> Result<Round, String> {
    text.split('+').map(large).collect::<Result<_, _>>().map(Round)
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

#[cfg(test)]
mod tests {
    use super::{Round, round};

    #[test]
    fn a_round_is_read_as_it_is_told() {
        for text in ["7", "4000+3000+12"] {
            assert_eq!(round(text).unwrap().to_string(), text);
        }
        assert_eq!(round("4000+3000").unwrap(), Round(vec![4000, 3000]));
        assert_eq!(Round(vec![u64::MAX, 1]).moves(), u64::MAX);
        assert!(round("4000+").is_err() && round("").is_err() && round("1,2").is_err());
    }
}
