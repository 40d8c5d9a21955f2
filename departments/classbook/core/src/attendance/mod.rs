//! Attendance (посещаемость): why pupils were not at lessons, set by the class teacher for a span of days from a paper, and what the
//! absences of a span of days come to.
//!
//! A teacher types a letter into the journal; what it means is [`Reason`]. «Не был, причина неизвестна» is a state of its own: it is
//! open until the class teacher closes it ([`span`](mod@span) says by when), for a pupil and a span of days, from a paper. Only
//! absences that were recorded change; a reason whose days lie ahead tells the journal that it is known.
//!
//! A lesson that was cancelled has no absences, whatever lies in its cells: no sum and no list counts it. A lesson that somebody has
//! recorded an absence for is never taken away or moved by a new timetable (`study_core::timetable::sql::lay_out_lessons`).
//!
//! What is a missed lesson, day, week and a systematic absence: [`tally`](mod@tally).

pub mod reason;
pub mod sheet;
pub mod span;
#[cfg(feature = "sql")]
pub mod sql;
pub mod tally;

pub use reason::{Document, Paper, Reason, in_words};
pub use sheet::{
    Act, Ask, ClassLine, ClassList, Closed, Code, Fate, Hint, Line, Open, Preview, PreviewLine, Sheet, Told,
};
pub use span::{runs, term};
pub use tally::{DayOf, NotionRow, Notions, Tally, tally};
