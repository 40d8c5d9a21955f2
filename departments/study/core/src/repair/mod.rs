//! «Исправить»: facts have changed, the timetable is mended with few moves. What changed, what was moved and what found no
//! place, as sentences.
//!
//! Who: those who may change the timetable. The engine is `timetable::compose::Mending`; nothing is asked of the server: what a
//! person takes over are moves of the editor, saved and undone as any others.

mod words;

pub use words::{fact, hours, shift, stuck};
