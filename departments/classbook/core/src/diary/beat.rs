//! That something has happened in a diary that is open, as it travels.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A word of the server to an open diary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beat {
    /// The moment of it.
    pub at: DateTime<Utc>,
    /// What is shown is not all any more.
    pub changed: bool,
}
