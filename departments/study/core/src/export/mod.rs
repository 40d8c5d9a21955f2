//! Export: a version of the timetable as a file of another program, and in plain words what that program has no word for.
//!
//! * [`school`]: the board as a school with names, and what is left behind, by format. [`left`]: that in sentences.
//! * [`sql`] (feature): looking, and the file itself.
//!
//! Who: those who may change the timetable; a file holds the hours of teachers and the places of everybody.
//!
//! The next format: a variant of [`Format`], its line in [`school`], its words in [`left`].

#[cfg(feature = "sql")]
mod asked;
#[cfg(feature = "sql")]
mod keeping;
#[cfg(feature = "sql")]
pub mod left;
#[cfg(feature = "sql")]
pub mod school;
#[cfg(feature = "sql")]
pub mod sql;

use base::VersionId;
use serde::{Deserialize, Serialize};

/// Whose file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// FET: the timetable, the loads and what is asked of them.
    Fet,
    /// aSc Timetables: the timetable and the loads.
    Asc,
    /// XHSTT: the timetable as the problem that our own search solves.
    Xhstt,
}

impl Format {
    /// All of them, the fullest first.
    pub const ALL: [Self; 3] = [Self::Fet, Self::Asc, Self::Xhstt];

    /// The word in an address.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Fet => "fet",
            Self::Asc => "asc",
            Self::Xhstt => "xhstt",
        }
    }

    /// How the file's name ends, with the dot.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Fet => ".fet",
            Self::Asc => ".asc.xml",
            Self::Xhstt => ".xhstt.xml",
        }
    }
}

/// What one format gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The format.
    pub format: Format,
    /// What stays behind, in the person's language; empty: nothing.
    pub left: Vec<String>,
}

/// What can be exported of a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// The version.
    pub version: VersionId,
    /// Its title.
    pub title: String,
    /// Its cards.
    pub cards: u32,
    /// Those with a place.
    pub placed: u32,
    /// Each format.
    pub offers: Vec<Offer>,
}

/// A file to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name, without anything that a file system or a header would take for more than a name.
    pub name: String,
    /// Its text, XML in UTF-8.
    pub text: String,
}

/// Letters of a title that a name of a file keeps at most.
const LONGEST_NAME: usize = 80;

/// A title as the name of a file: letters, digits, spaces and a few signs, nothing that any file system forbids.
#[must_use]
pub fn file_name(title: &str, format: Format) -> String {
    let kept: String = title
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || "-_.,()№ ".contains(c) {
                c
            } else {
                ' '
            }
        })
        .collect();
    let words: Vec<&str> = kept.split_whitespace().collect();
    let short: String = words.join(" ").chars().take(LONGEST_NAME).collect();
    let name = short.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let name = if name.is_empty() || is_device(name) {
        "timetable"
    } else {
        name
    };
    format!("{name}{}", format.ending())
}

/// Whether Windows keeps a name for a device, whatever ending it has: CON, PRN, AUX, NUL, and COM and LPT with a digit from 1 to 9
/// (a raised one is a digit to it).
fn is_device(name: &str) -> bool {
    let stem = name
        .split('.')
        .next()
        .unwrap_or_default()
        .trim_end()
        .to_lowercase();
    let numbered = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    let is_digit = |rest: &str| "123456789¹²³".chars().any(|digit| rest.chars().eq([digit]));
    ["con", "prn", "aux", "nul"].contains(&stem.as_str()) || numbered.is_some_and(is_digit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_title_becomes_a_name_of_a_file() {
        assert_eq!(
            file_name("Со второй четверти", Format::Fet),
            "Со второй четверти.fet"
        );
        assert_eq!(file_name("../../etc/passwd", Format::Asc), "etc passwd.asc.xml");
        assert_eq!(
            file_name("a\"; filename=b\r\nX: y", Format::Fet),
            "a filename b X y.fet"
        );
        assert_eq!(file_name("…", Format::Xhstt), "timetable.xhstt.xml");
        for device in ["CON", "nul", "COM1", "lpt9", "Com¹", "aux.2", "LPT3 .x"] {
            assert_eq!(file_name(device, Format::Fet), "timetable.fet", "{device}");
        }
        for name in ["COM0", "COM10", "com", "1 COM1", "LPT"] {
            assert_eq!(file_name(name, Format::Fet), format!("{name}.fet"));
        }
    }

    proptest! {
        #[test]
        fn no_title_breaks_a_name(title in "\\PC{0,200}|.{0,50}") {
            let name = file_name(&title, Format::Fet);
            prop_assert!(name.ends_with(".fet") && name.len() > 4 && !name.starts_with(['.', ' ']));
            prop_assert!(!name.chars().any(|c| c.is_control() || "/\\:*?\"<>|;=".contains(c)));
        }
    }
}
