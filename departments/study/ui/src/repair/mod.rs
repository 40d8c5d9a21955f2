//! «Исправить…» in the editor of a draft: what has changed; how far the engine is; what it would move, to be taken over as one
//! act or left.
//!
//! Who: those who may change the timetable. The engine works in the page (`crate::engine`), so it needs no network; what is taken
//! over are moves of the editor, saved and undone as any others.

mod dialog;
mod form;
mod load;
mod outcome;

pub(crate) use dialog::RepairDialog;
