//! The timetable engine: who may be where, when, and what it costs.
//!
//! The crate is pure. It reads no file, no clock and no random source, so the same code runs on the server, in the
//! browser (wasm) while a card is held over the grid, and in tests.
//!
//! * [`spec`]: the facts of a school's timetable in dense indices ([`BoardSpec`]), nothing derived.
//! * [`limits`]: sanitary norms as data; every [`Limit`] carries the id of its row, so a screen can show the clause.
//! * [`board`]: [`Board`] keeps the occupancy of teachers, pupils and rooms up to date while cards are placed.
//! * `bounds`: most hours or days of lessons or persons that a file names ([`BoundSpec`]).
//! * `rooming`: lessons in few rooms together, or in one room where they follow at once ([`RoomingSpec`]).
//! * [`judge`]: [`Board::judge`] answers for one card in one cell with a [`Verdict`]: level, penalty, and what
//!   speaks against it as data ([`reason`]).
//! * [`why`]: why a card can lie nowhere. [`unmet`]: what a timetable leaves unmet, by rule and by whom.
//! * [`review`]: everything wrong with the whole board (before publishing) and figures per class and teacher.
//! * [`construct`]: fills a board without clashes, deterministically, for the demo school and for "place the rest".
//! * [`draft`]: a school as an importer read it ([`SchoolDraft`]), with names; `SchoolDraft::board` makes a board.
//! * [`fet`] (feature `fet`, on by default): reads FET files into a draft and writes them.
//! * `problem` and `search` (feature `engine`): the general problem with its kinds of rules, and the solver.
//! * `compose` (feature `engine`): a board as such a problem, for the job behind the editor.
//! * `schools` (feature `schools`): files of FET and of aSc Timetables as general problems, and finished ones written back.
//! * `xhstt` (feature `xhstt`): reads and writes archives of the XHSTT benchmark.
//!
//! # Pupils as atoms
//! An *atom* is a set of pupils that no audience ever divides. Each class and subgroup is a set of atoms, and two cards
//! meet exactly when their atoms do. A school describes subgroups by *splits* (English halves, PE halves…): subgroups of
//! one split are apart, subgroups of different splits share pupils unless [`BoardSpec::disjoint`] says otherwise. The
//! atoms follow from that ([`atoms`]). An importer that knows better (FET) gives them outright.
//!
//! # How to add the next rule
//! `timetable/README.md` adds one from nothing to the deputy's page, with all of its code. In short: a new norm is a field in
//! [`Limits`], a variant in [`LimitKind`], a line in `norms` and one in `compose::limits`. A new clash: a variant in [`Reason`],
//! a line in `judge` (`clashes` or `closed`) and in `review`, and the same rule in words of brute force in `tests/brute.rs`.
//! Texts are made from the variants by the user interface, never here.

pub mod atoms;
pub mod board;
mod bounds;
#[cfg(feature = "engine")]
pub mod compose;
pub mod construct;
pub mod draft;
#[cfg(feature = "fet")]
pub mod fet;
mod gaps;
pub mod ids;
pub mod judge;
pub mod limits;
#[cfg(any(feature = "fet", feature = "schools", feature = "xhstt"))]
mod markup;
mod norms;
#[cfg(feature = "engine")]
pub mod problem;
pub mod reason;
pub mod review;
mod rooming;
pub mod rooms;
#[cfg(feature = "schools")]
pub mod schools;
#[cfg(feature = "engine")]
pub mod search;
mod shape;
pub mod spec;
mod teacher;
mod ties;
pub mod unmet;
mod unwanted;
#[cfg(feature = "engine")]
mod watch;
mod ways;
pub mod why;
#[cfg(feature = "xhstt")]
pub mod xhstt;

pub use board::{Board, BoardError, OffBoard};
pub use bounds::{BoundOf, BoundSpec, Bounded};
pub use draft::SchoolDraft;
pub use ids::{
    BuildingIx, CardIx, ClassIx, GroupIx, NormId, RoomIx, RoomKind, SubjectIx, TeacherIx, TimeSet, Weeks,
};
pub use judge::{Level, Place, Verdict};
pub use limits::{Limit, LimitKind, Limits, PeakDays, SlotRange, Wishes};
pub use reason::Reason;
pub use review::{Count, DayFigures, Problem};
pub use rooming::{Rooming, RoomingSpec};
pub use rooms::RoomFault;
pub use spec::{
    Audience, BoardSpec, CardSpec, ClassSpec, GapSpec, GroupSpec, Placement, RoomNeed, RoomSpec, Site,
    TeacherSpec, Walk,
};
pub use ties::{Tie, TieSpec};
pub use unwanted::Unwanted;
