//! A file's bytes become a table of text: which kind of file, which encoding, which separator, where the table begins.

use base::{AppError, Lang};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1251};

use super::rows::Table;
use super::{LARGEST_FILE, MOST_COLUMNS, MOST_ROWS, xlsx};
use crate::t;

/// Rows as they lie in the file, with their numbers.
pub(super) type Raw = Vec<(u32, Vec<String>)>;

/// Among how many first rows the heads are looked for: above them stand titles.
const HEADS_WITHIN: usize = 10;

/// What a table is to be like.
#[derive(Clone, Copy, Debug)]
pub struct Expected {
    /// How many cells of a row are heads that are known: where the table begins is where most are.
    pub heads: fn(&[String]) -> usize,
    /// Most letters of a cell that are looked at.
    pub longest_cell: usize,
}

/// Reads a CSV or XLSX file. It works for a second on a large one: not on a thread that serves others.
///
/// # Errors
/// [`AppError::Invalid`] with the field «file» and what is wrong with it.
pub(super) fn read(lang: Lang, file: &[u8], expected: Expected) -> Result<Table, AppError> {
    let refused = |words: &str| AppError::invalid("file", words);
    if file.len() > LARGEST_FILE {
        return Err(refused(t::roll_file_large(lang)));
    }
    let raw = if file.starts_with(b"PK") {
        xlsx::read(lang, file, expected.longest_cell)?
    } else if file.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        // the Excel of before 2007, and today's with a password
        return Err(refused(t::roll_file_old_excel(lang)));
    } else {
        csv(lang, file, expected.longest_cell)?
    };
    table(lang, raw, expected)
}

/// Finds the heads; drops empty rows and columns that have neither a head nor anything below.
fn table(lang: Lang, mut raw: Raw, expected: Expected) -> Result<Table, AppError> {
    let refused = |words: String| Err(AppError::invalid("file", words));
    raw.retain(|(_, cells)| cells.iter().any(|c| !c.trim().is_empty()));
    let heads = raw
        .iter()
        .take(HEADS_WITHIN)
        .enumerate()
        .max_by_key(|(n, (_, cells))| {
            let found = (expected.heads)(cells);
            // of equals the first
            (if found > 1 { found } else { 0 }, std::cmp::Reverse(*n))
        });
    let Some((at, _)) = heads else {
        return refused(t::roll_file_empty(lang).to_owned());
    };
    let mut rows = raw.split_off(at);
    let headers = rows.remove(0).1;
    if rows.is_empty() {
        return refused(t::roll_file_no_rows(lang).to_owned());
    }
    if rows.len() > MOST_ROWS {
        return refused(t::roll_file_rows(lang, MOST_ROWS));
    }
    let width = rows
        .iter()
        .map(|(_, c)| c.len())
        .chain([headers.len()])
        .max()
        .unwrap_or(0);
    let used: Vec<usize> = (0..width)
        .filter(|n| {
            let some = |cells: &Vec<String>| cells.get(*n).is_some_and(|c| !c.trim().is_empty());
            some(&headers) || rows.iter().any(|(_, cells)| some(cells))
        })
        .collect();
    if used.len() > MOST_COLUMNS {
        return refused(t::roll_file_columns(lang, MOST_COLUMNS));
    }
    let pick = |cells: &[String]| {
        used.iter()
            .map(|n| cells.get(*n).cloned().unwrap_or_default())
            .collect()
    };
    Ok(Table {
        headers: pick(&headers),
        rows: rows.iter().map(|(n, cells)| (*n, pick(cells))).collect(),
    })
}

fn csv(lang: Lang, file: &[u8], longest: usize) -> Result<Raw, AppError> {
    let refused = |words: &str| AppError::invalid("file", words);
    let text = decode(file).ok_or_else(|| refused(t::roll_file_not_text(lang)))?;
    // one kind of line end, or the reader counts lines differently for each
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(&text))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows: Raw = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| refused(t::roll_file_not_text(lang)))?;
        if record.iter().all(|c| c.trim().is_empty()) {
            continue;
        }
        if rows.len() > MOST_ROWS + HEADS_WITHIN {
            return Err(AppError::invalid("file", t::roll_file_rows(lang, MOST_ROWS)));
        }
        let line = record.position().map_or(0, csv::Position::line);
        let cells = record.iter().map(|c| c.chars().take(longest).collect());
        // a line of ten thousand separators is refused by its number of columns, without keeping them
        let cells: Vec<String> = cells.take(MOST_COLUMNS * 4).collect();
        rows.push((u32::try_from(line).unwrap_or(u32::MAX), cells));
    }
    Ok(rows)
}

/// UTF-8 or UTF-16 by its mark, else UTF-8 if it is one, else what Windows in Russia writes. `None` for what is no text.
fn decode(file: &[u8]) -> Option<String> {
    let (encoding, rest) = match Encoding::for_bom(file) {
        Some((encoding, length)) => (encoding, file.get(length..)?),
        None if std::str::from_utf8(file).is_ok() => (UTF_8, file),
        None => (WINDOWS_1251, file),
    };
    let text = encoding
        .decode_without_bom_handling_and_without_replacement(rest)?
        .into_owned();
    is_text(&text).then_some(text)
}

/// Text has no control characters but line ends and tabs; and what is read as Windows-1251 but is not consists of signs that
/// no list has, so that letters, digits and usual punctuation must be nearly everything.
fn is_text(text: &str) -> bool {
    let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}');
    if text.chars().any(control) {
        return false;
    }
    let plain = |c: char| {
        c.is_whitespace()
            || c.is_ascii()
            || matches!(c, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё' | '№' | '«' | '»' | '–' | '—' | '“' | '”' | '„' | '’')
    };
    let (all, strange) = text.chars().fold((0usize, 0usize), |(all, strange), c| {
        let other = !plain(c) && !c.is_alphabetic();
        (all + 1, strange + usize::from(other))
    });
    strange * 20 <= all
}

