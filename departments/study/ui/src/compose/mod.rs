//! «Составить» in the editor of a draft: what is kept, how long to search; how far it is; what came of it.
//!
//! Who: those who may change the timetable. Drawn by the editor's page; the search itself goes on on the server, also when
//! the window is closed. `/timetable/compare` lays any two versions side by side.

mod api;
mod change;
mod collide;
pub(crate) mod compare_page;
mod dialog;
mod form;
mod here;
mod left_out;
mod looking;
mod outcome;
mod spare;
mod stuck;
mod unmet;
mod wishes;

pub use api::{
    BringComposed, CompareVersions, FollowCompose, LeftOutOfFile, StartCompose, StopCompose, WatchCompose,
    WeighVersions,
};
pub(crate) use collide::lines as contradiction;
pub(crate) use dialog::ComposeDialog;
pub(crate) use outcome::{comparison, costs};
