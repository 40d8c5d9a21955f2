//! The rows of a file become rows of a plan, or reasons why not. Cells are text and nothing else: one that begins with `=`, `+`, `-`
//! or `@` is taken letter by letter.

use std::collections::BTreeSet;

use base::{Lang, WorkTypeId};
use serde::{Deserialize, Serialize};

use super::act::check;
use super::columns::Column;
use super::row::{Terms, WorkKind};
use crate::t;

/// Most letters of a cell that are looked at: one more than a homework has, so that a longer one is named, not cut.
pub const LONGEST_CELL: usize = Terms::HOMEWORK + 1;
/// Most bad rows that are told one by one.
pub const MOST_TOLD: usize = 200;
/// Most rows that a preview shows.
pub const MOST_SHOWN: usize = 600;

/// A column of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Its head.
    pub header: String,
    /// The first value below that is not empty.
    pub sample: String,
    /// What it is taken for.
    pub column: Column,
}

/// A row that is not imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bad {
    /// Its number in the file, as a spreadsheet shows it.
    pub row: u32,
    /// Why, in the person's language.
    pub reason: String,
}

/// What an import will do, or did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// The columns, in the file's order.
    pub columns: Vec<Found>,
    /// No column is the topic.
    pub no_topic: bool,
    /// The good rows, as they will stand in the plan; [`MOST_SHOWN`] at most.
    pub rows: Vec<Terms>,
    /// Lessons that they take.
    pub hours: i64,
    /// Lessons of the year.
    pub lessons: i64,
    /// Kinds of work that the school does not have; their rows come without one.
    pub unknown_works: Vec<String>,
    /// Rows that are not imported, the first [`MOST_TOLD`] of them.
    pub bad: Vec<Bad>,
    /// How many rows are not imported.
    pub bad_rows: u32,
}

/// What came of reading rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Records {
    /// The good ones.
    pub rows: Vec<Terms>,
    /// The others.
    pub bad: Vec<Bad>,
    /// Kinds of work that nobody knows.
    pub unknown_works: BTreeSet<String>,
}

/// Reads rows: number in the file and cells. A row of a table with hours in which only one cell is filled is the name of a section; a
/// section holds until the next; a line that sums up («Итого») is left out in silence.
#[must_use]
pub fn records(lang: Lang, rows: &[(u32, Vec<String>)], columns: &[Column], works: &[WorkKind]) -> Records {
    let mut records = Records::default();
    let mut section: Option<String> = None;
    let counted = columns.contains(&Column::Hours);
    for (number, cells) in rows {
        let cell = |wanted: Column| {
            let at = columns.iter().position(|c| *c == wanted)?;
            cells.get(at).map(|c| clean(c)).filter(|c| !c.is_empty())
        };
        let filled: Vec<String> = cells.iter().map(|c| clean(c)).filter(|c| !c.is_empty()).collect();
        if filled.is_empty() || sums_up(&filled) {
            continue;
        }
        if let ([only], true) = (filled.as_slice(), counted) {
            section = Some(only.chars().take(Terms::SECTION).collect());
            continue;
        }
        section = cell(Column::Section).or(section);
        match terms(lang, &cell, section.clone(), works, &mut records.unknown_works) {
            Ok(terms) => records.rows.push(terms),
            Err(reason) => records.bad.push(Bad { row: *number, reason }),
        }
    }
    records
}

fn terms(
    lang: Lang,
    cell: &impl Fn(Column) -> Option<String>,
    section: Option<String>,
    works: &[WorkKind],
    unknown: &mut BTreeSet<String>,
) -> Result<Terms, String> {
    let number = |column: Column| -> Result<Option<i16>, String> {
        cell(column)
            .map(|text| whole(&text).ok_or_else(|| t::plan_file_no_number(lang, column.title(lang), text)))
            .transpose()
    };
    let work = cell(Column::Work).and_then(|text| {
        let found = kind(&text, works);
        if found.is_none() {
            unknown.insert(text.chars().take(80).collect());
        }
        found
    });
    let terms = Terms {
        section,
        topic: cell(Column::Topic).unwrap_or_default(),
        hours: number(Column::Hours)?.unwrap_or(1),
        homework: cell(Column::Homework),
        minutes: number(Column::Minutes)?,
        work,
    };
    check(&terms).map_err(|fault| fault.words(lang).to_owned())?;
    Ok(terms)
}

/// Signs that are seen, single spaces.
fn clean(text: &str) -> String {
    let seen: String = text
        .chars()
        .map(|c| if c.is_control() || c == '\u{feff}' { ' ' } else { c })
        .collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// «Итого 34», «Всего часов».
fn sums_up(filled: &[String]) -> bool {
    filled.first().is_some_and(|first| {
        let first = first.to_lowercase();
        first.starts_with("итого") || first.starts_with("всего") || first.starts_with("total")
    })
}

/// «2», «2 ч», «2,0», «2.00».
fn whole(text: &str) -> Option<i16> {
    let text = text.trim().trim_end_matches('.').to_lowercase();
    let text = ["часов", "часа", "час", "ч", "минут", "мин", "h", "min"]
        .iter()
        .find_map(|unit| text.strip_suffix(unit))
        .unwrap_or(&text)
        .trim();
    let whole = match text.split_once([',', '.']) {
        Some((whole, part)) if !part.is_empty() && part.bytes().all(|b| b == b'0') => whole,
        Some(_) => return None,
        None => text,
    };
    whole
        .bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| whole.parse().ok())
        .flatten()
}

