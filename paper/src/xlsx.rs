//! A sheet as a file of a table program (Office Open XML). One worksheet a table. Numbers are numbers, so that one can count on;
//! words are words, never a formula.

use rust_xlsxwriter::{DocProperties, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use crate::{Cell, Column, Lie, Paper, Row, RowKind, Shape, Table};

/// The type of such a file.
pub const TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// A4.
const PAPER: u8 = 9;
/// The longest text of a cell, in characters: the format's own limit, less the sign that [`harmless`] may add.
const LONGEST: usize = 32_000;

/// Why there is no file.
#[derive(Debug)]
pub struct Unwritten(XlsxError);

impl std::fmt::Display for Unwritten {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the table could not be written: {}", self.0)
    }
}

impl std::error::Error for Unwritten {}

impl From<XlsxError> for Unwritten {
    fn from(error: XlsxError) -> Self {
        Self(error)
    }
}

/// What a program that reads the saved values again (as CSV, by pasting) could take for a formula is made words, as OWASP's page
/// on CSV injection says: an apostrophe before it. In the file itself every text is a string, which nothing evaluates.
#[must_use]
pub fn harmless(text: &str) -> String {
    let text: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t' | '\r'))
        .take(LONGEST)
        .collect();
    if text.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ]) {
        format!("'{text}")
    } else {
        text
    }
}

/// Writes the file.
///
/// # Errors
/// [`Unwritten`] for a table that is larger than the format.
pub fn write(paper: &Paper) -> Result<Vec<u8>, Unwritten> {
    let mut book = Workbook::new();
    let properties = DocProperties::new()
        .set_title(harmless(&paper.title))
        .set_company(harmless(&paper.school))
        .set_creation_datetime(&paper.made_on);
    book.set_properties(&properties);
    let formats = Formats::new();
    let lie = paper.lie();
    for (n, table) in paper.tables.iter().enumerate() {
        let sheet = book.add_worksheet();
        sheet.set_name(tab(paper, table, n))?;
        sheet.set_paper_size(PAPER);
        if lie == Lie::Landscape {
            sheet.set_landscape();
        }
        sheet.set_print_fit_to_pages(1, 0);
        sheet.set_footer("&L&8&D&R&8&P / &N");
        one(sheet, paper, table, &formats, n + 1 == paper.tables.len())?;
    }
    Ok(book.save_to_buffer()?)
}

/// A name for the tab: at most 31 characters, none of those that the format forbids; its number keeps it different.
fn tab(paper: &Paper, table: &Table, n: usize) -> String {
    let title = table.title.as_ref().unwrap_or(&paper.title);
    let name: String = title
        .chars()
        .map(|c| {
            if c.is_control() || "[]:*?/\\'".contains(c) {
                ' '
            } else {
                c
            }
        })
        .take(26)
        .collect();
    let name = name.trim();
    match n {
        0 if !name.is_empty() => name.to_owned(),
        _ => format!("{name} {}", n + 1).trim().to_owned(),
    }
}

struct Formats {
    school: Format,
    title: Format,
    fact: Format,
    note: Format,
    head: Format,
    turned: Format,
    cell: Format,
    words: Format,
    figure: Format,
    total: Format,
    total_figure: Format,
    gone: Format,
}

impl Formats {
    fn new() -> Self {
        let edge = || Format::new().set_border(FormatBorder::Thin);
        let middle = || {
            edge()
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter)
        };
        Self {
            school: Format::new(),
            title: Format::new().set_bold().set_font_size(14),
            fact: Format::new(),
            note: Format::new().set_italic(),
            head: middle().set_bold().set_text_wrap(),
            turned: middle().set_bold().set_text_wrap().set_rotation(90),
            cell: middle(),
            words: edge().set_align(FormatAlign::VerticalCenter).set_text_wrap(),
            figure: middle().set_num_format("0.00"),
            total: middle().set_bold(),
            total_figure: middle().set_bold().set_num_format("0.00"),
            gone: edge()
                .set_align(FormatAlign::VerticalCenter)
                .set_font_color(0x0070_7070),
        }
    }

    fn of_head(&self, shape: Shape) -> &Format {
        if shape.is_turned() {
            &self.turned
        } else {
            &self.head
        }
    }

    fn of(&self, cell: &Cell, shape: Shape, kind: RowKind) -> &Format {
        match (cell, kind) {
            (Cell::Figure(_), RowKind::Total) => &self.total_figure,
            (Cell::Figure(_), _) => &self.figure,
            (_, RowKind::Total) => &self.total,
            (_, RowKind::Gone) if !shape.is_centred() => &self.gone,
            _ if shape.is_centred() => &self.cell,
            _ => &self.words,
        }
    }
}