/// The separator that stands most often outside quotes in the first lines; of equals the semicolon, as Excel in Russia writes.
fn delimiter(text: &str) -> u8 {
    let mut counts = [(b';', 0usize), (b'\t', 0), (b',', 0)];
    let mut quoted = false;
    let mut lines = 0;
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => lines += 1,
            _ => {}
        }
        if lines >= HEADS_WITHIN {
            break;
        }
        if let Some((_, n)) = counts.iter_mut().find(|(sign, _)| !quoted && *sign == byte) {
            *n += 1;
        }
    }
    counts
        .iter()
        .rev()
        .max_by_key(|(_, n)| *n)
        .map_or(b';', |(sign, _)| *sign)
}

#[cfg(test)]
mod tests {
    use super::super::columns;
    use super::*;
    use proptest::prelude::*;

    fn read(lang: Lang, file: &[u8]) -> Result<Table, AppError> {
        super::read(lang, file, super::super::LIST)
    }

    const TEXT: &str = "Список учащихся;;\r\n;;\r\nФИО;Дата рождения;Класс\r\n\"Котов; \"\"Пётр\"\" Ильич\";05.09.2013;7А\r\n;;\r\nЛосева Вера;05.09.2013;7Б\r\n";

    fn told(file: &[u8]) -> String {
        match read(Lang::Ru, file) {
            Err(error) => error.message(Lang::Ru),
            Ok(table) => panic!("taken: {table:?}"),
        }
    }

    #[test]
    fn every_usual_writing_of_a_list_is_one_table() {
        let plain = read(Lang::Ru, TEXT.as_bytes()).unwrap();
        assert_eq!(plain.headers, ["ФИО", "Дата рождения", "Класс"]);
        assert_eq!(
            plain.rows.iter().map(|r| r.0).collect::<Vec<_>>(),
            [4, 6],
            "numbers as an editor shows them"
        );
        assert_eq!(plain.rows[0].1, ["Котов; \"Пётр\" Ильич", "05.09.2013", "7А"]);
        let with_mark = [b"\xef\xbb\xbf", TEXT.as_bytes()].concat();
        let windows = WINDOWS_1251.encode(TEXT).0.into_owned();
        let utf16: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain(TEXT.encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        for file in [with_mark, windows, utf16] {
            assert_eq!(read(Lang::Ru, &file).unwrap(), plain);
        }
        for sign in ["\t", ","] {
            let other = TEXT.replace(';', sign);
            let table = read(Lang::Ru, other.as_bytes()).unwrap();
            assert_eq!((table.headers, table.rows.len()), (plain.headers.clone(), 2));
        }
    }

    #[test]
    fn what_is_no_list_is_refused_in_words() {
        let rubbish: Vec<u8> = (0..4096u32)
            .map(|n| u8::try_from(n.wrapping_mul(2_654_435_761) >> 24).unwrap())
            .collect();
        assert!(told(&rubbish).contains("не таблица"), "{}", told(&rubbish));
        // koi8-r read as Windows-1251 is letters all the same: the heads are not understood, and the page shows it
        assert!(told(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").contains("не таблица"));
        assert!(told(b"").contains("пустой"));
        assert!(told(b" ; ; \r\n").contains("пустой"));
        assert!(told("ФИО;Класс;Дата рождения".as_bytes()).contains("ни одной строки"));
        assert!(told(&[0xd0, 0xcf, 0x11, 0xe0, 0, 0]).contains("xlsx"));
        assert!(told(&vec![b'a'; LARGEST_FILE + 1]).contains("5 МБ"));
        let long = format!("ФИО;Класс\n{}", "Котов Пётр;7А\n".repeat(MOST_ROWS + 1));
        assert!(
            told(long.as_bytes()).contains("5000"),
            "{}",
            told(long.as_bytes())
        );
        let wide = format!("ФИО;Класс{}\nКотов", ";x".repeat(MOST_COLUMNS));
        assert!(told(wide.as_bytes()).contains("60"));
    }

    #[test]
    fn a_file_in_the_wrong_encoding_is_shown_not_guessed() {
        let koi: Vec<u8> = encoding_rs::KOI8_R.encode(TEXT).0.into_owned();
        let table = read(Lang::Ru, &koi).unwrap();
        assert!(!columns::missing(&columns::recognise(&table.headers)).is_empty());
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_table_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            if let Ok(table) = read(Lang::Ru, &bytes) {
                prop_assert!(table.rows.iter().all(|(_, cells)| cells.len() == table.headers.len()));
            }
        }

        #[test]
        fn a_table_reads_back(rows in proptest::collection::vec(proptest::collection::vec("[а-яА-Яa-z0-9 ;,\"\n]{1,12}", 3), 1..8)) {
            prop_assume!(rows.iter().all(|r| r.iter().any(|c| !c.trim().is_empty())));
            let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(vec![]);
            writer.write_record(["Фамилия", "Имя", "Класс"]).unwrap();
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let bytes = writer.into_inner().unwrap();
            // a file whose cells are full of commas may be read with the other separator; then its heads are one
            let table = read(Lang::Ru, &bytes).unwrap();
            if table.headers.len() == 3 {
                let cells: Vec<_> = table.rows.into_iter().map(|r| r.1).collect();
                prop_assert_eq!(cells, rows);
            }
        }
    }
}
