//! «Составить»: a timetable is searched for by the server, from a draft to another draft.
//!
//! Who: those who may change the timetable of the school. The draft stays as it is; what was found is a new one beside it,
//! and publishing it is another act.
//!
//! * [`Brought`]: what was composed on a device. [`Keep`]: what stays where it is. [`Run`]: how far it is, for the page. [`Figures`]: what is compared.
//! * [`Unmet`]: what the best so far leaves unmet. [`Change`]: what got better and what worse, by rule and by teacher.
//! * [`Wishes`]: the school's wishes, weighed otherwise for one search.
//! * `words` (feature `engine`): what cannot be met together, as sentences.
//! * [`compare`]: which lessons lie elsewhere in another version.
//! * [`sql`] (feature): asking for it, watching, stopping; and the worker that does it, [`sql::work`].
//!
//! The search itself is `timetable::compose`. What a school wishes and what it costs are facts of the board
//! (`timetable::Wishes`, the norms), so a new wish is a field there and not here.

mod change;
pub mod compare;
mod failure;
mod keep;
#[cfg(feature = "sql")]
pub mod sql;
mod unmet;
pub mod wishes;
#[cfg(feature = "engine")]
pub mod words;

use base::{CardId, RunId, VersionId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::timetable::Seat;

pub use change::{Change, Counted, RuleChange, TeacherChange};
pub use compare::{Compared, Moved, Pair, Titled};
pub use failure::Failure;
pub use keep::Keep;
pub use unmet::{Broken, Ids, Unmet, Who};
pub use wishes::{Wish, Wishes};

/// The seconds that are offered; any from [`SHORTEST`] to [`LONGEST`] may be chosen.
pub const SECONDS: [i16; 3] = [10, 60, 300];

/// The shortest search that the page offers, in seconds.
pub const SHORTEST: i16 = 10;

/// The longest search that may be asked for, in seconds.
pub const LONGEST: i16 = 600;

/// How far a search is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Others are before it.
    Waiting,
    /// Being searched.
    Running,
    /// Its time was used, or nothing was left to improve.
    Done,
    /// Ended by a person, or cut off where [`Run::failure`] says why; what was found until then is kept.
    Stopped,
    /// It came to nothing, through a fault of ours.
    Failed,
}

impl RunState {
    /// Reads the database's word.
    #[must_use]
    pub fn from_key(key: &str) -> Self {
        match key {
            "waiting" => Self::Waiting,
            "running" => Self::Running,
            "done" => Self::Done,
            "stopped" => Self::Stopped,
            _ => Self::Failed,
        }
    }

    /// Whether it is over.
    #[must_use]
    pub fn is_over(self) -> bool {
        !matches!(self, Self::Waiting | Self::Running)
    }
}

/// What is compared of two timetables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Cards without a place.
    pub unplaced: u32,
    /// Windows of all teachers in a week.
    pub teacher_windows: u32,
    /// Windows of all classes in a week.
    pub class_windows: u32,
    /// What the review calls poor.
    pub remarks: u32,
    /// What the review calls clashes; earlier runs did not say.
    #[serde(default)]
    pub clashes: u32,
}

#[cfg(feature = "engine")]
impl From<timetable::compose::Score> for Figures {
    fn from(score: timetable::compose::Score) -> Self {
        Self {
            unplaced: score.unplaced,
            teacher_windows: score.teacher_windows,
            class_windows: score.class_windows,
            remarks: score.remarks,
            clashes: score.clashes,
        }
    }
}

/// A timetable that was composed on somebody's device, from a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brought {
    /// The draft that it was composed from.
    pub version: VersionId,
    /// Seconds that it might take.
    pub seconds: i16,
    /// Milliseconds that it took.
    pub spent_ms: i32,
    /// Where each card lies. A card of the draft that is not named stays where it is.
    pub places: Vec<(CardId, Option<Seat>)>,
    /// Another one for each other timetable: brought twice, one counts once. What was kept by an earlier page has none.
    #[serde(default)]
    pub op: Option<Uuid>,
    /// What was to stay.
    #[serde(default)]
    pub keep: Keep,
    /// Wishes that were weighed otherwise than the school does.
    #[serde(default)]
    pub wishes: Wishes,
    /// It did not come to its end: somebody stopped it, or the window was closed.
    #[serde(default)]
    pub stopped: bool,
}

/// A search, as the page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// How far it is.
    pub state: RunState,
    /// A «stop» is on its way.
    pub stopping: bool,
    /// Seconds that it may take.
    pub seconds: i16,
    /// Milliseconds of them that were used.
    pub spent_ms: i32,
    /// While it waits: searches that come before it; `None`: nobody has counted yet.
    #[serde(default)]
    pub ahead: Option<i32>,
    /// Why it came to nothing, or was cut off.
    #[serde(default)]
    pub failure: Option<Failure>,
    /// Cards that are to be placed.
    pub movable: i32,
    /// Of the version that it was asked for.
    pub before: Figures,
    /// Of the best so far; `None` before there is one.
    pub best: Option<Figures>,
    /// What that one leaves unmet; earlier runs did not say.
    #[serde(default)]
    pub unmet: Option<Unmet>,
    /// What got better and what worse; earlier runs did not say.
    #[serde(default)]
    pub change: Option<Change>,
    /// What was to stay.
    #[serde(default)]
    pub keep: Keep,
    /// Wishes that it weighs otherwise than the school does.
    #[serde(default)]
    pub wishes: Wishes,
    /// Cards of the outcome that lie elsewhere than before.
    pub moved: Option<i32>,
    /// Cards that fit nowhere, whatever else lies where.
    pub impossible: Vec<CardId>,
    /// The new draft.
    pub result: Option<VersionId>,
    /// Its title.
    pub title: String,
}
