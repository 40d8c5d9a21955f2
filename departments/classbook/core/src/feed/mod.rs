//! The calendar feed (календарная подписка): a secret address by which a calendar program reads the lessons of one child.
//!
//! A family makes an address in the diary, sees it once, and revokes it there; the database knows its SHA-256 (`sql::own`). Whoever
//! asks for it gets an iCalendar (RFC 5545, `calendar`) of the last two weeks and the next five, without a cookie (`sql::fetch`).
//!
//! To show one more thing of a lesson in the calendar: a line in `calendar::lesson`, and in its `Words` where it needs some.

#[cfg(feature = "sql")]
mod calendar;
#[cfg(feature = "sql")]
pub mod sql;

use base::{PersonId, PupilId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::diary::Child;

/// So many living addresses may one person have for one child.
pub const AT_MOST: i64 = 10;

/// The addresses that one person has made for one child.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feeds {
    /// Who looks.
    pub viewer: PersonId,
    /// Whose lessons.
    pub child: Child,
    /// The viewer's own children in this school, for the switcher.
    pub children: Vec<PupilId>,
    /// The school's offset from UTC, in seconds.
    pub utc_offset: i32,
    /// Those that work, the newest first.
    pub feeds: Vec<Feed>,
}

/// One address, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feed {
    /// Its number.
    pub id: Uuid,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// When a program asked last; none: never.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A new address: the only time that its secret is seen.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// Its number.
    pub id: Uuid,
    /// «/feed/….ics», on the server's own origin.
    pub path: String,
}

impl std::fmt::Debug for Made {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Made({}, …)", self.id)
    }
}
