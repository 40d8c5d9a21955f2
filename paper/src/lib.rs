//! A sheet of paper: what it says, once, for the screen, for a table program and for the printer.
//!
//! Whoever has figures makes a [`Paper`] of them; a view draws it, `xlsx` and `pdf` (features of these names) write it. What a cell
//! says is data everywhere: no text of a person becomes a formula, a line of a program or the end of a file.
//!
//! To add a kind of column: a variant of [`Shape`] with its width on paper, and its arm in the two writers.

mod cut;
#[cfg(feature = "pdf")]
pub mod pdf;
#[cfg(feature = "xlsx")]
pub mod xlsx;

use base::Lang;
use base::number::Hundredths;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// The language of its words and numbers.
    pub lang: Lang,
    /// Whose sheet it is: the school's full name.
    pub school: String,
    /// What it is called.
    pub title: String,
    /// What it is about: «Класс» – «7А», «Период» – «1 четверть».
    pub facts: Vec<Fact>,
    /// What it shows.
    pub tables: Vec<Table>,
    /// How its figures are counted.
    pub notes: Vec<String>,
    /// Who signs it.
    pub signs: Vec<Sign>,
    /// What stands in small letters under the places of a signature: «подпись», «расшифровка подписи».
    pub under_signs: [String; 2],
    /// The day it was made.
    pub made_on: NaiveDate,
    /// The same in words: «Напечатано 26.11.2026».
    pub made: String,
}

/// A line of the head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Of what it speaks.
    pub name: String,
    /// What it says.
    pub value: String,
}

/// A place for a signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sign {
    /// In what capacity.
    pub role: String,
    /// Who; empty where it is not known.
    pub name: String,
}

/// A table. Each row has as many cells as there are columns; what is missing is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its own title.
    pub title: Option<String>,
    /// On a page of its own, as the right-hand page of a journal is.
    pub apart: bool,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
}

impl Table {
    /// Neighbours with the same words over them: where they begin, how many they are, the words. Columns without any stand alone.
    #[must_use]
    pub fn groups(&self) -> Vec<(usize, usize, Option<&str>)> {
        cut::groups(&self.columns)
    }
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// What stands over several neighbours together: the month over its days.
    pub group: Option<String>,
    /// Its head.
    pub head: String,
    /// What it holds.
    pub shape: Shape,
    /// By what its cells are asked about: a figure whose row and column both have a key opens on the screen.
    #[serde(default)]
    pub key: Option<String>,
}

impl Column {
    /// With a key.
    #[must_use]
    pub fn keyed(self, key: impl Into<String>) -> Self {
        Self {
            key: Some(key.into()),
            ..self
        }
    }
}

/// What a column holds, and so how wide it is and how its head stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// The number of the row.
    Number,
    /// A name: of a pupil, of a subject. Repeated where a table goes on beside.
    Name,
    /// A mark under a short head, such as a day.
    Day,
    /// A mark or a count under a long head, which stands upright.
    Upright,
    /// A figure with two decimals.
    Figure,
    /// A date.
    Date,
    /// Words of any length.
    Words,
}

impl Shape {
    /// How wide it is on paper, in tenths of a millimetre; `None`: it takes what is left.
    #[must_use]
    pub fn width(self) -> Option<u32> {
        match self {
            Self::Number => Some(70),
            Self::Name => Some(480),
            Self::Day => Some(62),
            Self::Upright => Some(88),
            Self::Figure => Some(120),
            Self::Date => Some(150),
            Self::Words => None,
        }
    }

    /// Its head is turned a quarter.
    #[must_use]
    pub fn is_turned(self) -> bool {
        matches!(self, Self::Day | Self::Upright | Self::Figure)
    }

    /// It says of what row the others speak.
    #[must_use]
    pub fn leads(self) -> bool {
        matches!(self, Self::Number | Self::Name)
    }

    /// Its cells stand in the middle.
    #[must_use]
    pub fn is_centred(self) -> bool {
        !matches!(self, Self::Name | Self::Words)
    }
}

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// What kind of row.
    pub kind: RowKind,
    /// Where its name leads on the screen.
    pub href: Option<String>,
    /// By what its cells are asked about.
    #[serde(default)]
    pub key: Option<String>,
    /// What it says.
    pub cells: Vec<Cell>,
}

impl Row {
    /// With a key.
    #[must_use]
    pub fn keyed(self, key: impl Into<String>) -> Self {
        Self {
            key: Some(key.into()),
            ..self
        }
    }

    /// An ordinary row.
    #[must_use]
    pub fn plain(cells: Vec<Cell>) -> Self {
        Self {
            kind: RowKind::Plain,
            href: None,
            key: None,
            cells,
        }
    }

    /// A row of sums.
    #[must_use]
    pub fn total(cells: Vec<Cell>) -> Self {
        Self {
            kind: RowKind::Total,
            href: None,
            key: None,
            cells,
        }
    }
}

/// What kind of row it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowKind {
    /// One of many.
    Plain,
    /// A sum or share of those above.
    Total,
    /// Of somebody who has left.
    Gone,
}

/// What a cell says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Words. Marks are words, too, where several stand in a cell.
    Text(String),
    /// One mark, with its level from 2 to 5 where it has one.
    Mark(String, Option<u8>),
    /// How many.
    Count(i64),
    /// An average, a share in hundred.
    Figure(Hundredths),
}

impl Cell {
    /// Words; nothing for no words.
    #[must_use]
    pub fn text(words: impl Into<String>) -> Self {
        let words = words.into();
        if words.is_empty() {
            Self::Empty
        } else {
            Self::Text(words)
        }
    }