/// A kind of work of the school by its title or letter: «Контрольная», «контрольная работа № 2», «К».
fn kind(text: &str, works: &[WorkKind]) -> Option<WorkTypeId> {
    let text = text.to_lowercase();
    let first = |of: &str| {
        of.to_lowercase()
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    works
        .iter()
        .find(|w| w.title.to_lowercase() == text || w.code.to_lowercase() == text)
        .or_else(|| works.iter().find(|w| first(&w.title) == first(&text)))
        .map(|w| w.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn works() -> Vec<WorkKind> {
        let work = |id, code: &str, title: &str| WorkKind {
            id: WorkTypeId(id),
            code: code.into(),
            title: title.into(),
        };
        vec![work(1, "О", "Ответ на уроке"), work(2, "К", "Контрольная работа")]
    }

    const COLUMNS: [Column; 5] = [
        Column::Skip,
        Column::Topic,
        Column::Hours,
        Column::Homework,
        Column::Work,
    ];

    fn read(rows: &[&[&str]]) -> Records {
        let rows: Vec<(u32, Vec<String>)> = (2..)
            .zip(rows)
            .map(|(n, cells)| (n, cells.iter().map(|c| (*c).to_owned()).collect()))
            .collect();
        records(Lang::Ru, &rows, &COLUMNS, &works())
    }

    #[test]
    fn a_file_with_sections_in_lines_of_their_own() {
        let read = read(&[
            &["", "Глава 1. Дроби", "", "", ""],
            &["1", "Обыкновенные дроби", "2 ч", "§ 1", ""],
            &["2", "Контрольная № 1", "1,0", "", "контрольная"],
            &["Глава 2", "", "", "", ""],
            &["3", "Проценты", "", "§ 2", "экскурсия"],
            &["Итого", "", "34", "", ""],
        ]);
        assert_eq!(read.bad, []);
        let told: Vec<_> = read
            .rows
            .iter()
            .map(|r| (r.section.as_deref().unwrap(), r.topic.as_str(), r.hours, r.work))
            .collect();
        assert_eq!(
            told,
            [
                ("Глава 1. Дроби", "Обыкновенные дроби", 2, None),
                ("Глава 1. Дроби", "Контрольная № 1", 1, Some(WorkTypeId(2))),
                ("Глава 2", "Проценты", 1, None)
            ]
        );
        assert_eq!(read.unknown_works.into_iter().collect::<Vec<_>>(), ["экскурсия"]);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_row() {
        let long = "я".repeat(1001);
        let read = read(&[
            &["1", "", "2", "§ 1", ""],
            &["2", "Дроби", "две", "", ""],
            &["3", "Дроби", "0", "", ""],
            &["4", "Дроби", "1,5", "", ""],
            &["5", &long, "1", "", ""],
            &["6", "Дроби", "1", "", ""],
        ]);
        let told: Vec<_> = read.bad.iter().map(|b| b.row).collect();
        assert_eq!(told, [2, 3, 4, 5, 6]);
        assert!(read.bad[1].reason.contains("«две»"), "{}", read.bad[1].reason);
        assert_eq!(read.rows.len(), 1);
    }

    #[test]
    fn a_formula_is_text() {
        let read = read(&[
            &["1", "=HYPERLINK(\"http://x\")", "1", "@SUM(A1)", ""],
            &["2", "-1+1", "1", "+7", ""],
        ]);
        assert_eq!(read.rows[0].topic, "=HYPERLINK(\"http://x\")");
        assert_eq!(read.rows[0].homework.as_deref(), Some("@SUM(A1)"));
        assert_eq!(
            (read.rows[1].topic.as_str(), read.rows[1].homework.as_deref()),
            ("-1+1", Some("+7"))
        );
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, wanted) in [
            ("2", Some(2)),
            (" 2 ч. ", Some(2)),
            ("2 часа", Some(2)),
            ("2,00", Some(2)),
            ("1.0", Some(1)),
            ("45 мин", Some(45)),
            ("1,5", None),
            ("", None),
            ("ч", None),
            ("-2", None),
            ("две", None),
            ("99999", None),
            ("1-2", None),
            ("2,", None),
        ] {
            assert_eq!(whole(text), wanted, "{text}");
        }
    }

    proptest! {
        /// Whatever the cells hold: every row is good, bad, a section or a sum, and what is good may be written.
        #[test]
        fn any_cells_are_rows_or_reasons(rows in proptest::collection::vec(proptest::collection::vec("\\PC{0,20}|[0-9]{0,6}|", 0..7), 0..12)) {
            let count = rows.len();
            let rows: Vec<(u32, Vec<String>)> = (2..).zip(rows).collect();
            let read = records(Lang::Ru, &rows, &COLUMNS, &works());
            prop_assert!(read.rows.len() + read.bad.len() <= count);
            prop_assert!(read.rows.iter().all(|r| check(r).is_ok()));
        }
    }
}
