//! How much a requirement weighs, in words that a deputy director chooses from.

use serde::{Deserialize, Serialize};

/// From what is not looked at to what must be. What each costs is in [`kind`](super::kind).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// «Не учитывать».
    Off,
    /// «Если получится».
    Maybe,
    /// «Желательно».
    Rather,
    /// «Очень важно».
    Very,
    /// «Обязательно»: a breach is a clash, nothing is placed so.
    Must,
}

impl Weight {
    /// All, the heaviest first, as they are offered.
    pub const ALL: [Self; 5] = [Self::Must, Self::Very, Self::Rather, Self::Maybe, Self::Off];

    /// The key in the database and on the wire.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Maybe => "maybe",
            Self::Rather => "rather",
            Self::Very => "very",
            Self::Must => "must",
        }
    }

    /// Reads a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|w| w.key() == key)
    }
}
