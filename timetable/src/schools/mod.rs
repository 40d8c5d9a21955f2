//! Files of timetabling programs as general problems, and finished timetables written back into them.

pub mod asc;
pub mod fet;

/// Something of a file that has no effect on the problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// Its name in the file.
    pub kind: String,
    /// How often.
    pub count: u32,
    /// Line of the first.
    pub line: u32,
}
