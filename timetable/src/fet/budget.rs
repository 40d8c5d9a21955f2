//! How much a draft may come to. Each list of a file is bounded by its length; what bounds one list *times* another (every
//! teacher of every limit, every class of a parallel of every activity) is counted here before it is made.

use super::error::{FetError, FetReason, shortened};
use crate::ids::wide;

/// Most entries that references of a file are made into, all together.
const MOST_ENTRIES: u32 = 1_000_000;
/// Most things that are gone through to make them.
const MOST_LOOKS: u32 = 100_000_000;

/// What a draft has come to so far.
#[derive(Default)]
pub(super) struct Budget {
    entries: usize,
    looks: usize,
}

impl Budget {
    /// Counts entries before they are made.
    ///
    /// # Errors
    /// [`FetReason::TooMuch`] at this line, about this element.
    pub fn hold(&mut self, entries: usize, line: u32, element: &str) -> Result<(), FetError> {
        self.entries = self.entries.saturating_add(entries);
        within(self.entries, MOST_ENTRIES, line, element)
    }

    /// Counts what is gone through without being kept.
    ///
    /// # Errors
    /// As [`Budget::hold`].
    pub fn look(&mut self, things: usize, line: u32, element: &str) -> Result<(), FetError> {
        self.looks = self.looks.saturating_add(things);
        within(self.looks, MOST_LOOKS, line, element)
    }
}

fn within(count: usize, limit: u32, line: u32, element: &str) -> Result<(), FetError> {
    if count <= wide(limit) {
        return Ok(());
    }
    Err(FetError {
        line,
        reason: FetReason::TooMuch {
            element: shortened(element),
            limit,
        },
    })
}
