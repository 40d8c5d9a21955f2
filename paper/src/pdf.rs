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

use crate::cut::{groups, parts};
use crate::{Column, Fact, Lie, Paper, RowKind, Shape, Sign, Table};

/// PT Sans Narrow, regular and bold: made for the languages of Russia, narrow enough for a class journal.
const FONTS: [&[u8]; 2] = [
    include_bytes!("../fonts/PTN57F.ttf"),
    include_bytes!("../fonts/PTN77F.ttf"),
];
const PROGRAM: &str = include_str!("sheet.typ");
const DATA: &str = "paper.json";
/// A run of so many letters without a gap may be broken anywhere: a name may be that long, a column is not.
const RUN: usize = 18;
/// The stack of the thread that sets: typst goes deep.
const STACK: usize = 16 * 1024 * 1024;

/// Why there is no file. What the sheet says is not told.
#[derive(Debug)]
pub enum Unprinted {
    /// The program met something that it cannot set.
    Refused(Vec<String>),
    /// The thread of the printer could not be had.
    NoThread,
}

impl std::fmt::Display for Unprinted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(why) => write!(f, "the sheet could not be set: {} faults", why.len()),
            Self::NoThread => f.write_str("no thread to set a sheet in"),
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
    set(paper, |document, _| {
        let options = PdfOptions {
            creator: Smart::Custom(Some("Parta".to_owned())),
            ..PdfOptions::default()
        };
        typst_pdf::pdf(document, &options).map_err(|faults| Unprinted::Refused(told(&faults)))
    })
}

/// Sets a sheet, and does something with its pages and with what typst warned of.
fn set<T: Send>(
    paper: &Paper,
    then: impl FnOnce(&PagedDocument, Vec<String>) -> Result<T, Unprinted> + Send,
) -> Result<T, Unprinted> {
    let press = &*PRESS;
    let data = serde_json::to_vec(&print(paper)).map_err(|e| Unprinted::Refused(vec![e.to_string()]))?;
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
        // what it remembers of sheets that are done is of no use to others
        typst::comemo::evict(1);
        outcome
    })
}

fn told(faults: &[SourceDiagnostic]) -> Vec<String> {
    faults.iter().map(|fault| fault.message.to_string()).collect()
}

/// A sheet as the program reads it.
#[derive(Serialize)]
struct Print<'a> {
    lang: &'static str,
    landscape: bool,
    school: &'a str,
    title: &'a str,
    foot: String,
    facts: &'a [Fact],
    tables: Vec<PrintTable>,
    notes: &'a [String],
    signs: &'a [Sign],
}

#[derive(Serialize)]
struct PrintTable {
    title: Option<String>,
    apart: bool,
    parts: Vec<Part>,
}

#[derive(Serialize)]
struct Part {
    groups: Vec<(String, usize)>,
    heads: Vec<Head>,
    /// How tall a turned head is, in millimetres.
    tall: u32,
    rows: Vec<Line>,
}

#[derive(Serialize)]
struct Head {
    words: String,
    turned: bool,
    centred: bool,
    /// In millimetres; none: what is left.
    wide: Option<f64>,
}

#[derive(Serialize)]
struct Line {
    kind: RowKind,
    cells: Vec<String>,
}

fn print(paper: &Paper) -> Print<'_> {
    let lie = paper.lie();
    let about: Vec<&str> = paper.facts.iter().map(|f| f.value.as_str()).collect();
    Print {
        lang: paper.lang.code(),
        landscape: lie == Lie::Landscape,
        school: &paper.school,
        title: &paper.title,
        foot: format!("{}. {}. {}", paper.title, about.join(", "), paper.made),
        facts: &paper.facts,
        tables: paper.tables.iter().map(|t| table(paper, t, lie)).collect(),
        notes: &paper.notes,
        signs: &paper.signs,
    }
}

fn table(paper: &Paper, table: &Table, lie: Lie) -> PrintTable {
    PrintTable {
        title: table.title.clone(),
        apart: table.apart,
        parts: parts(&table.columns, lie)
            .into_iter()
            .map(|places| part(paper, table, &places))
            .collect(),
    }
}

fn part(paper: &Paper, table: &Table, places: &[usize]) -> Part {
    let columns: Vec<Column> = places
        .iter()
        .filter_map(|n| table.columns.get(*n))
        .cloned()
        .collect();
    let grouped = columns.iter().any(|c| c.group.is_some());
    let line = |row: &crate::Row| Line {
        kind: row.kind,
        cells: places
            .iter()
            .map(|n| {
                row.cells
                    .get(*n)
                    .map(|c| breakable(&c.words(paper.lang)))
                    .unwrap_or_default()
            })
            .collect(),
    };
    Part {
        groups: if grouped {
            groups(&columns)
                .into_iter()
                .map(|(_, span, name)| (name.unwrap_or_default().to_owned(), span))
                .collect()
        } else {
            vec![]
        },
        tall: if columns.iter().any(|c| c.shape == Shape::Upright) {
            36
        } else if columns.iter().any(|c| c.shape == Shape::Figure) {
            18
        } else {
            10
        },
        heads: columns.iter().map(head).collect(),
        rows: table.rows.iter().map(line).collect(),
    }
}

fn head(column: &Column) -> Head {
    Head {
        words: column.head.clone(),
        turned: column.shape.is_turned(),
        centred: column.shape.is_centred(),
        wide: column.shape.width().map(|tenths| f64::from(tenths) / 10.0),
    }
}

/// Lets a run without a gap be broken every few letters: an empty space (U+200B) where a line may end. What no page shows is left out.
fn breakable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = 0;
    for c in text.chars() {
        if c.is_control() && c != '\n' {
            continue;
        }
        run = if c.is_whitespace() || c == '-' { 0 } else { run + 1 };
        if run > RUN {
            out.push('\u{200b}');
            run = 1;
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests;
