//! An Excel workbook's first sheet becomes rows of text. The file comes from outside, so everything is counted before the
//! reader sees it (ASVS 5.2.3): entries and their unpacked size — what the directory says *and* what really comes out — and
//! the one number in it by which the reader reserves memory. Cells come one by one, so that a sheet with one cell in its
//! farthest corner costs nothing.

use std::io::{Cursor, Read as _};

use base::{AppError, Lang};
use calamine::{DataRef, Reader as _, Xlsx};
use zip::ZipArchive;

use super::table::Raw;
use super::{MOST_COLUMNS, MOST_ROWS};
use crate::t;

/// Most entries of the archive.
const MOST_ENTRIES: usize = 300;
/// Most bytes of all entries, unpacked: a sheet of five thousand rows has one or two million.
const MOST_UNPACKED: u64 = 48 * 1024 * 1024;
/// Rows and columns beyond are not looked at: a formatted sheet may have empty cells to the very end.
const ROWS_LOOKED_AT: u32 = 20_000;
/// See [`ROWS_LOOKED_AT`].
const COLUMNS_LOOKED_AT: usize = MOST_COLUMNS * 4;

pub(super) fn read(lang: Lang, file: &[u8], longest: usize) -> Result<Raw, AppError> {
    weigh(lang, file)?;
    let broken = || AppError::invalid("file", t::roll_file_broken_xlsx(lang));
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file)).map_err(|_| broken())?;
    let sheet = book.sheet_names().into_iter().next().ok_or_else(broken)?;
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(|_| broken())?;
    let mut rows: Raw = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(|_| broken())? {
        let (row, column) = cell.get_position();
        let text = text(cell.get_value(), longest);
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if text.is_empty() || row >= ROWS_LOOKED_AT || column >= COLUMNS_LOOKED_AT {
            continue;
        }
        // rows come in order; a file that mixes them is none of Excel's
        match rows.last() {
            Some((last, _)) if *last > row + 1 => return Err(broken()),
            Some((last, _)) if *last == row + 1 => {}
            _ => rows.push((row + 1, vec![])),
        }
        if rows.len() > MOST_ROWS + 100 {
            return Err(AppError::invalid("file", t::roll_file_rows(lang, MOST_ROWS)));
        }
        let Some((_, line)) = rows.last_mut() else {
            continue;
        };
        if line.len() <= column {
            line.resize(column + 1, String::new());
        }
        if let Some(place) = line.get_mut(column) {
            *place = text;
        }
    }
    Ok(rows)
}

/// Refuses an archive that is larger inside than any list is.
fn weigh(lang: Lang, file: &[u8]) -> Result<(), AppError> {
    let broken = || AppError::invalid("file", t::roll_file_broken_xlsx(lang));
    let bomb = || AppError::invalid("file", t::roll_file_bomb(lang));
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(|_| broken())?;
    if archive.len() > MOST_ENTRIES {
        return Err(bomb());
    }
    let mut told = 0u64;
    for n in 0..archive.len() {
        told = told.saturating_add(archive.by_index_raw(n).map_err(|_| broken())?.size());
    }
    if told > MOST_UNPACKED {
        return Err(bomb());
    }
    // the directory may lie
    let mut left = MOST_UNPACKED;
    let mut piece = vec![0u8; 64 * 1024];
    for n in 0..archive.len() {
        let entry = archive.by_index(n).map_err(|_| broken())?;
        // in UTF-16 the number below would not be seen; no Excel writes that
        let strings = entry
            .name()
            .is_ok_and(|n| n.to_lowercase().ends_with("sharedstrings.xml"));
        let mut attribute = Attribute::default();
        let mut entry = entry.take(left + 1);
        loop {
            let length = entry.read(&mut piece).map_err(|_| broken())?;
            let Some(read) = piece.get(..length).filter(|p| !p.is_empty()) else {
                break;
            };
            left = left
                .checked_sub(u64::try_from(length).unwrap_or(u64::MAX))
                .ok_or_else(bomb)?;
            if !read.iter().all(|b| attribute.is_sane(*b)) || (strings && read.contains(&0)) {
                return Err(bomb());
            }
        }
    }
    Ok(())
}

/// Looks for `uniqueCount="…"`, by which the reader reserves memory without asking whether there are so many strings.
#[derive(Default)]
struct Attribute {
    matched: usize,
    digits: u32,
}

impl Attribute {
    const NAME: &[u8] = b"uniqueCount";
    /// Seven digits of strings fit into no file that was weighed.
    const MOST_DIGITS: u32 = 7;

    /// The next byte; `false` for a number that is too long.
    fn is_sane(&mut self, byte: u8) -> bool {
        if self.matched == Self::NAME.len() {
            match byte {
                b'0'..=b'9' => self.digits += 1,
                b'=' | b'"' | b'\'' | b'+' | b' ' | b'\t' | b'\r' | b'\n' if self.digits == 0 => {}
                _ => *self = Self::default(),
            }
            return self.digits <= Self::MOST_DIGITS;
        }
        let next = Self::NAME.get(self.matched) == Some(&byte);
        self.matched = match (next, byte) {
            (true, _) => self.matched + 1,
            (false, b'u') => 1,
            (false, _) => 0,
        };
        true
    }
}

fn text(value: &DataRef<'_>, longest: usize) -> String {
    let short = |s: &str| s.chars().take(longest).collect::<String>();
    match value {
        DataRef::Empty | DataRef::Error(_) => String::new(),
        DataRef::String(s) | DataRef::DateTimeIso(s) | DataRef::DurationIso(s) => short(s),
        DataRef::SharedString(s) => short(s),
        DataRef::Int(n) => n.to_string(),
        // a telephone is a number to Excel; written without exponent and, where it is whole, without a point
        DataRef::Float(n) if n.is_finite() && n.abs() < 1e18 => n.to_string(),
        DataRef::Float(_) => String::new(),
        DataRef::Bool(b) => b.to_string(),
        DataRef::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{day:02}.{month:02}.{year:04}")
        }
    }
    .trim()
    .to_owned()
}

#[cfg(test)]
mod tests;
