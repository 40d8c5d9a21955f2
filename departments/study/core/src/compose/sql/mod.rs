//! The searches in the database: asked for, watched and stopped by people, done by the worker.

mod ask;
mod bring;
mod compare;
mod finish;
mod follow;
mod row;
mod search;
mod turn;
mod weigh;
mod work;

use base::{CardId, ClassId, EmployeeId, RoomId};
use serde::{Deserialize, Serialize};
use timetable::{BoardSpec, Placement};

use super::Ids;
pub use ask::{start, stop, watch};
pub use bring::bring;
pub use compare::compare;
pub use follow::{Followers, Look, follow};
pub use turn::Capacity;
pub use weigh::weigh;
pub use work::{Clock, work};

/// What a search sees: the board as it was when it was asked. Kept in the row, so that nothing else has to be read, whoever
/// goes on with it.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Question {
    spec: BoardSpec,
    /// By card: it stays where it is.
    keep: Vec<bool>,
    /// Ids, in the order of the board.
    cards: Vec<CardId>,
    rooms: Vec<RoomId>,
    /// The same, for names; an older server did not write them.
    #[serde(default)]
    teachers: Vec<EmployeeId>,
    #[serde(default)]
    classes: Vec<ClassId>,
}

impl Question {
    fn ids(&self) -> Ids<'_> {
        Ids {
            cards: &self.cards,
            teachers: &self.teachers,
            classes: &self.classes,
            rooms: &self.rooms,
        }
    }
}

/// Where each card lies, in the order of the question.
type Places = Vec<Option<Placement>>;
