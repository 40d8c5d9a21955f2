//! Why a search came to nothing, or was cut off and only its best so far is kept.

use serde::{Deserialize, Serialize};

/// Why: a code in the database, words for a person on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// The server ended in the middle of it again and again: killed, out of memory, switched off.
    Interrupted,
    /// The school is larger than the engine can hold.
    TooLarge,
    /// It was written by a server of another version, which this one does not understand.
    Unreadable,
    /// None of the cards that were searched for is there any more: the load was changed meanwhile.
    Changed,
    /// Who asked may change the timetable no more. What was found was given to nobody.
    Refused,
    /// Nothing was found in the time.
    Nothing,
    /// A fault of ours.
    Fault,
}

impl Failure {
    /// The code in the database.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Interrupted => "attempts",
            Self::TooLarge => "too_large",
            Self::Unreadable => "question",
            Self::Changed => "changed",
            Self::Refused => "refused",
            Self::Nothing => "nothing",
            Self::Fault => "panic",
        }
    }

    /// Reads a code; one that this server does not know is a fault.
    #[must_use]
    pub fn from_key(key: &str) -> Self {
        let all = [
            Self::Interrupted,
            Self::TooLarge,
            Self::Unreadable,
            Self::Changed,
            Self::Refused,
            Self::Nothing,
        ];
        all.into_iter().find(|f| f.key() == key).unwrap_or(Self::Fault)
    }
}
