//! The roll (контингент): pupils and their families from a list, and who is in which subgroup (PPL-6).
//!
//! The way of a list: `table` turns a file's bytes into rows of text ([`MOST_ROWS`] of them), [`columns`] recognises what stands in
//! which column (and is corrected by a person), [`rows`] reads each row or says what is wrong with it, [`plan`] compares with
//! what the school knows and says what will be new; [`sql`] asks the questions for that and writes the plan as sets.
//!
//! The rule of recognition: a pupil is the same by full name and date of birth, a guardian by full name and telephone, or by
//! full name among the guardians of that very child. Only people of the own school are recognised: to tie a card to a person
//! of another school would let this one issue them passwords. What is known is used and never made twice; a second import of
//! one file changes nothing.
//!
//! The next column: a variant of [`Column`], its words in [`columns`], its reading in [`rows`].

pub mod columns;
pub mod fields;
pub mod plan;
pub mod rows;
mod sample;
#[cfg(feature = "sql")]
pub mod sql;
#[cfg(feature = "sql")]
mod table;
#[cfg(feature = "sql")]
mod xlsx;

use base::{ClassId, Lang, PupilId, SubgroupId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::t;
pub use columns::Column;
pub use plan::Counts;
pub use sample::sample;
#[cfg(feature = "sql")]
pub use table::Expected;

/// The largest file that is read.
pub const LARGEST_FILE: usize = 5 * 1024 * 1024;
/// Most rows of a list.
pub const MOST_ROWS: usize = 5_000;
/// Most columns of a list.
pub const MOST_COLUMNS: usize = 60;
/// Most letters of a cell that are looked at.
pub const LONGEST_CELL: usize = 300;
/// What a list is to be like.
#[cfg(feature = "sql")]
const LIST: Expected = Expected {
    heads: columns::recognised,
    longest_cell: LONGEST_CELL,
};
/// Most bad rows that are told one by one.
pub const MOST_TOLD: usize = 200;

/// A column's name for a person.
#[must_use]
pub fn column_title(column: Column, lang: Lang) -> &'static str {
    match column {
        Column::Skip => t::column_skip(lang),
        Column::FullName => t::column_full_name(lang),
        Column::LastName => t::column_last_name(lang),
        Column::FirstName => t::column_first_name(lang),
        Column::MiddleName => t::column_middle_name(lang),
        Column::BirthDate => t::column_birth_date(lang),
        Column::Sex => t::column_sex(lang),
        Column::Class => t::column_class(lang),
        Column::Subgroup => t::column_subgroup(lang),
        Column::Mother => t::column_mother(lang),
        Column::MotherPhone => t::column_mother_phone(lang),
        Column::Father => t::column_father(lang),
        Column::FatherPhone => t::column_father_phone(lang),
        Column::Guardian => t::column_guardian(lang),
        Column::GuardianPhone => t::column_guardian_phone(lang),
        Column::GuardianKin => t::column_guardian_kin(lang),
        Column::SecondGuardian => t::column_second_guardian(lang),
        Column::SecondPhone => t::column_second_phone(lang),
        Column::SecondKin => t::column_second_kin(lang),
    }
}

/// From when pupils are in their classes and subgroups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Since {
    /// The first day of the academic year: a list of those who have been there all the time.
    #[default]
    Year,
    /// Today (before the year begins: its first day).
    Today,
}

/// A column of the list: its head, what stands below it first, and what it is taken for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// As it stands in the file.
    pub header: String,
    /// The first value below that is not empty.
    pub sample: String,
    /// What it is taken for.
    pub column: Column,
}

/// A row that is not imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadRow {
    /// Its number in the file, as a spreadsheet or an editor shows it.
    pub row: u32,
    /// Why, in the person's language.
    pub reason: String,
}

/// A name of a class, and how many rows have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassCount {
    /// As the school says it, or as the file does where the school has no such class.
    pub name: String,
    /// Rows.
    pub rows: u32,
}

/// What an import will do, or did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// The columns, in the file's order.
    pub columns: Vec<Found>,
    /// What the list must have and no column is.
    pub missing: Vec<Column>,
    /// Rows with anything in them, without the header.
    pub rows: u32,
    /// What the good rows bring.
    pub counts: Counts,
    /// Classes that the school has, in its order.
    pub classes: Vec<ClassCount>,
    /// Classes of the file that the school does not have.
    pub unmatched: Vec<ClassCount>,
    /// Rows that are not imported, the first [`MOST_TOLD`] of them.
    pub bad: Vec<BadRow>,
    /// How many rows are not imported.
    pub bad_rows: u32,
    /// From when the pupils will be in their classes.
    pub since: NaiveDate,
}