    /// A figure, or nothing.
    #[must_use]
    pub fn figure(figure: Option<Hundredths>) -> Self {
        figure.map_or(Self::Empty, Self::Figure)
    }

    /// How many, nothing for none.
    #[must_use]
    pub fn some(count: i64) -> Self {
        if count == 0 {
            Self::Empty
        } else {
            Self::Count(count)
        }
    }

    /// As a person reads it.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(words) | Self::Mark(words, _) => words.clone(),
            Self::Count(n) => n.to_string(),
            Self::Figure(figure) => lang.decimal(&figure.fixed()),
        }
    }
}

/// How a sheet lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lie {
    /// Upright.
    Portrait,
    /// On its side.
    Landscape,
}

impl Lie {
    /// How wide a table may be on A4 between the margins, in tenths of a millimetre.
    #[must_use]
    pub fn width(self) -> u32 {
        match self {
            Self::Portrait => 1850,
            Self::Landscape => 2720,
        }
    }
}

/// The heaviest sheet that is set for the printer ([`Paper::weight`]): forty pupils and a hundred and fifty days weigh 6,700.
pub const HEAVIEST: usize = 20_000;
/// So many bytes of a cell weigh as much as one cell more: forty letters of Russian.
const LONG: usize = 80;

/// These sheets can be set for the printer as one file: there are some, and together they are not heavier than [`HEAVIEST`].
#[must_use]
pub fn are_printable(papers: &[Paper]) -> bool {
    !papers.is_empty() && papers.iter().map(Paper::weight).sum::<usize>() <= HEAVIEST
}

impl Paper {
    /// How much work it is to set, in cells: names stand in every part of a table that goes on beside, long words count as several.
    #[must_use]
    pub fn weight(&self) -> usize {
        let lie = self.lie();
        let of = |table: &Table| {
            let repeated = table.columns.iter().take_while(|c| c.shape.leads()).count();
            let beside = cut::parts(&table.columns, lie).len().saturating_sub(1);
            let words = |cell: &Cell| match cell {
                Cell::Text(words) | Cell::Mark(words, _) => words.len() / LONG,
                Cell::Empty | Cell::Count(_) | Cell::Figure(_) => 0,
            };
            let cells: usize = table
                .rows
                .iter()
                .flat_map(|r| &r.cells)
                .map(|c| 1 + words(c))
                .sum();
            cells + table.rows.len() * repeated * beside + table.columns.len()
        };
        self.tables.iter().map(of).sum()
    }

    /// It can be set for the printer: it is not heavier than [`HEAVIEST`].
    #[must_use]
    pub fn is_printable(&self) -> bool {
        are_printable(std::slice::from_ref(self))
    }

    /// Upright if all of it fits so, else on its side.
    #[must_use]
    pub fn lie(&self) -> Lie {
        let fits = |table: &Table| cut::width(&table.columns) <= Lie::Portrait.width();
        if self.tables.iter().all(fits) {
            Lie::Portrait
        } else {
            Lie::Landscape
        }
    }

    /// A name for a file: title and facts, without what no folder takes, at most 120 characters long.
    #[must_use]
    pub fn file_name(&self, ending: &str) -> String {
        let mut name = self.title.clone();
        for fact in self.facts.iter().take(4) {
            name.push(' ');
            name.push_str(&fact.value);
        }
        let mut before = ' ';
        let name: String = name
            .chars()
            .map(|c| {
                let after = std::mem::replace(&mut before, c);
                // «2026/27» stays one word
                if c == '/' && after.is_ascii_digit() {
                    '-'
                } else if c.is_control() || "\\/:*?\"<>|".contains(c) {
                    ' '
                } else {
                    c
                }
            })
            .take(120)
            .collect();
        let words: Vec<&str> = name.split_whitespace().collect();
        format!("{}.{ending}", words.join(" ").trim_matches('.').trim())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_a_file_breaks_no_folder() {
        let paper = Paper {
            lang: Lang::Ru,
            school: String::new(),
            title: "Сводная ведомость".to_owned(),
            facts: vec![Fact {
                name: "Класс".to_owned(),
                value: "../7А\r\n\"<x>|".to_owned(),
            }],
            tables: vec![],
            notes: vec![],
            signs: vec![],
            under_signs: <[String; 2]>::default(),
            made_on: NaiveDate::default(),
            made: String::new(),
        };
        assert_eq!(paper.file_name("pdf"), "Сводная ведомость .. 7А x.pdf");
        let fact = |value: &str| Fact {
            name: String::new(),
            value: value.to_owned(),
        };
        let page = Paper {
            title: "Страница классного журнала".to_owned(),
            facts: ["7А", "Алгебра", "Орлова Н. М.", "2 четверть", "2026/27"]
                .map(fact)
                .into(),
            ..paper
        };
        assert_eq!(
            page.file_name("pdf"),
            "Страница классного журнала 7А Алгебра Орлова Н. М. 2 четверть.pdf"
        );
        let year = Paper {
            facts: vec![fact("2026/27")],
            ..page
        };
        assert_eq!(year.file_name("pdf"), "Страница классного журнала 2026-27.pdf");
    }

    #[test]
    fn figures_are_written_as_the_language_does() {
        assert_eq!(Cell::Figure(Hundredths(6667)).words(Lang::Ru), "66,67");
        assert_eq!(Cell::Figure(Hundredths(450)).words(Lang::En), "4.50");
        assert_eq!(Cell::some(0), Cell::Empty);
        assert_eq!(Cell::text(""), Cell::Empty);
    }
}
