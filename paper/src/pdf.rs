//! A sheet as paper that schools know: A4, PDF, by typst in this process. See docs/decisions/0020.
//!
//! The program (`sheet.typ`) is ours and never changes; what a sheet says is handed to it as a file of JSON, so a name that looks
//! like a line of typst is a name. Fonts lie in the executable (`../fonts`).

use std::sync::LazyLock;

use serde::Serialize;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

use crate::cut::{groups, parts, width};
use crate::{Cell, Column, Lie, Paper, RowKind, Shape, Table};

/// PT Sans Narrow, regular and bold: made for the languages of Russia, narrow enough for a class journal.
const FONTS: [&[u8]; 2] = [
    include_bytes!("../fonts/PTN57F.ttf"),
    include_bytes!("../fonts/PTN77F.ttf"),
];
const PROGRAM: &str = include_str!("sheet.typ");
const DATA: &str = "paper.json";
/// A run of so many letters without a gap may be broken anywhere: a name may be that long, a column is not.
const RUN: usize = 20;
/// The same of a turned head.
const HEAD_RUN: usize = 30;
/// The tallest turned head, in millimetres.
const TALLEST: f64 = 45.0;
/// How much wider than usual a column of names may be, in tenths of a millimetre.
const SPARE: u32 = 300;
/// So many rows fit on a page, even if their names take two lines.
const SHORT: usize = 18;
/// The stack of the thread that sets: typst goes deep.
const STACK: usize = 16 * 1024 * 1024;

/// Why there is no file. What the sheet says is not told.
#[derive(Debug)]
pub enum Unprinted {
    /// The program met something that it cannot set.
    Refused(Vec<String>),
    /// The thread of the printer could not be had.
    NoThread,
    /// It is heavier than [`crate::HEAVIEST`].
    TooLarge,
}

impl std::fmt::Display for Unprinted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(why) => write!(f, "the sheet could not be set: {} faults", why.len()),
            Self::NoThread => f.write_str("no thread to set a sheet in"),
            Self::TooLarge => f.write_str("the sheet is too large to be set"),
        }
    }
}

impl std::error::Error for Unprinted {}

/// What is the same for all sheets.
struct Press {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    program: Source,
    /// One thread, so that a sheet takes one core at most, whatever typst would spread over more.
    thread: Option<rayon::ThreadPool>,
}

static PRESS: LazyLock<Press> = LazyLock::new(|| {
    let fonts: Vec<Font> = FONTS
        .iter()
        .filter_map(|data| Font::new(Bytes::new(*data), 0))
        .collect();
    Press {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
        program: Source::detached(PROGRAM),
        thread: rayon::ThreadPoolBuilder::new()
            .num_threads(1)
            .stack_size(STACK)
            .thread_name(|_| "print".to_owned())
            .build()
            .ok(),
    }
});

/// One sheet being set.
struct Job<'a> {
    press: &'a Press,
    data: Bytes,
}