/// The classes of the year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Classes {
    /// «2026/27»; none without a year.
    pub year: Option<String>,
    /// By grade and name.
    pub rows: Vec<ClassRow>,
    /// May the reader load lists and form subgroups?
    pub may_edit: bool,
    /// May the reader look after accounts?
    pub may_issue: bool,
}

/// A class in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassRow {
    /// Which.
    pub id: ClassId,
    /// «7А».
    pub name: String,
    /// The class teacher, «Орлова Н. М.».
    pub teacher: Option<String>,
    /// Pupils of today.
    pub pupils: u32,
    /// How many are expected (a timetable's file says how many, not who).
    pub planned: Option<u32>,
    /// Pupils without a guardian.
    pub alone: u32,
    /// Places in splits that nobody has been given: a pupil without a subgroup counts once for each split.
    pub unplaced: u32,
}

/// One class: who is in it, and in which subgroup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassPage {
    /// Which.
    pub id: ClassId,
    /// «7А».
    pub name: String,
    /// The class teacher.
    pub teacher: Option<String>,
    /// Pupils of today, by name.
    pub pupils: Vec<PupilRow>,
    /// The ways in which the class is split.
    pub splits: Vec<Split>,
    /// May the reader form subgroups?
    pub may_edit: bool,
    /// May the reader look after accounts?
    pub may_issue: bool,
}

/// A pupil of a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PupilRow {
    /// Who.
    pub id: PupilId,
    /// «Абрамов Артём Ильич».
    pub name: String,
    /// For whoever keeps the lists or leads the class.
    pub born: Option<NaiveDate>,
    /// Guardians of today.
    pub guardians: Vec<GuardianRow>,
}

/// A guardian of a pupil.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardianRow {
    /// «Абрамова Мария Ивановна».
    pub name: String,
    /// What they are to the pupil.
    pub kin: Kin,
    /// For whoever keeps the lists or leads the class.
    pub phone: Option<String>,
}

/// What a guardian is to a child: `guardianship.kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kin {
    /// Mother.
    Mother,
    /// Father.
    Father,
    /// A legal representative (законный представитель), also whoever a list calls «родитель» and no more.
    Guardian,
    /// Another relative.
    Relative,
    /// An authority or institution.
    Authority,
}

impl Kin {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Mother,
        Self::Father,
        Self::Guardian,
        Self::Relative,
        Self::Authority,
    ];

    /// The key in the database.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Mother => "mother",
            Self::Father => "father",
            Self::Guardian => "guardian",
            Self::Relative => "relative",
            Self::Authority => "authority",
        }
    }

    /// Reads a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.key() == key)
    }
}

/// One way of splitting a class: no pupil is in two of its subgroups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// Its name: of a FET file a number, else what the school calls it.
    pub name: String,
    /// Its subgroups, by name.
    pub groups: Vec<(SubgroupId, String)>,
    /// The subgroup of each pupil, in the order of the page's pupils.
    pub seats: Vec<Option<SubgroupId>>,
}

/// A pupil goes from one subgroup of a split to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seat {
    /// Who.
    pub pupil: PupilId,
    /// What the page showed; if it is another by now, nothing is changed.
    pub old: Option<SubgroupId>,
    /// The new one.
    pub new: Option<SubgroupId>,
}

/// Places for `pupils` in `groups` subgroups by the alphabet: the first part of the list in the first, and so on; parts differ by
/// one at most, the earlier ones are the larger. Subgroup of each pupil, from 0.
#[must_use]
pub fn by_alphabet(pupils: usize, groups: usize) -> Vec<usize> {
    let groups = groups.max(1);
    let (part, larger) = (pupils / groups, pupils % groups);
    (0..groups)
        .flat_map(|n| std::iter::repeat_n(n, part + usize::from(n < larger)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_alphabet_splits_evenly_and_in_order(pupils in 0usize..200, groups in 1usize..9) {
            let seats = by_alphabet(pupils, groups);
            prop_assert_eq!(seats.len(), pupils);
            prop_assert!(seats.windows(2).all(|w| w[0] <= w[1]));
            let sizes: Vec<usize> = (0..groups).map(|g| seats.iter().filter(|s| **s == g).count()).collect();
            let (most, least) = (sizes.iter().max().copied().unwrap_or(0), sizes.iter().min().copied().unwrap_or(0));
            prop_assert!(most - least <= 1, "{:?}", sizes);
        }
    }

    #[test]
    fn kinds_of_kin_read_back() {
        assert!(Kin::ALL.into_iter().all(|k| Kin::from_key(k.key()) == Some(k)));
        assert_eq!(Kin::from_key("aunt"), None);
    }
}
