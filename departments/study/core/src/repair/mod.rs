//! «Исправить»: facts have changed, the timetable is mended with few moves. What changed, what was moved and what found no
//! place, as sentences.
//!
//! Who: those who may change the timetable. The engine is `timetable::compose::Mending`; nothing is asked of the server: what a
//! person takes over are moves of the editor, saved and undone as any others. Only a load that has a lesson more or less is written down
//! first (`timetable::sql::change_load`).

mod fewer;
mod words;
mod worse;

pub use fewer::dispensable;
pub use words::{fact, hours, shift, stuck};
pub use worse::worse;
