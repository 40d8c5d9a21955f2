//! Classbook: the class journal and the diary. Rules and types that travel; with `sql` also the queries.
//!
//! To add a feature: a folder here with its `//!`, a line below, and its room in `../ui`.

pub mod absence;
pub mod acknowledgement;
pub mod assessment;
pub mod attendance;
pub mod cancellation;
pub mod deadline;
pub mod deviation;
pub mod diary;
pub mod dispute;
pub mod distance;
pub mod exemption;
pub mod feed;
pub mod grading;
pub mod homework;
pub mod journal;
#[cfg(feature = "sql")]
pub mod live;
pub mod notice;
pub mod owed;
pub mod plan;
pub mod scale;
pub mod sheet;
pub mod substitution;
/// Texts of this crate, by language.
pub mod t {
    #![allow(clippy::pedantic)]
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}
