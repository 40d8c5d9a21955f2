//! What a file seems to be that is none of the three sorts: by its first bytes, in plain words.

use super::language::told;

/// The first bytes of a sort, and what it is called in English and in Russian.
type Sign = (&'static [u8], &'static str, &'static str);

const SIGNS: [Sign; 25] = [
    (b"\x89PNG", "a picture (PNG)", "картинка (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)", "картинка (JPEG)"),
    (b"GIF8", "a picture (GIF)", "картинка (GIF)"),
    (b"II*\0", "a picture (TIFF)", "картинка (TIFF)"),
    (b"MM\0*", "a picture (TIFF)", "картинка (TIFF)"),
    (b"%PDF", "a PDF document", "документ PDF"),
    (b"{\\rtf", "a text document (RTF)", "текстовый документ (RTF)"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "a document of an old Word or Excel (.doc, .xls)",
        "документ старого Word или Excel (.doc, .xls)",
    ),
    (b"PK\x05\x06", "an empty archive (ZIP)", "пустой архив (ZIP)"),
    (b"Rar!\x1a\x07", "an archive (RAR)", "архив (RAR)"),
    (b"7z\xbc\xaf\x27\x1c", "an archive (7z)", "архив (7z)"),
    (
        b"\x1f\x8b",
        "a file compressed by gzip (.gz), and only .xz is read so",
        "файл, сжатый gzip (.gz), а сжатым читается только .xz",
    ),
    (
        b"BZh",
        "a file compressed by bzip2 (.bz2), and only .xz is read so",
        "файл, сжатый bzip2 (.bz2), а сжатым читается только .xz",
    ),
    (
        b"\x28\xb5\x2f\xfd",
        "a file compressed by zstd (.zst), and only .xz is read so",
        "файл, сжатый zstd (.zst), а сжатым читается только .xz",
    ),
    (
        b"\xfd7zXZ\0",
        "a file that is compressed twice",
        "файл, сжатый дважды",
    ),
    (
        b"SQLite format 3\0",
        "a database (SQLite)",
        "база данных (SQLite)",
    ),
    (b"\x7fELF", "a program", "программа"),
    (b"ID3", "a sound (MP3)", "звук (MP3)"),
    (b"OggS", "a sound or a film (Ogg)", "звук или видео (Ogg)"),
    (b"\0\0\x01\0", "a picture (ICO)", "картинка (ICO)"),
    (b"8BPS", "a picture (Photoshop)", "картинка (Photoshop)"),
    (b"wOFF", "a font", "шрифт"),
    (b"wOF2", "a font", "шрифт"),
    (
        b"BEGIN:VCALENDAR",
        "a calendar (iCalendar)",
        "календарь (iCalendar)",
    ),
    (b"<?php", "a page of PHP", "страница PHP"),
];

/// What a ZIP archive is by the names in it.
const INSIDE: [Sign; 6] = [
    (b"word/", "a Word document (.docx)", "документ Word (.docx)"),
    (b"xl/", "an Excel table (.xlsx)", "таблица Excel (.xlsx)"),
    (
        b"ppt/",
        "a PowerPoint presentation (.pptx)",
        "презентация PowerPoint (.pptx)",
    ),
    (
        b"opendocument.text",
        "a text of LibreOffice (.odt)",
        "документ LibreOffice (.odt)",
    ),
    (
        b"opendocument.spreadsheet",
        "a table of LibreOffice (.ods)",
        "таблица LibreOffice (.ods)",
    ),
    (b"epub+zip", "a book (EPUB)", "книга (EPUB)"),
];

/// XML that is something else, by its first element.
const ROOTS: [(&str, &str, &str); 4] = [
    ("html", "a web page (HTML)", "веб-страница (HTML)"),
    ("svg", "a picture (SVG)", "картинка (SVG)"),
    ("rss", "a news feed (RSS)", "лента новостей (RSS)"),
    ("plist", "settings of macOS", "настройки macOS"),
];

/// Lines of a text that are looked at to see whether it is a table.
const LINES: usize = 5;

/// What the file seems to be, in the language of this run; `None` if it is not known.
pub fn seems(bytes: &[u8], root: &str) -> Option<String> {
    let named = |(_, english, russian): &Sign| told(*english, *russian).to_owned();
    let first = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if first.starts_with(b"PK\x03\x04") {
        let has = |name: &[u8]| first.windows(name.len()).any(|w| w == name);
        let found = INSIDE.iter().find(|sign| has(sign.0));
        return Some(found.map_or_else(|| told("an archive (ZIP)", "архив (ZIP)").to_owned(), named));
    }
    if let Some(sign) = SIGNS.iter().find(|sign| first.starts_with(sign.0)) {
        return Some(named(sign));
    }
    // behind a length that may be anything
    if first.get(..4) == Some(b"RIFF") && first.get(8..12) == Some(b"WEBP") {
        return Some(told("a picture (WebP)", "картинка (WebP)").to_owned());
    }
    if first.get(4..8) == Some(b"ftyp") {
        return Some(
            told(
                "a film or a picture of a telephone",
                "видео или снимок с телефона",
            )
            .to_owned(),
        );
    }
    if first.get(257..262) == Some(b"ustar") {
        return Some(told("an archive (tar)", "архив (tar)").to_owned());
    }
    // two letters that a text may begin with, too
    let binary = first.contains(&0);
    if binary && first.starts_with(b"BM") {
        return Some(told("a picture (BMP)", "картинка (BMP)").to_owned());
    }
    if binary && first.starts_with(b"MZ") {
        return Some(told("a program for Windows", "программа для Windows").to_owned());
    }
    if let Some((_, english, russian)) = ROOTS.iter().find(|known| known.0 == root) {
        return Some(told(*english, *russian).to_owned());
    }
    if !root.is_empty() {
        return None;
    }
    if binary {
        return Some(told("no text at all", "вообще не текст").to_owned());
    }
    let text = String::from_utf8_lossy(&first[..first.len().min(1 << 16)]).into_owned();
    if matches!(text.trim_start().chars().next(), Some('{' | '[')) {
        return Some("JSON".to_owned());
    }
    let is_table = [';', '\t', ','].iter().any(|mark| {
        let mut counts = text
            .lines()
            .filter(|line| !line.trim().is_empty())
            .take(LINES)
            .map(|line| line.matches(*mark).count());
        match (counts.next(), counts.next()) {
            // one line may be a sentence
            (Some(first), Some(second)) if first > 0 => first == second && counts.all(|n| n == first),
            _ => false,
        }
    });
    Some(match is_table {
        true => told("a table (CSV)", "таблица (CSV)").to_owned(),
        false => told("plain text", "простой текст").to_owned(),
    })
}