impl World for Job<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.press.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.press.book
    }

    fn main(&self) -> FileId {
        self.press.program.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.press.program.id() {
            Ok(self.press.program.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id.get().vpath().get_without_slash() == DATA {
            Ok(self.data.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.press.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// Writes the file; takes a moment of one core, so call it where that starves nobody.
///
/// # Errors
/// [`Unprinted`] for a sheet that cannot be set.
pub fn write(paper: &Paper) -> Result<Vec<u8>, Unprinted> {
    write_all(std::slice::from_ref(paper))
}

/// Writes several sheets into one file, each from a page of its own on, its pages counted for themselves: the cards of a class.
///
/// # Errors
/// [`Unprinted`] for sheets that cannot be set, among them none at all and more than [`crate::HEAVIEST`] together.
pub fn write_all(papers: &[Paper]) -> Result<Vec<u8>, Unprinted> {
    set(papers, |document, _| {
        let options = PdfOptions {
            creator: Smart::Custom(Some("Parta".to_owned())),
            ..PdfOptions::default()
        };
        typst_pdf::pdf(document, &options).map_err(|faults| Unprinted::Refused(told(&faults)))
    })
}

/// Sets sheets, and does something with their pages and with what typst warned of.
fn set<T: Send>(
    papers: &[Paper],
    then: impl FnOnce(&PagedDocument, Vec<String>) -> Result<T, Unprinted> + Send,
) -> Result<T, Unprinted> {
    if !crate::are_printable(papers) {
        return Err(Unprinted::TooLarge);
    }
    let press = &*PRESS;
    let data = serde_json::to_vec(&papers.iter().map(print).collect::<Vec<_>>())
        .map_err(|e| Unprinted::Refused(vec![e.to_string()]))?;
    let thread = press.thread.as_ref().ok_or(Unprinted::NoThread)?;
    thread.install(|| {
        let job = Job {
            press,
            data: Bytes::new(data),
        };
        let made = typst::compile::<PagedDocument>(&job);
        let outcome = made
            .output
            .map_err(|faults| Unprinted::Refused(told(&faults)))
            .and_then(|document| then(&document, told(&made.warnings)));
        // what it remembers of a sheet that is done is of no use to others, and is of people
        typst::comemo::evict(0);
        outcome
    })
}

fn told(faults: &[SourceDiagnostic]) -> Vec<String> {
    faults.iter().map(|fault| fault.message.to_string()).collect()
}

/// A sheet as the program reads it.
#[derive(Serialize)]
struct Print {
    lang: &'static str,
    landscape: bool,
    school: String,
    title: String,
    foot: String,
    facts: Vec<Named>,
    tables: Vec<PrintTable>,
    notes: Vec<String>,
    signs: Vec<Place>,
    under_signs: Vec<String>,
}

#[derive(Serialize)]
struct Named {
    name: String,
    value: String,
}

#[derive(Serialize)]
struct Place {
    role: String,
    name: String,
}

#[derive(Serialize)]
struct PrintTable {
    title: Option<String>,
    apart: bool,
    parts: Vec<Part>,
}

#[derive(Serialize)]
struct Part {
    /// The line over the heads; empty where no column has words over it.
    groups: Vec<Over>,
    heads: Vec<Head>,
    /// How tall a turned head is, in millimetres.
    tall: f64,
    /// It fits on a page, so it is not broken.
    short: bool,
    rows: Vec<Line>,
}

#[derive(Serialize)]
struct Over {
    from: usize,
    span: usize,
    words: Option<String>,
}

#[derive(Serialize)]
struct Head {
    words: String,
    grouped: bool,
    turned: bool,
    centred: bool,
    /// In millimetres; none: what is left.
    wide: Option<f64>,
    /// Of its letters where it is turned, in points.
    size: f64,
}

#[derive(Serialize)]
struct Line {
    kind: RowKind,
    cells: Vec<String>,
}

fn print(paper: &Paper) -> Print {
    let lie = paper.lie();
    let about: Vec<&str> = paper
        .facts
        .iter()
        .map(|f| f.value.as_str())
        .filter(|value| !value.is_empty())
        .collect();
    let about = about.join(", ");
    let foot: Vec<&str> = [paper.title.as_str(), &about, &paper.made]
        .into_iter()
        .filter(|words| !words.is_empty())
        .collect();
    Print {
        lang: paper.lang.code(),
        landscape: lie == Lie::Landscape,
        school: line(&paper.school),
        title: line(&paper.title),
        foot: line(&foot.join(". ")),
        facts: paper
            .facts
            .iter()
            .filter(|f| !f.value.is_empty())
            .map(|f| Named {
                name: line(&f.name),
                value: line(&f.value),
            })
            .collect(),
        tables: paper.tables.iter().map(|t| table(paper, t, lie)).collect(),
        notes: paper.notes.iter().map(|n| line(n)).collect(),
        signs: paper
            .signs
            .iter()
            .map(|s| Place {
                role: line(&s.role),
                name: line(&s.name),
            })
            .collect(),
        under_signs: paper.under_signs.iter().map(|w| line(w)).collect(),
    }
}

fn table(paper: &Paper, table: &Table, lie: Lie) -> PrintTable {
    let parts = parts(&table.columns, lie);
    // what is left of the width is for names, in a table that is whole
    let left = lie.width().saturating_sub(width(&table.columns));
    let spare = if parts.len() == 1 { left.min(SPARE) } else { 0 };
    PrintTable {
        title: table.title.as_deref().map(line),
        apart: table.apart,
        parts: parts
            .into_iter()
            .map(|places| part(paper, table, &places, spare))
            .collect(),
    }
}

fn part(paper: &Paper, table: &Table, places: &[usize], spare: u32) -> Part {
    let columns: Vec<Column> = places
        .iter()
        .filter_map(|n| table.columns.get(*n))
        .cloned()
        .collect();
    let grouped = columns.iter().any(|c| c.group.is_some());
    let cell = |row: &crate::Row, n: usize, column: &Column| {
        let words = row.cells.get(n).map(|c| match c {
            // «100,00» does not fit into a narrow column in one line
            Cell::Figure(f) if column.shape != Shape::Figure && f.0 >= 10_000 && f.0 % 100 == 0 => {
                (f.0 / 100).to_string()
            }
            c => c.words(paper.lang),
        });
        breakable(&words.unwrap_or_default(), run(column.shape))
    };
    let row = |row: &crate::Row| Line {
        kind: row.kind,
        cells: places
            .iter()
            .zip(&columns)
            .map(|(n, column)| cell(row, *n, column))
            .collect(),
    };
    let over = |(from, span, words): (usize, usize, Option<&str>)| Over {
        from,
        span,
        words: words.map(line),
    };
    Part {
        groups: if grouped {
            groups(&columns).into_iter().map(over).collect()
        } else {
            vec![]
        },
        tall: tall(&columns),
        short: table.rows.len() <= SHORT && columns.iter().all(|c| c.shape.width().is_some()),
        heads: columns.iter().map(|column| head(column, spare)).collect(),
        rows: table.rows.iter().map(row).collect(),
    }
}

fn head(column: &Column, spare: u32) -> Head {
    let spare = if column.shape == Shape::Name { spare } else { 0 };
    Head {
        words: breakable(&column.head, HEAD_RUN),
        grouped: column.group.is_some(),
        turned: column.shape.is_turned(),
        centred: column.shape.is_centred(),
        wide: column
            .shape
            .width()
            .map(|tenths| f64::from(tenths + spare) / 10.0),
        size: match column.head.chars().count() {
            0..55 => 7.5,
            55..90 => 6.0,
            _ => 5.0,
        },
    }
}

/// How tall turned heads are, in millimetres: so that the longest fits into the lines that its column has room for.
fn tall(columns: &[Column]) -> f64 {
    /// A letter of a bold head.
    const LETTER: f64 = 1.2;
    let need = |column: &Column| -> f64 {
        let lines = match column.shape {
            Shape::Upright => 2.0,
            Shape::Figure => 3.0,
            _ => 1.0,
        };
        let count = |text: &str| u32::try_from(text.chars().count()).map_or(0.0, f64::from);
        let word = column.head.split_whitespace().map(count).fold(0.0, f64::max);
        // lines break at words, so the last is not full
        let share = if lines > 1.0 {
            count(&column.head) / lines + word / 2.0
        } else {
            count(&column.head)
        };
        share.max(word).min(count(&column.head)) * LETTER + 1.5
    };
    let turned = columns.iter().filter(|c| c.shape.is_turned());
    turned.map(need).fold(9.0, f64::max).min(TALLEST)
}

/// How long a run without a gap fits into a cell.
fn run(shape: Shape) -> usize {
    match shape {
        Shape::Number | Shape::Day => 3,
        Shape::Upright => 5,
        Shape::Figure => 7,
        Shape::Date => 10,
        Shape::Name | Shape::Words => RUN,
    }
}

/// What stands by itself, not in a narrow column.
fn line(text: &str) -> String {
    breakable(text, RUN)
}

/// Lets a run without a gap be broken every few letters: an empty space (U+200B) where a line may end. What no page shows is left out.
fn breakable(text: &str, longest: usize) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = 0;
    for c in text.chars() {
        if c.is_control() && c != '\n' {
            continue;
        }
        run = if c.is_whitespace() || c == '-' { 0 } else { run + 1 };
        if run > longest {
            out.push('\u{200b}');
            run = 1;
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests;
