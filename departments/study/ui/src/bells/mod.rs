//! «Звонки»: when lessons begin and end, of which grades on which weekdays; one page, on which a deputy director changes it.
//!
//! Who: those who may change the timetable edit; whoever may see it looks.
//! [`desk`] is the state of the page: what is shown, the one form that is open, what went wrong. [`schedule`] is a schedule as it is read,
//! [`form`] the one that is changed, with its [`day`] of lessons and its [`grid`] of grades and weekdays; [`asking`] what would lose its
//! bell. What is right and what is broken is `study_core::bells`'.

mod api;
mod asking;
pub(crate) mod bells_page;
mod day;
mod desk;
mod form;
mod grid;
mod schedule;

pub use api::{BellsOf, RemoveBells, SaveBells};
