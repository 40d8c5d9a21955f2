//! Buildings: which rooms lie in them and on which floor, and how long one walks from one to the other.
//!
//! What is asked of such ways («успеть перейти», «не больше N переходов», «кабинеты рядом») is `requirement`'s; the judge and the
//! search read both from the board (`timetable::facts`).
//!
//! * [`terms`]: a building, a way, a place of a room, and what is wrong with them.
//! * [`uses`]: what a room is for: kind, seats, lessons at once; and the kind that its name tells.
//! * [`sql`] (feature): reading and changing them. Who: those who may change the timetable of the school.

#[cfg(feature = "sql")]
pub mod sql;
pub mod terms;
pub mod uses;

pub use terms::{BuildingRow, BuildingTerms, Spot, WalkRow};
pub use uses::RoomUse;
