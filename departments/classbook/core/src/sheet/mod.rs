//! Sheets that people expect: of a class (успеваемость, посещаемость), of a journal (страница журнала), of a pupil (отчёт, табель).
//!
//! Each sheet is made of figures that other features define (`grading::indicators`, `journal::Grid`, `diary::Subjects`) into a
//! [`paper::Paper`], which the page draws and `paper` writes as XLSX and PDF; so the three say the same.
//!
//! * [`when`]: for what time a sheet is.
//! * [`marks`]: сводная ведомость успеваемости. [`missed`]: what was missed, as `attendance` counts it.
//! * [`opened`]: what lies behind a figure of a sheet.
//! * [`attendance`]: сводная ведомость посещаемости. [`page`]: a page of the journal. [`pupil`]: a pupil's report and табель.
//! * `sql` (feature): who may see which, and the figures. `file` (feature `sql`): a sheet as a file.
//!
//! To add a sheet: a variant of [`Kind`], a maker here, its arm in `sql::sheet`, its words in the texts.

pub mod attendance;
#[cfg(feature = "sql")]
pub mod file;
pub mod head;
pub mod marks;
pub mod missed;
pub mod missed_opened;
pub mod opened;
pub mod page;
pub mod pupil;
#[cfg(feature = "sql")]
pub mod sql;
pub mod when;
mod words;

use base::{ClassId, LoadId, PupilId};
use chrono::NaiveDate;
use paper::Paper;
use serde::{Deserialize, Serialize};

pub use opened::{At, Line, Opened};
pub use when::{Term, When};

/// Which sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Сводная ведомость успеваемости of a class.
    Marks,
    /// Сводная ведомость посещаемости of a class.
    Attendance,
    /// A page of a journal.
    Journal,
    /// Отчёт об успеваемости и посещаемости of a pupil.
    Report,
    /// Табель of a pupil.
    Card,
}

impl Kind {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 5] = [
        Self::Marks,
        Self::Attendance,
        Self::Journal,
        Self::Report,
        Self::Card,
    ];

    /// Its key in an address.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Marks => "marks",
            Self::Attendance => "attendance",
            Self::Journal => "journal",
            Self::Report => "report",
            Self::Card => "card",
        }
    }

    /// Reads a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// Of a whole class.
    #[must_use]
    pub fn is_of_class(self) -> bool {
        matches!(self, Self::Marks | Self::Attendance)
    }

    /// Of one pupil.
    #[must_use]
    pub fn is_of_pupil(self) -> bool {
        matches!(self, Self::Report | Self::Card)
    }
}

/// As what file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// For a table program.
    Xlsx,
    /// For the printer.
    Pdf,
}

impl Format {
    /// Its key in an address, and the ending of the file.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Pdf => "pdf",
        }
    }
}

/// What is asked for: the sheet, of what it is (`id`: a class, a journal, a pupil, as the kind says), and for when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// Which sheet.
    pub kind: Kind,
    /// Of what.
    pub id: i64,
    /// For when; `None`: the period that runs.
    pub when: Option<When>,
}

/// A sheet, and what else could be asked of the same thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// What it says.
    pub paper: Paper,
    /// For when it is.
    pub when: When,
    /// For when it could be, in order, each by its name.
    pub terms: Vec<(When, String)>,
    /// The pupils of the class, for a sheet of a class or a pupil asked for by staff.
    pub pupils: Vec<(PupilId, String)>,
    /// The class, for a sheet of a class or a pupil.
    pub class: Option<ClassId>,
    /// Whoever asks is of the pupil's family.
    pub family: bool,
    /// This server makes PDF (its feature `pdf`).
    #[serde(default)]
    pub pdf: bool,
}

/// A class whose sheets one may see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    /// The class.
    pub id: ClassId,
    /// «7А».
    pub name: String,
    /// One leads it.
    pub own: bool,
}

/// A journal whose pages one may see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journal {
    /// The journal.
    pub id: LoadId,
    /// «7А, Алгебра».
    pub name: String,
}

/// Of what one may ask for sheets, in the current year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    /// Today in the school.
    pub today: NaiveDate,
    /// Classes, the one that one leads first.
    pub classes: Vec<Class>,
    /// Journals, one's own first.
    pub journals: Vec<Journal>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_read_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_key(kind.key()), Some(kind));
        }
        assert_eq!(Kind::from_key("grades"), None);
    }
}
