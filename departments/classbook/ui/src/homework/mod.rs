//! Homework in the sheet of a lesson: minutes against the day's limit, links, files, work for some pupils only; and the school's
//! decision about the first grade.
//!
//! No page of its own: [`Fields`] and [`More`] stand in the journal's lesson sheet, [`FirstGrade`] on the page of rules. A file is sent
//! by [`send`](mod@send) to the server's route `/files/homework`, so that its way can be seen.

mod api;
mod fields;
mod files;
mod first_grade;
mod individual;
mod more;
mod send;

pub(crate) use fields::{Draft, Fields, stands};
#[cfg(feature = "ssr")]
pub(crate) use files::list as file_list;
pub(crate) use first_grade::FirstGrade;
pub(crate) use more::{Beside, ForSome, More};
