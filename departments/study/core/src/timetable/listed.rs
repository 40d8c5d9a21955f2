//! The list of versions: what each is and holds.

use base::VersionId;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::board::VersionState;

/// A version in the list of versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionRow {
    /// Its id.
    pub id: VersionId,
    /// As the deputy director called it.
    pub title: String,
    /// Draft or published.
    pub state: VersionState,
    /// In force from.
    pub valid_from: Option<NaiveDate>,
    /// In force until; `None`: until another takes over.
    pub valid_to: Option<NaiveDate>,
    /// In force today.
    pub in_force: bool,
    /// A search for a better one is going on, on the server.
    #[serde(default)]
    pub composing: bool,
    /// Cards, and how many of them have a place.
    pub cards: i64,
    /// Cards with a place.
    pub placed: i64,
    /// Who changed it last.
    pub changed_by: Option<String>,
    /// When.
    pub changed_at: DateTime<Utc>,
}

/// The list of versions of the current year, with what one may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// «2026/27»; `None`: the school has no academic year yet.
    pub year: Option<String>,
    /// Newest first.
    pub versions: Vec<VersionRow>,
    /// Loads of the year that a draft can be cut from.
    pub loads: i64,
    /// May create and change drafts.
    pub may_edit: bool,
    /// May import a file.
    pub may_import: bool,
    /// The school's offset from UTC in seconds, for showing moments.
    pub utc_offset: i32,
}