/// Rows and columns of the format are counted in these.
fn at(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

fn one(
    sheet: &mut Worksheet,
    paper: &Paper,
    table: &Table,
    formats: &Formats,
    last: bool,
) -> Result<(), XlsxError> {
    let mut row = 0;
    line(sheet, &mut row, &paper.school, &formats.school)?;
    line(sheet, &mut row, &paper.title, &formats.title)?;
    for fact in &paper.facts {
        line(
            sheet,
            &mut row,
            &format!("{}: {}", fact.name, fact.value),
            &formats.fact,
        )?;
    }
    if let Some(title) = &table.title {
        line(sheet, &mut row, title, &formats.title)?;
    }
    row += 1;
    let first = row;
    for (n, column) in table.columns.iter().enumerate() {
        let tenths = column.shape.width().unwrap_or(1000);
        // a character of the usual font is about two millimetres wide
        sheet.set_column_width(at(n), f64::from(tenths) / 20.0 + 0.7)?;
    }
    let grouped = table.columns.iter().any(|c| c.group.is_some());
    if grouped {
        groups(sheet, row, &table.columns, formats)?;
        row += 1;
    }
    for (n, column) in table.columns.iter().enumerate() {
        if !grouped || column.group.is_some() {
            let format = formats.of_head(column.shape);
            sheet.write_string_with_format(row, at(n), harmless(&column.head), format)?;
        }
    }
    if table.columns.iter().any(|c| c.shape == Shape::Upright) {
        sheet.set_row_height(row, 110)?;
    }
    sheet.set_repeat_rows(first, row)?;
    let leading = table.columns.iter().take_while(|c| c.shape.leads()).count();
    sheet.set_freeze_panes(row + 1, at(leading))?;
    row += 1;
    for line in &table.rows {
        cells(sheet, row, table, line, formats)?;
        row += 1;
    }
    row += 1;
    if last {
        for note in &paper.notes {
            line(sheet, &mut row, note, &formats.note)?;
        }
        for sign in &paper.signs {
            let words = format!("{} ____________________ {}", sign.role, sign.name);
            row += 1;
            line(sheet, &mut row, words.trim_end(), &formats.fact)?;
        }
        line(sheet, &mut row, &paper.made, &formats.note)?;
    }
    Ok(())
}

fn line(sheet: &mut Worksheet, row: &mut u32, text: &str, format: &Format) -> Result<(), XlsxError> {
    if !text.is_empty() {
        sheet.write_string_with_format(*row, 0, harmless(text), format)?;
        *row += 1;
    }
    Ok(())
}

/// The line over the heads: neighbours with the same words share a cell, a column without any takes both lines.
fn groups(sheet: &mut Worksheet, row: u32, columns: &[Column], formats: &Formats) -> Result<(), XlsxError> {
    for (from, span, name) in crate::cut::groups(columns) {
        match (name, columns.get(from)) {
            (Some(name), _) if span > 1 => {
                let last = at(from + span - 1);
                sheet.merge_range(row, at(from), row, last, &harmless(name), &formats.head)?;
            }
            (Some(name), _) => {
                sheet.write_string_with_format(row, at(from), harmless(name), &formats.head)?;
            }
            (None, Some(column)) => {
                let (head, format) = (harmless(&column.head), formats.of_head(column.shape));
                sheet.merge_range(row, at(from), row + 1, at(from), &head, format)?;
            }
            (None, None) => {}
        }
    }
    Ok(())
}

fn cells(
    sheet: &mut Worksheet,
    row: u32,
    table: &Table,
    line: &Row,
    formats: &Formats,
) -> Result<(), XlsxError> {
    for (n, column) in table.columns.iter().enumerate() {
        let empty = Cell::Empty;
        let cell = line.cells.get(n).unwrap_or(&empty);
        let format = formats.of(cell, column.shape, line.kind);
        match number(cell) {
            Some(number) => sheet.write_number_with_format(row, at(n), number, format)?,
            None if *cell == Cell::Empty => sheet.write_blank(row, at(n), format)?,
            None => {
                let words = cell.words(base::Lang::default());
                sheet.write_string_with_format(row, at(n), harmless(&words), format)?
            }
        };
    }
    Ok(())
}

/// The number that a cell is, if it is one.
fn number(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Count(n) => i32::try_from(*n).ok().map(f64::from),
        Cell::Figure(figure) => i32::try_from(figure.0).ok().map(|n| f64::from(n) / 100.0),
        // «5», not «+5» or «1e5»
        Cell::Mark(code, _)
            if !code.is_empty() && code.len() < 4 && code.bytes().all(|b| b.is_ascii_digit()) =>
        {
            code.parse::<u16>().ok().map(f64::from)
        }
        Cell::Mark(..) | Cell::Text(_) | Cell::Empty => None,
    }
}

#[cfg(test)]
mod tests;
