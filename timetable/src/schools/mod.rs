//! Files of timetabling programs as general problems, and finished timetables written back into them.

#[cfg(feature = "xhstt")]
pub mod archive;
pub mod asc;
pub mod convert;
pub mod fet;

use crate::markup::Bounds;

/// What a school's file may be at most, whatever program wrote it.
pub(crate) const BOUNDS: Bounds = Bounds {
    bytes: 64 * 1024 * 1024,
    depth: 32,
    elements: 1_500_000,
    text: 256 * 1024,
    exact: |_| false,
};

/// What the first element of a file is called, in small letters; empty if there is none.
fn first_element(bytes: &[u8]) -> String {
    let head: Vec<u8> = bytes.iter().copied().filter(|b| *b != 0).take(4096).collect();
    let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
    let name = |tag: &str| {
        tag.chars()
            .take_while(|c| c.is_alphanumeric())
            .collect::<String>()
    };
    let mut names = head.split('<').skip(1).map(name).filter(|name| !name.is_empty());
    names.next().unwrap_or_default()
}

/// Something of a file that has no effect on the problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// Its name in the file.
    pub kind: String,
    /// How often.
    pub count: u32,
    /// How many of them are requirements: a timetable may break these without its costing anything.
    pub required: u32,
    /// Line of the first.
    pub line: u32,
}
