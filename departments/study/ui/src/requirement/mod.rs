//! «Требования и пожелания»: one page, on which a deputy director says what the school asks of its timetable.
//!
//! Who: those who may change the timetable edit; whoever may see it looks, a teacher at their own hours only.
//! [`desk`] is the state of the page: what is shown, what is painted and not saved, what went wrong. [`hours`] is the week
//! that is painted, [`term`] from when to when; [`form`] a requirement with figure, weight and dates; [`figure`] and [`rooms`] its controls; [`pairs`] lessons of two loads; [`lists`] those that a file names together; [`scale`] how hard a subject is; [`parts`] the
//! page's seven parts, of which [`buildings`] (with [`uses`] of rooms), [`school`] and [`norms`] have files of their own. What can be asked and what it costs is `study_core::requirement`'s.

mod api;
mod buildings;
mod desk;
mod figure;
mod form;
mod hours;
mod lists;
mod norms;
mod pairs;
mod parts;
mod rooms;
mod scale;
mod school;
pub(crate) mod sheet_page;
mod term;
mod uses;

pub use api::{RemoveRequirement, SaveHomeRoom, SaveHours, SaveRequirement, SaveTemplate, SheetOf};
