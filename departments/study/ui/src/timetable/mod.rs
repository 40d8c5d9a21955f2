//! The timetable: the list of versions, and the board on which a draft is made.
//!
//! Who: the deputy director edits, publishes and withdraws; teachers and families look at what is published. [`desk`] is the state of an open board,
//! [`moving`] lays and saves moves, [`saving`] sends them; [`hand`] judges cells, [`advice`] finds a way where there is none, [`standing`] says why a
//! remark stands. The others draw. All rules are in `study-core` and `timetable`. A new view of the board is a variant of [`layout::View`].

pub(crate) mod advice;
pub(crate) mod api;
mod bar;
mod conflict;
mod desk;
mod drag;
pub(crate) mod editor_page;
mod grid;
mod hand;
mod keys;
mod layout;
mod moving;
mod panel;
mod print;
mod publish;
pub(crate) mod review;
mod saving;
mod standing;
mod tray;
pub(crate) mod versions_page;
mod withdraw;

pub use api::{
    BoardOf, ChangeLoad, CreateDraft, DeleteDraft, Publish, SaveMoves, VersionsOf, Withdraw, WithdrawalOf,
};
